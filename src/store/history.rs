//! What became of rows. The entries are written by triggers of the database: see `db/dialect/history`.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::result::Error;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};
use serde_json::Value;

use crate::db::prelude::*;
use crate::db::schema::history;
use crate::db::{Session, WriteSession};
use crate::domain::history::{Action, HistoryEntry};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::cursor::{Key, Position};
use crate::domain::request::list::{Count, ListRequest};
use crate::domain::request::paging::{Found, Next, Total};
use crate::store::StoreError;
use crate::store::query::visibility::HISTORY;
use crate::store::query::written::written;

/// A table whose rows' history can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The table.
    pub table: &'static str,
}

/// Every table that is kept. A test compares them with those of the database.
const TABLES: &[&str] = &[
    "address",
    "analysis_method",
    "api_key",
    "aquifer_system",
    "aquifer_type",
    "asset",
    "asset_thing_association",
    "contact",
    "data_provenance",
    "deployment",
    "destination",
    "email",
    "feedback",
    "field_activity",
    "field_event",
    "field_event_participant",
    "geochronology_age",
    "geologic_formation",
    "geothermal_well",
    "group",
    "group_thing_association",
    "incomplete_nma_phone",
    "lexicon_category",
    "lexicon_term",
    "lexicon_term_category_association",
    "lexicon_triple",
    "location",
    "location_thing_association",
    "measuring_point_history",
    "monitoring_frequency_history",
    "notes",
    "observation",
    "parameter",
    "permission_grant",
    "permission_history",
    "phone",
    "pub_author",
    "pub_author_publication_association",
    "publication",
    "publication_consent",
    "regulatory_limit",
    "sample",
    "sensor",
    "status_history",
    "thing",
    "thing_aquifer_association",
    "thing_contact_association",
    "thing_geologic_formation_association",
    "thing_id_link",
    "transducer_observation",
    "transducer_observation_block",
    "well_casing_material",
    "well_purpose",
    "well_screen",
];

/// Every table that is kept.
pub fn tables() -> &'static [&'static str] {
    TABLES
}

/// Names of resources that are no names of tables.
const OTHER_NAMES: [(&str, &str); 4] = [
    ("author", "pub_author"),
    ("consent", "publication_consent"),
    ("grant", "permission_grant"),
    ("id-link", "thing_id_link"),
];

impl Subject {
    /// The table that a path calls so: by its own name with hyphens, such as `well-screen`.
    pub fn named(name: &str) -> Result<Self, StoreError> {
        let other = OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, table)| *table);
        let table = other.or_else(|| TABLES.iter().copied().find(|table| table.replace('_', "-") == name));
        table.map(|table| Self { table }).ok_or_else(|| {
            let names: Vec<String> = Self::names().collect();
            StoreError::Missing(format!("There is a history of these only: {}.", names.join(", ")))
        })
    }

    /// What the resources are called in paths.
    pub fn names() -> impl Iterator<Item = String> {
        TABLES.iter().map(|table| table.replace('_', "-"))
    }

    /// The name in messages: `WellScreen`.
    fn model(self) -> String {
        let capitalised = |word: &str| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
        };
        self.table.split('_').map(capitalised).collect()
    }
}

/// The entries of a row with a place each, from the oldest: 0 is its creation, which the row or its oldest image tells, 1 the first
/// change. Later changes do not move them.
fn places(page_of: &ListRequest, changes: i64) -> Vec<i32> {
    let first = match &page_of.after {
        Some(after) => changes.min(i64::from(after.id).saturating_sub(1)),
        None => changes.saturating_sub(page_of.page.offset()),
    };
    let last = first.saturating_sub(page_of.page.size - 1).max(0);
    (last..=first).rev().filter_map(|place| i32::try_from(place).ok()).collect()
}

/// The places of a page of entries, newest first. A row that never was is not found.
pub fn find(session: &mut Session<'_>, request: &ListRequest, subject: Subject, id: i32) -> Result<Found, StoreError> {
    let Subject { table } = subject;
    let seen = HISTORY.sql(session.sight(), "history");
    let text = format!(
        "SELECT (SELECT count(*) FROM history WHERE table_name = '{table}' AND row_id = {id} AND {seen}), \
         (SELECT count(*) FROM \"{table}\" WHERE id = {id} AND {})",
        HISTORY.sql(session.sight(), &format!("\"{table}\""))
    );
    let counts: Vec<(i64, i64)> = session.select(written::<(BigInt, BigInt)>(text, Vec::new()))?;
    match counts.first().copied().unwrap_or_default() {
        (0, 0) => Err(StoreError::Missing(format!("{} with ID {id} not found.", subject.model()))),
        (changes, _) => {
            let ids = places(request, changes);
            // The creation is the last; no entry is behind it.
            let last = ids.last().filter(|last| **last > 0);
            let next = last.map_or(Next::Nothing, |last| Next::After(Position { key: Key::Id, id: *last }));
            let total = if request.counted() == Count::No { Total::Unknown } else { Total::Exact(changes + 1) };
            Ok(Found { ids, total, next })
        }
    }
}

type EntryColumns = (BigInt, Text, Text, Timestamp, Nullable<Text>, Nullable<Text>, Nullable<Text>);
type EntryRow = (i64, String, String, UtcDateTime, Option<String>, Option<String>, Option<String>);

/// The entries at places that follow each other, newest first.
pub fn load(
    session: &mut Session<'_>,
    subject: Subject,
    id: i32,
    places: &[i32],
) -> Result<Vec<HistoryEntry>, StoreError> {
    let (Some(newest), Some(oldest)) = (places.iter().max().copied(), places.iter().min().copied()) else {
        return Ok(Vec::new());
    };
    // The creation is told by the first change, or by the row when it was never changed.
    let (from, to) = (oldest.max(1), newest.max(1));
    let Subject { table } = subject;
    let mut text = format!(
        "SELECT id, action, image, changed_at, changed_by_id, changed_by_name, request_id FROM (\
         SELECT id, action, CAST(before AS text) AS image, changed_at, changed_by_id, changed_by_name, request_id FROM history \
         WHERE table_name = '{table}' AND row_id = {id} AND {} ORDER BY history.id LIMIT {} OFFSET {}) changes",
        HISTORY.sql(session.sight(), "history"),
        to - from + 1,
        from - 1
    );
    if oldest == 0 {
        text += &format!(
            " UNION ALL SELECT CAST(0 AS bigint), 'create', '{{}}', created_at, created_by_id, created_by_name, CAST(NULL AS text) \
             FROM \"{table}\" WHERE id = {id} AND {}",
            HISTORY.sql(session.sight(), &format!("\"{table}\""))
        );
    }
    let mut rows: Vec<EntryRow> = session.select(written::<EntryColumns>(text, Vec::new()))?;
    rows.sort_by_key(|row| row.0);
    let mut entries = rows.into_iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let by_row = if entries.first().is_some_and(|first| first.id.is_none()) { Some(entries.remove(0)) } else { None };
    let creation = if oldest > 0 {
        None
    } else if let Some(first) = entries.first().and_then(|first| first.before.as_ref()) {
        creation_by_image(first)
    } else {
        by_row
    };
    if newest == 0 {
        entries.clear();
    }
    Ok(entries.into_iter().rev().chain(creation).collect())
}

fn entry(row: EntryRow) -> Result<HistoryEntry, StoreError> {
    let (id, action, before, changed_at, changed_by_id, changed_by_name, request_id) = row;
    if action == "create" {
        return Ok(creation(changed_at, changed_by_id, changed_by_name));
    }
    let before: BTreeMap<String, Value> =
        serde_json::from_str(&before).map_err(|error| Error::DeserializationError(error.into()))?;
    Ok(HistoryEntry {
        id: Some(id),
        action: if action == "delete" { Action::Delete } else { Action::Update },
        changed_at: changed_at.exact(),
        changed_by_id,
        changed_by_name,
        request_id,
        before: Some(before),
    })
}

fn creation(at: UtcDateTime, by_id: Option<String>, by_name: Option<String>) -> HistoryEntry {
    HistoryEntry {
        id: None,
        action: Action::Create,
        changed_at: at.exact(),
        changed_by_id: by_id,
        changed_by_name: by_name,
        request_id: None,
        before: None,
    }
}

/// Nothing for an image without the usual columns, which no table of ours lacks.
fn creation_by_image(image: &BTreeMap<String, Value>) -> Option<HistoryEntry> {
    let text = |column: &str| image.get(column).and_then(Value::as_str).map(str::to_owned);
    let at = UtcDateTime::parse_lenient(&text("created_at")?).ok()?;
    Some(creation(at, text("created_by_id"), text("created_by_name")))
}

/// Removes some of the entries from before a moment, at most `most`, and returns how many: a removal of very many would keep
/// others from writing for long.
pub fn prune(session: &mut WriteSession<'_>, before: NaiveDateTime, most: i64) -> Result<usize, StoreError> {
    let old = history::table.filter(history::changed_at.lt(before)).order(history::changed_at).limit(most);
    let ids: Vec<i64> = old.select(history::id).load(session)?;
    if ids.is_empty() {
        return Ok(0);
    }
    Ok(diesel::delete(history::table.filter(history::id.eq_any(ids))).execute(session)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request::paging::PageRequest;

    #[test]
    fn pages_go_from_the_newest_to_the_creation() {
        let page = |page, size, changes| {
            places(&ListRequest { page: PageRequest { page, size }, ..ListRequest::default() }, changes)
        };
        assert_eq!(page(1, 25, 3), [3, 2, 1, 0]);
        assert_eq!((page(1, 2, 2), page(2, 2, 2), page(3, 2, 2)), (vec![2, 1], vec![0], vec![]));
        assert_eq!(page(1, 25, 0), [0]);
        assert!(page(i64::MAX, 10_000, 3).is_empty());
    }

    #[test]
    fn resources_are_called_as_in_paths() {
        let table = |name: &str| Subject::named(name).map(|subject| subject.table).ok();
        assert_eq!(table("well-screen"), Some("well_screen"));
        assert_eq!((table("id-link"), table("thing-id-link")), (Some("thing_id_link"), Some("thing_id_link")));
        assert_eq!((table("well_screen"), table("history"), table("")), (None, None, None));
        assert_eq!(Subject { table: "well_screen" }.model(), "WellScreen");
    }
}
