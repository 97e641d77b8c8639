-- Facts that are only printed (release/extras.py) need no column each.

ALTER TABLE package ADD COLUMN extras TEXT NOT NULL DEFAULT '[]';  -- JSON list of [name, value]
