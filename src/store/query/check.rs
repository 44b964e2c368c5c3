//! Checking forms before anything is written, a chunk at a time: terms of the vocabulary, rows that the forms name, ids for the
//! new rows. One statement looks all of them up, and locks the named rows until the transaction ends, always in the order of
//! [`LOCKED`] and of their ids, so that two writers wait for each other at most in one direction.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::json;

use crate::db::{Lock, Session, WriteSession, locked, new_ids, rows};
use crate::domain::request::form::{FromForm, Parsed, Patch, TermCheck, TermRule};
use crate::domain::request::problem::Problem;
use crate::store::StoreError;
use crate::store::query::vocabulary::{self, Known};

/// A table whose rows are named by forms or paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name in the database.
    pub name: &'static str,
    /// The resource's name in messages.
    pub model: &'static str,
}

/// The tables whose rows are locked, in the order in which they are.
const LOCKED: &[&str] = &[
    "group",
    "location",
    "thing",
    "contact",
    "aquifer_system",
    "geologic_formation",
    "thing_aquifer_association",
    "parameter",
    "sensor",
    "deployment",
    "field_event",
    "field_event_participant",
    "field_activity",
    "sample",
    "analysis_method",
    "asset",
    "api_key",
    "publication",
    "pub_author",
    "geochronology_age",
    "destination",
    "permission_grant",
    "publication_consent",
];

/// A row that a form names.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    table: Table,
    field: &'static str,
    sent: i64,
    missing: &'static str,
    change: bool,
}

impl Named {
    /// The row of `table` that `field` names.
    pub fn new(table: Table, field: &'static str, sent: i64) -> Self {
        Self { table, field, sent, missing: "not found.", change: false }
    }

    /// The same, with the contract's own words for a row that is not there.
    #[must_use]
    pub fn or_say(self, missing: &'static str) -> Self {
        Self { missing, ..self }
    }

    /// The same, locked as for a change: what is to belong to it must not be stored twice.
    #[must_use]
    pub fn to_change(self) -> Self {
        Self { change: true, ..self }
    }

    /// The row that an optional field names.
    pub fn optional(table: Table, field: &'static str, sent: Option<i64>) -> Option<Self> {
        sent.map(|sent| Self::new(table, field, sent))
    }

    /// The row that a field of a PATCH names.
    pub fn patched(table: Table, field: &'static str, sent: &Patch<i64>) -> Option<Self> {
        match sent {
            Patch::Value(sent) => Some(Self::new(table, field, *sent)),
            Patch::Absent | Patch::Null => None,
        }
    }
}

/// The id that a form named, after the check: a number beyond 32 bits names no row and does not pass it.
pub fn id(sent: i64) -> i32 {
    i32::try_from(sent).unwrap_or(-1)
}

/// Ids that are looked up and locked in one table, by the strongest lock asked for.
#[derive(Default)]
struct Wanted {
    ids: BTreeSet<i32>,
    change: bool,
}

/// What has been found.
struct Found {
    known: Known,
    rows: HashSet<(&'static str, i32)>,
}

/// Looks up terms and rows, and takes new ids, in one statement.
fn look_up<'a>(
    session: &mut WriteSession<'_>,
    terms: impl Iterator<Item = &'a TermCheck>,
    wanted: BTreeMap<&'static str, Wanted>,
    ids: (&'static str, usize),
) -> Result<(Found, Vec<i32>), StoreError> {
    let terms: BTreeSet<&str> = terms.map(|check| check.term.as_str()).collect();
    let place = |table: &str| LOCKED.iter().position(|known| *known == table).unwrap_or(LOCKED.len());
    let mut wanted: Vec<(&'static str, Wanted)> = wanted.into_iter().collect();
    wanted.sort_by_key(|(table, _)| place(table));
    let tables: Vec<&'static str> = wanted.iter().map(|(table, _)| *table).collect();
    let locks: Vec<_> = wanted
        .into_iter()
        .map(|(table, wanted)| {
            let ids: Vec<i32> = wanted.ids.into_iter().collect();
            rows::<i32, _>(locked(table, &ids, if wanted.change { Lock::Change } else { Lock::Stay }))
        })
        .collect();
    let (table, count) = ids;
    let new = (count > 0).then(|| rows::<i32, _>(new_ids(table, count)));
    let (known, found, new) = session.read((vocabulary::known(&terms), locks, new))?;
    let rows = tables.into_iter().zip(found).flat_map(|(table, ids)| ids.into_iter().map(move |id| (table, id)));
    Ok((Found { known, rows: rows.collect() }, new.unwrap_or_default()))
}

impl Found {
    fn has(&self, named: &Named) -> bool {
        i32::try_from(named.sent).is_ok_and(|id| self.rows.contains(&(named.table.name, id)))
    }

    fn require(&self, named: &[Named]) -> Result<(), StoreError> {
        match named.iter().find(|named| !self.has(named)) {
            None => Ok(()),
            Some(named) => {
                let message = format!("{} with ID {} {}", named.table.model, named.sent, named.missing);
                Err(StoreError::conflict(named.field, message, named.sent))
            }
        }
    }
}

fn want(wanted: &mut BTreeMap<&'static str, Wanted>, named: &[Named]) {
    for named in named {
        if let Ok(id) = i32::try_from(named.sent) {
            let wanted = wanted.entry(named.table.name).or_default();
            wanted.ids.insert(id);
            wanted.change |= named.change;
        }
    }
}

/// Checks a chunk of forms whose rows are to be stored in `table`: gives each form with the id of its row to be. `names` tells
/// the rows that a form names. Nothing is stored when any form has a problem.
pub fn check_new<T: FromForm>(
    session: &mut WriteSession<'_>,
    table: &'static str,
    forms: Vec<Parsed<T>>,
    names: impl Fn(&T) -> Vec<Named>,
) -> Result<Vec<(i32, T)>, StoreError> {
    let mut wanted = BTreeMap::new();
    for form in forms.iter().filter_map(Parsed::value) {
        want(&mut wanted, &names(form));
    }
    let (found, ids) = look_up(session, forms.iter().flat_map(Parsed::terms), wanted, (table, forms.len()))?;
    let mut checked = Vec::with_capacity(forms.len());
    for (form, id) in forms.into_iter().zip(ids) {
        let form = resolve(session, form, &found.known)?;
        found.require(&names(&form))?;
        checked.push((id, form));
    }
    Ok(checked)
}

/// As [`check_new`], below a row that the path names: 404 when it is not there, before anything wrong with the forms.
pub fn check_new_below<T: FromForm>(
    session: &mut WriteSession<'_>,
    table: &'static str,
    below: (Table, i32),
    forms: Vec<Parsed<T>>,
) -> Result<Vec<(i32, T)>, StoreError> {
    let (parent, parent_id) = below;
    let mut wanted: BTreeMap<&'static str, Wanted> = BTreeMap::new();
    wanted.entry(parent.name).or_default().ids.insert(parent_id);
    let (found, ids) = look_up(session, forms.iter().flat_map(Parsed::terms), wanted, (table, forms.len()))?;
    if !found.rows.contains(&(parent.name, parent_id)) {
        return Err(StoreError::not_found(parent.model, parent_id));
    }
    let resolved = forms.into_iter().zip(ids).map(|(form, id)| Ok((id, resolve(session, form, &found.known)?)));
    resolved.collect()
}

/// Checks the form of a change to the row that the path names, which is locked: 404 when it is not there, before anything wrong
/// with the form.
pub fn check_change<T: FromForm>(
    session: &mut WriteSession<'_>,
    row: (Table, i32),
    form: Parsed<T>,
    names: impl Fn(&T) -> Vec<Named>,
) -> Result<T, StoreError> {
    let (table, id) = row;
    let mut wanted: BTreeMap<&'static str, Wanted> = BTreeMap::new();
    if let Some(form) = form.value() {
        want(&mut wanted, &names(form));
    }
    let own = wanted.entry(table.name).or_default();
    own.ids.insert(id);
    own.change = true;
    let (found, _) = look_up(session, form.terms(), wanted, (table.name, 0))?;
    if !found.rows.contains(&(table.name, id)) {
        return Err(StoreError::not_found(table.model, id));
    }
    let form = resolve(session, form, &found.known)?;
    found.require(&names(&form))?;
    Ok(form)
}

/// Locks a row that the path names for a change of it or of what belongs to it; 404 when it is not there.
pub fn lock_row(session: &mut WriteSession<'_>, table: Table, id: i32) -> Result<(), StoreError> {
    let found: Vec<i32> = session.read(rows(locked(table.name, &[id], Lock::Change)))?;
    if found.is_empty() { Err(StoreError::not_found(table.model, id)) } else { Ok(()) }
}

/// The form's value, once its terms are found; otherwise all its problems: 422, or 409 when the only problem is a term that the
/// reference leaves to the foreign key.
fn resolve<T>(session: &mut Session<'_>, form: Parsed<T>, known: &Known) -> Result<T, StoreError> {
    let missing: BTreeSet<&'static str> = form
        .terms()
        .filter(|check| !known.holds(check))
        .filter_map(|check| match check.rule {
            TermRule::Category(category) => Some(category),
            TermRule::ReleaseStatus | TermRule::AnyTerm => None,
        })
        .collect();
    let mut lists = BTreeMap::new();
    for category in missing {
        lists.insert(category, vocabulary::terms_of(session, category)?);
    }
    let mut unknown = None;
    let resolved = form.resolve(|check| {
        if known.holds(check) {
            return None;
        }
        match check.rule {
            TermRule::Category(category) => {
                Some(vocabulary::enum_problem(check, category, lists.remove(category).as_deref()))
            }
            TermRule::ReleaseStatus => Some(Problem::value_error(
                check.loc.clone(),
                format!("Invalid release_status: {}", check.term),
                json!(check.term),
            )),
            TermRule::AnyTerm => {
                unknown.get_or_insert_with(|| vocabulary::unknown_term(check));
                None
            }
        }
    });
    let value = resolved.map_err(StoreError::Invalid)?;
    match unknown {
        None => Ok(value),
        Some(problem) => Err(StoreError::Conflict(Box::new(problem))),
    }
}
