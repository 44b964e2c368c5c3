-- The same words find the same names on both databases. A word is a run of letters and digits, without case and accents,
-- reduced to its stem; none is too common to be one. (The parser alone takes `SO-0001` for a word and a negative number,
-- `12.5` for a number, `a.b` for a host.)

CREATE FUNCTION without_accents(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT normalize(regexp_replace(normalize($1, NFD), '[\u0300-\u036f]', '', 'g'), NFC) $$;

-- Other signs than those of ASCII are blanks to the parser already.
CREATE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT regexp_replace(without_accents(lower($1 COLLATE "default")), '[\u0001-\u002f\u003a-\u0060\u007b-\u007f]+', ' ', 'g') $$;

CREATE TEXT SEARCH DICTIONARY search_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION search_words (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION search_words ALTER MAPPING REPLACE english_stem WITH search_stem;

ALTER TABLE thing DROP COLUMN search_vector;
ALTER TABLE thing ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
    to_tsvector('search_words', search_text(coalesce(name, '')))
) STORED;
CREATE INDEX ix_thing_search_vector ON thing USING gin (search_vector);
