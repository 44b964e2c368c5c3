//! `/thing/water-well`, `/thing/spring`: storing, changing and removing things.

use actix_web::{delete, patch, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Body, Caller, Db, Id};
use crate::auth::{Admin, Editor};
use crate::domain::create_thing::{CreateSpring, CreateWell};
use crate::domain::thing::{Spring, Thing, Well};
use crate::domain::update_thing::{UpdateSpring, UpdateWell};
use crate::store::thing_write;

/// Store a water well with its notes, other names, frequencies, statuses, sources and its links to a location and a group.
#[utoipa::path(tag = "thing", request_body = CreateWell, responses((status = 201, body = Well)))]
#[post("/thing/water-well")]
async fn create_water_well(caller: Caller<Admin>, db: Db, Body(body): Body<CreateWell>) -> Answer {
    db.create("create_water_well", move |conn| thing_write::create_well(conn, body, &caller.actor)).await
}

/// Change a water well. Lists replace the recorded ones unless they are empty.
#[utoipa::path(tag = "thing", request_body = UpdateWell, responses((status = 200, body = Well)))]
#[patch("/thing/water-well/{thing_id}")]
async fn update_water_well(caller: Caller<Editor>, key: Id<Thing>, db: Db, Body(body): Body<UpdateWell>) -> Answer {
    db.update("update_water_well", move |conn| thing_write::update_well(conn, key.id, body, &caller.actor)).await
}

/// Store a spring with its notes, other names, frequencies and its links to a location and a group.
#[utoipa::path(tag = "thing", request_body = CreateSpring, responses((status = 201, body = Spring)))]
#[post("/thing/spring")]
async fn create_spring(caller: Caller<Admin>, db: Db, Body(body): Body<CreateSpring>) -> Answer {
    db.create("create_spring", move |conn| thing_write::create_spring(conn, body, &caller.actor)).await
}

/// Change a spring.
#[utoipa::path(tag = "thing", request_body = UpdateSpring, responses((status = 200, body = Spring)))]
#[patch("/thing/spring/{thing_id}")]
async fn update_spring(caller: Caller<Editor>, key: Id<Thing>, db: Db, Body(body): Body<UpdateSpring>) -> Answer {
    db.update("update_spring", move |conn| thing_write::update_spring(conn, key.id, body, &caller.actor)).await
}

/// Remove a thing of any type with its links, screens, histories, notes, field events and deployments.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/{thing_id}")]
async fn delete_thing(_caller: Caller<Admin>, key: Id<Thing>, db: Db) -> Answer {
    db.delete("delete_thing", move |conn| thing_write::delete(conn, key.id)).await
}

/// The routes with a literal segment; they go before those of [`routes_by_id`] and of `/thing/{thing_id}`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create_water_well).service(update_water_well).service(create_spring).service(update_spring);
}

/// The routes of a thing of any type.
pub fn routes_by_id(config: &mut ServiceConfig<'_>) {
    config.service(delete_thing);
}
