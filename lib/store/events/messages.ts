import "server-only";
import { ask, h, n, names } from "./ask";
import type { Value } from "./duck";
import type { HostStore } from "./host-store";

const whole = (store: HostStore) => store.span ?? { from: 0, to: 0 };

export type IdWanted = { id: string; arrival: number };
export type IdKnown = { id: string; account: string | null; client: string | null; at: number };

/**
 * Account and client of queue ids, from the log. Short ids are reused: of several submissions the one nearest to the
 * arrival time counts, and none that is more than 2 minutes off (qmgr's clock and the log's differ by seconds at most).
 * A requeued message keeps its arrival, so a later submission with an origin counts too. Unknown ids are left out.
 */
export async function accountsOfIds(store: HostStore, { ids }: { ids: IdWanted[] }): Promise<IdKnown[]> {
  const wanted = new Map<string, IdWanted>(ids.map((id) => [h(id.id), id]));
  const known = new Map<string, { row: Record<string, Value>; off: number }>();
  const list = [...wanted.keys()];
  for (let i = 0; i < list.length; i += 20_000) {
    const rows = await ask(
      store,
      "submits",
      whole(store),
      "idh, t, account, flags, client, origin",
      `idh IN (${list.slice(i, i + 20_000).join(",")})`,
    );
    for (const row of rows) {
      const key = String(row.idh);
      const arrival = wanted.get(key)?.arrival ?? 0;
      const off = Math.abs(n(row.t) - arrival);
      if (off > 120_000 && !(n(row.origin) !== 0 && n(row.t) > arrival)) continue;
      const before = known.get(key);
      if (!before || off < before.off) known.set(key, { row, off });
    }
  }
  const found = [...known];
  const text = await names(
    store,
    found.flatMap(([, { row }]) => [row.account, row.client]),
  );
  return found.map(([key, { row }]) => ({
    id: wanted.get(key)?.id ?? "",
    account: n(row.flags) & 4 ? null : text(row.account) || null,
    client: text(row.client) || null,
    at: n(row.t),
  }));
}

/** Everything stored of a queue id's newest message (or of the one submitted nearest to `at`), in the log's order. */
export async function recordsOfMessage(store: HostStore, { id, at }: { id: string; at?: number }) {
  const mine = `idh = ${h(id)}`;
  const span = whole(store);
  const ordered = "ORDER BY t, off";
  const [submits, envelopes, headers, deliveries, ends, rejects] = await Promise.all([
    ask(
      store,
      "submits",
      span,
      "t, file, off, born, account, flags, client, cname, service, session, instance",
      mine,
      ordered,
    ),
    ask(store, "envelopes", span, "t, file, off, born, account, sender, size, recipients", mine, ordered),
    ask(store, "headers", span, "t, file, off, born, name, value", mine, ordered),
    ask(
      store,
      "deliveries",
      span,
      "t, file, off, born, account, agent, recipient, relay, delay, dsn, status, reason",
      mine,
      ordered,
    ),
    ask(store, "ends", span, "t, file, off, born, how, detail", mine, ordered),
    ask(store, "rejects", span, "t, file, off, born, stage, code, reason, sender, recipient", mine, ordered),
  ]);
  const all = [...submits, ...envelopes, ...headers, ...deliveries, ...ends, ...rejects];
  if (all.length === 0) return null;
  const borns = [...new Set(all.map((row) => n(row.born)))].sort((a, b) => a - b);
  const born =
    at === undefined
      ? (borns.at(-1) ?? 0)
      : borns.reduce((a, b) => (Math.abs(b - at) < Math.abs(a - at) ? b : a), borns[0] ?? 0);
  const of = <T extends { born?: Value }>(rows: T[]) => rows.filter((row) => n(row.born) === born);
  const text = await names(
    store,
    all.flatMap((row) => [
      row.account,
      row.client,
      row.cname,
      row.service,
      row.instance,
      row.name,
      row.agent,
      row.relay,
      row.dsn,
      row.status,
      row.how,
      row.detail,
      row.stage,
      row.code,
    ]),
  );
  const submit = of(submits)[0];
  const envelope = of(envelopes)[0];
  const owner = [submit, envelope, ...of(deliveries)].map((row) => text(row?.account)).find((name) => name !== "");
  return {
    id,
    born,
    account: owner ?? null,
    client: submit ? { address: text(submit.client), name: text(submit.cname) } : null,
    service: submit ? text(submit.service) : null,
    instance: submit ? text(submit.instance) : null,
    session: submit && n(submit.session) !== 0 ? String(submit.session) : null,
    sender: envelope ? String(envelope.sender) : null,
    size: envelope ? n(envelope.size) : null,
    recipients: envelope ? n(envelope.recipients) : null,
    headers: of(headers).map((row) => ({ name: text(row.name), value: String(row.value) })),
    deliveries: of(deliveries).map((row) => ({
      at: n(row.t),
      recipient: String(row.recipient),
      relay: text(row.relay) || null,
      dsn: text(row.dsn) || null,
      status: text(row.status),
      reason: String(row.reason),
    })),
    ends: of(ends).map((row) => ({ at: n(row.t), how: text(row.how), detail: text(row.detail) })),
    lines: of(all)
      .map((row) => ({ at: n(row.t), file: n(row.file), offset: n(row.off) }))
      .sort((a, b) => a.at - b.at || a.offset - b.offset),
  };
}

/** Lines that were not understood, by shape, most first. */
export async function unknownShapes(store: HostStore) {
  const rows = await ask(
    store,
    "unknowns",
    whole(store),
    "shape, any_value(program) AS program, sum(count) AS lines, arg_max(text, t) AS example, max(t) AS last",
    "",
    "GROUP BY shape ORDER BY lines DESC LIMIT 500",
  );
  const text = await names(
    store,
    rows.map((row) => row.program),
  );
  return rows.map((row) => ({
    shape: String(row.shape),
    program: text(row.program),
    lines: n(row.lines),
    example: String(row.example),
    last: n(row.last),
  }));
}
