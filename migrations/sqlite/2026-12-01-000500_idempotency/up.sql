-- What was answered to requests that create and came with an Idempotency-Key: a repeat within a day is given the same answer.
--
-- The row is stored in the transaction of what was created. It is no part of the history, and is removed after a day.

CREATE TABLE idempotency (
    id INTEGER CONSTRAINT idempotency_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    owner_id VARCHAR(255) NOT NULL, -- empty: nobody says who he is
    idempotency_key VARCHAR(255) NOT NULL,
    target TEXT NOT NULL, -- method, path and query
    digest VARCHAR(64) NOT NULL, -- of the request's body: SHA-256, hexadecimal
    status INTEGER NOT NULL,
    body TEXT NOT NULL, -- of the answer
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT idempotency_owner_id_idempotency_key_key UNIQUE (owner_id, idempotency_key),
    CONSTRAINT idempotency_owner_id_length_check CHECK (length(owner_id) <= 255),
    CONSTRAINT idempotency_idempotency_key_length_check CHECK (length(idempotency_key) <= 255),
    CONSTRAINT idempotency_digest_length_check CHECK (length(digest) <= 64)
);
CREATE INDEX ix_idempotency_created_at ON idempotency (created_at);
CREATE TRIGGER idempotency_version AFTER UPDATE ON idempotency WHEN NEW.version = OLD.version BEGIN
    UPDATE idempotency SET version = OLD.version + 1 WHERE id = NEW.id;
END;
