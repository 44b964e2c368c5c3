//! Spreadsheets of water levels.

use std::sync::Barrier;
use std::thread;

use crate::asset::{form, send};
use crate::support::*;

const PATH: &str = "/observation/groundwater-level/bulk-upload";
const HEADER: &str = "field_staff,well_name_point_id,field_event_date_time,measurement_date_time,sampler,sample_method,mp_height,\
    level_status,depth_to_water_ft,data_quality,water_level_notes,field_staff_2,cut(not saved)";
const ACCURATE: &str = "Water level accurate to within two hundreths of a foot";

fn sheet(rows: &[&str]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

fn upload_to(client: &Client, path: &str, csv: &[u8]) -> Reply {
    send(client, path, &form(&[], Some(("levels.csv", "text/csv", csv))))
}

fn upload(client: &Client, csv: &[u8]) -> Reply {
    upload_to(client, PATH, csv)
}

/// A row of a well, at a minute of one day.
fn row(well: &str, minute: u32, depth: f64) -> String {
    format!(
        "A Lopez,{well},2025-02-15T08:00:00,2025-02-15T10:{minute:02}:00,B Ortega,electric tape,1.5,not affected,{depth},{},cold,B Ortega,x",
        ACCURATE.to_uppercase()
    )
}

fn well(app: &App, name: &str) -> i64 {
    let body = json!({"name": name, "well_depth": 100, "hole_depth": 120, "measuring_point_height": 2.5, "measuring_point_description": "cap"});
    app.create("/thing/water-well", body)["id"].as_i64().unwrap()
}

/// A sheet with one row of a well.
pub fn of_well(name: &str) -> String {
    String::from_utf8(sheet(&[&row(name, 30, 7.0)])).unwrap()
}

const TABLES: [&str; 6] =
    ["field_event", "field_event_participant", "field_activity", "sample", "observation", "contact"];

fn counts(app: &App) -> Vec<i64> {
    TABLES.iter().map(|table| app.db.number(&format!("SELECT count(*) FROM {table}"))).collect()
}

both! {
    fn a_row_becomes_a_visit_with_a_measured_level(db: Database) {
        let app = db.start();
        let well = well(&app, "W-1");
        let answer = upload(&app, &sheet(&[&row("W-1", 30, 7.0)])).expect(200);
        let stored = &answer["water_levels"][0];
        assert_eq!(answer, json!({
            "summary": {"total_rows_processed": 1, "total_rows_imported": 1, "validation_errors_or_warnings": 0},
            "water_levels": [{"well_name_point_id": "W-1", "field_event_id": stored["field_event_id"],
                "field_activity_id": stored["field_activity_id"], "sample_id": stored["sample_id"],
                "observation_id": stored["observation_id"], "measurement_date_time": "2025-02-15T10:30:00",
                "level_status": "Water level not affected", "data_quality": ACCURATE}],
            "validation_errors": []}));
        let level = app.get(&format!("/observation/groundwater-level/{}", stored["observation_id"])).expect(200);
        assert_eq!(json!([level["value"], level["unit"], level["measuring_point_height"], level["depth_to_water_bgs"], level["release_status"]]),
            json!([7.0, "ft", 1.5, 5.5, "draft"]));
        assert_eq!(json!([level["observation_datetime"], level["nma_data_quality"], level["groundwater_level_reason"], level["sensor_id"]]),
            json!(["2025-02-15T17:30:00Z", ACCURATE, "Water level not affected", null]));
        let sample = app.get(&format!("/sample/{}", stored["sample_id"])).expect(200);
        assert_eq!(json!([sample["sample_name"], sample["sample_method"], sample["sample_matrix"], sample["qc_type"], sample["notes"]]),
            json!(["W-1-WL-202502151730", "Electric tape measurement (E-probe)", "groundwater", "Normal", "cold"]));
        assert_eq!(json!([sample["contact"]["name"], sample["contact"]["organization"], sample["contact"]["contact_type"], sample["thing"]["id"]]),
            json!(["B Ortega", "NMBGMR", "Field Event Participant", well]));
        let event = app.get(&format!("/field-event/{}", stored["field_event_id"])).expect(200);
        assert_eq!(json!([event["event_date"], event["notes"]]), json!(["2025-02-15T15:00:00Z", "cold"]));
        let who: Vec<Value> = app.get("/field-event-participant?sort=id").expect(200)["items"].as_array().unwrap().iter()
            .map(|one| json!([one["participant"]["name"], one["participant_role"]])).collect();
        assert_eq!(json!(who), json!([["A Lopez", "Lead"], ["B Ortega", "Participant"]]));
    }

    fn what_is_sent_again_changes_only_what_differs(db: Database) {
        let app = db.start();
        well(&app, "W-1");
        let rows = sheet(&[&row("W-1", 30, 7.0), &row("W-1", 31, 8.0)]);
        let first = upload(&app, &rows).expect(200);
        let (before, history) = (counts(&app), app.db.number("SELECT count(*) FROM history"));
        assert_eq!(upload(&app, &rows).expect(200), first);
        assert_eq!((counts(&app), app.db.number("SELECT count(*) FROM history")), (before.clone(), history), "nothing is touched");
        let changed = row("W-1", 30, 7.25).replace("cold", "warm").replace(",1.5,", ",,").replace("B Ortega,x", "C Reyes,x")
            .replace("B Ortega", "C Reyes");
        let again = upload(&app, &sheet(&[&changed])).expect(200);
        assert_eq!(again["water_levels"][0], first["water_levels"][0], "the ids stay");
        let level = app.get(&format!("/observation/groundwater-level/{}", first["water_levels"][0]["observation_id"])).expect(200);
        assert_eq!(json!([level["value"], level["measuring_point_height"], level["depth_to_water_bgs"]]), json!([7.25, 2.5, 4.75]), "the well's own");
        let sample = app.get(&format!("/sample/{}", first["water_levels"][0]["sample_id"])).expect(200);
        assert_eq!(json!([sample["notes"], sample["contact"]["name"], sample["field_event"]["notes"]]), json!(["warm", "C Reyes", "warm"]));
        assert_eq!(counts(&app)[..1], before[..1]);
        assert_eq!(counts(&app)[4..], [before[4], before[5] + 1]);
        // Twice in one file: the last one counts.
        let twice = upload(&app, &sheet(&[&row("W-1", 40, 1.0), &row("W-1", 40, 2.0)])).expect(200);
        assert_eq!(twice["water_levels"][0]["observation_id"], twice["water_levels"][1]["observation_id"]);
        let level = app.get(&format!("/observation/{}", twice["water_levels"][0]["observation_id"])).expect(200);
        assert_eq!(level["value"], 2.0);
    }

    fn good_rows_are_stored_and_bad_ones_are_listed(db: Database) {
        let app = db.start();
        well(&app, "W-1");
        app.create("/thing/spring", json!({"name": "S-1"}));
        well(&app, "twin");
        well(&app, "twin");
        let dry = "A Lopez,W-1,2025-02-15T08:00:00-07:00,2025-02-15T09:00:00-07:00,A Lopez,steel tape,,dry,,,,,";
        let answer = upload(&app, &sheet(&[
            &row("nowhere", 30, 1.0), &row("W-1", 30, 7.0), &row("S-1", 30, 1.0), &row("W-1", 31, 250.0), ",W-1,,,,,,,,,,,", dry, &row("twin", 30, 1.0),
        ])).expect(200);
        assert_eq!(answer["summary"], json!({"total_rows_processed": 7, "total_rows_imported": 2, "validation_errors_or_warnings": 5}));
        assert_eq!(answer["validation_errors"], json!(["Row 1: Unknown well_name_point_id 'nowhere'", "Row 3: Unknown well_name_point_id 'S-1'",
            "Row 4: depth_to_water_ft minus measuring point height (248.5) must be less than well depth (100.0)",
            "Row 5: Missing required field 'field_event_date_time'", "Row 5: Missing required field 'field_staff'",
            "Row 5: Missing required field 'water_level_date_time'", "Row 5: Missing required field 'measuring_person'",
            "Row 5: Missing required field 'sample_method'",
            "Row 7: well_name_point_id - Value error, several wells are called 'twin'"]));
        let dry = app.get(&format!("/observation/{}", answer["water_levels"][1]["observation_id"])).expect(200);
        assert_eq!(json!([dry["value"], dry["groundwater_level_reason"], dry["measuring_point_height"]]), json!([null, "Site was dry", 2.5]));
    }

    fn a_file_of_which_nothing_is_stored_is_refused(db: Database) {
        let app = db.start();
        well(&app, "W-1");
        let bad = upload(&app, &sheet(&[&row("nowhere", 30, 1.0)])).detail(400);
        assert_eq!(bad, json!({"summary": {"total_rows_processed": 1, "total_rows_imported": 0, "validation_errors_or_warnings": 1},
            "water_levels": [], "validation_errors": ["Row 1: Unknown well_name_point_id 'nowhere'"]}));
        let columns = upload(&app, b"well_name_point_id,field_staff,sampler,sample_method,field_event_date_time\nx,x,x,x,x\n").detail(400);
        assert_eq!(json!([columns["validation_errors"], columns["summary"]["validation_errors_or_warnings"]]),
            json!([["CSV missing required column 'water_level_date_time'"], 1]));
        assert_eq!(upload(&app, b"").detail(400), "Uploaded file is empty");
        let missing = json!([{"type": "missing", "loc": ["body", "file"], "msg": "Field required", "input": null}]);
        assert_eq!(app.post(PATH, json!({})).detail(422), missing);
        assert_eq!(app.send("POST", PATH, None, b"").detail(422), missing);
        assert_eq!(send(&app, PATH, &form(&[("other", "x")], None)).detail(422), missing);
        assert_eq!(send(&app, PATH, &form(&[], Some(("a.csv", "text/csv", b"x")))[..120]).detail(400), "The request body could not be read");
        // A sheet without rows is nothing wrong.
        assert_eq!(upload(&app, &sheet(&[])).expect(200)["summary"]["total_rows_processed"], 0);
        assert_eq!(upload_to(&app, &format!("{PATH}?dry_run=maybe"), &sheet(&[])).detail(422)[0]["loc"], json!(["query", "dry_run"]));
        assert_eq!(counts(&app), [0; 6]);
    }

    fn a_trial_says_what_would_become_of_a_file(db: Database) {
        let app = db.start();
        well(&app, "W-1");
        let rows: Vec<String> = (0..50).map(|minute| row(if minute % 10 == 3 { "nowhere" } else { "W-1" }, minute, f64::from(minute))).collect();
        let csv = sheet(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let tried = upload_to(&app, &format!("{PATH}?dry_run=true"), &csv).expect(200);
        assert_eq!(counts(&app), [0; 6]);
        let done = upload(&app, &csv).expect(200);
        let without_ids = |mut upload: Value| {
            for level in upload["water_levels"].as_array_mut().unwrap() {
                level.as_object_mut().unwrap().retain(|name, _| !name.ends_with("_id") || name == "well_name_point_id");
            }
            upload
        };
        assert_eq!(without_ids(tried), without_ids(done));
        assert_eq!(counts(&app)[4], 45);
    }

    fn encodings_and_delimiters_are_found_out(db: Database) {
        let app = db.start();
        well(&app, "Peña 1");
        let text = String::from_utf8(sheet(&[&row("Peña 1", 30, 7.0)])).unwrap();
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = format!("\u{feff}{text}").into_bytes();
        let semicolons = text.replace(',', ";").into_bytes();
        for csv in [latin, utf16, marked, semicolons] {
            assert_eq!(upload(&app, &csv).expect(200)["summary"]["total_rows_imported"], 1);
        }
        assert_eq!(counts(&app)[4], 1);
    }

    fn of_equal_files_at_once_one_stores(db: Database) {
        let app = db.start_with(|config| config.concurrency.pool_size = Some(4), |_| {});
        well(&app, "W-1");
        let rows: Vec<String> = (0..20).map(|minute| row("W-1", minute, 5.0)).collect();
        let csv = sheet(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let barrier = Barrier::new(4);
        let answers: Vec<Value> = thread::scope(|scope| {
            let send = || { barrier.wait(); upload(&app, &csv).expect(200) };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(send)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(counts(&app), [20, 40, 20, 20, 20, 2]);
    }
}
