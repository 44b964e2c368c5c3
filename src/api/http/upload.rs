//! Files in the bodies of requests: `multipart/form-data`. The bytes are gathered as those of any other body, within the same
//! limits; the parts are told apart afterwards.

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use futures_util::stream;
use serde_json::Value;

use crate::api::http::error::ApiError;
use crate::api::http::gather::Gathered;
use crate::api::http::state::AppState;
use crate::domain::request::problem::Problem;

/// The part `file` of a body.
pub struct Upload {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The body that they were taken from: what it may take of the memory counts until the file is dropped.
    _body: Gathered,
}

impl FromRequest for Upload {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>().cloned();
        let headers = request.headers().clone();
        let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let payload = payload.take();
        Box::pin(async move {
            let state = state.ok_or(ApiError::Unreadable)?;
            let gathered = state.edge.bodies.gather(payload, announced).await;
            let body = gathered.inspect_err(|error| state.note_busy(error))?;
            let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
            if body.is_empty() || !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
                return Err(missing());
            }
            let whole = Bytes::copy_from_slice(&body);
            let whole = stream::once(async move { Ok::<_, actix_web::error::PayloadError>(whole) });
            let mut parts = Multipart::new(&headers, whole);
            while let Some(part) = parts.next().await {
                let mut part = part.map_err(unreadable)?;
                let about = part.content_disposition();
                if about.and_then(|about| about.get_name()) != Some("file") {
                    continue;
                }
                let mut bytes = Vec::new();
                while let Some(chunk) = part.next().await {
                    bytes.extend_from_slice(&chunk.map_err(unreadable)?);
                }
                return Ok(Self { bytes, _body: body });
            }
            Err(missing())
        })
    }
}

fn missing() -> ApiError {
    ApiError::Invalid(vec![Problem::new("missing", vec!["body".into(), "file".into()], "Field required", Value::Null)])
}

fn unreadable(error: actix_multipart::MultipartError) -> ApiError {
    log::debug!("request body: {error}");
    ApiError::Unreadable
}
