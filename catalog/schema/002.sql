-- Installs by Composer, counted from nginx's log: totals that stay, and what is needed for a day so
-- that nothing is counted twice. No address and no agent ever stands here.

ALTER TABLE package ADD COLUMN downloads INTEGER NOT NULL DEFAULT 0;  -- all that were ever counted

INSERT INTO state VALUES ('counted_until', 0);  -- Unix seconds of the newest install counted

CREATE TABLE install_day (
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  day        INTEGER NOT NULL,  -- days since 1970-01-01, UTC
  version    TEXT    NOT NULL,  -- as published; '' for one that there is not (any more)
  count      INTEGER NOT NULL,
  PRIMARY KEY (package_id, day, version)
) WITHOUT ROWID;

CREATE TABLE install_month (
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  month      INTEGER NOT NULL,  -- 202611: November 2026, UTC
  version    TEXT    NOT NULL,
  count      INTEGER NOT NULL,
  PRIMARY KEY (package_id, month, version)
) WITHOUT ROWID;

-- The months of packages whose new days are not yet in their months and totals.
CREATE TABLE install_due (
  month      INTEGER NOT NULL,
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  PRIMARY KEY (month, package_id)
) WITHOUT ROWID;

-- How far each rotated log has been counted: written in the transaction that holds the counts.
CREATE TABLE install_log (
  name   TEXT PRIMARY KEY,      -- a file's name, never used again
  offset INTEGER NOT NULL,      -- bytes
  lines  INTEGER NOT NULL
) WITHOUT ROWID;

-- A random key a day, and what was counted in each hour as a hash under that day's key, of address,
-- package and version together. When the key goes, nothing can be told from the hashes.
CREATE TABLE install_key (
  day INTEGER PRIMARY KEY,
  key BLOB NOT NULL
);
CREATE TABLE install_seen (
  hour INTEGER NOT NULL,        -- hours since 1970-01-01 00:00 UTC
  mark INTEGER NOT NULL,
  PRIMARY KEY (hour, mark)
) WITHOUT ROWID;
