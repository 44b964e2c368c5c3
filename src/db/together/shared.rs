//! Ids that several parts of a read look for, found once.

use diesel::QueryResult;
use diesel::deserialize;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::row::Row;

use super::Read;
use crate::db::dialect::{Backend, Connection, SharedIds};

/// Reads what is about the ids that a query selects. On PostgreSQL the query runs once, before the parts that look for its ids:
/// a common table expression called `name`, which no other one of the statement may be called.
pub fn sharing<Q, R>(name: &'static str, query: Q, read: impl FnOnce(SharedIds<Q>) -> R) -> Sharing<Q, R>
where
    Q: QueryFragment<Backend> + Clone,
    R: Read,
{
    let read = read(SharedIds::new(name, query.clone()));
    Sharing { name, query, read }
}

/// See [`sharing`].
pub struct Sharing<Q, R> {
    name: &'static str,
    query: Q,
    read: R,
}

impl<Q: QueryFragment<Backend>, R: Read> Read for Sharing<Q, R> {
    type Output = R::Output;
    type Rows = R::Rows;

    fn queries(&self) -> i32 {
        self.read.queries()
    }

    fn shape(&self, shape: &mut Vec<u8>) {
        self.read.shape(shape);
    }

    fn walk_shared<'b>(&'b self, begun: &mut bool, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql(if *begun { ", " } else { "WITH " });
        *begun = true;
        out.push_identifier(self.name)?;
        out.push_sql("(id) AS MATERIALIZED (");
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(")");
        self.read.walk_shared(begun, out)
    }

    fn walk<'b>(&'b self, first: i32, out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.read.walk(first, out)
    }

    fn take<'r>(&self, rows: &mut Self::Rows, query: i32, row: &impl Row<'r, Backend>) -> deserialize::Result<()> {
        self.read.take(rows, query, row)
    }

    fn finish(self, rows: Self::Rows) -> Self::Output {
        self.read.finish(rows)
    }

    fn alone(self, conn: &mut Connection) -> QueryResult<Self::Output> {
        self.read.alone(conn)
    }
}
