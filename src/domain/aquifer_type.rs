//! How an aquifer behaves at a thing: one record for each type.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;

/// An aquifer type as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AquiferType {
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
    /// Which aquifer at which thing.
    pub thing_aquifer_association_id: i32,
    /// Term of `aquifer_type`.
    pub aquifer_type: String,
}

/// Which aquifer types a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AquiferTypeSearch {
    /// Types of this association.
    pub thing_aquifer_association_id: Option<i32>,
}

bodies! {
    /// Body of `POST /aquifer-type`.
    CreateAquiferType;
    /// Body of `PATCH /aquifer-type/{aquifer_type_id}`; every field may be absent.
    UpdateAquiferType;
    {
        /// Which aquifer at which thing; the association must exist.
        thing_aquifer_association_id: i64 = read::integer,
        /// Term of `aquifer_type`.
        aquifer_type: String = read::term("aquifer_type")
    }
}
