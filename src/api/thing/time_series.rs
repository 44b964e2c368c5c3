//! `/thing/{thing_id}/time-series`

use std::sync::Arc;

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::format::{Shape, describe};
use crate::api::http::stream::Piece;
use crate::api::{Answer, Db, Id, Params, Routes};
use crate::db::Session;
use crate::domain::principal::Role::AmpViewer;
use crate::domain::thing::Thing;
use crate::domain::thing::time_series::{TimeSeries, TimeSeriesPoint, TimeSeriesSearch};
use crate::export::array::Frame;
use crate::store::thing::time_series::{self, Part, Progress};

const OPERATION: &str = "thing_time_series";
/// How the JSON form begins and ends; see [`TimeSeries`].
const HEAD: &str = r#"{"items":["#;
const TAIL: &str = "]}";
/// A value's usual size.
const POINT_BYTES: usize = 448;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
struct SeriesParams {
    /// Values at this time or later; UTC when without an offset.
    #[param(format = DateTime)]
    start_time: Option<String>,
    /// Values at this time or earlier; UTC when without an offset.
    #[param(format = DateTime)]
    end_time: Option<String>,
    /// Values of this parameter.
    parameter_id: Option<i64>,
    /// `json`: all values in `items`; `csv`: a header and a row a value; `ndjson`: a value a line. It goes before `Accept`.
    #[param(pattern = "^(json|csv|ndjson)$", default = "json")]
    format: Option<String>,
    /// Members of the values, separated by commas; may repeat. All, when none is named.
    fields: Option<Vec<String>>,
}

/// How far the answer is.
#[derive(Clone)]
struct At {
    shape: Arc<Shape>,
    progress: Progress,
    first: bool,
    /// True when a value was written.
    begun: bool,
}

impl At {
    fn piece(self, part: Part) -> std::io::Result<Piece<Self>> {
        let frame = Frame {
            head: self.first.then_some(HEAD),
            tail: part.next.is_none().then_some(TAIL),
            begun: self.begun,
            item_bytes: POINT_BYTES,
        };
        let bytes = self.shape.piece(&part.points, frame)?;
        let begun = self.begun || !part.points.is_empty();
        let next = part.next.map(|progress| Self { progress, first: false, begun, ..self });
        Ok(Piece { bytes, next })
    }
}

/// All that was measured at a thing, by hand and by recorders, the oldest first.
///
/// Of the readings of recorders it holds those that belong to a block. It is sent as it is read: an answer that breaks off has no
/// proper end.
#[utoipa::path(tag = "thing", params(SeriesParams), responses((status = 200, body = TimeSeries)))]
#[get("/thing/{thing_id}/time-series")]
async fn get_time_series(key: Id<Thing>, db: Db, params: Params) -> Answer {
    let (thing, format) = (key.id, params.format());
    let ask = move || {
        params.read(|params| {
            let search = TimeSeriesSearch {
                parameter_id: params.key("parameter_id"),
                start_time: params.time("start_time"),
                end_time: params.time("end_time"),
            };
            (Arc::new(params.shape::<TimeSeriesPoint>()), search)
        })
    };
    let begin = move |session: &mut Session<'_>, (shape, search)| {
        let progress = time_series::begin(session, thing, search)?;
        Ok(At { shape, progress, first: true, begun: false })
    };
    let read = |session: &mut Session<'_>, at: &At| time_series::part(session, &at.progress);
    let mut response = db.stream(OPERATION, format.content_type(), ask, begin, read, At::piece).await?;
    if response.status().is_success() {
        describe(&mut response, format, &format!("time-series-{thing}"));
    }
    Ok(response)
}

/// The route of time series.
pub fn routes(routes: &mut Routes) {
    routes.add(AmpViewer, get_time_series);
}
