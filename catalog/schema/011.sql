-- Whose a package is: the account on wordpress.org. What the header calls its author is written in
-- many ways. The next build reads it of every line; here it is taken from where it was told already.

ALTER TABLE package ADD COLUMN account TEXT NOT NULL DEFAULT '';

UPDATE package SET account = rtrim(substr(author_url, instr(author_url, '.org/') + 5), '/')
WHERE (
    author_url GLOB 'https://profiles.wordpress.org/[a-z0-9]*'
    OR author_url GLOB 'http://profiles.wordpress.org/[a-z0-9]*'
  )
  AND rtrim(substr(author_url, instr(author_url, '.org/') + 5), '/') NOT GLOB '*[^a-z0-9_-]*';
