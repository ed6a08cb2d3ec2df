import "server-only";

/**
 * What Sluice put on hold beside its actions' own items (standing holds, quarantine by the access table, what a brake
 * left to them), so that lifting lets go exactly that and nothing that an admin held by hand.
 */
export const held = `
CREATE TABLE held (
  host TEXT NOT NULL,
  instance TEXT NOT NULL,
  id TEXT NOT NULL,
  arrival INTEGER NOT NULL,
  account TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (host, instance, id, arrival)
) WITHOUT ROWID;
CREATE INDEX held_account ON held (host, account);
CREATE TABLE quarantines (
  host TEXT NOT NULL,
  account TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (host, account, since)
) WITHOUT ROWID;
CREATE TABLE lifts (
  host TEXT NOT NULL,
  account TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (host, account)
) WITHOUT ROWID;
`;
