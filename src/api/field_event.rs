//! `/field-event`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::field_event::{CreateFieldEvent, FieldEvent, UpdateFieldEvent};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::field_event;

resource!(FieldEvent, field_event);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Visits to this thing.
    thing_id: Option<i64>,
}

/// List visits.
#[utoipa::path(
    tag = "field-event",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<FieldEvent>))
)]
#[get("/field-event")]
async fn list_field_events(db: Db, params: Params) -> Answer {
    db.list(
        "list_field_events",
        params,
        |params| {
            let request = params.list();
            let thing_id = params.key("thing_id");
            (request, thing_id)
        },
        field_event::find,
        field_event::load,
    )
    .await
}

/// Store a visit to a thing.
#[utoipa::path(tag = "field-event", request_body = CreateFieldEvent, responses((status = 201, body = FieldEvent)))]
#[post("/field-event")]
async fn create_field_event(db: Db, body: Body<CreateFieldEvent>) -> Answer {
    db.create("create_field_event", body, field_event::create).await
}

/// One visit.
#[utoipa::path(tag = "field-event", responses((status = 200, body = FieldEvent)))]
#[get("/field-event/{field_event_id}")]
async fn get_field_event(key: Id<FieldEvent>, db: Db) -> Answer {
    db.get("get_field_event", key, field_event::get).await
}

/// Change a visit.
#[utoipa::path(tag = "field-event", request_body = UpdateFieldEvent, responses((status = 200, body = FieldEvent)))]
#[patch("/field-event/{field_event_id}")]
async fn update_field_event(key: Id<FieldEvent>, db: Db, body: Body<UpdateFieldEvent>) -> Answer {
    db.update("update_field_event", key, body, field_event::update).await
}

/// Remove a visit with its activities, participants, samples and observations.
#[utoipa::path(tag = "field-event", responses((status = 204)))]
#[delete("/field-event/{field_event_id}")]
async fn delete_field_event(key: Id<FieldEvent>, db: Db) -> Answer {
    db.delete("delete_field_event", key, field_event::delete).await
}

/// The routes of visits.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_field_events)
        .add(Admin, create_field_event)
        .add(Viewer, get_field_event)
        .add(Editor, update_field_event)
        .add(Admin, delete_field_event);
}
