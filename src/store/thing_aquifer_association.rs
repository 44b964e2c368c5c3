//! Which aquifer systems a thing draws from, and how they behave there.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::{aquifer_system, aquifer_type, thing_aquifer_association as associations};
use crate::db::{AlsoRun, Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, rows};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::{Principal, Sight};
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::thing_aquifer_association::{
    CreateThingAquiferAssociation, ThingAquiferAssociation, ThingAquiferAssociationSearch,
    UpdateThingAquiferAssociation,
};
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, by_parent, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::visibility::{AQUIFER_TYPE, THING_AQUIFER, visible};
use crate::store::{StoreError, aquifer_system as system, thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "thing_aquifer_association", model: "ThingAquiferAssociation" };

/// An association with the name of its system.
#[derive(Queryable, Selectable)]
#[diesel(table_name = associations, check_for_backend(Backend))]
struct AssociationRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
    thing_id: i32,
    aquifer_system_id: i32,
    #[diesel(select_expression = aquifer_system::name)]
    aquifer_system: String,
}

impl AssociationRow {
    fn with(self, aquifer_types: Vec<String>) -> ThingAquiferAssociation {
        ThingAquiferAssociation {
            id: self.id,
            created_at: self.created_at,
            release_status: self.release_status,
            release_at: self.release_at,
            thing_id: self.thing_id,
            aquifer_system_id: self.aquifer_system_id,
            aquifer_system: self.aquifer_system,
            aquifer_types,
        }
    }
}

stored! {
    associations: NewAssociation from CreateThingAquiferAssociation, AssociationChange from UpdateThingAquiferAssociation;
    taken { }
    given { thing_id: i32, aquifer_system_id: i32 }
}

/// A type to be stored with its association.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = aquifer_type, treat_none_as_default_value = false)]
struct NewType {
    thing_aquifer_association_id: i32,
    aquifer_type_: String,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
}

crate::insertable!(NewType => aquifer_type);

/// The types of an association, each once, as public as it is itself.
fn types(
    by: &Principal,
    association: i32,
    terms: &[String],
    release: &(Option<String>, Option<NaiveDate>),
) -> Vec<NewType> {
    let mut known = HashSet::new();
    let row = |term: &String| NewType {
        thing_aquifer_association_id: association,
        aquifer_type_: term.clone(),
        release_status: release.0.clone(),
        release_at: release.1,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
    };
    terms.iter().filter(|term| known.insert(*term)).map(row).collect()
}

listed!(associations);

static LISTING: Listing<associations::table> = Listing {
    model: TABLE.model,
    rule: &THING_AQUIFER,
    columns: &[
        Column::of(associations::id),
        Column::of(associations::created_at),
        Column::of(associations::release_status),
        Column::of(associations::release_at),
        Column::of(associations::thing_id),
        Column::of(associations::aquifer_system_id),
    ],
};

/// A page of associations.
pub fn find(
    session: &mut Session<'_>,
    request: &ListRequest,
    search: &ThingAquiferAssociationSearch,
) -> Result<Found, StoreError> {
    let narrow = || {
        let mut all: Vec<Condition<associations::table>> = Vec::new();
        if let Some(thing) = search.thing_id {
            all.push(Box::new(associations::thing_id.eq(thing).nullable()));
        }
        if let Some(system) = search.aquifer_system_id {
            all.push(Box::new(associations::aquifer_system_id.eq(system).nullable()));
        }
        Ok(all)
    };
    let (found, ()) = associations::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The associations with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<ThingAquiferAssociation>, StoreError> {
    let associations = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(associations, ids, |association| association.id))
}

fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<ThingAquiferAssociation>> {
    // Nothing is asked about who sees the system: an association is seen with its system only.
    let found = associations::table
        .inner_join(aquifer_system::table)
        .filter(among(associations::id, ids.clone()))
        .filter(visible(sight, &THING_AQUIFER));
    let types = aquifer_type::table
        .filter(among(aquifer_type::thing_aquifer_association_id, ids))
        .filter(visible(sight, &AQUIFER_TYPE))
        .order(aquifer_type::id)
        .select((aquifer_type::thing_aquifer_association_id, aquifer_type::aquifer_type_));
    let found = rows::<AssociationRow, _>(found.select(columns::<AssociationRow>()));
    (found, rows::<(i32, String), _>(types)).giving(|(found, types)| {
        let mut types = by_parent(types, |(association, _)| *association, |(_, term)| term);
        found
            .into_iter()
            .map(|row| (types.remove(&row.id).unwrap_or_default(), row))
            .map(|(types, row)| row.with(types))
            .collect()
    })
}

/// One association.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<ThingAquiferAssociation, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Stores an association with its types.
pub fn create(
    session: &mut WriteSession<'_>,
    form: Parsed<CreateThingAquiferAssociation>,
) -> Result<ThingAquiferAssociation, StoreError> {
    let checked = check_new(session, TABLE.name, vec![form], |form| {
        let thing = Named::new(thing::TABLE, "thing_id", form.thing_id);
        vec![thing, Named::new(system::TABLE, "aquifer_system_id", form.aquifer_system_id)]
    })?;
    let by = session.principal();
    let (mut new, mut new_types) = (Vec::new(), Vec::new());
    for (id, form) in checked {
        let release = (Some(form.release_status.clone()), form.release_at);
        new_types.extend(types(by, id, &form.aquifer_types, &release));
        let (thing, system) = (check::id(form.thing_id), check::id(form.aquifer_system_id));
        new.push(NewAssociation::of(id, form, by, thing, system));
    }
    session.insert(&[&new, &new_types])?;
    get(session, new.first().map_or(0, |row| row.id))
}

/// Changes what was sent. Types are replaced; those that stay follow the association's release status.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateThingAquiferAssociation>,
) -> Result<ThingAquiferAssociation, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |form| {
        let thing = Named::optional(thing::TABLE, "thing_id", form.thing_id);
        let system = Named::optional(system::TABLE, "aquifer_system_id", form.aquifer_system_id);
        thing.into_iter().chain(system).collect()
    })?;
    let (terms, released) = (patch.aquifer_types.clone(), patch.release_status.is_sent() || patch.release_at.is_sent());
    let (thing, system) = (patch.thing_id.map(check::id), patch.aquifer_system_id.map(check::id));
    let change = AssociationChange::of(patch, session.principal(), thing, system);
    diesel::update(associations::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    if terms.is_none() && !released {
        return get(session, id);
    }
    let by = session.principal();
    let release: (Option<String>, Option<NaiveDate>) =
        associations::table.find(id).select((associations::release_status, associations::release_at)).first(session)?;
    let of_it = aquifer_type::table.filter(aquifer_type::thing_aquifer_association_id.eq(id));
    match terms {
        Some(terms) => {
            session.insert(&[&AlsoRun(Some(diesel::delete(of_it))), &types(by, id, &terms, &release)])?;
        }
        None => {
            let follows = (
                aquifer_type::release_status.eq(release.0),
                aquifer_type::release_at.eq(release.1),
                aquifer_type::updated_by_id.eq(by.id.clone()),
                aquifer_type::updated_by_name.eq(by.name.clone()),
            );
            diesel::update(of_it).set(follows).execute(session)?;
        }
    }
    get(session, id)
}

/// Removes an association with its types.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(associations::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
