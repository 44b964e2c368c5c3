//! SQL functions that mean the same on both databases.
//!
//! On PostgreSQL the migrations create them (in SQL, immutable, so that the planner inlines them and finds the indexes
//! on the same expression); on SQLite they are registered here for every connection.

use diesel::prelude::*;
use diesel::sql_types::{Double, Float, Nullable, Text};

use crate::domain::measure::geometry::{Area, Point, distance_metres};
use crate::domain::request::search::Trigrams;

diesel::define_sql_function! {
    /// The text in lower case, to be compared code point by code point: the key of case-insensitive search and sorting.
    fn fold(text: Nullable<Text>) -> Nullable<Text>;
}

diesel::define_sql_function! {
    /// SQLite's part of [`crate::db::located`]: whether the point lies inside the area. Degrees; area as WKT.
    fn within(longitude: Double, latitude: Double, area: Text) -> Bool;
}

diesel::define_sql_function! {
    /// True when two points (degrees) are at most `metres` apart on the ellipsoid.
    fn within_distance(longitude: Double, latitude: Double, of_longitude: Double, of_latitude: Double, metres: Double) -> Bool;
}

diesel::define_sql_function! {
    /// How many of all trigrams of two texts they have in common, 0 to 1: see [`Trigrams`].
    fn similarity(text: Nullable<Text>, other: Text) -> Nullable<Float>;
}

diesel::define_sql_function! {
    /// The greater of two numbers; one that is null does not count.
    fn greatest(a: Nullable<Float>, b: Nullable<Float>) -> Nullable<Float>;
}

diesel::define_sql_function! {
    /// The text with something else in place of each occurrence of a part. Both databases have it.
    fn replace(text: Nullable<Text>, part: Text, other: Text) -> Nullable<Text>;
}

diesel::define_sql_function! {
    /// The greatest whole number that is not above a number. PostgreSQL has it, SQLite only where it was built with it.
    fn floor(number: Nullable<Double>) -> Nullable<Double>;
}

/// Registers the functions on a SQLite connection.
pub fn register(conn: &mut SqliteConnection) -> QueryResult<()> {
    floor_utils::register_impl(conn, |number: Option<f64>| number.map(f64::floor))?;
    fold_utils::register_impl(conn, |text: Option<String>| text.map(|text| text.to_lowercase()))?;
    // The area is the same for every row of a statement: parse it once.
    let last = std::sync::Mutex::new(None::<(String, Option<Area>)>);
    within_utils::register_impl(conn, move |longitude: f64, latitude: f64, text: String| {
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.as_ref().is_none_or(|(known, _)| *known != text) {
            let area = Area::from_wkt(&text).ok();
            *last = Some((text, area));
        }
        last.as_ref().and_then(|(_, area)| area.as_ref()).is_some_and(|area| area.contains(longitude, latitude))
    })?;
    // So is the text that all rows are compared with.
    let sought = std::sync::Mutex::new((String::new(), Trigrams::default()));
    similarity_utils::register_impl(conn, move |text: Option<String>, other: String| {
        let mut sought = sought.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if sought.0 != other {
            *sought = (other.clone(), Trigrams::of(&other));
        }
        text.map(|text| Trigrams::of(&text).similarity(&sought.1))
    })?;
    greatest_utils::register_impl(conn, |a: Option<f32>, b: Option<f32>| match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    })?;
    within_distance_utils::register_impl(
        conn,
        |longitude: f64, latitude: f64, of_longitude: f64, of_latitude: f64, metres: f64| {
            let (a, b) = (Point { longitude, latitude }, Point { longitude: of_longitude, latitude: of_latitude });
            distance_metres(a, b) <= metres
        },
    )
}
