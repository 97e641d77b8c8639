-- What each release tells of the catalogue as a whole, to be read off instead of counted out.

CREATE INDEX package_by_type   ON package (type);
CREATE INDEX package_withdrawn ON package (type, closure IS NULL) WHERE withdrawn_at IS NOT NULL;
CREATE INDEX package_closed    ON package (type) WHERE closure IS NOT NULL AND withdrawn_at IS NULL;
CREATE INDEX package_by_update ON package (updated) WHERE withdrawn_at IS NULL AND updated > 0;
CREATE INDEX card_by_age       ON card (drawn_at);
