//! `ocotillo assets`.

use std::collections::HashSet;
use std::error::Error;
use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt as _;

use crate::cli::args::{Assets, CollectFiles};
use crate::cli::commands::existing;
use crate::cli::output::{Outcome, print};
use crate::config::Config;
use crate::db::Executor;
use crate::domain::measure::time::UtcDateTime;
use crate::server;
use crate::storage::{FileState, Storage, StorageError};
use crate::store::{StoreError, asset};

/// Files whose records are looked up in one statement.
const BATCH: usize = 500;

pub(in crate::cli) fn run(config: &Config, action: Assets) -> Outcome {
    match action {
        Assets::Gc(flags) => collect(&existing(config)?, &flags),
    }
}

/// What was found, and what became of it.
#[derive(Default)]
struct Sum {
    files: usize,
    bytes: u64,
}

fn collect(config: &Config, flags: &CollectFiles) -> Outcome {
    let executor = server::connect(config)?.executor;
    let storage = server::storage(config)?;
    storage.prepare()?;
    let grace = Duration::from_secs(flags.older_than * 3600);
    let before = SystemTime::now().checked_sub(grace).ok_or("--older-than: too long ago")?;
    let sum = actix_web::rt::System::new().block_on(sweep(&executor, &storage, before, flags.dry_run))?;
    let beginnings = storage.remove_beginnings(before, flags.dry_run)?;
    let done = if flags.dry_run { "would remove" } else { "removed" };
    print(&format!(
        "{done} {} files without a record ({} bytes), {beginnings} beginnings of files\n",
        sum.files, sum.bytes
    ))
}

async fn sweep(
    executor: &Executor,
    storage: &Storage,
    before: SystemTime,
    dry_run: bool,
) -> Result<Sum, Box<dyn Error>> {
    let old = storage.all()?.try_filter(|file| std::future::ready(file.modified < before));
    let mut batches = old.try_chunks(BATCH);
    let mut sum = Sum::default();
    while let Some(batch) = batches.try_next().await.map_err(|error| error.1)? {
        let recorded = recorded(executor, &batch)?;
        for file in batch.iter().filter(|file| !recorded.contains(&file.path)) {
            // Somebody may have uploaded the same file just now.
            let Some(file) = still_old(storage, file, before).await? else { continue };
            if !dry_run {
                storage.remove(file.path.clone()).await?;
            }
            let modified = UtcDateTime::from_utc(chrono::DateTime::<chrono::Utc>::from(file.modified).naive_utc())?;
            let name: String = file.path.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
            print(&format!("{name}  {} bytes  {modified}\n", file.size))?;
            sum.files += 1;
            sum.bytes += file.size;
        }
    }
    Ok(sum)
}

fn recorded(executor: &Executor, batch: &[FileState]) -> Result<HashSet<String>, StoreError> {
    let paths: Vec<String> = batch.iter().map(|file| file.path.clone()).collect();
    let recorded = executor.write_blocking(|session| asset::recorded(session, &paths))?;
    Ok(recorded.into_iter().collect())
}

async fn still_old(storage: &Storage, file: &FileState, before: SystemTime) -> Result<Option<FileState>, StorageError> {
    match storage.state(file.path.clone()).await {
        Ok(now) => Ok((now.modified < before).then_some(now)),
        Err(StorageError::Missing) => Ok(None),
        Err(error) => Err(error),
    }
}
