//! Answers that are kept for a day, so that a request that creates can be sent again when its answer was lost: it is answered as
//! before, and nothing is created twice. The answer is stored in the transaction of what it tells of.

use chrono::TimeDelta;
use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::db::prelude::*;
use crate::db::schema::idempotency;
use crate::db::{AlsoRun, WriteSession, columns, outdated, rows, transaction_lock};
use crate::domain::hex::hex;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::problem::Problem;
use crate::store::StoreError;

const TABLE: &str = "idempotency";

/// The header.
pub const HEADER: &str = "Idempotency-Key";

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::days(1);

/// As many outdated answers at most are removed when one is stored: more than come, and too few to be felt.
const MOST_REMOVED: i64 = 20;

/// A request that may come again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeatable {
    /// Whose key it is: nobody is given an answer to somebody else. Empty while nobody says who he is.
    pub owner: String,
    /// What the client calls the request.
    pub key: String,
    /// Method, path and query.
    pub target: String,
    /// The digest of the body.
    pub digest: String,
}

/// The digest of a body, as it is kept.
pub fn digest_of(body: &[u8]) -> String {
    hex(digest(&SHA256, body).as_ref())
}

/// An answer that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The body: JSON.
    pub body: String,
}

#[derive(diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = idempotency, check_for_backend(crate::db::Backend))]
struct Kept {
    id: i32,
    created_at: UtcDateTime,
    target: String,
    digest: String,
    status: i32,
    body: String,
}

#[derive(Clone, diesel::Insertable)]
#[diesel(table_name = idempotency, treat_none_as_default_value = false)]
struct NewKept {
    created_at: UtcDateTime,
    owner_id: String,
    idempotency_key: String,
    target: String,
    digest: String,
    status: i32,
    body: String,
}

crate::insertable!(NewKept => idempotency);

/// Before this moment, answers count no longer.
fn outdated_before() -> UtcDateTime {
    UtcDateTime::now().earlier(KEPT)
}

/// The lock of a key: whoever repeats a request that is under way waits for its end. The first lock of its transaction.
fn lock_of(request: &Repeatable) -> i64 {
    let name = digest(&SHA256, format!("{}\0{}", request.owner, request.key).as_bytes());
    name.as_ref().iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
}

/// What the request was answered, if it has been sent before; 422 when its key was another request's. Until the transaction ends,
/// nobody else gets beyond this with the same key.
pub fn find(session: &mut WriteSession<'_>, request: &Repeatable) -> Result<Option<Answered>, StoreError> {
    transaction_lock(session, lock_of(request))?;
    let found = idempotency::table
        .filter(idempotency::owner_id.eq(request.owner.clone()))
        .filter(idempotency::idempotency_key.eq(request.key.clone()));
    let found: Vec<Kept> = session.read(rows(found.select(columns::<Kept>())))?;
    let Some(kept) = found.into_iter().next() else { return Ok(None) };
    if kept.created_at < outdated_before() {
        diesel::delete(idempotency::table.find(kept.id)).execute(session)?;
        return Ok(None);
    }
    let other = match (kept.target == request.target, kept.digest == request.digest) {
        (true, true) => {
            let status = u16::try_from(kept.status).unwrap_or_default();
            return Ok(Some(Answered { status, body: kept.body }));
        }
        (false, _) => "path",
        (true, false) => "body",
    };
    let loc = vec!["header".into(), HEADER.into()];
    let message = format!("This key was used for a request with another {other}");
    Err(StoreError::invalid(Problem::value_error(loc, message, Value::from(request.key.clone()))))
}

/// Keeps an answer, and removes some that are outdated.
pub fn keep(session: &mut WriteSession<'_>, request: Repeatable, answered: Answered) -> QueryResult<()> {
    let Repeatable { owner: owner_id, key: idempotency_key, target, digest } = request;
    let Answered { status, body } = answered;
    let (created_at, status) = (UtcDateTime::now(), i32::from(status));
    let row = NewKept { created_at, owner_id, idempotency_key, target, digest, status, body };
    session.insert(&[&AlsoRun(Some(outdated(TABLE, outdated_before(), MOST_REMOVED))), &vec![row]])
}
