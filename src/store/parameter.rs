//! Parameters.

use diesel::result::OptionalEmptyChangesetExtension as _;
use serde_json::json;

use crate::db::prelude::*;
use crate::db::schema::{observation, parameter};
use crate::db::{Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, rows};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::parameter::{CreateParameter, Parameter, UpdateParameter};
use crate::domain::principal::Sight;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::request::problem::Problem;
use crate::store::StoreError;
use crate::store::query::check::{Table, check_change, check_new, lock_row};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Listing};
use crate::store::query::stored::stored;
use crate::store::query::visibility::{PARAMETER, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "parameter", model: "Parameter" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = parameter, check_for_backend(Backend))]
struct ParameterRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    parameter_name: String,
    matrix: String,
    parameter_type: Option<String>,
    cas_number: Option<String>,
    default_unit: String,
}

impl From<ParameterRow> for Parameter {
    fn from(row: ParameterRow) -> Self {
        let ParameterRow { id, created_at, release_status, release_at, parameter_name, matrix, .. } = row;
        let ParameterRow { parameter_type, cas_number, .. } = row;
        let default_unit = Some(row.default_unit);
        Self {
            id,
            created_at,
            release_status,
            release_at,
            parameter_name,
            matrix,
            parameter_type,
            cas_number,
            default_unit,
        }
    }
}

stored! {
    parameter: NewParameter from CreateParameter, ParameterChange from UpdateParameter;
    taken {
        parameter_name: String,
        matrix: String,
        parameter_type?: String,
        cas_number?: String,
        default_unit: String
    }
}

listed!(parameter);

static LISTING: Listing<parameter::table> = Listing {
    model: TABLE.model,
    rule: &PARAMETER,
    columns: &[
        Column::of(parameter::id),
        Column::of(parameter::created_at),
        Column::of(parameter::release_status),
        Column::of(parameter::release_at),
        Column::of(parameter::parameter_name),
        Column::of(parameter::matrix),
        Column::of(parameter::parameter_type),
        Column::of(parameter::cas_number),
        Column::of(parameter::default_unit),
    ],
};

/// A page of parameters.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let narrow = || Ok(Vec::new());
    let (found, ()) = parameter::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The parameters with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Parameter>, StoreError> {
    let parameters = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(parameters, ids, |parameter| parameter.id))
}

/// The parameters with these ids, by id.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<Parameter>> {
    let found = parameter::table
        .filter(among(parameter::id, ids))
        .filter(visible(sight, &PARAMETER))
        .order(parameter::id)
        .select(columns::<ParameterRow>());
    rows::<ParameterRow, _>(found).giving(|rows| rows.into_iter().map(Parameter::from).collect())
}

/// One parameter.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Parameter, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Refuses a second parameter of the same name and matrix.
fn require_unique(session: &mut Session<'_>, name: &str, matrix: &str, but: Option<i32>) -> Result<(), StoreError> {
    let same = parameter::table
        .filter(parameter::parameter_name.eq(name))
        .filter(parameter::matrix.eq(matrix))
        .filter(parameter::id.ne(but.unwrap_or(0)))
        .select(parameter::id);
    if same.load::<i32>(session)?.is_empty() {
        return Ok(());
    }
    let message = format!("Parameter with parameter_name {name} and matrix {matrix} already exists.");
    Err(StoreError::conflict("parameter_name", message, json!(name)))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateParameter>>,
) -> Result<Vec<NewParameter>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |_| Vec::new())?;
    for (_, form) in &checked {
        require_unique(session, &form.parameter_name, &form.matrix, None)?;
    }
    let by = session.principal();
    Ok(checked.into_iter().map(|(id, form)| NewParameter::of(id, form, by)).collect())
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewParameter>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores a parameter.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateParameter>) -> Result<Parameter, StoreError> {
    let rows = check(session, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(session: &mut WriteSession<'_>, id: i32, form: Parsed<UpdateParameter>) -> Result<Parameter, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    if patch.parameter_name.is_some() || patch.matrix.is_some() {
        let before = parameter::table.find(id).select((parameter::parameter_name, parameter::matrix));
        let (name, matrix): (String, String) = before.first(session)?;
        let name = patch.parameter_name.as_deref().unwrap_or(&name);
        require_unique(session, name, patch.matrix.as_deref().unwrap_or(&matrix), Some(id))?;
    }
    let change = ParameterChange::of(patch, session.principal());
    diesel::update(parameter::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a parameter, unless observations use it.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    lock_row(session, TABLE, id)?;
    let used = observation::table.filter(observation::parameter_id.eq(id)).select(observation::id).limit(1);
    if !used.load::<i32>(session)?.is_empty() {
        let message = format!("Parameter with ID {id} has observations and cannot be deleted.");
        return Err(StoreError::Conflict(Box::new(Problem::conflict("path", "parameter_id", message, id))));
    }
    diesel::delete(parameter::table.find(id)).execute(session)?;
    Ok(())
}
