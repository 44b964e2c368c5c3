//! Who may come in: who asks, whether he may, and whether he has asked for too much.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};

use crate::api::http::client;
use crate::api::http::error::{ApiError, Busy, text};
use crate::api::http::limits::TooMuch;
use crate::api::http::opened::Opened;
use crate::api::http::routes::Access;
use crate::api::http::state::AppState;
use crate::auth::{Credential, Denied};
use crate::domain::principal::{Principal, Role};

/// Routes that are never limited: whoever keeps the service alive asks them, from wherever he is.
const UNLIMITED: [&str; 4] = ["/health", "/ready", "/metrics", "/_ah/warmup"];

/// The reason for a 429, for metrics.
pub const TOO_MANY: &str = "too_many_requests";

/// What a request is for.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Who may call the route.
    pub access: Access,
    /// What anybody is there, where the configuration opens it.
    pub opened: Option<&'a Opened>,
    /// The route's path.
    pub pattern: &'a str,
}

/// Who asks, if he may; else what he is told. `caller` is told who it is in any case.
///
/// On a route that is open to anybody, who shows nothing is anybody; who shows something must be known, and without the route's role
/// sees what anybody sees.
pub async fn admit(
    state: &AppState,
    asked: Asked<'_>,
    request: &ServiceRequest,
    caller: &mut Option<Arc<Principal>>,
) -> Result<Arc<Principal>, HttpResponse> {
    let too_much = |too_much: TooMuch| {
        state.metrics.turned_away(TOO_MANY);
        slow_down(too_much.wait)
    };
    let limits = &state.edge.limits;
    let address = client::address(request, &state.edge.trusted_proxies);
    let Access::Role(role) = asked.access else {
        if !UNLIMITED.contains(&asked.pattern) {
            limits.stranger(address).map_err(too_much)?;
        }
        return Ok(Arc::new(Principal::anonymous(None)));
    };
    let shown = if state.authenticator.takes_keys_in_queries() {
        Credential::of_either(request.headers(), request.query_string())
    } else {
        Credential::of(request.headers())
    };
    if shown == Credential::None {
        limits.stranger(address).map_err(too_much)?;
        if let Some(opened) = asked.opened {
            return Ok(opened.anybody());
        }
    } else {
        // Before it is looked at: whoever guesses must not make the server work.
        limits.may_show(address).map_err(too_much)?;
    }
    let denied = match state.authenticator.authenticate(&shown).await {
        Ok(principal) => {
            *caller = Some(Arc::clone(&principal));
            if let Some(name) = principal.counted_as() {
                limits.caller(name).map_err(too_much)?;
            }
            match asked.opened {
                _ if principal.grants.include(role) => return Ok(principal),
                Some(opened) => return Ok(opened.to(&principal)),
                None => Denied::Forbidden,
            }
        }
        Err(denied) => denied,
    };
    Err(match denied {
        Denied::Unauthenticated => {
            if shown != Credential::None {
                limits.refused(address);
            }
            unauthenticated(&shown, role == Role::OgcInternal && state.authenticator.accepts_passwords())
        }
        Denied::Forbidden => text(StatusCode::FORBIDDEN, &denied.to_string()).into(),
        Denied::Unavailable => {
            let busy = ApiError::from(Busy::Identity);
            state.note_busy(&busy);
            busy.render().into()
        }
    })
}

/// 401, with what could be shown instead. What is wrong with what was shown is not said.
fn unauthenticated(shown: &Credential, password_helps: bool) -> HttpResponse {
    let mut response = HttpResponse::from(text(StatusCode::UNAUTHORIZED, &Denied::Unauthenticated.to_string()));
    let bearer = if *shown == Credential::None { "Bearer" } else { "Bearer error=\"invalid_token\"" };
    let headers = response.headers_mut();
    headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(bearer));
    if password_helps {
        // Browsers ask for a password when they see this: only where desktop programs are expected.
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Ocotillo\", charset=\"UTF-8\""));
    }
    response
}

/// 429, with the whole seconds after which there is a token again.
fn slow_down(wait: Duration) -> HttpResponse {
    let mut response = HttpResponse::from(text(StatusCode::TOO_MANY_REQUESTS, "Too many requests"));
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    response
}
