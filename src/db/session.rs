//! What a job is given: a connection, who asks, and what he may see. A [`Session`] reads; a [`WriteSession`] also writes, in
//! the transaction that the executor opened for it.
//!
//! Queries are run as everywhere in Diesel (`query.load(session)`), by the traits below instead of Diesel's own: they take a
//! `SELECT` with either session, and an `INSERT`, `UPDATE` or `DELETE` with a [`WriteSession`] only, so that a write in a
//! reading job does not compile.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use diesel::dsl::Limit;
use diesel::query_builder::{BoxedSqlQuery, DeleteStatement, InsertStatement, SelectQuery, SqlQuery, UpdateStatement};
use diesel::query_dsl::methods::{ExecuteDsl, LimitDsl, LoadQuery};
use diesel::{QueryResult, RunQueryDsl};

use super::together::{Read, Text, together};
use crate::db::dialect::{self, Actor, Backend, Connection, InsertRows};
use crate::domain::principal::{Principal, Sight};
use crate::domain::request::id::RequestId;

/// On whose behalf a job runs.
#[derive(Clone, Debug)]
pub struct Asker {
    /// Who asks.
    pub principal: Arc<Principal>,
    /// The request, for log lines.
    pub request_id: RequestId,
}

impl Asker {
    /// The program itself: the start, the command line, imports.
    pub fn program(what: &'static str) -> Self {
        Self { principal: Arc::default(), request_id: what.into() }
    }

    /// The author of what is written.
    pub(in crate::db) fn actor(&self) -> Actor<'_> {
        let Principal { id, name, .. } = &*self.principal;
        Actor { id: id.as_deref(), name: name.as_deref(), request_id: Some(&self.request_id) }
    }
}

/// A reading session.
pub struct Session<'c> {
    conn: &'c mut Connection,
    asker: &'c Asker,
    in_transaction: bool,
}

impl<'c> Session<'c> {
    /// Begins a reading session.
    pub(in crate::db) fn begin(conn: &'c mut Connection, asker: &'c Asker) -> QueryResult<Self> {
        // Where a read is several statements, they must agree.
        let in_transaction = !dialect::reads_together(conn);
        if in_transaction {
            dialect::begin_snapshot(conn)?;
        }
        Ok(Self { conn, asker, in_transaction })
    }

    /// Who asks.
    pub fn principal(&self) -> &'c Principal {
        &self.asker.principal
    }

    /// What he may see.
    pub fn sight(&self) -> Sight {
        self.asker.principal.sight
    }

    /// From here on, all statements see the same snapshot of the database. One statement needs none.
    pub fn snapshot(&mut self) -> QueryResult<()> {
        if !self.in_transaction {
            dialect::begin_snapshot(self.conn)?;
            self.in_transaction = true;
        }
        Ok(())
    }

    /// Runs several queries as one statement, where the database can. See [`Read`].
    pub fn read<R: Read + 'static>(&mut self, read: R) -> QueryResult<R::Output> {
        together(self.conn, read, Text::New)
    }

    /// As [`Self::read`], for a statement whose text depends on nothing but the types of its queries, which parts there are and
    /// what the asker may see: ids and limits are bound, no name of a table or column is given as a value. It is written once.
    pub fn read_fixed<R: Read + 'static>(&mut self, read: R) -> QueryResult<R::Output> {
        together(self.conn, read, Text::Fixed(self.asker.principal.sight))
    }

    /// Runs a query that is written as SQL and only selects.
    pub fn select<'q, Q, U>(&mut self, query: Q) -> QueryResult<Vec<U>>
    where
        Q: WrittenSelect + LoadQuery<'q, Connection, U> + RunQueryDsl<Connection>,
    {
        query.load(self.conn)
    }

    /// True when a transaction is left to be ended.
    pub(in crate::db) fn is_open(&self) -> bool {
        self.in_transaction
    }
}

/// A writing session, inside its transaction.
pub struct WriteSession<'c>(Session<'c>);

impl<'c> WriteSession<'c> {
    /// Wraps a connection whose transaction has begun.
    pub(in crate::db) fn inside_transaction(conn: &'c mut Connection, asker: &'c Asker) -> Self {
        Self(Session { conn, asker, in_transaction: true })
    }
}

impl WriteSession<'_> {
    /// Stores rows of several tables, parents before their children: one statement where the database can.
    pub fn insert(&mut self, all: &[&dyn InsertRows]) -> QueryResult<()> {
        dialect::insert(self.0.conn, all)
    }
}

/// Serialises the callers that take the same `key` until the transaction ends.
pub fn transaction_lock(session: &mut WriteSession<'_>, key: i64) -> QueryResult<()> {
    dialect::transaction_locks(session.0.conn, &[key])
}

/// As [`transaction_lock`], for several keys: always in the same order, so that nobody waits in a circle.
pub fn transaction_locks(session: &mut WriteSession<'_>, mut keys: Vec<i64>) -> QueryResult<()> {
    keys.sort_unstable();
    keys.dedup();
    dialect::transaction_locks(session.0.conn, &keys)
}

impl<'c> Deref for WriteSession<'c> {
    type Target = Session<'c>;

    fn deref(&self) -> &Session<'c> {
        &self.0
    }
}

impl DerefMut for WriteSession<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// SQL of our own that only selects.
pub trait WrittenSelect {}

impl<Inner> WrittenSelect for SqlQuery<Inner> {}
impl<Query> WrittenSelect for BoxedSqlQuery<'_, Backend, Query> {}

/// Runs `SELECT` statements.
pub trait RunSelect: SelectQuery + RunQueryDsl<Connection> + Sized {
    /// All rows.
    fn load<'q, U>(self, session: &mut Session<'_>) -> QueryResult<Vec<U>>
    where
        Self: LoadQuery<'q, Connection, U>,
    {
        RunQueryDsl::load(self, session.conn)
    }

    /// The only row.
    fn get_result<'q, U>(self, session: &mut Session<'_>) -> QueryResult<U>
    where
        Self: LoadQuery<'q, Connection, U>,
    {
        RunQueryDsl::get_result(self, session.conn)
    }

    /// The first row.
    fn first<'q, U>(self, session: &mut Session<'_>) -> QueryResult<U>
    where
        Self: LimitDsl,
        Limit<Self>: LoadQuery<'q, Connection, U>,
    {
        RunQueryDsl::first(self, session.conn)
    }
}

impl<T: SelectQuery + RunQueryDsl<Connection>> RunSelect for T {}

/// Runs `INSERT`, `UPDATE` and `DELETE` statements.
pub trait RunWrite: RunQueryDsl<Connection> + Sized {
    /// The number of rows.
    fn execute(self, session: &mut WriteSession<'_>) -> QueryResult<usize>
    where
        Self: ExecuteDsl<Connection>,
    {
        RunQueryDsl::execute(self, session.0.conn)
    }

    /// What it returns of its only row.
    fn get_result<'q, U>(self, session: &mut WriteSession<'_>) -> QueryResult<U>
    where
        Self: LoadQuery<'q, Connection, U>,
    {
        RunQueryDsl::get_result(self, session.0.conn)
    }

    /// What it returns of all its rows.
    fn get_results<'q, U>(self, session: &mut WriteSession<'_>) -> QueryResult<Vec<U>>
    where
        Self: LoadQuery<'q, Connection, U>,
    {
        RunQueryDsl::get_results(self, session.0.conn)
    }
}

impl<T: diesel::QuerySource, U, Op, Ret> RunWrite for InsertStatement<T, U, Op, Ret> {}
impl<T: diesel::QuerySource, U, V, Ret> RunWrite for UpdateStatement<T, U, V, Ret> {}
impl<T: diesel::QuerySource, U, Ret> RunWrite for DeleteStatement<T, U, Ret> {}
