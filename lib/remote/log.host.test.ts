import { afterAll, beforeAll, expect, test } from "vitest";
import { type HostUnderTest, hostUnderTest } from "./host-under-test";
import { type FollowEvent, followLog, type LogRead, listLogs, readLogs } from "./log-verbs";

let host: HostUnderTest;
const path = "/var/log/made.log";
beforeAll(async () => {
  host = await hostUnderTest("--name", "logs");
});
afterAll(() => host?.stop());

const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `line ${from + n}\n`).join("");
const until = async (done: () => boolean) => {
  for (let tries = 0; !done(); tries++) {
    if (tries > 300) throw new Error("it did not come");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

test.each(["gz", "bz2", "xz", "zst"])("a .%s rotation has the head and the bytes of its text", async (ext) => {
  const tool = { gz: "gzip", bz2: "bzip2", xz: "xz", zst: "zstd" }[ext];
  host.exec(
    `rm -f ${path}*; seq -f 'line %.0f' 1 300000 > ${path}; cp ${path} ${path}.1; ${tool} -c ${path} > ${path}.2.${ext}`,
  );
  const [now, first, second] = await listLogs(host.conn, path);
  if (!now || !first || !second) throw new Error("three files were expected");
  expect(second).toMatchObject({
    path: `${path}.2.${ext}`,
    compression: ext,
    headBytes: 256,
    head: now.head,
    readable: true,
  });
  const text = host.exec(`cat ${path}`);
  for (const file of [first, second]) {
    const parts: Buffer[] = [];
    const reads: LogRead[] = [];
    const handler = {
      data: (bytes: Buffer) => void parts.push(Buffer.from(bytes)),
      file: (read: LogRead) => void reads.push(read),
    };
    await readLogs(
      host.conn,
      [
        { path: file.path, inode: file.inode, offset: 1000, length: 50 },
        { path: file.path, inode: file.inode, offset: 1050, length: 0 },
        { path: file.path, inode: "1", offset: 0, length: 0 },
        { path: `${path}.9`, inode: "1", offset: 0, length: 0 },
      ],
      handler,
    );
    expect(Buffer.concat(parts).toString() === text.slice(1000)).toBe(true);
    expect(reads.map((read) => read.state)).toEqual(["ok", "ok", "changed", "gone"]);
    expect(reads[1]?.bytes).toBe(text.length - 1050);
  }
});

test("following a file that is renamed: its last lines too, then the new file's name is free to follow", async () => {
  host.exec(`rm -f ${path}*; printf '${lines(0, 3)}' > ${path}`);
  const inode = host.exec(`stat -c %i ${path}`).trim();
  let text = "";
  const events: FollowEvent[] = [];
  const followed = followLog(
    host.conn,
    { path, inode, offset: 7 },
    {
      data: (bytes) => {
        text += bytes;
      },
      event: (event) => void events.push(event),
    },
  );
  await until(() => text === lines(1, 3));
  host.exec(`printf '${lines(3, 5)}' >> ${path}`);
  await until(() => text === lines(1, 5));
  host.exec(`mv ${path} ${path}.1; printf '${lines(7, 8)}' > ${path}; printf '${lines(5, 7)}' >> ${path}.1`);
  await followed;
  expect(text).toBe(lines(1, 7));
  expect(events.map((event) => event.event)).toEqual(["renamed", "end"]);
  expect(events[0]?.inode).toBe(host.exec(`stat -c %i ${path}`).trim());
  expect(events[1]?.position).toBe(lines(0, 7).length);
});

test("following a file that is truncated ends, with the place", async () => {
  host.exec(`rm -f ${path}*; printf '${lines(0, 3)}' > ${path}`);
  const inode = host.exec(`stat -c %i ${path}`).trim();
  const events: FollowEvent[] = [];
  let seen = 0;
  const followed = followLog(
    host.conn,
    { path, inode, offset: 0 },
    {
      data: (bytes) => {
        seen += bytes.length;
      },
      event: (event) => void events.push(event),
    },
  );
  await until(() => seen === lines(0, 3).length);
  host.exec(`: > ${path}`);
  await followed;
  expect(events).toEqual([{ event: "truncated", position: lines(0, 3).length, inode }]);
});

test("an ended call leaves no process on the host", async () => {
  const stop = new AbortController();
  const inode = host.exec(`stat -c %i ${path}`).trim();
  const followed = followLog(
    host.conn,
    { path, inode, offset: 0 },
    { data: () => {}, event: () => {} },
    { signal: stop.signal },
  );
  const running = () => host.exec("ps -eo args | grep -c '[s]luice log-follow' || :").trim() !== "0";
  await until(running);
  stop.abort();
  await expect(followed).rejects.toMatchObject({ detail: "aborted" });
  await until(() => !running());
});

test("what is no log is not read, by its own path or by a link, unless the host says that it is one", async () => {
  host.exec("mkdir -p /root/x; echo secret > /root/x/key; ln -sf /root/x/key /var/log/link.log");
  const inode = host.exec("stat -c %i /root/x/key").trim();
  const read = async (path: string) => {
    const parts: Buffer[] = [];
    const reads: LogRead[] = [];
    const handler = {
      data: (bytes: Buffer) => void parts.push(Buffer.from(bytes)),
      file: (one: LogRead) => void reads.push(one),
    };
    await readLogs(host.conn, [{ path, inode, offset: 0, length: 0 }], handler);
    return [reads[0]?.state, Buffer.concat(parts).toString()];
  };
  for (const path of ["/root/x/key", "/var/log/link.log"]) {
    expect(await listLogs(host.conn, path)).toEqual([]);
    expect(await read(path)).toEqual(["unreadable", ""]);
  }
  host.exec("mkdir -p /etc/sluice; echo /root/x/key >> /etc/sluice/logs");
  expect(await read("/root/x/key")).toEqual(["ok", "secret\n"]);
  host.exec("rm -r /etc/sluice/logs /root/x /var/log/link.log");
});
