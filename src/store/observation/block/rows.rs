//! Rows of blocks, and which block a reading belongs to.
//!
//! A reading belongs to the block of its thing and parameter whose span contains its time, both ends inclusive; of
//! several, to the one that starts last, then to the one with the highest id.

use std::cmp::Reverse;

use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::transducer_observation_block as block;
use crate::db::{Backend, Ids, Read, WriteSession, among, columns, rows, selected, unindexed};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::transducer::TransducerBlock;
use crate::domain::principal::{Principal, Sight};
use crate::store::query::check::Table;
use crate::store::query::visibility::{BLOCK, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "transducer_observation_block", model: "TransducerObservationBlock" };

/// A row of the table.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = block, check_for_backend(Backend))]
pub(in crate::store) struct BlockRow {
    pub(in crate::store) id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    pub(in crate::store) thing_id: i32,
    pub(in crate::store) parameter_id: i32,
    pub(in crate::store) review_status: String,
    pub(in crate::store) start_datetime: UtcDateTime,
    pub(in crate::store) end_datetime: UtcDateTime,
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
            release_at: row.release_at,
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

/// A block to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = block, treat_none_as_default_value = false)]
pub struct NewBlock {
    pub id: i32,
    pub release_status: String,
    pub release_at: Option<chrono::NaiveDate>,
    pub created_by_id: Option<String>,
    pub created_by_name: Option<String>,
    pub thing_id: i32,
    pub parameter_id: i32,
    pub review_status: String,
    pub start_datetime: UtcDateTime,
    pub end_datetime: UtcDateTime,
    pub comment: Option<String>,
    pub source_file: Option<String>,
    pub source_kind: Option<String>,
    /// JSON list of strings.
    pub corrections: Option<String>,
}

crate::insertable!(NewBlock => block);

/// What may change in a block.
#[derive(AsChangeset, Default)]
#[diesel(table_name = block)]
pub(in crate::store) struct BlockChange {
    pub review_status: Option<String>,
    pub start_datetime: Option<UtcDateTime>,
    pub end_datetime: Option<UtcDateTime>,
    pub updated_by_id: Option<String>,
    pub updated_by_name: Option<String>,
}

impl BlockChange {
    /// No change yet, but somebody's.
    pub fn by(by: &Principal) -> Self {
        Self { updated_by_id: by.id.clone(), updated_by_name: by.name.clone(), ..Self::default() }
    }

    /// Changes a block.
    pub fn apply(self, session: &mut WriteSession<'_>, id: i32) -> QueryResult<()> {
        diesel::update(block::table.find(id)).set(self).execute(session).optional_empty_changeset()?;
        Ok(())
    }
}

/// The block that a row of `transducer_observation` at a thing belongs to, as SQL: null for none. For writes: whoever
/// reads sees only some blocks. It is a scalar sub-query because PostgreSQL would turn `EXISTS` into a join of all
/// readings with all blocks; so it takes one step in the index on thing, parameter and start.
pub(in crate::store) fn owner(thing: i32) -> String {
    format!(
        "(SELECT b.id FROM transducer_observation_block b \
          WHERE b.thing_id = {thing} AND b.parameter_id = transducer_observation.parameter_id \
            AND b.start_datetime <= transducer_observation.observation_datetime \
            AND b.end_datetime >= transducer_observation.observation_datetime \
          ORDER BY b.start_datetime DESC, b.id DESC LIMIT 1)"
    )
}

/// Blocks among which those of some readings are found.
pub(in crate::store) struct Blocks(Vec<BlockRow>);

impl Blocks {
    /// Sorted so that of a thing's and parameter's the first that contains a time is the one.
    fn new(mut rows: Vec<BlockRow>) -> Self {
        rows.sort_by_key(|row| (row.series(), Reverse((row.start_datetime, row.id))));
        Self(rows)
    }

    /// The block of a thing and parameter that a time belongs to.
    pub(in crate::store) fn find(&self, thing: i32, parameter: i32, time: UtcDateTime) -> Option<&BlockRow> {
        let series = (thing, parameter);
        let before = |row: &BlockRow| (row.series(), Reverse(row.start_datetime)) < (series, Reverse(time));
        let started = self.0.get(self.0.partition_point(before)..).unwrap_or_default();
        started.iter().take_while(|row| row.series() == series).find(|row| row.end_datetime >= time)
    }
}

impl BlockRow {
    fn series(&self) -> (i32, i32) {
        (self.thing_id, self.parameter_id)
    }
}

/// The blocks that the readings with these ids may belong to.
pub(in crate::store) fn around(sight: Sight, readings: impl Ids) -> impl Read<Output = Blocks> {
    let blocks = block::table.filter(among(block::id, selected(Around(readings)))).filter(visible(sight, &BLOCK));
    rows::<BlockRow, _>(blocks.select(columns::<BlockRow>())).giving(Blocks::new)
}

/// The blocks of a thing that end at this time or later.
pub(in crate::store) fn of_thing(sight: Sight, thing: i32, since: UtcDateTime) -> impl Read<Output = Blocks> {
    let blocks = block::table
        .filter(block::thing_id.eq(thing))
        .filter(unindexed(block::end_datetime).ge(since))
        .filter(visible(sight, &BLOCK));
    rows::<BlockRow, _>(blocks.select(columns::<BlockRow>())).giving(Blocks::new)
}

/// The ids of the blocks of the readings' things and parameters that touch the readings' times.
#[derive(Clone)]
struct Around<K>(K);

impl<K: Ids> QueryFragment<Backend> for Around<K> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql(
            "SELECT b.id FROM (\
                SELECT d.thing_id, o.parameter_id, \
                    min(o.observation_datetime) AS first, max(o.observation_datetime) AS last \
                FROM transducer_observation o JOIN deployment d ON d.id = o.deployment_id WHERE o.id",
        );
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(
            " GROUP BY d.thing_id, o.parameter_id) series \
             JOIN transducer_observation_block b \
                ON b.thing_id = series.thing_id AND b.parameter_id = series.parameter_id \
                AND b.start_datetime <= series.last AND b.end_datetime >= series.first",
        );
        Ok(())
    }
}
