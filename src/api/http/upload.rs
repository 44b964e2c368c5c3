//! Forms that bring a file (`multipart/form-data`). The file goes into the storage a piece at a time while it comes in: however large it
//! is, the server holds a piece of it. It has no name there until the whole form was read.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, DispositionParam, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::{Ready, ready};
use md5::{Digest as _, Md5};
use serde_json::{Map, Value};
use tokio::time::timeout;

use crate::api::http::error::ApiError;
use crate::api::http::files::Files;
use crate::api::http::state::AppState;
use crate::domain::asset::file::{FileKind, Inspection, Stored, shown_name, storage_path, too_large};
use crate::domain::hex::hex;
use crate::domain::request::problem::{LocPart, Problem};
use crate::storage::Incoming;

/// The part that is the file.
pub(super) const FILE: &str = "file";
/// The most bytes of all texts of a form.
const MOST_TEXT: usize = 64 * 1024;
/// The most parts of a form.
const MOST_PARTS: usize = 50;
/// As much as a form may have beside its file.
const AROUND: u64 = 256 * 1024;

/// Which files are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Of any type, whatever is in it.
    Any,
    /// Of the kinds that a record can have, which the content must be.
    Shown,
}

/// A form that has not been read.
pub struct Upload {
    pub(super) headers: HeaderMap,
    pub(super) payload: Payload,
    pub(super) state: web::Data<AppState>,
}

impl FromRequest for Upload {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>().cloned().ok_or(ApiError::Unreadable);
        let (headers, payload) = (request.headers().clone(), payload.take());
        ready(state.map(|state| Self { headers, payload, state }))
    }
}

/// A form that was read.
pub struct Received {
    /// Its texts.
    pub texts: Value,
    file: Option<Spool>,
}

impl Upload {
    /// Reads the form to its end, within the limits of sizes and times.
    pub async fn receive(self, files: &Files, operation: &'static str, taken: Taken) -> Result<Received, ApiError> {
        let Self { headers, payload, state } = self;
        let most = state.files.most;
        let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if announced.is_some_and(|length| length > most.saturating_add(AROUND)) {
            return Err(ApiError::BadFile(Box::new(too_large(most, FILE))));
        }
        // A piece that is being gathered, and one that is being written.
        let reserved = state.edge.bodies.reserve(2 * files.storage.piece_size());
        let _memory = reserved.inspect_err(|error| state.note_busy(error))?;
        files.prepare(operation).await?;
        let reading = read(Multipart::new(&headers, payload), files, &state, (operation, taken));
        timeout(state.files.whole, reading).await.map_err(|_elapsed| ApiError::Stalled)?
    }
}

impl Received {
    /// The file, which must be there.
    pub fn file(self) -> Result<(Spool, Value), ApiError> {
        let Self { texts, file } = self;
        Ok((file.ok_or_else(missing)?, texts))
    }
}

async fn read(
    mut parts: Multipart,
    files: &Files,
    state: &AppState,
    (operation, taken): (&'static str, Taken),
) -> Result<Received, ApiError> {
    let (mut texts, mut room, mut file) = (Map::new(), MOST_TEXT, None);
    for _ in 0..MOST_PARTS {
        let part = match next(&mut parts, state).await? {
            Some(Ok(part)) => part,
            Some(Err(error)) if !is_no_form(&error) => return Err(broken(&error)),
            // What is no form has no fields.
            None | Some(Err(_)) => return Ok(Received { texts: texts.into(), file }),
        };
        let name = part.name().unwrap_or_default().to_owned();
        match file_name(&part) {
            Some(file_name) if name == FILE && file.is_none() => {
                file = Some(Spool::take(part, &file_name, files, state, (operation, taken)).await?);
            }
            // Nobody asked for it.
            Some(_) => return Err(unexpected(&name)),
            None if name == FILE => return Err(unexpected(&name)),
            None => {
                let text = text(part, &mut room, state).await?;
                texts.insert(name, Value::String(text));
            }
        }
    }
    Err(ApiError::TooLarge(MOST_TEXT))
}

/// The next of what comes in, if it comes in time.
pub(super) async fn next<S: futures_util::Stream + Unpin>(
    parts: &mut S,
    state: &AppState,
) -> Result<Option<S::Item>, ApiError> {
    timeout(state.edge.bodies.pause(), parts.next()).await.map_err(|_elapsed| ApiError::Stalled)
}

/// The file is not there: 422.
pub(super) fn missing() -> ApiError {
    let loc = vec![LocPart::from("body"), LocPart::from(FILE)];
    ApiError::Invalid(vec![Problem::new("missing", loc, "Field required", Value::Null)])
}

/// Whether a body is no form at all.
pub(super) fn is_no_form(error: &MultipartError) -> bool {
    use MultipartError::{ContentTypeIncompatible, ContentTypeMissing, ContentTypeParse};
    matches!(error, ContentTypeMissing | ContentTypeParse | ContentTypeIncompatible)
}

pub(super) fn broken(error: &MultipartError) -> ApiError {
    log::debug!("form: {error}");
    ApiError::Unreadable
}

/// A text where a file should be, a file where a text should be, or a second file.
fn unexpected(name: &str) -> ApiError {
    let loc = vec![LocPart::from("body"), LocPart::Name(name.to_owned().into())];
    let message = "The form should have one file, with a name, in the field file";
    ApiError::Invalid(vec![Problem::value_error(loc, message, Value::Null)])
}

/// The name that makes a part a file. The one that says its encoding counts before the other.
fn file_name(part: &Field) -> Option<String> {
    let disposition = part.content_disposition()?;
    let extended = disposition.parameters.iter().find_map(|parameter| match parameter {
        DispositionParam::FilenameExt(name) => Some(String::from_utf8_lossy(&name.value).into_owned()),
        _ => None,
    });
    extended.or_else(|| disposition.get_filename().map(str::to_owned))
}

async fn text(mut part: Field, room: &mut usize, state: &AppState) -> Result<String, ApiError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = next(&mut part, state).await? {
        let chunk = chunk.map_err(|error| broken(&error))?;
        *room = room.checked_sub(chunk.len()).ok_or(ApiError::TooLarge(MOST_TEXT))?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What is known of a file's bytes so far. It goes to a blocking thread and back with each piece.
struct Seen {
    /// Of a file that must be of its kind.
    inspection: Option<Inspection>,
    digest: Md5,
}

/// A file that came in, without a name in the storage yet. Dropped, it leaves nothing there.
pub struct Spool {
    files: Files,
    name: String,
    kind: Option<FileKind>,
    size: u64,
    digest: String,
    bytes: Written,
}

enum Written {
    /// It is a single piece, which is here.
    Here(Bytes),
    /// It is in the storage.
    There(Begun),
}

/// A file that is being written. Dropped before its end, what was written is removed.
struct Begun {
    files: Files,
    incoming: Option<Incoming>,
}

impl Drop for Begun {
    fn drop(&mut self) {
        let Some(incoming) = self.incoming.take() else { return };
        let files = self.files.clone();
        actix_web::rt::spawn(async move {
            // What cannot be removed now is found later: it has no record.
            if let Err(error) = files.must("abort_upload", incoming.abort()).await {
                log::warn!("what was uploaded of a file is left behind: {error}");
            }
        });
    }
}

impl Spool {
    async fn take(
        mut part: Field,
        file_name: &str,
        files: &Files,
        state: &AppState,
        (operation, taken): (&'static str, Taken),
    ) -> Result<Self, ApiError> {
        let refused = |problem| ApiError::BadFile(Box::new(problem));
        let declared =
            part.headers().get("content-type").map(|kind| String::from_utf8_lossy(kind.as_bytes()).into_owned());
        let kind = match (FileKind::declared(declared.as_deref()), taken) {
            (Ok(kind), Taken::Shown) => Some(kind),
            (Err(problem), Taken::Shown) => return Err(refused(problem)),
            (_, Taken::Any) => None,
        };
        let (most, piece_size) = (state.files.most, files.storage.piece_size());
        let mut seen = Some(Seen { inspection: kind.map(Inspection::new), digest: Md5::new() });
        let mut begun: Option<Begun> = None;
        let (mut size, mut piece) = (0, Vec::new());
        loop {
            let chunk = next(&mut part, state).await?.transpose().map_err(|error| broken(&error))?;
            let ended = chunk.is_none();
            let chunk = chunk.unwrap_or_default();
            size += chunk.len() as u64;
            if size > most {
                return Err(refused(too_large(most, file_name)));
            }
            piece.extend_from_slice(&chunk);
            if !ended && piece.len() < piece_size {
                continue;
            }
            let bytes = Bytes::from(std::mem::take(&mut piece));
            let looked = look(files, seen.take(), bytes.clone(), operation).await?;
            if ended && begun.is_none() {
                let (name, digest) = (shown_name(file_name), digits(looked));
                return Ok(Self { files: files.clone(), name, kind, size, digest, bytes: Written::Here(bytes) });
            }
            let mut writing = match begun.take() {
                Some(begun) => begun,
                None => Begun::start(files, operation).await?,
            };
            if !bytes.is_empty() {
                writing.write(bytes, operation).await?;
            }
            if ended {
                let (name, digest) = (shown_name(file_name), digits(looked));
                return Ok(Self { files: files.clone(), name, kind, size, digest, bytes: Written::There(writing) });
            }
            begun = Some(writing);
            seen = Some(looked);
        }
    }

    /// Gives the file its name in the storage.
    pub async fn keep(self, operation: &'static str) -> Result<Stored, ApiError> {
        let Self { files, name, kind, size, digest, bytes } = self;
        let path = storage_path(&name, &digest);
        let (storage, object) = (files.storage.clone(), path.clone());
        match bytes {
            Written::Here(bytes) => files.must(operation, async move { storage.put(object, bytes).await }).await?,
            Written::There(mut begun) => {
                if let Some(incoming) = begun.incoming.take() {
                    files.must(operation, async move { storage.complete(incoming, object).await }).await?;
                }
            }
        }
        let (storage, object) = (files.storage.clone(), path.clone());
        let uri = files.must(operation, async move { storage.uri(&object).await }).await?;
        // The configuration allows no larger ones.
        let size = i32::try_from(size).unwrap_or(i32::MAX);
        Ok(Stored { name, kind, size, storage_path: path, uri })
    }
}

impl Begun {
    async fn start(files: &Files, operation: &'static str) -> Result<Self, ApiError> {
        let storage = files.storage.clone();
        let incoming = files.must(operation, async move { storage.begin().await }).await?;
        Ok(Self { files: files.clone(), incoming: Some(incoming) })
    }

    async fn write(&mut self, bytes: Bytes, operation: &'static str) -> Result<(), ApiError> {
        match &mut self.incoming {
            Some(incoming) => self.files.must(operation, incoming.write(bytes)).await,
            None => Ok(()),
        }
    }
}

/// Looks at a piece and adds it to the digest, on a blocking thread.
async fn look(files: &Files, seen: Option<Seen>, bytes: Bytes, operation: &'static str) -> Result<Seen, ApiError> {
    let mut seen = seen.ok_or(ApiError::Unreadable)?;
    let job = move || {
        if let Some(inspection) = &mut seen.inspection {
            inspection.look(&bytes).map_err(|problem| ApiError::BadFile(Box::new(problem)))?;
        }
        seen.digest.update(&bytes);
        Ok(seen)
    };
    files.work(operation, job).await
}

fn digits(seen: Seen) -> String {
    hex(&seen.digest.finalize())
}
