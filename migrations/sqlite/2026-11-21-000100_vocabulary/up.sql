-- The controlled vocabulary comes first: nearly every table refers to it.
--
-- An index on fold() can be read and written only where the program has registered that function; a
-- plain sqlite3 shell cannot change such a table. Lengths and booleans are checked by hand, because
-- SQLite ignores both types.

CREATE TABLE lexicon_category (
    id INTEGER CONSTRAINT lexicon_category_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    name VARCHAR(100) NOT NULL,
    description VARCHAR(255),
    CONSTRAINT lexicon_category_name_key UNIQUE (name),
    CONSTRAINT lexicon_category_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT lexicon_category_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT lexicon_category_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT lexicon_category_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT lexicon_category_name_length_check CHECK (length(name) <= 100),
    CONSTRAINT lexicon_category_description_length_check CHECK (length(description) <= 255)
);

-- The term itself, not its id, is what other tables refer to: a renamed term is renamed everywhere,
-- a term in use cannot be deleted. The column keeps the collation of the columns that refer to it:
-- with another, PostgreSQL could not use their indexes when it looks for them.
CREATE TABLE lexicon_term (
    id INTEGER CONSTRAINT lexicon_term_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    term VARCHAR(100) NOT NULL,
    definition TEXT NOT NULL,
    CONSTRAINT lexicon_term_term_key UNIQUE (term),
    CONSTRAINT lexicon_term_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT lexicon_term_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT lexicon_term_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT lexicon_term_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT lexicon_term_term_length_check CHECK (length(term) <= 100)
);
CREATE INDEX ix_lexicon_term_term_fold ON lexicon_term (fold(term));

CREATE TABLE lexicon_term_category_association (
    id INTEGER CONSTRAINT lexicon_term_category_association_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    term_id INTEGER NOT NULL,
    category_id INTEGER NOT NULL,
    CONSTRAINT lexicon_term_category_association_term_id_category_id_key UNIQUE (term_id, category_id),
    CONSTRAINT lexicon_term_category_association_term_id_fkey FOREIGN KEY (term_id)
        REFERENCES lexicon_term (id) ON DELETE CASCADE,
    CONSTRAINT lexicon_term_category_association_category_id_fkey FOREIGN KEY (category_id)
        REFERENCES lexicon_category (id) ON DELETE CASCADE,
    CONSTRAINT lexicon_term_category_association_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT lexicon_term_category_association_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT lexicon_term_category_association_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT lexicon_term_category_association_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_lexicon_term_category_association_category_id ON lexicon_term_category_association (category_id);

CREATE TABLE lexicon_triple (
    id INTEGER CONSTRAINT lexicon_triple_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    subject VARCHAR(100) NOT NULL,
    predicate VARCHAR(100) NOT NULL,
    object_ VARCHAR(100) NOT NULL,
    CONSTRAINT lexicon_triple_subject_fkey FOREIGN KEY (subject)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT lexicon_triple_object__fkey FOREIGN KEY (object_)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT lexicon_triple_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT lexicon_triple_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT lexicon_triple_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT lexicon_triple_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT lexicon_triple_predicate_length_check CHECK (length(predicate) <= 100)
);
CREATE INDEX ix_lexicon_triple_subject ON lexicon_triple (subject);
CREATE INDEX ix_lexicon_triple_object_ ON lexicon_triple (object_);
