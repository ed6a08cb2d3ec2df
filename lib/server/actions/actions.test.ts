import { expect, test } from "vitest";
import { findAction } from "../../store/state/actions";
import { state } from "../state";
import { freshState } from "../test-state";
import { undoAction } from "./actions";
import { removeArchive } from "./archives";

freshState();

function purged(id: string): void {
  const none = { plan: null, stage: null, arrived_later: null, reason: null, problem: null, undone_at: null };
  const row = { ...none, id, host: "mx", kind: "purge", state: "done", planned: 1, filter: "{}", undone_by: null };
  const times = { made_at: 1, made_by: "a@example.com", started_at: 1, ended_at: 1, archive_expires: 2 };
  state().sqlite.now(
    state()
      .db.insertInto("actions")
      .values({ ...row, ...times, archive_deleted_at: null, undoable: 1, archive_messages: 1 }),
  );
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "ok",
    (error: { code?: string }) => error.code,
  );

test("an archive is deleted or undone, never both, whichever was asked first", async () => {
  purged("a1");
  const [undone, deleted] = [undoAction("a1", "x@example.com"), removeArchive("mx", "a1", "y@example.com")];
  expect([await codeOf(undone), await codeOf(deleted)]).toEqual(["ok", "conflict"]);
  expect(findAction(state(), "a1")).toMatchObject({ state: "undoing", archive_deleted_at: null });
  purged("a2");
  const [gone, late] = [removeArchive("mx", "a2", "y@example.com"), undoAction("a2", "x@example.com")];
  // There is no host here: deleting gets as far as asking it.
  expect([await codeOf(gone), await codeOf(late)]).toEqual(["not_found", "conflict"]);
  expect(findAction(state(), "a2")).toMatchObject({ state: "done", undoable: 0 });
});
