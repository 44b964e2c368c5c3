//! Postal addresses of contacts.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::primary;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;

/// A postal address.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Address {
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
    /// Whose it is.
    pub contact_id: i32,
    /// Street and number.
    pub address_line_1: String,
    /// More of it.
    pub address_line_2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: String,
    /// Term of `address_type`.
    pub address_type: String,
}

bodies! {
    /// Body of `POST /contact/address`.
    CreateAddress;
    /// Body of `PATCH /contact/address/{address_id}`; every field may be absent.
    UpdateAddress;
    /// A postal address within the body of `POST /contact`.
    CreateContactAddress;
    below {
        /// Whose it is; the contact must exist.
        contact_id: i64 = read::integer
    }
    {
        /// Street and number.
        address_line_1: String = read::name(255),
        /// More of it. Blank counts as null.
        address_line_2?blank: String = read::line(255),
        /// City. Blank counts as null.
        city?blank: String = read::line(100),
        /// State; `NM` when absent.
        state?: String or(home_state()) = read::line(50),
        /// Postal code. Blank counts as null.
        postal_code?blank: String = read::line(20),
        /// Country; `United States` when absent.
        country: String or(home_country()) = read::name(50),
        /// Term of `address_type`; `Primary` when absent.
        address_type: String or(primary()) = read::term("address_type")
    }
}

fn home_state() -> String {
    "NM".to_owned()
}

fn home_country() -> String {
    "United States".to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::request::form::{Parsed, Patch};

    #[test]
    fn what_is_left_out_of_a_new_address_is_at_home() {
        let form = |body| Parsed::<CreateContactAddress>::read(&body).resolve(|_| None).unwrap();
        let least = form(json!({"address_line_1": "1 Main St"}));
        assert_eq!(
            (least.state.as_deref(), least.country.as_str(), least.address_type.as_str()),
            (Some("NM"), "United States", "Primary")
        );
        let nulls = form(json!({"address_line_1": "1 Main St", "state": null, "country": null, "address_type": null}));
        assert_eq!(
            (nulls.state, nulls.country.as_str(), nulls.address_type.as_str()),
            (None, "United States", "Primary")
        );
    }

    #[test]
    fn what_is_left_out_of_a_change_stays() {
        let patch = Parsed::<UpdateAddress>::read(&json!({"state": null})).resolve(|_| None).unwrap();
        assert_eq!(
            (patch.state, patch.city, patch.country, patch.address_type),
            (Patch::Null, Patch::Absent, None, None)
        );
    }
}
