//! A well with all that is known of it.

use super::{contact, keys, spring, well};
use crate::support::*;

both! {
    fn the_details_of_a_well_are_all_that_is_known(db: Database) {
        let app = db.start();
        let id = well(&app, "W");
        let path = format!("/thing/water-well/{id}");
        let bare = app.get(&format!("{path}/details")).expect(200);
        assert_eq!(keys(&bare), ["well", "contacts", "sensors", "deployments", "well_screens", "field_events", "first_field_event"]);
        assert_eq!(bare["first_field_event"], Value::Null);
        let bare = app.get(&format!("{path}/export")).expect(200);
        assert_eq!(keys(&bare), ["well", "contacts", "sensors", "deployments"]);

        let (zoe, ana) = (contact(&app, "Zoe Baca", &[id]), contact(&app, "Ana Vigil", &[id]));
        app.db.execute(&format!("INSERT INTO email (contact_id, email, email_type) VALUES ({ana}, 'ana@example.org', 'Work')"));
        app.db.execute(&format!("INSERT INTO incomplete_nma_phone (contact_id, phone_number) VALUES ({ana}, '555-0142')"));
        let sensor = |name: &str| {
            app.create("/sensor", json!({"name": name, "sensor_type": "Pressure Transducer"}))["id"].clone()
        };
        let (diver, logger) = (sensor("Diver"), sensor("Logger"));
        for (sensor, date) in [(&logger, json!("2020-01-01")), (&diver, json!("2022-01-01")), (&diver, json!("2021-01-01")), (&diver, Value::Null)] {
            app.create("/deployment", json!({"thing_id": id, "sensor_id": sensor, "installation_date": date}));
        }
        for top in [json!(30), json!(10), json!(20)] {
            app.create("/thing/well-screen", json!({"thing_id": id, "screen_depth_top": top}));
        }
        for day in ["2020-01-01", "2022-01-01", "2021-01-01"] {
            let event = app.create("/field-event", json!({"thing_id": id, "event_date": format!("{day}T10:00:00Z")}))["id"].clone();
            app.db.execute(&format!("INSERT INTO field_event_participant (field_event_id, contact_id, participant_role) VALUES ({event}, {zoe}, 'Lead')"));
            let participant = app.db.number("SELECT max(id) FROM field_event_participant");
            let activity = app.create("/field-activity", json!({"field_event_id": event, "activity_type": "groundwater level"}))["id"].clone();
            app.create("/sample", json!({"field_activity_id": activity, "field_event_participant_id": participant,
                "sample_date": format!("{day}T10:05:00Z"), "sample_name": format!("W-{day}"), "sample_matrix": "groundwater",
                "sample_method": "Steel-tape measurement", "qc_type": "Normal"}));
        }
        let details = app.get(&format!("{path}/details")).expect(200);
        assert_eq!(details["well"], app.get(&path).expect(200));
        let column = |list: &str, key: &str| {
            details[list].as_array().unwrap().iter().map(|item| item[key].clone()).collect::<Vec<_>>()
        };
        assert_eq!(column("contacts", "name"), ["Zoe Baca", "Ana Vigil"], "by id");
        assert_eq!(details["contacts"][1]["emails"][0]["email"], "ana@example.org");
        assert_eq!(details["contacts"][1]["incomplete_nma_phones"], json!(["555-0142"]));
        assert_eq!(details["contacts"][1]["things"][0]["name"], "W");
        assert_eq!(column("sensors", "name"), ["Diver", "Logger"], "each once");
        assert_eq!(column("deployments", "installation_date"), [json!("2022-01-01"), json!("2021-01-01"), json!("2020-01-01"), Value::Null]);
        assert_eq!(details["deployments"][0]["sensor"], details["sensors"][0]);
        assert_eq!(column("well_screens", "screen_depth_top"), [10.0, 20.0, 30.0]);
        assert!(details["well_screens"][0].get("thing").is_none());
        assert_eq!(column("field_events", "event_date"), ["2022-01-01T10:00:00Z", "2021-01-01T10:00:00Z", "2020-01-01T10:00:00Z"]);
        assert_eq!(details["first_field_event"], details["field_events"][2]);
        let event = &details["field_events"][0];
        assert_eq!(keys(event), ["id", "created_at", "release_status", "thing_id", "event_date", "notes",
            "field_event_participants", "field_activities"]);
        assert_eq!(event["field_event_participants"][0]["participant"]["name"], "Zoe Baca");
        let sample = &event["field_activities"][0]["samples"][0];
        assert_eq!((&sample["sample_name"], &sample["contact"]["name"], &sample["observations"]),
            (&json!("W-2022-01-01"), &json!("Zoe Baca"), &json!([])));

        let one = app.get(&format!("{path}/details?field_event_limit=1")).expect(200);
        assert_eq!(one["field_events"], json!([details["field_events"][0]]));
        assert_eq!(one["first_field_event"], details["first_field_event"]);
        let export = app.get(&format!("{path}/export")).expect(200);
        for key in ["well", "contacts", "sensors", "deployments"] {
            assert_eq!(export[key], details[key], "{key}");
        }
    }

    fn details_are_for_wells_and_within_limits(db: Database) {
        let app = db.start();
        let (well, spring) = (well(&app, "W"), spring(&app, "S"));
        for route in ["details", "export"] {
            let detail = app.get(&format!("/thing/water-well/{spring}/{route}")).detail(404);
            assert_eq!(detail[0]["msg"], format!("Thing with ID {spring} is not a water well Thing. It is a spring Thing."));
            assert_eq!(detail[0]["loc"], json!(["path", "thing_id"]));
            assert_eq!(app.get(&format!("/thing/water-well/4711/{route}")).detail(404), "Thing with ID 4711 not found.");
        }
        for (limit, kind) in [("0", "greater_than_equal"), ("101", "less_than_equal"), ("all", "int_parsing")] {
            let detail = app.get(&format!("/thing/water-well/{well}/details?field_event_limit={limit}")).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[0]["type"], &detail[0]["input"]),
                (&json!(["query", "field_event_limit"]), &json!(kind), &json!(limit)));
        }
    }
}
