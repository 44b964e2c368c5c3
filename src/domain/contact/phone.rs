//! Telephone numbers of contacts.

use phonenumber::{Mode, country};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::primary;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;
use crate::domain::request::form::Slot;

/// A telephone number.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Phone {
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
    /// E.164.
    pub phone_number: Option<String>,
    /// Term of `phone_type`.
    pub phone_type: String,
}

bodies! {
    /// Body of `POST /contact/phone`.
    CreatePhone;
    /// Body of `PATCH /contact/phone/{phone_id}`; every field may be absent.
    UpdatePhone;
    /// A telephone number within the body of `POST /contact`.
    CreateContactPhone;
    below {
        /// Whose it is; the contact must exist.
        contact_id: i64 = read::integer
    }
    {
        /// A valid number, in any usual spelling: of the United States, or with the code of its country. Stored as E.164, which has
        /// no extension.
        phone_number: String = number,
        /// Term of `phone_type`; `Primary` when absent.
        phone_type: String or(primary()) = read::term("phone_type")
    }
}

/// A telephone number as E.164.
fn number(slot: &mut Slot<'_>) -> Option<String> {
    let sent = read::line(100)(slot)?;
    match e164(&sent) {
        Some(number) => Some(number),
        None => slot.refuse_value(format!("Invalid phone number. {sent}")),
    }
}

/// How numbers of other countries are dialled at home. No number at home begins so.
const ABROAD: &str = "011";

/// The number in E.164, if it is valid. No area code is guessed.
pub(in crate::domain) fn e164(sent: &str) -> Option<String> {
    // A number with the code of its country is read by that country's rules alone: with a home country, the library would take that
    // one's long distance prefix away from it.
    let parsed = match sent.strip_prefix(ABROAD) {
        Some(rest) => phonenumber::parse(None, format!("+{rest}")),
        None if sent.starts_with(['+', '\u{ff0b}']) => phonenumber::parse(None, sent),
        None => phonenumber::parse(Some(country::US), sent),
    };
    let number = parsed.ok()?;
    number.is_valid().then(|| number.format().mode(Mode::E164).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_number_are_one_number() {
        for spelling in [
            "(505) 555-0199",
            "505-555-0199",
            "505.555.0199",
            "5055550199",
            "1 505 555 0199",
            "+1 (505) 555-0199",
            "+15055550199",
        ] {
            assert_eq!(e164(spelling).as_deref(), Some("+15055550199"), "{spelling}");
        }
        assert_eq!(e164("505-555-0199 x12").as_deref(), Some("+15055550199"));
        assert_eq!(e164("+44 20 7946 0958").as_deref(), Some("+442079460958"));
        for abroad in ["+44 121 234 5678", "+44 (0)121 234 5678", "011 44 121 234 5678", "\u{ff0b}441212345678"] {
            assert_eq!(e164(abroad).as_deref(), Some("+441212345678"), "{abroad}");
        }
        assert_eq!(e164("+52 55 5080 2000").as_deref(), Some("+525550802000"));
    }

    #[test]
    fn what_is_no_valid_number_is_refused() {
        for bad in [
            "",
            "555-0199",
            "5550199",
            "505555019",
            "505 555 01999",
            "(055) 555-0199",
            "(505) 155-0199",
            "+1 505 555",
            "call Ana",
            "+",
            "+999 1234567",
            "0",
            "1",
        ] {
            assert_eq!(e164(bad), None, "{bad}");
        }
    }
}
