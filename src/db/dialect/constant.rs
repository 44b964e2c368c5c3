//! Text that is part of a statement, not one of its values: constants and whole expressions.

use std::marker::PhantomData;

use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, TypedExpressionType, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::{Error, QueryResult};
use diesel::sql_types::{SqlType, Text};

use crate::db::dialect::Backend;

/// See [`constant`].
#[derive(Clone, Copy, Debug)]
pub struct Constant(&'static str);

/// A word of ours, such as the name of the table that a note belongs to, written into the statement. PostgreSQL plans a
/// statement anew for each of its values as long as it expects more of some than of others; a constant it knows.
pub fn constant(text: &'static str) -> Constant {
    Constant(text)
}

impl Expression for Constant {
    type SqlType = Text;
}

impl<QS> AppearsOnTable<QS> for Constant {}
impl<QS> SelectableExpression<QS> for Constant {}

impl<GB> ValidGrouping<GB> for Constant {
    type IsAggregate = is_aggregate::Never;
}

impl QueryId for Constant {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for Constant {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        if !self.0.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b' ' | b'_')) {
            return Err(Error::QueryBuilderError(format!("not a plain word: {}", self.0).into()));
        }
        out.push_sql("'");
        out.push_sql(self.0);
        out.push_sql("'");
        Ok(())
    }
}

/// See [`raw`].
#[derive(Clone, Copy, Debug)]
pub struct Raw<ST>(&'static str, PhantomData<ST>);

/// An expression of ours in SQL. Unlike Diesel's `sql`, which may hold anything, it leaves the statement prepared.
pub fn raw<ST>(text: &'static str) -> Raw<ST> {
    Raw(text, PhantomData)
}

impl<ST: SqlType + TypedExpressionType> Expression for Raw<ST> {
    type SqlType = ST;
}

impl<ST, QS> AppearsOnTable<QS> for Raw<ST> where Self: Expression {}
impl<ST, QS> SelectableExpression<QS> for Raw<ST> where Self: Expression {}

impl<ST, GB> ValidGrouping<GB> for Raw<ST> {
    type IsAggregate = is_aggregate::Never;
}

impl<ST> QueryId for Raw<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> QueryFragment<Backend> for Raw<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

/// Always true. A statement that holds it is not kept prepared: for statements whose text is shaped by clients, of which there
/// could be any number, each kept for as long as its connection.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotKept;

impl Expression for NotKept {
    type SqlType = diesel::sql_types::Nullable<diesel::sql_types::Bool>;
}

impl<QS> AppearsOnTable<QS> for NotKept {}
impl<QS> SelectableExpression<QS> for NotKept {}

impl<GB> ValidGrouping<GB> for NotKept {
    type IsAggregate = is_aggregate::Never;
}

impl QueryId for NotKept {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for NotKept {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("TRUE");
        Ok(())
    }
}
