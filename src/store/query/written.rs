//! Selects that are written as SQL, with places for parts that Diesel writes and binds.

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::{QueryResult, RunQueryDsl};

use crate::db::session::WrittenSelect;
use crate::db::{Backend, Connection};
use crate::store::query::listing::Condition;

/// A part of a written select, with its name.
pub type Part<'a> = (&'static str, Box<dyn QueryFragment<Backend> + 'a>);

/// See [`written`].
pub struct Written<'a, ST> {
    text: String,
    parts: Vec<Part<'a>>,
    kept: bool,
    types: PhantomData<fn() -> ST>,
}

/// A select of columns of the types `ST`. In its text `$name$` stands for the part of that name, as often as it occurs.
pub fn written<ST>(text: String, parts: Vec<Part<'_>>) -> Written<'_, ST> {
    Written { text, parts, kept: false, types: PhantomData }
}

impl<ST> Written<'_, ST> {
    /// The same, whose text has nothing of the request in it: its statement stays prepared.
    #[must_use]
    pub fn kept(self) -> Self {
        Self { kept: true, ..self }
    }
}

impl<ST> QueryFragment<Backend> for Written<'_, ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        if !self.kept {
            // Its text has numbers of the request in it.
            out.unsafe_to_cache_prepared();
        }
        for (place, piece) in self.text.split('$').enumerate() {
            if place % 2 == 0 {
                out.push_sql(piece);
                continue;
            }
            let part = self.parts.iter().find(|(name, _)| *name == piece);
            let (_, part) = part.ok_or_else(|| Error::QueryBuilderError(format!("no part '{piece}'").into()))?;
            part.walk_ast(out.reborrow())?;
        }
        Ok(())
    }
}

impl<ST: 'static> Query for Written<'_, ST> {
    type SqlType = ST;
}

impl<ST> QueryId for Written<'_, ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> RunQueryDsl<Connection> for Written<'_, ST> {}
impl<ST> WrittenSelect for Written<'_, ST> {}

/// SQL of ours.
pub struct Sql(pub String);

impl QueryFragment<Backend> for Sql {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql(&self.0);
        Ok(())
    }
}

/// Conditions of which each must hold.
pub struct All<T>(pub Vec<Condition<T>>);

impl<T: 'static> QueryFragment<Backend> for All<T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("(TRUE");
        for condition in &self.0 {
            out.push_sql(" AND (");
            condition.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        out.push_sql(")");
        Ok(())
    }
}
