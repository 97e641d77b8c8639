-- Commits into the tags of a plugin, as far as the log told of them.

ALTER TABLE package ADD COLUMN tag_commits TEXT NOT NULL DEFAULT '[]';
  -- JSON list of [tag, first, last]: each a list of revision and Unix seconds (null: no date)
