import "server-only";
import { type Settings, settings as schema } from "../api/contract";
import { storedSettings, storeSettings } from "../store/state/settings";
import { audit } from "./audit";
import { state } from "./state";

export const defaultSettings: Settings = {
  ownDomains: [],
  aliases: {},
  historyDays: 90,
  archiveDays: 14,
  typedAbove: 100,
  mailboxLink: null,
  thresholds: {},
};

const partial = schema.partial();

/** What an admin set, over the defaults. */
export function settings(): Settings {
  const stored = storedSettings(state());
  const known = Object.fromEntries(
    Object.keys(defaultSettings).flatMap((key) => (key in stored ? [[key, stored[key]]] : [])),
  );
  const read = partial.safeParse(known);
  return { ...defaultSettings, ...(read.success ? read.data : {}) };
}

/** Changes what is given, all or nothing, and says so in the audit trail. */
export async function changeSettings(change: Partial<Settings>, by: string): Promise<Settings> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  await audit(by, null, "settings changed", given);
  storeSettings(state(), given);
  return settings();
}
