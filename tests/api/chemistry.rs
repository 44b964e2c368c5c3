//! Results of water chemistry as they are read and shown.

use crate::field_event::{sampled, with_things};
use crate::support::*;

/// Makes everything public that there is.
fn release(app: &App) {
    for table in app.db.tables_with("release_status") {
        app.db.execute(&format!("UPDATE \"{table}\" SET release_status = 'public', release_at = NULL"));
    }
}

fn parameter(app: &App, name: &str) -> Value {
    app.create(
        "/parameter",
        json!({"parameter_name": name, "matrix": "soil", "default_unit": "mg/L", "parameter_type": "Metal"}),
    )["id"]
        .clone()
}

fn result(app: &App, sample: &Value, parameter: &Value, sensor: &Value, day: &str, value: Value) -> Value {
    app.create(
        "/observation/water-chemistry",
        json!({"sample_id": sample, "parameter_id": parameter, "sensor_id": sensor,
        "observation_datetime": format!("{day}T00:00:00Z"), "value": value, "unit": "mg/L"}),
    )["id"]
        .clone()
}

/// A server with results of the things 1 and 2; their ids. Everything is public.
fn with_results(db: Database) -> (App, Vec<Value>) {
    let app = with_things(db);
    let (lead, zinc) = (parameter(&app, "Lead"), parameter(&app, "Zinc"));
    let sensor = crate::sensor::sensor(&app, "s");
    let [_, _, one] = sampled(&app, 1, "water chemistry", "ONE");
    let [_, _, two] = sampled(&app, 2, "water chemistry", "TWO");
    let ids = vec![
        result(&app, &one, &zinc, &sensor, "2025-01-01", json!(3)),
        result(&app, &one, &lead, &sensor, "2025-06-01", json!(1)),
        result(&app, &two, &lead, &sensor, "2026-01-01", Value::Null),
    ];
    let [_, _, level] = sampled(&app, 1, "groundwater level", "LEVEL");
    app.create("/observation/groundwater-level", json!({"sample_id": level, "parameter_id": 1, "sensor_id": sensor, "value": 9, "unit": "ft",
        "observation_datetime": "2026-01-01T00:00:00Z", "measuring_point_height": 1, "groundwater_level_reason": "Water level not affected"}));
    release(&app);
    (app, ids)
}

both! {
    fn results_are_listed_newest_first(db: Database) {
        let (app, ids) = with_results(db);
        let page = app.get("/chemistry/results").expect(200);
        assert_eq!(json!([page["total"], page["items"][0].as_object().unwrap().keys().collect::<Vec<_>>()]), json!([3, ["id", "thing_id",
            "station_name", "sample_id", "sample_name", "sample_matrix", "qc_type", "sample_date", "observation_datetime", "parameter_id",
            "parameter_name", "parameter_type", "cas_number", "value", "unit", "analysis_method", "notes"]]));
        let first = &page["items"][1];
        assert_eq!(json!([first["id"], first["thing_id"], first["station_name"], first["sample_name"], first["observation_datetime"],
            first["parameter_name"], first["parameter_type"], first["value"], first["unit"]]),
            json!([ids[1], 1, "SO-0001", "ONE", "2025-06-01T00:00:00Z", "Lead", "Metal", 1.0, "mg/L"]));
        let found = |query: &str| json!(app.items(&format!("/chemistry/results?{query}"), "id"));
        let of = |places: &[usize]| json!(places.iter().map(|at| ids[*at].clone()).collect::<Vec<_>>());
        assert_eq!(found(""), of(&[2, 1, 0]));
        assert_eq!(found("thing_id=1"), of(&[1, 0]));
        assert_eq!(found("thing_id=3"), of(&[]));
        assert_eq!(found("start_time=2025-06-01"), of(&[2, 1]));
        assert_eq!(found("end_time=2025-06-01"), of(&[0]), "its end does not belong to it");
        assert_eq!(found("start_time=2025-06-01&end_time=2026-01-01"), of(&[1]));
        assert_eq!(found("sort=value"), of(&[1, 0, 2]));
        assert_eq!(found("sort=value&order=desc"), of(&[0, 1, 2]));
        assert_eq!(found("sort=parameter_name"), of(&[1, 2, 0]));
        assert_eq!(found("sort=parameter_name&order=desc"), of(&[0, 2, 1]));
        assert_eq!(found("sort=id"), of(&[0, 1, 2]));
        assert_eq!(found("order=asc"), of(&[0, 1, 2]));
        assert_eq!(found("size=2&page=2"), of(&[0]));
        app.db.execute("UPDATE sample SET qc_type = 'Duplicate' WHERE sample_name = 'ONE'");
        assert_eq!(found("exclude_field_duplicate_samples=true"), of(&[2]));
        assert_eq!(found("exclude_field_duplicate_samples=false"), of(&[2, 1, 0]));
    }

    fn what_is_wrong_with_a_question_is_named(db: Database) {
        let app = db.start();
        for (query, field) in [("thing_id=x", "thing_id"), ("start_time=soon", "start_time"), ("sort=unit", "sort"), ("order=up", "order"),
            ("exclude_field_duplicate_samples=maybe", "exclude_field_duplicate_samples"), ("size=0", "size"), ("filter=%7B%7D", "filter")] {
            assert_eq!(app.get(&format!("/chemistry/results?{query}")).detail(422)[0]["loc"], json!(["query", field]), "{query}");
        }
        assert_eq!(app.get("/chemistry/results?sort=unit").detail(422)[0]["msg"], "Value error, Unknown sort column 'unit' for ChemistryResult");
        assert_eq!(app.get("/chemistry/display").detail(422)[0], json!({"type": "missing", "loc": ["query", "thing_id"], "msg": "Field required", "input": null}));
        assert_eq!(app.get("/chemistry/display?thing_id=x").detail(422)[0]["loc"], json!(["query", "thing_id"]));
    }

    fn nobody_is_shown_what_is_not_released(db: Database) {
        let (app, ids) = with_results(db);
        let nothing = "No released chemistry display data found for this thing.";
        let both = || (json!(app.items("/chemistry/results?thing_id=1&sort=id", "id")), app.get("/chemistry/display?thing_id=1").status);
        assert_eq!(both(), (json!([ids[0], ids[1]]), 200));
        for table in ["thing", "field_event", "field_activity", "sample", "observation", "parameter"] {
            app.db.execute(&format!("UPDATE {table} SET release_status = 'draft'"));
            assert_eq!(both(), (json!([]), 404), "{table}");
            assert_eq!(app.get("/chemistry/display?thing_id=1").detail(404), nothing);
            app.db.execute(&format!("UPDATE {table} SET release_status = 'public'"));
        }
        for thing in ["3", "4711", "99999999999"] {
            assert_eq!(app.get(&format!("/chemistry/display?thing_id={thing}")).detail(404), nothing);
        }
        app.db.execute("INSERT INTO analysis_method (analysis_method_name) VALUES ('m'); UPDATE observation SET analysis_method_id = 1");
        let method = || app.get("/chemistry/results").expect(200)["items"][0]["analysis_method"].clone();
        assert_eq!(method(), Value::Null);
        release(&app);
        assert_eq!(method(), "m");
    }

    fn results_are_shown_beside_their_limits(db: Database) {
        let (app, ids) = with_results(db);
        let named = |name: &str| app.db.number(&format!("SELECT id FROM parameter WHERE parameter_name = '{name}' AND matrix = 'soil'"));
        let limit = |name: &str, kind: &str, value: f64, unit: &str| app.create("/regulatory_limit", json!({"parameter_id": named(name),
            "limit_source": "EPA", "limit_value": value, "limit_unit": unit, "limit_type": kind, "release_status": "public"}));
        let rows = app.get("/chemistry/display?thing_id=1").expect(200);
        assert_eq!(json!([rows[0]["id"], rows[1]["id"], rows[1]["display_value"]]), json!([ids[1], ids[0], "3 mg/L"]), "by parameter within a sample");
        assert_eq!(rows[0]["standard"], json!({"status": "no_limit", "label": "No limit", "primary_mcl": null, "secondary_smcl": null, "unit": null, "sources": []}));
        limit("Lead", "MCL", 0.5, "mg/L");
        limit("Lead", "MCL", 0.75, "mg/L");
        limit("Zinc", "SMCL", 5.0, "mg/L");
        let hidden = limit("Zinc", "MCL", 1.0, "mg/L")["id"].clone();
        app.patch(&format!("/regulatory_limit/{hidden}"), json!({"release_status": "draft"})).expect(200);
        let rows = app.get("/chemistry/display?thing_id=1").expect(200);
        assert_eq!(rows[0]["standard"], json!({"status": "above_mcl", "label": "Above the primary limit (MCL)", "primary_mcl": 0.5,
            "secondary_smcl": null, "unit": "mg/L", "sources": ["EPA"]}));
        assert_eq!(json!([rows[1]["standard"]["status"], rows[1]["standard"]["secondary_smcl"]]), json!(["below_smcl", 5.0]));
        let other = app.get("/chemistry/display?thing_id=2").expect(200);
        assert_eq!(json!([other.as_array().unwrap().len(), other[0]["display_value"], other[0]["standard"]["status"]]), json!([1, "no value", "not_compared"]));
    }
}
