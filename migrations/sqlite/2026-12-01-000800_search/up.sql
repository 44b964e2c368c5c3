-- FTS5 takes all texts apart in one way by itself. Only the label of assets is new among what a search looks through.

DROP TRIGGER asset_fts_insert;
DROP TRIGGER asset_fts_delete;
DROP TRIGGER asset_fts_update;
DROP TABLE asset_fts;
CREATE VIRTUAL TABLE asset_fts USING fts5 (
    name, label, mime_type, storage_service, storage_path,
    content = 'asset', content_rowid = 'id', tokenize = 'porter unicode61', prefix = '2 3'
);
INSERT INTO asset_fts (asset_fts) VALUES ('rebuild');
CREATE TRIGGER asset_fts_insert AFTER INSERT ON asset BEGIN
    INSERT INTO asset_fts (rowid, name, label, mime_type, storage_service, storage_path)
        VALUES (new.id, new.name, new.label, new.mime_type, new.storage_service, new.storage_path);
END;
CREATE TRIGGER asset_fts_delete AFTER DELETE ON asset BEGIN
    INSERT INTO asset_fts (asset_fts, rowid, name, label, mime_type, storage_service, storage_path)
        VALUES ('delete', old.id, old.name, old.label, old.mime_type, old.storage_service, old.storage_path);
END;
CREATE TRIGGER asset_fts_update AFTER UPDATE OF id, name, label, mime_type, storage_service, storage_path ON asset BEGIN
    INSERT INTO asset_fts (asset_fts, rowid, name, label, mime_type, storage_service, storage_path)
        VALUES ('delete', old.id, old.name, old.label, old.mime_type, old.storage_service, old.storage_path);
    INSERT INTO asset_fts (rowid, name, label, mime_type, storage_service, storage_path)
        VALUES (new.id, new.name, new.label, new.mime_type, new.storage_service, new.storage_path);
END;
