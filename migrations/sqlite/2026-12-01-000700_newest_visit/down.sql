CREATE INDEX ix_field_event_thing_id ON field_event (thing_id);
DROP INDEX ix_field_event_thing_id_event_date;
