-- Things and all that describes them.
--
-- FTS5 tables hold no text of their own (external content): the triggers must hand them the old
-- values to forget.

CREATE TABLE thing (
    id INTEGER CONSTRAINT thing_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    name TEXT NOT NULL,
    thing_type VARCHAR(100) NOT NULL,
    first_visit_date DATE,
    well_depth DOUBLE PRECISION, -- ft below ground
    hole_depth DOUBLE PRECISION, -- ft below ground
    well_casing_depth DOUBLE PRECISION, -- ft below ground
    well_pump_depth DOUBLE PRECISION, -- ft below ground
    well_casing_diameter DOUBLE PRECISION, -- inches
    well_completion_date DATE,
    well_driller_name VARCHAR(200),
    well_construction_method VARCHAR(100),
    well_pump_type VARCHAR(100),
    formation_completion_code VARCHAR(100),
    spring_type VARCHAR(100),
    nma_pk_welldata TEXT,
    nma_pk_location TEXT,
    nma_formation_zone VARCHAR(25),
    CONSTRAINT thing_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT thing_thing_type_fkey FOREIGN KEY (thing_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT thing_well_construction_method_fkey FOREIGN KEY (well_construction_method)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT thing_well_pump_type_fkey FOREIGN KEY (well_pump_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT thing_formation_completion_code_fkey FOREIGN KEY (formation_completion_code)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT thing_spring_type_fkey FOREIGN KEY (spring_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT thing_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT thing_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT thing_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT thing_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT thing_well_driller_name_length_check CHECK (length(well_driller_name) <= 200),
    CONSTRAINT thing_nma_formation_zone_length_check CHECK (length(nma_formation_zone) <= 25)
);
CREATE INDEX ix_thing_release_status ON thing (release_status);
CREATE INDEX ix_thing_well_construction_method ON thing (well_construction_method);
CREATE INDEX ix_thing_well_pump_type ON thing (well_pump_type);
CREATE INDEX ix_thing_formation_completion_code ON thing (formation_completion_code);
CREATE INDEX ix_thing_spring_type ON thing (spring_type);
CREATE INDEX ix_thing_thing_type_id ON thing (thing_type, id);
CREATE INDEX ix_thing_name ON thing (name);
CREATE INDEX ix_thing_name_fold ON thing (fold(name));

CREATE VIRTUAL TABLE thing_fts USING fts5 (
    name,
    content = 'thing', content_rowid = 'id', tokenize = 'porter unicode61', prefix = '2 3'
);
CREATE TRIGGER thing_fts_insert AFTER INSERT ON thing BEGIN
    INSERT INTO thing_fts (rowid, name) VALUES (new.id, new.name);
END;
CREATE TRIGGER thing_fts_delete AFTER DELETE ON thing BEGIN
    INSERT INTO thing_fts (thing_fts, rowid, name) VALUES ('delete', old.id, old.name);
END;
CREATE TRIGGER thing_fts_update AFTER UPDATE OF id, name ON thing BEGIN
    INSERT INTO thing_fts (thing_fts, rowid, name) VALUES ('delete', old.id, old.name);
    INSERT INTO thing_fts (rowid, name) VALUES (new.id, new.name);
END;

CREATE TABLE location_thing_association (
    id INTEGER CONSTRAINT location_thing_association_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    location_id INTEGER NOT NULL,
    thing_id INTEGER NOT NULL,
    effective_start TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    effective_end TIMESTAMP, -- null: still there
    CONSTRAINT location_thing_association_location_id_fkey FOREIGN KEY (location_id)
        REFERENCES location (id) ON DELETE CASCADE,
    CONSTRAINT location_thing_association_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT location_thing_association_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT location_thing_association_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT location_thing_association_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT location_thing_association_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_location_thing_association_location_id ON location_thing_association (location_id);
CREATE INDEX ix_location_thing_association_thing_id_effective_start ON location_thing_association (thing_id, effective_start);

CREATE TABLE group_thing_association (
    id INTEGER CONSTRAINT group_thing_association_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    group_id INTEGER NOT NULL,
    thing_id INTEGER NOT NULL,
    CONSTRAINT group_thing_association_group_id_thing_id_key UNIQUE (group_id, thing_id),
    CONSTRAINT group_thing_association_group_id_fkey FOREIGN KEY (group_id)
        REFERENCES "group" (id) ON DELETE CASCADE,
    CONSTRAINT group_thing_association_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT group_thing_association_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT group_thing_association_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT group_thing_association_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT group_thing_association_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_group_thing_association_thing_id ON group_thing_association (thing_id);

CREATE TABLE thing_id_link (
    id INTEGER CONSTRAINT thing_id_link_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_id INTEGER,
    relation VARCHAR(100) NOT NULL,
    alternate_id VARCHAR(100) NOT NULL,
    alternate_organization VARCHAR(100) NOT NULL,
    CONSTRAINT thing_id_link_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT thing_id_link_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT thing_id_link_relation_fkey FOREIGN KEY (relation)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT thing_id_link_alternate_organization_fkey FOREIGN KEY (alternate_organization)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT thing_id_link_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT thing_id_link_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT thing_id_link_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT thing_id_link_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT thing_id_link_alternate_id_length_check CHECK (length(alternate_id) <= 100)
);
CREATE INDEX ix_thing_id_link_release_status ON thing_id_link (release_status);
CREATE INDEX ix_thing_id_link_thing_id ON thing_id_link (thing_id);
CREATE INDEX ix_thing_id_link_relation ON thing_id_link (relation);
CREATE INDEX ix_thing_id_link_alternate_organization ON thing_id_link (alternate_organization);

CREATE TABLE aquifer_system (
    id INTEGER CONSTRAINT aquifer_system_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    name TEXT NOT NULL,
    description TEXT,
    primary_aquifer_type VARCHAR(100) NOT NULL,
    geographic_scale VARCHAR(100) NOT NULL,
    boundary TEXT, -- WKT, MULTIPOLYGON, WGS84
    CONSTRAINT aquifer_system_name_key UNIQUE (name),
    CONSTRAINT aquifer_system_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT aquifer_system_primary_aquifer_type_fkey FOREIGN KEY (primary_aquifer_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT aquifer_system_geographic_scale_fkey FOREIGN KEY (geographic_scale)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT aquifer_system_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT aquifer_system_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT aquifer_system_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT aquifer_system_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_aquifer_system_release_status ON aquifer_system (release_status);
CREATE INDEX ix_aquifer_system_primary_aquifer_type ON aquifer_system (primary_aquifer_type);
CREATE INDEX ix_aquifer_system_geographic_scale ON aquifer_system (geographic_scale);

CREATE TABLE geologic_formation (
    id INTEGER CONSTRAINT geologic_formation_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    formation_code VARCHAR(100),
    description TEXT,
    lithology VARCHAR(100),
    boundary TEXT, -- WKT, MULTIPOLYGON, WGS84
    CONSTRAINT geologic_formation_formation_code_key UNIQUE (formation_code),
    CONSTRAINT geologic_formation_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT geologic_formation_formation_code_fkey FOREIGN KEY (formation_code)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT geologic_formation_lithology_fkey FOREIGN KEY (lithology)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT geologic_formation_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT geologic_formation_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT geologic_formation_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT geologic_formation_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_geologic_formation_release_status ON geologic_formation (release_status);
CREATE INDEX ix_geologic_formation_lithology ON geologic_formation (lithology);

CREATE TABLE well_screen (
    id INTEGER CONSTRAINT well_screen_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_id INTEGER NOT NULL,
    aquifer_system_id INTEGER,
    geologic_formation_id INTEGER,
    screen_depth_top DOUBLE PRECISION, -- ft below ground
    screen_depth_bottom DOUBLE PRECISION, -- ft below ground
    screen_type VARCHAR(100),
    screen_description VARCHAR(1000),
    nma_pk_wellscreens VARCHAR(100),
    CONSTRAINT well_screen_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT well_screen_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT well_screen_aquifer_system_id_fkey FOREIGN KEY (aquifer_system_id)
        REFERENCES aquifer_system (id) ON DELETE SET NULL,
    CONSTRAINT well_screen_geologic_formation_id_fkey FOREIGN KEY (geologic_formation_id)
        REFERENCES geologic_formation (id) ON DELETE SET NULL,
    CONSTRAINT well_screen_screen_type_fkey FOREIGN KEY (screen_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT well_screen_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT well_screen_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT well_screen_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT well_screen_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT well_screen_screen_description_length_check CHECK (length(screen_description) <= 1000),
    CONSTRAINT well_screen_nma_pk_wellscreens_length_check CHECK (length(nma_pk_wellscreens) <= 100)
);
CREATE INDEX ix_well_screen_release_status ON well_screen (release_status);
CREATE INDEX ix_well_screen_thing_id ON well_screen (thing_id);
CREATE INDEX ix_well_screen_aquifer_system_id ON well_screen (aquifer_system_id);
CREATE INDEX ix_well_screen_geologic_formation_id ON well_screen (geologic_formation_id);
CREATE INDEX ix_well_screen_screen_type ON well_screen (screen_type);

CREATE TABLE well_purpose (
    id INTEGER CONSTRAINT well_purpose_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_id INTEGER NOT NULL,
    purpose VARCHAR(100) NOT NULL,
    CONSTRAINT well_purpose_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT well_purpose_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT well_purpose_purpose_fkey FOREIGN KEY (purpose)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT well_purpose_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT well_purpose_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT well_purpose_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT well_purpose_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_well_purpose_release_status ON well_purpose (release_status);
CREATE INDEX ix_well_purpose_thing_id ON well_purpose (thing_id);
CREATE INDEX ix_well_purpose_purpose ON well_purpose (purpose);

CREATE VIRTUAL TABLE well_purpose_fts USING fts5 (
    purpose,
    content = 'well_purpose', content_rowid = 'id', tokenize = 'porter unicode61', prefix = '2 3'
);
CREATE TRIGGER well_purpose_fts_insert AFTER INSERT ON well_purpose BEGIN
    INSERT INTO well_purpose_fts (rowid, purpose) VALUES (new.id, new.purpose);
END;
CREATE TRIGGER well_purpose_fts_delete AFTER DELETE ON well_purpose BEGIN
    INSERT INTO well_purpose_fts (well_purpose_fts, rowid, purpose)
        VALUES ('delete', old.id, old.purpose);
END;
CREATE TRIGGER well_purpose_fts_update AFTER UPDATE OF id, purpose ON well_purpose BEGIN
    INSERT INTO well_purpose_fts (well_purpose_fts, rowid, purpose)
        VALUES ('delete', old.id, old.purpose);
    INSERT INTO well_purpose_fts (rowid, purpose) VALUES (new.id, new.purpose);
END;

CREATE TABLE well_casing_material (
    id INTEGER CONSTRAINT well_casing_material_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_id INTEGER NOT NULL,
    material VARCHAR(100) NOT NULL,
    CONSTRAINT well_casing_material_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT well_casing_material_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT well_casing_material_material_fkey FOREIGN KEY (material)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT well_casing_material_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT well_casing_material_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT well_casing_material_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT well_casing_material_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_well_casing_material_release_status ON well_casing_material (release_status);
CREATE INDEX ix_well_casing_material_thing_id ON well_casing_material (thing_id);
CREATE INDEX ix_well_casing_material_material ON well_casing_material (material);

CREATE VIRTUAL TABLE well_casing_material_fts USING fts5 (
    material,
    content = 'well_casing_material', content_rowid = 'id', tokenize = 'porter unicode61', prefix = '2 3'
);
CREATE TRIGGER well_casing_material_fts_insert AFTER INSERT ON well_casing_material BEGIN
    INSERT INTO well_casing_material_fts (rowid, material) VALUES (new.id, new.material);
END;
CREATE TRIGGER well_casing_material_fts_delete AFTER DELETE ON well_casing_material BEGIN
    INSERT INTO well_casing_material_fts (well_casing_material_fts, rowid, material)
        VALUES ('delete', old.id, old.material);
END;
CREATE TRIGGER well_casing_material_fts_update AFTER UPDATE OF id, material ON well_casing_material BEGIN
    INSERT INTO well_casing_material_fts (well_casing_material_fts, rowid, material)
        VALUES ('delete', old.id, old.material);
    INSERT INTO well_casing_material_fts (rowid, material) VALUES (new.id, new.material);
END;

CREATE TABLE monitoring_frequency_history (
    id INTEGER CONSTRAINT monitoring_frequency_history_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_id INTEGER NOT NULL,
    monitoring_frequency VARCHAR(100) NOT NULL,
    start_date DATE NOT NULL,
    end_date DATE,
    CONSTRAINT monitoring_frequency_history_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT monitoring_frequency_history_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT monitoring_frequency_history_monitoring_frequency_fkey FOREIGN KEY (monitoring_frequency)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT monitoring_frequency_history_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT monitoring_frequency_history_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT monitoring_frequency_history_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT monitoring_frequency_history_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_monitoring_frequency_history_release_status ON monitoring_frequency_history (release_status);
CREATE INDEX ix_monitoring_frequency_history_thing_id ON monitoring_frequency_history (thing_id);
CREATE INDEX ix_monitoring_frequency_history_monitoring_frequency ON monitoring_frequency_history (monitoring_frequency);

CREATE TABLE measuring_point_history (
    id INTEGER CONSTRAINT measuring_point_history_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_id INTEGER NOT NULL,
    measuring_point_height DOUBLE PRECISION, -- ft above ground
    measuring_point_description TEXT,
    start_date DATE NOT NULL,
    end_date DATE,
    reason TEXT,
    measuring_point_height_is_assumed BOOLEAN NOT NULL DEFAULT FALSE,
    CONSTRAINT measuring_point_history_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT measuring_point_history_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT measuring_point_history_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT measuring_point_history_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT measuring_point_history_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT measuring_point_history_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT measuring_point_history_measuring_point_height_is_assumed_boolean_check CHECK (measuring_point_height_is_assumed IN (0, 1))
);
CREATE INDEX ix_measuring_point_history_release_status ON measuring_point_history (release_status);
CREATE INDEX ix_measuring_point_history_thing_id ON measuring_point_history (thing_id);

-- The parent is named by target_table and target_id, so no foreign key can guard it: the program
-- does.
CREATE TABLE status_history (
    id INTEGER CONSTRAINT status_history_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    status_type VARCHAR(100) NOT NULL,
    status_value VARCHAR(100) NOT NULL,
    start_date DATE NOT NULL,
    end_date DATE,
    reason TEXT,
    target_id INTEGER NOT NULL,
    target_table VARCHAR(50) NOT NULL,
    CONSTRAINT status_history_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT status_history_status_type_fkey FOREIGN KEY (status_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT status_history_status_value_fkey FOREIGN KEY (status_value)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT status_history_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT status_history_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT status_history_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT status_history_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT status_history_target_table_length_check CHECK (length(target_table) <= 50)
);
CREATE INDEX ix_status_history_release_status ON status_history (release_status);
CREATE INDEX ix_status_history_status_type ON status_history (status_type);
CREATE INDEX ix_status_history_status_value ON status_history (status_value);
CREATE INDEX ix_status_history_target ON status_history (target_table, target_id);

CREATE TABLE thing_aquifer_association (
    id INTEGER CONSTRAINT thing_aquifer_association_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_id INTEGER NOT NULL,
    aquifer_system_id INTEGER NOT NULL,
    CONSTRAINT thing_aquifer_association_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT thing_aquifer_association_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT thing_aquifer_association_aquifer_system_id_fkey FOREIGN KEY (aquifer_system_id)
        REFERENCES aquifer_system (id) ON DELETE CASCADE,
    CONSTRAINT thing_aquifer_association_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT thing_aquifer_association_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT thing_aquifer_association_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT thing_aquifer_association_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_thing_aquifer_association_release_status ON thing_aquifer_association (release_status);
CREATE INDEX ix_thing_aquifer_association_thing_id ON thing_aquifer_association (thing_id);
CREATE INDEX ix_thing_aquifer_association_aquifer_system_id ON thing_aquifer_association (aquifer_system_id);

CREATE TABLE aquifer_type (
    id INTEGER CONSTRAINT aquifer_type_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_aquifer_association_id INTEGER NOT NULL,
    aquifer_type VARCHAR(100) NOT NULL,
    CONSTRAINT aquifer_type_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT aquifer_type_thing_aquifer_association_id_fkey FOREIGN KEY (thing_aquifer_association_id)
        REFERENCES thing_aquifer_association (id) ON DELETE CASCADE,
    CONSTRAINT aquifer_type_aquifer_type_fkey FOREIGN KEY (aquifer_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT aquifer_type_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT aquifer_type_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT aquifer_type_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT aquifer_type_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_aquifer_type_release_status ON aquifer_type (release_status);
CREATE INDEX ix_aquifer_type_thing_aquifer_association_id ON aquifer_type (thing_aquifer_association_id);
CREATE INDEX ix_aquifer_type_aquifer_type ON aquifer_type (aquifer_type);

CREATE TABLE thing_geologic_formation_association (
    id INTEGER CONSTRAINT thing_geologic_formation_association_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    thing_id INTEGER NOT NULL,
    geologic_formation_id INTEGER,
    top_depth DOUBLE PRECISION NOT NULL, -- ft below ground
    bottom_depth DOUBLE PRECISION NOT NULL, -- ft below ground
    CONSTRAINT thing_geologic_formation_association_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT thing_geologic_formation_association_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT thing_geologic_formation_association_geologic_formation_id_fkey FOREIGN KEY (geologic_formation_id)
        REFERENCES geologic_formation (id) ON DELETE SET NULL,
    CONSTRAINT thing_geologic_formation_association_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT thing_geologic_formation_association_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT thing_geologic_formation_association_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT thing_geologic_formation_association_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_thing_geologic_formation_association_release_status ON thing_geologic_formation_association (release_status);
CREATE INDEX ix_thing_geologic_formation_association_thing_id ON thing_geologic_formation_association (thing_id);
CREATE INDEX ix_thing_geologic_formation_association_geologic_formation_id ON thing_geologic_formation_association (geologic_formation_id);
