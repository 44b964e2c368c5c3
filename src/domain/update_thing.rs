//! Bodies that change a thing; every field may be absent.

use chrono::NaiveDate;
use utoipa::ToSchema;

use super::create_thing::LONGEST_NAME;
use super::form::{Form, FromForm, Patch};
use super::read;

/// What can be changed of a thing of any type.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateThing {
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// Not unique.
    pub name: Option<String>,
    /// Not in the future.
    #[schema(value_type = Option<String>)]
    pub first_visit_date: Patch<NaiveDate>,
}

impl FromForm for UpdateThing {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let release_status = form.patch("release_status", read::release_status);
        let name = form.patch_required("name", read::name(LONGEST_NAME));
        let first_visit_date = form.patch("first_visit_date", read::past_date);
        Some(Self { release_status: release_status?, name: name?, first_visit_date: first_visit_date? })
    }
}

/// Body of `PATCH /thing/water-well/{thing_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateWell {
    /// What can be changed of things of any type.
    #[serde(flatten)]
    pub thing: UpdateThing,
    /// Terms of `well_purpose`. They replace the recorded ones; an empty list leaves those alone.
    #[schema(required = false)]
    pub well_purposes: Vec<String>,
    /// Feet below ground, above 0.
    #[schema(value_type = Option<f64>)]
    pub well_depth: Patch<f64>,
    /// Feet below ground, above 0.
    #[schema(value_type = Option<f64>)]
    pub hole_depth: Patch<f64>,
    /// Replaces the construction notes by this one; null or blank removes them.
    #[schema(value_type = Option<String>)]
    pub well_construction_notes: Patch<String>,
    /// Inches, above 0.
    #[schema(value_type = Option<f64>)]
    pub well_casing_diameter: Patch<f64>,
    /// Feet below ground, above 0.
    #[schema(value_type = Option<f64>)]
    pub well_casing_depth: Patch<f64>,
    /// Terms of `casing_material`. They replace the recorded ones; an empty list leaves those alone.
    #[schema(required = false)]
    pub well_casing_materials: Vec<String>,
    /// Feet above ground. Another height than the present one opens a new row of the measuring point's history today
    /// and closes the present one; null only closes it.
    #[schema(value_type = Option<f64>)]
    pub measuring_point_height: Patch<f64>,
    /// Feet below ground.
    #[schema(value_type = Option<f64>)]
    pub well_pump_depth: Patch<f64>,
    /// Of the old database; at most 25 characters.
    #[schema(value_type = Option<String>)]
    pub nma_formation_zone: Patch<String>,
}

impl FromForm for UpdateWell {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing = UpdateThing::from_form(form);
        let well_purposes = form.or("well_purposes", Vec::new(), read::list(read::term("well_purpose")));
        let well_depth = form.patch("well_depth", read::positive);
        let hole_depth = form.patch("hole_depth", read::positive);
        let well_construction_notes = form.patch("well_construction_notes", read::text);
        let well_casing_diameter = form.patch("well_casing_diameter", read::positive);
        let well_casing_depth = form.patch("well_casing_depth", read::positive);
        let well_casing_materials =
            form.or("well_casing_materials", Vec::new(), read::list(read::term("casing_material")));
        let measuring_point_height = form.patch("measuring_point_height", read::float);
        let well_pump_depth = form.patch("well_pump_depth", read::float);
        let nma_formation_zone = form.patch("nma_formation_zone", read::line(25));
        Some(Self {
            thing: thing?,
            well_purposes: well_purposes?,
            well_depth: well_depth?,
            hole_depth: hole_depth?,
            well_construction_notes: well_construction_notes?,
            well_casing_diameter: well_casing_diameter?,
            well_casing_depth: well_casing_depth?,
            well_casing_materials: well_casing_materials?,
            measuring_point_height: measuring_point_height?,
            well_pump_depth: well_pump_depth?,
            nma_formation_zone: nma_formation_zone?,
        })
    }
}

/// Body of `PATCH /thing/spring/{thing_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateSpring {
    /// What can be changed of things of any type.
    #[serde(flatten)]
    pub thing: UpdateThing,
    /// Term of `spring_type`.
    #[schema(value_type = Option<String>)]
    pub spring_type: Patch<String>,
}

impl FromForm for UpdateSpring {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing = UpdateThing::from_form(form);
        let spring_type = form.patch("spring_type", read::term("spring_type"));
        Some(Self { thing: thing?, spring_type: spring_type? })
    }
}
