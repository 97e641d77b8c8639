-- Which catalogue this is: a new one for each catalog.db begun or restored. Generations of one say
-- nothing of another's, so a release of another lineage is never built upon.

INSERT INTO state VALUES ('lineage', lower(hex(randomblob(16))));
