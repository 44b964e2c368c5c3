//! Notes of any parent.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::schema::notes;
use crate::db::{Backend, Connection, constant, one_of};
use crate::domain::actor::Actor;
use crate::domain::note::{CreateNote, Note};
use crate::domain::time::UtcDateTime;

#[derive(Queryable, Selectable)]
#[diesel(table_name = notes, check_for_backend(Backend))]
struct NoteRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    note_type: String,
    content: String,
    target_id: i32,
    target_table: String,
}

impl From<NoteRow> for Note {
    fn from(row: NoteRow) -> Self {
        let NoteRow { id, created_at, release_status, note_type, content, target_id, target_table } = row;
        Self { id, created_at, release_status, note_type, content, target_id, target_table }
    }
}

#[derive(Insertable)]
#[diesel(table_name = notes)]
struct NewNote<'a> {
    target_id: i32,
    target_table: &'a str,
    note_type: &'a str,
    content: &'a str,
    release_status: &'a str,
    created_by_id: Option<&'a str>,
    created_by_name: Option<&'a str>,
}

/// The notes of many parents of one table, by parent, oldest first. One query.
pub fn of(conn: &mut Connection, table: &'static str, parents: &[i32]) -> QueryResult<HashMap<i32, Vec<Note>>> {
    let [of_parents] = of_each(conn, [(table, parents)])?;
    Ok(of_parents)
}

/// As [`of`], for parents of several tables. Still one query.
pub fn of_each<const N: usize>(
    conn: &mut Connection,
    parents: [(&'static str, &[i32]); N],
) -> QueryResult<[HashMap<i32, Vec<Note>>; N]> {
    let mut query = notes::table.into_boxed::<Backend>();
    for (table, keys) in parents {
        let of_table = notes::target_table.eq(constant(table)).and(one_of(notes::target_id, keys));
        query = query.or_filter(of_table);
    }
    let rows: Vec<NoteRow> = query.order(notes::id).select(NoteRow::as_select()).load(conn)?;
    let mut by_parent: [HashMap<i32, Vec<Note>>; N] = std::array::from_fn(|_| HashMap::new());
    for row in rows {
        let place = parents.iter().position(|(table, _)| *table == row.target_table);
        if let Some(of_table) = place.and_then(|place| by_parent.get_mut(place)) {
            of_table.entry(row.target_id).or_default().push(row.into());
        }
    }
    Ok(by_parent)
}

/// Adds notes to a parent.
pub fn add(conn: &mut Connection, table: &str, parent: i32, new: &[CreateNote], actor: &Actor) -> QueryResult<()> {
    for note in new {
        let row = NewNote {
            target_id: parent,
            target_table: table,
            note_type: &note.note_type,
            content: &note.content,
            release_status: &note.release_status,
            created_by_id: actor.id.as_deref(),
            created_by_name: actor.name.as_deref(),
        };
        diesel::insert_into(notes::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Removes all notes of a parent: with the parent, or before a new set is written.
pub fn clear(conn: &mut Connection, table: &str, parent: i32) -> QueryResult<()> {
    let of_parent = notes::table.filter(notes::target_table.eq(table)).filter(notes::target_id.eq(parent));
    diesel::delete(of_parent).execute(conn).map(drop)
}
