//! Groups of things: monitoring plans, project areas; with a hierarchy.

pub mod member;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::geometry::MultiPolygon;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch};

/// A group as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Group {
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
    /// Unique together with the type.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// WKT, `MULTIPOLYGON (((lon lat, ...)))`, degrees.
    pub project_area: Option<String>,
    /// Term of `group_type`.
    pub group_type: Option<String>,
    /// The group above.
    pub parent_group_id: Option<i32>,
    /// Members that are water wells; 0 where a group is embedded in a thing.
    pub well_count: i64,
}

/// Body of `POST /group`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateGroup {
    /// Unique together with the type.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// WKT MULTIPOLYGON, degrees.
    #[schema(value_type = Option<String>)]
    pub project_area: Option<MultiPolygon>,
    /// Term of `group_type`.
    pub group_type: Option<String>,
    /// The group above; it must exist.
    pub parent_group_id: Option<i64>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
}

impl FromForm for CreateGroup {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.required("name", read::name(100));
        let description = form.optional("description", read::line(255));
        let project_area = form.optional("project_area", read::multi_polygon);
        let group_type = form.optional("group_type", read::term("group_type"));
        let parent_group_id = form.optional("parent_group_id", read::integer);
        let (release_status, release_at) = form.release();
        Some(Self {
            name: name?,
            description: description?,
            project_area: project_area?,
            group_type: group_type?,
            parent_group_id: parent_group_id?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /group/{group_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateGroup {
    /// Unique together with the type.
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// What it is for.
    #[schema(value_type = Option<String>)]
    pub description: Patch<String>,
    /// WKT MULTIPOLYGON, degrees; null clears it.
    #[schema(value_type = Option<String>)]
    pub project_area: Patch<MultiPolygon>,
    /// Term of `group_type`.
    #[schema(value_type = Option<String>)]
    pub group_type: Patch<String>,
    /// The group above; it must exist and must not be below this one.
    #[schema(value_type = Option<i64>)]
    pub parent_group_id: Patch<i64>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<chrono::NaiveDate>,
}

impl FromForm for UpdateGroup {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.patch_required("name", read::name(100));
        let description = form.patch("description", read::line(255));
        let project_area = form.patch("project_area", read::multi_polygon);
        let group_type = form.patch("group_type", read::term("group_type"));
        let parent_group_id = form.patch("parent_group_id", read::integer);
        let (release_status, release_at) = form.release_change();
        Some(Self {
            name: name?,
            description: description?,
            project_area: project_area?,
            group_type: group_type?,
            parent_group_id: parent_group_id?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}
