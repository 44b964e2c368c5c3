//! Sorting, filtering and searching things.

use super::{contact, location, names, spring, status, well};
use crate::support::*;

both! {
    fn columns_of_wells_filter_and_sort(db: Database) {
        let app = db.start();
        app.create("/thing/water-well", json!({"name": "One", "well_depth": 10, "hole_depth": 11, "well_casing_depth": 12,
            "well_pump_depth": 13, "well_casing_diameter": 6, "well_completion_date": "2020-01-02", "well_driller_name": "Driller",
            "well_construction_method": "Driven", "well_pump_type": "Submersible", "first_visit_date": "2021-03-04",
            "formation_completion_code": "000EXRV", "nma_formation_zone": "zone", "release_status": "public"}));
        app.create("/thing/water-well", json!({"name": "Two"}));
        let found = |field: &str, operator: &str, value: Value| names(&app, &format!("/thing/water-well?{}", filter(field, operator, value)));
        for (field, value) in [("well_depth", json!(10)), ("hole_depth", json!("11")), ("well_casing_depth", json!(12.0)),
            ("well_pump_depth", json!(13)), ("well_casing_diameter", json!(6)), ("well_completion_date", json!("2020-01-02")),
            ("well_driller_name", json!("Driller")), ("well_construction_method", json!("Driven")),
            ("well_pump_type", json!("Submersible")), ("first_visit_date", json!("2021-03-04")),
            ("nma_formation_zone", json!("zone")), ("release_status", json!("public"))] {
            assert_eq!(found(field, "eq", value.clone()), json!(["One"]), "{field}");
            assert_eq!(found(field, "in", json!([value.clone()])), json!(["One"]), "{field}");
            assert_eq!(found(field, "nnull", json!(0)).as_array().unwrap().len(), if field == "release_status" { 2 } else { 1 });
            if field != "release_status" {
                for order in ["asc", "desc"] {
                    let sorted = names(&app, &format!("/thing/water-well?sort={field}&order={order}"));
                    assert_eq!(sorted, json!(["One", "Two"]), "{field} {order}: no value last");
                }
            }
        }
        assert_eq!(found("well_depth", "ne", json!(3)), json!(["One"]), "no value, no match");
        assert_eq!(found("well_driller_name", "startswith", json!("dRI")), json!(["One"]));
        let two = format!("/thing?{}&{}", filter("name", "contains", json!("o")), filter("well_depth", "null", json!(null)));
        assert_eq!(names(&app, &two), json!(["Two"]), "all must hold");
        let refused = |field: &str, operator: &str, value: Value| {
            app.get(&format!("/thing/water-well?{}", filter(field, operator, value))).detail(400)
        };
        assert_eq!(refused("color", "eq", json!(1)), "Unknown filter field 'color' for Thing");
        assert_eq!(refused("site_name", "eq", json!("x")), "Unknown filter field 'site_name' for Thing");
        assert_eq!(refused("well_depth", "contains", json!("1")), "Operator contains is not supported for field 'well_depth'");
        assert_eq!(refused("well_depth", "in", json!(1)), "Operator in requires an array value");
        assert_eq!(refused("well_depth", "like", json!(1)), "Unsupported filter operator 'like'");
        assert_eq!(refused("well_depth", "eq", json!("deep")), "Invalid value for field 'well_depth'");
        assert_eq!(app.get("/thing?filter={").detail(400), "Invalid JSON in filter");
        assert_eq!(app.get("/thing?filter=%7B%22field%22:1%7D").detail(422), "Missing required filter keys: operator, value");
        assert_eq!(app.get("/thing?filter=").expect(200)["total"], 2);
    }

    fn derived_statuses_filter_and_sort(db: Database) {
        let app = db.start();
        let (a, b, _) = (well(&app, "a"), well(&app, "b"), well(&app, "none"));
        let c = well(&app, "c");
        status(&app, a, "Monitoring Status", "Not currently monitored", "2020-01-01", None);
        status(&app, b, "Monitoring Status", "Not currently monitored", "2020-01-01", None);
        status(&app, b, "Monitoring Status", "Currently monitored", "2021-01-01", None);
        status(&app, c, "Monitoring Status", "Open", "2021-01-01", None);
        status(&app, c, "Monitoring Status", "Closed", "2022-01-01", Some("2022-02-02"));
        status(&app, a, "Well Status", "Abandoned", "2021-01-01", None);
        status(&app, b, "Datalogger Suitability Status", "Datalogger can be installed", "2021-01-01", None);
        let found = |field: &str, operator: &str, value: &str| {
            names(&app, &format!("/thing/water-well?{}", filter(field, operator, json!(value))))
        };
        assert_eq!(found("monitoring_status", "eq", "Currently monitored"), json!(["b"]));
        assert_eq!(found("monitoring_status", "eq", "currently monitored"), json!([]), "eq minds the case");
        assert_eq!(found("monitoring_status", "ne", "Currently monitored"), json!(["a", "c"]), "no status, no match");
        assert_eq!(found("monitoring_status", "contains", "CURRENTLY"), json!(["a", "b"]));
        assert_eq!(found("monitoring_status", "ncontains", "currently"), json!(["c"]));
        assert_eq!(found("monitoring_status", "startswith", "not"), json!(["a"]));
        assert_eq!(found("monitoring_status", "endswith", "MONITORED"), json!(["a", "b"]));
        assert_eq!(found("monitoring_status", "eq", "Closed"), json!([]), "it is over");
        assert_eq!(found("well_status", "contains", "band"), json!(["a"]));
        for operator in ["gt", "gte", "lt", "lte", "null", "nnull", "in"] {
            assert_eq!(app.get(&format!("/thing?{}", filter("well_status", operator, json!([])))).detail(400), format!(
                "Operator '{operator}' is not supported for derived status filters (contains, ncontains, eq, ne, startswith, endswith)"));
        }
        assert_eq!(app.get(&format!("/thing?{}", filter("well_status", "eq", json!(null)))).detail(400), "Invalid value for field 'well_status'");
        let sorted = |column: &str, order: &str| names(&app, &format!("/thing/water-well?sort={column}&order={order}"));
        assert_eq!(sorted("monitoring_status", "asc"), json!(["b", "a", "c", "none"]));
        assert_eq!(sorted("monitoring_status", "desc"), json!(["c", "a", "b", "none"]), "no key, last");
        assert_eq!(sorted("well_status", "asc"), json!(["a", "b", "none", "c"]));
        assert_eq!(sorted("well_status", "desc"), json!(["a", "c", "none", "b"]), "ties by id in the same direction");
        assert_eq!(sorted("datalogger_suitability_status", "asc"), json!(["b", "a", "none", "c"]));
    }

    fn open_wells_come_before_closed_ones(db: Database) {
        let app = db.start();
        let ids: Vec<i64> = ["other", "none", "closed", "open"].iter().map(|name| well(&app, name)).collect();
        for (id, value) in [(ids[0], "Abandoned"), (ids[2], "Closed"), (ids[3], "Open")] {
            status(&app, id, "Open Status", value, "2020-01-01", None);
        }
        assert_eq!(names(&app, "/thing?sort=open_status"), json!(["open", "closed", "none", "other"]));
        assert_eq!(names(&app, "/thing?sort=open_status&order=desc"), json!(["other", "none", "closed", "open"]));
    }

    fn linked_rows_filter_and_sort(db: Database) {
        let app = db.start();
        let (a, b, c) = (well(&app, "a"), well(&app, "b"), well(&app, "c"));
        contact(&app, "Zoe Baca", &[a]);
        contact(&app, "ana Vigil", &[a, b]);
        let (plan, area) = (app.create("/group", json!({"name": "Plan"})), app.create("/group", json!({"name": "area 7"})));
        let digits = app.create("/group", json!({"name": "77"}));
        for (group, thing) in [(&plan, a), (&area, a), (&plan, c), (&digits, b)] {
            app.db.execute(&format!("INSERT INTO group_thing_association (group_id, thing_id) VALUES ({}, {thing})", group["id"]));
        }
        let found = |field: &str, operator: &str, value: Value| {
            names(&app, &format!("/thing/water-well?{}", filter(field, operator, value)))
        };
        assert_eq!(found("contacts", "contains", json!("A")), json!(["a", "b"]), "once, however many match");
        assert_eq!(found("contacts", "ncontains", json!("vigil")), json!(["c"]));
        assert_eq!(found("contacts", "ncontains", json!("baca")), json!(["b", "c"]));
        assert_eq!(found("contacts", "eq", json!("ana Vigil")), json!(["a", "b"]));
        assert_eq!(found("contacts", "eq", json!("Ana Vigil")), json!([]));
        assert_eq!(found("contacts", "ne", json!("ana Vigil")), json!(["c"]));
        assert_eq!(found("contacts", "startswith", json!("ZOE")), json!(["a"]));
        assert_eq!(found("contacts", "endswith", json!("vigil")), json!(["a", "b"]));
        assert_eq!(found("contacts", "null", json!("")), json!(["c"]));
        assert_eq!(found("contacts", "nnull", json!("")), json!(["a", "b"]));
        assert_eq!(found("groups", "eq", plan["id"].clone()), json!(["a", "c"]));
        assert_eq!(found("groups", "eq", json!(plan["id"].to_string())), json!(["a", "c"]), "digits are an id");
        assert_eq!(found("groups", "eq", json!("77")), json!([]), "even where a name is the same");
        assert_eq!(found("groups", "eq", json!("Plan")), json!(["a", "c"]));
        assert_eq!(found("groups", "ne", plan["id"].clone()), json!(["b"]));
        assert_eq!(found("groups", "ne", json!("area 7")), json!(["b", "c"]));
        assert_eq!(found("groups", "contains", json!("7")), json!(["a", "b"]), "text operators look at names");
        assert_eq!(found("groups", "ncontains", json!("PLAN")), json!(["b"]));
        assert_eq!(found("groups", "startswith", json!("AREA")), json!(["a"]));
        assert_eq!(found("groups", "endswith", json!("n")), json!(["a", "c"]));
        assert_eq!(found("groups", "null", json!(1)), json!([]));
        assert_eq!(found("groups", "eq", json!(99_999_999_999_i64)), json!([]));
        for field in ["contacts", "groups"] {
            for operator in ["gt", "gte", "lt", "lte", "in"] {
                assert_eq!(app.get(&format!("/thing?{}", filter(field, operator, json!([])))).detail(400), format!(
                    "Operator '{operator}' is not supported for {field} filters (contains, ncontains, eq, ne, startswith, endswith, null, nnull)"));
            }
            assert_eq!(app.get(&format!("/thing?{}", filter(field, "eq", json!({})))).detail(400), format!("Invalid value for field '{field}'"));
        }
        assert_eq!(names(&app, "/thing?sort=contacts"), json!(["a", "b", "c"]));
        assert_eq!(names(&app, "/thing?sort=contacts&order=desc"), json!(["b", "a", "c"]), "no contact, last");
        assert_eq!(names(&app, "/thing?sort=groups"), json!(["b", "a", "c"]));
        assert_eq!(names(&app, "/thing?sort=groups&order=desc"), json!(["c", "a", "b"]));
    }

    fn other_keys_sort_too(db: Database) {
        let app = db.start();
        let (a, b, _) = (well(&app, "a"), well(&app, "b"), well(&app, "none"));
        app.db.execute("INSERT INTO aquifer_system (name, primary_aquifer_type, geographic_scale) \
            VALUES ('Santa Fe', 'Unconfined single aquifer', 'Regional'), ('ogallala', 'Unconfined single aquifer', 'Regional')");
        app.db.execute(&format!("INSERT INTO thing_aquifer_association (thing_id, aquifer_system_id) VALUES ({a}, 1), ({b}, 1), ({b}, 2)"));
        for (thing, id, organization) in [(a, "Beta", "NMBGMR"), (a, "Aaa", "NMBGMR"), (b, "Aa", "USGS"), (b, "alpha", "NMBGMR")] {
            app.create("/thing/id-link", json!({"thing_id": thing, "relation": "same_as", "alternate_id": id, "alternate_organization": organization}));
        }
        for (thing, height, start) in [(a, "1", "2020-01-01"), (a, "3", "2021-01-01"), (a, "NULL", "2022-01-01"), (b, "2", "2021-01-01")] {
            app.db.execute(&format!("INSERT INTO measuring_point_history (thing_id, measuring_point_height, start_date) VALUES ({thing}, {height}, '{start}')"));
        }
        for column in ["aquifers", "site_name", "measuring_point_height"] {
            assert_eq!(names(&app, &format!("/thing?sort={column}")), json!(["b", "a", "none"]), "{column}");
            assert_eq!(names(&app, &format!("/thing?sort={column}&order=desc")), json!(["a", "b", "none"]), "{column}");
        }
        assert_eq!(app.items("/thing?sort=measuring_point_height", "measuring_point_height"), [json!(2.0), json!(3.0), Value::Null]);
    }

    fn text_is_searched_by_words_and_similarity(db: Database) {
        let app = db.start();
        for name in ["Dry Canyon wells", "Canyon del Rio", "SO-0001", "SO-0002", "Arroyo Seco"] {
            well(&app, name);
        }
        let frio = spring(&app, "Ojo Frio");
        let found = |query: &str| names(&app, &format!("/thing?query={}", encode(query)));
        assert_eq!(found("canyon"), json!(["Canyon del Rio", "Dry Canyon wells"]), "the more similar one first");
        assert_eq!(found("canyon dry"), json!(["Dry Canyon wells", "Canyon del Rio"]), "the second is only similar");
        assert_eq!(found("canyons well dr"), json!(["Dry Canyon wells"]), "all words, each as a beginning, without endings");
        assert_eq!(found("the canyon of dry wells"), json!(["Dry Canyon wells"]));
        assert_eq!(found("rio or seco"), json!(["Arroyo Seco", "Canyon del Rio"]));
        assert_eq!(found("\"canyon del\" -dry"), json!(["Canyon del Rio", "Dry Canyon wells"]));
        assert_eq!(found("arroy"), json!(["Arroyo Seco"]));
        assert_eq!(found("0001"), json!(["SO-0001", "SO-0002"]), "similar");
        assert_eq!(found("SO-0002"), json!(["SO-0002", "SO-0001"]));
        assert_eq!(found("spring"), json!(["Ojo Frio"]), "its type");
        assert_eq!(found("frioo"), json!(["Ojo Frio"]), "similar");
        for nothing in ["---", "' & | ! ( ) : * \\ \"", "°", "the of", "zzzz", "-the"] {
            assert_eq!(found(nothing), json!([]), "{nothing}");
        }
        assert_eq!(found("-canyon -ojo -seco"), json!(["SO-0001", "SO-0002"]), "all without these words");
        assert_eq!(found("").as_array().unwrap().len(), 6, "nothing is asked for");
        assert_eq!(found(" ").as_array().unwrap().len(), 6);
        assert_eq!(names(&app, "/thing/spring?query=frio"), json!(["Ojo Frio"]));
        assert_eq!(names(&app, "/thing/water-well?query=frio"), json!([]));
        assert_eq!(names(&app, "/thing?query=canyon&sort=name&order=desc"), json!(["Dry Canyon wells", "Canyon del Rio"]));
        let page = app.get("/thing?query=canyon&size=1&page=2").expect(200);
        assert_eq!((&page["items"][0]["name"], &page["total"]), (&json!("Dry Canyon wells"), &json!(2)));
        let narrowed = format!("/thing?query=canyon&name_contains=rio&{}", filter("thing_type", "eq", json!("water well")));
        assert_eq!(names(&app, &narrowed), json!(["Canyon del Rio"]));

        contact(&app, "Ana Frio", &[1]);
        contact(&app, "Ana Frio Senior", &[1, frio]);
        assert_eq!(names(&app, "/thing?query=ana+frio"), json!(["Ojo Frio"]), "similar by its own name");
        assert_eq!(names(&app, "/thing?query=ana+frio&include_contacts=true"), json!(["Dry Canyon wells", "Ojo Frio"]));
        assert_eq!(names(&app, "/thing/water-well?query=ana+frio&include_contacts=1"), json!(["Dry Canyon wells"]), "once");
        assert_eq!(app.get("/thing?include_contacts=maybe").detail(422)[0]["type"], "bool_parsing");
        let long = app.get(&format!("/thing?query={}", "a".repeat(1001))).detail(422);
        assert_eq!((&long[0]["loc"], &long[0]["msg"]), (&json!(["query", "query"]), &json!("Value error, query is longer than 1000 characters")));
        assert_eq!(app.get("/thing?query=a%00").detail(422)[0]["type"], "value_error");
    }

    fn the_same_words_find_the_same_names_on_both_databases(db: Database) {
        let app = db.start();
        let all = ["Ojo Fr\u{ed}o", "SO-0001", "Sold 0001", "Pozo N\u{fa}mero 5", "Test hole 12.5/B", "La Ca\u{f1}ada 1e5", "The Narrows",
                   "Acequia Ma\u{301}xima", "Zun\u{303}i 5th", "Quemado -77", "a.b.example.org", "Monta\u{f1}a's edge"];
        for name in all {
            app.create("/thing/spring", json!({"name": name}));
        }
        let found = |query: &str| -> Vec<String> {
            let names = app.items(&format!("/thing?sort=id&query={}", encode(query)), "name");
            names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        for (query, expected) in [
            ("frio", vec!["Ojo Fr\u{ed}o"]),
            ("FR\u{cd}O", vec!["Ojo Fr\u{ed}o"]),
            ("fri\u{301}o", vec!["Ojo Fr\u{ed}o"]),
            ("numero", vec!["Pozo N\u{fa}mero 5"]),
            ("maxima", vec!["Acequia Ma\u{301}xima"]),
            ("m\u{e1}xima", vec!["Acequia Ma\u{301}xima"]),
            ("canada", vec!["La Ca\u{f1}ada 1e5"]),
            ("zuni", vec!["Zun\u{303}i 5th"]),
            ("SO-0001", vec!["SO-0001", "Sold 0001"]),
            ("\"so 0001\"", vec!["SO-0001", "Sold 0001"]),
            ("SO-00", vec!["SO-0001", "Sold 0001"]),
            ("0001", vec!["SO-0001", "Sold 0001"]),
            ("12.5", vec!["Test hole 12.5/B"]),
            ("hole b", vec!["Test hole 12.5/B"]),
            ("1e5", vec!["La Ca\u{f1}ada 1e5"]),
            ("77", vec!["Quemado -77"]),
            // Two are similar to the text as a whole.
            ("5 -pozo -hole", vec!["Pozo N\u{fa}mero 5", "Test hole 12.5/B", "Zun\u{303}i 5th"]),
            ("narrow the", vec!["The Narrows"]),
            ("example", vec!["a.b.example.org"]),
            ("montana edge", vec!["Monta\u{f1}a's edge"]),
            ("xyzzy", vec![]),
        ] {
            assert_eq!(found(query), expected, "{query}");
        }
    }

    fn no_search_is_too_strange(db: Database) {
        let app = db.start();
        well(&app, "a");
        for query in ["'", "''", "\\", "\\'", "a:b", "a:*", "a & b", "!!a", "<->", "a <2> b", "(", ")", "NEAR(a b)", "a AND", "NOT a", "^a",
                      "name:a", "\"a", "\"\"", "-\"a", "--a", "a* *", "{a b}", "é\u{301}", "²", "٣", "\u{feff}a", "a\nb", "or", "a or or b", "😀a",
                      "http://a.b/c?d=e", "a@b.c", "1e5 -1.5 +3", "a-b-c_d/e", "%", "_"] {
            app.get(&format!("/thing?query={}&include_contacts=true", encode(query))).expect(200);
        }
        let many = vec!["a"; 500].join(" ");
        for query in [many.clone(), many.replace(' ', " or ")[..999].to_owned(), format!("-{}", many.replace(' ', " -"))[..999].to_owned(), "x".repeat(1000)] {
            app.get(&format!("/thing?query={}", encode(&query))).expect(200);
        }
    }

    fn the_number_of_queries_does_not_depend_on_the_size(db: Database) {
        let app = db.start();
        let place = location(&app, "POINT (-106 34)", 1.0);
        let group = app.create("/group", json!({"name": "G"}))["id"].clone();
        for at in 0..12 {
            app.create("/thing/water-well", json!({"name": format!("w{at}"), "location_id": place, "group_id": group,
                "notes": [{"note_type": "General", "content": "x"}], "well_purposes": ["Domestic"], "is_open": true}));
            app.create("/thing/spring", json!({"name": format!("s{at}"), "location_id": place, "group_id": group}));
        }
        for path in ["/thing", "/thing/water-well", "/thing/spring"] {
            let queries = |size| app.get(&format!("{path}?size={size}")).queries();
            // (The first two things are a well and a spring.)
            let (few, many, pieces) = (queries(2), queries(500), queries(10_000));
            assert_eq!(few, many, "{path}");
            if app.db.is_postgres() {
                assert!(many <= 3 && pieces <= 3, "{path}: {many}, and {pieces} in pieces");
            }
        }
    }
}
