//! The spatial pre-filter: on SQLite the R*Tree, which only knows boxes; on PostgreSQL nothing, because the planner finds
//! the GiST index behind `within` and `within_distance` by itself.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Double};
use diesel::{Column, QueryResult};

use crate::db::dialect::Backend;
use crate::db::dialect::connection::MultiBackend;
use crate::domain::measure::geometry::Point;

/// Rows whose point may lie in a box: always true on PostgreSQL.
#[derive(Clone, Copy, Debug)]
pub struct NearBox<C> {
    id: C,
    min_lon: f64,
    min_lat: f64,
    max_lon: f64,
    max_lat: f64,
}

/// A pre-filter for the rows of `location` whose point lies in the box (min lon, min lat, max lon, max lat).
pub fn near_box<C: Column>(id: C, (min_lon, min_lat, max_lon, max_lat): (f64, f64, f64, f64)) -> NearBox<C> {
    NearBox { id, min_lon, min_lat, max_lon, max_lat }
}

/// Metres in a degree of latitude at its shortest, so that the box is never too small.
const METRES_PER_DEGREE: f64 = 110_500.0;

/// A pre-filter for the rows of `location` at most so many metres from a point.
pub fn near_point<C: Column>(id: C, centre: Point, metres: f64) -> NearBox<C> {
    let degrees = metres / METRES_PER_DEGREE;
    let (south, north) = (centre.latitude - degrees, centre.latitude + degrees);
    // Meridians meet at the poles; near them, or across the date line, every longitude may be near.
    let widest = south.abs().max(north.abs()).to_radians().cos();
    let sideways = if widest > 0.01 { degrees / widest } else { 360.0 };
    let (west, east) = (centre.longitude - sideways, centre.longitude + sideways);
    let (west, east) = if west < -180.0 || east > 180.0 { (-180.0, 180.0) } else { (west, east) };
    NearBox { id, min_lon: west, min_lat: south, max_lon: east, max_lat: north }
}

impl<C> Expression for NearBox<C> {
    type SqlType = Bool;
}

impl<C, QS> AppearsOnTable<QS> for NearBox<C> where C: AppearsOnTable<QS> {}
impl<C, QS> SelectableExpression<QS> for NearBox<C> where C: SelectableExpression<QS> {}

impl<C, GB> ValidGrouping<GB> for NearBox<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C> QueryId for NearBox<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> QueryFragment<Backend> for NearBox<C>
where
    C: QueryFragment<Backend>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        if matches!(out.backend(), MultiBackend::Postgres(_)) {
            out.push_sql("TRUE");
            return Ok(());
        }
        self.id.walk_ast(out.reborrow())?;
        out.push_sql(" IN (SELECT id FROM location_rtree WHERE max_lon >= ");
        out.push_bind_param::<Double, _>(&self.min_lon)?;
        out.push_sql(" AND min_lon <= ");
        out.push_bind_param::<Double, _>(&self.max_lon)?;
        out.push_sql(" AND max_lat >= ");
        out.push_bind_param::<Double, _>(&self.min_lat)?;
        out.push_sql(" AND min_lat <= ");
        out.push_bind_param::<Double, _>(&self.max_lat)?;
        out.push_sql(")");
        Ok(())
    }
}
