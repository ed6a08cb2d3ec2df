import { expect, test, vi } from "vitest";
import { factsOf } from "../../core/judge/labelled/facts-of";
import { honest } from "../../core/judge/labelled/honest";
import { stolen } from "../../core/judge/labelled/stolen";
import { freshState } from "../test-state";
import { listAlerts } from "./alerts";
import type { JudgeFeed } from "./feed";
import { lastJudged, startJudge } from "./judge-accounts";

freshState();

function feedOf(make: (account: string) => ReturnType<typeof factsOf>) {
  const heard = { say: (_host: string, _accounts: string[]) => {}, asked: [] as string[], spans: [] as number[] };
  const feed: JudgeFeed = {
    onAccounts(listener) {
      heard.say = listener;
      return () => {
        heard.say = () => {};
      };
    },
    async facts(host, account, from, to) {
      heard.asked.push(`${host} ${account}`);
      heard.spans.push(to - from);
      return make(account);
    },
  };
  return { feed, heard };
}

test("judges whom the lines name, once for a burst, and raises an alert for the stolen one", async () => {
  const { feed, heard } = feedOf((account) => ({
    ...factsOf(
      account === "thief@a.example" ? (stolen.botnet ?? honest["office worker"])(5) : honest["office worker"](5),
    ),
    account,
  }));
  let now = 1_000_000_000_000;
  const stop = startJudge(feed, () => now, 10_000);
  for (let n = 0; n < 50; n++) heard.say("mx1", ["thief@a.example", "ann@a.example"]);
  await vi.waitFor(() => expect(lastJudged("mx1", "ann@a.example")).not.toBeNull(), { timeout: 15_000 });
  expect(heard.asked).toEqual(["mx1 thief@a.example", "mx1 ann@a.example"]);
  expect(heard.spans[0]).toBe(24 * 3_600_000);
  expect(listAlerts(false).map(({ account }) => account)).toEqual(["thief@a.example"]);
  expect(lastJudged("mx1", "thief@a.example")?.verdict).toBe("compromised");
  // While it rests it waits; the clock moves on and it is judged again.
  heard.say("mx1", ["ann@a.example"]);
  now += 10_000;
  heard.say("mx1", ["bob@a.example"]);
  await stop();
  expect(heard.asked.length).toBeLessThanOrEqual(4);
});

test("an account that cannot be read does not stop the others", async () => {
  const { feed, heard } = feedOf((account) => {
    if (account === "broken") throw new Error("no rows");
    return factsOf(honest["office worker"](5));
  });
  const stop = startJudge(feed);
  heard.say("mx1", ["broken", "ann@a.example"]);
  await vi.waitFor(() => expect(lastJudged("mx1", "ann@a.example")?.verdict).toBe("clear"), { timeout: 15_000 });
  expect(lastJudged("mx1", "broken")).toBeNull();
  await stop();
});

test("a timer that fires a moment early is no end of judging", async () => {
  const { feed, heard } = feedOf((account) => ({ ...factsOf(honest["office worker"](5)), account }));
  const began = Date.now();
  // This clock stands still for the judge's first looks after the rest, as if its timer had come too soon.
  let frozen = true;
  const stop = startJudge(feed, () => (frozen ? began : Date.now() + 60_000), 20);
  heard.say("mx1", ["eve@a.example"]);
  await vi.waitFor(() => expect(heard.asked.length).toBe(1), { timeout: 15_000 });
  heard.say("mx1", ["eve@a.example"]);
  await new Promise((resolve) => setTimeout(resolve, 60));
  frozen = false;
  await vi.waitFor(() => expect(heard.asked.length).toBe(2), { timeout: 15_000 });
  await stop();
});
