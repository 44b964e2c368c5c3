-- Lists are walked by their sort key and id. The narrower indexes are what these begin with.
CREATE INDEX ix_observation_observation_datetime_id ON observation (observation_datetime, id);
DROP INDEX ix_observation_observation_datetime;

-- The observations of a type are counted by their samples' activities, out of the indexes alone.
CREATE INDEX ix_field_activity_activity_type_id ON field_activity (activity_type, id);
DROP INDEX ix_field_activity_activity_type;
CREATE INDEX ix_sample_field_activity_id_id ON sample (field_activity_id, id);
DROP INDEX ix_sample_field_activity_id;
