//! An answer as it was rendered on the blocking thread: the event loop only has to send it.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;

/// Status, type and bytes of an answer.
#[derive(Debug)]
pub struct Rendered {
    /// The status.
    pub status: StatusCode,
    /// What the body is.
    pub content_type: &'static str,
    /// `Retry-After` in seconds.
    pub retry_after: Option<&'static str>,
    /// True when the connection is not to be used again.
    pub closes: bool,
    /// The body.
    pub body: Vec<u8>,
}

impl Rendered {
    /// JSON. What cannot be written as JSON is a defect of ours: 500.
    pub fn json(status: StatusCode, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self { status, content_type: "application/json", retry_after: None, closes: false, body },
            Err(error) => {
                log::error!("an answer could not be serialised: {error}");
                Self::internal()
            }
        }
    }

    /// 500: the reference's plain text.
    pub fn internal() -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            content_type: "text/plain; charset=utf-8",
            retry_after: None,
            closes: false,
            body: b"Internal Server Error".to_vec(),
        }
    }

    /// 204
    pub fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, content_type: "", retry_after: None, closes: false, body: Vec::new() }
    }
}

impl From<Rendered> for HttpResponse {
    fn from(rendered: Rendered) -> Self {
        let mut response = HttpResponseBuilder::new(rendered.status);
        if rendered.status == StatusCode::NO_CONTENT {
            return response.finish();
        }
        response.content_type(rendered.content_type);
        if let Some(seconds) = rendered.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        if rendered.closes {
            response.force_close();
        }
        response.body(rendered.body)
    }
}
