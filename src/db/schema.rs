//! The tables as Diesel sees them: the columns that PostgreSQL and SQLite have in common, so that one
//! query serves both. What only one of them has stays out: generated geometry and `search_vector` columns,
//! R*Tree and FTS5 tables, and the legacy audit columns that nothing reads (`nma_WI_*` of `deployment`,
//! `nma_waterlevelscontinuous_*` of `transducer_observation`).
//!
//! Written by hand, in the order of the migrations: `diesel print-schema` would bring the PostgreSQL-only
//! columns back. `Timestamp` is UTC on both sides; in PostgreSQL the column is a `timestamptz`.
#![allow(missing_docs, reason = "most columns are named well enough")]

diesel::table! {
    /// Categories of the controlled vocabulary.
    lexicon_category (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        name -> Text,
        description -> Nullable<Text>,
    }
}

diesel::table! {
    /// Terms of the controlled vocabulary. Every vocabulary column of every other table holds a
    /// `term`.
    lexicon_term (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        term -> Text,
        definition -> Text,
    }
}

diesel::table! {
    /// Which terms belong to which categories.
    lexicon_term_category_association (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        term_id -> Integer,
        category_id -> Integer,
    }
}

diesel::table! {
    /// Statements about terms: subject, predicate, object.
    lexicon_triple (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        subject -> Text,
        predicate -> Text,
        object_ -> Text,
    }
}

diesel::table! {
    /// Places: WGS84 longitude and latitude in degrees, elevation in metres.
    location (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        nma_pk_location -> Nullable<Text>,
        description -> Nullable<Text>,
        /// Degrees, WGS84.
        longitude -> Double,
        /// Degrees, WGS84.
        latitude -> Double,
        /// Metres above `vertical_datum`.
        elevation -> Double,
        county -> Nullable<Text>,
        state -> Nullable<Text>,
        quad_name -> Nullable<Text>,
        nma_notes_location -> Nullable<Text>,
        nma_coordinate_notes -> Nullable<Text>,
        nma_date_created -> Nullable<Date>,
        nma_site_date -> Nullable<Date>,
        /// Never null in what the program writes.
        vertical_datum -> Nullable<Text>,
    }
}

diesel::table! {
    /// Notes on a thing, a location or a contact, by `target_table` and `target_id`.
    notes (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        target_id -> Integer,
        target_table -> Text,
        note_type -> Text,
        content -> Text,
    }
}

diesel::table! {
    /// Where a field of a thing or a location comes from and how exact it is, in
    /// `accuracy_unit`.
    data_provenance (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        target_id -> Integer,
        target_table -> Text,
        /// Null: the whole record.
        field_name -> Nullable<Text>,
        origin_type -> Nullable<Text>,
        origin_source -> Nullable<Text>,
        collection_method -> Nullable<Text>,
        accuracy_value -> Nullable<Double>,
        accuracy_unit -> Nullable<Text>,
    }
}

diesel::table! {
    /// Groups of things: projects, networks, areas.
    #[sql_name = "group"]
    group (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        name -> Text,
        description -> Nullable<Text>,
        /// WKT, MULTIPOLYGON, WGS84.
        project_area -> Nullable<Text>,
        group_type -> Nullable<Text>,
        parent_group_id -> Nullable<Integer>,
    }
}

diesel::table! {
    /// What can be measured, and in which matrix.
    parameter (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        parameter_name -> Text,
        matrix -> Text,
        parameter_type -> Nullable<Text>,
        cas_number -> Nullable<Text>,
        default_unit -> Text,
    }
}

diesel::table! {
    /// Wells, springs and the other features that are observed. Depths in feet below ground,
    /// the casing diameter in inches.
    thing (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        name -> Text,
        thing_type -> Text,
        first_visit_date -> Nullable<Date>,
        /// Ft below ground.
        well_depth -> Nullable<Double>,
        /// Ft below ground.
        hole_depth -> Nullable<Double>,
        /// Ft below ground.
        well_casing_depth -> Nullable<Double>,
        /// Ft below ground.
        well_pump_depth -> Nullable<Double>,
        /// Inches.
        well_casing_diameter -> Nullable<Double>,
        well_completion_date -> Nullable<Date>,
        well_driller_name -> Nullable<Text>,
        well_construction_method -> Nullable<Text>,
        well_pump_type -> Nullable<Text>,
        formation_completion_code -> Nullable<Text>,
        spring_type -> Nullable<Text>,
        nma_pk_welldata -> Nullable<Text>,
        nma_pk_location -> Nullable<Text>,
        nma_formation_zone -> Nullable<Text>,
    }
}

diesel::table! {
    /// Where a thing is, and from when to when.
    location_thing_association (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        location_id -> Integer,
        thing_id -> Integer,
        effective_start -> Timestamp,
        /// Null: still there.
        effective_end -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// The members of a group.
    group_thing_association (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        group_id -> Integer,
        thing_id -> Integer,
    }
}

diesel::table! {
    /// What other organizations call a thing.
    thing_id_link (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_id -> Nullable<Integer>,
        relation -> Text,
        alternate_id -> Text,
        alternate_organization -> Text,
    }
}

diesel::table! {
    /// Aquifer systems.
    aquifer_system (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        name -> Text,
        description -> Nullable<Text>,
        primary_aquifer_type -> Text,
        geographic_scale -> Text,
        /// WKT, MULTIPOLYGON, WGS84.
        boundary -> Nullable<Text>,
    }
}

diesel::table! {
    /// Geologic formations.
    geologic_formation (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        formation_code -> Nullable<Text>,
        description -> Nullable<Text>,
        lithology -> Nullable<Text>,
        /// WKT, MULTIPOLYGON, WGS84.
        boundary -> Nullable<Text>,
    }
}

diesel::table! {
    /// Screened intervals of a well, in feet below ground.
    well_screen (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_id -> Integer,
        aquifer_system_id -> Nullable<Integer>,
        geologic_formation_id -> Nullable<Integer>,
        /// Ft below ground.
        screen_depth_top -> Nullable<Double>,
        /// Ft below ground.
        screen_depth_bottom -> Nullable<Double>,
        screen_type -> Nullable<Text>,
        screen_description -> Nullable<Text>,
        nma_pk_wellscreens -> Nullable<Text>,
    }
}

diesel::table! {
    /// What a well is used for, one row for each purpose.
    well_purpose (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_id -> Integer,
        purpose -> Text,
    }
}

diesel::table! {
    /// What the casing of a well is made of, one row for each material.
    well_casing_material (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_id -> Integer,
        material -> Text,
    }
}

diesel::table! {
    /// How often a thing was to be measured, over time.
    monitoring_frequency_history (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_id -> Integer,
        monitoring_frequency -> Text,
        start_date -> Date,
        end_date -> Nullable<Date>,
    }
}

diesel::table! {
    /// The point from which water levels of a well are measured, over time; its height in feet
    /// above ground.
    measuring_point_history (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_id -> Integer,
        /// Ft above ground.
        measuring_point_height -> Nullable<Double>,
        measuring_point_description -> Nullable<Text>,
        start_date -> Date,
        end_date -> Nullable<Date>,
        reason -> Nullable<Text>,
        measuring_point_height_is_assumed -> Bool,
    }
}

diesel::table! {
    /// The states of a thing over time, by `target_table` and `target_id`.
    status_history (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        status_type -> Text,
        status_value -> Text,
        start_date -> Date,
        end_date -> Nullable<Date>,
        reason -> Nullable<Text>,
        target_id -> Integer,
        target_table -> Text,
    }
}

diesel::table! {
    /// Which aquifer systems a thing draws from.
    thing_aquifer_association (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_id -> Integer,
        aquifer_system_id -> Integer,
    }
}

diesel::table! {
    /// How an aquifer behaves at a thing, one row for each type.
    aquifer_type (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_aquifer_association_id -> Integer,
        #[sql_name = "aquifer_type"]
        aquifer_type_ -> Text,
    }
}

diesel::table! {
    /// The formations a thing goes through, in feet below ground.
    thing_geologic_formation_association (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_id -> Integer,
        geologic_formation_id -> Nullable<Integer>,
        /// Ft below ground.
        top_depth -> Double,
        /// Ft below ground.
        bottom_depth -> Double,
    }
}

diesel::table! {
    /// Owners, operators and other people or organizations.
    contact (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        name -> Nullable<Text>,
        organization -> Nullable<Text>,
        role -> Text,
        contact_type -> Text,
        nma_pk_owners -> Nullable<Text>,
        nma_pk_waterlevels -> Nullable<Text>,
    }
}

diesel::table! {
    /// Telephone numbers of a contact.
    phone (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        contact_id -> Integer,
        phone_number -> Text,
        phone_type -> Text,
    }
}

diesel::table! {
    /// Mail addresses of a contact.
    email (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        contact_id -> Integer,
        #[sql_name = "email"]
        email_ -> Text,
        email_type -> Text,
    }
}

diesel::table! {
    /// Postal addresses of a contact.
    address (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        contact_id -> Integer,
        address_line_1 -> Text,
        address_line_2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        postal_code -> Nullable<Text>,
        country -> Text,
        address_type -> Text,
    }
}

diesel::table! {
    /// Legacy telephone numbers without an area code.
    incomplete_nma_phone (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        contact_id -> Integer,
        phone_number -> Text,
    }
}

diesel::table! {
    /// Who is the contact for a thing.
    thing_contact_association (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        thing_id -> Integer,
        contact_id -> Integer,
    }
}

diesel::table! {
    /// A land owner's consent to field work at a thing or a location, by `target_table` and
    /// `target_id`; not access control.
    permission_history (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        contact_id -> Integer,
        permission_type -> Text,
        permission_allowed -> Bool,
        start_date -> Date,
        end_date -> Nullable<Date>,
        notes -> Nullable<Text>,
        target_id -> Integer,
        target_table -> Text,
    }
}

diesel::table! {
    /// Instruments.
    sensor (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        name -> Text,
        sensor_type -> Text,
        model -> Nullable<Text>,
        serial_no -> Nullable<Text>,
        pcn_number -> Nullable<Text>,
        owner_agency -> Nullable<Text>,
        sensor_status -> Nullable<Text>,
        notes -> Nullable<Text>,
        nma_pk_equipment -> Nullable<Text>,
    }
}

diesel::table! {
    /// Visits to a thing.
    field_event (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_id -> Integer,
        event_date -> Timestamp,
        notes -> Nullable<Text>,
    }
}

diesel::table! {
    /// Who took part in a visit.
    field_event_participant (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        field_event_id -> Integer,
        contact_id -> Integer,
        participant_role -> Text,
    }
}

diesel::table! {
    /// What was done during a visit.
    field_activity (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        field_event_id -> Integer,
        activity_type -> Text,
        notes -> Nullable<Text>,
    }
}

diesel::table! {
    /// Samples, water level measurements included; depths in feet below ground.
    sample (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        field_activity_id -> Integer,
        field_event_participant_id -> Nullable<Integer>,
        sample_date -> Timestamp,
        sample_name -> Text,
        sample_matrix -> Text,
        sample_method -> Text,
        qc_type -> Text,
        /// Ft below ground.
        depth_top -> Nullable<Double>,
        /// Ft below ground.
        depth_bottom -> Nullable<Double>,
        notes -> Nullable<Text>,
        nma_pk_waterlevels -> Nullable<Text>,
    }
}

diesel::table! {
    /// How a value is determined.
    analysis_method (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        analysis_method_code -> Nullable<Text>,
        analysis_method_name -> Text,
        analysis_method_type -> Nullable<Text>,
        source_organization -> Nullable<Text>,
    }
}

diesel::table! {
    /// Measured values, each in its own `unit`; the measuring point height in feet above
    /// ground.
    observation (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        sample_id -> Integer,
        sensor_id -> Nullable<Integer>,
        analysis_method_id -> Nullable<Integer>,
        parameter_id -> Integer,
        observation_datetime -> Timestamp,
        /// In `unit`.
        value -> Nullable<Double>,
        unit -> Text,
        notes -> Nullable<Text>,
        /// Ft above ground, as used for this reading.
        measuring_point_height -> Nullable<Double>,
        groundwater_level_reason -> Nullable<Text>,
        nma_data_quality -> Nullable<Text>,
        nma_pk_waterlevels -> Nullable<Text>,
    }
}

diesel::table! {
    /// Limits set by an authority, each in its own `limit_unit`.
    regulatory_limit (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        parameter_id -> Integer,
        limit_source -> Text,
        /// In `limit_unit`.
        limit_value -> Double,
        limit_unit -> Text,
        limit_type -> Nullable<Text>,
    }
}

diesel::table! {
    /// A sensor in a thing for a time; lengths in feet.
    deployment (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_id -> Integer,
        sensor_id -> Integer,
        installation_date -> Nullable<Date>,
        removal_date -> Nullable<Date>,
        /// In `recording_interval_units`.
        recording_interval -> Nullable<Integer>,
        recording_interval_units -> Nullable<Text>,
        /// Ft.
        hanging_cable_length -> Nullable<Double>,
        /// Ft.
        hanging_point_height -> Nullable<Double>,
        hanging_point_description -> Nullable<Text>,
        notes -> Nullable<Text>,
    }
}

diesel::table! {
    /// A span of readings of a thing, both ends inclusive, reviewed as one. Joined to the
    /// readings by time only.
    transducer_observation_block (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        thing_id -> Integer,
        parameter_id -> Integer,
        review_status -> Text,
        /// Inclusive.
        start_datetime -> Timestamp,
        /// Inclusive.
        end_datetime -> Timestamp,
        comment -> Nullable<Text>,
        reviewer_id -> Nullable<Integer>,
        source_file -> Nullable<Text>,
        source_kind -> Nullable<Text>,
        /// JSON list of strings.
        corrections -> Nullable<Text>,
    }
}

diesel::table! {
    /// Readings of a deployed sensor: depth to water in feet below ground.
    transducer_observation (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        parameter_id -> Integer,
        deployment_id -> Integer,
        observation_datetime -> Timestamp,
        /// Depth to water, ft below ground.
        value -> Double,
        note -> Nullable<Text>,
        data_maturity -> Nullable<Text>,
    }
}

diesel::table! {
    /// Changes and removals of rows of all tables, written by triggers. The row as it was before is in the column `before`, whose
    /// type differs between the databases.
    history (id) {
        id -> BigInt,
        table_name -> Text,
        row_id -> Nullable<BigInt>,
        action -> Text,
        changed_at -> Timestamp,
        changed_by_id -> Nullable<Text>,
        changed_by_name -> Nullable<Text>,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    /// Keys for scripts and desktop GIS.
    api_key (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        name -> Text,
        /// SHA-256, hexadecimal. Never leaves the store.
        digest -> Text,
        /// Its first characters.
        token_preview -> Text,
        /// The token's `sub` of who made it; null for those made on the command line.
        owner_id -> Nullable<Text>,
        owner_name -> Nullable<Text>,
        /// Roles, separated by blanks.
        scope -> Text,
        expires_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Files that belong to things; the files themselves are in the storage.
    asset (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        name -> Text,
        label -> Nullable<Text>,
        /// What the contract calls the storage, whatever it is: `gcs`.
        storage_service -> Text,
        /// The file's name in the storage.
        storage_path -> Text,
        mime_type -> Text,
        /// Bytes.
        size -> Integer,
        uri -> Text,
    }
}

diesel::table! {
    /// Which assets belong to which things.
    asset_thing_association (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        asset_id -> Integer,
        thing_id -> Integer,
    }
}

diesel::table! {
    /// Wells that were drilled for the earth's warmth, or deep enough to tell of it.
    geothermal_well (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        /// UUID.
        well_data_id -> Text,
        thing_id -> Nullable<Integer>,
        api -> Nullable<Text>,
        name -> Text,
        well_number -> Nullable<Text>,
        well_class -> Nullable<Text>,
        well_type -> Nullable<Text>,
        status -> Nullable<Text>,
        operator -> Nullable<Text>,
        owner -> Nullable<Text>,
        /// Ft below ground.
        total_depth -> Nullable<Double>,
        completion_date -> Nullable<Date>,
        has_geothermal_data -> Bool,
        county -> Nullable<Text>,
        state -> Nullable<Text>,
        /// Degrees, WGS84.
        longitude -> Nullable<Double>,
        /// Degrees, WGS84.
        latitude -> Nullable<Double>,
    }
}

diesel::table! {
    /// Answers to requests that may come again.
    idempotency (id) {
        id -> Integer,
        created_at -> Timestamp,
        /// Empty: nobody said who he is.
        owner_id -> Text,
        idempotency_key -> Text,
        /// Method, path and query.
        target -> Text,
        /// Of the request's body.
        digest -> Text,
        status -> Integer,
        /// Of the answer.
        body -> Text,
    }
}

diesel::table! {
    /// What was published.
    publication (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        title -> Text,
        #[sql_name = "abstract"]
        abstract_ -> Nullable<Text>,
        doi -> Nullable<Text>,
        year -> Nullable<Integer>,
        publisher -> Nullable<Text>,
        url -> Nullable<Text>,
        publication_type -> Text,
    }
}

diesel::table! {
    /// Who published something.
    pub_author (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        name -> Text,
        affiliation -> Nullable<Text>,
        email -> Nullable<Text>,
    }
}

diesel::table! {
    /// Who published what, in which place of the list of authors.
    pub_author_publication_association (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        publication_id -> Integer,
        author_id -> Integer,
        author_order -> Integer,
    }
}

diesel::table! {
    /// How old the rocks of a place are.
    geochronology_age (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        release_status -> Nullable<Text>,
        release_at -> Nullable<Date>,
        location_id -> Integer,
        age -> Double,
        age_error -> Nullable<Double>,
        method -> Nullable<Text>,
    }
}

diesel::table! {
    /// Where data are shown by others.
    destination (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        slug -> Text,
        name -> Text,
        destination_kind -> Text,
        description -> Nullable<Text>,
        active -> Bool,
    }
}

diesel::table! {
    /// Who was given access to what.
    permission_grant (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        principal_type -> Text,
        principal_id -> Text,
        capability -> Text,
        scope_type -> Text,
        scope_id -> Nullable<Integer>,
        data_type -> Text,
        starts_at -> Date,
        ends_at -> Nullable<Date>,
        granted_by -> Nullable<Text>,
        reason -> Nullable<Text>,
        revoked_at -> Nullable<Timestamp>,
        revoked_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// Which owner agreed to what being shown where.
    publication_consent (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        thing_id -> Integer,
        destination_id -> Integer,
        data_type -> Text,
        contact_id -> Nullable<Integer>,
        recorded_by -> Nullable<Text>,
        notes -> Nullable<Text>,
        starts_at -> Date,
        ends_at -> Nullable<Date>,
        revoked_at -> Nullable<Timestamp>,
        revoked_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// What users say about the program.
    feedback (id) {
        id -> Integer,
        created_at -> Timestamp,
        created_by_name -> Nullable<Text>,
        created_by_id -> Nullable<Text>,
        updated_by_name -> Nullable<Text>,
        updated_by_id -> Nullable<Text>,
        #[sql_name = "type"]
        kind -> Text,
        page_url -> Nullable<Text>,
        reporter_name -> Nullable<Text>,
        details -> Text,
    }
}

diesel::joinable!(geochronology_age -> location (location_id));
diesel::joinable!(pub_author_publication_association -> pub_author (author_id));
diesel::joinable!(pub_author_publication_association -> publication (publication_id));
diesel::joinable!(publication_consent -> destination (destination_id));
diesel::joinable!(publication_consent -> thing (thing_id));
diesel::joinable!(geothermal_well -> thing (thing_id));
diesel::joinable!(address -> contact (contact_id));
diesel::joinable!(aquifer_type -> thing_aquifer_association (thing_aquifer_association_id));
diesel::joinable!(asset_thing_association -> asset (asset_id));
diesel::joinable!(asset_thing_association -> thing (thing_id));
diesel::joinable!(deployment -> sensor (sensor_id));
diesel::joinable!(deployment -> thing (thing_id));
diesel::joinable!(email -> contact (contact_id));
diesel::joinable!(field_activity -> field_event (field_event_id));
diesel::joinable!(field_event -> thing (thing_id));
diesel::joinable!(field_event_participant -> contact (contact_id));
diesel::joinable!(field_event_participant -> field_event (field_event_id));
diesel::joinable!(group_thing_association -> group (group_id));
diesel::joinable!(group_thing_association -> thing (thing_id));
diesel::joinable!(incomplete_nma_phone -> contact (contact_id));
diesel::joinable!(lexicon_term_category_association -> lexicon_category (category_id));
diesel::joinable!(lexicon_term_category_association -> lexicon_term (term_id));
diesel::joinable!(location_thing_association -> location (location_id));
diesel::joinable!(location_thing_association -> thing (thing_id));
diesel::joinable!(measuring_point_history -> thing (thing_id));
diesel::joinable!(monitoring_frequency_history -> thing (thing_id));
diesel::joinable!(observation -> analysis_method (analysis_method_id));
diesel::joinable!(observation -> parameter (parameter_id));
diesel::joinable!(observation -> sample (sample_id));
diesel::joinable!(observation -> sensor (sensor_id));
diesel::joinable!(permission_history -> contact (contact_id));
diesel::joinable!(phone -> contact (contact_id));
diesel::joinable!(regulatory_limit -> parameter (parameter_id));
diesel::joinable!(sample -> field_activity (field_activity_id));
diesel::joinable!(sample -> field_event_participant (field_event_participant_id));
diesel::joinable!(thing_aquifer_association -> aquifer_system (aquifer_system_id));
diesel::joinable!(thing_aquifer_association -> thing (thing_id));
diesel::joinable!(thing_contact_association -> contact (contact_id));
diesel::joinable!(thing_contact_association -> thing (thing_id));
diesel::joinable!(thing_geologic_formation_association -> geologic_formation (geologic_formation_id));
diesel::joinable!(thing_geologic_formation_association -> thing (thing_id));
diesel::joinable!(thing_id_link -> thing (thing_id));
diesel::joinable!(transducer_observation -> deployment (deployment_id));
diesel::joinable!(transducer_observation -> parameter (parameter_id));
diesel::joinable!(transducer_observation_block -> contact (reviewer_id));
diesel::joinable!(transducer_observation_block -> parameter (parameter_id));
diesel::joinable!(transducer_observation_block -> thing (thing_id));
diesel::joinable!(well_casing_material -> thing (thing_id));
diesel::joinable!(well_purpose -> thing (thing_id));
diesel::joinable!(well_screen -> aquifer_system (aquifer_system_id));
diesel::joinable!(well_screen -> geologic_formation (geologic_formation_id));
diesel::joinable!(well_screen -> thing (thing_id));

diesel::allow_tables_to_appear_in_same_query!(
    address,
    analysis_method,
    api_key,
    aquifer_system,
    aquifer_type,
    asset,
    asset_thing_association,
    contact,
    data_provenance,
    deployment,
    destination,
    email,
    feedback,
    field_activity,
    field_event,
    field_event_participant,
    geochronology_age,
    geologic_formation,
    geothermal_well,
    group,
    group_thing_association,
    idempotency,
    incomplete_nma_phone,
    lexicon_category,
    lexicon_term,
    lexicon_term_category_association,
    lexicon_triple,
    location,
    location_thing_association,
    measuring_point_history,
    monitoring_frequency_history,
    notes,
    observation,
    parameter,
    permission_grant,
    permission_history,
    phone,
    pub_author,
    pub_author_publication_association,
    publication,
    publication_consent,
    regulatory_limit,
    sample,
    sensor,
    status_history,
    thing,
    thing_aquifer_association,
    thing_contact_association,
    thing_geologic_formation_association,
    thing_id_link,
    transducer_observation,
    transducer_observation_block,
    well_casing_material,
    well_purpose,
    well_screen,
);
