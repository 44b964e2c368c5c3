-- What was published, by whom, and how old rocks are.
--
-- An author is known by the very name. What others than the API know of a publication (`abstract`, `publisher`) is kept as well.

CREATE TABLE publication (
    id INTEGER CONSTRAINT publication_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    title TEXT NOT NULL,
    abstract TEXT,
    doi VARCHAR(255),
    year INTEGER,
    publisher TEXT,
    url TEXT,
    publication_type VARCHAR(100) NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT publication_doi_key UNIQUE (doi),
    CONSTRAINT publication_publication_type_fkey FOREIGN KEY (publication_type)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT publication_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT publication_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT publication_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT publication_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT publication_doi_length_check CHECK (length(doi) <= 255)
);
CREATE INDEX ix_publication_publication_type ON publication (publication_type);
CREATE INDEX ix_publication_year ON publication (year);
CREATE TRIGGER publication_version AFTER UPDATE ON publication WHEN NEW.version = OLD.version BEGIN
    UPDATE publication SET version = OLD.version + 1 WHERE id = NEW.id;
END;

CREATE TABLE pub_author (
    id INTEGER CONSTRAINT pub_author_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    name VARCHAR(255) NOT NULL,
    affiliation VARCHAR(255),
    email VARCHAR(100),
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT pub_author_name_key UNIQUE (name),
    CONSTRAINT pub_author_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT pub_author_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT pub_author_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT pub_author_updated_by_id_length_check CHECK (length(updated_by_id) <= 255),
    CONSTRAINT pub_author_name_length_check CHECK (length(name) <= 255),
    CONSTRAINT pub_author_affiliation_length_check CHECK (length(affiliation) <= 255),
    CONSTRAINT pub_author_email_length_check CHECK (length(email) <= 100)
);
CREATE TRIGGER pub_author_version AFTER UPDATE ON pub_author WHEN NEW.version = OLD.version BEGIN
    UPDATE pub_author SET version = OLD.version + 1 WHERE id = NEW.id;
END;

CREATE TABLE pub_author_publication_association (
    id INTEGER CONSTRAINT pub_author_publication_association_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    publication_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    author_order INTEGER NOT NULL, -- from 1
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT pub_author_publication_association_publication_id_author_id_key UNIQUE (publication_id, author_id),
    CONSTRAINT pub_author_publication_association_publication_id_fkey FOREIGN KEY (publication_id)
        REFERENCES publication (id) ON DELETE CASCADE,
    CONSTRAINT pub_author_publication_association_author_id_fkey FOREIGN KEY (author_id)
        REFERENCES pub_author (id) ON DELETE CASCADE,
    CONSTRAINT pub_author_publication_association_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT pub_author_publication_association_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT pub_author_publication_association_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT pub_author_publication_association_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_pub_author_publication_association_author_id ON pub_author_publication_association (author_id);
CREATE TRIGGER pub_author_publication_association_version AFTER UPDATE ON pub_author_publication_association WHEN NEW.version = OLD.version BEGIN
    UPDATE pub_author_publication_association SET version = OLD.version + 1 WHERE id = NEW.id;
END;

CREATE TABLE geochronology_age (
    id INTEGER CONSTRAINT geochronology_age_pkey PRIMARY KEY AUTOINCREMENT NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    created_by_name VARCHAR(255),
    created_by_id VARCHAR(255),
    updated_by_name VARCHAR(255),
    updated_by_id VARCHAR(255),
    release_status VARCHAR(100),
    release_at DATE,
    location_id INTEGER NOT NULL,
    age DOUBLE PRECISION NOT NULL,
    age_error DOUBLE PRECISION,
    method VARCHAR(100),
    version INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT geochronology_age_release_status_fkey FOREIGN KEY (release_status)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT geochronology_age_embargo_needs_date
        CHECK ((release_status IS NOT NULL AND release_status = 'embargoed') = (release_at IS NOT NULL)),
    CONSTRAINT geochronology_age_location_id_fkey FOREIGN KEY (location_id)
        REFERENCES location (id) ON DELETE CASCADE,
    CONSTRAINT geochronology_age_method_fkey FOREIGN KEY (method)
        REFERENCES lexicon_term (term) ON UPDATE CASCADE,
    CONSTRAINT geochronology_age_created_by_name_length_check CHECK (length(created_by_name) <= 255),
    CONSTRAINT geochronology_age_created_by_id_length_check CHECK (length(created_by_id) <= 255),
    CONSTRAINT geochronology_age_updated_by_name_length_check CHECK (length(updated_by_name) <= 255),
    CONSTRAINT geochronology_age_updated_by_id_length_check CHECK (length(updated_by_id) <= 255)
);
CREATE INDEX ix_geochronology_age_release_status ON geochronology_age (release_status);
CREATE INDEX ix_geochronology_age_location_id ON geochronology_age (location_id);
CREATE INDEX ix_geochronology_age_method ON geochronology_age (method);
CREATE TRIGGER geochronology_age_version AFTER UPDATE ON geochronology_age WHEN NEW.version = OLD.version BEGIN
    UPDATE geochronology_age SET version = OLD.version + 1 WHERE id = NEW.id;
END;
