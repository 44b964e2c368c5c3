//! Files of water levels.

use crate::support::*;

const PATH: &str = "/observation/groundwater-level/bulk-upload";
const HEADER: &str = "well_name_point_id,field_event_date_time,field_staff,field_staff_2,field_staff_3,water_level_date_time,\
measuring_person,sample_method,mp_height,level_status,depth_to_water_ft,data_quality,water_level_notes";
pub const KIND: &str = "multipart/form-data; boundary=xyz";

/// A body with one part.
pub fn part(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--xyz\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"levels.csv\"\r\ncontent-type: text/csv\r\n\r\n"
    );
    [head.as_bytes(), content, b"\r\n--xyz--\r\n"].concat()
}

fn send(app: &Client, query: &str, file: &[u8]) -> Reply {
    app.send("POST", &format!("{PATH}{query}"), Some(KIND), &part("file", file))
}

fn sheet(rows: &[&str]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

/// Two wells, the first 100 feet deep with a measuring point at 1.5 feet, and a spring.
fn wells(db: Database) -> App {
    db.execute(
        "INSERT INTO thing (id, name, thing_type, well_depth) VALUES (1, 'AR-0001', 'water well', 100), \
         (2, 'AR-0002', 'water well', NULL), (3, 'AR-0003', 'spring', NULL)",
    );
    db.execute(
        "INSERT INTO measuring_point_history (thing_id, measuring_point_height, start_date) VALUES (1, 2.5, '2019-01-01'), \
         (1, 1.5, '2020-01-01')",
    );
    db.start()
}

const GOOD: &str =
    "AR-0001,2025-02-15T08:00,A Lopez,B Chen,,2025-02-15T10:30,B Chen,ELECTRIC tape,1.4,not affected,45.2,,windy";

fn total(app: &App, path: &str) -> Value {
    app.get(path).expect(200)["total"].clone()
}

both! {
    fn a_file_becomes_visits_and_readings(db: Database) {
        let app = wells(db);
        let rows = [GOOD, "AR-0002,2025-07-15 03:00:00,A Lopez,,A Lopez,2025-07-15T10:30:00Z,A Lopez,steel-TAPE measurement,,DRY,,,",
            "AR-0001,2025-11-02T01:00,C Roe,,,2025-11-02T01:30,C Roe,Steel tape,,,45.25,,"];
        let made = send(&app, "", &sheet(&rows)).expect(200);
        assert_eq!(made["summary"], json!({"total_rows_processed": 3, "total_rows_imported": 3, "validation_errors_or_warnings": 0}));
        assert_eq!(made["validation_errors"], json!([]));
        let levels = made["water_levels"].as_array().unwrap();
        let first = &levels[0];
        assert_eq!(json!([first["well_name_point_id"], first["measurement_date_time"], first["level_status"], first["data_quality"]]),
            json!(["AR-0001", "2025-02-15T10:30", "Water level not affected", null]));
        assert_eq!(levels[1]["level_status"], "Site was dry");

        let observation = app.get(&format!("/observation/groundwater-level/{}", first["observation_id"])).expect(200);
        assert_eq!(json!([observation["observation_datetime"], observation["value"], observation["unit"],
                observation["measuring_point_height"], observation["depth_to_water_bgs"], observation["release_status"], observation["sensor_id"]]),
            json!(["2025-02-15T17:30:00Z", 45.2, "ft", 1.4, 43.8, "draft", null]));
        let sample = app.get(&format!("/sample/{}", first["sample_id"])).expect(200);
        assert_eq!(json!([sample["sample_name"], sample["sample_date"], sample["sample_method"], sample["sample_matrix"], sample["qc_type"],
                sample["notes"], sample["contact"]["name"], sample["field_event"]["id"], sample["field_activity"]["activity_type"]]),
            json!(["AR-0001-WL-202502151730", "2025-02-15T17:30:00Z", "Electric tape measurement (E-probe)", "groundwater", "Normal",
                "windy", "B Chen", first["field_event_id"], "groundwater level"]));
        let crew = app.get("/field-event-participant?sort=id&order=asc").expect(200);
        let crew: Vec<Value> = crew["items"].as_array().unwrap().iter()
            .map(|one| json!([one["participant"]["name"], one["participant_role"], one["participant"]["organization"],
                one["participant"]["contact_type"], one["participant"]["role"]])).collect();
        let somebody = |name: &str, role: &str| json!([name, role, "NMBGMR", "Field Event Participant", "Technician"]);
        assert_eq!(crew, [somebody("A Lopez", "Lead"), somebody("B Chen", "Participant"), somebody("A Lopez", "Lead"),
            somebody("C Roe", "Lead")]);
        // The well's own measuring point, and the earlier of two instants with the same time.
        let last = app.get(&format!("/observation/groundwater-level/{}", levels[2]["observation_id"])).expect(200);
        assert_eq!(json!([last["measuring_point_height"], last["observation_datetime"]]), json!([1.5, "2025-11-02T07:30:00Z"]));
    }

    fn a_file_that_is_sent_again_overwrites(db: Database) {
        let app = wells(db);
        let other = GOOD.replace("02-15T", "02-16T");
        let first = send(&app, "", &sheet(&[GOOD, &other])).expect(200);
        assert_eq!(send(&app, "", &sheet(&[GOOD, &other])).expect(200), first);
        let changed = GOOD.replace("T08:00", "T07:00").replace("1.4", "1.6").replace("45.2", "46").replace("windy", "calm")
            .replace("B Chen,ELECTRIC tape", "C Roe,steel tape").replace("B Chen,,", "B Chen,C Roe,");
        // Twice the same reading in one file: the last one counts.
        let again = send(&app, "", &sheet(&[GOOD, &changed])).expect(200);
        assert_eq!((&again["water_levels"][0], &again["water_levels"][1]), (&first["water_levels"][0], &first["water_levels"][0]));
        for (path, expected) in [("/sample", 2), ("/field-event", 2), ("/field-activity", 2), ("/observation", 2), ("/contact", 3),
            ("/field-event-participant", 5)] {
            assert_eq!(total(&app, path), expected, "{path}");
        }
        let level = &first["water_levels"][0];
        let sample = app.get(&format!("/sample/{}", level["sample_id"])).expect(200);
        assert_eq!(json!([sample["notes"], sample["contact"]["name"], sample["sample_method"], sample["field_event"]["event_date"]]),
            json!(["calm", "C Roe", "Steel-tape measurement", "2025-02-15T14:00:00Z"]));
        let observation = app.get(&format!("/observation/groundwater-level/{}", level["observation_id"])).expect(200);
        assert_eq!(json!([observation["value"], observation["measuring_point_height"]]), json!([46.0, 1.6]));
    }

    fn good_rows_are_kept_and_bad_ones_reported(db: Database) {
        let app = wells(db);
        for (from, to, expected) in [
            ("AR-0001", "XX-1", "Row 1: Unknown well_name_point_id 'XX-1'"),
            ("AR-0001", "AR-0003", "Row 1: Unknown well_name_point_id 'AR-0003'"),
            ("AR-0001", "", "Row 1: Missing required field 'well_name_point_id'"),
            ("ELECTRIC tape", "", "Row 1: Missing required field 'sample_method'"),
            ("ELECTRIC tape", "guess", "Row 1: sample_method - Value error, Unknown sample_method: guess"),
            ("not affected", "odd", "Row 1: level_status - Value error, Unknown level_status: odd"),
            ("45.2,,", "45.2,fine,", "Row 1: data_quality - Value error, Unknown data_quality: fine"),
            ("45.2", "-1", "Row 1: depth_to_water_ft - Value error, depth_to_water_ft must be greater than or equal to 0"),
            ("45.2", "deep", "Row 1: depth_to_water_ft - Input should be a valid number, unable to parse string as a number"),
            ("45.2", "nan", "Row 1: depth_to_water_ft - Input should be a finite number"),
            ("1.4", "high", "Row 1: mp_height - Input should be a valid number, unable to parse string as a number"),
            ("B Chen,ELECTRIC", "D Doe,ELECTRIC", "Row 1:  - Value error, measuring_person must match one of field_staff, field_staff_2, or field_staff_3"),
            ("T08:00", "T12:00", "Row 1:  - Value error, water_level_date_time must be greater than or equal to field_event_date_time"),
            ("not affected,45.2", ",", "Row 1:  - Value error, level_status is required when depth_to_water_ft is blank"),
            ("45.2", "249.9", "Row 1: depth_to_water_ft minus measuring point height (248.5) must be less than well depth (100.0)"),
            ("2025-02-15T08:00", "2025-13-01T08:00", "Row 1: field_event_date_time - Input should be a valid datetime or date, month value is outside expected range of 1-12"),
            ("2025-02-15T10:30", "2025-03-09T02:30", "Row 1: water_level_date_time - Value error, this time does not exist in America/Denver: the clocks were put forward"),
            ("2025-02-15T10:30", "2999-02-15T10:30", "Row 1: water_level_date_time - Value error, Datetime must be in the past."),
            ("windy", "windy, cold", "Row 1:  - Value error, the row has more cells than the header has columns"),
        ] {
            let bad = GOOD.replacen(from, to, 1);
            let summary = |imported: usize, rows: usize| json!({"total_rows_processed": rows, "total_rows_imported": imported, "validation_errors_or_warnings": 1});
            let detail = send(&app, "", &sheet(&[&bad])).detail(400);
            assert_eq!(detail, json!({"summary": summary(0, 1), "water_levels": [], "validation_errors": [expected]}), "{bad}");
            let some = send(&app, "?dry_run=true", &sheet(&[&bad, GOOD])).expect(200);
            assert_eq!(json!([some["summary"], some["validation_errors"]]), json!([summary(1, 2), [expected]]));
        }
        assert_eq!(total(&app, "/sample"), 0, "nothing was stored");
        assert_eq!(total(&app, "/contact"), 0, "nor was anybody of the crews");
        let some = send(&app, "", &sheet(&["AR-0001,,,,,,,,,,,,", GOOD])).expect(200);
        assert_eq!(some["summary"], json!({"total_rows_processed": 2, "total_rows_imported": 1, "validation_errors_or_warnings": 1}));
        assert_eq!(some["validation_errors"].as_array().unwrap().len(), 6);
        assert_eq!(total(&app, "/sample"), 1);
    }

    fn columns_have_aliases_and_any_order(db: Database) {
        let app = wells(db);
        let file = "\u{feff}sampler,hold(not saved),mp_height_ft,measurement_date_time,sample_method,field_staff,field_event_date_time,\
            well_name_point_id,depth_to_water_ft\r\n A Lopez ,x,2,2025-02-15T10:30, Steel tape,A Lopez,2025-02-15,AR-0001,\"12.5\"\r\n";
        assert_eq!(send(&app, "", file.as_bytes()).expect(200)["summary"]["total_rows_imported"], 1);
        let errors = |file: &str| send(&app, "", file.as_bytes()).detail(400);
        let missing = errors("well_name_point_id,field_event_date_time,field_staff,sample_method\na,b,c,d\n");
        assert_eq!(missing, json!({"summary": {"total_rows_processed": 1, "total_rows_imported": 0, "validation_errors_or_warnings": 2},
            "water_levels": [], "validation_errors": ["CSV missing required column 'water_level_date_time'",
                "CSV missing required column 'measuring_person'"]}));
        let twice = errors(&format!("{HEADER},sampler\n{GOOD},x\n"));
        assert_eq!(twice["validation_errors"], json!(["CSV has more than one column 'measuring_person'"]));
    }

    fn what_is_no_file_of_water_levels_is_refused(db: Database) {
        let app = wells(db);
        assert_eq!(send(&app, "", b"").detail(400), "Uploaded file is empty");
        assert_eq!(send(&app, "", b"a,b\n\xff\xfe,c\n").detail(400), "Uploaded file is not UTF-8");
        let missing = json!([{"type": "missing", "loc": ["body", "file"], "msg": "Field required", "input": null}]);
        assert_eq!(app.send("POST", PATH, Some(KIND), &part("other", b"a,b")).detail(422), missing);
        assert_eq!(app.send("POST", PATH, None, b"").detail(422), missing);
        assert_eq!(app.post(PATH, json!({"file": "x"})).detail(422), missing);
        assert_eq!(app.send("POST", PATH, Some(KIND), b"--xyz\r\nnothing").status, 400);
        assert_eq!(app.send("POST", PATH, Some("multipart/form-data"), b"--xyz").status, 400);
        assert_eq!(send(&app, "?dry_run=perhaps", &sheet(&[GOOD])).detail(422)[0]["loc"], json!(["query", "dry_run"]));
        let header_only = send(&app, "", &sheet(&[])).expect(200);
        assert_eq!(header_only["summary"]["total_rows_processed"], 0);
    }

    fn names_that_are_taken_or_shared_are_no_guess(db: Database) {
        db.execute("INSERT INTO thing (id, name, thing_type) VALUES (8, 'AR-0009', 'water well'), (9, 'AR-0009', 'water well')");
        let app = wells(db);
        let shared = send(&app, "", &sheet(&[&GOOD.replace("AR-0001", "AR-0009")])).detail(400);
        assert_eq!(shared["validation_errors"], json!(["Row 1: well_name_point_id - Value error, 2 wells are called 'AR-0009'"]));
        crate::field_event::sampled(&app, 2, "groundwater level", "AR-0001-WL-202502151730");
        let taken = send(&app, "", &sheet(&[GOOD])).detail(400);
        assert_eq!(taken["validation_errors"],
            json!(["Row 1:  - Value error, the sample 'AR-0001-WL-202502151730' is of another well"]));
    }
}
