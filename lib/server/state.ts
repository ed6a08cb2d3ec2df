import "server-only";
import { join } from "node:path";
import { openState, type State } from "../store/state/open";
import { env } from "./env";
import { singleton } from "./singleton";

const held = () => singleton("state", () => ({ open: null as State | null }));

/** The state store, opened at its first use. Throws StoreError where the file cannot be used. */
export function state(): State {
  const slot = held();
  slot.open ??= openState(join(env().dataDir, "sluice.db"));
  return slot.open;
}

/** Closes the file: what was committed stays, the next use opens it again. */
export function closeState(): void {
  const slot = held();
  slot.open?.close();
  slot.open = null;
}
