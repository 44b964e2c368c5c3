//! What an import could not use: one line each, and their numbers by reason.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::import::ImportError;
use crate::import::progress::Progress;

/// Why a row, or one value of it, was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) enum Reason {
    /// Not as many fields as the first line.
    FieldCount,
    /// Bytes that are no text.
    NotUtf8,
    /// A site without its key.
    NoSiteId,
    /// A site for the second time.
    SiteTwice,
    /// A site that cannot be put on a map.
    NoPosition,
    /// A site without elevation.
    NoAltitude,
    /// A value at a site that is not known.
    UnknownSite,
    /// Nothing measured, and no reason given.
    NoValue,
    /// A value that is no number.
    BadValue,
    /// A time that is none.
    BadTime,
    /// A time that is yet to come.
    FutureTime,
    /// Something else was measured.
    UnknownParameter,
    /// Another sort of value.
    UnknownStatistic,
    /// The same again.
    Repeated,
    /// Not the same again.
    Contradiction,
    /// One value of a row that is used otherwise.
    LeftOut,
}

impl Reason {
    fn text(self) -> &'static str {
        match self {
            Self::FieldCount => "not as many fields as columns",
            Self::NotUtf8 => "not UTF-8",
            Self::NoSiteId => "no usable monitoring_location_id",
            Self::SiteTwice => "the site occurs twice in this file",
            Self::NoPosition => "no usable longitude and latitude",
            Self::NoAltitude => "no usable altitude",
            Self::UnknownSite => "unknown site",
            Self::NoValue => "no value, and no reason for its absence",
            Self::BadValue => "the value is not a number",
            Self::BadTime => "the time is not a point in time",
            Self::FutureTime => "the time is in the future",
            Self::UnknownParameter => "not depth to water (parameter 72019)",
            Self::UnknownStatistic => "neither a single value nor a daily mean (statistic 00003)",
            Self::Repeated => "same site, time and value as an earlier row",
            Self::Contradiction => "same site and time as an earlier row, but another value",
            Self::LeftOut => "row used without a value that is not usable",
        }
    }
}

/// How many rows were not used for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The reason.
    pub reason: &'static str,
    /// How many.
    pub rows: u64,
}

/// Where the lines go, and their numbers.
pub(in crate::import) struct Report {
    out: Out,
    counts: BTreeMap<Reason, u64>,
}

enum Out {
    Terminal(Progress),
    File(PathBuf, BufWriter<File>),
}

impl Report {
    /// To a file, or to standard error.
    pub(in crate::import) fn open(path: Option<&Path>, progress: &Progress) -> Result<Self, ImportError> {
        let out = match path {
            None => Out::Terminal(progress.clone()),
            Some(path) => {
                let file = File::create(path).map_err(|cause| ImportError::File { path: path.to_owned(), cause })?;
                Out::File(path.to_owned(), BufWriter::new(file))
            }
        };
        Ok(Self { out, counts: BTreeMap::new() })
    }

    /// Tells of a row, or of a value of it, that is not used.
    pub(in crate::import) fn tell(
        &mut self,
        file: &Path,
        line: u64,
        reason: Reason,
        detail: &str,
    ) -> Result<(), ImportError> {
        *self.counts.entry(reason).or_default() += 1;
        let text = format!("{}:{line}: {}: {}\n", file.display(), reason.text(), detail.escape_debug());
        match &mut self.out {
            Out::Terminal(progress) => {
                // Whoever closed standard error does not want to know; the counts are kept all the same.
                let _unread = progress.aside(|| std::io::stderr().write_all(text.as_bytes()));
                Ok(())
            }
            Out::File(path, out) => {
                out.write_all(text.as_bytes()).map_err(|cause| ImportError::File { path: path.clone(), cause })
            }
        }
    }

    /// Ends the report. The numbers of unused rows, and of values left out.
    pub(in crate::import) fn finish(self) -> Result<(Vec<Skipped>, u64), ImportError> {
        if let Out::File(path, mut out) = self.out {
            out.flush().map_err(|cause| ImportError::File { path, cause })?;
        }
        let left_out = self.counts.get(&Reason::LeftOut).copied().unwrap_or(0);
        let skipped = self
            .counts
            .into_iter()
            .filter(|(reason, _)| *reason != Reason::LeftOut)
            .map(|(reason, rows)| Skipped { reason: reason.text(), rows })
            .collect();
        Ok((skipped, left_out))
    }
}
