//! What was published: reports, maps, papers.

pub mod author;

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::publication::author::Author;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch};

/// A publication as clients see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Publication {
    /// Key.
    pub id: i32,
    /// Its title.
    pub title: String,
    /// Its authors, in order.
    pub authors: Vec<Author>,
    /// The year in which it was published.
    pub year: Option<i32>,
    /// Digital object identifier; unique.
    pub doi: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// Term of `publication_type`.
    pub publication_type: String,
}

/// Which publications a list is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublicationSearch {
    /// Those of this author.
    pub author_id: Option<i32>,
    /// Those of this year.
    pub year: Option<i64>,
}

/// Body of `POST /publication/add`.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
pub struct CreatePublication {
    /// Its title.
    pub title: String,
    /// The names of its authors, in order. An author of this very name is taken, or else made.
    pub authors: Vec<String>,
    /// The year in which it was published.
    pub year: i32,
    /// Digital object identifier; unique. Blank counts as null.
    pub doi: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// Term of `publication_type`.
    pub publication_type: String,
}

impl FromForm for CreatePublication {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let title = form.required("title", read::name(2000));
        let authors = form.required("authors", read::list(read::name(255)));
        refuse_repeated(form, authors.as_deref().unwrap_or_default());
        let year = form.required("year", read::small_integer(0));
        let doi = form.optional("doi", read::line(255)).map(crate::domain::request::form::not_blank);
        let url = form.optional("url", read::line(2000));
        let publication_type = form.required("publication_type", read::term("publication_type"));
        Some(Self {
            title: title?,
            authors: authors?,
            year: year?,
            doi: doi?,
            url: url?,
            publication_type: publication_type?,
        })
    }
}

/// Body of `PATCH /publication/{publication_id}`; every field may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, ToSchema)]
pub struct UpdatePublication {
    /// Its title.
    #[schema(nullable = false)]
    pub title: Option<String>,
    /// The names of all its authors, in order. An author of this very name is taken, or else made.
    #[schema(nullable = false)]
    pub authors: Option<Vec<String>>,
    /// The year in which it was published.
    #[schema(nullable = false)]
    pub year: Option<i32>,
    /// Digital object identifier; unique. Blank counts as null.
    #[schema(value_type = Option<String>)]
    pub doi: Patch<String>,
    /// Where it can be read.
    #[schema(value_type = Option<String>)]
    pub url: Patch<String>,
    /// Term of `publication_type`.
    #[schema(nullable = false)]
    pub publication_type: Option<String>,
}

impl FromForm for UpdatePublication {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let title = form.patch_required("title", read::name(2000));
        let authors = form.patch_required("authors", read::list(read::name(255)));
        refuse_repeated(form, authors.iter().flatten().map(Vec::as_slice).next().unwrap_or_default());
        let year = form.patch_required("year", read::small_integer(0));
        let doi = form.patch("doi", read::line(255)).map(Patch::not_blank);
        let url = form.patch("url", read::line(2000));
        let publication_type = form.patch_required("publication_type", read::term("publication_type"));
        Some(Self {
            title: title?,
            authors: authors?,
            year: year?,
            doi: doi?,
            url: url?,
            publication_type: publication_type?,
        })
    }
}

/// Nobody is the author of a publication twice.
fn refuse_repeated(form: &mut Form<'_>, authors: &[String]) {
    let mut seen = BTreeSet::new();
    if let Some(name) = authors.iter().find(|name| !seen.insert(name.as_str())) {
        form.refuse_at("authors", &format!("Author {name} is named more than once"));
    }
}
