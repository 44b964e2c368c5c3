//! What owners allow, over time: consent to field work at a thing or a location.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;
use crate::domain::request::form::Form;
use crate::domain::request::target::TARGETS;
use crate::domain::thing::history::{BAD_PERIOD, period_problem};

/// A permission as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PermissionHistory {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// The day from which on it is public, for the status `embargoed`. Left out with any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
    /// Who allows it.
    pub contact_id: i32,
    /// Term of `permission_type`.
    pub permission_type: String,
    /// Whether it is allowed.
    pub permission_allowed: bool,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub start_date: NaiveDate,
    /// Last day; null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Option<NaiveDate>,
    /// Free text.
    pub notes: Option<String>,
    /// `thing` or `location`.
    pub target_table: String,
    /// The thing or the location.
    pub target_id: i32,
}

/// Which permissions a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionHistorySearch {
    /// Permissions of this contact.
    pub contact_id: Option<i32>,
    /// `thing` or `location`.
    pub target_table: Option<String>,
    /// Permissions for the thing or the location with this id.
    pub target_id: Option<i32>,
}

bodies! {
    /// Body of `POST /permission-history`.
    CreatePermissionHistory;
    /// Body of `PATCH /permission-history/{permission_history_id}`; every field may be absent.
    UpdatePermissionHistory;
    {
        /// Who allows it; the contact must exist.
        contact_id: i64 = read::integer,
        /// Term of `permission_type`.
        permission_type: String = read::term("permission_type"),
        /// Whether it is allowed.
        permission_allowed: bool or(false) = read::boolean,
        /// First day.
        start_date: NaiveDate = read::date,
        /// Last day; null while it holds.
        end_date?: NaiveDate = read::date,
        /// Free text.
        notes?: String = read::text,
        /// `thing` or `location`.
        target_table: String = read::one_of(&TARGETS),
        /// The thing or the location; it must exist.
        target_id: i64 = read::integer
    }
    create |form: &mut Form<'_>| {
        if let (Some(start), Some(end)) = (start_date, end_date)
            && period_problem(start, end).is_some()
        {
            form.refuse(BAD_PERIOD);
        }
    }
}
