//! Exit codes, and how errors are told.

use std::io::ErrorKind as IoErrorKind;
use std::process::ExitCode;

use franc_parler::error::{Category, Error};

/// How a command ended when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is done.
    Done,
    /// All is done, but some rows could not be read as they stand.
    SomeRowsFailed,
    /// A quality gate was not met.
    GateNotMet,
}

/// Says what went wrong, if anything, and returns the code.
pub(crate) fn report(result: anyhow::Result<Outcome>) -> ExitCode {
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::SomeRowsFailed) => ExitCode::from(1),
        Ok(Outcome::GateNotMet) => ExitCode::from(5),
        // Whoever reads us has seen enough (`… | head`).
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => ExitCode::from(tell(&error)),
    }
}

/// Says what went wrong, and returns its code.
#[allow(clippy::print_stderr, reason = "this is where errors are told")]
pub(crate) fn tell(error: &anyhow::Error) -> u8 {
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    eprintln!("franc-parler: error: {}", chain.join(": "));
    code(error)
}

fn code(error: &anyhow::Error) -> u8 {
    let category = error.chain().find_map(|cause| cause.downcast_ref::<Error>()).map(Error::category);
    match category {
        Some(Category::Input | Category::Output) => 3,
        Some(Category::Model) => 4,
        Some(Category::Interrupted) => 130,
        Some(Category::Usage) | None => {
            if error.chain().any(<dyn std::error::Error>::is::<std::io::Error>) {
                3
            } else {
                2
            }
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let broken = |cause: &std::io::Error| cause.kind() == IoErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(broken))
}
