-- One word, one thing: active installs are WordPress.org's figure, installs are Composer's.

ALTER TABLE package RENAME COLUMN installs  TO active_installs;
ALTER TABLE package RENAME COLUMN downloads TO installs;
