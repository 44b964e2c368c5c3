//! `/feedback`

use actix_web::{get, post};

use crate::api::http::openapi::ListParams;
use crate::api::{Answer, Body, Db, Params, Routes};
use crate::domain::feedback::{CreateFeedback, Feedback, FeedbackReceipt};
use crate::domain::principal::Role::{Admin, Viewer};
use crate::domain::request::paging::Page;
use crate::store::feedback;

/// List what users have reported.
#[utoipa::path(tag = "feedback", params(ListParams), responses((status = 200, body = Page<Feedback>)))]
#[get("/feedback")]
async fn list_feedback(db: Db, params: Params) -> Answer {
    db.list("list_feedback", params, |params| (params.list(), ()), feedback::find, feedback::load).await
}

/// Report a defect or a wish. The service keeps it; nothing is passed on to a tracker.
#[utoipa::path(tag = "feedback", request_body = CreateFeedback, responses((status = 201, body = FeedbackReceipt)))]
#[post("/feedback")]
async fn create_feedback(db: Db, body: Body<CreateFeedback>) -> Answer {
    db.create_unshown("create_feedback", body, feedback::create).await
}

/// The routes of feedback.
pub fn routes(routes: &mut Routes) {
    routes.add(Admin, list_feedback).add(Viewer, create_feedback);
}
