//! The one statement that a [`Read`] becomes on PostgreSQL, and its text.
//!
//! Diesel writes a statement's text to find its prepared statement, and over a connection to either database it does so three
//! times a run. The text of a read of many tables is some 10 kB, and writing it took half of the program's time. So it is
//! written once a run, and where it depends on nothing but the types of the queries, the parts that there are and what the asker
//! may see, once and for all.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use diesel::QueryResult;
use diesel::connection::LoadConnection;
use diesel::internal::derives::multiconnection::AstPassHelper;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::row::Row;
use diesel::sql_types::Integer;

use super::{AnyRecord, Read};
use crate::db::dialect::{self, Backend, Connection, Written};
use crate::domain::principal::Sight;

/// What a read's text depends on.
#[derive(Clone, Copy, Debug)]
pub(in crate::db) enum Text {
    /// The type, the parts, and what the asker may see: it is kept.
    Fixed(Sight),
    /// Values, too: it is written anew.
    New,
}

/// What a kept text depends on: type, parts, sight.
type Key = (TypeId, Vec<u8>, Sight);

/// The fixed texts; as many as there are reads in the program.
static TEXTS: LazyLock<RwLock<HashMap<Key, Written>>> = LazyLock::new(RwLock::default);

/// All queries, as they write themselves.
struct Plain<'q, R>(&'q R);

impl<R: Read> QueryFragment<Backend> for Plain<'_, R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.0.walk_shared(&mut false, out.reborrow())?;
        self.0.walk(0, out)
    }
}

/// The statement of all queries, whose text is written.
struct Statement<'q, R> {
    queries: Plain<'q, R>,
    written: Written,
}

impl<R: Read> QueryFragment<Backend> for Statement<'_, R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        // The queries themselves are needed for their values alone.
        if out.bind_collector().is_some() || out.debug_binds().is_some() {
            return self.queries.walk_ast(out);
        }
        if !self.written.kept {
            out.unsafe_to_cache_prepared();
        }
        out.push_sql(&self.written.text);
        Ok(())
    }
}

impl<R> Query for Statement<'_, R> {
    type SqlType = (Integer, AnyRecord);
}

impl<R> QueryId for Statement<'_, R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

fn written<R: Read + 'static>(read: &R, text: Text) -> QueryResult<Written> {
    let Text::Fixed(sight) = text else { return dialect::written(&Plain(read)) };
    let mut shape = Vec::new();
    read.shape(&mut shape);
    let key = (TypeId::of::<R>(), shape, sight);
    let known = TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    if let Some(known) = known {
        debug_assert_eq!(known.text, dialect::written(&Plain(read))?.text, "the text of a read depends on its values");
        return Ok(known);
    }
    let new = dialect::written(&Plain(read))?;
    debug_assert!(new.kept, "a text that clients shape");
    TEXTS.write().unwrap_or_else(PoisonError::into_inner).insert(key, new.clone());
    Ok(new)
}

/// Runs all queries of a read.
pub(in crate::db) fn together<R: Read + 'static>(conn: &mut Connection, read: R, text: Text) -> QueryResult<R::Output> {
    if !dialect::reads_together(conn) || read.queries() == 0 {
        return read.alone(conn);
    }
    let mut rows = R::Rows::default();
    {
        let statement = Statement { queries: Plain(&read), written: written(&read, text)? };
        let cursor = LoadConnection::load(conn, statement)?;
        for row in cursor {
            let row = row?;
            let query: i32 = row.get_value::<Integer, i32, usize>(0).map_err(Error::DeserializationError)?;
            read.take(&mut rows, query, &row).map_err(Error::DeserializationError)?;
        }
    }
    Ok(read.finish(rows))
}
