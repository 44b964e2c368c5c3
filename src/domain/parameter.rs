//! What is measured: groundwater level, pH, an element; in which matrix and unit.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;

/// A parameter as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Parameter {
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
    pub release_at: Option<chrono::NaiveDate>,
    /// Term of `parameter_name`; unique together with the matrix.
    pub parameter_name: String,
    /// Term of `sample_matrix`.
    pub matrix: String,
    /// Term of `parameter_type`.
    pub parameter_type: Option<String>,
    /// Chemical Abstracts Service number.
    pub cas_number: Option<String>,
    /// Term of `unit`.
    pub default_unit: Option<String>,
}

bodies! {
    /// Body of `POST /parameter`.
    CreateParameter;
    /// Body of `PATCH /parameter/{parameter_id}`; every field may be absent.
    UpdateParameter;
    {
        /// Term of `parameter_name`.
        parameter_name: String = read::term("parameter_name"),
        /// Term of `sample_matrix`.
        matrix: String = read::term("sample_matrix"),
        /// Term of `parameter_type`.
        parameter_type?: String = read::term("parameter_type"),
        /// Chemical Abstracts Service number.
        cas_number?: String = read::line(255),
        /// Term of `unit`.
        default_unit: String = read::term("unit")
    }
}
