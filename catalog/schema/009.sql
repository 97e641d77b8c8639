-- The plate of a package: a small picture for lists and pages, drawn with its card.

ALTER TABLE card ADD COLUMN plate TEXT NOT NULL DEFAULT '';  -- digest of an SVG; '' when not drawn
CREATE INDEX card_by_plate ON card (plate);

-- Plates that a package has had; they stay while a kept release, or another package, has them.
CREATE TABLE retired_plate (
  digest     TEXT PRIMARY KEY,
  retired_at INTEGER NOT NULL
) WITHOUT ROWID;
