//! The feeds of the monitoring network, to the byte.

use ocotillo::config::AuthMode;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::support::principals::{ByName, EVERYTHING};
use crate::support::*;

const FEEDS: [(&str, &str); 3] =
    [("waterlevels", "WaterLevels"), ("wellconstruction", "Casings"), ("lithology", "Lithologies")];

const STEEL_TAPE: &str = "Steel-tape measurement";
const WITHIN_A_FOOT: &str = "Water level accurate to within one foot";

fn reply(client: &Client, feed: &str, point: &str) -> Reply {
    let point: String = point.bytes().map(|byte| format!("%{byte:02X}")).collect();
    client.get(&format!("/ngwmn/{feed}/{point}"))
}

/// A feed's text, after a look at what is around it.
#[track_caller]
fn feed(client: &Client, feed: &str, point: &str) -> String {
    let reply = reply(client, feed, point);
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/xml")), "{}", reply.text());
    assert!(reply.body.is_ascii());
    reply.text()
}

fn levels(client: &Client, point: &str) -> String {
    feed(client, "waterlevels", point)
}

/// The texts of the elements of a name, as an XML parser reads them. Panics where the document is not well-formed.
fn texts(xml: &str, tag: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut found, mut inside, mut depth) = (Vec::new(), false, 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                depth += 1;
                inside = start.name().as_ref() == tag;
                if inside {
                    found.push(String::new());
                }
            }
            Event::Empty(empty) if empty.name().as_ref() == tag => found.push(String::new()),
            Event::Text(text) if inside => found.last_mut().unwrap().push_str(text.as_ref()),
            Event::GeneralRef(reference) if inside => {
                let c = match reference.resolve_char_ref().unwrap() {
                    Some(c) => c,
                    None => match reference.as_ref() {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        other => panic!("&{other};"),
                    },
                };
                found.last_mut().unwrap().push(c);
            }
            Event::End(_) => {
                depth -= 1;
                inside = false;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "not well-formed");
    found
}

fn last(db: &Database, table: &str) -> i64 {
    db.number(&format!("SELECT coalesce(max(id), 0) FROM {table}"))
}

/// A thing by its name, with a status.
fn thing(db: &Database, name: &str, kind: &str, status: &str) -> i64 {
    db.execute(&format!(
        "INSERT INTO thing (name, thing_type, release_status) VALUES ('{}', '{kind}', '{status}')",
        name.replace('\'', "''")
    ));
    last(db, "thing")
}

fn well(db: &Database, name: &str) -> i64 {
    thing(db, name, "water well", "public")
}

fn level_parameter(db: &Database) -> i64 {
    db.number("SELECT min(id) FROM parameter WHERE parameter_name = 'groundwater level'")
}

/// SQL for a text or null.
fn quoted(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), |text| format!("'{}'", text.replace('\'', "''")))
}

/// A level that was measured by hand.
#[derive(Clone, Copy)]
struct Level<'a> {
    at: &'a str,
    value: &'a str,
    height: &'a str,
    method: &'a str,
    quality: Option<&'a str>,
}

impl Level<'_> {
    const USUAL: Level<'static> = Level {
        at: "2026-01-05 18:30:00",
        value: "100.5",
        height: "1.25",
        method: STEEL_TAPE,
        quality: Some(WITHIN_A_FOOT),
    };

    fn store(self, db: &Database, thing: i64) {
        self.store_with(db, thing, ["public"; 4]);
    }

    /// With the statuses of event, activity, sample and observation.
    fn store_with(self, db: &Database, thing: i64, [event, activity, sample, observation]: [&str; 4]) {
        let Self { at, value, height, method, quality } = self;
        let (number, parameter, quality) = (last(db, "sample"), level_parameter(db), quoted(quality));
        db.execute(&format!(
            "INSERT INTO field_event (thing_id, event_date, release_status) VALUES ({thing}, '{at}', '{event}');
             INSERT INTO field_activity (field_event_id, activity_type, release_status)
                 SELECT max(id), 'groundwater level', '{activity}' FROM field_event;
             INSERT INTO sample (field_activity_id, sample_date, sample_name, sample_matrix, sample_method, qc_type, release_status)
                 SELECT max(id), '{at}', 'sample {number}', 'groundwater', '{method}', 'Normal', '{sample}' FROM field_activity;
             INSERT INTO observation (sample_id, parameter_id, observation_datetime, value, unit, measuring_point_height,
                 nma_data_quality, release_status)
                 SELECT max(id), {parameter}, '{at}', {value}, 'ft', {height}, {quality}, '{observation}' FROM sample"
        ));
    }
}

/// A transducer in a thing; its deployment and sensor are drafts, which makes no difference.
fn deploy(db: &Database, thing: i64) -> i64 {
    db.execute(&format!(
        "INSERT INTO sensor (name, sensor_type, release_status) VALUES ('Diver', 'Pressure Transducer', 'draft');
         INSERT INTO deployment (thing_id, sensor_id, release_status) SELECT {thing}, max(id), 'draft' FROM sensor"
    ));
    last(db, "deployment")
}

fn reading(db: &Database, deployment: i64, at: &str, value: f64, status: &str) {
    db.execute(&format!(
        "INSERT INTO transducer_observation (deployment_id, parameter_id, observation_datetime, value, release_status) \
         VALUES ({deployment}, {}, '{at}', {value}, '{status}')",
        level_parameter(db)
    ));
}

fn by_hand(point: &str, depth: &str, (year, month, day): (u32, u32, u32)) -> String {
    element(
        point,
        depth,
        "<MeasuringMethod>Steel tape</MeasuringMethod>",
        (year, month, day),
        "<WaterLevelAccuracy>1.0 ft</WaterLevelAccuracy>",
    )
}

fn by_transducer(point: &str, depth: &str, date: (u32, u32, u32)) -> String {
    element(
        point,
        depth,
        "<MeasuringMethod>Pressure Transducer</MeasuringMethod>",
        date,
        "<WaterLevelAccuracy>0.02 ft</WaterLevelAccuracy>",
    )
}

fn element(point: &str, depth: &str, method: &str, (year, month, day): (u32, u32, u32), accuracy: &str) -> String {
    format!(
        "<WaterLevel><PointID>{point}</PointID><DepthFromLandSurfaceData>{depth}</DepthFromLandSurfaceData>\
         <WaterLevelUnits>ft bgs</WaterLevelUnits>{method}<MeasurementMonth>{month}</MeasurementMonth>\
         <MeasurementDay>{day}</MeasurementDay><MeasurementYear>{year}</MeasurementYear>\
         <MeasurementTime>0:00:00</MeasurementTime><MeasurementTimezone>MST</MeasurementTimezone>{accuracy}</WaterLevel>"
    )
}

fn feed_of(levels: &[String]) -> String {
    format!("<WaterLevels>{}</WaterLevels>", levels.concat())
}

both! {
    fn a_point_without_records_is_an_empty_root(db: Database) {
        let app = db.start();
        well(&app.db, "PUBLIC");
        for (name, root) in FEEDS {
            let empty = format!("<{root} />");
            for point in ["NOWHERE", "%", "a/b", " ", "\0", "a\0b", "\u{e9}", "'; DROP TABLE thing; --", &"x".repeat(2000)] {
                assert_eq!(feed(&app, name, point), empty, "{point:?}");
            }
            assert_eq!(app.get(&format!("/ngwmn/{name}/")).text(), empty);
            for odd in ["a/b/c", "..", "%FF", "%zz", "a%2", "a//b", "a+b", "a;b=c", "PUBLIC%20", "public"] {
                let reply = app.get(&format!("/ngwmn/{name}/{odd}"));
                assert_eq!((reply.status, reply.text()), (200, empty.clone()), "{odd}");
            }
        }
        assert_eq!((levels(&app, "PUBLIC"), feed(&app, "lithology", "PUBLIC")), ("<WaterLevels />".to_owned(), "<Lithologies />".to_owned()));
        assert_eq!(app.get("/ngwmn").status, 404);
        assert_eq!(app.get("/ngwmn/other/PUBLIC").status, 404);
        assert_eq!(app.post("/ngwmn/lithology/PUBLIC", json!({})).status, 405);
    }

    fn levels_measured_by_hand_to_the_byte(db: Database) {
        let app = db.start();
        let id = well(&app.db, "SO-0001");
        Level::USUAL.store(&app.db, id);
        assert_eq!(levels(&app, "SO-0001"), "<WaterLevels><WaterLevel><PointID>SO-0001</PointID>\
            <DepthFromLandSurfaceData>99.25</DepthFromLandSurfaceData><WaterLevelUnits>ft bgs</WaterLevelUnits>\
            <MeasuringMethod>Steel tape</MeasuringMethod><MeasurementMonth>1</MeasurementMonth><MeasurementDay>5</MeasurementDay>\
            <MeasurementYear>2026</MeasurementYear><MeasurementTime>0:00:00</MeasurementTime>\
            <MeasurementTimezone>MST</MeasurementTimezone><WaterLevelAccuracy>1.0 ft</WaterLevelAccuracy></WaterLevel></WaterLevels>");
        // Without height, method and quality; rounded as Python rounds; sorted by date; null depths are skipped.
        let usual = Level::USUAL;
        Level { at: "2025-12-31 12:00:00", value: "2.675", height: "NULL", method: "Manometer", quality: None }.store(&app.db, id);
        Level { at: "2025-12-30 12:00:00", value: "NULL", ..usual }.store(&app.db, id);
        Level { at: "2026-01-07 12:00:00", value: "0.125", height: "NULL", ..usual }.store(&app.db, id);
        Level { at: "2026-01-06 12:00:00", value: "-1", height: "2.5", ..usual }.store(&app.db, id);
        let all = [
            element("SO-0001", "2.67", "<MeasuringMethod />", (2025, 12, 31), "<WaterLevelAccuracy />"),
            by_hand("SO-0001", "99.25", (2026, 1, 5)),
            by_hand("SO-0001", "-3.50", (2026, 1, 6)),
            by_hand("SO-0001", "0.12", (2026, 1, 7)),
        ];
        assert_eq!(levels(&app, "SO-0001"), feed_of(&all));
        // Another parameter is another thing.
        app.db.execute("UPDATE observation SET parameter_id = (SELECT min(id) FROM parameter WHERE parameter_name = 'pH')");
        assert_eq!(levels(&app, "SO-0001"), "<WaterLevels />");
    }

    fn words_of_methods_and_accuracies(db: Database) {
        let app = db.start();
        let id = well(&app.db, "W");
        let methods = [
            ("Steel-tape measurement", "Steel tape"),
            ("Electric tape measurement (E-probe)", "Electric tape"),
            ("Observed (required for F, N, and W water level status)", "Acoustic Sounder"),
            ("Estimated", "Estimated"),
            ("Reported, method not known", "Reported"),
            ("Pressure-gage measurement", "Pressure gauge"),
            ("Unknown (for legacy data only; not for new data entry)", "Unknown; from legacy data"),
            ("Sonic water level meter (acoustic pulse)", ""),
            ("Unknown", ""),
        ];
        let qualities = [
            (Some("Water level accurate to within two hundreths of a foot"), "0.02 ft"),
            (Some("Water level accurate to within one foot"), "1.0 ft"),
            (Some("Water level accuracy not to nearest foot or water level not repeatable"), "Unknown"),
            (Some("Water level accurate to nearest foot (USGS accuracy level)"), ""),
            (None, ""),
        ];
        app.db.execute("INSERT INTO lexicon_term (term, definition) SELECT 'Sonic water level meter (acoustic pulse)', 'd' \
            WHERE NOT EXISTS (SELECT 1 FROM lexicon_term WHERE term = 'Sonic water level meter (acoustic pulse)')");
        for (day, (method, _)) in methods.iter().enumerate() {
            let (quality, _) = qualities[day % qualities.len()];
            Level { at: &format!("2026-01-{:02} 12:00:00", day + 1), method, quality, ..Level::USUAL }.store(&app.db, id);
        }
        let xml = levels(&app, "W");
        assert_eq!(texts(&xml, "MeasuringMethod"), methods.map(|(_, word)| word));
        let expected: Vec<&str> = (0..methods.len()).map(|day| qualities[day % qualities.len()].1).collect();
        assert_eq!(texts(&xml, "WaterLevelAccuracy"), expected);
    }

    fn the_day_is_local_unless_no_time_was_recorded(db: Database) {
        let app = db.start();
        let id = well(&app.db, "W");
        for at in ["2026-01-02 00:00:00", "2026-01-03 00:00:01", "2026-01-04 06:59:59", "2026-01-04 07:00:00",
                   "2026-07-02 05:59:59", "2026-07-02 06:00:00", "2026-07-04 00:00:00",
                   // The clocks went forward at 09:00 UTC: two minutes, one day.
                   "2026-03-08 08:59:00", "2026-03-08 09:00:00"] {
            Level { at, ..Level::USUAL }.store(&app.db, id);
        }
        let xml = levels(&app, "W");
        let days: Vec<String> = texts(&xml, "MeasurementMonth").into_iter().zip(texts(&xml, "MeasurementDay"))
            .map(|(month, day)| format!("{month}/{day}")).collect();
        assert_eq!(days, ["1/2", "1/2", "1/3", "1/4", "3/8", "3/8", "7/1", "7/2", "7/4"]);
    }

    fn a_transducer_gives_the_shallowest_reading_of_a_day(db: Database) {
        let app = db.start();
        let id = well(&app.db, "W");
        let (one, other) = (deploy(&app.db, id), deploy(&app.db, id));
        reading(&app.db, one, "2026-01-02 00:00:00", 10.5, "public");
        reading(&app.db, one, "2026-01-02 23:59:59", 10.25, "public");
        reading(&app.db, other, "2026-01-02 12:00:00", 11.0, "public");
        reading(&app.db, other, "2026-01-01 23:59:59", 12.0, "public");
        reading(&app.db, one, "2026-01-02 06:00:00", 1.0, "draft");
        reading(&app.db, one, "2026-01-03 06:00:00", 1.0, "private");
        app.db.execute("UPDATE parameter SET release_status = 'draft'");
        let all = [by_transducer("W", "12.00", (2026, 1, 1)), by_transducer("W", "10.25", (2026, 1, 2))];
        assert_eq!(levels(&app, "W"), feed_of(&all));
    }

    fn levels_of_both_kinds_are_merged(db: Database) {
        let app = db.start();
        let id = well(&app.db, "W");
        let deployment = deploy(&app.db, id);
        for day in 2..=6 {
            reading(&app.db, deployment, &format!("2026-01-{day:02} 12:00:00"), 10.0, "public");
        }
        for (at, value) in [
            ("2026-01-01 12:00:00", "20"),
            // Shallower, equal, deeper.
            ("2026-01-02 12:00:00", "9.99"), ("2026-01-03 12:00:00", "10"), ("2026-01-04 12:00:00", "10.01"),
            // Of two on a day the first is compared, the other stays.
            ("2026-01-05 12:00:00", "11"), ("2026-01-05 13:00:00", "8"),
            ("2026-01-06 12:00:00", "7"), ("2026-01-06 13:00:00", "12"),
            ("2026-01-07 12:00:00", "5"), ("2026-01-07 13:00:00", "4"),
        ] {
            Level { at, value, height: "NULL", ..Level::USUAL }.store(&app.db, id);
        }
        let (hand, transducer) = (|day, depth| by_hand("W", depth, (2026, 1, day)), |day| by_transducer("W", "10.00", (2026, 1, day)));
        let all = [hand(1, "20.00"), hand(2, "9.99"), transducer(3), transducer(4), transducer(5), hand(5, "8.00"),
            hand(6, "7.00"), hand(6, "12.00"), hand(7, "5.00"), hand(7, "4.00")];
        assert_eq!(levels(&app, "W"), feed_of(&all));
    }

    fn only_what_is_public_is_told_whoever_asks(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let id = well(&app.db, "W");
        for hidden in 0..4 {
            for status in ["draft", "private", "provisional"] {
                let mut chain = ["public"; 4];
                chain[hidden] = status;
                Level::USUAL.store_with(&app.db, id, chain);
            }
        }
        let deployment = deploy(&app.db, id);
        reading(&app.db, deployment, "2026-01-02 00:00:00", 1.0, "draft");
        let everybody = [app.client.clone(), app.client.on_behalf_of(EVERYTHING), app.client.showing("nobody knows this")];
        for client in &everybody {
            assert_eq!(levels(client, "W"), "<WaterLevels />");
        }
        Level::USUAL.store(&app.db, id);
        // Embargoed rows are public from their day on.
        Level { at: "2026-01-01 12:00:00", ..Level::USUAL }.store(&app.db, id);
        let newest = |set: &str| app.db.execute(&format!("UPDATE observation SET {set} WHERE id = {}", last(&app.db, "observation")));
        newest("release_status = 'embargoed', release_at = '2999-01-01'");
        assert_eq!(levels(&app, "W"), feed_of(&[by_hand("W", "99.25", (2026, 1, 5))]));
        newest("release_at = '2020-01-01'");
        assert_eq!(levels(&app, "W"), feed_of(&[by_hand("W", "99.25", (2026, 1, 1)), by_hand("W", "99.25", (2026, 1, 5))]));
        app.db.execute(&format!(
            "INSERT INTO geologic_formation (formation_code, lithology) SELECT NULL, min(term) FROM lexicon_term;
             INSERT INTO thing_geologic_formation_association (thing_id, geologic_formation_id, top_depth, bottom_depth)
                 SELECT {id}, max(id), 0, 1 FROM geologic_formation"));
        for status in ["draft", "private"] {
            app.db.execute(&format!("UPDATE thing SET release_status = '{status}'"));
            for client in &everybody {
                for (name, root) in FEEDS {
                    assert_eq!(feed(client, name, "W"), format!("<{root} />"), "{status}");
                }
            }
        }
    }

    fn construction_to_the_byte(db: Database) {
        let app = db.start();
        let id = well(&app.db, "SO-0001");
        let bare = "<Casings><Casing><PointID>SO-0001</PointID><CasingTop /><CasingBottom /><CasingDepthUnits /><ScreenTop />\
            <ScreenBottom /><ScreenDescription /><ScreenMaterial>steel</ScreenMaterial></Casing></Casings>";
        assert_eq!(feed(&app, "wellconstruction", "SO-0001"), bare);
        app.db.execute(&format!(
            "UPDATE thing SET well_casing_depth = 310;
             INSERT INTO well_screen (thing_id, screen_depth_top, screen_depth_bottom, screen_description, release_status) VALUES
                 ({id}, 270.25, 300, 'a & b <\u{e9}> \"c\"', 'draft'), ({id}, NULL, NULL, NULL, 'private'), ({id}, 0, 120.5, '', NULL)"));
        let casing = |screen: &str| format!("<Casing><PointID>SO-0001</PointID><CasingTop>0.0</CasingTop><CasingBottom>310.0</CasingBottom>\
            <CasingDepthUnits>ft bgs</CasingDepthUnits>{screen}<ScreenMaterial>steel</ScreenMaterial></Casing>");
        let all = [
            casing("<ScreenTop>0.0</ScreenTop><ScreenBottom>120.5</ScreenBottom><ScreenDescription />"),
            casing("<ScreenTop>270.25</ScreenTop><ScreenBottom>300.0</ScreenBottom>\
                <ScreenDescription>a &amp; b &lt;&#233;&gt; \"c\"</ScreenDescription>"),
            casing("<ScreenTop /><ScreenBottom /><ScreenDescription />"),
        ];
        assert_eq!(feed(&app, "wellconstruction", "SO-0001"), format!("<Casings>{}</Casings>", all.concat()));
        // A spring has no casing.
        thing(&app.db, "Ojo", "spring", "public");
        assert_eq!(feed(&app, "wellconstruction", "Ojo"), "<Casings />");
    }

    fn lithology_to_the_byte(db: Database) {
        let app = db.start();
        let id = well(&app.db, "SO-0001");
        app.db.execute("INSERT INTO lexicon_term (term, definition) VALUES ('Sand & gravel\u{2013}clay', 'd')");
        for (lithology, top, bottom) in [(Some("Sand & gravel\u{2013}clay"), "10.5", "20"), (None, "5", "10.5"), (Some("Sand & gravel\u{2013}clay"), "0", "5")] {
            app.db.execute(&format!(
                "INSERT INTO geologic_formation (lithology, release_status) VALUES ({}, 'draft');
                 INSERT INTO thing_geologic_formation_association (thing_id, geologic_formation_id, top_depth, bottom_depth, release_status)
                     SELECT {id}, max(id), {top}, {bottom}, 'draft' FROM geologic_formation", quoted(lithology)));
        }
        let one = |top: &str, bottom: &str| format!("<Lithology><PointID>SO-0001</PointID><TopDepth>{top}</TopDepth>\
            <BottomDepth>{bottom}</BottomDepth><Units>feet</Units><Description>Sand &amp; gravel&#8211;clay</Description></Lithology>");
        assert_eq!(feed(&app, "lithology", "SO-0001"), format!("<Lithologies>{}{}</Lithologies>", one("0.0", "5.0"), one("10.5", "20.0")));
    }

    fn points_are_found_by_any_name(db: Database) {
        let app = db.start();
        let names = ["SO/0001", "SO 0002", "Pozo N\u{fa}mero 1", "100%", "a%2Fb", "a+b", "Q&A <x>", "\u{1f4a7}", "'quoted'", "/x/", "a?b#c"];
        for name in names {
            let id = well(&app.db, name);
            Level::USUAL.store(&app.db, id);
        }
        for name in names {
            assert_eq!(texts(&levels(&app, name), "PointID"), [name]);
            assert_eq!(texts(&feed(&app, "wellconstruction", name), "PointID"), [name]);
        }
        // As somebody would write it by hand.
        assert_eq!(texts(&app.get("/ngwmn/waterlevels/SO/0001").text(), "PointID"), ["SO/0001"]);
        assert_eq!(texts(&app.get("/ngwmn/waterlevels/a+b").text(), "PointID"), ["a+b"]);
        assert!(levels(&app, "\u{1f4a7}").contains("<PointID>&#128167;</PointID>"));
    }

    fn control_characters_are_left_out(db: Database) {
        let app = db.start();
        let id = well(&app.db, "W");
        app.db.execute(&format!("INSERT INTO well_screen (thing_id, screen_description) VALUES ({id}, 'a\u{1}b\u{b}c\td\ne\u{7f}')"));
        let xml = feed(&app, "wellconstruction", "W");
        assert_eq!(texts(&xml, "ScreenDescription"), ["abc\td\ne\u{7f}"]);
    }

    fn twenty_years_of_days_come_in_pieces(db: Database) {
        let app = db.start();
        let id = well(&app.db, "W");
        let (deployment, parameter) = (deploy(&app.db, id), level_parameter(&app.db));
        let day = if app.db.is_postgres() { "timestamptz '2000-01-01' + n * interval '1 day'" } else { "datetime('2000-01-01', n || ' days') || '.000'" };
        app.db.execute(&format!(
            "INSERT INTO transducer_observation (deployment_id, parameter_id, observation_datetime, value, release_status) \
             WITH RECURSIVE days(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM days WHERE n < 7304) \
             SELECT {deployment}, {parameter}, {day}, 100 + n * 0.5, 'public' FROM days"));
        let reply = reply(&app, "waterlevels", "W");
        assert_eq!((reply.status, reply.header("content-length")), (200, None), "in pieces");
        let xml = reply.text();
        let depths = texts(&xml, "DepthFromLandSurfaceData");
        let expected: Vec<String> = (0..7305).map(|day| format!("{:.2}", 100.0 + f64::from(day) * 0.5)).collect();
        assert_eq!(depths, expected);
        assert!(xml.starts_with("<WaterLevels><WaterLevel>") && xml.ends_with("</WaterLevel></WaterLevels>"));
        assert_eq!(xml.matches("<WaterLevels>").count(), 1);
        let newest = by_transducer("W", "3752.00", (2019, 12, 31));
        assert!(xml.ends_with(&format!("{newest}</WaterLevels>")), "{}", &xml[xml.len() - 500..]);
    }

    fn the_feeds_are_polled_by_many_at_once(db: Database) {
        let app = db.start();
        let id = well(&app.db, "W");
        Level::USUAL.store(&app.db, id);
        let expected = feed_of(&[by_hand("W", "99.25", (2026, 1, 5))]);
        std::thread::scope(|scope| {
            let polls: Vec<_> = (0..8).map(|_| scope.spawn(|| (0..10).all(|_| levels(&app, "W") == expected))).collect();
            assert!(polls.into_iter().all(|poll| poll.join().unwrap()));
        });
    }

    fn answers_may_be_kept_for_a_while_and_addresses_are_limited(db: Database) {
        let app = db.start_asking(|config| {
            config.auth.mode = Some(AuthMode::Required);
            config.limits.address_rate = 1;
            config.limits.address_burst = 4;
        }, ByName);
        well(&app.db, "W");
        for (name, _) in FEEDS {
            let reply = reply(&app, name, "W");
            assert_eq!((reply.status, reply.header("cache-control")), (200, Some("public, max-age=300")), "{name}");
            assert!(reply.header("vary").unwrap().contains("accept-encoding"));
        }
        let refused = (0..10).map(|_| reply(&app, "lithology", "W")).find(|reply| reply.status == 429).expect("a limit");
        assert_eq!((refused.detail(429), refused.header("cache-control")), (json!("Too many requests"), None));
        assert_eq!(app.get("/health").status, 200);
    }
}
