//! The controlled vocabulary: terms, their categories, and statements about them.

pub mod fixed;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch, Slot, object};

/// Longest term, category name and predicate.
pub const LONGEST_TERM: usize = 100;
const LONGEST_DESCRIPTION: usize = 255;

/// A category as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Category {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// Unique.
    pub name: String,
    /// What its terms are for.
    pub description: Option<String>,
}

/// A term as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Term {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// Unique.
    pub term: String,
    /// What it means.
    pub definition: String,
    /// Where it may be used.
    pub categories: Vec<Category>,
}

/// A statement about two terms as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Triple {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// A term.
    pub subject: String,
    /// Free text; by convention a term of `relation`.
    pub predicate: String,
    /// A term.
    pub object_: String,
}

/// Body of `POST /lexicon/term`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateTerm {
    /// Unique; an existing one is not an error.
    pub term: String,
    /// What it means.
    pub definition: String,
    /// Names of existing categories (objects with a `name` are taken too).
    #[schema(required = false)]
    pub categories: Vec<String>,
}

impl FromForm for CreateTerm {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let term = form.required("term", read::name(LONGEST_TERM));
        let definition = form.required("definition", read::text);
        let categories = form.or("categories", Vec::new(), read::list(category_name));
        Some(Self { term: term?, definition: definition?, categories: categories? })
    }
}

/// A category's name, or an object with one, as older clients send it.
fn category_name(slot: &mut Slot<'_>) -> Option<String> {
    struct Named(String);
    impl FromForm for Named {
        fn from_form(form: &mut Form<'_>) -> Option<Self> {
            form.required("name", read::name(LONGEST_TERM)).map(Self)
        }
    }
    match slot.value {
        Value::Object(_) => object::<Named>(slot).map(|named| named.0),
        _ => read::name(LONGEST_TERM)(slot),
    }
}

/// Body of `PATCH /lexicon/term/{term_id}`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateTerm {
    /// The new spelling; rows that use the term follow.
    #[schema(nullable = false)]
    pub term: Option<String>,
    /// What it means.
    #[schema(nullable = false)]
    pub definition: Option<String>,
}

impl FromForm for UpdateTerm {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let term = form.patch_required("term", read::name(LONGEST_TERM));
        let definition = form.patch_required("definition", read::text);
        Some(Self { term: term?, definition: definition? })
    }
}

/// Body of `POST /lexicon/category`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateCategory {
    /// Unique.
    pub name: String,
    /// What its terms are for.
    pub description: Option<String>,
}

impl FromForm for CreateCategory {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.required("name", read::name(LONGEST_TERM));
        let description = form.optional("description", read::line(LONGEST_DESCRIPTION));
        Some(Self { name: name?, description: description? })
    }
}

/// Body of `PATCH /lexicon/category/{category_id}`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateCategory {
    /// Unique.
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// What its terms are for.
    #[schema(value_type = Option<String>)]
    pub description: Patch<String>,
}

impl FromForm for UpdateCategory {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.patch_required("name", read::name(LONGEST_TERM));
        let description = form.patch("description", read::line(LONGEST_DESCRIPTION));
        Some(Self { name: name?, description: description? })
    }
}

/// Body of `POST /lexicon/triple`. Terms that do not exist are made.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateTriple {
    /// A term.
    pub subject: CreateTerm,
    /// Free text; by convention a term of `relation`.
    pub predicate: String,
    /// A term.
    pub object_: CreateTerm,
}

impl FromForm for CreateTriple {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let subject = form.required("subject", object);
        let predicate = form.required("predicate", read::name(LONGEST_TERM));
        let object_ = form.required("object_", object);
        Some(Self { subject: subject?, predicate: predicate?, object_: object_? })
    }
}

/// Body of `PATCH /lexicon/triple/{triple_id}`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateTriple {
    /// An existing term.
    #[schema(nullable = false)]
    pub subject: Option<String>,
    /// Free text; by convention a term of `relation`.
    #[schema(nullable = false)]
    pub predicate: Option<String>,
    /// An existing term.
    #[schema(nullable = false)]
    pub object_: Option<String>,
}

impl FromForm for UpdateTriple {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let subject = form.patch_required("subject", read::name(LONGEST_TERM));
        let predicate = form.patch_required("predicate", read::name(LONGEST_TERM));
        let object_ = form.patch_required("object_", read::name(LONGEST_TERM));
        Some(Self { subject: subject?, predicate: predicate?, object_: object_? })
    }
}
