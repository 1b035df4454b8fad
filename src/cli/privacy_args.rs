//! Flags of the commands that protect persons.

use std::path::PathBuf;

use clap::Args;

use super::args::ReadArgs;

#[derive(Debug, Args)]
pub(crate) struct PseudonymizeArgs {
    /// Files, directories, or - for stdin [default: -]
    pub(crate) inputs: Vec<PathBuf>,
    /// Output file (CSV); - is stdout
    #[arg(long, short)]
    pub(crate) output: PathBuf,
    /// File of the secret key, made if it is not there; the same key gives the same pseudonyms
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Cut dates to their day; those not understood are left out
    #[arg(long)]
    pub(crate) day: bool,
    /// Copy this column as it is
    #[arg(long, value_name = "COL")]
    pub(crate) keep: Vec<String>,
    /// Leave this column out
    #[arg(long, value_name = "COL")]
    pub(crate) drop: Vec<String>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PurgeArgs {
    /// Files or directories: CSV, TSV or JSON lines with ids
    #[arg(required = true)]
    pub(crate) inputs: Vec<PathBuf>,
    /// The ids to remove: one a line, or a table with a column of ids
    #[arg(long, value_name = "FILE")]
    pub(crate) ids: PathBuf,
    /// Output file, or the directory of the copies where there are several inputs; - is stdout
    #[arg(long, short, required_unless_present = "in_place", conflicts_with = "in_place")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the inputs themselves, each by one renaming
    #[arg(long)]
    pub(crate) in_place: bool,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}
