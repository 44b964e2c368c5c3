//! Which formations a thing goes through, and between which depths.

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::{geologic_formation, thing_geologic_formation_association as associations};
use crate::db::{Backend, Numbers, Session, WriteSession, among};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::thing::Feet;
use crate::domain::thing_geologic_formation_association::{
    CreateThingGeologicFormationAssociation, ThingGeologicFormationAssociation,
    ThingGeologicFormationAssociationSearch, UpdateThingGeologicFormationAssociation, depth_problem,
};
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{GEOLOGIC_FORMATION, THING_FORMATION, visible};
use crate::store::{StoreError, geologic_formation as formation, thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table =
    Table { name: "thing_geologic_formation_association", model: "ThingGeologicFormationAssociation" };

/// What a thing goes through, with the formation's code.
#[derive(Queryable, Selectable)]
#[diesel(table_name = associations, check_for_backend(Backend))]
struct AssociationRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
    thing_id: i32,
    // Of the joined row: one that is hidden is not named by its id either.
    #[diesel(select_expression = geologic_formation::id.nullable())]
    geologic_formation_id: Option<i32>,
    #[diesel(select_expression = geologic_formation::formation_code.nullable())]
    geologic_formation: Option<String>,
    top_depth: f64,
    bottom_depth: f64,
}

impl From<AssociationRow> for ThingGeologicFormationAssociation {
    fn from(row: AssociationRow) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            release_at: row.release_at,
            thing_id: row.thing_id,
            geologic_formation_id: row.geologic_formation_id,
            geologic_formation: row.geologic_formation,
            top_depth: row.top_depth,
            top_depth_unit: Feet::Feet,
            bottom_depth: row.bottom_depth,
            bottom_depth_unit: Feet::Feet,
        }
    }
}

stored! {
    associations: NewAssociation from CreateThingGeologicFormationAssociation, AssociationChange from UpdateThingGeologicFormationAssociation;
    taken { top_depth: f64, bottom_depth: f64 }
    given { thing_id: i32, geologic_formation_id?: i32 }
}

listed!(associations);

static LISTING: Listing<associations::table> = Listing {
    model: TABLE.model,
    rule: &THING_FORMATION,
    columns: &[
        Column::of(associations::id),
        Column::of(associations::created_at),
        Column::of(associations::release_status),
        Column::of(associations::release_at),
        Column::of(associations::thing_id),
        Column::of(associations::geologic_formation_id),
        Column::of(associations::top_depth),
        Column::of(associations::bottom_depth),
    ],
};

/// A page of formations that things go through.
pub fn find(
    session: &mut Session<'_>,
    request: &ListRequest,
    search: &ThingGeologicFormationAssociationSearch,
) -> Result<Found, StoreError> {
    let sight = session.sight();
    let narrow = || {
        let mut all: Vec<Condition<associations::table>> = Vec::new();
        if let Some(thing_id) = search.thing_id {
            all.push(Box::new(associations::thing_id.eq(thing_id).nullable()));
        }
        if let Some(geologic_formation_id) = search.geologic_formation_id {
            all.push(Box::new(associations::geologic_formation_id.eq(geologic_formation_id)));
            let seen = geologic_formation::table
                .into_boxed::<Backend>()
                .filter(visible(sight, &GEOLOGIC_FORMATION))
                .filter(geologic_formation::id.eq(geologic_formation_id))
                .select(geologic_formation::id);
            all.push(Box::new(in_query(associations::geologic_formation_id, seen)));
        }
        Ok(all)
    };
    let (found, ()) = associations::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The formations that things go through with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<ThingGeologicFormationAssociation>, StoreError> {
    let sight = session.sight();
    let formation = associations::geologic_formation_id.eq(geologic_formation::id.nullable());
    let asked = associations::table
        .left_join(geologic_formation::table.on(formation.and(visible(sight, &GEOLOGIC_FORMATION))))
        .filter(among(associations::id, Numbers::new(ids)))
        .filter(visible(sight, &THING_FORMATION));
    let rows: Vec<AssociationRow> = asked.select(AssociationRow::as_select()).load(session)?;
    Ok(in_order(rows.into_iter().map(ThingGeologicFormationAssociation::from).collect(), ids, |row| row.id))
}

/// One formation that a thing goes through.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<ThingGeologicFormationAssociation, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateThingGeologicFormationAssociation>>,
) -> Result<Vec<NewAssociation>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |form| {
        [
            Some(Named::new(thing::TABLE, "thing_id", form.thing_id)),
            Named::optional(formation::TABLE, "geologic_formation_id", form.geologic_formation_id),
        ]
        .into_iter()
        .flatten()
        .collect()
    })?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateThingGeologicFormationAssociation)| {
        let thing_id = check::id(form.thing_id);
        let geologic_formation_id = form.geologic_formation_id.map(check::id);
        NewAssociation::of(id, form, by, thing_id, geologic_formation_id)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores a formation that a thing goes through.
pub fn create(
    session: &mut WriteSession<'_>,
    form: Parsed<CreateThingGeologicFormationAssociation>,
) -> Result<ThingGeologicFormationAssociation, StoreError> {
    let rows = check(session, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateThingGeologicFormationAssociation>,
) -> Result<ThingGeologicFormationAssociation, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |form| {
        [
            Named::optional(thing::TABLE, "thing_id", form.thing_id),
            Named::patched(formation::TABLE, "geologic_formation_id", &form.geologic_formation_id),
        ]
        .into_iter()
        .flatten()
        .collect()
    })?;
    require_order(session, id, patch.top_depth, patch.bottom_depth)?;
    let thing_id = patch.thing_id.map(check::id);
    let geologic_formation_id = patch.geologic_formation_id.clone().map(check::id).into_change();
    let change = AssociationChange::of(patch, session.principal(), thing_id, geologic_formation_id);
    diesel::update(associations::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Refuses a change that would let a stretch end above its beginning.
fn require_order(session: &mut Session<'_>, id: i32, top: Option<f64>, bottom: Option<f64>) -> Result<(), StoreError> {
    if top.is_none() && bottom.is_none() {
        return Ok(());
    }
    let before = associations::table.find(id).select((associations::top_depth, associations::bottom_depth));
    let (old_top, old_bottom): (f64, f64) = before.first(session)?;
    let problem = depth_problem(top.unwrap_or(old_top), bottom.unwrap_or(old_bottom));
    problem.map_or(Ok(()), |problem| Err(StoreError::invalid(problem)))
}

/// Removes a formation that a thing goes through.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(associations::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
