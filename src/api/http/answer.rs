//! An answer as it was rendered on the blocking thread: the event loop only has to send it.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::{Deserialize, Serialize};

use crate::api::http::coding::{Accepts, Coding, pack};
use crate::api::http::related::Created;

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
    /// The key of what was created.
    pub created: Option<Created>,
    /// How the body is packed.
    pub coding: Coding,
    /// The body.
    pub body: Vec<u8>,
}

impl Rendered {
    /// JSON. What cannot be written as JSON is a defect of ours: 500.
    pub fn json(status: StatusCode, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self { body, ..Self::empty(status, "application/json") },
            Err(error) => {
                log::error!("an answer could not be serialised: {error}");
                Self::internal()
            }
        }
    }

    /// Bytes of another type.
    pub fn bytes(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Self {
        Self { body, ..Self::empty(status, content_type) }
    }

    /// 500: the reference's plain text.
    pub fn internal() -> Self {
        let body = b"Internal Server Error".to_vec();
        Self { body, ..Self::empty(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8") }
    }

    /// 204
    pub fn nothing() -> Self {
        Self::empty(StatusCode::NO_CONTENT, "")
    }

    fn empty(status: StatusCode, content_type: &'static str) -> Self {
        let (coding, body) = (Coding::Identity, Vec::new());
        Self { status, content_type, retry_after: None, closes: false, created: None, coding, body }
    }

    /// With the key of what was created, as the body names it. Before it is packed.
    pub fn with_key(self) -> Self {
        #[derive(Deserialize)]
        struct Key {
            id: i64,
        }
        let created = serde_json::from_slice(&self.body).ok().map(|Key { id }| Created(id));
        Self { created, ..self }
    }

    /// Packed for a client. To be called where it was rendered: on the blocking thread.
    pub fn packed(mut self, accepts: Accepts) -> Self {
        match pack(accepts, std::mem::take(&mut self.body)) {
            Ok((coding, body)) => Self { coding, body, ..self },
            Err(error) => {
                log::error!("an answer could not be packed: {error}");
                Self::internal()
            }
        }
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
        if let Some(coding) = rendered.coding.name() {
            response.insert_header((header::CONTENT_ENCODING, coding));
        }
        if rendered.closes {
            response.force_close();
        }
        let mut response = response.body(rendered.body);
        if let Some(created) = rendered.created {
            response.extensions_mut().insert(created);
        }
        response
    }
}
