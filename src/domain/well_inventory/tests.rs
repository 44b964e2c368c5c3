//! Tests of the rules.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp)]

use proptest::prelude::*;

use super::*;
use columns::REQUIRED;

fn terms() -> Terms {
    let terms = [
        ("elevation_method", "Survey-grade GPS"),
        ("role", "Owner"),
        ("contact_type", "Primary"),
        ("organization", "NMBGMR"),
        ("phone_type", "Mobile"),
        ("email_type", "Work"),
        ("address_type", "Mailing"),
        ("well_purpose", "Domestic"),
        ("monitoring_frequency", "Annual"),
        ("sample_method", "Steel-tape measurement"),
        ("groundwater_level_reason", "Water level not affected"),
        ("data_quality", "Good"),
    ];
    Terms::of(terms.into_iter().map(|(category, term)| (category.to_owned(), term.to_owned())))
}

/// The cells of a good row, with some replaced or added.
fn row(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut row = vec![
        ("project", "Rio"),
        ("well_name_point_id", "RG-0001"),
        ("site_name", "Smith"),
        ("date_time", "2025-02-15T10:30"),
        ("field_staff", "A Lopez"),
        ("utm_easting", "357000"),
        ("utm_northing", "3784000"),
        ("utm_zone", "13N"),
        ("elevation_ft", "5000"),
        ("elevation_method", "survey-grade gps"),
        ("measuring_point_height_ft", "1.5"),
    ];
    for (column, value) in changes {
        row.retain(|(name, _)| name != column);
        row.push((column, value));
    }
    row
}

fn well(changes: &[(&'static str, &'static str)]) -> Result<InventoriedWell, Vec<RowProblem>> {
    let row = row(changes);
    let columns = Columns::of(row.iter().map(|(name, _)| *name));
    let values: Vec<&str> = row.iter().map(|(_, value)| *value).collect();
    read(1, &columns, &values, &terms())
}

#[test]
fn a_row_becomes_a_well() {
    let well = well(&[
        ("casing_diameter_ft", "0.5"),
        ("contact_1_name", "Ana"),
        ("contact_1_role", "Owner"),
        ("contact_1_type", "Primary"),
        ("contact_1_phone_1", "505-555-0199"),
        ("contact_1_phone_1_type", "Mobile"),
        ("monitoring_frequency", "Complete"),
        ("is_open", "Yes"),
        ("date_drilled", "1999-05-01"),
        ("directions_to_site", "Second gate"),
    ])
    .unwrap();
    assert_eq!((well.elevation, well.casing_diameter, well.is_open), (1524.0, Some(6.0), Some(true)));
    assert_eq!(well.visited.to_string(), "2025-02-15T17:30:00Z");
    assert_eq!(well.contacts[0].phones, [("+15055550199".to_owned(), "Mobile".to_owned())]);
    assert_eq!(well.monitoring_status.as_deref(), Some("Not currently monitored"));
    assert_eq!(well.notes, [("Directions", "Second gate".to_owned())]);
    assert!((well.point.longitude + 106.55).abs() < 0.01 && (well.point.latitude - 34.19).abs() < 0.01);
}

#[test]
fn what_is_wrong_is_said_in_the_words_of_the_contract() {
    const TOGETHER: &str = "composite field error";
    let contact = [("contact_1_name", "Ana"), ("contact_1_role", "Owner"), ("contact_1_type", "Primary")];
    for (changes, field, error) in [
        (vec![("project", " ")], "project", "Field required"),
        (
            vec![("elevation_ft", "high")],
            "elevation_ft",
            "Input should be a valid number, unable to parse string as a number",
        ),
        (vec![("elevation_method", "guess")], "elevation_method", "Input should be 'Survey-grade GPS'"),
        (vec![("is_open", "maybe")], "is_open", "Input should be a valid boolean, unable to interpret input"),
        (vec![("date_time", "soon")], "date_time", "Input should be a valid datetime or date, input is too short"),
        (
            vec![("date_drilled", "2025-02-30")],
            "date_drilled",
            "Input should be a valid date or datetime, day value is outside expected range",
        ),
        (
            vec![("contact_1_phone_1", "12"), ("contact_1_phone_1_type", "Mobile")],
            "contact_1_phone_1",
            "Value error, Invalid phone number. 12",
        ),
        (
            vec![("contact_1_email_2", "ana"), ("contact_1_email_2_type", "Work")],
            "contact_1_email_2",
            "Value error, Invalid email format. ana",
        ),
        (
            vec![("contact_1_phone_2", "505-555-0199")],
            TOGETHER,
            "Value error, contact_1_phone_2_type must be provided if phone number is provided",
        ),
        (
            vec![("contact_1_email_1", "a@b.co")],
            TOGETHER,
            "Value error, contact_1_email_1_type type must be provided if email is provided",
        ),
        (vec![("contact_1_role", "")], TOGETHER, "Value error, contact_1_role must be provided if name is provided"),
        (vec![("contact_1_type", "")], TOGETHER, "Value error, contact_1_type must be provided if name is provided"),
        (
            vec![("contact_1_address_1_line_1", "Main St")],
            TOGETHER,
            "Value error, All contact address fields must be provided",
        ),
        (vec![("sampler", "A Lopez")], TOGETHER, "Value error, All water level fields must be provided"),
        (
            vec![("utm_easting", "457100"), ("utm_northing", "4159020")],
            TOGETHER,
            "Value error, UTM coordinates are outside of the NM. E=457100.0 N=4159020.0 Zone=13N",
        ),
    ] {
        let all: Vec<_> = contact.into_iter().chain(changes).collect();
        let problems = well(&all).unwrap_err();
        let seen: Vec<(&str, &str)> = problems.iter().map(|one| (one.field.as_str(), one.error.as_str())).collect();
        assert_eq!(seen, [(field, error)]);
    }
    let address = [
        ("contact_1_address_1_line_1", "Main St"),
        ("contact_1_address_1_type", "Mailing"),
        ("contact_1_address_1_state", "NM"),
        ("contact_1_address_1_city", "Socorro"),
        ("contact_1_address_1_postal_code", "8780"),
    ];
    let all: Vec<_> = contact.into_iter().chain(address).collect();
    assert_eq!(well(&all).unwrap_err()[0].error, "Value error, Invalid postal code");
}

#[test]
fn columns_and_names_occur_once() {
    let columns = Columns::of(["a", "contact_1_email_1", "b", "contact_1_email_1"].into_iter());
    let problem = columns.problem().unwrap();
    assert_eq!((problem.row, problem.field.as_str()), (0, "['contact_1_email_1']"));
    assert!(columns.is_repeated_by(["a", "contact_1_email_1", "b", " contact_1_email_1"].into_iter()));
    assert!(!columns.is_repeated_by(["a"].into_iter()));
    assert!(Columns::of(["sampler", "measuring_person"].into_iter()).problem().is_some());
    let repeated = check_names([Some("A"), None, Some("XX-"), Some("XX-"), Some("A")].into_iter());
    assert_eq!(repeated.len(), 1);
    assert_eq!((repeated[0].row, repeated[0].error.as_str()), (5, "Duplicate value for well_name_point_id"));
}

proptest! {
    #[test]
    fn any_cells_are_answered(values in prop::collection::vec(prop_oneof![".*", "[0-9T:. -]{0,20}", Just("13N".to_owned())], 0..14)) {
        let columns = Columns::of(REQUIRED.into_iter().chain(["contact_2_phone_1", "date_drilled"]));
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        if let Err(problems) = read(1, &columns, &values, &terms()) {
            prop_assert!(!problems.is_empty());
        }
    }
}
