//! Forms that bring a table (`multipart/form-data` with a `file`). It is held in memory, as other bodies are, but may be larger.

use actix_multipart::Multipart;
use actix_web::http::header::CONTENT_LENGTH;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use crate::api::http::error::ApiError;
use crate::api::http::state::AppState;
use crate::api::http::upload::{FILE, Upload, broken, is_no_form, missing, next};

/// The most bytes of a form.
const MOST: usize = 16 * 1024 * 1024;
/// What is counted of it at a time.
const STEP: usize = 256 * 1024;

/// A file that was read. It counts among the bodies that are held until it is dropped.
pub struct SheetFile {
    /// What is in it.
    pub bytes: Vec<u8>,
    counted: Vec<OwnedSemaphorePermit>,
}

impl Upload {
    /// Reads a form with a table to its end, within the limits of sizes and times. 422 when it has no file.
    pub async fn table(self) -> Result<SheetFile, ApiError> {
        let Self { headers, payload, state } = self;
        let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > MOST) {
            return Err(ApiError::TooLarge(MOST));
        }
        let reading = read(Multipart::new(&headers, payload), &state);
        timeout(state.edge.bodies.longest(), reading).await.map_err(|_elapsed| ApiError::Stalled)?
    }
}

async fn read(mut parts: Multipart, state: &AppState) -> Result<SheetFile, ApiError> {
    let (mut file, mut size) = (None, 0);
    while let Some(part) = next(&mut parts, state).await? {
        let mut part = match part {
            Ok(part) => part,
            // What is no form has no fields.
            Err(error) if is_no_form(&error) => break,
            Err(error) => return Err(broken(&error)),
        };
        let wanted = part.name() == Some(FILE) && file.is_none();
        let mut held = SheetFile { bytes: Vec::new(), counted: Vec::new() };
        while let Some(chunk) = next(&mut part, state).await? {
            let chunk = chunk.map_err(|error| broken(&error))?;
            size += chunk.len();
            if size > MOST {
                return Err(ApiError::TooLarge(MOST));
            }
            if wanted {
                while held.bytes.len() + chunk.len() > held.counted.len() * STEP {
                    let step = state.edge.bodies.reserve(STEP);
                    held.counted.push(step.inspect_err(|error| state.note_busy(error))?);
                }
                held.bytes.extend_from_slice(&chunk);
            }
        }
        if wanted {
            file = Some(held);
        }
    }
    file.ok_or_else(missing)
}
