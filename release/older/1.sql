-- Gives a site.db of schema 1 the form of the newest: views of this connection alone, which stand
-- before the file's own tables of the same names. Nothing is written; SQLite folds a view into the
-- query that uses it, so that the file's indexes serve as before.

-- Schema 1 called WordPress.org's figure `installs`, and the installs by Composer `downloads`. It
-- did not say what is offered: the announced version where there is such a tag, else the newest
-- one; of trunk nothing is known. It had no plates. It did not say whose a package is but where the
-- author's link did: an author's page has its address by the printed name, and no other leads there.
CREATE TEMP VIEW package AS
SELECT
  id, type, slug, name, description, version, author, author_url, author_key, '' AS author_alias,
  homepage,
  installs AS active_installs,
  updated, requires, tested, requires_php, '[]' AS requires_plugins, php, tags, withdrawn_at, closure,
  card, card_alt, card_width, card_height, card_own,
  '' AS plate,
  downloads AS installs,
  '[]' AS extras,
  CASE
    WHEN NOT EXISTS (SELECT 1 FROM main.metadata WHERE package_id = older.id) THEN 'none'
    WHEN EXISTS (
      SELECT 1 FROM main.version AS one
      WHERE package_id = older.id AND why_not = '' AND older.version IN (one.version, one.raw)
    ) THEN 'announced'
    WHEN EXISTS (SELECT 1 FROM main.version AS one WHERE package_id = older.id AND why_not = '')
      THEN 'older'
    ELSE 'none'
  END AS offer,
  coalesce(
    (
      SELECT one.version FROM main.version AS one
      WHERE package_id = older.id AND why_not = '' AND older.version IN (one.version, one.raw)
      ORDER BY position LIMIT 1
    ),
    (
      SELECT one.version FROM main.version AS one WHERE package_id = older.id AND why_not = ''
      ORDER BY position LIMIT 1
    ),
    version
  ) AS offer_version,
  iif(
    closure IS NULL
      AND EXISTS (SELECT 1 FROM main.metadata WHERE package_id = older.id)
      AND EXISTS (SELECT 1 FROM main.version AS one WHERE package_id = older.id AND why_not = ''),
    'composer require wp-' || type || '/' || slug,
    ''
  ) AS offer_command,
  iif(
    EXISTS (
      SELECT 1 FROM main.version AS one
      WHERE package_id = older.id AND why_not = '' AND older.version IN (one.version, one.raw)
    ),
    '',
    'The announced version has no tag that Composer can install.'
  ) AS offer_why,
  0 AS offer_trunk,
  EXISTS (
    SELECT 1 FROM main.version AS one
    WHERE package_id = older.id AND url GLOB 'https://downloads.wordpress.org/*'
  ) AS wordpress_org,
  type = 'plugin' AND EXISTS (
    SELECT 1 FROM main.version AS one
    WHERE package_id = older.id AND why_not GLOB 'There is no tag *; only trunk holds it.'
  ) AS untagged
FROM main.package AS older;

-- It did not say since when a version stands here, nor whether it was changed after its release.
CREATE TEMP VIEW version AS
SELECT package_id, position, version, raw, url, '' AS sha256, 0 AS untagged, released, NULL AS published,
  NULL AS revision, NULL AS changed, '' AS advisories, php, why_not
FROM main.version;

-- It knew of the packages that are closed, and when; not which had been, nor what belongs together.
CREATE TEMP VIEW event AS
SELECT
  package_id, history.closed AS at, 'closed' AS kind, closure, author_key,
  package_id || '-' || history.closed || '-closed' AS news
FROM main.history CROSS JOIN main.package ON id = package_id WHERE history.closed IS NOT NULL;
CREATE TEMP VIEW news AS
SELECT package_id || '-' || closed || '-closed' AS id, closed AS at
FROM main.history WHERE closed IS NOT NULL;

-- It knew of no advisories.
CREATE TEMP VIEW advisory AS
SELECT
  0 AS package_id, '' AS id, '' AS title, '' AS link, '' AS cve, '' AS severity, '' AS affected,
  '' AS reported
WHERE 0;
-- It had one card for all authors, and one for all tags.
CREATE TEMP VIEW page_card AS
SELECT '' AS page, '' AS card, '' AS alt, 0 AS width, 0 AS height WHERE 0;

-- Nor of changelogs.
CREATE TEMP VIEW changelog AS SELECT 0 AS package_id, '' AS html, '' AS versions WHERE 0;
