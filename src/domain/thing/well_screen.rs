//! Screens: the open intervals of a well's casing.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch};
use crate::domain::thing::{Feet, Well};

/// A screen without its well, as the well's details embed it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WellScreenBase {
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
    /// The well.
    pub thing_id: i32,
    /// The aquifer system that it draws from.
    pub aquifer_system_id: Option<i32>,
    /// The aquifer system's name.
    pub aquifer_system: Option<String>,
    /// The aquifer system's primary type; a term of `aquifer_type`.
    pub aquifer_type: Option<String>,
    /// The formation that it is in.
    pub geologic_formation_id: Option<i32>,
    /// The formation's code; a term of `formation_code`.
    pub geologic_formation: Option<String>,
    /// Feet below ground.
    pub screen_depth_bottom: Option<f64>,
    /// Always `ft`.
    pub screen_depth_bottom_unit: Feet,
    /// Feet below ground.
    pub screen_depth_top: Option<f64>,
    /// Always `ft`.
    pub screen_depth_top_unit: Feet,
    /// Term of `screen_type`.
    pub screen_type: Option<String>,
    /// Free text.
    pub screen_description: Option<String>,
}

/// A screen with its well.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WellScreen {
    /// The screen itself.
    #[serde(flatten)]
    pub base: WellScreenBase,
    /// The well.
    pub thing: Well,
}

/// Body of `POST /thing/well-screen`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateWellScreen {
    /// The well; it must exist.
    pub thing_id: i64,
    /// The aquifer system; it must exist.
    pub aquifer_system_id: Option<i64>,
    /// The formation; it must exist.
    pub geologic_formation_id: Option<i64>,
    /// Feet below ground, 0 or more.
    pub screen_depth_bottom: Option<f64>,
    /// Feet below ground, 0 or more.
    pub screen_depth_top: Option<f64>,
    /// Term of `screen_type`.
    pub screen_type: Option<String>,
    /// At most 1000 characters.
    pub screen_description: Option<String>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
}

impl FromForm for CreateWellScreen {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.required("thing_id", read::integer);
        let aquifer_system_id = form.optional("aquifer_system_id", read::integer);
        let geologic_formation_id = form.optional("geologic_formation_id", read::integer);
        let screen_depth_bottom = form.optional("screen_depth_bottom", read::not_negative);
        let screen_depth_top = form.optional("screen_depth_top", read::not_negative);
        let screen_type = form.optional("screen_type", read::term("screen_type"));
        let screen_description = form.optional("screen_description", read::line(1000));
        let (release_status, release_at) = form.release();
        Some(Self {
            thing_id: thing_id?,
            aquifer_system_id: aquifer_system_id?,
            geologic_formation_id: geologic_formation_id?,
            screen_depth_bottom: screen_depth_bottom?,
            screen_depth_top: screen_depth_top?,
            screen_type: screen_type?,
            screen_description: screen_description?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /thing/well-screen/{well_screen_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateWellScreen {
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<chrono::NaiveDate>,
    /// The aquifer system; it must exist.
    #[schema(value_type = Option<i64>)]
    pub aquifer_system_id: Patch<i64>,
    /// The formation; it must exist.
    #[schema(value_type = Option<i64>)]
    pub geologic_formation_id: Patch<i64>,
    /// Feet below ground, 0 or more.
    #[schema(value_type = Option<f64>)]
    pub screen_depth_bottom: Patch<f64>,
    /// Feet below ground, 0 or more.
    #[schema(value_type = Option<f64>)]
    pub screen_depth_top: Patch<f64>,
    /// At most 1000 characters.
    #[schema(value_type = Option<String>)]
    pub screen_description: Patch<String>,
    /// Term of `screen_type`; the store looks it up, because an unknown one is a conflict here.
    #[schema(value_type = Option<String>)]
    pub screen_type: Patch<String>,
}

impl FromForm for UpdateWellScreen {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let (release_status, release_at) = form.release_change();
        let aquifer_system_id = form.patch("aquifer_system_id", read::integer);
        let geologic_formation_id = form.patch("geologic_formation_id", read::integer);
        let screen_depth_bottom = form.patch("screen_depth_bottom", read::not_negative);
        let screen_depth_top = form.patch("screen_depth_top", read::not_negative);
        let screen_description = form.patch("screen_description", read::line(1000));
        let screen_type = form.patch("screen_type", read::text);
        Some(Self {
            release_status: release_status?,
            release_at: release_at?,
            aquifer_system_id: aquifer_system_id?,
            geologic_formation_id: geologic_formation_id?,
            screen_depth_bottom: screen_depth_bottom?,
            screen_depth_top: screen_depth_top?,
            screen_description: screen_description?,
            screen_type: screen_type?,
        })
    }
}
