-- What the elevation of a location refers to. Until now all were said to be NAVD88, also where the source of an import said NGVD29:
-- there the source is believed. No elevation is converted.
--
-- The column may be null only because SQLite adds no other one that refers to a term: the program always writes it.

ALTER TABLE location ADD COLUMN vertical_datum VARCHAR(100)
    CONSTRAINT location_vertical_datum_fkey REFERENCES lexicon_term (term) ON UPDATE CASCADE
    CONSTRAINT location_vertical_datum_length_check CHECK (length(vertical_datum) <= 100);
CREATE INDEX ix_location_vertical_datum ON location (vertical_datum);

INSERT INTO lexicon_term (term, definition)
    SELECT datum.term, datum.term
    FROM (SELECT 'NAVD88' AS term UNION ALL SELECT 'NGVD29') AS datum
    WHERE EXISTS (SELECT 1 FROM location)
      AND NOT EXISTS (SELECT 1 FROM lexicon_term WHERE lexicon_term.term = datum.term);

UPDATE location SET vertical_datum = CASE
    WHEN EXISTS (
        SELECT 1 FROM data_provenance
        WHERE target_table = 'location' AND target_id = location.id AND field_name = 'elevation'
          AND (origin_source = 'USGS, NGVD29' OR origin_source LIKE 'USGS, NGVD29, %')
    ) THEN 'NGVD29' ELSE 'NAVD88' END;
