import "server-only";
import { singleton } from "./singleton";

const state = singleton("ready", () => ({ up: false }));

/** True once every part that runs beside the calls has started. */
export const ready = (): boolean => state.up;
export const nowReady = (): void => {
  state.up = true;
};
