//! Removing a thing's readings of a range of time, and what becomes of their blocks.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Integer, Timestamp};

use crate::db::schema::{deployment, transducer_observation as reading, transducer_observation_block as block};
use crate::db::{Backend, Connection, one_of};
use crate::domain::actor::Actor;
use crate::domain::time::UtcDateTime;
use crate::domain::transducer::DeletedRange;

use super::lock;
use crate::store::StoreError;
use crate::store::transducer_block::{BlockRow, cut, owner, require_thing};

/// The times of the first and the last reading that belong to a block.
#[derive(QueryableByName)]
#[diesel(check_for_backend(Backend))]
struct Held {
    #[diesel(sql_type = Integer)]
    block_id: i32,
    #[diesel(sql_type = Timestamp)]
    first: UtcDateTime,
    #[diesel(sql_type = Timestamp)]
    last: UtcDateTime,
}

/// The blocks of a thing that have readings between two times, by id.
fn held(
    conn: &mut Connection,
    thing: i32,
    first: UtcDateTime,
    last: UtcDateTime,
) -> QueryResult<BTreeMap<i32, (UtcDateTime, UtcDateTime)>> {
    let owner = owner(Some(thing));
    let text = format!(
        "SELECT block_id, min(observation_datetime) AS first, max(observation_datetime) AS last \
         FROM (SELECT {owner} AS block_id, observation_datetime FROM transducer_observation \
               WHERE deployment_id IN (SELECT id FROM deployment WHERE thing_id = {thing}) \
                 AND observation_datetime >= $1 AND observation_datetime <= $2) held \
         WHERE block_id IS NOT NULL GROUP BY block_id"
    );
    let query = diesel::sql_query(text).bind::<Timestamp, _>(first).bind::<Timestamp, _>(last);
    Ok(query.load::<Held>(conn)?.into_iter().map(|held| (held.block_id, (held.first, held.last))).collect())
}

/// Removes the readings of a thing from `start` to `end`, both inclusive, of all parameters, in blocks or not. A block that
/// loses its last reading goes too; one that keeps some is cut to them. Blocks that lose nothing stay as they are.
pub fn delete_range(
    conn: &mut Connection,
    thing: i64,
    start: UtcDateTime,
    end: UtcDateTime,
    actor: &Actor,
) -> Result<DeletedRange, StoreError> {
    let thing_id = require_thing(conn, thing)?;
    lock(conn, thing_id)?;
    let losing: Vec<i32> = held(conn, thing_id, start, end)?.into_keys().collect();
    let deployments = deployment::table.filter(deployment::thing_id.eq(thing_id)).select(deployment::id);
    let readings = reading::table
        .filter(reading::deployment_id.eq_any(deployments))
        .filter(reading::observation_datetime.between(start, end));
    let deleted_observation_count = diesel::delete(readings).execute(conn)?;
    let rows: Vec<BlockRow> =
        block::table.filter(one_of(block::id, &losing)).order(block::id).select(BlockRow::as_select()).load(conn)?;
    let from = rows.iter().map(|row| row.start_datetime).min().unwrap_or(start);
    let to = rows.iter().map(|row| row.end_datetime).max().unwrap_or(end);
    let left = if rows.is_empty() { BTreeMap::new() } else { held(conn, thing_id, from, to)? };
    let (kept, gone): (Vec<&BlockRow>, Vec<&BlockRow>) = rows.iter().partition(|row| left.contains_key(&row.id));
    let deleted_block_ids: Vec<i32> = gone.iter().map(|row| row.id).collect();
    diesel::delete(block::table.filter(one_of(block::id, &deleted_block_ids))).execute(conn)?;
    for row in &kept {
        if let Some(span) = left.get(&row.id) {
            cut(conn, row.id, *span, actor)?;
        }
    }
    let updated_block_ids = kept.iter().map(|row| row.id).collect();
    Ok(DeletedRange { deleted_observation_count, deleted_block_ids, updated_block_ids, thing_id })
}
