//! `--context` and `--parents`: the texts of messages that replies answer.

use std::path::Path;

use anyhow::Result;
use franc_parler::context::{Parents, Wanted};
use franc_parler::error::{Error, ErrorKind};
use franc_parler::read::Found;
use franc_parler::stream::Summary;

use super::args::{ClassifyArgs, Context, Global};
use super::inputs;
use super::progress::say;

/// Reads the texts that the inputs' replies answer, where it is asked for.
pub(crate) fn parents(args: &ClassifyArgs, inputs: &[Found], global: &Global) -> Result<Option<Parents>> {
    let in_inputs = args.context == Some(Context::Inputs);
    if !in_inputs && args.parents.is_empty() {
        return Ok(None);
    }
    let elsewhere = inputs::find_files_of_some(&args.parents)?.unwrap_or_default();
    let elsewhere: Vec<Found> = elsewhere.into_iter().map(|path| Found { path, format: None }).collect();
    let options = args.read.options();
    let mut wanted = Wanted::default();
    let mut has_replies = false;
    for found in inputs {
        refuse_streams(&found.path)?;
        has_replies |= wanted.add(found.open(&options)?).map_err(|error| error.in_file(&found.path))?;
    }
    if !has_replies {
        say(global.quiet, "no column says which message a row answers: nothing to join (name it with --reply-to-col)");
    }
    let mut parents = Parents::new(wanted);
    for found in elsewhere.iter().chain(inputs.iter().filter(|_| in_inputs)) {
        if !parents.add(found.open(&options)?).map_err(|error| error.in_file(&found.path))? {
            say(
                global.quiet,
                &format!("{}: no column of ids to join by (name it with --id-col)", found.path.display()),
            );
        }
    }
    Ok(Some(parents.finish()))
}

/// What is read several times must be a file.
fn refuse_streams(path: &Path) -> Result<()> {
    if path.is_file() {
        return Ok(());
    }
    let why = "what is joined is read more than once: give a file, not a pipe".to_owned();
    Err(Error::new(ErrorKind::InvalidConfig(why)).in_file(path).into())
}

/// How many replies found their parent.
pub(crate) fn coverage(summary: &Summary) -> String {
    let share = 100.0 * summary.n_joined as f64 / summary.n_replies.max(1) as f64;
    format!("parent found for {share:.0} % of replies ({} of {})", summary.n_joined, summary.n_replies)
}
