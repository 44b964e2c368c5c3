-- No key ties these to the rows that they are about: left behind, they would belong to later rows of the same ids.
DELETE FROM notes WHERE target_table IN (
    'analysis_method', 'field_activity', 'field_event', 'field_event_participant', 'observation',
    'regulatory_limit', 'sample', 'sensor'
);
DELETE FROM data_provenance WHERE target_table IN (
    'analysis_method', 'field_activity', 'field_event', 'field_event_participant', 'observation',
    'regulatory_limit', 'sample', 'sensor'
);
DELETE FROM status_history WHERE target_table IN (
    'analysis_method', 'field_activity', 'field_event', 'field_event_participant', 'observation',
    'regulatory_limit', 'sample', 'sensor'
);
DELETE FROM permission_history WHERE target_table IN (
    'analysis_method', 'field_activity', 'field_event', 'field_event_participant', 'observation',
    'regulatory_limit', 'sample', 'sensor'
);

DROP TABLE regulatory_limit;
DROP TABLE observation;
DROP TABLE analysis_method;
DROP TABLE sample;
DROP TABLE field_activity;
DROP TABLE field_event_participant;
DROP TABLE field_event;
DROP TABLE sensor;
