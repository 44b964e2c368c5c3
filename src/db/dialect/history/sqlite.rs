//! The history's triggers on SQLite: two for each table, which name all of its columns.

use diesel::SqliteConnection;
use diesel::prelude::*;

use super::{Actor, BOOKKEEPING, Column, NOT_KEPT, Trigger, TriggerRow, identifier, literal};

/// How the names of our triggers begin.
pub(super) const PREFIX: &str = "history_of_";

/// All columns of all tables, but for those that SQLite and its extensions keep for themselves.
const COLUMNS: &str = "\
    SELECT t.name AS table_name, c.name AS name, c.type AS kind, c.hidden <> 0 AS generated \
    FROM pragma_table_list t JOIN pragma_table_xinfo(t.name) c \
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
      AND EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'history') \
    ORDER BY t.name, c.cid";

const PRESENT: &str = "\
    SELECT tbl_name AS table_name, name, sql AS definition FROM sqlite_master \
    WHERE type = 'trigger' AND name LIKE 'history\\_of\\_%' ESCAPE '\\' ORDER BY tbl_name, name";

/// Columns in one call of a function: older versions of SQLite, with which people look at the file, allow 127 arguments.
const COLUMNS_IN_A_CALL: usize = 60;

diesel::table! {
    history_context (only_row) {
        only_row -> Integer,
        actor_id -> Nullable<Text>,
        actor_name -> Nullable<Text>,
        request_id -> Nullable<Text>,
    }
}

pub(super) fn expected(conn: &mut SqliteConnection) -> QueryResult<Vec<Trigger>> {
    let columns: Vec<Column> = diesel::sql_query(COLUMNS).load(conn)?;
    let tables = columns.chunk_by(|one, next| one.table_name == next.table_name);
    Ok(tables.filter_map(triggers).flatten().collect())
}

pub(super) fn present(conn: &mut SqliteConnection) -> QueryResult<Vec<Trigger>> {
    let rows: Vec<TriggerRow> = diesel::sql_query(PRESENT).load(conn)?;
    Ok(rows.into_iter().map(Trigger::from).collect())
}

/// Notes on whose behalf the transaction writes.
pub(super) fn note(conn: &mut SqliteConnection, actor: Actor<'_>) -> QueryResult<()> {
    use history_context::dsl;
    diesel::update(dsl::history_context)
        .set((dsl::actor_id.eq(actor.id), dsl::actor_name.eq(actor.name), dsl::request_id.eq(actor.request_id)))
        .execute(conn)
        .map(drop)
}

fn triggers(columns: &[Column]) -> Option<[Trigger; 2]> {
    let table = columns.first()?.table_name.clone();
    if NOT_KEPT.contains(&table.as_str()) {
        return None;
    }
    // The triggers that raise the version change nothing else, and so set off none of these.
    let own = columns.iter().filter(|column| !column.generated && !BOOKKEEPING.contains(&column.name.as_str()));
    let own: Vec<String> = own.map(|column| identifier(&column.name)).collect();
    let key = columns.iter().find(|column| column.name == "id" && column.kind.to_ascii_uppercase().contains("INT"));
    let key = key.map_or("NULL", |_| "OLD.\"id\"");
    let kept: Vec<&Column> = columns.iter().filter(|column| column.is_kept()).collect();
    let (image, quoted, label) = (image(&kept), identifier(&table), literal(&table));
    let trigger = |action: &str, event: &str| {
        let name = format!("{PREFIX}{table}_{action}");
        let definition = format!(
            "CREATE TRIGGER {} {event} ON {quoted} BEGIN\n    \
             INSERT INTO history (table_name, row_id, action, before, changed_by_id, changed_by_name, request_id)\n    \
             VALUES ({label}, {key}, '{action}', {image}, (SELECT actor_id FROM history_context),\n        \
             (SELECT actor_name FROM history_context), (SELECT request_id FROM history_context));\nEND",
            identifier(&name)
        );
        Trigger { table: table.clone(), name, definition }
    };
    Some([trigger("delete", "AFTER DELETE"), trigger("update", &format!("AFTER UPDATE OF {}", own.join(", ")))])
}

/// The row before the change as JSON, in the same form as on PostgreSQL.
fn image(columns: &[&Column]) -> String {
    let mut image = String::new();
    for chunk in columns.chunks(COLUMNS_IN_A_CALL) {
        let first = image.is_empty();
        let pairs: Vec<String> = chunk
            .iter()
            .map(|column| {
                let label = if first { column.name.clone() } else { format!("$.\"{}\"", column.name) };
                format!("{}, {}", literal(&label), value(column))
            })
            .collect();
        let pairs = pairs.join(", ");
        image = if first { format!("json_object({pairs})") } else { format!("json_set({image}, {pairs})") };
    }
    image
}

fn value(column: &Column) -> String {
    let old = format!("OLD.{}", identifier(&column.name));
    match column.kind.to_ascii_uppercase().as_str() {
        "TIMESTAMP" | "DATETIME" => format!("replace({old}, ' ', 'T') || '+00:00'"),
        "BOOLEAN" => format!("json(CASE {old} WHEN 0 THEN 'false' WHEN 1 THEN 'true' END)"),
        "" | "BLOB" => format!("CASE typeof({old}) WHEN 'blob' THEN hex({old}) ELSE {old} END"),
        _ => old,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_table_takes_several_calls() {
        let column = |at: usize| Column {
            table_name: "t".to_owned(),
            name: format!("c{at}"),
            kind: "TEXT".to_owned(),
            generated: false,
        };
        let columns: Vec<Column> = (0..130).map(column).collect();
        let image = image(&columns.iter().collect::<Vec<_>>());
        assert!(image.starts_with("json_set(json_set(json_object('c0', OLD.\"c0\", "), "{image}");
        assert!(
            image.contains(", '$.\"c60\"', OLD.\"c60\", ") && image.ends_with(", '$.\"c129\"', OLD.\"c129\")"),
            "{image}"
        );
    }
}
