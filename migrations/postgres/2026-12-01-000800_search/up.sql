-- What a search looks through is taken apart in one way everywhere: see the migration `search_text`. Words of different columns do
-- not stand together, so a phrase does not reach from one column into the next: a word that is deleted again keeps them apart.

CREATE FUNCTION search_columns(text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ts_delete(to_tsvector('search_words', search_text($1)), 'zzbreakzz');

ALTER TABLE well_purpose DROP COLUMN search_vector;
ALTER TABLE well_purpose ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
    search_columns(coalesce(purpose, ''))
) STORED;
CREATE INDEX ix_well_purpose_search_vector ON well_purpose USING gin (search_vector);

ALTER TABLE well_casing_material DROP COLUMN search_vector;
ALTER TABLE well_casing_material ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
    search_columns(coalesce(material, ''))
) STORED;
CREATE INDEX ix_well_casing_material_search_vector ON well_casing_material USING gin (search_vector);

ALTER TABLE contact DROP COLUMN search_vector;
ALTER TABLE contact ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
    search_columns(
        coalesce(name, '')
        || ' zzbreakzz ' || coalesce(role, '')
        || ' zzbreakzz ' || coalesce(organization, '')
        || ' zzbreakzz ' || coalesce(nma_pk_owners, '')
    )
) STORED;
CREATE INDEX ix_contact_search_vector ON contact USING gin (search_vector);

ALTER TABLE phone DROP COLUMN search_vector;
ALTER TABLE phone ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
    search_columns(coalesce(phone_number, ''))
) STORED;
CREATE INDEX ix_phone_search_vector ON phone USING gin (search_vector);

ALTER TABLE email DROP COLUMN search_vector;
ALTER TABLE email ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
    search_columns(coalesce(email, ''))
) STORED;
CREATE INDEX ix_email_search_vector ON email USING gin (search_vector);

ALTER TABLE address DROP COLUMN search_vector;
ALTER TABLE address ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
    search_columns(
        coalesce(address_line_1, '')
        || ' zzbreakzz ' || coalesce(address_line_2, '')
        || ' zzbreakzz ' || coalesce(city, '')
        || ' zzbreakzz ' || coalesce(state, '')
        || ' zzbreakzz ' || coalesce(postal_code, '')
        || ' zzbreakzz ' || coalesce(country, '')
    )
) STORED;
CREATE INDEX ix_address_search_vector ON address USING gin (search_vector);

-- With the label.
ALTER TABLE asset DROP COLUMN search_vector;
ALTER TABLE asset ADD COLUMN search_vector TSVECTOR GENERATED ALWAYS AS (
    search_columns(
        coalesce(name, '')
        || ' zzbreakzz ' || coalesce(label, '')
        || ' zzbreakzz ' || coalesce(mime_type, '')
        || ' zzbreakzz ' || coalesce(storage_service, '')
        || ' zzbreakzz ' || coalesce(storage_path, '')
    )
) STORED;
CREATE INDEX ix_asset_search_vector ON asset USING gin (search_vector);
