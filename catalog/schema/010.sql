-- Several sources in one run: each is remembered with what it offers, so that one that did not change
-- need not be read again, and none withdraws what another has.

CREATE TABLE source (
  id    INTEGER PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE,  -- as it was asked for
  place INTEGER NOT NULL,      -- in the order of the last run; what two offer is taken from the first
  seal  TEXT NOT NULL          -- of its content as last taken; '': to be read again
);

-- What the sources of the last run offer. The package's facts are those of the row without a digest.
CREATE TABLE offered (
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  source_id  INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
  shadowed   BLOB,             -- digest of the line, where a source listed before has the package, too
  PRIMARY KEY (package_id, source_id)
) WITHOUT ROWID;

DELETE FROM state WHERE key = 'source_taken';

-- The same line may be refused in two sources; what it is about stays as it was.
ALTER TABLE reject RENAME TO older_reject;
CREATE TABLE reject (
  source  TEXT NOT NULL,
  digest  BLOB NOT NULL,
  line    INTEGER NOT NULL,
  reason  TEXT NOT NULL,
  size    INTEGER NOT NULL,    -- bytes of the whole line
  excerpt TEXT NOT NULL,       -- its beginning
  slug    TEXT NOT NULL,       -- which the line names; '' if none
  PRIMARY KEY (source, digest)
) WITHOUT ROWID;
INSERT INTO reject SELECT source, digest, line, reason, size, excerpt, '' FROM older_reject;
DROP TABLE older_reject;
