-- People: how to reach them, and what they have allowed.

CREATE TABLE contact (
    id INTEGER CONSTRAINT contact_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    name VARCHAR(100),
    organization VARCHAR(100),
    role VARCHAR(100) NOT NULL,
    contact_type VARCHAR(100) NOT NULL,
    nma_pk_owners VARCHAR(100),
    nma_pk_waterlevels VARCHAR(100),
    CONSTRAINT contact_name_organization_key UNIQUE (name, organization),
    CONSTRAINT contact_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT contact_organization_fkey FOREIGN KEY (organization)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT contact_role_fkey FOREIGN KEY (role)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT contact_contact_type_fkey FOREIGN KEY (contact_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT contact_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT contact_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT contact_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT contact_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT contact_name_length_check CHECK (length(name) <= 100),
    CONSTRAINT contact_nma_pk_owners_length_check CHECK (length(nma_pk_owners) <= 100),
    CONSTRAINT contact_nma_pk_waterlevels_length_check CHECK (length(nma_pk_waterlevels) <= 100)
);
CREATE INDEX ix_contact_release_status ON contact (release_status);
CREATE INDEX ix_contact_organization ON contact (organization);
CREATE INDEX ix_contact_role ON contact (role);
CREATE INDEX ix_contact_contact_type ON contact (contact_type);

CREATE VIRTUAL TABLE contact_fts USING fts5 (
    name, role, organization, nma_pk_owners,
    content = 'contact', content_rowid = 'id', tokenize = 'porter unicode61', prefix = '2 3'
);
CREATE TRIGGER contact_fts_insert AFTER INSERT ON contact BEGIN
    INSERT INTO contact_fts (rowid, name, role, organization, nma_pk_owners)
        VALUES (new.id, new.name, new.role, new.organization, new.nma_pk_owners);
END;
CREATE TRIGGER contact_fts_delete AFTER DELETE ON contact BEGIN
    INSERT INTO contact_fts (contact_fts, rowid, name, role, organization, nma_pk_owners)
        VALUES ('delete', old.id, old.name, old.role, old.organization, old.nma_pk_owners);
END;
CREATE TRIGGER contact_fts_update AFTER UPDATE OF id, name, role, organization, nma_pk_owners ON contact BEGIN
    INSERT INTO contact_fts (contact_fts, rowid, name, role, organization, nma_pk_owners)
        VALUES ('delete', old.id, old.name, old.role, old.organization, old.nma_pk_owners);
    INSERT INTO contact_fts (rowid, name, role, organization, nma_pk_owners)
        VALUES (new.id, new.name, new.role, new.organization, new.nma_pk_owners);
END;

CREATE TABLE phone (
    id INTEGER CONSTRAINT phone_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    contact_id INTEGER NOT NULL,
    phone_number VARCHAR(20) NOT NULL,
    phone_type VARCHAR(100) NOT NULL,
    CONSTRAINT phone_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT phone_contact_id_fkey FOREIGN KEY (contact_id)
        REFERENCES contact (id) ON DELETE CASCADE,
    CONSTRAINT phone_phone_type_fkey FOREIGN KEY (phone_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT phone_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT phone_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT phone_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT phone_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT phone_phone_number_length_check CHECK (length(phone_number) <= 20)
);
CREATE INDEX ix_phone_release_status ON phone (release_status);
CREATE INDEX ix_phone_contact_id ON phone (contact_id);
CREATE INDEX ix_phone_phone_type ON phone (phone_type);

CREATE VIRTUAL TABLE phone_fts USING fts5 (
    phone_number,
    content = 'phone', content_rowid = 'id', tokenize = 'porter unicode61', prefix = '2 3'
);
CREATE TRIGGER phone_fts_insert AFTER INSERT ON phone BEGIN
    INSERT INTO phone_fts (rowid, phone_number) VALUES (new.id, new.phone_number);
END;
CREATE TRIGGER phone_fts_delete AFTER DELETE ON phone BEGIN
    INSERT INTO phone_fts (phone_fts, rowid, phone_number)
        VALUES ('delete', old.id, old.phone_number);
END;
CREATE TRIGGER phone_fts_update AFTER UPDATE OF id, phone_number ON phone BEGIN
    INSERT INTO phone_fts (phone_fts, rowid, phone_number)
        VALUES ('delete', old.id, old.phone_number);
    INSERT INTO phone_fts (rowid, phone_number) VALUES (new.id, new.phone_number);
END;

CREATE TABLE email (
    id INTEGER CONSTRAINT email_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    contact_id INTEGER NOT NULL,
    email VARCHAR(100) NOT NULL,
    email_type VARCHAR(100) NOT NULL,
    CONSTRAINT email_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT email_contact_id_fkey FOREIGN KEY (contact_id)
        REFERENCES contact (id) ON DELETE CASCADE,
    CONSTRAINT email_email_type_fkey FOREIGN KEY (email_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT email_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT email_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT email_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT email_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT email_email_length_check CHECK (length(email) <= 100)
);
CREATE INDEX ix_email_release_status ON email (release_status);
CREATE INDEX ix_email_contact_id ON email (contact_id);
CREATE INDEX ix_email_email_type ON email (email_type);

CREATE VIRTUAL TABLE email_fts USING fts5 (
    email,
    content = 'email', content_rowid = 'id', tokenize = 'porter unicode61', prefix = '2 3'
);
CREATE TRIGGER email_fts_insert AFTER INSERT ON email BEGIN
    INSERT INTO email_fts (rowid, email) VALUES (new.id, new.email);
END;
CREATE TRIGGER email_fts_delete AFTER DELETE ON email BEGIN
    INSERT INTO email_fts (email_fts, rowid, email) VALUES ('delete', old.id, old.email);
END;
CREATE TRIGGER email_fts_update AFTER UPDATE OF id, email ON email BEGIN
    INSERT INTO email_fts (email_fts, rowid, email) VALUES ('delete', old.id, old.email);
    INSERT INTO email_fts (rowid, email) VALUES (new.id, new.email);
END;

CREATE TABLE address (
    id INTEGER CONSTRAINT address_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    contact_id INTEGER NOT NULL,
    address_line_1 VARCHAR(255) NOT NULL,
    address_line_2 VARCHAR(255),
    city VARCHAR(100),
    state VARCHAR(50),
    postal_code VARCHAR(20),
    country VARCHAR(50) NOT NULL,
    address_type VARCHAR(100) NOT NULL,
    CONSTRAINT address_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT address_contact_id_fkey FOREIGN KEY (contact_id)
        REFERENCES contact (id) ON DELETE CASCADE,
    CONSTRAINT address_address_type_fkey FOREIGN KEY (address_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT address_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT address_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT address_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT address_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT address_address_line_1_length_check CHECK (length(address_line_1) <= 255),
    CONSTRAINT address_address_line_2_length_check CHECK (length(address_line_2) <= 255),
    CONSTRAINT address_city_length_check CHECK (length(city) <= 100),
    CONSTRAINT address_state_length_check CHECK (length(state) <= 50),
    CONSTRAINT address_postal_code_length_check CHECK (length(postal_code) <= 20),
    CONSTRAINT address_country_length_check CHECK (length(country) <= 50)
);
CREATE INDEX ix_address_release_status ON address (release_status);
CREATE INDEX ix_address_contact_id ON address (contact_id);
CREATE INDEX ix_address_address_type ON address (address_type);

CREATE VIRTUAL TABLE address_fts USING fts5 (
    address_line_1, address_line_2, city, state, postal_code, country,
    content = 'address', content_rowid = 'id', tokenize = 'porter unicode61', prefix = '2 3'
);
CREATE TRIGGER address_fts_insert AFTER INSERT ON address BEGIN
    INSERT INTO address_fts (rowid, address_line_1, address_line_2, city, state, postal_code, country)
        VALUES (new.id, new.address_line_1, new.address_line_2, new.city, new.state, new.postal_code, new.country);
END;
CREATE TRIGGER address_fts_delete AFTER DELETE ON address BEGIN
    INSERT INTO address_fts (address_fts, rowid, address_line_1, address_line_2, city, state, postal_code, country)
        VALUES ('delete', old.id, old.address_line_1, old.address_line_2, old.city, old.state, old.postal_code, old.country);
END;
CREATE TRIGGER address_fts_update AFTER UPDATE OF id, address_line_1, address_line_2, city, state, postal_code, country ON address BEGIN
    INSERT INTO address_fts (address_fts, rowid, address_line_1, address_line_2, city, state, postal_code, country)
        VALUES ('delete', old.id, old.address_line_1, old.address_line_2, old.city, old.state, old.postal_code, old.country);
    INSERT INTO address_fts (rowid, address_line_1, address_line_2, city, state, postal_code, country)
        VALUES (new.id, new.address_line_1, new.address_line_2, new.city, new.state, new.postal_code, new.country);
END;

-- Kept apart from `phone` because a number without area code is not one that can be called.
CREATE TABLE incomplete_nma_phone (
    id INTEGER CONSTRAINT incomplete_nma_phone_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    contact_id INTEGER NOT NULL,
    phone_number VARCHAR(20) NOT NULL,
    CONSTRAINT incomplete_nma_phone_contact_id_fkey FOREIGN KEY (contact_id)
        REFERENCES contact (id) ON DELETE CASCADE,
    CONSTRAINT incomplete_nma_phone_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT incomplete_nma_phone_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT incomplete_nma_phone_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT incomplete_nma_phone_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT incomplete_nma_phone_phone_number_length_check CHECK (length(phone_number) <= 20)
);
CREATE INDEX ix_incomplete_nma_phone_contact_id ON incomplete_nma_phone (contact_id);

CREATE TABLE thing_contact_association (
    id INTEGER CONSTRAINT thing_contact_association_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    thing_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    CONSTRAINT thing_contact_association_thing_id_fkey FOREIGN KEY (thing_id)
        REFERENCES thing (id) ON DELETE CASCADE,
    CONSTRAINT thing_contact_association_contact_id_fkey FOREIGN KEY (contact_id)
        REFERENCES contact (id) ON DELETE CASCADE,
    CONSTRAINT thing_contact_association_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT thing_contact_association_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT thing_contact_association_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT thing_contact_association_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_thing_contact_association_thing_id ON thing_contact_association (thing_id);
CREATE INDEX ix_thing_contact_association_contact_id ON thing_contact_association (contact_id);

-- The parent is named by target_table and target_id, so no foreign key can guard it: the program
-- does.
CREATE TABLE permission_history (
    id INTEGER CONSTRAINT permission_history_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    contact_id INTEGER NOT NULL,
    permission_type VARCHAR(100) NOT NULL,
    permission_allowed BOOLEAN NOT NULL,
    start_date DATE NOT NULL,
    end_date DATE,
    notes TEXT,
    target_id INTEGER NOT NULL,
    target_table VARCHAR(50) NOT NULL,
    CONSTRAINT permission_history_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT permission_history_contact_id_fkey FOREIGN KEY (contact_id)
        REFERENCES contact (id) ON DELETE CASCADE,
    CONSTRAINT permission_history_permission_type_fkey FOREIGN KEY (permission_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT permission_history_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT permission_history_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT permission_history_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT permission_history_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT permission_history_permission_allowed_boolean_check CHECK (permission_allowed IN (0, 1)),
    CONSTRAINT permission_history_target_table_length_check CHECK (length(target_table) <= 50)
);
CREATE INDEX ix_permission_history_release_status ON permission_history (release_status);
CREATE INDEX ix_permission_history_contact_id ON permission_history (contact_id);
CREATE INDEX ix_permission_history_permission_type ON permission_history (permission_type);
CREATE INDEX ix_permission_history_target ON permission_history (target_table, target_id);
