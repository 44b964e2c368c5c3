//! Readings of sensors left in place. Their thing is that of the deployment; their block, see
//! [`super::transducer_block`].

mod list;
mod range;

use std::cmp::Ordering;

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;
use serde_json::json;

use crate::bulk_insert;
use crate::db::schema::{deployment, transducer_observation as reading};
use crate::db::{Backend, Connection, transaction_lock};
use crate::domain::actor::Actor;
use crate::domain::form::{Parsed, Patch};
use crate::domain::problem::Problem;
use crate::domain::time::UtcDateTime;
use crate::domain::transducer::{TransducerDetail, TransducerObservation, UpdateTransducerObservation};

use super::transducer_block::{BlockRow, block_at};
use super::{StoreError, vocabulary};

pub use list::list;
pub use range::delete_range;

/// The resource's name in messages.
pub const MODEL: &str = "TransducerObservation";

#[derive(Queryable, Selectable, QueryableByName)]
#[diesel(table_name = reading, check_for_backend(Backend))]
struct ReadingRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    parameter_id: i32,
    deployment_id: i32,
    observation_datetime: UtcDateTime,
    value: f64,
    note: Option<String>,
    data_maturity: Option<String>,
}

/// The columns of [`ReadingRow`].
const COLUMNS: &str = "id, created_at, release_status, parameter_id, deployment_id, observation_datetime, value, note, \
                       data_maturity";

impl From<ReadingRow> for TransducerObservation {
    fn from(row: ReadingRow) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            value: row.value,
            observation_datetime: row.observation_datetime.exact(),
            parameter_id: row.parameter_id,
            deployment_id: row.deployment_id,
            note: row.note,
            data_maturity: row.data_maturity,
        }
    }
}

/// Serialises everything that moves the readings or blocks of a thing until the transaction ends. One lock for all
/// parameters: removing a range concerns each of them.
pub(super) fn lock(conn: &mut Connection, thing: i32) -> QueryResult<()> {
    const SERIES: i64 = 0x5345_5249;
    transaction_lock(conn, (SERIES << 32) | i64::from(thing))
}

fn row(conn: &mut Connection, id: i32) -> Result<ReadingRow, StoreError> {
    let row = reading::table.find(id).select(ReadingRow::as_select()).first(conn).optional()?;
    row.ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// One reading with its block and thing.
pub fn get(conn: &mut Connection, id: i32) -> Result<TransducerDetail, StoreError> {
    let row = row(conn, id)?;
    let thing_id = deployment::table.find(row.deployment_id).select(deployment::thing_id).first(conn)?;
    let block = block_at(conn, thing_id, row.parameter_id, row.observation_datetime)?;
    Ok(TransducerDetail { observation: row.into(), block: block.map(BlockRow::into), thing_id })
}

/// What may change in a reading, one or many.
#[derive(AsChangeset, Default)]
#[diesel(table_name = reading)]
pub(super) struct ReadingChange {
    value: Option<f64>,
    note: Option<Option<String>>,
    data_maturity: Option<Option<String>>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

impl ReadingChange {
    fn by(actor: &Actor) -> Self {
        Self { updated_by_id: actor.id.clone(), updated_by_name: actor.name.clone(), ..Self::default() }
    }

    /// A change of the data maturity alone.
    pub(super) fn maturity(maturity: &str, actor: &Actor) -> Self {
        Self { data_maturity: Some(Some(maturity.to_owned())), ..Self::by(actor) }
    }
}

/// Changes what was sent. A value that differs from the stored one needs a note in the same request.
pub fn update(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateTransducerObservation>,
    actor: &Actor,
) -> Result<TransducerDetail, StoreError> {
    let before = row(conn, id)?;
    let patch = vocabulary::settle(conn, body)?;
    // The same number sent again is no change.
    let changes = patch.value.is_some_and(|value| value.partial_cmp(&before.value) != Some(Ordering::Equal));
    if changes && !matches!(&patch.note, Patch::Value(note) if !note.trim().is_empty()) {
        let loc = vec!["body".into(), "note".into()];
        let sent = json!(patch.note.value());
        return Err(StoreError::invalid(Problem::value_error(loc, "note is required when value changes", sent)));
    }
    let change = ReadingChange {
        value: patch.value,
        note: patch.note.into_change(),
        data_maturity: patch.data_maturity.into_change(),
        release_status: patch.release_status.into_change(),
        ..ReadingChange::by(actor)
    };
    diesel::update(reading::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes a reading. Its block stays as it is, even without readings.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(reading::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}

/// A reading to be stored.
#[derive(Insertable)]
#[diesel(table_name = reading, treat_none_as_default_value = false)]
pub(super) struct NewReading<'a> {
    pub created_by_name: Option<&'a str>,
    pub created_by_id: Option<&'a str>,
    pub release_status: &'a str,
    pub parameter_id: i32,
    pub deployment_id: i32,
    pub observation_datetime: UtcDateTime,
    pub value: f64,
    pub note: Option<&'a str>,
    pub data_maturity: &'a str,
}

bulk_insert! {
    /// Stores readings.
    pub(super) fn add_readings(NewReading<'_>) into reading::table;
}
