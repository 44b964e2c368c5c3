//! `/thing-aquifer-association`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::domain::thing_aquifer_association::{
    CreateThingAquiferAssociation, ThingAquiferAssociation, ThingAquiferAssociationSearch,
    UpdateThingAquiferAssociation,
};
use crate::store::thing_aquifer_association;

resource!(ThingAquiferAssociation, thing_aquifer_association);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// Those of this thing.
    thing_id: Option<i64>,
    /// Those with this aquifer system.
    aquifer_system_id: Option<i64>,
}

/// List associations of things with aquifer systems.
#[utoipa::path(
    tag = "thing-aquifer-association",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<ThingAquiferAssociation>))
)]
#[get("/thing-aquifer-association")]
async fn list_thing_aquifer_associations(db: Db, params: Params) -> Answer {
    db.list(
        "list_thing_aquifer_associations",
        params,
        |params| {
            let request = params.list();
            let search = ThingAquiferAssociationSearch {
                thing_id: params.key("thing_id"),
                aquifer_system_id: params.key("aquifer_system_id"),
            };
            (request, search)
        },
        thing_aquifer_association::find,
        thing_aquifer_association::load,
    )
    .await
}

/// Store an association of a thing with an aquifer system.
#[utoipa::path(
    tag = "thing-aquifer-association",
    request_body = CreateThingAquiferAssociation,
    responses((status = 201, body = ThingAquiferAssociation))
)]
#[post("/thing-aquifer-association")]
async fn create_thing_aquifer_association(db: Db, body: Body<CreateThingAquiferAssociation>) -> Answer {
    db.create("create_thing_aquifer_association", body, thing_aquifer_association::create).await
}

/// One association of a thing with an aquifer system.
#[utoipa::path(tag = "thing-aquifer-association", responses((status = 200, body = ThingAquiferAssociation)))]
#[get("/thing-aquifer-association/{thing_aquifer_association_id}")]
async fn get_thing_aquifer_association(key: Id<ThingAquiferAssociation>, db: Db) -> Answer {
    db.get("get_thing_aquifer_association", key, thing_aquifer_association::get).await
}

/// Change an association of a thing with an aquifer system.
#[utoipa::path(
    tag = "thing-aquifer-association",
    request_body = UpdateThingAquiferAssociation,
    responses((status = 200, body = ThingAquiferAssociation))
)]
#[patch("/thing-aquifer-association/{thing_aquifer_association_id}")]
async fn update_thing_aquifer_association(
    key: Id<ThingAquiferAssociation>,
    db: Db,
    body: Body<UpdateThingAquiferAssociation>,
) -> Answer {
    db.update("update_thing_aquifer_association", key, body, thing_aquifer_association::update).await
}

/// Remove an association of a thing with an aquifer system.
#[utoipa::path(tag = "thing-aquifer-association", responses((status = 204)))]
#[delete("/thing-aquifer-association/{thing_aquifer_association_id}")]
async fn delete_thing_aquifer_association(key: Id<ThingAquiferAssociation>, db: Db) -> Answer {
    db.delete("delete_thing_aquifer_association", key, thing_aquifer_association::delete).await
}

/// The routes of associations of things with aquifer systems.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_thing_aquifer_associations)
        .add(Admin, create_thing_aquifer_association)
        .add(Viewer, get_thing_aquifer_association)
        .add(Editor, update_thing_aquifer_association)
        .add(Admin, delete_thing_aquifer_association);
}
