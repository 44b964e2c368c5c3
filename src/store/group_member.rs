//! Things as members of groups.

use diesel::prelude::*;

use crate::db::schema::group_thing_association as member;
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::group_member::GroupMember;
use crate::domain::time::UtcDateTime;

use super::{StoreError, group, thing};

#[derive(Queryable, Selectable)]
#[diesel(table_name = member, check_for_backend(Backend))]
struct MemberRow {
    id: i32,
    group_id: i32,
    thing_id: i32,
    created_at: UtcDateTime,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

impl From<MemberRow> for GroupMember {
    fn from(row: MemberRow) -> Self {
        let MemberRow { id, group_id, thing_id, created_at, created_by_id, created_by_name, .. } = row;
        Self {
            id,
            group_id,
            thing_id,
            created_at,
            created_by_id,
            created_by_name,
            updated_by_id: row.updated_by_id,
            updated_by_name: row.updated_by_name,
        }
    }
}

/// Makes a thing a member of a group.
pub fn create(conn: &mut Connection, group_id: i32, thing_id: i32, actor: &Actor) -> Result<GroupMember, StoreError> {
    if !group::exists(conn, group_id)? {
        return Err(StoreError::not_found(group::MODEL, group_id));
    }
    if !thing::exists(conn, thing_id)? {
        return Err(StoreError::not_found(thing::MODEL, thing_id));
    }
    let same = member::table.filter(member::group_id.eq(group_id)).filter(member::thing_id.eq(thing_id));
    if diesel::select(diesel::dsl::exists(same)).get_result(conn)? {
        let message = format!("Thing {thing_id} is already a member of group {group_id}.");
        return Err(StoreError::ConflictText(message));
    }
    let id = add(conn, group_id, thing_id, actor)?;
    let row: MemberRow = member::table.find(id).select(MemberRow::as_select()).first(conn)?;
    Ok(row.into())
}

/// Writes the row; both sides are there.
pub(super) fn add(conn: &mut Connection, group_id: i32, thing_id: i32, actor: &Actor) -> QueryResult<i32> {
    let row = (
        member::group_id.eq(group_id),
        member::thing_id.eq(thing_id),
        member::created_by_id.eq(&actor.id),
        member::created_by_name.eq(&actor.name),
    );
    diesel::insert_into(member::table).values(row).returning(member::id).get_result(conn)
}

/// Ends a membership.
pub fn delete(conn: &mut Connection, group_id: i32, thing_id: i32) -> Result<(), StoreError> {
    let row = member::table.filter(member::group_id.eq(group_id)).filter(member::thing_id.eq(thing_id));
    match diesel::delete(row).execute(conn)? {
        0 => Err(StoreError::Missing(format!("Thing {thing_id} is not a member of group {group_id}."))),
        _ => Ok(()),
    }
}
