DROP TABLE regulatory_limit;
DROP TABLE observation;
DROP TABLE analysis_method;
DROP TABLE sample;
DROP TABLE field_activity;
DROP TABLE field_event_participant;
DROP TABLE field_event;
DROP TABLE sensor;
