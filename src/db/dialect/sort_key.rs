//! Sort keys as texts, and back: what a list's cursor holds of a row.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Nullable, Text, Timestamp};

use crate::db::dialect::Backend;
use crate::db::dialect::connection::MultiBackend;
use crate::domain::measure::time::UtcDateTime;

/// How a key becomes a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextOf {
    /// So many characters of a text.
    Text(usize),
    /// A whole number, or true or false.
    Whole,
    /// A day.
    Date,
    /// A point in time.
    Time,
}

/// See [`text_of`].
#[derive(Clone, Copy, Debug)]
pub struct KeyText<E> {
    key: E,
    how: TextOf,
}

/// A key as a text that is exact: what [`moment`] and the readers of filters' values understand.
pub fn text_of<E>(key: E, how: TextOf) -> KeyText<E> {
    KeyText { key, how }
}

impl<E> Expression for KeyText<E> {
    type SqlType = Nullable<Text>;
}

impl<E: AppearsOnTable<QS>, QS> AppearsOnTable<QS> for KeyText<E> {}
impl<E: SelectableExpression<QS>, QS> SelectableExpression<QS> for KeyText<E> {}

impl<E, GB> ValidGrouping<GB> for KeyText<E> {
    type IsAggregate = is_aggregate::No;
}

impl<E> QueryId for KeyText<E> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<E: QueryFragment<Backend>> QueryFragment<Backend> for KeyText<E> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let postgres = matches!(out.backend(), MultiBackend::Postgres(_));
        let (before, after) = match self.how {
            TextOf::Text(characters) => ("substr(", format!(", 1, {characters})")),
            // Not by a cast, whose text depends on settings of the session.
            TextOf::Date if postgres => ("to_char(", ", 'YYYY-MM-DD')".to_owned()),
            TextOf::Time if postgres => ("to_char(", ", 'YYYY-MM-DD HH24:MI:SS.US')".to_owned()),
            TextOf::Whole | TextOf::Date | TextOf::Time => ("CAST(", " AS text)".to_owned()),
        };
        out.push_sql(before);
        self.key.walk_ast(out.reborrow())?;
        out.push_sql(&after);
        Ok(())
    }
}

/// See [`moment`].
#[derive(Clone, Debug)]
pub struct Moment {
    text: String,
    time: UtcDateTime,
}

/// The point in time that [`text_of`] made a text of. SQLite keeps times as texts, of which several may stand for one time
/// (`10:00:00`, `10:00:00.000`) and still are not equal: it must be compared with the very text.
pub fn moment(text: String, time: UtcDateTime) -> Moment {
    Moment { text, time }
}

impl Expression for Moment {
    type SqlType = Nullable<Timestamp>;
}

impl<QS> AppearsOnTable<QS> for Moment {}
impl<QS> SelectableExpression<QS> for Moment {}

impl<GB> ValidGrouping<GB> for Moment {
    type IsAggregate = is_aggregate::Never;
}

impl QueryId for Moment {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for Moment {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        match out.backend() {
            MultiBackend::Postgres(_) => out.push_bind_param::<Timestamp, _>(&self.time),
            MultiBackend::Sqlite(_) => out.push_bind_param::<Text, _>(&self.text),
        }
    }
}
