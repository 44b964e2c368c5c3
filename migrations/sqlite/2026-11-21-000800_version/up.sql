-- A version for every row, raised by every write to it, so that two editors need not lose each other's work.
--
-- The database raises it, so that no statement can forget to: neither the program's, nor a cascade, nor a hand at sqlite3. A
-- trigger does not set itself off again, and the triggers that keep the search tables look at other columns.

ALTER TABLE lexicon_category ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER lexicon_category_version AFTER UPDATE ON lexicon_category WHEN NEW.version = OLD.version BEGIN
    UPDATE lexicon_category SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE lexicon_term ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER lexicon_term_version AFTER UPDATE ON lexicon_term WHEN NEW.version = OLD.version BEGIN
    UPDATE lexicon_term SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE lexicon_term_category_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER lexicon_term_category_association_version AFTER UPDATE ON lexicon_term_category_association WHEN NEW.version = OLD.version BEGIN
    UPDATE lexicon_term_category_association SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE lexicon_triple ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER lexicon_triple_version AFTER UPDATE ON lexicon_triple WHEN NEW.version = OLD.version BEGIN
    UPDATE lexicon_triple SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE location ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER location_version AFTER UPDATE ON location WHEN NEW.version = OLD.version BEGIN
    UPDATE location SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE notes ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER notes_version AFTER UPDATE ON notes WHEN NEW.version = OLD.version BEGIN
    UPDATE notes SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE data_provenance ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER data_provenance_version AFTER UPDATE ON data_provenance WHEN NEW.version = OLD.version BEGIN
    UPDATE data_provenance SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE "group" ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER group_version AFTER UPDATE ON "group" WHEN NEW.version = OLD.version BEGIN
    UPDATE "group" SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE parameter ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER parameter_version AFTER UPDATE ON parameter WHEN NEW.version = OLD.version BEGIN
    UPDATE parameter SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE thing ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER thing_version AFTER UPDATE ON thing WHEN NEW.version = OLD.version BEGIN
    UPDATE thing SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE location_thing_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER location_thing_association_version AFTER UPDATE ON location_thing_association WHEN NEW.version = OLD.version BEGIN
    UPDATE location_thing_association SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE group_thing_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER group_thing_association_version AFTER UPDATE ON group_thing_association WHEN NEW.version = OLD.version BEGIN
    UPDATE group_thing_association SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE thing_id_link ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER thing_id_link_version AFTER UPDATE ON thing_id_link WHEN NEW.version = OLD.version BEGIN
    UPDATE thing_id_link SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE aquifer_system ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER aquifer_system_version AFTER UPDATE ON aquifer_system WHEN NEW.version = OLD.version BEGIN
    UPDATE aquifer_system SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE geologic_formation ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER geologic_formation_version AFTER UPDATE ON geologic_formation WHEN NEW.version = OLD.version BEGIN
    UPDATE geologic_formation SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE well_screen ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER well_screen_version AFTER UPDATE ON well_screen WHEN NEW.version = OLD.version BEGIN
    UPDATE well_screen SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE well_purpose ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER well_purpose_version AFTER UPDATE ON well_purpose WHEN NEW.version = OLD.version BEGIN
    UPDATE well_purpose SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE well_casing_material ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER well_casing_material_version AFTER UPDATE ON well_casing_material WHEN NEW.version = OLD.version BEGIN
    UPDATE well_casing_material SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE monitoring_frequency_history ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER monitoring_frequency_history_version AFTER UPDATE ON monitoring_frequency_history WHEN NEW.version = OLD.version BEGIN
    UPDATE monitoring_frequency_history SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE measuring_point_history ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER measuring_point_history_version AFTER UPDATE ON measuring_point_history WHEN NEW.version = OLD.version BEGIN
    UPDATE measuring_point_history SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE status_history ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER status_history_version AFTER UPDATE ON status_history WHEN NEW.version = OLD.version BEGIN
    UPDATE status_history SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE thing_aquifer_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER thing_aquifer_association_version AFTER UPDATE ON thing_aquifer_association WHEN NEW.version = OLD.version BEGIN
    UPDATE thing_aquifer_association SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE aquifer_type ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER aquifer_type_version AFTER UPDATE ON aquifer_type WHEN NEW.version = OLD.version BEGIN
    UPDATE aquifer_type SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE thing_geologic_formation_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER thing_geologic_formation_association_version AFTER UPDATE ON thing_geologic_formation_association WHEN NEW.version = OLD.version BEGIN
    UPDATE thing_geologic_formation_association SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE contact ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER contact_version AFTER UPDATE ON contact WHEN NEW.version = OLD.version BEGIN
    UPDATE contact SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE phone ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER phone_version AFTER UPDATE ON phone WHEN NEW.version = OLD.version BEGIN
    UPDATE phone SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE email ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER email_version AFTER UPDATE ON email WHEN NEW.version = OLD.version BEGIN
    UPDATE email SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE address ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER address_version AFTER UPDATE ON address WHEN NEW.version = OLD.version BEGIN
    UPDATE address SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE incomplete_nma_phone ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER incomplete_nma_phone_version AFTER UPDATE ON incomplete_nma_phone WHEN NEW.version = OLD.version BEGIN
    UPDATE incomplete_nma_phone SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE thing_contact_association ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER thing_contact_association_version AFTER UPDATE ON thing_contact_association WHEN NEW.version = OLD.version BEGIN
    UPDATE thing_contact_association SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE permission_history ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER permission_history_version AFTER UPDATE ON permission_history WHEN NEW.version = OLD.version BEGIN
    UPDATE permission_history SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE sensor ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER sensor_version AFTER UPDATE ON sensor WHEN NEW.version = OLD.version BEGIN
    UPDATE sensor SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE field_event ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER field_event_version AFTER UPDATE ON field_event WHEN NEW.version = OLD.version BEGIN
    UPDATE field_event SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE field_event_participant ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER field_event_participant_version AFTER UPDATE ON field_event_participant WHEN NEW.version = OLD.version BEGIN
    UPDATE field_event_participant SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE field_activity ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER field_activity_version AFTER UPDATE ON field_activity WHEN NEW.version = OLD.version BEGIN
    UPDATE field_activity SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE sample ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER sample_version AFTER UPDATE ON sample WHEN NEW.version = OLD.version BEGIN
    UPDATE sample SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE analysis_method ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER analysis_method_version AFTER UPDATE ON analysis_method WHEN NEW.version = OLD.version BEGIN
    UPDATE analysis_method SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE observation ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER observation_version AFTER UPDATE ON observation WHEN NEW.version = OLD.version BEGIN
    UPDATE observation SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE regulatory_limit ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER regulatory_limit_version AFTER UPDATE ON regulatory_limit WHEN NEW.version = OLD.version BEGIN
    UPDATE regulatory_limit SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE deployment ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER deployment_version AFTER UPDATE ON deployment WHEN NEW.version = OLD.version BEGIN
    UPDATE deployment SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE transducer_observation_block ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER transducer_observation_block_version AFTER UPDATE ON transducer_observation_block WHEN NEW.version = OLD.version BEGIN
    UPDATE transducer_observation_block SET version = OLD.version + 1 WHERE id = NEW.id;
END;

ALTER TABLE transducer_observation ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER transducer_observation_version AFTER UPDATE ON transducer_observation WHEN NEW.version = OLD.version BEGIN
    UPDATE transducer_observation SET version = OLD.version + 1 WHERE id = NEW.id;
END;
