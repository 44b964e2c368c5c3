//! Things: water wells, springs and the other places that are observed, as clients see them.

pub mod details;
pub mod geothermal_well;
pub mod history;
pub mod id_link;
mod place;
pub mod time_series;
pub mod well_screen;
pub mod write;

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::domain::group::Group;
use crate::domain::measure::region::Region;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::note::Note;
use crate::domain::request::search::SearchQuery;

pub use place::{LocationGeoJson, LocationProperties, PointGeometry, UtmCoordinates, feet, metres};

/// `thing_type` of a water well.
pub const WATER_WELL: &str = "water well";
/// `thing_type` of a spring.
pub const SPRING: &str = "spring";
/// The organization whose name for a thing is its `site_name`.
pub const SITE_NAME_ORGANIZATION: &str = "NMBGMR";

/// What every thing has.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ThingBase {
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
    /// Its name; not unique.
    pub name: String,
    /// What the survey itself calls the site.
    pub site_name: Option<String>,
    /// Term of `thing_type`.
    pub thing_type: String,
    /// Where it is now; null for a thing that has no place (any more).
    pub current_location: Option<LocationGeoJson>,
    /// First visit.
    #[schema(value_type = Option<String>, format = Date)]
    pub first_visit_date: Option<NaiveDate>,
    /// The groups that it belongs to, each with a `well_count` of 0.
    #[serde(serialize_with = "shared")]
    #[schema(value_type = Vec<Group>)]
    pub groups: Vec<Arc<Group>>,
    /// Newest open status of the type `Monitoring Status`.
    pub monitoring_status: Option<String>,
    /// What others call it.
    pub alternate_ids: Vec<ThingIdLink>,
    /// How often it is measured now.
    pub monitoring_frequencies: Vec<MonitoringFrequency>,
    /// Notes of the type `General`.
    pub general_notes: Vec<Note>,
    /// Notes of the type `Sampling Procedure`.
    pub sampling_procedure_notes: Vec<Note>,
    /// Notes of the type `Site Notes (legacy)`.
    pub site_notes: Vec<Note>,
}

/// Groups have large areas and many members: the things of a page share them.
fn shared<S: Serializer>(groups: &[Arc<Group>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(groups.iter().map(AsRef::as_ref))
}

/// What wells have besides. Depths and heights in feet, the casing's diameter in inches.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WellFields {
    /// Terms of `well_purpose`.
    pub well_purposes: Vec<String>,
    /// Feet below ground.
    pub well_depth: Option<f64>,
    /// Always `ft`.
    pub well_depth_unit: Feet,
    /// Term of `origin_type`.
    pub well_depth_source: Option<String>,
    /// Contents of the notes of the type `Historical`.
    pub historic_depth_to_water: Vec<String>,
    /// Feet below ground.
    pub hole_depth: Option<f64>,
    /// Always `ft`.
    pub hole_depth_unit: Feet,
    /// Inches.
    pub well_casing_diameter: Option<f64>,
    /// Always `in`.
    pub well_casing_diameter_unit: Inches,
    /// Feet below ground.
    pub well_casing_depth: Option<f64>,
    /// Always `ft`.
    pub well_casing_depth_unit: Feet,
    /// Terms of `casing_material`.
    pub well_casing_materials: Vec<String>,
    /// When the well was completed.
    #[schema(value_type = Option<String>, format = Date)]
    pub well_completion_date: Option<NaiveDate>,
    /// Term of `origin_type`.
    pub well_completion_date_source: Option<String>,
    /// Who drilled it.
    pub well_driller_name: Option<String>,
    /// Term of `well_construction_method`.
    pub well_construction_method: Option<String>,
    /// Where the construction method is known from.
    pub well_construction_method_source: Option<String>,
    /// Term of `well_pump_type`.
    pub well_pump_type: Option<String>,
    /// Feet below ground.
    pub well_pump_depth: Option<f64>,
    /// Always `ft`.
    pub well_pump_depth_unit: Feet,
    /// Newest open status of the type `Well Status`.
    pub well_status: Option<String>,
    /// True for `Open`, false for `Closed`, null for anything else.
    pub open_status: Option<bool>,
    /// Newest open status of the type `Datalogger Suitability Status`.
    pub datalogger_suitability_status: Option<String>,
    /// Feet above ground.
    pub measuring_point_height: Option<f64>,
    /// Always `ft`.
    pub measuring_point_height_unit: Feet,
    /// Which point that is.
    pub measuring_point_description: Option<String>,
    /// The aquifers that it draws from.
    pub aquifers: Vec<Aquifer>,
    /// Notes of the type `Water`.
    pub water_notes: Vec<Note>,
    /// Notes of the type `Construction`.
    pub construction_notes: Vec<Note>,
    /// Who is to be asked about it, by id.
    pub contacts: Vec<WellContactSummary>,
    /// What the owner allows: always the three kinds.
    #[schema(value_type = Vec<Permission>)]
    pub permissions: [Permission; 3],
    /// Term of `formation_code`.
    pub formation_completion_code: Option<String>,
    /// Of the old database.
    pub nma_formation_zone: Option<String>,
    /// Contents of the notes of the type `Access`.
    pub well_location_note: Vec<String>,
}

/// A water well.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Well {
    /// What every thing has.
    #[serde(flatten)]
    pub base: ThingBase,
    /// What wells have.
    #[serde(flatten)]
    pub well: WellFields,
}

/// A spring.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Spring {
    /// What every thing has.
    #[serde(flatten)]
    pub base: ThingBase,
    /// Term of `spring_type`.
    pub spring_type: Option<String>,
}

/// A thing of any type: the fields of all of them. What a type does not have is null or empty.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Thing {
    /// What every thing has.
    #[serde(flatten)]
    pub base: ThingBase,
    /// Term of `spring_type`.
    pub spring_type: Option<String>,
    /// What wells have.
    #[serde(flatten)]
    pub well: WellFields,
}

/// The term of `unit` for feet.
pub const FEET: &str = "ft";

/// The unit of depths and heights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub enum Feet {
    /// Feet.
    #[default]
    #[serde(rename = "ft")]
    Feet,
}

/// The unit of diameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub enum Inches {
    /// Inches.
    #[default]
    #[serde(rename = "in")]
    Inches,
}

/// What another organization calls a thing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ThingIdLink {
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
    /// Term of `relation`.
    pub relation: String,
    /// Its name elsewhere.
    pub alternate_id: String,
    /// Term of `organization`.
    pub alternate_organization: String,
}

/// How often a thing is to be measured.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MonitoringFrequency {
    /// Term of `monitoring_frequency`.
    pub monitoring_frequency: String,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub start_date: NaiveDate,
    /// Last day; null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Option<NaiveDate>,
}

/// An aquifer that a well draws from.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Aquifer {
    /// Name of the aquifer system.
    pub aquifer_system: String,
    /// Terms of `aquifer_type`: how it behaves there.
    pub aquifer_types: Vec<String>,
}

/// A contact of a well, in short.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WellContactSummary {
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
    /// The person's name.
    pub name: Option<String>,
    /// Term of `organization`.
    pub organization: Option<String>,
    /// Term of `role`.
    pub role: String,
    /// Term of `contact_type`.
    pub contact_type: String,
}

/// The kinds of field work that a land owner is asked to allow, in the order of [`WellFields::permissions`].
pub const PERMISSION_TYPES: [&str; 3] = ["Water Level Sample", "Water Chemistry Sample", "Datalogger Installation"];

/// A land owner's consent to one kind of field work; nulls where nothing is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Permission {
    /// Term of `permission_type`.
    pub permission_type: &'static str,
    /// Whether it is allowed.
    pub permission_allowed: Option<bool>,
    /// Since when.
    #[schema(value_type = Option<String>, format = Date)]
    pub start_date: Option<NaiveDate>,
    /// Until when; null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Option<NaiveDate>,
}

impl Permission {
    /// The three kinds, with nothing recorded.
    pub fn unknown() -> [Self; 3] {
        PERMISSION_TYPES.map(|permission_type| Self {
            permission_type,
            permission_allowed: None,
            start_date: None,
            end_date: None,
        })
    }
}

/// Which things a list is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThingSearch {
    /// Full text or similar.
    pub query: Option<SearchQuery>,
    /// `query` also looks at the names of contacts.
    pub include_contacts: bool,
    /// This very name.
    pub name: Option<String>,
    /// A part of the name, whatever its case.
    pub name_contains: Option<String>,
    /// Where they are now.
    pub region: Region,
}
