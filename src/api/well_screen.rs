//! `/thing/well-screen`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::PageParams;
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{Admin, Editor, Viewer};
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::thing::Thing;
use crate::domain::well_screen::{CreateWellScreen, UpdateWellScreen, WellScreen};
use crate::store::well_screen;

impl Model for WellScreen {
    const NAME: &'static str = well_screen::MODEL;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct ScreenParams {
    /// The screens of this thing only.
    thing_id: Option<i64>,
}

/// List screens.
#[utoipa::path(tag = "thing", params(PageParams, ScreenParams), responses((status = 200, body = Page<WellScreen>)))]
#[get("/thing/well-screen")]
async fn list_well_screens(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let thing_id = params.key("thing_id");
    let request = ListRequest { page: params.page(), ..ListRequest::default() };
    params.finish()?;
    db.page("list_well_screens", request, move |conn, request| well_screen::list(conn, thing_id, request)).await
}

/// List a water well's screens.
#[utoipa::path(tag = "thing", params(PageParams), responses((status = 200, body = Page<WellScreen>)))]
#[get("/thing/water-well/{thing_id}/well-screen")]
async fn list_screens_of_well(_caller: Caller<Viewer>, key: Id<Thing>, db: Db, mut params: Params) -> Answer {
    let request = ListRequest { page: params.page(), ..ListRequest::default() };
    params.finish()?;
    db.page("list_screens_of_well", request, move |conn, request| well_screen::list_of(conn, key.id, request)).await
}

/// Store a screen of a water well.
#[utoipa::path(tag = "thing", request_body = CreateWellScreen, responses((status = 201, body = WellScreen)))]
#[post("/thing/well-screen")]
async fn create_well_screen(caller: Caller<Admin>, db: Db, Body(body): Body<CreateWellScreen>) -> Answer {
    db.create("create_well_screen", move |conn| well_screen::create(conn, body, &caller.actor)).await
}

/// One screen.
#[utoipa::path(tag = "thing", responses((status = 200, body = WellScreen)))]
#[get("/thing/well-screen/{wellscreen_id}")]
async fn get_well_screen(_caller: Caller<Viewer>, key: Id<WellScreen>, db: Db) -> Answer {
    db.get("get_well_screen", move |conn| well_screen::get(conn, key.id)).await
}

/// Change a screen.
#[utoipa::path(tag = "thing", request_body = UpdateWellScreen, responses((status = 200, body = WellScreen)))]
#[patch("/thing/well-screen/{well_screen_id}")]
async fn update_well_screen(
    caller: Caller<Editor>,
    key: Id<WellScreen>,
    db: Db,
    Body(body): Body<UpdateWellScreen>,
) -> Answer {
    db.update("update_well_screen", move |conn| well_screen::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a screen.
#[utoipa::path(tag = "thing", responses((status = 204)))]
#[delete("/thing/well-screen/{well_screen_id}")]
async fn delete_well_screen(_caller: Caller<Admin>, key: Id<WellScreen>, db: Db) -> Answer {
    db.delete("delete_well_screen", move |conn| well_screen::delete(conn, key.id)).await
}

/// The routes of screens; they go before `/thing/{thing_id}`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_well_screens)
        .service(list_screens_of_well)
        .service(create_well_screen)
        .service(get_well_screen)
        .service(update_well_screen)
        .service(delete_well_screen);
}
