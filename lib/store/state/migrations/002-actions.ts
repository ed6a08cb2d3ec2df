import "server-only";

/**
 * Plans and what became of them. The items carry a message's identity (instance, id, arrival, size, sender, account) and
 * are keyed by their place in the plan, so that a run goes through them in slices and resumes at any.
 */
export const actions = `
CREATE TABLE plans (
  id TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  action TEXT NOT NULL,
  filter TEXT NOT NULL,
  messages INTEGER NOT NULL,
  recipients INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  summary TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  expires INTEGER NOT NULL,
  complete INTEGER NOT NULL DEFAULT 0,
  used_by TEXT
);
CREATE INDEX plans_expires ON plans (expires);
CREATE TABLE plan_items (
  plan TEXT NOT NULL,
  n INTEGER NOT NULL,
  instance TEXT NOT NULL,
  id TEXT NOT NULL,
  queue TEXT NOT NULL,
  arrival INTEGER NOT NULL,
  size INTEGER NOT NULL,
  sender TEXT NOT NULL,
  account TEXT,
  client TEXT,
  recipients INTEGER NOT NULL,
  PRIMARY KEY (plan, n)
) WITHOUT ROWID;
CREATE TABLE actions (
  id TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  kind TEXT NOT NULL,
  plan TEXT,
  state TEXT NOT NULL,
  stage TEXT,
  planned INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  arrived_later INTEGER,
  filter TEXT NOT NULL,
  reason TEXT,
  problem TEXT,
  made_at INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  undone_at INTEGER,
  undone_by TEXT,
  undoable INTEGER NOT NULL DEFAULT 0,
  archive_messages INTEGER NOT NULL DEFAULT 0,
  archive_bytes INTEGER NOT NULL DEFAULT 0,
  archive_expires INTEGER,
  archive_deleted_at INTEGER,
  detail TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX actions_made ON actions (made_at);
CREATE INDEX actions_host ON actions (host, made_at);
CREATE INDEX actions_open ON actions (state) WHERE state IN ('waiting', 'running', 'undoing');
CREATE TABLE action_items (
  action TEXT NOT NULL,
  n INTEGER NOT NULL,
  instance TEXT NOT NULL,
  id TEXT NOT NULL,
  queue TEXT NOT NULL,
  arrival INTEGER NOT NULL,
  size INTEGER NOT NULL,
  sender TEXT NOT NULL,
  account TEXT,
  stage TEXT,
  inode TEXT,
  sha256 TEXT,
  outcome TEXT,
  new_id TEXT,
  said TEXT,
  PRIMARY KEY (action, n)
) WITHOUT ROWID;
CREATE TABLE standing (
  id TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  filter TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,
  made_by TEXT NOT NULL,
  held INTEGER NOT NULL DEFAULT 0,
  problem TEXT,
  ended_at INTEGER,
  ended_by TEXT
);
CREATE TABLE suspensions (
  host TEXT NOT NULL,
  account TEXT NOT NULL,
  mode TEXT NOT NULL,
  since INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  reason TEXT,
  detail TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (host, account)
) WITHOUT ROWID;
CREATE TABLE brakes (
  host TEXT NOT NULL,
  kind TEXT NOT NULL,
  since INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  undo TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (host, kind)
) WITHOUT ROWID;
`;
