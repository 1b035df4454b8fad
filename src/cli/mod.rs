//! The edge: the only code that prints, reads flags or leaves with a code. Data goes to stdout, everything for people to stderr.

mod adapt;
mod args;
mod batch;
mod classify;
mod context;
mod duplicates;
mod encoder;
mod evaluate;
mod exit;
mod explain;
mod inputs;
mod inspect;
mod interrupt;
mod key;
mod model;
mod output;
mod pretrain;
mod privacy_args;
mod progress;
mod pseudonymize;
mod purge;
mod settings;
mod train;
mod tune;
mod validate;
mod workbook;
mod written;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Command};
use exit::Outcome;

/// Runs the program and returns its exit code.
pub(crate) fn run() -> ExitCode {
    // Wrong flags end here with clap's own message and code 2; --help and --version with 0.
    let cli = Cli::parse();
    exit::report(dispatch(&cli))
}

fn dispatch(cli: &Cli) -> anyhow::Result<Outcome> {
    let global = &cli.global;
    match &cli.command {
        Command::Classify(args) => classify::run(args, global),
        Command::Validate(args) => validate::run(args, global),
        Command::Train(args) => train::run(args, global),
        Command::Pretrain(args) => pretrain::run(args, global),
        Command::Adapt(args) => adapt::run(args, global),
        Command::Evaluate(args) => evaluate::run(args, global),
        Command::Explain(args) => explain::run(args, global),
        Command::Inspect(args) => inspect::run(args),
        Command::Model(args) => model::run(args),
        Command::Duplicates(args) => duplicates::run(args, global),
        Command::Pseudonymize(args) => pseudonymize::run(args, global),
        Command::Purge(args) => purge::run(args, global),
        Command::Completions { shell } => {
            // Into memory first: the generator panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "franc-parler", &mut script);
            output::write_all("-".as_ref(), &script, false)?;
            Ok(Outcome::Done)
        }
    }
}
