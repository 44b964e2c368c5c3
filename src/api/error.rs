//! From errors to answers, in the reference's `{"detail": ...}` shapes. The one place that chooses a status.
//!
//! No answer carries SQL, row values or a cause: those go to the log.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::db::{JobError, Refusal, classify};
use crate::domain::filter::FilterError;
use crate::domain::problem::Problem;
use crate::store::{StoreError, answer};

/// An error's body with a list of problems.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problems {
    /// All problems found.
    pub detail: Vec<Problem>,
}

/// An error's body with a sentence.
#[derive(Debug, Serialize, ToSchema)]
pub struct Detail {
    /// What is wrong.
    pub detail: String,
}

/// A request that is not answered with success.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// From the store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Found before the store was asked: 422.
    #[error("invalid request")]
    Invalid(Vec<Problem>),
    /// The body is larger than the limit: 413.
    #[error("Request body is larger than {0} bytes")]
    TooLarge(usize),
    /// The body could not be read to its end: 400.
    #[error("The request body could not be read")]
    Unreadable,
    /// Temporary files, or what is written to them: 500.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<FilterError> for ApiError {
    fn from(error: FilterError) -> Self {
        Self::Store(error.into())
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::Store(refusal.into())
    }
}

impl From<diesel::result::Error> for ApiError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

impl JobError for ApiError {
    fn database_error(&self) -> Option<&diesel::result::Error> {
        match self {
            Self::Store(error) => error.database_error(),
            _ => None,
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.error_response().status()
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Store(error) => store_response(error),
            Self::Invalid(problems) => list(StatusCode::UNPROCESSABLE_ENTITY, problems),
            Self::TooLarge(_) => text(StatusCode::PAYLOAD_TOO_LARGE, &self.to_string()),
            Self::Unreadable => text(StatusCode::BAD_REQUEST, &self.to_string()),
            Self::Io(cause) => {
                log::error!("files: {cause}");
                internal()
            }
        }
    }
}

fn store_response(error: &StoreError) -> HttpResponse {
    match error {
        StoreError::NotFound { .. } | StoreError::Missing(_) => text(StatusCode::NOT_FOUND, &error.to_string()),
        StoreError::WrongKind(problem) => list(StatusCode::NOT_FOUND, std::slice::from_ref(problem)),
        StoreError::Invalid(problems) => list(StatusCode::UNPROCESSABLE_ENTITY, problems),
        StoreError::Conflict(problem) => list(StatusCode::CONFLICT, std::slice::from_ref(problem)),
        StoreError::ConflictText(message) => text(StatusCode::CONFLICT, message),
        StoreError::Filter(refused @ FilterError::MissingKeys(_)) => {
            text(StatusCode::UNPROCESSABLE_ENTITY, &refused.to_string())
        }
        StoreError::Filter(refused) => text(StatusCode::BAD_REQUEST, &refused.to_string()),
        StoreError::Refused(refusal) => refused(refusal),
        StoreError::Database(cause) => match classify(cause) {
            Some(violation) => {
                log::info!("constraint violated: {violation:?}");
                list(StatusCode::CONFLICT, &[answer(&violation)])
            }
            None => {
                log::error!("database error without an answer of its own: {cause}");
                internal()
            }
        },
    }
}

/// 503 with `Retry-After` and the reason; 500 for a panic.
fn refused(refusal: &Refusal) -> HttpResponse {
    let seconds = match refusal {
        Refusal::Panicked => return internal(),
        Refusal::QueueFull | Refusal::QueueTimeout(_) => "1",
        Refusal::Unavailable => "2",
        Refusal::Deadline | Refusal::ShuttingDown => "5",
    };
    let mut response = HttpResponse::ServiceUnavailable();
    response.insert_header((header::RETRY_AFTER, seconds));
    if matches!(refusal, Refusal::ShuttingDown) {
        response.force_close();
    }
    response.json(json!({ "detail": refusal.to_string(), "reason": refusal.reason() }))
}

/// 500: the reference's plain text.
pub fn internal() -> HttpResponse {
    HttpResponse::InternalServerError().content_type("text/plain; charset=utf-8").body("Internal Server Error")
}

fn list(status: StatusCode, problems: &[Problem]) -> HttpResponse {
    detail(status, &json!(problems))
}

/// An answer with a sentence as its detail.
pub fn text(status: StatusCode, message: &str) -> HttpResponse {
    detail(status, &json!(message))
}

fn detail(status: StatusCode, detail: &Value) -> HttpResponse {
    HttpResponseBuilder::new(status).json(json!({ "detail": detail }))
}

#[cfg(test)]
mod tests {
    use diesel::result::Error;

    use super::*;

    #[test]
    fn a_database_error_never_tells_its_cause() {
        let response = ApiError::from(StoreError::Database(Error::NotFound)).error_response();
        assert_eq!(response.status(), 500);
        assert!(response.headers().get(header::RETRY_AFTER).is_none());
    }

    #[test]
    fn every_refusal_says_when_to_come_back() {
        for refusal in [Refusal::QueueFull, Refusal::Unavailable, Refusal::Deadline, Refusal::ShuttingDown] {
            let response = ApiError::from(refusal).error_response();
            assert_eq!(response.status(), 503);
            assert!(response.headers().contains_key(header::RETRY_AFTER));
        }
        assert_eq!(ApiError::from(Refusal::Panicked).error_response().status(), 500);
    }
}
