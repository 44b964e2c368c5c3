//! `column IN (SELECT ...)` over a boxed sub-query: conditions on related rows, for virtual fields and relations.
//!
//! Diesel's own `eq_any` wants the sub-query's conditions to be valid for both tables joined and for each backend by itself,
//! which a boxed condition cannot be. The sub-query here stands for itself: it never refers to the outer row.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Nullable};
use diesel::{QueryResult, RunQueryDsl};

use crate::db::{Backend, Connection};

/// See [`in_query`].
#[derive(Clone)]
pub struct InQuery<C, Q> {
    column: C,
    query: Q,
    negated: bool,
}

/// True for rows whose `column` is among what `query` selects.
pub fn in_query<C, Q>(column: C, query: Q) -> InQuery<C, Q> {
    InQuery { column, query, negated: false }
}

impl<C, Q> InQuery<C, Q> {
    /// True for the other rows instead.
    #[must_use]
    pub fn negated(mut self, negated: bool) -> Self {
        self.negated = negated;
        self
    }
}

impl<C, Q> Expression for InQuery<C, Q> {
    type SqlType = Nullable<Bool>;
}

impl<C: AppearsOnTable<QS>, Q, QS> AppearsOnTable<QS> for InQuery<C, Q> {}
impl<C: SelectableExpression<QS>, Q, QS> SelectableExpression<QS> for InQuery<C, Q> {}

impl<C, Q, GB> ValidGrouping<GB> for InQuery<C, Q> {
    type IsAggregate = is_aggregate::No;
}

impl<C, Q> QueryId for InQuery<C, Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, Q> QueryFragment<Backend> for InQuery<C, Q>
where
    C: QueryFragment<Backend>,
    Q: QueryFragment<Backend>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(if self.negated { " NOT IN (" } else { " IN (" });
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

/// Two pieces of a query, one after the other. See [`union`] and [`restrict`].
pub struct Joined<A, B> {
    first: A,
    between: &'static str,
    second: B,
}

/// What either query selects, each row once.
pub fn union<A, B>(one: A, other: B) -> Joined<A, B> {
    Joined { first: one, between: " UNION ", second: other }
}

/// The rows of a query written as SQL, without conditions, for which `condition` holds.
pub fn restrict<A, B>(query: A, condition: B) -> Joined<A, B> {
    Joined { first: query, between: " WHERE ", second: condition }
}

impl<A, B> QueryFragment<Backend> for Joined<A, B>
where
    A: QueryFragment<Backend>,
    B: QueryFragment<Backend>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.first.walk_ast(out.reborrow())?;
        out.push_sql(self.between);
        self.second.walk_ast(out)
    }
}

/// How many rows a query selects: see [`counted`].
pub struct Counted<Q>(Q);

/// Counts what a query selects, which may have a limit.
pub fn counted<Q>(query: Q) -> Counted<Q> {
    Counted(query)
}

impl<Q: QueryFragment<Backend>> QueryFragment<Backend> for Counted<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("SELECT count(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") counted");
        Ok(())
    }
}

impl<Q> Query for Counted<Q> {
    type SqlType = BigInt;
}

impl<Q> QueryId for Counted<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> RunQueryDsl<Connection> for Counted<Q> {}
