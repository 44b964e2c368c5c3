//! `column IN (these keys)` with one bind value, however many keys there are.
//!
//! Diesel's `eq_any` binds each key by itself: the statement's text changes with their number, so it is parsed and planned
//! anew for every page, and both databases bound the number of binds. Here the keys travel as one text, and the statement
//! stays prepared.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Nullable, Text};
use diesel::{Column, QueryResult};

use super::Backend;
use super::connection::MultiBackend;

/// See [`one_of`].
#[derive(Clone, Debug)]
pub struct OneOf<C> {
    column: C,
    keys: String,
}

/// True for rows whose `column` is one of `keys`; for none of them when there are none.
pub fn one_of<C: Column>(column: C, keys: &[i32]) -> OneOf<C> {
    let mut text = String::with_capacity(keys.len() * 7);
    for key in keys {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&key.to_string());
    }
    OneOf { column, keys: text }
}

impl<C> Expression for OneOf<C> {
    type SqlType = Nullable<Bool>;
}

impl<C, QS> AppearsOnTable<QS> for OneOf<C> where C: AppearsOnTable<QS> {}
impl<C, QS> SelectableExpression<QS> for OneOf<C> where C: SelectableExpression<QS> {}

impl<C, GB> ValidGrouping<GB> for OneOf<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C> QueryId for OneOf<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> QueryFragment<Backend> for OneOf<C>
where
    C: QueryFragment<Backend>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        if matches!(out.backend(), MultiBackend::Postgres(_)) {
            out.push_sql(" = ANY(string_to_array(");
            out.push_bind_param::<Text, _>(&self.keys)?;
            out.push_sql(", ',')::int4[])");
        } else {
            out.push_sql(" IN (SELECT value FROM json_each('[' || ");
            out.push_bind_param::<Text, _>(&self.keys)?;
            out.push_sql(" || ']'))");
        }
        Ok(())
    }
}
