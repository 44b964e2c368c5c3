//! What one request may ask for, and what it gets when it asks for more.

use crate::support::*;

both! {
    fn problems_are_listed_up_to_a_number_and_counted_beyond(db: Database) {
        let app = db.start();
        let purposes: Vec<String> = (0..900).map(|number| format!("purpose {number}")).collect();
        let reply = app.post("/thing/water-well", json!({"name": "A", "well_purposes": purposes}));
        let problems = reply.detail(422);
        let problems = problems.as_array().unwrap();
        assert_eq!(problems.len(), 101);
        assert_eq!(problems[0]["loc"], json!(["body", "well_purposes", 0]));
        assert_eq!(problems[99]["loc"], json!(["body", "well_purposes", 99]));
        assert_eq!((&problems[100]["type"], &problems[100]["ctx"]), (&json!("too_many_problems"), &json!({"more": 800})));
        // The vocabulary is told once, in words and in numbers.
        assert_eq!(reply.text().matches("Livestock").count(), 2, "{}", reply.text());
        assert_eq!(problems[1]["msg"], "Input should be a term of 'well_purpose', as listed above");
    }

    fn a_problem_repeats_a_part_of_what_was_sent(db: Database) {
        let app = db.start();
        let long = "é".repeat(500_000);
        let reply = app.post("/location", json!({"description": long}));
        let problems = reply.detail(422);
        assert_eq!(problems[0]["type"], "missing");
        assert!(reply.text().len() < 40_000, "{}", reply.text().len());
        let echoed = problems[0]["input"]["description"].as_str().unwrap().to_owned();
        assert!(echoed.starts_with("éé") && echoed.ends_with('…'));
    }

    fn lists_of_a_body_end_somewhere(db: Database) {
        let app = db.start();
        let purposes: Vec<usize> = (0..1001).collect();
        let reply = app.post("/thing/water-well", json!({"name": "A", "well_purposes": purposes}));
        let problems = reply.detail(422);
        assert_eq!(problems.as_array().unwrap().len(), 1);
        assert_eq!(
            (&problems[0]["type"], &problems[0]["loc"], &problems[0]["ctx"]),
            (
                &json!("too_long"),
                &json!(["body", "well_purposes"]),
                &json!({"field_type": "List", "max_length": 1000, "actual_length": 1001})
            )
        );
    }

    fn a_body_of_any_make_is_answered_shortly(db: Database) {
        let app = db.start();
        let list = |item: &str, count: usize| format!("[{}]", vec![item; count].join(","));
        for body in [
            list("0", 1_000_000),
            list("{}", 600_000),
            list("[[]]", 400_000),
            format!(r#"{{"name": "A", "well_purposes": {}}}"#, list(r#""x""#, 500_000)),
            format!(r#"{{"name": "A", "notes": {}}}"#, list("{}", 600_000)),
            format!(r#"{{"name": "A", "notes": {}}}"#, list(r#"{"note_type":1}"#, 1000)),
            format!(r#"{{"name": {}}}"#, list("7", 149_000)),
            "[".repeat(2_000_000),
            format!("{{{}}}", (0..90_000).map(|at| format!(r#""k{at}":{at}"#)).collect::<Vec<_>>().join(",")),
        ] {
            let reply = app.client.send("POST", "/thing/water-well", Some("application/json"), body.as_bytes());
            reply.detail(422);
            assert!(reply.text().len() < 500_000, "{} bytes for {}", reply.text().len(), &body[..40]);
        }
    }

    fn filters_and_texts_of_a_query_string_end_somewhere(db: Database) {
        let app = db.start();
        let one = filter("name", "contains", json!("x"));
        let many = |count: usize| vec![one.as_str(); count].join("&");
        app.get(&format!("/sensor?{}", many(20))).expect(200);
        assert_eq!(app.get(&format!("/sensor?{}", many(21))).detail(422), "At most 20 filters are taken, not 21");
        let ids = |count: usize| filter("id", "in", json!((0..count).collect::<Vec<_>>()));
        app.get(&format!("/sensor?{}", ids(5000))).expect(200);
        let message = "Operator in takes at most 5000 values for field 'id'";
        assert_eq!(app.get(&format!("/sensor?{}", ids(5001))).detail(422), message);
        let long = "x".repeat(1001);
        let message = "Value for field 'name' is longer than 1000 characters";
        assert_eq!(app.get(&format!("/sensor?{}", filter("name", "eq", json!(long)))).detail(422), message);
        let problems = app.get(&format!("/thing/water-well?query={long}&name={long}")).detail(422);
        let told: Vec<_> = problems.as_array().unwrap().iter().map(|one| (&one["type"], &one["loc"][1])).collect();
        assert!(told.contains(&(&json!("string_too_long"), &json!("query"))), "{told:?}");
        assert!(told.contains(&(&json!("string_too_long"), &json!("name"))), "{told:?}");
    }
}
