ALTER TABLE thing DROP COLUMN search_vector;
ALTER TABLE thing ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
    to_tsvector('pg_catalog.english', coalesce(name, ''))
) STORED;
CREATE INDEX ix_thing_search_vector ON thing USING gin (search_vector);
DROP TEXT SEARCH CONFIGURATION search_words;
DROP TEXT SEARCH DICTIONARY search_stem;
DROP FUNCTION search_text(text);
DROP FUNCTION without_accents(text);
