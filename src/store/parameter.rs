//! Parameters.

use diesel::prelude::*;
use diesel::result::OptionalEmptyChangesetExtension;
use serde_json::json;

use crate::db::schema::{observation, parameter};
use crate::db::{Backend, Connection};
use crate::domain::actor::Actor;
use crate::domain::form::Parsed;
use crate::domain::list::ListRequest;
use crate::domain::paging::Page;
use crate::domain::parameter::{CreateParameter, Parameter, UpdateParameter};
use crate::domain::time::UtcDateTime;

use super::list::{Column, Listing};
use super::page::load_page;
use super::{StoreError, vocabulary};

/// The resource's name in messages.
pub const MODEL: &str = "Parameter";

/// A row of the table, as observations embed it.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = parameter, check_for_backend(Backend))]
pub struct ParameterRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    parameter_name: String,
    matrix: String,
    parameter_type: Option<String>,
    cas_number: Option<String>,
    default_unit: String,
}

impl From<ParameterRow> for Parameter {
    fn from(row: ParameterRow) -> Self {
        let ParameterRow { id, created_at, release_status, parameter_name, matrix, .. } = row;
        Self {
            id,
            created_at,
            release_status,
            parameter_name,
            matrix,
            parameter_type: row.parameter_type,
            cas_number: row.cas_number,
            default_unit: Some(row.default_unit),
        }
    }
}

static LISTING: Listing<parameter::table> = Listing {
    model: MODEL,
    columns: &[
        Column::integer("id", || Box::new(parameter::id.nullable())).not_null(),
        Column::time("created_at", || Box::new(parameter::created_at.nullable())).not_null(),
        Column::text("release_status", || Box::new(parameter::release_status)),
        Column::text("parameter_name", || Box::new(parameter::parameter_name.nullable())).not_null(),
        Column::text("matrix", || Box::new(parameter::matrix.nullable())).not_null(),
        Column::text("parameter_type", || Box::new(parameter::parameter_type)),
        Column::text("cas_number", || Box::new(parameter::cas_number)),
        Column::text("default_unit", || Box::new(parameter::default_unit.nullable())).not_null(),
    ],
};

/// A page of parameters.
pub fn list(conn: &mut Connection, request: &ListRequest) -> Result<Page<Parameter>, StoreError> {
    let plan = LISTING.plan(request)?;
    let (rows, extent) = load_page!(
        conn, plan, parameter::table, ParameterRow, parameter::id,
        extra: |query| query,
        default: |query| query.order(parameter::id.asc())
    );
    Ok(Page::new(rows.into_iter().map(Parameter::from).collect(), extent))
}

/// One parameter.
pub fn get(conn: &mut Connection, id: i32) -> Result<Parameter, StoreError> {
    let row: Option<ParameterRow> =
        parameter::table.find(id).select(ParameterRow::as_select()).first(conn).optional()?;
    row.map(Parameter::from).ok_or_else(|| StoreError::not_found(MODEL, id))
}

/// True when the row exists.
pub fn exists(conn: &mut Connection, id: i32) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(parameter::table.find(id))).get_result(conn)
}

/// Refuses a second parameter of the same name and matrix.
fn require_unique(conn: &mut Connection, name: &str, matrix: &str, but: Option<i32>) -> Result<(), StoreError> {
    let mut same = parameter::table
        .into_boxed::<Backend>()
        .filter(parameter::parameter_name.eq(name.to_owned()))
        .filter(parameter::matrix.eq(matrix.to_owned()));
    if let Some(id) = but {
        same = same.filter(parameter::id.ne(id));
    }
    if same.count().get_result::<i64>(conn)? == 0 {
        return Ok(());
    }
    let message = format!("Parameter with parameter_name {name} and matrix {matrix} already exists.");
    Err(StoreError::conflict("parameter_name", message, json!(name)))
}

/// Stores a parameter.
pub fn create(conn: &mut Connection, body: Parsed<CreateParameter>, actor: &Actor) -> Result<Parameter, StoreError> {
    let new = vocabulary::settle(conn, body)?;
    require_unique(conn, &new.parameter_name, &new.matrix, None)?;
    let row = (
        parameter::parameter_name.eq(&new.parameter_name),
        parameter::matrix.eq(&new.matrix),
        parameter::parameter_type.eq(&new.parameter_type),
        parameter::cas_number.eq(&new.cas_number),
        parameter::default_unit.eq(&new.default_unit),
        parameter::release_status.eq(&new.release_status),
        parameter::created_by_id.eq(&actor.id),
        parameter::created_by_name.eq(&actor.name),
    );
    let id = diesel::insert_into(parameter::table).values(row).returning(parameter::id).get_result(conn)?;
    get(conn, id)
}

#[derive(AsChangeset)]
#[diesel(table_name = parameter)]
struct ParameterChange {
    parameter_name: Option<String>,
    matrix: Option<String>,
    parameter_type: Option<Option<String>>,
    cas_number: Option<Option<String>>,
    default_unit: Option<String>,
    release_status: Option<Option<String>>,
    updated_by_id: Option<String>,
    updated_by_name: Option<String>,
}

/// Changes what was sent.
pub fn update(
    conn: &mut Connection,
    id: i32,
    body: Parsed<UpdateParameter>,
    actor: &Actor,
) -> Result<Parameter, StoreError> {
    let before = get(conn, id)?;
    let patch = vocabulary::settle(conn, body)?;
    let name = patch.parameter_name.as_deref().unwrap_or(&before.parameter_name);
    require_unique(conn, name, patch.matrix.as_deref().unwrap_or(&before.matrix), Some(id))?;
    let change = ParameterChange {
        parameter_name: patch.parameter_name,
        matrix: patch.matrix,
        parameter_type: patch.parameter_type.into_change(),
        cas_number: patch.cas_number.into_change(),
        default_unit: patch.default_unit,
        release_status: patch.release_status.into_change(),
        updated_by_id: actor.id.clone(),
        updated_by_name: actor.name.clone(),
    };
    diesel::update(parameter::table.find(id)).set(change).execute(conn).optional_empty_changeset()?;
    get(conn, id)
}

/// Removes a parameter, unless observations use it.
pub fn delete(conn: &mut Connection, id: i32) -> Result<(), StoreError> {
    get(conn, id)?;
    let used = observation::table.filter(observation::parameter_id.eq(id));
    if diesel::select(diesel::dsl::exists(used)).get_result(conn)? {
        let message = format!("Parameter with ID {id} has observations and cannot be deleted.");
        let problem = crate::domain::problem::Problem::conflict("path", "parameter_id", message, id);
        return Err(StoreError::Conflict(Box::new(problem)));
    }
    diesel::delete(parameter::table.find(id)).execute(conn)?;
    Ok(())
}
