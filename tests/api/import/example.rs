//! The example data.

use ocotillo::import::demo;

use super::executor;
use crate::support::*;

both! {
    fn the_example_fills_every_list(db: Database) {
        let load = || executor(&db).write_blocking(demo::load).unwrap();
        assert_eq!(load(), 24);
        assert_eq!(load(), 0);
        let app = db.start();
        for list in [
            "/thing",
            "/thing/water-well",
            "/thing/spring",
            "/thing/well-screen",
            "/thing/id-link",
            "/contact",
            "/contact/email",
            "/contact/phone",
            "/contact/address",
            "/aquifer-system",
            "/aquifer-type",
            "/thing-aquifer-association",
            "/geologic-formation",
            "/thing-geologic-formation-association",
            "/data-provenance",
            "/regulatory_limit",
            "/chemistry/results",
            "/thing/geothermal-well",
            "/geochronology/age",
            "/publication",
            "/author",
            "/location",
            "/group",
            "/parameter",
            "/sensor",
            "/deployment",
            "/field-event",
            "/field-event-participant",
            "/field-activity",
            "/sample",
            "/observation",
            "/observation/groundwater-level",
            "/observation/water-chemistry",
            "/observation/transducer-groundwater-level",
        ] {
            let total = app.get(list).expect(200)["total"].as_i64().unwrap();
            assert!(total > 0, "{list}");
        }
        let well = app.get("/thing/water-well?name=Cedar%20Draw%201").expect(200)["items"][0].clone();
        for filled in ["groups", "alternate_ids", "monitoring_frequencies", "general_notes", "well_purposes", "aquifers"] {
            assert!(!well[filled].as_array().unwrap().is_empty(), "{filled}: {well}");
        }
        for filled in ["well_status", "monitoring_status", "open_status", "measuring_point_height", "well_depth_source"] {
            assert!(!well[filled].is_null(), "{filled}: {well}");
        }
        assert_eq!(well["current_location"]["properties"]["elevation_method"], "Survey-grade GPS");
        assert_eq!(well["contacts"][0]["name"], "Example Rancher");
        let things: Vec<Value> = app.items(&format!("/contact?{}", filter("name", "eq", json!("Example Rancher"))), "things");
        assert_eq!(things[0].as_array().unwrap().len(), 3, "one contact for several things");
        let details = app.get(&format!("/thing/water-well/{}/details", well["id"])).expect(200);
        let event = &details["field_events"][0];
        assert_eq!(json!([event["field_event_participants"][0]["participant"]["name"], event["field_activities"][0]["samples"][0]["contact"]["name"]]),
            json!(["Example Technician 1", "Example Technician 1"]));
        let db = app.finish();
        assert!(db.number("SELECT count(*) FROM transducer_observation") >= 1000);
        assert!(db.number("SELECT count(*) FROM transducer_observation_block") >= 3);
        let unexplained = "SELECT count(*) FROM observation WHERE value IS NULL AND groundwater_level_reason IS NULL";
        assert_eq!(db.number(unexplained), 0);
    }

    fn the_example_is_for_empty_databases(db: Database) {
        db.execute("INSERT INTO thing (name, thing_type) VALUES ('Mine', 'water well')");
        assert_eq!(executor(&db).write_blocking(demo::load).unwrap(), 0);
        assert_eq!(db.number("SELECT count(*) FROM thing"), 1);
    }
}
