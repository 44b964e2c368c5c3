//! The write routes, each with what it belongs to and a request of it.

use serde_json::{Value, json};

use super::scene::Scene;

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
            path += &scene.id(part).to_string();
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
pub const PARENTS: [(&str, &str); 11] = [
    // (A key has no path to be read by.)
    ("keys", "/api_key"),
    ("thing", "/thing/{thing_id}"),
    ("spring", "/thing/spring/{spring_id}"),
    ("location", "/location/{location_id}"),
    ("group", "/group/{group_id}"),
    ("sensor", "/sensor/{sensor_id}"),
    ("parameter", "/parameter/{parameter_id}"),
    ("visit", "/field-event/{field_event_id}"),
    ("sample", "/sample/{sample_id}"),
    ("series", "/deployment/{deployment_id}"),
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
    route(
        "POST",
        "/asset",
        &["thing"],
        |scene| json!({"name": "a", "storage_path": scene.name("file"), "mime_type": "text/plain", "size": 1, "uri": "x", "thing_id": scene.id("thing_id")}),
    ),
    route("POST", "/asset/upload", &["thing"], |scene| json!(crate::asset::text_form(&[], &scene.name("text")))),
    route("POST", "/asset/upload-and-record", &["thing"], |scene| {
        json!(crate::asset::text_form(&[("thing_id", &scene.id("thing_id").to_string())], &scene.name("text")))
    }),
    route("PATCH", "/asset/{asset_id}", &["thing"], |scene| json!({"label": scene.name("label")})),
    route("PATCH", "/asset/{asset_id}/association", &["thing"], |scene| json!({"thing_id": scene.id("thing_id")})),
    delete("/asset/{asset_id}", &["thing"]),
    delete("/asset/{asset_id}/remove", &["thing"]),
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
    route("POST", "/sample", &["visit"], |scene| {
        json!({"field_activity_id": scene.id("field_activity_id"), "sample_date": "2026-02-20T17:05:00Z", "sample_name": scene.name("sample"),
            "sample_matrix": "groundwater", "sample_method": "Unknown", "qc_type": "Normal"})
    }),
    route(
        "PATCH",
        "/sample/{sample_id}",
        &["visit", "sample"],
        |scene| json!({"field_activity_id": scene.id("field_activity_id"), "notes": "cold"}),
    ),
    delete("/sample/{sample_id}", &["visit", "sample"]),
    route("POST", "/observation/groundwater-level", &["sample", "sensor", "parameter"], level),
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
