import "server-only";

/**
 * The closed table of what Sluice can ask of a mail host. host.sh holds the same table ("# verb" lines, compared by a
 * test) and refuses everything else. `params` is the request's first line, `item` each further line, `row` each row of
 * the answer. Every field is text here; the wrappers (queue-verbs.ts, act-verbs.ts …) turn it into numbers.
 */
export type Shape = {
  does: "read" | "act";
  params: readonly Field[];
  item: readonly Field[];
  row: readonly string[];
  /** Goes on until the client ends it. */
  endless?: true;
};

/**
 * What may stand in a request field, byte for byte after unescaping; host.sh checks the same again. Nothing here is
 * ever part of a command's text: ids go to postsuper by stdin, names into paths only under these rules.
 */
export const fields = {
  /** Name of a Postfix instance as probe gives it; "" means every instance, where a verb says so. */
  instance: /^[A-Za-z0-9._-]{0,64}$/,
  id: /^([0-9A-F]{5,24}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,20}z[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-y]{1,20})$/,
  /** Id of one of Sluice's actions: the folder of its archive. */
  action: /^[a-z0-9][a-z0-9-]{0,63}$/,
  inode: /^[0-9]{1,20}$/,
  number: /^[0-9]{1,18}$/,
  offset: /^[0-9]{1,18}$/,
  length: /^[0-9]{1,18}$/,
  /** Seconds since the epoch. */
  since: /^[0-9]{1,12}$/,
  pid: /^[0-9]{1,10}$/,
  sha256: /^[0-9a-f]{64}$/,
  /** Absolute, no control characters, no `..` step. */
  path: /^(?!.*\/\.\.(\/|$))\/[^\p{Cc}]{1,1000}$/u,
  /** As the access table can hold it exactly: no white space, quotes, backslash or control character, no `#` in front. */
  account: /^[^#\s"\\\p{Cc}-][^\s"\\\p{Cc}]{0,319}$/u,
  verdict: /^(REJECT|HOLD|-)$/,
  cursor: /^[A-Za-z0-9;=_-]{0,400}$/,
  op: /^(start|stop|on|off|eml|raw|preview|apply|undo|purge|aside|hold|any)$/,
  brake: /^(hold-queue|stop-in|stop-out)$/,
  service: /^[A-Za-z0-9._-]{1,64}$/,
} as const satisfies Record<string, RegExp>;
export type Field = keyof typeof fields;

export const verbs = {
  // Reading.
  /** Facts of the host, `key instance value`; see Probe in host-verbs.ts for the keys. */
  probe: { does: "read", params: [], item: [], row: ["key", "instance", "value"] },
  /** Files in each queue directory of each instance. */
  counts: { does: "read", params: [], item: [], row: ["instance", "queue", "files"] },
  /** `postqueue -j` of each instance (or of one) as json lines. */
  list: { does: "read", params: ["instance"], item: [], row: [] },
  /** Envelope records of queue files, wherever each now is. `queue` is "" for a message that is nowhere. */
  envelopes: {
    does: "read",
    params: [],
    item: ["instance", "id"],
    row: [
      "instance",
      "id",
      "queue",
      "inode",
      "arrival",
      "size",
      "sender",
      "account",
      "clientAddress",
      "clientName",
      "left",
      "done",
    ],
  },
  /** Where each message now is, and whether an agent has its file locked. */
  look: { does: "read", params: [], item: ["instance", "id"], row: ["instance", "id", "queue", "inode", "locked"] },
  /** One message as `postcat -beh` shows it, a data frame of at most 512 KiB; `bytes` is what there is in all. */
  message: { does: "read", params: ["instance", "id"], item: [], row: ["queue", "bytes"] },
  /** First Subject of each message, raw, at most 500 bytes; `found` is 0 where the message is not in the queue. */
  subjects: { does: "read", params: [], item: ["instance", "id"], row: ["instance", "id", "found", "subject"] },
  /** Inodes that some process holds a flock on. */
  locks: { does: "read", params: [], item: [], row: ["inode"] },
  /**
   * Log files (below /var/log, Postfix's own, or named in the host's /etc/sluice/logs; no others): those of the configured path (or, with none, of every place where Postfix logs) and their rotations.
   * `head` is the SHA-256 of the first `headBytes` (at most 256) uncompressed bytes. `base` is the path being written.
   */
  "log-list": {
    does: "read",
    params: [],
    item: ["path"],
    row: ["base", "path", "dev", "inode", "size", "mtime", "compression", "headBytes", "head", "readable"],
  },
  /**
   * Bytes of log files, offsets in the uncompressed text, in data frames of at most 1 MiB (plain files: one frame). A
   * row follows each file's frames; `state` is ok, changed (another inode), gone or unreadable. `length` 0 is "to the end".
   */
  "log-read": {
    does: "read",
    params: [],
    item: ["path", "inode", "offset", "length"],
    row: ["path", "state", "bytes"],
  },
  /**
   * Bytes as they come. Rows: `renamed` (another file stands at the path; the old one is still read until it has been
   * quiet for 5 s), then `end`; `truncated` ends at once. `position` is how far was read, `inode` what stands there now.
   */
  "log-follow": {
    does: "read",
    params: ["path", "inode", "offset"],
    item: [],
    row: ["event", "position", "inode"],
    endless: true,
  },
  /** Journal entries of the mail facility as json lines, after `cursor` (with "": from `since`), at most `length`. */
  "journal-read": { does: "read", params: ["cursor", "since", "length"], item: [], row: [] },
  "journal-follow": { does: "read", params: ["cursor"], item: [], row: [], endless: true },
  /** Postfix instances and Dovecot: does it run. */
  services: { does: "read", params: [], item: [], row: ["service", "running", "detail"] },
  /** What stands kept on the host. `kind` is purge or aside. */
  archives: { does: "read", params: [], item: [], row: ["instance", "action", "kind", "messages", "bytes", "made"] },
  /** Kept messages, a data frame each (before its row): eml is header and body, raw the queue file. */
  "archive-read": { does: "read", params: ["action", "op"], item: [], row: ["instance", "id", "bytes"] },
  /** smtpd services, and whether the access table is asked by each. */
  "access-look": {
    does: "read",
    params: [],
    item: [],
    row: ["instance", "service", "logins", "asks", "restrictions", "override", "mapType", "ready"],
  },
  /** Entries of Sluice's access table. */
  "access-list": { does: "read", params: ["instance"], item: [], row: ["instance", "account", "verdict"] },

  // Acting. All take the host's lock; all may be repeated.
  /** outcome: held, already (was in hold before), gone, left (still elsewhere: `queue`). */
  hold: { does: "act", params: [], item: ["instance", "id"], row: ["instance", "id", "outcome", "queue"] },
  /** outcome: released, gone, left (still in hold), elsewhere (was not in hold). */
  release: { does: "act", params: [], item: ["instance", "id"], row: ["instance", "id", "outcome", "queue"] },
  /** outcome: requeued (gone from its old id), gone (was nowhere), left. newId: "" where it is not to be seen (yet, or any more). */
  requeue: { does: "act", params: [], item: ["instance", "id"], row: ["instance", "id", "outcome", "queue", "newId"] },
  /** Delivery attempt of each; without items of the whole queue of each instance. outcome: asked, gone. */
  flush: { does: "act", params: [], item: ["instance", "id"], row: ["instance", "id", "outcome"] },
  /**
   * Puts on hold what is not, links each message that is there into the action's archive and reads it there, where its
   * identity can no longer change. outcome: kept, husk (no recipient is left: not kept), gone (in no queue), left (could
   * not be put on hold), changed (another file is kept under this id), unread. put: held, already (was on hold), "".
   */
  keep: {
    does: "act",
    params: ["action", "op"],
    item: ["instance", "id"],
    row: [
      "instance",
      "id",
      "outcome",
      "inode",
      "sha256",
      "locked",
      "arrival",
      "size",
      "sender",
      "account",
      "clientAddress",
      "clientName",
      "left",
      "done",
      "put",
    ],
  },
  /** Drops the archive's link of each; the message itself is not touched. outcome: unkept, gone. */
  unkeep: { does: "act", params: ["action"], item: ["instance", "id"], row: ["instance", "id", "outcome"] },
  /**
   * Deletes from hold what is kept: same inode, not locked, content as hashed; then looks for it in every queue.
   * outcome: dropped (now or, says the journal, before), gone (not in hold, and not by this action), cut (not in hold, and
   * the journal has only that it was to be deleted), changed, locked, unkept (not in the archive), left (still there).
   */
  drop: {
    does: "act",
    params: ["action"],
    item: ["instance", "id", "inode", "sha256"],
    row: ["instance", "id", "outcome"],
  },
  /**
   * Brings kept messages back into hold, never over an existing name; without items all of the action.
   * outcome: restored, already, taken (another message has that id), gone (not in the archive), damaged.
   */
  restore: {
    does: "act",
    params: ["action"],
    item: ["instance", "id", "sha256"],
    row: ["instance", "id", "outcome"],
  },
  "archive-delete": { does: "act", params: ["action"], item: [], row: ["instance", "messages", "bytes"] },
  /** op: preview, apply, undo. Rows: every command, in order; apply and undo have then run them. */
  "access-setup": { does: "act", params: ["op"], item: [], row: ["instance", "command"] },
  /** Sets or lifts (`-`) entries, one change of the table for all. outcome: set, same, not-set-up. mapType says if open sessions obey. */
  "access-set": {
    does: "act",
    params: ["instance"],
    item: ["account", "verdict"],
    row: ["instance", "account", "outcome", "mapType"],
  },
  /** Ends smtpd processes: pid 0 means every smtpd of the instance. outcome: ended, gone, not-smtpd, left. */
  "end-sessions": { does: "act", params: [], item: ["instance", "pid"], row: ["instance", "pid", "outcome"] },
  /** Ends IMAP and POP sessions and forgets cached passwords. outcome: done, none, no-dovecot, failed. */
  kick: { does: "act", params: [], item: ["account"], row: ["account", "outcome", "detail"] },
  /** Runs /etc/sluice/mailbox-command (owned by root, written by nobody else) with the account on its stdin. */
  "mailbox-command": { does: "act", params: ["account"], item: [], row: ["outcome", "detail"] },
  /** Starts or stops Postfix (all, or an instance) or Dovecot, then looks. */
  service: { does: "act", params: ["service", "op"], item: [], row: ["service", "running", "detail"] },
  /**
   * A brake of the whole host; see host.sh for what each does. outcome: on, off, already. For hold-queue off, an item
   * row `held` follows for each message that the brake (or anything else since) put on hold: releasing is the client's choice.
   */
  brake: { does: "act", params: ["brake", "op"], item: [], row: ["instance", "outcome", "id"] },
  /** Which brakes are on, from the host's own state files. */
  brakes: { does: "read", params: [], item: [], row: ["instance", "brake", "since"] },
} as const satisfies Record<string, Shape>;

export type Verbs = typeof verbs;
export type VerbName = keyof Verbs;
export type Params<V extends VerbName> = Record<Verbs[V]["params"][number], string>;
export type Item<V extends VerbName> = Record<Verbs[V]["item"][number], string>;
export type Row<V extends VerbName> = Record<Verbs[V]["row"][number], string>;
