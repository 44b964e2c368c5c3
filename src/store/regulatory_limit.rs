//! Limits that an authority sets for a parameter.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::{parameter as parameters, regulatory_limit};
use crate::db::{Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, rows, selected};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::parameter::Parameter;
use crate::domain::principal::Sight;
use crate::domain::regulatory_limit::{
    CreateRegulatoryLimit, RegulatoryLimit, RegulatoryLimitSearch, UpdateRegulatoryLimit,
};
use crate::domain::request::form::Parsed;
use crate::domain::request::list::ListRequest;
use crate::domain::request::paging::Found;
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{REGULATORY_LIMIT, visible};
use crate::store::{StoreError, parameter};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "regulatory_limit", model: "RegulatoryLimit" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = regulatory_limit, check_for_backend(Backend))]
struct LimitRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
    parameter_id: i32,
    limit_source: String,
    limit_value: f64,
    limit_unit: String,
    limit_type: Option<String>,
}

impl LimitRow {
    fn with(self, parameter: Parameter) -> RegulatoryLimit {
        RegulatoryLimit {
            id: self.id,
            created_at: self.created_at,
            release_status: self.release_status,
            release_at: self.release_at,
            parameter_id: self.parameter_id,
            parameter,
            limit_source: self.limit_source,
            limit_value: self.limit_value,
            limit_unit: self.limit_unit,
            limit_type: self.limit_type,
        }
    }
}

stored! {
    regulatory_limit: NewRegulatoryLimit from CreateRegulatoryLimit, RegulatoryLimitChange from UpdateRegulatoryLimit;
    taken { limit_source: String, limit_value: f64, limit_unit: String, limit_type?: String }
    given { parameter_id: i32 }
}

listed!(regulatory_limit);

static LISTING: Listing<regulatory_limit::table> = Listing {
    model: TABLE.model,
    rule: &REGULATORY_LIMIT,
    columns: &[
        Column::of(regulatory_limit::id),
        Column::of(regulatory_limit::created_at),
        Column::of(regulatory_limit::release_status),
        Column::of(regulatory_limit::release_at),
        Column::of(regulatory_limit::parameter_id),
        Column::of(regulatory_limit::limit_source),
        Column::of(regulatory_limit::limit_value),
        Column::of(regulatory_limit::limit_unit),
        Column::of(regulatory_limit::limit_type),
    ],
};

/// A page of regulatory limits.
pub fn find(
    session: &mut Session<'_>,
    request: &ListRequest,
    search: &RegulatoryLimitSearch,
) -> Result<Found, StoreError> {
    let narrow = || {
        let mut all: Vec<Condition<regulatory_limit::table>> = Vec::new();
        if let Some(parameter_id) = search.parameter_id {
            all.push(Box::new(regulatory_limit::parameter_id.eq(parameter_id).nullable()));
        }
        if let Some(parameter_name) = &search.parameter_name {
            let named = parameters::table
                .into_boxed::<Backend>()
                .filter(parameters::parameter_name.eq(parameter_name.clone()))
                .select(parameters::id);
            all.push(Box::new(in_query(regulatory_limit::parameter_id, named)));
        }
        if let Some(limit_source) = &search.limit_source {
            all.push(Box::new(regulatory_limit::limit_source.eq(limit_source.clone()).nullable()));
        }
        if let Some(limit_type) = &search.limit_type {
            all.push(Box::new(regulatory_limit::limit_type.eq(limit_type.clone())));
        }
        Ok(all)
    };
    let (found, ()) = regulatory_limit::table::find_page(session, &LISTING, request, Search::new(&narrow))?;
    Ok(found)
}

/// The regulatory limits with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<RegulatoryLimit>, StoreError> {
    let limits = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(limits, ids, |limit| limit.id))
}

/// The regulatory limits with these ids, by id.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<RegulatoryLimit>> {
    let these = || {
        regulatory_limit::table
            .filter(among(regulatory_limit::id, ids.clone()))
            .filter(visible(sight, &REGULATORY_LIMIT))
    };
    let rows = rows::<LimitRow, _>(these().order(regulatory_limit::id).select(columns::<LimitRow>()));
    let parameters = parameter::read(sight, selected(these().select(regulatory_limit::parameter_id)));
    (rows, parameters).giving(|(rows, parameters)| {
        let parameters: HashMap<i32, Parameter> = parameters.into_iter().map(|found| (found.id, found)).collect();
        // Every limit has its parameter: it goes with the parameter.
        let with_parameter = |row: LimitRow| parameters.get(&row.parameter_id).cloned().map(|of| row.with(of));
        rows.into_iter().filter_map(with_parameter).collect()
    })
}

/// One regulatory limit.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<RegulatoryLimit, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// Checks a chunk of forms and makes rows of them.
pub fn check(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateRegulatoryLimit>>,
) -> Result<Vec<NewRegulatoryLimit>, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |form| {
        [Some(Named::new(parameter::TABLE, "parameter_id", form.parameter_id))].into_iter().flatten().collect()
    })?;
    let by = session.principal();
    let row = |(id, form): (i32, CreateRegulatoryLimit)| {
        let parameter_id = check::id(form.parameter_id);
        NewRegulatoryLimit::of(id, form, by, parameter_id)
    };
    Ok(checked.into_iter().map(row).collect())
}

/// Stores a regulatory limit.
pub fn create(
    session: &mut WriteSession<'_>,
    form: Parsed<CreateRegulatoryLimit>,
) -> Result<RegulatoryLimit, StoreError> {
    let rows = check(session, vec![form])?;
    session.insert(&[&rows])?;
    get(session, rows.first().map_or(0, |row| row.id))
}

/// Changes what was sent.
pub fn update(
    session: &mut WriteSession<'_>,
    id: i32,
    form: Parsed<UpdateRegulatoryLimit>,
) -> Result<RegulatoryLimit, StoreError> {
    let patch = check_change(session, (TABLE, id), form, |form| {
        [Named::optional(parameter::TABLE, "parameter_id", form.parameter_id)].into_iter().flatten().collect()
    })?;
    let parameter_id = patch.parameter_id.map(check::id);
    let change = RegulatoryLimitChange::of(patch, session.principal(), parameter_id);
    diesel::update(regulatory_limit::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id)
}

/// Removes a regulatory limit.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(regulatory_limit::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
