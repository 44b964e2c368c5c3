//! Screens of wells.

use std::collections::HashMap;

use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::{self, aquifer_system, geologic_formation, well_screen};
use crate::db::{Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, rows, selected};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Sight;
use crate::domain::request::form::{Parsed, Patch};
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::thing::well_screen::{CreateWellScreen, UpdateWellScreen, WellScreen, WellScreenBase};
use crate::domain::thing::{Feet, WATER_WELL, Well};
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::visibility::{AQUIFER_SYSTEM, GEOLOGIC_FORMATION, WELL_SCREEN, visible};
use crate::store::query::vocabulary;
use crate::store::thing::history::require_thing;
use crate::store::{StoreError, thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "well_screen", model: "WellScreen" };
const SYSTEM: Table = Table { name: "aquifer_system", model: "AquiferSystem" };
const FORMATION: Table = Table { name: "geologic_formation", model: "GeologicFormation" };

const SCREEN_TYPE: &str = "screen_type";

/// A screen with the names of its aquifer and its formation.
#[derive(Queryable, Selectable)]
#[diesel(table_name = well_screen, check_for_backend(Backend))]
struct ScreenRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    thing_id: i32,
    // Of the joined row: one that is hidden is not named by its id either.
    #[diesel(select_expression = aquifer_system::id.nullable())]
    aquifer_system_id: Option<i32>,
    #[diesel(select_expression = aquifer_system::name.nullable())]
    aquifer_system: Option<String>,
    #[diesel(select_expression = aquifer_system::primary_aquifer_type.nullable())]
    aquifer_type: Option<String>,
    #[diesel(select_expression = geologic_formation::id.nullable())]
    geologic_formation_id: Option<i32>,
    #[diesel(select_expression = geologic_formation::formation_code.nullable())]
    geologic_formation: Option<String>,
    screen_depth_bottom: Option<f64>,
    screen_depth_top: Option<f64>,
    screen_type: Option<String>,
    screen_description: Option<String>,
}

impl From<ScreenRow> for WellScreenBase {
    fn from(row: ScreenRow) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            release_at: row.release_at,
            thing_id: row.thing_id,
            aquifer_system_id: row.aquifer_system_id,
            aquifer_system: row.aquifer_system,
            aquifer_type: row.aquifer_type,
            geologic_formation_id: row.geologic_formation_id,
            geologic_formation: row.geologic_formation,
            screen_depth_bottom: row.screen_depth_bottom,
            screen_depth_bottom_unit: Feet::Feet,
            screen_depth_top: row.screen_depth_top,
            screen_depth_top_unit: Feet::Feet,
            screen_type: row.screen_type,
            screen_description: row.screen_description,
        }
    }
}

stored! {
    well_screen: NewScreen from CreateWellScreen, ScreenChange from UpdateWellScreen;
    taken { screen_depth_top?: f64, screen_depth_bottom?: f64, screen_type?: String, screen_description?: String }
    given { thing_id: i32, aquifer_system_id?: i32, geologic_formation_id?: i32 }
}

listed!(well_screen);

static LISTING: Listing<well_screen::table> = Listing {
    model: TABLE.model,
    rule: &WELL_SCREEN,
    columns: &[
        Column::of(well_screen::id),
        Column::of(well_screen::created_at),
        Column::of(well_screen::release_status),
        Column::of(well_screen::release_at),
        Column::of(well_screen::thing_id),
        Column::of(well_screen::aquifer_system_id),
        Column::of(well_screen::geologic_formation_id),
        Column::of(well_screen::screen_depth_top),
        Column::of(well_screen::screen_depth_bottom),
        Column::of(well_screen::screen_type),
        Column::of(well_screen::screen_description),
    ],
};

fn of_thing(thing_id: Option<i32>) -> Vec<Condition<well_screen::table>> {
    let of_thing = |id| -> Condition<well_screen::table> { Box::new(well_screen::thing_id.eq(id).nullable()) };
    thing_id.map(of_thing).into_iter().collect()
}

/// A page of screens: of one thing, or of all.
pub fn find(session: &mut Session<'_>, request: &ListRequest, thing_id: &Option<i32>) -> Result<Found, StoreError> {
    let narrow = || Ok(of_thing(*thing_id));
    let (found, ()) = well_screen::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// A page of a water well's screens.
pub fn find_of(session: &mut Session<'_>, request: &ListRequest, thing_id: &i32) -> Result<Found, StoreError> {
    let thing_id = *thing_id;
    let narrow = || Ok(of_thing(Some(thing_id)));
    let search = Search::new(&narrow).with(thing::there(session.sight(), thing_id));
    let (found, kind) = well_screen::table::find_page(session, &LISTING, request, search)?;
    thing::expect_kind(thing_id, WATER_WELL, &require_thing(thing_id, kind)?)?;
    Ok(found)
}

/// The screens with these ids, in their order, each with its well.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<WellScreen>, StoreError> {
    let sight = session.sight();
    let wells = well_screen::table
        .filter(among(well_screen::id, Numbers::new(ids)))
        .filter(visible(sight, &WELL_SCREEN))
        .select(well_screen::thing_id);
    let (screens, wells) =
        session.read_fixed((read(sight, Numbers::new(ids)), thing::wells(sight, selected(wells))))?;
    let wells: HashMap<i32, Well> = wells.into_iter().map(|well| (well.base.id, well)).collect();
    let with_well = |base: WellScreenBase| {
        let thing = wells.get(&base.thing_id)?.clone();
        Some(WellScreen { base, thing })
    };
    Ok(in_order(screens, ids, |screen| screen.id).into_iter().filter_map(with_well).collect())
}

/// One screen.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<WellScreen, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// All screens of a well without the well itself, from the top down.
pub fn base_of(sight: Sight, thing_id: i32) -> impl Read<Output = Vec<WellScreenBase>> {
    let of_thing = well_screen::table
        .filter(well_screen::thing_id.eq(thing_id))
        .filter(visible(sight, &WELL_SCREEN))
        .select(well_screen::id);
    read(sight, selected(of_thing))
}

/// The screens with these ids without their wells, from the top down.
fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<WellScreenBase>> {
    let system = well_screen::aquifer_system_id.eq(aquifer_system::id.nullable());
    let formation = well_screen::geologic_formation_id.eq(geologic_formation::id.nullable());
    let screens = well_screen::table
        .left_join(aquifer_system::table.on(system.and(visible(sight, &AQUIFER_SYSTEM))))
        .left_join(geologic_formation::table.on(formation.and(visible(sight, &GEOLOGIC_FORMATION))))
        .filter(among(well_screen::id, ids))
        .filter(visible(sight, &WELL_SCREEN))
        .order((
            well_screen::screen_depth_top.is_null().asc(),
            well_screen::screen_depth_top.asc(),
            well_screen::id.asc(),
        ));
    rows::<ScreenRow, _>(screens.select(columns::<ScreenRow>()))
        .giving(|rows| rows.into_iter().map(WellScreenBase::from).collect())
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateWellScreen>>,
) -> Result<Vec<NewScreen>, StoreError> {
    let names = |form: &CreateWellScreen| {
        let system = Named::optional(SYSTEM, "aquifer_system_id", form.aquifer_system_id);
        let formation = Named::optional(FORMATION, "geologic_formation_id", form.geologic_formation_id);
        let thing = Named::new(thing::TABLE, "thing_id", form.thing_id);
        [Some(thing), system, formation].into_iter().flatten().collect()
    };
    let checked = check_new(session, TABLE.name, forms, names)?;
    require_wells(session, &checked.iter().map(|(_, form)| check::id(form.thing_id)).collect::<Vec<_>>())?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateWellScreen)| {
        let (thing, system) = (check::id(form.thing_id), form.aquifer_system_id.map(check::id));
        let formation = form.geologic_formation_id.map(check::id);
        NewScreen::of(id, form, by, thing, system, formation)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Only water wells have screens.
fn require_wells(session: &mut Session<'_>, things: &[i32]) -> Result<(), StoreError> {
    let others: Vec<(i32, String)> = schema::thing::table
        .filter(among(schema::thing::id, Numbers::new(things)))
        .filter(schema::thing::thing_type.ne(WATER_WELL))
        .select((schema::thing::id, schema::thing::thing_type))
        .load(session)?;
    let others = in_order(others, things, |(id, _)| *id);
    others.first().map_or(Ok(()), |(id, kind)| {
        Err(StoreError::conflict("thing_id", thing::wrong_kind(*id, WATER_WELL, kind), *id))
    })
}

/// Stores a screen of a water well.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateWellScreen>) -> Result<WellScreen, StoreError> {
    let rows = check(session, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateWellScreen>,
) -> Result<WellScreen, StoreError> {
    let names = |form: &UpdateWellScreen| {
        let system = Named::patched(SYSTEM, "aquifer_system_id", &form.aquifer_system_id);
        let formation = Named::patched(FORMATION, "geologic_formation_id", &form.geologic_formation_id);
        [system, formation].into_iter().flatten().collect()
    };
    let patch = check_change(session, (TABLE, id), form, names)?;
    require_screen_type(session, &patch.screen_type)?;
    let system = patch.aquifer_system_id.clone().map(check::id).into_change();
    let formation = patch.geologic_formation_id.clone().map(check::id).into_change();
    let change = ScreenChange::of(patch, session.principal(), None, system, formation);
    diesel::update(well_screen::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// The reference leaves an unknown type in a change to its database, whose answer is a conflict that lists the types.
fn require_screen_type(session: &mut Session<'_>, sent: &Patch<String>) -> Result<(), StoreError> {
    let Patch::Value(sent) = sent else { return Ok(()) };
    let types = vocabulary::terms_of(session, SCREEN_TYPE)?;
    if types.contains(sent) {
        return Ok(());
    }
    let message = format!("{sent} is an invalid screen type. Valid types are: {}.", types.join(" | "));
    Err(StoreError::conflict(SCREEN_TYPE, message, sent.as_str()))
}

/// Removes a screen.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(well_screen::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
