-- No key ties these to the rows that they are about: left behind, they would belong to later rows of the same ids.
DELETE FROM notes WHERE target_table IN (
    'aquifer_system', 'aquifer_type', 'geologic_formation', 'group_thing_association',
    'location_thing_association', 'measuring_point_history', 'monitoring_frequency_history', 'status_history',
    'thing', 'thing_aquifer_association', 'thing_geologic_formation_association', 'thing_id_link',
    'well_casing_material', 'well_purpose', 'well_screen'
);
DELETE FROM data_provenance WHERE target_table IN (
    'aquifer_system', 'aquifer_type', 'geologic_formation', 'group_thing_association',
    'location_thing_association', 'measuring_point_history', 'monitoring_frequency_history', 'status_history',
    'thing', 'thing_aquifer_association', 'thing_geologic_formation_association', 'thing_id_link',
    'well_casing_material', 'well_purpose', 'well_screen'
);

DROP TABLE thing_geologic_formation_association;
DROP TABLE aquifer_type;
DROP TABLE thing_aquifer_association;
DROP TABLE status_history;
DROP TABLE measuring_point_history;
DROP TABLE monitoring_frequency_history;
DROP TABLE well_casing_material;
DROP TABLE well_purpose;
DROP TABLE well_screen;
DROP TABLE geologic_formation;
DROP TABLE aquifer_system;
DROP TABLE thing_id_link;
DROP TABLE group_thing_association;
DROP TABLE location_thing_association;
DROP TABLE thing;
