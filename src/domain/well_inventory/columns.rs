//! The columns of an inventory.

use crate::domain::well_inventory::RowProblem;

/// The most rows of a file.
pub const MOST_ROWS: usize = 2000;

/// Columns that must have a value in every row.
pub(in crate::domain::well_inventory) const REQUIRED: [&str; 11] = [
    "project",
    "well_name_point_id",
    "site_name",
    "date_time",
    "field_staff",
    "utm_easting",
    "utm_northing",
    "utm_zone",
    "elevation_ft",
    "elevation_method",
    "measuring_point_height_ft",
];

/// Other names of columns.
const ALIASES: [(&str, &str); 4] = [
    ("well_hole_status", "well_status"),
    ("measuring_person", "sampler"),
    ("water_level_date_time", "measurement_date_time"),
    ("mp_height_ft", "mp_height"),
];

/// The categories of the vocabulary that the columns use.
pub const CATEGORIES: [&str; 15] = [
    "elevation_method",
    "organization",
    "role",
    "contact_type",
    "phone_type",
    "email_type",
    "address_type",
    "source_type",
    "well_pump_type",
    "well_purpose",
    "status_value",
    "monitoring_frequency",
    "sample_method",
    "groundwater_level_reason",
    "data_quality",
];

/// Where the columns are in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    sent: Vec<String>,
    names: Vec<String>,
}

impl Columns {
    /// Reads the first row.
    pub fn of<'h>(names: impl Iterator<Item = &'h str>) -> Self {
        let sent: Vec<String> = names.map(|name| name.trim().to_owned()).collect();
        let named = |name: &String| ALIASES.iter().find(|(alias, _)| alias == name).map(|(_, name)| (*name).to_owned());
        let names = sent.iter().map(|name| named(name).unwrap_or_else(|| name.clone())).collect();
        Self { sent, names }
    }

    /// Columns that occur twice, also by two names: nobody could say which of them counts.
    pub fn problem(&self) -> Option<RowProblem> {
        let mut twice: Vec<&String> = Vec::new();
        for (at, name) in self.names.iter().enumerate() {
            let before = self.names.get(..at).unwrap_or_default();
            if !name.is_empty() && before.contains(name) && !twice.contains(&name) {
                twice.push(name);
            }
        }
        let quoted: Vec<String> = twice.iter().map(|name| format!("'{name}'")).collect();
        (!twice.is_empty()).then(|| RowProblem {
            row: 0,
            field: format!("[{}]", quoted.join(", ")),
            error: "Duplicate columns found".to_owned(),
            value: None,
        })
    }

    /// True for a row that says what the header says.
    pub fn is_repeated_by<'r>(&self, row: impl Iterator<Item = &'r str>) -> bool {
        let mut row = row.map(str::trim);
        !self.sent.is_empty() && self.sent.iter().all(|name| row.next() == Some(name)) && row.next().is_none()
    }

    /// Where a column is.
    pub(in crate::domain::well_inventory) fn place(&self, column: &str) -> Option<usize> {
        self.names.iter().position(|name| name == column)
    }
}
