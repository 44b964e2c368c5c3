//! How values are determined: in a laboratory, in the field, by calculation.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;

/// An analysis method as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AnalysisMethod {
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
    /// Its short name; unique.
    pub analysis_method_code: Option<String>,
    /// What it is called.
    pub analysis_method_name: String,
    /// Term of `analysis_method_type`.
    pub analysis_method_type: Option<String>,
    /// Whose method it is: term of `organization`.
    pub source_organization: Option<String>,
}

bodies! {
    /// Body of `POST /analysis-method`.
    CreateAnalysisMethod;
    /// Body of `PATCH /analysis-method/{analysis_method_id}`; every field may be absent.
    UpdateAnalysisMethod;
    {
        /// Its short name; unique. Blank counts as null.
        analysis_method_code?blank: String = read::line(100),
        /// What it is called.
        analysis_method_name: String = read::name(255),
        /// Term of `analysis_method_type`.
        analysis_method_type?: String = read::term("analysis_method_type"),
        /// Whose method it is: term of `organization`.
        source_organization?: String = read::term("organization")
    }
}
