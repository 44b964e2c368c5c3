//! What the National Ground-Water Monitoring Network is told. A point is a thing by its name; whoever asks, only what is public is told.
//!
//! The contract says of which rows the status counts: those of screens and lithologies do not, and neither do deployments and
//! parameters.

use diesel::IntoSql as _;
use diesel::sql_types::{Date, Double, Text};

use crate::db::prelude::*;
use crate::db::schema::{
    field_activity, field_event, geologic_formation, observation, parameter, sample, thing,
    thing_geologic_formation_association as passage, well_screen,
};
use crate::db::{Session, constant, rows};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::ngwmn::{Casing, Lithology, Screen, WaterLevel};
use crate::domain::principal::Sight;
use crate::store::StoreError;
use crate::store::query::visibility as rules;
use crate::store::query::visibility::visible_itself;
use crate::store::query::written::written;

/// What anybody sees.
const PUBLIC: Sight = Sight::PublicRows;

/// True for a name that no thing can have: PostgreSQL does not even take it as a value.
fn is_no_name(point: &str) -> bool {
    point.contains('\0')
}

/// Time, value, height of the measuring point, method, quality.
type Level = (UtcDateTime, Option<f64>, Option<f64>, String, Option<String>);

/// The water levels of a point, by date. One without a value is left out.
pub fn water_levels(session: &mut Session<'_>, point: &str) -> Result<Vec<WaterLevel>, StoreError> {
    if is_no_name(point) {
        return Ok(Vec::new());
    }
    let chain = sample::table.inner_join(field_activity::table.inner_join(field_event::table.inner_join(thing::table)));
    let by_hand = observation::table
        .inner_join(parameter::table)
        .inner_join(chain)
        .filter(thing::name.eq(point.to_owned()))
        .filter(parameter::parameter_name.eq(constant("groundwater level")))
        .filter(visible_itself(PUBLIC, &rules::THING))
        .filter(visible_itself(PUBLIC, &rules::FIELD_EVENT))
        .filter(visible_itself(PUBLIC, &rules::FIELD_ACTIVITY))
        .filter(visible_itself(PUBLIC, &rules::SAMPLE))
        .filter(visible_itself(PUBLIC, &rules::OBSERVATION))
        .filter(observation::value.is_not_null())
        .order((observation::observation_datetime, observation::id))
        .select((
            observation::observation_datetime,
            observation::value,
            observation::measuring_point_height,
            sample::sample_method,
            observation::nma_data_quality,
        ));
    // Diesel's groups cannot be boxed over either database.
    let daily = format!(
        "SELECT date(r.observation_datetime) AS day, min(r.value) AS depth \
         FROM thing JOIN deployment d ON d.thing_id = thing.id JOIN transducer_observation r ON r.deployment_id = d.id \
         JOIN parameter p ON p.id = r.parameter_id \
         WHERE thing.name = $point$ AND p.parameter_name = 'groundwater level' AND {} AND {} \
         GROUP BY date(r.observation_datetime) ORDER BY day",
        rules::THING.own_sql(PUBLIC, "thing"),
        rules::READING.own_sql(PUBLIC, "r")
    );
    let daily = written::<(Date, Double)>(daily, vec![("point", Box::new(point.to_owned().into_sql::<Text>()))]).kept();
    let (by_hand, daily) =
        session.read_fixed((rows::<Level, _>(by_hand), rows::<(chrono::NaiveDate, f64), _>(daily)))?;
    let by_hand = by_hand.into_iter().filter_map(|(at, value, height, method, quality)| {
        Some(WaterLevel::by_hand(at, value?, height, &method, quality.as_deref()))
    });
    let daily = daily.into_iter().map(|(date, depth)| WaterLevel::by_transducer(date, depth));
    Ok(WaterLevel::merge(by_hand.collect(), daily.collect()))
}

/// Key and casing depth of the well, the screen, if any, with its top, bottom and description.
type CasingRow = (i32, Option<f64>, Option<f64>, Option<f64>, Option<String>);

/// The casing of a well, once with each of its screens, the uppermost first.
pub fn casings(session: &mut Session<'_>, point: &str) -> Result<Vec<Casing>, StoreError> {
    if is_no_name(point) {
        return Ok(Vec::new());
    }
    let found = thing::table
        .left_join(well_screen::table)
        .filter(thing::name.eq(point.to_owned()))
        .filter(thing::thing_type.eq(constant("water well")))
        .filter(visible_itself(PUBLIC, &rules::THING))
        .order((thing::id, well_screen::id.nullable()))
        .select((
            thing::id,
            thing::well_casing_depth,
            well_screen::screen_depth_top.nullable(),
            well_screen::screen_depth_bottom.nullable(),
            well_screen::screen_description.nullable(),
        ));
    let mut found = session.read_fixed(rows::<CasingRow, _>(found))?;
    let deep = |depth: Option<f64>| depth.unwrap_or(f64::INFINITY);
    found.sort_by(|(one, _, upper, ..), (other, _, lower, ..)| {
        one.cmp(other).then(deep(*upper).total_cmp(&deep(*lower)))
    });
    let casing = |(_, casing, top, bottom, description): CasingRow| Casing {
        bottom: casing,
        screen: Screen { top, bottom, description },
    };
    Ok(found.into_iter().map(casing).collect())
}

/// What a point goes through, from the top. A formation whose lithology is not known is left out.
pub fn lithologies(session: &mut Session<'_>, point: &str) -> Result<Vec<Lithology>, StoreError> {
    if is_no_name(point) {
        return Ok(Vec::new());
    }
    let found = passage::table
        .inner_join(thing::table)
        .inner_join(geologic_formation::table)
        .filter(thing::name.eq(point.to_owned()))
        .filter(visible_itself(PUBLIC, &rules::THING))
        .filter(geologic_formation::lithology.is_not_null())
        .order((passage::top_depth, passage::bottom_depth, passage::id))
        .select((passage::top_depth, passage::bottom_depth, geologic_formation::lithology));
    let found = session.read_fixed(rows::<(f64, f64, Option<String>), _>(found))?;
    let lithology = |(top, bottom, description): (f64, f64, Option<String>)| {
        Some(Lithology { top, bottom, description: description? })
    };
    Ok(found.into_iter().filter_map(lithology).collect())
}
