//! Notes of any parent.

use std::collections::HashMap;

use crate::db::prelude::*;
use crate::db::schema::notes;
use crate::db::{Ids, Read, WriteSession, among, columns, constant, rows};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::note::{CreateNote, Note};
use crate::domain::principal::{Principal, Sight};
use crate::store::query::find::by_parent;
use crate::store::query::stored::row;
use crate::store::query::visibility::{NOTE, visible};

row! {
    /// A row of the table.
    struct NoteRow of notes as Note {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<chrono::NaiveDate>,
        note_type: String,
        content: String,
        target_id: i32,
        target_table: String,
    }
}

/// A row to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = notes, treat_none_as_default_value = false)]
pub struct NewNote {
    target_id: i32,
    target_table: &'static str,
    note_type: String,
    content: String,
    release_status: String,
    release_at: Option<chrono::NaiveDate>,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
}

crate::insertable!(NewNote => notes);

/// The notes of parents of one table, by parent, oldest first.
pub fn of(sight: Sight, table: &'static str, ids: impl Ids) -> impl Read<Output = HashMap<i32, Vec<Note>>> {
    let found = notes::table
        .filter(notes::target_table.eq(constant(table)))
        .filter(among(notes::target_id, ids))
        .filter(visible(sight, &NOTE))
        .order(notes::id)
        .select(columns::<NoteRow>());
    rows::<NoteRow, _>(found).giving(|rows| by_parent(rows, |row| row.target_id, Note::from))
}

/// The rows of new notes on a parent.
pub fn new_rows(by: &Principal, table: &'static str, parent: i32, notes: &[CreateNote]) -> Vec<NewNote> {
    let row = |note: &CreateNote| NewNote {
        target_id: parent,
        target_table: table,
        note_type: note.note_type.clone(),
        content: note.content.clone(),
        release_status: note.release_status.clone(),
        release_at: note.release_at,
        created_by_id: by.id.clone(),
        created_by_name: by.name.clone(),
    };
    notes.iter().map(row).collect()
}

/// Removes all notes of a parent: with the parent, or before a new set is written.
pub fn clear(session: &mut WriteSession<'_>, table: &'static str, parent: i32) -> QueryResult<()> {
    let of_parent = notes::table.filter(notes::target_table.eq(constant(table))).filter(notes::target_id.eq(parent));
    diesel::delete(of_parent).execute(session).map(drop)
}
