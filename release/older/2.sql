-- Gives a site.db of schema 2 the form of the newest, as 1.sql does for schema 1.

-- It kept no zips.
CREATE TEMP VIEW version AS
SELECT package_id, position, version, raw, url, '' AS sha256, 0 AS untagged, released, published,
  revision, changed, advisories, php, why_not
FROM main.version;
