-- What a package's own header says besides: its licence, and the plugins that it needs.

ALTER TABLE package ADD COLUMN license TEXT NOT NULL DEFAULT '';
ALTER TABLE package ADD COLUMN requires_plugins TEXT NOT NULL DEFAULT '[]';  -- JSON list of slugs
