//! `/group`

use actix_web::{delete, get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::ListParams;
use super::{Answer, Body, Caller, Db, Id, Ids, Model, Params};
use crate::auth::{Admin, Editor, Viewer};
use crate::domain::group::{CreateGroup, Group, UpdateGroup};
use crate::domain::group_member::GroupMember;
use crate::domain::paging::Page;
use crate::domain::thing::Thing;
use crate::store::{group, group_member};

impl Model for Group {
    const NAME: &'static str = group::MODEL;
}

/// List groups.
#[utoipa::path(tag = "group", params(ListParams), responses((status = 200, body = Page<Group>)))]
#[get("/group")]
async fn list_groups(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    params.finish()?;
    db.page("list_groups", request, group::list).await
}

/// Store a group.
#[utoipa::path(tag = "group", request_body = CreateGroup, responses((status = 201, body = Group)))]
#[post("/group")]
async fn create_group(caller: Caller<Admin>, db: Db, Body(body): Body<CreateGroup>) -> Answer {
    db.create("create_group", move |conn| group::create(conn, body, &caller.actor)).await
}

/// One group.
#[utoipa::path(tag = "group", responses((status = 200, body = Group)))]
#[get("/group/{group_id}")]
async fn get_group(_caller: Caller<Viewer>, key: Id<Group>, db: Db) -> Answer {
    db.get("get_group", move |conn| group::get(conn, key.id)).await
}

/// Change a group.
#[utoipa::path(tag = "group", request_body = UpdateGroup, responses((status = 200, body = Group)))]
#[patch("/group/{group_id}")]
async fn update_group(caller: Caller<Editor>, key: Id<Group>, db: Db, Body(body): Body<UpdateGroup>) -> Answer {
    db.update("update_group", move |conn| group::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a group and the groups below it; the things stay.
#[utoipa::path(tag = "group", responses((status = 204)))]
#[delete("/group/{group_id}")]
async fn delete_group(_caller: Caller<Admin>, key: Id<Group>, db: Db) -> Answer {
    db.delete("delete_group", move |conn| group::delete(conn, key.id)).await
}

/// Make a thing a member of a group.
#[utoipa::path(tag = "group", responses((status = 201, body = GroupMember)))]
#[post("/group/{group_id}/things/{thing_id}")]
async fn add_thing_to_group(caller: Caller<Admin>, keys: Ids<Group, Thing>, db: Db) -> Answer {
    let add = move |conn: &mut _| group_member::create(conn, keys.first, keys.second, &caller.actor);
    db.create("add_thing_to_group", add).await
}

/// End a thing's membership in a group.
#[utoipa::path(tag = "group", responses((status = 204)))]
#[delete("/group/{group_id}/things/{thing_id}")]
async fn remove_thing_from_group(_caller: Caller<Admin>, keys: Ids<Group, Thing>, db: Db) -> Answer {
    db.delete("remove_thing_from_group", move |conn| group_member::delete(conn, keys.first, keys.second)).await
}

/// The routes of groups.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_groups)
        .service(create_group)
        .service(get_group)
        .service(update_group)
        .service(delete_group)
        .service(add_thing_to_group)
        .service(remove_thing_from_group);
}
