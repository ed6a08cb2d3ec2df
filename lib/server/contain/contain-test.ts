import { afterAll, beforeAll, expect, test } from "vitest";
import type { MailHost } from "../../../e2e/mailhost/host";
import { oracle } from "../../../e2e/mailhost/oracle";
import { attack, honest, login } from "../../../e2e/mailhost/traffic";
import { mailHost } from "../actions/host-test";
import { contain, containPreview } from "./contain";
import { suspensionSetup } from "./setup";
import { suspend, suspensionOf } from "./suspension";

const by = "admin@example.com";
const account = "stolen@example.com";

/** The same promises whatever type of table the host's Postfix has. */
export function testContain(map: "lmdb" | "hash"): void {
  let mail: Awaited<ReturnType<typeof mailHost>>;
  let host: MailHost;
  let eyes: ReturnType<typeof oracle>;
  beforeAll(async () => {
    mail = await mailHost(["--relay", "closed", "--map", map]);
    host = mail.host;
    eyes = oracle(host);
  });
  afterAll(() => mail?.end());

  test(`${map}: before the table is set up nothing can be suspended, and the set-up can be taken back whole`, async () => {
    const config = () => host.exec("cat /etc/postfix/main.cf /etc/postfix/master.cf");
    const before = await config();
    await expect(suspend("mx", account, "reject", null, by)).rejects.toMatchObject({ code: "not_set_up" });
    const shown = await suspensionSetup("mx", "preview", by);
    expect([shown.ready, shown.mapType, shown.commands.length > 0]).toEqual([false, map, true]);
    expect(await config()).toBe(before);
    expect((await suspensionSetup("mx", "apply", by)).ready).toBe(true);
    expect((await suspensionSetup("mx", "apply", by)).commands).toEqual([]);
    await suspensionSetup("mx", "undo", by);
    expect(await suspensionOf("mx", account)).toMatchObject({ mode: "none", ready: false });
    expect((await suspensionSetup("mx", "apply", by)).ready).toBe(true);
  });

  test(`${map}: contained in one press: nothing more is taken, all is held, honest mail flows; lifted, all is back`, async () => {
    const [byHand = { id: "" }] = await attack(host, { messages: 30 });
    await honest(host, { messages: 5 });
    await eyes.settled(35);
    const open = await login(host, account, "203.0.113.200");
    expect((await open.message("x@forged.example", ["a@example.net"], "Subject: a\r\n\r\na\r\n")).code).toBe(250);
    await eyes.settled(36);
    await host.exec(`postsuper -h ${byHand.id} 2>/dev/null`);
    const preview = (await containPreview("mx", account)).steps;
    expect(preview.map(({ state }) => state)).toEqual(Array(4).fill("planned"));
    expect(preview.find(({ part }) => part === "hold-queue-mail")?.count).toBe(30);
    const { steps } = await contain("mx", account, { op: "contain", reason: "stolen" }, by);
    expect(
      steps.map(({ part, state }) => `${part} ${state}`),
      JSON.stringify(steps),
    ).toEqual(["suspend done", "end-sessions done", "hold-queue-mail done", "keep-holding done"]);
    expect(steps.find(({ part }) => part === "hold-queue-mail")?.count).toBe(30);
    const later = await open.message("y@forged.example", ["b@example.net"], "Subject: b\r\n\r\nb\r\n").then(
      ({ code }) => code,
      () => "lost",
    );
    expect(later).not.toBe(250);
    expect(await suspensionOf("mx", account)).toMatchObject({ mode: "reject", by, reason: "stolen", ready: true });
    await honest(host, { messages: 2, seed: 9 });
    await eyes.settled(38);
    const held = [...eyes.files()].filter(([, { queue }]) => queue === "hold");
    expect(held.length).toBe(31);

    const lifted = await contain("mx", account, { op: "lift" }, by);
    expect(lifted.steps.filter(({ state }) => state === "failed")).toEqual([]);
    const onHold = () => [...eyes.files()].filter(([, { queue }]) => queue === "hold").map(([id]) => id);
    await expect.poll(onHold, { timeout: 10_000 }).toEqual([byHand.id]);
    expect(lifted.steps.find(({ part }) => part === "hold-queue-mail")?.said).toContain(
      "1 message that Sluice did not",
    );
    expect(eyes.files().size).toBe(38);
    const again = await login(host, account, "203.0.113.201");
    expect((await again.message("x@forged.example", ["a@example.net"], "Subject: c\r\n\r\nc\r\n")).code).toBe(250);
    await again.quit();
  });

  test(`${map}: quarantine takes the mail and holds it`, async () => {
    await suspend("mx", account, "hold", null, by);
    const smtp = await login(host, account, "203.0.113.202");
    const { code, text } = await smtp.message("x@forged.example", ["q@example.net"], "Subject: q\r\n\r\nq\r\n");
    expect(code).toBe(250);
    const id = /queued as (\S+)/.exec(text)?.[1] ?? "";
    expect(eyes.files().get(id)?.queue).toBe("hold");
    await contain("mx", account, { op: "lift" }, by);
    await expect.poll(() => eyes.files().get(id)?.queue, { timeout: 10_000 }).not.toBe("hold");
  });
}
