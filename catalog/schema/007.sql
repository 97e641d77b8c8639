-- What is offered of a package, and what its versions were published with.
-- Until now the newest stable tag got the date and the PHP that the source told, though they were of
-- a version that only trunk holds. These are taken back: the newest tag that bears any, of each
-- package whose announced version has no tag. What an older tag learnt so cannot be told from what
-- it learnt rightly, before another version was announced, and stays; so does what the announced
-- version of today learnt while another one was announced.

ALTER TABLE metadata ADD COLUMN offer TEXT;  -- JSON of catalog/composer/offer.py; NULL: not yet made

UPDATE metadata SET
  facts_in = -1,  -- due again
  known = (
    SELECT json_group_object(one.key, iif(one.key IS newest.raw, json('[null,""]'), json(one.value)))
    FROM json_each(metadata.known) AS one, (
      SELECT value ->> 0 AS raw FROM json_each(metadata.versions)
      WHERE value ->> 1 <> '' AND (value ->> 2 IS NOT NULL OR value ->> 3 <> '')
      ORDER BY key LIMIT 1
    ) AS newest
  )
WHERE EXISTS (
    SELECT 1 FROM json_each(metadata.versions)
    WHERE value ->> 4 GLOB 'There is no tag *; only trunk holds it.'
  )
  AND EXISTS (
    SELECT 1 FROM json_each(metadata.versions)
    WHERE value ->> 1 <> '' AND (value ->> 2 IS NOT NULL OR value ->> 3 <> '')
  );
