//! Things as members of groups.

use crate::db::prelude::*;
use crate::db::schema::group_thing_association as member;
use crate::db::{Lock, WriteSession, columns, locked, rows};
use crate::domain::group::member::GroupMember;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Principal;
use crate::store::query::stored::row;
use crate::store::{StoreError, group, thing};

row! {
    /// A row of the table.
    struct MemberRow of member as GroupMember {
        id: i32,
        group_id: i32,
        thing_id: i32,
        created_at: UtcDateTime,
        created_by_id: Option<String>,
        created_by_name: Option<String>,
        updated_by_id: Option<String>,
        updated_by_name: Option<String>,
    }
}

/// A row to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = member, treat_none_as_default_value = false)]
pub struct NewMember {
    group_id: i32,
    thing_id: i32,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
}

crate::insertable!(NewMember => member);

impl NewMember {
    /// The membership of a thing in a group.
    pub fn of(group_id: i32, thing_id: i32, by: &Principal) -> Self {
        Self { group_id, thing_id, created_by_id: by.id.clone(), created_by_name: by.name.clone() }
    }
}

/// Makes a thing a member of a group.
pub fn create(session: &mut WriteSession<'_>, group_id: i32, thing_id: i32) -> Result<GroupMember, StoreError> {
    // The thing's lock keeps a second membership out: groups have far more members than things have groups.
    let group_row = rows::<i32, _>(locked(group::TABLE.name, &[group_id], Lock::Stay));
    let thing_row = rows::<i32, _>(locked(thing::TABLE.name, &[thing_id], Lock::Change));
    let (groups, things) = session.read((group_row, thing_row))?;
    if groups.is_empty() {
        return Err(StoreError::not_found(group::TABLE.model, group_id));
    }
    if things.is_empty() {
        return Err(StoreError::not_found(thing::TABLE.model, thing_id));
    }
    let same = member::table.filter(member::group_id.eq(group_id)).filter(member::thing_id.eq(thing_id));
    if !same.select(member::id).load::<i32>(session)?.is_empty() {
        let message = format!("Thing {thing_id} is already a member of group {group_id}.");
        return Err(StoreError::ConflictText(message));
    }
    let row: MemberRow = diesel::insert_into(member::table)
        .values(NewMember::of(group_id, thing_id, session.principal()))
        .returning(columns::<MemberRow>())
        .get_result(session)?;
    Ok(row.into())
}

/// Ends a membership.
pub fn delete(session: &mut WriteSession<'_>, group_id: i32, thing_id: i32) -> Result<(), StoreError> {
    let row = member::table.filter(member::group_id.eq(group_id)).filter(member::thing_id.eq(thing_id));
    match diesel::delete(row).execute(session)? {
        0 => Err(StoreError::Missing(format!("Thing {thing_id} is not a member of group {group_id}."))),
        _ => Ok(()),
    }
}
