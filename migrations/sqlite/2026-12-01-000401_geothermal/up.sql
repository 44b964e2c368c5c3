-- Wells that were drilled for the earth's warmth, or deep enough to tell of it: oil and gas wells and exploration holes, as older
-- records know them. They are no things: few of them are observed. Those that are name their thing.

CREATE TABLE geothermal_well (
    id INTEGER CONSTRAINT geothermal_well_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    release_at DATE,
    well_data_id VARCHAR(36) NOT NULL, -- the key of the older records, a UUID
    thing_id INTEGER,
    api VARCHAR(50),
    name VARCHAR(255) NOT NULL,
    well_number VARCHAR(50),
    well_class VARCHAR(100),
    well_type VARCHAR(100),
    status VARCHAR(100),
    operator VARCHAR(255),
    owner VARCHAR(255),
    total_depth DOUBLE PRECISION, -- ft below ground
    completion_date DATE,
    has_geothermal_data BOOLEAN NOT NULL DEFAULT FALSE,
    county VARCHAR(100),
    state VARCHAR(100),
    longitude DOUBLE PRECISION, -- degrees, WGS84
    latitude DOUBLE PRECISION, -- degrees, WGS84
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT geothermal_well_well_data_id_key UNIQUE (well_data_id),
    CONSTRAINT geothermal_well_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT geothermal_well_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE SET NULL,
    CONSTRAINT geothermal_well_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL)),
    CONSTRAINT geothermal_well_longitude_range_check CHECK (longitude BETWEEN -180 AND 180),
    CONSTRAINT geothermal_well_latitude_range_check CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT geothermal_well_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT geothermal_well_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT geothermal_well_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT geothermal_well_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT geothermal_well_well_data_id_length_check CHECK (length(well_data_id) <= 36),
    CONSTRAINT geothermal_well_api_length_check CHECK (length(api) <= 50),
    CONSTRAINT geothermal_well_name_length_check CHECK (length(name) <= 255),
    CONSTRAINT geothermal_well_well_number_length_check CHECK (length(well_number) <= 50),
    CONSTRAINT geothermal_well_well_class_length_check CHECK (length(well_class) <= 100),
    CONSTRAINT geothermal_well_well_type_length_check CHECK (length(well_type) <= 100),
    CONSTRAINT geothermal_well_status_length_check CHECK (length(status) <= 100),
    CONSTRAINT geothermal_well_operator_length_check CHECK (length(operator) <= 255),
    CONSTRAINT geothermal_well_owner_length_check CHECK (length(owner) <= 255),
    CONSTRAINT geothermal_well_county_length_check CHECK (length(county) <= 100),
    CONSTRAINT geothermal_well_state_length_check CHECK (length(state) <= 100),
    CONSTRAINT geothermal_well_has_geothermal_data_boolean_check CHECK (has_geothermal_data IN (0, 1))
);
CREATE INDEX ix_geothermal_well_release_status ON geothermal_well (release_status);
CREATE INDEX ix_geothermal_well_thing_id ON geothermal_well (thing_id);
CREATE INDEX ix_geothermal_well_county ON geothermal_well (county);
CREATE INDEX ix_geothermal_well_name_fold ON geothermal_well (fold(name), id);
CREATE TRIGGER geothermal_well_version AFTER UPDATE ON geothermal_well WHEN NEW.version = OLD.version BEGIN
    UPDATE geothermal_well SET version = OLD.version + 1 WHERE id = NEW.id;
END;
