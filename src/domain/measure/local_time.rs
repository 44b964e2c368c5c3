//! Times as they are written in field sheets: without an offset they are those of the clocks of New Mexico.

#[cfg(test)]
use chrono::NaiveDate;
use chrono::{LocalResult, TimeZone as _};
use chrono_tz::America::Denver;

use crate::domain::measure::time::{TimeError, UtcDateTime, parse_date, parse_naive, parse_offset};

/// Why a cell is no usable time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalTimeError {
    /// Not an ISO-8601 date-time: the framework's own words for the first thing that is wrong.
    #[error("Input should be a valid datetime or date, {0}")]
    Syntax(&'static str),
    /// The clocks were put forward past it: no instant has this time.
    #[error("Value error, this time does not exist in America/Denver: the clocks were put forward")]
    Skipped,
    /// Beyond the years that can be stored.
    #[error("{0}")]
    Range(TimeError),
}

/// Reads ISO-8601. Without an offset the time is that of America/Denver; of the two instants that have the same time when the
/// clocks are put back, it is the earlier one, as in the reference.
pub fn parse(text: &str) -> Result<UtcDateTime, LocalTimeError> {
    let text = text.trim();
    let utc = match (parse_offset(text), parse_naive(text)) {
        (Some(instant), _) => instant.naive_utc(),
        (None, Some(naive)) => match Denver.from_local_datetime(&naive) {
            LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => instant.naive_utc(),
            LocalResult::None => return Err(LocalTimeError::Skipped),
        },
        (None, None) => return Err(LocalTimeError::Syntax(reason(text))),
    };
    UtcDateTime::from_utc(utc).map_err(LocalTimeError::Range)
}

/// Reads a date; otherwise what the framework says is wrong with it.
#[cfg(test)]
pub fn date(text: &str) -> Result<NaiveDate, &'static str> {
    parse_date(text).ok_or_else(|| reason(text))
}

/// What the framework says of a text that is no time: what is wrong with it as a date, which it tries last.
fn reason(text: &str) -> &'static str {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| bytes.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let dash = |at: usize| bytes.get(at) == Some(&b'-');
    if bytes.len() < 10 {
        return "input is too short";
    }
    if !digits(0, 4) {
        return "invalid character in year";
    }
    if !dash(4) {
        return "invalid date separator, expected `-`";
    }
    if !digits(5, 7) {
        return "invalid character in month";
    }
    if !dash(7) {
        return "invalid date separator, expected `-`";
    }
    if !digits(8, 10) {
        return "invalid character in day";
    }
    let month: u32 = text.get(5..7).and_then(|month| month.parse().ok()).unwrap_or(0);
    if !(1..=12).contains(&month) {
        return "month value is outside expected range of 1-12";
    }
    if text.get(..10).and_then(parse_date).is_none() {
        return "day value is outside expected range";
    }
    "unexpected extra characters at the end of the input"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Result<String, LocalTimeError> {
        parse(text).map(|time| time.to_string())
    }

    #[test]
    fn the_clocks_of_new_mexico_count_where_no_offset_is_written() {
        for (text, expected) in [
            ("2025-01-15T10:30", "2025-01-15T17:30:00Z"),
            (" 2025-07-15 10:30:00 ", "2025-07-15T16:30:00Z"),
            ("2025-07-15T10:30:00Z", "2025-07-15T10:30:00Z"),
            ("2025-07-15T10:30:00+02:00", "2025-07-15T08:30:00Z"),
            ("2025-01-15", "2025-01-15T07:00:00Z"),
            // Twice that night; the earlier one.
            ("2025-11-02T01:30", "2025-11-02T07:30:00Z"),
            ("2025-11-02T01:30:00-07:00", "2025-11-02T08:30:00Z"),
            ("2025-03-09T01:59:59", "2025-03-09T08:59:59Z"),
            ("2025-03-09T03:00", "2025-03-09T09:00:00Z"),
        ] {
            assert_eq!(utc(text).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(utc("2025-03-09T02:30"), Err(LocalTimeError::Skipped));
    }

    #[test]
    fn what_is_no_time_is_said_in_the_words_of_the_framework() {
        for (text, expected) in [
            ("", "input is too short"),
            ("soon", "input is too short"),
            ("not-a-date", "invalid character in year"),
            ("2025/01/15 10:00", "invalid date separator, expected `-`"),
            ("2025-ab-15", "invalid character in month"),
            ("2025-13-15", "month value is outside expected range of 1-12"),
            ("2025-02-30", "day value is outside expected range"),
            ("2025-02-03T25:00", "unexpected extra characters at the end of the input"),
        ] {
            assert_eq!(utc(text), Err(LocalTimeError::Syntax(expected)), "{text}");
        }
        assert!(matches!(utc("9999-12-31T23:00"), Err(LocalTimeError::Range(_))));
    }
}
