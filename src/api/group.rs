//! `/group`

use actix_web::{delete, get, patch, post};

use crate::api::http::openapi::ListParams;
use crate::api::{Answer, Body, Db, Id, Ids, Params, Resource, Routes, Tagged};
use crate::db::{Session, WriteSession};
use crate::domain::group::member::GroupMember;
use crate::domain::group::{CreateGroup, Group, UpdateGroup};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::domain::thing::Thing;
use crate::store::StoreError;
use crate::store::group;
use crate::store::group::member as group_member;

impl Resource for Group {
    const NAME: &'static str = group::TABLE.model;
}

impl Tagged for Group {
    type Id = i32;

    fn get(session: &mut Session<'_>, id: i32) -> Result<Self, StoreError> {
        group::get(session, id)
    }

    fn lock(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
        group::lock(session, id)
    }
}

/// List groups.
#[utoipa::path(tag = "group", params(ListParams), responses((status = 200, body = Page<Group>)))]
#[get("/group")]
async fn list_groups(db: Db, params: Params) -> Answer {
    db.list("list_groups", params, |params| (params.list(), ()), group::find, group::load).await
}

/// Store a group.
#[utoipa::path(tag = "group", request_body = CreateGroup, responses((status = 201, body = Group)))]
#[post("/group")]
async fn create_group(db: Db, body: Body<CreateGroup>) -> Answer {
    db.create("create_group", body, group::create).await
}

/// One group.
#[utoipa::path(tag = "group", responses((status = 200, body = Group)))]
#[get("/group/{group_id}")]
async fn get_group(key: Id<Group>, db: Db) -> Answer {
    db.get("get_group", key, group::get).await
}

/// Change a group.
#[utoipa::path(tag = "group", request_body = UpdateGroup, responses((status = 200, body = Group)))]
#[patch("/group/{group_id}")]
async fn update_group(key: Id<Group>, db: Db, body: Body<UpdateGroup>) -> Answer {
    db.update("update_group", key, body, group::update).await
}

/// Remove a group and the groups below it; the things stay.
#[utoipa::path(tag = "group", responses((status = 204)))]
#[delete("/group/{group_id}")]
async fn delete_group(key: Id<Group>, db: Db) -> Answer {
    db.delete("delete_group", key, group::delete).await
}

/// Make a thing a member of a group.
#[utoipa::path(tag = "group", responses((status = 201, body = GroupMember)))]
#[post("/group/{group_id}/things/{thing_id}")]
async fn add_thing_to_group(keys: Ids<Group, Thing>, db: Db) -> Answer {
    db.create_at("add_thing_to_group", keys, |session, (group, thing)| group_member::create(session, group, thing))
        .await
}

/// End a thing's membership in a group.
#[utoipa::path(tag = "group", responses((status = 204)))]
#[delete("/group/{group_id}/things/{thing_id}")]
async fn remove_thing_from_group(keys: Ids<Group, Thing>, db: Db) -> Answer {
    db.remove("remove_thing_from_group", keys, |session, (group, thing)| group_member::delete(session, group, thing))
        .await
}

/// The routes of groups.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_groups)
        .add(Admin, create_group)
        .add(Viewer, get_group)
        .add(Editor, update_group)
        .add(Admin, delete_group)
        .add(Admin, add_thing_to_group)
        .add(Admin, remove_thing_from_group);
}
