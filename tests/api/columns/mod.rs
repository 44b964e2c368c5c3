//! Every column of every list: it sorts, and each operator finds the rows that it should and no others.

mod cells;
mod rows;
pub mod table;

use std::collections::BTreeSet;

use crate::openapi::operations;
use crate::support::*;

use cells::{Cell, Cells, fold};
pub use rows::plant;
use table::{Kind, LISTINGS, Listing, OF_ONE};

const EQUALITY: [&str; 5] = ["eq", "ne", "in", "null", "nnull"];
const ORDER: [&str; 4] = ["gt", "gte", "lt", "lte"];
const TEXTUAL: [&str; 4] = ["contains", "ncontains", "startswith", "endswith"];

/// A list with what narrows it to rows of the test.
pub fn path(list: &str) -> String {
    match list {
        "/lexicon/term" => "/lexicon/term?category=walk&size=100".to_owned(),
        "/lexicon/category" => "/lexicon/category?name=walk&size=100".to_owned(),
        list => list.replace("{thing_id}", "1").replace("{contact_id}", "1").replace("{slug}", "walk") + "?size=100",
    }
}

/// The id of an item. That of a reading comes with its block.
pub fn id(item: &Value) -> i64 {
    item.get("observation").unwrap_or(item)["id"].as_i64().unwrap()
}

pub fn ids(app: &App, path: &str) -> Vec<i64> {
    app.get(path).expect(200)["items"].as_array().unwrap().iter().map(id).collect()
}

/// The ids that a filter leaves, ascending.
fn found(app: &App, path: &str, column: &str, operator: &str, value: &Value) -> BTreeSet<i64> {
    ids(app, &format!("{path}&{}", filter(column, operator, value.clone()))).into_iter().collect()
}

fn sorts(app: &App, path: &str, column: &str, cells: &Cells) {
    for (order, descending) in [("asc", false), ("desc", true)] {
        let sorted = ids(app, &format!("{path}&sort={column}&order={order}"));
        assert_eq!(sorted, cells.sorted(descending), "{path} by {column} {order}: {cells:?}");
    }
}

/// A refused operator or field.
fn refused(app: &App, path: &str, column: &str, operator: &str, message: &str) {
    let value = if operator == "in" { json!([]) } else { json!("x") };
    let detail = app.get(&format!("{path}&{}", filter(column, operator, value))).detail(400);
    assert_eq!(detail, message, "{path} {column} {operator}");
}

/// The comparisons of a column that has one value a row.
fn filters(app: &App, path: &str, column: &str, kind: Kind, cells: &Cells) {
    let found = |operator: &str, value: &Value| found(app, path, column, operator, value);
    let expect = |operator: &str, value: Value, holds: &dyn Fn(&Cell) -> bool| {
        assert_eq!(found(operator, &value), cells.of_which(holds), "{path}: {column} {operator} {value}: {cells:?}");
    };
    let pivot = cells.pivot();
    let sent = pivot.sent(kind);
    expect("eq", sent.clone(), &|cell| *cell == pivot);
    expect("ne", sent.clone(), &|cell| *cell != pivot);
    if kind == Kind::Status {
        for operator in ORDER.iter().chain(&["null", "nnull", "in"]) {
            refused(
                app,
                path,
                column,
                operator,
                &format!(
                    "Operator '{operator}' is not supported for derived status filters \
                (contains, ncontains, eq, ne, startswith, endswith)"
                ),
            );
        }
        return textual(app, path, column, cells, &pivot);
    }
    expect("in", json!([sent]), &|cell| *cell == pivot);
    expect("in", json!([]), &|_| false);
    expect("nnull", Value::Null, &|_| true);
    assert_eq!(found("null", &Value::Null), cells.without_value(), "{path}: {column} null");
    let [more, at_least, less, at_most] = ORDER.map(|operator| found(operator, &sent));
    if kind == Kind::Text && app.db.is_postgres() {
        // By the collation of the database, whatever that is: the four fit together.
        let equal = cells.of_which(&|cell| *cell == pivot);
        let all = cells.of_which(&|_| true);
        assert_eq!((&more | &equal, &less | &equal), (at_least.clone(), at_most.clone()), "{path} {column}");
        assert_eq!((&at_least | &at_most, &at_least & &at_most), (all, equal), "{path} {column}");
    } else {
        let expected = [
            cells.of_which(&|cell| *cell > pivot),
            cells.of_which(&|cell| *cell >= pivot),
            cells.of_which(&|cell| *cell < pivot),
            cells.of_which(&|cell| *cell <= pivot),
        ];
        assert_eq!([more, at_least, less, at_most], expected, "{path} {column} {sent}: {cells:?}");
    }
    if kind == Kind::Text {
        textual(app, path, column, cells, &pivot);
    } else {
        for operator in TEXTUAL {
            refused(app, path, column, operator, &format!("Operator {operator} is not supported for field '{column}'"));
        }
        assert_eq!(
            app.get(&format!("{path}&{}", filter(column, "eq", json!([])))).detail(400),
            format!("Invalid value for field '{column}'")
        );
    }
    assert_eq!(
        app.get(&format!("{path}&{}", filter(column, "in", json!(1)))).detail(400),
        "Operator in requires an array value"
    );
}

/// The comparisons of a part of a text, whatever its case.
fn textual(app: &App, path: &str, column: &str, cells: &Cells, pivot: &Cell) {
    let Cell::Text(text) = pivot else { panic!("{column} is no text") };
    let characters: Vec<char> = text.chars().collect();
    let half = characters.len().div_ceil(2);
    let part = |characters: &[char]| characters.iter().collect::<String>().to_uppercase();
    let (first, last) = (part(&characters[..half]), part(&characters[characters.len() - half..]));
    let middle = part(&characters[characters.len() / 3..=characters.len() / 2]);
    let holds = |operator: &str, part: &str, cell: &Cell| {
        let (Cell::Text(text), part) = (cell, fold(part)) else { return false };
        let text = fold(text);
        match operator {
            "contains" => text.contains(&part),
            "ncontains" => !text.contains(&part),
            "startswith" => text.starts_with(&part),
            _ => text.ends_with(&part),
        }
    };
    for (operator, part) in TEXTUAL.iter().zip([&middle, &middle, &first, &last]) {
        let expected = cells.of_which(&|cell| holds(operator, part, cell));
        assert_eq!(found(app, path, column, operator, &json!(part)), expected, "{path}: {column} {operator} {part}");
    }
}

/// The filters on names of linked rows.
fn linked(app: &App, path: &str, column: &str, items: &[Value]) {
    let all = cells::names(app, column);
    let of = |item: &Value| {
        let id = id(item);
        (id, all.get(&id).cloned().unwrap_or_default())
    };
    let names: Vec<(i64, Vec<String>)> = items.iter().map(of).collect();
    let of_which = |holds: &dyn Fn(&[String]) -> bool| -> BTreeSet<i64> {
        names.iter().filter(|(_, names)| holds(names)).map(|(id, _)| *id).collect()
    };
    let some = names.iter().flat_map(|(_, names)| names).max().unwrap();
    let part = some[..some.len() - 1].to_uppercase();
    let any = |holds: &dyn Fn(&str) -> bool| of_which(&|names| names.iter().any(|name| holds(name)));
    let none = |holds: &dyn Fn(&str) -> bool| of_which(&|names| !names.iter().any(|name| holds(name)));
    for (operator, value, expected) in [
        ("eq", some, any(&|name| name == some)),
        ("ne", some, none(&|name| name == some)),
        ("contains", &part, any(&|name| fold(name).contains(&fold(&part)))),
        ("ncontains", &part, none(&|name| fold(name).contains(&fold(&part)))),
        ("startswith", &part, any(&|name| fold(name).starts_with(&fold(&part)))),
        ("endswith", &part, any(&|name| fold(name).ends_with(&fold(&part)))),
        ("null", some, none(&|_| true)),
        ("nnull", some, any(&|_| true)),
    ] {
        assert_eq!(found(app, path, column, operator, &json!(value)), expected, "{path}: {column} {operator} {value}");
    }
    for operator in ORDER.iter().chain(&["in"]) {
        refused(
            app,
            path,
            column,
            operator,
            &format!(
                "Operator '{operator}' is not supported for {column} filters \
            (contains, ncontains, eq, ne, startswith, endswith, null, nnull)"
            ),
        );
    }
}

/// One list.
fn walk(app: &App, listing: &Listing, list: &str) {
    let path = path(list);
    let shown = app.get(&path).expect(200);
    let items = shown["items"].as_array().unwrap();
    assert!(items.len() >= 3 && shown["total"] == items.len(), "{path}: {} rows", items.len());
    for (column, kind) in listing.columns {
        let cells = Cells::read(app, listing, items, column, *kind);
        sorts(app, &path, column, &cells);
        match kind {
            Kind::Key => {
                for operator in EQUALITY.iter().chain(&ORDER).chain(&TEXTUAL) {
                    refused(
                        app,
                        &path,
                        column,
                        operator,
                        &format!("Unknown filter field '{column}' for {}", listing.model),
                    );
                }
            }
            Kind::Linked => linked(app, &path, column, items),
            kind => filters(app, &path, column, *kind, &cells),
        }
    }
}

/// Names that are columns of some list, or of the table, or keys of an item, but cannot be asked for here.
fn unknown(app: &App, listing: &Listing, list: &str) {
    let path = path(list);
    let mut names: BTreeSet<String> = app.db.columns(listing.table).into_iter().collect();
    names.extend(LISTINGS.iter().flat_map(|listing| listing.columns).map(|(name, _)| (*name).to_owned()));
    names.extend(app.get(&path).json()["items"][0].as_object().unwrap().keys().cloned());
    names.extend(["colour", "", "ID", "id ", "id; DROP TABLE thing", "thing.id"].map(str::to_owned));
    for name in names.iter().filter(|name| listing.columns.iter().all(|(known, _)| known != name)) {
        let model = listing.model;
        // The user interface sorts terms by it.
        if !(name.is_empty() || (list == "/lexicon/term" && name == "categories")) {
            let detail = app.get(&format!("{path}&sort={}", encode(name))).detail(422);
            assert_eq!(
                detail,
                json!([{"type": "value_error", "loc": ["query", "sort"], "input": name, "ctx": {"error": {}},
                "msg": format!("Value error, Unknown sort column '{name}' for {model}")}]),
                "{path}"
            );
        }
        refused(app, &path, name, "eq", &format!("Unknown filter field '{name}' for {model}"));
    }
}

both! {
    fn every_column_of_every_list_sorts_and_filters(db: Database) {
        plant(&db);
        let app = db.start();
        for listing in LISTINGS {
            for list in listing.lists {
                walk(&app, listing, list);
            }
        }
    }

    fn a_rows_own_lists_sort_and_filter_too(db: Database) {
        plant(&db);
        let app = db.start();
        for (list, _) in OF_ONE {
            let listing = Listing::of(list).unwrap();
            let parent = list.split(['{', '}']).nth(1).unwrap();
            let rows = app.db.number(&format!("SELECT max(n) FROM (SELECT count(*) AS n FROM {} GROUP BY {parent}) x", listing.table));
            assert!(rows >= 2, "{list}");
            for one in 1..=5 {
                let path = list.replace(&format!("{{{parent}}}"), &one.to_string()) + "?size=100";
                let items = app.get(&path).expect(200)["items"].as_array().unwrap().clone();
                for (column, kind) in listing.columns.iter().filter(|_| !items.is_empty()) {
                    let cells = Cells::read(&app, listing, &items, column, *kind);
                    sorts(&app, &path, column, &cells);
                    assert_eq!(found(&app, &path, column, "null", &Value::Null), cells.without_value(), "{path} {column}");
                }
            }
        }
    }

    fn what_is_no_column_is_refused_by_name(db: Database) {
        plant(&db);
        let app = db.start();
        for listing in LISTINGS {
            for list in listing.lists {
                unknown(&app, listing, list);
            }
        }
    }
}

#[test]
fn every_list_with_filters_is_in_the_table() {
    let document = serde_json::from_str(&ocotillo::api::openapi_json().unwrap()).unwrap();
    let takes_filters = |operation: &Value| {
        // (Maps are filtered as lists of things are, and are no lists.)
        let takes = |name| operation["parameters"].as_array().into_iter().flatten().any(|known| known["name"] == name);
        takes("page") && takes("filter")
    };
    let documented: BTreeSet<String> = operations(&document)
        .into_iter()
        .filter(|(method, _, operation)| method == "GET" && takes_filters(operation))
        .map(|(_, path, _)| path)
        .collect();
    let known: BTreeSet<String> = LISTINGS
        .iter()
        .flat_map(|listing| listing.lists)
        .chain(OF_ONE.iter().map(|(list, _)| list))
        .map(|list| (*list).to_owned())
        .collect();
    assert_eq!(documented, known);
}
