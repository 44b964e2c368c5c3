//! What users say about the program.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm};

/// What a report can be about.
pub const KINDS: &[&str] = &["bug", "feature"];

/// The members of a report that have a column each.
const OWN: [&str; 3] = ["type", "page_url", "reporter_name"];

/// The most characters of the others together, as JSON.
pub const MOST_DETAILS: usize = 100_000;

/// A report as administrators see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Feedback {
    /// Key.
    pub id: i32,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// `bug` or `feature`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The page that it is about.
    pub page_url: Option<String>,
    /// Who reports, by his own word.
    pub reporter_name: Option<String>,
    /// Whatever else was sent.
    #[schema(value_type = Object)]
    pub details: Map<String, Value>,
}

/// Body of `POST /feedback`. Whatever else it has is kept as it is.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateFeedback {
    /// `bug` or `feature`.
    #[schema(rename = "type")]
    pub kind: String,
    /// The page that it is about.
    pub page_url: Option<String>,
    /// Who reports, in his own words.
    pub reporter_name: Option<String>,
    /// The other members, as JSON.
    #[schema(ignore)]
    pub details: String,
}

impl FromForm for CreateFeedback {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let kind = form.required("type", read::one_of(KINDS));
        let page_url = form.optional("page_url", read::line(2000));
        let reporter_name = form.optional("reporter_name", read::line(255));
        let details = form.others(&OWN).to_string();
        if details.chars().count() > MOST_DETAILS {
            form.refuse(&format!("A report has at most {MOST_DETAILS} characters"));
        }
        Some(Self { kind: kind?, page_url: page_url?, reporter_name: reporter_name?, details })
    }
}

/// Answer of `POST /feedback`, in the words of clients that expect a tracker behind the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeedbackReceipt {
    /// What the report is called.
    pub jira_key: String,
    /// Where it can be followed: null, because the service keeps it itself.
    pub jira_url: Option<String>,
}

impl FeedbackReceipt {
    /// The receipt for the report with this key.
    pub fn of(id: i32) -> Self {
        Self { jira_key: format!("FEEDBACK-{id}"), jira_url: None }
    }
}
