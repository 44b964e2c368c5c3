CREATE INDEX ix_sample_field_activity_id ON sample (field_activity_id);
DROP INDEX ix_sample_field_activity_id_id;
CREATE INDEX ix_field_activity_activity_type ON field_activity (activity_type);
DROP INDEX ix_field_activity_activity_type_id;
CREATE INDEX ix_observation_observation_datetime ON observation (observation_datetime);
DROP INDEX ix_observation_observation_datetime_id;
