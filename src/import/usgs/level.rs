//! Rows of the file of water levels.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::io::{self, Read, Write};

use chrono::{DateTime, Timelike};

use crate::domain::measure::time::UtcDateTime;
use crate::import::report::Reason;
use crate::import::sort::Fixed;
use crate::import::source::Row;

pub(in crate::import) const LEVEL_COLUMNS: [&str; 5] =
    ["monitoring_location_id", "time", "value", "parameter_code", "statistic_id"];
const SITE: usize = 0;
const TIME: usize = 1;
const VALUE: usize = 2;
const PARAMETER: usize = 3;
const STATISTIC: usize = 4;

/// Depth to water level, feet below land surface.
const DEPTH_TO_WATER: &str = "72019";
const MEAN: &str = "00003";

/// How a value came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) enum Sort {
    /// By hand.
    Single,
    /// From a recorder.
    DailyMean,
}

/// A usable row. In order of site, sort, time and line.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) struct Level {
    /// Its number among the known ones.
    pub(in crate::import) site: u32,
    pub(in crate::import) sort: Sort,
    pub(in crate::import) time: UtcDateTime,
    /// Where it stands in the file.
    pub(in crate::import) line: u64,
    /// Depth to water in feet below ground.
    pub(in crate::import) value: f64,
}

impl Level {
    fn key(&self) -> (u32, Sort, UtcDateTime) {
        (self.site, self.sort, self.time)
    }

    /// True when both tell of the same site and time.
    pub(in crate::import) fn is_same_as(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Ord for Level {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.key(), self.line).cmp(&(other.key(), other.line))
    }
}

impl PartialOrd for Level {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Level {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Level {}

impl Fixed for Level {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.site.to_le_bytes())?;
        out.write_all(&[u8::from(self.sort == Sort::DailyMean)])?;
        out.write_all(&self.time.to_chrono().timestamp_micros().to_le_bytes())?;
        out.write_all(&self.line.to_le_bytes())?;
        out.write_all(&self.value.to_le_bytes())
    }

    fn read(bytes: &mut dyn Read) -> io::Result<Self> {
        let site = u32::from_le_bytes(array(bytes)?);
        let [sort] = array(bytes)?;
        let micros = i64::from_le_bytes(array(bytes)?);
        let line = u64::from_le_bytes(array(bytes)?);
        let value = f64::from_le_bytes(array(bytes)?);
        let time = DateTime::from_timestamp_micros(micros)
            .and_then(|time| UtcDateTime::from_utc(time.naive_utc()).ok())
            .ok_or(io::ErrorKind::InvalidData)?;
        Ok(Self { site, sort: if sort == 0 { Sort::Single } else { Sort::DailyMean }, time, line, value })
    }
}

fn array<const SIZE: usize>(bytes: &mut dyn Read) -> io::Result<[u8; SIZE]> {
    let mut buffer = [0; SIZE];
    bytes.read_exact(&mut buffer)?;
    Ok(buffer)
}

/// Reads a row, or says why it cannot be used.
pub(in crate::import) fn parse(
    row: Row<'_, { LEVEL_COLUMNS.len() }>,
    sites: &HashMap<String, u32>,
    now: UtcDateTime,
) -> Result<Level, (Reason, String)> {
    let id = row.text(SITE);
    let site = *sites.get(id).ok_or_else(|| (Reason::UnknownSite, id.to_owned()))?;
    let parameter = row.text(PARAMETER);
    if parameter != DEPTH_TO_WATER {
        return Err((Reason::UnknownParameter, format!("{id}: parameter {parameter}")));
    }
    let sort = match row.text(STATISTIC) {
        "" => Sort::Single,
        MEAN => Sort::DailyMean,
        other => return Err((Reason::UnknownStatistic, format!("{id}: statistic {other}"))),
    };
    let text = row.text(TIME);
    // The column is UTC by definition, also where it does not say so.
    let time = UtcDateTime::parse_lenient(text).map_err(|_error| (Reason::BadTime, format!("{id}: {text}")))?;
    if time > now {
        return Err((Reason::FutureTime, format!("{id}: {text}")));
    }
    let text = row.text(VALUE);
    if text.is_empty() {
        return Err((Reason::NoValue, format!("{id} {time}")));
    }
    let value = number(text).ok_or_else(|| (Reason::BadValue, format!("{id} {time}: {text}")))?;
    Ok(Level { site, sort, time, line: row.line, value })
}

/// A finite number.
pub(in crate::import) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The natural key of a single value. Water levels are told apart by the minute; only where the source is more exact are
/// seconds needed to tell two apart.
pub(in crate::import) fn sample_name(site: &str, time: UtcDateTime) -> String {
    let format = if time.naive().second() == 0 { "%Y%m%d%H%M" } else { "%Y%m%d%H%M%S" };
    format!("{site}-WL-{}", time.naive().format(format))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_survives_the_disk() {
        let time = UtcDateTime::parse_aware("1931-05-06T07:08:09.25Z").unwrap();
        let level = Level { site: 7, sort: Sort::DailyMean, time, line: 1 << 40, value: -0.25 };
        let mut bytes = Vec::new();
        level.write(&mut bytes).unwrap();
        let read = Level::read(&mut bytes.as_slice()).unwrap();
        assert_eq!((read, read.value.to_bits()), (level, level.value.to_bits()));
    }

    #[test]
    fn samples_are_named_by_the_minute() {
        let name = |time| sample_name("USGS-1", UtcDateTime::parse_aware(time).unwrap());
        assert_eq!(name("0987-05-06T07:08:00Z"), "USGS-1-WL-098705060708");
        assert_eq!(name("1987-05-06T07:08:09Z"), "USGS-1-WL-19870506070809");
    }
}
