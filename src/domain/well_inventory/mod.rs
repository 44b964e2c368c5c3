//! Inventories of wells: a table with a row for each well that a crew visited, with its place, its contacts and, sometimes, a first
//! water level. Here are the rules of the rows; nothing of it depends on what is stored but the terms of the vocabulary.

mod cells;
mod columns;
mod read;
mod tests;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::geometry::Point;
use crate::domain::measure::time::UtcDateTime;

pub use columns::{CATEGORIES, Columns, MOST_ROWS};
pub use read::{Terms, check_names, read};

/// Something wrong with a cell or a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowProblem {
    /// Counts data rows from 1; 0 for the header.
    pub row: usize,
    /// The column, or what stands for several.
    pub field: String,
    /// What is wrong.
    pub error: String,
    /// The cell.
    pub value: Option<String>,
}

/// A well of an inventory.
#[derive(Clone, Debug, PartialEq)]
pub struct InventoriedWell {
    /// The group's name.
    pub project: String,
    /// The well's name, or a prefix (letters and a dash) that is to be numbered.
    pub name: String,
    /// What the survey calls the site.
    pub site_name: String,
    /// When the crew came.
    pub visited: UtcDateTime,
    /// The crew, whoever leads it first.
    pub staff: Vec<String>,
    /// Degrees.
    pub point: Point,
    /// Metres.
    pub elevation: f64,
    /// Term of `elevation_method`.
    pub elevation_method: String,
    /// Feet above ground.
    pub measuring_point_height: f64,
    /// Where on the well it is.
    pub measuring_point_description: Option<String>,
    /// At most two.
    pub contacts: Vec<InventoryContact>,
    /// Consents: the three of `permission_type`.
    pub permissions: Vec<(&'static str, bool)>,
    /// Whether the owner knows that the data become public.
    pub public_availability_acknowledgement: Option<bool>,
    /// Notes with their term of `note_type`.
    pub notes: Vec<(&'static str, String)>,
    /// The number of the Office of the State Engineer.
    pub ose_well_record_id: Option<String>,
    /// When it was drilled.
    pub date_drilled: Option<NaiveDate>,
    /// Where that is known from.
    pub completion_source: Option<String>,
    /// Feet below ground.
    pub well_depth: Option<f64>,
    /// Where that is known from.
    pub depth_source: Option<String>,
    /// Feet below ground, of earlier times.
    pub historic_depth_to_water: Option<f64>,
    /// Term of `well_pump_type`.
    pub pump_type: Option<String>,
    /// Feet below ground.
    pub pump_depth: Option<f64>,
    /// Whether the well is open.
    pub is_open: Option<bool>,
    /// Whether a datalogger can be installed.
    pub datalogger_possible: Option<bool>,
    /// Whether a sample can be taken.
    pub sample_possible: Option<bool>,
    /// Inches.
    pub casing_diameter: Option<f64>,
    /// Terms of `well_purpose`.
    pub purposes: Vec<String>,
    /// Term of `status_value`.
    pub well_status: Option<String>,
    /// Term of `monitoring_frequency`.
    pub monitoring_frequency: Option<String>,
    /// Term of `status_value`.
    pub monitoring_status: Option<String>,
    /// A first water level.
    pub level: Option<InventoryLevel>,
}

/// Somebody to ask about a well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventoryContact {
    /// The person.
    pub name: Option<String>,
    /// Term of `organization`.
    pub organization: Option<String>,
    /// Term of `role`.
    pub role: String,
    /// Term of `contact_type`.
    pub contact_type: String,
    /// E.164, with the term of `phone_type`.
    pub phones: Vec<(String, String)>,
    /// With the term of `email_type`.
    pub emails: Vec<(String, String)>,
    /// Where letters go.
    pub addresses: Vec<InventoryAddress>,
}

/// Where letters go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventoryAddress {
    /// Street and number.
    pub line_1: String,
    /// More of it.
    pub line_2: Option<String>,
    /// Term of `address_type`.
    pub address_type: String,
    /// Two letters.
    pub state: String,
    /// City.
    pub city: String,
    /// Of the United States.
    pub postal_code: String,
}

/// A first water level.
#[derive(Clone, Debug, PartialEq)]
pub struct InventoryLevel {
    /// Who measured.
    pub sampler: String,
    /// Term of `sample_method`.
    pub sample_method: String,
    /// When.
    pub time: UtcDateTime,
    /// Feet above ground.
    pub measuring_point_height: f64,
    /// Term of `groundwater_level_reason`.
    pub level_status: String,
    /// Feet below the measuring point.
    pub depth_to_water: f64,
    /// Term of `data_quality`.
    pub data_quality: String,
    /// Remarks.
    pub notes: Option<String>,
}
