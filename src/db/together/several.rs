//! Reads of several parts: none, as many as there are, tuples.

use diesel::QueryResult;
use diesel::deserialize;
use diesel::query_builder::AstPass;
use diesel::row::Row;

use super::Read;
use crate::db::dialect::{Backend, Connection};

/// Nothing to be read.
impl Read for () {
    type Output = ();
    type Rows = ();

    fn queries(&self) -> i32 {
        0
    }

    fn shape(&self, _: &mut Vec<u8>) {}

    fn walk_shared<'b>(&'b self, _: &mut bool, _: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        Ok(())
    }

    fn walk<'b>(&'b self, _: i32, _: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        Ok(())
    }

    fn take<'r>(&self, (): &mut Self::Rows, query: i32, _: &impl Row<'r, Backend>) -> deserialize::Result<()> {
        Err(format!("a row of query {query} beyond the last").into())
    }

    fn finish(self, (): Self::Rows) -> Self::Output {}

    fn alone(self, _: &mut Connection) -> QueryResult<Self::Output> {
        Ok(())
    }
}

/// As many parts as there are.
impl<R: Read> Read for Vec<R> {
    type Output = Vec<R::Output>;
    type Rows = Vec<R::Rows>;

    fn queries(&self) -> i32 {
        self.iter().map(Read::queries).sum()
    }

    fn shape(&self, shape: &mut Vec<u8>) {
        shape.extend(self.len().to_le_bytes());
        for part in self {
            part.shape(shape);
        }
    }

    fn walk_shared<'b>(&'b self, begun: &mut bool, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.iter().try_for_each(|part| part.walk_shared(begun, out.reborrow()))
    }

    fn walk<'b>(&'b self, first: i32, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let mut next = first;
        for part in self {
            part.walk(next, out.reborrow())?;
            next += part.queries();
        }
        Ok(())
    }

    fn take<'r>(&self, rows: &mut Self::Rows, query: i32, row: &impl Row<'r, Backend>) -> deserialize::Result<()> {
        rows.resize_with(self.len(), Default::default);
        let mut left = query;
        for (part, rows) in self.iter().zip(rows) {
            let own = part.queries();
            if left < own {
                return part.take(rows, left, row);
            }
            left -= own;
        }
        Err(format!("a row of query {left} beyond the last").into())
    }

    fn finish(self, mut rows: Self::Rows) -> Self::Output {
        rows.resize_with(self.len(), Default::default);
        self.into_iter().zip(rows).map(|(part, rows)| part.finish(rows)).collect()
    }

    fn alone(self, conn: &mut Connection) -> QueryResult<Self::Output> {
        self.into_iter().map(|part| part.alone(conn)).collect()
    }
}

macro_rules! tuples {
    ($($($part:ident $index:tt),+;)+) => {$(
        impl<$($part: Read),+> Read for ($($part,)+) {
            type Output = ($($part::Output,)+);
            type Rows = ($($part::Rows,)+);

            fn queries(&self) -> i32 {
                0 $(+ self.$index.queries())+
            }

            fn shape(&self, shape: &mut Vec<u8>) {
                $(self.$index.shape(shape);)+
            }

            fn walk_shared<'b>(&'b self, begun: &mut bool, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
                $(self.$index.walk_shared(begun, out.reborrow())?;)+
                Ok(())
            }

            fn walk<'b>(&'b self, first: i32, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
                let mut next = first;
                $(
                    self.$index.walk(next, out.reborrow())?;
                    next += self.$index.queries();
                )+
                let _all = next;
                Ok(())
            }

            fn take<'r>(&self, rows: &mut Self::Rows, query: i32, row: &impl Row<'r, Backend>) -> deserialize::Result<()> {
                let mut left = query;
                $(
                    let own = self.$index.queries();
                    if left < own {
                        return self.$index.take(&mut rows.$index, left, row);
                    }
                    left -= own;
                )+
                Err(format!("a row of query {left} beyond the last").into())
            }

            fn finish(self, rows: Self::Rows) -> Self::Output {
                ($(self.$index.finish(rows.$index),)+)
            }

            fn alone(self, conn: &mut Connection) -> QueryResult<Self::Output> {
                Ok(($(self.$index.alone(conn)?,)+))
            }
        }
    )+};
}
tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9;
}
