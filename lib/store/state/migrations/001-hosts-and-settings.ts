import "server-only";

/** Times are ms since the epoch everywhere; *_by is the e-mail address of an admin. */
export const hostsAndSettings = `
CREATE TABLE hosts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  port INTEGER NOT NULL,
  user TEXT NOT NULL,
  made_key TEXT REFERENCES made_keys (id),
  key_path TEXT,
  host_key TEXT NOT NULL,
  log TEXT,
  locked_down INTEGER NOT NULL DEFAULT 0,
  added_at INTEGER NOT NULL,
  added_by TEXT NOT NULL,
  CHECK ((made_key IS NULL) <> (key_path IS NULL))
);
CREATE TABLE made_keys (
  id TEXT PRIMARY KEY,
  public_key TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  made_by TEXT NOT NULL
);
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE setup_tokens (hash TEXT PRIMARY KEY, made_at INTEGER NOT NULL);
CREATE TABLE queue_history (
  host TEXT NOT NULL,
  at INTEGER NOT NULL,
  maildrop INTEGER NOT NULL,
  incoming INTEGER NOT NULL,
  active INTEGER NOT NULL,
  deferred INTEGER NOT NULL,
  hold INTEGER NOT NULL,
  corrupt INTEGER NOT NULL,
  PRIMARY KEY (host, at)
) WITHOUT ROWID;
`;
