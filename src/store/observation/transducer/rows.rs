//! Rows of readings: read, stored, changed.

use crate::db::prelude::*;
use crate::db::schema::{deployment, transducer_observation as reading};
use crate::db::{Backend, WriteSession, transaction_locks};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::transducer::TransducerObservation;
use crate::domain::principal::Principal;
use crate::domain::thing::Feet;
use crate::store::query::check::Table;

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "transducer_observation", model: "TransducerObservation" };

/// A reading and its deployment's thing.
#[derive(Queryable, Selectable)]
#[diesel(table_name = reading, check_for_backend(Backend))]
pub(in crate::store) struct ReadingRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    pub(in crate::store) parameter_id: i32,
    deployment_id: i32,
    pub(in crate::store) observation_datetime: UtcDateTime,
    value: f64,
    note: Option<String>,
    data_maturity: Option<String>,
    #[diesel(select_expression = deployment::thing_id, select_expression_type = deployment::thing_id)]
    pub(in crate::store) thing_id: i32,
}

impl From<ReadingRow> for TransducerObservation {
    fn from(row: ReadingRow) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            release_at: row.release_at,
            value: row.value,
            unit: Feet::Feet,
            observation_datetime: row.observation_datetime.exact(),
            parameter_id: row.parameter_id,
            deployment_id: row.deployment_id,
            note: row.note,
            data_maturity: row.data_maturity,
        }
    }
}

/// A reading to be stored. Nobody refers to readings, so the database numbers them.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = reading, treat_none_as_default_value = false)]
pub struct NewReading {
    pub created_by_name: Option<String>,
    pub created_by_id: Option<String>,
    pub release_status: String,
    pub release_at: Option<chrono::NaiveDate>,
    pub parameter_id: i32,
    pub deployment_id: i32,
    pub observation_datetime: UtcDateTime,
    pub value: f64,
    pub note: Option<String>,
    pub data_maturity: String,
}

crate::insertable!(NewReading => reading);

/// What may change in a reading, one or many.
#[derive(AsChangeset, Default)]
#[diesel(table_name = reading)]
pub(in crate::store) struct ReadingChange {
    pub value: Option<f64>,
    pub note: Option<Option<String>>,
    pub data_maturity: Option<Option<String>>,
    pub release_status: Option<Option<String>>,
    pub release_at: Option<Option<chrono::NaiveDate>>,
    pub updated_by_id: Option<String>,
    pub updated_by_name: Option<String>,
}

impl ReadingChange {
    /// No change yet, but somebody's.
    pub fn by(by: &Principal) -> Self {
        Self { updated_by_id: by.id.clone(), updated_by_name: by.name.clone(), ..Self::default() }
    }

    /// A change of the data maturity alone.
    pub fn maturity(by: &Principal, maturity: &str) -> Self {
        Self { data_maturity: Some(Some(maturity.to_owned())), ..Self::by(by) }
    }
}

/// Serialises everything that moves the readings or blocks of a thing until the transaction ends. One lock for all
/// parameters: removing a range concerns each of them. The thing's row is locked before.
pub(in crate::store) fn lock(session: &mut WriteSession<'_>, thing: i32) -> QueryResult<()> {
    lock_all(session, &[thing])
}

/// As [`lock`], for several things in one statement.
pub(in crate::store) fn lock_all(session: &mut WriteSession<'_>, things: &[i32]) -> QueryResult<()> {
    const SERIES: i64 = 0x5345_5249;
    transaction_locks(session, things.iter().map(|thing| (SERIES << 32) | i64::from(*thing)).collect())
}
