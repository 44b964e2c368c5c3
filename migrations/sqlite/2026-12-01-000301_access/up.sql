-- Who was given access to what, and which owner agreed to what being shown where. Nothing is removed: what no longer holds is revoked.
-- What users say about the program is kept too.
--
-- These are records: what the service shows follows from roles and release statuses alone.

CREATE TABLE destination (
    id INTEGER CONSTRAINT destination_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    slug VARCHAR(50) NOT NULL,
    name VARCHAR(255) NOT NULL,
    destination_kind VARCHAR(100) NOT NULL,
    description TEXT,
    active BOOLEAN NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT destination_slug_key UNIQUE (slug),
    CONSTRAINT destination_destination_kind_check CHECK (destination_kind IN ('data_portal', 'map_service', 'web_page', 'document')),
    CONSTRAINT destination_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT destination_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT destination_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT destination_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT destination_slug_length_check CHECK (length(slug) <= 50),
    CONSTRAINT destination_name_length_check CHECK (length(name) <= 255),
    CONSTRAINT destination_destination_kind_length_check CHECK (length(destination_kind) <= 100),
    CONSTRAINT destination_active_boolean_check CHECK (active IN (0, 1))
);
CREATE TRIGGER destination_version AFTER UPDATE ON destination WHEN NEW.version = OLD.version BEGIN
    UPDATE destination SET version = OLD.version + 1 WHERE id = NEW.id;
END;

CREATE TABLE permission_grant (
    id INTEGER CONSTRAINT permission_grant_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    principal_type VARCHAR(100) NOT NULL,
    principal_id VARCHAR(255) NOT NULL, -- the `sub` of a user, the name of a group
    capability VARCHAR(100) NOT NULL,
    scope_type VARCHAR(100) NOT NULL,
    scope_id INTEGER, -- of a thing or of a group of things; no foreign key, so that what was granted outlives it
    data_type VARCHAR(100) NOT NULL,
    starts_at DATE NOT NULL,
    ends_at DATE, -- the last day
    granted_by VARCHAR(255),
    reason TEXT,
    revoked_at TIMESTAMP,
    revoked_by VARCHAR(255),
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT permission_grant_principal_type_check CHECK (principal_type IN ('user', 'group')),
    CONSTRAINT permission_grant_capability_check CHECK (capability IN ('view', 'edit', 'administer')),
    CONSTRAINT permission_grant_scope_type_check CHECK (scope_type IN ('all', 'group', 'thing')),
    CONSTRAINT permission_grant_data_type_check CHECK (data_type IN ('all', 'site', 'water_level', 'water_chemistry', 'contact')),
    CONSTRAINT permission_grant_scope_check CHECK ((scope_type = 'all') = (scope_id IS NULL)),
    CONSTRAINT permission_grant_time_order_check CHECK (ends_at IS NULL OR ends_at >= starts_at),
    CONSTRAINT permission_grant_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT permission_grant_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT permission_grant_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT permission_grant_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT permission_grant_principal_type_length_check CHECK (length(principal_type) <= 100),
    CONSTRAINT permission_grant_principal_id_length_check CHECK (length(principal_id) <= 255),
    CONSTRAINT permission_grant_capability_length_check CHECK (length(capability) <= 100),
    CONSTRAINT permission_grant_scope_type_length_check CHECK (length(scope_type) <= 100),
    CONSTRAINT permission_grant_data_type_length_check CHECK (length(data_type) <= 100),
    CONSTRAINT permission_grant_granted_by_length_check CHECK (length(granted_by) <= 255),
    CONSTRAINT permission_grant_revoked_by_length_check CHECK (length(revoked_by) <= 255)
);
CREATE INDEX ix_permission_grant_principal_type_principal_id ON permission_grant (principal_type, principal_id);
CREATE INDEX ix_permission_grant_scope_type_scope_id ON permission_grant (scope_type, scope_id);
CREATE TRIGGER permission_grant_version AFTER UPDATE ON permission_grant WHEN NEW.version = OLD.version BEGIN
    UPDATE permission_grant SET version = OLD.version + 1 WHERE id = NEW.id;
END;

CREATE TABLE publication_consent (
    id INTEGER CONSTRAINT publication_consent_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    thing_id INTEGER NOT NULL,
    destination_id INTEGER NOT NULL,
    data_type VARCHAR(100) NOT NULL,
    contact_id INTEGER, -- who agreed
    recorded_by VARCHAR(255),
    notes TEXT,
    starts_at DATE NOT NULL,
    ends_at DATE, -- the last day
    revoked_at TIMESTAMP,
    revoked_by VARCHAR(255),
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT publication_consent_data_type_check CHECK (data_type IN ('all', 'site', 'water_level', 'water_chemistry', 'contact')),
    CONSTRAINT publication_consent_time_order_check CHECK (ends_at IS NULL OR ends_at >= starts_at),
    CONSTRAINT publication_consent_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT publication_consent_destination_id_fkey FOREIGN KEY (destination_id)
        REFERENCES destination (id),
    CONSTRAINT publication_consent_contact_id_fkey FOREIGN KEY (contact_id)
        REFERENCES contact (id) ON DELETE SET NULL,
    CONSTRAINT publication_consent_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT publication_consent_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT publication_consent_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT publication_consent_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT publication_consent_data_type_length_check CHECK (length(data_type) <= 100),
    CONSTRAINT publication_consent_recorded_by_length_check CHECK (length(recorded_by) <= 255),
    CONSTRAINT publication_consent_revoked_by_length_check CHECK (length(revoked_by) <= 255)
);
CREATE UNIQUE INDEX publication_consent_thing_id_destination_id_data_type_key ON publication_consent (thing_id, destination_id, data_type)
    WHERE revoked_at IS NULL;
CREATE INDEX ix_publication_consent_destination_id ON publication_consent (destination_id);
CREATE INDEX ix_publication_consent_contact_id ON publication_consent (contact_id);
CREATE TRIGGER publication_consent_version AFTER UPDATE ON publication_consent WHEN NEW.version = OLD.version BEGIN
    UPDATE publication_consent SET version = OLD.version + 1 WHERE id = NEW.id;
END;

CREATE TABLE feedback (
    id INTEGER CONSTRAINT feedback_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    type VARCHAR(100) NOT NULL,
    page_url TEXT,
    reporter_name VARCHAR(255),
    details TEXT NOT NULL, -- whatever else was sent, as JSON
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT feedback_type_check CHECK (type IN ('bug', 'feature')),
    CONSTRAINT feedback_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT feedback_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT feedback_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT feedback_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT feedback_type_length_check CHECK (length(type) <= 100),
    CONSTRAINT feedback_reporter_name_length_check CHECK (length(reporter_name) <= 255)
);
CREATE TRIGGER feedback_version AFTER UPDATE ON feedback WHEN NEW.version = OLD.version BEGIN
    UPDATE feedback SET version = OLD.version + 1 WHERE id = NEW.id;
END;
