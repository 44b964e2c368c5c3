//! Water levels measured by hand: for each a visit, its activity, a sample and the observation.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::bulk_insert;
use crate::db::schema::{field_activity, field_event, observation, sample};
use crate::db::{Connection, one_of_texts, reserve_ids};
use crate::domain::time::UtcDateTime;
use crate::store::StoreError;

use super::{FEET, PUBLIC};

/// A water level to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Where.
    pub thing_id: i32,
    /// The natural key. No two of one call may be equal.
    pub sample_name: String,
    /// When.
    pub time: UtcDateTime,
    /// Depth to water in feet below ground.
    pub value: f64,
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
    value: f64,
    unit: &'a str,
    measuring_point_height: f64,
}

bulk_insert! {
    fn add_events(NewEvent<'_>) into field_event::table;
    fn add_activities(NewActivity<'_>) into field_activity::table;
    fn add_samples(NewSample<'_>) into sample::table;
    fn add_observations(NewObservation<'_>) into observation::table;
}

/// Stores the levels whose sample is not there yet. Returns how many were added.
///
/// The values are depths below ground already, so the height of the measuring point is 0: the depth to water that is derived
/// from both is then the value itself.
pub fn add(conn: &mut Connection, parameter_id: i32, levels: &[Level]) -> Result<usize, StoreError> {
    let names: Vec<String> = levels.iter().map(|level| level.sample_name.clone()).collect();
    let there: HashSet<String> = sample::table
        .filter(one_of_texts(sample::sample_name, &names))
        .select(sample::sample_name)
        .load::<String>(conn)?
        .into_iter()
        .collect();
    let new: Vec<&Level> = levels.iter().filter(|level| !there.contains(&level.sample_name)).collect();
    let event_ids = reserve_ids(conn, "field_event", new.len())?;
    let activity_ids = reserve_ids(conn, "field_activity", new.len())?;
    let sample_ids = reserve_ids(conn, "sample", new.len())?;

    let rows: Vec<_> = new
        .iter()
        .zip(&event_ids)
        .map(|(level, id)| NewEvent {
            id: *id,
            release_status: PUBLIC,
            thing_id: level.thing_id,
            event_date: level.time,
        })
        .collect();
    add_events(conn, &rows)?;
    let rows: Vec<_> = event_ids
        .iter()
        .zip(&activity_ids)
        .map(|(event, id)| NewActivity {
            id: *id,
            release_status: PUBLIC,
            field_event_id: *event,
            activity_type: "groundwater level",
        })
        .collect();
    add_activities(conn, &rows)?;
    let rows: Vec<_> = new
        .iter()
        .zip(&activity_ids)
        .zip(&sample_ids)
        .map(|((level, activity), id)| NewSample {
            id: *id,
            release_status: PUBLIC,
            field_activity_id: *activity,
            sample_date: level.time,
            sample_name: &level.sample_name,
            sample_matrix: "groundwater",
            sample_method: "Unknown",
            qc_type: "Normal",
        })
        .collect();
    add_samples(conn, &rows)?;
    let rows: Vec<_> = new
        .iter()
        .zip(&sample_ids)
        .map(|(level, sample)| NewObservation {
            release_status: PUBLIC,
            sample_id: *sample,
            parameter_id,
            observation_datetime: level.time,
            value: level.value,
            unit: FEET,
            measuring_point_height: 0.0,
        })
        .collect();
    add_observations(conn, &rows)?;
    Ok(new.len())
}
