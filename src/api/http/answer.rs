//! An answer as it was rendered on the blocking thread: the event loop only has to send it.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::{Deserialize, Serialize};

use crate::api::http::coding::{Accepts, Coding, pack};
use crate::api::http::conditional::{Conditions, Tag, Verdict};
use crate::api::http::error::{ApiError, text};
use crate::api::http::related::Created;

/// `Idempotency-Replayed`
pub const REPLAYED: &str = "idempotency-replayed";

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
    /// The representation's tag.
    pub tag: Option<Tag>,
    /// True when the answer was given before.
    pub replayed: bool,
    /// How the body is packed.
    pub coding: Coding,
    /// The body.
    pub body: Vec<u8>,
}

/// The bytes of JSON. What cannot be written is a defect of ours: 500.
pub fn json(value: &impl Serialize) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(value).map_err(ApiError::Unwritable)
}

impl Rendered {
    /// JSON.
    pub fn json(status: StatusCode, value: &impl Serialize) -> Self {
        json(value).map_or_else(|error| error.render(), |body| Self::written(status, body))
    }

    /// JSON that has been written.
    pub fn written(status: StatusCode, body: Vec<u8>) -> Self {
        Self { body, ..Self::empty(status, "application/json") }
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
        let (retry_after, created, tag) = (None, None, None);
        Self { status, content_type, retry_after, closes: false, created, tag, replayed: false, coding, body }
    }

    /// With its tag, unless it is an error: that has none of its own. Before it is packed.
    pub fn tagged(self, accepts: Accepts) -> Self {
        if !self.status.is_success() {
            return self;
        }
        let coding = accepts.coding_for(self.body.len());
        Self { tag: Some(Tag::of(&self.body, coding)), ..self }
    }

    /// What a tagged answer to a request that reads becomes on its conditions.
    pub fn on(self, conditions: &Conditions) -> Self {
        let Some(tag) = self.tag.filter(|_| self.status.is_success()) else { return self };
        match conditions.verdict(&tag) {
            Verdict::Answer => self,
            Verdict::Known => Self { tag: self.tag, ..Self::empty(StatusCode::NOT_MODIFIED, "") },
            Verdict::Refuse => {
                let message = "What is asked for is not as If-Match says";
                Self { tag: self.tag, ..text(StatusCode::PRECONDITION_FAILED, message) }
            }
        }
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
        if let Some(tag) = rendered.tag {
            response.insert_header((header::ETAG, tag.to_string()));
        }
        if rendered.status == StatusCode::NOT_MODIFIED {
            // As the answer in full has it; what else it depends on is added to any answer.
            response.insert_header((header::VARY, "accept-encoding"));
            return response.finish();
        }
        response.content_type(rendered.content_type);
        if rendered.replayed {
            response.insert_header((REPLAYED, "true"));
        }
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
