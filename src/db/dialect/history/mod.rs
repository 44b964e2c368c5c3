//! The triggers that keep every change and removal of every row: which there must be, by the database's own catalogue, and which
//! there are. They are made after the migrations, for whatever tables and columns there are then, so that no migration can forget
//! them. Their definitions are compared as text: what a new version of the program defines otherwise is made anew.

mod postgres;
mod sqlite;

use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::Connection;

/// Tables that are not kept: what is kept of the others, answers that are removed after a day, and what migrations note.
const NOT_KEPT: [&str; 4] = ["history", "history_context", "idempotency", "__diesel_schema_migrations"];

/// Columns whose values are never written anywhere else.
const SECRET: [&str; 1] = ["digest"];

/// Columns whose change alone is no change of a row. (On PostgreSQL the migration's function names them.)
const BOOKKEEPING: [&str; 2] = ["version", "last_used_at"];

/// On whose behalf a transaction writes.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::db) struct Actor<'a> {
    /// The principal's id.
    pub(in crate::db) id: Option<&'a str>,
    /// The principal's name.
    pub(in crate::db) name: Option<&'a str>,
    /// The request.
    pub(in crate::db) request_id: Option<&'a str>,
}

/// A trigger, as it must be or as it is.
#[derive(PartialEq, Eq)]
struct Trigger {
    table: String,
    name: String,
    /// The statement that makes it.
    definition: String,
}

#[derive(QueryableByName)]
struct TriggerRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

impl From<TriggerRow> for Trigger {
    fn from(row: TriggerRow) -> Self {
        Self { table: row.table_name, name: row.name, definition: row.definition }
    }
}

/// A column, in the order of the table.
#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    /// Its type, as it was declared.
    #[diesel(sql_type = Text)]
    kind: String,
    /// The database works it out of others.
    #[diesel(sql_type = Bool)]
    generated: bool,
}

impl Column {
    /// True when the image of a row has it.
    fn is_kept(&self) -> bool {
        !self.generated && !SECRET.contains(&self.name.as_str())
    }
}

/// What differs between the triggers that must be and those that are.
struct Difference {
    missing: Vec<Trigger>,
    superfluous: Vec<Trigger>,
}

fn expected(conn: &mut Connection) -> QueryResult<Vec<Trigger>> {
    match conn {
        Connection::Postgres(inner) => postgres::expected(inner),
        Connection::Sqlite(inner) => sqlite::expected(inner),
    }
}

fn difference(conn: &mut Connection) -> QueryResult<Difference> {
    let expected = expected(conn)?;
    let present = match conn {
        Connection::Postgres(inner) => postgres::present(inner)?,
        Connection::Sqlite(inner) => sqlite::present(inner)?,
    };
    let (kept, superfluous): (Vec<_>, Vec<_>) = present.into_iter().partition(|trigger| expected.contains(trigger));
    let missing = expected.into_iter().filter(|trigger| !kept.contains(trigger)).collect();
    Ok(Difference { missing, superfluous })
}

/// Has every change of every table kept from now on. Writes nothing where that is so already; without the table `history` it
/// only removes what is left of the triggers.
pub(in crate::db) fn cover(conn: &mut Connection) -> QueryResult<()> {
    let Difference { missing, superfluous } = difference(conn)?;
    if missing.is_empty() && superfluous.is_empty() {
        return Ok(());
    }
    let removed = superfluous.iter().map(|trigger| remove(conn, trigger)).collect::<String>();
    let made = missing.iter().map(|trigger| make(conn, trigger)).collect::<String>();
    // One batch is one transaction: no change in between is lost.
    conn.batch_execute(&(removed + &made))
}

/// Removes all triggers: on SQLite no column can be removed that one of them names.
pub(in crate::db) fn uncover(conn: &mut Connection) -> QueryResult<()> {
    let present = match conn {
        Connection::Postgres(inner) => postgres::present(inner)?,
        Connection::Sqlite(inner) => sqlite::present(inner)?,
    };
    let removed = present.iter().map(|trigger| remove(conn, trigger)).collect::<String>();
    if removed.is_empty() { Ok(()) } else { conn.batch_execute(&removed) }
}

/// True for the text of an error that a trigger of ours gave to a migration.
pub(in crate::db) fn is_in_the_way(error: &str) -> bool {
    error.contains(sqlite::PREFIX)
}

/// The tables of which a change might not be kept.
pub(in crate::db) fn uncovered(conn: &mut Connection) -> QueryResult<Vec<String>> {
    let mut tables: Vec<String> = difference(conn)?.missing.into_iter().map(|trigger| trigger.table).collect();
    tables.dedup();
    Ok(tables)
}

/// The tables that there are and that are kept.
pub(in crate::db) fn tables(conn: &mut Connection) -> QueryResult<Vec<String>> {
    let mut tables: Vec<String> = expected(conn)?.into_iter().map(|trigger| trigger.table).collect();
    tables.dedup();
    Ok(tables)
}

fn make(conn: &Connection, trigger: &Trigger) -> String {
    match conn {
        Connection::Postgres(_) => postgres::make(trigger),
        Connection::Sqlite(_) => format!("{};\n", trigger.definition),
    }
}

fn remove(conn: &Connection, trigger: &Trigger) -> String {
    match conn {
        Connection::Postgres(_) => {
            format!("DROP TRIGGER {} ON {};\n", identifier(&trigger.name), identifier(&trigger.table))
        }
        Connection::Sqlite(_) => format!("DROP TRIGGER {};\n", identifier(&trigger.name)),
    }
}

/// The statement that begins a writing transaction on PostgreSQL, with the author in the same round trip.
pub(in crate::db) fn begin_on_postgres(actor: Option<Actor<'_>>) -> String {
    postgres::begin(actor.unwrap_or_default())
}

/// Notes the author of what follows, where the transaction's beginning has not.
pub(in crate::db) fn enter(conn: &mut Connection, actor: Option<Actor<'_>>) -> QueryResult<()> {
    match (conn, actor) {
        (Connection::Sqlite(inner), Some(actor)) => sqlite::note(inner, actor),
        _ => Ok(()),
    }
}

/// Takes back what [`enter`] noted, before the transaction is committed.
pub(in crate::db) fn leave(conn: &mut Connection, actor: Option<Actor<'_>>) -> QueryResult<()> {
    enter(conn, actor.map(|_| Actor::default()))
}

/// A name in a statement.
fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in a statement of SQLite.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
