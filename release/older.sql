-- Gives a site.db of schema 1 the form of the newest: views of this connection alone, which stand
-- before the file's own tables of the same names. Nothing is written; SQLite folds a view into the
-- query that uses it, so that the file's indexes serve as before.

-- Schema 1 called WordPress.org's figure `installs`, and the installs by Composer `downloads`.
CREATE TEMP VIEW package AS
SELECT
  id, type, slug, name, description, version, author, author_url, author_key, homepage,
  installs AS active_installs,
  updated, requires, tested, requires_php, php, tags, withdrawn_at, closure,
  card, card_alt, card_width, card_height, card_own,
  downloads AS installs
FROM main.package;
