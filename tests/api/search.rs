//! One search over contacts, wells, springs and assets.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::principals::{ByName, EVERYTHING, PUBLIC};
use crate::support::*;

/// Two wells, a spring, three contacts, two assets: ids.
struct Scene {
    steel: i64,
    canyon: i64,
    spring: i64,
    person: i64,
    asset: i64,
}

fn last(db: &Database, table: &str) -> i64 {
    db.number(&format!("SELECT max(id) FROM {table}"))
}

/// The one asset that belongs to things, and one that belongs to none.
fn assets(db: &Database, thing: i64) -> i64 {
    db.execute(&format!(
        "INSERT INTO asset (name, label, storage_service, storage_path, mime_type, size, uri, release_status) VALUES
             ('loose.jpg', 'Lost wellhead', 'gcs', 'assets/loose.jpg', 'image/jpeg', 1, 'x', 'public'),
             ('wellhead.jpg', 'Casing at dusk', 'gcs', 'assets/7-wellhead.jpg', 'image/jpeg', 20481, 'x', 'public');
         INSERT INTO asset_thing_association (asset_id, thing_id) SELECT max(id), {thing} FROM asset"
    ));
    last(db, "asset")
}

fn plant(app: &App) -> Scene {
    let made = |path: &str, body: Value| app.create(path, body)["id"].as_i64().unwrap();
    let everything = app.client.on_behalf_of(EVERYTHING);
    let made_by = |path: &str, body: Value| everything.create(path, body)["id"].as_i64().unwrap();
    let made: &dyn Fn(&str, Value) -> i64 = if app.get("/location").status == 401 { &made_by } else { &made };
    let steel = made(
        "/thing/water-well",
        json!({"name": "SO-0001", "release_status": "public", "well_depth": 310, "hole_depth": 320.5,
        "well_purposes": ["Domestic", "Livestock"], "well_casing_materials": ["Steel"]}),
    );
    let canyon = made(
        "/thing/water-well",
        json!({"name": "Steel Canyon well", "release_status": "public", "well_purposes": ["Irrigation"],
        "well_casing_materials": ["PVC"]}),
    );
    let spring = made(
        "/thing/spring",
        json!({"name": "Ojo Fr\u{ed}o canyon", "release_status": "public", "spring_type": "Perennial"}),
    );
    let db = &app.db;
    db.execute(&format!(
        "INSERT INTO contact (name, organization, role, contact_type, release_status) VALUES
             (NULL, 'NMBGMR', 'Owner', 'Primary', 'public'), ('B. Canyon', NULL, 'Owner', 'Primary', 'public'),
             ('A. Miller', 'USGS', 'Hydrologist', 'Primary', 'public');
         INSERT INTO email (contact_id, email, email_type) SELECT max(id), 'a.miller@example.org', 'Work' FROM contact;
         INSERT INTO email (contact_id, email, email_type) SELECT max(id), 'miller@example.net', 'Personal' FROM contact;
         INSERT INTO phone (contact_id, phone_number, phone_type) SELECT max(id), '+15055550100', 'Mobile' FROM contact;
         INSERT INTO phone (contact_id, phone_number, phone_type) SELECT max(id), '+15055550199', 'Work' FROM contact;
         INSERT INTO address (contact_id, address_line_1, city, state, postal_code, country, address_type)
             SELECT max(id), '12 Bosque Road', 'Socorro', 'NM', '87801', 'United States', 'Mailing' FROM contact;
         INSERT INTO thing_contact_association (thing_id, contact_id) SELECT {canyon}, max(id) FROM contact;
         INSERT INTO thing_contact_association (thing_id, contact_id) SELECT {steel}, max(id) FROM contact;
         INSERT INTO thing_contact_association (thing_id, contact_id) SELECT {steel}, max(id) FROM contact"
    ));
    Scene { steel, canyon, spring, person: last(db, "contact"), asset: assets(db, steel) }
}

fn search(client: &Client, query: &str) -> Value {
    client.get(&format!("/search?q={}", encode(query))).expect(200)
}

/// The labels of what is found, in their order.
fn found(client: &Client, query: &str) -> Vec<String> {
    let page = search(client, query);
    let items = page["items"].as_array().unwrap();
    assert_eq!(page["total"], items.len(), "{query}");
    items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

const NOTHING: [&str; 0] = [];

both! {
    fn every_category_shows_its_properties_and_no_others(db: Database) {
        let app = db.start();
        let Scene { steel, canyon, spring, person, asset } = plant(&app);
        let of_steel = format!(r#"{{"label":"SO-0001","id":{steel},"thing_type":"water well"}}"#);
        let expected = [
            ("miller", format!(r#"{{"label":"A. Miller","group":"Contacts","properties":{{"email":["a.miller@example.org","miller@example.net"],"phone":["+15055550100","+15055550199"],"address":["12 Bosque Road"],"things":[{of_steel},{{"label":"Steel Canyon well","id":{canyon},"thing_type":"water well"}}],"id":{person}}}}}"#)),
            ("so-0001", format!(r#"{{"label":"SO-0001","group":"Wells","properties":{{"well_purposes":["Domestic","Livestock"],"well_depth":310.0,"hole_depth":320.5,"thing_type":"water well","id":{steel}}}}}"#)),
            ("ojo", format!(r#"{{"label":"Ojo Frío canyon","group":"Springs","properties":{{"spring_type":"Perennial","thing_type":"spring","id":{spring}}}}}"#)),
            ("wellhead", format!(r#"{{"label":"wellhead.jpg","group":"Assets","properties":{{"id":{asset},"things":[{of_steel}],"storage_service":"gcs","storage_path":"assets/7-wellhead.jpg","mime_type":"image/jpeg","size":20481}}}}"#)),
        ];
        for (query, item) in expected {
            let reply = app.get(&format!("/search?q={query}"));
            assert_eq!(reply.text(), format!(r#"{{"items":[{item}],"total":1,"page":1,"size":25,"pages":1}}"#));
        }
    }

    fn a_contact_is_called_by_its_name_or_else_its_organization(db: Database) {
        let app = db.start();
        plant(&app);
        assert_eq!(found(&app, "nmbgmr"), ["NMBGMR"]);
        let item = search(&app, "b. canyon owner")["items"][0].clone();
        assert_eq!((&item["label"], &item["properties"]["email"], &item["properties"]["things"]), (&json!("B. Canyon"), &json!([]), &json!([])));
    }

    fn words_may_stand_in_several_tables(db: Database) {
        let app = db.start();
        plant(&app);
        for (query, expected) in [
            // Name, purpose and material of a well; role, mail, telephone and city of a contact; name, label and type of a file.
            ("so-0001 steel domestic", vec!["SO-0001"]),
            ("so-0001 pvc", vec![]),
            ("hydrologist socorro 15055550199 example.net usgs", vec!["A. Miller"]),
            ("hydrologist albuquerque", vec![]),
            ("wellhead dusk image", vec!["wellhead.jpg"]),
            ("irrigation canyon", vec!["Steel Canyon well"]),
            ("87801 bosque", vec!["A. Miller"]),
            ("perennial", vec![]),
        ] {
            assert_eq!(found(&app, query), expected, "{query}");
        }
    }

    fn the_grammar_is_that_of_web_searches(db: Database) {
        let app = db.start();
        plant(&app);
        let (steel, canyon, spring) = ("SO-0001", "Steel Canyon well", "Ojo Fr\u{ed}o canyon");
        for (query, expected) in [
            ("canyon", vec!["B. Canyon", canyon, spring]),
            ("CANYON", vec!["B. Canyon", canyon, spring]),
            ("canyons", vec!["B. Canyon", canyon, spring]),
            ("canyo", vec!["B. Canyon", canyon, spring]),
            // A word that says nothing, however many begin with it.
            ("can", vec![]),
            ("anyon", vec![]),
            ("canyon -ojo", vec!["B. Canyon", canyon]),
            ("canyon -ojo -owner", vec![canyon]),
            ("-canyon -miller -nmbgmr -wellhead", vec![steel]),
            ("ojo or irrigation", vec![canyon, spring]),
            ("ojo OR 0001 or miller", vec!["A. Miller", steel, spring]),
            ("\"steel canyon\"", vec![canyon]),
            ("\"canyon steel\"", vec![]),
            ("\"steel canyo\"", vec![canyon]),
            // A phrase stands in one column of one row.
            ("\"miller hydrologist\"", vec![]),
            ("\"socorro nm\"", vec![]),
            ("\"domestic livestock\"", vec![]),
            ("\"bosque road\" miller", vec!["A. Miller"]),
            ("ojo -frio", vec![]),
            ("the canyon of", vec!["B. Canyon", canyon, spring]),
            // Accents and punctuation.
            ("frio", vec![spring]), ("FR\u{cd}O", vec![spring]), ("fri\u{301}o", vec![spring]), ("fr\u{ed}", vec![spring]),
            ("so 0001", vec![steel]), ("so_0001", vec![steel]), ("(so-0001)", vec![steel]), ("so-00", vec![steel]), ("0001-so", vec![]),
            ("wellhead.jpg", vec!["wellhead.jpg"]), ("7-wellhead", vec!["wellhead.jpg"]),
            // Nothing to look for.
            ("", vec![]), (" ", vec![]), ("-", vec![]), ("the", vec![]), ("\"\"", vec![]), ("or", vec![]), ("*", vec![]), ("&|!():*'", vec![]),
        ] {
            assert_eq!(found(&app, query), expected, "{query}");
        }
    }

    fn a_whole_address_or_number_finds_its_contact(db: Database) {
        let app = db.start();
        plant(&app);
        for query in ["a.miller@example.org", "A.Miller@Example.ORG", "miller@example.net", "+15055550100", "15055550199", "+1505555"] {
            assert_eq!(found(&app, query), ["A. Miller"], "{query}");
        }
        // A plus sign that was not encoded is a blank.
        assert_eq!(app.get("/search?q=+15055550100").expect(200)["total"], 1);
        for query in ["+15055550101", "+25055550100", "b.miller@example.org", "miller@example.com", "5055550100"] {
            assert_eq!(found(&app, query), NOTHING, "{query}");
        }
    }

    fn the_most_similar_come_first_in_each_category(db: Database) {
        let app = db.start();
        for name in ["Rio Grande north bank", "Rio Grande", "Rio Grande north", "rio", "Arroyo"] {
            app.create("/thing/water-well", json!({"name": name, "well_purposes": ["Domestic"]}));
            app.create("/thing/spring", json!({"name": format!("{name} spring")}));
        }
        assert_eq!(found(&app, "rio grande"), ["Rio Grande", "Rio Grande north", "Rio Grande north bank",
            "Rio Grande spring", "Rio Grande north spring", "Rio Grande north bank spring"]);
        assert_eq!(found(&app, "rio")[..2], ["rio", "Rio Grande"]);
        // What is found by something else than its name is sorted by name.
        assert_eq!(found(&app, "domestic"), ["Arroyo", "rio", "Rio Grande", "Rio Grande north", "Rio Grande north bank"]);
    }

    fn limit_is_of_each_category_and_pages_are_of_all(db: Database) {
        let app = db.start();
        for number in 0..7 {
            app.create("/thing/water-well", json!({"name": format!("W {number}")}));
            app.create("/thing/spring", json!({"name": format!("W {number} spring")}));
        }
        let page = |query: &str| app.get(&format!("/search?q=w&{query}"));
        let labels = |query: &str| page(query).expect(200)["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(page("").expect(200)["total"], 14);
        let two = page("limit=2").expect(200);
        assert_eq!((&two["total"], &two["pages"], &two["size"]), (&json!(4), &json!(1), &json!(25)));
        assert_eq!(labels("limit=2"), ["W 0", "W 1", "W 0 spring", "W 1 spring"]);
        assert_eq!(labels("limit=2&size=3&page=2"), ["W 1 spring"]);
        assert_eq!(labels("limit=7&size=5&page=2"), ["W 5", "W 6", "W 0 spring", "W 1 spring", "W 2 spring"]);
        let beyond = page("limit=2&page=9").expect(200);
        assert_eq!((&beyond["items"], &beyond["total"], &beyond["page"]), (&json!([]), &json!(4), &json!(9)));
        assert_eq!(page("page=9223372036854775807&size=10000").expect(200)["items"], json!([]));
        assert!(page("size=3").header("link").unwrap().contains("rel=\"next\""));
        // A large page is sent in pieces.
        assert_eq!(labels("size=10000&limit=1000").len(), 14);
        for (bad, kind) in [("limit=0", "greater_than_equal"), ("limit=1001", "less_than_equal"), ("limit=-1", "greater_than_equal"),
            ("limit=many", "int_parsing"), ("limit=1e3", "int_parsing"), ("limit=", "int_parsing")] {
            let detail = page(bad).detail(422);
            assert_eq!((&detail[0]["loc"], &detail[0]["type"]), (&json!(["query", "limit"]), &json!(kind)), "{bad}");
        }
        assert_eq!(page("size=10001").detail(422)[0]["loc"], json!(["query", "size"]));
        assert_eq!(page("page=0").detail(422)[0]["loc"], json!(["query", "page"]));
    }

    fn a_missing_or_overlong_query_is_refused(db: Database) {
        let app = db.start();
        assert_eq!(app.get("/search").detail(422), json!([{"type": "missing", "loc": ["query", "q"], "msg": "Field required", "input": null}]));
        let detail = app.get(&format!("/search?q={}", "x".repeat(1001))).detail(422);
        assert_eq!((&detail[0]["loc"], &detail[0]["msg"]), (&json!(["query", "q"]), &json!("Value error, query is longer than 1000 characters")));
        assert_eq!(app.get("/search?q=a%00b").detail(422)[0]["loc"], json!(["query", "q"]));
        app.get(&format!("/search?q={}", "x".repeat(1000))).expect(200);
    }

    fn people_are_found_by_those_who_may_read_them(db: Database) {
        let app = db.start_asking(|config| config.auth.anonymous = vec!["search".to_owned()], ByName);
        plant(&app);
        let all = ["B. Canyon", "Steel Canyon well", "Ojo Fr\u{ed}o canyon"];
        assert_eq!(found(&app.client.on_behalf_of(EVERYTHING), "canyon"), all);
        for somebody in ["viewer", "editor", "admin", "amp viewer", "amp admin", "lexicon editor", PUBLIC, ""] {
            let client = if somebody.is_empty() { app.client.clone() } else { app.client.on_behalf_of(somebody) };
            assert_eq!(found(&client, "canyon"), all[1..], "{somebody}");
            for query in ["a.miller@example.org", "+15055550100", "socorro", "nmbgmr", "owner"] {
                assert_eq!(found(&client, query), NOTHING, "{somebody} {query}");
            }
            // Nor by what is said of those who are not wanted.
            assert_eq!(found(&client, "-canyon -wellhead"), ["SO-0001"], "{somebody}");
        }
    }

    fn it_is_closed_until_it_is_opened(db: Database) {
        let app = db.start_asking(|_| {}, ByName);
        assert_eq!(app.get("/search?q=x").detail(401), "Not authenticated");
        assert_eq!(app.client.on_behalf_of("amp admin").get("/search?q=x").detail(403), "Not authorized");
    }

    fn hidden_rows_are_not_found_by_anybody(db: Database) {
        let app = db.start_asking(|config| config.auth.anonymous = vec!["search".to_owned()], ByName);
        let Scene { steel, canyon, .. } = plant(&app);
        let everything = app.client.on_behalf_of(EVERYTHING);
        // Purposes and materials have a status of their own.
        assert_eq!(found(&everything, "livestock"), ["SO-0001"]);
        assert_eq!(found(&app, "livestock"), NOTHING);
        app.db.execute("UPDATE well_purpose SET release_status = 'public' WHERE purpose = 'Livestock'");
        assert_eq!(found(&app, "livestock"), ["SO-0001"]);
        assert_eq!(search(&app, "livestock")["items"][0]["properties"]["well_purposes"], json!(["Livestock"]));
        // What is hidden does not keep from being found either.
        assert_eq!(found(&app, "so-0001 -steel"), ["SO-0001"]);
        assert_eq!(found(&everything, "so-0001 -steel"), NOTHING);
        // A hidden thing, with its files.
        assert_eq!(found(&app, "wellhead"), ["wellhead.jpg"]);
        app.db.execute(&format!("UPDATE thing SET release_status = 'draft' WHERE id = {steel}"));
        for query in ["so-0001", "livestock", "wellhead"] {
            assert_eq!(found(&app, query), NOTHING, "{query}");
            assert_eq!(found(&everything, query).len(), 1, "{query}");
        }
        // Of its things, the file shows those that are seen.
        app.db.execute(&format!("INSERT INTO asset_thing_association (asset_id, thing_id) SELECT max(id), {canyon} FROM asset"));
        let things = |client: &Client| search(client, "wellhead")["items"][0]["properties"]["things"].as_array().unwrap().len();
        assert_eq!((things(&app), things(&everything)), (1, 2));
        app.db.execute("UPDATE asset SET release_status = 'embargoed', release_at = '2999-01-01'");
        assert_eq!(found(&app, "wellhead"), NOTHING);
        app.db.execute("UPDATE asset SET release_at = '2020-01-01'");
        assert_eq!(found(&app, "wellhead"), ["wellhead.jpg"]);
    }

    fn it_follows_every_change(db: Database) {
        let app = db.start();
        let Scene { steel, canyon, person, asset, .. } = plant(&app);
        app.patch(&format!("/thing/water-well/{steel}"), json!({"name": "Renamed", "well_purposes": ["Irrigation"]})).expect(200);
        for (query, expected) in [("so-0001", vec![]), ("renamed", vec!["Renamed"]), ("livestock", vec![]),
            ("irrigation", vec!["Steel Canyon well", "Renamed"]), ("renamed steel", vec!["Renamed"])] {
            assert_eq!(found(&app, query), expected, "{query}");
        }
        // A term is renamed in all rows that have it.
        app.db.execute("UPDATE lexicon_term SET term = 'Watering' WHERE term = 'Irrigation'; UPDATE lexicon_term SET term = 'Survey' WHERE term = 'USGS'");
        assert_eq!(found(&app, "watering"), ["Steel Canyon well", "Renamed"]);
        assert_eq!(found(&app, "irrigation"), NOTHING);
        assert_eq!(found(&app, "survey"), ["A. Miller"]);
        app.db.execute("UPDATE email SET email = 'new@example.org' WHERE email LIKE 'a.miller%'; UPDATE phone SET phone_number = '+15055550111'; \
            UPDATE address SET city = 'Magdalena'; UPDATE asset SET label = 'Pump house'");
        for query in ["new@example.org", "+15055550111", "magdalena"] {
            assert_eq!(found(&app, query), ["A. Miller"], "{query}");
        }
        assert_eq!(found(&app, "\"pump house\""), ["wellhead.jpg"]);
        for query in ["a.miller@example.org", "+15055550100", "socorro", "dusk"] {
            assert_eq!(found(&app, query), NOTHING, "{query}");
        }
        // Cascades.
        app.delete(&format!("/thing/{canyon}")).expect(204);
        assert_eq!(found(&app, "watering"), ["Renamed"]);
        app.db.execute(&format!("DELETE FROM contact WHERE id = {person}"));
        for query in ["new@example.org", "magdalena", "miller"] {
            assert_eq!(found(&app, query), NOTHING, "{query}");
        }
        app.db.execute(&format!("DELETE FROM asset_thing_association WHERE asset_id = {asset}"));
        assert_eq!(found(&app, "pump"), NOTHING);
        // Nothing of it is left that a later row with the same key would be found by.
        app.db.execute(&format!("INSERT INTO contact (id, name, role, contact_type) VALUES ({person}, 'C. Newman', 'Owner', 'Primary')"));
        assert_eq!(found(&app, "newman"), ["C. Newman"]);
        assert_eq!(found(&app, "miller or magdalena or hydrologist"), NOTHING);
    }

    fn no_query_is_an_error_of_the_server(db: Database) {
        let app = db.start();
        plant(&app);
        let long = [
            "a ".repeat(500), "ab ".repeat(333), "\" ".repeat(500), "-a ".repeat(333), "or ".repeat(333), "a or ".repeat(200), "-a or ".repeat(166),
            "\u{6c34}".repeat(1000), "\u{1f4a7}".repeat(1000), "'".repeat(1000), "(".repeat(1000), "a\u{301}".repeat(500), "\u{fdfa}".repeat(1000),
            (0..250).map(|n| format!("{n:x} ")).collect::<String>(), (0..120).map(|n| format!("a or{n:x} or ")).collect::<String>(),
        ];
        let odd = ["NEAR(a b)", "a AND b NOT c", "name:steel", "^steel", "{a b}: c", "a+b", "a:*", "a & !b", "'a", "a\\", "%", "_", "\u{0}", "\u{feff}",
            "\u{202e}abc", "\u{d7ff}\u{e000}", "12.5e10", "-0", "1-2-3", "a.b.c.d", "http://x.y/z?q=1", "<b>a</b>", "x@", "@y", "a/b", "\u{130}", "\u{df}"];
        for query in long.iter().map(String::as_str).chain(odd) {
            let reply = app.get(&format!("/search?q={}", encode(query)));
            assert!([200, 422].contains(&reply.status), "{query:?}: {} {}", reply.status, reply.text());
            assert_eq!(reply.status == 422, query.chars().count() > 1000 || query.contains('\0'), "{query:?}");
        }
        let words = "((steel|canyon|or|-|\"|a|so-0001|[a-z0-9]{1,3}|\\PC) ?){0,40}";
        let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
        let result = runner.run(&(words, any::<bool>()), |(query, sized)| {
            let more = if sized { "&size=1000&limit=1000" } else { "" };
            let reply = app.get(&format!("/search?q={}{more}", encode(&query)));
            prop_assert!(reply.status == 200, "{:?}: {}", query, reply.text());
            Ok(())
        });
        result.unwrap();
    }
}
