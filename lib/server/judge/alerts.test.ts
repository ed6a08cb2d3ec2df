import { expect, test } from "vitest";
import type { Judgement } from "../../core/judge/judge";
import { listAudit } from "../audit";
import { subscribe } from "../bus";
import { freshState } from "../test-state";
import { acknowledge, listAlerts, raise } from "./alerts";

freshState();
const now = Date.UTC(2026, 2, 11, 10);
const hour = 3_600_000;
const said = (verdict: Judgement["verdict"], score: number, ...sentences: string[]): Judgement => ({
  verdict,
  score,
  findings: sentences.map((sentence) => ({ rule: "jump", weight: 1, sentence, evidence: [], from: 0, to: 0 })),
});

test("an account is one alert as more is found, and pages hear of each change", () => {
  const heard: string[] = [];
  const stop = subscribe((name, data) => void heard.push(`${name} ${"account" in data ? data.account : ""}`));
  expect(raise("mx1", "ann@a.example", said("watch", 25, "A little."), now)).toBeNull();
  const id = raise("mx1", "ann@a.example", said("suspect", 45, "More."), now);
  expect(raise("mx1", "ann@a.example", said("suspect", 45, "More."), now + 1)).toBe(id);
  expect(raise("mx1", "ann@a.example", said("compromised", 80, "More.", "Much."), now + hour)).toBe(id);
  expect(raise("mx1", "ann@a.example", said("suspect", 40, "Less."), now + 2 * hour)).toBe(id);
  expect(raise("mx2", "ann@a.example", said("suspect", 40, "There too."), now)).not.toBe(id);
  stop();
  expect(heard).toEqual(["alert ann@a.example", "alert ann@a.example", "alert ann@a.example"]);
  expect(listAlerts(false).find((alert) => alert.id === id)).toEqual({
    id,
    host: "mx1",
    account: "ann@a.example",
    at: new Date(now).toISOString(),
    lastAt: new Date(now + hour).toISOString(),
    score: 80,
    verdict: "compromised",
    sentences: ["More.", "Much."],
    suspended: "none",
    acknowledged: null,
  });
});

test("an acknowledged alert leaves the open ones, stays in the history, and only worse is news", async () => {
  const id = raise("mx1", "ann@a.example", said("suspect", 45, "One."), now) ?? "";
  expect((await acknowledge(id, "called her", "eve@ops.example")).acknowledged).toMatchObject({
    by: "eve@ops.example",
    note: "called her",
  });
  expect(listAudit(undefined).entries[0]).toMatchObject({ by: "eve@ops.example", what: "alert acknowledged" });
  expect(raise("mx1", "ann@a.example", said("suspect", 50, "Two."), now + 1)).toBe(id);
  expect([listAlerts(false).length, listAlerts(true).length]).toEqual([0, 1]);
  const second = raise("mx1", "ann@a.example", said("compromised", 90, "Three."), now + 2);
  expect(listAlerts(false).map((alert) => alert.id)).toEqual([second]);
  await expect(acknowledge(id, "again", "bob@ops.example")).rejects.toMatchObject({ code: "conflict" });
  await expect(acknowledge("nothing", "", "bob@ops.example")).rejects.toMatchObject({ code: "not_found" });
});

test("after a quiet day it is a new episode", () => {
  const first = raise("mx1", "ann@a.example", said("suspect", 45, "One."), now);
  expect(raise("mx1", "ann@a.example", said("suspect", 45, "One."), now + 25 * hour)).not.toBe(first);
});
