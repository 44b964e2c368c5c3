CREATE OR REPLACE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT regexp_replace(without_accents(lower($1 COLLATE "default")), '[\u0001-\u002f\u003a-\u0060\u007b-\u007f]+', ' ', 'g') $$;
