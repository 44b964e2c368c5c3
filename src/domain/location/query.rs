//! The small language of the `query` parameter of `GET /location`: `field op value`.

use std::fmt;

const MAX_QUERY_CHARS: usize = 1000;
const MAX_TEXT_CHARS: usize = 256;

/// One comparison, such as `county eq 'Socorro'` or `notes.content like 'dry'`.
///
/// `Display` writes it in the language of the parameter; whatever `parse` returned is read back unchanged.
#[derive(Debug, Clone, PartialEq)]
pub struct LocationQuery {
    /// The relation before the dot, if any: any one of its rows may satisfy the comparison.
    pub relation: Option<String>,
    /// The column, of the location or of the relation. Only its form is checked here.
    pub field: String,
    /// What the column is compared with.
    pub comparison: Comparison,
}

/// The operator and what stands to its right.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison {
    /// One operator and one value; `Like` always has a text.
    Compare(Operator, Value),
    /// Lower and upper end, both included and of the same kind: two numbers or two texts.
    Between(Value, Value),
}

/// The operators that take one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Greater than.
    Gt,
    /// Less than.
    Lt,
    /// Greater than or equal.
    Ge,
    /// Less than or equal.
    Le,
    /// Text that contains or matches another.
    Like,
}

/// A constant in a query.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text of at most 256 characters, without a quote.
    Text(String),
    /// A finite number.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
}

/// Why a query is refused; the `Display` text is meant for the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// More than 1000 characters.
    #[error("query is longer than 1000 characters")]
    TooLong,
    /// A NUL character, which no database text can hold.
    #[error("query must not contain NUL characters")]
    Nul,
    /// Not three parts.
    #[error("query must be 'field op value'")]
    Form,
    /// Not a name, or more than one dot.
    #[error("'{0}' is not a field: use name or relation.name")]
    Field(String),
    /// None of the eight operators.
    #[error("unknown operator '{0}'")]
    Operator(String),
    /// Not a constant.
    #[error("value must be 'quoted text', true, false, a number, or [a,b] for between")]
    Value,
    /// A quoted text of more than 256 characters.
    #[error("quoted text is longer than 256 characters")]
    TextTooLong,
    /// `like` with a number, a truth value or a range.
    #[error("like needs a 'quoted text'")]
    Like,
    /// `between` without two numbers or two texts, or a range without `between`.
    #[error("between, and only between, needs [a,b]: two numbers or two quoted texts")]
    Between,
}

/// Reads a query. Blanks around its parts do not matter, nor does the case of operators, `true` and `false`.
pub fn parse(text: &str) -> Result<LocationQuery, QueryError> {
    if text.chars().nth(MAX_QUERY_CHARS).is_some() {
        return Err(QueryError::TooLong);
    }
    if text.contains('\0') {
        return Err(QueryError::Nul);
    }
    let (field, rest) = split_word(text.trim())?;
    let (operator, value) = split_word(rest)?;
    let (relation, field) = parse_field(field)?;
    let comparison = match parse_operator(operator)? {
        None => parse_range(value)?,
        Some(_) if value.starts_with('[') => return Err(QueryError::Between),
        Some(operator) => match (operator, parse_value(value)?) {
            (Operator::Like, Value::Number(_) | Value::Bool(_)) => return Err(QueryError::Like),
            (operator, value) => Comparison::Compare(operator, value),
        },
    };
    Ok(LocationQuery { relation, field, comparison })
}

fn split_word(text: &str) -> Result<(&str, &str), QueryError> {
    let (word, rest) = text.split_once(char::is_whitespace).ok_or(QueryError::Form)?;
    Ok((word, rest.trim_start()))
}

fn parse_field(text: &str) -> Result<(Option<String>, String), QueryError> {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let (relation, field) = match text.split_once('.') {
        Some((relation, field)) => (Some(relation), field),
        None => (None, text),
    };
    if !is_name(field) || !relation.is_none_or(is_name) {
        return Err(QueryError::Field(text.to_owned()));
    }
    Ok((relation.map(str::to_owned), field.to_owned()))
}

/// `None` is `between`.
fn parse_operator(text: &str) -> Result<Option<Operator>, QueryError> {
    Ok(Some(match text.to_ascii_lowercase().as_str() {
        "eq" => Operator::Eq,
        "ne" => Operator::Ne,
        "gt" => Operator::Gt,
        "lt" => Operator::Lt,
        "ge" => Operator::Ge,
        "le" => Operator::Le,
        "like" => Operator::Like,
        "between" => return Ok(None),
        _ => return Err(QueryError::Operator(text.to_owned())),
    }))
}

fn parse_value(text: &str) -> Result<Value, QueryError> {
    let (value, rest) = take_value(text)?;
    if rest.is_empty() { Ok(value) } else { Err(QueryError::Value) }
}

fn parse_range(text: &str) -> Result<Comparison, QueryError> {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).ok_or(QueryError::Between)?;
    let (low, rest) = take_value(inner.trim())?;
    // Cut behind the first value, not at the first comma: a text may hold commas.
    let high = rest.trim_start().strip_prefix(',').ok_or(QueryError::Between)?;
    match (low, parse_value(high.trim_start())?) {
        (low @ Value::Number(_), high @ Value::Number(_)) | (low @ Value::Text(_), high @ Value::Text(_)) => {
            Ok(Comparison::Between(low, high))
        }
        _ => Err(QueryError::Between),
    }
}

/// The constant that a text begins with, and what follows it.
fn take_value(text: &str) -> Result<(Value, &str), QueryError> {
    if let Some(quoted) = text.strip_prefix('\'') {
        let (content, rest) = quoted.split_once('\'').ok_or(QueryError::Value)?;
        if content.chars().nth(MAX_TEXT_CHARS).is_some() {
            return Err(QueryError::TextTooLong);
        }
        return Ok((Value::Text(content.to_owned()), rest));
    }
    let (word, rest) = text.split_at(text.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(text.len()));
    let value = match word {
        _ if word.eq_ignore_ascii_case("true") => Value::Bool(true),
        _ if word.eq_ignore_ascii_case("false") => Value::Bool(false),
        // `inf` and `nan` are numbers to the standard library, but not here.
        _ if word.contains(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E')) => {
            return Err(QueryError::Value);
        }
        _ => match word.parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Number(number),
            _ => return Err(QueryError::Value),
        },
    };
    Ok((value, rest))
}

impl Operator {
    /// The word for it in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Lt => "lt",
            Self::Ge => "ge",
            Self::Le => "le",
            Self::Like => "like",
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{text}'"),
            // `Debug` takes an exponent where `Display` would write hundreds of digits.
            Self::Number(number) => write!(f, "{number:?}"),
            Self::Bool(truth) => write!(f, "{truth}"),
        }
    }
}

impl fmt::Display for LocationQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(relation) = &self.relation {
            write!(f, "{relation}.")?;
        }
        match &self.comparison {
            Comparison::Compare(operator, value) => write!(f, "{} {} {value}", self.field, operator.as_str()),
            Comparison::Between(low, high) => write!(f, "{} between [{low},{high}]", self.field),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn compare(text: &str) -> (Operator, Value) {
        match parse(text).unwrap().comparison {
            Comparison::Compare(operator, value) => (operator, value),
            Comparison::Between(..) => panic!("{text} is no comparison"),
        }
    }

    #[test]
    fn reads_each_kind_of_value() {
        assert_eq!(compare("county eq 'Dona Ana, [x]'"), (Operator::Eq, Value::Text("Dona Ana, [x]".into())));
        assert_eq!(compare(" elevation  GE\t-1.5e3 "), (Operator::Ge, Value::Number(-1500.0)));
        assert_eq!(compare("open ne TRUE"), (Operator::Ne, Value::Bool(true)));
        assert_eq!(compare("a like ''"), (Operator::Like, Value::Text(String::new())));
        let query = parse("notes.content_2 Between [ 'a,b' , 'c]' ]").unwrap();
        assert_eq!((query.relation.as_deref(), query.field.as_str()), (Some("notes"), "content_2"));
        assert_eq!(query.comparison, Comparison::Between(Value::Text("a,b".into()), Value::Text("c]".into())));
    }

    #[test]
    fn says_what_is_wrong() {
        let refused = |text: &str| parse(text).unwrap_err();
        for text in ["", "a", "a eq", "a  eq "] {
            assert_eq!(refused(text).to_string(), "query must be 'field op value'", "{text}");
        }
        assert_eq!(refused("a foo 1").to_string(), "unknown operator 'foo'");
        assert_eq!(refused(&"a".repeat(1001)).to_string(), "query is longer than 1000 characters");
        assert_eq!(refused("a eq '\0'"), QueryError::Nul);
        for field in ["1a", "a.b.c", ".a", "a.", "a-b", "é", "a;"] {
            assert_eq!(refused(&format!("{field} eq 1")), QueryError::Field(field.into()));
        }
        for value in [
            "'a",
            "a'",
            "'a'b'",
            "'a' x",
            "nan",
            "inf",
            "-infinity",
            "1e999",
            "0x1",
            "1 2",
            "1,2",
            "--1",
            "e",
            ".",
            "1]",
        ] {
            assert_eq!(refused(&format!("a eq {value}")), QueryError::Value, "{value}");
        }
        assert_eq!(refused(&format!("a eq '{}'", "é".repeat(257))), QueryError::TextTooLong);
        assert!(parse(&format!("a eq '{}'", "é".repeat(256))).is_ok());
        assert_eq!(refused("a like 1"), QueryError::Like);
        for text in [
            "a eq [1,2]",
            "a like ['a','b']",
            "a between 1",
            "a between [1]",
            "a between [1,'a']",
            "a between [true,false]",
        ] {
            assert_eq!(refused(text), QueryError::Between, "{text}");
        }
        for text in ["a between [1,2,3]", "a between [,]", "a between []"] {
            assert_eq!(refused(text), QueryError::Value, "{text}");
        }
    }

    fn text() -> impl Strategy<Value = Value> {
        "[^'\0]{0,256}".prop_map(Value::Text)
    }

    fn number() -> impl Strategy<Value = Value> {
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Value::Number)
    }

    fn comparison() -> impl Strategy<Value = Comparison> {
        use Operator::{Eq, Ge, Gt, Le, Like, Lt, Ne};
        let value = prop_oneof![text(), number(), any::<bool>().prop_map(Value::Bool)];
        prop_oneof![
            (prop::sample::select(vec![Eq, Ne, Gt, Lt, Ge, Le]), value).prop_map(|(o, v)| Comparison::Compare(o, v)),
            text().prop_map(|text| Comparison::Compare(Like, text)),
            (number(), number()).prop_map(|(low, high)| Comparison::Between(low, high)),
            (text(), text()).prop_map(|(low, high)| Comparison::Between(low, high)),
        ]
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(
            relation in prop::option::of("[A-Za-z_][A-Za-z0-9_]{0,20}"),
            field in "[A-Za-z_][A-Za-z0-9_]{0,20}",
            comparison in comparison(),
        ) {
            let query = LocationQuery { relation, field, comparison };
            prop_assert_eq!(parse(&query.to_string()), Ok(query));
        }

        #[test]
        fn no_text_panics(text in "\\PC*|[a-z.]{1,4} (eq|like|between) [\\[\\]',0-9a-z.e+-]*") {
            let _ = parse(&text);
        }
    }
}
