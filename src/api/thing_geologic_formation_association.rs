//! `/thing-geologic-formation-association`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::domain::thing_geologic_formation_association::{
    CreateThingGeologicFormationAssociation, ThingGeologicFormationAssociation,
    ThingGeologicFormationAssociationSearch, UpdateThingGeologicFormationAssociation,
};
use crate::store::thing_geologic_formation_association;

resource!(ThingGeologicFormationAssociation, thing_geologic_formation_association);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Those of this thing.
    thing_id: Option<i64>,
    /// Those with this formation.
    geologic_formation_id: Option<i64>,
}

/// List formations that things go through.
#[utoipa::path(
    tag = "thing-geologic-formation-association",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<ThingGeologicFormationAssociation>))
)]
#[get("/thing-geologic-formation-association")]
async fn list_thing_geologic_formation_associations(db: Db, params: Params) -> Answer {
    db.list(
        "list_thing_geologic_formation_associations",
        params,
        |params| {
            let request = params.list();
            let search = ThingGeologicFormationAssociationSearch {
                thing_id: params.key("thing_id"),
                geologic_formation_id: params.key("geologic_formation_id"),
            };
            (request, search)
        },
        thing_geologic_formation_association::find,
        thing_geologic_formation_association::load,
    )
    .await
}

/// Store a formation that a thing goes through.
#[utoipa::path(
    tag = "thing-geologic-formation-association",
    request_body = CreateThingGeologicFormationAssociation,
    responses((status = 201, body = ThingGeologicFormationAssociation))
)]
#[post("/thing-geologic-formation-association")]
async fn create_thing_geologic_formation_association(
    db: Db,
    body: Body<CreateThingGeologicFormationAssociation>,
) -> Answer {
    db.create("create_thing_geologic_formation_association", body, thing_geologic_formation_association::create).await
}

/// One formation that a thing goes through.
#[utoipa::path(
    tag = "thing-geologic-formation-association",
    responses((status = 200, body = ThingGeologicFormationAssociation))
)]
#[get("/thing-geologic-formation-association/{thing_geologic_formation_association_id}")]
async fn get_thing_geologic_formation_association(key: Id<ThingGeologicFormationAssociation>, db: Db) -> Answer {
    db.get("get_thing_geologic_formation_association", key, thing_geologic_formation_association::get).await
}

/// Change a formation that a thing goes through.
#[utoipa::path(
    tag = "thing-geologic-formation-association",
    request_body = UpdateThingGeologicFormationAssociation,
    responses((status = 200, body = ThingGeologicFormationAssociation))
)]
#[patch("/thing-geologic-formation-association/{thing_geologic_formation_association_id}")]
async fn update_thing_geologic_formation_association(
    key: Id<ThingGeologicFormationAssociation>,
    db: Db,
    body: Body<UpdateThingGeologicFormationAssociation>,
) -> Answer {
    db.update("update_thing_geologic_formation_association", key, body, thing_geologic_formation_association::update)
        .await
}

/// Remove a formation that a thing goes through.
#[utoipa::path(tag = "thing-geologic-formation-association", responses((status = 204)))]
#[delete("/thing-geologic-formation-association/{thing_geologic_formation_association_id}")]
async fn delete_thing_geologic_formation_association(key: Id<ThingGeologicFormationAssociation>, db: Db) -> Answer {
    db.delete("delete_thing_geologic_formation_association", key, thing_geologic_formation_association::delete).await
}

/// The routes of formations that things go through.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_thing_geologic_formation_associations)
        .add(Admin, create_thing_geologic_formation_association)
        .add(Viewer, get_thing_geologic_formation_association)
        .add(Editor, update_thing_geologic_formation_association)
        .add(Admin, delete_thing_geologic_formation_association);
}
