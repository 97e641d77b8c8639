-- The write side's memory. Only the holder of DATA/lock writes here.
-- Every change of what is published raises `generation` and stamps it on the package's `changed_in`,
-- so that a release is made from the one before it and the few packages stamped since.

CREATE TABLE state (
  key   TEXT PRIMARY KEY,  -- generation, source_digest
  value NOT NULL
) WITHOUT ROWID;
INSERT INTO state VALUES ('generation', 0);

CREATE TABLE package (
  id           INTEGER PRIMARY KEY,
  type         TEXT NOT NULL CHECK (type IN ('plugin', 'theme')),
  slug         TEXT NOT NULL,
  name         TEXT NOT NULL,
  description  TEXT NOT NULL,
  version      TEXT NOT NULL,
  author       TEXT NOT NULL,
  author_url   TEXT NOT NULL,
  homepage     TEXT NOT NULL,
  installs     INTEGER,           -- a lower bound; NULL when unknown
  updated      INTEGER,           -- Unix seconds, UTC; NULL when unknown
  requires     TEXT NOT NULL,
  tested       TEXT NOT NULL,
  requires_php TEXT NOT NULL,
  tags         TEXT NOT NULL,     -- JSON list
  versions     TEXT NOT NULL,     -- JSON list of [raw version, zip URL], in the source's order
  download_link TEXT NOT NULL,    -- its file name tells the stable tag
  revision     INTEGER,           -- Subversion's, of the last change
  closure      TEXT,              -- JSON [date, reason, words, permanent]; NULL while it is open
  closed_at    INTEGER,           -- Unix seconds when the closure was first seen here
  withdrawn_at INTEGER,           -- Unix seconds; NULL while the source has it
  line_digest  BLOB NOT NULL,     -- of the source line last read: an equal line needs no reading
  changed_in   INTEGER NOT NULL,  -- generation of the last published change, its card included
  facts_in     INTEGER NOT NULL,  -- generation of the last change of its facts
  changed_at   INTEGER NOT NULL,  -- Unix seconds of the last change of its facts
  UNIQUE (type, slug)
);
CREATE INDEX package_by_change ON package (changed_in);

-- What Composer reads of a package, made again when its facts change.
CREATE TABLE metadata (
  package_id INTEGER PRIMARY KEY REFERENCES package (id) ON DELETE CASCADE,
  facts_in   INTEGER NOT NULL,    -- the package's, when this was made
  settings   TEXT NOT NULL,       -- digest of how it was made
  name       TEXT NOT NULL,       -- wp-plugin/akismet; '' when Composer forbids the name
  main       BLOB NOT NULL,       -- gzip of p2/<name>.json
  dev        BLOB NOT NULL,       -- gzip of p2/<name>~dev.json
  versions   TEXT NOT NULL,       -- JSON list of [raw, published or '', time, php, rule]
  known      TEXT NOT NULL        -- JSON: raw version -> [time, php], learnt while it was current
);

-- The card a package has: what is printed on it, and the file in the store.
CREATE TABLE card (
  package_id  INTEGER PRIMARY KEY REFERENCES package (id) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL,
  facts       TEXT NOT NULL,      -- JSON of the Card as drawn
  alt         TEXT NOT NULL,
  width       INTEGER NOT NULL,   -- pixels, read from the PNG itself
  height      INTEGER NOT NULL,
  drawn_at    INTEGER NOT NULL
);
CREATE INDEX card_by_fingerprint ON card (fingerprint);

-- Cards of pages that are no package; 'default' stands in for a card that failed.
CREATE TABLE page_card (
  page        TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  facts       TEXT NOT NULL,
  alt         TEXT NOT NULL,
  width       INTEGER NOT NULL,
  height      INTEGER NOT NULL,
  drawn_at    INTEGER NOT NULL
) WITHOUT ROWID;

-- Cards that would not be drawn: named, and tried again by the next run.
CREATE TABLE card_failure (
  package_id INTEGER PRIMARY KEY REFERENCES package (id) ON DELETE CASCADE,
  error      TEXT NOT NULL,
  failed_at  INTEGER NOT NULL
);

-- Cards that a newer one has replaced: shares made before still show them, so they stay a while.
CREATE TABLE retired_card (
  fingerprint TEXT PRIMARY KEY,
  retired_at  INTEGER NOT NULL
) WITHOUT ROWID;

-- Lines of the source that were refused by the last build.
CREATE TABLE reject (
  digest  BLOB PRIMARY KEY,
  source  TEXT NOT NULL,
  line    INTEGER NOT NULL,
  reason  TEXT NOT NULL,
  size    INTEGER NOT NULL,       -- bytes of the whole line
  excerpt TEXT NOT NULL           -- its beginning
);

-- Runs that changed something or failed; a run with nothing to do leaves no row.
CREATE TABLE run (
  id         INTEGER PRIMARY KEY,
  steps      TEXT NOT NULL,       -- JSON: [{"step", "seconds", "exit", counts…}]
  started_at INTEGER NOT NULL,
  seconds    REAL NOT NULL,
  exit_code  INTEGER NOT NULL
);
