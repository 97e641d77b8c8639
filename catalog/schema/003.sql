-- When a package was first seen here, for the list of new ones.

ALTER TABLE package ADD COLUMN first_seen INTEGER NOT NULL DEFAULT 0;  -- Unix seconds
UPDATE package SET first_seen = changed_at;
