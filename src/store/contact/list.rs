//! Lists of contacts.

use crate::db::prelude::*;
use crate::db::schema::{contact, thing, thing_contact_association as thing_link};
use crate::db::{Backend, Numbers, Session};
use crate::domain::contact::Contact;
use crate::domain::principal::Sight;
use crate::domain::request::filter::{Filter, FilterError};
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::StoreError;
use crate::store::contact::{TABLE, read};
use crate::store::query::find::{Listed as _, Search, listed};
use crate::store::query::linked::{Asked, by_key};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{CONTACT, THING, THING_CONTACT, visible};

listed!(contact);

static LISTING: Listing<contact::table> = Listing {
    model: TABLE.model,
    rule: &CONTACT,
    columns: &[
        Column::of(contact::id),
        Column::of(contact::created_at),
        Column::of(contact::release_status),
        Column::of(contact::release_at),
        Column::of(contact::name),
        Column::of(contact::organization),
        Column::of(contact::role),
        Column::of(contact::contact_type),
        Column::of(contact::nma_pk_owners),
        Column::of(contact::nma_pk_waterlevels),
        Column::computed(
            "things",
            Some(things_filter),
            Some(|sight, direction| by_key(&first_thing(sight), direction)),
        ),
    ],
};

/// The smallest name of a contact's things.
fn first_thing(sight: Sight) -> String {
    format!(
        "(SELECT min(fold(t.name)) FROM thing t \
          JOIN thing_contact_association a ON a.thing_id = t.id \
          WHERE a.contact_id = contact.id AND {} AND {})",
        THING.sql(sight, "t"),
        THING_CONTACT.sql(sight, "a")
    )
}

static THING_NAMES: Listing<thing::table> = Listing {
    model: TABLE.model,
    rule: &THING,
    columns: &[Column::text("things", || Box::new(thing::name.nullable()))],
};

/// The contacts of links, as a boxed query.
type Links = thing_link::BoxedQuery<'static, Backend, diesel::sql_types::Integer>;

fn links(sight: Sight) -> Links {
    thing_link::table.filter(visible(sight, &THING_CONTACT)).select(thing_link::contact_id).into_boxed()
}

fn things_filter(sight: Sight, filter: &Filter) -> Result<Condition<contact::table>, FilterError> {
    let (links, linked) = match Asked::of(filter, "things")? {
        Asked::Any { linked } => (links(sight), linked),
        Asked::Some { filter, linked } => {
            let things = thing::table
                .into_boxed::<Backend>()
                .filter(THING_NAMES.condition(sight, &filter)?)
                .filter(visible(sight, &THING))
                .select(thing::id);
            (links(sight).filter(in_query(thing_link::thing_id, things)), linked)
        }
    };
    Ok(Box::new(in_query(contact::id, links).negated(!linked)))
}

/// A page of contacts, of one thing or of all.
pub fn find(session: &mut Session<'_>, request: &ListRequest, thing: &Option<i32>) -> Result<Found, StoreError> {
    let sight = session.sight();
    let of = |thing: &i32| -> Condition<contact::table> {
        Box::new(in_query(contact::id, links(sight).filter(thing_link::thing_id.eq(*thing))))
    };
    let narrow = || Ok(thing.iter().map(of).collect());
    let (found, ()) = contact::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The contacts with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Contact>, StoreError> {
    let mut found = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}
