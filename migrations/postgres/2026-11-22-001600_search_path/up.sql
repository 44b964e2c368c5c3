-- `pg_restore` makes tables with an empty search path, and `thing.search_vector` is computed by this function: a body that is bound when
-- it is created does not look for the other function by name.
CREATE OR REPLACE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(without_accents(lower($1 COLLATE "default")), '[\u0001-\u002f\u003a-\u0060\u007b-\u007f]+', ' ', 'g');
