//! Nine rows in every table, with values that repeat, differ in nothing but their case, or are missing.

use super::table::{Kind, LISTINGS};
use crate::support::*;

/// Words whose order is the same in every collation, and vocabulary too, because most texts refer to it.
const DISTINCT: [&str; 9] = ["banana", "Apple", "cherry", "apple pie", "Banana split", "date", "elder", "Fig", "grape"];
const REPEATED: [&str; 9] = ["banana", "Apple", "cherry", "apple pie", "BANANA", "banana", "cherry", "Apple", "grape"];
/// Rows without a value, where they may have none.
const MISSING: [usize; 2] = [2, 6];

/// Columns that decide which list a row is in, and those that have their values from the start.
const KEPT: [(&str, &str); 15] = [
    ("thing", "thing_type"),
    ("field_activity", "activity_type"),
    ("lexicon_term", "term"),
    ("lexicon_term", "definition"),
    ("lexicon_category", "name"),
    ("lexicon_category", "description"),
    // The survey's own names are what sites are sorted by.
    ("thing_id_link", "alternate_organization"),
    // The program's own words, and what depends on them.
    ("permission_grant", "principal_type"),
    ("permission_grant", "capability"),
    ("permission_grant", "scope_type"),
    ("permission_grant", "scope_id"),
    ("permission_grant", "data_type"),
    ("destination", "destination_kind"),
    ("publication_consent", "data_type"),
    ("feedback", "type"),
];

/// The values of a column, nine of them, as SQL.
fn values(kind: Kind, repeated: bool) -> Option<Vec<String>> {
    let texts = |texts: [&str; 9]| texts.iter().map(|text| format!("'{text}'")).collect();
    let with_days =
        |numbers: [u32; 9], rest: &str| numbers.iter().map(|day| format!("'2020-01-{day:02}{rest}'")).collect();
    let numbers = if repeated { [3, 1, 4, 2, 9, 3, 5, 1, 4] } else { [3, 1, 4, 2, 9, 6, 5, 8, 7] };
    Some(match kind {
        Kind::Text => texts(if repeated { REPEATED } else { DISTINCT }),
        Kind::Integer => numbers.iter().map(ToString::to_string).collect(),
        Kind::Float => numbers.iter().map(|number| format!("{}.5", 2 * i64::from(*number) - 7)).collect(),
        Kind::Bool => {
            numbers.iter().map(|number| (if number % 2 == 0 { "TRUE" } else { "FALSE" }).to_owned()).collect()
        }
        Kind::Date => with_days(numbers, ""),
        Kind::Time => with_days(numbers, " 03:04:05.250"),
        Kind::Status | Kind::Linked | Kind::Key => return None,
    })
}

/// Fills a column: with repeated and missing values if its constraints allow it.
fn fill(db: &Database, table: &str, column: &str, kind: Kind) {
    let mut refused = Vec::new();
    for (repeated, missing) in [(true, true), (false, true), (true, false), (false, false)] {
        let Some(values) = values(kind, repeated) else { return };
        let rows: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(row, value)| {
                let value = if missing && MISSING.contains(&row) { "NULL" } else { value.as_str() };
                format!("WHEN {} THEN {value}", row + 1)
            })
            .collect();
        let value = format!("CASE id {} END", rows.join(" "));
        // PostgreSQL takes a text for a text here.
        let value = match kind {
            Kind::Date if db.is_postgres() => format!("CAST({value} AS date)"),
            Kind::Time if db.is_postgres() => format!("CAST({value} AS timestamptz)"),
            _ => value,
        };
        // Nearly no row is embargoed: that each of them has a day or has none is not what is looked at here.
        let unchecked = match column {
            "release_at" if db.is_postgres() => {
                format!("ALTER TABLE \"{table}\" DROP CONSTRAINT IF EXISTS {table}_embargo_needs_date;")
            }
            "release_at" => "PRAGMA ignore_check_constraints = ON;".to_owned(),
            _ => String::new(),
        };
        match db.try_execute(&format!("{unchecked} UPDATE \"{table}\" SET \"{column}\" = {value} WHERE id <= 9")) {
            Ok(()) => return,
            Err(error) => refused.push(error.to_string()),
        }
    }
    panic!("{table}.{column}: {refused:?}");
}

/// Rows for all lists.
pub fn plant(db: &Database) {
    let nine = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9)";
    let words = DISTINCT.iter().chain(&REPEATED).map(|word| format!("('{word}', 'a word')"));
    let words: std::collections::BTreeSet<String> = words.collect();
    db.execute(&format!(
        "INSERT INTO lexicon_term (term, definition) VALUES {};
         UPDATE lexicon_term SET definition = 'A Word' WHERE term IN ('cherry', 'Fig');
         {nine} INSERT INTO lexicon_category (name, description) SELECT 'Walk ' || (9 - i), CASE WHEN i % 3 = 0 THEN NULL ELSE 'd' || i % 2 END FROM n;
         INSERT INTO lexicon_category (name) VALUES ('walk');
         INSERT INTO lexicon_term_category_association (term_id, category_id)
             SELECT t.id, c.id FROM lexicon_term t, lexicon_category c WHERE t.definition IN ('a word', 'A Word') AND c.name = 'walk';
         {nine} INSERT INTO lexicon_triple (subject, predicate, object_) SELECT 'Fig', 'same_as', 'grape' FROM n;
         {nine} INSERT INTO location (longitude, latitude, elevation) SELECT i, i, i FROM n;
         {nine} INSERT INTO \"group\" (name) SELECT 'g' || i FROM n;
         DELETE FROM parameter WHERE id > 9",
        words.into_iter().collect::<Vec<_>>().join(", ")
    ));
    db.execute(&format!(
        "{nine} INSERT INTO thing (name, thing_type) SELECT 't' || i, CASE WHEN i < 6 THEN 'water well' ELSE 'spring' END FROM n;
         {nine} INSERT INTO thing_id_link (thing_id, relation, alternate_id, alternate_organization)
             SELECT i, 'same_as', 'l' || i, CASE WHEN i % 3 = 0 THEN 'USGS' ELSE 'NMBGMR' END FROM n;
         {nine} INSERT INTO status_history (status_type, status_value, start_date, target_id, target_table)
             SELECT 'Well Status', 'Open', '2020-01-01', 1, 'thing' FROM n;
         {nine} INSERT INTO measuring_point_history (thing_id, start_date) SELECT 1, '2020-01-01' FROM n;
         {nine} INSERT INTO monitoring_frequency_history (thing_id, monitoring_frequency, start_date) SELECT 1, 'Annual', '2020-01-01' FROM n;
         {nine} INSERT INTO aquifer_system (name, primary_aquifer_type, geographic_scale)
             SELECT CASE i WHEN 1 THEN 'Santa Fe' WHEN 2 THEN 'ogallala' WHEN 3 THEN 'Pecos' ELSE 'a' || i END, 'Fractured', 'Regional' FROM n;
         {nine} INSERT INTO geologic_formation (description) SELECT 'f' || i FROM n;
         {nine} INSERT INTO well_screen (thing_id) SELECT 1 FROM n;
         {nine} INSERT INTO contact (name, role, contact_type) SELECT 'c' || i, 'Owner', 'Primary' FROM n;
         {nine} INSERT INTO email (contact_id, email, email_type) SELECT i, 'e' || i, 'Work' FROM n;
         {nine} INSERT INTO phone (contact_id, phone_number, phone_type) SELECT i, 'p' || i, 'Work' FROM n;
         {nine} INSERT INTO address (contact_id, address_line_1, country, address_type) SELECT i, 'a' || i, 'c', 'Work' FROM n;
         {nine} INSERT INTO sensor (name, sensor_type) SELECT 's' || i, 'Barometer' FROM n;
         {nine} INSERT INTO analysis_method (analysis_method_name) SELECT 'm' || i FROM n;
         {nine} INSERT INTO thing_aquifer_association (thing_id, aquifer_system_id) SELECT i, i FROM n;
         {nine} INSERT INTO aquifer_type (thing_aquifer_association_id, aquifer_type) SELECT i, 'Fractured' FROM n;
         {nine} INSERT INTO thing_geologic_formation_association (thing_id, top_depth, bottom_depth) SELECT i, 0, 1 FROM n;
         {nine} INSERT INTO regulatory_limit (parameter_id, limit_source, limit_value, limit_unit) SELECT i, 'EPA', i, 'ft' FROM n;
         {nine} INSERT INTO permission_history (contact_id, permission_type, permission_allowed, start_date, target_table, target_id)
             SELECT i, 'Water Level Sample', TRUE, '2020-01-01', 'thing', i FROM n;
         {nine} INSERT INTO data_provenance (target_table, target_id) SELECT 'thing', i FROM n;
         {nine} INSERT INTO deployment (thing_id, sensor_id) SELECT i, i FROM n;
         {nine} INSERT INTO field_event (thing_id, event_date) SELECT i, '2020-01-01 00:00:00' FROM n;
         {nine} INSERT INTO field_event_participant (field_event_id, contact_id, participant_role) SELECT i, i, 'Lead' FROM n;
         {nine} INSERT INTO field_activity (field_event_id, activity_type) SELECT i, CASE WHEN i < 4 THEN 'groundwater level' ELSE 'water chemistry' END FROM n;
         {nine} INSERT INTO sample (field_activity_id, sample_date, sample_name, sample_matrix, sample_method, qc_type)
             SELECT i, '2020-01-01 00:00:00', 's' || i, 'groundwater', 'Unknown', 'Normal' FROM n;
         {nine} INSERT INTO observation (sample_id, parameter_id, observation_datetime, unit) SELECT i, 1, '2020-01-01 00:00:00', 'ft' FROM n;
         {nine} INSERT INTO transducer_observation (deployment_id, parameter_id, observation_datetime, value)
             SELECT i, i, '2020-01-01 00:00:00', i FROM n;
         INSERT INTO transducer_observation_block (thing_id, parameter_id, review_status, start_datetime, end_datetime)
             SELECT t.id, p.id, 'not reviewed', '2019-01-01 00:00:00', '2021-01-01 00:00:00' FROM thing t, parameter p"
    ));
    db.execute(&format!(
        "{nine} INSERT INTO publication (title, publication_type) SELECT 'p' || i, 'Map' FROM n;
         {nine} INSERT INTO pub_author (name) SELECT 'a' || i FROM n;
         {nine} INSERT INTO geochronology_age (location_id, age) SELECT i, i FROM n;
         {nine} INSERT INTO destination (slug, name, destination_kind, active)
             SELECT 'd' || i, 'd', CASE WHEN i % 3 = 0 THEN 'document' ELSE 'web_page' END, TRUE FROM n;
         {nine} INSERT INTO permission_grant (principal_type, principal_id, capability, scope_type, scope_id, data_type, starts_at)
             SELECT CASE WHEN i % 2 = 0 THEN 'user' ELSE 'group' END, 'u', CASE WHEN i % 3 = 0 THEN 'edit' ELSE 'view' END,
                 CASE WHEN i < 4 THEN 'all' ELSE 'thing' END, CASE WHEN i < 4 THEN NULL ELSE i % 3 END,
                 CASE WHEN i % 4 = 0 THEN 'all' ELSE 'water_level' END, '2020-01-01' FROM n;
         {nine} INSERT INTO publication_consent (thing_id, destination_id, data_type, starts_at)
             SELECT i, i, CASE WHEN i % 2 = 0 THEN 'site' ELSE 'all' END, '2020-01-01' FROM n;
         {nine} INSERT INTO feedback (type, details) SELECT CASE WHEN i % 2 = 0 THEN 'bug' ELSE 'feature' END, '{{}}' FROM n"
    ));
    for listing in LISTINGS {
        for (column, kind) in listing.columns.iter().filter(|(column, _)| *column != "id") {
            if !KEPT.contains(&(listing.table, column)) {
                fill(db, listing.table, column, *kind);
            }
        }
    }
    link(db);
}

/// What things are filtered and sorted by that are no columns of theirs. Rows with ids above nine, so that those of the lists
/// stay as they are.
fn link(db: &Database) {
    let status = |kind: &str, thing: i64, value: &str| {
        db.execute(&format!(
            "INSERT INTO status_history (status_type, status_value, start_date, target_id, target_table) \
             VALUES ('{kind}', '{value}', '2020-01-01', {thing}, 'thing')"
        ));
    };
    for (thing, value) in
        [(2, "banana"), (3, "Apple"), (5, "Banana split"), (7, "cherry"), (8, "BANANA"), (9, "apple pie")]
    {
        status("Monitoring Status", thing, value);
        status("Well Status", thing, value);
        status("Datalogger Suitability Status", thing, value);
    }
    for (thing, value) in [(2, "Closed"), (3, "Open"), (4, "Closed"), (5, "Fig"), (7, "Open"), (8, "Closed")] {
        status("Open Status", thing, value);
    }
    db.execute(
        "INSERT INTO contact (name, role, contact_type) VALUES ('zoe Baca', 'Owner', 'Primary'), ('Ana Vigil', 'Owner', 'Primary'), \
             ('ana vigil junior', 'Owner', 'Primary'); \
         INSERT INTO thing_contact_association (thing_id, contact_id) VALUES (1, 10), (1, 11), (2, 12), (4, 10), (5, 11), (6, 12), (8, 10); \
         INSERT INTO group_thing_association (group_id, thing_id) VALUES (1, 1), (3, 1), (2, 2), (4, 4), (9, 5), (8, 6), (4, 6), (3, 8); \
         INSERT INTO thing_aquifer_association (thing_id, aquifer_system_id) VALUES (1, 1), (1, 2), (3, 3), (4, 1), (6, 3), (7, 1), (7, 2); \
         INSERT INTO measuring_point_history (thing_id, measuring_point_height, start_date) \
             VALUES (2, 3.5, '2020-01-01'), (3, -1, '2020-01-01'), (3, 2, '2021-01-01'), (5, 3.5, '2020-01-01'); \
         INSERT INTO destination (slug, name, destination_kind, active) VALUES ('walk', 'walk', 'document', TRUE); \
         INSERT INTO publication_consent (thing_id, destination_id, data_type, starts_at) \
             SELECT t.id, max(d.id), 'all', '2020-01-01' FROM thing t, destination d GROUP BY t.id",
    );
}
