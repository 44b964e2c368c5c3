//! Coordinates as they are shown to who may not know exactly where something is.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};

use crate::db::dialect::Backend;
use crate::domain::measure::decimals::Decimals;

/// See [`rounded`].
#[derive(Clone, Copy, Debug)]
pub struct Rounded<E> {
    degrees: E,
    decimals: Option<Decimals>,
}

/// Degrees, rounded as [`Decimals::round`] does it; as they are without decimals.
pub fn rounded<E>(degrees: E, decimals: Option<Decimals>) -> Rounded<E> {
    Rounded { degrees, decimals }
}

impl<E: Expression> Expression for Rounded<E> {
    type SqlType = E::SqlType;
}

impl<E: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for Rounded<E> {}
impl<E: SelectableExpression<QS>, QS> SelectableExpression<QS> for Rounded<E> {}

impl<E: ValidGrouping<GB>, GB> ValidGrouping<GB> for Rounded<E> {
    type IsAggregate = E::IsAggregate;
}

impl<E> QueryId for Rounded<E> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<E: QueryFragment<Backend>> QueryFragment<Backend> for Rounded<E> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let Some(decimals) = self.decimals else { return self.degrees.walk_ast(out) };
        // A float, not one of PostgreSQL's exact numbers, which round in another way.
        let scale = format!("CAST({} AS double precision)", decimals.scale());
        out.push_sql("(floor(");
        self.degrees.walk_ast(out.reborrow())?;
        out.push_sql(&format!(" * {scale} + 0.5) / {scale})"));
        Ok(())
    }
}
