//! Long commands end between two transactions when a signal comes, and close the database as they always do.

use crate::cli::output::Outcome;
use crate::db::Executor;
use crate::server::Signals;

/// What a command says that was ended.
const INTERRUPTED: &str = "interrupted: what was stored until then stays; run the command again to go on";

/// Runs the work of a command that writes in several transactions. From the first signal on no further one begins.
pub(in crate::cli) fn interruptible(executor: &Executor, work: impl FnOnce() -> Outcome) -> Outcome {
    let close = executor.closer();
    let (caught, ready) = std::sync::mpsc::channel();
    // It ends with the program.
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let waited = runtime.map(|runtime| {
            runtime.block_on(async {
                let signals = Signals::catch();
                // Who waits for it gets the error, or is gone.
                let _gone = caught.send(signals.as_ref().map(drop).map_err(ToString::to_string));
                if let Ok(mut signals) = signals {
                    signals.received().await;
                    close();
                }
            });
        });
        if let Err(error) = waited {
            log::warn!("signals end this command at once: {error}");
        }
    })?;
    if let Ok(Err(error)) = ready.recv() {
        log::warn!("signals end this command at once: {error}");
    }
    let outcome = work();
    if executor.is_closing() && outcome.is_err() { Err(INTERRUPTED.into()) } else { outcome }
}
