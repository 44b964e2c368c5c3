//! Rows of the file of sites.

use chrono::{Datelike, NaiveDate, Utc};

use crate::domain::location::{ELEVATIONS, NAVD88, NGVD29};
use crate::domain::thing::metres;
use crate::domain::thing::write::LONGEST_NAME;
use crate::import::report::Reason;
use crate::import::source::Row;
use crate::store::import::site::{Site, Source};

use crate::import::usgs::level::number;
use crate::import::usgs::{USGS, method};

pub(in crate::import) const SITE_COLUMNS: [&str; 17] = [
    "monitoring_location_id",
    "monitoring_location_name",
    "site_type",
    "site_type_code",
    "state_name",
    "county_name",
    "altitude",
    "altitude_accuracy",
    "altitude_method_name",
    "vertical_datum",
    "original_horizontal_datum",
    "horizontal_position_method_name",
    "construction_date",
    "well_constructed_depth",
    "hole_constructed_depth",
    "longitude",
    "latitude",
];
const ID: usize = 0;
const NAME: usize = 1;
const TYPE: usize = 2;
const TYPE_CODE: usize = 3;
const STATE: usize = 4;
const COUNTY: usize = 5;
const ALTITUDE: usize = 6;
const ALTITUDE_ACCURACY: usize = 7;
const ALTITUDE_METHOD: usize = 8;
const VERTICAL_DATUM: usize = 9;
const HORIZONTAL_DATUM: usize = 10;
const POSITION_METHOD: usize = 11;
const CONSTRUCTION_DATE: usize = 12;
const WELL_DEPTH: usize = 13;
const HOLE_DEPTH: usize = 14;
const LONGITUDE: usize = 15;
const LATITUDE: usize = 16;

/// Longest text of the columns for ids, counties and states.
const LONGEST: usize = 100;

type SiteRow<'a> = Row<'a, { SITE_COLUMNS.len() }>;

/// Reads a row, with what had to be left out of it; or says why it cannot be used.
pub(in crate::import) fn parse(row: SiteRow<'_>) -> Result<(Site, Vec<String>), (Reason, String)> {
    let mut left_out = Vec::new();
    let id = row.text(ID);
    if id.is_empty() || !fits(id, LONGEST) {
        return Err((Reason::NoSiteId, id.to_owned()));
    }
    let (Some(longitude), Some(latitude)) = (degrees(row.text(LONGITUDE), 180.0), degrees(row.text(LATITUDE), 90.0))
    else {
        return Err((Reason::NoPosition, format!("{id}: {}, {}", row.text(LONGITUDE), row.text(LATITUDE))));
    };
    // Every location has an elevation, and 0 would be a lie.
    let elevation = number(row.text(ALTITUDE)).map(metres).filter(|elevation| ELEVATIONS.contains(elevation));
    let elevation = elevation.ok_or_else(|| (Reason::NoAltitude, format!("{id}: {}", row.text(ALTITUDE))))?;
    let (completion_date, precision) = match row.text(CONSTRUCTION_DATE) {
        "" => (None, None),
        text => match construction_date(text) {
            Some((date, precision)) => (Some(date), precision),
            None => {
                left_out.push(format!("{id}: construction_date {text}"));
                (None, None)
            }
        },
    };
    let (elevation_method, elevation_words) = term_and_rest(row.text(ALTITUDE_METHOD), method::of_elevation);
    let (coordinate_method, coordinate_words) = term_and_rest(row.text(POSITION_METHOD), method::of_coordinates);
    let site = Site {
        id: id.to_owned(),
        name: match row.text(NAME) {
            "" => id.to_owned(),
            name if fits(name, LONGEST_NAME) => name.to_owned(),
            name => {
                left_out.push(format!("{id}: monitoring_location_name {name}"));
                id.to_owned()
            }
        },
        thing_type: thing_type(row.text(TYPE), row.text(TYPE_CODE)),
        longitude,
        latitude,
        elevation,
        vertical_datum: vertical_datum(row, &mut left_out),
        elevation_source: Source {
            citation: citation(&[row.text(VERTICAL_DATUM), elevation_words]),
            method: elevation_method,
            accuracy: positive(row, ALTITUDE_ACCURACY, true, &mut left_out).map(metres),
        },
        coordinate_source: Source {
            citation: citation(&[row.text(HORIZONTAL_DATUM), coordinate_words]),
            method: coordinate_method,
            accuracy: None,
        },
        county: place(row, COUNTY, &mut left_out).map(|name| name.trim_end_matches(" County").to_owned()),
        state: place(row, STATE, &mut left_out),
        well_depth: positive(row, WELL_DEPTH, false, &mut left_out),
        hole_depth: positive(row, HOLE_DEPTH, false, &mut left_out),
        completion_date,
        completion_citation: precision.map(|precision| citation(&[precision])),
    };
    Ok((site, left_out))
}

/// The datum that the Survey names. Where it names none, or one that is no term, the usual one is meant; the words of the latter
/// stay in the citation.
fn vertical_datum(row: SiteRow<'_>, left_out: &mut Vec<String>) -> &'static str {
    match row.text(VERTICAL_DATUM) {
        NGVD29 => NGVD29,
        "" | NAVD88 => NAVD88,
        other => {
            left_out.push(format!("{}: vertical_datum {other}", row.text(ID)));
            NAVD88
        }
    }
}

/// True for a text that both databases can keep.
fn fits(text: &str, longest: usize) -> bool {
    text.chars().count() <= longest && !text.contains('\0')
}

fn degrees(text: &str, largest: f64) -> Option<f64> {
    number(text).filter(|degrees| degrees.abs() <= largest)
}

/// The kind of a site, by its name; by its code where the name is missing.
fn thing_type(name: &str, code: &str) -> &'static str {
    let (name, code) = (name.to_lowercase(), code.to_uppercase());
    if name == "test hole" || (name.is_empty() && code == "GW-TH") {
        "test well"
    } else if name.starts_with("well") || (name.is_empty() && (code == "GW" || code.starts_with("GW-"))) {
        "water well"
    } else if name == "spring" || (name.is_empty() && code == "SP") {
        "spring"
    } else {
        "other"
    }
}

/// The term for a method, or else its own words.
fn term_and_rest(words: &str, term: impl Fn(&str) -> Option<&'static str>) -> (Option<&'static str>, &str) {
    match term(words) {
        Some(term) => (Some(term), ""),
        None => (None, words),
    }
}

/// What the Survey says, in words.
fn citation(parts: &[&str]) -> String {
    let mut text = USGS.to_owned();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        text.push_str(", ");
        text.extend(part.chars().filter(|letter| *letter != '\0'));
    }
    text
}

/// A day; where only year or month is known the first of it, and in words what is known.
fn construction_date(text: &str) -> Option<(NaiveDate, Option<&'static str>)> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u32>().ok());
    let (month, day, precision) = match text.len() {
        8 => (part(4, 6)?, part(6, 8)?, None),
        6 => (part(4, 6)?, 1, Some("year and month only")),
        4 => (1, 1, Some("year only")),
        _ => return None,
    };
    let year = i32::try_from(part(0, 4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    (date.year() >= 1 && date <= Utc::now().date_naive()).then_some((date, precision))
}

/// A positive number, of which zero may be one.
fn positive(row: SiteRow<'_>, column: usize, or_zero: bool, left_out: &mut Vec<String>) -> Option<f64> {
    let text = row.text(column);
    if text.is_empty() {
        return None;
    }
    let found = number(text).filter(|number| *number > 0.0 || (or_zero && *number == 0.0));
    if found.is_none() {
        left_out.push(format!("{}: {} {text}", row.text(ID), name_of(column)));
    }
    found
}

/// A county or state.
fn place(row: SiteRow<'_>, column: usize, left_out: &mut Vec<String>) -> Option<String> {
    let text = row.text(column);
    if text.is_empty() {
        return None;
    }
    let found = fits(text, LONGEST).then(|| text.to_owned());
    if found.is_none() {
        left_out.push(format!("{}: {} {text}", row.text(ID), name_of(column)));
    }
    found
}

fn name_of(column: usize) -> &'static str {
    SITE_COLUMNS.get(column).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_dates_say_so() {
        let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        assert_eq!(construction_date("19840627"), Some((date(1984, 6, 27), None)));
        assert_eq!(construction_date("198406"), Some((date(1984, 6, 1), Some("year and month only"))));
        assert_eq!(construction_date("1984"), Some((date(1984, 1, 1), Some("year only"))));
        for bad in ["0000", "19841327", "19840631", "1984062", "84-06-27", "99990101", "+984"] {
            assert_eq!(construction_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn kinds_of_sites_become_kinds_of_things() {
        for (name, code, expected) in [
            ("Well", "GW", "water well"),
            ("Well-multi", "GW-MW", "water well"),
            ("Test hole", "GW-TH", "test well"),
            ("Spring", "SP", "spring"),
            ("", "GW", "water well"),
            ("", "SP", "spring"),
            ("Stream", "ST", "other"),
            ("", "", "other"),
        ] {
            assert_eq!(thing_type(name, code), expected, "{name} {code}");
        }
    }

    #[test]
    fn words_stand_where_no_term_fits() {
        assert_eq!(
            term_and_rest("Calculated from land net", method::of_coordinates),
            (None, "Calculated from land net")
        );
        assert_eq!(term_and_rest("Reported.", method::of_coordinates), (Some("Reported"), ""));
        assert_eq!(citation(&["NAD27", "Calculated from land net"]), "USGS, NAD27, Calculated from land net");
        assert_eq!(citation(&["", ""]), "USGS");
    }
}
