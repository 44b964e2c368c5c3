//! Where the data of a thing or a location come from, and how exact they are.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;
use crate::domain::request::target::TARGETS;

/// A provenance as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DataProvenance {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// The day from which on it is public, for the status `embargoed`. Left out with any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
    /// `thing` or `location`.
    pub target_table: String,
    /// The thing or the location.
    pub target_id: i32,
    /// The field; null for the whole record.
    pub field_name: Option<String>,
    /// Term of `source_type`.
    pub origin_type: Option<String>,
    /// A citation.
    pub origin_source: Option<String>,
    /// Term of `collection_method`.
    pub collection_method: Option<String>,
    /// How exact the value is, in `accuracy_unit`.
    pub accuracy_value: Option<f64>,
    /// Term of `unit`.
    pub accuracy_unit: Option<String>,
}

/// Which provenances a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataProvenanceSearch {
    /// `thing` or `location`.
    pub target_table: Option<String>,
    /// Those of the thing or the location with this id.
    pub target_id: Option<i32>,
    /// Those of this field.
    pub field_name: Option<String>,
}

bodies! {
    /// Body of `POST /data-provenance`.
    CreateDataProvenance;
    /// Body of `PATCH /data-provenance/{data_provenance_id}`; every field may be absent.
    UpdateDataProvenance;
    {
        /// `thing` or `location`.
        target_table: String = read::one_of(&TARGETS),
        /// The thing or the location; it must exist.
        target_id: i64 = read::integer,
        /// The field; null for the whole record. Blank counts as null.
        field_name?blank: String = read::line(255),
        /// Term of `source_type`.
        origin_type?: String = read::term("source_type"),
        /// A citation.
        origin_source?: String = read::text,
        /// Term of `collection_method`.
        collection_method?: String = read::term("collection_method"),
        /// How exact the value is, in `accuracy_unit`.
        accuracy_value?: f64 = read::float,
        /// Term of `unit`.
        accuracy_unit?: String = read::term("unit")
    }
}
