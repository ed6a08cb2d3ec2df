import { expect, test } from "vitest";
import { listAudit } from "./audit";
import { changeSettings, defaultSettings, settings } from "./settings";
import { state } from "./state";
import { freshState } from "./test-state";

freshState();

test("only what was changed is stored, over the defaults", async () => {
  expect(settings()).toEqual(defaultSettings);
  await changeSettings({ archiveDays: 30, mailboxLink: undefined }, "a@example.com");
  await changeSettings({ ownDomains: ["example.com"] }, "a@example.com");
  expect(settings()).toEqual({ ...defaultSettings, archiveDays: 30, ownDomains: ["example.com"] });
  expect(listAudit(undefined).entries[1]).toMatchObject({ what: "settings changed", detail: { archiveDays: 30 } });
});

test("without the trail nothing is changed", async () => {
  state().sqlite.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  await expect(changeSettings({ archiveDays: 1 }, "a@example.com")).rejects.toMatchObject({ code: "audit_failed" });
  expect(settings()).toEqual(defaultSettings);
});
