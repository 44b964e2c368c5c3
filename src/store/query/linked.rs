//! Fields of a list that are the names of linked rows, such as the contacts of a thing: what a filter on them asks for, and the sort
//! by them.

use diesel::dsl::sql;
use diesel::expression::expression_types::NotSelectable;

use crate::db::prelude::*;
use crate::domain::request::filter::{Filter, FilterError, Operator};
use crate::domain::request::list::Direction;
use crate::store::query::listing::Order;

/// What a filter on linked rows asks for.
pub enum Asked {
    /// At least one linked row, or none.
    Any {
        /// At least one.
        linked: bool,
    },
    /// At least one linked row of which the filter holds, or none.
    Some {
        /// What holds of a row; the operator is no negation.
        filter: Filter,
        /// At least one.
        linked: bool,
    },
}

impl Asked {
    /// What `filter` asks for; `kind` is what the linked rows are called in the refusal of its operator.
    pub fn of(filter: &Filter, kind: &'static str) -> Result<Self, FilterError> {
        let (operator, linked) = match filter.operator {
            Operator::Null => return Ok(Self::Any { linked: false }),
            Operator::Nnull => return Ok(Self::Any { linked: true }),
            Operator::Ncontains => (Operator::Contains, false),
            Operator::Ne => (Operator::Eq, false),
            same @ (Operator::Contains | Operator::Startswith | Operator::Endswith | Operator::Eq) => (same, true),
            other => {
                return Err(FilterError::Virtual {
                    operator: other.name(),
                    kind,
                    supported: "contains, ncontains, eq, ne, startswith, endswith, null, nnull",
                });
            }
        };
        let filter = Filter { field: filter.field.clone(), operator, value: filter.value.clone() };
        Ok(Self::Some { filter, linked })
    }
}

/// By a key that is written as SQL, rows without one last.
pub fn by_key<T: Table + 'static>(key: &str, direction: Direction) -> Vec<Order<T>> {
    let direction = match direction {
        Direction::Ascending => "ASC",
        Direction::Descending => "DESC",
    };
    vec![Box::new(sql::<NotSelectable>(&format!("{key} {direction} NULLS LAST")))]
}
