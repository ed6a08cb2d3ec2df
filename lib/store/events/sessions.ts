import "server-only";
import { ask, countryText, h, n, names } from "./ask";
import type { Row, Value } from "./duck";
import type { HostStore, Span } from "./host-store";

export type SessionsQuery = {
  account: string;
  span: Span;
  limit: number;
  before: { at: number; session: string } | null;
};
const messagesShown = 200;
const rejectsShown = 200;

const hour = 3_600_000;

/** Lines that begin or end sessions: most within an hour of what is known of them, and the rest within a day. */
async function ends(store: HostStore, table: "connects" | "disconnects", what: string, page: Row[], known: Span) {
  const found: Row[] = [];
  let missing = new Set(page.map((row) => String(row.session)));
  for (const wide of [hour, 24 * hour]) {
    if (missing.size === 0) break;
    const near = { from: known.from - wide, to: known.to + wide };
    found.push(...(await ask(store, table, near, what, `session IN (${[...missing].join(",")})`)));
    const seen = new Set(found.map((row) => String(row.session)));
    missing = new Set([...missing].filter((session) => !seen.has(session)));
  }
  return found;
}

/**
 * The account's sessions that did something in the window, newest first, with their messages and refusals. A session
 * without a disconnect line is still open (or its end is not in the log): its end is null.
 */
export async function accountSessions(store: HostStore, { account, span, limit, before }: SessionsQuery) {
  const mine = `account = ${h(account)} AND session <> 0`;
  const having = before ? `HAVING (min(t), session) < (${before.at}, ${before.session})` : "";
  const submitted = `SELECT session, t FROM ${store.any ? store.source("submits", span) : ""} WHERE t >= ${span.from} AND t < ${span.to} AND ${mine}`;
  const refused = submitted.replace(
    store.any ? store.source("submits", span) : "",
    store.any ? store.source("rejects", span) : "",
  );
  if (!store.any) return [];
  const page = await store.query(
    `SELECT session, min(t) AS first, max(t) AS last FROM (${submitted} UNION ALL ${refused}) GROUP BY session ${having}
     ORDER BY first DESC, session DESC LIMIT ${limit}`,
  );
  if (page.length === 0) return [];
  const list = page.map((row) => String(row.session)).join(",");
  const first = Math.min(...page.map((row) => n(row.first)));
  const last = Math.max(...page.map((row) => n(row.last)));
  const whole: Span = { from: first, to: last + 1 };
  const inList = `session IN (${list})`;
  const [connects, disconnects, submits, rejects] = await Promise.all([
    ends(store, "connects", "session, t, service, pid, client, cname, country", page, { from: first, to: last + 1 }),
    ends(store, "disconnects", "session, t, start, client, cname, ok, tried", page, { from: first, to: last + 1 }),
    ask(
      store,
      "submits",
      whole,
      "session, t, id, idh, born, service, client, cname, country",
      `${inList} AND ${mine}`,
      "ORDER BY t",
    ),
    ask(
      store,
      "rejects",
      whole,
      "session, t, stage, code, reason, sender, recipient, helo, client, country",
      inList,
      "ORDER BY t",
    ),
  ]);
  const shown = new Set<string>();
  const perSession = new Map<string, number>();
  for (const row of submits) {
    const key = String(row.session);
    const count = (perSession.get(key) ?? 0) + 1;
    perSession.set(key, count);
    if (count <= messagesShown) shown.add(`${row.idh}`);
  }
  const ids = [...shown];
  // Rows lie sorted by account: with it, most of the store is never looked at.
  const idList = ids.length > 0 ? `account = ${h(account)} AND idh IN (${ids.join(",")})` : "false";
  const after: Span = { from: first, to: Number.MAX_SAFE_INTEGER };
  const [envelopes, subjects, outcomes] = await Promise.all([
    ask(store, "envelopes", after, "idh, born, sender, size, recipients", idList),
    ask(store, "headers", after, "idh, born, name, value", idList),
    ask(store, "deliveries", after, "idh, born, status, count(*) AS count", idList, "GROUP BY 1, 2, 3"),
  ]);
  const text = await names(store, [
    ...connects.flatMap((row) => [row.service, row.client, row.cname]),
    ...disconnects.flatMap((row) => [row.client, row.cname]),
    ...submits.flatMap((row) => [row.service, row.client, row.cname]),
    ...rejects.flatMap((row) => [row.stage, row.code, row.helo, row.client]),
    ...subjects.map((row) => row.name),
    ...outcomes.map((row) => row.status),
  ]);
  const key = (row: { idh?: Value; born?: Value }) => `${row.idh}@${row.born}`;
  const envelopeOf = new Map(envelopes.map((row) => [key(row), row]));
  const subjectOf = new Map(
    subjects.filter((row) => text(row.name).toLowerCase() === "subject").map((row) => [key(row), String(row.value)]),
  );
  const outcomeOf = new Map<string, { sent: number; deferred: number; bounced: number }>();
  for (const row of outcomes) {
    const outcome = outcomeOf.get(key(row)) ?? { sent: 0, deferred: 0, bounced: 0 };
    outcomeOf.set(key(row), outcome);
    const status = text(row.status);
    if (status === "sent") outcome.sent += n(row.count);
    else if (status === "deferred") outcome.deferred += n(row.count);
    else if (status === "bounced" || status === "expired") outcome.bounced += n(row.count);
  }
  const by = (rows: Row[]) => {
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      const of = String(row.session);
      const group = groups.get(of);
      if (group) group.push(row);
      else groups.set(of, [row]);
    }
    return groups;
  };
  const connectOf = by(connects);
  const disconnectOf = by(disconnects);
  const submitsOf = by(submits);
  const rejectsOf = by(rejects);
  return page.map((row) => {
    const session = String(row.session);
    const connect = connectOf.get(session)?.[0];
    const end = disconnectOf.get(session)?.[0];
    const sent = submitsOf.get(session) ?? [];
    const refusals = rejectsOf.get(session) ?? [];
    // Behind a proxy (XCLIENT) the connection is the proxy's; what was done in it names the client.
    const place = sent[0] ?? refusals[0] ?? connect ?? end;
    return {
      key: session,
      /** For the cursor: when the account first did something in it. */
      first: n(row.first),
      start: n(connect?.t) || n(end?.start) || n(row.first),
      end: end ? n(end.t) : null,
      service: text(connect?.service ?? sent[0]?.service),
      pid: n(connect?.pid),
      client: { name: text(sent[0]?.cname ?? connect?.cname ?? end?.cname), address: text(place?.client) },
      country: countryText(n(place?.country)),
      helo: refusals.map((refusal) => text(refusal.helo)).find((helo) => helo !== "") ?? null,
      authOk: n(end?.ok),
      authTried: n(end?.tried),
      messages: sent.slice(0, messagesShown).map((submit) => {
        const envelope = envelopeOf.get(key(submit));
        return {
          id: String(submit.id),
          at: n(submit.t),
          sender: envelope ? String(envelope.sender) : null,
          recipients: n(envelope?.recipients),
          size: envelope ? n(envelope.size) : null,
          subject: subjectOf.get(key(submit)) ?? null,
          outcome: outcomeOf.get(key(submit)) ?? { sent: 0, deferred: 0, bounced: 0 },
        };
      }),
      messageCount: sent.length,
      rejects: refusals.slice(0, rejectsShown).map((refusal) => ({
        at: n(refusal.t),
        stage: text(refusal.stage),
        code: text(refusal.code) || null,
        reason: String(refusal.reason),
        sender: String(refusal.sender) || null,
        recipient: String(refusal.recipient) || null,
      })),
      rejectCount: refusals.length,
    };
  });
}
