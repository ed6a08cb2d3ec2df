import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MailHost, startMailHost } from "../../e2e/mailhost/host";
import { attack } from "../../e2e/mailhost/traffic";
import { HostConnection } from "../remote/connection";
import { commandFor } from "../remote/host-script";
import { openSsh, type SshSession } from "../remote/ssh";
import { type VerbName, verbs } from "../remote/verbs";
import { unescapeField } from "../remote/wire";
import { type DemoHosts, startDemoHosts } from "./main";
import { stolenAccount } from "./places";

/** The real mail host and the demo's, asked the very same; what differs here is drift. */
type Side = { name: string; session: SshSession; lockedDown: boolean; account: string; id: string; other: string };
type Said = { exit: number; message: string; rows: string[][]; frames: number; lines: number };

let folder: string;
let demo: DemoHosts;
let real: MailHost;
const sides: Side[] = [];
let realSide: Side;

/** A request as it should be, unless `stdin` says otherwise. */
const framed = (lines: string[]) => {
  const body = lines.map((line) => `${line}\n`).join("");
  return `sluice1 ${lines.length} ${createHash("sha256").update(body).digest("hex")}\n${body}`;
};

async function ask(side: Side, verb: string, stdin: string): Promise<Said> {
  const command = commandFor(verb as VerbName, { user: "root", lockedDown: side.lockedDown });
  const channel = await side.session.exec(command);
  channel.stderr.on("data", () => {});
  const parts: Buffer[] = [];
  channel.stdout.on("data", (part: Buffer) => void parts.push(part));
  channel.stdin.end(stdin);
  await channel.closed;
  return readAnswer(Buffer.concat(parts));
}

function readAnswer(bytes: Buffer): Said {
  const said: Said = { exit: -1, message: "", rows: [], frames: 0, lines: 0 };
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf("\n", at);
    const [kind, ...fields] = bytes.toString("utf8", at, end).split("\t");
    at = end + 1;
    if (kind === "d") {
      said.frames++;
      at += Number(fields[0]) + 1;
    } else if (kind === "r") said.rows.push(fields.map(unescapeField));
    else if (kind === "j") said.lines++;
    else if (kind === "e") Object.assign(said, { exit: Number(fields[0]), message: unescapeField(fields[2] ?? "") });
  }
  return said;
}

const bothSay = async (verb: string, lines: (side: Side) => string[]) => {
  const [one, other] = await Promise.all(sides.map((side) => ask(side, verb, framed(lines(side)))));
  if (!one || !other) throw new Error("two sides are needed");
  return [one, other] as const;
};
const bothSayRaw = async (verb: string, stdin: string) => {
  const [one, other] = await Promise.all(sides.map((side) => ask(side, verb, stdin)));
  if (!one || !other) throw new Error("two sides are needed");
  return [one, other] as const;
};

async function messagesOf(connection: HostConnection, account: string): Promise<string[]> {
  const ids: string[] = [];
  await connection.stream("list", { instance: "" }, [], {
    json: (_, text) => {
      const { queue_id, queue_name } = JSON.parse(text);
      if (queue_name === "deferred") ids.push(queue_id);
    },
  });
  const items = ids.slice(-300).map((id) => ({ instance: "postfix", id }));
  const { rows } = await connection.call("envelopes", {}, items);
  // The newest first: their next attempt is minutes away, so that they stay where they are while the suite runs.
  return rows
    .filter((row) => row.account === account)
    .map(({ id }) => id)
    .reverse();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sluice-contract-"));
  real = await startMailHost({ name: "mx1", relay: "closed" });
  demo = await startDemoHosts(folder);
  await attack(real, { account: "stolen@example.com", messages: 4 });
  const entry = demo.hosts[0];
  if (!entry) throw new Error("no demo host");
  const targets = [
    {
      name: "real",
      address: "127.0.0.1",
      port: real.sshPort,
      user: "root",
      hostKey: real.hostKey,
      key: real.clientKeyPath,
      lockedDown: false,
      account: "stolen@example.com",
    },
    { ...entry, name: "demo", key: entry.privateKey, account: stolenAccount },
  ];
  for (const { key, name, account, lockedDown, ...target } of targets) {
    const login = { ...target, privateKey: readFileSync(key, "utf8") };
    const connection = new HostConnection({ ...login, lockedDown });
    let ids: string[] = [];
    while (ids.length < 2) ids = await messagesOf(connection, account);
    connection.end();
    sides.push({ name, session: await openSsh(login), lockedDown, account, id: ids[0] ?? "", other: ids[1] ?? "" });
  }
  realSide = sides[0] as Side;
}, 120_000);
afterAll(async () => {
  for (const side of sides) side.session.end();
  await demo?.stop();
  await real?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const none = "postfix\t99999AAAAA";
const oneOf = (side: Side) => [`postfix\t${side.id}`];

describe("refusals", () => {
  const wellFormed: Record<string, string[]> = {
    list: ["%"],
    message: [none],
    "log-follow": ["/var/log/none\t1\t0"],
    "journal-read": ["%\t0\t5"],
    "journal-follow": ["%"],
    "archive-read": ["a0\teml"],
    "access-list": ["%"],
    keep: ["a0\tpurge"],
    unkeep: ["a0"],
    drop: ["a0"],
    restore: ["a0"],
    "archive-delete": ["a0"],
    "access-setup": ["preview"],
    "access-set": ["%"],
    "mailbox-command": ["x@example.com"],
    service: ["nothing\tstart"],
    brake: ["stop-out\toff"],
  };
  const all = Object.keys(verbs) as VerbName[];
  const finite = all.filter((verb) => verb !== "journal-follow");

  test.each(all)("%s refuses what is cut, changed, of another version or not of its grammar", async (verb) => {
    const good = framed(wellFormed[verb] ?? []);
    const bad = [
      "",
      "x\n",
      "sluice2 0 0\n",
      good.replace("sluice1 ", "sluice1 1"),
      good.replace(/[0-9a-f]{64}/, "0".repeat(64)),
      framed([...(wellFormed[verb] ?? []), "a\tb\tc\td\te\tf"]),
      framed([...(wellFormed[verb] ?? []), "postfix\t$(id)"]),
      framed(["%0A%00"]),
    ];
    // One after another: sshd allows ten sessions a connection, and those just ended still count for a moment.
    const answers: (readonly [Said, Said])[] = [];
    for (const stdin of bad) answers.push(await bothSayRaw(verb, stdin));
    expect(answers.map(([, other]) => other.exit)).toEqual(answers.map(([one]) => one.exit));
    for (const [one, other] of answers) if (one.exit === 65) expect(other.rows).toEqual([]);
  });

  test.each(finite)(
    "%s answers a well-formed request with the same exit and the same number of fields",
    async (verb) => {
      const [one, other] = await bothSay(verb, () => wellFormed[verb] ?? []);
      expect([other.exit, other.message]).toEqual([one.exit, one.message]);
      const widths = (said: Said) => [...new Set(said.rows.map((row) => row.length))];
      if (one.rows.length > 0 && other.rows.length > 0) expect(widths(other)).toEqual(widths(one));
    },
  );

  test("journal-follow goes on, with a sign of life, until the client goes", async () => {
    const first = sides.map(async (side) => {
      const channel = await side.session.exec(
        commandFor("journal-follow", { user: "root", lockedDown: side.lockedDown }),
      );
      channel.stdin.end(framed(wellFormed["journal-follow"] ?? []));
      const said = await new Promise<string>((resolve) => {
        channel.stdout.once("data", (bytes: Buffer) => resolve(bytes.toString()));
        channel.stderr.on("data", () => {});
      });
      channel.close();
      return said;
    });
    expect(await Promise.all(first)).toEqual(["h\n", "h\n"]);
  });

  test.each([";id", "`id`", "$(id)", "../x", "a b", "-r", "ALL", "-", "%00", "%0Apostfix", "*", "ABCDE\\n"])(
    "the id %s is refused by every verb that takes ids",
    async (id) => {
      const takers = ["look", "hold", "release", "requeue", "envelopes", "subjects"];
      const exits = takers.map(async (verb) => (await bothSay(verb, () => [`postfix\t${id}`])).map(({ exit }) => exit));
      expect(await Promise.all(exits)).toEqual(takers.map(() => [65, 65]));
    },
  );

  test("an instance that is not there", async () => {
    const [one, other] = await bothSay("hold", () => ["other\tABCDEF01"]);
    expect([other.exit, other.message]).toEqual([one.exit, one.message]);
    expect(one.exit).toBe(65);
  });
});

describe("effects", () => {
  /** The same step on both; the named columns must agree. */
  const step = async (verb: VerbName, lines: (side: Side) => string[], columns: string[]) => {
    const [one, other] = await bothSay(verb, lines);
    const names: readonly string[] = verbs[verb].row;
    const read = (said: Said) => said.rows.map((row) => columns.map((name) => row[names.indexOf(name)]));
    expect([verb, other.exit, read(other)]).toEqual([verb, one.exit, read(one)]);
    return { real: one, demo: other, seen: read(one) };
  };

  test("probe has the same keys", async () => {
    const [one, other] = await bothSay("probe", () => []);
    const keys = (said: Said) => [...new Set(said.rows.map(([key, instance]) => `${key} ${instance}`))].sort();
    expect(keys(other)).toEqual(keys(one));
  });

  test("counts, services and the log's list name the same things", async () => {
    await step("counts", () => [], ["instance", "queue"]);
    await step("services", () => [], ["service", "running"]);
    await step("log-list", () => [], ["base", "path", "compression", "headBytes", "readable"]);
  });

  test("hold, keep, drop, restore and release of a message", async () => {
    expect((await step("hold", oneOf, ["outcome", "queue"])).seen).toEqual([["held", "hold"]]);
    expect((await step("hold", oneOf, ["outcome", "queue"])).seen).toEqual([["already", "hold"]]);
    await step("hold", () => [none], ["outcome", "queue"]);
    await step("look", oneOf, ["queue", "locked"]);
    await step("subjects", oneOf, ["found"]);
    await step("message", (side) => oneOf(side), ["queue"]);
    const kept = await step("keep", (side) => ["a1\tpurge", ...oneOf(side), none], ["outcome", "locked"]);
    const widths = (said: Said) => said.rows.map((row) => row.length);
    expect(widths(kept.demo)).toEqual(widths(kept.real));
    const file = (side: Side) => {
      const row = (side === realSide ? kept.real : kept.demo).rows[0] ?? [];
      return { inode: row[3], sha256: row[4] };
    };
    const item = (side: Side, hash = file(side).sha256) => `postfix\t${side.id}\t${file(side).inode}\t${hash}`;
    expect((await step("drop", (side) => ["a1", item(side, "0".repeat(64))], ["outcome"])).seen).toEqual([["changed"]]);
    expect((await step("drop", (side) => ["a2", item(side)], ["outcome"])).seen).toEqual([["unkept"]]);
    expect((await step("drop", (side) => ["a1", item(side)], ["outcome"])).seen).toEqual([["dropped"]]);
    expect((await step("drop", (side) => ["a1", item(side)], ["outcome"])).seen).toEqual([["dropped"]]);
    await step("archives", () => [], ["action", "kind", "messages"]);
    await step("unkeep", (side) => ["a1", ...oneOf(side)], ["outcome"]);
    const back = (side: Side, hash = file(side).sha256) => ["a1", `postfix\t${side.id}\t${hash}`];
    expect((await step("restore", (side) => back(side, "0".repeat(64)), ["outcome"])).seen).toEqual([["damaged"]]);
    expect((await step("restore", (side) => back(side), ["outcome"])).seen).toEqual([["restored"]]);
    await step("restore", (side) => back(side), ["outcome"]);
    await step("look", oneOf, ["queue"]);
    await step("archive-delete", () => ["a1"], ["messages", "bytes"]);
    await step("release", oneOf, ["outcome"]);
    await step("release", () => [none], ["outcome", "queue"]);
  });

  test("requeue takes the message from its id", async () => {
    await step("hold", (side) => [`postfix\t${side.other}`], ["outcome"]);
    // pickup is asked to look, so that it has its new id at once.
    const asked = await step("requeue", (side) => [`postfix\t${side.other}`], ["outcome", "queue"]);
    expect(asked.seen).toEqual([["requeued", ""]]);
    for (const said of [asked.real, asked.demo]) expect(said.rows[0]?.[4]).toMatch(/^[0-9A-F]{6,}$/);
  });

  test("the access table", async () => {
    await Promise.all(sides.map((side) => ask(side, "access-setup", framed(["undo"]))));
    const shown = await step("access-setup", () => ["preview"], ["command"]);
    expect(shown.seen.length).toBeGreaterThan(2);
    await Promise.all(sides.map((side) => ask(side, "access-setup", framed(["apply"]))));
    await step("access-look", () => [], ["service", "logins", "asks", "mapType", "ready"]);
    expect(
      (await step("access-set", () => ["%", "Ann@example.com\tREJECT"], ["account", "outcome", "mapType"])).seen,
    ).toEqual([["Ann@example.com", "set", "lmdb"]]);
    await step("access-set", () => ["%", "ann@example.com\tREJECT"], ["account", "outcome"]);
    await step("access-set", () => ["%", "*\tREJECT"], ["account", "outcome"]);
    await step("access-list", () => ["%"], ["account", "verdict"]);
    await step("access-set", () => ["%", "ann@example.com\t-", "*\t-"], ["account", "outcome"]);
    await step("access-list", () => ["%"], ["account", "verdict"]);
    for (const account of ["#x", "%20a", "a%0Ab", "-x", "%"])
      await step("access-set", () => ["%", `${account}\tREJECT`], ["outcome"]);
    await step("kick", () => ["a*"], ["outcome"]);
  });

  test("brakes", async () => {
    for (const brake of ["stop-out", "hold-queue"]) {
      expect((await step("brake", () => [`${brake}\ton`], ["outcome"])).seen).toEqual([["on"]]);
      await step("brake", () => [`${brake}\ton`], ["outcome"]);
      await step("brakes", () => [], ["brake"]);
      const [one, other] = await bothSay("brake", () => [`${brake}\toff`]);
      expect([other.exit, other.rows[0]?.[1]]).toEqual([one.exit, one.rows[0]?.[1]]);
      const again = await bothSay("brake", () => [`${brake}\toff`]);
      expect(again.map(({ rows }) => rows[0]?.[1])).toEqual(["already", "already"]);
      // Asked again within ten minutes, hold-queue names once more what it held.
      expect(again.map(({ rows }) => rows.length > 1)).toEqual(Array(2).fill(brake === "hold-queue"));
    }
  });

  test("services", async () => {
    await step("service", () => ["postfix\tstop"], ["service", "running"]);
    await step("services", () => [], ["service", "running"]);
    await step("service", () => ["postfix\tstart"], ["service", "running"]);
  });
});
