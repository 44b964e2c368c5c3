//! Where a field's value comes from, and how it was found.

use std::collections::HashMap;

use diesel::IntoSql as _;
use diesel::dsl::{case_when, min};
use diesel::sql_types::{Bool, Double, Nullable, Text};

use crate::db::prelude::*;
use crate::db::schema::data_provenance;
use crate::db::{Backend, Ids, Read, WriteSession, among, columns, constant, one_of_texts, rows};
use crate::domain::draft;
use crate::domain::principal::{Principal, Sight};
use crate::domain::request::form::Patch;
use crate::store::query::find::by_parent;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{PROVENANCE, visible};

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
#[diesel(table_name = data_provenance, treat_none_as_default_value = false)]
pub struct NewProvenance {
    /// `thing` or `location`.
    pub target_table: &'static str,
    /// The row.
    pub target_id: i32,
    /// The field.
    pub field_name: Option<String>,
    /// Term of `origin_type`.
    pub origin_type: Option<String>,
    /// Free citation.
    pub origin_source: Option<String>,
    /// Term of `collection_method`.
    pub collection_method: Option<String>,
    /// In `accuracy_unit`.
    pub accuracy_value: Option<f64>,
    /// Term of `unit`.
    pub accuracy_unit: Option<String>,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    pub release_at: Option<chrono::NaiveDate>,
    /// Who recorded it.
    pub created_by_id: Option<String>,
    /// Who recorded it.
    pub created_by_name: Option<String>,
}

crate::insertable!(NewProvenance => data_provenance);

impl NewProvenance {
    /// A draft without content, recorded by a principal.
    pub fn by(principal: &Principal) -> Self {
        Self {
            release_status: Some(draft()),
            release_at: None,
            created_by_id: principal.id.clone(),
            created_by_name: principal.name.clone(),
            ..Self::default()
        }
    }
}

/// The provenance of rows of one table, by row, oldest first.
pub fn of(sight: Sight, table: &'static str, ids: impl Ids) -> impl Read<Output = HashMap<i32, Vec<Provenance>>> {
    let found = data_provenance::table
        .filter(data_provenance::target_table.eq(constant(table)))
        .filter(among(data_provenance::target_id, ids))
        .filter(visible(sight, &PROVENANCE))
        .order(data_provenance::id)
        .select(columns::<Provenance>());
    rows::<Provenance, _>(found).giving(|rows| by_parent(rows, |row| row.target_id, |row| row))
}

/// The first record about a field.
pub fn about<'a>(records: Option<&'a Vec<Provenance>>, field: &str) -> Option<&'a Provenance> {
    records?.iter().find(|record| record.field_name.as_deref() == Some(field))
}

/// What a PATCH says about how a field was found.
#[derive(Clone, Debug)]
pub struct Method {
    /// The field.
    pub field: &'static str,
    /// Term of `collection_method`.
    pub method: Patch<String>,
    /// In metres.
    pub accuracy: Patch<f64>,
}

impl Method {
    fn is_sent(&self) -> bool {
        self.method.is_sent() || self.accuracy.is_sent()
    }

    fn unit(&self) -> Option<String> {
        self.accuracy.clone().value().map(|_| "m".to_owned())
    }
}

/// Writes how two fields of a row were found into the first record of each, and gives the records that are to be stored
/// since there are none. The row must be locked.
pub fn set_methods(
    session: &mut WriteSession<'_>,
    table: &'static str,
    target: i32,
    methods: [Method; 2],
) -> QueryResult<Vec<NewProvenance>> {
    let sent: Vec<String> =
        methods.iter().filter(|method| method.is_sent()).map(|method| method.field.to_owned()).collect();
    if sent.is_empty() {
        return Ok(Vec::new());
    }
    let first_records = data_provenance::table
        .filter(data_provenance::target_table.eq(constant(table)))
        .filter(data_provenance::target_id.eq(target))
        .filter(one_of_texts(data_provenance::field_name, &sent))
        .group_by(data_provenance::field_name)
        .select(min(data_provenance::id));
    let [one, other] = &methods;
    let about = |of: &Method, sent: bool| data_provenance::field_name.eq(of.field).and(sent.into_sql::<Bool>());
    let by = session.principal();
    let name = |of: &Method| of.method.clone().value().into_sql::<Nullable<Text>>();
    let value = |of: &Method| of.accuracy.clone().value().into_sql::<Nullable<Double>>();
    let unit = |of: &Method| of.unit().into_sql::<Nullable<Text>>();
    // Both fields at once: a round trip less.
    let written: Vec<Option<String>> =
        diesel::update(data_provenance::table.filter(in_query(data_provenance::id, first_records)))
            .set((
                data_provenance::collection_method.eq(case_when(about(one, one.method.is_sent()), name(one))
                    .when(about(other, other.method.is_sent()), name(other))
                    .otherwise(data_provenance::collection_method)),
                data_provenance::accuracy_value.eq(case_when(about(one, one.accuracy.is_sent()), value(one))
                    .when(about(other, other.accuracy.is_sent()), value(other))
                    .otherwise(data_provenance::accuracy_value)),
                data_provenance::accuracy_unit.eq(case_when(about(one, one.accuracy.is_sent()), unit(one))
                    .when(about(other, other.accuracy.is_sent()), unit(other))
                    .otherwise(data_provenance::accuracy_unit)),
                data_provenance::updated_by_id.eq(by.id.clone()),
                data_provenance::updated_by_name.eq(by.name.clone()),
            ))
            .returning(data_provenance::field_name)
            .get_results(session)?;
    let is_missing = |of: &Method| of.is_sent() && written.iter().flatten().all(|field| field != of.field);
    let record = |of: Method| NewProvenance {
        target_table: table,
        target_id: target,
        field_name: Some(of.field.to_owned()),
        accuracy_unit: of.unit(),
        accuracy_value: of.accuracy.value(),
        collection_method: of.method.value(),
        ..NewProvenance::by(by)
    };
    Ok(methods.into_iter().filter(is_missing).map(record).collect())
}
