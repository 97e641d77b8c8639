-- What changed, and when, is told without a look at the packages themselves.
DROP INDEX package_by_change;
CREATE INDEX package_by_change ON package (changed_in, changed_at, withdrawn_at);
