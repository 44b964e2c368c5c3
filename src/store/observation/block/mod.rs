//! Blocks: readings that were published and are reviewed together.

mod publish;
pub(in crate::store) mod rows;

use diesel::dsl::sql;
use diesel::sql_types::{Integer, Nullable};

use crate::db::prelude::*;
use crate::db::schema::{deployment, transducer_observation as reading, transducer_observation_block as block};
use crate::db::{Session, WriteSession, columns};
use crate::domain::observation::transducer::{ReviewedBlock, UpdateTransducerBlock, maturity};
use crate::domain::request::form::Parsed;
use crate::store::observation::block::rows::{BlockChange, BlockRow, owner};
use crate::store::observation::transducer::rows::{ReadingChange, lock};
use crate::store::query::check::check_change;
use crate::store::query::visibility::{BLOCK, visible};
use crate::store::{StoreError, thing as things};

pub use publish::publish;
pub use rows::{NewBlock, TABLE};

fn row(session: &mut Session<'_>, id: i32) -> Result<BlockRow, StoreError> {
    let rows = block::table.find(id).filter(visible(session.sight(), &BLOCK)).select(columns::<BlockRow>());
    rows.first(session).optional()?.ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Changes a block's review status; the data maturity of its readings goes along.
pub fn review(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateTransducerBlock>,
) -> Result<ReviewedBlock, StoreError> {
    let thing = row(session, id)?.thing_id;
    // The thing's row, not the block's: who publishes holds the former when he replaces the latter.
    let patch = check_change(session, (things::TABLE, thing), form, |_| Vec::new())?;
    lock(session, thing)?;
    // Again under the lock: it may have been replaced or cut in between.
    let mut row = row(session, id)?;
    let mut updated_observation_count = 0;
    if let Some(review_status) = patch.review_status {
        updated_observation_count = set_maturity(session, &row, maturity(&review_status))?;
        row.review_status.clone_from(&review_status);
        BlockChange { review_status: Some(review_status), ..BlockChange::by(session.principal()) }
            .apply(session, id)?;
    }
    let data_maturity = maturity(&row.review_status);
    Ok(ReviewedBlock { block: row.into(), data_maturity, updated_observation_count })
}

fn set_maturity(session: &mut WriteSession<'_>, of: &BlockRow, maturity: &str) -> QueryResult<usize> {
    let deployments = deployment::table.filter(deployment::thing_id.eq(of.thing_id)).select(deployment::id);
    let readings = reading::table
        .filter(reading::deployment_id.eq_any(deployments))
        .filter(reading::parameter_id.eq(of.parameter_id))
        .filter(reading::observation_datetime.between(of.start_datetime, of.end_datetime))
        .filter(sql::<Nullable<Integer>>(&owner(of.thing_id)).eq(of.id));
    let change = ReadingChange::maturity(session.principal(), maturity);
    diesel::update(readings).set(change).execute(session)
}
