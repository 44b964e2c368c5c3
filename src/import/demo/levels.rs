//! Made-up measurements: deepest in summer, with a trend over the years.

use std::f64::consts::TAU;

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::measure::time::{UtcDateTime, parse_date};
use crate::store::import::measurement::Measurement;

use crate::import::demo::DemoError;
use crate::import::demo::file::{Chemistry, Levels, Recorded};

/// Days after the first of January on which the water is deepest.
const DEEPEST: f64 = 212.0;

fn bad(text: &str) -> DemoError {
    DemoError::Data(format!("'{text}' is no date"))
}

fn instant(text: &str) -> Result<UtcDateTime, DemoError> {
    UtcDateTime::parse_aware(text).map_err(|_error| bad(text))
}

/// Depth to water on a day, feet below ground.
fn depth(levels: &Levels, day: NaiveDate) -> f64 {
    let year = f64::from(day.year() - levels.from) + f64::from(day.ordinal0()) / 365.25;
    let season = ((f64::from(day.ordinal0()) - DEEPEST) / 365.25 * TAU).cos();
    let exact = levels.depth + levels.trend * year + levels.swing * season;
    (exact * 100.0).round() / 100.0
}

fn visit(thing_id: i32, name: &str, time: UtcDateTime) -> Measurement {
    Measurement {
        thing_id,
        sample_name: format!("{name}-WL-{}", time.naive().format("%Y%m%d%H%M")),
        time,
        value: None,
        reason: None,
        measuring_point_height: None,
    }
}

/// Two visits a year, and what else happened.
pub(in crate::import) fn by_hand(thing_id: i32, name: &str, levels: &Levels) -> Result<Vec<Measurement>, DemoError> {
    let mut found = Vec::new();
    let measured = |time: UtcDateTime, further: f64| Measurement {
        value: Some(((depth(levels, time.date()) + further + levels.height) * 100.0).round() / 100.0),
        measuring_point_height: Some(levels.height),
        ..visit(thing_id, name, time)
    };
    for year in levels.from..=levels.to {
        for (month, hour) in [(1, 17), (7, 16)] {
            // Nobody comes on the same day every year.
            let day = 8 + (year * 5 + month * 3).rem_euclid(17);
            found.push(measured(instant(&format!("{year:04}-{month:02}-{day:02}T{hour}:20:00Z"))?, 0.0));
        }
    }
    if let Some(text) = &levels.pumped {
        let reason = Some("Site was being pumped".to_owned());
        found.push(Measurement { reason, ..measured(instant(text)?, 14.5) });
    }
    if let Some(text) = &levels.dry {
        let reason = Some("Site was dry".to_owned());
        let measuring_point_height = Some(levels.height);
        found.push(Measurement { reason, measuring_point_height, ..visit(thing_id, name, instant(text)?) });
    }
    Ok(found)
}

/// One reading a day, at noon in the mountains.
pub(in crate::import) fn recorded(recorded: &Recorded, levels: &Levels) -> Result<Vec<(UtcDateTime, f64)>, DemoError> {
    let first = parse_date(&recorded.from).ok_or_else(|| bad(&recorded.from))?;
    let mut readings = Vec::new();
    for day in 0..recorded.days {
        let day = first.checked_add_days(Days::new(day)).ok_or_else(|| bad(&recorded.from))?;
        readings.push((instant(&format!("{day}T19:00:00Z"))?, depth(levels, day)));
    }
    Ok(readings)
}

/// One result of a sample.
pub(in crate::import) fn sampled(
    thing_id: i32,
    name: &str,
    chemistry: &Chemistry,
    parameter: &str,
    value: f64,
) -> Result<Measurement, DemoError> {
    let time = instant(&chemistry.time)?;
    Ok(Measurement {
        sample_name: format!("{name}-WC-{}-{parameter}", time.naive().format("%Y%m%d%H%M")),
        value: Some(value),
        ..visit(thing_id, name, time)
    })
}
