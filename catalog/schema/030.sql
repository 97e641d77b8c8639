-- Which lines are known is told without a look at the packages themselves.
CREATE INDEX package_by_line ON package (line_digest, withdrawn_at);
