//! `/history`

use actix_web::get;

use crate::api::http::openapi::PageParams;
use crate::api::http::path::Named;
use crate::api::{Answer, Db, Params, Routes};
use crate::domain::history::HistoryEntry;
use crate::domain::principal::Role::Admin;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Page;
use crate::store::history::{self, Subject};

/// What became of a row, newest first: each change and its removal with the row as it was before, at last its creation.
///
/// Rows that were removed have a history too.
#[utoipa::path(
    tag = "history",
    params(
        ("resource" = String, Path, description = "The table, with hyphens: `thing`, `well-screen`, `status-history`, ... \
                                                   An unknown one is answered with a list of all."),
        ("row_id" = i32, Path, description = "Key of the row."),
        PageParams
    ),
    responses((status = 200, body = Page<HistoryEntry>))
)]
#[get("/history/{resource}/{row_id}")]
async fn list_history(db: Db, row: Named, params: Params) -> Answer {
    let Named { name, id } = row;
    let again = name.clone();
    db.list(
        "list_history",
        params,
        |params| (ListRequest { page: params.page(), ..ListRequest::default() }, ()),
        move |session, request, ()| history::find(session, request, Subject::named(&name)?, id),
        move |session, places| history::load(session, Subject::named(&again)?, id, places),
    )
    .await
}

pub(in crate::api) fn routes(routes: &mut Routes) {
    routes.add(Admin, list_history);
}
