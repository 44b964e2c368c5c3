//! Tables that people send as CSV: in UTF-8, UTF-16 or the Latin alphabet of Windows, with commas, semicolons or tabs. Lines without
//! any text are left out, as spreadsheets leave them at the end.

use std::io::Cursor;

use csv::{Reader, ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What may stand between cells, what is usual first.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// Why a table cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// There is no text in it.
    #[error("the file is empty")]
    Empty,
    /// A row has more cells than there are columns.
    #[error("the row has {cells} cells, but there are {columns} columns")]
    TooManyCells {
        /// Cells of the row.
        cells: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// The characters that no database keeps.
    #[error("the row has a NUL character")]
    Nul,
}

/// A table with a header.
pub struct Sheet {
    /// The names of the columns, as they are sent, without blanks around them.
    pub headers: Vec<String>,
    rows: Reader<Cursor<Vec<u8>>>,
}

impl Sheet {
    /// Reads the header.
    pub fn read(bytes: &[u8]) -> Result<Self, SheetError> {
        let text = decode(bytes);
        if text.trim().is_empty() {
            return Err(SheetError::Empty);
        }
        let delimiter = u8::try_from(delimiter(&text)).unwrap_or(b',');
        let mut rows = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Cursor::new(text.into_bytes()));
        let headers = next(&mut rows).ok_or(SheetError::Empty)?;
        let headers = headers.iter().map(|header| header.trim().to_owned()).collect();
        Ok(Self { headers, rows })
    }

    /// The next row that has any text: as many cells as there are columns, without blanks around them.
    pub fn next_row(&mut self) -> Option<Result<Cells, SheetError>> {
        let record = next(&mut self.rows)?;
        let columns = self.headers.len();
        // A spreadsheet may leave empty cells behind the last column.
        let cells =
            record.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).last().map_or(0, |(at, _)| at + 1);
        if cells > columns {
            return Some(Err(SheetError::TooManyCells { cells, columns }));
        }
        if record.iter().any(|cell| cell.contains('\0')) {
            return Some(Err(SheetError::Nul));
        }
        Some(Ok(Cells(record)))
    }
}

/// The cells of a row.
#[derive(Clone, Debug)]
pub struct Cells(StringRecord);

impl Cells {
    /// The text of a cell, without blanks around it; `None` where there is none.
    pub fn text(&self, column: usize) -> Option<&str> {
        self.0.get(column).map(str::trim).filter(|text| !text.is_empty())
    }
}

/// The next record with text. The reader takes any bytes, so it has no errors but those of reading from memory, of which there are none.
fn next(rows: &mut Reader<Cursor<Vec<u8>>>) -> Option<StringRecord> {
    let mut record = StringRecord::new();
    while rows.read_record(&mut record).unwrap_or(false) {
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            return Some(record);
        }
    }
    None
}

/// The text of bytes: what a byte order mark says; UTF-16 where every other byte of the beginning is zero; UTF-8; else Windows-1252,
/// in which every byte is a letter.
fn decode(bytes: &[u8]) -> String {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, bytes.get(mark..).unwrap_or_default()),
        None => match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => return text.to_owned(),
            _ => (guess(bytes), bytes),
        },
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The encoding of what is neither marked nor UTF-8.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let beginning = bytes.get(..64).unwrap_or(bytes);
    let zeros = |odd: usize| beginning.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let most = beginning.len() / 4;
    match (zeros(0), zeros(1)) {
        (even, odd) if odd > most && even == 0 => UTF_16LE,
        (even, odd) if even > most && odd == 0 => UTF_16BE,
        _ => WINDOWS_1252,
    }
}

/// The delimiter that the first line has most of, outside quotes.
fn delimiter(text: &str) -> char {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut outside = String::new();
    for c in line.chars() {
        quoted ^= c == '"';
        if !quoted {
            outside.push(c);
        }
    }
    let count = |delimiter: char| outside.chars().filter(|c| *c == delimiter).count();
    // The last of equal ones is found, so what is usual comes last.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
        let mut sheet = Sheet::read(bytes).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = sheet.next_row() {
            let row = row.unwrap();
            rows.push((0..sheet.headers.len()).map(|at| row.text(at).unwrap_or("-").to_owned()).collect());
        }
        (sheet.headers, rows)
    }

    #[test]
    fn untidy_tables_are_read() {
        let expected = (vec!["a".to_owned(), "b\u{e9}".to_owned()], vec![vec!["1".to_owned(), "x, y".to_owned()]]);
        let text = "\n a , b\u{e9} \r\n\r\n1,\"x, y\",,\r\n,,\r\n";
        let utf16 = |le: bool, mark: bool| -> Vec<u8> {
            let mark = if mark { "\u{feff}" } else { "" };
            let units = format!("{mark}{text}");
            units.encode_utf16().flat_map(|unit| if le { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            latin,
            utf16(true, true),
            utf16(false, true),
            utf16(true, false),
            utf16(false, false),
        ] {
            assert_eq!(all(&bytes), expected, "{bytes:?}");
        }
        assert_eq!(all("a;b\n1;\"2\n3\"\n".as_bytes()).1, [["1", "2\n3"]]);
        assert_eq!(all("a\tb\n1\t2,5\n".as_bytes()).1, [["1", "2,5"]]);
        assert_eq!(all("\"a;b;c\",d\n1,2\n".as_bytes()).0, ["a;b;c", "d"]);
        assert_eq!(all("a,b\n1\n".as_bytes()).1, [["1", "-"]]);
    }

    #[test]
    fn what_is_no_table_is_named() {
        for empty in ["", " \n\n", "\u{feff}", "\u{feff} \r\n"] {
            assert_eq!(Sheet::read(empty.as_bytes()).err(), Some(SheetError::Empty), "{empty:?}");
        }
        let second = |text: &str| Sheet::read(text.as_bytes()).unwrap().next_row().unwrap().err();
        assert_eq!(second("a,b\n1,2,3\n"), Some(SheetError::TooManyCells { cells: 3, columns: 2 }));
        assert_eq!(second("a,b\nx\u{e9}\0,2\n"), Some(SheetError::Nul));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(mut sheet) = Sheet::read(&bytes) {
                while let Some(row) = sheet.next_row() {
                    if let Ok(row) = row {
                        prop_assert!((0..sheet.headers.len()).any(|at| row.text(at).is_some()) || sheet.headers.is_empty());
                    }
                }
            }
        }
    }
}
