-- What happened to packages: closed, and opened again. Closures from before this was noted begin it.

CREATE TABLE event (
  id         INTEGER PRIMARY KEY,
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  kind       TEXT    NOT NULL CHECK (kind IN ('closed', 'reopened')),
  noticed    INTEGER NOT NULL,  -- Unix seconds when it was seen here
  closure    TEXT    NOT NULL   -- JSON [date, reason, words, permanent], of 'reopened' the one that ended
);
CREATE INDEX event_by_package ON event (package_id, id);
INSERT INTO event (package_id, kind, noticed, closure)
SELECT id, 'closed', ifnull(closed_at, changed_at), closure FROM package
WHERE closure IS NOT NULL ORDER BY closed_at, id;
