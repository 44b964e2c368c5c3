//! `/disclaimer`

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::error::Problems;
use crate::api::http::state::AppState;
use crate::api::{Answer, Params, Routes};
use crate::domain::disclaimer::Disclaimer;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct FormParams {
    /// `html` (when absent) or `json`.
    f: Option<String>,
}

/// What readers of the data should know: a page, or with `f=json` the same for programs.
#[utoipa::path(
    tag = "service",
    params(FormParams),
    responses(
        (status = 200, content((String = "text/html"), (Disclaimer = "application/json"))),
        (status = 422, description = "There is no such form", body = Problems)
    )
)]
#[get("/disclaimer")]
async fn get_disclaimer(params: Params, state: web::Data<AppState>) -> Answer {
    let form = |text: &str| match text {
        "html" | "" => Ok(false),
        "json" => Ok(true),
        _ => Err("Input should be 'html' or 'json'"),
    };
    let as_json = params.read(|params| params.parsed("f", form))?.unwrap_or(false);
    let disclaimer = &state.pages.disclaimer;
    Ok(if as_json {
        HttpResponse::Ok().json(disclaimer)
    } else {
        HttpResponse::Ok().content_type("text/html; charset=utf-8").body(disclaimer.html())
    })
}

/// The route of the disclaimer.
pub fn routes(routes: &mut Routes) {
    routes.open(get_disclaimer);
}
