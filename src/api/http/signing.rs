//! What signs the URLs of files for one request.

use actix_web::dev::Payload;
use actix_web::http::header::HOST;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use crate::api::http::error::ApiError;
use crate::api::http::state::AppState;
use crate::storage::signing::Signing;

/// See [`Signing`]. Made before the job that signs.
pub struct UrlSigner(pub Signing);

impl FromRequest for UrlSigner {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>().cloned();
        let base = state.as_ref().map(|state| base(state, request)).unwrap_or_default();
        Box::pin(async move {
            let state = state.ok_or(ApiError::Unreadable)?;
            Ok(Self(state.files.storage.signing(&base).await))
        })
    }
}

/// How the client reaches this server: as configured, or by the name that it calls it by.
fn base(state: &AppState, request: &HttpRequest) -> String {
    if let Some(url) = &state.files.public_url {
        return url.to_string();
    }
    let scheme = if state.edge.secure { "https" } else { "http" };
    let authority = request.uri().authority().map(actix_web::http::uri::Authority::as_str);
    let named = authority.or_else(|| request.headers().get(HOST)?.to_str().ok());
    // A client that gives no name has found the address.
    let host = named.map_or_else(|| request.app_config().local_addr().to_string(), str::to_owned);
    format!("{scheme}://{host}")
}
