//! `/thing/well-screen`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::domain::thing::Thing;
use crate::domain::thing::well_screen::{CreateWellScreen, UpdateWellScreen, WellScreen};
use crate::store::thing::well_screen;

resource!(WellScreen, well_screen);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct ScreenParams {
    /// The screens of this thing only.
    thing_id: Option<i64>,
}

/// List screens.
#[utoipa::path(tag = "thing", params(ListParams, ScreenParams), responses((status = 200, body = Page<WellScreen>)))]
#[get("/thing/well-screen")]
async fn list_well_screens(db: Db, params: Params) -> Answer {
    db.list(
        "list_well_screens",
        params,
        |params| {
            let thing_id = params.key("thing_id");
            let request = params.list();
            (request, thing_id)
        },
        well_screen::find,
        well_screen::load,
    )
    .await
}

/// List a water well's screens.
#[utoipa::path(tag = "thing", params(ListParams), responses((status = 200, body = Page<WellScreen>)))]
#[get("/thing/water-well/{thing_id}/well-screen")]
async fn list_screens_of_well(key: Id<Thing>, db: Db, params: Params) -> Answer {
    db.list(
        "list_screens_of_well",
        params,
        move |params| (params.list(), key.id),
        well_screen::find_of,
        well_screen::load,
    )
    .await
}

/// Store a screen of a water well.
#[utoipa::path(tag = "thing", request_body = CreateWellScreen, responses((status = 201, body = WellScreen)))]
#[post("/thing/well-screen")]
async fn create_well_screen(db: Db, body: Body<CreateWellScreen>) -> Answer {
    db.create("create_well_screen", body, well_screen::create).await
}

/// One screen.
#[utoipa::path(tag = "thing", responses((status = 200, body = WellScreen)))]
#[get("/thing/well-screen/{well_screen_id}")]
async fn get_well_screen(key: Id<WellScreen>, db: Db) -> Answer {
    db.get("get_well_screen", key, well_screen::get).await
}

/// Change a screen.
#[utoipa::path(tag = "thing", request_body = UpdateWellScreen, responses((status = 200, body = WellScreen)))]
#[patch("/thing/well-screen/{well_screen_id}")]
async fn update_well_screen(key: Id<WellScreen>, db: Db, body: Body<UpdateWellScreen>) -> Answer {
    db.update("update_well_screen", key, body, well_screen::update).await
}

/// Remove a screen.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/well-screen/{well_screen_id}")]
async fn delete_well_screen(key: Id<WellScreen>, db: Db) -> Answer {
    db.delete("delete_well_screen", key, well_screen::delete).await
}

/// The routes of screens; they go before `/thing/{thing_id}`.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_well_screens)
        .add(Viewer, list_screens_of_well)
        .add(Admin, create_well_screen)
        .add(Viewer, get_well_screen)
        .add(Editor, update_well_screen)
        .add(Admin, delete_well_screen);
}
