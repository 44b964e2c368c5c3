-- Files that belong to things: photographs, reports, logs. The row says what a file is and where it is kept; the file itself is in the
-- storage of the service, never in the database.

CREATE TABLE asset (
    id INTEGER CONSTRAINT asset_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    release_at DATE,
    name VARCHAR(255) NOT NULL,
    label VARCHAR(255),
    storage_service VARCHAR(50) NOT NULL,
    storage_path VARCHAR(1024) NOT NULL,
    mime_type VARCHAR(255) NOT NULL,
    size INTEGER NOT NULL, -- bytes
    uri VARCHAR(2048) NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT asset_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT asset_size_range_check CHECK (size >= 0),
    CONSTRAINT asset_embargo_needs_date CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL)),
    CONSTRAINT asset_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT asset_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT asset_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT asset_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT asset_name_length_check CHECK (length(name) <= 255),
    CONSTRAINT asset_label_length_check CHECK (length(label) <= 255),
    CONSTRAINT asset_storage_service_length_check CHECK (length(storage_service) <= 50),
    CONSTRAINT asset_storage_path_length_check CHECK (length(storage_path) <= 1024),
    CONSTRAINT asset_mime_type_length_check CHECK (length(mime_type) <= 255),
    CONSTRAINT asset_uri_length_check CHECK (length(uri) <= 2048)
);
CREATE INDEX ix_asset_release_status ON asset (release_status);
CREATE INDEX ix_asset_storage_path ON asset (storage_path);
CREATE TRIGGER asset_version AFTER UPDATE ON asset WHEN NEW.version = OLD.version BEGIN
    UPDATE asset SET version = OLD.version + 1 WHERE id = NEW.id;
END;
CREATE VIRTUAL TABLE asset_fts USING fts5 (
    name, mime_type, storage_service, storage_path,
    content = 'asset', content_rowid = 'id', tokenize = 'porter unicode61', prefix = '2 3'
);
CREATE TRIGGER asset_fts_insert AFTER INSERT ON asset BEGIN
    INSERT INTO asset_fts (rowid, name, mime_type, storage_service, storage_path)
        VALUES (new.id, new.name, new.mime_type, new.storage_service, new.storage_path);
END;
CREATE TRIGGER asset_fts_delete AFTER DELETE ON asset BEGIN
    INSERT INTO asset_fts (asset_fts, rowid, name, mime_type, storage_service, storage_path)
        VALUES ('delete', old.id, old.name, old.mime_type, old.storage_service, old.storage_path);
END;
CREATE TRIGGER asset_fts_update AFTER UPDATE OF id, name, mime_type, storage_service, storage_path ON asset BEGIN
    INSERT INTO asset_fts (asset_fts, rowid, name, mime_type, storage_service, storage_path)
        VALUES ('delete', old.id, old.name, old.mime_type, old.storage_service, old.storage_path);
    INSERT INTO asset_fts (rowid, name, mime_type, storage_service, storage_path)
        VALUES (new.id, new.name, new.mime_type, new.storage_service, new.storage_path);
END;

CREATE TABLE asset_thing_association (
    id INTEGER CONSTRAINT asset_thing_association_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    asset_id INTEGER NOT NULL,
    thing_id INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT asset_thing_association_asset_id_thing_id_key UNIQUE (asset_id, thing_id),
    CONSTRAINT asset_thing_association_asset_id_fkey FOREIGN KEY (asset_id)
        REFERENCES asset (id) ON DELETE CASCADE,
    CONSTRAINT asset_thing_association_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT asset_thing_association_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT asset_thing_association_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT asset_thing_association_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT asset_thing_association_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_asset_thing_association_thing_id ON asset_thing_association (thing_id);
CREATE TRIGGER asset_thing_association_version AFTER UPDATE ON asset_thing_association WHEN NEW.version = OLD.version BEGIN
    UPDATE asset_thing_association SET version = OLD.version + 1 WHERE id = NEW.id;
END;
