//! Instruments.

use serde::Serialize;
use utoipa::ToSchema;

use super::form::{Form, FromForm, Patch, Slot};
use super::read;
use super::time::UtcDateTime;

/// A sensor as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Sensor {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String)]
    pub created_at: UtcDateTime,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// What it is called.
    pub name: String,
    /// Term of `sensor_type`.
    pub sensor_type: String,
    /// The maker's model.
    pub model: Option<String>,
    /// The maker's number; unique.
    pub serial_no: Option<String>,
    /// Property control number; unique.
    pub pcn_number: Option<String>,
    /// Term of `organization`.
    pub owner_agency: Option<String>,
    /// Term of `sensor_status`.
    pub sensor_status: Option<String>,
    /// Free text.
    pub notes: Option<String>,
}

/// Which sensors a list is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SensorSearch {
    /// Those deployed at this thing.
    pub thing_id: Option<i32>,
    /// Those with an observation of this parameter.
    pub parameter_id: Option<i32>,
}

/// Body of `POST /sensor`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateSensor {
    /// What it is called.
    pub name: String,
    /// Term of `sensor_type`.
    pub sensor_type: String,
    /// The maker's model.
    pub model: Option<String>,
    /// The maker's number; unique. Blank counts as null.
    pub serial_no: Option<String>,
    /// Property control number; unique. Blank counts as null.
    pub pcn_number: Option<String>,
    /// Term of `organization`.
    pub owner_agency: Option<String>,
    /// Term of `sensor_status`.
    pub sensor_status: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
}

impl FromForm for CreateSensor {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.required("name", read::name(255));
        let sensor_type = form.required("sensor_type", read::term("sensor_type"));
        let model = form.optional("model", read::line(50));
        let serial_no = form.optional("serial_no", number);
        let pcn_number = form.optional("pcn_number", number);
        let owner_agency = form.optional("owner_agency", read::any_term);
        let sensor_status = form.optional("sensor_status", read::any_term);
        let notes = form.optional("notes", read::text);
        let release_status = form.or("release_status", super::draft(), read::release_status);
        Some(Self {
            name: name?,
            sensor_type: sensor_type?,
            model: model?,
            serial_no: serial_no?.flatten(),
            pcn_number: pcn_number?.flatten(),
            owner_agency: owner_agency?,
            sensor_status: sensor_status?,
            notes: notes?,
            release_status: release_status?,
        })
    }
}

/// Body of `PATCH /sensor/{sensor_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateSensor {
    /// What it is called.
    pub name: Option<String>,
    /// Term of `sensor_type`.
    pub sensor_type: Option<String>,
    /// The maker's model.
    #[schema(value_type = Option<String>)]
    pub model: Patch<String>,
    /// The maker's number; unique. Blank counts as null.
    #[schema(value_type = Option<String>)]
    pub serial_no: Patch<String>,
    /// Property control number; unique. Blank counts as null.
    #[schema(value_type = Option<String>)]
    pub pcn_number: Patch<String>,
    /// Term of `organization`.
    #[schema(value_type = Option<String>)]
    pub owner_agency: Patch<String>,
    /// Term of `sensor_status`.
    #[schema(value_type = Option<String>)]
    pub sensor_status: Patch<String>,
    /// Free text.
    #[schema(value_type = Option<String>)]
    pub notes: Patch<String>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
}

impl FromForm for UpdateSensor {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.patch_required("name", read::name(255));
        let sensor_type = form.patch_required("sensor_type", read::term("sensor_type"));
        let model = form.patch("model", read::line(50));
        let serial_no = form.patch("serial_no", number);
        let pcn_number = form.patch("pcn_number", number);
        let owner_agency = form.patch("owner_agency", read::any_term);
        let sensor_status = form.patch("sensor_status", read::any_term);
        let notes = form.patch("notes", read::text);
        let release_status = form.patch("release_status", read::release_status);
        Some(Self {
            name: name?,
            sensor_type: sensor_type?,
            model: model?,
            serial_no: blank_as_null(serial_no?),
            pcn_number: blank_as_null(pcn_number?),
            owner_agency: owner_agency?,
            sensor_status: sensor_status?,
            notes: notes?,
            release_status: release_status?,
        })
    }
}

/// A unique number. An empty one identifies nothing: stored, it would keep every second sensor without a number out.
#[expect(clippy::option_option, reason = "outer: readable; inner: given")]
fn number(slot: &mut Slot<'_>) -> Option<Option<String>> {
    let number = read::line(50)(slot)?;
    Some((!number.is_empty()).then_some(number))
}

fn blank_as_null(number: Patch<Option<String>>) -> Patch<String> {
    match number {
        Patch::Absent => Patch::Absent,
        Patch::Null | Patch::Value(None) => Patch::Null,
        Patch::Value(Some(number)) => Patch::Value(number),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::super::form::Parsed;
    use super::*;

    #[test]
    fn blank_numbers_count_as_null() {
        let body = Parsed::<UpdateSensor>::read(&json!({"serial_no": " ", "pcn_number": "7"}));
        let patch = body.settle(|_| None).unwrap();
        assert_eq!((patch.serial_no, patch.pcn_number), (Patch::Null, Patch::Value("7".to_owned())));
    }
}
