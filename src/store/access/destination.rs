//! Where others show data.

use serde_json::json;

use crate::db::prelude::*;
use crate::db::schema::destination;
use crate::db::{Numbers, Session, WriteSession, among, columns, rows};
use crate::domain::access::destination::{CreateDestination, Destination};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::StoreError;
use crate::store::query::check::{Table, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Listing};
use crate::store::query::stored::row;
use crate::store::query::visibility::{DESTINATION, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "destination", model: "Destination" };

row! {
    /// A row of the table.
    struct DestinationRow of destination as Destination {
        id: i32,
        created_at: UtcDateTime,
        slug: String,
        name: String,
        destination_kind: String,
        description: Option<String>,
        active: bool,
    }
}

/// A row to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = destination, treat_none_as_default_value = false)]
struct NewDestination {
    id: i32,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
    slug: String,
    name: String,
    destination_kind: String,
    description: Option<String>,
    active: bool,
}

crate::insertable!(NewDestination => destination);

listed!(destination);

static LISTING: Listing<destination::table> = Listing {
    model: TABLE.model,
    rule: &DESTINATION,
    columns: &[
        Column::of(destination::id),
        Column::of(destination::created_at),
        Column::of(destination::slug),
        Column::of(destination::name),
        Column::of(destination::destination_kind),
        Column::of(destination::description),
        Column::of(destination::active),
    ],
};

/// A page of destinations.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let narrow = || Ok(Vec::new());
    let (found, ()) = destination::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The destinations with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Destination>, StoreError> {
    let found = destination::table
        .filter(among(destination::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &DESTINATION))
        .select(columns::<DestinationRow>());
    let found: Vec<DestinationRow> = session.read_fixed(rows(found))?;
    Ok(in_order(found.into_iter().map(Destination::from).collect(), ids, |destination| destination.id))
}

fn get(session: &mut Session<'_>, id: i32) -> Result<Destination, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// What is said of a destination that is not there.
pub(in crate::store) fn missing(slug: &str) -> String {
    format!("{} with slug {slug} not found.", TABLE.model)
}

/// Stores a destination.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateDestination>) -> Result<Destination, StoreError> {
    let mut checked = check_new(session, TABLE.name, vec![form], |_| Vec::new())?;
    let (id, form) = checked.pop().ok_or_else(|| StoreError::not_found(TABLE.model, 0))?;
    let same = destination::table.filter(destination::slug.eq(&form.slug)).select(destination::id);
    if !same.load::<i32>(session)?.is_empty() {
        let message = format!("Destination with slug {} already exists.", form.slug);
        return Err(StoreError::conflict("slug", message, json!(form.slug)));
    }
    let by = session.principal();
    let row = NewDestination {
        id,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
        slug: form.slug,
        name: form.name,
        destination_kind: form.destination_kind,
        description: form.description,
        active: form.active,
    };
    session.insert(&[&vec![row]])?;
    get(session, id)
}
