//! Readers for single values, for [`crate::domain::request::form`]. Lax in the way of the reference: numeric text is a number.

use std::ops::RangeInclusive;

use chrono::{NaiveDate, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::measure::geometry::{GeometryError, MultiPolygon, Point};
use crate::domain::measure::time::{TimeError, UtcDateTime, parse_date};
use crate::domain::request::form::{Slot, TermRule};
use crate::domain::request::problem::expected;

/// Any text, as sent. Refuses NUL, which PostgreSQL cannot store.
pub fn text(slot: &mut Slot<'_>) -> Option<String> {
    match slot.value {
        Value::String(text) if text.contains('\0') => slot.refuse_value("Text must not contain NUL characters"),
        Value::String(text) => Some(text.clone()),
        _ => slot.refuse("string_type", "Input should be a valid string"),
    }
}

/// Text without the blanks around it, of at most `most` characters.
pub fn line(most: usize) -> impl Fn(&mut Slot<'_>) -> Option<String> {
    move |slot| {
        let text = text(slot)?.trim().to_owned();
        if text.chars().count() > most {
            let message = format!("String should have at most {most} characters");
            return slot.refuse_with("string_too_long", message, json!({ "max_length": most }));
        }
        Some(text)
    }
}

/// As [`line()`], and not empty.
pub fn name(most: usize) -> impl Fn(&mut Slot<'_>) -> Option<String> {
    move |slot| {
        let text = line(most)(slot)?;
        if text.is_empty() {
            let message = "String should have at least 1 character";
            return slot.refuse_with("string_too_short", message, json!({"min_length": 1}));
        }
        Some(text)
    }
}

/// A number, finite. Numeric text counts.
pub fn float(slot: &mut Slot<'_>) -> Option<f64> {
    let number = match slot.value {
        Value::Number(number) => number.as_f64(),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) => Some(number),
            Err(_not_a_number) => {
                let message = "Input should be a valid number, unable to parse string as a number";
                return slot.refuse("float_parsing", message);
            }
        },
        _ => return slot.refuse("float_type", "Input should be a valid number"),
    };
    match number {
        Some(number) if number.is_finite() => Some(number),
        _ => slot.refuse("finite_number", "Input should be a finite number"),
    }
}

/// A number in a range, both ends included.
pub fn between(range: RangeInclusive<f64>) -> impl Fn(&mut Slot<'_>) -> Option<f64> {
    move |slot| {
        let number = float(slot)?;
        let (least, most) = (range.start(), range.end());
        if number < *least {
            let message = format!("Input should be greater than or equal to {least}");
            return slot.refuse_with("greater_than_equal", message, json!({ "ge": least }));
        }
        if number > *most {
            let message = format!("Input should be less than or equal to {most}");
            return slot.refuse_with("less_than_equal", message, json!({ "le": most }));
        }
        Some(number)
    }
}

/// A number above zero.
pub fn positive(slot: &mut Slot<'_>) -> Option<f64> {
    let number = float(slot)?;
    if number > 0.0 {
        return Some(number);
    }
    slot.refuse_with("greater_than", "Input should be greater than 0", json!({"gt": 0.0}))
}

/// A number of zero or more.
pub fn not_negative(slot: &mut Slot<'_>) -> Option<f64> {
    let number = float(slot)?;
    if number >= 0.0 {
        return Some(number);
    }
    slot.refuse_with("greater_than_equal", "Input should be greater than or equal to 0", json!({"ge": 0.0}))
}

/// A whole number. Numeric text counts, and a float without a fraction.
pub fn integer(slot: &mut Slot<'_>) -> Option<i64> {
    match slot.value {
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Some(number),
            (None, Some(float)) if float.fract() == 0.0 => match whole(float) {
                Some(number) => Some(number),
                None => too_large(slot),
            },
            _ => {
                let message = "Input should be a valid integer, got a number with a fractional part";
                slot.refuse("int_from_float", message)
            }
        },
        Value::Bool(flag) => Some(i64::from(*flag)),
        Value::String(text) => match parse_integer(text) {
            Ok(number) => Some(number),
            Err(NotInteger::TooLarge) => too_large(slot),
            Err(NotInteger::Syntax) => slot.refuse("int_parsing", INT_PARSING),
        },
        _ => slot.refuse("int_type", "Input should be a valid integer"),
    }
}

/// A float without a fraction as an integer, where it has fewer than 64 bits.
fn whole(float: f64) -> Option<i64> {
    // The text has no fraction, and no exponent.
    format!("{float:.0}").parse().ok()
}

fn too_large<T>(slot: &mut Slot<'_>) -> Option<T> {
    slot.refuse("int_parsing_size", INT_PARSING_SIZE)
}

/// The framework's text for text that is no integer.
pub const INT_PARSING: &str = "Input should be a valid integer, unable to parse string as an integer";
/// The framework's text for an integer beyond what can be held.
pub const INT_PARSING_SIZE: &str = "Unable to parse input string as an integer, exceeded maximum size";

/// Why a text is not an integer that we can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInteger {
    /// Not an integer at all.
    Syntax,
    /// One, but beyond 64 bits.
    TooLarge,
}

/// Reads an integer as the framework does: blanks around it, a sign, `1_000`, `5.0`.
pub fn parse_integer(text: &str) -> Result<i64, NotInteger> {
    let text = text.trim();
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|digit| digit == b'0') => whole,
        Some(_) => return Err(NotInteger::Syntax),
        None => text,
    };
    let digits = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotInteger::Syntax);
    }
    whole.parse().map_err(|_beyond_64_bits| NotInteger::TooLarge)
}

/// A whole number that fits a 32-bit column, at least `least`.
pub fn small_integer(least: i32) -> impl Fn(&mut Slot<'_>) -> Option<i32> {
    move |slot| {
        let number = integer(slot)?;
        if number < i64::from(least) {
            let message = format!("Input should be greater than or equal to {least}");
            return slot.refuse_with("greater_than_equal", message, json!({ "ge": least }));
        }
        match i32::try_from(number) {
            Ok(number) => Some(number),
            Err(_beyond_32_bits) => {
                let message = format!("Input should be less than or equal to {}", i32::MAX);
                slot.refuse_with("less_than_equal", message, json!({ "le": i32::MAX }))
            }
        }
    }
}

/// True or false, with the framework's spellings.
pub fn boolean(slot: &mut Slot<'_>) -> Option<bool> {
    let read = match slot.value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_f64() {
            Some(0.0) => Some(false),
            Some(1.0) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
            "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
            _ => None,
        },
        _ => return slot.refuse("bool_type", "Input should be a valid boolean"),
    };
    match read {
        Some(flag) => Some(flag),
        None => slot.refuse("bool_parsing", "Input should be a valid boolean, unable to interpret input"),
    }
}

/// A calendar date, `YYYY-MM-DD` (a date-time at midnight counts).
pub fn date(slot: &mut Slot<'_>) -> Option<NaiveDate> {
    let Value::String(text) = slot.value else {
        return slot.refuse("date_type", "Input should be a valid date");
    };
    let text = text.trim();
    if let Some(date) = parse_date(text) {
        return Some(date);
    }
    match UtcDateTime::parse_lenient(text) {
        Ok(time) if time.naive().time() == chrono::NaiveTime::MIN => Some(time.date()),
        Ok(_) => {
            let message = "Datetimes provided to dates should have zero time - e.g. be exact dates";
            slot.refuse("date_from_datetime_inexact", message)
        }
        Err(_) => slot.refuse("date_from_datetime_parsing", "Input should be a valid date or datetime, invalid format"),
    }
}

/// A date that is not in the future.
pub fn past_date(slot: &mut Slot<'_>) -> Option<NaiveDate> {
    let date = date(slot)?;
    // Somewhere on Earth it is already tomorrow's date in UTC terms only for later zones; the reference compares with UTC's.
    if date > Utc::now().date_naive() {
        return slot.refuse_value("Date must be today or in the past.");
    }
    Some(date)
}

/// A date-time with an offset.
pub fn datetime(slot: &mut Slot<'_>) -> Option<UtcDateTime> {
    let Value::String(text) = slot.value else {
        return slot.refuse("datetime_type", "Input should be a valid datetime");
    };
    match UtcDateTime::parse_aware(text) {
        Ok(time) => Some(time),
        Err(error @ TimeError::Naive) => slot.refuse("timezone_aware", error.to_string()),
        Err(error) => slot.refuse("datetime_from_date_parsing", error.to_string()),
    }
}

/// A date-time with an offset that is not in the future.
pub fn past_datetime(slot: &mut Slot<'_>) -> Option<UtcDateTime> {
    let time = datetime(slot)?;
    if time > UtcDateTime::now() {
        return slot.refuse_value("Datetime must be in the past.");
    }
    Some(time)
}

/// A term of a category of the vocabulary.
pub fn term(category: &'static str) -> impl Fn(&mut Slot<'_>) -> Option<String> {
    move |slot| checked_term(slot, TermRule::Category(category))
}

/// One of a few words that the program knows.
pub fn one_of(words: &'static [&'static str]) -> impl Fn(&mut Slot<'_>) -> Option<String> {
    move |slot| {
        let text = text(slot)?.trim().to_owned();
        if words.contains(&text.as_str()) {
            return Some(text);
        }
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let expected = expected(&words);
        slot.refuse_with("enum", format!("Input should be {expected}"), json!({ "expected": expected }))
    }
}

/// A term of any category: the reference leaves this check to the database's key.
pub fn any_term(slot: &mut Slot<'_>) -> Option<String> {
    checked_term(slot, TermRule::AnyTerm)
}

/// A release status.
pub fn release_status(slot: &mut Slot<'_>) -> Option<String> {
    checked_term(slot, TermRule::ReleaseStatus)
}

fn checked_term(slot: &mut Slot<'_>, rule: TermRule) -> Option<String> {
    let text = text(slot)?;
    // Terms are looked up as they were sent, but for the blanks around them.
    let term = text.trim();
    slot.expect_term(rule, term);
    Some(term.to_owned())
}

/// A UUID, in any of its spellings.
pub fn uuid(slot: &mut Slot<'_>) -> Option<Uuid> {
    match slot.value {
        Value::String(text) => match Uuid::try_parse(text.trim()) {
            Ok(uuid) => Some(uuid),
            Err(error) => slot.refuse("uuid_parsing", format!("{UUID_PARSING}, {error}")),
        },
        _ => slot.refuse("uuid_type", "UUID input should be a string, bytes or UUID object"),
    }
}

/// How the framework's text begins for text that is no UUID.
pub const UUID_PARSING: &str = "Input should be a valid UUID";

/// A list whose elements `read` reads; the position stands in each problem's place.
pub fn list<T>(read: impl Fn(&mut Slot<'_>) -> Option<T>) -> impl Fn(&mut Slot<'_>) -> Option<Vec<T>> {
    move |slot| slot.each(&read)
}

/// A WKT point.
pub fn point(slot: &mut Slot<'_>) -> Option<Point> {
    geometry(slot, Point::from_wkt)
}

/// A WKT multipolygon.
pub fn multi_polygon(slot: &mut Slot<'_>) -> Option<MultiPolygon> {
    geometry(slot, MultiPolygon::from_wkt)
}

fn geometry<T>(slot: &mut Slot<'_>, parse: impl Fn(&str) -> Result<T, GeometryError>) -> Option<T> {
    let wkt = text(slot)?;
    match parse(&wkt) {
        Ok(geometry) => Some(geometry),
        Err(error) => slot.refuse_value(error),
    }
}
