//! What users say about the program.

use diesel::result::Error;

use crate::db::prelude::*;
use crate::db::schema::feedback;
use crate::db::{Backend, Numbers, Session, WriteSession, among, columns, rows};
use crate::domain::feedback::{CreateFeedback, Feedback, FeedbackReceipt};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::StoreError;
use crate::store::query::check::{Table, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Listing};
use crate::store::query::visibility::{FEEDBACK, visible};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "feedback", model: "Feedback" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = feedback, check_for_backend(Backend))]
struct FeedbackRow {
    id: i32,
    created_at: UtcDateTime,
    kind: String,
    page_url: Option<String>,
    reporter_name: Option<String>,
    details: String,
}

impl FeedbackRow {
    fn read(self) -> Result<Feedback, StoreError> {
        let Self { id, created_at, kind, page_url, reporter_name, details } = self;
        let details = serde_json::from_str(&details).map_err(|error| Error::DeserializationError(error.into()))?;
        Ok(Feedback { id, created_at, kind, page_url, reporter_name, details })
    }
}

/// A row to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = feedback, treat_none_as_default_value = false)]
struct NewFeedback {
    id: i32,
    created_by_id: Option<String>,
    created_by_name: Option<String>,
    kind: String,
    page_url: Option<String>,
    reporter_name: Option<String>,
    details: String,
}

crate::insertable!(NewFeedback => feedback);

listed!(feedback);

static LISTING: Listing<feedback::table> = Listing {
    model: TABLE.model,
    rule: &FEEDBACK,
    columns: &[
        Column::of(feedback::id),
        Column::of(feedback::created_at),
        Column::of(feedback::kind),
        Column::of(feedback::page_url),
        Column::of(feedback::reporter_name),
    ],
};

/// A page of reports.
pub fn find(session: &mut Session<'_>, request: &ListRequest, (): &()) -> Result<Found, StoreError> {
    let narrow = || Ok(Vec::new());
    let (found, ()) = feedback::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The reports with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<Feedback>, StoreError> {
    let found = feedback::table
        .filter(among(feedback::id, Numbers::new(ids)))
        .filter(visible(session.sight(), &FEEDBACK))
        .select(columns::<FeedbackRow>());
    let found: Vec<FeedbackRow> = session.read_fixed(rows(found))?;
    let found: Vec<Feedback> = found.into_iter().map(FeedbackRow::read).collect::<Result<_, _>>()?;
    Ok(in_order(found, ids, |report| report.id))
}

/// Stores a report.
pub fn create(session: &mut WriteSession<'_>, form: Parsed<CreateFeedback>) -> Result<FeedbackReceipt, StoreError> {
    let mut checked = check_new(session, TABLE.name, vec![form], |_| Vec::new())?;
    let (id, form) = checked.pop().ok_or_else(|| StoreError::not_found(TABLE.model, 0))?;
    let CreateFeedback { kind, page_url, reporter_name, details } = form;
    let by = session.principal();
    let (created_by_id, created_by_name) = (by.id.clone(), by.name.clone());
    let row = NewFeedback { id, created_by_id, created_by_name, kind, page_url, reporter_name, details };
    session.insert(&[&vec![row]])?;
    Ok(FeedbackReceipt::of(id))
}
