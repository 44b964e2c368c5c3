//! `/field-event-participant`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::field_event_participant::{
    CreateFieldEventParticipant, FieldEventParticipant, UpdateFieldEventParticipant,
};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::field_event_participant;

resource!(FieldEventParticipant, field_event_participant);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Participants of this visit.
    field_event_id: Option<i64>,
}

/// List who took part in visits.
#[utoipa::path(
    tag = "field-event-participant",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<FieldEventParticipant>))
)]
#[get("/field-event-participant")]
async fn list_field_event_participants(db: Db, params: Params) -> Answer {
    db.list(
        "list_field_event_participants",
        params,
        |params| {
            let request = params.list();
            let field_event_id = params.key("field_event_id");
            (request, field_event_id)
        },
        field_event_participant::find,
        field_event_participant::load,
    )
    .await
}

/// Store that somebody took part in a visit.
#[utoipa::path(
    tag = "field-event-participant",
    request_body = CreateFieldEventParticipant,
    responses((status = 201, body = FieldEventParticipant))
)]
#[post("/field-event-participant")]
async fn create_field_event_participant(db: Db, body: Body<CreateFieldEventParticipant>) -> Answer {
    db.create("create_field_event_participant", body, field_event_participant::create).await
}

/// One participant.
#[utoipa::path(tag = "field-event-participant", responses((status = 200, body = FieldEventParticipant)))]
#[get("/field-event-participant/{field_event_participant_id}")]
async fn get_field_event_participant(key: Id<FieldEventParticipant>, db: Db) -> Answer {
    db.get("get_field_event_participant", key, field_event_participant::get).await
}

/// Change a participant.
#[utoipa::path(
    tag = "field-event-participant",
    request_body = UpdateFieldEventParticipant,
    responses((status = 200, body = FieldEventParticipant))
)]
#[patch("/field-event-participant/{field_event_participant_id}")]
async fn update_field_event_participant(
    key: Id<FieldEventParticipant>,
    db: Db,
    body: Body<UpdateFieldEventParticipant>,
) -> Answer {
    db.update("update_field_event_participant", key, body, field_event_participant::update).await
}

/// Remove a participant with the samples that were taken by it, and their observations.
#[utoipa::path(tag = "field-event-participant", responses((status = 204)))]
#[delete("/field-event-participant/{field_event_participant_id}")]
async fn delete_field_event_participant(key: Id<FieldEventParticipant>, db: Db) -> Answer {
    db.delete("delete_field_event_participant", key, field_event_participant::delete).await
}

/// The routes of participants.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_field_event_participants)
        .add(Admin, create_field_event_participant)
        .add(Viewer, get_field_event_participant)
        .add(Editor, update_field_event_participant)
        .add(Admin, delete_field_event_participant);
}
