//! Instruments.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;

/// A sensor as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Sensor {
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

bodies! {
    /// Body of `POST /sensor`.
    CreateSensor;
    /// Body of `PATCH /sensor/{sensor_id}`; every field may be absent.
    UpdateSensor;
    {
        /// What it is called.
        name: String = read::name(255),
        /// Term of `sensor_type`.
        sensor_type: String = read::term("sensor_type"),
        /// The maker's model.
        model?: String = read::line(50),
        /// The maker's number; unique. Blank counts as null.
        serial_no?blank: String = read::line(50),
        /// Property control number; unique. Blank counts as null.
        pcn_number?blank: String = read::line(50),
        /// Term of `organization`.
        owner_agency?: String = read::any_term,
        /// Term of `sensor_status`.
        sensor_status?: String = read::any_term,
        /// Free text.
        notes?: String = read::text
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::request::form::{Parsed, Patch};

    #[test]
    fn blank_numbers_count_as_null() {
        let body = Parsed::<UpdateSensor>::read(&json!({"serial_no": " ", "pcn_number": "7"}));
        let patch = body.resolve(|_| None).unwrap();
        assert_eq!((patch.serial_no, patch.pcn_number), (Patch::Null, Patch::Value("7".to_owned())));
    }
}
