//! `Idempotency-Key`: a request that creates can be sent again when its answer was lost. See [`crate::store::idempotency`].

use actix_web::HttpRequest;
use actix_web::http::{Method, StatusCode};
use serde::Serialize;
use serde_json::Value;

use crate::api::ApiError;
use crate::api::http::answer::{Rendered, json};
use crate::api::http::context::RequestContext;
use crate::api::http::related::without_key;
use crate::db::WriteSession;
use crate::domain::request::problem::{Problem, echo};
use crate::store::StoreError;
use crate::store::idempotency::{self, Answered, HEADER, Repeatable, digest_of};

/// The longest key.
const MOST: usize = 255;

/// What the header of a `POST` says. Other methods are sent again without harm as they are, and do not look at it.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// Nothing.
    None,
    /// This request by a name.
    Of(Named),
    /// Nothing that can be used.
    Invalid(Value),
}

/// A request by the name that its client gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    owner: String,
    key: String,
    target: String,
}

impl Named {
    /// The same with its body.
    pub fn with(&self, body: &[u8]) -> Repeatable {
        let Self { owner, key, target } = self.clone();
        Repeatable { owner, key, target, digest: digest_of(body) }
    }
}

impl Key {
    /// That of a request.
    pub fn of(request: &HttpRequest, context: &RequestContext) -> Self {
        let mut sent = request.headers().get_all(HEADER);
        let Some(first) = sent.next().filter(|_| request.method() == Method::POST) else { return Self::None };
        let usable = |key: &&str| (1..=MOST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        let Some(key) = first.to_str().ok().filter(usable).filter(|_| sent.next().is_none()) else {
            return Self::Invalid(echo(&String::from_utf8_lossy(first.as_bytes()).into()));
        };
        let query = without_key(request.query_string());
        let mark = if query.is_empty() { "" } else { "?" };
        let target = format!("{} {}{mark}{query}", request.method(), request.uri().path());
        let owner = context.asker().principal.id.clone().unwrap_or_default();
        Self::Of(Named { owner, key: key.to_owned(), target })
    }

    /// The request by its name, if it has one.
    pub fn read(&self) -> Result<Option<Named>, ApiError> {
        match self {
            Self::None => Ok(None),
            Self::Of(named) => Ok(Some(named.clone())),
            Self::Invalid(sent) => {
                Err(refused(&format!("a key has 1 to {MOST} visible ASCII characters, and is sent once"), sent.clone()))
            }
        }
    }

    /// Refuses a key where it would promise what is not done.
    pub fn refuse(&self, why: &str) -> Result<(), ApiError> {
        match self.read()? {
            None => Ok(()),
            Some(named) => Err(refused(why, named.key.into())),
        }
    }
}

fn refused(why: &str, sent: Value) -> ApiError {
    ApiError::Invalid(vec![Problem::value_error(vec!["header".into(), HEADER.into()], why, sent)])
}

/// What a request has created: now, or when it was sent before.
pub enum Created<T> {
    /// Now.
    New(T),
    /// Now, as it is kept.
    Kept(Vec<u8>),
    /// Before.
    Before(Answered),
}

/// Creates, unless the request has been sent before. What is refused is not kept: it may be sent again, and may then be fine.
pub fn once<T: Serialize>(
    session: &mut WriteSession<'_>,
    request: Option<Repeatable>,
    create: impl FnOnce(&mut WriteSession<'_>) -> Result<T, StoreError>,
) -> Result<Created<T>, ApiError> {
    let Some(request) = request else { return Ok(Created::New(create(session)?)) };
    if let Some(answered) = idempotency::find(session, &request)? {
        return Ok(Created::Before(answered));
    }
    let body = json(&create(session)?)?;
    let text = String::from_utf8_lossy(&body).into_owned();
    idempotency::keep(session, request, Answered { status: StatusCode::CREATED.as_u16(), body: text })?;
    Ok(Created::Kept(body))
}

impl<T: Serialize> Created<T> {
    /// The answer: 201, or what it was before.
    pub fn render(self) -> Rendered {
        let rendered = match self {
            Self::New(value) => Rendered::json(StatusCode::CREATED, &value),
            Self::Kept(body) => Rendered::written(StatusCode::CREATED, body),
            Self::Before(Answered { status, body }) => {
                let Ok(status) = StatusCode::from_u16(status) else {
                    log::error!("an answer is kept with the status {status}");
                    return Rendered::internal();
                };
                Rendered { replayed: true, ..Rendered::written(status, body.into_bytes()) }
            }
        };
        rendered.with_key()
    }
}
