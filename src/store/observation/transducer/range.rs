//! Removing a thing's readings of a range of time, and what becomes of their blocks.

use diesel::sql_types::{Integer, Nullable, Timestamp};

use crate::db::prelude::*;
use crate::db::schema::{deployment, transducer_observation as reading, transducer_observation_block as block};
use crate::db::{Backend, Session, WriteSession, one_of};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::transducer::DeletedRange;
use crate::store::observation::block::rows::{BlockChange, owner};
use crate::store::observation::transducer::rows::lock;
use crate::store::query::check::lock_row;
use crate::store::{StoreError, thing as things};

/// A block that is about to lose readings, and the times of the first and the last that it keeps; null when it keeps
/// none.
#[derive(QueryableByName)]
#[diesel(check_for_backend(Backend))]
struct Losing {
    #[diesel(sql_type = Integer)]
    block_id: i32,
    #[diesel(sql_type = Nullable<Timestamp>)]
    first: Option<UtcDateTime>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    last: Option<UtcDateTime>,
}

/// The blocks of a thing that have readings between two times, by id.
fn losing(session: &mut Session<'_>, thing: i32, start: UtcDateTime, end: UtcDateTime) -> QueryResult<Vec<Losing>> {
    let owner = owner(thing);
    let text = format!(
        "WITH touched AS (\
            SELECT min(start_datetime) AS first, max(end_datetime) AS last FROM transducer_observation_block \
            WHERE thing_id = {thing} AND end_datetime >= $1 AND start_datetime <= $2), \
        held AS (\
            SELECT {owner} AS block_id, observation_datetime AS moment, \
                CASE WHEN observation_datetime >= $1 AND observation_datetime <= $2 THEN 1 ELSE 0 END AS goes \
            FROM touched CROSS JOIN transducer_observation \
            WHERE deployment_id IN (SELECT id FROM deployment WHERE thing_id = {thing}) \
              AND observation_datetime >= touched.first AND observation_datetime <= touched.last) \
        SELECT block_id, min(CASE WHEN goes = 0 THEN moment END) AS first, \
            max(CASE WHEN goes = 0 THEN moment END) AS last \
        FROM held WHERE block_id IS NOT NULL GROUP BY block_id HAVING max(goes) = 1 ORDER BY block_id"
    );
    let query = diesel::sql_query(text).into_boxed::<Backend>();
    session.select(query.bind::<Timestamp, _>(start).bind::<Timestamp, _>(end))
}

/// Removes the readings of a thing from `start` to `end`, both inclusive, of all parameters, in blocks or not. A block
/// that loses its last reading goes too; one that keeps some is cut to them. Blocks that lose nothing stay as they are.
pub fn delete_range(
    session: &mut WriteSession<'_>,
    thing: i64,
    start: UtcDateTime,
    end: UtcDateTime,
) -> Result<DeletedRange, StoreError> {
    let missing = |_beyond_32_bits| StoreError::NotFound { model: things::TABLE.model, id: thing.to_string() };
    let thing_id = i32::try_from(thing).map_err(missing)?;
    lock_row(session, things::TABLE, thing_id)?;
    lock(session, thing_id)?;
    let losing = losing(session, thing_id, start, end)?;
    let deployments = deployment::table.filter(deployment::thing_id.eq(thing_id)).select(deployment::id);
    let readings = reading::table
        .filter(reading::deployment_id.eq_any(deployments))
        .filter(reading::observation_datetime.between(start, end));
    let deleted_observation_count = diesel::delete(readings).execute(session)?;
    let (kept, gone): (Vec<Losing>, Vec<Losing>) = losing.into_iter().partition(|block| block.first.is_some());
    let ids = |blocks: &[Losing]| -> Vec<i32> { blocks.iter().map(|block| block.block_id).collect() };
    let (updated_block_ids, deleted_block_ids) = (ids(&kept), ids(&gone));
    // First, or a block could be cut to the span of one that is to go.
    if !deleted_block_ids.is_empty() {
        diesel::delete(block::table.filter(one_of(block::id, &deleted_block_ids))).execute(session)?;
    }
    for Losing { block_id, first, last } in kept {
        let change = BlockChange { start_datetime: first, end_datetime: last, ..BlockChange::by(session.principal()) };
        change.apply(session, block_id)?;
    }
    Ok(DeletedRange { deleted_observation_count, deleted_block_ids, updated_block_ids, thing_id })
}
