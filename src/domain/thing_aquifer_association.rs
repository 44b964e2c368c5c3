//! Which aquifer systems a thing draws from, and how they behave there.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch};

/// An association of a thing with an aquifer system as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ThingAquiferAssociation {
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
    /// The thing.
    pub thing_id: i32,
    /// The aquifer system.
    pub aquifer_system_id: i32,
    /// The name of the aquifer system.
    pub aquifer_system: String,
    /// How the aquifer behaves there: terms of `aquifer_type`.
    pub aquifer_types: Vec<String>,
}

/// Which associations of things with aquifer systems a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThingAquiferAssociationSearch {
    /// Those of this thing.
    pub thing_id: Option<i32>,
    /// Those with this aquifer system.
    pub aquifer_system_id: Option<i32>,
}

/// Body of `POST /thing-aquifer-association`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateThingAquiferAssociation {
    /// The thing; it must exist.
    pub thing_id: i64,
    /// The aquifer system; it must exist.
    pub aquifer_system_id: i64,
    /// How the aquifer behaves there: terms of `aquifer_type`. They become public with the association.
    #[schema(required = false)]
    pub aquifer_types: Vec<String>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
}

impl FromForm for CreateThingAquiferAssociation {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.required("thing_id", read::integer);
        let aquifer_system_id = form.required("aquifer_system_id", read::integer);
        let aquifer_types = form.or("aquifer_types", Vec::new(), read::list(read::term("aquifer_type")));
        let (release_status, release_at) = form.release();
        Some(Self {
            thing_id: thing_id?,
            aquifer_system_id: aquifer_system_id?,
            aquifer_types: aquifer_types?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /thing-aquifer-association/{thing_aquifer_association_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateThingAquiferAssociation {
    /// The thing; it must exist.
    #[schema(nullable = false)]
    pub thing_id: Option<i64>,
    /// The aquifer system; it must exist.
    #[schema(nullable = false)]
    pub aquifer_system_id: Option<i64>,
    /// How the aquifer behaves there: terms of `aquifer_type`, instead of those that there are.
    #[schema(nullable = false)]
    pub aquifer_types: Option<Vec<String>>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<NaiveDate>,
}

impl FromForm for UpdateThingAquiferAssociation {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.patch_required("thing_id", read::integer);
        let aquifer_system_id = form.patch_required("aquifer_system_id", read::integer);
        let aquifer_types = form.patch_required("aquifer_types", read::list(read::term("aquifer_type")));
        let (release_status, release_at) = form.release_change();
        Some(Self {
            thing_id: thing_id?,
            aquifer_system_id: aquifer_system_id?,
            aquifer_types: aquifer_types?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}
