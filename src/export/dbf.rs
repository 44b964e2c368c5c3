//! dBase tables of fixed width, the attributes of a shapefile.

use std::io::{self, Seek, SeekFrom, Write};

use chrono::{Datelike, NaiveDate, Utc};

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// At most 10 ASCII letters.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Bytes a value.
    pub width: u8,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, padded at its end.
    Character,
    /// A number with so many decimals, padded at its start.
    Number(u8),
    /// A day, `YYYYMMDD`.
    Date,
    /// `T`, `F`, or `?` for neither.
    Logical,
}

const DBASE_3: u8 = 0x03;
const HEADER_END: u8 = 0x0d;
const FILE_END: u8 = 0x1a;
const NOT_DELETED: u8 = b' ';
const COUNT_AT: u64 = 4;

/// Writes the header of a table that has no rows yet.
pub fn write_header(out: &mut impl Write, fields: &[Field]) -> io::Result<()> {
    let header_bytes = u16::try_from(32 + fields.len() * 32 + 1).map_err(io::Error::other)?;
    let row_bytes = 1 + fields.iter().map(|field| u16::from(field.width)).sum::<u16>();
    let today = Utc::now().date_naive();
    // The year counts from 1900.
    let year = u8::try_from(today.year() - 1900).map_err(io::Error::other)?;
    let month_and_day = [u8::try_from(today.month()), u8::try_from(today.day())];
    out.write_all(&[DBASE_3, year])?;
    for part in month_and_day {
        out.write_all(&[part.map_err(io::Error::other)?])?;
    }
    out.write_all(&0_u32.to_le_bytes())?;
    out.write_all(&header_bytes.to_le_bytes())?;
    out.write_all(&row_bytes.to_le_bytes())?;
    out.write_all(&[0; 20])?;
    for field in fields {
        let (kind, decimals) = match field.kind {
            Kind::Character => (b'C', 0),
            Kind::Number(decimals) => (b'N', decimals),
            Kind::Date => (b'D', 0),
            Kind::Logical => (b'L', 0),
        };
        // Eleven bytes, filled up with zeros.
        write!(out, "{:\0<11}", field.name)?;
        out.write_all(&[kind, 0, 0, 0, 0, field.width, decimals])?;
        out.write_all(&[0; 14])?;
    }
    out.write_all(&[HEADER_END])
}

/// Begins a row; its values follow, one for each field.
pub fn begin_row(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[NOT_DELETED])
}

/// Writes a value with blanks around it, cut where it is too long, but never inside a character.
pub fn write_value(out: &mut impl Write, field: Field, value: &str) -> io::Result<()> {
    let width = usize::from(field.width);
    let (value, _cut) = value.split_at(value.floor_char_boundary(width));
    let blanks = [b' '; u8::MAX as usize];
    let (padding, _) = blanks.split_at(width.saturating_sub(value.len()));
    let at_start = matches!(field.kind, Kind::Number(_));
    if at_start {
        out.write_all(padding)?;
    }
    out.write_all(value.as_bytes())?;
    if !at_start {
        out.write_all(padding)?;
    }
    Ok(())
}

/// Writes a number with the decimals of its field; blanks for none, and for one that is too long: a part of it would be another.
pub fn write_number(out: &mut impl Write, field: Field, value: Option<f64>) -> io::Result<()> {
    let decimals = match field.kind {
        Kind::Number(decimals) => usize::from(decimals),
        Kind::Character | Kind::Date | Kind::Logical => 0,
    };
    let text = value.map(|value| format!("{value:.decimals$}")).filter(|text| text.len() <= usize::from(field.width));
    write_value(out, field, &text.unwrap_or_default())
}

/// Writes a day; blanks for none, and for one before the year 1 or after 9999.
pub fn write_date(out: &mut impl Write, field: Field, value: Option<NaiveDate>) -> io::Result<()> {
    let day = value.filter(|day| (1..=9999).contains(&day.year())).map(|day| day.format("%Y%m%d").to_string());
    write_value(out, field, &day.unwrap_or_default())
}

/// Writes true, false, or neither.
pub fn write_logical(out: &mut impl Write, field: Field, value: Option<bool>) -> io::Result<()> {
    let letter = match value {
        Some(true) => "T",
        Some(false) => "F",
        None => "?",
    };
    write_value(out, field, letter)
}

/// Ends the table and enters the number of its rows.
pub fn finish(out: &mut (impl Write + Seek), rows: u32) -> io::Result<()> {
    out.write_all(&[FILE_END])?;
    out.seek(SeekFrom::Start(COUNT_AT))?;
    out.write_all(&rows.to_le_bytes())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(kind: Kind, width: u8, value: &str) -> String {
        let mut out = Vec::new();
        write_value(&mut out, Field { name: "f", kind, width }, value).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_have_the_width_of_their_field() {
        assert_eq!(written(Kind::Number(0), 5, "42"), "   42");
        assert_eq!(written(Kind::Character, 5, "ab"), "ab   ");
        assert_eq!(written(Kind::Character, 5, ""), "     ");
        assert_eq!(written(Kind::Character, 3, "abcdef"), "abc");
        assert_eq!(written(Kind::Character, 255, "x").len(), 255);
    }

    #[test]
    fn numbers_days_and_flags_are_written_as_the_format_has_them() {
        let number = |decimals, width, value| {
            let mut out = Vec::new();
            write_number(&mut out, Field { name: "f", kind: Kind::Number(decimals), width }, value).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(number(2, 8, Some(-12.345)), "  -12.35");
        assert_eq!(number(0, 4, Some(7.0)), "   7");
        assert_eq!((number(2, 5, None), number(2, 5, Some(12345.0))), (" ".repeat(5), " ".repeat(5)));
        let day = |value| {
            let mut out = Vec::new();
            write_date(&mut out, Field { name: "f", kind: Kind::Date, width: 8 }, value).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(day(NaiveDate::from_ymd_opt(2026, 2, 3)), "20260203");
        assert_eq!((day(None), day(NaiveDate::from_ymd_opt(12026, 1, 1))), (" ".repeat(8), " ".repeat(8)));
        let mut out = Vec::new();
        for value in [Some(true), Some(false), None] {
            write_logical(&mut out, Field { name: "f", kind: Kind::Logical, width: 1 }, value).unwrap();
        }
        assert_eq!(out, b"TF?");
    }

    #[test]
    fn no_character_is_cut_in_two() {
        assert_eq!(written(Kind::Character, 4, "aéé"), "aé ");
        assert_eq!(written(Kind::Character, 3, "🌵"), "   ");
    }
}
