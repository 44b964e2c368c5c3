//! `/chemistry`

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::PageParams;
use crate::api::{Answer, Db, Params, Routes};
use crate::domain::chemistry::{ChemistryDisplayRow, ChemistryResult, ChemistrySearch};
use crate::domain::principal::Role::Viewer;
use crate::domain::request::paging::Page;
use crate::store::chemistry;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct ResultParams {
    /// Results of samples from this thing.
    thing_id: Option<i64>,
    /// Results at this time or later; UTC when without an offset.
    #[param(format = DateTime)]
    start_time: Option<String>,
    /// Results before this time; UTC when without an offset.
    #[param(format = DateTime)]
    end_time: Option<String>,
    /// Leave out results of samples whose `qc_type` is `Duplicate`.
    #[param(default = false)]
    exclude_field_duplicate_samples: Option<bool>,
    /// `observation_datetime`, `parameter_name`, `value` or `id`.
    sort: Option<String>,
    /// `asc` (when only `sort` is given) or `desc`.
    order: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct DisplayParams {
    /// Whose results.
    thing_id: i64,
}

/// List released results of water chemistry, newest first.
///
/// Whoever asks, only results are listed that are public with all that they belong to.
#[utoipa::path(
    tag = "chemistry",
    params(PageParams, ResultParams),
    responses((status = 200, body = Page<ChemistryResult>))
)]
#[get("/chemistry/results")]
async fn list_chemistry_results(db: Db, params: Params) -> Answer {
    db.list(
        "list_chemistry_results",
        params,
        |params| {
            let request = params.sorted_by(Some("observation_datetime"));
            let search = ChemistrySearch {
                thing_id: params.key("thing_id"),
                start_time: params.time("start_time"),
                end_time: params.time("end_time"),
                exclude_field_duplicate_samples: params.boolean("exclude_field_duplicate_samples").unwrap_or_default(),
            };
            (request, search)
        },
        chemistry::find,
        chemistry::load,
    )
    .await
}

/// The released results of a thing's water chemistry, ready to be shown.
///
/// Every result comes as a row of its own: the newest sample first, what was found in it by the type and the name of the parameter.
/// It is compared with the lowest primary (MCL) and secondary (SMCL) limits that are released for its parameter in its unit.
#[utoipa::path(
    tag = "chemistry",
    params(DisplayParams),
    responses((status = 200, body = Vec<ChemistryDisplayRow>))
)]
#[get("/chemistry/display")]
async fn show_chemistry(db: Db, params: Params) -> Answer {
    let thing = |params: &mut Params| params.require("thing_id").key("thing_id").unwrap_or_default();
    db.get_by("show_chemistry", params, thing, chemistry::display).await
}

/// The routes of chemistry.
pub fn routes(routes: &mut Routes) {
    routes.add(Viewer, list_chemistry_results).add(Viewer, show_chemistry);
}
