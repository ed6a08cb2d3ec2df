import "server-only";
import { setTimeout } from "node:timers/promises";
import type { ContainStep } from "../../api/accounts";
import { RemoteError } from "../../remote/errors";
import { audit } from "../audit";
import { publish } from "../bus";
import { host, hosts } from "../hosts/registry";
import { log } from "../log";
import { listingsOf } from "../queue/host-queues";
import { type Asked, containParts, liftParts, type Part } from "./parts";
import { otherSpellings, warnOf } from "./same-login";
import { accessOf, suspensionOf } from "./suspension";

type Contained = { steps: ContainStep[]; at: string };
const order: Part[] = ["suspend", "end-sessions", "hold-queue-mail", "keep-holding", "mailbox-command"];
/** What holds as it comes ends before what is held is released: it would hold it again. */
const liftOrder: Part[] = ["suspend", "end-sessions", "keep-holding", "hold-queue-mail", "mailbox-command"];
const usual: Part[] = ["suspend", "end-sessions", "keep-holding", "hold-queue-mail"];
const at = () => new Date().toISOString();

/** What Contain would do, host by host; nothing is done. */
export async function containPreview(hostId: string, account: string): Promise<Contained> {
  host(hostId);
  const each = await Promise.all(hosts().map((one) => previewOf(one.id, account)));
  return { steps: each.flat(), at: at() };
}

async function previewOf(id: string, account: string): Promise<ContainStep[]> {
  const step = (part: Part, said: string, count: number | null = null): ContainStep => ({
    host: id,
    part,
    state: "planned",
    said,
    count,
    action: null,
  });
  const mailbox: ContainStep[] = host(id).probe?.mailboxCommand
    ? [step("mailbox-command", "The host's /etc/sluice/mailbox-command will be run for it.")]
    : [];
  const [suspension, mail, others, { exact }] = await Promise.all([
    suspensionOf(id, account),
    queuedOf(id, account),
    otherSpellings(id, account),
    accessOf(id).catch(() => ({ exact: true })),
  ]);
  return [
    suspension.mode !== "none"
      ? step("suspend", `Is suspended already (${suspension.mode}).`)
      : suspension.ready
        ? step("suspend", `Postfix will refuse its mail, in open sessions too.${warnOf(account, others, exact)}`)
        : {
            ...step("suspend", "Postfix does not ask Sluice's table yet: set suspension up on the host's page first."),
            state: "skipped",
          },
    step("end-sessions", "Its SMTP, IMAP and POP sessions will be ended, and its cached password forgotten."),
    step(
      "hold-queue-mail",
      mail === null
        ? "Its queued mail will be put on hold."
        : `${mail.toLocaleString("en")} queued ${mail === 1 ? "message" : "messages"} will be put on hold.`,
      mail,
    ),
    step("keep-holding", "What still comes in will be held as it comes."),
    ...mailbox,
  ];
}

/** For so long the preview waits until it is known whose the queue's mail is, ms; a large queue takes longer. */
const patience = 3000;

async function queuedOf(id: string, account: string): Promise<number | null> {
  try {
    const snapshot = await listingsOf(id).current();
    await Promise.race([snapshot.resolved, setTimeout(patience, null, { ref: false })]);
    if (snapshot.unresolved > 0) return null;
    return snapshot.messages.filter((message) => message.account === account && message.queue !== "hold").length;
  } catch {
    return null;
  }
}

export type ContainRequest = {
  op: "contain" | "lift";
  mode?: "reject" | "hold" | undefined;
  parts?: Part[] | undefined;
  allHosts?: boolean | undefined;
  reason?: string | undefined;
};

/** Contains the account, or lifts it, on all hosts (unless `allHosts` is false); one host's failure stops no other. */
export async function contain(hostId: string, account: string, asked: ContainRequest, by: string): Promise<Contained> {
  host(hostId);
  const ids = asked.allHosts === false ? [hostId] : hosts().map((one) => one.id);
  const parts = (asked.op === "lift" ? liftOrder : order).filter((part) => (asked.parts ?? usual).includes(part));
  await audit(by, hostId, asked.op, {
    account,
    hosts: ids,
    parts,
    mode: asked.mode ?? "reject",
    reason: asked.reason ?? null,
  });
  const blank = { state: "planned", said: "", count: null, action: null } as const;
  const steps: ContainStep[] = ids.flatMap((id) => parts.map((part) => ({ ...blank, host: id, part })));
  const told = (step: ContainStep) => {
    steps[steps.findIndex((one) => one.host === step.host && one.part === step.part)] = step;
    publish("contain", { host: hostId, account, steps: [...steps] });
  };
  await Promise.all(
    ids.map(async (id) => {
      const about: Asked = { host: id, account, mode: asked.mode ?? "reject", reason: asked.reason ?? null, by };
      for (const part of parts) {
        told({ ...blank, host: id, part, state: "running" });
        told(await stepOf(asked.op, part, about));
      }
    }),
  );
  await audit(by, hostId, `${asked.op} done`, { account, steps });
  return { steps, at: at() };
}

async function stepOf(op: ContainRequest["op"], part: Part, asked: Asked): Promise<ContainStep> {
  const step = { host: asked.host, part };
  try {
    const {
      said,
      count = null,
      action = null,
      skipped,
    } = await (op === "contain" ? containParts : liftParts)[part](asked);
    return { ...step, state: skipped ? "skipped" : "done", said, count, action };
  } catch (error) {
    if (!(error instanceof RemoteError)) log.warn({ err: error, part }, "part of contain failed");
    return { ...step, state: "failed", said: (error as Error).message, count: null, action: null };
  }
}
