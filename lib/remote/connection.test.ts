import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HostConnection } from "./connection";
import { openSsh, type SshChannel, type SshSession } from "./ssh";

vi.mock("./ssh");
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const target = { address: "mx", port: 22, user: "root", privateKey: "", hostKey: "ssh-ed25519 AA", lockedDown: false };
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "ok",
    (error: { code: string }) => error.code,
  );
function session(exec: () => Promise<SshChannel>) {
  const closed: (() => void)[] = [];
  const made = { exec, onClose: (listener: () => void) => void closed.push(listener), end: vi.fn() };
  made.end.mockImplementation(() => {
    for (const listener of closed.splice(0)) listener();
  });
  return made satisfies SshSession;
}
const never = () => new Promise<never>(() => {});

test("a host that opens no channel is left, and the slot is free for the next call", async () => {
  const mute = session(never);
  vi.mocked(openSsh).mockResolvedValue(mute);
  const conn = new HostConnection(target);
  const calls = Array.from({ length: 8 }, () => codeOf(conn.call("counts", {})));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await Promise.all(calls)).toEqual(Array(8).fill("host_timeout"));
  expect(mute.end).toHaveBeenCalled();
});

test("a host that ends each connection after the login is logged in to once a second at most", async () => {
  const closing = session(() => Promise.reject(new Error("closed")));
  closing.exec = async () => {
    closing.end();
    throw new Error("closed");
  };
  vi.mocked(openSsh).mockReset().mockResolvedValue(closing);
  const conn = new HostConnection(target);
  const until = Date.now() + 5000;
  const again = async () => {
    while (Date.now() < until) await conn.call("counts", {}).catch(() => {});
  };
  const done = again();
  await vi.advanceTimersByTimeAsync(7000);
  await done;
  expect(vi.mocked(openSsh).mock.calls.length).toBeLessThanOrEqual(6);
});

test("a host that is removed while it is connected to is left", async () => {
  const late = session(never);
  let come = (_: SshSession) => {};
  vi.mocked(openSsh).mockReturnValue(
    new Promise((resolve) => {
      come = resolve;
    }),
  );
  const conn = new HostConnection(target);
  const call = codeOf(conn.call("counts", {}));
  await vi.advanceTimersByTimeAsync(0);
  conn.end();
  come(late);
  expect(await call).toBe("host_unreachable");
  expect(late.end).toHaveBeenCalled();
});
