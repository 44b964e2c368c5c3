//! Groups of things, with a hierarchy.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;
use serde_json::json;

use crate::db::schema::{group, group_thing_association as member, thing};
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::form::{Parsed, Patch};
use crate::domain::group::{CreateGroup, Group, UpdateGroup};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::time::UtcDateTime;

use super::list::{Column, Listing};
use super::page::load_page;
use super::{StoreError, require_parent, vocabulary};

/// The resource's name in messages.
pub const MODEL: &str = "Group";

/// A row of the table, as other resources embed it.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = group, check_for_backend(Backend))]
pub struct GroupRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    name: String,
    description: Option<String>,
    project_area: Option<String>,
    group_type: Option<String>,
    parent_group_id: Option<i32>,
}

impl GroupRow {
    /// The wire form with its count of wells.
    pub fn with_wells(self, well_count: i64) -> Group {
        let Self { id, created_at, release_status, name, description, project_area, group_type, parent_group_id } =
            self;
        Group {
            id,
            created_at,
            release_status,
            name,
            description,
            project_area,
            group_type,
            parent_group_id,
            well_count,
        }
    }
}

static LISTING: Listing<group::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(group::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(group::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(group::release_status)),
        Column::text("name", || Box::new(group::name.nullable())).not_null(),
        Column::text("description", || Box::new(group::description)),
        Column::text("group_type", || Box::new(group::group_type)),
        Column::integer("parent_group_id", || Box::new(group::parent_group_id)),
    ],
};

/// A page of groups.
pub fn list(conn: &mut Connection, request: &ListRequest) -> Result<Page<Group>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, group::table, GroupRow, group::id,
        extra: |query| query,
        default: |query| query.order(group::id.asc())
    );
    Ok(Page::new(with_wells(conn, rows)?, extent))
}

/// One query for the counts of all rows.
fn with_wells(conn: &mut Connection, rows: Vec<GroupRow>) -> QueryResult<Vec<Group>> {
    let ids: Vec<i32> = rows.iter().map(|row| row.id).collect();
    let counts: HashMap<i32, i64> = member::table
        .inner_join(thing::table)
        .filter(member::group_id.eq_any(&ids))
        .filter(thing::thing_type.eq("water well"))
        .group_by(member::group_id)
        .select((member::group_id, diesel::dsl::count_star()))
        .load::<(i32, i64)>(conn)?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let count = counts.get(&row.id).copied().unwrap_or(0);
            row.with_wells(count)
        })
        .collect())
}

/// One group.
pub fn get(conn: &mut Connection, id: i32) -> Result<Group, StoreError> {
    let row: Option<GroupRow> = group::table.find(id).select(GroupRow::as_select()).first(conn).optional()?;
    with_wells(conn, row.into_iter().collect())?.pop().ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// True when the row exists.
pub fn exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(group::table.find(id))).get_result(conn)
}

/// The group that a body names as parent.
fn parent(conn: &mut Connection, sent: Option<i64>) -> Result<Option<i32>, StoreError> {
    sent.map(|sent| require_parent(conn, "parent_group_id", MODEL, sent, exists)).transpose()
}

/// Refuses a second group of the same name and type. Groups without a type are alike in this.
fn require_unique(
    conn: &mut Connection,
    name: &str,
    group_type: Option<&str>,
    but: Option<i32>,
) -> Result<(), StoreError> {
    let mut same = group::table.into_boxed::<Backend>().filter(group::name.eq(name.to_owned()));
    same = match group_type {
        Some(group_type) => same.filter(group::group_type.eq(group_type.to_owned())),
        None => same.filter(group::group_type.is_null()),
    };
    if let Some(id) = but {
        same = same.filter(group::id.ne(id));
    }
    if same.count().get_result::<i64>(conn)? == 0 {
        return Ok(());
    }
    let message = match group_type {
        Some(group_type) => format!("Group with name {name} and group_type {group_type} already exists."),
        None => format!("Group with name {name} already exists."),
    };
    Err(StoreError::conflict("name", message, json!(name)))
}

/// Stores a group.
pub fn create(conn: &mut Connection, body: Parsed<CreateGroup>, actor: &Actor) -> Result<Group, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    let parent = parent(conn, new.parent_group_id)?;
    require_unique(conn, &new.name, new.group_type.as_deref(), None)?;
    let row = (
        group::name.eq(&new.name),
        group::description.eq(&new.description),
        group::project_area.eq(new.project_area.as_ref().map(ToString::to_string)),
        group::group_type.eq(&new.group_type),
        group::parent_group_id.eq(parent),
        group::release_status.eq(&new.release_status),
        group::created_by_id.eq(&actor.id),
        group::created_by_name.eq(&actor.name),
    );
    let id = diesel::insert_into(group::table).values(row).returning(group::id).get_result(conn)?;
    get(conn, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = group)]
struct GroupChange {
    name: Option<String>,
    description: Option<Option<String>>,
    project_area: Option<Option<String>>,
    group_type: Option<Option<String>>,
    parent_group_id: Option<Option<i32>>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent. The hierarchy stays a tree.
pub fn update(conn: &mut Connection, id: i32, body: Parsed<UpdateGroup>, actor: &Actor) -> Result<Group, StoreError> {
    let before = get(conn, id)?;
    let patch = vocabulary::settle(conn, body)?;
    let parent_change = match patch.parent_group_id {
        Patch::Absent => None,
        Patch::Null => Some(None),
        Patch::Value(sent) => {
            let parent = require_parent(conn, "parent_group_id", MODEL, sent, exists)?;
            if is_below(conn, parent, id)? {
                let message = format!("Group with ID {sent} is this group or lies below it.");
                return Err(StoreError::conflict("parent_group_id", message, sent));
            }
            Some(Some(parent))
        }
    };
    if patch.name.is_some() || patch.group_type.is_sent() {
        let name = patch.name.as_deref().unwrap_or(&before.name);
        let group_type = match &patch.group_type {
            Patch::Absent => before.group_type.as_deref(),
            Patch::Null => None,
            Patch::Value(group_type) => Some(group_type.as_str()),
        };
        require_unique(conn, name, group_type, Some(id))?;
    }
    let change = GroupChange {
        name: patch.name,
        description: patch.description.into_change(),
        project_area: patch.project_area.map(|area| area.to_string()).into_change(),
        group_type: patch.group_type.into_change(),
        parent_group_id: parent_change,
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(group::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// True when `start` is `top` or one of the groups below it. Walks up from `start`: the tree is shallow.
fn is_below(conn: &mut Connection, start: i32, top: i32) -> QueryResult<bool> {
    let mut at = Some(start);
    let mut seen = Vec::new();
    while let Some(id) = at {
        if id == top {
            return Ok(true);
        }
        if seen.contains(&id) {
            return Ok(false);
        }
        seen.push(id);
        at = group::table.find(id).select(group::parent_group_id).first::<Option<i32>>(conn).optional()?.flatten();
    }
    Ok(false)
}

/// Removes a group and those below it; the things stay.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    match diesel::delete(group::table.find(id)).execute(conn)? {
        0 => Err(StoreError::not_found(MODEL, id)),
        _ => Ok(()),
    }
}
