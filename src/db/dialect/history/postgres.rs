//! The history's triggers on PostgreSQL: one function of the migration for all tables.

use diesel::PgConnection;
use diesel::prelude::*;

use super::{Actor, Column, NOT_KEPT, Trigger, TriggerRow, identifier};

/// The trigger for changes and removals, and the one for TRUNCATE, which fires no other.
const NAMES: [&str; 2] = ["keep_history", "keep_history_truncate"];

/// All columns of all tables of the schema in use, but for those of extensions.
const COLUMNS: &str = "\
    SELECT c.relname::text AS table_name, a.attname::text AS name, format_type(a.atttypid, NULL) AS kind, \
           a.attgenerated <> '' AS generated \
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND c.relkind = 'r' \
      AND to_regclass('history') IS NOT NULL \
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') \
    ORDER BY c.relname, a.attnum";

/// Our triggers with the statement that made them, which is kept as a comment. One that was switched off counts as another.
const PRESENT: &str = "\
    SELECT c.relname::text AS table_name, t.tgname::text AS name, \
           CASE WHEN t.tgenabled IN ('O', 'A') THEN coalesce(obj_description(t.oid, 'pg_trigger'), '') ELSE '' END AS definition \
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
    WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) \
      AND t.tgname IN ('keep_history', 'keep_history_truncate') AND NOT t.tgisinternal \
    ORDER BY 1, 2";

pub(super) fn expected(conn: &mut PgConnection) -> QueryResult<Vec<Trigger>> {
    let columns: Vec<Column> = diesel::sql_query(COLUMNS).load(conn)?;
    let tables = columns.chunk_by(|one, next| one.table_name == next.table_name);
    Ok(tables.filter_map(triggers).flatten().collect())
}

pub(super) fn present(conn: &mut PgConnection) -> QueryResult<Vec<Trigger>> {
    let rows: Vec<TriggerRow> = diesel::sql_query(PRESENT).load(conn)?;
    Ok(rows.into_iter().map(Trigger::from).collect())
}

fn triggers(columns: &[Column]) -> Option<[Trigger; 2]> {
    let table = columns.first()?.table_name.clone();
    if NOT_KEPT.contains(&table.as_str()) {
        return None;
    }
    let left_out: Vec<String> =
        columns.iter().filter(|column| !column.is_kept()).map(|column| literal(&column.name)).collect();
    let trigger = |name: &str, event: &str, each: &str| Trigger {
        definition: format!(
            "CREATE TRIGGER {} {event} ON {} FOR EACH {each} EXECUTE FUNCTION keep_history({})",
            identifier(name),
            identifier(&table),
            left_out.join(", ")
        ),
        table: table.clone(),
        name: name.to_owned(),
    };
    let [changes, truncation] = NAMES;
    Some([trigger(changes, "AFTER UPDATE OR DELETE", "ROW"), trigger(truncation, "BEFORE TRUNCATE", "STATEMENT")])
}

pub(super) fn make(trigger: &Trigger) -> String {
    let Trigger { table, name, definition } = trigger;
    let (table, name, comment) = (identifier(table), identifier(name), literal(definition));
    format!("{definition};\nCOMMENT ON TRIGGER {name} ON {table} IS {comment};\n")
}

/// Settings that last until the end of the transaction.
pub(super) fn begin(actor: Actor<'_>) -> String {
    let settings = [("actor_id", actor.id), ("actor_name", actor.name), ("request_id", actor.request_id)];
    let given = settings.into_iter().filter_map(|(setting, value)| Some((setting, value?)));
    given.fold("BEGIN".to_owned(), |begin, (setting, value)| {
        format!("{begin}; SET LOCAL ocotillo.{setting} = {}", literal(value))
    })
}

/// A text in a statement, whatever the server thinks of backslashes. It is what a token or a client says, so it may contain
/// anything; no text of PostgreSQL has a NUL.
fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 3);
    quoted.push_str("E'");
    for character in text.chars() {
        match character {
            '\0' => quoted.push('\u{fffd}'),
            '\'' | '\\' => quoted.extend([character, character]),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_token_says_stays_a_text() {
        let actor = Actor { id: Some("o'hara\\'; DROP TABLE thing; --\0"), name: None, request_id: Some("7") };
        assert_eq!(
            begin(actor),
            "BEGIN; SET LOCAL ocotillo.actor_id = E'o''hara\\\\''; DROP TABLE thing; --\u{fffd}'; \
             SET LOCAL ocotillo.request_id = E'7'"
        );
        assert_eq!(begin(Actor::default()), "BEGIN");
    }
}
