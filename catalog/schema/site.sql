-- A published release: one file, written once by deploy and never again.
-- The server refuses any other user_version with a sentence.
PRAGMA user_version = 1;

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,  -- site_url, generation, inputs, packages, default_card, …
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE package (
  id           INTEGER PRIMARY KEY,
  type         TEXT    NOT NULL CHECK (type IN ('plugin', 'theme')),
  slug         TEXT    NOT NULL,
  name         TEXT    NOT NULL,  -- plain text, entities decoded
  description  TEXT    NOT NULL,  -- plain text, '' when there is none
  version      TEXT    NOT NULL,  -- '' when there is none
  author       TEXT    NOT NULL,
  author_url   TEXT    NOT NULL,  -- http(s) or ''
  homepage     TEXT    NOT NULL,  -- http(s) or ''
  installs     INTEGER,           -- a lower bound; NULL when unknown
  updated      INTEGER,           -- Unix seconds, UTC; NULL when unknown
  withdrawn_at INTEGER,           -- Unix seconds; NULL while it is listed
  card         TEXT    NOT NULL,  -- fingerprint of a PNG in store/og
  card_alt     TEXT    NOT NULL,
  card_width   INTEGER NOT NULL,  -- pixels, read from the PNG itself
  card_height  INTEGER NOT NULL,
  card_own     INTEGER NOT NULL,  -- 0: this is the site's default card
  UNIQUE (type, slug)
);
CREATE INDEX package_by_installs ON package (withdrawn_at, installs DESC, slug);
CREATE INDEX package_by_updated  ON package (withdrawn_at, updated DESC, slug);
CREATE INDEX package_by_name     ON package (withdrawn_at, name COLLATE NOCASE, slug);
CREATE INDEX package_by_card     ON package (card);

CREATE TABLE version (
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,    -- newest first, from 0
  version    TEXT    NOT NULL,    -- as the source writes it
  url        TEXT    NOT NULL,    -- of its zip
  PRIMARY KEY (package_id, position)
) WITHOUT ROWID;

-- rowid = package.id; only listed packages stand here.
CREATE VIRTUAL TABLE search USING fts5 (
  name, slug, author, description,
  tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
