//! From errors to answers, in the reference's `{"detail": ...}` shapes. The one place that chooses a status.
//!
//! No answer carries SQL, row values or a cause: those go to the log.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::api::http::answer::Rendered;
use crate::api::http::conditional::Tag;
use crate::db::{JobError, Refusal, classify};
use crate::domain::request::filter::FilterError;
use crate::domain::request::problem::Problem;
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

/// The body of a 503.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unavailable {
    /// What is the matter.
    pub detail: String,
    /// The same in a word, such as `queue_full` or `shutting_down`; more may come.
    #[schema(value_type = String)]
    pub reason: &'static str,
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
    /// The body did not come in time: 408.
    #[error("The request body took too long")]
    Stalled,
    /// The server holds as much as it may: 503.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The body could not be read to its end: 400.
    #[error("The request body could not be read")]
    Unreadable,
    /// Keys do not make keys: 403.
    #[error("An API key cannot be used to manage API keys")]
    ShownByKey,
    /// A header that should name tags does not: 400.
    #[error("{0} is neither * nor a list of ETags")]
    NoTags(&'static str),
    /// The row is not as the request's condition says: 412.
    #[error("{model} with ID {id} is not in the state that the condition names.")]
    Changed {
        /// The resource's name.
        model: &'static str,
        /// The row.
        id: String,
        /// The tag that it has now.
        current: Tag,
    },
    /// A condition on what has no tag: 412.
    #[error("What this request is for has no ETag that If-Match could name")]
    Untagged,
    /// An answer that cannot be written as JSON: 500.
    #[error(transparent)]
    Unwritable(serde_json::Error),
    /// A file without anything in it: 400.
    #[error("Uploaded file is empty")]
    EmptyFile,
    /// A file that is not taken: 400.
    #[error("{}", .0.msg)]
    BadFile(Box<Problem>),
    /// A signed URL that was not signed here, or is too old: 403.
    #[error("The signature is wrong, or has expired")]
    BadSignature,
    /// Temporary files, or what is written to them: 500.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// What there is enough of, or too little, at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Busy {
    /// Bytes of request bodies.
    #[error("overloaded: request bodies hold all the memory that they may")]
    Bodies,
    /// Long answers on their way.
    #[error("overloaded: too many large answers are on their way")]
    Answers,
    /// What tells who asks does not answer.
    #[error("who asks cannot be found out at the moment")]
    Identity,
    /// Where files are kept does not answer.
    #[error("the storage of files does not answer at the moment")]
    Storage,
}

impl Busy {
    /// All reasons, for metrics.
    pub const REASONS: [&str; 4] = ["bodies_full", "answers_full", "identity_unavailable", "storage_unavailable"];

    /// A short word for metrics and clients.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Bodies => "bodies_full",
            Self::Answers => "answers_full",
            Self::Identity => "identity_unavailable",
            Self::Storage => "storage_unavailable",
        }
    }
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

impl ApiError {
    /// The answer. To be called where many problems may be written: on the blocking thread.
    pub fn render(&self) -> Rendered {
        match self {
            Self::Store(error) => render_store(error),
            Self::Invalid(problems) => list(StatusCode::UNPROCESSABLE_ENTITY, problems),
            Self::TooLarge(_) => text(StatusCode::PAYLOAD_TOO_LARGE, &self.to_string()),
            Self::Stalled => Rendered { closes: true, ..text(StatusCode::REQUEST_TIMEOUT, &self.to_string()) },
            Self::Busy(busy) => unavailable("1", &busy.to_string(), busy.reason()),
            Self::Unreadable | Self::EmptyFile | Self::NoTags(_) => text(StatusCode::BAD_REQUEST, &self.to_string()),
            Self::ShownByKey | Self::BadSignature => text(StatusCode::FORBIDDEN, &self.to_string()),
            Self::Changed { current, .. } => {
                Rendered { tag: Some(*current), ..text(StatusCode::PRECONDITION_FAILED, &self.to_string()) }
            }
            Self::Untagged => text(StatusCode::PRECONDITION_FAILED, &self.to_string()),
            Self::Unwritable(cause) => {
                log::error!("an answer could not be serialised: {cause}");
                Rendered::internal()
            }
            // What is still to come of it is not read.
            Self::BadFile(problem) => {
                Rendered { closes: true, ..list(StatusCode::BAD_REQUEST, std::slice::from_ref(problem)) }
            }
            Self::Io(cause) => {
                log::error!("files: {cause}");
                Rendered::internal()
            }
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.render().status
    }

    fn error_response(&self) -> HttpResponse {
        self.render().into()
    }
}

fn render_store(error: &StoreError) -> Rendered {
    match error {
        StoreError::NotFound { .. } | StoreError::Missing(_) => text(StatusCode::NOT_FOUND, &error.to_string()),
        StoreError::WrongKind(problem) => list(StatusCode::NOT_FOUND, std::slice::from_ref(problem)),
        StoreError::Invalid(problems) => list(StatusCode::UNPROCESSABLE_ENTITY, problems),
        StoreError::Conflict(problem) => list(StatusCode::CONFLICT, std::slice::from_ref(problem)),
        StoreError::ConflictText(message) => text(StatusCode::CONFLICT, message),
        StoreError::Filter(refused) if refused.is_about_shape() => {
            text(StatusCode::UNPROCESSABLE_ENTITY, &refused.to_string())
        }
        StoreError::Filter(refused) => text(StatusCode::BAD_REQUEST, &refused.to_string()),
        StoreError::Refused(refusal) => render_refusal(refusal),
        StoreError::NoRandomness(cause) => {
            log::error!("{cause}");
            Rendered::internal()
        }
        StoreError::Database(cause) => match classify(cause) {
            Some(violation) => {
                log::info!("constraint violated: {violation:?}");
                list(StatusCode::CONFLICT, &[answer(&violation)])
            }
            None => {
                log::error!("database error without an answer of its own: {cause}");
                Rendered::internal()
            }
        },
    }
}

/// 503 with `Retry-After` and the reason; 500 for a panic.
pub fn render_refusal(refusal: &Refusal) -> Rendered {
    let Some(seconds) = refusal.retry_after() else { return Rendered::internal() };
    let closes = matches!(refusal, Refusal::ShuttingDown);
    Rendered { closes, ..unavailable(seconds, &refusal.to_string(), refusal.reason()) }
}

fn unavailable(seconds: &'static str, detail: &str, reason: &'static str) -> Rendered {
    let body = Unavailable { detail: detail.to_owned(), reason };
    Rendered { retry_after: Some(seconds), ..Rendered::json(StatusCode::SERVICE_UNAVAILABLE, &body) }
}

fn list(status: StatusCode, problems: &[Problem]) -> Rendered {
    Rendered::json(status, &json!({ "detail": problems }))
}

/// An answer with a sentence as its detail.
pub fn text(status: StatusCode, message: &str) -> Rendered {
    Rendered::json(status, &json!({ "detail": message }))
}

#[cfg(test)]
mod tests {
    use diesel::result::{DatabaseErrorKind, Error};

    use super::*;

    #[test]
    fn a_database_error_never_tells_its_cause() {
        let secret = Box::new("Key (name)=(gate code 4711) of SELECT".to_owned());
        let cause = Error::DatabaseError(DatabaseErrorKind::Unknown, secret);
        let rendered = ApiError::from(StoreError::Database(cause)).render();
        assert_eq!(rendered.status, 500);
        assert!(rendered.retry_after.is_none());
        assert_eq!(rendered.body, b"Internal Server Error");
    }

    #[test]
    fn every_refusal_says_when_to_come_back() {
        for refusal in
            [Refusal::QueueFull, Refusal::Unavailable, Refusal::Deadline, Refusal::Full, Refusal::ShuttingDown]
        {
            let rendered = ApiError::from(refusal).render();
            assert_eq!(rendered.status, 503);
            assert!(rendered.retry_after.is_some());
        }
        assert_eq!(ApiError::from(Refusal::Panicked).render().status, 500);
    }
}
