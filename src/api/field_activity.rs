//! `/field-activity`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::field_activity::{CreateFieldActivity, FieldActivity, UpdateFieldActivity};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::field_activity;

resource!(FieldActivity, field_activity);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Activities of this visit.
    field_event_id: Option<i64>,
}

/// List activities.
#[utoipa::path(
    tag = "field-activity",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<FieldActivity>))
)]
#[get("/field-activity")]
async fn list_field_activities(db: Db, params: Params) -> Answer {
    db.list(
        "list_field_activities",
        params,
        |params| {
            let request = params.list();
            let field_event_id = params.key("field_event_id");
            (request, field_event_id)
        },
        field_activity::find,
        field_activity::load,
    )
    .await
}

/// Store what was done during a visit.
#[utoipa::path(
    tag = "field-activity",
    request_body = CreateFieldActivity,
    responses((status = 201, body = FieldActivity))
)]
#[post("/field-activity")]
async fn create_field_activity(db: Db, body: Body<CreateFieldActivity>) -> Answer {
    db.create("create_field_activity", body, field_activity::create).await
}

/// One activity.
#[utoipa::path(tag = "field-activity", responses((status = 200, body = FieldActivity)))]
#[get("/field-activity/{field_activity_id}")]
async fn get_field_activity(key: Id<FieldActivity>, db: Db) -> Answer {
    db.get("get_field_activity", key, field_activity::get).await
}

/// Change an activity.
#[utoipa::path(
    tag = "field-activity",
    request_body = UpdateFieldActivity,
    responses((status = 200, body = FieldActivity))
)]
#[patch("/field-activity/{field_activity_id}")]
async fn update_field_activity(key: Id<FieldActivity>, db: Db, body: Body<UpdateFieldActivity>) -> Answer {
    db.update("update_field_activity", key, body, field_activity::update).await
}

/// Remove an activity with its samples and observations.
#[utoipa::path(tag = "field-activity", responses((status = 204)))]
#[delete("/field-activity/{field_activity_id}")]
async fn delete_field_activity(key: Id<FieldActivity>, db: Db) -> Answer {
    db.delete("delete_field_activity", key, field_activity::delete).await
}

/// The routes of activities.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_field_activities)
        .add(Admin, create_field_activity)
        .add(Viewer, get_field_activity)
        .add(Editor, update_field_activity)
        .add(Admin, delete_field_activity);
}
