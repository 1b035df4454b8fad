//! What people see while they wait: on stderr, and only where it is a terminal.

use std::io::IsTerminal;
use std::path::Path;

use franc_parler::stream::Summary;
use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar by bytes of input, or by rows where the size is unknown.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for an input; hidden where nobody would see it.
    pub(crate) fn new(input: &Path, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let size = std::fs::metadata(input).ok().filter(std::fs::Metadata::is_file).map(|facts| facts.len());
        let bar = size.map_or_else(ProgressBar::no_length, ProgressBar::new);
        let template = match size {
            Some(_) => "{bar:30} {percent} % · {msg} · {eta} left",
            None => "{spinner} {msg} · {elapsed}",
        };
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar }
    }

    /// Shows how far the run is.
    pub(crate) fn show(&self, summary: &Summary) {
        if self.bar.is_hidden() {
            return;
        }
        let seconds = self.bar.elapsed().as_secs_f64().max(1e-3);
        let rate = summary.n_rows as f64 / seconds / 1000.0;
        let abstained = 100.0 * summary.n_abstained as f64 / summary.n_rows.max(1) as f64;
        self.bar.set_position(summary.n_bytes);
        self.bar.set_message(format!("{} rows · {rate:.0} k/s · abstains on {abstained:.1} %", summary.n_rows));
    }

    /// Shows how far the reading is.
    pub(crate) fn show_read(&self, n_rows: u64, n_bytes: u64) {
        self.bar.set_position(n_bytes);
        self.bar.set_message(format!("{n_rows} rows"));
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// A line for people.
#[allow(clippy::print_stderr, reason = "this is where people are told things")]
pub(crate) fn say(quiet: bool, line: &str) {
    if !quiet {
        eprintln!("franc-parler: {line}");
    }
}
