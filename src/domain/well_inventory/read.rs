//! From the cells of a row to a well.

use std::collections::{HashMap, HashSet};

use crate::domain::contact::{email, phone};
use crate::domain::measure::geometry::Point;
use crate::domain::measure::utm::from_utm;
use crate::domain::request::problem::expected;
use crate::domain::well_inventory::cells::Cells;
use crate::domain::well_inventory::columns::{Columns, REQUIRED};
use crate::domain::well_inventory::{InventoriedWell, InventoryAddress, InventoryContact, InventoryLevel, RowProblem};

const METRES_PER_FOOT: f64 = 0.3048;
const INCHES_PER_FOOT: f64 = 12.0;
const LATITUDES: std::ops::RangeInclusive<f64> = 31.33..=37.00;
const LONGITUDES: std::ops::RangeInclusive<f64> = -109.05..=-103.00;
/// Longest text of a note.
const LONGEST_NOTE: usize = 10_000;

/// The states.
const STATES: &str = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK \
                      OR PA RI SC SD TN TX UT VT VA WA WV WI WY";

/// Columns whose text becomes a note of the well, with its term of `note_type`.
const NOTES: [(&str, &str); 7] = [
    ("directions_to_site", "Directions"),
    ("specific_location_of_well", "Access"),
    ("special_requests", "General"),
    ("sampling_scenario_notes", "Sampling Procedure"),
    ("well_notes", "General"),
    ("water_notes", "Water"),
    ("well_measuring_notes", "Sampling Procedure"),
];

/// The terms that the columns may have, by category.
#[derive(Clone, Debug, Default)]
pub struct Terms(HashMap<String, Vec<String>>);

impl Terms {
    /// Of terms with their category.
    pub fn of(terms: impl Iterator<Item = (String, String)>) -> Self {
        let mut known: HashMap<String, Vec<String>> = HashMap::new();
        for (category, term) in terms {
            known.entry(category).or_default().push(term);
        }
        Self(known)
    }

    /// The term, or the list of those that there are.
    pub(in crate::domain::well_inventory) fn find(&self, category: &str, sent: &str) -> Result<&str, String> {
        let terms = self.0.get(category).map(Vec::as_slice).unwrap_or_default();
        let is_sent = |term: &&String| term.to_lowercase() == sent.to_lowercase();
        terms.iter().find(is_sent).map(String::as_str).ok_or_else(|| expected(terms))
    }
}

/// Names that occur in an earlier row: for each, the row and what is wrong with it. Prefixes may repeat: each gets a number of its own.
pub fn check_names<'r>(names: impl Iterator<Item = Option<&'r str>>) -> Vec<RowProblem> {
    let mut seen = HashSet::new();
    let repeated = names.enumerate().filter_map(|(at, name)| {
        let name = name?;
        (!is_prefix(name) && !seen.insert(name)).then(|| RowProblem {
            row: at + 1,
            field: "well_name_point_id".to_owned(),
            error: "Duplicate value for well_name_point_id".to_owned(),
            value: Some(name.to_owned()),
        })
    });
    repeated.collect()
}

/// True for letters and a dash: the well is to be numbered.
fn is_prefix(name: &str) -> bool {
    name.strip_suffix('-')
        .is_some_and(|word| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphabetic()))
}

/// Reads the row with this number, counted from 1, or says all that is wrong with it.
pub fn read(row: usize, columns: &Columns, values: &[&str], terms: &Terms) -> Result<InventoriedWell, Vec<RowProblem>> {
    let mut cells = Cells::new(row, columns, values, terms);
    for column in REQUIRED.into_iter().filter(|column| !has(columns, values, column)) {
        cells.refuse(column, "Field required");
    }
    let well = well(&mut cells);
    match well {
        Some(well) if cells.problems.is_empty() => Ok(well),
        _ => Err(cells.problems),
    }
}

fn has(columns: &Columns, values: &[&str], column: &str) -> bool {
    columns.place(column).and_then(|place| values.get(place)).is_some_and(|text| !text.trim().is_empty())
}

fn well(cells: &mut Cells<'_>) -> Option<InventoriedWell> {
    let project = cells.text("project", 255);
    let name = cells.text("well_name_point_id", crate::domain::thing::write::LONGEST_NAME);
    let site_name = cells.text("site_name", 100);
    let visited = cells.past_time("date_time");
    let mut staff: Vec<String> = Vec::new();
    for column in ["field_staff", "field_staff_2", "field_staff_3"] {
        staff.extend(cells.text(column, 100).filter(|name| !staff.contains(name)));
    }
    let point = place(cells);
    let elevation = cells.number("elevation_ft");
    let elevation_method = cells.term("elevation_method", "elevation_method");
    let measuring_point_height = cells.number("measuring_point_height_ft");
    let contacts = [1, 2].into_iter().filter_map(|number| contact(cells, number)).collect();
    let permissions = [
        ("repeat_measurement_permission", "Water Level Sample"),
        ("sampling_permission", "Water Chemistry Sample"),
        ("datalogger_installation_permission", "Datalogger Installation"),
    ];
    let permissions =
        permissions.into_iter().filter_map(|(column, kind)| Some((kind, cells.boolean(column)?))).collect();
    let notes =
        NOTES.into_iter().filter_map(|(column, kind)| Some((kind, cells.text(column, LONGEST_NOTE)?))).collect();
    let purposes = ["well_purpose", "well_purpose_2"];
    let purposes = purposes.into_iter().filter_map(|column| cells.term(column, "well_purpose")).collect();
    let is_complete = cells.get("monitoring_frequency") == Some("Complete");
    let monitoring_frequency =
        if is_complete { None } else { cells.term("monitoring_frequency", "monitoring_frequency") };
    let monitoring_status = cells.term("monitoring_status", "status_value");
    let monitoring_status = if is_complete { Some("Not currently monitored".to_owned()) } else { monitoring_status };
    let public_availability_acknowledgement = cells.boolean("public_availability_acknowledgement");
    let ose_well_record_id = cells.text("ose_well_record_id", 100);
    let date_drilled = cells.past_date("date_drilled");
    let completion_source = cells.term("completion_source", "source_type");
    let well_depth = cells.positive("total_well_depth_ft");
    let depth_source = cells.term("depth_source", "source_type");
    let historic_depth_to_water = cells.number("historic_depth_to_water_ft");
    let pump_type = cells.term("well_pump_type", "well_pump_type");
    let pump_depth = cells.number("well_pump_depth_ft");
    let is_open = cells.boolean("is_open");
    let datalogger_possible = cells.boolean("datalogger_possible");
    let sample_possible = cells.boolean("sample_possible");
    let casing_diameter = cells.positive("casing_diameter_ft").map(|feet| feet * INCHES_PER_FOOT);
    let measuring_point_description = cells.text("measuring_point_description", LONGEST_NOTE);
    let well_status = cells.term("well_status", "status_value");
    let level = level(cells);
    Some(InventoriedWell {
        project: project?,
        name: name?,
        site_name: site_name?,
        visited: visited?,
        staff,
        point: point?,
        elevation: elevation? * METRES_PER_FOOT,
        elevation_method: elevation_method?,
        measuring_point_height: measuring_point_height?,
        measuring_point_description,
        contacts,
        permissions,
        public_availability_acknowledgement,
        notes,
        ose_well_record_id,
        date_drilled,
        completion_source,
        well_depth,
        depth_source,
        historic_depth_to_water,
        pump_type,
        pump_depth,
        is_open,
        datalogger_possible,
        sample_possible,
        casing_diameter,
        purposes,
        well_status,
        monitoring_frequency,
        monitoring_status,
        level,
    })
}

/// Degrees, in New Mexico.
fn place(cells: &mut Cells<'_>) -> Option<Point> {
    let easting = cells.number("utm_easting");
    let northing = cells.number("utm_northing");
    let zone = match cells.get("utm_zone")?.to_ascii_uppercase().as_str() {
        "12N" => 12,
        "13N" => 13,
        _ => {
            cells.refuse("utm_zone", "Input should be '12N' or '13N'");
            return None;
        }
    };
    let (easting, northing) = (easting?, northing?);
    let inside = |point: &Point| LATITUDES.contains(&point.latitude) && LONGITUDES.contains(&point.longitude);
    let point = from_utm(zone, easting, northing).filter(inside);
    if point.is_none() {
        let rule = format!("UTM coordinates are outside of the NM. E={easting:?} N={northing:?} Zone={zone}N");
        cells.refuse_together(rule);
    }
    point
}

fn contact(cells: &mut Cells<'_>, number: usize) -> Option<InventoryContact> {
    let column = |rest: &str| format!("contact_{number}_{rest}");
    let name = cells.text(&column("name"), 100);
    let organization = cells.term(&column("organization"), "organization");
    let role = cells.term(&column("role"), "role");
    let contact_type = cells.term(&column("type"), "contact_type");
    let is_named = cells.has(&column("name")) || cells.has(&column("organization"));
    let mut is_said = is_named || cells.has(&column("role")) || cells.has(&column("type"));
    let (mut phones, mut emails, mut addresses) = (Vec::new(), Vec::new(), Vec::new());
    for at in [1, 2] {
        let sent = column(&format!("phone_{at}"));
        let kind = cells.term(&format!("{sent}_type"), "phone_type");
        is_said |= cells.has(&sent) || cells.has(&format!("{sent}_type"));
        if let Some(text) = cells.text(&sent, 100) {
            match phone::e164(&text) {
                None => cells.refuse(&sent, format!("Value error, Invalid phone number. {text}")),
                Some(valid) => phones.extend(kind.map(|kind| (valid, kind))),
            }
            if !cells.has(&format!("{sent}_type")) {
                cells.refuse_together(format!("{sent}_type must be provided if phone number is provided"));
            }
        }
        let sent = column(&format!("email_{at}"));
        let kind = cells.term(&format!("{sent}_type"), "email_type");
        is_said |= cells.has(&sent) || cells.has(&format!("{sent}_type"));
        if let Some(text) = cells.text(&sent, 100) {
            match email::valid(&text) {
                None => cells.refuse(&sent, format!("Value error, Invalid email format. {text}")),
                Some(valid) => emails.extend(kind.map(|kind| (valid, kind))),
            }
            if !cells.has(&format!("{sent}_type")) {
                cells.refuse_together(format!("{sent}_type type must be provided if email is provided"));
            }
        }
        let address_columns = ["line_1", "line_2", "type", "state", "city", "postal_code"];
        is_said |= address_columns.iter().any(|rest| cells.has(&column(&format!("address_{at}_{rest}"))));
        addresses.extend(address(cells, &column(&format!("address_{at}"))));
    }
    if is_said && !is_named {
        cells.refuse_together(format!("{} or {} must be provided", column("name"), column("organization")));
    }
    if is_named {
        for rest in ["role", "type"] {
            if !cells.has(&column(rest)) {
                cells.refuse_together(format!("{} must be provided if name is provided", column(rest)));
            }
        }
    }
    let (role, contact_type) = (role?, contact_type?);
    is_named.then_some(InventoryContact { name, organization, role, contact_type, phones, emails, addresses })
}

fn address(cells: &mut Cells<'_>, prefix: &str) -> Option<InventoryAddress> {
    let column = |rest: &str| format!("{prefix}_{rest}");
    let line_1 = cells.text(&column("line_1"), 255);
    let line_2 = cells.text(&column("line_2"), 255);
    let address_type = cells.term(&column("type"), "address_type");
    let state = cells.text(&column("state"), 50);
    let city = cells.text(&column("city"), 100);
    let postal_code = cells.text(&column("postal_code"), 20);
    let needed = ["line_1", "type", "state", "city", "postal_code"].map(column);
    let is_said = line_2.is_some() || needed.iter().any(|column| cells.has(column));
    if is_said && !needed.iter().all(|column| cells.has(column)) {
        cells.refuse_together("All contact address fields must be provided");
    }
    if state.as_deref().is_some_and(|state| !STATES.split_ascii_whitespace().any(|known| known == state)) {
        cells.refuse(&format!("{prefix}_state"), "Value error, State must be a 2 letter abbreviation");
    }
    if postal_code.as_deref().is_some_and(|code| !is_postal_code(code)) {
        cells.refuse(&format!("{prefix}_postal_code"), "Value error, Invalid postal code");
    }
    Some(InventoryAddress {
        line_1: line_1?,
        line_2,
        address_type: address_type?,
        state: state?,
        city: city?,
        postal_code: postal_code?,
    })
}

/// Five digits, or five and four.
fn is_postal_code(code: &str) -> bool {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    match code.split_once('-') {
        None => digits(code, 5),
        Some((first, more)) => digits(first, 5) && digits(more, 4),
    }
}

fn level(cells: &mut Cells<'_>) -> Option<InventoryLevel> {
    const TOGETHER: [&str; 7] = [
        "sampler",
        "sample_method",
        "measurement_date_time",
        "mp_height",
        "level_status",
        "depth_to_water_ft",
        "data_quality",
    ];
    let sampler = cells.text("sampler", 100);
    let sample_method = cells.term("sample_method", "sample_method");
    let time = cells.past_time("measurement_date_time");
    let measuring_point_height = cells.number("mp_height");
    let level_status = cells.term("level_status", "groundwater_level_reason");
    let depth_to_water = cells.number("depth_to_water_ft");
    let data_quality = cells.term("data_quality", "data_quality");
    let notes = cells.text("water_level_notes", LONGEST_NOTE);
    let sent = TOGETHER.iter().filter(|column| cells.has(column)).count();
    if sent != 0 && sent != TOGETHER.len() {
        cells.refuse_together("All water level fields must be provided");
    }
    Some(InventoryLevel {
        sampler: sampler?,
        sample_method: sample_method?,
        time: time?,
        measuring_point_height: measuring_point_height?,
        level_status: level_status?,
        depth_to_water: depth_to_water?,
        data_quality: data_quality?,
        notes,
    })
}
