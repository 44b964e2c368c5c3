//! Authors of publications.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::email::address;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch};

/// An author as clients see him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Author {
    /// Key.
    pub id: i32,
    /// The whole name; unique.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Where the author works.
    pub affiliation: Option<String>,
}

/// Which authors a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorSearch {
    /// Part of the name, whatever its case.
    pub query: Option<String>,
}

/// Body of `PATCH /author/{author_id}`; every field may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, ToSchema)]
pub struct UpdateAuthor {
    /// The whole name; unique.
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// E-mail address.
    #[schema(value_type = Option<String>)]
    pub email: Patch<String>,
    /// Where the author works.
    #[schema(value_type = Option<String>)]
    pub affiliation: Patch<String>,
}

impl FromForm for UpdateAuthor {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.patch_required("name", read::name(255));
        let email = form.patch("email", address);
        let affiliation = form.patch("affiliation", read::line(255));
        Some(Self { name: name?, email: email?, affiliation: affiliation? })
    }
}
