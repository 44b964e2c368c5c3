//! The `filter` parameter: `{"field": ..., "operator": ..., "value": ...}` as JSON.

use serde_json::Value;

/// The most filters of a request.
pub const MOST_FILTERS: usize = 20;
/// The most values of one `in`.
pub const MOST_VALUES: usize = 5000;
/// The most characters of a text to compare with.
pub const MOST_TEXT: usize = 1000;

/// One condition. Several of them must all hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// The column or virtual field.
    pub field: String,
    /// The comparison.
    pub operator: Operator,
    /// What to compare with; ignored by `null` and `nnull`.
    pub value: Value,
}

/// The thirteen comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Has the text somewhere, whatever its case.
    Contains,
    /// Does not have it.
    Ncontains,
    /// Begins with the text, whatever its case.
    Startswith,
    /// Ends with the text, whatever its case.
    Endswith,
    /// Is equal.
    Eq,
    /// Is not equal.
    Ne,
    /// Is greater.
    Gt,
    /// Is greater or equal.
    Gte,
    /// Is less.
    Lt,
    /// Is less or equal.
    Lte,
    /// Has no value.
    Null,
    /// Has a value.
    Nnull,
    /// Is one of a list.
    In,
}

/// Why a filter cannot be used; the `Display` text is what the client reads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// 400
    #[error("Invalid JSON in filter")]
    Json,
    /// 422: the missing keys in alphabetical order.
    #[error("Missing required filter keys: {0}")]
    MissingKeys(String),
    /// 400
    #[error("Unsupported filter operator '{0}'")]
    Operator(String),
    /// 400
    #[error("Unknown filter field '{field}' for {model}")]
    Field {
        /// The field asked for.
        field: String,
        /// The resource's name.
        model: &'static str,
    },
    /// 400: text operator on a column that is not text.
    #[error("Operator {operator} is not supported for field '{field}'")]
    NotText {
        /// The operator.
        operator: &'static str,
        /// The field.
        field: String,
    },
    /// 400
    #[error("Operator in requires an array value")]
    NotArray,
    /// 400: an operator that a virtual field does not have.
    #[error("Operator '{operator}' is not supported for {kind} filters ({supported})")]
    Virtual {
        /// The operator.
        operator: &'static str,
        /// `contacts`, `groups`, `things` or `derived status`.
        kind: &'static str,
        /// The operators that it has.
        supported: &'static str,
    },
    /// 422
    #[error("At most {MOST_FILTERS} filters are taken, not {0}")]
    TooMany(usize),
    /// 422
    #[error("Operator in takes at most {MOST_VALUES} values for field '{0}'")]
    TooManyValues(String),
    /// 422
    #[error("Value for field '{0}' is longer than {MOST_TEXT} characters")]
    TooLong(String),
    /// 400: a value that is not of the column's type.
    #[error("Invalid value for field '{0}'")]
    Value(String),
}

impl FilterError {
    /// True for what the framework's own checks would refuse: 422. The rest is 400.
    pub fn is_about_shape(&self) -> bool {
        matches!(self, Self::MissingKeys(_) | Self::TooMany(_) | Self::TooManyValues(_) | Self::TooLong(_))
    }
}

impl Operator {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::Ncontains => "ncontains",
            Self::Startswith => "startswith",
            Self::Endswith => "endswith",
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Null => "null",
            Self::Nnull => "nnull",
            Self::In => "in",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [
            Self::Contains,
            Self::Ncontains,
            Self::Startswith,
            Self::Endswith,
            Self::Eq,
            Self::Ne,
            Self::Gt,
            Self::Gte,
            Self::Lt,
            Self::Lte,
            Self::Null,
            Self::Nnull,
            Self::In,
        ]
        .into_iter()
        .find(|operator| operator.name() == name)
    }

    /// True for the four that need a text column.
    pub fn is_textual(self) -> bool {
        matches!(self, Self::Contains | Self::Ncontains | Self::Startswith | Self::Endswith)
    }
}

impl Filter {
    /// Reads one `filter` parameter. `Ok(None)` for an empty one.
    pub fn parse(text: &str) -> Result<Option<Self>, FilterError> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let value: Value = serde_json::from_str(text).map_err(|_syntax| FilterError::Json)?;
        let Value::Object(mut keys) = value else {
            return Err(FilterError::Json);
        };
        let missing: Vec<&str> =
            ["field", "operator", "value"].into_iter().filter(|key| !keys.contains_key(*key)).collect();
        if !missing.is_empty() {
            return Err(FilterError::MissingKeys(missing.join(", ")));
        }
        let mut text_of = |key: &str| match keys.remove(key) {
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let (field, operator) = (text_of("field"), text_of("operator"));
        let operator = Operator::parse(&operator).ok_or(FilterError::Operator(operator))?;
        let value = keys.remove("value").unwrap_or(Value::Null);
        if holds_nul(&value) {
            return Err(FilterError::Value(field));
        }
        if value.as_array().is_some_and(|values| values.len() > MOST_VALUES) {
            return Err(FilterError::TooManyValues(field));
        }
        if is_too_long(&value) {
            return Err(FilterError::TooLong(field));
        }
        Ok(Some(Self { field, operator, value }))
    }
}

/// PostgreSQL has no text with NUL in it, so no row can match; better said than asked.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        _ => false,
    }
}

fn is_too_long(value: &Value) -> bool {
    match value {
        Value::String(text) => text.chars().nth(MOST_TEXT).is_some(),
        Value::Array(items) => items.iter().any(is_too_long),
        _ => false,
    }
}

/// The pattern for LIKE (with `\` as escape) that finds `text`; the database folds it, as it folds the column.
pub fn like_pattern(operator: Operator, text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    if !matches!(operator, Operator::Startswith) {
        pattern.push('%');
    }
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    if !matches!(operator, Operator::Endswith) {
        pattern.push('%');
    }
    pattern
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refusals_read_like_the_contract() {
        let refused = |text: &str| Filter::parse(text).unwrap_err().to_string();
        assert_eq!(refused("{"), "Invalid JSON in filter");
        assert_eq!(refused("[]"), "Invalid JSON in filter");
        assert_eq!(refused(r#"{"field":"name"}"#), "Missing required filter keys: operator, value");
        assert_eq!(refused(r#"{"field":"a","operator":"x","value":1}"#), "Unsupported filter operator 'x'");
        assert_eq!(Filter::parse(" ").unwrap(), None);
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let refused = |operator: &str, value: Value| {
            let text = serde_json::json!({"field": "name", "operator": operator, "value": value}).to_string();
            Filter::parse(&text).err()
        };
        let name = || "name".to_owned();
        assert_eq!(refused("eq", "é".repeat(MOST_TEXT).into()), None);
        assert_eq!(refused("eq", "é".repeat(MOST_TEXT + 1).into()), Some(FilterError::TooLong(name())));
        assert_eq!(refused("in", vec![1; MOST_VALUES].into()), None);
        assert_eq!(refused("in", vec![1; MOST_VALUES + 1].into()), Some(FilterError::TooManyValues(name())));
    }

    #[test]
    fn patterns_are_literal() {
        assert_eq!(like_pattern(Operator::Contains, "50%_\\A"), "%50\\%\\_\\\\A%");
        assert_eq!(like_pattern(Operator::Startswith, "a"), "a%");
        assert_eq!(like_pattern(Operator::Endswith, "a"), "%a");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            let _ = Filter::parse(&text);
        }

        #[test]
        fn what_was_written_is_read(field in "[a-z_]{1,12}", value in "[^\u{0}]*") {
            let text = serde_json::json!({"field": field, "operator": "eq", "value": value}).to_string();
            let filter = Filter::parse(&text).unwrap().unwrap();
            prop_assert_eq!((filter.field, filter.operator), (field, Operator::Eq));
            prop_assert_eq!(filter.value, Value::String(value));
        }
    }
}
