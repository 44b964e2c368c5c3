use crate::support::*;

both! {
    fn the_vocabulary_is_seeded(db: Database) {
        let app = db.start();
        assert_eq!(app.get("/lexicon/term?size=1").expect(200)["total"], 1151);
        assert_eq!(app.get("/lexicon/category?size=10000").expect(200)["items"].as_array().unwrap().len(), 62);
        assert_eq!(app.db.number("SELECT count(*) FROM lexicon_term_category_association"), 1215);
        assert_eq!(app.get("/lexicon/triple").expect(200), json!({"items": [], "total": 0, "page": 1, "size": 25, "pages": 0}));
        let shared = app.get("/lexicon/term?term=groundwater%20level").expect(200);
        let categories: Vec<&Value> = shared["items"][0]["categories"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
        assert_eq!(json!(categories), json!(["activity_type", "parameter_name"]));
        let term = &shared["items"][0];
        assert_eq!(term.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "term", "definition", "categories"]);
        assert_eq!(app.get(&format!("/lexicon/term/{}", term["id"])).expect(200), *term);
    }

    fn terms_are_listed_by_category_part_and_spelling(db: Database) {
        let app = db.start();
        let terms = |query: &str| json!(app.items(&format!("/lexicon/term?{query}"), "term"));
        assert_eq!(terms("category=casing_material"), json!(["Concrete", "PVC", "Steel"]), "by spelling");
        assert_eq!(terms("category=casing_material&order=desc"), json!(["Steel", "PVC", "Concrete"]));
        assert_eq!(terms("category=casing_material&sort=id&order=asc"), json!(["PVC", "Steel", "Concrete"]), "seed order");
        assert_eq!(terms("category=casing_material&sort=categories&order=asc"), json!(["Concrete", "PVC", "Steel"]));
        assert_eq!(terms("category=Casing_Material"), json!([]), "the category is exact");
        assert_eq!(terms("category=casing_material&term=TEE"), json!(["Steel"]));
        assert_eq!(terms(&format!("category=casing_material&{}", filter("term", "startswith", json!("p")))), json!(["PVC"]));
        assert_eq!(json!(app.items("/lexicon/category?name=_PURPOSE", "name")), json!(["well_purpose"]));
        assert_eq!(json!(app.items("/lexicon/category?size=2", "name")), json!(["activity_type", "address_type"]));
        assert_eq!(json!(app.items("/lexicon/category?size=1&order=desc", "name")), json!(["well_purpose"]));
        assert_eq!(app.get("/lexicon/term?sort=colour").detail(422)[0]["loc"], json!(["query", "sort"]));
        assert_eq!(app.get(&format!("/lexicon/term?{}", filter("categories", "eq", json!(1)))).detail(400),
            "Unknown filter field 'categories' for LexiconTerm");
    }

    fn a_term_is_posted_changed_and_removed(db: Database) {
        let app = db.start();
        let body = json!({"term": " Hand dug ", "definition": "dug by hand", "categories": ["well_construction_method"]});
        let made = app.create("/lexicon/term", body.clone());
        assert_eq!((&made["term"], &made["definition"]), (&json!("Hand dug"), &json!("dug by hand")));
        assert_eq!(made["categories"][0]["name"], "well_construction_method");
        // Posting it again is no error; new categories are linked, the definition stays.
        let again = app.create("/lexicon/term", json!({"term": "Hand dug", "definition": "other",
            "categories": [{"name": "drilling_fluid", "description": "x"}, "well_construction_method"]}));
        assert_eq!((&again["id"], &again["definition"]), (&made["id"], &json!("dug by hand")));
        assert_eq!(again["categories"].as_array().unwrap().len(), 2);
        assert_eq!(app.create("/lexicon/term", json!({"term": "Loose", "definition": "no category"}))["categories"], json!([]));

        let path = format!("/lexicon/term/{}", made["id"]);
        assert_eq!(app.patch(&path, json!({})).expect(200), again);
        let renamed = app.patch(&path, json!({"term": "Dug by hand"})).expect(200);
        assert_eq!((&renamed["term"], &renamed["definition"]), (&json!("Dug by hand"), &json!("dug by hand")));
        let detail = app.patch(&path, json!({"term": "PVC"})).detail(409);
        assert_eq!(detail[0]["loc"], json!(["body", "term"]));
        assert_eq!(app.patch(&path, json!({"definition": null})).detail(422)[0]["type"], "string_type");
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.get(&path).detail(404), format!("LexiconTerm with ID {} not found.", made["id"]));
    }

    fn errors_of_terms(db: Database) {
        let app = db.start();
        let detail = app.post("/lexicon/term", json!({"term": "X", "definition": "x", "categories": ["nope"]})).detail(409);
        assert_eq!(detail, json!([{"type": "value_error", "loc": ["body", "categories"],
            "msg": "LexiconCategory with name nope not found.", "input": {"categories": "nope"}}]));
        assert_eq!(app.get("/lexicon/term?term=X&category=unit").expect(200)["total"], 0);
        assert_eq!(app.db.number("SELECT count(*) FROM lexicon_term WHERE term = 'X'"), 0, "rolled back");
        let detail = app.post("/lexicon/term", json!({"term": "", "categories": [5, {}]})).detail(422);
        let kinds: Vec<&Value> = detail.as_array().unwrap().iter().map(|problem| &problem["type"]).collect();
        assert_eq!(json!(kinds), json!(["string_too_short", "missing", "string_type", "missing"]));
        assert_eq!(detail[3]["loc"], json!(["body", "categories", 1, "name"]));
        let long = app.post("/lexicon/term", json!({"term": "é".repeat(101), "definition": "x"})).detail(422);
        assert_eq!((&long[0]["type"], &long[0]["ctx"]), (&json!("string_too_long"), &json!({"max_length": 100})));
        app.create("/lexicon/term", json!({"term": "é".repeat(100), "definition": "x"}));
        let nul = app.post("/lexicon/term", json!({"term": "a\u{0}b", "definition": "x"})).detail(422);
        assert_eq!(nul[0]["msg"], "Value error, Text must not contain NUL characters");
        assert_eq!(app.delete("/lexicon/term/0").detail(404), "LexiconTerm with ID 0 not found.");
        assert_eq!(app.get("/lexicon/term/x").detail(422)[0]["loc"], json!(["path", "term_id"]));
    }

    fn a_term_in_use_stays_and_its_new_spelling_is_followed(db: Database) {
        let app = db.start();
        let made = app.create("/lexicon/term", json!({"term": "retired", "definition": "r", "categories": ["release_status"]}));
        // Valid at once, also when another instance has written it: nothing is cached.
        let location = app.create("/location", json!({"point": "POINT (0 0)", "elevation": 0, "release_status": "retired"}));
        let path = format!("/lexicon/term/{}", made["id"]);
        let detail = app.delete(&path).detail(409);
        assert_eq!((&detail[0]["loc"], &detail[0]["type"]), (&json!(["body"]), &json!("value_error")));
        app.patch(&path, json!({"term": "withdrawn"})).expect(200);
        assert_eq!(app.get(&format!("/location/{}", location["id"])).expect(200)["release_status"], "withdrawn");
        let detail = app.post("/location", json!({"point": "POINT (0 0)", "elevation": 0, "release_status": "retired"})).detail(422);
        assert_eq!(detail[0]["msg"], "Value error, Invalid release_status: retired");
    }

    fn a_term_written_by_another_instance_is_valid_at_once(db: Database) {
        let app = db.start();
        let body = json!({"point": "POINT (0 0)", "elevation": 0, "notes": [{"note_type": "Rumour", "content": "c"}]});
        app.post("/location", body.clone()).expect(422);
        app.db.execute("INSERT INTO lexicon_term (term, definition) VALUES ('Rumour', 'r')");
        app.post("/location", body.clone()).expect(422);
        app.db.execute("INSERT INTO lexicon_term_category_association (term_id, category_id) \
            SELECT t.id, c.id FROM lexicon_term t, lexicon_category c WHERE t.term = 'Rumour' AND c.name = 'note_type'");
        app.post("/location", body).expect(201);
    }

    fn categories(db: Database) {
        let app = db.start();
        let made = app.create("/lexicon/category", json!({"name": "colour"}));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "name", "description"]);
        assert_eq!(made["description"], Value::Null);
        let path = format!("/lexicon/category/{}", made["id"]);
        assert_eq!(app.patch(&path, json!({"description": "of rock"})).expect(200)["description"], "of rock");
        assert_eq!(app.patch(&path, json!({"description": null})).expect(200)["description"], Value::Null);
        let detail = app.post("/lexicon/category", json!({"name": "colour"})).detail(409);
        assert_eq!(detail[0]["loc"], json!(["body", "name"]));
        assert_eq!(app.post("/lexicon/category", json!({"name": "x", "description": "x".repeat(256)})).status, 422);
        let term = app.create("/lexicon/term", json!({"term": "Ochre", "definition": "o", "categories": ["colour"]}));
        assert_eq!(app.delete(&path).status, 204);
        assert_eq!(app.get(&format!("/lexicon/term/{}", term["id"])).expect(200)["categories"], json!([]), "the term stays");
        assert_eq!(app.delete(&path).detail(404), format!("LexiconCategory with ID {} not found.", made["id"]));
    }

    fn triples(db: Database) {
        let app = db.start();
        let made = app.create("/lexicon/triple", json!({
            "subject": {"term": "A", "definition": "a", "categories": ["unit"]}, "predicate": "same_as",
            "object_": {"term": "PVC", "definition": "ignored", "categories": []}
        }));
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "created_at", "subject", "predicate", "object_"]);
        assert_eq!((&made["subject"], &made["object_"]), (&json!("A"), &json!("PVC")));
        let path = format!("/lexicon/triple/{}", made["id"]);
        assert_eq!(app.patch(&path, json!({"object_": "Steel", "predicate": "related_to"})).expect(200)["object_"], "Steel");
        let detail = app.patch(&path, json!({"subject": "Nothing"})).detail(409);
        assert_eq!(detail, json!([{"type": "value_error", "loc": ["body", "subject"],
            "msg": "LexiconTerm with term Nothing not found.", "input": {"subject": "Nothing"}}]));
        assert_eq!(app.patch(&path, json!({"object_": "Nothing"})).detail(409)[0]["loc"], json!(["body", "object_"]));
        let detail = app.post("/lexicon/triple", json!({"subject": {"term": "B"}, "predicate": "p"})).detail(422);
        assert_eq!(detail[0]["loc"], json!(["body", "subject", "definition"]));
        assert_eq!(detail[1]["loc"], json!(["body", "object_"]));
        assert_eq!(app.get("/lexicon/triple?sort=predicate&order=desc").expect(200)["total"], 1);
        // A triple goes with its term.
        let subject = app.get("/lexicon/term?term=A&category=unit&sort=id").expect(200)["items"][0]["id"].clone();
        assert_eq!(app.delete(&format!("/lexicon/term/{subject}")).status, 204);
        assert_eq!(app.get(&path).detail(404), format!("LexiconTriple with ID {} not found.", made["id"]));
        assert_eq!(app.delete(&path).status, 404);
    }

    fn seeding_again_adds_nothing_and_removes_nothing(db: Database) {
        let app = db.start_with(|config| config.database.migrate_on_start = true, |_| {});
        app.create("/lexicon/term", json!({"term": "Own", "definition": "of our own", "categories": ["unit"]}));
        app.db.execute("DELETE FROM lexicon_term WHERE term = 'Chalk'");
        let added = app.state.executor.write_blocking(ocotillo::seed::seed).unwrap();
        assert_eq!((added.categories, added.terms, added.links, added.parameters), (0, 1, 1, 0));
        assert_eq!(app.get("/lexicon/term?size=1").expect(200)["total"], 1152);
    }

    fn a_start_brings_back_nothing_that_was_renamed_or_removed(db: Database) {
        let app = db.start();
        let find = |term: &str| app.get(&format!("/lexicon/term?{}", filter("term", "eq", json!(term)))).expect(200);
        let path = |term: &str| format!("/lexicon/term/{}", find(term)["items"][0]["id"]);
        app.patch(&path("Chalk"), json!({"term": "White chalk"})).expect(200);
        assert_eq!(app.delete(&path("Windmill")).status, 204);
        let phrases = app.get("/lexicon/category?name=data_reliability").expect(200)["items"][0]["id"].clone();
        app.patch(&format!("/lexicon/category/{phrases}"), json!({"name": "scale"})).expect(200);
        let ph = app.get(&format!("/parameter?{}", filter("parameter_name", "eq", json!("pH")))).expect(200)["items"][0]["id"].clone();
        app.patch(&format!("/parameter/{ph}"), json!({"matrix": "soil"})).expect(200);
        // What the program relies on is put right.
        app.db.execute("DELETE FROM lexicon_term WHERE term = 'Datalogger Installation'");
        let before = app.db.number("SELECT count(*) FROM lexicon_term");
        for added in [(1, 1), (0, 0)] {
            let start = app.state.executor.write_blocking(ocotillo::seed::start).unwrap();
            assert_eq!((start.categories, start.terms, start.links, start.parameters), (0, added.0, added.1, 0));
        }
        assert_eq!(app.db.number("SELECT count(*) FROM lexicon_term"), before + 1);
        for (term, total) in [("Chalk", 0), ("White chalk", 1), ("Windmill", 0)] {
            assert_eq!(find(term)["total"], total, "{term}");
        }
    }

    fn what_the_program_relies_on_is_neither_renamed_nor_removed(db: Database) {
        let app = db.start();
        for term in ["water well", "draft", "groundwater level", "Open Status", "ft", "General", "public", "approved"] {
            let stored = app.get(&format!("/lexicon/term?{}", filter("term", "eq", json!(term)))).expect(200)["items"][0].clone();
            let path = format!("/lexicon/term/{}", stored["id"]);
            assert_eq!(app.patch(&path, json!({"term": "borehole"})).detail(409), json!([{"type": "value_error", "loc": ["body", "term"],
                "msg": format!("LexiconTerm '{term}' cannot be renamed: the program relies on it."), "input": {"term": "borehole"}}]));
            assert_eq!(app.delete(&path).detail(409), json!([{"type": "value_error", "loc": ["path", "term_id"],
                "msg": format!("LexiconTerm '{term}' cannot be removed: the program relies on it."), "input": {"term_id": stored["id"]}}]));
            // Its meaning may be told better, and its own spelling sent along.
            assert_eq!(app.patch(&path, json!({"term": term, "definition": "told better"})).expect(200)["definition"], "told better");
            for category in stored["categories"].as_array().unwrap().iter().filter(|category| category["name"] != "parameter_name") {
                let path = format!("/lexicon/category/{}", category["id"]);
                let detail = app.patch(&path, json!({"name": "other"})).detail(409);
                assert_eq!(detail[0]["msg"], format!("LexiconCategory {} cannot be renamed: the program relies on it.", category["name"]).replace('"', "'"));
                assert_eq!(app.delete(&path).detail(409)[0]["loc"], json!(["path", "category_id"]));
                app.patch(&path, json!({"name": category["name"], "description": "told better"})).expect(200);
            }
        }
    }
}
