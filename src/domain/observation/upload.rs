//! Water levels as field crews write them down: a table with a row for each reading.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::local_time;
use crate::domain::measure::time::UtcDateTime;

/// The columns that are read. The required ones come first.
pub const COLUMNS: [&str; 13] = [
    "well_name_point_id",
    "field_event_date_time",
    "field_staff",
    "water_level_date_time",
    "measuring_person",
    "sample_method",
    "field_staff_2",
    "field_staff_3",
    "mp_height",
    "level_status",
    "depth_to_water_ft",
    "data_quality",
    "water_level_notes",
];

/// How many of the columns must be there, and must have a value in every row.
const REQUIRED: usize = 6;

/// Other names of columns.
const ALIASES: [(&str, &str); 3] = [
    ("measurement_date_time", "water_level_date_time"),
    ("sampler", "measuring_person"),
    ("mp_height_ft", "mp_height"),
];

/// The categories of the vocabulary that the rows use, with other words for their terms.
pub const CATEGORIES: [(&str, &[(&str, &str)]); 3] = [
    (
        "sample_method",
        &[("electric tape", "Electric tape measurement (E-probe)"), ("steel tape", "Steel-tape measurement")],
    ),
    (
        "groundwater_level_reason",
        &[
            ("dry", "Site was dry"),
            ("obstructed", "Obstruction was encountered in the well (no level recorded)"),
            ("obstruction", "Obstruction was encountered in the well (no level recorded)"),
            ("flowing", "Site was flowing. Water level or head couldn't be measured w/out additional equipment."),
            ("flowing recently", "Site was flowing recently."),
            ("pumped", "Site was being pumped"),
            ("pumped recently", "Site was pumped recently"),
            ("not affected", "Water level not affected"),
            ("other", "Other conditions exist that would affect the level (remarks)"),
        ],
    ),
    ("data_quality", &[]),
];

/// Longest name of somebody, as in the table of contacts.
const LONGEST_NAME: usize = 100;

/// The column that a header names, by its place in [`COLUMNS`].
fn column(header: &str) -> Option<usize> {
    let header = header.trim();
    let name = ALIASES.iter().find(|(alias, _)| *alias == header).map_or(header, |(_, name)| name);
    COLUMNS.iter().position(|column| *column == name)
}

/// Where the columns are in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    places: [Option<usize>; COLUMNS.len()],
    width: usize,
    problems: Vec<String>,
}

impl Header {
    /// Reads the first row.
    pub fn of<'h>(names: impl Iterator<Item = &'h str>) -> Self {
        let mut header = Self { places: [None; COLUMNS.len()], width: 0, problems: Vec::new() };
        for (at, name) in names.enumerate() {
            header.width = at + 1;
            let Some(column) = column(name) else { continue };
            if let (Some(place), Some(column)) = (header.places.get_mut(column), COLUMNS.get(column))
                && place.replace(at).is_some()
            {
                header.problems.push(format!("CSV has more than one column '{column}'"));
            }
        }
        let required = header.places.iter().zip(COLUMNS).take(REQUIRED);
        let missing = required.filter(|(place, _)| place.is_none());
        header.problems.extend(missing.map(|(_, column)| format!("CSV missing required column '{column}'")));
        header
    }

    /// What is wrong with the columns; no row is read where anything is.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The cells of a row, trimmed; blank is null.
    pub fn cells<'r>(&self, row: impl Iterator<Item = &'r str>) -> Cells {
        let mut cells = Cells::default();
        for (at, text) in row.enumerate() {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            cells.surplus |= at >= self.width;
            let column = self.places.iter().position(|place| *place == Some(at));
            if let Some(cell) = column.and_then(|column| cells.values.get_mut(column)) {
                *cell = Some(text.to_owned());
            }
        }
        cells
    }
}

/// What a row says, by column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    values: [Option<String>; COLUMNS.len()],
    /// True when there are more cells than columns have names: one of them was split.
    surplus: bool,
}

impl Cells {
    fn get(&self, column: &str) -> Option<&str> {
        let at = COLUMNS.iter().position(|name| *name == column)?;
        self.values.get(at)?.as_deref()
    }

    /// The well that the row is about.
    pub fn well(&self) -> Option<&str> {
        self.get("well_name_point_id")
    }
}

/// A file, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its columns.
    pub header: Header,
    /// Its data rows.
    pub rows: Vec<Cells>,
}

/// The terms that rows may use.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary(HashMap<(&'static str, String), String>);

impl Vocabulary {
    /// Of terms with their category.
    pub fn of(terms: impl Iterator<Item = (String, String)>) -> Self {
        let mut known = HashMap::new();
        for (name, term) in terms {
            if let Some((category, _)) = CATEGORIES.iter().find(|(category, _)| *category == name) {
                known.insert((*category, term.to_lowercase()), term);
            }
        }
        Self(known)
    }

    /// The term that a text stands for, in the vocabulary's spelling.
    fn term(&self, category: &'static str, text: &str) -> Option<&str> {
        let small = text.to_lowercase();
        let aliases = CATEGORIES.iter().find(|(name, _)| *name == category).map_or(&[][..], |(_, aliases)| *aliases);
        let meant = aliases.iter().find(|(alias, _)| *alias == small).map(|(_, term)| term.to_lowercase());
        let of = |term: String| self.0.get(&(category, term)).map(String::as_str);
        of(small).or_else(|| of(meant?))
    }
}

/// What is known of a well that a row names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnownWell {
    /// Its key.
    pub id: i32,
    /// Feet below ground.
    pub depth: Option<f64>,
    /// Feet above ground: the newest height of its measuring point.
    pub measuring_point_height: Option<f64>,
}

/// A reading that can be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Where.
    pub well: KnownWell,
    /// The natural key.
    pub sample_name: String,
    /// When the crew came.
    pub event_date: UtcDateTime,
    /// The crew, whoever leads it first. Nobody is named twice.
    pub staff: Vec<String>,
    /// When the level was measured.
    pub time: UtcDateTime,
    /// The same as it was sent.
    pub sent_time: String,
    /// One of the crew.
    pub measuring_person: String,
    /// Term of `sample_method`.
    pub sample_method: String,
    /// Feet above ground.
    pub measuring_point_height: Option<f64>,
    /// Term of `groundwater_level_reason`.
    pub level_status: Option<String>,
    /// Feet below the measuring point.
    pub depth_to_water: Option<f64>,
    /// Term of `data_quality`.
    pub data_quality: Option<String>,
    /// Remarks.
    pub notes: Option<String>,
}

/// Reads the cells of one row and collects what is wrong with them.
struct Reader<'r> {
    number: usize,
    cells: &'r Cells,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn refuse(&mut self, column: &str, message: impl std::fmt::Display) {
        self.problems.push(format!("Row {}: {column} - {message}", self.number));
    }

    fn time(&mut self, column: &str) -> Option<UtcDateTime> {
        match local_time::parse(self.cells.get(column)?) {
            Ok(time) if time > UtcDateTime::now() => {
                self.refuse(column, "Value error, Datetime must be in the past.");
                None
            }
            Ok(time) => Some(time),
            Err(error) => {
                self.refuse(column, error);
                None
            }
        }
    }

    fn number(&mut self, column: &str) -> Option<f64> {
        match self.cells.get(column)?.parse::<f64>() {
            Ok(number) if number.is_finite() => Some(number),
            Ok(_) => {
                self.refuse(column, "Input should be a finite number");
                None
            }
            Err(_not_a_number) => {
                self.refuse(column, "Input should be a valid number, unable to parse string as a number");
                None
            }
        }
    }

    fn term(&mut self, vocabulary: &Vocabulary, column: &str, category: &'static str) -> Option<String> {
        let sent = self.cells.get(column)?;
        let term = vocabulary.term(category, sent).map(str::to_owned);
        if term.is_none() {
            self.refuse(column, format!("Value error, Unknown {column}: {sent}"));
        }
        term
    }

    fn person(&mut self, column: &str) -> Option<String> {
        let name = self.cells.get(column)?;
        if name.chars().count() > LONGEST_NAME {
            self.refuse(column, format!("String should have at most {LONGEST_NAME} characters"));
        }
        Some(name.to_owned())
    }
}

/// Reads the row with this number, counted from 1, or says all that is wrong with it. `wells` are those of its name.
pub fn read(
    number: usize,
    cells: &Cells,
    wells: &[KnownWell],
    vocabulary: &Vocabulary,
) -> Result<Reading, Vec<String>> {
    let mut reader = Reader { number, cells, problems: Vec::new() };
    for (column, cell) in COLUMNS.iter().zip(&cells.values) {
        if cell.as_deref().is_some_and(|text| text.contains('\0')) {
            reader.refuse(column, "Value error, Text must not contain NUL characters");
        }
    }
    if cells.surplus {
        reader.refuse("", "Value error, the row has more cells than the header has columns");
    }
    for column in COLUMNS.iter().take(REQUIRED).filter(|column| cells.get(column).is_none()) {
        reader.problems.push(format!("Row {number}: Missing required field '{column}'"));
    }
    let event_date = reader.time("field_event_date_time");
    let time = reader.time("water_level_date_time");
    let sample_method = reader.term(vocabulary, "sample_method", "sample_method");
    let height = reader.number("mp_height");
    let level_status = reader.term(vocabulary, "level_status", "groundwater_level_reason");
    let depth = reader.number("depth_to_water_ft");
    let data_quality = reader.term(vocabulary, "data_quality", "data_quality");
    if depth.is_some_and(|depth| depth < 0.0) {
        reader.refuse("depth_to_water_ft", "Value error, depth_to_water_ft must be greater than or equal to 0");
    }
    let mut staff: Vec<String> = Vec::new();
    for column in ["field_staff", "field_staff_2", "field_staff_3"] {
        staff.extend(reader.person(column).filter(|name| !staff.contains(name)));
    }
    let well = match (cells.well(), wells) {
        (None, _) => None,
        (Some(_), [well]) => Some(*well),
        (Some(name), []) => {
            reader.problems.push(format!("Row {number}: Unknown well_name_point_id '{name}'"));
            None
        }
        (Some(name), wells) => {
            let message = format!("Value error, {} wells are called '{name}'", wells.len());
            reader.refuse("well_name_point_id", message);
            None
        }
    };
    let person = cells.get("measuring_person").unwrap_or_default();
    if !staff.is_empty() && !person.is_empty() && !staff.iter().any(|name| name == person) {
        let message = "measuring_person must match one of field_staff, field_staff_2, or field_staff_3";
        reader.refuse("", format!("Value error, {message}"));
    }
    if let (Some(event), Some(time)) = (event_date, time)
        && time < event
    {
        let message = "water_level_date_time must be greater than or equal to field_event_date_time";
        reader.refuse("", format!("Value error, {message}"));
    }
    if cells.get("depth_to_water_ft").is_none() && cells.get("level_status").is_none() {
        reader.refuse("", "Value error, level_status is required when depth_to_water_ft is blank");
    }
    let own_height = well.and_then(|well| well.measuring_point_height);
    let height = if cells.get("mp_height").is_some() { height } else { own_height };
    if let (Some(depth), Some(height), Some(most)) = (depth, height, well.and_then(|well| well.depth)) {
        let below_ground = ((depth - height) * 1e6).round() / 1e6;
        if below_ground >= most {
            reader.problems.push(format!(
                "Row {number}: depth_to_water_ft minus measuring point height ({below_ground:?}) must be less than well \
                 depth ({most:?})"
            ));
        }
    }
    match (well, event_date, time, sample_method) {
        (Some(well), Some(event_date), Some(time), Some(sample_method)) if reader.problems.is_empty() => Ok(Reading {
            well,
            sample_name: sample_name(cells.well().unwrap_or_default(), time),
            event_date,
            staff,
            time,
            sent_time: cells.get("water_level_date_time").unwrap_or_default().to_owned(),
            measuring_person: person.to_owned(),
            sample_method,
            measuring_point_height: height,
            level_status,
            depth_to_water: depth,
            data_quality,
            notes: cells.get("water_level_notes").map(str::to_owned),
        }),
        _ => Err(reader.problems),
    }
}

/// The name by which a reading is found again.
fn sample_name(well: &str, time: UtcDateTime) -> String {
    format!("{well}-WL-{}", time.naive().format("%Y%m%d%H%M"))
}

/// How many rows came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct UploadSummary {
    /// Data rows of the file.
    pub total_rows_processed: usize,
    /// Rows whose reading is stored.
    pub total_rows_imported: usize,
    /// Rows with a problem; where no problem names a row, the problems.
    pub validation_errors_or_warnings: usize,
}

/// A stored reading.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct UploadedLevel {
    /// The well's name.
    pub well_name_point_id: String,
    /// The visit.
    pub field_event_id: i32,
    /// What was done then.
    pub field_activity_id: i32,
    /// The sample.
    pub sample_id: i32,
    /// The measured value.
    pub observation_id: i32,
    /// As it was sent.
    pub measurement_date_time: String,
    /// Term of `groundwater_level_reason`.
    pub level_status: Option<String>,
    /// Term of `data_quality`.
    pub data_quality: Option<String>,
}

/// What became of a file of water levels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct WaterLevelBulkUpload {
    /// The counts.
    pub summary: UploadSummary,
    /// The stored readings, in the order of the file.
    pub water_levels: Vec<UploadedLevel>,
    /// What is wrong, in the order of the file.
    pub validation_errors: Vec<String>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_cells_are_answered(
            names in prop::collection::vec(prop::sample::select(COLUMNS.to_vec()), 0..20),
            row in prop::collection::vec(prop_oneof![".*", "[0-9T:. -]{0,20}", Just("dry".to_owned())], 0..25),
            depth in any::<Option<f64>>(),
        ) {
            let header = Header::of(names.into_iter());
            let cells = header.cells(row.iter().map(String::as_str));
            let well = KnownWell { id: 1, depth, measuring_point_height: Some(1.5) };
            let vocabulary = Vocabulary::of([("sample_method".to_owned(), "Dry".to_owned())].into_iter());
            for wells in [&[][..], &[well], &[well, well]] {
                if let Err(problems) = read(1, &cells, wells, &vocabulary) {
                    prop_assert!(!problems.is_empty());
                }
            }
        }
    }

    #[test]
    fn columns_are_found_by_any_of_their_names() {
        let header = Header::of(COLUMNS.into_iter().take(4).chain([" sampler ", "hold(not saved)", "sample_method"]));
        assert!(header.problems().is_empty());
        let cells = header.cells(["A", "", " ", "2025-01-01", " X ", "-", "m"].into_iter());
        assert_eq!((cells.get("measuring_person"), cells.get("field_staff")), (Some("X"), None));
        let header = Header::of(["sampler", "measuring_person"].into_iter());
        assert_eq!(header.problems().len(), 6);
    }
}
