//! What the National Ground-Water Monitoring Network is told of a well: water levels, construction, lithology.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::America::Denver;

use crate::domain::measure::time::UtcDateTime;

/// A water level of a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaterLevel {
    /// The day it is of.
    pub date: NaiveDate,
    /// Ft below ground.
    pub depth: f64,
    /// How it was measured, in the network's words.
    pub method: Option<&'static str>,
    /// How exact it is, in the network's words.
    pub accuracy: Option<&'static str>,
}

impl WaterLevel {
    /// A level that somebody measured.
    ///
    /// One at midnight UTC sharp has no time of day, only a date, and that is its day; any other is of the day that it was in New
    /// Mexico.
    pub fn by_hand(
        at: UtcDateTime,
        value: f64,
        measuring_point_height: Option<f64>,
        sample_method: &str,
        data_quality: Option<&str>,
    ) -> Self {
        let naive = at.naive();
        let date = if naive.time() == NaiveTime::MIN {
            naive.date()
        } else {
            at.to_chrono().with_timezone(&Denver).date_naive()
        };
        let depth = value - measuring_point_height.unwrap_or(0.0);
        Self { date, depth, method: method(sample_method), accuracy: data_quality.and_then(accuracy) }
    }

    /// The shallowest reading of a transducer on a day (UTC).
    pub fn by_transducer(date: NaiveDate, depth: f64) -> Self {
        Self { date, depth, method: Some("Pressure Transducer"), accuracy: Some("0.02 ft") }
    }

    /// All levels, by date. Where a day has one of either kind, the shallower one stands for it, the transducer's when they are equal.
    /// Of several on one day that were measured by hand, only the first is compared; the others stay.
    pub fn merge(by_hand: Vec<Self>, daily: Vec<Self>) -> Vec<Self> {
        let mut all = daily;
        let places: HashMap<NaiveDate, usize> =
            all.iter().enumerate().map(|(place, level)| (level.date, place)).collect();
        let mut compared: Vec<bool> = vec![false; all.len()];
        for level in by_hand {
            let same_day = places.get(&level.date).and_then(|place| all.get_mut(*place).zip(compared.get_mut(*place)));
            match same_day {
                Some((of_day, compared)) if !*compared => {
                    *compared = true;
                    if level.depth < of_day.depth {
                        *of_day = level;
                    }
                }
                _ => all.push(level),
            }
        }
        // Stable, so of one day the one that stands for it comes first.
        all.sort_by_key(|level| level.date);
        all
    }
}

/// The network's word for how a sample was taken.
fn method(sample_method: &str) -> Option<&'static str> {
    Some(match sample_method {
        "Steel-tape measurement" => "Steel tape",
        "Electric tape measurement (E-probe)" => "Electric tape",
        // The network has always been told this.
        "Observed (required for F, N, and W water level status)" => "Acoustic Sounder",
        "Estimated" => "Estimated",
        "Reported, method not known" => "Reported",
        "Pressure-gage measurement" => "Pressure gauge",
        "Unknown (for legacy data only; not for new data entry)" => "Unknown; from legacy data",
        _ => return None,
    })
}

/// The network's word for how exact a level is.
fn accuracy(data_quality: &str) -> Option<&'static str> {
    Some(match data_quality {
        "Water level accurate to within two hundreths of a foot" => "0.02 ft",
        "Water level accurate to within one foot" => "1.0 ft",
        "Water level accuracy not to nearest foot or water level not repeatable" => "Unknown",
        _ => return None,
    })
}

/// A casing with one of its screens, or none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Casing {
    /// Where the casing ends: ft below ground.
    pub bottom: Option<f64>,
    /// The screen.
    pub screen: Screen,
}

/// A screened interval.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Screen {
    /// Ft below ground.
    pub top: Option<f64>,
    /// Ft below ground.
    pub bottom: Option<f64>,
    /// What it is.
    pub description: Option<String>,
}

/// What a well goes through, from one depth to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Lithology {
    /// Ft below ground.
    pub top: f64,
    /// Ft below ground.
    pub bottom: f64,
    /// Term of `lithology`.
    pub description: String,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn level(day: u32, depth: f64) -> WaterLevel {
        let date = NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
        WaterLevel { date, depth, method: Some("Steel tape"), accuracy: None }
    }

    fn daily(day: u32, depth: f64) -> WaterLevel {
        WaterLevel::by_transducer(NaiveDate::from_ymd_opt(2026, 1, day).unwrap(), depth)
    }

    #[test]
    fn the_shallower_one_stands_for_a_day() {
        let by_hand = vec![level(1, 9.0), level(2, 11.0), level(3, 10.0), level(5, 7.0)];
        let all = WaterLevel::merge(by_hand, vec![daily(1, 10.0), daily(2, 10.0), daily(3, 10.0), daily(4, 10.0)]);
        assert_eq!(all, [level(1, 9.0), daily(2, 10.0), daily(3, 10.0), daily(4, 10.0), level(5, 7.0)]);
    }

    #[test]
    fn one_measured_by_hand_is_compared_a_day() {
        let all = WaterLevel::merge(vec![level(1, 12.0), level(1, 8.0), level(1, 9.0)], vec![daily(1, 10.0)]);
        assert_eq!(all, [daily(1, 10.0), level(1, 8.0), level(1, 9.0)]);
        let all = WaterLevel::merge(vec![level(1, 8.0), level(1, 9.0)], vec![daily(1, 10.0)]);
        assert_eq!(all, [level(1, 8.0), level(1, 9.0)]);
        assert_eq!(WaterLevel::merge(vec![level(2, 1.0), level(1, 2.0)], vec![]), [level(1, 2.0), level(2, 1.0)]);
    }

    #[test]
    fn the_day_is_that_of_new_mexico_unless_there_is_no_time_of_day() {
        let day = |at: &str| {
            let at = UtcDateTime::parse_aware(at).unwrap();
            WaterLevel::by_hand(at, 1.0, None, "", None).date.to_string()
        };
        assert_eq!(day("2026-01-02T00:00:00Z"), "2026-01-02");
        assert_eq!(day("2026-01-02T00:00:01Z"), "2026-01-01");
        assert_eq!(day("2026-01-02T06:59:59Z"), "2026-01-01");
        assert_eq!(day("2026-01-02T07:00:00Z"), "2026-01-02");
        assert_eq!(day("2026-07-02T05:59:59Z"), "2026-07-01");
        assert_eq!(day("2026-07-02T06:00:00Z"), "2026-07-02");
    }
}
