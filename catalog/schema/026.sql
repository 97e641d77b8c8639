-- Zips that are kept: under its version each stays for ever, whatever is served elsewhere.

CREATE TABLE zip (
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  raw        TEXT    NOT NULL,  -- the version as its source writes it
  sha256     TEXT    NOT NULL,
  sha1       TEXT    NOT NULL,  -- what Composer checks
  bytes      INTEGER NOT NULL,
  contents   TEXT    NOT NULL,  -- digest of the names, sizes and checksums of its files
  origin     TEXT    NOT NULL,  -- the address that it was taken from
  kept_at    INTEGER NOT NULL,  -- Unix seconds
  seal       TEXT    NOT NULL,  -- its address and the time of its last change when they were last compared
  looked_in  INTEGER NOT NULL,  -- the generation of the package's facts at that time
  PRIMARY KEY (package_id, raw)
) WITHOUT ROWID;

-- Zips that were asked for and not kept, or not compared.
CREATE TABLE zip_failure (
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  raw        TEXT    NOT NULL,
  due_at     INTEGER NOT NULL,  -- Unix seconds
  failures   INTEGER NOT NULL,  -- times on end
  reason     TEXT    NOT NULL,
  PRIMARY KEY (package_id, raw)
) WITHOUT ROWID;

-- Other contents that are served as a version of which a zip is kept: never taken, but told.
CREATE TABLE zip_difference (
  package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
  raw        TEXT    NOT NULL,
  contents   TEXT    NOT NULL,  -- as of a zip
  origin     TEXT    NOT NULL,
  noticed    INTEGER NOT NULL,  -- Unix seconds
  PRIMARY KEY (package_id, raw)
) WITHOUT ROWID;

-- Plugins of which only trunk holds the announced version: few of all, and asked for in every run.
CREATE INDEX metadata_untagged ON metadata (package_id) WHERE instr(offer, '"untagged": true');
