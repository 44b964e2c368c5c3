//! Long lists: walking them row by row (`after`), and counting them otherwise than exactly (`count`).

use std::collections::BTreeSet;

use crate::columns::table::{Kind, LISTINGS, OF_ONE};
use crate::columns::{self, ids};
use crate::large_page::{many, series};
use crate::support::planted::SERIES as READINGS;
use crate::support::*;

const KEYS: [&str; 5] = ["items", "total", "page", "size", "pages"];

/// Where the page after this one is.
pub fn next(reply: &Reply) -> Option<String> {
    let next = reply.header("link")?.split(", ").find_map(|part| part.strip_suffix(">; rel=\"next\""))?;
    Some(next.strip_prefix('<').unwrap().to_owned())
}

/// The cursor of the page after this one.
fn cursor(client: &Client, path: &str) -> String {
    let next = next(&client.get(path)).unwrap();
    next.split(['?', '&']).find_map(|pair| pair.strip_prefix("after=")).unwrap_or_else(|| panic!("{next}")).to_owned()
}

/// All items of a list, from page to page.
pub fn walk(client: &Client, path: &str) -> Vec<Value> {
    let (mut path, mut items) = (path.to_owned(), Vec::new());
    for _ in 0..10_000 {
        let reply = client.get(&path);
        let page = reply.expect(200)["items"].as_array().unwrap().clone();
        let size = page.len();
        items.extend(page);
        match next(&reply) {
            Some(next) => path = next,
            None => return items,
        }
        assert!(size > 0, "{path} follows an empty page");
    }
    panic!("{path} has no end")
}

fn walked(client: &Client, path: &str) -> Vec<i64> {
    walk(client, path).iter().map(columns::id).collect()
}

/// A sort of a list, walked in pages of two and of three rows, is the whole.
fn compare(app: &App, path: &str, by_rows: bool) {
    let whole = ids(app, path);
    for size in [2, 3] {
        let path = path.replace("size=100", &format!("size={size}"));
        assert_eq!(walked(app, &path), whole, "{path}");
        let next = next(&app.get(&path));
        assert_eq!(next.is_some(), whole.len() > size, "{path}");
        assert!(next.is_none_or(|next| next.contains("after=") == by_rows), "{path}");
    }
}

/// One problem at `after`.
#[track_caller]
fn refused(reply: &Reply) -> String {
    let detail = reply.detail(422);
    assert_eq!((detail.as_array().unwrap().len(), &detail[0]["loc"]), (1, &json!(["query", "after"])), "{detail}");
    assert_eq!(detail[0]["type"], "value_error");
    detail[0]["msg"].as_str().unwrap().strip_prefix("Value error, ").unwrap().to_owned()
}

const NOT_OF_THIS_LIST: &str = "This is no cursor of this list with its sort and filters; begin again without 'after'";

both! {
    fn every_sort_of_every_list_is_walked(db: Database) {
        columns::plant(&db);
        let app = db.start();
        for listing in LISTINGS {
            for list in listing.lists {
                let path = columns::path(list);
                compare(&app, &path, true);
                for (column, kind) in listing.columns {
                    let is_column = !matches!(kind, Kind::Status | Kind::Linked | Kind::Key);
                    for order in ["asc", "desc"] {
                        compare(&app, &format!("{path}&sort={column}&order={order}"), is_column);
                    }
                }
            }
        }
        for (list, _) in OF_ONE {
            compare(&app, &columns::path(list), true);
            compare(&app, &format!("{}&sort=created_at&order=desc", columns::path(list)), true);
        }
        // The best matches have numbers, and so has what is counted in another way.
        compare(&app, "/thing?size=100&query=t&count=false", false);
        compare(&app, "/thing?size=100&query=t&sort=name", true);
        compare(&app, "/thing?size=100&sort=groups&count=bounded", false);
    }

    fn a_cursor_is_good_for_its_list_alone(db: Database) {
        many(&db, 40, "");
        let app = db.start();
        let narrowed = format!("{}&{}", filter("well_depth", "gt", json!(3)), filter("name", "ne", json!("NM-9")));
        let turned = format!("{}&{}", filter("name", "ne", json!("NM-9")), filter("well_depth", "gt", json!(3)));
        let list = format!("/thing/water-well?sort=well_depth&order=desc&{narrowed}");
        let all = ids(&app, &format!("{list}&size=100"));
        let cursor = cursor(&app, &format!("{list}&size=5"));
        for same in [&list, &format!("/thing/water-well?{turned}&sort=well_depth&order=desc"), &format!("{list}&utm_source=x&format=json")] {
            assert_eq!(ids(&app, &format!("{same}&size=7&after={cursor}")), all[5..12], "{same}");
            assert_eq!(ids(&app, &format!("{same}&size=1&count=exact&after={cursor}")), all[5..6], "{same}");
        }
        let filters = filter("well_depth", "gt", json!(4));
        for other in [
            "/thing/water-well?sort=well_depth&order=desc",
            &list.replace("sort=well_depth", "sort=hole_depth"),
            &list.replace("order=desc", "order=asc"),
            &list.replace("/water-well", ""),
            &format!("{list}&{filters}"),
            &format!("{list}&name_contains=NM"),
            &format!("{list}&query=NM"),
        ] {
            assert_eq!(refused(&app.get(&format!("{other}&after={cursor}"))), NOT_OF_THIS_LIST, "{other}");
        }
        for garbage in ["", "x", "....", "%00", "AAAAAAAAAAAAAAAAAA", &cursor[1..], &cursor[..cursor.len() - 1], &format!("{cursor}A"), &"A".repeat(5000)] {
            app.get(&format!("{list}&after={garbage}")).detail(422);
            let detail = app.get(&format!("{list}&after={garbage}")).detail(422);
            assert_eq!(detail[0]["loc"], json!(["query", "after"]), "{garbage}");
        }
        assert_eq!(refused(&app.get(&format!("{list}&page=2&after={cursor}"))), "'after' and 'page' exclude each other");
        // Large pages are told before their first byte.
        assert_eq!(refused(&app.get(&format!("{list}&size=1000&after=x"))), NOT_OF_THIS_LIST);
        let detail = app.get(&format!("/thing/{}?after={cursor}", all[0])).detail(422);
        assert_eq!(detail[0]["type"], "extra_forbidden", "no list");
        assert_eq!(app.get("/sensor?count=some").detail(422)[0]["msg"], "Value error, count must be 'exact', 'bounded' or 'false'");
    }

    fn what_changes_meanwhile_neither_repeats_nor_drops_others(db: Database) {
        many(&db, 200, "");
        let app = db.start();
        for sort in ["sort=name", "sort=well_depth&order=desc", "sort=id", ""] {
            let before: BTreeSet<i64> = app.db.texts("SELECT CAST(id AS text) AS value FROM thing").iter().map(|id| id.parse().unwrap()).collect();
            let (mut path, mut seen, mut removed) = (format!("/thing/water-well?size=9&{sort}"), Vec::new(), BTreeSet::new());
            loop {
                let reply = app.get(&path);
                let page: Vec<i64> = reply.expect(200)["items"].as_array().unwrap().iter().map(columns::id).collect();
                seen.extend(&page);
                let Some(next) = next(&reply) else { break };
                path = next;
                // The row that the next page begins behind, and the first one of this page, go; rows come before and behind.
                for id in [page[0], page[page.len() - 1]] {
                    app.db.execute(&format!("DELETE FROM thing WHERE id = {id}"));
                    removed.insert(id);
                }
                app.db.execute("INSERT INTO thing (name, thing_type, well_depth) VALUES ('AA', 'water well', 1000), ('NM-5', 'water well', NULL), ('zz', 'water well', -1)");
            }
            let once: BTreeSet<i64> = seen.iter().copied().collect();
            assert_eq!(once.len(), seen.len(), "{sort}: a row came twice");
            let missing: Vec<&i64> = before.difference(&once).collect();
            assert!(missing.is_empty(), "{sort}: {missing:?} were there all the time");
            assert!(removed.len() > 30);
            app.db.execute("DELETE FROM thing WHERE name IN ('AA', 'zz')");
        }
    }

    fn rows_are_counted_as_is_asked(db: Database) {
        many(&db, 10_020, "");
        let app = db.start();
        let get = |query: &str| app.get(&format!("/thing/water-well?size=2{query}")).expect(200);
        let keys = |page: &Value| page.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let of = |page: &Value| json!([page["total"], page["page"], page["pages"], page["total_is"]]);
        let plain = get("");
        assert_eq!((of(&plain), keys(&plain)), (json!([10_020, 1, 5010, null]), KEYS.map(str::to_owned).to_vec()));
        assert_eq!(get("&count=exact")["total"], 10_020);
        let none = get("&count=false");
        assert_eq!(of(&none), json!([null, 1, null, null]));
        assert_eq!(keys(&none), ["items", "total", "page", "size", "pages", "next"]);
        let next = format!("&after={}", none["next"].as_str().unwrap());
        assert_eq!(get(&next)["items"], get("&page=2")["items"]);
        assert_eq!(of(&get(&next)), json!([null, null, null, null]));
        assert_eq!(of(&get(&format!("{next}&count=exact"))), json!([10_020, null, 5010, null]), "all are counted, not the rest");
        let bounded = get("&count=bounded&page=3");
        assert_eq!(of(&bounded), json!([10_000, 3, null, "at least"]));
        assert_eq!(keys(&bounded), ["items", "total", "page", "size", "pages", "total_is", "next"]);
        assert_eq!(of(&get(&format!("{next}&count=bounded"))), json!([10_000, null, null, "at least"]));
        let few = filter("well_depth", "eq", json!(7));
        let exactly = get(&format!("&{few}"))["total"].clone();
        assert_eq!(get(&format!("&{few}&count=bounded"))["total"], exactly);
        assert_eq!(of(&get(&format!("&{few}&count=Bounded")))[3], Value::Null);
        assert_eq!(of(&get("&page=9999&count=false")), json!([null, 9999, null, null]), "beyond the last");
        assert_eq!(of(&get("&bbox=-180,-90,180,90&count=false")), json!([null, 1, null, null]));
        // In pieces.
        let large = app.get("/thing/water-well?size=6000&count=bounded");
        let page = large.expect(200);
        assert_eq!((of(&page), page["items"].as_array().unwrap().len()), (json!([10_000, 1, null, "at least"]), 6000));
        let rest = app.get(&self::next(&large).unwrap()).expect(200);
        assert_eq!((of(&rest), rest["items"].as_array().unwrap().len()), (json!([10_000, null, null, "at least"]), 4020));
        assert_eq!(keys(&rest).last().unwrap(), "total_is");
        assert_eq!(app.get("/group?count=false").text(), r#"{"items":[],"total":null,"page":1,"size":25,"pages":null}"#);
    }

    fn readings_are_counted_as_is_asked(db: Database) {
        many(&db, 1, "");
        series(&db, 12_000);
        let app = db.start();
        let get = |query: &str| app.get(&format!("{READINGS}?size=2{query}")).expect(200);
        let of = |page: &Value| json!([page["total"], page["page"], page["pages"], page["total_is"]]);
        // A block's end and a reading at that very time are one text on PostgreSQL alone.
        let whole = get("");
        let (total, pages) = (whole["total"].as_i64().unwrap(), whole["pages"].as_i64().unwrap());
        assert!(total >= 11_989 && of(&whole) == json!([total, 1, pages, null]), "{total}");
        for sort in ["", "&order=asc", "&sort=value", "&sort=id&order=desc"] {
            let none = get(&format!("{sort}&count=false"));
            assert_eq!(of(&none), json!([null, 1, null, null]), "{sort}");
            let next = format!("{sort}&after={}", none["next"].as_str().unwrap());
            assert_eq!(get(&next)["items"], get(&format!("{sort}&page=2"))["items"], "{sort}");
            assert_eq!(of(&get(&next)), json!([null, null, null, null]));
            assert_eq!(of(&get(&format!("{next}&count=exact"))), json!([total, null, pages, null]), "{sort}");
            assert_eq!(of(&get(&format!("{next}&count=bounded"))), json!([10_000, null, null, "at least"]), "{sort}");
            assert_eq!(of(&get(&format!("{sort}&page=3&count=bounded"))), json!([10_000, 3, null, "at least"]), "{sort}");
            assert_eq!(get(&format!("{sort}&page=5991&count=false"))["items"], get(&format!("{sort}&page=5991"))["items"], "deep");
            let end = get(&format!("{sort}&page=5996&count=false"));
            assert_eq!((&end["items"], end.get("next")), (&json!([]), None), "{sort}");
        }
        let few = format!("&{}", filter("value", "eq", json!(3)));
        let exactly = get(&few)["total"].as_i64().unwrap();
        assert!(exactly > 1000);
        assert_eq!(of(&get(&format!("{few}&count=bounded")))[0], exactly);
        assert_eq!(of(&get("&thing_id=4711&count=bounded")), json!([0, 1, 0, null]));
    }

    fn texts_longer_than_a_cursor_are_looked_up(db: Database) {
        let app = db.start();
        let alike = "é".repeat(500);
        let notes = |rest: &str| format!("{alike}{rest}");
        for (name, rest) in [("a", "3"), ("b", "1"), ("c", "2"), ("d", "2")] {
            app.create("/sensor", json!({"name": name, "sensor_type": "Barometer", "notes": notes(rest)}));
        }
        app.create("/sensor", json!({"name": "e", "sensor_type": "Barometer"}));
        for (order, expected) in [("asc", ["b", "c", "d", "a", "e"]), ("desc", ["a", "d", "c", "b", "e"])] {
            let path = format!("/sensor?size=1&sort=notes&order={order}");
            let names: Vec<Value> = walk(&app, &path).iter().map(|sensor| sensor["name"].clone()).collect();
            assert_eq!(names, expected, "{order}");
        }
        let first = next(&app.get("/sensor?size=1&sort=notes")).unwrap();
        assert!(first.len() < 500, "{first}");
        let changed = "The row that this cursor stands behind has changed; begin again without 'after'";
        app.db.execute("UPDATE sensor SET notes = 'short' WHERE name = 'b'");
        assert_eq!(refused(&app.get(&first)), changed);
        app.db.execute("DELETE FROM sensor WHERE name = 'b'");
        assert_eq!(refused(&app.get(&first)), changed);
    }

    fn keys_are_exact(db: Database) {
        let app = db.start();
        // No two of them are equal, and none is what its decimals look like.
        let depths = [0.1 + 0.2, 0.3, 1.0 / 3.0, 1e-300, 5e-324, 1.797e308, -0.1, -1.0 / 3.0, 100.0, 1e15 + 0.3];
        for depth in depths {
            app.create("/thing/water-well", json!({"name": format!("{depth:e}")}));
            app.db.execute(&format!("UPDATE thing SET well_depth = {depth:?} WHERE name = '{depth:e}'"));
        }
        // SQLite keeps times as texts: these are three of one time, and one between two microseconds of others.
        for (id, time) in ["10:00:00", "10:00:00.000", "10:00:00.000000", "10:00:00.5", "10:00:00.500", "10:00:00.123457", "10:00:00.123456"].iter().enumerate() {
            app.db.execute(&format!("UPDATE thing SET created_at = '2026-01-01 {time}' WHERE id = {}", id + 1));
        }
        for sort in ["well_depth", "created_at"] {
            for order in ["asc", "desc"] {
                let path = format!("/thing/water-well?sort={sort}&order={order}");
                let whole = ids(&app, &format!("{path}&size=100"));
                assert_eq!(whole.len(), depths.len());
                assert_eq!(walked(&app, &format!("{path}&size=1")), whole, "{path}");
            }
        }
    }
}
