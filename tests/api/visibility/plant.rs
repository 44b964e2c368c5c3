//! Rows that everybody sees, and rows that nobody should notice who sees public rows only: their ids begin at [`HIDDEN_IDS`], and
//! their texts at "HIDDEN".

use crate::support::planted::{self, Family};
use crate::support::principals::EVERYTHING;
use crate::support::*;

pub const HIDDEN_IDS: i64 = 700_000;

/// Tables whose rows are never public; what stands in their release status makes no difference.
const NEVER: &[&str] = &[
    "contact",
    "phone",
    "email",
    "address",
    "permission_history",
    "thing_contact_association",
    "field_event_participant",
];

/// What everybody sees.
#[derive(Clone, Copy)]
pub struct Seen {
    pub family: Family,
    /// A well that nothing is said of.
    pub plain: i64,
}

/// Public rows of every kind; on an empty database.
pub fn seen(app: &App) -> Seen {
    let client = app.client.on_behalf_of(EVERYTHING);
    let family = planted::family(&client, "SEEN", "Silver");
    planted::hydrogeology(&client, "SEEN", family.well, "110ALVM");
    let plain = planted::well(&client, "SEEN plain", None, None);
    app.db.execute(&format!(
        "DELETE FROM thing_id_link WHERE thing_id = {plain}; DELETE FROM status_history WHERE target_table = 'thing' AND target_id = {plain};
         DELETE FROM measuring_point_history WHERE thing_id = {plain}; DELETE FROM monitoring_frequency_history WHERE thing_id = {plain};
         DELETE FROM notes WHERE target_table = 'thing' AND target_id = {plain}; DELETE FROM data_provenance WHERE target_table = 'thing' AND target_id = {plain};
         DELETE FROM well_purpose WHERE thing_id = {plain}; DELETE FROM well_casing_material WHERE thing_id = {plain}"
    ));
    // A reading that is in no block.
    reading(&app.db, &family, family.deployment, "2026-01-20 00:00:00", "SEEN alone");
    publish(&app.db, 1, &[]);
    Seen { family, plain }
}

/// All rows from an id on are public, but for those of some tables. Of both kinds every other one is embargoed: until today, or for long.
fn publish(db: &Database, first: i64, drafts: &[&str]) {
    let set = |table: &str, status: &str, until: &str| {
        db.execute(&format!(
            "UPDATE \"{table}\" SET release_status = '{status}', release_at = NULL WHERE id >= {first};
             UPDATE \"{table}\" SET release_status = 'embargoed', release_at = {until} WHERE id >= {first} AND id % 2 = 0"
        ));
    };
    for table in db.tables_with("release_status").iter().filter(|table| !drafts.contains(&table.as_str())) {
        set(table, "public", "CURRENT_DATE");
    }
    for table in drafts {
        set(table, "draft", "'2999-12-31'");
    }
}

/// The next id of every table.
fn ids_begin_at(db: &Database, first: i64) {
    let statements: Vec<String> = db
        .tables_with("created_at")
        .into_iter()
        .map(|table| match db.kind {
            Kind::Postgres => format!("SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), {first}, FALSE);"),
            Kind::Sqlite => format!(
                "DELETE FROM sqlite_sequence WHERE name = '{table}'; \
                 INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', {first} - 1);"
            ),
        })
        .collect();
    db.execute(&statements.concat());
}

/// So that two databases differ in nothing else.
pub fn at_the_same_time(db: &Database) {
    for table in db.tables_with("created_at") {
        db.execute(&format!("UPDATE \"{table}\" SET created_at = '2026-01-01 00:00:00'"));
    }
}

fn reading(db: &Database, seen: &Family, deployment: i64, time: &str, note: &str) {
    db.execute(&format!(
        "INSERT INTO transducer_observation (deployment_id, parameter_id, observation_datetime, value, note) \
         VALUES ({deployment}, {}, '{time}', 6, '{note}')",
        seen.parameter
    ));
}

struct Planter<'a> {
    app: &'a App,
    client: Client,
    first: i64,
}

impl Planter<'_> {
    /// Rows of which only those of some tables are drafts. A second stage begins where no id of the first can be.
    fn stage(&mut self, drafts: &[&str], plant: impl FnOnce(&Client, &Database)) {
        ids_begin_at(&self.app.db, self.first);
        plant(&self.client, &self.app.db);
        publish(&self.app.db, self.first, drafts);
        self.first += 1000;
    }

    /// Rows that are all drafts.
    fn drafts(&mut self, plant: impl FnOnce(&Client, &Database)) {
        let tables = self.app.db.tables_with("release_status");
        let drafts: Vec<&str> = tables.iter().map(String::as_str).filter(|table| !NEVER.contains(table)).collect();
        self.stage(&drafts, plant);
    }
}

/// Everything that should not be noticed, on a database with what is seen.
pub fn hidden(app: &App, seen: &Seen) {
    let mut planter = Planter { app, client: app.client.on_behalf_of(EVERYTHING), first: HIDDEN_IDS };
    families(&mut planter, seen);
    of_seen_things(&mut planter, seen);
    field_work(&mut planter, &seen.family);
    series(&mut planter, &seen.family);
    around(&mut planter, seen);
    statuses(&mut planter, &seen.family);
    columns(&app.db);
}

/// Whole families: of drafts; of public rows below draft things.
fn families(planter: &mut Planter<'_>, seen: &Seen) {
    planter.drafts(|client, db| {
        let family = planted::family(client, "HIDDEN draft", "Lead");
        planted::hydrogeology(client, "HIDDEN draft", family.well, "000EXRV");
        planted::contact(client, db, "HIDDEN draft", family.well, family.visit);
    });
    let Family { location, group, parameter, sensor, .. } = seen.family;
    // (A system and a formation of their own would be seen.)
    planter.stage(&["thing", "aquifer_system", "geologic_formation"], |client, db| {
        let tag = "HIDDEN child";
        let well = planted::well(client, tag, Some(location), Some(group));
        planted::spring(client, tag, location, group);
        planted::describe(client, tag, well);
        planted::hydrogeology(client, tag, well, "000IRSV");
        let known = |table: &str| db.number(&format!("SELECT min(id) FROM {table}"));
        client.create(
            "/thing-aquifer-association",
            json!({"thing_id": well, "aquifer_system_id": known("aquifer_system"),
            "aquifer_types": ["Artesian"]}),
        );
        client.create(
            "/thing-geologic-formation-association",
            json!({"thing_id": well, "geologic_formation_id": known("geologic_formation"),
            "top_depth": 2, "bottom_depth": 3}),
        );
        let visit = planted::visit(client, tag, well, parameter, sensor);
        planted::chemistry(client, tag, well, parameter, sensor);
        planted::contact(client, db, tag, well, visit);
        let deployment = planted::deployment(client, tag, well, sensor);
        planted::block(client, tag, well, parameter, deployment, 1..=5);
    });
}

/// Drafts that say something of things that are seen: newer than what is seen, and where nothing is.
fn of_seen_things(planter: &mut Planter<'_>, seen: &Seen) {
    let Seen { family: Family { location, well, .. }, plain } = *seen;
    planter.drafts(|client, db| {
        planted::age(client, location);
        for thing in [well, plain] {
            planted::describe(client, "HIDDEN", thing);
            planted::hydrogeology(client, &format!("HIDDEN {thing}"), thing, if thing == well { "050QUAL" } else { "100QBAS" });
            client.create("/thing/id-link", json!({"thing_id": thing, "relation": "same_as", "alternate_id": "HIDDEN site",
                "alternate_organization": "NMBGMR"}));
            for (kind, value) in [("Well Status", "Active, pumping well"), ("Monitoring Status", "Not currently monitored"), ("Open Status", "Closed")] {
                client.create(&format!("/thing/{thing}/status-history"), json!({"status_type": kind, "status_value": value,
                    "start_date": "2025-01-01", "reason": "HIDDEN"}));
            }
            db.execute(&format!(
                "INSERT INTO well_purpose (thing_id, purpose) VALUES ({thing}, 'Livestock');
                 INSERT INTO well_casing_material (thing_id, material) VALUES ({thing}, 'PVC')"
            ));
            for field in ["well_depth", "well_completion_date", "well_construction_method"] {
                db.execute(&format!("INSERT INTO data_provenance (target_table, target_id, field_name, origin_type, origin_source) \
                    VALUES ('thing', {thing}, '{field}', 'Other', 'HIDDEN')"));
            }
        }
        for (table, id) in [("thing", well), ("thing", plain), ("location", location)] {
            for kind in ["General", "Access", "Historical", "Directions", "Site Notes (legacy)", "Sampling Procedure"] {
                db.execute(&format!("INSERT INTO notes (target_table, target_id, note_type, content) VALUES ('{table}', {id}, '{kind}', 'HIDDEN')"));
            }
        }
        db.execute(&format!("INSERT INTO data_provenance (target_table, target_id, field_name, collection_method) \
            VALUES ('location', {location}, 'elevation', 'LiDAR DEM')"));
    });
}

/// Visits to a thing that is seen, with a draft at each level, and public rows below it.
fn field_work(planter: &mut Planter<'_>, seen: &Family) {
    let Family { well, parameter, sensor, visit, .. } = *seen;
    planter.stage(&["field_event"], |client, _| {
        planted::visit(client, "HIDDEN event", well, parameter, sensor);
        planted::chemistry(client, "HIDDEN event", well, parameter, sensor);
    });
    planter.stage(&["field_activity"], |client, _| {
        let activity = planted::activity(client, "HIDDEN activity", visit.event, "groundwater level");
        planted::level(client, planted::sample(client, "HIDDEN activity", activity), parameter, sensor);
    });
    planter.stage(&["sample"], |client, _| {
        planted::level(client, planted::sample(client, "HIDDEN sample", visit.activity), parameter, sensor);
    });
    planter.stage(&["observation"], |client, _| {
        planted::level(client, visit.sample, parameter, sensor);
    });
    planter.stage(&["parameter"], |client, _| {
        let parameter = planted::parameter(client, "Zinc");
        planted::limit(client, parameter);
        planted::level(client, visit.sample, parameter, sensor);
    });
}

/// Draft sensors, deployments, readings and blocks within the time of the block that is seen.
fn series(planter: &mut Planter<'_>, seen: &Family) {
    let Family { well, parameter, sensor, deployment, .. } = *seen;
    let within = ["2026-01-02 06:00:00", "2026-01-03 06:00:00"];
    planter.stage(&["sensor"], |client, db| {
        let sensor = planted::sensor(client, "HIDDEN sensor");
        let deployment = planted::deployment(client, "HIDDEN sensor", well, sensor);
        within.iter().for_each(|time| reading(db, seen, deployment, time, "HIDDEN"));
    });
    planter.stage(&["deployment"], |client, db| {
        let deployment = planted::deployment(client, "HIDDEN deployment", well, sensor);
        within.iter().for_each(|time| reading(db, seen, deployment, time, "HIDDEN"));
    });
    planter.stage(&["transducer_observation"], |_, db| {
        within.iter().for_each(|time| reading(db, seen, deployment, time, "HIDDEN"));
    });
    planter.stage(&["transducer_observation_block"], |_, db| {
        // One inside the block that is seen, which starts later and so would take its readings; one around a reading without a block.
        for (start, end) in [("2026-01-02", "2026-01-04"), ("2026-01-19", "2026-01-21")] {
            db.execute(&format!(
                "INSERT INTO transducer_observation_block \
                (thing_id, parameter_id, review_status, start_datetime, end_datetime, source_file, comment) \
                VALUES ({well}, {parameter}, 'approved', '{start} 00:00:00', '{end} 00:00:00', 'HIDDEN', 'HIDDEN')"
            ));
        }
    });
}

/// Places, groups and people of things that are seen.
fn around(planter: &mut Planter<'_>, seen: &Seen) {
    let Seen { family, plain } = *seen;
    let things = [family.well, family.spring, plain];
    planter.stage(&["location"], |client, db| {
        let location = planted::location(client, "HIDDEN");
        planted::age(client, location);
        for thing in things {
            db.execute(&format!(
                "INSERT INTO location_thing_association (location_id, thing_id, effective_start) \
                VALUES ({location}, {thing}, '2025-01-01 00:00:00')"
            ));
        }
    });
    planter.stage(&["group"], |client, _| {
        let group = planted::group(client, "HIDDEN");
        for thing in things {
            client.create(&format!("/group/{group}/things/{thing}"), json!({}));
        }
    });
    planter.stage(&[], |client, db| {
        planted::contact(client, db, "HIDDEN", family.well, family.visit);
        planted::contact(client, db, "HIDDEN too", plain, family.visit);
    });
}

/// Wells of every release status but `public`, and of none.
fn statuses(planter: &mut Planter<'_>, seen: &Family) {
    let (location, group) = (Some(seen.location), Some(seen.group));
    let statuses = ["draft", "provisional", "final", "published", "archived", "private"];
    planter.stage(&["thing"], |client, _| {
        for status in statuses.iter().chain(&["unknown", "embargoed 0", "embargoed 1"]) {
            planted::well(client, &format!("HIDDEN {status}"), location, group);
        }
    });
    for status in statuses {
        let is = format!(
            "UPDATE thing SET release_status = '{status}', release_at = NULL WHERE name = 'HIDDEN {status} well'"
        );
        planter.app.db.execute(&is);
    }
    planter
        .app
        .db
        .execute("UPDATE thing SET release_status = NULL, release_at = NULL WHERE name = 'HIDDEN unknown well'");
    for (thing, until) in [soon(&planter.app.db), "'2999-12-31'"].into_iter().enumerate() {
        planter.app.db.execute(&format!(
            "UPDATE thing SET release_status = 'embargoed', release_at = {until} WHERE name = 'HIDDEN embargoed {thing} well'"
        ));
    }
}

/// A day that has not come, also when a day ends while the test runs.
pub fn soon(db: &Database) -> &'static str {
    if db.is_postgres() { "CURRENT_DATE + 2" } else { "date('now', '+2 days')" }
}

/// Internal columns of rows that are seen.
fn columns(db: &Database) {
    db.execute("UPDATE sensor SET pcn_number = 'HIDDEN ' || CAST(id AS text), nma_pk_equipment = 'HIDDEN'");
    for table in db.tables_with("created_by_name") {
        db.execute(&format!(
            "UPDATE \"{table}\" SET created_by_id = 'HIDDEN', created_by_name = 'HIDDEN', updated_by_id = 'HIDDEN', \
            updated_by_name = 'HIDDEN'"
        ));
    }
}
