import { type Chance, chance } from "../core/judge/labelled/random";
import { Agenda } from "./agenda";
import { DemoLog } from "./demo-log";
import { type DemoMessage, logTime } from "./demo-message";

export type Brake = "hold-queue" | "stop-in" | "stop-out";
export type DemoArchive = {
  kind: string;
  made: number;
  items: Map<string, DemoMessage>;
  restored: Set<string>;
  dropped: Set<string>;
};

/** A mail host in memory: what stands on its disk and which of its programs run. What happens on it is in world.ts. */
export class DemoHost {
  readonly agenda = new Agenda();
  readonly log = new DemoLog();
  readonly chance: Chance;
  readonly queue = new Map<string, DemoMessage>();
  readonly archives = new Map<string, DemoArchive>();
  /** SASL login, and what it gets. */
  readonly access = new Map<string, string>();
  accessReady = true;
  readonly brakes = new Map<Brake, { since: number; heldBefore: Set<string> }>();
  /** Of the hold-queue brake that was taken off last: when, and what had been on hold before it. */
  lastHold: { at: number; heldBefore: Set<string> } | null = null;
  /** From then on the partner's server does not answer, ms. */
  partnerAwaySince = Number.POSITIVE_INFINITY;
  /** Lines that postsuper has written about single messages. */
  superSaid = 0;
  readonly running = { postfix: true, dovecot: true };
  readonly smtpd: number[];
  readonly hostname: string;
  private nextInode = 2_154_627;

  constructor(
    readonly name: string,
    seed: number,
  ) {
    this.chance = chance(seed);
    this.hostname = `${name}.example.com`;
    this.smtpd = Array.from({ length: 12 }, (_, n) => 3100 + n * 7);
  }

  /** A line of a Postfix program. */
  say(at: number, program: string, pid: number, text: string): void {
    this.log.append(`${logTime(at)} ${this.name} postfix/${program}[${pid}]: ${text}`, at);
  }
  sayDovecot(at: number, text: string): void {
    this.log.append(`${logTime(at)} ${this.name} dovecot: ${text}`, at);
  }
  /** A queue id of the short form: microseconds in five hex digits, then the inode. A kept inode is not used again. */
  newFile(at: number): { id: string; inode: number } {
    const inode = this.nextInode++;
    const micro = Math.floor(at % 1000) * 1000 + this.chance.whole(0, 999);
    return { id: `${micro.toString(16).toUpperCase().padStart(5, "0")}${inode.toString(16).toUpperCase()}`, inode };
  }
  /** What the access table says of a login; it is asked by the exact login. */
  verdictOf(account: string | null): string | null {
    if (account === null || !this.accessReady) return null;
    return this.access.get(account) ?? null;
  }
}
