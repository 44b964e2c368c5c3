//! Geothermal wells: those of older records that were drilled for the earth's warmth, or deep enough to tell of it. Their key is the
//! UUID that these records have for them.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch};

/// A geothermal well as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GeothermalWell {
    /// Key: a UUID.
    #[schema(value_type = String, format = "uuid")]
    pub well_data_id: String,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// The day from which on it is public, for the status `embargoed`. Left out with any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
    /// The thing that it is observed as.
    pub thing_id: Option<i32>,
    /// The number of the American Petroleum Institute.
    pub api: Option<String>,
    /// What it is called.
    pub name: String,
    /// Its number among those of the same name.
    pub well_number: Option<String>,
    /// What it was drilled for.
    pub well_class: Option<String>,
    /// What kind of well it is.
    pub well_type: Option<String>,
    /// What became of it.
    pub status: Option<String>,
    /// Who ran it.
    pub operator: Option<String>,
    /// Whose it is.
    pub owner: Option<String>,
    /// Feet below ground.
    pub total_depth: Option<f64>,
    /// When it was completed.
    #[schema(value_type = Option<String>, format = Date)]
    pub completion_date: Option<NaiveDate>,
    /// Whether temperatures or heat flow were measured in it.
    pub has_geothermal_data: bool,
    /// Where it is.
    pub county: Option<String>,
    /// Where it is.
    pub state: Option<String>,
    /// Degrees, WGS84.
    pub latitude: Option<f64>,
    /// Degrees, WGS84.
    pub longitude: Option<f64>,
}

/// Which geothermal wells a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GeothermalWellSearch {
    /// Those in this very county.
    pub county: Option<String>,
    /// Those whose name has this in it.
    pub name_contains: Option<String>,
    /// Those of which each of these words is in the name, the API number, the well number, the operator or the county.
    pub words: Vec<String>,
}

/// The most words of a search.
const MOST_WORDS: usize = 20;

/// More words than are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("At most {MOST_WORDS} words can be looked for")]
pub struct TooManyWords;

impl GeothermalWellSearch {
    /// The words of a text, each once.
    pub fn words(text: &str) -> Result<Vec<String>, TooManyWords> {
        let mut words: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
            if words.len() > MOST_WORDS {
                return Err(TooManyWords);
            }
        }
        Ok(words)
    }
}

/// Both coordinates of a point, or none of them.
const HALF_A_POINT: &str = "longitude and latitude must both be defined or both must be None.";

/// Body of `POST /thing/geothermal-well`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateGeothermalWell {
    /// Key: a UUID; a new one when absent.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub well_data_id: Option<Uuid>,
    /// The thing that it is observed as; it must exist.
    pub thing_id: Option<i64>,
    /// The number of the American Petroleum Institute.
    pub api: Option<String>,
    /// What it is called.
    pub name: String,
    /// Its number among those of the same name.
    pub well_number: Option<String>,
    /// What it was drilled for.
    pub well_class: Option<String>,
    /// What kind of well it is.
    pub well_type: Option<String>,
    /// What became of it.
    pub status: Option<String>,
    /// Who ran it.
    pub operator: Option<String>,
    /// Whose it is.
    pub owner: Option<String>,
    /// Feet below ground; greater than 0.
    pub total_depth: Option<f64>,
    /// When it was completed; not in the future.
    #[schema(value_type = Option<String>, format = Date)]
    pub completion_date: Option<NaiveDate>,
    /// Whether temperatures or heat flow were measured in it.
    #[schema(required = false)]
    pub has_geothermal_data: bool,
    /// Where it is.
    pub county: Option<String>,
    /// Where it is.
    pub state: Option<String>,
    /// Degrees, WGS84; only together with `longitude`.
    pub latitude: Option<f64>,
    /// Degrees, WGS84; only together with `latitude`.
    pub longitude: Option<f64>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
}

impl FromForm for CreateGeothermalWell {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let well_data_id = form.optional("well_data_id", read::uuid);
        let thing_id = form.optional("thing_id", read::integer);
        let api = form.optional("api", read::line(50));
        let name = form.required("name", read::name(255));
        let well_number = form.optional("well_number", read::line(50));
        let well_class = form.optional("well_class", read::line(100));
        let well_type = form.optional("well_type", read::line(100));
        let status = form.optional("status", read::line(100));
        let operator = form.optional("operator", read::line(255));
        let owner = form.optional("owner", read::line(255));
        let total_depth = form.optional("total_depth", read::positive);
        let completion_date = form.optional("completion_date", read::past_date);
        let has_geothermal_data = form.or("has_geothermal_data", false, read::boolean);
        let county = form.optional("county", read::line(100));
        let state = form.optional("state", read::line(100));
        let latitude = form.optional("latitude", read::between(-90.0..=90.0));
        let longitude = form.optional("longitude", read::between(-180.0..=180.0));
        if let (Some(longitude), Some(latitude)) = (longitude, latitude)
            && longitude.is_some() != latitude.is_some()
        {
            form.refuse(HALF_A_POINT);
        }
        let (release_status, release_at) = form.release();
        Some(Self {
            well_data_id: well_data_id?,
            thing_id: thing_id?,
            api: api?,
            name: name?,
            well_number: well_number?,
            well_class: well_class?,
            well_type: well_type?,
            status: status?,
            operator: operator?,
            owner: owner?,
            total_depth: total_depth?,
            completion_date: completion_date?,
            has_geothermal_data: has_geothermal_data?,
            county: county?,
            state: state?,
            latitude: latitude?,
            longitude: longitude?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /thing/geothermal-well/{well_data_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateGeothermalWell {
    /// The thing that it is observed as; it must exist.
    #[schema(value_type = Option<i64>)]
    pub thing_id: Patch<i64>,
    /// The number of the American Petroleum Institute.
    #[schema(value_type = Option<String>)]
    pub api: Patch<String>,
    /// What it is called.
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// Its number among those of the same name.
    #[schema(value_type = Option<String>)]
    pub well_number: Patch<String>,
    /// What it was drilled for.
    #[schema(value_type = Option<String>)]
    pub well_class: Patch<String>,
    /// What kind of well it is.
    #[schema(value_type = Option<String>)]
    pub well_type: Patch<String>,
    /// What became of it.
    #[schema(value_type = Option<String>)]
    pub status: Patch<String>,
    /// Who ran it.
    #[schema(value_type = Option<String>)]
    pub operator: Patch<String>,
    /// Whose it is.
    #[schema(value_type = Option<String>)]
    pub owner: Patch<String>,
    /// Feet below ground; greater than 0.
    #[schema(value_type = Option<f64>)]
    pub total_depth: Patch<f64>,
    /// When it was completed; not in the future.
    #[schema(value_type = Option<String>, format = Date)]
    pub completion_date: Patch<NaiveDate>,
    /// Whether temperatures or heat flow were measured in it.
    #[schema(nullable = false)]
    pub has_geothermal_data: Option<bool>,
    /// Where it is.
    #[schema(value_type = Option<String>)]
    pub county: Patch<String>,
    /// Where it is.
    #[schema(value_type = Option<String>)]
    pub state: Patch<String>,
    /// Degrees, WGS84; only together with `longitude`.
    #[schema(value_type = Option<f64>)]
    pub latitude: Patch<f64>,
    /// Degrees, WGS84; only together with `latitude`.
    #[schema(value_type = Option<f64>)]
    pub longitude: Patch<f64>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<NaiveDate>,
}

impl FromForm for UpdateGeothermalWell {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.patch("thing_id", read::integer);
        let api = form.patch("api", read::line(50));
        let name = form.patch_required("name", read::name(255));
        let well_number = form.patch("well_number", read::line(50));
        let well_class = form.patch("well_class", read::line(100));
        let well_type = form.patch("well_type", read::line(100));
        let status = form.patch("status", read::line(100));
        let operator = form.patch("operator", read::line(255));
        let owner = form.patch("owner", read::line(255));
        let total_depth = form.patch("total_depth", read::positive);
        let completion_date = form.patch("completion_date", read::past_date);
        let has_geothermal_data = form.patch_required("has_geothermal_data", read::boolean);
        let county = form.patch("county", read::line(100));
        let state = form.patch("state", read::line(100));
        let latitude = form.patch("latitude", read::between(-90.0..=90.0));
        let longitude = form.patch("longitude", read::between(-180.0..=180.0));
        // What is stored has both or none, so both or none are changed, and alike.
        if let (Some(longitude), Some(latitude)) = (&longitude, &latitude)
            && std::mem::discriminant(longitude) != std::mem::discriminant(latitude)
        {
            form.refuse(HALF_A_POINT);
        }
        let (release_status, release_at) = form.release_change();
        Some(Self {
            thing_id: thing_id?,
            api: api?,
            name: name?,
            well_number: well_number?,
            well_class: well_class?,
            well_type: well_type?,
            status: status?,
            operator: operator?,
            owner: owner?,
            total_depth: total_depth?,
            completion_date: completion_date?,
            has_geothermal_data: has_geothermal_data?,
            county: county?,
            state: state?,
            latitude: latitude?,
            longitude: longitude?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}
