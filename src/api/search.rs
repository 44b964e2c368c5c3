//! `/search`

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::openapi::PageParams;
use crate::api::{Answer, Db, Params, Routes};
use crate::domain::principal::Role::Viewer;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Page;
use crate::domain::request::search::SearchQuery;
use crate::domain::search::{Search, SearchHit};
use crate::store::search;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SearchParams {
    /// What to look for: words that must all occur, `or`, `-word`, `"several words"`. Every word stands for all that begin with it.
    #[param(max_length = 1000)]
    q: String,
    /// Hits of each category, at most.
    #[param(minimum = 1, maximum = 1000, default = 25)]
    limit: Option<i64>,
}

/// Search contacts, wells, springs and assets, in this order.
///
/// Looked through are names, roles and organizations, mail addresses, telephone numbers and addresses of contacts; names, purposes and
/// casing materials of wells; names of springs; names, labels, types and storage of assets that belong to things. The words may stand in
/// several of these. Within a category those come first whose label is most similar to what was asked for. Contacts are found by
/// those who hold the role `AmpViewer`, too.
#[utoipa::path(tag = "search", params(PageParams, SearchParams), responses((status = 200, body = Page<SearchHit>)))]
#[get("/search")]
async fn search_all(db: Db, params: Params) -> Answer {
    db.list(
        "search_all",
        params,
        |params| {
            let query = params.require("q").parsed("q", SearchQuery::parse).flatten();
            let limit = params.ranged("limit", Search::USUAL_LIMIT, Search::MOST);
            (ListRequest { page: params.page(), ..ListRequest::default() }, Search { query, limit })
        },
        search::find,
        search::load,
    )
    .await
}

/// The route of the search.
pub fn routes(routes: &mut Routes) {
    routes.add(Viewer, search_all);
}
