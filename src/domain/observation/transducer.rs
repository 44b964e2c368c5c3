//! Series of readings from sensors left in place, and the blocks in which they are published and reviewed.
//!
//! A reading and a block are not linked by a key. A reading belongs to the block of its thing (through the deployment) and
//! parameter whose span contains its time, both ends inclusive; of several, to the one that starts last, and of those that
//! start together to the one stored last.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::domain::measure::region::Region;
use crate::domain::measure::time::{ExactDateTime, UtcDateTime};
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch, Slot, object};
use crate::domain::request::problem::{LocPart, expected};
use crate::domain::thing::Feet;

/// The review status of a block nobody has looked at.
pub const NOT_REVIEWED: &str = "not reviewed";
/// The review status that makes a block's readings approved.
const APPROVED: &str = "approved";
/// What readings are until their block is approved.
const PROVISIONAL: &str = "provisional";
/// What a source file held.
const SOURCE_KINDS: [&str; 2] = ["water_head", "depth_to_water"];

/// The data maturity of the readings of a block with this review status.
pub fn maturity(review_status: &str) -> &'static str {
    if review_status == APPROVED { APPROVED } else { PROVISIONAL }
}

/// A reading as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TransducerObservation {
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
    /// Depth to water, ft below ground.
    pub value: f64,
    /// Always `ft`.
    pub unit: Feet,
    /// When it was read.
    #[schema(value_type = String, format = DateTime)]
    pub observation_datetime: ExactDateTime,
    /// What was read.
    pub parameter_id: i32,
    /// Where, with which sensor.
    pub deployment_id: i32,
    /// Why it was changed, or anything else about it.
    pub note: Option<String>,
    /// Term of `data_maturity`.
    pub data_maturity: Option<String>,
}

/// A block of readings as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TransducerBlock {
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
    /// Term of `review_status`.
    pub review_status: String,
    /// First moment, inclusive.
    #[schema(value_type = String, format = DateTime)]
    pub start_datetime: ExactDateTime,
    /// Last moment, inclusive.
    #[schema(value_type = String, format = DateTime)]
    pub end_datetime: ExactDateTime,
    /// What was read.
    pub parameter_id: i32,
    /// The file that the readings came from.
    pub source_file: Option<String>,
    /// What that file held: `water_head` or `depth_to_water`.
    pub source_kind: Option<String>,
    /// What was done to the readings, in order.
    pub corrections: Vec<String>,
    /// Anything else about the block.
    pub comment: Option<String>,
}

/// An item of the list of readings.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TransducerReading {
    /// The reading.
    pub observation: TransducerObservation,
    /// The block that it belongs to.
    pub block: TransducerBlock,
}

/// One reading with its surroundings.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TransducerDetail {
    /// The reading.
    pub observation: TransducerObservation,
    /// The block that it belongs to; null when no block contains its time.
    pub block: Option<TransducerBlock>,
    /// The thing where it was read.
    pub thing_id: i32,
}

/// What `POST .../block` stored.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PublishedBlock {
    /// The new block.
    pub block: TransducerBlock,
    /// Readings stored with it.
    pub observation_count: usize,
    /// The thing of the body.
    pub thing_id: i32,
    /// The deployment of the body, or the one found.
    pub deployment_id: i32,
}

/// What `PATCH .../block/{block_id}` changed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReviewedBlock {
    /// The block.
    pub block: TransducerBlock,
    /// What its readings are now: `approved` or `provisional`.
    #[schema(value_type = String)]
    pub data_maturity: &'static str,
    /// Readings of the block that were set to it.
    pub updated_observation_count: usize,
}

/// What the removal of a range did.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DeletedRange {
    /// Readings removed.
    pub deleted_observation_count: usize,
    /// Blocks that had no readings left.
    pub deleted_block_ids: Vec<i32>,
    /// Blocks that lost readings; their spans now end at what is left.
    pub updated_block_ids: Vec<i32>,
    /// The thing asked for.
    pub thing_id: i32,
}

/// Which readings a list is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransducerSearch {
    /// Readings at this thing.
    pub thing_id: Option<i32>,
    /// At this time or later.
    pub start_time: Option<UtcDateTime>,
    /// At this time or earlier.
    pub end_time: Option<UtcDateTime>,
    /// Where their things are now.
    pub region: Region,
}

/// Body of `POST /observation/transducer-groundwater-level/block`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateTransducerBlock {
    /// The thing; it must exist.
    pub thing_id: i64,
    /// A deployment at that thing. Null: the thing's only one, or the only one whose dates cover the measurements.
    pub deployment_id: Option<i64>,
    /// The parameter; it must exist.
    pub parameter_id: i64,
    /// Term of `release_status`, of the block and its readings; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
    /// Term of `review_status`; `not reviewed` when absent.
    #[schema(required = false)]
    pub review_status: String,
    /// Where the measurements come from.
    pub provenance: Option<Provenance>,
    /// At least one, their times strictly increasing. The block spans from the first to the last.
    pub measurements: Vec<Measurement>,
}

/// Where the measurements of a block come from.
#[derive(Clone, Debug, Default, PartialEq, ToSchema)]
pub struct Provenance {
    /// Name of the file.
    pub source_file: Option<String>,
    /// What the file held: `water_head` or `depth_to_water`.
    pub source_kind: Option<String>,
    /// What was done to the readings, in order.
    #[schema(required = false)]
    pub corrections: Vec<String>,
    /// Becomes the block's comment.
    pub notes: Option<String>,
}

/// A reading to be stored.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct Measurement {
    /// With an offset, not in the future.
    #[schema(value_type = String, format = DateTime)]
    pub observation_datetime: UtcDateTime,
    /// Depth to water, ft below ground; finite.
    pub value: f64,
    /// Anything about this reading.
    pub note: Option<String>,
}

impl FromForm for CreateTransducerBlock {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.required("thing_id", read::integer);
        let deployment_id = form.optional("deployment_id", read::integer);
        let parameter_id = form.required("parameter_id", read::integer);
        let (release_status, release_at) = form.release();
        let review_status = form.or("review_status", NOT_REVIEWED.to_owned(), read::term("review_status"));
        let provenance = form.optional("provenance", object);
        let measurements = form.required("measurements", measurements);
        Some(Self {
            thing_id: thing_id?,
            deployment_id: deployment_id?,
            parameter_id: parameter_id?,
            release_status: release_status?,
            release_at: release_at?,
            review_status: review_status?,
            provenance: provenance?,
            measurements: measurements?,
        })
    }
}

impl FromForm for Provenance {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let source_file = form.optional("source_file", read::line(255));
        let source_kind = form.optional("source_kind", source_kind);
        let corrections = form.or("corrections", Vec::new(), read::list(read::text));
        let notes = form.optional("notes", read::text);
        Some(Self { source_file: source_file?, source_kind: source_kind?, corrections: corrections?, notes: notes? })
    }
}

impl FromForm for Measurement {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let observation_datetime = form.required("observation_datetime", read::past_datetime);
        let value = form.required("value", read::float);
        let note = form.optional("note", read::text);
        Some(Self { observation_datetime: observation_datetime?, value: value?, note: note? })
    }
}

fn source_kind(slot: &mut Slot<'_>) -> Option<String> {
    let kind = read::text(slot)?;
    if SOURCE_KINDS.contains(&kind.as_str()) {
        return Some(kind);
    }
    let expected = expected(&SOURCE_KINDS.map(str::to_owned));
    slot.refuse_with("enum", format!("Input should be {expected}"), json!({ "expected": expected }))
}

/// The most measurements of a block: about as many as a body has room for.
const MOST_MEASUREMENTS: usize = 40_000;

/// At least one measurement, each later than the one before. The order is looked at once all can be read.
fn measurements(slot: &mut Slot<'_>) -> Option<Vec<Measurement>> {
    let measurements: Vec<Measurement> = slot.each_up_to(MOST_MEASUREMENTS, object)?;
    if measurements.is_empty() {
        let message = "List should have at least 1 item after validation, not 0";
        let ctx = json!({"field_type": "List", "min_length": 1, "actual_length": 0});
        return slot.refuse_with("too_short", message, ctx);
    }
    let mut ordered = true;
    let pairs = measurements.iter().zip(measurements.iter().skip(1)).enumerate();
    for (at, (before, after)) in pairs {
        if after.observation_datetime <= before.observation_datetime {
            ordered = false;
            let path = vec![LocPart::Index(at + 1), "observation_datetime".into()];
            slot.refuse_below::<()>(path, "Measurement times must be strictly increasing");
        }
    }
    ordered.then_some(measurements)
}

/// Body of `PATCH /observation/transducer-groundwater-level/block/{block_id}`; takes no other field.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateTransducerBlock {
    /// Term of `review_status`. `approved` makes the block's readings approved, anything else provisional.
    #[schema(nullable = false)]
    pub review_status: Option<String>,
}

impl FromForm for UpdateTransducerBlock {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let review_status = form.patch_required("review_status", read::term("review_status"));
        form.forbid_others(&["review_status"]);
        Some(Self { review_status: review_status? })
    }
}

/// Body of `PATCH /observation/transducer-groundwater-level/{observation_id}`; takes no other field.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateTransducerObservation {
    /// Depth to water, ft below ground; a changed one needs a note.
    #[schema(nullable = false)]
    pub value: Option<f64>,
    /// Why it was changed, or anything else about it.
    #[schema(value_type = Option<String>)]
    pub note: Patch<String>,
    /// Term of `data_maturity`.
    #[schema(value_type = Option<String>)]
    pub data_maturity: Patch<String>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<chrono::NaiveDate>,
}

impl FromForm for UpdateTransducerObservation {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let value = form.patch_required("value", read::float);
        let note = form.patch("note", read::text);
        let data_maturity = form.patch("data_maturity", read::term("data_maturity"));
        let (release_status, release_at) = form.release_change();
        form.forbid_others(&["value", "note", "data_maturity", "release_status", "release_at"]);
        Some(Self {
            value: value?,
            note: note?,
            data_maturity: data_maturity?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::domain::request::form::Parsed;

    fn problems<T: FromForm>(body: &Value) -> Vec<(String, Value)> {
        let resolved = Parsed::<T>::read(body).resolve(|_| None);
        let place = |loc: &Vec<LocPart>| serde_json::to_value(loc).unwrap();
        resolved.err().unwrap().iter().map(|problem| (problem.kind.to_string(), place(&problem.loc))).collect()
    }

    #[test]
    fn times_must_increase() {
        let at = |second: u32| json!({"observation_datetime": format!("2026-01-01T00:00:0{second}Z"), "value": 1});
        let body = |measurements: Value| json!({"thing_id": 1, "parameter_id": 1, "measurements": measurements});
        assert_eq!(
            problems::<CreateTransducerBlock>(&body(json!([at(1), at(3), at(3), at(2), at(4)]))),
            [2, 3].map(|place| {
                ("value_error".to_owned(), json!(["body", "measurements", place, "observation_datetime"]))
            })
        );
        let empty = problems::<CreateTransducerBlock>(&body(json!([])));
        assert_eq!(empty, [("too_short".to_owned(), json!(["body", "measurements"]))]);
        let unreadable = problems::<CreateTransducerBlock>(&body(json!([at(2), {"value": "much"}, at(1)])));
        assert_eq!(unreadable.len(), 2, "order is not looked at: {unreadable:?}");
    }

    #[test]
    fn other_fields_are_forbidden_in_the_order_sent() {
        let body = json!({"zeta": 1, "value": "x", "alpha": null});
        let found = problems::<UpdateTransducerObservation>(&body);
        assert_eq!(
            found,
            [
                ("float_parsing".to_owned(), json!(["body", "value"])),
                ("extra_forbidden".to_owned(), json!(["body", "zeta"])),
                ("extra_forbidden".to_owned(), json!(["body", "alpha"])),
            ]
        );
    }
}
