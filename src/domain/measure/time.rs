//! Points in time: always UTC, in both databases and on the wire.

use std::fmt;

use chrono::{
    DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, SubsecRound, TimeDelta, Timelike, Utc,
};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Timestamp;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// A point in time in UTC, with microseconds (what both databases keep).
///
/// Serialises as `YYYY-MM-DDTHH:MM:SSZ`, whole seconds; see [`ExactDateTime`] for the
/// fields that the contract prints with their fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow, ToSchema)]
#[diesel(sql_type = Timestamp)]
#[schema(value_type = String, format = DateTime)]
pub struct UtcDateTime(NaiveDateTime);

/// Why a text is not a usable point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not an ISO-8601 date-time.
    #[error("Input should be a valid datetime or date, invalid datetime format")]
    Syntax,
    /// No offset: which instant is meant would be a guess.
    #[error("Input should have timezone info")]
    Naive,
    /// Outside the years 1 to 9999, which is what both databases can order.
    #[error("Input should be a valid datetime or date, year is out of range")]
    Range,
}

impl UtcDateTime {
    /// The first moment that can be stored.
    pub const FIRST: Self = Self(NaiveDateTime::new(
        match NaiveDate::from_ymd_opt(1, 1, 1) {
            Some(date) => date,
            None => NaiveDate::MIN,
        },
        NaiveTime::MIN,
    ));

    /// The last moment that can be stored.
    pub const LAST: Self = Self(NaiveDateTime::new(
        match NaiveDate::from_ymd_opt(9999, 12, 31) {
            Some(date) => date,
            None => NaiveDate::MAX,
        },
        match NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999) {
            Some(time) => time,
            None => NaiveTime::MIN,
        },
    ));

    /// The current time, to the microsecond.
    pub fn now() -> Self {
        Self(Utc::now().naive_utc().trunc_subsecs(6))
    }

    /// Midnight UTC at the start of `date`.
    pub fn midnight(date: NaiveDate) -> Self {
        Self(date.and_time(NaiveTime::MIN))
    }

    /// Reads ISO-8601 with an offset (`2026-02-20T10:05:00-07:00`, `...Z`; a blank may stand for the `T`).
    pub fn parse_aware(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        match parse_offset(text) {
            Some(instant) => Self::from_utc(instant.naive_utc()),
            None if parse_naive(text).is_some() => Err(TimeError::Naive),
            None => Err(TimeError::Syntax),
        }
    }

    /// As [`Self::parse_aware`], but a text without an offset is taken as UTC and a bare date as its midnight:
    /// for the bounds of filters, where the reference does the same.
    pub fn parse_lenient(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        let naive = match parse_offset(text) {
            Some(instant) => instant.naive_utc(),
            None => parse_naive(text).ok_or(TimeError::Syntax)?,
        };
        Self::from_utc(naive)
    }

    /// From a date-time already in UTC; refuses years that the databases could not order as text.
    pub fn from_utc(naive: NaiveDateTime) -> Result<Self, TimeError> {
        let naive = without_leap_second(naive).ok_or(TimeError::Range)?;
        if !(1..=9999).contains(&naive.year()) {
            return Err(TimeError::Range);
        }
        Ok(Self(naive.trunc_subsecs(6)))
    }

    /// The moment so much earlier, or the first one.
    pub fn earlier(self, by: TimeDelta) -> Self {
        self.0.checked_sub_signed(by).and_then(|moment| Self::from_utc(moment).ok()).unwrap_or(Self::FIRST)
    }

    /// The calendar date in UTC.
    pub fn date(self) -> NaiveDate {
        self.0.date()
    }

    /// The same instant without its zone (which is UTC).
    pub fn naive(self) -> NaiveDateTime {
        self.0
    }

    /// The same instant as a `chrono` date-time.
    pub fn to_chrono(self) -> DateTime<Utc> {
        self.0.and_utc()
    }

    /// The same instant, to be printed with its fraction of a second where it has one.
    pub fn exact(self) -> ExactDateTime {
        ExactDateTime(self)
    }
}

/// A leap second is the first of the next minute, as PostgreSQL has it: neither database could keep it.
fn without_leap_second(naive: NaiveDateTime) -> Option<NaiveDateTime> {
    const SECOND: u32 = 1_000_000_000;
    match naive.nanosecond().checked_sub(SECOND) {
        None => Some(naive),
        Some(beyond) => naive.with_nanosecond(beyond)?.checked_add_signed(TimeDelta::seconds(1)),
    }
}

pub(in crate::domain::measure) fn parse_offset(text: &str) -> Option<DateTime<chrono::FixedOffset>> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z"))
        .ok()
}

pub(in crate::domain::measure) fn parse_naive(text: &str) -> Option<NaiveDateTime> {
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(|| parse_date(text).map(|date| date.and_time(NaiveTime::MIN)))
}

/// Reads `YYYY-MM-DD`, four digits of year, 1 to 9999.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| date.year() >= 1)
}

impl fmt::Display for UtcDateTime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        write!(
            out,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    }
}

impl Serialize for UtcDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A point in time printed as ISO-8601 in UTC with microseconds when they are not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct ExactDateTime(pub UtcDateTime);

impl Serialize for ExactDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.0.nanosecond() == 0 {
            return self.0.serialize(serializer);
        }
        serializer.serialize_str(&self.0.to_chrono().to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl<DB> FromSql<Timestamp, DB> for UtcDateTime
where
    DB: Backend,
    NaiveDateTime: FromSql<Timestamp, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        NaiveDateTime::from_sql(value).map(Self)
    }
}

impl<DB> ToSql<Timestamp, DB> for UtcDateTime
where
    DB: Backend,
    NaiveDateTime: ToSql<Timestamp, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_utc() {
        let time = UtcDateTime::parse_aware("2026-02-20T10:05:00-07:00").unwrap();
        assert_eq!(time.to_string(), "2026-02-20T17:05:00Z");
        assert_eq!(UtcDateTime::parse_aware("2026-02-20 17:05:00Z").unwrap(), time);
        assert_eq!(UtcDateTime::parse_aware("2026-02-20T17:05Z").unwrap(), time);
    }

    #[test]
    fn naive_and_broken_times_are_told_apart() {
        assert_eq!(UtcDateTime::parse_aware("2026-02-20T10:05:00"), Err(TimeError::Naive));
        assert_eq!(UtcDateTime::parse_aware("soon"), Err(TimeError::Syntax));
        assert_eq!(UtcDateTime::parse_lenient("0000-01-01T00:00:00"), Err(TimeError::Range));
        assert_eq!(UtcDateTime::parse_lenient("2026-02-20").unwrap().to_string(), "2026-02-20T00:00:00Z");
    }

    #[test]
    fn the_outermost_moments_are_storable() {
        for (moment, text) in
            [(UtcDateTime::FIRST, "0001-01-01T00:00:00Z"), (UtcDateTime::LAST, "9999-12-31T23:59:59.999999Z")]
        {
            assert_eq!(UtcDateTime::parse_aware(text), Ok(moment));
        }
    }

    #[test]
    fn fractions_show_only_where_asked() {
        let time = UtcDateTime::parse_aware("2026-02-20T10:05:00.25Z").unwrap();
        assert_eq!(serde_json::to_string(&time).unwrap(), "\"2026-02-20T10:05:00Z\"");
        assert_eq!(serde_json::to_string(&time.exact()).unwrap(), "\"2026-02-20T10:05:00.250000Z\"");
    }

    #[test]
    fn a_leap_second_is_the_first_of_the_next_minute() {
        let time = UtcDateTime::parse_aware("2016-12-31T23:59:60.25Z").unwrap();
        assert_eq!(serde_json::to_string(&time.exact()).unwrap(), "\"2017-01-01T00:00:00.250000Z\"");
        assert_eq!(time, UtcDateTime::parse_lenient("2017-01-01 00:00:00.25").unwrap());
        assert_eq!(UtcDateTime::parse_aware("9999-12-31T23:59:60Z"), Err(TimeError::Range));
    }

    #[test]
    fn dates_are_strict() {
        assert!(parse_date("2026-02-28").is_some());
        for bad in ["2026-02-30", "2026-2-3", "20260203", "0000-01-01", "2026-02-28T00:00:00", "+026-02-28"] {
            assert!(parse_date(bad).is_none(), "{bad}");
        }
    }
}
