//! What is wrong with a request, in the shape that clients of the reference system read.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// One part of the path to the offending value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum LocPart {
    /// `body`, `query` or `path`, or a key.
    Name(Cow<'static, str>),
    /// The position in a list, from 0.
    Index(usize),
}

impl From<&'static str> for LocPart {
    fn from(name: &'static str) -> Self {
        Self::Name(Cow::Borrowed(name))
    }
}

/// One entry of an error's `detail` list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Problem {
    /// The machine-readable sort of problem, such as `missing` or `value_error`.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// The path to the offending value.
    #[schema(value_type = Vec<LocPart>)]
    pub loc: Vec<LocPart>,
    /// A sentence for people.
    pub msg: String,
    /// What was sent there: any JSON.
    pub input: Value,
    /// The numbers behind the sentence, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub ctx: Option<Value>,
}

/// The most problems that one answer lists.
pub const MOST_PROBLEMS: usize = 100;

/// The most bytes of what was sent that one problem repeats, roughly.
const MOST_ECHO: usize = 4096;

/// What was sent, to be repeated in a problem. What is long is cut: lists and objects lose their ends, texts end in `…`.
pub fn echo(sent: &Value) -> Value {
    fn copy(sent: &Value, left: &mut usize) -> Value {
        match sent {
            Value::String(text) => {
                let end = text.floor_char_boundary(*left);
                *left -= end;
                let whole = end == text.len();
                Value::String(text.get(..end).unwrap_or_default().to_owned() + if whole { "" } else { "…" })
            }
            Value::Array(items) => {
                let mut kept = Vec::new();
                for item in items {
                    if *left == 0 {
                        break;
                    }
                    *left = left.saturating_sub(8);
                    kept.push(copy(item, left));
                }
                Value::Array(kept)
            }
            Value::Object(fields) => {
                let mut kept = serde_json::Map::new();
                for (name, value) in fields {
                    if *left < name.len() + 8 {
                        *left = 0;
                        break;
                    }
                    *left -= name.len() + 8;
                    kept.insert(name.clone(), copy(value, left));
                }
                Value::Object(kept)
            }
            scalar => scalar.clone(),
        }
    }
    copy(sent, &mut { MOST_ECHO })
}

impl Problem {
    /// The last entry of a list that leaves some problems out.
    pub fn more(left_out: usize) -> Self {
        let message = format!("{left_out} more problems are not listed");
        Self::new("too_many_problems", vec!["body".into()], message, Value::Null).with_ctx(json!({ "more": left_out }))
    }

    /// A problem of the sort `kind`.
    pub fn new(kind: &'static str, loc: Vec<LocPart>, msg: impl Into<String>, input: Value) -> Self {
        Self { kind: Cow::Borrowed(kind), loc, msg: msg.into(), input, ctx: None }
    }

    /// The same with its numbers.
    #[must_use]
    pub fn with_ctx(mut self, ctx: Value) -> Self {
        self.ctx = Some(ctx);
        self
    }

    /// A rule of our own that the value breaks: the text follows the framework's prefix.
    pub fn value_error(loc: Vec<LocPart>, msg: impl std::fmt::Display, input: Value) -> Self {
        Self::new("value_error", loc, format!("Value error, {msg}"), input).with_ctx(json!({"error": {}}))
    }

    /// A conflict with what is stored (409), or a wrong subtype (404): `input` is `{field: sent value}`.
    pub fn conflict(
        section: &'static str,
        field: &'static str,
        msg: impl Into<String>,
        sent: impl Into<Value>,
    ) -> Self {
        let mut input = serde_json::Map::new();
        input.insert(field.to_owned(), sent.into());
        Self::new("value_error", vec![section.into(), field.into()], msg, Value::Object(input))
    }

    /// A query parameter that cannot be used.
    pub fn query(kind: &'static str, name: &'static str, msg: impl Into<String>, input: impl Into<Value>) -> Self {
        Self::new(kind, vec!["query".into(), name.into()], msg, input.into())
    }

    /// A query parameter that breaks a rule of our own.
    pub fn query_value(name: &'static str, msg: impl std::fmt::Display, input: impl Into<Value>) -> Self {
        Self::value_error(vec!["query".into(), name.into()], msg, input.into())
    }
}

/// The list of allowed values as the framework prints it: `'PVC', 'Steel' or 'Concrete'`.
pub fn expected(terms: &[String]) -> String {
    let quoted: Vec<String> = terms.iter().map(|term| quote(term)).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// A text in the quotes that the framework would choose.
fn quote(text: &str) -> String {
    if text.contains('\'') && !text.contains('"') {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_values_read_like_the_reference() {
        let list = |terms: &[&str]| expected(&terms.iter().map(|term| (*term).to_owned()).collect::<Vec<_>>());
        assert_eq!(list(&["PVC", "Steel", "Concrete"]), "'PVC', 'Steel' or 'Concrete'");
        assert_eq!(list(&["PVC"]), "'PVC'");
        assert_eq!(list(&["driller's log", "Other"]), "\"driller's log\" or 'Other'");
        assert_eq!(list(&[]), "");
    }
}
