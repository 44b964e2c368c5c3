//! Where a field's value comes from, and how it was found.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;

use crate::db::schema::data_provenance;
use crate::db::{Backend, Connection, constant, one_of};
use crate::domain::actor::Actor;
use crate::domain::form::Patch;

/// Provenance of one field of one row.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = data_provenance, check_for_backend(Backend))]
pub struct Provenance {
    /// The row it is about.
    pub target_id: i32,
    /// The field; `None` for the whole record.
    pub field_name: Option<String>,
    /// Term of `origin_type`.
    pub origin_type: Option<String>,
    /// Free citation.
    pub origin_source: Option<String>,
    /// Term of `collection_method`.
    pub collection_method: Option<String>,
}

/// What is to be recorded of a field.
#[derive(Clone, Debug, Default, Insertable)]
#[diesel(table_name = data_provenance)]
pub struct NewProvenance<'a> {
    /// `thing` or `location`.
    pub target_table: &'a str,
    /// The row.
    pub target_id: i32,
    /// The field.
    pub field_name: Option<&'a str>,
    /// Term of `origin_type`.
    pub origin_type: Option<&'a str>,
    /// Free citation.
    pub origin_source: Option<&'a str>,
    /// Term of `collection_method`.
    pub collection_method: Option<&'a str>,
    /// In `accuracy_unit`.
    pub accuracy_value: Option<f64>,
    /// Term of `unit`.
    pub accuracy_unit: Option<&'a str>,
    /// Term of `release_status`.
    pub release_status: Option<&'a str>,
    /// Who recorded it.
    pub created_by_id: Option<&'a str>,
    /// Who recorded it.
    pub created_by_name: Option<&'a str>,
}

/// The provenance of many rows of one table, by row, oldest first. One query.
pub fn of(conn: &mut Connection, table: &'static str, targets: &[i32]) -> QueryResult<HashMap<i32, Vec<Provenance>>> {
    let [of_targets] = of_each(conn, [(table, targets)])?;
    Ok(of_targets)
}

/// As [`of`], for rows of several tables. Still one query.
pub fn of_each<const N: usize>(
    conn: &mut Connection,
    targets: [(&'static str, &[i32]); N],
) -> QueryResult<[HashMap<i32, Vec<Provenance>>; N]> {
    let mut query = data_provenance::table.into_boxed::<Backend>();
    for (table, keys) in targets {
        let of_table = data_provenance::target_table.eq(constant(table)).and(one_of(data_provenance::target_id, keys));
        query = query.or_filter(of_table);
    }
    let rows: Vec<(String, Provenance)> =
        query.order(data_provenance::id).select((data_provenance::target_table, Provenance::as_select())).load(conn)?;
    let mut by_target: [HashMap<i32, Vec<Provenance>>; N] = std::array::from_fn(|_| HashMap::new());
    for (table, row) in rows {
        let place = targets.iter().position(|(known, _)| *known == table);
        if let Some(of_table) = place.and_then(|place| by_target.get_mut(place)) {
            of_table.entry(row.target_id).or_default().push(row);
        }
    }
    Ok(by_target)
}

/// The first record about a field.
pub fn about<'a>(records: Option<&'a Vec<Provenance>>, field: &str) -> Option<&'a Provenance> {
    records?.iter().find(|record| record.field_name.as_deref() == Some(field))
}

/// Records the provenance of a field.
pub fn add(conn: &mut Connection, new: &NewProvenance<'_>) -> QueryResult<()> {
    diesel::insert_into(data_provenance::table).values(new.clone()).execute(conn).map(drop)
}

#[derive(AsChangeset)]
#[diesel(table_name = data_provenance)]
struct MethodChange {
    collection_method: Option<Option<String>>,
    accuracy_value: Option<Option<f64>>,
    accuracy_unit: Option<Option<String>>,
}

/// Writes how a field was found and how exact it is (metres), into its record or a new one.
pub fn set_method(
    conn: &mut Connection,
    table: &str,
    target: i32,
    field: &str,
    method: Patch<String>,
    accuracy: Patch<f64>,
    actor: &Actor,
) -> QueryResult<()> {
    if !method.is_sent() && !accuracy.is_sent() {
        return Ok(());
    }
    let record: Option<i32> = data_provenance::table
        .filter(data_provenance::target_table.eq(table))
        .filter(data_provenance::target_id.eq(target))
        .filter(data_provenance::field_name.eq(field))
        .order(data_provenance::id)
        .select(data_provenance::id)
        .first(conn)
        .optional()?;
    let Some(record) = record else {
        let (method, accuracy) = (method.value(), accuracy.value());
        return add(
            conn,
            &NewProvenance {
                target_table: table,
                target_id: target,
                field_name: Some(field),
                collection_method: method.as_deref(),
                accuracy_value: accuracy,
                accuracy_unit: accuracy.map(|_| "m"),
                release_status: Some(crate::domain::DRAFT),
                created_by_id: actor.id.as_deref(),
                created_by_name: actor.name.as_deref(),
                ..NewProvenance::default()
            },
        );
    };
    let change = MethodChange {
        collection_method: method.into_change(),
        accuracy_unit: accuracy.clone().map(|_| "m".to_owned()).into_change(),
        accuracy_value: accuracy.into_change(),
    };
    diesel::update(data_provenance::table.find(record)).set(change).execute(conn).optional_empty_changeset().map(drop)
}
