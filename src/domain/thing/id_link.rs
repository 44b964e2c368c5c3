//! What other organizations call a thing: bodies. The link itself is [`crate::domain::thing::ThingIdLink`].

use utoipa::ToSchema;

use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch};

/// Body of `POST /thing/id-link`. The link is a draft until it is changed.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateIdLink {
    /// The thing; it must exist.
    pub thing_id: i64,
    /// Term of `relation`.
    pub relation: String,
    /// The other organization's name for the thing.
    pub alternate_id: String,
    /// Term of `organization`.
    pub alternate_organization: String,
}

impl FromForm for CreateIdLink {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.required("thing_id", read::integer);
        let relation = form.required("relation", read::any_term);
        let alternate_id = form.required("alternate_id", read::name(100));
        let alternate_organization = form.required("alternate_organization", read::any_term);
        Some(Self {
            thing_id: thing_id?,
            relation: relation?,
            alternate_id: alternate_id?,
            alternate_organization: alternate_organization?,
        })
    }
}

/// Body of `PATCH /thing/id-link/{link_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateIdLink {
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<chrono::NaiveDate>,
    /// Term of `organization`.
    #[schema(nullable = false)]
    pub alternate_organization: Option<String>,
    /// The other organization's name for the thing.
    #[schema(nullable = false)]
    pub alternate_id: Option<String>,
    /// Term of `relation`.
    #[schema(nullable = false)]
    pub relation: Option<String>,
}

impl FromForm for UpdateIdLink {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let (release_status, release_at) = form.release_change();
        let alternate_organization = form.patch_required("alternate_organization", read::any_term);
        let alternate_id = form.patch_required("alternate_id", read::name(100));
        let relation = form.patch_required("relation", read::any_term);
        Some(Self {
            release_status: release_status?,
            release_at: release_at?,
            alternate_organization: alternate_organization?,
            alternate_id: alternate_id?,
            relation: relation?,
        })
    }
}
