//! Mail addresses of contacts.

use email_address::{EmailAddress, Options};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::primary;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;
use crate::domain::request::form::Slot;

/// A mail address.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Email {
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
    /// The address.
    pub email: String,
    /// Term of `email_type`.
    pub email_type: String,
}

bodies! {
    /// Body of `POST /contact/email`.
    CreateEmail;
    /// Body of `PATCH /contact/email/{email_id}`; every field may be absent.
    UpdateEmail;
    /// A mail address within the body of `POST /contact`.
    CreateContactEmail;
    below {
        /// Whose it is; the contact must exist.
        contact_id: i64 = read::integer
    }
    {
        /// The address. Its domain is stored in lower case.
        email: String = address,
        /// Term of `email_type`; `Primary` when absent.
        email_type: String or(primary()) = read::term("email_type")
    }
}

/// `name@domain.tld`: neither a person's name in front of it nor the address of a machine.
const SYNTAX: Options = Options {
    minimum_sub_domains: 2,
    allow_domain_literal: false,
    allow_display_text: false,
    allow_long_local_parts: false,
};

/// A mail address by the syntax of RFC 5321, with its domain in lower case. Whether there is such a domain is not asked.
pub(in crate::domain) fn address(slot: &mut Slot<'_>) -> Option<String> {
    let sent = read::line(100)(slot)?;
    match EmailAddress::parse_with_options(&sent, SYNTAX) {
        // What is quoted may hold anything, and is a slip of the pen rather than somebody's address.
        Ok(address) if !address.local_part().starts_with('"') => {
            Some(format!("{}@{}", address.local_part(), address.domain().to_lowercase()))
        }
        _ => slot.refuse_value(format!("Invalid email format. {sent}")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::request::form::Parsed;

    fn stored(sent: &str) -> Result<String, String> {
        let form = Parsed::<CreateContactEmail>::read(&json!({ "email": sent }));
        form.resolve(|_| None)
            .map(|form| form.email)
            .map_err(|problems| problems.into_iter().map(|problem| problem.msg).collect())
    }

    #[test]
    fn the_domain_is_in_lower_case_and_the_rest_as_sent() {
        assert_eq!(stored(" Ana.Vigil+Wells@Example.ORG ").unwrap(), "Ana.Vigil+Wells@example.org");
        assert_eq!(stored("a@b.co").unwrap(), "a@b.co");
    }

    #[test]
    fn what_is_no_address_is_named() {
        for bad in [
            "",
            "ana",
            "ana@",
            "@example.org",
            "ana@example",
            "a b@example.org",
            "ana@example..org",
            "ana@[127.0.0.1]",
            "Ana <ana@example.org>",
            "\"a b\"@example.org",
            "ana@example.org, ben@example.org",
            "ana@-example.org",
        ] {
            assert_eq!(stored(bad).unwrap_err(), format!("Value error, Invalid email format. {bad}"));
        }
        assert_eq!(
            stored(&format!("{}@example.org", "a".repeat(100))).unwrap_err(),
            "String should have at most 100 characters"
        );
    }
}
