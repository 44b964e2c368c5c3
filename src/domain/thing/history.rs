//! What changes over a thing's time: statuses, measuring points, monitoring frequencies.
//!
//! A row without an end is open: it holds now.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch};
use crate::domain::request::problem::Problem;

/// What is said of a period that ends before it starts.
pub const BAD_PERIOD: &str = "End date must not be before the start date.";

/// What is wrong with a period, for a change of one of its ends.
pub fn period_problem(start: NaiveDate, end: Option<NaiveDate>) -> Option<Problem> {
    let end = end.filter(|end| *end < start)?;
    let input = json!({ "start_date": start, "end_date": end });
    Some(Problem::value_error(vec!["body".into()], BAD_PERIOD, input))
}

/// `start_date` and `end_date` of a new row.
struct Period {
    start: NaiveDate,
    end: Option<NaiveDate>,
}

impl Period {
    fn read(form: &mut Form<'_>) -> Option<Self> {
        let start = form.required("start_date", read::past_date);
        let end = form.optional("end_date", read::past_date);
        let (start, end) = (start?, end?);
        if period_problem(start, end).is_some() {
            form.refuse(BAD_PERIOD);
        }
        Some(Self { start, end })
    }
}

/// A status of a thing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StatusHistory {
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
    /// Term of `status_type`.
    pub status_type: String,
    /// Term of `status_value`.
    pub status_value: String,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub start_date: NaiveDate,
    /// Last day; null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Option<NaiveDate>,
    /// Why it changed.
    pub reason: Option<String>,
    /// The thing.
    pub target_id: i32,
    /// Always `thing`.
    pub target_table: String,
}

/// Body of `POST /thing/{thing_id}/status-history`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateStatusHistory {
    /// Term of `status_type`.
    pub status_type: String,
    /// Term of `status_value`.
    pub status_value: String,
    /// First day; not in the future.
    #[schema(value_type = String, format = Date)]
    pub start_date: NaiveDate,
    /// Last day; not in the future and not before the first. Null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Option<NaiveDate>,
    /// Why it changed.
    pub reason: Option<String>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
}

impl FromForm for CreateStatusHistory {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let status_type = form.required("status_type", read::term("status_type"));
        let status_value = form.required("status_value", read::term("status_value"));
        let period = Period::read(form);
        let reason = form.optional("reason", read::text);
        let (release_status, release_at) = form.release();
        let Period { start, end } = period?;
        Some(Self {
            status_type: status_type?,
            status_value: status_value?,
            start_date: start,
            end_date: end,
            reason: reason?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /thing/status-history/{status_history_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateStatusHistory {
    /// Term of `status_type`.
    #[schema(nullable = false)]
    pub status_type: Option<String>,
    /// Term of `status_value`.
    #[schema(nullable = false)]
    pub status_value: Option<String>,
    /// First day; not in the future.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub start_date: Option<NaiveDate>,
    /// Last day; not in the future and not before the first. Null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Patch<NaiveDate>,
    /// Why it changed.
    #[schema(value_type = Option<String>)]
    pub reason: Patch<String>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<NaiveDate>,
}

impl FromForm for UpdateStatusHistory {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let status_type = form.patch_required("status_type", read::term("status_type"));
        let status_value = form.patch_required("status_value", read::term("status_value"));
        let start_date = form.patch_required("start_date", read::past_date);
        let end_date = form.patch("end_date", read::past_date);
        let reason = form.patch("reason", read::text);
        let (release_status, release_at) = form.release_change();
        Some(Self {
            status_type: status_type?,
            status_value: status_value?,
            start_date: start_date?,
            end_date: end_date?,
            reason: reason?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// The point of a well from which its water levels are measured.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MeasuringPointHistory {
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
    /// The thing.
    pub thing_id: i32,
    /// Feet above ground.
    pub measuring_point_height: Option<f64>,
    /// Where on the well it is.
    pub measuring_point_description: Option<String>,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub start_date: NaiveDate,
    /// Last day; null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Option<NaiveDate>,
    /// Why it changed.
    pub reason: Option<String>,
    /// True when the height was not measured.
    pub measuring_point_height_is_assumed: bool,
}

/// Body of `POST /thing/{thing_id}/measuring-point-history`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateMeasuringPointHistory {
    /// Feet above ground.
    pub measuring_point_height: Option<f64>,
    /// Where on the well it is.
    pub measuring_point_description: Option<String>,
    /// First day; not in the future.
    #[schema(value_type = String, format = Date)]
    pub start_date: NaiveDate,
    /// Last day; not in the future and not before the first. Null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Option<NaiveDate>,
    /// Why it changed.
    pub reason: Option<String>,
    /// True when the height was not measured; false when absent.
    #[schema(required = false)]
    pub measuring_point_height_is_assumed: bool,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
}

impl FromForm for CreateMeasuringPointHistory {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let measuring_point_height = form.optional("measuring_point_height", read::float);
        let measuring_point_description = form.optional("measuring_point_description", read::text);
        let period = Period::read(form);
        let reason = form.optional("reason", read::text);
        let is_assumed = form.or("measuring_point_height_is_assumed", false, read::boolean);
        let (release_status, release_at) = form.release();
        let Period { start, end } = period?;
        Some(Self {
            measuring_point_height: measuring_point_height?,
            measuring_point_description: measuring_point_description?,
            start_date: start,
            end_date: end,
            reason: reason?,
            measuring_point_height_is_assumed: is_assumed?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /thing/measuring-point-history/{measuring_point_history_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateMeasuringPointHistory {
    /// Feet above ground.
    #[schema(value_type = Option<f64>)]
    pub measuring_point_height: Patch<f64>,
    /// Where on the well it is.
    #[schema(value_type = Option<String>)]
    pub measuring_point_description: Patch<String>,
    /// First day; not in the future.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub start_date: Option<NaiveDate>,
    /// Last day; not in the future and not before the first. Null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Patch<NaiveDate>,
    /// Why it changed.
    #[schema(value_type = Option<String>)]
    pub reason: Patch<String>,
    /// True when the height was not measured.
    #[schema(nullable = false)]
    pub measuring_point_height_is_assumed: Option<bool>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<NaiveDate>,
}

impl FromForm for UpdateMeasuringPointHistory {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let measuring_point_height = form.patch("measuring_point_height", read::float);
        let measuring_point_description = form.patch("measuring_point_description", read::text);
        let start_date = form.patch_required("start_date", read::past_date);
        let end_date = form.patch("end_date", read::past_date);
        let reason = form.patch("reason", read::text);
        let is_assumed = form.patch_required("measuring_point_height_is_assumed", read::boolean);
        let (release_status, release_at) = form.release_change();
        Some(Self {
            measuring_point_height: measuring_point_height?,
            measuring_point_description: measuring_point_description?,
            start_date: start_date?,
            end_date: end_date?,
            reason: reason?,
            measuring_point_height_is_assumed: is_assumed?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// How often a thing is to be measured.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MonitoringFrequencyHistory {
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
    /// The thing.
    pub thing_id: i32,
    /// Term of `monitoring_frequency`.
    pub monitoring_frequency: String,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub start_date: NaiveDate,
    /// Last day; null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Option<NaiveDate>,
}

/// Body of `POST /thing/{thing_id}/monitoring-frequency-history`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateMonitoringFrequencyHistory {
    /// Term of `monitoring_frequency`.
    pub monitoring_frequency: String,
    /// First day; not in the future.
    #[schema(value_type = String, format = Date)]
    pub start_date: NaiveDate,
    /// Last day; not in the future and not before the first. Null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Option<NaiveDate>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
}

impl FromForm for CreateMonitoringFrequencyHistory {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let monitoring_frequency = form.required("monitoring_frequency", read::term("monitoring_frequency"));
        let period = Period::read(form);
        let (release_status, release_at) = form.release();
        let Period { start, end } = period?;
        Some(Self {
            monitoring_frequency: monitoring_frequency?,
            start_date: start,
            end_date: end,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /thing/monitoring-frequency-history/{monitoring_frequency_history_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateMonitoringFrequencyHistory {
    /// Term of `monitoring_frequency`.
    #[schema(nullable = false)]
    pub monitoring_frequency: Option<String>,
    /// First day; not in the future.
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    pub start_date: Option<NaiveDate>,
    /// Last day; not in the future and not before the first. Null while it holds.
    #[schema(value_type = Option<String>, format = Date)]
    pub end_date: Patch<NaiveDate>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<NaiveDate>,
}

impl FromForm for UpdateMonitoringFrequencyHistory {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let monitoring_frequency = form.patch_required("monitoring_frequency", read::term("monitoring_frequency"));
        let start_date = form.patch_required("start_date", read::past_date);
        let end_date = form.patch("end_date", read::past_date);
        let (release_status, release_at) = form.release_change();
        Some(Self {
            monitoring_frequency: monitoring_frequency?,
            start_date: start_date?,
            end_date: end_date?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}
