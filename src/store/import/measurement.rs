//! Measurements by hand: for each a visit, its activity, a sample and the observation.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::bulk_insert;
use crate::db::schema::{field_activity, field_event, observation, sample};
use crate::db::{Connection, one_of_texts, reserve_ids};
use crate::domain::time::UtcDateTime;
use crate::store::StoreError;

use super::PUBLIC;

/// What is measured, and how.
#[derive(Clone, Copy, Debug)]
pub struct Kind<'a> {
    /// The parameter.
    pub parameter_id: i32,
    /// Term of `unit`.
    pub unit: &'a str,
    /// Term of `activity_type`.
    pub activity_type: &'a str,
    /// Term of `sample_method`.
    pub sample_method: &'a str,
}

impl Kind<'static> {
    /// Water levels in feet, of which nobody says how they were measured.
    pub fn water_level(parameter_id: i32) -> Self {
        Self { parameter_id, unit: "ft", activity_type: "groundwater level", sample_method: "Unknown" }
    }
}

/// A measurement to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Where.
    pub thing_id: i32,
    /// The natural key. No two of one call may be equal.
    pub sample_name: String,
    /// When.
    pub time: UtcDateTime,
    /// In the unit of the kind.
    pub value: Option<f64>,
    /// Term of `groundwater_level_reason`: why there is no value, or what it suffers from.
    pub reason: Option<String>,
    /// Feet above ground. With 0 a water level is the depth below ground itself.
    pub measuring_point_height: Option<f64>,
}

#[derive(Insertable)]
#[diesel(table_name = field_event, treat_none_as_default_value = false)]
struct NewEvent<'a> {
    id: i32,
    release_status: &'a str,
    thing_id: i32,
    event_date: UtcDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = field_activity, treat_none_as_default_value = false)]
struct NewActivity<'a> {
    id: i32,
    release_status: &'a str,
    field_event_id: i32,
    activity_type: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = sample, treat_none_as_default_value = false)]
struct NewSample<'a> {
    id: i32,
    release_status: &'a str,
    field_activity_id: i32,
    sample_date: UtcDateTime,
    sample_name: &'a str,
    sample_matrix: &'a str,
    sample_method: &'a str,
    qc_type: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = observation, treat_none_as_default_value = false)]
struct NewObservation<'a> {
    release_status: &'a str,
    sample_id: i32,
    parameter_id: i32,
    observation_datetime: UtcDateTime,
    value: Option<f64>,
    unit: &'a str,
    measuring_point_height: Option<f64>,
    groundwater_level_reason: Option<&'a str>,
}

bulk_insert! {
    fn add_events(NewEvent<'_>) into field_event::table;
    fn add_activities(NewActivity<'_>) into field_activity::table;
    fn add_samples(NewSample<'_>) into sample::table;
    fn add_observations(NewObservation<'_>) into observation::table;
}

/// Stores the measurements whose sample is not there yet. Returns how many were added.
pub fn add(conn: &mut Connection, kind: Kind<'_>, measurements: &[Measurement]) -> Result<usize, StoreError> {
    let names: Vec<String> = measurements.iter().map(|measurement| measurement.sample_name.clone()).collect();
    let there: HashSet<String> = sample::table
        .filter(one_of_texts(sample::sample_name, &names))
        .select(sample::sample_name)
        .load::<String>(conn)?
        .into_iter()
        .collect();
    let new: Vec<&Measurement> =
        measurements.iter().filter(|measurement| !there.contains(&measurement.sample_name)).collect();
    let event_ids = reserve_ids(conn, "field_event", new.len())?;
    let activity_ids = reserve_ids(conn, "field_activity", new.len())?;
    let sample_ids = reserve_ids(conn, "sample", new.len())?;

    let event = |(measurement, id): (&&Measurement, &i32)| NewEvent {
        id: *id,
        release_status: PUBLIC,
        thing_id: measurement.thing_id,
        event_date: measurement.time,
    };
    add_events(conn, &new.iter().zip(&event_ids).map(event).collect::<Vec<_>>())?;
    let activity = |(event, id): (&i32, &i32)| NewActivity {
        id: *id,
        release_status: PUBLIC,
        field_event_id: *event,
        activity_type: kind.activity_type,
    };
    add_activities(conn, &event_ids.iter().zip(&activity_ids).map(activity).collect::<Vec<_>>())?;
    let mut samples = Vec::with_capacity(new.len());
    let mut observations = Vec::with_capacity(new.len());
    for ((measurement, activity_id), sample_id) in new.iter().zip(&activity_ids).zip(&sample_ids) {
        samples.push(NewSample {
            id: *sample_id,
            release_status: PUBLIC,
            field_activity_id: *activity_id,
            sample_date: measurement.time,
            sample_name: &measurement.sample_name,
            sample_matrix: "groundwater",
            sample_method: kind.sample_method,
            qc_type: "Normal",
        });
        observations.push(NewObservation {
            release_status: PUBLIC,
            sample_id: *sample_id,
            parameter_id: kind.parameter_id,
            observation_datetime: measurement.time,
            value: measurement.value,
            unit: kind.unit,
            measuring_point_height: measurement.measuring_point_height,
            groundwater_level_reason: measurement.reason.as_deref(),
        });
    }
    add_samples(conn, &samples)?;
    add_observations(conn, &observations)?;
    Ok(new.len())
}
