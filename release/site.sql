-- A published release: one file, written once by deploy and never again.
-- The server reads this user_version and those of older/, whose files give them this form.
PRAGMA user_version = 3;

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
  author_key   TEXT    NOT NULL,  -- the author's page is /authors/<this>: the account on
                                  -- wordpress.org, else the printed name; '' without an author
  author_alias TEXT    NOT NULL,  -- /authors/<this> leads there: the printed name; '' if the same
  homepage     TEXT    NOT NULL,  -- http(s) or ''
  active_installs INTEGER,        -- WordPress.org's figure, a lower bound; NULL when unknown
  updated      INTEGER,           -- Unix seconds, UTC; NULL when unknown
  requires     TEXT    NOT NULL,  -- lowest WordPress version; '' when unknown
  tested       TEXT    NOT NULL,  -- highest WordPress version it was tried with; ''
  requires_php TEXT    NOT NULL,  -- as the author writes it; ''
  requires_plugins TEXT NOT NULL, -- JSON list of the slugs of plugins that it needs
  php          INTEGER NOT NULL,  -- the same to compare, 704 for 7.4; 0 when unknown
  tags         TEXT    NOT NULL,  -- JSON list
  withdrawn_at INTEGER,           -- Unix seconds: since when the source lacks it, or it is closed
                                  -- for good; NULL while it is listed
  closure      TEXT,              -- JSON [date, reason, words, permanent]; NULL while it is open
  card         TEXT    NOT NULL,  -- fingerprint of a PNG in store/og
  card_alt     TEXT    NOT NULL,
  card_width   INTEGER NOT NULL,  -- pixels, read from the PNG itself
  card_height  INTEGER NOT NULL,
  card_own     INTEGER NOT NULL,  -- 0: this is the site's default card
  plate        TEXT    NOT NULL,  -- digest of an SVG in store/plates; '' when there is none
  installs     INTEGER NOT NULL DEFAULT 0,  -- by Composer, all that were ever counted
  extras       TEXT    NOT NULL,  -- JSON list of [name, value]: see extras.py
  -- What one gets, and everything prints: see catalog/composer/offer.py.
  offer        TEXT    NOT NULL CHECK (offer IN ('announced', 'tag', 'trunk', 'older', 'none')),
  offer_version TEXT   NOT NULL,  -- as printed: '1.0', '8.0 (trunk)'; '' when there is none
  offer_command TEXT   NOT NULL,  -- what installs exactly that; '' when nothing does, or should
  offer_why    TEXT    NOT NULL,  -- why it is not the announced version, in sentences; ''
  offer_trunk  INTEGER NOT NULL,  -- 1: dev-trunk can be asked for
  wordpress_org INTEGER NOT NULL, -- 1: it lives at WordPress.org
  untagged     INTEGER NOT NULL,  -- 1: of the announced version of this plugin there is no tag
  UNIQUE (type, slug)
);
-- Lists of the open and of the closed packages, in each order, and what they are counted by: all
-- that a list is sifted by is in its index, so that rows are read of the page that is shown only.
CREATE INDEX package_by_installs ON package (active_installs DESC, slug, type, php, updated, offer)
  WHERE withdrawn_at IS NULL AND closure IS NULL;
CREATE INDEX package_by_updated  ON package (updated DESC, slug, type, php, offer)
  WHERE withdrawn_at IS NULL AND closure IS NULL;
CREATE INDEX package_by_name     ON package (name COLLATE NOCASE, slug, type, php, updated, offer)
  WHERE withdrawn_at IS NULL AND closure IS NULL;
CREATE INDEX package_by_composer ON package (installs DESC, slug, type, php, updated, offer)
  WHERE withdrawn_at IS NULL AND closure IS NULL;
CREATE INDEX package_open        ON package (type, php, updated, offer)
  WHERE withdrawn_at IS NULL AND closure IS NULL;
CREATE INDEX closed_by_installs  ON package (active_installs DESC, slug, type, php, updated)
  WHERE withdrawn_at IS NULL AND closure IS NOT NULL;
CREATE INDEX closed_by_updated   ON package (updated DESC, slug, type, php)
  WHERE withdrawn_at IS NULL AND closure IS NOT NULL;
CREATE INDEX closed_by_name      ON package (name COLLATE NOCASE, slug, type, php, updated)
  WHERE withdrawn_at IS NULL AND closure IS NOT NULL;
CREATE INDEX closed_by_composer  ON package (installs DESC, slug, type, php, updated)
  WHERE withdrawn_at IS NULL AND closure IS NOT NULL;
CREATE INDEX package_closed      ON package (type, php, updated)
  WHERE withdrawn_at IS NULL AND closure IS NOT NULL;
CREATE INDEX package_cardless    ON package (slug) WHERE withdrawn_at IS NULL AND NOT card_own;
CREATE INDEX package_not_offered ON package (id) WHERE offer = 'none';
CREATE INDEX package_trunk       ON package (active_installs DESC, slug) WHERE offer_trunk;
CREATE INDEX package_untagged    ON package (active_installs DESC, slug)
  WHERE untagged AND withdrawn_at IS NULL AND closure IS NULL;
CREATE INDEX package_untagged_by ON package (author_key, active_installs)
  WHERE untagged AND withdrawn_at IS NULL AND closure IS NULL;
CREATE INDEX package_by_card     ON package (card);
CREATE INDEX package_by_author
  ON package (author_key, active_installs DESC, slug, withdrawn_at, updated, closure);
CREATE INDEX package_by_alias    ON package (author_alias) WHERE author_alias <> '';

-- The cards of authors and tags that have one of their own; the others have that of their kind.
CREATE TABLE page_card (
  page   TEXT PRIMARY KEY,        -- authors/<author_key>, tags/<tag>
  card   TEXT    NOT NULL,        -- fingerprint of a PNG in store/og
  alt    TEXT    NOT NULL,
  width  INTEGER NOT NULL,        -- pixels
  height INTEGER NOT NULL
) WITHOUT ROWID;

-- When things happened to a package here, in Unix seconds.
CREATE TABLE history (
  package_id INTEGER PRIMARY KEY REFERENCES package (id) ON DELETE CASCADE,
  added      INTEGER NOT NULL,    -- first seen
  changed    INTEGER NOT NULL,    -- its page, card included, is as it is since
  closed     INTEGER              -- closed, or known to be; NULL while it is open
);
CREATE INDEX history_by_added  ON history (added DESC, package_id DESC);
CREATE INDEX history_by_closed ON history (closed DESC, package_id DESC) WHERE closed IS NOT NULL;

-- What happened to packages, and how it is told: events that belong together are one piece of news.
CREATE TABLE event (
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  at         INTEGER NOT NULL,    -- Unix seconds: the day that the source names, or when it was seen
  kind       TEXT    NOT NULL CHECK (kind IN ('closed', 'reopened')),
  closure    TEXT    NOT NULL,    -- JSON as in package; of 'reopened' the one that ended
  author_key TEXT    NOT NULL,    -- as in package
  news       TEXT    NOT NULL,    -- the piece of news that it belongs to
  PRIMARY KEY (package_id, at, kind)
) WITHOUT ROWID;
CREATE INDEX event_by_author ON event (author_key, at);
CREATE INDEX event_by_news   ON event (news, at);
CREATE TABLE news (
  id TEXT    PRIMARY KEY,         -- of its first event: '7-1790000000-closed'
  at INTEGER NOT NULL             -- of its last event
) WITHOUT ROWID;
CREATE INDEX news_by_time ON news (at DESC, id DESC);

-- Which open packages bear a tag, the most installed first.
CREATE TABLE tag (
  tag        TEXT    NOT NULL,    -- the tag's page is /tags/<this>
  rank       INTEGER NOT NULL,    -- active_installs, negated
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  label      TEXT    NOT NULL,    -- as its author writes it
  PRIMARY KEY (tag, rank, package_id)
) WITHOUT ROWID;
CREATE INDEX tag_by_package ON tag (package_id);

CREATE TABLE version (
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,    -- newest first, from 0; those not published come after
  version    TEXT    NOT NULL,    -- as published, or as the source writes it
  raw        TEXT    NOT NULL,    -- as the source writes it: the name of its tag
  url        TEXT    NOT NULL,    -- of its zip; '' when there is none
  sha256     TEXT    NOT NULL,    -- of its zip, if that is kept here; '' if not
  untagged   INTEGER NOT NULL,    -- 1: it was announced without a tag; only the zip holds it
  released   INTEGER,             -- Unix seconds; NULL when unknown
  published  INTEGER,             -- Unix seconds since when it stands here; NULL when unknown
  revision   INTEGER,             -- Subversion's, that changed it after its release; NULL: none did
  changed    INTEGER,             -- Unix seconds of that
  advisories TEXT    NOT NULL,    -- ids of those that affect it, with blanks between; '' for none
  php        TEXT    NOT NULL,    -- lowest PHP version; '' when unknown
  why_not    TEXT    NOT NULL,    -- why it is not published, a sentence; '' when it is
  PRIMARY KEY (package_id, position)
) WITHOUT ROWID;
CREATE INDEX version_untagged ON version (package_id) WHERE untagged;
CREATE INDEX version_kept     ON version (package_id, sha256) WHERE sha256 <> '';

-- Advisories of the operator's feed.
CREATE TABLE advisory (
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  id         TEXT    NOT NULL,
  title      TEXT    NOT NULL,
  link       TEXT    NOT NULL,    -- http(s) or ''
  cve        TEXT    NOT NULL,    -- CVE-2026-1234 or ''
  severity   TEXT    NOT NULL,    -- 'none', 'low', 'medium', 'high', 'critical' or ''
  affected   TEXT    NOT NULL,    -- a range as Composer reads it
  reported   TEXT    NOT NULL,    -- RFC 3339
  PRIMARY KEY (package_id, id)
) WITHOUT ROWID;

-- Changelogs, where they were asked for.
CREATE TABLE changelog (
  package_id INTEGER PRIMARY KEY REFERENCES package (id) ON DELETE CASCADE,
  html       TEXT NOT NULL,       -- cleaned: see publish/site/changelogs.py
  versions   TEXT NOT NULL        -- those with an id in it (v1-2 for 1.2), with blanks between
);

-- Installs by Composer; package 0 is all packages together. meta.installs_until tells the Unix
-- seconds of the newest one counted, '' when there is none.
CREATE TABLE install_day (
  package_id INTEGER NOT NULL,
  day        INTEGER NOT NULL,    -- days since 1970-01-01, UTC; the last thirty
  count      INTEGER NOT NULL,
  PRIMARY KEY (package_id, day)
) WITHOUT ROWID;
CREATE TABLE install_month (
  package_id INTEGER NOT NULL,
  month      INTEGER NOT NULL,    -- 202611: November 2026, UTC
  count      INTEGER NOT NULL,
  PRIMARY KEY (package_id, month)
) WITHOUT ROWID;
CREATE TABLE install_version (
  package_id INTEGER NOT NULL,
  version    TEXT    NOT NULL,    -- as published; '' for those that there are not any more
  count      INTEGER NOT NULL,
  PRIMARY KEY (package_id, version)
) WITHOUT ROWID;

-- What Composer reads of a package; nginx serves copies of it from store/p2.
CREATE TABLE metadata (
  package_id INTEGER PRIMARY KEY REFERENCES package (id) ON DELETE CASCADE,
  name       TEXT    NOT NULL UNIQUE,  -- wp-plugin/akismet
  main       BLOB    NOT NULL,         -- gzip of p2/<name>.json
  dev        BLOB    NOT NULL          -- gzip of p2/<name>~dev.json
);

-- What changed in store/p2, for mirrors; older entries than a few days are gone.
CREATE TABLE change (
  stamp  INTEGER NOT NULL,        -- 1/10,000 s since 1970: when the release was made
  name   TEXT    NOT NULL,        -- wp-plugin/akismet or wp-plugin/akismet~dev
  action TEXT    NOT NULL CHECK (action IN ('update', 'delete')),
  PRIMARY KEY (stamp, name)
) WITHOUT ROWID;

-- The search holds the listed packages, closed ones too; publish/site/search.py writes it. A rowid
-- is the package's rank (release/rank.py), so that the most installed are found first; the terms
-- (release/terms.py) are not kept, and each prefix has an index of its own.
CREATE VIRTUAL TABLE search USING fts5 (  -- everything that is told of a package
  terms, content = '', detail = none, columnsize = 0,
  tokenize = "ascii tokenchars '+#'", prefix = '1 2 3 4 5 6 7 8 9 10 11'
);
CREATE VIRTUAL TABLE search_name USING fts5 (  -- names and slugs alone
  terms, content = '', detail = none, columnsize = 0,
  tokenize = "ascii tokenchars '+#'", prefix = '1 2 3 4 5 6 7 8 9 10 11'
);

-- Names and slugs without blanks: contactform7.
CREATE TABLE search_key (
  key  TEXT    NOT NULL,
  rank INTEGER NOT NULL,
  PRIMARY KEY (key, rank)
) WITHOUT ROWID;

-- The words of names, and each under the beginnings that a mistyped one may share with it.
CREATE TABLE search_word (
  word     TEXT    PRIMARY KEY,
  packages INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE search_near (
  part TEXT NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (part, word)
) WITHOUT ROWID;
