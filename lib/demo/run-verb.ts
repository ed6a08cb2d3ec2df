import type { VerbName } from "../remote/verbs";
import type { DemoHost } from "./demo-host";
import { Answer, isVerb, Refusal, readRequest } from "./request";
import * as act from "./verbs-act";
import { journalFollow, logFollow, logList, logRead } from "./verbs-log";
import * as read from "./verbs-read";

const nothing: read.Verb = () => {};
/** Every verb of the closed table; the two that follow are run apart. */
const table: Record<Exclude<VerbName, "log-follow" | "journal-follow">, read.Verb> = {
  probe: read.probe,
  counts: read.counts,
  list: read.list,
  envelopes: read.envelopes,
  look: read.look,
  message: read.message,
  subjects: read.subjects,
  locks: read.locks,
  "log-list": logList,
  "log-read": logRead,
  "journal-read": nothing,
  services: read.services,
  archives: read.archives,
  "archive-read": read.archiveRead,
  "access-look": read.accessLook,
  "access-list": read.accessList,
  brakes: read.brakes,
  hold: act.hold,
  release: act.release,
  requeue: act.requeue,
  flush: act.flush,
  keep: act.keep,
  unkeep: act.unkeep,
  drop: act.drop,
  restore: act.restore,
  "archive-delete": act.archiveDelete,
  "access-setup": act.accessSetup,
  "access-set": act.accessSet,
  "end-sessions": act.endSessions,
  kick: act.kick,
  "mailbox-command": act.mailboxCommand,
  service: act.service,
  brake: act.brake,
};

/**
 * The verb in a command: the locked-down form `sluice VERB`, or the travelling script `sh -c '…' sluice VERB`, with sudo
 * or not. Everything else is refused: there is no shell here.
 */
export function verbIn(command: string): string | null {
  const found = /^(?:sluice|(?:exec )?(?:sudo -n )?sh -c '[\s\S]*' sluice) ([a-z-]+)$/.exec(command);
  return found?.[1] ?? null;
}

/** Runs a verb on the host in memory. Answers the exit code; `signal` ends what follows without end. */
export async function runVerb(
  host: DemoHost,
  command: string,
  stdin: Buffer,
  send: (bytes: Buffer | string) => void,
  signal: AbortSignal,
): Promise<number> {
  const answer = new Answer(send);
  const verb = verbIn(command);
  const now = Date.now();
  try {
    if (verb === null) throw new Refusal(64, "only Sluice's verbs are taken here");
    if (!isVerb(verb)) throw new Refusal(64, "no such verb");
    const request = readRequest(verb, stdin);
    host.agenda.playUntil(now);
    if (verb === "log-follow") await logFollow(host, request, answer, signal);
    else if (verb === "journal-follow") await journalFollow(answer, signal);
    else table[verb](host, request, answer, now);
    host.log.flush();
    answer.close(0);
    return 0;
  } catch (error) {
    const exit = error instanceof Refusal ? error.exit : 70;
    answer.close(exit, error instanceof Error ? error.message : String(error));
    return exit;
  }
}
