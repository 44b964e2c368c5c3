use crate::support::principals::ByName;
use crate::support::*;

both! {
    fn a_report_is_kept_with_all_that_was_sent(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        let (viewer, admin) = (app.client.on_behalf_of("viewer"), app.client.on_behalf_of("admin"));
        let sent = json!({"type": "bug", "page_url": "https://ui.example.org/1", "reporter_name": " A. Miller ",
            "description": "a\u{0}b \u{2603}", "steps": [1, {"x": null}]});
        let made = viewer.create("/feedback", sent.clone());
        let page = admin.get("/feedback").expect(200);
        let report = &page["items"][0];
        assert_eq!(made, json!({"jira_key": format!("FEEDBACK-{}", report["id"]), "jira_url": null}));
        assert_eq!(json!([report["type"], report["page_url"], report["reporter_name"]]), json!(["bug", sent["page_url"], "A. Miller"]));
        assert_eq!(report["details"], json!({"description": sent["description"], "steps": sent["steps"]}));
        assert_eq!(app.db.texts("SELECT created_by_name AS value FROM feedback"), ["viewer"]);
        viewer.create("/feedback", json!({"type": "feature"}));
        let least = &admin.get(&format!("/feedback?{}", filter("type", "eq", json!("feature")))).expect(200)["items"][0];
        assert_eq!(json!([least["page_url"], least["reporter_name"], least["details"]]), json!([null, null, {}]));
        assert_eq!(json!(admin.items("/feedback?sort=id&order=desc&size=1", "type")), json!(["feature"]));
    }

    fn errors_of_reports(db: Database) {
        let app = db.start();
        let detail = app.post("/feedback", json!({"page_url": 7, "reporter_name": "x".repeat(256)})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"], p["type"]])).collect();
        assert_eq!(json!(seen), json!([[["body", "type"], "missing"], [["body", "page_url"], "string_type"], [["body", "reporter_name"], "string_too_long"]]));
        let wrong = app.post("/feedback", json!({"type": "praise"})).detail(422);
        assert_eq!(wrong, json!([{"type": "enum", "loc": ["body", "type"], "msg": "Input should be 'bug' or 'feature'", "input": "praise",
            "ctx": {"expected": "'bug' or 'feature'"}}]));
        let long = app.post("/feedback", json!({"type": "bug", "description": "x".repeat(100_001)})).detail(422);
        assert_eq!((&long[0]["loc"], &long[0]["msg"]), (&json!(["body"]), &json!("Value error, A report has at most 100000 characters")));
        assert_eq!(app.db.number("SELECT count(*) FROM feedback"), 0);
    }
}
