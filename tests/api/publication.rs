use std::sync::Barrier;
use std::thread;

use crate::support::*;

const KEYS: [&str; 7] = ["id", "title", "authors", "year", "doi", "url", "publication_type"];

fn body(title: &str, authors: &[&str]) -> Value {
    json!({"title": title, "authors": authors, "year": 2024, "publication_type": "Report"})
}

fn names(publication: &Value) -> Vec<&str> {
    publication["authors"].as_array().unwrap().iter().map(|author| author["name"].as_str().unwrap()).collect()
}

both! {
    fn a_publication_comes_back_as_it_was_sent(db: Database) {
        let app = db.start();
        let sent = json!({"title": " On water ", "authors": ["B. Ortega", " A. Miller "], "year": "2024", "doi": "10.1000/1",
            "url": "https://example.org/1", "publication_type": "Map", "unheard": 1});
        let made = app.create("/publication/add", sent);
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), KEYS);
        let ids: Vec<&Value> = made["authors"].as_array().unwrap().iter().map(|author| &author["id"]).collect();
        assert_eq!(made, json!({"id": made["id"], "title": "On water", "year": 2024, "doi": "10.1000/1",
            "url": "https://example.org/1", "publication_type": "Map", "authors": [
                {"id": ids[0], "name": "B. Ortega", "email": null, "affiliation": null},
                {"id": ids[1], "name": "A. Miller", "email": null, "affiliation": null}]}));
        let path = format!("/publication/{}", made["id"]);
        assert_eq!(app.get(&path).expect(200), made);
        let least = app.create("/publication/add", json!({"title": "t", "authors": [], "year": 1999, "doi": " ", "publication_type": "Book"}));
        assert_eq!(json!([least["authors"], least["doi"], least["url"]]), json!([[], null, null]));

        let changed = app.patch(&path, json!({"title": "On wells", "url": null, "year": 2025})).expect(200);
        assert_eq!(json!([changed["title"], changed["url"], changed["year"], changed["doi"], changed["authors"]]),
            json!(["On wells", null, 2025, "10.1000/1", made["authors"]]));
        assert_eq!(app.get(&path).expect(200), changed);
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        let by_others = app.patch(&path, json!({"authors": ["C. Reyes", "B. Ortega"]})).expect(200);
        assert_eq!((names(&by_others), &by_others["authors"][1]["id"]), (vec!["C. Reyes", "B. Ortega"], ids[0]));
        assert_eq!(app.get(&path).expect(200), by_others);
        assert_eq!(names(&app.patch(&path, json!({"authors": []})).expect(200)), Vec::<&str>::new());
        assert_eq!(app.delete(&path).status, 204);
        let gone = format!("Publication with ID {} not found.", made["id"]);
        assert_eq!(app.delete(&path).detail(404), gone);
        assert_eq!(app.get(&path).detail(404), gone);
        assert_eq!(app.patch(&path, json!({"authors": [], "year": "x"})).detail(404), gone);
        assert_eq!(app.get("/author").expect(200)["total"], 3, "authors stay");
    }

    fn an_author_is_found_by_the_very_name_or_made(db: Database) {
        let app = db.start();
        let first = app.create("/publication/add", body("one", &["A. Miller", "B. Ortega"]));
        let second = app.create("/publication/add", body("two", &["B. Ortega", "a. miller", "A. Miller"]));
        assert_eq!((&second["authors"][0], &second["authors"][2]), (&first["authors"][1], &first["authors"][0]));
        assert_ne!(second["authors"][1]["id"], first["authors"][0]["id"]);
        let miller = &first["authors"][0]["id"];
        assert_eq!(app.get(&format!("/author/{miller}/publications")).expect(200), json!([first, second]));
        let other = &second["authors"][1]["id"];
        assert_eq!(app.get(&format!("/author/{other}/publications")).expect(200), json!([second]));
        assert_eq!(app.get("/author/987654/publications").detail(404), "Author with ID 987654 not found.");
        assert_eq!(app.get("/author/x/publications").detail(422)[0]["loc"], json!(["path", "author_id"]));
    }

    fn equal_posts_at_once_make_an_author_once(db: Database) {
        let app = db.start_with(|config| config.concurrency.pool_size = Some(4), |_| {});
        let barrier = Barrier::new(4);
        thread::scope(|scope| {
            let post = || {
                barrier.wait();
                app.create("/publication/add", body("same", &["A. Miller", "B. Ortega"]))
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(post)).collect();
            let made: Vec<Value> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
            assert!(made.iter().all(|publication| publication["authors"] == made[0]["authors"]), "{made:?}");
        });
        assert_eq!((app.db.number("SELECT count(*) FROM pub_author"), app.db.number("SELECT count(*) FROM publication")), (2, 4));
    }

    fn errors_of_publications(db: Database) {
        let app = db.start();
        let detail = app.post("/publication/add", json!({"publication_type": "Song", "year": "then"})).detail(422);
        let seen: Vec<Value> = detail.as_array().unwrap().iter().map(|p| json!([p["loc"], p["type"]])).collect();
        assert_eq!(json!(seen), json!([[["body", "title"], "missing"], [["body", "authors"], "missing"],
            [["body", "year"], "int_parsing"], [["body", "publication_type"], "enum"]]));
        let refused = |change: Value| {
            let mut sent = body("t", &["A. Miller"]);
            sent.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let problem = app.post("/publication/add", sent).detail(422)[0].clone();
            json!([problem["loc"], problem["type"]])
        };
        assert_eq!(refused(json!({"authors": ["A. Miller", " "]})), json!([["body", "authors", 1], "string_too_short"]));
        assert_eq!(refused(json!({"authors": "A. Miller"})), json!([["body", "authors"], "list_type"]));
        assert_eq!(refused(json!({"year": -1})), json!([["body", "year"], "greater_than_equal"]));
        assert_eq!(refused(json!({"title": " "})), json!([["body", "title"], "string_too_short"]));
        let twice = app.post("/publication/add", body("t", &["A. Miller", "A. Miller"])).detail(422);
        assert_eq!((&twice[0]["loc"], &twice[0]["msg"]),
            (&json!(["body", "authors"]), &json!("Value error, Author A. Miller is named more than once")));

        let mut with_doi = body("one", &[]);
        with_doi["doi"] = json!("10.1/a");
        let made = app.create("/publication/add", with_doi.clone());
        let taken = json!([{"type": "value_error", "loc": ["body", "doi"], "msg": "Publication with doi 10.1/a already exists.",
            "input": {"doi": "10.1/a"}}]);
        assert_eq!(app.post("/publication/add", with_doi).detail(409), taken);
        let other = format!("/publication/{}", app.create("/publication/add", body("two", &["A. Miller"]))["id"]);
        assert_eq!(app.patch(&other, json!({"doi": "10.1/a", "authors": ["B. Ortega"]})).detail(409), taken);
        assert_eq!(app.items("/author", "name"), ["A. Miller"], "nothing of what is refused is stored");
        app.patch(&format!("/publication/{}", made["id"]), json!({"doi": "10.1/a"})).expect(200);
        assert_eq!(app.patch(&other, json!({"title": null})).detail(422)[0]["type"], "string_type");
        assert_eq!(app.patch(&other, json!({"authors": null})).detail(422)[0]["type"], "list_type");
        assert_eq!(app.get("/publication/99999999999").detail(404), "Publication with ID 99999999999 not found.");
        assert_eq!(app.get("/publication/first").detail(422)[0]["loc"], json!(["path", "publication_id"]));
    }

    fn publications_are_listed(db: Database) {
        let app = db.start();
        for (title, authors, year) in [("b", vec!["A. Miller"], 2001), ("A", vec!["B. Ortega", "A. Miller"], 2002), ("c", vec![], 2002)] {
            app.create("/publication/add", json!({"title": title, "authors": authors, "year": year, "publication_type": "Paper"}));
        }
        let titles = |query: &str| json!(app.items(&format!("/publication?{query}"), "title"));
        assert_eq!(titles(""), json!(["b", "A", "c"]));
        assert_eq!(titles("sort=title&order=desc"), json!(["c", "b", "A"]));
        assert_eq!(titles("year=2002"), json!(["A", "c"]));
        assert_eq!(titles("year=99999999999"), json!([]));
        let miller = app.get("/author?query=mill").expect(200)["items"][0]["id"].clone();
        assert_eq!(titles(&format!("author_id={miller}")), json!(["b", "A"]));
        assert_eq!(titles(&format!("author_id={miller}&year=2001")), json!(["b"]));
        assert_eq!(titles("author_id=99999999999"), json!([]));
        assert_eq!(titles(&filter("title", "in", json!(["A", "c"]))), json!(["A", "c"]));
        let page = app.get("/publication?size=2&page=2").expect(200);
        assert_eq!((&page["total"], &page["pages"], &page["items"][0]["title"]), (&json!(3), &json!(2), &json!("c")));
        assert_eq!(app.get("/publication?author_id=x").detail(422)[0]["loc"], json!(["query", "author_id"]));
        assert_eq!(app.get("/publication?year=x").detail(422)[0]["loc"], json!(["query", "year"]));
        assert_eq!(app.get("/publication?sort=authors").detail(422)[0]["loc"], json!(["query", "sort"]));
        assert_eq!(app.get(&format!("/publication?{}", filter("authors", "eq", json!(1)))).detail(400), "Unknown filter field 'authors' for Publication");
    }

    fn authors_are_listed_and_changed(db: Database) {
        let app = db.start();
        let made = app.create("/publication/add", body("t", &["B. Ortega", "a. miller"]));
        let names = |query: &str| json!(app.items(&format!("/author?{query}"), "name"));
        assert_eq!(names("sort=name"), json!(["a. miller", "B. Ortega"]));
        assert_eq!((names("query=ORT"), names("query=%25"), names("query=")), (json!(["B. Ortega"]), json!([]), json!(["B. Ortega", "a. miller"])));
        let path = format!("/author/{}", made["authors"][0]["id"]);
        let changed = app.patch(&path, json!({"name": "B. Ortega-Luna", "email": "ortega@example.org", "affiliation": " Survey "})).expect(200);
        assert_eq!(changed, json!({"id": made["authors"][0]["id"], "name": "B. Ortega-Luna", "email": "ortega@example.org", "affiliation": "Survey"}));
        assert_eq!(app.get(&path).expect(200), changed);
        assert_eq!(app.patch(&path, json!({})).expect(200), changed);
        assert_eq!(app.get(&format!("/publication/{}", made["id"])).expect(200)["authors"][0], changed);
        assert_eq!(app.patch(&path, json!({"name": "a. miller"})).detail(409), json!([{"type": "value_error", "loc": ["body", "name"],
            "msg": "Author with name a. miller already exists.", "input": {"name": "a. miller"}}]));
        app.patch(&path, json!({"name": "B. Ortega-Luna"})).expect(200);
        assert_eq!(app.patch(&path, json!({"email": "nobody"})).detail(422)[0]["msg"], "Value error, Invalid email format. nobody");
        assert_eq!(app.patch(&path, json!({"name": ""})).detail(422)[0]["type"], "string_too_short");
        assert_eq!(app.patch(&path, json!({"email": null})).expect(200)["email"], Value::Null);
        let id = &made["authors"][0]["id"];
        assert_eq!(app.delete(&path).detail(409), json!([{"type": "value_error", "loc": ["path", "author_id"],
            "msg": format!("Author with ID {id} has publications and cannot be deleted."), "input": {"author_id": id}}]));
        app.delete(&format!("/publication/{}", made["id"]));
        assert_eq!(app.delete(&path).status, 204);
        for reply in [app.delete(&path), app.get(&path), app.patch(&path, json!({"name": "x"}))] {
            assert_eq!(reply.detail(404), format!("Author with ID {id} not found."));
        }
    }
}
