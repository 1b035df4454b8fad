//! `classify`: the main job.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Result;
use franc_parler::error::{Error, ErrorKind};
use franc_parler::pipeline::Pipeline;
use franc_parler::read::{Found, Input, ReadOptions};
use franc_parler::stream::{self, Source, Summary};
use franc_parler::write::{CsvRows, Header};

use super::args::{ClassifyArgs, Global};
use super::exit::Outcome;
use super::inputs;
use super::output::Output;
use super::progress::{Progress, say};

pub(crate) fn run(args: &ClassifyArgs, global: &Global) -> Result<Outcome> {
    let found = inputs::find(&args.inputs)?;
    refuse_input_as_output(&found, &args.output)?;
    let pipeline = inputs::pipeline(&args.model)?;
    let mut run = Run {
        pipeline: &pipeline,
        options: args.read.options(),
        global,
        output: Output::create(&args.output, global.force)?,
        output_name: &args.output,
        first: None,
        stop: stop_on_signals()?,
        summary: Summary::default(),
    };
    for file in &found {
        run.classify(file)?;
    }
    let Run { output, summary, .. } = run;
    output.finish()?;
    tell(&summary, &pipeline, args, global);
    Ok(if summary.n_failed > 0 { Outcome::SomeRowsFailed } else { Outcome::Done })
}

/// Set when the user or the system asks the run to end.
fn stop_on_signals() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

fn refuse_input_as_output(found: &[Found], output: &Path) -> Result<()> {
    match found.iter().find(|file| inputs::is_same_file(&file.path, output)) {
        Some(file) => Err(Error::new(ErrorKind::OutputIsInput).in_file(&file.path).into()),
        None => Ok(()),
    }
}

/// A run over several inputs into one output.
struct Run<'a> {
    pipeline: &'a Pipeline,
    options: ReadOptions,
    global: &'a Global,
    output: Output,
    output_name: &'a Path,
    /// The first input and its columns, which all others must share.
    first: Option<(PathBuf, Vec<String>)>,
    stop: Arc<AtomicBool>,
    summary: Summary,
}

impl Run<'_> {
    fn classify(&mut self, found: &Found) -> Result<()> {
        let input = inputs::open(found, &self.options)?;
        let roles = input.roles()?;
        for note in &input.facts.notes {
            say(self.global.quiet, &format!("{}: {note}", found.path.display()));
        }
        if self.first.is_none() {
            say(self.global.quiet, &roles.describe());
            self.begin(&input)?;
        }
        self.check_columns(&input)?;
        let progress = Progress::new(&found.path, self.global.quiet);
        let summary = stream::classify(
            self.pipeline,
            Source { input, roles },
            self.global.n_threads(),
            &mut self.output,
            &self.stop,
            &mut |summary| progress.show(summary),
        );
        progress.clear();
        self.summary.add(&summary.map_err(|error| self.located(error, found))?);
        Ok(())
    }

    /// Writes the header.
    fn begin(&mut self, input: &Input) -> Result<()> {
        let header = Header::new(&input.columns, self.pipeline.labels(), self.pipeline.attributes());
        for (name, given) in &header.renamed {
            say(self.global.quiet, &format!("the input has a column {name:?}: ours is {given:?}"));
        }
        let bytes = CsvRows::header(&header.columns);
        self.output
            .write_all(&bytes)
            .map_err(|error| Error::new(ErrorKind::Unwritable(error)).in_file(self.output_name))?;
        self.first = Some((input.name.clone(), input.columns.clone()));
        Ok(())
    }

    fn check_columns(&self, input: &Input) -> Result<()> {
        let Some((first, expected)) = self.first.as_ref().filter(|(_, expected)| *expected != input.columns) else {
            return Ok(());
        };
        let (first, expected, found) = (first.clone(), expected.clone(), input.columns.clone());
        Err(Error::new(ErrorKind::DifferentColumns { first, expected, found }).in_file(&input.name).into())
    }

    fn located(&self, error: Error, found: &Found) -> Error {
        match error.kind() {
            ErrorKind::Unwritable(_) => error.in_file(self.output_name),
            ErrorKind::Interrupted => error,
            _ => error.in_file(&found.path),
        }
    }
}

fn tell(summary: &Summary, pipeline: &Pipeline, args: &ClassifyArgs, global: &Global) {
    let shares = pipeline.labels().names().iter().zip(&summary.per_label);
    if args.json {
        let labels: serde_json::Map<_, _> = shares.map(|(name, count)| (name.clone(), (*count).into())).collect();
        let json = serde_json::json!({
            "rows": summary.n_rows, "failed": summary.n_failed, "abstained": summary.n_abstained,
            "labels": labels, "model": pipeline.model().id(),
        });
        say(false, &json.to_string());
        return;
    }
    let counts: Vec<String> = shares.map(|(name, count)| format!("{name} {count}")).collect();
    say(global.quiet, &format!("{} rows · {} · abstains {}", summary.n_rows, counts.join(" · "), summary.n_abstained));
    if let Some((line, why)) = &summary.first_failure {
        let rows = if summary.n_failed == 1 { "row" } else { "rows" };
        say(
            false,
            &format!("{} {rows} could not be read as they stand; the first, line {line}: {why}", summary.n_failed),
        );
    }
}
