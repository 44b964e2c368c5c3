//! Tables in files: CSV, gzipped or not, with the columns named in the first line.

use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use csv::{ErrorKind, StringRecord};
use flate2::read::MultiGzDecoder;

use crate::import::ImportError;
use crate::import::progress::Progress;
use crate::import::report::Reason;

/// The first bytes of every gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Columns of a file, in the order in which the program asks for them.
pub(in crate::import) struct Table<const COLUMNS: usize> {
    path: PathBuf,
    reader: csv::Reader<Box<dyn Read>>,
    places: [usize; COLUMNS],
    record: StringRecord,
    progress: Progress,
    /// What the progress bar calls the reading, and its length, until it begins.
    stage: Option<(&'static str, u64)>,
}

/// A row, or why it cannot be read.
pub(in crate::import) type Read1<'a, const COLUMNS: usize> = Result<Row<'a, COLUMNS>, Unreadable>;

/// A row that is not even a row.
#[derive(Debug)]
pub(in crate::import) struct Unreadable {
    pub(in crate::import) line: u64,
    pub(in crate::import) reason: Reason,
    pub(in crate::import) detail: String,
}

/// One row.
#[derive(Clone, Copy)]
pub(in crate::import) struct Row<'a, const COLUMNS: usize> {
    /// The line on which it begins, from 1; after blank lines, the first of these.
    pub(in crate::import) line: u64,
    record: &'a StringRecord,
    places: &'a [usize; COLUMNS],
}

impl<'a, const COLUMNS: usize> Row<'a, COLUMNS> {
    /// The text of the column that was asked for at that place; empty where there is none.
    pub(in crate::import) fn text(self, column: usize) -> &'a str {
        self.places.get(column).and_then(|place| self.record.get(*place)).unwrap_or("").trim()
    }
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    /// Opens a file and finds the columns. `stage` is what the progress bar calls the reading of it.
    pub(in crate::import) fn open(
        path: &Path,
        columns: &[&str; COLUMNS],
        stage: &'static str,
        progress: &Progress,
    ) -> Result<Self, ImportError> {
        let failed = |cause| ImportError::File { path: path.to_owned(), cause };
        let file = File::open(path).map_err(failed)?;
        let stage = Some((stage, file.metadata().map_err(failed)?.len()));
        let mut file = Watched { file, progress: progress.clone() };
        // Not by the name, which says nothing of a pipe. A pipe cannot be read twice, so the first bytes are put back.
        let mut first = Vec::new();
        (&mut file).take(2).read_to_end(&mut first).map_err(failed)?;
        let zipped = first == GZIP;
        let bytes = BufReader::with_capacity(1 << 16, Cursor::new(first).chain(file));
        let text: Box<dyn Read> = if zipped { Box::new(MultiGzDecoder::new(bytes)) } else { Box::new(bytes) };
        let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(text);
        let header = reader.byte_headers().map_err(|error| fatal(path, error))?.clone();
        let found: Vec<String> = header
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_owned())
            .collect();
        if found.is_empty() {
            return Err(ImportError::Empty(path.to_owned()));
        }
        let place = |wanted: &str| found.iter().position(|name| name == wanted);
        let missing: Vec<String> =
            columns.iter().filter(|wanted| place(wanted).is_none()).map(|wanted| (*wanted).to_owned()).collect();
        if !missing.is_empty() {
            return Err(ImportError::Columns { path: path.to_owned(), missing, found });
        }
        let places = columns.map(|wanted| place(wanted).unwrap_or(usize::MAX));
        let (path, progress) = (path.to_owned(), progress.clone());
        Ok(Self { path, reader, places, record: StringRecord::new(), progress, stage })
    }

    /// The file.
    pub(in crate::import) fn path(&self) -> &Path {
        &self.path
    }

    /// The next row; `None` at the end.
    pub(in crate::import) fn next_row(&mut self) -> Result<Option<Read1<'_, COLUMNS>>, ImportError> {
        if let Some((name, length)) = self.stage.take() {
            self.progress.stage(name, length);
        }
        match self.reader.read_record(&mut self.record) {
            Ok(false) => {
                self.progress.finish();
                Ok(None)
            }
            Ok(true) => {
                let line = self.record.position().map_or(0, csv::Position::line);
                Ok(Some(Ok(Row { line, record: &self.record, places: &self.places })))
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let (reason, detail) = match error.kind() {
                    ErrorKind::Utf8 { err, .. } => (Reason::NotUtf8, format!("field {}", err.field() + 1)),
                    ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        (Reason::FieldCount, format!("{len} in place of {expected_len}"))
                    }
                    _ => return Err(fatal(&self.path, error)),
                };
                Ok(Some(Err(Unreadable { line, reason, detail })))
            }
        }
    }
}

fn fatal(path: &Path, error: csv::Error) -> ImportError {
    let cause = match error.into_kind() {
        ErrorKind::Io(cause) => cause,
        other => std::io::Error::other(format!("{other:?}")),
    };
    ImportError::File { path: path.to_owned(), cause }
}

/// A file whose progress bar goes along.
struct Watched {
    file: File,
    progress: Progress,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.progress.advance(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn table(bytes: &[u8]) -> Result<Table<2>, ImportError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        Table::open(file.path(), &["b", "a"], "reading", &Progress::new())
    }

    type Found = Result<(u64, String, String), (u64, Reason)>;

    fn rows(bytes: &[u8]) -> Vec<Found> {
        let mut table = table(bytes).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = table.next_row().unwrap() {
            rows.push(match row {
                Ok(row) => Ok((row.line, row.text(0).to_owned(), row.text(1).to_owned())),
                Err(unreadable) => Err((unreadable.line, unreadable.reason)),
            });
        }
        rows
    }

    #[test]
    fn columns_are_found_by_name_and_bad_rows_have_their_line() {
        let text = b"\xef\xbb\xbfa,x,b\n1,2,3\n\n1,2\n\"one\ntwo\",, 4 \n\xff,2,3\n5,6,7";
        let good = |line, b: &str, a: &str| Ok((line, b.to_owned(), a.to_owned()));
        let expected = vec![
            good(2, "3", "1"),
            // The parser skips blank lines, and tells where it began to look.
            Err((3, Reason::FieldCount)),
            good(5, "4", "one\ntwo"),
            Err((7, Reason::NotUtf8)),
            good(8, "7", "5"),
        ];
        assert_eq!(rows(text), expected);
    }

    #[test]
    fn gzip_is_known_by_its_first_bytes() {
        let mut zipped = Vec::new();
        // Two members, as `cat a.gz b.gz` makes.
        for part in ["a,b\n1,2\n", "3,4\n"] {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(part.as_bytes()).unwrap();
            zipped.extend(encoder.finish().unwrap());
        }
        assert_eq!(rows(&zipped).len(), 2);
        zipped.truncate(zipped.len() - 6);
        let mut cut = table(&zipped).unwrap();
        let end = loop {
            match cut.next_row().map(|row| row.is_some()) {
                Ok(true) => {}
                end => break end,
            }
        };
        assert!(matches!(end, Err(ImportError::File { .. })));
    }

    #[test]
    fn missing_columns_are_named() {
        let refused = table(b"a,c\n1,2\n").map(drop).unwrap_err().to_string();
        assert!(refused.ends_with("no column b; the first line must name the columns (it has: a, c)"), "{refused}");
        assert!(matches!(table(b"").map(drop), Err(ImportError::Empty(_))));
    }
}
