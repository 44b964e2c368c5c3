//! Spreadsheets of water levels, from a file.

use crate::db::{Executor, Undone, WriteSession};
use crate::domain::observation::level_sheet::{CHUNK, LevelSheet, LevelUpload};
use crate::import::ImportError;
use crate::store::StoreError;
use crate::store::import::water_level;

/// Stores a spreadsheet a chunk of rows at a time; a trial stores nothing.
pub fn load(executor: &Executor, bytes: &[u8], trial: bool) -> Result<LevelUpload, ImportError> {
    let words = executor.write_blocking(|session| water_level::vocabulary(session))?;
    let sheet = LevelSheet::read(bytes, &words)?;
    let mut stored = Vec::with_capacity(sheet.rows.len());
    let chunk = if trial { sheet.rows.len().max(1) } else { CHUNK };
    for rows in sheet.rows.chunks(chunk) {
        let store = |session: &mut WriteSession<'_>| Undone::unless_kept(water_level::store(session, rows), trial);
        stored.extend(Undone::<_, StoreError>::result(executor.write_blocking(store))?);
    }
    Ok(sheet.finish(stored))
}
