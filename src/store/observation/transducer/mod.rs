//! Readings of sensors left in place. Their thing is that of the deployment; their block, see
//! [`crate::store::observation::block::rows`].

mod list;
mod range;
pub(in crate::store) mod rows;

use std::cmp::Ordering;

use diesel::result::OptionalEmptyChangesetExtension as _;
use serde_json::json;

use crate::db::prelude::*;
use crate::db::schema::{deployment, transducer_observation as reading};
use crate::db::{Ids, Numbers, Read, Session, WriteSession, among, columns};
use crate::domain::observation::transducer::{TransducerDetail, TransducerReading, UpdateTransducerObservation};
use crate::domain::principal::Sight;
use crate::domain::request::form::{Parsed, Patch};
use crate::domain::request::problem::Problem;
use crate::store::StoreError;
use crate::store::observation::block::rows::around;
use crate::store::observation::transducer::rows::{ReadingChange, ReadingRow};
use crate::store::query::check::check_change;
use crate::store::query::find::in_order;
use crate::store::query::visibility::{READING, visible};

pub use list::find;
pub use range::delete_range;
pub use rows::{NewReading, TABLE};

/// The readings with these ids, in their order, each with its block. Those that belong to none are left out: between
/// two pieces of a large page a reading may lose its block.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<TransducerReading>, StoreError> {
    let details = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    let in_block = |detail: TransducerDetail| {
        let TransducerDetail { observation, block, .. } = detail;
        block.map(|block| TransducerReading { observation, block })
    };
    let readings = details.into_iter().filter_map(in_block).collect();
    Ok(in_order(readings, ids, |reading: &TransducerReading| reading.observation.id))
}

/// The readings with these ids, each with its thing and, where there is one, its block. Blocks are matched in memory: a
/// page has few.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<TransducerDetail>> {
    let readings = reading::table
        .inner_join(deployment::table)
        .filter(among(reading::id, ids.clone()))
        .filter(visible(sight, &READING))
        .select(columns::<ReadingRow>());
    (crate::db::rows::<ReadingRow, _>(readings), around(sight, ids)).giving(|(rows, blocks)| {
        let detail = |row: ReadingRow| {
            let thing_id = row.thing_id;
            let block = blocks.find(thing_id, row.parameter_id, row.observation_datetime).cloned();
            TransducerDetail { observation: row.into(), block: block.map(Into::into), thing_id }
        };
        rows.into_iter().map(detail).collect()
    })
}

/// One reading with its block and thing.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<TransducerDetail, StoreError> {
    let mut found = session.read_fixed(read(session.sight(), Numbers::new(&[id])))?;
    found.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Changes what was sent. A value that differs from the stored one needs a note in the same request.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateTransducerObservation>,
) -> Result<TransducerDetail, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    require_note(session, id, &patch)?;
    let change = ReadingChange {
        value: patch.value,
        note: patch.note.into_change(),
        data_maturity: patch.data_maturity.into_change(),
        release_status: patch.release_status.into_change(),
        release_at: patch.release_at.into_change(),
        ..ReadingChange::by(session.principal())
    };
    diesel::update(reading::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Refuses another value without a note. The same number sent again is no change.
fn require_note(session: &mut Session<'_>, id: i32, patch: &UpdateTransducerObservation) -> Result<(), StoreError> {
    let noted = matches!(&patch.note, Patch::Value(note) if !note.trim().is_empty());
    let Some(value) = patch.value.filter(|_| !noted) else {
        return Ok(());
    };
    let before: f64 = reading::table.find(id).select(reading::value).first(session)?;
    if value.partial_cmp(&before) == Some(Ordering::Equal) {
        return Ok(());
    }
    let loc = vec!["body".into(), "note".into()];
    let sent = json!(patch.note.clone().value());
    Err(StoreError::invalid(Problem::value_error(loc, "note is required when value changes", sent)))
}

/// Removes a reading. Its block stays as it is, even without readings.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(reading::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
