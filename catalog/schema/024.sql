-- Advisories of the operator's feed, by package and number.

CREATE TABLE advisory (
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  advisory   TEXT    NOT NULL,  -- its id
  facts      TEXT    NOT NULL,  -- JSON as Composer reads it
  PRIMARY KEY (package_id, advisory)
) WITHOUT ROWID;
