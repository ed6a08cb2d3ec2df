import "server-only";
import { RemoteError } from "./errors";
import { commandFor } from "./host-script";
import { openSsh, type SshChannel, type SshSession, type SshTarget } from "./ssh";
import type { Item, Params, Row, VerbName } from "./verbs";
import { verbs } from "./verbs";
import { type AnswerHandler, AnswerParser, type Closing, request } from "./wire";

/** `lockedDown` is where to begin: a key that takes verbs only is noticed (see HostConnection.lockedDown). */
export type HostTarget = SshTarget & { lockedDown: boolean };
export type ConnectionState = "connecting" | "ok" | "down";
export type CallOptions = {
  /** ms until the call is given up; 0 for none (endless verbs: then the silence limit alone counts). */
  deadline?: number;
  /** Bytes of answer after which the call is given up. */
  cap?: number;
  signal?: AbortSignal;
};
export type Answer<V extends VerbName> = { rows: Row<V>[]; data: Buffer[]; closing: Closing };
export type RowHandler<V extends VerbName> = Omit<AnswerHandler, "row"> & { row?(row: Row<V>): void };

const mostChannels = 6;
const silenceLimit = 20_000;
/** ms for a channel to be opened. */
const openLimit = 20_000;
/** ms between two logins: a host that ends each connection at once is not stormed. */
const betweenLogins = 1000;
/** ms that calls of a retired login may still take; longer ones begin again as after any lost connection. */
const retireAfter = 120_000;
const stderrLimit = 16 * 1024;
const kindMessage: Record<number, [RemoteError["code"], string]> = {
  64: ["host_refused", "The host's script does not know this request: install the script of this version on the host."],
  65: ["host_refused", "The host's script refused the request. Nothing was done."],
  66: ["not_found", "It is not on the host (any more). Refresh and look again."],
  69: ["host_no_postfix", "Postfix was not found on the host. Install it, or put its commands on root's PATH."],
  74: ["host_refused", "The host could not write. Look for a full or read-only disk."],
  75: ["host_busy", "Another action is at work on this host. Try again when it has ended."],
  77: ["host_no_rights", "The login has not the rights. Log in as root, or allow it `sudo -n` (see the host check)."],
  78: ["not_set_up", "Something that this needs is missing on the host (see the host check)."],
};

/** What host.sh says, as a key's forced command, to anything but a verb; nothing was done then. */
const verbsOnly = "only Sluice's verbs are taken here";
class VerbsOnly extends Error {}

/**
 * One host: one SSH connection, made when first needed and made anew (with backoff) when it breaks; at most six
 * channels at a time, taken in the order of asking. Every method throws RemoteError only.
 */
export class HostConnection {
  state: ConnectionState = "connecting";
  problem: RemoteError | null = null;
  /** Whether this login takes verbs only. sshd reads the key's options at the login, so it holds for one session. */
  private lockedDown: boolean;
  private renewedAt = 0;
  private readonly retired = new Set<SshSession>();
  private session: SshSession | undefined;
  private opening: Promise<SshSession> | undefined;
  private failures = 0;
  private retryAt = 0;
  private lastLogin = 0;
  private busy = 0;
  private readonly waiting: (() => void)[] = [];
  private ended = false;
  private readonly listeners = new Set<() => void>();

  constructor(readonly target: HostTarget) {
    this.lockedDown = target.lockedDown;
  }

  /** Told when state or problem has changed. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks for a command that is no verb and does nothing: true where it is refused, as a locked-down key must. */
  async refusesCommands(): Promise<boolean> {
    await this.slot();
    try {
      const channel = await (await this.open()).exec("true");
      return await this.run("probe", channel, Buffer.alloc(0), {}, { deadline: 20_000 }).then(
        () => false,
        (error) => error instanceof VerbsOnly,
      );
    } finally {
      this.free();
    }
  }

  /** Ends the connection for good. */
  end(): void {
    this.ended = true;
    this.session?.end();
    for (const session of this.retired) session.end();
  }

  /** The next call logs in anew; what still runs on the old login may come to its end. */
  private retire(session: SshSession): void {
    if (this.session === session) this.session = undefined;
    this.retired.add(session);
    setTimeout(() => session.end(), retireAfter).unref();
  }

  /** Runs a verb and gathers its rows and data. Resolves only for a complete answer with exit 0. */
  async call<V extends VerbName>(
    verb: V,
    params: Params<V>,
    items: readonly Item<V>[] = [],
    options: CallOptions = {},
  ): Promise<Answer<V>> {
    const rows: Row<V>[] = [];
    const data: Buffer[] = [];
    const closing = await this.stream(
      verb,
      params,
      items,
      { row: (row) => rows.push(row), data: (bytes) => data.push(Buffer.from(bytes)) },
      { deadline: 60_000, cap: 256 * 1024 * 1024, ...options },
    );
    return { rows, data, closing };
  }

  /**
   * Runs a verb and hands on what comes as it comes. A handler may return a promise from `data` or `json`-batches through
   * `pause` of its own; here back pressure is the channel's.
   */
  async stream<V extends VerbName>(
    verb: V,
    params: Params<V>,
    items: readonly Item<V>[],
    handler: RowHandler<V>,
    options: CallOptions & { pace?: () => Promise<void> | undefined } = {},
  ): Promise<Closing> {
    const stdin = request(verb, params, items);
    await this.slot(options.signal);
    try {
      const session = await this.open();
      const lockedDown = this.lockedDown;
      const run = async () => {
        const channel = await this.channel(session, verb);
        return this.run(verb, channel, stdin, handler, options);
      };
      return await run().catch((error) => {
        // The login may be older than the key's options: the next call logs in anew, and finds a key that was locked down.
        if (error instanceof RemoteError && error.code === "host_no_rights" && Date.now() - this.renewedAt > 30_000) {
          this.renewedAt = Date.now();
          this.retire(session);
        }
        if (!(error instanceof VerbsOnly)) throw error;
        if (lockedDown) throw refused({ exit: 64, rows: 0, message: verbsOnly }, "");
        this.lockedDown = true;
        return run();
      });
    } finally {
      this.free();
    }
  }

  /** The slot is handed on to the one who has waited longest, or freed. */
  private free(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.busy -= 1;
  }

  private async slot(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw aborted();
    if (this.busy < mostChannels) {
      this.busy += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      };
      const stop = () => {
        const at = this.waiting.indexOf(go);
        if (at >= 0) this.waiting.splice(at, 1);
        reject(aborted());
      };
      signal?.addEventListener("abort", stop, { once: true });
      this.waiting.push(go);
    });
  }

  /** A host that answers keepalives and opens no channel would keep the slot for ever: its connection is ended. */
  private async channel(session: SshSession, verb: VerbName): Promise<SshChannel> {
    const command = commandFor(verb, { user: this.target.user, lockedDown: this.lockedDown });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(timeout(verb, openLimit));
        session.end();
      }, openLimit);
    });
    try {
      return await Promise.race([session.exec(command), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async login(): Promise<SshSession> {
    const early = this.lastLogin + betweenLogins - Date.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    if (this.ended) throw removed();
    this.lastLogin = Date.now();
    const session = await openSsh(this.target);
    if (!this.ended) return session;
    session.end();
    throw removed();
  }

  private open(): Promise<SshSession> {
    if (this.ended) throw removed();
    if (this.session) return Promise.resolve(this.session);
    if (this.opening) return this.opening;
    // Between attempts the last failure is the answer at once: a page does not wait for a host that is down.
    if (this.problem && Date.now() < this.retryAt) throw this.problem;
    this.opening = this.login()
      .then(
        (session) => {
          this.failures = 0;
          this.session = session;
          this.lockedDown = this.target.lockedDown;
          session.onClose(() => {
            this.retired.delete(session);
            if (this.session !== session) return;
            this.session = undefined;
            this.change("connecting", null);
          });
          this.change("ok", null);
          return session;
        },
        (error: RemoteError) => {
          this.failures += 1;
          const wait = Math.min(60_000, 1000 * 2 ** Math.min(this.failures - 1, 6));
          this.retryAt = Date.now() + wait * (0.5 + Math.random() / 2);
          this.change("down", error);
          throw error;
        },
      )
      .finally(() => {
        this.opening = undefined;
      });
    return this.opening;
  }

  private change(state: ConnectionState, problem: RemoteError | null): void {
    this.state = state;
    this.problem = problem;
    for (const listener of this.listeners) listener();
  }

  private run<V extends VerbName>(
    verb: V,
    channel: SshChannel,
    stdin: Buffer,
    handler: RowHandler<V>,
    options: CallOptions & { pace?: () => Promise<void> | undefined },
  ): Promise<Closing> {
    const names: readonly string[] = verbs[verb].row;
    const parser = new AnswerParser({
      ...handler,
      row: (fields) => handler.row?.(Object.fromEntries(names.map((name, at) => [name, fields[at] ?? ""])) as Row<V>),
    });
    return new Promise((resolve, reject) => {
      let stderr = "";
      let bytes = 0;
      const clear: (() => void)[] = [];
      const settle = (end: () => void) => {
        for (const undo of clear.splice(0)) undo();
        end();
      };
      const stop = (error: Error) => {
        settle(() => reject(error));
        channel.close();
      };
      const endless = "endless" in verbs[verb];
      const limit = endless ? 0 : (options.deadline ?? 60_000);
      if (limit > 0) {
        const timer = setTimeout(() => stop(timeout(verb, limit)), limit);
        clear.push(() => clearTimeout(timer));
      }
      let heard = Date.now();
      if (endless) {
        const timer = setInterval(() => {
          if (Date.now() - heard > silenceLimit) stop(timeout(verb, silenceLimit));
        }, 5000);
        clear.push(() => clearInterval(timer));
      }
      if (options.signal) {
        const { signal } = options;
        const abort = () => stop(aborted());
        if (signal.aborted) return abort();
        signal.addEventListener("abort", abort, { once: true });
        clear.push(() => signal.removeEventListener("abort", abort));
      }
      channel.stderr.on("data", (chunk: Buffer) => {
        // Drained always: a full stderr would stop postsuper half-way.
        if (stderr.length < stderrLimit) stderr += chunk.toString("utf8");
      });
      channel.stdout.on("data", (chunk: Buffer) => {
        heard = Date.now();
        bytes += chunk.length;
        if (options.cap && bytes > options.cap)
          return stop(new RemoteError("host_answer_cut", `The answer to ${verb} is larger than it may be.`));
        let wait: Promise<void> | undefined;
        try {
          parser.push(chunk);
          wait = options.pace?.();
        } catch (error) {
          return stop(error as Error);
        }
        if (wait) {
          channel.stdout.pause();
          wait.then(() => channel.stdout.resume(), stop);
        }
      });
      channel.closed.then((code) =>
        settle(() => {
          try {
            if (!parser.closing) throw noSentinel(code, stderr);
            const closing = parser.finish();
            if (closing.exit === 64 && closing.message === verbsOnly) throw new VerbsOnly();
            if (closing.exit !== 0) throw refused(closing, stderr);
            resolve(closing);
          } catch (error) {
            reject(error);
          }
        }),
      );
      channel.stdin.end(stdin);
    });
  }
}

function refused(closing: Closing, stderr: string): RemoteError {
  const [code, message] = kindMessage[closing.exit] ?? ["host_refused", "The host's script could not do it."];
  return new RemoteError(code, message, closing.message || stderr.slice(0, 2000));
}

function noSentinel(code: number | null, stderr: string): RemoteError {
  if (/sudo:|not in the sudoers/.test(stderr) && code !== null)
    return new RemoteError(
      "host_no_rights",
      "The login may not use `sudo -n`. Log in as root, or add the sudoers line that the host check shows.",
      stderr.slice(0, 2000),
    );
  return new RemoteError(
    "host_answer_cut",
    "The host's answer was cut before its end, so nothing is known of the rest. Try again.",
    stderr.slice(0, 2000) || undefined,
  );
}

function timeout(verb: string, ms: number): RemoteError {
  return new RemoteError(
    "host_timeout",
    `The host did not answer within ${Math.round(ms / 1000)} s (${verb}). Look at its load, then try again.`,
  );
}

function removed(): RemoteError {
  return new RemoteError("host_unreachable", "The host was taken out of Sluice.");
}

function aborted(): RemoteError {
  return new RemoteError("host_timeout", "The call was given up by Sluice itself.", "aborted");
}
