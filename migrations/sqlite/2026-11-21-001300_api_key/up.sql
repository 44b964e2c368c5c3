-- Keys for scripts and desktop GIS. Of a key only the digest is kept: whoever reads this table cannot use one.
--
-- A key without an owner was made on the command line.

CREATE TABLE api_key (
    id INTEGER CONSTRAINT api_key_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    name VARCHAR(255) NOT NULL,
    digest VARCHAR(64) NOT NULL, -- SHA-256, hexadecimal
    token_preview VARCHAR(32) NOT NULL,
    owner_id VARCHAR(255),
    owner_name VARCHAR(255),
    scope VARCHAR(100) NOT NULL, -- roles, separated by blanks
    expires_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP,
    revoked_at TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT api_key_digest_key UNIQUE (digest),
    CONSTRAINT api_key_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT api_key_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT api_key_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT api_key_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT api_key_name_length_check CHECK (length(name) <= 255),
    CONSTRAINT api_key_digest_length_check CHECK (length(digest) <= 64),
    CONSTRAINT api_key_token_preview_length_check CHECK (length(token_preview) <= 32),
    CONSTRAINT api_key_owner_id_length_check CHECK (length(owner_id) <= 255),
    CONSTRAINT api_key_owner_name_length_check CHECK (length(owner_name) <= 255),
    CONSTRAINT api_key_scope_length_check CHECK (length(scope) <= 100)
);
CREATE INDEX ix_api_key_owner_id ON api_key (owner_id);
CREATE TRIGGER api_key_version AFTER UPDATE ON api_key WHEN NEW.version = OLD.version BEGIN
    UPDATE api_key SET version = OLD.version + 1 WHERE id = NEW.id;
END;
