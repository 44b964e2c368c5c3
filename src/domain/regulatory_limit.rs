//! Limits that an authority sets for a parameter.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::parameter::Parameter;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;

/// A regulatory limit as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RegulatoryLimit {
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
    /// What is limited.
    pub parameter_id: i32,
    /// The parameter itself.
    pub parameter: Parameter,
    /// Who sets it: term of `organization`.
    pub limit_source: String,
    /// The limit, in `limit_unit`.
    pub limit_value: f64,
    /// Term of `unit`.
    pub limit_unit: String,
    /// Term of `limit_type`.
    pub limit_type: Option<String>,
}

/// Which regulatory limits a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegulatoryLimitSearch {
    /// Limits of this parameter.
    pub parameter_id: Option<i32>,
    /// Limits of the parameters with this very name.
    pub parameter_name: Option<String>,
    /// Limits that this organization sets.
    pub limit_source: Option<String>,
    /// Limits of this type.
    pub limit_type: Option<String>,
}

bodies! {
    /// Body of `POST /regulatory_limit`.
    CreateRegulatoryLimit;
    /// Body of `PATCH /regulatory_limit/{regulatory_limit_id}`; every field may be absent.
    UpdateRegulatoryLimit;
    {
        /// What is limited; the parameter must exist.
        parameter_id: i64 = read::integer,
        /// Who sets it: term of `organization`.
        limit_source: String = read::term("organization"),
        /// The limit, in `limit_unit`.
        limit_value: f64 = read::float,
        /// Term of `unit`.
        limit_unit: String = read::term("unit"),
        /// Term of `limit_type`.
        limit_type?: String = read::term("limit_type")
    }
}
