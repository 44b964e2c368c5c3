-- What things are gathered in, and what can be measured at them.

CREATE TABLE "group" (
    id INTEGER CONSTRAINT group_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    name VARCHAR(100) NOT NULL,
    description VARCHAR(255),
    project_area TEXT, -- WKT, MULTIPOLYGON, WGS84
    group_type VARCHAR(100),
    parent_group_id INTEGER,
    CONSTRAINT group_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT group_group_type_fkey FOREIGN KEY (group_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT group_parent_group_id_fkey FOREIGN KEY (parent_group_id)
        REFERENCES "group" (id) ON DELETE CASCADE,
    CONSTRAINT group_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT group_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT group_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT group_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT group_name_length_check CHECK (length(name) <= 100),
    CONSTRAINT group_description_length_check CHECK (length(description) <= 255)
);
-- NULL group types count as equal here, which a UNIQUE constraint of SQLite cannot say.
CREATE UNIQUE INDEX group_name_group_type_key ON "group" (name, coalesce(group_type, ''));
CREATE INDEX ix_group_release_status ON "group" (release_status);
CREATE INDEX ix_group_group_type ON "group" (group_type);
CREATE INDEX ix_group_parent_group_id ON "group" (parent_group_id);

CREATE TABLE parameter (
    id INTEGER CONSTRAINT parameter_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    parameter_name VARCHAR(100) NOT NULL,
    matrix VARCHAR(100) NOT NULL,
    parameter_type VARCHAR(100),
    cas_number TEXT,
    default_unit VARCHAR(100) NOT NULL,
    CONSTRAINT parameter_parameter_name_matrix_key UNIQUE (parameter_name, matrix),
    CONSTRAINT parameter_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT parameter_parameter_name_fkey FOREIGN KEY (parameter_name)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT parameter_matrix_fkey FOREIGN KEY (matrix)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT parameter_parameter_type_fkey FOREIGN KEY (parameter_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT parameter_default_unit_fkey FOREIGN KEY (default_unit)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT parameter_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT parameter_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT parameter_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT parameter_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_parameter_release_status ON parameter (release_status);
CREATE INDEX ix_parameter_matrix ON parameter (matrix);
CREATE INDEX ix_parameter_parameter_type ON parameter (parameter_type);
CREATE INDEX ix_parameter_default_unit ON parameter (default_unit);
