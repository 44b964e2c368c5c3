//! What is in a column, read from outside the server, and how it is to be sorted.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::table::{Kind, Listing};
use crate::support::*;

/// A value. Times and dates are texts of equal length.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub enum Cell {
    Number(f64),
    Text(String),
}

impl Cell {
    /// As a filter's value.
    pub fn sent(&self, kind: Kind) -> Value {
        match (self, kind) {
            (Self::Number(number), Kind::Bool) => json!(*number > 0.0),
            (Self::Number(number), Kind::Integer) => serde_json::from_str(&number.to_string()).unwrap(),
            (Self::Number(number), _) => json!(number),
            (Self::Text(text), Kind::Time) => json!(text.replace(' ', "T") + "Z"),
            (Self::Text(text), _) => json!(text),
        }
    }

    /// Texts are sorted without regard to case.
    fn key(&self) -> Self {
        match self {
            Self::Text(text) => Self::Text(fold(text)),
            Self::Number(number) => Self::Number(*number),
        }
    }
}

pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// A column's values by row.
#[derive(Debug)]
pub struct Cells(BTreeMap<i64, Option<Cell>>);

impl Cells {
    /// The values of the rows that a list shows.
    pub fn read(app: &App, listing: &Listing, items: &[Value], column: &str, kind: Kind) -> Self {
        let id = super::id;
        if matches!(kind, Kind::Status | Kind::Linked | Kind::Key) {
            let derived = derived(app, column);
            return Self(items.iter().map(|item| (id(item), derived.get(&id(item)).cloned())).collect());
        }
        let sql = format!(
            "SELECT CAST(id AS text) || '|' || coalesce('=' || CAST(\"{column}\" AS text), '') AS value FROM \"{}\"",
            listing.table
        );
        let mut all: BTreeMap<i64, Option<Cell>> = BTreeMap::new();
        for row in app.db.texts(&sql) {
            let (id, text) = row.split_once('|').unwrap();
            all.insert(id.parse().unwrap(), text.strip_prefix('=').map(|text| stored(text, kind)));
        }
        Self(items.iter().map(|item| (id(item), all[&id(item)].clone())).collect())
    }

    /// Ids in order: rows without a value last, ties by id in the direction of the sort.
    pub fn sorted(&self, descending: bool) -> Vec<i64> {
        let mut rows: Vec<(i64, Option<Cell>)> =
            self.0.iter().map(|(id, cell)| (*id, cell.as_ref().map(Cell::key))).collect();
        rows.sort_by(|(id, cell), (other_id, other)| {
            let forward = match (cell, other) {
                (Some(cell), Some(other)) => cell.partial_cmp(other).unwrap(),
                (None, None) => Ordering::Equal,
                (None, Some(_)) => return Ordering::Greater,
                (Some(_), None) => return Ordering::Less,
            };
            let forward = forward.then(id.cmp(other_id));
            if descending { forward.reverse() } else { forward }
        });
        rows.into_iter().map(|(id, _)| id).collect()
    }

    /// Rows with a value of which something holds.
    pub fn of_which(&self, holds: &dyn Fn(&Cell) -> bool) -> BTreeSet<i64> {
        self.0.iter().filter(|(_, cell)| cell.as_ref().is_some_and(holds)).map(|(id, _)| *id).collect()
    }

    /// Rows without a value.
    pub fn without_value(&self) -> BTreeSet<i64> {
        self.0.iter().filter(|(_, cell)| cell.is_none()).map(|(id, _)| *id).collect()
    }

    /// A value in the middle.
    pub fn pivot(&self) -> Cell {
        let mut values: Vec<&Cell> = self.0.values().flatten().collect();
        values.sort_by(|one, other| one.partial_cmp(other).unwrap());
        values[values.len() / 2].clone()
    }
}

/// A value as both databases print it.
fn stored(text: &str, kind: Kind) -> Cell {
    match kind {
        Kind::Integer | Kind::Float => Cell::Number(text.parse().unwrap()),
        Kind::Bool => Cell::Number(if ["1", "true"].contains(&text) { 1.0 } else { 0.0 }),
        Kind::Time => {
            let text = text.strip_suffix("+00").unwrap_or(text);
            let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
            Cell::Text(format!("{seconds}.{fraction:0<6}"))
        }
        _ => Cell::Text(text.to_owned()),
    }
}

/// Rows of a thing and a text each, in an order.
fn rows(app: &App, sql: &str) -> Vec<(i64, String)> {
    let split = |row: String| {
        let (thing, text) = row.split_once('|').unwrap();
        (thing.parse().unwrap(), text.to_owned())
    };
    app.db.texts(sql).into_iter().map(split).collect()
}

/// The names of what is linked to each row.
pub fn names(app: &App, column: &str) -> BTreeMap<i64, Vec<String>> {
    let (own, link, of) = match column {
        "contacts" => ("thing", "thing_contact_association", "contact"),
        "groups" => ("thing", "group_thing_association", "group"),
        "things" => ("contact", "thing_contact_association", "thing"),
        _ => ("thing", "thing_aquifer_association", "aquifer_system"),
    };
    let mut names: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let sql = format!(
        "SELECT CAST(l.{own}_id AS text) || '|' || o.name AS value FROM {link} l JOIN \"{of}\" o ON o.id = l.{of}_id"
    );
    for (thing, name) in rows(app, &sql) {
        names.entry(thing).or_default().push(name);
    }
    names
}

/// What things are filtered and sorted by that is no column.
fn derived(app: &App, column: &str) -> BTreeMap<i64, Cell> {
    let status = |kind: &str| {
        let sql = format!(
            "SELECT CAST(target_id AS text) || '|' || status_value AS value FROM status_history WHERE target_table = 'thing' \
             AND status_type = '{kind}' AND end_date IS NULL ORDER BY start_date, id"
        );
        rows(app, &sql).into_iter()
    };
    let texts = |rows: std::vec::IntoIter<(i64, String)>| rows.map(|(thing, text)| (thing, Cell::Text(text))).collect();
    match column {
        "monitoring_status" => texts(status("Monitoring Status")),
        "well_status" => texts(status("Well Status")),
        "datalogger_suitability_status" => texts(status("Datalogger Suitability Status")),
        "open_status" => {
            // Open, closed, unknown, anything else.
            let rank = |value: &str| {
                if value == "Open" {
                    0.0
                } else if value == "Closed" {
                    1.0
                } else {
                    3.0
                }
            };
            let unknown = (1..=9).map(|thing| (thing, Cell::Number(2.0)));
            unknown.chain(status("Open Status").map(|(thing, value)| (thing, Cell::Number(rank(&value))))).collect()
        }
        "site_name" => texts(
            rows(
                app,
                "SELECT CAST(thing_id AS text) || '|' || alternate_id AS value FROM thing_id_link \
                 WHERE alternate_organization = 'NMBGMR' AND thing_id IS NOT NULL ORDER BY id DESC",
            )
            .into_iter(),
        ),
        "measuring_point_height" => rows(
            app,
            "SELECT CAST(p.thing_id AS text) || '|' || CAST(p.measuring_point_height AS text) AS value \
             FROM measuring_point_history p JOIN thing t ON t.id = p.thing_id \
             WHERE p.measuring_point_height IS NOT NULL AND t.thing_type = 'water well' ORDER BY p.start_date, p.id",
        )
        .into_iter()
        .map(|(thing, height)| (thing, stored(&height, Kind::Float)))
        .collect(),
        linked => {
            let first = |names: Vec<String>| names.iter().map(|name| fold(name)).min().map(Cell::Text).unwrap();
            names(app, linked).into_iter().map(|(thing, names)| (thing, first(names))).collect()
        }
    }
}
