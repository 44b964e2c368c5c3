DROP TABLE data_provenance;
DROP TABLE notes;
DROP TABLE location;
DROP FUNCTION within_distance(double precision, double precision, double precision, double precision, double precision);
DROP FUNCTION within(double precision, double precision, text);
