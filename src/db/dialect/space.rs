//! Where a point lies. SQLite finds candidates with the R*Tree, which only knows boxes; on PostgreSQL the planner finds the
//! GiST indexes by itself.
//!
//! Who is shown rounded coordinates asks by them too: what is exact would tell him, by asking often enough, where something is. Then
//! the indexes, which know the exact places, only find candidates: what lies in the wider box of all that may be rounded into it.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Double, Text};
use diesel::{Column, QueryResult};

use crate::db::dialect::Backend;
use crate::db::dialect::connection::MultiBackend;
use crate::db::dialect::degrees::{Rounded, rounded};
use crate::domain::measure::decimals::Decimals;
use crate::domain::measure::region::{Box4, Region, Surroundings};

/// See [`located`].
#[derive(Clone, Debug)]
pub struct Located<C, X, Y> {
    id: C,
    longitude: X,
    latitude: Y,
    parts: Vec<Part>,
    /// What is compared with the region: the columns, or what is shown of them.
    shown: (Rounded<X>, Rounded<Y>),
    is_rounded: bool,
}

/// A part of a region, with the box that it lies in.
#[derive(Clone, Debug)]
enum Part {
    Area {
        around: Box4,
        wkt: String,
    },
    /// Each with the box of what may be shown in it.
    Boxes(Vec<(Box4, Box4)>),
    Near {
        around: Box4,
        of: Surroundings,
    },
}

/// A condition on rows of `location`, given its columns `id`, `longitude` and `latitude`: they lie in the region, or are shown
/// there where coordinates are rounded.
pub fn located<C, X, Y>(
    id: C,
    longitude: X,
    latitude: Y,
    region: &Region,
    decimals: Option<Decimals>,
) -> Located<C, X, Y>
where
    C: Column,
    X: Column + Copy,
    Y: Column + Copy,
{
    let wider = |around: Box4| decimals.map_or(around, |decimals| widened(around, decimals.reach()));
    let area = region.within.as_ref().map(|area| Part::Area { around: wider(area.bounds()), wkt: area.to_wkt() });
    let pairs = |boxes: Vec<Box4>| boxes.into_iter().map(|one| (wider(one), one)).collect();
    let boxes = region.bounds.map(|bounds| Part::Boxes(pairs(bounds.boxes())));
    let near = region.near.map(|of| Part::Near { around: wider(around(of)), of });
    Located {
        id,
        longitude,
        latitude,
        parts: boxes.into_iter().chain(area).chain(near).collect(),
        shown: (rounded(longitude, decimals), rounded(latitude, decimals)),
        is_rounded: decimals.is_some(),
    }
}

/// A box that is larger on each side by so many degrees.
fn widened((west, south, east, north): Box4, degrees: f64) -> Box4 {
    (west - degrees, south - degrees, east + degrees, north + degrees)
}

/// Metres in a degree of latitude at its shortest, so that the box is never too small.
const METRES_PER_DEGREE: f64 = 110_500.0;

/// The box around the surroundings of a point.
fn around(of: Surroundings) -> Box4 {
    let Surroundings { centre, metres } = of;
    let degrees = metres / METRES_PER_DEGREE;
    let (south, north) = (centre.latitude - degrees, centre.latitude + degrees);
    // Meridians meet at the poles; near them, or across the date line, every longitude may be near.
    let widest = south.abs().max(north.abs()).to_radians().cos();
    let sideways = if widest > 0.01 { degrees / widest } else { 360.0 };
    let (west, east) = (centre.longitude - sideways, centre.longitude + sideways);
    let (west, east) = if west < -180.0 || east > 180.0 { (-180.0, 180.0) } else { (west, east) };
    (west, south, east, north)
}

impl<C, X, Y> Expression for Located<C, X, Y> {
    type SqlType = Bool;
}

impl<C, X, Y, QS> AppearsOnTable<QS> for Located<C, X, Y>
where
    C: AppearsOnTable<QS>,
    X: AppearsOnTable<QS>,
    Y: AppearsOnTable<QS>,
{
}

impl<C, X, Y, QS> SelectableExpression<QS> for Located<C, X, Y>
where
    C: SelectableExpression<QS>,
    X: SelectableExpression<QS>,
    Y: SelectableExpression<QS>,
{
}

impl<C, X, Y, GB> ValidGrouping<GB> for Located<C, X, Y> {
    type IsAggregate = is_aggregate::No;
}

impl<C, X, Y> QueryId for Located<C, X, Y> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, X, Y> QueryFragment<Backend> for Located<C, X, Y>
where
    C: QueryFragment<Backend>,
    X: QueryFragment<Backend>,
    Y: QueryFragment<Backend>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let postgres = matches!(out.backend(), MultiBackend::Postgres(_));
        out.push_sql("(TRUE");
        for part in &self.parts {
            out.push_sql(" AND ");
            match part {
                Part::Area { around, wkt } if postgres => {
                    if self.is_rounded {
                        self.overlaps(&mut out, around)?;
                        out.push_sql(" AND ");
                    }
                    self.inside(&mut out, wkt)?;
                }
                Part::Area { around, wkt } => {
                    self.candidates(&mut out, around)?;
                    out.push_sql(" AND within(");
                    self.point(&mut out)?;
                    out.push_sql(", ");
                    out.push_bind_param::<Text, _>(wkt)?;
                    out.push_sql(")");
                }
                Part::Boxes(boxes) => {
                    out.push_sql("(FALSE");
                    for (around, one) in boxes {
                        out.push_sql(" OR ");
                        self.in_box(&mut out, postgres, around, one)?;
                    }
                    out.push_sql(")");
                }
                Part::Near { around, of } => {
                    if !postgres {
                        self.candidates(&mut out, around)?;
                        out.push_sql(" AND ");
                    } else if self.is_rounded {
                        self.overlaps(&mut out, around)?;
                        out.push_sql(" AND ");
                    }
                    self.near(&mut out, of)?;
                }
            }
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<C, X, Y> Located<C, X, Y>
where
    C: QueryFragment<Backend>,
    X: QueryFragment<Backend>,
    Y: QueryFragment<Backend>,
{
    /// Longitude, latitude, as they are shown.
    fn point<'b>(&'b self, out: &mut AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let (longitude, latitude) = &self.shown;
        longitude.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        latitude.walk_ast(out.reborrow())
    }

    /// PostgreSQL: rows whose exact point lies in a box, about. The index keeps 32-bit floats, as the R*Tree does.
    fn overlaps<'b>(&'b self, out: &mut AstPass<'_, 'b, Backend>, around: &'b Box4) -> QueryResult<()> {
        let (west, south, east, north) = around;
        // The expression of the index idx_location_lon_lat.
        out.push_sql("ST_SetSRID(ST_MakePoint(");
        self.longitude.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.latitude.walk_ast(out.reborrow())?;
        out.push_sql("), 4326) && ST_MakeEnvelope(");
        out.push_bind_param::<Double, _>(west)?;
        for corner in [south, east, north] {
            out.push_sql(", ");
            out.push_bind_param::<Double, _>(corner)?;
        }
        out.push_sql(", 4326)");
        Ok(())
    }

    /// SQLite: rows whose point may lie in a box.
    fn candidates<'b>(&'b self, out: &mut AstPass<'_, 'b, Backend>, around: &'b Box4) -> QueryResult<()> {
        let (west, south, east, north) = around;
        self.id.walk_ast(out.reborrow())?;
        out.push_sql(" IN (SELECT id FROM location_rtree WHERE max_lon >= ");
        out.push_bind_param::<Double, _>(west)?;
        out.push_sql(" AND min_lon <= ");
        out.push_bind_param::<Double, _>(east)?;
        out.push_sql(" AND max_lat >= ");
        out.push_bind_param::<Double, _>(south)?;
        out.push_sql(" AND min_lat <= ");
        out.push_bind_param::<Double, _>(north)?;
        out.push_sql(")");
        Ok(())
    }

    /// PostgreSQL: rows whose point lies inside an area.
    fn inside<'b>(&'b self, out: &mut AstPass<'_, 'b, Backend>, wkt: &'b String) -> QueryResult<()> {
        // The expression of the index idx_location_lon_lat. The area is a sub-query so that its text is read once: as a
        // plain parameter of a prepared statement it is read for each row (12 s for 2,400 corners and 10,000 rows,
        // against 0.03 s).
        out.push_sql("ST_Within(ST_SetSRID(ST_MakePoint(");
        self.point(out)?;
        out.push_sql("), 4326), (SELECT ST_GeomFromText(");
        out.push_bind_param::<Text, _>(wkt)?;
        out.push_sql(", 4326)))");
        Ok(())
    }

    /// Rows whose point lies in a box, its edges included.
    fn in_box<'b>(
        &'b self,
        out: &mut AstPass<'_, 'b, Backend>,
        postgres: bool,
        around: &'b Box4,
        one: &'b Box4,
    ) -> QueryResult<()> {
        let (west, south, east, north) = one;
        let (longitude, latitude) = &self.shown;
        out.push_sql("(");
        if postgres {
            self.overlaps(out, around)?;
        } else {
            self.candidates(out, around)?;
        }
        out.push_sql(" AND ");
        longitude.walk_ast(out.reborrow())?;
        out.push_sql(" BETWEEN ");
        out.push_bind_param::<Double, _>(west)?;
        out.push_sql(" AND ");
        out.push_bind_param::<Double, _>(east)?;
        out.push_sql(" AND ");
        latitude.walk_ast(out.reborrow())?;
        out.push_sql(" BETWEEN ");
        out.push_bind_param::<Double, _>(south)?;
        out.push_sql(" AND ");
        out.push_bind_param::<Double, _>(north)?;
        out.push_sql(")");
        Ok(())
    }

    /// Rows whose point is at most so many metres from another.
    fn near<'b>(&'b self, out: &mut AstPass<'_, 'b, Backend>, of: &'b Surroundings) -> QueryResult<()> {
        out.push_sql("within_distance(");
        self.point(out)?;
        for number in [&of.centre.longitude, &of.centre.latitude, &of.metres] {
            out.push_sql(", ");
            out.push_bind_param::<Double, _>(number)?;
        }
        out.push_sql(")");
        Ok(())
    }
}
