//! `/observation/groundwater-level/bulk-upload`: spreadsheets of water levels.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::post;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::http::answer::Rendered;
use crate::api::{Answer, ApiError, Db, Params, Routes, Upload};
use crate::db::WriteSession;
use crate::domain::observation::level_sheet::{CHUNK, LevelSheet, LevelUpload};
use crate::domain::principal::Role::AmpAdmin;
use crate::store::import::water_level;

/// Body of `POST /observation/groundwater-level/bulk-upload`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that api::http::sheet reads")]
struct LevelForm {
    /// CSV with a header: `well_name_point_id`, `field_event_date_time`, `field_staff`, `water_level_date_time`, `measuring_person`,
    /// `sample_method`; also `field_staff_2`, `field_staff_3`, `mp_height`, `level_status`, `depth_to_water_ft`, `data_quality`,
    /// `water_level_notes`. Times without an offset are those of Denver.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct DryRun {
    /// Say what would become of the file, and store nothing.
    #[param(default = false)]
    dry_run: Option<bool>,
}

/// The answer when nothing of a file is stored.
#[derive(Serialize, ToSchema)]
struct NothingStored {
    /// What is wrong.
    detail: LevelUpload,
}

/// Store a spreadsheet of water levels.
///
/// Good rows are stored and bad ones are listed. A row that is sent again finds what it stored before, and changes what differs. Each
/// row becomes a visit with who was there, its activity, a sample and an observation. When no row can be stored, the answer is 400.
#[utoipa::path(
    tag = "observation",
    params(DryRun),
    request_body(content = LevelForm, content_type = "multipart/form-data"),
    responses((status = 200, body = LevelUpload), (status = 400, body = NothingStored))
)]
#[post("/observation/groundwater-level/bulk-upload")]
async fn upload_groundwater_levels(db: Db, form: Upload, params: Params) -> Answer {
    const OPERATION: &str = "upload_groundwater_levels";
    let dry_run = params.read(|params| params.boolean("dry_run").unwrap_or(false))?;
    db.unrepeatable()?;
    let file = form.table().await?;
    let words = db.value(OPERATION, water_level::vocabulary).await?;
    let read = move || LevelSheet::read(&file.bytes, &words).map_err(|_nothing_in_it| ApiError::EmptyFile);
    let sheet = Arc::new(db.work(OPERATION, read).await?);
    let total = sheet.rows.len();
    let mut stored = Vec::with_capacity(total);
    // A trial sees all rows at once, as the last of them would see the first.
    let chunk = if dry_run { total.max(1) } else { CHUNK };
    for from in (0..total).step_by(chunk) {
        let sheet = Arc::clone(&sheet);
        let store = move |session: &mut WriteSession<'_>| {
            water_level::store(session, sheet.rows.get(from..total.min(from + chunk)).unwrap_or_default())
        };
        stored.extend(db.load(OPERATION, dry_run, store).await?);
    }
    let accepts = db.context.accepts();
    let render = move || {
        let upload = sheet.finish(stored);
        Ok::<_, ApiError>(if upload.failed() {
            Rendered::json(StatusCode::BAD_REQUEST, &NothingStored { detail: upload }).packed(accepts)
        } else {
            Rendered::json(StatusCode::OK, &upload).packed(accepts)
        })
    };
    Ok(db.work(OPERATION, render).await?.into())
}

/// The route of spreadsheets.
pub fn routes(routes: &mut Routes) {
    routes.add(AmpAdmin, upload_groundwater_levels);
}
