//! Blocks: readings that were published and are reviewed together.
//!
//! A reading belongs to the block of its thing and parameter whose span contains its time, both ends inclusive; of
//! several, to the one that starts last, then to the one with the highest id.

mod publish;

use std::collections::{BTreeSet, HashMap};

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;
use diesel::sql_types::{Integer, Nullable};

use crate::db::schema::{deployment, transducer_observation as reading, transducer_observation_block as block};
use crate::db::{Backend, Connection, one_of};
use crate::domain::actor::Actor;
use crate::domain::form::Parsed;
use crate::domain::time::UtcDateTime;
use crate::domain::transducer::{ReviewedBlock, TransducerBlock, UpdateTransducerBlock, maturity};

use super::transducer::{ReadingChange, lock};
use super::{StoreError, thing as things, vocabulary};

pub use publish::publish;

/// The resource's name in messages.
pub const MODEL: &str = "TransducerObservationBlock";

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = block, check_for_backend(Backend))]
pub(super) struct BlockRow {
    pub(super) id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    thing_id: i32,
    parameter_id: i32,
    review_status: String,
    pub(super) start_datetime: UtcDateTime,
    pub(super) end_datetime: UtcDateTime,
    comment: Option<String>,
    source_file: Option<String>,
    source_kind: Option<String>,
    corrections: Option<String>,
}

impl From<BlockRow> for TransducerBlock {
    fn from(row: BlockRow) -> Self {
        // Text that is no list of strings is shown as it is: it cannot have come through this service.
        let read = |text: String| serde_json::from_str(&text).unwrap_or_else(|_not_a_list| vec![text]);
        Self {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            review_status: row.review_status,
            start_datetime: row.start_datetime.exact(),
            end_datetime: row.end_datetime.exact(),
            parameter_id: row.parameter_id,
            source_file: row.source_file,
            source_kind: row.source_kind,
            corrections: row.corrections.map(read).unwrap_or_default(),
            comment: row.comment,
        }
    }
}

/// The block that a row of `transducer_observation` belongs to, as SQL: null for none. With the thing, where it is known,
/// the database need not look it up for each reading. It is a scalar sub-query because PostgreSQL would turn `EXISTS` into
/// a join of all readings with all blocks; so it takes one step in the index on thing, parameter and start.
pub(super) fn owner(thing: Option<i32>) -> String {
    let thing = match thing {
        Some(thing) => thing.to_string(),
        None => "(SELECT d.thing_id FROM deployment d WHERE d.id = transducer_observation.deployment_id)".to_owned(),
    };
    format!(
        "(SELECT b.id FROM transducer_observation_block b \
          WHERE b.thing_id = {thing} AND b.parameter_id = transducer_observation.parameter_id \
            AND b.start_datetime <= transducer_observation.observation_datetime \
            AND b.end_datetime >= transducer_observation.observation_datetime \
          ORDER BY b.start_datetime DESC, b.id DESC LIMIT 1)"
    )
}

/// The blocks that matter for some readings.
pub(super) struct Blocks {
    /// By thing and parameter; the first that contains a time is the one.
    of: HashMap<(i32, i32), Vec<BlockRow>>,
}

impl Blocks {
    /// The blocks of these things and parameters that touch a range of time. One query.
    pub(super) fn load(
        conn: &mut Connection,
        series: &[(i32, i32)],
        first: UtcDateTime,
        last: UtcDateTime,
    ) -> QueryResult<Self> {
        let (things, parameters): (BTreeSet<i32>, BTreeSet<i32>) = series.iter().copied().unzip();
        let (things, parameters) = (Vec::from_iter(things), Vec::from_iter(parameters));
        let rows: Vec<BlockRow> = block::table
            .filter(one_of(block::thing_id, &things))
            .filter(one_of(block::parameter_id, &parameters))
            .filter(block::start_datetime.le(last))
            .filter(block::end_datetime.ge(first))
            .order((block::start_datetime.desc(), block::id.desc()))
            .select(BlockRow::as_select())
            .load(conn)?;
        let mut of: HashMap<(i32, i32), Vec<BlockRow>> = HashMap::new();
        for row in rows {
            of.entry((row.thing_id, row.parameter_id)).or_default().push(row);
        }
        Ok(Self { of })
    }

    /// The block that contains a time.
    pub(super) fn find(&self, series: (i32, i32), time: UtcDateTime) -> Option<&BlockRow> {
        let rows = self.of.get(&series)?;
        let started = rows.partition_point(|row| row.start_datetime > time);
        rows.iter().skip(started).find(|row| row.end_datetime >= time)
    }
}

/// The block that a reading of this thing, parameter and time belongs to.
pub(super) fn block_at(
    conn: &mut Connection,
    thing: i32,
    parameter: i32,
    time: UtcDateTime,
) -> QueryResult<Option<BlockRow>> {
    block::table
        .filter(block::thing_id.eq(thing))
        .filter(block::parameter_id.eq(parameter))
        .filter(block::start_datetime.le(time))
        .filter(block::end_datetime.ge(time))
        .order((block::start_datetime.desc(), block::id.desc()))
        .select(BlockRow::as_select())
        .first(conn)
        .optional()
}

fn row(conn: &mut Connection, id: i32) -> Result<BlockRow, StoreError> {
    let row = block::table.find(id).select(BlockRow::as_select()).first(conn).optional()?;
    row.ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// The key of a thing that a parameter names; 404 when there is none.
pub(super) fn require_thing(conn: &mut Connection, sent: i64) -> Result<i32, StoreError> {
    let missing = || StoreError::NotFound { model: things::MODEL, id: sent.to_string() };
    let id = i32::try_from(sent).map_err(|_beyond_32_bits| missing())?;
    if things::exists(conn, id)? { Ok(id) } else { Err(missing()) }
}

/// What may change in a block.
#[derive(AsChangeset, Default)]
#[diesel(table_name = block)]
struct BlockChange {
    review_status: Option<String>,
    start_datetime: Option<UtcDateTime>,
    end_datetime: Option<UtcDateTime>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

impl BlockChange {
    fn by(actor: &Actor) -> Self {
        Self { updated_by_id: actor.id.clone(), updated_by_name: actor.name.clone(), ..Self::default() }
    }

    fn apply(self, conn: &mut Connection, id: i32) -> QueryResult<()> {
        diesel::update(block::table.find(id)).set(self).execute(conn).optional_empty_changeset()?;
        Ok(())
    }
}

/// Cuts a block to the readings that it keeps.
pub(super) fn cut(
    conn: &mut Connection,
    id: i32,
    (first, last): (UtcDateTime, UtcDateTime),
    actor: &Actor,
) -> QueryResult<()> {
    let change = BlockChange { start_datetime: Some(first), end_datetime: Some(last), ..BlockChange::by(actor) };
    change.apply(conn, id)
}

/// Changes a block's review status; the data maturity of its readings goes along.
pub fn review(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateTransducerBlock>,
    actor: &Actor,
) -> Result<ReviewedBlock, StoreError> {
    let thing = row(conn, id)?.thing_id;
    let patch = vocabulary::settle(conn, body)?;
    lock(conn, thing)?;
    // Again under the lock: it may have been replaced or cut in between.
    let before = row(conn, id)?;
    let mut updated_observation_count = 0;
    if let Some(review_status) = patch.review_status {
        updated_observation_count = set_maturity(conn, &before, maturity(&review_status), actor)?;
        BlockChange { review_status: Some(review_status), ..BlockChange::by(actor) }.apply(conn, id)?;
    }
    let after = row(conn, id)?;
    let data_maturity = maturity(&after.review_status);
    Ok(ReviewedBlock { block: after.into(), data_maturity, updated_observation_count })
}

fn set_maturity(conn: &mut Connection, of: &BlockRow, maturity: &str, actor: &Actor) -> QueryResult<usize> {
    let deployments = deployment::table.filter(deployment::thing_id.eq(of.thing_id)).select(deployment::id);
    let readings = reading::table
        .filter(reading::deployment_id.eq_any(deployments))
        .filter(reading::parameter_id.eq(of.parameter_id))
        .filter(reading::observation_datetime.between(of.start_datetime, of.end_datetime))
        .filter(sql::<Nullable<Integer>>(&owner(Some(of.thing_id))).eq(of.id));
    diesel::update(readings).set(ReadingChange::maturity(maturity, actor)).execute(conn)
}
