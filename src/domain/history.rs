//! What became of a row: who made, changed and removed it, and what it was before.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::measure::time::ExactDateTime;

/// What was done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It was stored.
    Create,
    /// It was changed.
    Update,
    /// It was removed.
    Delete,
}

/// One entry of a row's history.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Key of the entry; null for the row's creation, which the row itself tells.
    pub id: Option<i64>,
    /// What was done.
    pub action: Action,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: ExactDateTime,
    /// The principal's id; null when nobody proved who he is, and for what others than the service have written.
    pub changed_by_id: Option<String>,
    /// The principal's name.
    pub changed_by_name: Option<String>,
    /// The request, as in the log and in `X-Request-Id`; null for creations and for what others than the service have written.
    pub request_id: Option<String>,
    /// The row as it was before, by the names of its columns in the database; null for its creation.
    #[schema(value_type = Option<Object>)]
    pub before: Option<BTreeMap<String, Value>>,
}
