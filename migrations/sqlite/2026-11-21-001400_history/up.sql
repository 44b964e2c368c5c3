-- Every change and every removal of every row, with the row as it was before, who did it, when, and in which request.
--
-- The database keeps it, so that no statement can avoid it: neither the program's, nor a cascade, nor a hand at sqlite3. The program
-- makes the triggers of every table after the migrations: see src/db/dialect/history. That a row was made needs no entry: the
-- row says itself by whom and when, and so does its first image.

CREATE TABLE history (
    id INTEGER CONSTRAINT history_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    table_name TEXT NOT NULL,
    row_id INTEGER, -- null: the table has no such key
    action TEXT NOT NULL,
    before TEXT NOT NULL, -- the row as JSON, without generated columns and secrets
    changed_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    changed_by_id TEXT,
    changed_by_name TEXT,
    request_id TEXT, -- null: none of the program's writes
    CONSTRAINT history_action_check CHECK (action IN ('update', 'delete'))
);
CREATE INDEX ix_history_table_name_row_id_id ON history (table_name, row_id, id);
CREATE INDEX ix_history_changed_at ON history (changed_at);

-- On whose behalf the transaction writes. The program fills it in when a transaction begins and empties it before the end, so what
-- other programs write has no author. (SQLite has no variables, and a function of ours would keep other programs from writing.)
CREATE TABLE history_context (
    only_row INTEGER CONSTRAINT history_context_pkey PRIMARY KEY NOT NULL,
    actor_id TEXT,
    actor_name TEXT,
    request_id TEXT,
    CONSTRAINT history_context_only_row_check CHECK (only_row = 1)
);
INSERT INTO history_context (only_row) VALUES (1);
