import { expect, test } from "vitest";
import { oracle } from "../../../e2e/mailhost/oracle";
import { attack, honest } from "../../../e2e/mailhost/traffic";
import { mailHost } from "../actions/host-test";
import { brake, listServices, service } from "./brakes";
import { contain } from "./contain";

const by = "admin@example.com";

test("a brake holds everything and gives back what was free; a service is stopped and started", async () => {
  const mail = await mailHost(["--relay", "closed"]);
  try {
    const eyes = oracle(mail.host);
    const sent = await honest(mail.host, { messages: 6 });
    await eyes.settled(6);
    const [byHand = ""] = sent.map(({ id }) => id);
    await mail.host.exec(`postsuper -h ${byHand} 2>/dev/null`);
    const held = () => [...eyes.files()].filter(([, { queue }]) => queue === "hold").map(([id]) => id);
    await expect(brake("mx", "hold-queue", true, undefined, by)).rejects.toMatchObject({ code: "confirm_needed" });
    await brake("mx", "hold-queue", true, "mx", by);
    expect(held().length).toBe(6);
    await honest(mail.host, { messages: 1, seed: 4 });
    await expect.poll(() => held().length, { timeout: 10_000 }).toBe(7);
    // What was contained meanwhile stays contained when the brake comes off, and is let go by lifting.
    await attack(mail.host, { messages: 3 });
    await expect.poll(() => held().length, { timeout: 10_000 }).toBe(10);
    const parts = ["hold-queue-mail" as const];
    await contain("mx", "stolen@example.com", { op: "contain", parts: ["keep-holding", ...parts] }, by);
    const said = (await brake("mx", "hold-queue", false, undefined, by)).said;
    expect(said).toContain("6 messages that were held since released. 3 stay on hold");
    expect(held().length).toBe(4);
    await contain("mx", "stolen@example.com", { op: "lift", parts: ["keep-holding", ...parts] }, by);
    await expect.poll(held, { timeout: 10_000 }).toEqual([byHand]);
    // Asked again, as after an answer that was cut: nothing more is released, and nothing that was held by hand.
    expect((await brake("mx", "hold-queue", false, undefined, by)).said).toBe("It was off already.");
    expect(held()).toEqual([byHand]);
    const [postfix] = await listServices("mx");
    expect(postfix).toMatchObject({ service: "postfix", running: true });
    expect(await service("mx", "postfix", "stop", undefined, by)).toMatchObject({ running: false });
    expect(await service("mx", "postfix", "start", undefined, by)).toMatchObject({ running: true });
  } finally {
    await mail.end();
  }
});
