import "server-only";

export const incidents = `
CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  account TEXT NOT NULL,
  at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  score REAL NOT NULL,
  verdict TEXT NOT NULL,
  sentences TEXT NOT NULL,
  findings TEXT NOT NULL DEFAULT '[]',
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  note TEXT
);
CREATE INDEX alerts_account ON alerts (host, account, last_at);
CREATE INDEX alerts_last ON alerts (last_at);
CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  closed_at INTEGER,
  closed_by TEXT,
  findings TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX incidents_account ON incidents (account, opened_at);
CREATE TABLE incident_notes (
  id INTEGER PRIMARY KEY,
  incident TEXT NOT NULL REFERENCES incidents (id),
  at INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX incident_notes_incident ON incident_notes (incident);
CREATE TABLE incident_links (
  incident TEXT NOT NULL REFERENCES incidents (id),
  kind TEXT NOT NULL CHECK (kind IN ('host', 'action', 'alert')),
  ref TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (incident, kind, ref)
) WITHOUT ROWID;
`;
