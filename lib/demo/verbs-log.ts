import type { DemoHost } from "./demo-host";
import { logBase, sha256 } from "./demo-log";
import { type Answer, Refusal, type Request } from "./request";
import type { Verb } from "./verbs-read";

/** `demo` is the device that the files of each host are said to be on. */
const dev = 65_024;

export const logList: Verb = (host, { items }, answer) => {
  // Only the one log is here: another path asked for has no files, as on a host.
  const bases = items.length > 0 ? [...new Set(items.map(({ path }) => path))] : [logBase];
  if (!bases.includes(logBase)) return;
  for (const { path, inode, size, mtime, head } of host.log.files())
    answer.row(logBase, path, dev, inode, size, Math.floor(mtime / 1000), "none", head.length, sha256(head), 1);
};

const frameMost = 1024 * 1024;
export const logRead: Verb = (host, { items }, answer) => {
  for (const { path = "", inode = "", offset = "0", length = "0" } of items) {
    const file = host.log.byInode(Number(inode));
    const there = host.log.files().find((one) => one.path === path);
    if (!there) answer.row(path, "gone", 0);
    else if (!file || file.path !== path) answer.row(path, "changed", 0);
    else {
      const from = Number(offset);
      const bytes = from >= file.size ? Buffer.alloc(0) : file.read(from, Number(length));
      answer.frame(bytes.subarray(0, frameMost));
      for (let at = frameMost; at < bytes.length; at += frameMost) answer.frame(bytes.subarray(at, at + frameMost));
      answer.row(path, "ok", bytes.length);
    }
  }
};

/** Bytes as they come until the client goes (`signal`), or the file was rotated away and quiet. */
export async function logFollow(
  host: DemoHost,
  { params }: Request,
  answer: Answer,
  signal: AbortSignal,
): Promise<void> {
  const inode = Number(params.inode);
  let position = Number(params.offset);
  if (!host.log.files().some(({ path }) => path === params.path)) throw new Refusal(66, "there is no such log file");
  if (host.log.byInode(inode)?.path !== params.path) throw new Refusal(66, "another file stands at the log's path");
  const start = host.log.byInode(inode);
  if (start && start.size < position) return answer.row("truncated", position, inode);
  await new Promise<void>((resolve) => {
    let quiet = Date.now();
    const more = () => {
      const file = host.log.byInode(inode);
      if (file && file.size > position) {
        const bytes = file.read(position, 0);
        position += bytes.length;
        answer.frame(bytes);
        quiet = Date.now();
      }
      if (file?.path !== params.path) {
        // Whole lines are written at once, so that nothing more can come for a file that was renamed.
        answer.row("renamed", position, host.log.currentInode);
        answer.row("end", position, host.log.currentInode);
        answer.flush();
        done();
      }
    };
    const silence = host.log.onFlush(more);
    const beat = setInterval(() => {
      if (Date.now() - quiet >= 4000) answer.beat();
    }, 4000);
    const done = () => {
      silence();
      clearInterval(beat);
      resolve();
    };
    signal.addEventListener("abort", done, { once: true });
    more();
  });
}

/** There is no journal here; following one shows that the connection lives and nothing else. */
export function journalFollow(answer: Answer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const beat = setInterval(() => answer.beat(), 4000);
    signal.addEventListener("abort", () => {
      clearInterval(beat);
      resolve();
    });
  });
}
