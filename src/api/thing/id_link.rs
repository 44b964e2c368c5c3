//! `/thing/id-link`

use actix_web::{delete, get, patch, post};

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::domain::thing::id_link::{CreateIdLink, UpdateIdLink};
use crate::domain::thing::{Thing, ThingIdLink};
use crate::store::thing::id_link;

resource!(ThingIdLink, id_link);

/// List what other organizations call things.
#[utoipa::path(tag = "thing", params(ListParams), responses((status = 200, body = Page<ThingIdLink>)))]
#[get("/thing/id-link")]
async fn list_id_links(db: Db, params: Params) -> Answer {
    db.list("list_id_links", params, |params| (params.list(), ()), id_link::find, id_link::load).await
}

/// List what other organizations call a thing.
#[utoipa::path(tag = "thing", params(ListParams), responses((status = 200, body = Page<ThingIdLink>)))]
#[get("/thing/{thing_id}/id-link")]
async fn list_links_of_thing(key: Id<Thing>, db: Db, params: Params) -> Answer {
    db.list("list_links_of_thing", params, move |params| (params.list(), key.id), id_link::find_of, id_link::load).await
}

/// Store what another organization calls a thing.
#[utoipa::path(tag = "thing", request_body = CreateIdLink, responses((status = 201, body = ThingIdLink)))]
#[post("/thing/id-link")]
async fn create_id_link(db: Db, body: Body<CreateIdLink>) -> Answer {
    db.create("create_id_link", body, id_link::create).await
}

/// One link.
#[utoipa::path(tag = "thing", responses((status = 200, body = ThingIdLink)))]
#[get("/thing/id-link/{link_id}")]
async fn get_id_link(key: Id<ThingIdLink>, db: Db) -> Answer {
    db.get("get_id_link", key, id_link::get).await
}

/// Change a link.
#[utoipa::path(tag = "thing", request_body = UpdateIdLink, responses((status = 200, body = ThingIdLink)))]
#[patch("/thing/id-link/{link_id}")]
async fn update_id_link(key: Id<ThingIdLink>, db: Db, body: Body<UpdateIdLink>) -> Answer {
    db.update("update_id_link", key, body, id_link::update).await
}

/// Remove a link.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/id-link/{link_id}")]
async fn delete_id_link(key: Id<ThingIdLink>, db: Db) -> Answer {
    db.delete("delete_id_link", key, id_link::delete).await
}

/// The routes of links; they go before `/thing/{thing_id}`.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_id_links)
        .add(Admin, create_id_link)
        .add(Viewer, get_id_link)
        .add(Editor, update_id_link)
        .add(Admin, delete_id_link)
        .add(Viewer, list_links_of_thing);
}
