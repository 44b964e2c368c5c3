//! Observations. The type of one is the type of its sample's activity; its thing is that of the activity's visit.

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::result::OptionalEmptyChangesetExtension as _;

use crate::db::prelude::*;
use crate::db::schema::{
    field_activity as activity, field_event as event, observation, parameter as parameters, sample, sensor as sensors,
};
use crate::db::{Backend, Ids, Numbers, Read, Session, WriteSession, among, columns, row, rows, selected};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::manual::{
    CreateObservation, Observation, ObservationKind, ObservationSearch, UpdateGroundwaterLevel,
};
use crate::domain::parameter::Parameter;
use crate::domain::principal::Sight;
use crate::domain::request::form::{FromForm, Parsed, Patch};
use crate::domain::request::list::{Direction, ListRequest};
use crate::domain::request::paging::Found;
use crate::domain::request::problem::Problem;
use crate::store::query::check::{self, Named, Table, check_change, check_new};
use crate::store::query::find::{Listed as _, Search, in_order, listed};
use crate::store::query::listing::{Column, Condition, Listing};
use crate::store::query::stored::stored;
use crate::store::query::subquery::in_query;
use crate::store::query::visibility::{OBSERVATION, SENSOR, visible};
use crate::store::{StoreError, parameter, sample as samples, sensor, thing};

/// The table, and the resource's name in messages.
pub const TABLE: Table = Table { name: "observation", model: "Observation" };

#[derive(Queryable, Selectable)]
#[diesel(table_name = observation, check_for_backend(Backend))]
struct ObservationRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<chrono::NaiveDate>,
    sample_id: i32,
    sensor_id: Option<i32>,
    parameter_id: i32,
    observation_datetime: UtcDateTime,
    value: Option<f64>,
    unit: String,
    nma_data_quality: Option<String>,
    measuring_point_height: Option<f64>,
    groundwater_level_reason: Option<String>,
}

impl ObservationRow {
    fn with(self, parameter: Parameter) -> Observation {
        let depth = depth(self.value, self.measuring_point_height);
        Observation {
            id: self.id,
            created_at: self.created_at,
            release_status: self.release_status,
            release_at: self.release_at,
            sample_id: self.sample_id,
            sensor_id: self.sensor_id,
            observation_datetime: self.observation_datetime,
            parameter,
            value: self.value,
            unit: self.unit,
            nma_data_quality: self.nma_data_quality,
            depth_to_water_bgs: depth,
            measuring_point_height: self.measuring_point_height,
            groundwater_level_reason: self.groundwater_level_reason,
        }
    }
}

/// A depth below ground, of a value below a measuring point. Rounded to a millionth of a foot: 121.3 less 1.4 is 119.9 to whoever reads
/// it.
pub(in crate::store) fn depth(value: Option<f64>, height: Option<f64>) -> Option<f64> {
    value.zip(height).map(|(value, height)| ((value - height) * 1e6).round() / 1e6)
}

stored! {
    observation: NewObservation from CreateObservation, ObservationChange from UpdateGroundwaterLevel;
    taken {
        observation_datetime: UtcDateTime,
        value?: f64,
        measuring_point_height?: f64,
        groundwater_level_reason?: String
    }
    given { parameter_id: i32, sample_id: i32, unit: String, sensor_id?: i32, nma_data_quality?: String }
}

listed!(observation);

static LISTING: Listing<observation::table> = Listing {
    model: TABLE.model,
    rule: &OBSERVATION,
    columns: &[
        Column::of(observation::id),
        Column::of(observation::created_at),
        Column::of(observation::release_status),
        Column::of(observation::release_at),
        Column::of(observation::sample_id),
        Column::of(observation::sensor_id),
        Column::of(observation::analysis_method_id),
        Column::of(observation::parameter_id),
        Column::of(observation::observation_datetime),
        Column::of(observation::value),
        Column::of(observation::unit),
        Column::of(observation::notes),
        Column::of(observation::measuring_point_height),
        Column::of(observation::groundwater_level_reason),
        Column::of(observation::nma_data_quality),
        Column::of(observation::nma_pk_waterlevels),
    ],
};

/// A page of observations, newest first unless a sort is asked for.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &ObservationSearch) -> Result<Found, StoreError> {
    let sight = session.sight();
    let narrow = || Ok(conditions(sight, search));
    let newest = Search::new(&narrow).by("observation_datetime", Direction::Descending);
    let search = Search { costly: !search.region.is_everywhere(), ..newest };
    let (found, ()) = observation::table::find_page(session, &LISTING, request, search)?;
    Ok(found)
}

fn conditions(sight: Sight, search: &ObservationSearch) -> Vec<Condition<observation::table>> {
    let mut all: Vec<Condition<observation::table>> = Vec::new();
    // Nothing is asked about who sees the sample, here and below: an observation is seen with its sample only.
    let samples = || sample::table.inner_join(activity::table.inner_join(event::table)).select(sample::id);
    if let Some(thing) = search.thing_id {
        all.push(Box::new(in_query(observation::sample_id, samples().filter(event::thing_id.eq(thing)))));
    }
    if !search.region.is_everywhere() {
        let there = samples().filter(in_query(event::thing_id, thing::now_in(sight, &search.region)));
        all.push(Box::new(in_query(observation::sample_id, there)));
    }
    if let Some(kind) = search.kind {
        // A look-up from each candidate, not a set of samples: half of all samples are of the type, and no index
        // on it may be preferred to the index that finds the thing, the sensor or the newest.
        let of_kind = sample::table
            .inner_join(activity::table)
            .filter(sample::id.eq(observation::sample_id))
            .filter(activity::activity_type.eq(kind.activity_type()));
        all.push(Box::new(exists(of_kind).nullable()));
    }
    if let Some(sensor) = search.sensor_id {
        all.push(Box::new(observation::sensor_id.eq(sensor)));
        let seen = sensors::table.into_boxed::<Backend>().filter(visible(sight, &SENSOR)).select(sensors::id);
        all.push(Box::new(in_query(observation::sensor_id, seen.filter(sensors::id.eq(sensor)))));
    }
    if let Some(sample) = search.sample_id {
        all.push(Box::new(observation::sample_id.eq(sample).nullable()));
    }
    if let Some(start) = search.start_time {
        all.push(Box::new(observation::observation_datetime.ge(start).nullable()));
    }
    if let Some(end) = search.end_time {
        all.push(Box::new(observation::observation_datetime.le(end).nullable()));
    }
    all
}

/// The observations with these ids, in their order.
pub fn load<T: From<Observation>>(session: &mut Session<'_>, ids: &[i32]) -> Result<Vec<T>, StoreError> {
    let observations = session.read_fixed(read(session.sight(), Numbers::new(ids)))?;
    Ok(in_order(observations, ids, |observation| observation.id).into_iter().map(T::from).collect())
}

/// The observations with these ids, by id.
pub fn read(sight: Sight, ids: impl Ids) -> impl Read<Output = Vec<Observation>> {
    let these = || observation::table.filter(among(observation::id, ids.clone())).filter(visible(sight, &OBSERVATION));
    let rows = rows::<ObservationRow, _>(these().order(observation::id).select(columns::<ObservationRow>()));
    let parameters = parameter::read(sight, selected(these().select(observation::parameter_id)));
    (rows, parameters).giving(|(rows, parameters)| {
        let parameters: HashMap<i32, Parameter> = parameters.into_iter().map(|found| (found.id, found)).collect();
        // Every observation has its parameter: one that is in use cannot be deleted.
        let with_parameter = |row: ObservationRow| parameters.get(&row.parameter_id).cloned().map(|of| row.with(of));
        rows.into_iter().filter_map(with_parameter).collect()
    })
}

/// One observation of any type.
pub fn get(session: &mut Session<'_>, id: i32) -> Result<Observation, StoreError> {
    load(session, &[id])?.pop().ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// One observation of the given type.
pub fn get_of<T: From<Observation>>(
    session: &mut Session<'_>,
    kind: ObservationKind,
    id: i32,
) -> Result<T, StoreError> {
    let sight = session.sight();
    let (found, mut observations) = session.read_fixed((type_of(sight, id), read(sight, Numbers::new(&[id]))))?;
    require_kind(kind, id, found)?;
    observations.pop().map(T::from).ok_or_else(|| StoreError::not_found(TABLE.model, id))
}

/// The type of an observation.
fn type_of(sight: Sight, id: i32) -> impl Read<Output = Option<String>> {
    let found = observation::table
        .inner_join(sample::table.inner_join(activity::table))
        .filter(observation::id.eq(id))
        .filter(visible(sight, &OBSERVATION));
    row::<String, _>(found.select(activity::activity_type))
}

/// 404 for a missing row and for one of another type than the path says.
fn require_kind(kind: ObservationKind, id: i32, found: Option<String>) -> Result<(), StoreError> {
    let found = found.ok_or_else(|| StoreError::not_found(TABLE.model, id))?;
    let wanted = kind.activity_type();
    if found == wanted {
        return Ok(());
    }
    let message = format!("{} with ID {id} is not a {wanted} observation. It is a {found} observation.", TABLE.model);
    Err(StoreError::WrongKind(Box::new(Problem::conflict("path", "observation_id", message, id))))
}

/// The types of samples, by id.
fn types(ids: &[i32]) -> impl Read<Output = HashMap<i32, String>> + use<> {
    let found = sample::table.inner_join(activity::table).filter(among(sample::id, Numbers::new(ids)));
    rows::<(i32, String), _>(found.select((sample::id, activity::activity_type))).giving(HashMap::from_iter)
}

/// The units of parameters, by id: each stands for null, since every stored value has one.
fn units(which: Condition<parameters::table>) -> impl Read<Output = HashMap<i32, String>> {
    let found = parameters::table.filter(which);
    rows::<(i32, String), _>(found.select((parameters::id, parameters::default_unit))).giving(HashMap::from_iter)
}

/// The sample that a body names must come from an activity of the type: the observation could otherwise never be read
/// by the route that stored it.
fn require_type(kind: ObservationKind, sent: i64, types: &HashMap<i32, String>) -> Result<(), StoreError> {
    let wanted = kind.activity_type();
    let found = types.get(&check::id(sent)).map_or("", String::as_str);
    if found == wanted {
        return Ok(());
    }
    let message = format!("Sample with ID {sent} is not from a {wanted} activity. It is from a {found} activity.");
    Err(StoreError::conflict("sample_id", message, sent))
}

/// Checks a chunk of forms of the given type and makes rows of them.
pub fn check<B>(
    session: &mut WriteSession<'_>,
    kind: ObservationKind,
    forms: Vec<Parsed<B>>,
) -> Result<Vec<NewObservation>, StoreError>
where
    B: FromForm + Clone + Into<CreateObservation>,
{
    let checked = check_new(session, TABLE.name, forms, |form| {
        let form: CreateObservation = form.clone().into();
        vec![
            Named::new(parameter::TABLE, "parameter_id", form.parameter_id),
            Named::new(samples::TABLE, "sample_id", form.sample_id),
            Named::new(sensor::TABLE, "sensor_id", form.sensor_id),
        ]
    })?;
    let forms: Vec<(i32, CreateObservation)> = checked.into_iter().map(|(id, form)| (id, form.into())).collect();
    let samples: Vec<i32> = forms.iter().map(|(_, form)| check::id(form.sample_id)).collect();
    let unitless = forms.iter().filter(|(_, form)| form.unit.is_none());
    let unitless: Vec<i32> = unitless.map(|(_, form)| check::id(form.parameter_id)).collect();
    let units = (!unitless.is_empty()).then(|| units(Box::new(among(parameters::id, Numbers::new(&unitless)))));
    let (types, units) = session.read((types(&samples), units))?;
    let units = units.unwrap_or_default();
    let by = session.principal();
    let row = |(id, mut form): (i32, CreateObservation)| {
        require_type(kind, form.sample_id, &types)?;
        let (parameter, sample) = (check::id(form.parameter_id), check::id(form.sample_id));
        let unit = form.unit.take().or_else(|| units.get(&parameter).cloned()).unwrap_or_default();
        let sensor = Some(check::id(form.sensor_id));
        Ok(NewObservation::of(id, form, by, parameter, sample, unit, sensor, None))
    };
    forms.into_iter().map(row).collect()
}

/// Stores checked rows.
pub fn insert(session: &mut WriteSession<'_>, rows: &Vec<NewObservation>) -> QueryResult<()> {
    session.insert(&[rows])
}

/// Stores an observation of the given type.
pub fn create<B, T>(session: &mut WriteSession<'_>, kind: ObservationKind, form: Parsed<B>) -> Result<T, StoreError>
where
    B: FromForm + Clone + Into<CreateObservation>,
    T: From<Observation>,
{
    let rows = check(session, kind, vec![form])?;
    insert(session, &rows)?;
    get(session, rows.first().map_or(0, |row| row.id)).map(T::from)
}

/// Changes what was sent of an observation of the given type. A PATCH of a groundwater level can say everything that
/// one of another type can.
pub fn update<B, T>(
    session: &mut WriteSession<'_>,
    kind: ObservationKind,
    id: i32,
    form: Parsed<B>,
) -> Result<T, StoreError>
where
    B: FromForm + Clone + Into<UpdateGroundwaterLevel>,
    T: From<Observation>,
{
    // Another type is a problem of the path, which comes before those of the form.
    let sight = session.sight();
    let found = session.read(type_of(sight, id))?;
    require_kind(kind, id, found)?;
    let patch = check_change(session, (TABLE, id), form, |form| {
        let form: UpdateGroundwaterLevel = form.clone().into();
        let parameter = Named::optional(parameter::TABLE, "parameter_id", form.parameter_id);
        let sample = Named::optional(samples::TABLE, "sample_id", form.sample_id);
        let sensor = Named::patched(sensor::TABLE, "sensor_id", &form.sensor_id);
        parameter.into_iter().chain(sample).chain(sensor).collect()
    })?;
    let mut patch: UpdateGroundwaterLevel = patch.into();
    let (parameter, sample) = (patch.parameter_id.map(check::id), patch.sample_id.map(check::id));
    let unit = std::mem::take(&mut patch.unit);
    let units = (unit == Patch::Null).then(|| match parameter {
        Some(parameter) => units(Box::new(parameters::id.eq(parameter).nullable())),
        None => {
            let own = observation::table.filter(observation::id.eq(id)).select(observation::parameter_id);
            units(Box::new(in_query(parameters::id, own)))
        }
    });
    let (types, units) = session.read((sample.map(|sample| types(&[sample])), units))?;
    if let Some((sent, types)) = patch.sample_id.zip(types) {
        require_type(kind, sent, &types)?;
    }
    let unit = unit.value().or_else(|| units?.into_values().next());
    let sensor = patch.sensor_id.clone().map(check::id).into_change();
    let change = ObservationChange::of(patch, session.principal(), parameter, sample, unit, sensor, None);
    diesel::update(observation::table.find(id)).set(change).execute(session).optional_empty_changeset()?;
    get(session, id).map(T::from)
}

/// Removes an observation of any type.
pub fn delete(session: &mut WriteSession<'_>, id: i32) -> Result<(), StoreError> {
    match diesel::delete(observation::table.find(id)).execute(session)? {
        0 => Err(StoreError::not_found(TABLE.model, id)),
        _ => Ok(()),
    }
}
