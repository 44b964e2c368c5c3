//! Bodies that store a thing together with all that describes it, or change it.

use chrono::NaiveDate;
use utoipa::ToSchema;

use crate::domain::note::CreateNote;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch, object};

/// Longest name of a thing. The column has no limit, but its index has.
pub const LONGEST_NAME: usize = 500;

/// What is said of a thing of any type when it is stored.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateThing {
    /// Not unique.
    pub name: String,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
    /// Where it is; the location must exist.
    pub location_id: Option<i64>,
    /// A group that it joins; the group must exist.
    pub group_id: Option<i64>,
    /// Not in the future. The location's link and the statuses start on this day.
    #[schema(value_type = Option<String>, format = Date)]
    pub first_visit_date: Option<NaiveDate>,
    /// Notes to store with it.
    #[schema(required = false)]
    pub notes: Vec<CreateNote>,
    /// What other organizations call it.
    #[schema(required = false)]
    pub alternate_ids: Vec<CreateAlternateId>,
    /// How often it is to be measured.
    #[schema(required = false)]
    pub monitoring_frequencies: Vec<CreateFrequency>,
}

impl FromForm for CreateThing {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.required("name", read::name(LONGEST_NAME));
        let (release_status, release_at) = form.release();
        let location_id = form.optional("location_id", read::integer);
        let group_id = form.optional("group_id", read::integer);
        let first_visit_date = form.optional("first_visit_date", read::past_date);
        let notes = form.or("notes", Vec::new(), read::list(object));
        let alternate_ids = form.or("alternate_ids", Vec::new(), read::list(object));
        let monitoring_frequencies = form.or("monitoring_frequencies", Vec::new(), read::list(object));
        Some(Self {
            name: name?,
            release_status: release_status?,
            release_at: release_at?,
            location_id: location_id?,
            group_id: group_id?,
            first_visit_date: first_visit_date?,
            notes: notes?,
            alternate_ids: alternate_ids?,
            monitoring_frequencies: monitoring_frequencies?,
        })
    }
}

/// What another organization calls the thing that is being stored.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateAlternateId {
    /// Ignored: the link belongs to the new thing.
    pub thing_id: Option<i64>,
    /// Term of `relation`.
    pub relation: String,
    /// The other organization's name for it.
    pub alternate_id: String,
    /// Term of `organization`.
    pub alternate_organization: String,
}

impl FromForm for CreateAlternateId {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.optional("thing_id", read::integer);
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

/// How often the thing that is being stored is to be measured.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateFrequency {
    /// Term of `monitoring_frequency`.
    pub monitoring_frequency: String,
    /// Not in the future.
    #[schema(value_type = String, format = Date)]
    pub start_date: NaiveDate,
    /// Not in the future; null while it goes on.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Option<NaiveDate>,
}

impl FromForm for CreateFrequency {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let monitoring_frequency = form.required("monitoring_frequency", read::term("monitoring_frequency"));
        let start_date = form.required("start_date", read::past_date);
        let end_date = form.optional("end_date", read::past_date);
        Some(Self { monitoring_frequency: monitoring_frequency?, start_date: start_date?, end_date: end_date? })
    }
}

/// Body of `POST /thing/water-well`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateWell {
    /// What is said of things of any type.
    #[serde(flatten)]
    pub thing: CreateThing,
    /// Terms of `well_purpose`.
    #[schema(required = false)]
    pub well_purposes: Vec<String>,
    /// Feet below ground, above 0.
    pub well_depth: Option<f64>,
    /// Where the depth comes from; a term of `source_type`.
    pub well_depth_source: Option<String>,
    /// Feet below ground, above 0.
    pub hole_depth: Option<f64>,
    /// Inches, above 0.
    pub well_casing_diameter: Option<f64>,
    /// Feet below ground, above 0.
    pub well_casing_depth: Option<f64>,
    /// Terms of `casing_material`.
    #[schema(required = false)]
    pub well_casing_materials: Vec<String>,
    /// Feet above ground; valid from today on.
    pub measuring_point_height: Option<f64>,
    /// Where on the well it is.
    pub measuring_point_description: Option<String>,
    /// Not in the future.
    #[schema(value_type = Option<String>, format = Date)]
    pub well_completion_date: Option<NaiveDate>,
    /// Where the date comes from; a term of `source_type`.
    pub well_completion_date_source: Option<String>,
    /// At most 200 characters.
    pub well_driller_name: Option<String>,
    /// Term of `well_construction_method`.
    pub well_construction_method: Option<String>,
    /// Where the method comes from; a term of `source_type`.
    pub well_construction_method_source: Option<String>,
    /// Term of `well_pump_type`.
    pub well_pump_type: Option<String>,
    /// Feet below ground.
    pub well_pump_depth: Option<f64>,
    /// Whether a datalogger can be installed.
    pub is_suitable_for_datalogger: Option<bool>,
    /// Whether the well is open.
    pub is_open: Option<bool>,
    /// Term of `status_value`.
    pub well_status: Option<String>,
    /// Term of `status_value`.
    pub monitoring_status: Option<String>,
    /// Term of `formation_code`.
    pub formation_completion_code: Option<String>,
    /// Of the old database; at most 25 characters.
    pub nma_formation_zone: Option<String>,
}

impl FromForm for CreateWell {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing = CreateThing::from_form(form);
        let well_purposes = form.or("well_purposes", Vec::new(), read::list(read::term("well_purpose")));
        let well_depth = form.optional("well_depth", read::positive);
        let well_depth_source = form.optional("well_depth_source", read::term("source_type"));
        let hole_depth = form.optional("hole_depth", read::positive);
        let well_casing_diameter = form.optional("well_casing_diameter", read::positive);
        let well_casing_depth = form.optional("well_casing_depth", read::positive);
        let well_casing_materials =
            form.or("well_casing_materials", Vec::new(), read::list(read::term("casing_material")));
        let measuring_point_height = form.optional("measuring_point_height", read::float);
        let measuring_point_description = form.optional("measuring_point_description", read::text);
        let well_completion_date = form.optional("well_completion_date", read::past_date);
        let well_completion_date_source = form.optional("well_completion_date_source", read::term("source_type"));
        let well_driller_name = form.optional("well_driller_name", read::line(200));
        let well_construction_method =
            form.optional("well_construction_method", read::term("well_construction_method"));
        let well_construction_method_source =
            form.optional("well_construction_method_source", read::term("source_type"));
        let well_pump_type = form.optional("well_pump_type", read::term("well_pump_type"));
        let well_pump_depth = form.optional("well_pump_depth", read::float);
        let is_suitable_for_datalogger = form.optional("is_suitable_for_datalogger", read::boolean);
        let is_open = form.optional("is_open", read::boolean);
        let well_status = form.optional("well_status", read::any_term);
        let monitoring_status = form.optional("monitoring_status", read::any_term);
        let formation_completion_code = form.optional("formation_completion_code", read::term("formation_code"));
        let nma_formation_zone = form.optional("nma_formation_zone", read::line(25));
        Some(Self {
            thing: thing?,
            well_purposes: well_purposes?,
            well_depth: well_depth?,
            well_depth_source: well_depth_source?,
            hole_depth: hole_depth?,
            well_casing_diameter: well_casing_diameter?,
            well_casing_depth: well_casing_depth?,
            well_casing_materials: well_casing_materials?,
            measuring_point_height: measuring_point_height?,
            measuring_point_description: measuring_point_description?,
            well_completion_date: well_completion_date?,
            well_completion_date_source: well_completion_date_source?,
            well_driller_name: well_driller_name?,
            well_construction_method: well_construction_method?,
            well_construction_method_source: well_construction_method_source?,
            well_pump_type: well_pump_type?,
            well_pump_depth: well_pump_depth?,
            is_suitable_for_datalogger: is_suitable_for_datalogger?,
            is_open: is_open?,
            well_status: well_status?,
            monitoring_status: monitoring_status?,
            formation_completion_code: formation_completion_code?,
            nma_formation_zone: nma_formation_zone?,
        })
    }
}

/// Body of `POST /thing/spring`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateSpring {
    /// What is said of things of any type.
    #[serde(flatten)]
    pub thing: CreateThing,
    /// Term of `spring_type`.
    pub spring_type: Option<String>,
}

impl FromForm for CreateSpring {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing = CreateThing::from_form(form);
        let spring_type = form.optional("spring_type", read::term("spring_type"));
        Some(Self { thing: thing?, spring_type: spring_type? })
    }
}

/// What can be changed of a thing of any type.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateThing {
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<NaiveDate>,
    /// Not unique.
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// Not in the future.
    #[schema(value_type = Option<String>, format = Date)]
    pub first_visit_date: Patch<NaiveDate>,
}

impl FromForm for UpdateThing {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let (release_status, release_at) = form.release_change();
        let name = form.patch_required("name", read::name(LONGEST_NAME));
        let first_visit_date = form.patch("first_visit_date", read::past_date);
        Some(Self {
            release_status: release_status?,
            release_at: release_at?,
            name: name?,
            first_visit_date: first_visit_date?,
        })
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
