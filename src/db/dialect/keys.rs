//! `column IN (these keys)` with one bind value, however many keys there are.
//!
//! Diesel's `eq_any` binds each key by itself: the statement's text changes with their number, so it is parsed and planned
//! anew for every page, and both databases bound the number of binds. Here the keys travel as one text, and the statement
//! stays prepared. On PostgreSQL a sub-select takes it apart, so that the planner cannot look into it: it would plan anew for
//! every list of keys, which takes longer than finding the rows.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Nullable, Text};
use diesel::{Column, QueryResult};

use super::Backend;
use super::connection::MultiBackend;

/// See [`one_of`].
#[derive(Clone, Debug)]
pub struct OneOf<C, K> {
    column: C,
    keys: K,
}

/// True for rows whose `column` is one of `keys`; for none of them when there are none.
pub fn one_of<C: Column>(column: C, keys: &[i32]) -> OneOf<C, Numbers> {
    OneOf { column, keys: Numbers::new(keys) }
}

/// As [`one_of`], for keys that are texts.
pub fn one_of_texts<C: Column>(column: C, keys: &[String]) -> OneOf<C, Texts> {
    OneOf { column, keys: Texts(serde_json::Value::from(keys).to_string()) }
}

/// What stands after a column that is compared with numbers.
#[derive(Clone, Debug)]
pub struct Numbers(String);

/// What stands after a column that is compared with texts: a JSON array.
#[derive(Clone, Debug)]
pub struct Texts(String);

impl Numbers {
    /// Keys, separated by commas.
    pub fn new(keys: &[i32]) -> Self {
        let mut text = String::with_capacity(keys.len() * 7);
        for key in keys {
            if !text.is_empty() {
                text.push(',');
            }
            text.push_str(&key.to_string());
        }
        Self(text)
    }
}

impl QueryFragment<Backend> for Numbers {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let (before, after) = match out.backend() {
            MultiBackend::Postgres(_) => (" = ANY((SELECT string_to_array(", ", ',')::int4[])::int4[])"),
            MultiBackend::Sqlite(_) => (" IN (SELECT value FROM json_each('[' || ", " || ']'))"),
        };
        out.push_sql(before);
        out.push_bind_param::<Text, _>(&self.0)?;
        out.push_sql(after);
        Ok(())
    }
}

impl QueryFragment<Backend> for Texts {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let (before, after) = match out.backend() {
            MultiBackend::Postgres(_) => (" = ANY(ARRAY(SELECT json_array_elements_text(", "::json)))"),
            MultiBackend::Sqlite(_) => (" IN (SELECT value FROM json_each(", "))"),
        };
        out.push_sql(before);
        out.push_bind_param::<Text, _>(&self.0)?;
        out.push_sql(after);
        Ok(())
    }
}

impl<C, K> Expression for OneOf<C, K> {
    type SqlType = Nullable<Bool>;
}

impl<C, K, QS> AppearsOnTable<QS> for OneOf<C, K> where C: AppearsOnTable<QS> {}
impl<C, K, QS> SelectableExpression<QS> for OneOf<C, K> where C: SelectableExpression<QS> {}

impl<C, K, GB> ValidGrouping<GB> for OneOf<C, K> {
    type IsAggregate = is_aggregate::No;
}

// The text depends on nothing but the types (a connection knows one database), so it need not be written again.
impl<C: QueryId, K: 'static> QueryId for OneOf<C, K> {
    type QueryId = OneOf<C::QueryId, K>;
    const HAS_STATIC_QUERY_ID: bool = C::HAS_STATIC_QUERY_ID;
}

impl<C, K> QueryFragment<Backend> for OneOf<C, K>
where
    C: QueryFragment<Backend>,
    K: QueryFragment<Backend>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        self.keys.walk_ast(out)
    }
}
