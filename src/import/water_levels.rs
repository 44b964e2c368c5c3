//! Files of water levels as field crews write them: CSV in UTF-8 with a header row.

use crate::db::{JobError, Refusal, WriteSession};
use crate::domain::observation::upload::{Header, Sheet, WaterLevelBulkUpload};
use crate::store::StoreError;
use crate::store::import::water_level::load;

/// Why a file cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing in it.
    #[error("Uploaded file is empty")]
    Empty,
    /// Another encoding.
    #[error("Uploaded file is not UTF-8")]
    Encoding,
}

/// Reads a file.
pub fn read(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_not_utf_8| Unreadable::Encoding)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    let mut rows =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes()).into_records();
    let first = rows.next().and_then(Result::ok).unwrap_or_default();
    let header = Header::of(first.iter());
    // Of text that is UTF-8 there is no record that cannot be read.
    let rows = rows.filter_map(Result::ok).map(|row| header.cells(row.iter())).collect();
    Ok(Sheet { header, rows })
}

/// How a load ended that is not kept.
#[derive(Debug)]
pub enum NotKept<T> {
    /// It was only to be tried.
    Tried(T),
    /// It failed.
    Failed(StoreError),
}

impl<T> NotKept<T> {
    /// The same of what `change` makes of the outcome.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> NotKept<U> {
        match self {
            Self::Tried(outcome) => NotKept::Tried(change(outcome)),
            Self::Failed(error) => NotKept::Failed(error),
        }
    }
}

impl<T> From<StoreError> for NotKept<T> {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl<T> From<Refusal> for NotKept<T> {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal.into())
    }
}

impl<T> From<diesel::result::Error> for NotKept<T> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl<T: Send + 'static> JobError for NotKept<T> {
    fn database_error(&self) -> Option<&diesel::result::Error> {
        match self {
            Self::Tried(_) => None,
            Self::Failed(error) => error.database_error(),
        }
    }
}

/// Stores a file, or does all of it and takes it back.
pub fn store(
    session: &mut WriteSession<'_>,
    sheet: &Sheet,
    dry_run: bool,
) -> Result<WaterLevelBulkUpload, NotKept<WaterLevelBulkUpload>> {
    let outcome = load(session, sheet)?;
    if dry_run { Err(NotKept::Tried(outcome)) } else { Ok(outcome) }
}
