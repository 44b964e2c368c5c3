-- The newest visits of a thing, for its newest water level. Whoever looks for all visits of a thing finds them by it too.
CREATE INDEX ix_field_event_thing_id_event_date ON field_event (thing_id, event_date);
DROP INDEX ix_field_event_thing_id;
