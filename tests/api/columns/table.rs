//! What the lists can be filtered and sorted by. A column that is not in this table, or no longer there, fails the tests.

use Kind::{Bool, Date, Float, Integer, Key, Linked, Status, Text, Time};

/// How a column is compared and sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Float,
    Bool,
    Date,
    Time,
    /// Derived from the history of statuses: the comparisons of texts but for those of order.
    Status,
    /// The names of linked rows: those comparisons, of which one row must fulfil them.
    Linked,
    /// Sorted by only.
    Key,
}

/// One table's lists.
pub struct Listing {
    /// The resource's name in messages.
    pub model: &'static str,
    /// The table.
    pub table: &'static str,
    /// Its lists, with `{thing_id}` where one belongs to a thing.
    pub lists: &'static [&'static str],
    /// The columns.
    pub columns: &'static [(&'static str, Kind)],
}

impl Listing {
    /// The table that a list of the OpenAPI document is of.
    pub fn of(list: &str) -> Option<&'static Self> {
        let of_a_thing = OF_A_THING.iter().find(|(short, _)| *short == list).map(|(_, all)| *all);
        let list = of_a_thing.unwrap_or(list);
        LISTINGS.iter().find(|listing| listing.lists.contains(&list))
    }

    /// True for columns that who sees public rows only neither filters nor sorts by.
    pub fn is_internal(column: &str) -> bool {
        [
            "created_by_id",
            "created_by_name",
            "updated_by_id",
            "updated_by_name",
            "pcn_number",
            "nma_pk_equipment",
            "field_event_participant_id",
        ]
        .contains(&column)
    }
}

/// Lists of what belongs to one thing, with the list of the same rows of all things.
pub const OF_A_THING: &[(&str, &str)] = &[
    ("/thing/{thing_id}/deployment", "/deployment"),
    ("/thing/{thing_id}/id-link", "/thing/id-link"),
    ("/thing/water-well/{thing_id}/well-screen", "/thing/well-screen"),
];

pub const LISTINGS: &[Listing] = &[
    Listing {
        model: "LexiconTerm",
        table: "lexicon_term",
        lists: &["/lexicon/term"],
        columns: &[("id", Integer), ("created_at", Time), ("term", Text), ("definition", Text)],
    },
    Listing {
        model: "LexiconCategory",
        table: "lexicon_category",
        lists: &["/lexicon/category"],
        columns: &[("id", Integer), ("created_at", Time), ("name", Text), ("description", Text)],
    },
    Listing {
        model: "LexiconTriple",
        table: "lexicon_triple",
        lists: &["/lexicon/triple"],
        columns: &[("id", Integer), ("created_at", Time), ("subject", Text), ("predicate", Text), ("object_", Text)],
    },
    Listing {
        model: "Location",
        table: "location",
        lists: &["/location"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("description", Text),
            ("longitude", Float),
            ("latitude", Float),
            ("elevation", Float),
            ("county", Text),
            ("state", Text),
            ("quad_name", Text),
            ("vertical_datum", Text),
            ("nma_pk_location", Text),
            ("nma_notes_location", Text),
            ("nma_coordinate_notes", Text),
            ("nma_date_created", Date),
            ("nma_site_date", Date),
        ],
    },
    Listing {
        model: "Group",
        table: "group",
        lists: &["/group"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("name", Text),
            ("description", Text),
            ("group_type", Text),
            ("parent_group_id", Integer),
        ],
    },
    Listing {
        model: "Parameter",
        table: "parameter",
        lists: &["/parameter"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("parameter_name", Text),
            ("matrix", Text),
            ("parameter_type", Text),
            ("cas_number", Text),
            ("default_unit", Text),
        ],
    },
    Listing {
        model: "Thing",
        table: "thing",
        lists: &["/thing", "/thing/water-well", "/thing/spring"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("created_by_name", Text),
            ("created_by_id", Text),
            ("updated_by_name", Text),
            ("updated_by_id", Text),
            ("release_status", Text),
            ("name", Text),
            ("thing_type", Text),
            ("first_visit_date", Date),
            ("well_depth", Float),
            ("hole_depth", Float),
            ("well_casing_depth", Float),
            ("well_pump_depth", Float),
            ("well_casing_diameter", Float),
            ("well_completion_date", Date),
            ("well_driller_name", Text),
            ("well_construction_method", Text),
            ("well_pump_type", Text),
            ("formation_completion_code", Text),
            ("spring_type", Text),
            ("nma_pk_welldata", Text),
            ("nma_pk_location", Text),
            ("nma_formation_zone", Text),
            ("monitoring_status", Status),
            ("well_status", Status),
            ("datalogger_suitability_status", Key),
            ("open_status", Key),
            ("site_name", Key),
            ("aquifers", Key),
            ("measuring_point_height", Key),
            ("contacts", Linked),
            ("groups", Linked),
        ],
    },
    Listing {
        model: "ThingIdLink",
        table: "thing_id_link",
        lists: &["/thing/id-link"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("thing_id", Integer),
            ("relation", Text),
            ("alternate_id", Text),
            ("alternate_organization", Text),
        ],
    },
    Listing {
        model: "WellScreen",
        table: "well_screen",
        lists: &["/thing/well-screen"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("thing_id", Integer),
            ("aquifer_system_id", Integer),
            ("geologic_formation_id", Integer),
            ("screen_depth_top", Float),
            ("screen_depth_bottom", Float),
            ("screen_type", Text),
            ("screen_description", Text),
        ],
    },
    Listing {
        model: "StatusHistory",
        table: "status_history",
        lists: &["/thing/{thing_id}/status-history"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("status_type", Text),
            ("status_value", Text),
            ("start_date", Date),
            ("end_date", Date),
            ("reason", Text),
        ],
    },
    Listing {
        model: "MeasuringPointHistory",
        table: "measuring_point_history",
        lists: &["/thing/{thing_id}/measuring-point-history"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("measuring_point_height", Float),
            ("measuring_point_description", Text),
            ("start_date", Date),
            ("end_date", Date),
            ("reason", Text),
            ("measuring_point_height_is_assumed", Bool),
        ],
    },
    Listing {
        model: "MonitoringFrequencyHistory",
        table: "monitoring_frequency_history",
        lists: &["/thing/{thing_id}/monitoring-frequency-history"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("monitoring_frequency", Text),
            ("start_date", Date),
            ("end_date", Date),
        ],
    },
    Listing {
        model: "Sensor",
        table: "sensor",
        lists: &["/sensor"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("name", Text),
            ("sensor_type", Text),
            ("model", Text),
            ("serial_no", Text),
            ("pcn_number", Text),
            ("owner_agency", Text),
            ("sensor_status", Text),
            ("notes", Text),
            ("nma_pk_equipment", Text),
        ],
    },
    Listing {
        model: "Deployment",
        table: "deployment",
        lists: &["/deployment"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("thing_id", Integer),
            ("sensor_id", Integer),
            ("installation_date", Date),
            ("removal_date", Date),
            ("recording_interval", Integer),
            ("recording_interval_units", Text),
            ("hanging_cable_length", Float),
            ("hanging_point_height", Float),
            ("hanging_point_description", Text),
            ("notes", Text),
        ],
    },
    Listing {
        model: "FieldEvent",
        table: "field_event",
        lists: &["/field-event"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("thing_id", Integer),
            ("event_date", Time),
            ("notes", Text),
        ],
    },
    Listing {
        model: "FieldActivity",
        table: "field_activity",
        lists: &["/field-activity"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("field_event_id", Integer),
            ("activity_type", Text),
            ("notes", Text),
        ],
    },
    Listing {
        model: "Sample",
        table: "sample",
        lists: &["/sample"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("field_activity_id", Integer),
            ("field_event_participant_id", Integer),
            ("sample_date", Time),
            ("sample_name", Text),
            ("sample_matrix", Text),
            ("sample_method", Text),
            ("qc_type", Text),
            ("depth_top", Float),
            ("depth_bottom", Float),
            ("notes", Text),
            ("nma_pk_waterlevels", Text),
        ],
    },
    Listing {
        model: "Observation",
        table: "observation",
        lists: &["/observation", "/observation/groundwater-level", "/observation/water-chemistry"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("sample_id", Integer),
            ("sensor_id", Integer),
            ("analysis_method_id", Integer),
            ("parameter_id", Integer),
            ("observation_datetime", Time),
            ("value", Float),
            ("unit", Text),
            ("notes", Text),
            ("measuring_point_height", Float),
            ("groundwater_level_reason", Text),
            ("nma_data_quality", Text),
            ("nma_pk_waterlevels", Text),
        ],
    },
    Listing {
        model: "TransducerObservation",
        table: "transducer_observation",
        lists: &["/observation/transducer-groundwater-level"],
        columns: &[
            ("id", Integer),
            ("created_at", Time),
            ("release_status", Text),
            ("parameter_id", Integer),
            ("deployment_id", Integer),
            ("observation_datetime", Time),
            ("value", Float),
            ("note", Text),
            ("data_maturity", Text),
        ],
    },
];
