//! How values are determined: in a laboratory, in the field, by calculation.

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::{analysis_method, observation};
use crate::db::{Numbers, Session, WriteSession, among};
use crate::domain::analysis_method::{AnalysisMethod, CreateAnalysisMethod, UpdateAnalysisMethod};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::domain::request::problem::Problem;
use crate::store::StoreError;
use crate::store::query::check::{Table, check_change, check_new, lock_row};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Listing};
use crate::store::query::stored::{row, stored};
use crate::store::query::visibility::{ANALYSIS_METHOD, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "analysis_method", model: "AnalysisMethod" };

row! {
    /// A row of the table.
    struct AnalysisMethodRow of analysis_method as AnalysisMethod {
        id: i32,
        created_at: UtcDateTime,
        release_status: Option<String>,
        release_at: Option<NaiveDate>,
        analysis_method_code: Option<String>,
        analysis_method_name: String,
        analysis_method_type: Option<String>,
        source_organization: Option<String>,
    }
}

stored! {
    analysis_method: NewAnalysisMethod from CreateAnalysisMethod, AnalysisMethodChange from UpdateAnalysisMethod;
    taken {
        analysis_method_code?: String,
        analysis_method_name: String,
        analysis_method_type?: String,
        source_organization?: String
    }
}

listed!(analysis_method);

static LISTING: Listing<analysis_method::table> = Listing {
    model: TABLE.model,
    rule: &ANALYSIS_METHOD,
    columns: &[
        Column::of(analysis_method::id),
        Column::of(analysis_method::created_at),
        Column::of(analysis_method::release_status),
        Column::of(analysis_method::release_at),
        Column::of(analysis_method::analysis_method_code),
        Column::of(analysis_method::analysis_method_name),
        Column::of(analysis_method::analysis_method_type),
        Column::of(analysis_method::source_organization),
    ],
};

/// A page of analysis methods.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let narrow = || Ok(Vec::new());
    let (found, ()) = analysis_method::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The analysis methods with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<AnalysisMethod>, StoreError> {
    let asked = analysis_method::table
        .filter(among(analysis_method::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &ANALYSIS_METHOD));
    let rows: Vec<AnalysisMethodRow> = asked.select(AnalysisMethodRow::as_select()).load(session)?;
    Ok(in_order(rows.into_iter().map(AnalysisMethod::from).collect(), ids, |row| row.id))
}

/// One analysis method.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<AnalysisMethod, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateAnalysisMethod>>,
) -> Result<Vec<NewAnalysisMethod>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |_| Vec::new())?;
    for (_, form) in &checked {
        require_unique(session, form.analysis_method_code.as_deref(), None)?;
    }
    let by = session.principal();
    Ok(checked.into_iter().map(|(id, form)| NewAnalysisMethod::of(id, form, by)).collect())
}

/// Stores an analysis method.
pub fn create(
    session: &mut WriteSession<'_>,
    form: Parsed<CreateAnalysisMethod>,
) -> Result<AnalysisMethod, StoreError> {
    let rows = check(session, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateAnalysisMethod>,
) -> Result<AnalysisMethod, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |_| Vec::new())?;
    require_unique(session, patch.analysis_method_code.clone().value().as_deref(), Some(id))?;
    let change = AnalysisMethodChange::of(patch, session.principal());
    diesel::update(analysis_method::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Refuses a analysis method code that another one has.
fn require_unique(session: &mut Session<'_>, sent: Option<&str>, but: Option<i32>) -> Result<(), StoreError> {
    let Some(sent) = sent else { return Ok(()) };
    let same = analysis_method::table
        .filter(analysis_method::analysis_method_code.eq(sent))
        .filter(analysis_method::id.ne(but.unwrap_or(0)))
        .select(analysis_method::id);
    if same.load::<i32>(session)?.is_empty() {
        return Ok(());
    }
    let message = format!("{} with analysis_method_code {sent} already exists.", TABLE.model);
    Err(StoreError::conflict("analysis_method_code", message, sent))
}

/// Removes an analysis method, unless observations name it.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    lock_row(session, TABLE, id)?;
    let used = observation::table.filter(observation::analysis_method_id.eq(id)).select(observation::id).limit(1);
    if !used.load::<i32>(session)?.is_empty() {
        let message = format!("AnalysisMethod with ID {id} has observations and cannot be deleted.");
        return Err(StoreError::Conflict(Box::new(Problem::conflict("path", "analysis_method_id", message, id))));
    }
    diesel::delete(analysis_method::table.find(id)).execute(session)?;
    Ok(())
}
