//! `/thing/id-link`

use actix_web::{delete, get, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::{ListParams, PageParams};
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{Admin, Editor, Viewer};
use crate::domain::id_link::{CreateIdLink, UpdateIdLink};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::thing::{Thing, ThingIdLink};
use crate::store::id_link;

impl Model for ThingIdLink {
    const NAME: &'static str = id_link::MODEL;
}

/// List what other organizations call things.
#[utoipa::path(tag = "thing", params(ListParams), responses((status = 200, body = Page<ThingIdLink>)))]
#[get("/thing/id-link")]
async fn list_id_links(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    params.finish()?;
    db.page("list_id_links", request, id_link::list).await
}

/// List what other organizations call a thing.
#[utoipa::path(tag = "thing", params(PageParams), responses((status = 200, body = Page<ThingIdLink>)))]
#[get("/thing/{thing_id}/id-link")]
async fn list_links_of_thing(_caller: Caller<Viewer>, key: Id<Thing>, db: Db, mut params: Params) -> Answer {
    let request = ListRequest { page: params.page(), ..ListRequest::default() };
    params.finish()?;
    db.page("list_links_of_thing", request, move |conn, request| id_link::list_of(conn, key.id, request)).await
}

/// Store what another organization calls a thing.
#[utoipa::path(tag = "thing", request_body = CreateIdLink, responses((status = 201, body = ThingIdLink)))]
#[post("/thing/id-link")]
async fn create_id_link(caller: Caller<Admin>, db: Db, Body(body): Body<CreateIdLink>) -> Answer {
    db.create("create_id_link", move |conn| id_link::create(conn, body, &caller.actor)).await
}

/// One link.
#[utoipa::path(tag = "thing", responses((status = 200, body = ThingIdLink)))]
#[get("/thing/id-link/{link_id}")]
async fn get_id_link(_caller: Caller<Viewer>, key: Id<ThingIdLink>, db: Db) -> Answer {
    db.get("get_id_link", move |conn| id_link::get(conn, key.id)).await
}

/// Change a link.
#[utoipa::path(tag = "thing", request_body = UpdateIdLink, responses((status = 200, body = ThingIdLink)))]
#[patch("/thing/id-link/{link_id}")]
async fn update_id_link(
    caller: Caller<Editor>,
    key: Id<ThingIdLink>,
    db: Db,
    Body(body): Body<UpdateIdLink>,
) -> Answer {
    db.update("update_id_link", move |conn| id_link::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a link.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/id-link/{link_id}")]
async fn delete_id_link(_caller: Caller<Admin>, key: Id<ThingIdLink>, db: Db) -> Answer {
    db.delete("delete_id_link", move |conn| id_link::delete(conn, key.id)).await
}

/// The routes of links; they go before `/thing/{thing_id}`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_id_links)
        .service(create_id_link)
        .service(get_id_link)
        .service(update_id_link)
        .service(delete_id_link)
        .service(list_links_of_thing);
}
