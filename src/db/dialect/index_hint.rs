//! Keeps rows in the order of the index that they are read by.

use diesel::Expression;
use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;

use crate::db::dialect::Backend;
use crate::db::dialect::connection::MultiBackend;

/// See [`unindexed`].
#[derive(Clone, Copy, Debug)]
pub struct Unindexed<C>(C);

/// A column whose own indexes are not to be used. SQLite, which knows nothing of how common a value is, takes an index on a
/// compared column even where it then has to sort all its rows for the few that a limit leaves. PostgreSQL weighs the two by
/// itself and gets the bare column.
pub fn unindexed<C>(column: C) -> Unindexed<C> {
    Unindexed(column)
}

impl<C: Expression> Expression for Unindexed<C> {
    type SqlType = C::SqlType;
}

impl<C, QS> AppearsOnTable<QS> for Unindexed<C>
where
    C: AppearsOnTable<QS>,
    Self: Expression,
{
}
impl<C, QS> SelectableExpression<QS> for Unindexed<C>
where
    C: SelectableExpression<QS>,
    Self: AppearsOnTable<QS>,
{
}

impl<C, GB> ValidGrouping<GB> for Unindexed<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C> QueryId for Unindexed<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for Unindexed<C> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}

impl<C: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Unindexed<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("+");
        self.0.walk_ast(out)
    }
}

// Alone it stands for either; Diesel goes through the two above where it compares with several values.
impl<C: QueryFragment<Backend>> QueryFragment<Backend> for Unindexed<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        if matches!(out.backend(), MultiBackend::Sqlite(_)) {
            out.push_sql("+");
        }
        self.0.walk_ast(out)
    }
}
