//! JSON bodies. The event loop only gathers their bytes; they are read where they are used, on the blocking
//! thread, and handed to [`crate::domain::request::form`].

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};

use crate::api::http::error::ApiError;
use crate::api::http::gather::Gathered;
use crate::api::http::state::AppState;
use crate::domain::request::form::{FromForm, Parsed};
use crate::domain::request::problem::{LocPart, Problem};

/// The most values of a body, counting those in lists and objects.
const MOST_VALUES: usize = 150_000;

/// A body of the type `T`, not yet read.
pub struct Body<T> {
    bytes: Gathered,
    json: bool,
    form: PhantomData<fn() -> T>,
}

impl<T: FromForm> Body<T> {
    /// Reads the body field by field. What is wrong with its fields comes out when its terms are looked up.
    pub fn read(&self) -> Result<Parsed<T>, ApiError> {
        let value = parse(&self.bytes, self.json).map_err(|problem| ApiError::Invalid(vec![problem]))?;
        Ok(Parsed::read(&value))
    }

    /// The bytes as they were sent.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>().cloned();
        let announced =
            request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let json = is_json(request);
        let payload = payload.take();
        Box::pin(async move {
            let state = state.ok_or(ApiError::Unreadable)?;
            let gathered = state.edge.bodies.gather(payload, announced).await;
            let bytes = gathered.inspect_err(|error| state.note_busy(error))?;
            Ok(Self { bytes, json, form: PhantomData })
        })
    }
}

/// Only what says so is JSON: a page of another site can send a body without a type, or with that of a form, unasked.
fn is_json(request: &HttpRequest) -> bool {
    let Some(kind) = request.headers().get(header::CONTENT_TYPE) else {
        return false;
    };
    let kind = kind.to_str().unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn parse(bytes: &[u8], json: bool) -> Result<Value, Problem> {
    let body = || vec![LocPart::from("body")];
    if bytes.is_empty() {
        return Err(Problem::new("missing", body(), "Field required", Value::Null));
    }
    if !json {
        // Text goes on as text, and is then no object.
        return Ok(Value::String(String::from_utf8_lossy(bytes).into_owned()));
    }
    if has_too_many_values(bytes) {
        let message = format!("A body should have at most {MOST_VALUES} values");
        return Err(
            Problem::new("too_long", body(), message, Value::Null).with_ctx(json!({ "max_length": MOST_VALUES }))
        );
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let mut loc = body();
        loc.push(LocPart::Index(offset(bytes, error.line(), error.column())));
        let reason = if error.is_eof() { "Unexpected end of input" } else { "Expecting value" };
        Problem::new("json_invalid", loc, "JSON decode error", json!({})).with_ctx(json!({ "error": reason }))
    })
}

/// Whether the text has more than [`MOST_VALUES`] values: a value of two bytes takes a hundred once it is read.
fn has_too_many_values(bytes: &[u8]) -> bool {
    let (mut in_text, mut escaped, mut values) = (false, false, 0);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => values += 1,
            _ => {}
        }
    }
    values > MOST_VALUES
}

/// The position in bytes of a line and column, both from 1.
fn offset(bytes: &[u8], line: usize, column: usize) -> usize {
    let before: usize =
        bytes.split(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(|line| line.len() + 1).sum();
    before + column.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_outside_of_texts() {
        let list = |item: &str, count: usize| format!("[{}]", vec![item; count].join(","));
        assert!(!has_too_many_values(list("0", MOST_VALUES).as_bytes()));
        assert!(has_too_many_values(list("0", MOST_VALUES + 1).as_bytes()));
        assert!(has_too_many_values(list("{}", MOST_VALUES / 2 + 1).as_bytes()));
        let text = format!(r#"["{}"]"#, r#"[,{\\\","#.repeat(MOST_VALUES));
        assert!(!has_too_many_values(text.as_bytes()));
    }

    #[test]
    fn a_syntax_error_has_its_place() {
        let place = |text: &str| parse(text.as_bytes(), true).map_err(|problem| problem.loc);
        assert_eq!(place("{\"a\": }"), Err(vec!["body".into(), LocPart::Index(6)]));
        assert_eq!(place("{\n\"a\": }"), Err(vec!["body".into(), LocPart::Index(7)]));
        assert_eq!(place(""), Err(vec!["body".into()]));
    }
}
