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
    geothermal_well(client, tag, well);
    let parameter = parameter(client, parameter_name);
    reference(client, tag, well, parameter);
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

/// A system and a formation that the well is in, and those of its screens that are in none.
pub fn hydrogeology(client: &Client, tag: &str, well: i64, formation_code: &str) {
    let area = "MULTIPOLYGON (((-107 34, -106 34, -106 35, -107 34)))";
    let system = id(&client.create(
        "/aquifer-system",
        json!({"name": tag, "description": tag, "primary_aquifer_type": "Fractured",
        "geographic_scale": "Regional", "boundary": area}),
    ));
    let formation = id(&client.create(
        "/geologic-formation",
        json!({"formation_code": formation_code, "description": tag, "boundary": area}),
    ));
    client.create(
        "/thing-aquifer-association",
        json!({"thing_id": well, "aquifer_system_id": system, "aquifer_types": ["Perched aquifer"]}),
    );
    client.create(
        "/thing-geologic-formation-association",
        json!({"thing_id": well, "geologic_formation_id": formation,
        "top_depth": 0, "bottom_depth": 1}),
    );
    for screen in
        client.get(&format!("/thing/well-screen?thing_id={well}&size=100")).expect(200)["items"].as_array().unwrap()
    {
        if screen["aquifer_system_id"].is_null() {
            let names = json!({"aquifer_system_id": system, "geologic_formation_id": formation});
            client.patch(&format!("/thing/well-screen/{}", screen["id"]), names).expect(200);
        }
    }
}

/// What values are compared with and how they are determined: a method, a limit, where a depth comes from.
pub fn reference(client: &Client, tag: &str, well: i64, parameter: i64) {
    client.create("/analysis-method", json!({"analysis_method_code": tag, "analysis_method_name": tag}));
    limit(client, parameter);
    client.create(
        "/data-provenance",
        json!({"target_table": "thing", "target_id": well, "field_name": "hole_depth", "origin_source": tag}),
    );
}

/// A limit of a parameter.
pub fn limit(client: &Client, parameter: i64) {
    client.create(
        "/regulatory_limit",
        json!({"parameter_id": parameter, "limit_source": "EPA", "limit_value": 5, "limit_unit": "ft",
        "limit_type": "MCL"}),
    );
}

/// The UUID that stands for a number.
pub fn uuid(number: i64) -> String {
    format!("00000000-0000-0000-0000-{number:012}")
}

/// A geothermal well whose UUID stands for its thing's number.
pub fn geothermal_well(client: &Client, tag: &str, thing: i64) {
    client.create(
        "/thing/geothermal-well",
        json!({"well_data_id": uuid(thing), "thing_id": thing, "name": format!("{tag} geothermal"),
        "api": tag, "operator": tag, "county": "Socorro", "longitude": -106.9, "latitude": 34.1}),
    );
}

/// Somebody with telephone, address and permissions, who is the well's contact, took part in the visit, and took the sample.
pub fn contact(client: &Client, db: &Database, tag: &str, well: i64, visit: Visit) -> i64 {
    let Visit { event, sample, .. } = visit;
    let mail = format!("{}@example.org", tag.replace(' ', "."));
    let made = client.create(
        "/contact",
        json!({"thing_id": well, "name": format!("{tag} contact"), "role": "Owner",
        "emails": [{"email": mail, "email_type": "Work"}], "phones": [{"phone_number": "(505) 555-0142"}],
        "addresses": [{"address_line_1": tag}], "notes": [{"note_type": "General", "content": tag}]}),
    );
    let contact = id(&made);
    client.create("/contact/email", json!({"contact_id": contact, "email": format!("second.{mail}")}));
    client.create("/contact/phone", json!({"contact_id": contact, "phone_number": "(505) 555-0143"}));
    client.create("/contact/address", json!({"contact_id": contact, "address_line_1": tag, "city": tag}));
    let participant = participant(client, event, contact);
    client.patch(&format!("/sample/{sample}"), json!({"field_event_participant_id": participant})).expect(200);
    client.create(
        "/permission-history",
        json!({"contact_id": contact, "permission_type": "Water Level Sample", "permission_allowed": true,
            "start_date": "2020-01-01", "target_table": "thing", "target_id": well, "release_status": "public"}),
    );
    // What has no routes.
    db.execute(&format!("INSERT INTO incomplete_nma_phone (contact_id, phone_number) VALUES ({contact}, '{tag}')"));
    contact
}

pub fn participant(client: &Client, event: i64, contact: i64) -> i64 {
    id(&client.create(
        "/field-event-participant",
        json!({"field_event_id": event, "contact_id": contact, "participant_role": "Lead"}),
    ))
}
