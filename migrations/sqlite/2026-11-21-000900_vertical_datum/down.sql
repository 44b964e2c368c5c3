-- The provenance of imported elevations still names the datum.
DROP INDEX ix_location_vertical_datum;
ALTER TABLE location DROP COLUMN vertical_datum;
