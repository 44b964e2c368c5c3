//! Where things are now, as a condition on what belongs to them.

use diesel::query_builder::QueryFragment;

use crate::db::prelude::*;
use crate::db::schema::{location, location_thing_association as place};
use crate::db::{Backend, located};
use crate::domain::measure::region::Region;
use crate::domain::principal::Sight;
use crate::store::query::visibility::current_place;

/// The ids of the things whose current location lies in a region, as a query.
pub(in crate::store) fn now_in(sight: Sight, region: &Region) -> impl QueryFragment<Backend> + use<> {
    place::table
        .inner_join(location::table)
        .filter(located(location::id, location::longitude, location::latitude, region, sight.decimals()))
        .filter(current_place(sight))
        .select(place::thing_id)
}
