//! `/thing/water-well`, `/thing/spring`: storing, changing and removing things.

use actix_web::{delete, patch, post};

use crate::api::{Answer, Body, Db, Id, Routes};
use crate::domain::principal::Role::{Admin, Editor};
use crate::domain::thing::write::{CreateSpring, CreateWell};
use crate::domain::thing::write::{UpdateSpring, UpdateWell};
use crate::domain::thing::{Spring, Thing, Well};
use crate::store::thing::write as thing_write;

/// Store a water well with its notes, other names, frequencies, statuses, sources and its links to a location and a group.
#[utoipa::path(tag = "thing", request_body = CreateWell, responses((status = 201, body = Well)))]
#[post("/thing/water-well")]
async fn create_water_well(db: Db, body: Body<CreateWell>) -> Answer {
    db.create("create_water_well", body, thing_write::create_well).await
}

/// Change a water well. Lists replace the recorded ones unless they are empty.
#[utoipa::path(tag = "thing", request_body = UpdateWell, responses((status = 200, body = Well)))]
#[patch("/thing/water-well/{thing_id}")]
async fn update_water_well(key: Id<Well>, db: Db, body: Body<UpdateWell>) -> Answer {
    db.update("update_water_well", key, body, thing_write::update_well).await
}

/// Store a spring with its notes, other names, frequencies and its links to a location and a group.
#[utoipa::path(tag = "thing", request_body = CreateSpring, responses((status = 201, body = Spring)))]
#[post("/thing/spring")]
async fn create_spring(db: Db, body: Body<CreateSpring>) -> Answer {
    db.create("create_spring", body, thing_write::create_spring).await
}

/// Change a spring.
#[utoipa::path(tag = "thing", request_body = UpdateSpring, responses((status = 200, body = Spring)))]
#[patch("/thing/spring/{thing_id}")]
async fn update_spring(key: Id<Spring>, db: Db, body: Body<UpdateSpring>) -> Answer {
    db.update("update_spring", key, body, thing_write::update_spring).await
}

/// Remove a thing of any type with its links, screens, histories, notes, field events and deployments.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/{thing_id}")]
async fn delete_thing(key: Id<Thing>, db: Db) -> Answer {
    db.delete("delete_thing", key, thing_write::delete).await
}

/// The routes that write things.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Admin, create_water_well)
        .add(Editor, update_water_well)
        .add(Admin, create_spring)
        .add(Editor, update_spring)
        .add(Admin, delete_thing);
}
