//! The `query` grammar of `GET /location`, on the columns of a [`Listing`].

use serde_json::{Value as Json, json};

use crate::db::functions::fold;
use crate::db::prelude::*;
use crate::domain::location::query::{Comparison, LocationQuery, Operator, Value};
use crate::domain::principal::Sight;
use crate::domain::request::filter::{Filter, Operator as FilterOperator};
use crate::domain::request::problem::Problem;
use crate::store::StoreError;
use crate::store::query::listing::{Condition, Listing};

/// The condition that a query states about a table's columns.
pub fn condition<T>(
    listing: &'static Listing<T>,
    sight: Sight,
    asked: &LocationQuery,
) -> Result<Condition<T>, StoreError>
where
    T: Table + 'static,
{
    let field = || asked.relation.iter().chain(Some(&asked.field)).cloned().collect::<Vec<_>>().join(".");
    let one = |operator, value: &Value| {
        let filter = Filter { field: asked.field.clone(), operator, value: to_json(value) };
        listing.condition(sight, &filter).map_err(|refused| problem(&refused.to_string()))
    };
    match &asked.comparison {
        Comparison::Between(from, to) => {
            let (from, to) = (one(FilterOperator::Gte, from)?, one(FilterOperator::Lte, to)?);
            Ok(Box::new(from.and(to)))
        }
        Comparison::Compare(Operator::Like, Value::Text(pattern)) => {
            let column = listing.text(sight, &asked.field).ok_or_else(|| unknown(&field(), listing.model))?;
            Ok(Box::new(fold(column()).like(fold(pattern.clone())).escape('\\')))
        }
        Comparison::Compare(operator, value) => one(same(*operator), value),
    }
}

fn same(operator: Operator) -> FilterOperator {
    match operator {
        Operator::Ne => FilterOperator::Ne,
        Operator::Gt => FilterOperator::Gt,
        Operator::Lt => FilterOperator::Lt,
        Operator::Ge => FilterOperator::Gte,
        Operator::Le => FilterOperator::Lte,
        Operator::Eq | Operator::Like => FilterOperator::Eq,
    }
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            #[expect(clippy::cast_possible_truncation, reason = "whole and far below 2^53")]
            let whole = *number as i64;
            json!(whole)
        }
        Value::Number(number) => json!(number),
        Value::Bool(flag) => json!(flag),
    }
}

/// 422 for a field that the grammar cannot reach.
pub fn unknown(field: &str, model: &str) -> StoreError {
    problem(&format!("Unknown query field '{field}' for {model}"))
}

fn problem(message: &str) -> StoreError {
    StoreError::invalid(Problem::query_value("query", message, Json::Null))
}
