//! What is shown of the hits of a search.

use std::collections::HashMap;

use crate::db::prelude::*;
use crate::db::schema::{
    address, asset, asset_thing_association as asset_link, contact, email, phone, thing,
    thing_contact_association as contact_link, well_purpose,
};
use crate::db::{Numbers, Read, Session, among, rows};
use crate::domain::principal::Sight;
use crate::domain::search::{
    AssetProperties, ContactProperties, FoundThing, Hit, Properties, SearchGroup, SearchHit, SpringProperties,
    WellProperties,
};
use crate::domain::thing::SPRING;
use crate::store::StoreError;
use crate::store::query::find::by_parent;
use crate::store::query::visibility::{
    ADDRESS, ASSET, ASSET_THING, CONTACT, EMAIL, PHONE, THING, THING_CONTACT, WELL_PURPOSE, visible,
};

/// What is shown of a record, by its key.
type Shown = HashMap<i32, (String, Properties)>;

/// The hits, in their order.
pub fn load(session: &mut Session<'_>, hits: &[Hit]) -> Result<Vec<SearchHit>, StoreError> {
    let sight = session.sight();
    let of = |categories: &[SearchGroup]| {
        let ids = hits.iter().filter(|hit| categories.contains(&hit.category)).map(|hit| hit.id);
        let ids: Vec<i32> = ids.collect();
        (!ids.is_empty()).then(|| Numbers::new(&ids))
    };
    let (mut contacts, mut things, mut assets) = session.read_fixed((
        of(&[SearchGroup::Contacts]).map(|ids| contacts(sight, ids)),
        of(&[SearchGroup::Wells, SearchGroup::Springs]).map(|ids| things(sight, ids)),
        of(&[SearchGroup::Assets]).map(|ids| assets(sight, ids)),
    ))?;
    let shown = |hit: &Hit| {
        let all = match hit.category {
            SearchGroup::Contacts => &mut contacts,
            SearchGroup::Wells | SearchGroup::Springs => &mut things,
            SearchGroup::Assets => &mut assets,
        };
        let (label, properties) = all.as_mut()?.remove(&hit.id)?;
        Some(SearchHit { label, group: hit.category, properties })
    };
    Ok(hits.iter().filter_map(shown).collect())
}

/// Id, name, type, well depth, hole depth, type of spring.
type ThingRow = (i32, String, String, Option<f64>, Option<f64>, Option<String>);

fn things(sight: Sight, ids: Numbers) -> impl Read<Output = Shown> {
    let found = thing::table.filter(among(thing::id, ids.clone())).filter(visible(sight, &THING)).select((
        thing::id,
        thing::name,
        thing::thing_type,
        thing::well_depth,
        thing::hole_depth,
        thing::spring_type,
    ));
    let purposes = well_purpose::table
        .filter(among(well_purpose::thing_id, ids))
        .filter(visible(sight, &WELL_PURPOSE))
        .order(well_purpose::id)
        .select((well_purpose::thing_id, well_purpose::purpose));
    (rows::<ThingRow, _>(found), lines(purposes)).giving(|(things, mut purposes)| {
        let shown = |(id, name, thing_type, well_depth, hole_depth, spring_type): ThingRow| {
            let properties = if thing_type == SPRING {
                Properties::Spring(SpringProperties { spring_type, thing_type, id })
            } else {
                let well_purposes = purposes.remove(&id).unwrap_or_default();
                Properties::Well(WellProperties { well_purposes, well_depth, hole_depth, thing_type, id })
            };
            (id, (name, properties))
        };
        things.into_iter().map(shown).collect()
    })
}

fn contacts(sight: Sight, ids: Numbers) -> impl Read<Output = Shown> {
    let found = contact::table.filter(among(contact::id, ids.clone())).filter(visible(sight, &CONTACT)).select((
        contact::id,
        contact::name,
        contact::organization,
    ));
    let emails = email::table
        .filter(among(email::contact_id, ids.clone()))
        .filter(visible(sight, &EMAIL))
        .order(email::id)
        .select((email::contact_id, email::email_));
    let phones = phone::table
        .filter(among(phone::contact_id, ids.clone()))
        .filter(visible(sight, &PHONE))
        .order(phone::id)
        .select((phone::contact_id, phone::phone_number));
    let addresses = address::table
        .filter(among(address::contact_id, ids.clone()))
        .filter(visible(sight, &ADDRESS))
        .order(address::id)
        .select((address::contact_id, address::address_line_1));
    let things = contact_link::table
        .inner_join(thing::table)
        .filter(among(contact_link::contact_id, ids))
        .filter(visible(sight, &THING_CONTACT))
        .filter(visible(sight, &THING))
        .order((thing::id, contact_link::id))
        .select((contact_link::contact_id, thing::name, thing::id, thing::thing_type));
    let parts = (
        rows::<(i32, Option<String>, Option<String>), _>(found),
        lines(emails),
        lines(phones),
        lines(addresses),
        rows::<LinkRow, _>(things).giving(in_short),
    );
    parts.giving(|(contacts, mut emails, mut phones, mut addresses, mut things)| {
        let shown = |(id, name, organization): (i32, Option<String>, Option<String>)| {
            let properties = Properties::Contact(ContactProperties {
                email: emails.remove(&id).unwrap_or_default(),
                phone: phones.remove(&id).unwrap_or_default(),
                address: addresses.remove(&id).unwrap_or_default(),
                things: things.remove(&id).unwrap_or_default(),
                id,
            });
            (id, (name.or(organization).unwrap_or_default(), properties))
        };
        contacts.into_iter().map(shown).collect()
    })
}

/// Id, name, storage, path, type, bytes.
type AssetRow = (i32, String, String, String, String, i32);

fn assets(sight: Sight, ids: Numbers) -> impl Read<Output = Shown> {
    let found = asset::table.filter(among(asset::id, ids.clone())).filter(visible(sight, &ASSET)).select((
        asset::id,
        asset::name,
        asset::storage_service,
        asset::storage_path,
        asset::mime_type,
        asset::size,
    ));
    let things = asset_link::table
        .inner_join(thing::table)
        .filter(among(asset_link::asset_id, ids))
        .filter(visible(sight, &ASSET_THING))
        .filter(visible(sight, &THING))
        .order((thing::id, asset_link::id))
        .select((asset_link::asset_id, thing::name, thing::id, thing::thing_type));
    (rows::<AssetRow, _>(found), rows::<LinkRow, _>(things).giving(in_short)).giving(|(assets, mut things)| {
        let shown = |(id, name, storage_service, storage_path, mime_type, size): AssetRow| {
            let things = things.remove(&id).unwrap_or_default();
            let properties = AssetProperties { id, things, storage_service, storage_path, mime_type, size };
            (id, (name, Properties::Asset(properties)))
        };
        assets.into_iter().map(shown).collect()
    })
}

/// A text of a record each, by the record.
fn lines<Q>(query: Q) -> impl Read<Output = HashMap<i32, Vec<String>>>
where
    Q: diesel::query_builder::AsQuery,
    crate::db::Rows<Q::Query, (i32, String)>: Read<Output = Vec<(i32, String)>>,
{
    rows::<(i32, String), Q>(query).giving(|rows| by_parent(rows, |(record, _)| *record, |(_, text)| text))
}

/// The record that a thing belongs to; the thing's name, id and type.
type LinkRow = (i32, String, i32, String);

/// The things of records, each once.
fn in_short(rows: Vec<LinkRow>) -> HashMap<i32, Vec<FoundThing>> {
    let mut things = by_parent(rows, |row| row.0, |(_, label, id, thing_type)| FoundThing { label, id, thing_type });
    for things in things.values_mut() {
        things.dedup_by_key(|thing: &mut FoundThing| thing.id);
    }
    things
}
