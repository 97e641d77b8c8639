-- A plugin's changelog as the API gives it, markup and all; '' where it was not asked for.

ALTER TABLE package ADD COLUMN changelog TEXT NOT NULL DEFAULT '';
