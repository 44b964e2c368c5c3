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
    keys: Keys,
}

#[derive(Clone, Debug)]
enum Keys {
    /// Separated by commas.
    Numbers(String),
    /// A JSON array.
    Texts(String),
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
    OneOf { column, keys: Keys::Numbers(text) }
}

/// As [`one_of`], for keys that are texts.
pub fn one_of_texts<C: Column>(column: C, keys: &[String]) -> OneOf<C> {
    OneOf { column, keys: Keys::Texts(serde_json::Value::from(keys).to_string()) }
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
        let postgres = matches!(out.backend(), MultiBackend::Postgres(_));
        let (before, keys, after) = match &self.keys {
            Keys::Numbers(keys) if postgres => (" = ANY(string_to_array(", keys, ", ',')::int4[])"),
            Keys::Numbers(keys) => (" IN (SELECT value FROM json_each('[' || ", keys, " || ']'))"),
            Keys::Texts(keys) if postgres => (" = ANY(ARRAY(SELECT json_array_elements_text(", keys, "::json)))"),
            Keys::Texts(keys) => (" IN (SELECT value FROM json_each(", keys, "))"),
        };
        out.push_sql(before);
        out.push_bind_param::<Text, _>(keys)?;
        out.push_sql(after);
        Ok(())
    }
}
