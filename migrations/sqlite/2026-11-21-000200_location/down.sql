DROP TABLE data_provenance;
DROP TABLE notes;
DROP TABLE location_rtree;
DROP TABLE location;
