-- Records that are kept back until a day: `embargoed` with the day from which on they are public. Whoever embargoes says until when, and
-- nothing else has such a day.
--
-- A status of that name that somebody made before says no day: such records stay hidden, as drafts.

UPDATE location SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE location ADD COLUMN release_at DATE
    CONSTRAINT location_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE notes SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE notes ADD COLUMN release_at DATE
    CONSTRAINT notes_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE data_provenance SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE data_provenance ADD COLUMN release_at DATE
    CONSTRAINT data_provenance_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE "group" SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE "group" ADD COLUMN release_at DATE
    CONSTRAINT group_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE parameter SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE parameter ADD COLUMN release_at DATE
    CONSTRAINT parameter_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE thing SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE thing ADD COLUMN release_at DATE
    CONSTRAINT thing_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE thing_id_link SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE thing_id_link ADD COLUMN release_at DATE
    CONSTRAINT thing_id_link_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE aquifer_system SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE aquifer_system ADD COLUMN release_at DATE
    CONSTRAINT aquifer_system_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE geologic_formation SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE geologic_formation ADD COLUMN release_at DATE
    CONSTRAINT geologic_formation_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE well_screen SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE well_screen ADD COLUMN release_at DATE
    CONSTRAINT well_screen_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE well_purpose SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE well_purpose ADD COLUMN release_at DATE
    CONSTRAINT well_purpose_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE well_casing_material SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE well_casing_material ADD COLUMN release_at DATE
    CONSTRAINT well_casing_material_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE monitoring_frequency_history SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE monitoring_frequency_history ADD COLUMN release_at DATE
    CONSTRAINT monitoring_frequency_history_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE measuring_point_history SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE measuring_point_history ADD COLUMN release_at DATE
    CONSTRAINT measuring_point_history_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE status_history SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE status_history ADD COLUMN release_at DATE
    CONSTRAINT status_history_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE thing_aquifer_association SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE thing_aquifer_association ADD COLUMN release_at DATE
    CONSTRAINT thing_aquifer_association_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE aquifer_type SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE aquifer_type ADD COLUMN release_at DATE
    CONSTRAINT aquifer_type_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE thing_geologic_formation_association SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE thing_geologic_formation_association ADD COLUMN release_at DATE
    CONSTRAINT thing_geologic_formation_association_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE contact SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE contact ADD COLUMN release_at DATE
    CONSTRAINT contact_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE phone SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE phone ADD COLUMN release_at DATE
    CONSTRAINT phone_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE email SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE email ADD COLUMN release_at DATE
    CONSTRAINT email_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE address SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE address ADD COLUMN release_at DATE
    CONSTRAINT address_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE permission_history SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE permission_history ADD COLUMN release_at DATE
    CONSTRAINT permission_history_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE sensor SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE sensor ADD COLUMN release_at DATE
    CONSTRAINT sensor_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE field_event SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE field_event ADD COLUMN release_at DATE
    CONSTRAINT field_event_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE field_event_participant SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE field_event_participant ADD COLUMN release_at DATE
    CONSTRAINT field_event_participant_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE field_activity SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE field_activity ADD COLUMN release_at DATE
    CONSTRAINT field_activity_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE sample SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE sample ADD COLUMN release_at DATE
    CONSTRAINT sample_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE analysis_method SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE analysis_method ADD COLUMN release_at DATE
    CONSTRAINT analysis_method_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE observation SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE observation ADD COLUMN release_at DATE
    CONSTRAINT observation_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE regulatory_limit SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE regulatory_limit ADD COLUMN release_at DATE
    CONSTRAINT regulatory_limit_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE deployment SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE deployment ADD COLUMN release_at DATE
    CONSTRAINT deployment_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE transducer_observation_block SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE transducer_observation_block ADD COLUMN release_at DATE
    CONSTRAINT transducer_observation_block_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

UPDATE transducer_observation SET release_status = 'draft' WHERE release_status = 'embargoed';
ALTER TABLE transducer_observation ADD COLUMN release_at DATE
    CONSTRAINT transducer_observation_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL));

-- The parameters that every database starts with are words like those of the vocabulary: while they are drafts, nobody who sees public
-- rows only sees a single observation. Those that were given another status stay as they are.
UPDATE parameter SET release_status = 'public'
WHERE release_status = 'draft' AND (parameter_name, matrix) IN (VALUES
    ('groundwater level', 'groundwater'),
    ('pH', 'groundwater'),
    ('Antimony', 'groundwater'),
    ('Arsenic', 'groundwater'),
    ('Barium', 'groundwater'),
    ('Beryllium', 'groundwater'),
    ('Cadmium', 'groundwater'),
    ('Chromium', 'groundwater'),
    ('Cyanide', 'groundwater'),
    ('Fluoride', 'groundwater'),
    ('Mercury', 'groundwater'),
    ('Nitrate (as N)', 'groundwater'),
    ('Nitrite (as N)', 'groundwater'),
    ('Selenium', 'groundwater'),
    ('Thallium', 'groundwater'),
    ('Uranium (total, by ICP-MS)', 'groundwater'),
    ('Chloride', 'groundwater'),
    ('Copper', 'groundwater'),
    ('Iron', 'groundwater'),
    ('Manganese', 'groundwater'),
    ('Silver', 'groundwater'),
    ('Sulfate', 'groundwater'),
    ('Total Dissolved Solids', 'groundwater'),
    ('Zinc', 'groundwater')
);
