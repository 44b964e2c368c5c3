//! Rows of every kind, stored through the API. All of their texts begin with a tag.

use serde_json::{Value, json};

use super::Database;
use super::client::Client;

pub const SERIES: &str = "/observation/transducer-groundwater-level";

/// What hangs together around a well: ids.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    pub location: i64,
    pub group: i64,
    pub well: i64,
    pub spring: i64,
    pub parameter: i64,
    pub sensor: i64,
    pub deployment: i64,
    pub visit: Visit,
    pub block: i64,
}

/// A visit with what was done and measured: ids.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    pub event: i64,
    pub activity: i64,
    pub sample: i64,
    pub observation: i64,
}

fn id(made: &Value) -> i64 {
    made["id"].as_i64().unwrap()
}

/// A family with everything that can be stored through the API. The tag must be new: some names are unique.
pub fn family(client: &Client, tag: &str, parameter_name: &str) -> Family {
    let location = location(client, tag);
    age(client, location);
    let group = group(client, tag);
    let well = well(client, tag, Some(location), Some(group));
    let spring = spring(client, tag, location, group);
    describe(client, tag, well);
    let parameter = parameter(client, parameter_name);
    let sensor = sensor(client, tag);
    let deployment = deployment(client, tag, well, sensor);
    let visit = visit(client, tag, well, parameter, sensor);
    chemistry(client, tag, well, parameter, sensor);
    let block = block(client, tag, well, parameter, deployment, 1..=5);
    Family { location, group, well, spring, parameter, sensor, deployment, visit, block }
}

pub fn location(client: &Client, tag: &str) -> i64 {
    let body = json!({"point": "POINT (-106.9 34.1)", "elevation": 1400.5,
        "notes": [{"note_type": "Directions", "content": format!("{tag} gate")}]});
    let id = id(&client.create("/location", body));
    client
        .patch(&format!("/location/{id}"), json!({"elevation_method": "Reported", "coordinate_method": "Reported"}))
        .expect(200);
    id
}

/// How old the rocks of a place are.
pub fn age(client: &Client, location: i64) -> i64 {
    id(&client.create(
        "/geochronology/age",
        json!({"location_id": location, "age": 27.8, "age_error": 0.1, "method": "Ar/Ar"}),
    ))
}

pub fn group(client: &Client, tag: &str) -> i64 {
    let area = "MULTIPOLYGON (((-107 34, -106 34, -106 35, -107 34)))";
    id(&client.create("/group", json!({"name": format!("{tag} group"), "description": tag, "project_area": area})))
}

pub fn well(client: &Client, tag: &str, location: Option<i64>, group: Option<i64>) -> i64 {
    let note = |kind: &str| json!({"note_type": kind, "content": format!("{tag} {kind}")});
    id(&client.create("/thing/water-well", json!({
        "name": format!("{tag} well"), "location_id": location, "group_id": group, "first_visit_date": "2020-01-01",
        "well_depth": 310, "well_depth_source": "From driller's log or well report", "well_purposes": ["Domestic"],
        "well_casing_materials": ["Steel"], "measuring_point_height": 1.5, "measuring_point_description": tag,
        "well_driller_name": tag, "is_open": true, "well_status": "Abandoned", "monitoring_status": "Currently monitored",
        "monitoring_frequencies": [{"monitoring_frequency": "Annual", "start_date": "2020-01-01"}],
        "notes": [note("Access"), note("General"), note("Water"), note("Construction"), note("Historical")],
        "alternate_ids": [{"relation": "same_as", "alternate_id": format!("{tag} site"), "alternate_organization": "NMBGMR"}]
    })))
}

pub fn spring(client: &Client, tag: &str, location: i64, group: i64) -> i64 {
    id(&client.create(
        "/thing/spring",
        json!({"name": format!("{tag} spring"), "location_id": location, "group_id": group,
        "spring_type": "Perennial", "notes": [{"note_type": "General", "content": tag}]}),
    ))
}

/// A screen, a link and a row of each history.
pub fn describe(client: &Client, tag: &str, well: i64) {
    client.create(
        "/thing/well-screen",
        json!({"thing_id": well, "screen_depth_top": 10, "screen_type": "PVC", "screen_description": tag}),
    );
    client.create(
        "/thing/id-link",
        json!({"thing_id": well, "relation": "same_as", "alternate_id": format!("{tag} link"),
        "alternate_organization": "USGS"}),
    );
    client.create(
        &format!("/thing/{well}/status-history"),
        json!({"status_type": "Datalogger Suitability Status",
        "status_value": "Datalogger can be installed", "start_date": "2021-01-01", "reason": tag}),
    );
    client.create(
        &format!("/thing/{well}/measuring-point-history"),
        json!({"measuring_point_height": 2.5,
        "measuring_point_description": tag, "start_date": "2021-01-01", "reason": tag}),
    );
    client.create(
        &format!("/thing/{well}/monitoring-frequency-history"),
        json!({"monitoring_frequency": "Monthly", "start_date": "2021-01-01"}),
    );
}

/// A parameter of soils: no seeded one is.
pub fn parameter(client: &Client, name: &str) -> i64 {
    id(&client.create(
        "/parameter",
        json!({"parameter_name": name, "matrix": "soil", "default_unit": "ft", "cas_number": name}),
    ))
}

pub fn sensor(client: &Client, tag: &str) -> i64 {
    id(&client.create(
        "/sensor",
        json!({"name": format!("{tag} sensor"), "sensor_type": "Pressure Transducer",
        "serial_no": tag, "notes": tag}),
    ))
}

pub fn deployment(client: &Client, tag: &str, thing: i64, sensor: i64) -> i64 {
    id(&client.create(
        "/deployment",
        json!({"thing_id": thing, "sensor_id": sensor, "installation_date": "2020-01-01",
        "hanging_point_description": tag, "notes": tag}),
    ))
}

pub fn event(client: &Client, tag: &str, thing: i64) -> i64 {
    id(&client.create("/field-event", json!({"thing_id": thing, "event_date": "2026-02-20T17:00:00Z", "notes": tag})))
}

pub fn activity(client: &Client, tag: &str, event: i64, kind: &str) -> i64 {
    id(&client.create("/field-activity", json!({"field_event_id": event, "activity_type": kind, "notes": tag})))
}

pub fn sample(client: &Client, tag: &str, activity: i64) -> i64 {
    id(&client.create("/sample", json!({"field_activity_id": activity, "sample_date": "2026-02-20T17:05:00Z",
        "sample_name": format!("{tag} {activity}"), "sample_matrix": "groundwater", "sample_method": "Steel-tape measurement",
        "qc_type": "Normal", "notes": tag})))
}

pub fn level(client: &Client, sample: i64, parameter: i64, sensor: i64) -> i64 {
    id(&client.create(
        "/observation/groundwater-level",
        json!({"parameter_id": parameter, "sample_id": sample, "sensor_id": sensor,
        "observation_datetime": "2026-02-20T17:05:00Z", "value": 121.5, "unit": "ft", "measuring_point_height": 1.25,
        "groundwater_level_reason": "Water level not affected"}),
    ))
}

/// A visit with one measured level.
pub fn visit(client: &Client, tag: &str, thing: i64, parameter: i64, sensor: i64) -> Visit {
    let event = event(client, tag, thing);
    let activity = activity(client, tag, event, "groundwater level");
    let sample = sample(client, tag, activity);
    Visit { event, activity, sample, observation: level(client, sample, parameter, sensor) }
}

/// A visit with one result of a laboratory.
pub fn chemistry(client: &Client, tag: &str, thing: i64, parameter: i64, sensor: i64) -> Visit {
    let event = event(client, tag, thing);
    let activity = activity(client, tag, event, "water chemistry");
    let sample = sample(client, tag, activity);
    let made = client.create(
        "/observation/water-chemistry",
        json!({"parameter_id": parameter, "sample_id": sample,
        "sensor_id": sensor, "observation_datetime": "2026-02-20T17:05:00Z", "value": 7.5, "unit": "ft"}),
    );
    Visit { event, activity, sample, observation: id(&made) }
}

/// A block with a reading on each of these days of January 2026.
pub fn block(
    client: &Client,
    tag: &str,
    thing: i64,
    parameter: i64,
    deployment: i64,
    days: std::ops::RangeInclusive<u32>,
) -> i64 {
    let measurements: Vec<Value> = days
        .map(|day| json!({"observation_datetime": format!("2026-01-{day:02}T00:00:00Z"), "value": day, "note": tag}))
        .collect();
    let body = json!({"thing_id": thing, "parameter_id": parameter, "deployment_id": deployment, "measurements": measurements,
        "provenance": {"source_file": tag, "notes": tag}});
    id(&client.create(&format!("{SERIES}/block"), body)["block"])
}

/// Aquifers and formations, which have no routes: a system and a formation that the well is in, and those of its screens that
/// are in none.
pub fn hydrogeology(db: &Database, tag: &str, well: i64, formation_code: &str) {
    db.execute(&format!(
        "INSERT INTO aquifer_system (name, primary_aquifer_type, geographic_scale) VALUES ('{tag}', 'Fractured', 'Regional');
         INSERT INTO geologic_formation (formation_code) VALUES ('{formation_code}');
         INSERT INTO thing_aquifer_association (thing_id, aquifer_system_id) SELECT {well}, max(id) FROM aquifer_system;
         INSERT INTO aquifer_type (thing_aquifer_association_id, aquifer_type)
             SELECT max(id), 'Perched aquifer' FROM thing_aquifer_association;
         INSERT INTO thing_geologic_formation_association (thing_id, geologic_formation_id, top_depth, bottom_depth)
             SELECT {well}, max(id), 0, 1 FROM geologic_formation;
         UPDATE well_screen SET aquifer_system_id = (SELECT max(id) FROM aquifer_system),
             geologic_formation_id = (SELECT max(id) FROM geologic_formation)
             WHERE thing_id = {well} AND aquifer_system_id IS NULL"
    ));
}

/// Somebody with telephone, address and permissions, who is the well's contact, took part in the visit, and took the sample. Contacts
/// have no routes yet.
pub fn contact(db: &Database, tag: &str, well: i64, visit: Visit) {
    let Visit { event, sample, .. } = visit;
    db.execute(&format!(
        "INSERT INTO contact (name, role, contact_type, release_status) VALUES ('{tag} contact', 'Owner', 'Primary', 'public');
         INSERT INTO phone (contact_id, phone_number, phone_type) SELECT max(id), '{tag}', 'Mobile' FROM contact;
         INSERT INTO email (contact_id, email, email_type) SELECT max(id), '{tag}@example.org', 'Work' FROM contact;
         INSERT INTO address (contact_id, address_line_1, country, address_type)
             SELECT max(id), '{tag}', 'United States', 'Mailing' FROM contact;
         INSERT INTO incomplete_nma_phone (contact_id, phone_number) SELECT max(id), '{tag}' FROM contact;
         INSERT INTO thing_contact_association (thing_id, contact_id) SELECT {well}, max(id) FROM contact;
         INSERT INTO permission_history
             (contact_id, permission_type, permission_allowed, start_date, target_id, target_table, release_status)
             SELECT max(id), 'Water Level Sample', TRUE, '2020-01-01', {well}, 'thing', 'public' FROM contact;
         INSERT INTO field_event_participant (field_event_id, contact_id, participant_role, release_status)
             SELECT {event}, max(id), 'Lead', 'public' FROM contact;
         UPDATE sample SET field_event_participant_id = (SELECT max(id) FROM field_event_participant) WHERE id = {sample}"
    ));
}
