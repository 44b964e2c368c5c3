//! `/field-event`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::ListParams;
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{Admin, Editor, Viewer};
use crate::domain::field_event::{CreateFieldEvent, FieldEvent, UpdateFieldEvent};
use crate::domain::paging::Page;
use crate::store::field_event;

impl Model for FieldEvent {
    const NAME: &'static str = field_event::MODEL;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Visits to this thing.
    thing_id: Option<i64>,
}

/// List visits.
#[utoipa::path(tag = "field-event", params(ListParams, SearchParams), responses((status = 200, body = Page<FieldEvent>)))]
#[get("/field-event")]
async fn list_field_events(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    let thing_id = params.key("thing_id");
    params.finish()?;
    db.page("list_field_events", request, move |conn, request| field_event::list(conn, request, thing_id)).await
}

/// Store a visit to a thing.
#[utoipa::path(tag = "field-event", request_body = CreateFieldEvent, responses((status = 201, body = FieldEvent)))]
#[post("/field-event")]
async fn create_field_event(caller: Caller<Admin>, db: Db, Body(body): Body<CreateFieldEvent>) -> Answer {
    db.create("create_field_event", move |conn| field_event::create(conn, body, &caller.actor)).await
}

/// One visit.
#[utoipa::path(tag = "field-event", responses((status = 200, body = FieldEvent)))]
#[get("/field-event/{field_event_id}")]
async fn get_field_event(_caller: Caller<Viewer>, key: Id<FieldEvent>, db: Db) -> Answer {
    db.get("get_field_event", move |conn| field_event::get(conn, key.id)).await
}

/// Change a visit.
#[utoipa::path(tag = "field-event", request_body = UpdateFieldEvent, responses((status = 200, body = FieldEvent)))]
#[patch("/field-event/{field_event_id}")]
async fn update_field_event(
    caller: Caller<Editor>,
    key: Id<FieldEvent>,
    db: Db,
    Body(body): Body<UpdateFieldEvent>,
) -> Answer {
    db.update("update_field_event", move |conn| field_event::update(conn, key.id, body, &caller.actor)).await
}

/// Remove a visit with its activities, participants, samples and observations.
#[utoipa::path(tag = "field-event", responses((status = 204)))]
#[delete("/field-event/{field_event_id}")]
async fn delete_field_event(_caller: Caller<Admin>, key: Id<FieldEvent>, db: Db) -> Answer {
    db.delete("delete_field_event", move |conn| field_event::delete(conn, key.id)).await
}

/// The routes of visits.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_field_events)
        .service(create_field_event)
        .service(get_field_event)
        .service(update_field_event)
        .service(delete_field_event);
}
