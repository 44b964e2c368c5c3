//! Samples; a water level measurement counts as one.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::Contact;
use crate::domain::field_activity::FieldActivity;
use crate::domain::field_event::FieldEvent;
use crate::domain::measure::region::Region;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch};
use crate::domain::thing::Thing;

/// A sample as clients see it, with where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Sample {
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
    pub release_at: Option<chrono::NaiveDate>,
    /// Where it was taken.
    pub thing: Thing,
    /// During which visit.
    pub field_event: FieldEvent,
    /// During which activity.
    pub field_activity: SampleActivity,
    /// Who took it.
    pub contact: Option<Contact>,
    /// When it was taken.
    #[schema(value_type = String, format = DateTime)]
    pub sample_date: UtcDateTime,
    /// Unique.
    pub sample_name: String,
    /// Term of `sample_matrix`.
    pub sample_matrix: String,
    /// Term of `sample_method`.
    pub sample_method: String,
    /// Term of `qc_type`.
    pub qc_type: String,
    /// Free text.
    pub notes: Option<String>,
    /// Feet below ground.
    pub depth_top: Option<f64>,
    /// Feet below ground.
    pub depth_bottom: Option<f64>,
}

/// The activity of a sample.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SampleActivity {
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
    pub release_at: Option<chrono::NaiveDate>,
    /// The visit.
    pub field_event_id: i32,
    /// Term of `activity_type`.
    pub activity_type: String,
}

impl From<FieldActivity> for SampleActivity {
    fn from(activity: FieldActivity) -> Self {
        let FieldActivity { id, created_at, release_status, release_at, field_event_id, activity_type, .. } = activity;
        Self { id, created_at, release_status, release_at, field_event_id, activity_type }
    }
}

const DEPTHS: &str = "Depth top and bottom must both be defined or both must be None.";

/// Body of `POST /sample`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateSample {
    /// The activity; it must exist.
    pub field_activity_id: i64,
    /// Who took it; the participant must exist.
    pub field_event_participant_id: Option<i64>,
    /// When it was taken, with an offset; not in the future.
    #[schema(value_type = String, format = DateTime)]
    pub sample_date: UtcDateTime,
    /// Unique.
    pub sample_name: String,
    /// Term of `sample_matrix`.
    pub sample_matrix: String,
    /// Term of `sample_method`.
    pub sample_method: String,
    /// Term of `qc_type`.
    pub qc_type: String,
    /// Free text.
    pub notes: Option<String>,
    /// Feet below ground; only together with `depth_bottom`.
    pub depth_top: Option<f64>,
    /// Feet below ground; only together with `depth_top`.
    pub depth_bottom: Option<f64>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
}

impl FromForm for CreateSample {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let field_activity_id = form.required("field_activity_id", read::integer);
        let field_event_participant_id = form.optional("field_event_participant_id", read::integer);
        let sample_date = form.required("sample_date", read::past_datetime);
        let sample_name = form.required("sample_name", read::name(255));
        let sample_matrix = form.required("sample_matrix", read::term("sample_matrix"));
        let sample_method = form.required("sample_method", read::term("sample_method"));
        let qc_type = form.required("qc_type", read::term("qc_type"));
        let notes = form.optional("notes", read::text);
        let depth_top = form.optional("depth_top", read::float);
        let depth_bottom = form.optional("depth_bottom", read::float);
        let (release_status, release_at) = form.release();
        if let (Some(top), Some(bottom)) = (depth_top, depth_bottom)
            && top.is_some() != bottom.is_some()
        {
            form.refuse(DEPTHS);
        }
        Some(Self {
            field_activity_id: field_activity_id?,
            field_event_participant_id: field_event_participant_id?,
            sample_date: sample_date?,
            sample_name: sample_name?,
            sample_matrix: sample_matrix?,
            sample_method: sample_method?,
            qc_type: qc_type?,
            notes: notes?,
            depth_top: depth_top?,
            depth_bottom: depth_bottom?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /sample/{sample_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateSample {
    /// The activity; it must exist.
    #[schema(nullable = false)]
    pub field_activity_id: Option<i64>,
    /// Who took it; the participant must exist.
    #[schema(value_type = Option<i64>)]
    pub field_event_participant_id: Patch<i64>,
    /// When it was taken, with an offset; not in the future.
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub sample_date: Option<UtcDateTime>,
    /// Unique.
    #[schema(nullable = false)]
    pub sample_name: Option<String>,
    /// Term of `sample_matrix`.
    #[schema(nullable = false)]
    pub sample_matrix: Option<String>,
    /// Term of `sample_method`.
    #[schema(nullable = false)]
    pub sample_method: Option<String>,
    /// Term of `qc_type`.
    #[schema(nullable = false)]
    pub qc_type: Option<String>,
    /// Free text.
    #[schema(value_type = Option<String>)]
    pub notes: Patch<String>,
    /// Feet below ground; only together with `depth_bottom`.
    #[schema(value_type = Option<f64>)]
    pub depth_top: Patch<f64>,
    /// Feet below ground; only together with `depth_top`.
    #[schema(value_type = Option<f64>)]
    pub depth_bottom: Patch<f64>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<chrono::NaiveDate>,
}

impl FromForm for UpdateSample {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let field_activity_id = form.patch_required("field_activity_id", read::integer);
        let field_event_participant_id = form.patch("field_event_participant_id", read::integer);
        let sample_date = form.patch_required("sample_date", read::past_datetime);
        let sample_name = form.patch_required("sample_name", read::name(255));
        let sample_matrix = form.patch_required("sample_matrix", read::term("sample_matrix"));
        let sample_method = form.patch_required("sample_method", read::term("sample_method"));
        let qc_type = form.patch_required("qc_type", read::term("qc_type"));
        let notes = form.patch("notes", read::text);
        let depth_top = form.patch("depth_top", read::float);
        let depth_bottom = form.patch("depth_bottom", read::float);
        let (release_status, release_at) = form.release_change();
        if let (Some(top), Some(bottom)) = (&depth_top, &depth_bottom) {
            // Both must say the same: left alone, cleared or set. So a row never has one depth alone.
            if std::mem::discriminant(top) != std::mem::discriminant(bottom) {
                form.refuse(DEPTHS);
            }
        }
        Some(Self {
            field_activity_id: field_activity_id?,
            field_event_participant_id: field_event_participant_id?,
            sample_date: sample_date?,
            sample_name: sample_name?,
            sample_matrix: sample_matrix?,
            sample_method: sample_method?,
            qc_type: qc_type?,
            notes: notes?,
            depth_top: depth_top?,
            depth_bottom: depth_bottom?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Which samples a list is about; all conditions must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampleSearch {
    /// Those taken at this thing.
    pub thing_id: Option<i32>,
    /// Where their things are now.
    pub region: Region,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::request::form::Parsed;

    fn problems(body: &Value) -> Vec<String> {
        let resolved = Parsed::<UpdateSample>::read(body).resolve(|_| None);
        resolved.err().unwrap_or_default().into_iter().map(|problem| problem.msg).collect()
    }

    #[test]
    fn depths_come_in_pairs() {
        let refused = vec![format!("Value error, {DEPTHS}")];
        assert_eq!(problems(&json!({"depth_top": 1})), refused);
        assert_eq!(problems(&json!({"depth_bottom": null})), refused);
        assert_eq!(problems(&json!({"depth_top": 1, "depth_bottom": null})), refused);
        assert!(problems(&json!({"depth_top": 1, "depth_bottom": 2})).is_empty());
        assert!(problems(&json!({"depth_top": null, "depth_bottom": null})).is_empty());
        assert!(problems(&json!({})).is_empty());
    }
}
