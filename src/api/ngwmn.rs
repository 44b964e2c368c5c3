//! `/ngwmn`: feeds that a federal harvester polls. Open to anybody, and the same for everybody.

use std::sync::Arc;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{get, web};

use crate::api::http::stream::Piece;
use crate::api::{Answer, Db, Routes};
use crate::db::Session;
use crate::domain::ngwmn::WaterLevel;
use crate::export::ngwmn::{Record, part};
use crate::store::{StoreError, ngwmn};

const KIND: &str = "application/xml";

/// How long the answers may be kept by whoever passes them on. The harvester comes once a day.
const KEPT: &str = "public, max-age=300";

/// Records of a piece of a long feed.
const RECORDS: usize = 1000;

/// How far a long feed is.
#[derive(Clone)]
struct Progress {
    point: Arc<str>,
    levels: Arc<[WaterLevel]>,
    sent: usize,
}

impl Progress {
    fn piece(self) -> std::io::Result<Piece<Self>> {
        let rest = self.levels.get(self.sent..).unwrap_or_default();
        let records = rest.get(..RECORDS).unwrap_or(rest);
        let (first, last) = (self.sent == 0, records.len() == rest.len());
        let bytes = part(&self.point, records, first, last)?;
        let sent = self.sent + records.len();
        Ok(Piece { bytes, next: (!last).then_some(Self { sent, ..self }) })
    }
}

/// Water levels of a point: one a day where a transducer is in it, and those measured by hand.
///
/// The point is a thing, by its name. One that is unknown or not public has no levels.
#[utoipa::path(
    tag = "NGWMN",
    params(("pointid" = String, Path, description = "Name of a thing, with its slashes if it has any.")),
    responses((status = 200, body = String, content_type = "application/xml"))
)]
#[get("/ngwmn/waterlevels/{pointid:.*}")]
async fn get_water_levels(pointid: web::Path<String>, db: Db) -> Answer {
    let point: Arc<str> = pointid.into_inner().into();
    // All of it is read at once, in few bytes a level, so the pieces are of one moment.
    let begin = move |session: &mut Session<'_>, point: Arc<str>| {
        let levels = ngwmn::water_levels(session, &point)?.into();
        Ok(Progress { point, levels, sent: 0 })
    };
    let prepare = move || Ok(Arc::clone(&point));
    let answer =
        db.stream("get_water_levels", KIND, prepare, begin, |_, _| Ok(()), |at: Progress, ()| at.piece()).await;
    kept(answer)
}

/// Construction of a well: its casing with each of its screens.
///
/// The point is a well, by its name. One that is unknown or not public has no casing.
#[utoipa::path(
    tag = "NGWMN",
    params(("pointid" = String, Path, description = "Name of a thing, with its slashes if it has any.")),
    responses((status = 200, body = String, content_type = "application/xml"))
)]
#[get("/ngwmn/wellconstruction/{pointid:.*}")]
async fn get_well_construction(pointid: web::Path<String>, db: Db) -> Answer {
    whole(&db, "get_well_construction", pointid.into_inner(), ngwmn::casings).await
}

/// Lithology of a point: what it goes through, from the top.
///
/// The point is a thing, by its name. One that is unknown or not public has no lithology.
#[utoipa::path(
    tag = "NGWMN",
    params(("pointid" = String, Path, description = "Name of a thing, with its slashes if it has any.")),
    responses((status = 200, body = String, content_type = "application/xml"))
)]
#[get("/ngwmn/lithology/{pointid:.*}")]
async fn get_lithology(pointid: web::Path<String>, db: Db) -> Answer {
    whole(&db, "get_lithology", pointid.into_inner(), ngwmn::lithologies).await
}

/// A feed of few records.
async fn whole<R: Record + Send + 'static>(
    db: &Db,
    operation: &'static str,
    point: String,
    read: impl Fn(&mut Session<'_>, &str) -> Result<Vec<R>, StoreError> + Send + 'static,
) -> Answer {
    let about = point.clone();
    let job = move |session: &mut Session<'_>| read(session, &about);
    kept(db.document(operation, KIND, job, move |records| part(&point, &records, true, true)).await)
}

/// With how long it may be kept.
fn kept(answer: Answer) -> Answer {
    let mut answer = answer?;
    if answer.status().is_success() {
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(KEPT));
    }
    Ok(answer)
}

/// The routes of the feeds. A name may have slashes in it.
pub fn routes(routes: &mut Routes) {
    routes.open_below(get_water_levels).open_below(get_well_construction).open_below(get_lithology);
}
