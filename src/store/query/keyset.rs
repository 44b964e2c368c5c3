//! Going on behind a row: pages whose cost does not grow with their depth.
//!
//! A row's position is its sort key and its id, in the order of the list: rows without a key last in both directions, ties by id in
//! the direction of the sort. Keys that are no columns (virtual fields, similarity) are not kept: lists by them have numbered pages.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Date, Double, Integer, Nullable, Text};
use diesel::{ExpressionMethods as _, IntoSql as _, NullableExpressionMethods as _, Table};
use serde_json::Value;

use crate::db::functions::fold;
use crate::db::prelude::BoolExpressionMethods as _;
use crate::db::{Backend, TextOf, moment, raw, text_of};
use crate::domain::measure::time::{UtcDateTime, parse_date};
use crate::domain::principal::Sight;
use crate::domain::request::cursor::{Key, NotOfThisList, Position};
use crate::domain::request::list::{Direction, ListRequest};
use crate::domain::request::paging::{Found, Next, Total};
use crate::domain::request::problem::Problem;
use crate::store::StoreError;
use crate::store::query::listing::{Column, Condition, Expr, Kind, Plan, shown};

/// What the rows of a list are continued by.
pub enum Keyset<T: 'static> {
    /// The id alone.
    Id,
    /// A column, then the id.
    Column(&'static Column<T>),
    /// Nothing: the key is no column.
    Nothing,
}

impl<T> Clone for Keyset<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Keyset<T> {}

/// In place of a key that is no text.
pub const NO_TEXT: &str = "CAST(NULL AS text)";
/// In place of a key that is no number.
pub const NO_NUMBER: &str = "CAST(NULL AS double precision)";
/// Of a text, no more than tells whether it is too long for a cursor.
const BEGINNING: TextOf = TextOf::Text(Key::MOST_BYTES + 1);

/// A row of a page: its id, and its key as a text or as a number.
pub type Hit = (i32, Option<String>, Option<f64>);

impl<T> Keyset<T> {
    /// The text that is to be looked up before a list can go on behind this row, because no cursor has room for it.
    pub fn text_to_look_up(self, after: &Position) -> Option<Expr<T, Nullable<Text>>> {
        match (self, &after.key) {
            (Keyset::Column(Column { kind: Kind::Text(make), .. }), Key::Beginning(_)) => Some(make()),
            _ => None,
        }
    }

    /// What was found of a page. `hits` may be one more than fit, which tells that something follows.
    pub fn found(self, request: &ListRequest, mut hits: Vec<Hit>, total: Total) -> Found {
        let size = usize::try_from(request.page.size).unwrap_or(usize::MAX);
        let more = hits.len() > size;
        hits.truncate(size);
        let last = if more { hits.last_mut() } else { None };
        let next = last.map_or(Next::Nothing, |(id, text, number)| match self {
            Self::Id => Next::After(Position { key: Key::Id, id: *id }),
            Self::Column(_) => Next::After(Position { key: Key::of(text.take(), *number), id: *id }),
            Self::Nothing => Next::Page,
        });
        Found { ids: hits.into_iter().map(|(id, ..)| id).collect(), total, next }
    }

    /// True when a row's position is more than its id.
    pub fn has_key(self) -> bool {
        matches!(self, Self::Column(_))
    }

    /// How the key becomes a text; `None` when it stays a number, or there is none.
    pub fn text_of_key(self) -> Option<TextOf> {
        let Self::Column(column) = self else { return None };
        match &column.kind {
            Kind::Text(_) => Some(BEGINNING),
            Kind::Integer(_) | Kind::Bool(_) => Some(TextOf::Whole),
            Kind::Date(_) => Some(TextOf::Date),
            Kind::Time(_) => Some(TextOf::Time),
            Kind::Float(_) | Kind::Virtual { .. } => None,
        }
    }
}

impl<T: Table + 'static> Plan<'_, T> {
    /// What the rows are continued by, where the list is sorted by a column or by id.
    pub fn keyset(&self) -> Result<Keyset<T>, StoreError> {
        Ok(match self.sorted_by()? {
            None => Keyset::Id,
            Some(column) if column.name() == "id" => Keyset::Id,
            Some(column) if matches!(column.kind, Kind::Virtual { .. }) => Keyset::Nothing,
            Some(column) => Keyset::Column(column),
        })
    }

    /// The key of a row: a text, and a number. One of the two is null, or both.
    pub fn key(&self, keyset: Keyset<T>) -> (Expr<T, Nullable<Text>>, Expr<T, Nullable<Double>>) {
        let mut text: Expr<T, Nullable<Text>> = Box::new(raw(NO_TEXT));
        let mut number: Expr<T, Nullable<Double>> = Box::new(raw(NO_NUMBER));
        if let Keyset::Column(column) = keyset {
            match &column.kind {
                Kind::Text(make) => text = Box::new(text_of(make(), BEGINNING)),
                Kind::Integer(make) => text = Box::new(text_of(make(), TextOf::Whole)),
                Kind::Bool(make) => text = Box::new(text_of(make(), TextOf::Whole)),
                Kind::Date(make) => text = Box::new(text_of(make(), TextOf::Date)),
                Kind::Time(make) => text = Box::new(text_of(make(), TextOf::Time)),
                Kind::Float(make) if column.degrees => number = shown(*make, self.sight)(),
                Kind::Float(make) => number = make(),
                Kind::Virtual { .. } => {}
            }
        }
        (text, number)
    }

    /// The rows behind a row. `whole` is the text that was looked up.
    pub fn behind(
        &self,
        keyset: Keyset<T>,
        after: &Position,
        whole: Option<String>,
        id: Expr<T, Integer>,
    ) -> Result<Condition<T>, StoreError> {
        let condition = match (keyset, &after.key) {
            (Keyset::Id, Key::Id) => Some(self.by_id(id, after.id)),
            (Keyset::Column(column), Key::Null) => {
                column.is_null(self.sight).map(|null| -> Condition<T> { Box::new(null.and(self.by_id(id, after.id))) })
            }
            (Keyset::Column(column), Key::Value(text)) => self.by_column(column, text, after.id, id),
            (Keyset::Column(column), Key::Beginning(beginning)) => match whole {
                Some(whole) if whole.starts_with(beginning) => self.by_column(column, &whole, after.id, id),
                _ => {
                    return Err(refused(
                        "The row that this cursor stands behind has changed; begin again without 'after'",
                    ));
                }
            },
            _ => None,
        };
        condition.ok_or_else(|| refused(&NotOfThisList.to_string()))
    }

    fn by_id(&self, id: Expr<T, Integer>, last: i32) -> Condition<T> {
        if self.descending() { Box::new(id.lt(last).nullable()) } else { Box::new(id.gt(last).nullable()) }
    }

    fn by_column(&self, column: &Column<T>, text: &str, last: i32, id: Expr<T, Integer>) -> Option<Condition<T>> {
        let (direction, nullable) = (self.direction(), column.is_nullable());
        macro_rules! behind {
            ($key:expr, $value:expr) => {
                Box::new(Behind { key: $key, value: $value, id, last, direction, nullable })
            };
        }
        Some(match &column.kind {
            Kind::Text(make) => behind!(fold(make()), fold(text.to_owned().into_sql::<Nullable<Text>>())),
            Kind::Integer(make) => behind!(make(), text.parse::<i32>().ok()?.into_sql::<Integer>()),
            Kind::Float(make) => {
                let number = text.parse::<f64>().ok().filter(|number| number.is_finite())?.into_sql::<Double>();
                if column.degrees { behind!(shown(*make, self.sight)(), number) } else { behind!(make(), number) }
            }
            Kind::Bool(make) => behind!(make(), matches!(text, "true" | "1").into_sql::<Bool>()),
            Kind::Date(make) => behind!(make(), parse_date(text)?.into_sql::<Date>()),
            Kind::Time(make) => {
                behind!(make(), moment(text.to_owned(), UtcDateTime::parse_lenient(text).ok()?))
            }
            Kind::Virtual { .. } => return None,
        })
    }
}

impl<T: Table + 'static> Column<T> {
    /// True for rows without a value; `None` for what is no column.
    fn is_null(&self, sight: Sight) -> Option<Condition<T>> {
        Some(match &self.kind {
            Kind::Text(make) => Box::new(make().is_null().nullable()),
            Kind::Integer(make) => Box::new(make().is_null().nullable()),
            Kind::Float(make) if self.degrees => Box::new(shown(*make, sight)().is_null().nullable()),
            Kind::Float(make) => Box::new(make().is_null().nullable()),
            Kind::Bool(make) => Box::new(make().is_null().nullable()),
            Kind::Date(make) => Box::new(make().is_null().nullable()),
            Kind::Time(make) => Box::new(make().is_null().nullable()),
            Kind::Virtual { .. } => return None,
        })
    }
}

fn refused(message: &str) -> StoreError {
    StoreError::invalid(Problem::query_value("after", message, Value::Null))
}

/// See [`Plan::behind`]. A comparison of rows, which an index on the key (and the id) answers; where the key may be null, the rows
/// without one come after all others.
struct Behind<K, V, I> {
    key: K,
    value: V,
    id: I,
    last: i32,
    direction: Direction,
    nullable: bool,
}

impl<K, V, I> Expression for Behind<K, V, I> {
    type SqlType = Nullable<Bool>;
}

impl<K: AppearsOnTable<QS>, V, I, QS> AppearsOnTable<QS> for Behind<K, V, I> {}
impl<K: SelectableExpression<QS>, V, I, QS> SelectableExpression<QS> for Behind<K, V, I> {}

impl<K, V, I, GB> ValidGrouping<GB> for Behind<K, V, I> {
    type IsAggregate = is_aggregate::No;
}

impl<K, V, I> QueryId for Behind<K, V, I> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<K, V, I> QueryFragment<Backend> for Behind<K, V, I>
where
    K: QueryFragment<Backend>,
    V: QueryFragment<Backend>,
    I: QueryFragment<Backend>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let (at, behind) = match self.direction {
            Direction::Ascending => (" >= ", ") > ("),
            Direction::Descending => (" <= ", ") < ("),
        };
        out.push_sql("(");
        if !self.nullable {
            // Says nothing new. SQLite finds the key in an index on an expression by this, and not by the rows.
            self.key.walk_ast(out.reborrow())?;
            out.push_sql(at);
            self.value.walk_ast(out.reborrow())?;
            out.push_sql(" AND ");
        }
        out.push_sql("(");
        self.key.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.id.walk_ast(out.reborrow())?;
        out.push_sql(behind);
        self.value.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        out.push_bind_param::<Integer, _>(&self.last)?;
        out.push_sql(")");
        if self.nullable {
            out.push_sql(" OR ");
            self.key.walk_ast(out.reborrow())?;
            out.push_sql(" IS NULL");
        }
        out.push_sql(")");
        Ok(())
    }
}
