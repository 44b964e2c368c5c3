//! People and organizations: owners of wells, and who goes there.

pub mod address;
pub mod email;
pub mod phone;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::address::{Address, CreateContactAddress};
use crate::domain::contact::email::{CreateContactEmail, Email};
use crate::domain::contact::phone::{CreateContactPhone, Phone};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::note::{CreateNote, Note};
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch, not_blank, object};

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

/// The type of a contact, a mail address, a telephone number or a postal address that says nothing of its own.
fn primary() -> String {
    "Primary".to_owned()
}

const NAMELESS: &str = "Either name or organization must be provided.";

/// Body of `POST /contact`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateContact {
    /// The thing that it is the contact for; it must exist.
    pub thing_id: i64,
    /// The person's name. Blank counts as null. Without it there must be an organization.
    pub name: Option<String>,
    /// Term of `organization`. No two contacts have the same name and the same organization.
    pub organization: Option<String>,
    /// Term of `role`.
    pub role: String,
    /// Term of `contact_type`; `Primary` when absent.
    #[schema(required = false)]
    pub contact_type: String,
    /// Of the old database.
    pub nma_pk_owners: Option<String>,
    /// Mail addresses to store with it.
    #[schema(value_type = Option<Vec<CreateContactEmail>>)]
    pub emails: Vec<CreateContactEmail>,
    /// Telephone numbers to store with it.
    #[schema(value_type = Option<Vec<CreateContactPhone>>)]
    pub phones: Vec<CreateContactPhone>,
    /// Postal addresses to store with it.
    #[schema(value_type = Option<Vec<CreateContactAddress>>)]
    pub addresses: Vec<CreateContactAddress>,
    /// Notes to store with it. Those of the types `Communication` and `General` are shown.
    #[schema(value_type = Option<Vec<CreateNote>>)]
    pub notes: Vec<CreateNote>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
}

impl FromForm for CreateContact {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.required("thing_id", read::integer);
        let name = form.optional("name", read::line(100)).map(not_blank);
        let organization = form.optional("organization", read::any_term);
        let role = form.required("role", read::term("role"));
        let contact_type = form.or("contact_type", primary(), read::term("contact_type"));
        let nma_pk_owners = form.optional("nma_pk_owners", read::line(100));
        let emails = form.or("emails", Vec::new(), read::list(object));
        let phones = form.or("phones", Vec::new(), read::list(object));
        let addresses = form.or("addresses", Vec::new(), read::list(object));
        let notes = form.or("notes", Vec::new(), read::list(object));
        let (release_status, release_at) = form.release();
        if let (Some(None), Some(None)) = (&name, &organization) {
            form.refuse(NAMELESS);
        }
        Some(Self {
            thing_id: thing_id?,
            name: name?,
            organization: organization?,
            role: role?,
            contact_type: contact_type?,
            nma_pk_owners: nma_pk_owners?,
            emails: emails?,
            phones: phones?,
            addresses: addresses?,
            notes: notes?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /contact/{contact_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateContact {
    /// The person's name. Blank counts as null. Not to be cleared while there is no organization.
    #[schema(value_type = Option<String>)]
    pub name: Patch<String>,
    /// Term of `organization`. Not to be cleared while there is no name.
    #[schema(value_type = Option<String>)]
    pub organization: Patch<String>,
    /// Term of `role`.
    #[schema(nullable = false)]
    pub role: Option<String>,
    /// Term of `contact_type`.
    #[schema(nullable = false)]
    pub contact_type: Option<String>,
    /// A thing that it becomes a contact for, beside those that it is one for already; the thing must exist. Null says nothing.
    pub thing_id: Option<i64>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<chrono::NaiveDate>,
}

impl FromForm for UpdateContact {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.patch("name", read::line(100)).map(Patch::not_blank);
        let organization = form.patch("organization", read::any_term);
        let role = form.patch_required("role", read::term("role"));
        let contact_type = form.patch_required("contact_type", read::term("contact_type"));
        let thing_id = form.optional("thing_id", read::integer);
        let (release_status, release_at) = form.release_change();
        Some(Self {
            name: name?,
            organization: organization?,
            role: role?,
            contact_type: contact_type?,
            thing_id: thing_id?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}
