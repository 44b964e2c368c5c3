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

use crate::db::dialect::Backend;
use crate::db::dialect::connection::MultiBackend;

/// See [`one_of`].
#[derive(Clone, Debug)]
pub struct OneOf<C, K> {
    column: C,
    keys: K,
}

/// Ids that a read is about: given ones ([`Numbers`]), or those that a query selects ([`selected`]), which a read of several
/// queries in one statement needs where the ids depend on other rows.
pub trait Ids: QueryFragment<Backend> + QueryId + Clone + Send + 'static {}

impl<T: QueryFragment<Backend> + QueryId + Clone + Send + 'static> Ids for T {}

/// True for rows whose `column` is one of `ids`.
pub fn among<C: Column, K: Ids>(column: C, ids: K) -> OneOf<C, K> {
    OneOf { column, keys: ids }
}

/// The ids that a query selects; null is none.
#[derive(Clone, Debug)]
pub struct Selected<Q>(Q);

/// See [`Selected`].
pub fn selected<Q>(query: Q) -> Selected<Q> {
    Selected(query)
}

impl<Q: QueryFragment<Backend>> QueryFragment<Backend> for Selected<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        // As an array the ids are found once, before the rows are looked up by their index.
        let (before, after) = match out.backend() {
            MultiBackend::Postgres(_) => (" = ANY(ARRAY(", "))"),
            MultiBackend::Sqlite(_) => (" IN (", ")"),
        };
        out.push_sql(before);
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(after);
        Ok(())
    }
}

impl<Q> QueryId for Selected<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// The ids that a query selects, for several parts of one statement: on PostgreSQL it is a common table expression, called
/// `name`, with a column `id`. On SQLite, where each part is a statement, it is the query.
#[derive(Clone, Debug)]
pub struct SharedIds<Q> {
    name: &'static str,
    query: Q,
}

impl<Q> SharedIds<Q> {
    pub(in crate::db) fn new(name: &'static str, query: Q) -> Self {
        Self { name, query }
    }
}

impl<Q: QueryFragment<Backend>> QueryFragment<Backend> for SharedIds<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        match out.backend() {
            MultiBackend::Postgres(_) => {
                out.push_sql(" = ANY(ARRAY(SELECT id FROM ");
                out.push_identifier(self.name)?;
                out.push_sql("))");
            }
            MultiBackend::Sqlite(_) => {
                out.push_sql(" IN (");
                self.query.walk_ast(out.reborrow())?;
                out.push_sql(")");
            }
        }
        Ok(())
    }
}

impl<Q> QueryId for SharedIds<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
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
#[derive(Clone, Debug, QueryId)]
pub struct Numbers(String);

/// What stands after a column that is compared with texts: a JSON array.
#[derive(Clone, Debug, QueryId)]
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
impl<C: QueryId, K: QueryId> QueryId for OneOf<C, K> {
    type QueryId = OneOf<C::QueryId, K::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = C::HAS_STATIC_QUERY_ID && K::HAS_STATIC_QUERY_ID;
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

/// See [`in_list`].
#[derive(Debug)]
pub struct InList<E> {
    expression: E,
    list: String,
    postgres_type: &'static str,
}

/// True when `expression` is one of the values of a JSON array, which travels as one bind value however long it is.
/// `postgres_type` is the type that the values are compared as.
pub fn in_list<E>(expression: E, values: &[serde_json::Value], postgres_type: &'static str) -> InList<E> {
    InList { expression, list: serde_json::Value::from(values).to_string(), postgres_type }
}

impl<E> Expression for InList<E> {
    type SqlType = Nullable<Bool>;
}

impl<E, QS> AppearsOnTable<QS> for InList<E> where E: AppearsOnTable<QS> {}
impl<E, QS> SelectableExpression<QS> for InList<E> where E: SelectableExpression<QS> {}

impl<E, GB> ValidGrouping<GB> for InList<E> {
    type IsAggregate = is_aggregate::No;
}

impl<E> QueryId for InList<E> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<E: QueryFragment<Backend>> QueryFragment<Backend> for InList<E> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.expression.walk_ast(out.reborrow())?;
        if matches!(out.backend(), MultiBackend::Postgres(_)) {
            out.push_sql(" = ANY(ARRAY(SELECT json_array_elements_text(");
            out.push_bind_param::<Text, _>(&self.list)?;
            out.push_sql("::json)::");
            out.push_sql(self.postgres_type);
            out.push_sql("))");
            return Ok(());
        }
        out.push_sql(" IN (SELECT value FROM json_each(");
        out.push_bind_param::<Text, _>(&self.list)?;
        out.push_sql("))");
        Ok(())
    }
}
