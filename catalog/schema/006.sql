-- Takes back what was stored before a date had to be one: a last change before WordPress was there
-- (2003) or after tomorrow, a day of closure with a time behind it, a noncharacter in a text.

UPDATE state SET value = value + 1 WHERE key = 'generation';

UPDATE package SET
  updated = iif(updated BETWEEN 1041379200 AND unixepoch() + 86400, updated, NULL),
  closure = iif(closure IS NULL, NULL, json_set(closure, '$[0]', iif(
    substr(closure ->> 0, 1, 10) IS date(substr(closure ->> 0, 1, 10), '+0 days'),
    substr(closure ->> 0, 1, 10),
    ''
  ))),
  facts_in = (SELECT value FROM state WHERE key = 'generation'),
  changed_in = (SELECT value FROM state WHERE key = 'generation'),
  changed_at = unixepoch()
WHERE updated NOT BETWEEN 1041379200 AND unixepoch() + 86400
  OR closure ->> 0 <> '' AND closure ->> 0 IS NOT date(closure ->> 0, '+0 days');

UPDATE package SET
  name = replace(replace(name, char(65534), ''), char(65535), ''),
  description = replace(replace(description, char(65534), ''), char(65535), ''),
  author = replace(replace(author, char(65534), ''), char(65535), ''),
  tags = replace(replace(tags, char(65534), ''), char(65535), ''),
  closure = replace(replace(closure, char(65534), ''), char(65535), ''),
  facts_in = (SELECT value FROM state WHERE key = 'generation'),
  changed_in = (SELECT value FROM state WHERE key = 'generation'),
  changed_at = unixepoch()
WHERE instr(name || description || author || tags || ifnull(closure, ''), char(65534))
  OR instr(name || description || author || tags || ifnull(closure, ''), char(65535));

UPDATE metadata SET
  facts_in = -1,  -- due again
  known = (
    SELECT json_group_object(key, json_array(
      iif(value ->> 0 BETWEEN 1041379200 AND unixepoch() + 86400, value ->> 0, NULL), value ->> 1
    )) FROM json_each(known)
  )
WHERE EXISTS (
  SELECT 1 FROM json_each(known) WHERE value ->> 0 NOT BETWEEN 1041379200 AND unixepoch() + 86400
);
