//! Lists: one definition per resource says which columns can be filtered and sorted by; the rest is written here once.
//!
//! What a list runs is in [`crate::store::query::find`].

use crate::db::prelude::*;
use chrono::NaiveDate;
use diesel::expression::BoxableExpression;
use diesel::sql_types::{Bool, Date, Double, Integer, Nullable, SingleValue, Text, Timestamp};
use serde_json::{Value, json};

use crate::db::functions::fold;
use crate::db::{Backend, NotKept, in_list, rounded};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Sight;
use crate::domain::request::fields::parse_integer;
use crate::domain::request::filter::{Filter, FilterError, Operator, like_pattern};
use crate::domain::request::list::{Direction, ListRequest, Sort};
use crate::domain::request::problem::Problem;

use crate::store::StoreError;
use crate::store::query::visibility::{Rule, Visible, visible};

/// An expression over table `T`.
pub type Expr<T, ST> = Box<dyn BoxableExpression<T, Backend, SqlType = ST>>;
/// A condition over table `T`; null counts as false.
pub type Condition<T> = Expr<T, Nullable<Bool>>;
/// A sort key over table `T`.
pub type Order<T> = Expr<T, diesel::expression::expression_types::NotSelectable>;

/// Makes a column's expression; conditions and orders each need their own.
pub type Make<T, ST> = fn() -> Expr<T, Nullable<ST>>;

/// A column that a list can be filtered and sorted by.
pub struct Column<T> {
    name: &'static str,
    pub(in crate::store::query) kind: Kind<T>,
    nullable: bool,
    /// A coordinate, which some readers are shown rounded.
    pub(in crate::store::query) degrees: bool,
}

/// How a column is compared and sorted.
pub enum Kind<T> {
    Text(Make<T, Text>),
    Integer(Make<T, Integer>),
    Float(Make<T, Double>),
    Bool(Make<T, Bool>),
    Date(Make<T, Date>),
    Time(Make<T, Timestamp>),
    Virtual { filter: Option<VirtualFilter<T>>, sort: Option<VirtualSort<T>> },
}

/// A field that is no column, such as the names of linked rows.
pub type VirtualFilter<T> = fn(Sight, &Filter) -> Result<Condition<T>, FilterError>;
/// A sort key that is no column. Rows without a key come last in both directions.
pub type VirtualSort<T> = fn(Sight, Direction) -> Vec<Order<T>>;

/// How the columns of an SQL type are compared and sorted; null or not.
pub trait ColumnType<T, C> {
    /// The kind of the column `C`.
    const KIND: Kind<T>;
    /// Whether it may be null.
    const NULLABLE: bool;
}

macro_rules! column_types {
    ($($sql:ty => $kind:ident;)*) => {
        $(
            impl<T, C> ColumnType<T, C> for $sql
            where
                C: diesel::Column<SqlType = $sql> + Default + NullableExpressionMethods + 'static,
                diesel::dsl::Nullable<C>: BoxableExpression<T, Backend, SqlType = Nullable<$sql>>,
            {
                const KIND: Kind<T> = Kind::$kind(|| Box::new(C::default().nullable()));
                const NULLABLE: bool = false;
            }

            impl<T, C> ColumnType<T, C> for Nullable<$sql>
            where
                C: diesel::Column<SqlType = Nullable<$sql>>
                    + BoxableExpression<T, Backend, SqlType = Nullable<$sql>> + Default + 'static,
            {
                const KIND: Kind<T> = Kind::$kind(|| Box::new(C::default()));
                const NULLABLE: bool = true;
            }
        )*
    };
}

column_types! {
    Text => Text;
    Integer => Integer;
    Double => Float;
    Bool => Bool;
    Date => Date;
    Timestamp => Time;
}

impl<T> Column<T> {
    /// A nullable expression under a name of its own.
    pub const fn text(name: &'static str, make: Make<T, Text>) -> Self {
        Self { name, kind: Kind::Text(make), nullable: true, degrees: false }
    }

    /// A column of the table, with the name and the type that the schema gives it.
    pub const fn of<C>(_: C) -> Self
    where
        C: diesel::Column<Table = T> + Copy,
        C::SqlType: ColumnType<T, C>,
    {
        Self {
            name: C::NAME,
            kind: <C::SqlType as ColumnType<T, C>>::KIND,
            nullable: <C::SqlType as ColumnType<T, C>>::NULLABLE,
            degrees: false,
        }
    }

    /// The same column, as a coordinate: compared and sorted by as it is shown, which is rounded for some.
    pub const fn degrees(mut self) -> Self {
        self.degrees = true;
        self
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// True for texts, which are sorted without regard to case.
    pub fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text(_))
    }

    /// Whether it may be null.
    pub fn is_nullable(&self) -> bool {
        self.nullable
    }

    /// A virtual field, for filters, sorting or both.
    pub const fn computed(name: &'static str, filter: Option<VirtualFilter<T>>, sort: Option<VirtualSort<T>>) -> Self {
        Self { name, kind: Kind::Virtual { filter, sort }, nullable: true, degrees: false }
    }
}

/// What a resource's lists can do, and who sees which of its rows.
pub struct Listing<T: 'static> {
    /// The resource's name in messages.
    pub model: &'static str,
    /// Who sees which rows.
    pub rule: &'static Rule,
    /// The columns.
    pub columns: &'static [Column<T>],
}

/// The conditions and the order of one list request.
pub struct Plan<'a, T: 'static> {
    listing: &'static Listing<T>,
    request: &'a ListRequest,
    sort: Option<Sort>,
    pub(in crate::store::query) sight: Sight,
}

impl<T: Table + 'static> Listing<T> {
    /// What somebody asks of this list, which without a sort is by `default`. The columns are looked up when the conditions and orders
    /// are made.
    pub fn plan<'a>(&'static self, sight: Sight, request: &'a ListRequest, default: Option<Sort>) -> Plan<'a, T> {
        Plan { listing: self, request, sort: request.sort.clone().or(default), sight }
    }

    /// The column that somebody may filter and sort by under this name.
    pub fn column(&self, sight: Sight, name: &str) -> Option<&'static Column<T>> {
        self.columns.iter().find(|column| column.name == name && !self.rule.hides(sight, name))
    }

    /// The expression of a text column.
    pub fn text(&self, sight: Sight, name: &str) -> Option<Make<T, Text>> {
        match self.column(sight, name)?.kind {
            Kind::Text(make) => Some(make),
            _ => None,
        }
    }

    /// The condition that one filter states.
    pub fn condition(&'static self, sight: Sight, filter: &Filter) -> Result<Condition<T>, FilterError> {
        let unknown = || FilterError::Field { field: filter.field.clone(), model: self.model };
        let column = self.column(sight, &filter.field).ok_or_else(unknown)?;
        match &column.kind {
            Kind::Text(make) => text_condition(*make, filter),
            Kind::Integer(make) => compare(*make, filter, read_integer),
            Kind::Float(make) if column.degrees => compare(shown(*make, sight), filter, read_float),
            Kind::Float(make) => compare(*make, filter, read_float),
            Kind::Bool(make) => compare(*make, filter, read_bool),
            Kind::Date(make) => compare(*make, filter, read_date),
            Kind::Time(make) => compare(*make, filter, read_time),
            Kind::Virtual { filter: Some(make), .. } => make(sight, filter),
            Kind::Virtual { filter: None, .. } => Err(unknown()),
        }
    }
}

impl<T: Table + 'static> Plan<'_, T> {
    /// The conditions of all filters.
    pub fn conditions(&self) -> Result<Vec<Condition<T>>, StoreError> {
        let condition = |filter| Ok(self.listing.condition(self.sight, filter)?);
        let mut conditions: Vec<Condition<T>> =
            self.request.filters.iter().map(condition).collect::<Result<_, StoreError>>()?;
        if !conditions.is_empty() {
            conditions.push(Box::new(NotKept));
        }
        Ok(conditions)
    }

    /// The column that the list is sorted by; `None` when it is by id.
    pub fn sorted_by(&self) -> Result<Option<&'static Column<T>>, StoreError> {
        let Some(sort) = &self.sort else { return Ok(None) };
        let sortable = |column: &&Column<T>| !matches!(column.kind, Kind::Virtual { sort: None, .. });
        let column = self.listing.column(self.sight, &sort.column).filter(sortable);
        column.map(Some).ok_or_else(|| {
            let message = format!("Unknown sort column '{}' for {}", sort.column, self.listing.model);
            StoreError::invalid(Problem::query_value("sort", message, json!(sort.column)))
        })
    }

    /// The sort keys; empty when the list is by id.
    pub fn orders(&self) -> Result<Vec<Order<T>>, StoreError> {
        let Some(column) = self.sorted_by()? else { return Ok(Vec::new()) };
        let direction = self.direction();
        let mut keys = match &column.kind {
            Kind::Text(make) => sort_keys!(direction, make(), fold(make())),
            Kind::Integer(make) => sort_keys!(direction, make(), make()),
            Kind::Float(make) if column.degrees => {
                let shown = shown(*make, self.sight);
                sort_keys!(direction, shown(), shown())
            }
            Kind::Float(make) => sort_keys!(direction, make(), make()),
            Kind::Bool(make) => sort_keys!(direction, make(), make()),
            Kind::Date(make) => sort_keys!(direction, make(), make()),
            Kind::Time(make) => sort_keys!(direction, make(), make()),
            Kind::Virtual { sort, .. } => sort.map(|make| make(self.sight, direction)).unwrap_or_default(),
        };
        if !column.nullable {
            keys.remove(0);
        }
        Ok(keys)
    }

    /// The direction of the sort and of the tie-breaking id: ascending without one.
    pub fn direction(&self) -> Direction {
        self.sort.as_ref().map_or(Direction::Ascending, |sort| sort.direction)
    }

    /// True when the last row by id comes first.
    pub fn descending(&self) -> bool {
        self.direction() == Direction::Descending
    }

    /// True when there is a sort.
    pub fn is_sorted(&self) -> bool {
        self.sort.is_some()
    }

    /// The rows that may be seen at all.
    pub fn visible(&self) -> Visible {
        visible(self.sight, self.listing.rule)
    }
}

/// Null last in both directions, then the key itself: the databases disagree about nulls when left alone.
macro_rules! sort_keys {
    ($direction:expr, $probe:expr, $key:expr) => {{
        let nulls: $crate::store::query::listing::Order<_> = Box::new($probe.is_null().asc());
        let key: $crate::store::query::listing::Order<_> = match $direction {
            $crate::domain::request::list::Direction::Ascending => Box::new($key.asc()),
            $crate::domain::request::list::Direction::Descending => Box::new($key.desc()),
        };
        vec![nulls, key]
    }};
}
pub(crate) use sort_keys;

/// A coordinate as somebody is shown it.
pub(in crate::store::query) fn shown<T: 'static>(
    make: Make<T, Double>,
    sight: Sight,
) -> impl Fn() -> Expr<T, Nullable<Double>> {
    move || Box::new(rounded(make(), sight.decimals()))
}

fn text_condition<T>(make: Make<T, Text>, filter: &Filter) -> Result<Condition<T>, FilterError>
where
    T: Table + 'static,
{
    if !filter.operator.is_textual() {
        return compare(make, filter, read_text);
    }
    let pattern = like_pattern(filter.operator, &read_text(&filter.value).ok_or_else(|| bad_value(filter))?);
    Ok(if filter.operator == Operator::Ncontains {
        Box::new(fold(make()).not_like(fold(pattern)).escape('\\'))
    } else {
        Box::new(fold(make()).like(fold(pattern)).escape('\\'))
    })
}

fn bad_value(filter: &Filter) -> FilterError {
    FilterError::Value(filter.field.clone())
}

/// The comparisons that every type of column has.
fn compare<T, ST, V>(
    make: impl Fn() -> Expr<T, Nullable<ST>>,
    filter: &Filter,
    read: fn(&Value) -> Option<V>,
) -> Result<Condition<T>, FilterError>
where
    T: Table + 'static,
    ST: SingleValue + diesel::query_builder::QueryId + 'static,
    ST: diesel::sql_types::SqlType<IsNull = diesel::sql_types::is_nullable::NotNull>,
    Nullable<ST>: SingleValue + diesel::sql_types::SqlType<IsNull = diesel::sql_types::is_nullable::IsNullable>,
    V: diesel::expression::AsExpression<Nullable<ST>> + 'static,
    Comparisons<T, ST, V>: Compare<T, ST, V>,
{
    if filter.operator.is_textual() {
        return Err(FilterError::NotText { operator: filter.operator.name(), field: filter.field.clone() });
    }
    let value = || read(&filter.value).ok_or_else(|| bad_value(filter));
    Ok(match filter.operator {
        Operator::Null => Comparisons::<T, ST, V>::null(make()),
        Operator::Nnull => Comparisons::<T, ST, V>::not_null(make()),
        Operator::In => {
            let Value::Array(items) = &filter.value else {
                return Err(FilterError::NotArray);
            };
            let values: Option<Vec<V>> = items.iter().map(read).collect();
            Comparisons::<T, ST, V>::one_of(make(), &values.ok_or_else(|| bad_value(filter))?)
        }
        operator => Comparisons::<T, ST, V>::binary(make(), operator, value()?),
    })
}

/// The comparisons of one SQL type with one Rust type, spelled out per pair below: Diesel's bounds for a generic function
/// would be longer than the five lines of use.
pub struct Comparisons<T, ST, V>(std::marker::PhantomData<(T, ST, V)>);

/// See [`Comparisons`].
pub trait Compare<T, ST, V> {
    /// `IS NULL`
    fn null(column: Expr<T, Nullable<ST>>) -> Condition<T>;
    /// `IS NOT NULL`
    fn not_null(column: Expr<T, Nullable<ST>>) -> Condition<T>;
    /// `IN (...)`
    fn one_of(column: Expr<T, Nullable<ST>>, values: &[V]) -> Condition<T>;
    /// `=`, `<>`, `<`, ...
    fn binary(column: Expr<T, Nullable<ST>>, operator: Operator, value: V) -> Condition<T>;
}

macro_rules! comparisons {
    ($($sql:ty => $rust:ty, $postgres:literal, $stored:expr;)*) => {$(
        impl<T: Table + 'static> Compare<T, $sql, $rust> for Comparisons<T, $sql, $rust> {
            fn null(column: Expr<T, Nullable<$sql>>) -> Condition<T> {
                Box::new(column.is_null().nullable())
            }
            fn not_null(column: Expr<T, Nullable<$sql>>) -> Condition<T> {
                Box::new(column.is_not_null().nullable())
            }
            fn one_of(column: Expr<T, Nullable<$sql>>, values: &[$rust]) -> Condition<T> {
                let stored: Vec<Value> = values.iter().map($stored).collect();
                Box::new(in_list(column, &stored, $postgres))
            }
            fn binary(column: Expr<T, Nullable<$sql>>, operator: Operator, value: $rust) -> Condition<T> {
                match operator {
                    Operator::Ne => Box::new(column.ne(value)),
                    Operator::Gt => Box::new(column.gt(value)),
                    Operator::Gte => Box::new(column.ge(value)),
                    Operator::Lt => Box::new(column.lt(value)),
                    Operator::Lte => Box::new(column.le(value)),
                    // The textual and the unary ones were taken by the caller.
                    _ => Box::new(column.eq(value)),
                }
            }
        }
    )*};
}

// The last column is a value in the form in which SQLite keeps it.
comparisons! {
    Text => String, "text", |text| json!(text);
    Integer => i32, "int4", |number| json!(number);
    Double => f64, "float8", |number| json!(number);
    Bool => bool, "bool", |flag| json!(flag);
    Date => NaiveDate, "date", |date| json!(date.to_string());
    Timestamp => UtcDateTime, "timestamptz", |time| json!(time.naive().format("%F %T%.f").to_string());
}

fn read_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn read_integer(value: &Value) -> Option<i32> {
    let number = match value {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => parse_integer(text).ok()?,
        _ => return None,
    };
    // Beyond 32 bits no row can be equal; the comparison still has to come out right.
    Some(i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX }))
}

fn read_float(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

fn read_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

fn read_date(value: &Value) -> Option<NaiveDate> {
    read_time(value).map(UtcDateTime::date)
}

fn read_time(value: &Value) -> Option<UtcDateTime> {
    UtcDateTime::parse_lenient(value.as_str()?).ok()
}
