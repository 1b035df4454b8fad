//! SIGINT and SIGTERM: the run ends at once, whatever it waits for, and what it was writing goes away with it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use anyhow::Result;
use franc_parler::error::{Error, ErrorKind};

use super::encoder::Encoding;
use super::exit;
use super::output::{Output, Partial, Stage};

/// How long a signal may wait: flags are looked at in turns, since waiting for one works on Unix only.
const PATIENCE: Duration = Duration::from_millis(50);

/// Notes signals from now on.
pub(crate) fn listen() -> Result<Arc<AtomicBool>> {
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&asked))?;
    }
    Ok(asked)
}

/// An output that goes away with the run, where it is interrupted.
pub(crate) fn watched(path: &Path, force: bool) -> Result<Output> {
    // Before there is anything to take away.
    let asked = listen()?;
    let partial = Partial::default();
    let output = Output::create_watched(path, force, Encoding::Plain, &partial)?;
    end_when_asked(asked, partial);
    Ok(output)
}

/// Ends the run once a signal was noted. A thread of its own looks: the others may be waiting for input that never comes.
#[allow(clippy::exit, reason = "a blocked read cannot be given up in any other way")]
pub(crate) fn end_when_asked(asked: Arc<AtomicBool>, partial: Partial) {
    std::thread::spawn(move || {
        while !asked.load(Ordering::Relaxed) {
            std::thread::sleep(PATIENCE);
        }
        // Held to the end of the process: the output can no longer get its name.
        let stage = partial.lock().unwrap_or_else(PoisonError::into_inner);
        match &*stage {
            Stage::Finished => return,
            // Where it cannot be removed, it keeps the name that tells it from an output.
            Stage::Partial(path) => drop(std::fs::remove_file(path)),
            Stage::Open => {}
        }
        let interrupted = Error::from(ErrorKind::Interrupted).into();
        std::process::exit(i32::from(exit::tell(&interrupted)))
    });
}
