//! Sites and water levels of the U.S. Geological Survey, as its water data service publishes them.
//!
//! What becomes of them:
//! - a site: a thing, its location, a link to the Survey's name for it, provenance of elevation and coordinates;
//! - a value without `statistic_id`, measured by hand: visit, activity, sample, observation;
//! - daily means (`statistic_id` 00003): one recorder for each site with its deployment, a reading each, and blocks that
//!   cover them. They are "not reviewed": the files do not tell what the Survey approved;
//! - everything is public, as it is at the Survey.
//!
//! The levels are sorted by site and time first (on the disk, when they are many), so that all rows of a site come
//! together and rows that repeat or contradict each other are neighbours. The first one in the file is used.

mod level;
mod method;
mod site;

use std::collections::HashMap;
use std::mem::take;
use std::path::PathBuf;

use crate::db::{Executor, Refusal, WriteSession, stay_small};
use crate::domain::measure::time::UtcDateTime;
use crate::store::import as store;
use crate::store::import::begin_chunk;
use crate::store::import::measurement;
use crate::store::import::measurement::Kind;
use crate::store::import::series;
use crate::store::import::series::Recorder;
use crate::store::import::site::Site;

use self::level::{LEVEL_COLUMNS, Level, Sort};
use self::site::SITE_COLUMNS;
use crate::import::progress::Progress;
use crate::import::report::{Reason, Report};
use crate::import::sort::{Sorted, Sorter};
use crate::import::source::Table;
use crate::import::{ImportError, Skipped};

/// The organization, as the vocabulary calls it.
const USGS: &str = "USGS";

const RECORDERS: series::Kind = series::Kind { owner_agency: USGS, comment: "Daily means as published by the USGS" };

/// Recorders of one transaction: each is locked, and PostgreSQL has room for some thousand locks.
const MOST_RECORDERS: usize = 500;

/// An import to be done.
#[derive(Clone, Debug)]
pub struct Import {
    /// The sites: CSV, may be gzipped.
    pub sites: PathBuf,
    /// The water levels: CSV, may be gzipped.
    pub levels: PathBuf,
    /// Where to tell of rows that cannot be used; standard error when there is none.
    pub report: Option<PathBuf>,
    /// Rows stored in one transaction.
    pub chunk: usize,
    /// Levels held in memory at once.
    pub buffer: usize,
}

impl Import {
    /// With sizes that keep a transaction below a second or two and the whole below 200 MB.
    pub fn new(sites: PathBuf, levels: PathBuf) -> Self {
        Self { sites, levels, report: None, chunk: 10_000, buffer: 1_000_000 }
    }
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Usable rows of the file of sites.
    pub sites: u64,
    /// Things that were added for them.
    pub things: u64,
    /// Usable values measured by hand.
    pub measurements: u64,
    /// Observations that were added for them.
    pub observations: u64,
    /// Usable daily means.
    pub means: u64,
    /// Readings that were added for them.
    pub readings: u64,
    /// Recorders that were added.
    pub sensors: u64,
    /// Blocks of readings that were added.
    pub blocks: u64,
    /// Rows that were not used, by reason.
    pub skipped: Vec<Skipped>,
    /// Values that could not be used of rows that were.
    pub left_out: u64,
}

/// Brings both files in. Blocking. What is there already stays as it is.
pub fn run(executor: &Executor, import: &Import) -> Result<Summary, ImportError> {
    let progress = Progress::new();
    let mut run = Run {
        executor,
        report: Report::open(import.report.as_deref(), &progress)?,
        progress,
        summary: Summary::default(),
        chunk: import.chunk.max(1),
    };
    // Both are opened before anything is stored: a wrong file is found at once.
    let levels = Table::open(&import.levels, &LEVEL_COLUMNS, "water levels", &run.progress)?;
    let sites = Table::open(&import.sites, &SITE_COLUMNS, "sites", &run.progress)?;
    executor.admin_blocking(|conn| Ok::<_, ImportError>(stay_small(conn)?))?;
    run.sites(sites)?;
    let known = run.known_sites()?;
    let path = levels.path().to_owned();
    let sorted = run.sort(levels, &known, import.buffer)?;
    run.levels(&path, sorted, &known)?;
    run.progress.finish();
    (run.summary.skipped, run.summary.left_out) = run.report.finish()?;
    Ok(run.summary)
}

struct Run<'a> {
    executor: &'a Executor,
    report: Report,
    progress: Progress,
    summary: Summary,
    chunk: usize,
}

/// Sites with their things. A level refers to them by number.
#[derive(Default)]
struct KnownSites {
    numbers: HashMap<String, u32>,
    sites: Vec<(String, i32)>,
}

impl KnownSites {
    fn add(&mut self, id: String, thing: i32) {
        if let Some(site) = self.numbers.get(&id).and_then(|number| self.sites.get_mut(*number as usize)) {
            site.1 = thing;
        } else if let Ok(number) = u32::try_from(self.sites.len()) {
            self.numbers.insert(id.clone(), number);
            self.sites.push((id, thing));
        }
    }
}

impl Run<'_> {
    fn sites(&mut self, mut table: Table<{ SITE_COLUMNS.len() }>) -> Result<(), ImportError> {
        let path = table.path().to_owned();
        let mut lines: HashMap<String, u64> = HashMap::new();
        let mut chunk = Vec::new();
        // A site is half a dozen rows.
        let full = self.chunk.div_ceil(8);
        while let Some(row) = table.next_row()? {
            let row = match row {
                Ok(row) => row,
                Err(unreadable) => {
                    self.report.tell(&path, unreadable.line, unreadable.reason, &unreadable.detail)?;
                    continue;
                }
            };
            match site::parse(row) {
                Err((reason, detail)) => self.report.tell(&path, row.line, reason, &detail)?,
                Ok((site, left_out)) => {
                    if let Some(first) = lines.get(&site.id) {
                        let detail = format!("{}, first on line {first}", site.id);
                        self.report.tell(&path, row.line, Reason::SiteTwice, &detail)?;
                        continue;
                    }
                    for detail in left_out {
                        self.report.tell(&path, row.line, Reason::LeftOut, &detail)?;
                    }
                    lines.insert(site.id.clone(), row.line);
                    chunk.push(site);
                    if chunk.len() >= full {
                        self.store_sites(&take(&mut chunk))?;
                    }
                }
            }
        }
        self.store_sites(&chunk)
    }

    fn store_sites(&mut self, sites: &[Site]) -> Result<(), ImportError> {
        if sites.is_empty() {
            return Ok(());
        }
        let added = self.executor.write_blocking(|session: &mut WriteSession<'_>| {
            begin_chunk(session)?;
            Ok::<_, ImportError>(store::site::add(session, USGS, sites)?)
        })?;
        self.summary.sites += sites.len() as u64;
        self.summary.things += added as u64;
        Ok(())
    }

    /// Of this file and of earlier ones.
    fn known_sites(&self) -> Result<KnownSites, ImportError> {
        let rows = self.executor.write_blocking(|session: &mut WriteSession<'_>| {
            Ok::<_, ImportError>(store::site::known(session, USGS)?)
        })?;
        let mut known = KnownSites::default();
        for (id, thing) in rows {
            known.add(id, thing);
        }
        Ok(known)
    }

    fn sort(
        &mut self,
        mut table: Table<{ LEVEL_COLUMNS.len() }>,
        known: &KnownSites,
        buffer: usize,
    ) -> Result<Sorted<Level>, ImportError> {
        let path = table.path().to_owned();
        let mut sorter = Sorter::new(buffer);
        let now = UtcDateTime::now();
        while let Some(row) = table.next_row()? {
            let parsed = match row {
                Err(unreadable) => Err((unreadable.line, unreadable.reason, unreadable.detail)),
                Ok(row) => {
                    level::parse(row, &known.numbers, now).map_err(|(reason, detail)| (row.line, reason, detail))
                }
            };
            // Nothing is written here, so nobody else would notice.
            if self.executor.is_closing() {
                return Err(Refusal::ShuttingDown.into());
            }
            match parsed {
                Ok(level) => sorter.push(level).map_err(ImportError::Sort)?,
                Err((line, reason, detail)) => self.report.tell(&path, line, reason, &detail)?,
            }
        }
        Ok(sorter.finish())
    }

    fn levels(
        &mut self,
        path: &std::path::Path,
        mut sorted: Sorted<Level>,
        known: &KnownSites,
    ) -> Result<(), ImportError> {
        let parameter = self
            .executor
            .write_blocking(|session: &mut WriteSession<'_>| store::parameter(session, "groundwater level"))?;
        self.progress.stage("storing", sorted.count());
        let mut chunk = Chunk::default();
        let mut last: Option<Level> = None;
        let mut done = 0;
        while let Some(next) = sorted.next_row().map_err(ImportError::Sort)? {
            done += 1;
            let Some((id, thing)) = known.sites.get(next.site as usize) else { continue };
            if let Some(first) = last.filter(|last| last.is_same_as(&next)) {
                let same = first.value.total_cmp(&next.value).is_eq();
                let reason = if same { Reason::Repeated } else { Reason::Contradiction };
                let detail = format!("{id} {}, {}; on line {}: {}", next.time, next.value, first.line, first.value);
                self.report.tell(path, next.line, reason, &detail)?;
                continue;
            }
            last = Some(next);
            chunk.add(id, *thing, &next);
            if chunk.rows >= self.chunk || chunk.recorders.len() >= MOST_RECORDERS {
                self.store_levels(parameter, &take(&mut chunk))?;
                self.progress.at(done);
            }
        }
        self.store_levels(parameter, &chunk)
    }

    fn store_levels(&mut self, parameter: i32, chunk: &Chunk) -> Result<(), ImportError> {
        if chunk.rows == 0 {
            return Ok(());
        }
        let (observations, series) = self.executor.write_blocking(|session: &mut WriteSession<'_>| {
            begin_chunk(session)?;
            let observations = measurement::add(session, Kind::water_level(parameter), &chunk.levels)?;
            let series = series::add(session, parameter, RECORDERS, &chunk.recorders)?;
            Ok::<_, ImportError>((observations, series))
        })?;
        let summary = &mut self.summary;
        summary.measurements += chunk.levels.len() as u64;
        summary.observations += observations as u64;
        summary.means += (chunk.rows - chunk.levels.len()) as u64;
        summary.readings += series.readings as u64;
        summary.sensors += series.sensors as u64;
        summary.blocks += series.blocks as u64;
        Ok(())
    }
}

/// What goes into one transaction.
#[derive(Default)]
struct Chunk {
    levels: Vec<measurement::Measurement>,
    recorders: Vec<Recorder>,
    rows: usize,
}

impl Chunk {
    fn add(&mut self, site: &str, thing_id: i32, level: &Level) {
        self.rows += 1;
        let Level { time, value, .. } = *level;
        match level.sort {
            Sort::Single => self.levels.push(measurement::Measurement {
                thing_id,
                sample_name: level::sample_name(site, time),
                time,
                value: Some(value),
                reason: None,
                // The values are depths below ground already.
                measuring_point_height: Some(0.0),
            }),
            Sort::DailyMean => match self.recorders.last_mut() {
                Some(recorder) if recorder.thing_id == thing_id => recorder.readings.push((time, value)),
                _ => {
                    let name = format!("USGS recorder {site}");
                    self.recorders.push(Recorder { thing_id, name, readings: vec![(time, value)] });
                }
            },
        }
    }
}
