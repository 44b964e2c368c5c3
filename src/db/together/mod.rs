//! Several queries, one statement: what a read costs in a real deployment is its round trips to the database.
//!
//! A [`Read`] is a value made of Diesel queries: [`rows`] and [`row`] make one of a query, tuples combine them, [`Read::giving`]
//! makes something of what came back, `Option` leaves a part out. On PostgreSQL all of them travel as one statement of tagged
//! records,
//!
//! ```sql
//! SELECT 0, ROW(part.*) FROM (<query>) part UNION ALL SELECT 1, ROW(part.*) FROM (<another>) part ...
//! ```
//!
//! (ids that several parts look for are found once, by [`sharing`]) and each record is decoded by Diesel's own `FromSql<Record<...>, Pg>`. SQLite has no way to the server that could be saved:
//! there each query runs by itself, in the transaction of the reading session. Types and nullability are checked by the
//! compiler as for any query. Rows must be flat: nested tuples and embedded rows do not fit a record.

mod several;
mod shared;
mod statement;

use std::marker::PhantomData;

use diesel::deserialize::{self, FromSql, Queryable};
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::{AsQuery, AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LoadQuery;
use diesel::row::Row;
use diesel::sql_types::{HasSqlType, Integer, Record, SqlType};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, RunQueryDsl, Selectable};

pub use shared::sharing;
pub(super) use statement::{Text, together};

use super::dialect::{Backend, Connection};

/// A record of any type, as the whole statement sees it. SQLite never meets one.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 2249, array_oid = 2287), sqlite_type(name = "Binary"))]
struct AnyRecord;

impl HasSqlType<AnyRecord> for Backend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<AnyRecord>(lookup)
    }
}

/// A record of known types.
struct RecordOf<ST: 'static>(PhantomData<ST>);

/// What [`RecordOf`] is read as.
struct Decoded<T, ST>(T, PhantomData<ST>);

impl<T, ST: 'static> FromSql<RecordOf<ST>, Pg> for Decoded<T, ST>
where
    T: FromSql<Record<ST>, Pg>,
{
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        T::from_sql(value).map(|value| Self(value, PhantomData))
    }
}

impl<T, ST: 'static> FromSql<RecordOf<ST>, Sqlite> for Decoded<T, ST> {
    fn from_sql(_: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Err("SQLite has no records".into())
    }
}

impl<T, ST: 'static> FromSql<RecordOf<ST>, Backend> for Decoded<T, ST>
where
    T: FromSql<Record<ST>, Pg>,
{
    fn from_sql(value: <Backend as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, RecordOf<ST>>()
    }
}

/// One or several queries that are read together.
pub trait Read: Sized {
    /// What they give.
    type Output;
    /// What is collected on the way.
    type Rows: Default;

    /// How many queries these are; each has a number of its own, from `first` on in [`Self::walk`] and from 0 in
    /// [`Self::take`].
    fn queries(&self) -> i32;

    /// Adds what the text depends on besides the type: which parts there are.
    fn shape(&self, shape: &mut Vec<u8>);

    /// Writes what stands before the arms: the ids that several of them look for. `begun` once there is something.
    fn walk_shared<'b>(&'b self, begun: &mut bool, out: AstPass<'_, 'b, Backend>) -> QueryResult<()>;

    /// Writes each query as an arm of the statement.
    fn walk<'b>(&'b self, first: i32, out: AstPass<'_, 'b, Backend>) -> QueryResult<()>;

    /// Takes a row of the query with the number `query`.
    fn take<'r>(&self, rows: &mut Self::Rows, query: i32, row: &impl Row<'r, Backend>) -> deserialize::Result<()>;

    /// Makes the result of all rows.
    fn finish(self, rows: Self::Rows) -> Self::Output;

    /// Runs each query by itself.
    fn alone(self, conn: &mut Connection) -> QueryResult<Self::Output>;

    /// Makes something of the result.
    fn giving<T, F: FnOnce(Self::Output) -> T>(self, change: F) -> Map<Self, F> {
        Map { read: self, change }
    }
}

/// The columns of a row, to be selected: what `as_select` stands for, with their types in the open.
pub fn columns<U: Selectable<Backend>>() -> U::SelectExpression {
    U::construct_selection()
}

/// All rows of a query.
pub fn rows<U, Q: AsQuery>(query: Q) -> Rows<Q::Query, U> {
    Rows { query: query.as_query(), row: PhantomData }
}

/// The first row of a query that has one at most.
pub fn row<U, Q>(query: Q) -> impl Read<Output = Option<U>>
where
    Q: AsQuery,
    Rows<Q::Query, U>: Read<Output = Vec<U>>,
{
    rows::<U, Q>(query).giving(|rows| rows.into_iter().next())
}

/// See [`rows`].
pub struct Rows<Q, U> {
    query: Q,
    row: PhantomData<fn() -> U>,
}

impl<Q, U> Read for Rows<Q, U>
where
    Q: Query + QueryFragment<Backend> + RunQueryDsl<Connection> + for<'q> LoadQuery<'q, Connection, U>,
    U: Queryable<<Q as Query>::SqlType, Backend>,
    U::Row: InRecord<<Q as Query>::SqlType>,
{
    type Output = Vec<U>;
    type Rows = Vec<U>;

    fn queries(&self) -> i32 {
        1
    }

    fn shape(&self, _: &mut Vec<u8>) {}

    fn walk_shared<'b>(&'b self, _: &mut bool, _: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        Ok(())
    }

    fn walk<'b>(&'b self, first: i32, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql(if first == 0 { " SELECT " } else { " UNION ALL SELECT " });
        out.push_sql(&first.to_string());
        out.push_sql(", ROW(part.*) FROM (");
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(") part");
        Ok(())
    }

    fn take<'r>(&self, rows: &mut Self::Rows, _: i32, row: &impl Row<'r, Backend>) -> deserialize::Result<()> {
        rows.push(U::build(U::Row::of_record(row)?)?);
        Ok(())
    }

    fn finish(self, rows: Self::Rows) -> Self::Output {
        rows
    }

    fn alone(self, conn: &mut Connection) -> QueryResult<Self::Output> {
        self.query.load(conn)
    }
}

/// What can be read out of a record: a row of several columns, or of one.
pub trait InRecord<ST>: Sized {
    /// Reads the record in the second column.
    fn of_record<'r>(row: &impl Row<'r, Backend>) -> deserialize::Result<Self>;
}

fn decode<'r, T, ST: 'static>(row: &impl Row<'r, Backend>) -> deserialize::Result<T>
where
    T: FromSql<Record<ST>, Pg>,
{
    row.get_value::<RecordOf<ST>, Decoded<T, ST>, usize>(1).map(|decoded| decoded.0)
}

macro_rules! tuples_in_records {
    () => {};
    ($head:ident $head_type:ident $(, $T:ident $ST:ident)*) => {
        impl<$head, $head_type: 'static, $($T, $ST: 'static),*> InRecord<($head_type, $($ST,)*)> for ($head, $($T,)*)
        where
            Self: FromSql<Record<($head_type, $($ST,)*)>, Pg>,
        {
            fn of_record<'r>(row: &impl Row<'r, Backend>) -> deserialize::Result<Self> {
                decode::<Self, ($head_type, $($ST,)*)>(row)
            }
        }
        tuples_in_records!($($T $ST),*);
    };
}
tuples_in_records!(
    A SA, B SB, C SC, D SD, E SE, F SF, G SG, H SH, I SI, J SJ, K SK, L SL, M SM, N SN, O SO, P SP, Q SQ, R SR, S SS, T ST, U SU,
    V SV, W SW, X SX, Y SY, Z SZ
);

macro_rules! values_in_records {
    ($($sql:ty => $rust:ty;)*) => {$(
        impl InRecord<$sql> for $rust {
            fn of_record<'r>(row: &impl Row<'r, Backend>) -> deserialize::Result<Self> {
                decode::<(Self,), ($sql,)>(row).map(|(value,)| value)
            }
        }
    )*};
}
values_in_records! {
    Integer => i32;
    diesel::sql_types::Nullable<Integer> => Option<i32>;
    diesel::sql_types::BigInt => i64;
    diesel::sql_types::Text => String;
    diesel::sql_types::Nullable<diesel::sql_types::Text> => Option<String>;
    diesel::sql_types::Bool => bool;
    diesel::sql_types::Timestamp => crate::domain::measure::time::UtcDateTime;
}

/// See [`Read::giving`].
pub struct Map<R, F> {
    read: R,
    change: F,
}

impl<R: Read, T, F: FnOnce(R::Output) -> T> Read for Map<R, F> {
    type Output = T;
    type Rows = R::Rows;

    fn queries(&self) -> i32 {
        self.read.queries()
    }

    fn shape(&self, shape: &mut Vec<u8>) {
        self.read.shape(shape);
    }

    fn walk_shared<'b>(&'b self, begun: &mut bool, out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.read.walk_shared(begun, out)
    }

    fn walk<'b>(&'b self, first: i32, out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.read.walk(first, out)
    }

    fn take<'r>(&self, rows: &mut Self::Rows, query: i32, row: &impl Row<'r, Backend>) -> deserialize::Result<()> {
        self.read.take(rows, query, row)
    }

    fn finish(self, rows: Self::Rows) -> Self::Output {
        (self.change)(self.read.finish(rows))
    }

    fn alone(self, conn: &mut Connection) -> QueryResult<Self::Output> {
        self.read.alone(conn).map(self.change)
    }
}

/// A part that may be left out.
impl<R: Read> Read for Option<R> {
    type Output = Option<R::Output>;
    type Rows = R::Rows;

    fn queries(&self) -> i32 {
        self.as_ref().map_or(0, Read::queries)
    }

    fn shape(&self, shape: &mut Vec<u8>) {
        shape.push(u8::from(self.is_some()));
        if let Some(read) = self {
            read.shape(shape);
        }
    }

    fn walk_shared<'b>(&'b self, begun: &mut bool, out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.as_ref().map_or(Ok(()), |read| read.walk_shared(begun, out))
    }

    fn walk<'b>(&'b self, first: i32, out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.as_ref().map_or(Ok(()), |read| read.walk(first, out))
    }

    fn take<'r>(&self, rows: &mut Self::Rows, query: i32, row: &impl Row<'r, Backend>) -> deserialize::Result<()> {
        self.as_ref().map_or(Ok(()), |read| read.take(rows, query, row))
    }

    fn finish(self, rows: Self::Rows) -> Self::Output {
        self.map(|read| read.finish(rows))
    }

    fn alone(self, conn: &mut Connection) -> QueryResult<Self::Output> {
        self.map(|read| read.alone(conn)).transpose()
    }
}
