//! Publications with their authors.

pub mod author;

use std::collections::HashMap;

use diesel::query_builder::{QueryFragment, QueryId};
use serde_json::json;

use crate::db::prelude::*;
use crate::db::schema::{pub_author, pub_author_publication_association as authorship, publication};
use crate::db::{
    Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, new_ids, one_of_texts, row, rows, selected,
    transaction_lock,
};
use crate::domain::principal::{Principal, Sight};
use crate::domain::publication::author::Author;
use crate::domain::publication::{CreatePublication, Publication, PublicationSearch, UpdatePublication};
use crate::domain::request::form::{Parsed, Patch};
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::StoreError;
use crate::store::publication::author::{AuthorRow, LOCK, NewAuthor, TABLE as AUTHOR};
use crate::store::query::check::{self, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, by_parent, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{AUTHORSHIP, PUB_AUTHOR, PUBLICATION, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "publication", model: "Publication" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = publication, check_for_backend(Backend))]
struct PublicationRow {
    id: i32,
    title: String,
    year: Option<i32>,
    doi: Option<String>,
    url: Option<String>,
    publication_type: String,
}

impl PublicationRow {
    fn by(self, authors: Vec<Author>) -> Publication {
        let Self { id, title, year, doi, url, publication_type } = self;
        Publication { id, title, authors, year, doi, url, publication_type }
    }
}

/// A row to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = publication, treat_none_as_default_value = false)]
struct NewPublication {
    id: i32,
    title: String,
    year: i32,
    doi: Option<String>,
    url: Option<String>,
    publication_type: String,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
}

/// An author of a publication, to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = authorship, treat_none_as_default_value = false)]
struct NewAuthorship {
    publication_id: i32,
    author_id: i32,
    author_order: i32,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
}

crate::insertable!(NewPublication => publication, NewAuthorship => authorship);

/// What is to be changed in a row.
#[derive(AsChangeset)]
#[diesel(table_name = publication)]
struct PublicationChange {
    title: Option<String>,
    year: Option<i32>,
    doi: Option<Option<String>>,
    url: Option<Option<String>>,
    publication_type: Option<String>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

listed!(publication);

static LISTING: Listing<publication::table> = Listing {
    model: TABLE.model,
    rule: &PUBLICATION,
    columns: &[
        Column::of(publication::id),
        Column::of(publication::created_at),
        Column::of(publication::title),
        Column::of(publication::abstract_),
        Column::of(publication::doi),
        Column::of(publication::year),
        Column::of(publication::publisher),
        Column::of(publication::url),
        Column::of(publication::publication_type),
    ],
};

/// A page of publications.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &PublicationSearch) -> Result<Found, StoreError> {
    let sight = session.sight();
    let narrow = || {
        let mut all: Vec<Condition<publication::table>> = Vec::new();
        if let Some(author) = search.author_id {
            all.push(Box::new(in_query(publication::id, written_by(sight, author))));
        }
        if let Some(year) = search.year {
            all.push(Box::new(publication::year.eq(check::id(year))));
        }
        Ok(all)
    };
    let (found, ()) = publication::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The ids of an author's publications, as a query.
fn written_by(sight: Sight, author: i32) -> impl QueryFragment<Backend> + QueryId + Clone + Send + 'static {
    authorship::table
        .filter(authorship::author_id.eq(author))
        .filter(visible(sight, &AUTHORSHIP))
        .select(authorship::publication_id)
}

/// The publications with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Publication>, StoreError> {
    let found = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(found, ids, |publication| publication.id))
}

/// The publications with these ids, by id, with their authors.
fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<Publication>> {
    let publications = publication::table
        .filter(among(publication::id, ids.clone()))
        .filter(visible(sight, &PUBLICATION))
        .order(publication::id)
        .select(columns::<PublicationRow>());
    (rows::<PublicationRow, _>(publications), authors(sight, ids)).giving(|(rows, mut authors)| {
        let with_authors = |row: PublicationRow| {
            let authors = authors.remove(&row.id).unwrap_or_default();
            row.by(authors)
        };
        rows.into_iter().map(with_authors).collect()
    })
}

/// The authors of publications with these ids, in order.
fn authors(sight: Sight, ids: impl Ids) -> impl Read<Output = HashMap<i32, Vec<Author>>> {
    type Row = (i32, i32, String, Option<String>, Option<String>);
    let authors = authorship::table
        .inner_join(pub_author::table)
        .filter(among(authorship::publication_id, ids))
        .filter(visible(sight, &AUTHORSHIP))
        .filter(visible(sight, &PUB_AUTHOR))
        .order((authorship::publication_id, authorship::author_order))
        .select((
            authorship::publication_id,
            pub_author::id,
            pub_author::name,
            pub_author::email,
            pub_author::affiliation,
        ));
    rows::<Row, _>(authors).giving(|rows| {
        let author = |(_, id, name, email, affiliation)| Author { id, name, email, affiliation };
        by_parent(rows, |row| row.0, author)
    })
}

/// One publication.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Publication, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// All publications of an author.
pub fn of_author(session: &mut Session<'_>, author: i32) -> Result<Vec<Publication>, StoreError> {
    let sight = session.sight();
    let there = pub_author::table.find(author).filter(visible(sight, &PUB_AUTHOR)).select(pub_author::id);
    let publications = written_by(sight, author);
    let (there, publications) = session.read((row::<i32, _>(there), read(sight, selected(publications))))?;
    if there.is_none() { Err(StoreError::not_found(AUTHOR.model, author)) } else { Ok(publications) }
}

/// The authors of a publication, those that are to be made among them.
struct Authors {
    all: Vec<Author>,
    new: Vec<NewAuthor>,
}

impl Authors {
    /// Their places in a publication.
    fn of(&self, publication_id: i32, by: &Principal) -> Vec<NewAuthorship> {
        let place = |(author, author_order): (&Author, i32)| NewAuthorship {
            publication_id,
            author_id: author.id,
            author_order,
            created_by_id: by.id.clone(),
            created_by_name: by.name.clone(),
        };
        self.all.iter().zip(1..).map(place).collect()
    }
}

/// Finds authors by their names, with ids for those that are missing; refuses a DOI that another publication has. Needs [`LOCK`]
/// where there are names.
fn look_up(
    session: &mut WriteSession<'_>,
    names: &[String],
    doi: Option<&str>,
    but: Option<i32>,
) -> Result<Authors, StoreError> {
    let authors = (!names.is_empty()).then(|| {
        let known = pub_author::table.filter(one_of_texts(pub_author::name, names)).select(columns::<AuthorRow>());
        (rows::<AuthorRow, _>(known), rows::<i32, _>(new_ids(AUTHOR.name, names.len())))
    });
    let same = doi.map(|doi| {
        let others = publication::table.filter(publication::id.ne(but.unwrap_or(0)));
        rows::<i32, _>(others.filter(publication::doi.eq(doi.to_owned())).select(publication::id))
    });
    let (authors, same) = session.read((authors, same))?;
    if same.is_some_and(|same| !same.is_empty()) {
        let doi = doi.unwrap_or_default();
        return Err(StoreError::conflict("doi", format!("Publication with doi {doi} already exists."), json!(doi)));
    }
    let (known, ids) = authors.unwrap_or_default();
    let mut known: HashMap<String, Author> = known.into_iter().map(|row| (row.name.clone(), row.into())).collect();
    let (by, mut new) = (session.principal(), Vec::new());
    let author = |(name, id): (&String, i32)| {
        known.remove(name).unwrap_or_else(|| {
            new.push(NewAuthor::of(id, name, by));
            Author { id, name: name.clone(), email: None, affiliation: None }
        })
    };
    let all = names.iter().zip(ids).map(author).collect();
    Ok(Authors { all, new })
}

/// Stores a publication. Its authors are found by their names, or made.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreatePublication>) -> Result<Publication, StoreError> {
    transaction_lock(session, LOCK)?;
    let mut checked = check_new(session, TABLE.name, vec![form], |_| Vec::new())?;
    let (id, form) = checked.pop().ok_or_else(|| StoreError::not_found(TABLE.model, 0))?;
    let authors = look_up(session, &form.authors, form.doi.as_deref(), None)?;
    let by = session.principal();
    let row = NewPublication {
        id,
        title: form.title,
        year: form.year,
        doi: form.doi,
        url: form.url,
        publication_type: form.publication_type,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
    };
    session.insert(&[&vec![row], &authors.new, &authors.of(id, by)])?;
    get(session, id)
}

/// Changes what was sent; authors are replaced by the new list.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdatePublication>,
) -> Result<Publication, StoreError> {
    if form.value().is_some_and(|patch| patch.authors.is_some()) {
        transaction_lock(session, LOCK)?;
    }
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    if patch == UpdatePublication::default() {
        return get(session, id);
    }
    let UpdatePublication { title, authors: names, year, doi, url, publication_type } = patch;
    let sent = if let Patch::Value(doi) = &doi { Some(doi.as_str()) } else { None };
    let authors = look_up(session, names.as_deref().unwrap_or_default(), sent, Some(id))?;
    let by = session.principal();
    if names.is_some() {
        diesel::delete(authorship::table.filter(authorship::publication_id.eq(id))).execute(session)?;
        session.insert(&[&authors.new, &authors.of(id, by)])?;
    }
    let change = PublicationChange {
        title,
        year,
        doi: doi.into_change(),
        url: url.into_change(),
        publication_type,
        updated_by_id: by.id.clone(),
        updated_by_name: by.name.clone(),
    };
    // A change of the authors alone is a change of the publication: its version is raised.
    let row: PublicationRow = diesel::update(publication::table.find(id))
        .set((publication::id.eq(id), change))
        .returning(columns::<PublicationRow>())
        .get_result(session)?;
    let authors = match names {
        Some(_) => authors.all,
        None => {
            let of_one = self::authors(session.sight(), Numbers::new(&[id]));
            session.read(of_one)?.remove(&id).unwrap_or_default()
        }
    };
    Ok(row.by(authors))
}

/// Removes a publication; its authors stay.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(publication::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
