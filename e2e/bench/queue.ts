import type { Dashboard } from "../dashboard";
import { clone } from "../mailhost/clone";
import type { MailHost } from "../mailhost/host";
import { oracle } from "../mailhost/oracle";
import { fill, honest } from "../mailhost/traffic";
import { bySsh, type Figure, peakMemory, type Row, timed, waitFor } from "./measure";

type Groups = {
  matched: number;
  complete: boolean;
  unresolved: number;
  groups: { key: string | null; messages: number }[];
};
type ActionState = { state: string; done: number; problem: string | null };

const account = "stolen@example.com";

/**
 * The hand pipeline that admins pass around: postqueue -p as paragraphs, a regex over the sender, ids to postsuper. The
 * senders are forged, so by hand the pattern has to be known; here all forged ones end in .example.net.
 */
const handPurge = `postqueue -p | perl -00 -ne 'print "$1\\n" if /^([0-9A-Za-z]+)[*!]?\\s.*\\.example\\.net$/m' | postsuper -d - 2>/dev/null`;

/** Lists and purges `count` messages of the attack, by hand on one host and by the dashboard on another of the same kind. */
export async function benchQueue(
  dashboard: Dashboard,
  ours: MailHost,
  theirs: MailHost,
  count: number,
): Promise<(Row | Figure)[]> {
  for (const host of [ours, theirs]) {
    const sent = Math.min(count, 300);
    await fill(host, sent, { senders: sent, clients: 16, account });
    await oracle(host).settled(sent, 120_000);
    if (count > sent) await clone(host, count - sent);
    await honest(host, { messages: 200 });
    await oracle(host).settled(count + 200, 120_000);
  }
  const handPrint = await timed(() => bySsh(theirs, "postqueue -p"));
  const handList = await timed(() => bySsh(theirs, "postqueue -j"));
  const listed = await timed(() =>
    waitFor("a complete listing", async () => {
      const answer = await dashboard.json<Groups>("GET", `/api/hosts/${ours.name}/queue?group=account&fresh=1`);
      const found = answer.groups.find(({ key }) => key === account);
      return answer.complete && found?.messages === count ? answer : null;
    }),
  );
  const handRun = await timed(() => bySsh(theirs, handPurge));
  const run = await timed(async () => {
    const plan = await dashboard.json<{ id: string; messages: number; confirm: string | null }>(
      "POST",
      `/api/hosts/${ours.name}/plans`,
      { action: "purge", filter: { account } },
    );
    if (plan.messages !== count) throw new Error(`the plan has ${plan.messages} messages, not ${count}`);
    const { id } = await dashboard.json<{ id: string }>("POST", "/api/actions", {
      plan: plan.id,
      confirm: plan.confirm ?? true,
    });
    // A page is told by events; a call every 25 ms would be a load of its own on the two cores.
    const ended = async () => {
      const action = await dashboard.json<ActionState>("GET", `/api/actions/${id}`);
      if (action.state === "failed") throw new Error(`the purge failed: ${action.problem}`);
      return action.state === "done" ? action : null;
    };
    return waitFor("the purge", ended, { everyMs: 100 });
  });
  for (const host of [ours, theirs]) {
    const left = (await oracle(host).queue()).size;
    if (left !== 200) throw new Error(`${host.name} has ${left} messages left, not the 200 honest ones`);
  }
  return [
    {
      what: `listing ${count} by account against ssh postqueue -p`,
      ours: listed.seconds,
      theirs: handPrint.seconds,
      bound: 1.2,
    },
    {
      what: `listing ${count} by account against ssh postqueue -j`,
      ours: listed.seconds,
      theirs: handList.seconds,
      bound: 1.2,
    },
    {
      what: `purging ${count} by account against the hand pipeline`,
      ours: run.seconds,
      theirs: handRun.seconds,
      bound: 2,
    },
    { what: "memory of the dashboard, peak", value: peakMemory(dashboard.pid), unit: "MB", bound: 600 },
  ];
}
