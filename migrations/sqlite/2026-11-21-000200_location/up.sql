-- Places, and what is said about them.
--
-- Coordinates are plain columns in both databases; what makes them fast to search differs.

CREATE TABLE location (
    id INTEGER CONSTRAINT location_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    nma_pk_location VARCHAR(36),
    description TEXT,
    longitude DOUBLE PRECISION NOT NULL, -- degrees, WGS84
    latitude DOUBLE PRECISION NOT NULL, -- degrees, WGS84
    elevation DOUBLE PRECISION NOT NULL, -- metres, NAVD88
    county VARCHAR(100),
    state VARCHAR(100),
    quad_name VARCHAR(100),
    nma_notes_location TEXT,
    nma_coordinate_notes TEXT,
    nma_date_created DATE,
    nma_site_date DATE,
    CONSTRAINT location_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT location_longitude_range_check CHECK (longitude BETWEEN -180 AND 180),
    CONSTRAINT location_latitude_range_check CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT location_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT location_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT location_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT location_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT location_nma_pk_location_length_check CHECK (length(nma_pk_location) <= 36),
    CONSTRAINT location_county_length_check CHECK (length(county) <= 100),
    CONSTRAINT location_state_length_check CHECK (length(state) <= 100),
    CONSTRAINT location_quad_name_length_check CHECK (length(quad_name) <= 100)
);
CREATE INDEX ix_location_release_status ON location (release_status);
-- A pre-filter only: an R*Tree keeps 32-bit floats, rounded outwards, so what it finds must still be
-- compared with the exact coordinates.
CREATE VIRTUAL TABLE location_rtree USING rtree (id, min_lon, max_lon, min_lat, max_lat);
CREATE TRIGGER location_rtree_insert AFTER INSERT ON location BEGIN
    INSERT INTO location_rtree (id, min_lon, max_lon, min_lat, max_lat)
    VALUES (new.id, new.longitude, new.longitude, new.latitude, new.latitude);
END;
CREATE TRIGGER location_rtree_delete AFTER DELETE ON location BEGIN
    DELETE FROM location_rtree WHERE id = old.id;
END;
CREATE TRIGGER location_rtree_update AFTER UPDATE OF id, longitude, latitude ON location BEGIN
    DELETE FROM location_rtree WHERE id = old.id;
    INSERT INTO location_rtree (id, min_lon, max_lon, min_lat, max_lat)
    VALUES (new.id, new.longitude, new.longitude, new.latitude, new.latitude);
END;

-- The parent is named by target_table and target_id, so no foreign key can guard it: the program
-- does.
CREATE TABLE notes (
    id INTEGER CONSTRAINT notes_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    target_id INTEGER NOT NULL,
    target_table TEXT NOT NULL,
    note_type VARCHAR(100) NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT notes_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT notes_note_type_fkey FOREIGN KEY (note_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT notes_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT notes_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT notes_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT notes_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_notes_release_status ON notes (release_status);
CREATE INDEX ix_notes_note_type ON notes (note_type);
CREATE INDEX ix_notes_target ON notes (target_table, target_id);

CREATE TABLE data_provenance (
    id INTEGER CONSTRAINT data_provenance_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    target_id INTEGER NOT NULL,
    target_table TEXT NOT NULL,
    field_name TEXT, -- null: the whole record
    origin_type VARCHAR(100),
    origin_source TEXT,
    collection_method VARCHAR(100),
    accuracy_value DOUBLE PRECISION,
    accuracy_unit VARCHAR(100),
    CONSTRAINT data_provenance_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT data_provenance_origin_type_fkey FOREIGN KEY (origin_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT data_provenance_collection_method_fkey FOREIGN KEY (collection_method)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT data_provenance_accuracy_unit_fkey FOREIGN KEY (accuracy_unit)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT data_provenance_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT data_provenance_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT data_provenance_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT data_provenance_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_data_provenance_release_status ON data_provenance (release_status);
CREATE INDEX ix_data_provenance_origin_type ON data_provenance (origin_type);
CREATE INDEX ix_data_provenance_collection_method ON data_provenance (collection_method);
CREATE INDEX ix_data_provenance_accuracy_unit ON data_provenance (accuracy_unit);
CREATE INDEX ix_data_provenance_target ON data_provenance (target_table, target_id);
