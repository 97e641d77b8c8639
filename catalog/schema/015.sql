-- A package's own picture: where its record says it is, and how far it was asked for and prepared.

CREATE TABLE picture (
  package_id INTEGER PRIMARY KEY REFERENCES package (id) ON DELETE CASCADE,
  addresses  TEXT NOT NULL,              -- JSON list, the best first
  local      INTEGER NOT NULL,           -- 1: they are paths beside the source file
  due_at     INTEGER,                    -- Unix seconds; NULL when there is nothing to ask for
  digest     TEXT NOT NULL DEFAULT '',   -- of the prepared picture in the store; '' without one
  address    TEXT NOT NULL DEFAULT '',   -- what it was prepared from
  etag       TEXT NOT NULL DEFAULT '',   -- as it was answered; of a file its size and times
  modified   TEXT NOT NULL DEFAULT '',
  asked_at   INTEGER,                    -- Unix seconds of the last answer
  failures   INTEGER NOT NULL DEFAULT 0, -- times on end that there was no answer
  reason     TEXT NOT NULL DEFAULT '',   -- why there is none, or none that is newer
  redraw     INTEGER NOT NULL DEFAULT 0  -- 1 until the card was compared with what it should show
);
CREATE INDEX picture_by_due    ON picture (local, due_at);
CREATE INDEX picture_to_redraw ON picture (package_id) WHERE redraw;

-- Prepared pictures that another one has replaced: their files go after the days of grace.
CREATE TABLE picture_retired (
  digest     TEXT PRIMARY KEY,
  retired_at INTEGER NOT NULL            -- Unix seconds
) WITHOUT ROWID;
