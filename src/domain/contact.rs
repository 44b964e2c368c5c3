//! People and organizations: owners of wells, and who goes there.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::note::Note;

/// A contact as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Contact {
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
    /// The person's name.
    pub name: Option<String>,
    /// Term of `organization`.
    pub organization: Option<String>,
    /// Term of `role`.
    pub role: String,
    /// Term of `contact_type`.
    pub contact_type: String,
    /// Of the old database: numbers without an area code.
    pub incomplete_nma_phones: Vec<String>,
    /// Mail addresses.
    pub emails: Vec<Email>,
    /// Telephone numbers.
    pub phones: Vec<Phone>,
    /// Postal addresses.
    pub addresses: Vec<Address>,
    /// The things that it is the contact for.
    pub things: Vec<ContactThing>,
    /// Notes of the type `Communication`.
    pub communication_notes: Vec<Note>,
    /// Notes of the type `General`.
    pub general_notes: Vec<Note>,
}

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

/// A thing of a contact, in short.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ContactThing {
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
}
