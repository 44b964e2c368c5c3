//! Spreadsheets of water levels, as field crews send them: the columns, and what a row must say. Texts of errors are the contract's.

use std::collections::HashMap;
use std::fmt::Display;

use chrono_tz::America::Denver;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::sheet::{Cells, Sheet, SheetError};

/// The columns that are read, required ones first.
const COLUMNS: [&str; 13] = [
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

/// How many of them are required.
const REQUIRED: usize = 6;

/// Other names of columns.
const ALIASES: [(&str, &str); 3] = [
    ("measurement_date_time", "water_level_date_time"),
    ("sampler", "measuring_person"),
    ("mp_height_ft", "mp_height"),
];

/// What crews call the methods.
const METHODS: [(&str, &str); 2] =
    [("electric tape", "Electric tape measurement (E-probe)"), ("steel tape", "Steel-tape measurement")];

/// What crews call the states of a well.
const STATUSES: [(&str, &str); 9] = [
    ("dry", "Site was dry"),
    ("obstructed", "Obstruction was encountered in the well (no level recorded)"),
    ("obstruction", "Obstruction was encountered in the well (no level recorded)"),
    ("flowing", "Site was flowing. Water level or head couldn't be measured w/out additional equipment."),
    ("flowing recently", "Site was flowing recently."),
    ("pumped", "Site was being pumped"),
    ("pumped recently", "Site was pumped recently"),
    ("not affected", "Water level not affected"),
    ("other", "Other conditions exist that would affect the level (remarks)"),
];

/// Terms of the vocabulary, found by their lower case and by what crews call them.
#[derive(Clone, Debug)]
pub struct Words(HashMap<String, String>);

impl Words {
    fn new(terms: Vec<String>, others: &[(&str, &str)]) -> Self {
        let mut words: HashMap<String, String> = HashMap::new();
        for term in terms {
            words.entry(term.to_lowercase()).or_insert(term);
        }
        for (other, term) in others {
            if let Some(term) = words.get(&term.to_lowercase()).cloned() {
                words.entry((*other).to_owned()).or_insert(term);
            }
        }
        Self(words)
    }

    fn find(&self, sent: &str) -> Option<String> {
        self.0.get(&sent.to_lowercase()).cloned()
    }
}

/// The parts of the vocabulary that rows use.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    methods: Words,
    statuses: Words,
    qualities: Words,
}

impl Vocabulary {
    /// The terms of `sample_method`, `groundwater_level_reason` and `data_quality`.
    pub fn new(methods: Vec<String>, statuses: Vec<String>, qualities: Vec<String>) -> Self {
        Self {
            methods: Words::new(methods, &METHODS),
            statuses: Words::new(statuses, &STATUSES),
            qualities: Words::new(qualities, &[]),
        }
    }
}

/// Where the columns are.
#[derive(Clone, Debug)]
pub struct Columns([Option<usize>; COLUMNS.len()]);

impl Columns {
    /// Finds the columns of a sheet. Errors name those that are required and missing, or there twice.
    pub fn find(sheet: &Sheet) -> Result<Self, Vec<String>> {
        let mut places = [None; COLUMNS.len()];
        let mut errors = Vec::new();
        for (at, header) in sheet.headers.iter().enumerate() {
            let name = ALIASES.iter().find(|(alias, _)| alias == header).map_or(header.as_str(), |(_, name)| name);
            let place = COLUMNS.iter().zip(&mut places).find(|(known, _)| **known == name).map(|(_, place)| place);
            if place.and_then(|place| place.replace(at)).is_some() {
                errors.push(format!("CSV has column '{name}' more than once"));
            }
        }
        let missing = COLUMNS.iter().zip(places).take(REQUIRED).filter(|(_, place)| place.is_none());
        errors.extend(missing.map(|(name, _)| format!("CSV missing required column '{name}'")));
        if errors.is_empty() { Ok(Self(places)) } else { Err(errors) }
    }
}

/// A row that can be stored, once its well is found.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelRow {
    /// Data rows are counted from 1.
    pub number: usize,
    /// Name of the well.
    pub well: String,
    /// When the visit began.
    pub visited: UtcDateTime,
    /// When the level was measured.
    pub measured: UtcDateTime,
    /// The same as it was sent.
    pub measured_sent: String,
    /// Who was there; the first one leads. No name is there twice.
    pub staff: Vec<String>,
    /// Which of them measured.
    pub measured_by: usize,
    /// Term of `sample_method`.
    pub method: String,
    /// Height of the measuring point, feet above ground; the well's own when absent.
    pub height: Option<f64>,
    /// Term of `groundwater_level_reason`.
    pub status: Option<String>,
    /// Feet below the measuring point.
    pub depth: Option<f64>,
    /// Term of `data_quality`.
    pub quality: Option<String>,
    /// Free text.
    pub notes: Option<String>,
}

impl LevelRow {
    /// The name of its sample, by which a row that is sent again is known.
    pub fn sample_name(&self) -> String {
        format!("{}-WL-{}", self.well, self.measured.naive().format("%Y%m%d%H%M"))
    }

    /// Refuses a level below the bottom of its well. `height` is that of the row, or the well's own.
    pub fn check_depth(&self, height: Option<f64>, well_depth: Option<f64>) -> Result<(), String> {
        let (Some(depth), Some(height), Some(well_depth)) = (self.depth, height, well_depth) else { return Ok(()) };
        let below = depth - height;
        if below < well_depth {
            return Ok(());
        }
        Err(format!(
            "Row {}: depth_to_water_ft minus measuring point height ({below:?}) must be less than well depth ({well_depth:?})",
            self.number
        ))
    }
}

/// A row as it was read: what is in it, and what is wrong with it.
struct Reader<'c> {
    number: usize,
    columns: &'c Columns,
    cells: &'c Cells,
    errors: Vec<String>,
}

impl<'c> Reader<'c> {
    fn text(&self, name: &str) -> Option<&'c str> {
        let place = COLUMNS.iter().zip(self.columns.0).find(|(known, _)| **known == name)?.1?;
        self.cells.text(place)
    }

    fn refuse(&mut self, column: &str, message: impl Display) {
        self.errors.push(format!("Row {}: {column} - {message}", self.number));
    }

    fn time(&mut self, column: &str) -> Option<UtcDateTime> {
        let read = UtcDateTime::parse_in(self.text(column)?, &Denver);
        read.map_err(|error| self.refuse(column, error)).ok()
    }

    fn number(&mut self, column: &str) -> Option<f64> {
        match self.text(column)?.parse::<f64>() {
            Ok(number) if number.is_finite() => return Some(number),
            Ok(_) => self.refuse(column, "Input should be a finite number"),
            Err(_) => self.refuse(column, "Input should be a valid number, unable to parse string as a number"),
        }
        None
    }

    fn term(&mut self, column: &str, words: &Words) -> Option<String> {
        let sent = self.text(column)?;
        let found = words.find(sent);
        if found.is_none() {
            self.refuse(column, format!("Value error, Unknown {column}: {sent}"));
        }
        found
    }

    fn short(&mut self, column: &str, most: usize) -> Option<String> {
        let text = self.text(column)?;
        if text.chars().count() > most {
            self.refuse(column, format!("String should have at most {most} characters"));
            return None;
        }
        Some(text.to_owned())
    }
}

/// Most characters of a name.
const NAME: usize = 100;
/// Most characters of notes.
const NOTES: usize = 10_000;

/// Reads a row; otherwise all that is wrong with it.
fn read_row(number: usize, columns: &Columns, cells: &Cells, words: &Vocabulary) -> Result<LevelRow, Vec<String>> {
    let mut reader = Reader { number, columns, cells, errors: Vec::new() };
    let missing = COLUMNS.iter().take(REQUIRED).filter(|name| reader.text(name).is_none());
    let missing: Vec<String> = missing.map(|name| format!("Row {number}: Missing required field '{name}'")).collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let well = reader.short("well_name_point_id", 255);
    let (visited, measured) = (reader.time("field_event_date_time"), reader.time("water_level_date_time"));
    let mut staff: Vec<String> = Vec::new();
    for column in ["field_staff", "field_staff_2", "field_staff_3"] {
        staff.extend(reader.short(column, NAME).filter(|name| !staff.contains(name)));
    }
    let method = reader.term("sample_method", &words.methods);
    let height = reader.number("mp_height");
    let status = reader.term("level_status", &words.statuses);
    let depth = reader.number("depth_to_water_ft");
    if depth.is_some_and(|depth| depth < 0.0) {
        reader.refuse("depth_to_water_ft", "Value error, depth_to_water_ft must be greater than or equal to 0");
    }
    let quality = reader.term("data_quality", &words.qualities);
    let notes = reader.short("water_level_notes", NOTES);
    let (Some(well), Some(visited), Some(measured), Some(method), true) =
        (well, visited, measured, method, reader.errors.is_empty())
    else {
        return Err(reader.errors);
    };
    let measuring = reader.text("measuring_person");
    let measured_by = staff.iter().position(|name| Some(name.as_str()) == measuring);
    let rule = match measured_by {
        None => Some("measuring_person must match one of field_staff, field_staff_2, or field_staff_3"),
        Some(_) if measured < visited => {
            Some("water_level_date_time must be greater than or equal to field_event_date_time")
        }
        Some(_) if depth.is_none() && status.is_none() => {
            Some("level_status is required when depth_to_water_ft is blank")
        }
        Some(_) => None,
    };
    if let Some(rule) = rule {
        reader.refuse("", format!("Value error, {rule}"));
        return Err(reader.errors);
    }
    let measured_sent = reader.text("water_level_date_time").unwrap_or_default().to_owned();
    let measured_by = measured_by.unwrap_or_default();
    Ok(LevelRow {
        number,
        well,
        visited,
        measured,
        measured_sent,
        staff,
        measured_by,
        method,
        height,
        status,
        depth,
        quality,
        notes,
    })
}

/// A water level that was stored.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StoredLevel {
    /// Name of the well.
    pub well_name_point_id: String,
    /// The visit.
    pub field_event_id: i32,
    /// What was done there.
    pub field_activity_id: i32,
    /// What was taken.
    pub sample_id: i32,
    /// What was measured.
    pub observation_id: i32,
    /// When, as it was sent.
    pub measurement_date_time: String,
    /// Term of `groundwater_level_reason`.
    pub level_status: Option<String>,
    /// Term of `data_quality`.
    pub data_quality: Option<String>,
}

/// How many rows there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct LevelSummary {
    /// Rows of the file, but for empty ones.
    pub total_rows_processed: usize,
    /// Rows that are stored.
    pub total_rows_imported: usize,
    /// Rows with a problem; the problems themselves when none names a row.
    pub validation_errors_or_warnings: usize,
}

/// What became of a spreadsheet of water levels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct LevelUpload {
    /// In numbers.
    pub summary: LevelSummary,
    /// What is stored, in the order of the rows.
    pub water_levels: Vec<StoredLevel>,
    /// What is wrong, row by row. Of a thousand and more the first thousand.
    pub validation_errors: Vec<String>,
}

/// Rows that are stored in one transaction.
pub const CHUNK: usize = 500;

/// The most errors that are listed.
const MOST_ERRORS: usize = 1_000;

/// A spreadsheet that was read.
#[derive(Clone, Debug, Default)]
pub struct LevelSheet {
    /// The rows that can be stored.
    pub rows: Vec<LevelRow>,
    /// What is wrong with the others, by their numbers.
    refused: Vec<(usize, Vec<String>)>,
    /// What is wrong with the sheet itself.
    unusable: Vec<String>,
    total: usize,
}

impl LevelSheet {
    /// Reads all rows. An error says that there is nothing in the file.
    pub fn read(bytes: &[u8], words: &Vocabulary) -> Result<Self, SheetError> {
        let mut sheet = Sheet::read(bytes)?;
        let columns = match Columns::find(&sheet) {
            Ok(columns) => columns,
            Err(unusable) => return Ok(Self { unusable, ..Self::default() }),
        };
        let mut read = Self::default();
        while let Some(cells) = sheet.next_row() {
            read.total += 1;
            let number = read.total;
            let broken = |error: SheetError| vec![format!("Row {number}:  - {error}")];
            match cells.map_err(broken).and_then(|cells| read_row(number, &columns, &cells, words)) {
                Ok(row) => read.rows.push(row),
                Err(errors) => read.refused.push((number, errors)),
            }
        }
        Ok(read)
    }

    /// What became of it: `stored` is that of each of the rows, in their order.
    pub fn finish(&self, stored: Vec<Result<StoredLevel, String>>) -> LevelUpload {
        let mut refused = self.refused.clone();
        let mut water_levels = Vec::with_capacity(stored.len());
        for (row, outcome) in self.rows.iter().zip(stored) {
            match outcome {
                Ok(level) => water_levels.push(level),
                Err(error) => refused.push((row.number, vec![error])),
            }
        }
        refused.sort_by_key(|(number, _)| *number);
        let summary = LevelSummary {
            total_rows_processed: self.total,
            total_rows_imported: water_levels.len(),
            validation_errors_or_warnings: refused.len() + self.unusable.len(),
        };
        let mut errors = self.unusable.iter().cloned().chain(refused.into_iter().flat_map(|(_, errors)| errors));
        let mut validation_errors: Vec<String> = errors.by_ref().take(MOST_ERRORS).collect();
        let more = errors.count();
        if more > 0 {
            validation_errors.push(format!("There are {more} more problems, which are not listed"));
        }
        LevelUpload { summary, water_levels, validation_errors }
    }
}

impl LevelUpload {
    /// Whether there are problems and nothing is stored.
    pub fn failed(&self) -> bool {
        self.water_levels.is_empty() && !self.validation_errors.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEADER: &str = "well_name_point_id,field_event_date_time,field_staff,measurement_date_time,sampler,sample_method,\
        mp_height_ft,level_status,depth_to_water_ft,data_quality,water_level_notes,field_staff_2,other";

    fn words() -> Vocabulary {
        let terms = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
        Vocabulary::new(
            terms(&["Steel-tape measurement", "Electric tape measurement (E-probe)"]),
            terms(&["Site was dry", "Water level not affected"]),
            terms(&["Good"]),
        )
    }

    fn read(rows: &str) -> LevelSheet {
        LevelSheet::read(format!("{HEADER}\n{rows}\n").as_bytes(), &words()).unwrap()
    }

    fn errors(rows: &str) -> Vec<String> {
        read(rows).finish(Vec::new()).validation_errors
    }

    #[test]
    fn a_row_is_read_as_crews_write_it() {
        let sheet = read("W-1,2025-02-15 08:00,A,2025-02-15T10:30:00,B, STEEL TAPE ,1.5,DRY,,good,n,B,x");
        let row = &sheet.rows[0];
        assert_eq!(row.sample_name(), "W-1-WL-202502151730");
        assert_eq!((row.staff.join(" "), row.measured_by), ("A B".to_owned(), 1));
        assert_eq!((row.method.as_str(), row.status.as_deref()), ("Steel-tape measurement", Some("Site was dry")));
        assert_eq!((row.quality.as_deref(), row.depth, row.height), (Some("Good"), None, Some(1.5)));
        assert_eq!(row.measured_sent, "2025-02-15T10:30:00");
    }

    #[test]
    fn clocks_are_those_of_the_mountains() {
        let name = |time: &str| {
            let sheet = read(&format!("W,2025-01-01,A,{time},A,steel tape,,,1,,,,"));
            sheet.rows.first().map(LevelRow::sample_name).ok_or_else(|| sheet.finish(Vec::new()).validation_errors)
        };
        assert_eq!(name("2025-07-01T10:30:00"), Ok("W-WL-202507011630".to_owned()));
        assert_eq!(name("2025-07-01T10:30:00Z"), Ok("W-WL-202507011030".to_owned()));
        // An hour that there is twice, and one that there is not.
        assert_eq!(name("2025-11-02T01:30:00"), Ok("W-WL-202511020730".to_owned()));
        assert_eq!(name("2025-11-02T01:30:00-07:00"), Ok("W-WL-202511020830".to_owned()));
        let skipped = "Row 1: water_level_date_time - Value error, there is no such local time: the clocks skip it";
        assert_eq!(name("2025-03-09T02:30:00"), Err(vec![skipped.to_owned()]));
    }

    #[test]
    fn what_is_wrong_is_said_in_the_words_of_the_contract() {
        for (row, expected) in [
            (",,,,,,,,,,,,x", "Row 1: Missing required field 'well_name_point_id'"),
            (
                "W,x,A,2025-01-02,A,steel tape,,,1,,,,",
                "Row 1: field_event_date_time - Input should be a valid datetime or date, invalid datetime format",
            ),
            (
                "W,2025-01-02,A,2025-01-02,A,rope,,,1,,,,",
                "Row 1: sample_method - Value error, Unknown sample_method: rope",
            ),
            (
                "W,2025-01-02,A,2025-01-02,A,steel tape,,odd,1,,,,",
                "Row 1: level_status - Value error, Unknown level_status: odd",
            ),
            (
                "W,2025-01-02,A,2025-01-02,A,steel tape,,,1,odd,,,",
                "Row 1: data_quality - Value error, Unknown data_quality: odd",
            ),
            (
                "W,2025-01-02,A,2025-01-02,A,steel tape,high,,1,,,,",
                "Row 1: mp_height - Input should be a valid number, unable to parse string as a number",
            ),
            (
                "W,2025-01-02,A,2025-01-02,A,steel tape,,,-1,,,,",
                "Row 1: depth_to_water_ft - Value error, depth_to_water_ft must be greater than or equal to 0",
            ),
            (
                "W,2025-01-02,A,2025-01-02,B,steel tape,,,1,,,,",
                "Row 1:  - Value error, measuring_person must match one of field_staff, field_staff_2, or field_staff_3",
            ),
            (
                "W,2025-01-02,A,2025-01-01,A,steel tape,,,1,,,,",
                "Row 1:  - Value error, water_level_date_time must be greater than or equal to field_event_date_time",
            ),
            (
                "W,2025-01-02,A,2025-01-02,A,steel tape,,,,,,,",
                "Row 1:  - Value error, level_status is required when depth_to_water_ft is blank",
            ),
            (
                "W,2025-01-02,A,2025-01-02,A,steel tape,,,1,,,,,,,more",
                "Row 1:  - the row has 16 cells, but there are 13 columns",
            ),
        ] {
            assert_eq!(errors(row).first().map(String::as_str), Some(expected), "{row}");
        }
        assert_eq!(errors(",,,,,,,,,,,,x").len(), 6);
        let deep = read("W,2025-01-02,A,2025-01-02,A,steel tape,1.5,,250,,,,").rows.remove(0);
        assert_eq!(
            deep.check_depth(Some(1.5), Some(100.0)).unwrap_err(),
            "Row 1: depth_to_water_ft minus measuring point height (248.5) must be less than well depth (100.0)"
        );
        assert_eq!(deep.check_depth(Some(1.5), None), Ok(()));
    }

    #[test]
    fn columns_that_are_missing_or_there_twice_are_named() {
        let unusable = |header: &str| LevelSheet::read(header.as_bytes(), &words()).unwrap().finish(Vec::new());
        let without = unusable("well_name_point_id,field_staff,sampler,measuring_person\nx\n");
        assert_eq!(
            without.validation_errors,
            [
                "CSV has column 'measuring_person' more than once",
                "CSV missing required column 'field_event_date_time'",
                "CSV missing required column 'water_level_date_time'",
                "CSV missing required column 'sample_method'",
            ]
        );
        assert_eq!((without.summary.validation_errors_or_warnings, without.failed()), (4, true));
    }

    proptest! {
        #[test]
        fn any_cells_are_read(cells in prop::collection::vec("\\PC{0,12}", 13)) {
            let row = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(",");
            let sheet = read(&row);
            prop_assert!(sheet.total <= 1 && sheet.rows.len() + sheet.refused.len() == sheet.total);
        }
    }
}
