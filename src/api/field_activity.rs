//! `/field-activity`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::docs::ListParams;
use super::{Answer, Body, Caller, Db, Id, Model, Params};
use crate::auth::{Admin, Editor, Viewer};
use crate::domain::field_activity::{CreateFieldActivity, FieldActivity, UpdateFieldActivity};
use crate::domain::paging::Page;
use crate::store::field_activity;

impl Model for FieldActivity {
    const NAME: &'static str = field_activity::MODEL;
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Activities of this visit.
    field_event_id: Option<i64>,
}

/// List activities.
#[utoipa::path(tag = "field-activity", params(ListParams, SearchParams), responses((status = 200, body = Page<FieldActivity>)))]
#[get("/field-activity")]
async fn list_field_activities(_caller: Caller<Viewer>, db: Db, mut params: Params) -> Answer {
    let request = params.list();
    let field_event_id = params.key("field_event_id");
    params.finish()?;
    db.page("list_field_activities", request, move |conn, request| field_activity::list(conn, request, field_event_id))
        .await
}

/// Store what was done during a visit.
#[utoipa::path(tag = "field-activity", request_body = CreateFieldActivity, responses((status = 201, body = FieldActivity)))]
#[post("/field-activity")]
async fn create_field_activity(caller: Caller<Admin>, db: Db, Body(body): Body<CreateFieldActivity>) -> Answer {
    db.create("create_field_activity", move |conn| field_activity::create(conn, body, &caller.actor)).await
}

/// One activity.
#[utoipa::path(tag = "field-activity", responses((status = 200, body = FieldActivity)))]
#[get("/field-activity/{field_activity_id}")]
async fn get_field_activity(_caller: Caller<Viewer>, key: Id<FieldActivity>, db: Db) -> Answer {
    db.get("get_field_activity", move |conn| field_activity::get(conn, key.id)).await
}

/// Change an activity.
#[utoipa::path(tag = "field-activity", request_body = UpdateFieldActivity, responses((status = 200, body = FieldActivity)))]
#[patch("/field-activity/{field_activity_id}")]
async fn update_field_activity(
    caller: Caller<Editor>,
    key: Id<FieldActivity>,
    db: Db,
    Body(body): Body<UpdateFieldActivity>,
) -> Answer {
    db.update("update_field_activity", move |conn| field_activity::update(conn, key.id, body, &caller.actor)).await
}

/// Remove an activity with its samples and observations.
#[utoipa::path(tag = "field-activity", responses((status = 204)))]
#[delete("/field-activity/{field_activity_id}")]
async fn delete_field_activity(_caller: Caller<Admin>, key: Id<FieldActivity>, db: Db) -> Answer {
    db.delete("delete_field_activity", move |conn| field_activity::delete(conn, key.id)).await
}

/// The routes of activities.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_field_activities)
        .service(create_field_activity)
        .service(get_field_activity)
        .service(update_field_activity)
        .service(delete_field_activity);
}
