//! `classify`: the main job.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};

use anyhow::Result;
use franc_parler::context::Parents;
use franc_parler::error::{Error, ErrorKind};
use franc_parler::pipeline::Pipeline;
use franc_parler::read::{Found, IdLook, Input, ReadOptions, Roles};
use franc_parler::stream::{self, Source, Summary};
use franc_parler::write::Plan;

use super::args::{ClassifyArgs, Global};
use super::batch::{self, Batch};
use super::exit::Outcome;
use super::output::{Output, Partial, Stage};
use super::progress::{Progress, say};
use super::written::Target;
use super::{context, inputs, interrupt, output};

pub(crate) fn run(args: &ClassifyArgs, global: &Global) -> Result<Outcome> {
    let target = args.write.target(&args.output)?;
    let found = inputs::find(&args.inputs)?;
    output::refuse_input(found.iter().map(|file| file.path.as_path()), &args.output)?;
    if !batch::is_directory(&args.output) {
        // There, an input that cannot be read does not stop the others.
        inputs::check_readable(&found)?;
    }
    let pipeline = inputs::pipeline(&args.model)?;
    let parents = context::parents(args, &found, global)?.map(Arc::new);
    // Before there is anything to take away.
    let asked_to_end = interrupt::listen()?;
    let partial = Partial::default();
    interrupt::end_when_asked(Arc::clone(&asked_to_end), Arc::clone(&partial));
    let setting = Setting { pipeline: &pipeline, parents, args, target, global, partial };
    if batch::is_directory(&args.output) {
        return in_batch(&setting, &found, asked_to_end);
    }
    if args.shard.is_some() {
        let why = "--shard shares inputs out to outputs of their own: give -o a directory (a name that ends in /)";
        return Err(Error::new(ErrorKind::InvalidConfig(why.to_owned())).into());
    }
    let Told { summary, first_failure, first_ruined } = setting.classify(&found, &args.output, global.force)?;
    warn_of_ids(&summary.ids, first_ruined.as_deref(), global);
    tell(&summary, first_failure.as_deref(), &pipeline, args, global);
    Ok(if summary.n_failed > 0 { Outcome::SomeRowsFailed } else { Outcome::Done })
}

/// One output per input.
fn in_batch(setting: &Setting<'_>, found: &[Found], asked_to_end: Arc<AtomicBool>) -> Result<Outcome> {
    let Setting { pipeline, args, global, .. } = setting;
    let batch = Batch {
        directory: &args.output,
        model: pipeline.model().id(),
        settings: settings(args),
        labels: pipeline.labels().names(),
        shard: args.shard,
        extension: setting.target.style.ending(),
        force: global.force,
        quiet: global.quiet,
        asked_to_end,
    };
    let (mut first_failure, mut first_ruined) = (None, None);
    let (summary, outcome) = batch.run(found, |found, path| {
        let told = setting.classify(std::slice::from_ref(found), path, true)?;
        // Between two outputs there is nothing to take away.
        *setting.partial.lock().unwrap_or_else(PoisonError::into_inner) = Stage::Open;
        first_failure = first_failure.take().or(told.first_failure);
        first_ruined = first_ruined.take().or(told.first_ruined);
        Ok(told.summary)
    })?;
    warn_of_ids(&summary.ids, first_ruined.as_deref(), global);
    tell(&summary, first_failure.as_deref(), pipeline, args, global);
    Ok(outcome)
}

/// The flags that change an output, for the manifest.
fn settings(args: &ClassifyArgs) -> String {
    format!("{:?}, {:?}, context {:?}, parents {:?}", args.read.options(), args.write, args.context, args.parents)
}

/// What every output of a run has in common.
struct Setting<'a> {
    pipeline: &'a Pipeline,
    parents: Option<Arc<Parents>>,
    args: &'a ClassifyArgs,
    target: Target,
    global: &'a Global,
    partial: Partial,
}

/// What became of an output's rows.
struct Told {
    summary: Summary,
    /// The first row that failed: its file and line, and what is wrong.
    first_failure: Option<String>,
    /// The first id that looks ruined: its file and line.
    first_ruined: Option<String>,
}

impl Setting<'_> {
    /// Classifies inputs into one output.
    fn classify(&self, found: &[Found], path: &Path, force: bool) -> Result<Told> {
        let mut run = Run {
            pipeline: self.pipeline,
            args: self.args,
            target: self.target,
            options: self.args.read.options(),
            global: self.global,
            parents: self.parents.clone(),
            output: Output::create_watched(path, force, self.target.encoding, &self.partial)?,
            first: None,
            told: Told { summary: Summary::default(), first_failure: None, first_ruined: None },
        };
        for file in found {
            run.classify(file)?;
        }
        let Run { output, told, .. } = run;
        output.finish()?;
        Ok(told)
    }
}

/// A run over several inputs into one output.
struct Run<'a> {
    pipeline: &'a Pipeline,
    args: &'a ClassifyArgs,
    target: Target,
    options: ReadOptions,
    global: &'a Global,
    parents: Option<Arc<Parents>>,
    output: Output,
    first: Option<First>,
    told: Told,
}

/// The first input.
struct First {
    name: PathBuf,
    /// Its columns, which all others must share.
    columns: Vec<String>,
    /// What is written of them and of all others.
    plan: Plan,
}

impl First {
    fn check_columns(&self, input: &Input) -> Result<()> {
        if self.columns == input.columns {
            return Ok(());
        }
        let (first, expected, found) = (self.name.clone(), self.columns.clone(), input.columns.clone());
        Err(Error::new(ErrorKind::DifferentColumns { first, expected, found }).in_file(&input.name).into())
    }
}

impl Run<'_> {
    fn classify(&mut self, found: &Found) -> Result<()> {
        let Some(input) = self.open(found)? else { return Ok(()) };
        let roles = input.roles()?;
        for note in &input.facts.notes {
            say(self.global.quiet, &format!("{}: {note}", found.path.display()));
        }
        let first = match self.first.take() {
            Some(first) => first,
            None => self.begin(&input, &roles)?,
        };
        first.check_columns(&input)?;
        let First { plan, .. } = self.first.insert(first);
        let progress = Progress::new(&found.path, self.global.quiet);
        let summary = stream::classify(
            self.pipeline,
            Source { input, roles, parents: self.parents.clone() },
            plan,
            self.global.n_threads(),
            &mut self.output,
            &mut |summary| progress.show(summary),
        );
        progress.clear();
        let summary = summary.map_err(|error| self.located(error, found))?;
        if let Some((line, why)) = summary.first_failure.as_ref().filter(|_| self.told.first_failure.is_none()) {
            self.told.first_failure = Some(format!("{} line {line}: {why}", found.path.display()));
        }
        if let Some(line) = summary.ids.first.filter(|_| self.told.first_ruined.is_none()) {
            self.told.first_ruined = Some(format!("{} line {line}", found.path.display()));
        }
        self.told.summary.add(&summary);
        Ok(())
    }

    /// Opens an input; `None` for an empty document of a directory, which holds no message.
    fn open(&self, found: &Found) -> Result<Option<Input>> {
        match found.open(&self.options) {
            Err(error) if found.format.is_some() && matches!(error.kind(), ErrorKind::EmptyInput) => {
                say(self.global.quiet, &format!("{}: is empty, and passed by", found.path.display()));
                Ok(None)
            }
            opened => Ok(Some(opened?)),
        }
    }

    /// Says what was understood of the first input, and writes the header.
    fn begin(&mut self, input: &Input, roles: &Roles) -> Result<First> {
        say(self.global.quiet, &roles.describe());
        let (plan, notes) = self.args.write.plan(self.target.style, input, roles, self.pipeline)?;
        for note in &notes {
            say(self.global.quiet, note);
        }
        self.output.begin(&plan)?;
        Ok(First { name: input.name.clone(), columns: input.columns.clone(), plan })
    }

    fn located(&self, error: Error, found: &Found) -> Error {
        match error.kind() {
            ErrorKind::Unwritable(_) => error.in_file(&self.args.output),
            _ => error.in_file(&found.path),
        }
    }
}

fn tell(summary: &Summary, first_failure: Option<&str>, pipeline: &Pipeline, args: &ClassifyArgs, global: &Global) {
    let shares = pipeline.labels().names().iter().zip(&summary.per_label);
    if args.json {
        let labels: serde_json::Map<_, _> = shares.map(|(name, count)| (name.clone(), (*count).into())).collect();
        let json = serde_json::json!({
            "rows": summary.n_rows, "failed": summary.n_failed, "abstained": summary.n_abstained,
            "replies": summary.n_replies, "joined": summary.n_joined,
            "labels": labels, "model": pipeline.model().id(),
        });
        say(false, &json.to_string());
        return;
    }
    let counts: Vec<String> = shares.map(|(name, count)| format!("{name} {count}")).collect();
    say(global.quiet, &format!("{} rows · {} · abstains {}", summary.n_rows, counts.join(" · "), summary.n_abstained));
    if args.context.is_some() || !args.parents.is_empty() {
        say(global.quiet, &context::coverage(summary));
    }
    if let Some(first) = first_failure {
        let rows = if summary.n_failed == 1 { "row" } else { "rows" };
        say(false, &format!("{} {rows} could not be read as they stand; the first, {first}", summary.n_failed));
    }
}

/// Ids that a spreadsheet has ruined find no message again, and several are one: whoever joins by them must hear of it.
fn warn_of_ids(ids: &IdLook, first: Option<&str>, global: &Global) {
    let Some(first) = first.filter(|_| ids.is_ruined()) else { return };
    let what = if ids.n_floats > 0 {
        format!("{} of the ids are written like 1.23457E+18", ids.n_floats)
    } else {
        format!("{} of the {} ids of 15 digits or more end in 000", ids.n_rounded, ids.n_long)
    };
    let todo =
        "a spreadsheet has probably rounded them; export again, with the ids as text (they are copied as they stand)";
    say(global.quiet, &format!("warning: {what}, the first {first}: {todo}"));
}
