//! `/analysis-method`

use actix_web::{delete, get, patch, post};

use crate::api::http::openapi::ListParams;
use crate::api::http::path::resource;
use crate::api::{Answer, Body, Db, Id, Params, Routes};
use crate::domain::analysis_method::{AnalysisMethod, CreateAnalysisMethod, UpdateAnalysisMethod};
use crate::domain::principal::Role::{Admin, Editor, Viewer};
use crate::domain::request::paging::Page;
use crate::store::analysis_method;

resource!(AnalysisMethod, analysis_method);

/// List analysis methods.
#[utoipa::path(tag = "analysis-method", params(ListParams), responses((status = 200, body = Page<AnalysisMethod>)))]
#[get("/analysis-method")]
async fn list_analysis_methods(db: Db, params: Params) -> Answer {
    db.list("list_analysis_methods", params, |params| (params.list(), ()), analysis_method::find, analysis_method::load)
        .await
}

/// Store an analysis method.
#[utoipa::path(
    tag = "analysis-method",
    request_body = CreateAnalysisMethod,
    responses((status = 201, body = AnalysisMethod))
)]
#[post("/analysis-method")]
async fn create_analysis_method(db: Db, body: Body<CreateAnalysisMethod>) -> Answer {
    db.create("create_analysis_method", body, analysis_method::create).await
}

/// One analysis method.
#[utoipa::path(tag = "analysis-method", responses((status = 200, body = AnalysisMethod)))]
#[get("/analysis-method/{analysis_method_id}")]
async fn get_analysis_method(key: Id<AnalysisMethod>, db: Db) -> Answer {
    db.get("get_analysis_method", key, analysis_method::get).await
}

/// Change an analysis method.
#[utoipa::path(
    tag = "analysis-method",
    request_body = UpdateAnalysisMethod,
    responses((status = 200, body = AnalysisMethod))
)]
#[patch("/analysis-method/{analysis_method_id}")]
async fn update_analysis_method(key: Id<AnalysisMethod>, db: Db, body: Body<UpdateAnalysisMethod>) -> Answer {
    db.update("update_analysis_method", key, body, analysis_method::update).await
}

/// Remove an analysis method, unless observations name it.
#[utoipa::path(tag = "analysis-method", responses((status = 204)))]
#[delete("/analysis-method/{analysis_method_id}")]
async fn delete_analysis_method(key: Id<AnalysisMethod>, db: Db) -> Answer {
    db.delete("delete_analysis_method", key, analysis_method::delete).await
}

/// The routes of analysis methods.
pub fn routes(routes: &mut Routes) {
    routes
        .add(Viewer, list_analysis_methods)
        .add(Admin, create_analysis_method)
        .add(Viewer, get_analysis_method)
        .add(Editor, update_analysis_method)
        .add(Admin, delete_analysis_method);
}
