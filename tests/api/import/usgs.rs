//! Importing files of the U.S. Geological Survey.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ocotillo::import::usgs::{self, Import, Summary};

use super::executor;
use super::files::{BAD_LEVELS, BAD_SITES, BY_HAND, Files, LEVEL_HEADER, SITE_HEADER, SITES, daily};
use crate::support::slow::wait_until;
use crate::support::{Database, Kind, Value, filter, json};

fn import_into(db: &Database, import: &Import) -> Summary {
    usgs::run(&executor(db), import).unwrap()
}

const TABLES: [&str; 13] = [
    "thing",
    "location",
    "location_thing_association",
    "thing_id_link",
    "data_provenance",
    "field_event",
    "field_activity",
    "sample",
    "observation",
    "sensor",
    "deployment",
    "transducer_observation_block",
    "transducer_observation",
];

fn counts(db: &Database) -> Vec<i64> {
    TABLES.iter().map(|table| db.number(&format!("SELECT count(*) FROM {table}"))).collect()
}

/// All that the import brought, without keys.
fn contents(db: &Database) -> Vec<String> {
    let time = |column: &str| match db.kind {
        Kind::Postgres => format!("to_char({column}, 'YYYY-MM-DD HH24:MI:SS')"),
        Kind::Sqlite => format!("substr({column}, 1, 19)"),
    };
    let mut found = Vec::new();
    for sql in [
        format!(
            "SELECT l.alternate_id || '|' || s.sample_name || '|' || {} || '|' || o.value || '|' || o.unit AS value \
             FROM observation o JOIN sample s ON s.id = o.sample_id JOIN field_activity a ON a.id = s.field_activity_id \
             JOIN field_event e ON e.id = a.field_event_id JOIN thing_id_link l ON l.thing_id = e.thing_id ORDER BY 1",
            time("o.observation_datetime")
        ),
        format!(
            "SELECT l.alternate_id || '|' || n.name || '|' || {} || '|' || r.value AS value \
             FROM transducer_observation r JOIN deployment d ON d.id = r.deployment_id JOIN sensor n ON n.id = d.sensor_id \
             JOIN thing_id_link l ON l.thing_id = d.thing_id ORDER BY 1",
            time("r.observation_datetime")
        ),
        format!(
            "SELECT l.alternate_id || '|' || b.review_status || '|' || {} || '|' || {} AS value \
             FROM transducer_observation_block b JOIN thing_id_link l ON l.thing_id = b.thing_id ORDER BY 1",
            time("b.start_datetime"),
            time("b.end_datetime")
        ),
    ] {
        found.extend(db.texts(&sql));
    }
    found
}

fn only_good(files: &Files) -> Import {
    let sites = files.plain("sites.csv", SITE_HEADER, &[SITES]);
    let levels = files.zipped("levels.csv.gz", LEVEL_HEADER, &[&daily(), BY_HAND]);
    files.import(sites, levels)
}

both! {
    fn sites_and_levels_are_there(db: Database) {
        let files = Files::new();
        let summary = import_into(&db, &only_good(&files));
        assert_eq!((summary.sites, summary.things, summary.measurements, summary.observations), (4, 4, 5, 5));
        assert_eq!((summary.means, summary.readings, summary.sensors, summary.blocks), (27, 27, 1, 1));
        assert_eq!(summary.skipped, []);
        assert_eq!(summary.left_out, 3);
        assert_eq!(
            files.report(),
            [
                "sites.csv:4: row used without a value that is not usable: USGS-3: well_constructed_depth -5",
                "sites.csv:4: row used without a value that is not usable: USGS-3: hole_constructed_depth deep",
                "sites.csv:5: row used without a value that is not usable: USGS-4: construction_date tomorrow",
            ]
        );
        assert_eq!(db.number("SELECT count(*) FROM observation WHERE measuring_point_height = 0 AND unit = 'ft'"), 5);
        let app = db.start();
        let things = app.get("/thing?sort=id&order=asc").expect(200)["items"].clone();
        let thing = |at: usize, key: &str| things[at][key].clone();
        let all = |key: &str| (0..4).map(|at| thing(at, key)).collect::<Vec<_>>();
        assert_eq!(all("name"), ["Upper well", "Lower, \"old\" well", "USGS-3", "Warm spring"]);
        assert_eq!(all("thing_type"), ["water well", "water well", "test well", "spring"]);
        assert_eq!(all("release_status"), ["public"; 4]);
        assert_eq!(all("well_depth"), [json!(300.0), Value::Null, Value::Null, Value::Null]);
        assert_eq!(all("hole_depth"), [json!(310.0), Value::Null, Value::Null, Value::Null]);
        let dates = [json!("1984-06-27"), json!("1951-01-01"), json!("1989-07-01"), Value::Null];
        assert_eq!(all("well_completion_date"), dates);
        let place = thing(0, "current_location");
        assert_eq!(place["geometry"]["coordinates"], json!([-106.9, 34.1, 1_478.432_4]));
        assert_eq!((&place["properties"]["elevation"], &place["properties"]["vertical_datum"]), (&json!(4850.5), &json!("NGVD29")));
        for (at, feet) in [(1, 4800.0), (2, -12.0), (3, 5000.0)] {
            let place = &thing(at, "current_location")["properties"];
            assert_eq!((&place["elevation"], &place["vertical_datum"]), (&json!(feet), &json!("NAVD88")));
        }
        assert_eq!(app.items(&format!("/location?{}", filter("vertical_datum", "eq", json!("NGVD29"))), "elevation"), [1_478.432_4]);
        assert_eq!(place["properties"]["county"], "Socorro");
        assert_eq!(place["properties"]["state"], "New Mexico");
        assert_eq!(place["properties"]["elevation_method"], "Interpolated from topographic map");
        assert_eq!(thing(1, "current_location")["properties"]["elevation_method"], Value::Null);
        let link = &thing(0, "alternate_ids")[0];
        assert_eq!((&link["alternate_id"], &link["relation"]), (&json!("USGS-1"), &json!("same_as")));
        assert_eq!(link["alternate_organization"], "USGS");
        // The full-text index was kept up to date.
        assert_eq!(app.items("/thing?query=upper", "name"), ["Upper well"]);

        let levels = app.get("/observation/groundwater-level?sort=observation_datetime&order=asc").expect(200);
        let first = &levels["items"][0];
        assert_eq!(first["value"], 12.5);
        assert_eq!(first["depth_to_water_bgs"], 12.5);
        assert_eq!(first["observation_datetime"], "1999-01-05T18:30:00Z");
        assert_eq!(first["parameter"]["parameter_name"], "groundwater level");
        let mut names = app.items("/sample?sort=sample_name&order=asc", "sample_name");
        names.truncate(3);
        assert_eq!(names, ["USGS-1-WL-200102030500", "USGS-2-WL-199901051830", "USGS-2-WL-200001051830"]);
        let db = app.finish();
        let sources = db.texts("SELECT field_name || ': ' || origin_source AS value FROM data_provenance ORDER BY id");
        assert_eq!(
            sources,
            [
                "elevation: USGS, NGVD29",
                "coordinates: USGS, NAD27",
                "elevation: USGS, NAVD88, Some new method",
                "coordinates: USGS, NAD83, Calculated from land net",
                "well_completion_date: USGS, year only",
                "elevation: USGS, NAVD88",
                "coordinates: USGS, NAD83",
                "well_completion_date: USGS, year and month only",
                "elevation: USGS, NAVD88",
                "coordinates: USGS, NAD83",
            ]
        );
        let exact = "SELECT count(*) FROM data_provenance \
                     WHERE abs(accuracy_value - 3.048) < 0.001 AND accuracy_unit = 'm'";
        assert_eq!(db.number(exact), 1);
    }

    fn every_row_that_cannot_be_used_is_told(db: Database) {
        let files = Files::new();
        let sites = files.zipped("sites.csv.gz", SITE_HEADER, &[SITES, BAD_SITES]);
        let levels = files.plain("levels.csv", LEVEL_HEADER, &[BY_HAND, &daily(), BAD_LEVELS]);
        let import = files.import(sites, levels);
        let summary = import_into(&db, &import);
        assert_eq!((summary.things, summary.observations, summary.readings), (4, 5, 27));
        let report = files.report();
        let of = |file: &str| report.iter().filter(|line| line.starts_with(file)).cloned().collect::<Vec<_>>();
        let told: Vec<_> = of("sites.csv.gz:").into_iter().filter(|line| !line.contains("row used")).collect();
        assert_eq!(
            told,
            [
                "sites.csv.gz:6: no usable monitoring_location_id: ",
                "sites.csv.gz:7: the site occurs twice in this file: USGS-1, first on line 2",
                "sites.csv.gz:8: no usable longitude and latitude: USGS-5: -206, 34",
                "sites.csv.gz:9: no usable altitude: USGS-6: NaN",
                "sites.csv.gz:10: not as many fields as columns: 3 in place of 18",
            ]
        );
        let mut told = of("levels.csv:");
        told.sort();
        assert_eq!(
            told,
            [
                "levels.csv:34: same site, time and value as an earlier row: USGS-2 1999-01-05T18:30:00Z, 12.5; on line 2: 12.5",
                "levels.csv:35: same site and time as an earlier row, but another value: USGS-2 1999-01-05T18:30:00Z, 12.75; on line 2: 12.5",
                "levels.csv:36: same site, time and value as an earlier row: USGS-1 2001-02-02T05:00:00Z, 42.25; on line 8: 42.25",
                "levels.csv:37: unknown site: USGS-9",
                "levels.csv:38: no value, and no reason for its absence: USGS-2 2001-01-05T18:30:00Z",
                "levels.csv:39: the value is not a number: USGS-2 2002-01-05T18:30:00Z: dry",
                "levels.csv:40: the value is not a number: USGS-2 2003-01-05T18:30:00Z: inf",
                "levels.csv:41: the time is not a point in time: USGS-2: 1999-13-05T18:30:00Z",
                "levels.csv:42: the time is in the future: USGS-2: 2999-01-05T18:30:00Z",
                "levels.csv:43: not depth to water (parameter 72019): USGS-2: parameter 00010",
                "levels.csv:44: neither a single value nor a daily mean (statistic 00003): USGS-2: statistic 00001",
                "levels.csv:45: not as many fields as columns: 2 in place of 5",
            ]
        );
        let skipped: u64 = summary.skipped.iter().map(|skipped| skipped.rows).sum();
        assert_eq!(skipped, 17);
        // The second time the same is told, and nothing is added.
        let (before, summary_before) = (counts(&db), summary);
        let summary = import_into(&db, &import);
        assert_eq!(counts(&db), before);
        assert_eq!(files.report(), report);
        assert_eq!((summary.things, summary.observations, summary.readings), (0, 0, 0));
        assert_eq!((summary.sensors, summary.blocks), (0, 0));
        assert_eq!(summary.skipped, summary_before.skipped);
    }

    fn a_stopped_import_is_completed_by_the_next(db: Database) {
        let files = Files::new();
        let import = only_good(&files);
        // A trigger of a test's own stops the import in the middle: the chunks before it are stored.
        let (refuse, allow) = match db.kind {
            Kind::Postgres => (
                "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stop'; END $$; \
                 CREATE TRIGGER stop BEFORE INSERT ON transducer_observation FOR EACH ROW WHEN (new.value > 55) \
                 EXECUTE FUNCTION stop()",
                "DROP TRIGGER stop ON transducer_observation",
            ),
            Kind::Sqlite => (
                "CREATE TRIGGER stop BEFORE INSERT ON transducer_observation WHEN new.value > 55 \
                 BEGIN SELECT RAISE(ABORT, 'stop'); END",
                "DROP TRIGGER stop",
            ),
        };
        db.execute(refuse);
        assert!(usgs::run(&executor(&db), &import).unwrap_err().to_string().contains("stop"));
        let half = db.number("SELECT count(*) FROM transducer_observation").unsigned_abs();
        assert!(half > 0 && half < 27, "{half}");
        db.execute(allow);
        let summary = import_into(&db, &import);
        assert_eq!((summary.things, summary.readings, summary.sensors, summary.blocks), (0, 27 - half, 0, 0));
        let clean = Database::of(db.kind);
        import_into(&clean, &import);
        assert_eq!(counts(&db), counts(&clean));
        assert_eq!(contents(&db), contents(&clean));
    }

    fn a_later_file_continues_the_series(db: Database) {
        let files = Files::new();
        import_into(&db, &only_good(&files));
        // Somebody reviewed what was there, somebody else wrote a row of their own.
        db.execute("UPDATE transducer_observation_block SET review_status = 'approved'");
        db.execute("INSERT INTO thing (name, thing_type) VALUES ('Another', 'water well')");
        let rows = "USGS-1,2001-01-30T05:00:00Z,1,72019,00003\nUSGS-1,2001-02-14T05:00:00Z,2,72019,00003\n\
                    USGS-1,2001-03-01T05:00:00Z,3,72019,00003\nUSGS-1,2001-03-02T05:00:00Z,4,72019,00003\n\
                    USGS-4,2001-03-02T05:00:00Z,4,72019,\n";
        let levels = files.plain("later.csv", LEVEL_HEADER, &[rows]);
        let sites = files.plain("none.csv", SITE_HEADER, &[]);
        let summary = import_into(&db, &files.import(sites, levels));
        assert_eq!((summary.sites, summary.observations), (0, 1));
        assert_eq!((summary.readings, summary.sensors, summary.blocks), (4, 0, 2));
        let is_block = |line: &String| line.contains("|not reviewed|") || line.contains("|approved|");
        let blocks: Vec<String> = contents(&db).into_iter().filter(is_block).collect();
        assert_eq!(
            blocks,
            [
                "USGS-1|approved|2001-02-01 05:00:00|2001-02-28 05:00:00",
                "USGS-1|not reviewed|2001-01-30 05:00:00|2001-01-30 05:00:00",
                "USGS-1|not reviewed|2001-03-01 05:00:00|2001-03-02 05:00:00",
            ]
        );
        assert_eq!(db.texts("SELECT CAST(installation_date AS text) AS value FROM deployment"), ["2001-01-30"]);
        // The ids that were set aside are not given again.
        let last = db.number("SELECT max(id) FROM thing");
        db.execute("INSERT INTO thing (name, thing_type) VALUES ('Yet another', 'water well')");
        assert!(db.number("SELECT id FROM thing WHERE name = 'Yet another'") > last);
    }

    fn files_that_cannot_work_are_refused(db: Database) {
        let files = Files::new();
        let sites = files.plain("sites.csv", SITE_HEADER, &[SITES]);
        let levels = files.plain("levels.csv", LEVEL_HEADER, &[BY_HAND]);
        let refused = |sites: &Path, levels: &Path| {
            usgs::run(&executor(&db), &files.import(sites.to_owned(), levels.to_owned())).unwrap_err().to_string()
        };
        let message = refused(&levels, &sites);
        assert!(message.contains("sites.csv: no column time, value, parameter_code, statistic_id; "), "{message}");
        let message = refused(&levels, &levels);
        assert!(message.contains("levels.csv: no column monitoring_location_name, site_type, "), "{message}");
        let empty = files.path("empty.csv");
        std::fs::write(&empty, "").unwrap();
        assert!(refused(&sites, &empty).contains("empty.csv: the file is empty"));
        assert!(refused(&sites, &files.path("missing.csv")).contains("missing.csv: No such file"));
        let cut = files.zipped("cut.csv.gz", LEVEL_HEADER, &[BY_HAND]);
        let bytes = std::fs::read(&cut).unwrap();
        std::fs::write(&cut, &bytes[..bytes.len() - 9]).unwrap();
        assert!(refused(&sites, &cut).contains("cut.csv.gz: "));
        assert_eq!(db.number("SELECT count(*) FROM observation"), 0);
    }

    fn the_command_prints_a_summary(db: Database) {
        let files = Files::new();
        let sites = files.zipped("sites.csv.gz", SITE_HEADER, &[SITES, BAD_SITES]);
        let levels = files.plain("levels.csv", LEVEL_HEADER, &[BY_HAND, &daily(), BAD_LEVELS]);
        let command = |levels: &Path| {
            std::process::Command::new(env!("CARGO_BIN_EXE_ocotillo"))
                .args(["--database-url", &db.url, "import", "usgs", "--sites"])
                .arg(&sites)
                .arg("--levels")
                .arg(levels)
                .env("OCOTILLO_CONCURRENCY_POOL_SIZE", "2")
                .output()
                .unwrap()
        };
        let output = command(&levels);
        let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{errors}");
        assert!(told.contains("4 sites: 4 things added, 0 there already\n"), "{told}");
        assert!(told.contains("5 single measurements: 5 observations added, 0 there already\n"), "{told}");
        assert!(told.contains("27 daily means: 27 readings added, 0 there already\n"), "{told}");
        assert!(told.contains("17 rows not used\n  2: not as many fields as columns\n"), "{told}");
        assert!(errors.contains("levels.csv:37: unknown site: USGS-9\n"), "{errors}");
        let output = command(&files.path("missing.csv"));
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("missing.csv: No such file"));
    }
}

#[test]
fn a_signal_ends_an_import_between_two_rows() {
    let (db, files) = (Database::sqlite(), Files::new());
    let sites = files.plain("sites.csv", SITE_HEADER, &[SITES]);
    let levels = files.path("levels.csv");
    assert!(Command::new("mkfifo").arg(&levels).status().unwrap().success());
    let mut import = Command::new(env!("CARGO_BIN_EXE_ocotillo"))
        .args(["import", "usgs", "--database-url", &db.url])
        .args([OsStr::new("--sites"), sites.as_os_str(), OsStr::new("--levels"), levels.as_os_str()])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The levels come through a pipe, so that the import is in the middle of them for as long as the test likes.
    let mut pipe = std::fs::OpenOptions::new().write(true).open(&levels).unwrap();
    writeln!(pipe, "{LEVEL_HEADER}").unwrap();
    wait_until("the sites are stored", || db.number("SELECT count(*) FROM thing") == 4);
    assert!(Command::new("kill").args(["-INT", &import.id().to_string()]).status().unwrap().success());
    // The import may take some more rows until it has heard of the signal, and then no longer reads.
    while import.try_wait().unwrap().is_none() {
        let _no_longer_read = pipe.write_all(BY_HAND.as_bytes());
    }
    let ended = import.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.trim_end().ends_with("run the command again to go on"), "{said}");
    assert!(!PathBuf::from(format!("{}-wal", db.path().display())).exists(), "everything is in the one file");
    assert_eq!(import_into(&db, &only_good(&files)).things, 0, "the second run goes on");
}
