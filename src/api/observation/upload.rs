//! `/observation/groundwater-level/bulk-upload`

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use crate::api::http::answer::Rendered;
use crate::api::http::error::text;
use crate::api::http::upload::Upload;
use crate::api::{Answer, Db, Params, Routes};
use crate::db::WriteSession;
use crate::domain::observation::upload::WaterLevelBulkUpload;
use crate::domain::principal::Role::AmpAdmin;
use crate::import::water_levels;

/// A body with a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body that Upload reads")]
pub struct FileForm {
    /// CSV in UTF-8 with a header row.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct UploadParams {
    /// Do all of it, answer what would come of it, and keep nothing.
    dry_run: Option<bool>,
}

/// Store water levels from a CSV file. Good rows are stored, bad ones are reported; a file can be sent again: what is there is
/// overwritten.
#[utoipa::path(
    tag = "observation",
    params(UploadParams),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 200, body = WaterLevelBulkUpload))
)]
#[post("/observation/groundwater-level/bulk-upload")]
async fn upload_groundwater_levels(db: Db, params: Params, upload: Upload) -> Answer {
    let dry_run = params.read(|params| params.boolean("dry_run"))?.unwrap_or(false);
    let job = move |session: &mut WriteSession<'_>, sheet: Result<_, water_levels::Unreadable>| match sheet {
        Err(unreadable) => Ok(Err(unreadable)),
        Ok(sheet) => match water_levels::store(session, &sheet, dry_run) {
            Ok(outcome) => Ok(Ok(outcome)),
            Err(not_kept) => Err(not_kept.map(Ok)),
        },
    };
    db.load("upload_groundwater_levels", move || water_levels::read(&upload.bytes), job, render).await
}

/// 400 when nothing could be stored.
fn render(outcome: Result<WaterLevelBulkUpload, water_levels::Unreadable>) -> Rendered {
    match outcome {
        Err(unreadable) => text(StatusCode::BAD_REQUEST, &unreadable.to_string()),
        Ok(outcome) if outcome.summary.total_rows_imported == 0 && !outcome.validation_errors.is_empty() => {
            Rendered::json(StatusCode::BAD_REQUEST, &json!({ "detail": outcome }))
        }
        Ok(outcome) => Rendered::json(StatusCode::OK, &outcome),
    }
}

/// The routes of uploads.
pub fn routes(routes: &mut Routes) {
    routes.add(AmpAdmin, upload_groundwater_levels);
}
