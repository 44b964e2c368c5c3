-- A version for every row, raised by every write to it, so that two editors need not lose each other's work.
--
-- The database raises it, so that no statement can forget to: neither the program's, nor a cascade, nor a hand at psql.

CREATE FUNCTION raise_version() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END;
$$;

ALTER TABLE lexicon_category ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER lexicon_category_version BEFORE UPDATE ON lexicon_category
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE lexicon_term ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER lexicon_term_version BEFORE UPDATE ON lexicon_term
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE lexicon_term_category_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER lexicon_term_category_association_version BEFORE UPDATE ON lexicon_term_category_association
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE lexicon_triple ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER lexicon_triple_version BEFORE UPDATE ON lexicon_triple
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE location ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER location_version BEFORE UPDATE ON location
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE notes ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER notes_version BEFORE UPDATE ON notes
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE data_provenance ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER data_provenance_version BEFORE UPDATE ON data_provenance
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE "group" ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER group_version BEFORE UPDATE ON "group"
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE parameter ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER parameter_version BEFORE UPDATE ON parameter
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE thing ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER thing_version BEFORE UPDATE ON thing
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE location_thing_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER location_thing_association_version BEFORE UPDATE ON location_thing_association
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE group_thing_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER group_thing_association_version BEFORE UPDATE ON group_thing_association
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE thing_id_link ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER thing_id_link_version BEFORE UPDATE ON thing_id_link
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE aquifer_system ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER aquifer_system_version BEFORE UPDATE ON aquifer_system
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE geologic_formation ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER geologic_formation_version BEFORE UPDATE ON geologic_formation
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE well_screen ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER well_screen_version BEFORE UPDATE ON well_screen
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE well_purpose ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER well_purpose_version BEFORE UPDATE ON well_purpose
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE well_casing_material ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER well_casing_material_version BEFORE UPDATE ON well_casing_material
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE monitoring_frequency_history ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER monitoring_frequency_history_version BEFORE UPDATE ON monitoring_frequency_history
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE measuring_point_history ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER measuring_point_history_version BEFORE UPDATE ON measuring_point_history
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE status_history ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER status_history_version BEFORE UPDATE ON status_history
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE thing_aquifer_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER thing_aquifer_association_version BEFORE UPDATE ON thing_aquifer_association
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE aquifer_type ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER aquifer_type_version BEFORE UPDATE ON aquifer_type
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE thing_geologic_formation_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER thing_geologic_formation_association_version BEFORE UPDATE ON thing_geologic_formation_association
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE contact ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER contact_version BEFORE UPDATE ON contact
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE phone ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER phone_version BEFORE UPDATE ON phone
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE email ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER email_version BEFORE UPDATE ON email
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE address ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER address_version BEFORE UPDATE ON address
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE incomplete_nma_phone ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER incomplete_nma_phone_version BEFORE UPDATE ON incomplete_nma_phone
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE thing_contact_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER thing_contact_association_version BEFORE UPDATE ON thing_contact_association
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE permission_history ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER permission_history_version BEFORE UPDATE ON permission_history
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE sensor ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER sensor_version BEFORE UPDATE ON sensor
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE field_event ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER field_event_version BEFORE UPDATE ON field_event
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE field_event_participant ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER field_event_participant_version BEFORE UPDATE ON field_event_participant
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE field_activity ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER field_activity_version BEFORE UPDATE ON field_activity
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE sample ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER sample_version BEFORE UPDATE ON sample
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE analysis_method ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER analysis_method_version BEFORE UPDATE ON analysis_method
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE observation ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER observation_version BEFORE UPDATE ON observation
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE regulatory_limit ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER regulatory_limit_version BEFORE UPDATE ON regulatory_limit
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE deployment ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER deployment_version BEFORE UPDATE ON deployment
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE transducer_observation_block ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER transducer_observation_block_version BEFORE UPDATE ON transducer_observation_block
    FOR EACH ROW EXECUTE FUNCTION raise_version();

ALTER TABLE transducer_observation ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER transducer_observation_version BEFORE UPDATE ON transducer_observation
    FOR EACH ROW EXECUTE FUNCTION raise_version();
