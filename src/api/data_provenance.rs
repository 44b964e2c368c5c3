//! `/data-provenance`

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::data_provenance::{
    CreateDataProvenance, DataProvenance, DataProvenanceSearch, UpdateDataProvenance,
};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::data_provenance;

resource!(DataProvenance, data_provenance);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// `thing` or `location`.
    target_table: Option<String>,
    /// Those of the thing or the location with this id.
    target_id: Option<i64>,
    /// Those of this field.
    field_name: Option<String>,
}

/// List provenances.
#[utoipa::path(
    tag = "data-provenance",
    params(ListParams, SearchParams),
    responses((status = 200, body = Page<DataProvenance>))
)]
#[get("/data-provenance")]
async fn list_data_provenances(db: Db, params: Params) -> Answer {
    db.list(
        "list_data_provenances",
        params,
        |params| {
            let request = params.list();
            let search = DataProvenanceSearch {
                target_table: params.text("target_table"),
                target_id: params.key("target_id"),
                field_name: params.text("field_name"),
            };
            (request, search)
        },
        data_provenance::find,
        data_provenance::load,
    )
    .await
}

/// Store a provenance.
#[utoipa::path(
    tag = "data-provenance",
    request_body = CreateDataProvenance,
    responses((status = 201, body = DataProvenance))
)]
#[post("/data-provenance")]
async fn create_data_provenance(db: Db, body: Body<CreateDataProvenance>) -> Answer {
    db.create("create_data_provenance", body, data_provenance::create).await
}

/// One provenance.
#[utoipa::path(tag = "data-provenance", responses((status = 200, body = DataProvenance)))]
#[get("/data-provenance/{data_provenance_id}")]
async fn get_data_provenance(key: Id<DataProvenance>, db: Db) -> Answer {
    db.get("get_data_provenance", key, data_provenance::get).await
}

/// Change a provenance.
#[utoipa::path(
    tag = "data-provenance",
    request_body = UpdateDataProvenance,
    responses((status = 200, body = DataProvenance))
)]
#[patch("/data-provenance/{data_provenance_id}")]
async fn update_data_provenance(key: Id<DataProvenance>, db: Db, body: Body<UpdateDataProvenance>) -> Answer {
    db.update("update_data_provenance", key, body, data_provenance::update).await
}

/// Remove a provenance.
#[utoipa::path(tag = "data-provenance", responses((status = 204)))]
#[delete("/data-provenance/{data_provenance_id}")]
async fn delete_data_provenance(key: Id<DataProvenance>, db: Db) -> Answer {
    db.delete("delete_data_provenance", key, data_provenance::delete).await
}

/// The routes of provenances.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_data_provenances)
        .add(Admin, create_data_provenance)
        .add(Viewer, get_data_provenance)
        .add(Editor, update_data_provenance)
        .add(Admin, delete_data_provenance);
}
