//! The write routes, each with what it belongs to and a request of it.

use serde_json::{Value, json};

use super::scene::Scene;
use crate::support::planted;

/// A write route: method, path, the parents for whose sake it is raced, and the body of a request.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub parents: &'static [&'static str],
    pub body: fn(&Scene<'_>) -> Value,
}

const fn route(
    method: &'static str,
    path: &'static str,
    parents: &'static [&'static str],
    body: fn(&Scene<'_>) -> Value,
) -> Route {
    Route { method, path, parents, body }
}

const fn delete(path: &'static str, parents: &'static [&'static str]) -> Route {
    route("DELETE", path, parents, |_| Value::Null)
}

/// A path with the ids of a scene.
pub fn fill(pattern: &str, scene: &Scene<'_>) -> String {
    let mut path = String::new();
    for (at, part) in pattern.split(['{', '}']).enumerate() {
        if at % 2 == 0 {
            path.push_str(part);
        } else {
            let id = scene.id(part);
            path += &if part == "well_data_id" { planted::uuid(id) } else { id.to_string() };
        }
    }
    path
}

impl Route {
    /// A request of this route in a scene.
    pub fn request(&self, scene: &Scene<'_>) -> (&'static str, String, Value) {
        (self.method, fill(self.path, scene), (self.body)(scene))
    }
}

/// The parents: where a thing, a row or a word is that all of its routes have in common.
pub const PARENTS: &[(&str, &str)] = &[
    // (A key has no path to be read by.)
    ("keys", "/api_key"),
    ("access", "/access/grant"),
    ("publication", "/publication/{publication_id}"),
    ("thing", "/thing/{thing_id}"),
    ("spring", "/thing/spring/{spring_id}"),
    ("location", "/location/{location_id}"),
    ("group", "/group/{group_id}"),
    ("contact", "/contact/{contact_id}"),
    ("sensor", "/sensor/{sensor_id}"),
    ("parameter", "/parameter/{parameter_id}"),
    ("visit", "/field-event/{field_event_id}"),
    ("sample", "/sample/{sample_id}"),
    ("series", "/deployment/{deployment_id}"),
    ("system", "/aquifer-system/{aquifer_system_id}"),
    ("formation", "/geologic-formation/{geologic_formation_id}"),
    ("association", "/thing-aquifer-association/{thing_aquifer_association_id}"),
    ("method", "/analysis-method/{analysis_method_id}"),
    ("geothermal", "/thing/geothermal-well/{well_data_id}"),
    ("word", "/lexicon/term/{term_id}"),
];

fn level(scene: &Scene<'_>) -> Value {
    json!({"parameter_id": scene.id("parameter_id"), "sample_id": scene.id("sample_id"), "sensor_id": scene.id("sensor_id"),
        "observation_datetime": "2026-02-20T17:05:00Z", "value": 1.5, "unit": "ft", "measuring_point_height": 1,
        "groundwater_level_reason": "Water level not affected"})
}

fn block(scene: &Scene<'_>) -> Value {
    json!({"thing_id": scene.id("thing_id"), "parameter_id": scene.id("parameter_id"), "deployment_id": scene.id("deployment_id"),
        "measurements": [{"observation_datetime": "2026-01-02T00:00:00Z", "value": 1}, {"observation_datetime": "2026-01-04T00:00:00Z", "value": 2}]})
}

/// All of them.
pub const ROUTES: &[Route] = &[
    route("POST", "/api_key", &["keys"], |scene| json!({"name": scene.name("key"), "lifetime_days": 1})),
    route("PATCH", "/api_key/{api_key_id}", &["keys"], |scene| json!({"name": scene.name("renamed")})),
    delete("/api_key/{api_key_id}", &["keys"]),
    route("POST", "/access/grant", &["access"], |scene| {
        json!({"principal_type": "user", "principal_id": "x", "capability": "view", "scope_type": "thing",
            "scope_id": scene.id("thing_id"), "data_type": "all"})
    }),
    route("POST", "/access/grant/{grant_id}/revocation", &["access"], |_| json!({})),
    route(
        "POST",
        "/access/destination",
        &["access"],
        |scene| json!({"slug": scene.slug(), "name": "d", "destination_kind": "document"}),
    ),
    route("POST", "/access/consent", &["thing", "access"], |scene| {
        scene.id("destination_id");
        json!({"thing_id": scene.id("thing_id"), "destination_slug": scene.slug(), "data_type": "all"})
    }),
    route("POST", "/access/consent/{consent_id}/revocation", &["thing", "access"], |_| json!({})),
    route("POST", "/feedback", &["access"], |_| json!({"type": "feature", "description": "more"})),
    route("POST", "/publication/add", &["publication"], |scene| {
        json!({"title": "t", "authors": [scene.name("author"), scene.name("other")], "year": 2024, "doi": scene.name("doi"),
            "publication_type": "Map"})
    }),
    route(
        "PATCH",
        "/publication/{publication_id}",
        &["publication"],
        |scene| json!({"authors": [scene.name("third"), scene.name("author")], "year": 2025}),
    ),
    delete("/publication/{publication_id}", &["publication"]),
    route("PATCH", "/author/{author_id}", &["publication"], |scene| json!({"name": scene.name("renamed")})),
    delete("/author/{author_id}", &["publication"]),
    route(
        "POST",
        "/geochronology/age",
        &["location"],
        |scene| json!({"location_id": scene.id("location_id"), "age": 5, "method": "K/Ar"}),
    ),
    route(
        "PATCH",
        "/geochronology/age/{geochronology_age_id}",
        &["location"],
        |scene| json!({"location_id": scene.id("location_id"), "age": 6}),
    ),
    delete("/geochronology/age/{geochronology_age_id}", &["location"]),
    route("PATCH", "/thing/water-well/{thing_id}", &["thing"], |scene| {
        json!({"well_purposes": ["Livestock", "Mining"], "well_casing_materials": ["PVC", "Concrete"],
            "well_construction_notes": "rebuilt", "measuring_point_height": scene.next() % 3})
    }),
    delete("/thing/{thing_id}", &["thing", "location", "group", "visit", "series"]),
    route(
        "POST",
        "/thing/{thing_id}/status-history",
        &["thing"],
        |_| json!({"status_type": "Well Status", "status_value": "Abandoned", "start_date": "2020-01-01", "end_date": "2020-02-01"}),
    ),
    route("PATCH", "/thing/status-history/{status_history_id}", &["thing"], |_| json!({"reason": "told"})),
    delete("/thing/status-history/{status_history_id}", &["thing"]),
    // (Closed ones: any number of open ones may be posted.)
    route(
        "POST",
        "/thing/{thing_id}/measuring-point-history",
        &["thing"],
        |_| json!({"measuring_point_height": 1, "start_date": "2020-01-01", "end_date": "2020-02-01"}),
    ),
    route(
        "PATCH",
        "/thing/measuring-point-history/{measuring_point_history_id}",
        &["thing"],
        |_| json!({"measuring_point_description": "top of casing"}),
    ),
    delete("/thing/measuring-point-history/{measuring_point_history_id}", &["thing"]),
    route(
        "POST",
        "/thing/{thing_id}/monitoring-frequency-history",
        &["thing"],
        |_| json!({"monitoring_frequency": "Monthly", "start_date": "2020-01-01"}),
    ),
    route(
        "PATCH",
        "/thing/monitoring-frequency-history/{monitoring_frequency_history_id}",
        &["thing"],
        |_| json!({"end_date": "2021-01-01"}),
    ),
    delete("/thing/monitoring-frequency-history/{monitoring_frequency_history_id}", &["thing"]),
    route(
        "POST",
        "/thing/well-screen",
        &["thing"],
        |scene| json!({"thing_id": scene.id("thing_id"), "screen_type": "PVC"}),
    ),
    route("PATCH", "/thing/well-screen/{well_screen_id}", &["thing"], |_| json!({"screen_depth_top": 5})),
    delete("/thing/well-screen/{well_screen_id}", &["thing"]),
    route(
        "POST",
        "/thing/id-link",
        &["thing"],
        |scene| json!({"thing_id": scene.id("thing_id"), "relation": "same_as", "alternate_id": "a", "alternate_organization": "USGS"}),
    ),
    route("PATCH", "/thing/id-link/{link_id}", &["thing"], |_| json!({"alternate_id": "b"})),
    delete("/thing/id-link/{link_id}", &["thing"]),
    route("POST", "/contact", &["thing", "contact"], |scene| {
        json!({"thing_id": scene.id("thing_id"), "name": scene.name("somebody"), "organization": "NMBGMR", "role": "Owner",
            "emails": [{"email": "somebody@example.org"}], "notes": [{"note_type": "General", "content": "one"}]})
    }),
    route(
        "PATCH",
        "/contact/{contact_id}",
        &["thing", "contact"],
        |scene| json!({"thing_id": scene.id("thing_id"), "name": scene.name("somebody"), "organization": "NMBGMR"}),
    ),
    delete("/contact/{contact_id}", &["thing", "contact", "visit"]),
    route(
        "POST",
        "/contact/email",
        &["contact"],
        |scene| json!({"contact_id": scene.id("contact_id"), "email": "another@example.org"}),
    ),
    route(
        "PATCH",
        "/contact/email/{email_id}",
        &["contact"],
        |scene| json!({"contact_id": scene.id("contact_id"), "email_type": "Work"}),
    ),
    delete("/contact/email/{email_id}", &["contact"]),
    route(
        "POST",
        "/contact/phone",
        &["contact"],
        |scene| json!({"contact_id": scene.id("contact_id"), "phone_number": "505-555-0142"}),
    ),
    route(
        "PATCH",
        "/contact/phone/{phone_id}",
        &["contact"],
        |scene| json!({"contact_id": scene.id("contact_id"), "phone_type": "Work"}),
    ),
    delete("/contact/phone/{phone_id}", &["contact"]),
    route(
        "POST",
        "/contact/address",
        &["contact"],
        |scene| json!({"contact_id": scene.id("contact_id"), "address_line_1": "2 Main St"}),
    ),
    route(
        "PATCH",
        "/contact/address/{address_id}",
        &["contact"],
        |scene| json!({"contact_id": scene.id("contact_id"), "address_type": "Work"}),
    ),
    delete("/contact/address/{address_id}", &["contact"]),
    route(
        "POST",
        "/deployment",
        &["thing", "sensor"],
        |scene| json!({"thing_id": scene.id("thing_id"), "sensor_id": scene.id("sensor_id"), "installation_date": "2020-01-01"}),
    ),
    route(
        "PATCH",
        "/deployment/{deployment_id}",
        &["thing", "sensor", "series"],
        |scene| json!({"notes": "moved", "thing_id": scene.id("thing_id"), "sensor_id": scene.id("sensor_id")}),
    ),
    delete("/deployment/{deployment_id}", &["thing", "sensor", "series"]),
    route(
        "POST",
        "/field-event",
        &["thing"],
        |scene| json!({"thing_id": scene.id("thing_id"), "event_date": "2026-02-20T17:00:00Z"}),
    ),
    route(
        "PATCH",
        "/field-event/{field_event_id}",
        &["thing", "visit"],
        |scene| json!({"thing_id": scene.id("thing_id"), "notes": "rain"}),
    ),
    delete("/field-event/{field_event_id}", &["thing", "visit", "sample"]),
    route(
        "POST",
        "/field-event-participant",
        &["contact", "visit"],
        |scene| json!({"field_event_id": scene.id("field_event_id"), "contact_id": scene.id("contact_id"), "participant_role": "Lead"}),
    ),
    route(
        "PATCH",
        "/field-event-participant/{field_event_participant_id}",
        &["contact", "visit"],
        |scene| json!({"field_event_id": scene.id("field_event_id"), "contact_id": scene.id("contact_id"), "participant_role": "Visitor"}),
    ),
    delete("/field-event-participant/{field_event_participant_id}", &["contact", "visit"]),
    route("PATCH", "/thing/spring/{spring_id}", &["spring"], |_| json!({"spring_type": "Thermal", "name": "changed"})),
    delete("/thing/{spring_id}", &["spring"]),
    route(
        "POST",
        "/location",
        &["word"],
        |scene| json!({"point": "POINT (-106.9 34.1)", "elevation": 1, "release_status": scene.word("term_id")}),
    ),
    route(
        "PATCH",
        "/location/{location_id}",
        &["location"],
        |_| json!({"notes": [{"note_type": "Access", "content": "new"}], "elevation_method": "LiDAR DEM", "coordinate_method": "Reported"}),
    ),
    delete("/location/{location_id}", &["location"]),
    route(
        "POST",
        "/thing/water-well",
        &["location", "group"],
        |scene| json!({"name": "w", "location_id": scene.id("location_id"), "group_id": scene.id("group_id"), "well_purposes": ["Domestic"]}),
    ),
    route(
        "POST",
        "/thing/spring",
        &["location", "group"],
        |scene| json!({"name": "s", "location_id": scene.id("location_id"), "group_id": scene.id("group_id")}),
    ),
    route(
        "POST",
        "/group",
        &["group"],
        |scene| json!({"name": scene.name("child"), "parent_group_id": scene.id("group_id")}),
    ),
    route("PATCH", "/group/{group_id}", &["group"], |scene| json!({"parent_group_id": scene.id("other_group_id")})),
    route("PATCH", "/group/{other_group_id}", &["group"], |scene| json!({"parent_group_id": scene.id("group_id")})),
    delete("/group/{group_id}", &["group"]),
    route("POST", "/group/{group_id}/things/{thing_id}", &["thing", "group"], |_| json!({})),
    delete("/group/{group_id}/things/{thing_id}", &["thing", "group"]),
    route(
        "POST",
        "/sensor",
        &["sensor"],
        |scene| json!({"name": "s", "sensor_type": "Barometer", "serial_no": scene.name("serial")}),
    ),
    route("PATCH", "/sensor/{sensor_id}", &["sensor"], |scene| json!({"serial_no": scene.name("serial")})),
    delete("/sensor/{sensor_id}", &["sensor"]),
    route(
        "POST",
        "/parameter",
        &["parameter"],
        |scene| json!({"parameter_name": scene.word("parameter_id"), "matrix": "water", "default_unit": "ft"}),
    ),
    route("PATCH", "/parameter/{parameter_id}", &["parameter"], |_| json!({"matrix": "water"})),
    delete("/parameter/{parameter_id}", &["parameter"]),
    route(
        "POST",
        "/field-activity",
        &["visit"],
        |scene| json!({"field_event_id": scene.id("field_event_id"), "activity_type": "groundwater level"}),
    ),
    route(
        "PATCH",
        "/field-activity/{field_activity_id}",
        &["visit"],
        |scene| json!({"field_event_id": scene.id("field_event_id"), "notes": "late"}),
    ),
    delete("/field-activity/{field_activity_id}", &["visit", "sample"]),
    route("POST", "/sample", &["visit", "contact"], |scene| {
        json!({"field_activity_id": scene.id("field_activity_id"),
            "field_event_participant_id": scene.id("field_event_participant_id"), "sample_date": "2026-02-20T17:05:00Z", "sample_name": scene.name("sample"),
            "sample_matrix": "groundwater", "sample_method": "Unknown", "qc_type": "Normal"})
    }),
    route(
        "PATCH",
        "/sample/{sample_id}",
        &["visit", "sample", "contact"],
        |scene| json!({"field_event_participant_id": scene.id("field_event_participant_id"), "notes": "cold"}),
    ),
    delete("/sample/{sample_id}", &["visit", "sample"]),
    route("POST", "/observation/groundwater-level", &["sample", "sensor", "parameter"], level),
    route("POST", "/observation/groundwater-level/bulk-upload", &["thing"], |scene| {
        scene.id("thing_id");
        let well = scene.name("");
        json!(format!(
            "well_name_point_id,field_event_date_time,field_staff,water_level_date_time,measuring_person,sample_method,level_status\n\
             {well},2025-02-15T08:00,A Lopez,2025-02-15T10:30,A Lopez,steel tape,dry\n"
        ))
    }),
    route(
        "PATCH",
        "/observation/groundwater-level/{observation_id}",
        &["sample", "parameter"],
        |scene| json!({"sample_id": scene.id("sample_id"), "parameter_id": scene.id("parameter_id"), "value": 2}),
    ),
    delete("/observation/{observation_id}", &["sample"]),
    route("POST", "/observation/water-chemistry", &["sample"], |scene| {
        json!({"parameter_id": scene.id("parameter_id"), "sample_id": scene.id("chemistry_sample_id"), "sensor_id": scene.id("sensor_id"),
            "observation_datetime": "2026-02-20T17:05:00Z", "value": 7, "unit": "ft"})
    }),
    route("PATCH", "/observation/water-chemistry/{chemistry_id}", &["sample"], |_| json!({"value": 8})),
    route(
        "POST",
        "/observation/transducer-groundwater-level/block?replace_overlapping=true",
        &["series", "parameter"],
        block,
    ),
    route(
        "PATCH",
        "/observation/transducer-groundwater-level/block/{block_id}",
        &["series"],
        |_| json!({"review_status": "approved"}),
    ),
    route(
        "PATCH",
        "/observation/transducer-groundwater-level/{reading_id}",
        &["series"],
        |_| json!({"value": 4, "note": "misread"}),
    ),
    delete("/observation/transducer-groundwater-level/{reading_id}", &["series"]),
    delete(
        "/observation/transducer-groundwater-level?thing_id={thing_id}&start_time=2026-01-01&end_time=2026-02-01",
        &["series"],
    ),
    route(
        "POST",
        "/regulatory_limit",
        &["parameter"],
        |scene| json!({"parameter_id": scene.id("parameter_id"), "limit_source": "EPA", "limit_value": 1, "limit_unit": "mg/L"}),
    ),
    route(
        "PATCH",
        "/regulatory_limit/{regulatory_limit_id}",
        &["parameter"],
        |scene| json!({"parameter_id": scene.id("parameter_id"), "limit_value": 2}),
    ),
    delete("/regulatory_limit/{regulatory_limit_id}", &["parameter"]),
    route(
        "POST",
        "/analysis-method",
        &["method"],
        |scene| json!({"analysis_method_code": scene.name("code"), "analysis_method_name": "m"}),
    ),
    route(
        "PATCH",
        "/analysis-method/{analysis_method_id}",
        &["method"],
        |scene| json!({"analysis_method_code": scene.name("code")}),
    ),
    delete("/analysis-method/{analysis_method_id}", &["method"]),
    route(
        "POST",
        "/aquifer-system",
        &["system"],
        |scene| json!({"name": scene.name("system"), "primary_aquifer_type": "Fractured", "geographic_scale": "Regional"}),
    ),
    route("PATCH", "/aquifer-system/{aquifer_system_id}", &["system"], |scene| json!({"name": scene.name("system")})),
    delete("/aquifer-system/{aquifer_system_id}", &["system", "association"]),
    route(
        "POST",
        "/geologic-formation",
        &["formation"],
        |scene| json!({"description": scene.name("formation"), "lithology": null}),
    ),
    route("PATCH", "/geologic-formation/{geologic_formation_id}", &["formation"], |_| json!({"description": "again"})),
    delete("/geologic-formation/{geologic_formation_id}", &["formation"]),
    route(
        "POST",
        "/thing-aquifer-association",
        &["thing", "system"],
        |scene| json!({"thing_id": scene.id("thing_id"), "aquifer_system_id": scene.id("aquifer_system_id"), "aquifer_types": ["Artesian"]}),
    ),
    route(
        "PATCH",
        "/thing-aquifer-association/{thing_aquifer_association_id}",
        &["thing", "system", "association"],
        |scene| json!({"thing_id": scene.id("thing_id"), "aquifer_system_id": scene.id("aquifer_system_id"), "aquifer_types": ["Fractured", "Artesian"]}),
    ),
    delete("/thing-aquifer-association/{thing_aquifer_association_id}", &["thing", "system", "association"]),
    route(
        "POST",
        "/aquifer-type",
        &["association"],
        |scene| json!({"thing_aquifer_association_id": scene.id("thing_aquifer_association_id"), "aquifer_type": "Perched aquifer"}),
    ),
    route(
        "PATCH",
        "/aquifer-type/{aquifer_type_id}",
        &["association"],
        |scene| json!({"thing_aquifer_association_id": scene.id("thing_aquifer_association_id"), "aquifer_type": "Semi-confined"}),
    ),
    delete("/aquifer-type/{aquifer_type_id}", &["association"]),
    route(
        "POST",
        "/thing-geologic-formation-association",
        &["thing", "formation"],
        |scene| json!({"thing_id": scene.id("thing_id"), "geologic_formation_id": scene.id("geologic_formation_id"), "top_depth": 0, "bottom_depth": 1}),
    ),
    route(
        "PATCH",
        "/thing-geologic-formation-association/{thing_geologic_formation_association_id}",
        &["thing", "formation"],
        |scene| json!({"geologic_formation_id": scene.id("geologic_formation_id"), "bottom_depth": scene.next() + 5}),
    ),
    delete("/thing-geologic-formation-association/{thing_geologic_formation_association_id}", &["thing", "formation"]),
    // (Of another field each time: of the same field any number may be posted.)
    route(
        "POST",
        "/data-provenance",
        &["thing", "location"],
        |scene| json!({"target_table": "location", "target_id": scene.id("location_id"), "field_name": format!("field {}", scene.next())}),
    ),
    route(
        "PATCH",
        "/data-provenance/{data_provenance_id}",
        &["thing"],
        |scene| json!({"target_table": "thing", "target_id": scene.id("thing_id"), "origin_source": "again"}),
    ),
    delete("/data-provenance/{data_provenance_id}", &["thing"]),
    route("POST", "/permission-history", &["thing"], |scene| {
        json!({"contact_id": scene.contact(), "permission_type": "Water Level Sample", "start_date": "2020-01-01",
            "target_table": "thing", "target_id": scene.id("thing_id")})
    }),
    route("PATCH", "/permission-history/{permission_history_id}", &["thing"], |_| json!({"end_date": "2021-01-01"})),
    delete("/permission-history/{permission_history_id}", &["thing"]),
    route(
        "POST",
        "/thing/geothermal-well",
        &["thing", "geothermal"],
        |scene| json!({"well_data_id": planted::uuid(scene.id("thing_id") + 500_000_000), "name": "g", "thing_id": scene.id("thing_id")}),
    ),
    route(
        "PATCH",
        "/thing/geothermal-well/{well_data_id}",
        &["thing", "geothermal"],
        |scene| json!({"thing_id": scene.id("thing_id"), "status": "Plugged"}),
    ),
    delete("/thing/geothermal-well/{well_data_id}", &["thing", "geothermal"]),
    route(
        "POST",
        "/lexicon/term",
        &["word"],
        |scene| json!({"term": scene.word("term_id"), "definition": "d", "categories": [scene.word("category_id"), "note_type"]}),
    ),
    route("PATCH", "/lexicon/term/{term_id}", &["word"], |scene| json!({"term": scene.name("renamed")})),
    delete("/lexicon/term/{term_id}", &["word"]),
    route("POST", "/lexicon/category", &["word"], |scene| json!({"name": scene.word("category_id")})),
    route("PATCH", "/lexicon/category/{category_id}", &["word"], |scene| json!({"name": scene.name("renamed")})),
    delete("/lexicon/category/{category_id}", &["word"]),
    route("POST", "/lexicon/triple", &["word"], |scene| {
        let word = |text: &str| json!({"term": text, "definition": "d", "categories": []});
        json!({"subject": word(&scene.word("term_id")), "predicate": "same_as", "object_": word("PVC")})
    }),
    route(
        "PATCH",
        "/lexicon/triple/{triple_id}",
        &["word"],
        |scene| json!({"subject": scene.word("term_id"), "predicate": "p"}),
    ),
    delete("/lexicon/triple/{triple_id}", &["word"]),
];
