//! Groups of things, with a hierarchy.

pub mod member;

use std::collections::HashMap;
use std::sync::Arc;

use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::OptionalEmptyChangesetExtension as _;
use diesel::sql_types::Integer;
use serde_json::json;

use crate::db::prelude::*;
use crate::db::schema::{group, group_thing_association as membership, thing};
use crate::db::{
    Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, constant, row, rows, transaction_lock,
};
use crate::domain::group::{CreateGroup, Group, UpdateGroup};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Sight;
use crate::domain::request::form::{Parsed, Patch};
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::StoreError;
use crate::store::query::check::{self, Named, Table, check_change, check_new, lock_row};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Listing};
use crate::store::query::stored::stored;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{GROUP, GROUP_MEMBER, THING, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "group", model: "Group" };

/// Those who move or remove groups take turns (any constant would do): two moves that are fine each by itself could
/// make a cycle together.
const HIERARCHY: i64 = 0x0c07_73ee;

#[derive(Queryable, Selectable)]
#[diesel(table_name = group, check_for_backend(Backend))]
struct GroupRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    name: String,
    description: Option<String>,
    project_area: Option<String>,
    group_type: Option<String>,
    parent_group_id: Option<i32>,
}

impl GroupRow {
    /// The wire form with its count of wells.
    fn with_wells(self, well_count: i64) -> Group {
        let Self { id, created_at, release_status, release_at, name, description, project_area, .. } = self;
        let Self { group_type, parent_group_id, .. } = self;
        Group {
            id,
            created_at,
            release_status,
            release_at,
            name,
            description,
            project_area,
            group_type,
            parent_group_id,
            well_count,
        }
    }
}

stored! {
    group: NewGroup from CreateGroup, GroupChange from UpdateGroup;
    taken { name: String, description?: String, group_type?: String }
    given { project_area?: String, parent_group_id?: i32 }
}

listed!(group);

static LISTING: Listing<group::table> = Listing {
    model: TABLE.model,
    rule: &GROUP,
    columns: &[
        Column::of(group::id),
        Column::of(group::created_at),
        Column::of(group::release_status),
        Column::of(group::release_at),
        Column::of(group::name),
        Column::of(group::description),
        Column::of(group::group_type),
        Column::of(group::parent_group_id),
    ],
};

/// A page of groups.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let narrow = || Ok(Vec::new());
    let (found, ()) = group::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The groups with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Group>, StoreError> {
    let groups = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(groups, ids, |group| group.id))
}

/// The groups with these ids, by id, each with its count of wells.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<Group>> {
    let wells = membership::table
        .inner_join(thing::table)
        .filter(among(membership::group_id, ids.clone()))
        .filter(thing::thing_type.eq(constant("water well")))
        .filter(visible(sight, &GROUP_MEMBER))
        .filter(visible(sight, &THING))
        .group_by(membership::group_id)
        .select((membership::group_id, diesel::dsl::count_star()));
    (group_rows(sight, ids), rows::<(i32, i64), _>(wells)).giving(|(groups, wells)| {
        let wells: HashMap<i32, i64> = wells.into_iter().collect();
        let count = |id| wells.get(&id).copied().unwrap_or_default();
        groups.into_iter().map(|row| (count(row.id), row)).map(|(wells, row)| row.with_wells(wells)).collect()
    })
}

/// The groups with these ids, by id, as other resources embed them: without a count of wells.
pub fn embedded(sight: Sight, ids: impl Ids) -> impl Read<Output = HashMap<i32, Arc<Group>>> {
    group_rows(sight, ids).giving(|rows| rows.into_iter().map(|row| (row.id, Arc::new(row.with_wells(0)))).collect())
}

fn group_rows(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<GroupRow>> {
    let found = group::table.filter(among(group::id, ids)).filter(visible(sight, &GROUP)).order(group::id);
    rows::<GroupRow, _>(found.select(columns::<GroupRow>()))
}

/// One group.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Group, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Refuses a second group of the same name and type. Groups without a type are alike in this.
fn require_unique(
    session: &mut Session<'_>,
    name: &str,
    group_type: Option<&str>,
    but: Option<i32>,
) -> Result<(), StoreError> {
    let same = group::table.into_boxed::<Backend>().filter(group::name.eq(name)).filter(group::id.ne(but.unwrap_or(0)));
    let same = match group_type {
        Some(group_type) => same.filter(group::group_type.eq(group_type)),
        None => same.filter(group::group_type.is_null()),
    };
    if same.select(group::id).load::<i32>(session)?.is_empty() {
        return Ok(());
    }
    let message = match group_type {
        Some(group_type) => format!("Group with name {name} and group_type {group_type} already exists."),
        None => format!("Group with name {name} already exists."),
    };
    Err(StoreError::conflict("name", message, json!(name)))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(session: &mut WriteSession<'_>, forms: Vec<Parsed<CreateGroup>>) -> Result<Vec<NewGroup>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |form| {
        Named::optional(TABLE, "parent_group_id", form.parent_group_id).into_iter().collect()
    })?;
    for (_, form) in &checked {
        require_unique(session, &form.name, form.group_type.as_deref(), None)?;
    }
    let by = session.principal();
    let row = |(id, form): (i32, CreateGroup)| {
        let (area, parent) = (form.project_area.as_ref().map(ToString::to_string), form.parent_group_id.map(check::id));
        NewGroup::of(id, form, by, area, parent)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewGroup>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores a group.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateGroup>) -> Result<Group, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Locks a group for a change of it: first the hierarchy, as changes and removals of groups do.
pub fn lock(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    transaction_lock(session, HIERARCHY)?;
    lock_row(session, TABLE, id)
}

/// Changes what was sent. The hierarchy stays a tree.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateGroup>) -> Result<Group, StoreError> {
    if form.value().is_some_and(|patch| matches!(patch.parent_group_id, Patch::Value(_))) {
        transaction_lock(session, HIERARCHY)?;
    }
    let patch = check_change(session, (TABLE, id), form, |patch| {
        Named::patched(TABLE, "parent_group_id", &patch.parent_group_id).into_iter().collect()
    })?;
    let parent = patch.parent_group_id.clone().map(check::id).into_change();
    require_possible(session, id, parent.flatten(), &patch)?;
    let area = patch.project_area.clone().map(|area| area.to_string()).into_change();
    let change = GroupChange::of(patch, session.principal(), area, parent);
    diesel::update(group::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Refuses a parent that is the group itself or lies below it, and a name that another group has.
fn require_possible(
    session: &mut Session<'_>,
    id: i32,
    parent: Option<i32>,
    patch: &UpdateGroup,
) -> Result<(), StoreError> {
    let above = |parent| group::table.find(id).filter(in_query(group::id, Above(parent))).select(group::id);
    let is_above = parent.map(|parent| row::<i32, _>(above(parent)));
    let is_renamed = patch.name.is_some() || patch.group_type.is_sent();
    let before = is_renamed
        .then(|| row::<(String, Option<String>), _>(group::table.find(id).select((group::name, group::group_type))));
    let (is_above, before) = session.read((is_above, before))?;
    if let (Some(parent), Some(_)) = (parent, is_above.flatten()) {
        let message = format!("Group with ID {parent} is this group or lies below it.");
        return Err(StoreError::conflict("parent_group_id", message, parent));
    }
    let Some((name, group_type)) = before.flatten() else {
        return Ok(());
    };
    let group_type = match &patch.group_type {
        Patch::Absent => group_type.as_deref(),
        Patch::Null => None,
        Patch::Value(group_type) => Some(group_type.as_str()),
    };
    require_unique(session, patch.name.as_deref().unwrap_or(&name), group_type, Some(id))
}

/// Selects the ids of a group and of all above it: the right side of an `IN`. A cycle ends it too.
struct Above(i32);

impl QueryFragment<Backend> for Above {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("WITH RECURSIVE above(id) AS (SELECT ");
        out.push_bind_param::<Integer, _>(&self.0)?;
        out.push_sql(
            " UNION SELECT g.parent_group_id FROM \"group\" g JOIN above ON g.id = above.id \
             WHERE g.parent_group_id IS NOT NULL) SELECT id FROM above",
        );
        Ok(())
    }
}

/// Removes a group and those below it; the things stay.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    transaction_lock(session, HIERARCHY)?;
    match diesel::delete(group::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
