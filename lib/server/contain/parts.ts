import "server-only";
import type { ContainStep } from "../../api/accounts";
import type { QueueMessage } from "../../core/queue";
import { endSessions, kick, runMailboxCommand } from "../../remote/access-verbs";
import { heldForAccount, noteLift } from "../../store/state/held";
import { actionsPage, runPlan } from "../actions/actions";
import { makePlan } from "../actions/make-plan";
import { hostIdle } from "../actions/runner";
import { addStanding, endStanding, listStanding } from "../actions/standing";
import { audit } from "../audit";
import { host } from "../hosts/registry";
import { atMost } from "../queue/queue";
import { state } from "../state";
import { openPids } from "./open-sessions";
import { suspend } from "./suspension";

export type Part = ContainStep["part"];
export type Asked = { host: string; account: string; mode: "reject" | "hold"; reason: string | null; by: string };
/** What really happened in one part; what fails is thrown. */
export type Said = { said: string; count?: number | null; action?: string | null; skipped?: true };

const messages = (n: number) => `${n.toLocaleString("en")} ${n === 1 ? "message" : "messages"}`;

/** In the order in which they are done: first nothing more comes in, then what is there is held. */
export const containParts: Record<Part, (asked: Asked) => Promise<Said>> = {
  suspend: async ({ host, account, mode, reason, by }) => ({
    said: (await suspend(host, account, mode, reason, by)).said,
  }),
  "end-sessions": endAll,
  "keep-holding": async ({ host, account, by }) => {
    const before = standingOf(host, account);
    const one = before[0] ?? (await addStanding(host, { account: [account] }, null, by));
    return {
      said: before[0] ? "What comes is being held already." : "What still comes in is held as it comes.",
      count: one.held,
    };
  },
  "hold-queue-mail": (asked) => moveAll(asked, "hold", { account: [asked.account] }, "put on hold"),
  "mailbox-command": async ({ host: id, account, by }) => {
    await audit(by, id, "mailbox command", { account });
    const { ok, detail } = await runMailboxCommand(host(id).conn, account);
    await audit(by, id, "mailbox command done", { account, ok, detail });
    if (!ok) throw new Error(`The host's mailbox command failed: ${detail || "it said nothing"}`);
    return { said: detail || "The host's mailbox command ran." };
  },
};

export const liftParts: Record<Part, (asked: Asked) => Promise<Said>> = {
  suspend: async ({ host, account, by }) => ({ said: (await suspend(host, account, "none", null, by)).said }),
  "keep-holding": async ({ host, account, by }) => {
    const open = standingOf(host, account);
    for (const { id } of open) await endStanding(id, by);
    if (open.length === 0) return { said: "Nothing was being held as it comes.", skipped: true };
    return { said: "What comes is no longer held.", count: open.reduce((sum, one) => sum + one.held, 0) };
  },
  "hold-queue-mail": releaseOurs,
  "end-sessions": async () => ({ said: "Sessions that were ended come back by themselves.", skipped: true }),
  "mailbox-command": async () => ({ said: "The mailbox itself is changed back where it was changed.", skipped: true }),
};

const standingOf = (hostId: string, account: string) =>
  listStanding().filter(
    (one) => one.host === hostId && JSON.stringify(one.filter) === JSON.stringify({ account: [account] }),
  );

/** Releases what Sluice put on hold for the account; what an admin held by hand is the admin's to release. */
async function releaseOurs(asked: Asked): Promise<Said> {
  const { host, account } = asked;
  const ours = heldForAccount(state(), host, account);
  let others = 0;
  const only = ({ instance, id, arrival }: QueueMessage) => {
    const mine = ours({ instance, id, arrival, account });
    if (!mine) others++;
    return mine;
  };
  const done = await moveAll(asked, "release", { account: [account], queue: ["hold"] }, "released", only);
  noteLift(state(), host, account);
  if (others === 0) return done;
  return { ...done, said: `${done.said} ${messages(others)} that Sluice did not hold for it: still on hold.` };
}

async function moveAll(
  { host: id, by, reason }: Asked,
  kind: "hold" | "release",
  filter: Parameters<typeof makePlan>[2],
  did: string,
  only?: (message: QueueMessage) => boolean,
): Promise<Said> {
  const plan = await makePlan(id, kind, filter, by, only).catch((error) => {
    if ((error as { code?: string }).code === "plan_empty") return null;
    throw error;
  });
  if (!plan) return { said: `No message of the account was to be ${did}.`, count: 0 };
  const { id: action } = await runPlan({ plan: plan.id, ...(reason ? { reason } : {}) }, by);
  await atMost(60_000, hostIdle(id));
  const now = actionsPage({ host: id, limit: 20 }).actions.find((one) => one.id === action);
  if (!now || now.state === "waiting" || now.state === "running")
    return {
      said: `${messages(plan.messages)} are being ${did}; it goes on by itself.`,
      count: now?.done ?? 0,
      action,
    };
  if (now.state === "failed") throw new Error(now.problem ?? "It could not be done.");
  const left = plan.messages - now.done;
  return {
    said: `${messages(now.done)} ${did}${left > 0 ? `, ${left} not (see the action)` : ""}.`,
    count: now.done,
    action,
  };
}

async function endAll({ host: id, account, by }: Asked): Promise<Said> {
  const { conn } = host(id);
  await audit(by, id, "sessions end", { account });
  const pids = await openPids(id, account);
  const rows = pids && pids.length > 0 ? await endSessions(conn, pids) : [];
  const ended = rows.filter(({ outcome }) => outcome === "ended").length;
  const mailbox = await kick(conn, account);
  await audit(by, id, "sessions end done", { account, smtp: rows, mailbox });
  const smtp =
    pids === null
      ? "Which SMTP sessions are open is not known from the log."
      : `${ended} SMTP ${ended === 1 ? "session" : "sessions"} ended.`;
  const imap = {
    done: "IMAP and POP sessions ended, the cached password forgotten.",
    none: "No IMAP or POP session was open; the cached password is forgotten.",
    "no-dovecot": "Dovecot does not run on this host.",
    failed: `Dovecot could not end its sessions: ${mailbox.detail}`,
  }[mailbox.outcome];
  if (mailbox.outcome === "failed") throw new Error(`${smtp} ${imap}`);
  return { said: `${smtp} ${imap}`, count: ended };
}
