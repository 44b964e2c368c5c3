//! Results of water chemistry. Released ones only: who sees more elsewhere sees no more here.

use std::collections::HashMap;

use diesel::dsl::exists;

use crate::db::functions::fold;
use crate::db::prelude::*;
use crate::db::schema::{
    analysis_method, field_activity as activity, field_event as event, observation, parameter, regulatory_limit,
    sample, thing,
};
use crate::db::{Backend, Ids, Numbers, Read, Session, among, columns, constant, rows, selected};
use crate::domain::chemistry::{
    ChemistryDisplayRow, ChemistryResult, ChemistrySearch, DUPLICATE, Limit, PRIMARY, SECONDARY,
};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::manual::ObservationKind;
use crate::domain::principal::Sight;
use crate::domain::request::list::{Direction, ListRequest};
use crate::domain::request::paging::Found;
use crate::store::StoreError;
use crate::store::query::find::{Listed as _, Search, in_order};
use crate::store::query::listing::{Column, Condition, Listing, Order};
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{ANALYSIS_METHOD, OBSERVATION, REGULATORY_LIMIT, visible};

/// What everybody may see, whoever asks.
const RELEASED: Sight = Sight::PublicRows;

const NOTHING: &str = "No released chemistry display data found for this thing.";

/// A result with what names it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = observation, check_for_backend(Backend))]
struct ResultRow {
    id: i32,
    #[diesel(select_expression = thing::id)]
    thing_id: i32,
    #[diesel(select_expression = thing::name)]
    station_name: String,
    sample_id: i32,
    #[diesel(select_expression = sample::sample_name)]
    sample_name: String,
    #[diesel(select_expression = sample::sample_matrix)]
    sample_matrix: String,
    #[diesel(select_expression = sample::qc_type)]
    qc_type: String,
    #[diesel(select_expression = sample::sample_date)]
    sample_date: UtcDateTime,
    observation_datetime: UtcDateTime,
    parameter_id: i32,
    #[diesel(select_expression = parameter::parameter_name)]
    parameter_name: String,
    #[diesel(select_expression = parameter::parameter_type)]
    parameter_type: Option<String>,
    #[diesel(select_expression = parameter::cas_number)]
    cas_number: Option<String>,
    value: Option<f64>,
    unit: String,
    // Of the joined row: one that is not released is not named either.
    #[diesel(select_expression = analysis_method::analysis_method_name.nullable())]
    analysis_method: Option<String>,
    notes: Option<String>,
}

impl From<ResultRow> for ChemistryResult {
    fn from(row: ResultRow) -> Self {
        Self {
            id: row.id,
            thing_id: row.thing_id,
            station_name: row.station_name,
            sample_id: row.sample_id,
            sample_name: row.sample_name,
            sample_matrix: row.sample_matrix,
            qc_type: row.qc_type,
            sample_date: row.sample_date,
            observation_datetime: row.observation_datetime,
            parameter_id: row.parameter_id,
            parameter_name: row.parameter_name,
            parameter_type: row.parameter_type,
            cas_number: row.cas_number,
            value: row.value,
            unit: row.unit,
            analysis_method: row.analysis_method,
            notes: row.notes,
        }
    }
}

/// By the name of the parameter, which every observation has.
fn by_parameter(_: Sight, direction: Direction) -> Vec<Order<observation::table>> {
    let name = || {
        let own = parameter::table.filter(parameter::id.eq(observation::parameter_id));
        fold(own.select(parameter::parameter_name).single_value())
    };
    // (The first key says where rows without a value go.)
    let nulls: Order<observation::table> = Box::new(name().is_null().asc());
    match direction {
        Direction::Ascending => vec![nulls, Box::new(name().asc())],
        Direction::Descending => vec![nulls, Box::new(name().desc())],
    }
}

static LISTING: Listing<observation::table> = Listing {
    model: "ChemistryResult",
    rule: &OBSERVATION,
    columns: &[
        Column::of(observation::id),
        Column::of(observation::observation_datetime),
        Column::of(observation::value),
        Column::computed("parameter_name", None, Some(by_parameter)),
    ],
};

/// Released results of samples that were taken for chemistry.
fn released() -> Vec<Condition<observation::table>> {
    let of_kind = sample::table
        .inner_join(activity::table)
        .filter(sample::id.eq(observation::sample_id))
        .filter(activity::activity_type.eq(ObservationKind::WaterChemistry.activity_type()));
    vec![Box::new(visible(RELEASED, &OBSERVATION).nullable()), Box::new(exists(of_kind).nullable())]
}

fn at_thing(thing: i32) -> Condition<observation::table> {
    let samples = sample::table.inner_join(activity::table.inner_join(event::table)).filter(event::thing_id.eq(thing));
    Box::new(in_query(observation::sample_id, samples.select(sample::id)))
}

/// A page of results, newest first unless a sort is asked for.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &ChemistrySearch) -> Result<Found, StoreError> {
    let narrow = || {
        let mut all = released();
        all.extend(search.thing_id.map(at_thing));
        if let Some(start) = search.start_time {
            all.push(Box::new(observation::observation_datetime.ge(start).nullable()));
        }
        if let Some(end) = search.end_time {
            all.push(Box::new(observation::observation_datetime.lt(end).nullable()));
        }
        if search.exclude_field_duplicate_samples {
            let duplicate =
                sample::table.filter(sample::id.eq(observation::sample_id)).filter(sample::qc_type.eq(DUPLICATE));
            all.push(Box::new(diesel::dsl::not(exists(duplicate)).nullable()));
        }
        Ok(all)
    };
    let newest = Search::new(&narrow).by("observation_datetime", Direction::Descending);
    let (found, ()) = observation::table::find_page(session, &LISTING, request, newest)?;
    Ok(found)
}

/// The results with these ids, in their order.
pub fn load(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<ChemistryResult>, StoreError> {
    let results = session.read_fixed(read(Numbers::new(ids)))?;
    Ok(in_order(results, ids, |result| result.id))
}

/// The results with these ids: the newest sample first, what was found in it by the parameters' types and names.
fn read(ids: impl Ids) -> impl Read<Output = Vec<ChemistryResult>> {
    let method = observation::analysis_method_id.eq(analysis_method::id.nullable());
    let results = observation::table
        .inner_join(parameter::table)
        .inner_join(sample::table.inner_join(activity::table.inner_join(event::table.inner_join(thing::table))))
        .left_join(analysis_method::table.on(method.and(visible(RELEASED, &ANALYSIS_METHOD))))
        .filter(among(observation::id, ids))
        .filter(visible(RELEASED, &OBSERVATION))
        .order((
            sample::sample_date.desc(),
            sample::id.desc(),
            parameter::parameter_type.is_null(),
            parameter::parameter_type,
            parameter::parameter_name,
            observation::id,
        ));
    rows::<ResultRow, _>(results.select(columns::<ResultRow>()))
        .giving(|rows| rows.into_iter().map(ChemistryResult::from).collect())
}

/// A limit: parameter, type, source, value, unit.
type LimitRow = (i32, Option<String>, String, f64, String);

/// All released results of a thing beside the limits for drinking water, ready to be shown.
pub fn display(session: &mut Session<'_>, thing: i32) -> Result<Vec<ChemistryDisplayRow>, StoreError> {
    let these = || {
        let samples = sample::table
            .inner_join(activity::table.inner_join(event::table))
            .filter(event::thing_id.eq(thing))
            .filter(activity::activity_type.eq(constant(ObservationKind::WaterChemistry.activity_type())))
            .select(sample::id);
        observation::table.filter(in_query(observation::sample_id, samples)).filter(visible(RELEASED, &OBSERVATION))
    };
    let results = read(selected(these().select(observation::id)));
    let limits = regulatory_limit::table
        .filter(among(regulatory_limit::parameter_id, selected(these().select(observation::parameter_id))))
        .filter(visible(RELEASED, &REGULATORY_LIMIT))
        .filter(regulatory_limit::limit_type.eq(PRIMARY).or(regulatory_limit::limit_type.eq(SECONDARY)))
        .order(regulatory_limit::id)
        .select((
            regulatory_limit::parameter_id,
            regulatory_limit::limit_type,
            regulatory_limit::limit_source,
            regulatory_limit::limit_value,
            regulatory_limit::limit_unit,
        ));
    let (results, limits) = session.read((results, rows::<LimitRow, _>(limits)))?;
    if results.is_empty() {
        return Err(StoreError::Missing(NOTHING.to_owned()));
    }
    let mut by_parameter: HashMap<i32, Vec<Limit>> = HashMap::new();
    for (parameter_id, kind, source, value, unit) in limits {
        let kind = kind.unwrap_or_default();
        by_parameter.entry(parameter_id).or_default().push(Limit { parameter_id, kind, source, value, unit });
    }
    let limits_of = |id: i32| by_parameter.get(&id).map(Vec::as_slice).unwrap_or_default();
    Ok(results
        .into_iter()
        .map(|result| (limits_of(result.parameter_id), result))
        .map(|(limits, result)| ChemistryDisplayRow::of(result, limits))
        .collect())
}
