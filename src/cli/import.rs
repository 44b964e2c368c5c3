//! `ocotillo import`.

use std::path::Path;
use std::time::Instant;

use crate::config::Config;
use crate::db::analyze;
use crate::import::usgs;
use crate::import::usgs::Summary;
use crate::import::water_levels::{self, NotKept};
use crate::server;
use crate::store::StoreError;

use crate::cli::args::{Import, ImportUsgs};
use crate::cli::interrupt::interruptible;
use crate::cli::output::{Outcome, print};

pub(in crate::cli) fn run(config: &Config, source: Import) -> Outcome {
    match source {
        Import::Usgs(flags) => from_usgs(config, flags),
        Import::WaterLevels { file, dry_run } => from_crew(config, &file, dry_run),
    }
}

/// One transaction, as for a request.
fn from_crew(config: &Config, file: &Path, dry_run: bool) -> Outcome {
    let unread = |cause: std::io::Error| format!("{}: {cause}", file.display());
    let bytes = std::fs::read(file).map_err(unread)?;
    let sheet = water_levels::read(&bytes).map_err(|reason| format!("{}: {reason}", file.display()))?;
    let executor = server::prepare(config)?.executor;
    interruptible(&executor, || {
        let outcome = match executor.write_blocking(|session| water_levels::store(session, &sheet, dry_run)) {
            Ok(outcome) | Err(NotKept::Tried(outcome)) => outcome,
            Err(NotKept::Failed(error)) => return Err(error.into()),
        };
        print(&format!("{}\n", serde_json::to_string_pretty(&outcome)?))?;
        if outcome.summary.total_rows_imported == 0 && !outcome.validation_errors.is_empty() {
            return Err("no row could be stored".into());
        }
        Ok(())
    })
}

fn from_usgs(config: &Config, flags: ImportUsgs) -> Outcome {
    let began = Instant::now();
    let executor = server::prepare(config)?.executor;
    let report = flags.report.clone();
    let import = usgs::Import { report: flags.report, ..usgs::Import::new(flags.sites, flags.levels) };
    interruptible(&executor, || {
        let summary = usgs::run(&executor, &import)?;
        executor.admin_blocking(|conn| Ok::<_, StoreError>(analyze(conn)?))?;
        let mut text = printed(&summary);
        if let (Some(report), true) = (report, summary.left_out > 0 || !summary.skipped.is_empty()) {
            text += &format!("each of them is listed in {}\n", report.display());
        }
        print(&format!("{text}took {:.1} s\n", began.elapsed().as_secs_f64()))
    })
}

/// What was added, what was there already, and what could not be used.
fn printed(summary: &Summary) -> String {
    let mut text = String::new();
    for (what, usable, kind, added) in [
        ("sites", summary.sites, "things", summary.things),
        ("single measurements", summary.measurements, "observations", summary.observations),
        ("daily means", summary.means, "readings", summary.readings),
    ] {
        text += &format!("{usable} {what}: {added} {kind} added, {} there already\n", usable - added);
    }
    text += &format!("{} recorders and {} blocks of readings added\n", summary.sensors, summary.blocks);
    text += &format!("{} rows not used\n", summary.skipped.iter().map(|skipped| skipped.rows).sum::<u64>());
    for skipped in &summary.skipped {
        text += &format!("  {}: {}\n", skipped.rows, skipped.reason);
    }
    if summary.left_out > 0 {
        text += &format!("{} values left out of rows that were used\n", summary.left_out);
    }
    text
}
