ALTER TABLE asset DROP COLUMN search_vector;
ALTER TABLE asset ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
        to_tsvector('search_words', search_text(
            coalesce(name, '')
            || ' ' || coalesce(mime_type, '')
            || ' ' || coalesce(storage_service, '')
            || ' ' || coalesce(storage_path, '')
        ))
) STORED;
CREATE INDEX ix_asset_search_vector ON asset USING gin (search_vector);

ALTER TABLE address DROP COLUMN search_vector;
ALTER TABLE address ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
        to_tsvector('pg_catalog.english',
            coalesce(address_line_1, '')
            || ' ' || coalesce(address_line_2, '')
            || ' ' || coalesce(city, '')
            || ' ' || coalesce(state, '')
            || ' ' || coalesce(postal_code, '')
            || ' ' || coalesce(country, '')
        )
) STORED;
CREATE INDEX ix_address_search_vector ON address USING gin (search_vector);

ALTER TABLE email DROP COLUMN search_vector;
ALTER TABLE email ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
        to_tsvector('pg_catalog.english',
            coalesce(email, '')
        )
) STORED;
CREATE INDEX ix_email_search_vector ON email USING gin (search_vector);

ALTER TABLE phone DROP COLUMN search_vector;
ALTER TABLE phone ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
        to_tsvector('pg_catalog.english',
            coalesce(phone_number, '')
        )
) STORED;
CREATE INDEX ix_phone_search_vector ON phone USING gin (search_vector);

ALTER TABLE contact DROP COLUMN search_vector;
ALTER TABLE contact ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
        to_tsvector('pg_catalog.english',
            coalesce(name, '')
            || ' ' || coalesce(role, '')
            || ' ' || coalesce(organization, '')
            || ' ' || coalesce(nma_pk_owners, '')
        )
) STORED;
CREATE INDEX ix_contact_search_vector ON contact USING gin (search_vector);

ALTER TABLE well_casing_material DROP COLUMN search_vector;
ALTER TABLE well_casing_material ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
        to_tsvector('pg_catalog.english',
            coalesce(material, '')
        )
) STORED;
CREATE INDEX ix_well_casing_material_search_vector ON well_casing_material USING gin (search_vector);

ALTER TABLE well_purpose DROP COLUMN search_vector;
ALTER TABLE well_purpose ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
        to_tsvector('pg_catalog.english',
            coalesce(purpose, '')
        )
) STORED;
CREATE INDEX ix_well_purpose_search_vector ON well_purpose USING gin (search_vector);

DROP FUNCTION search_columns(text);
