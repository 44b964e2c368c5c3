use crate::field_event::{sampled, with_things};
use crate::support::*;

both! {
    fn a_method_comes_back_as_it_was_sent(db: Database) {
        let app = db.start();
        let body = json!({"analysis_method_code": "EPA 200.8", "analysis_method_name": "ICP-MS", "analysis_method_type": "Laboratory",
            "source_organization": "EPA", "release_status": "public"});
        let made = app.create("/analysis-method", body.clone());
        for (key, sent) in body.as_object().unwrap() {
            assert_eq!(&made[key], sent, "{key}");
        }
        let path = format!("/analysis-method/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let changed = app.patch(&path, json!({"analysis_method_code": " ", "source_organization": null})).expect(200);
        assert_eq!((&changed["analysis_method_code"], &changed["source_organization"], &changed["analysis_method_name"]),
            (&Value::Null, &Value::Null, &json!("ICP-MS")));
        app.create("/analysis-method", json!({"analysis_method_name": "another without a code"}));
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.get(&path).detail(404), format!("AnalysisMethod with ID {} not found.", made["id"]));
        assert_eq!(app.delete(&path).detail(404), format!("AnalysisMethod with ID {} not found.", made["id"]));
    }

    fn errors_of_methods(db: Database) {
        let app = db.start();
        let detail = app.post("/analysis-method", json!({"analysis_method_type": "Guess", "source_organization": "nobody"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"][1], p["type"]])).collect();
        assert_eq!(json!(seen), json!([["analysis_method_name", "missing"], ["analysis_method_type", "enum"], ["source_organization", "enum"]]));
        app.create("/analysis-method", json!({"analysis_method_code": "one", "analysis_method_name": "m"}));
        let two = app.create("/analysis-method", json!({"analysis_method_code": "two", "analysis_method_name": "m"}));
        let taken = json!([{"type": "value_error", "loc": ["body", "analysis_method_code"],
            "msg": "AnalysisMethod with analysis_method_code one already exists.", "input": {"analysis_method_code": "one"}}]);
        assert_eq!(app.post("/analysis-method", json!({"analysis_method_code": "one", "analysis_method_name": "m"})).detail(409), taken);
        assert_eq!(app.patch(&format!("/analysis-method/{}", two["id"]), json!({"analysis_method_code": "one"})).detail(409), taken);
    }

    fn a_method_that_observations_name_is_kept(db: Database) {
        let app = with_things(db);
        let id = app.create("/analysis-method", json!({"analysis_method_name": "m"}))["id"].clone();
        let [_, _, sample] = sampled(&app, 1, "water chemistry", "S");
        app.db.execute(&format!("INSERT INTO observation (sample_id, parameter_id, analysis_method_id, observation_datetime, unit) \
            VALUES ({sample}, 1, {id}, '2026-01-01 00:00:00', 'ft')"));
        assert_eq!(app.delete(&format!("/analysis-method/{id}")).detail(409), json!([{"type": "value_error", "loc": ["path", "analysis_method_id"],
            "msg": format!("AnalysisMethod with ID {id} has observations and cannot be deleted."), "input": {"analysis_method_id": id}}]));
        app.db.execute("DELETE FROM observation");
        assert_eq!(app.delete(&format!("/analysis-method/{id}")).status, 204);
    }

    fn methods_are_listed(db: Database) {
        let app = db.start();
        for name in ["b", "A", "c"] {
            app.create("/analysis-method", json!({"analysis_method_name": name}));
        }
        let names = |query: &str| json!(app.items(&format!("/analysis-method?{query}"), "analysis_method_name"));
        assert_eq!(names("sort=analysis_method_name"), json!(["A", "b", "c"]));
        assert_eq!(names(&filter("analysis_method_name", "in", json!(["A", "c"]))), json!(["A", "c"]));
        assert_eq!(names("size=1&page=2"), json!(["A"]));
    }
}
