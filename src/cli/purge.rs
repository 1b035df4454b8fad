//! `purge`: honours deletions in whatever holds rows of messages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Result, bail};
use franc_parler::error::{Error, ErrorKind};
use franc_parler::purge::{DeletedIds, PurgeColumns, Purged, purge};
use franc_parler::read::{FormatName, Input, ReadOptions, Role, RoleOverrides, expand};

use super::args::{Global, PurgeArgs};
use super::encoder::Encoding;
use super::exit::Outcome;
use super::interrupt;
use super::output::{self, Output, Partial};
use super::progress::say;

pub(crate) fn run(args: &PurgeArgs, global: &Global) -> Result<Outcome> {
    let options = args.read.options();
    let deleted = deleted_ids(&args.ids, &options)?;
    let jobs = jobs(args)?;
    check(&jobs, args, &options, global)?;
    say(global.quiet, &format!("{}: {} ids", args.ids.display(), deleted.len()));
    if deleted.n_rounded() > 0 {
        let line = "{} ids were rounded by a spreadsheet (1.23E+17) and can be met nowhere: export them as text";
        say(false, &line.replace("{}", &deleted.n_rounded().to_string()));
    }
    let mut unsure = false;
    let (asked_to_end, partial) = (interrupt::listen()?, Partial::default());
    interrupt::end_when_asked(Arc::clone(&asked_to_end), Arc::clone(&partial));
    for job in &jobs {
        let purged = job.run(&options, &deleted, &partial, args.in_place, global)?;
        if asked_to_end.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Interrupted).into());
        }
        tell(&job.input, &purged, global);
        unsure |= purged.n_unsure > 0;
    }
    say(global.quiet, &format!("{} ids were found in no row", deleted.n_unmet()));
    Ok(if unsure { Outcome::SomeRowsFailed } else { Outcome::Done })
}

/// The ids of a table's column of ids, or all lines of a file that is no table.
fn deleted_ids(path: &Path, options: &ReadOptions) -> Result<DeletedIds> {
    let mut input = Input::open(path, &ids_options(path, options))?;
    let mut role = if input.has_records() { Role::Id } else { Role::Text };
    // A table of one column that is not called as ids are is a list without a header.
    if input.columns.len() == 1 && input.column_of(Role::Id).ok().flatten().is_none() {
        let lines = ReadOptions { format: Some(FormatName::Lines), ..ReadOptions::default() };
        (input, role) = (Input::open(path, &lines)?, Role::Text);
    }
    let missing = ErrorKind::MissingColumn { role: Role::Id.name(), columns: input.columns.clone() };
    let column = input.column_of(role)?.ok_or_else(|| Error::new(missing).in_file(path))?;
    let mut deleted = DeletedIds::default();
    for row in input.rows() {
        deleted.add(row?.1.cells.get(column).unwrap_or_default());
    }
    Ok(deleted)
}

/// How the list is read: `--id-col` may name a column that only the inputs have.
fn ids_options(path: &Path, options: &ReadOptions) -> ReadOptions {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    let is_table = matches!(extension.as_str(), "csv" | "tsv" | "tab" | "jsonl" | "ndjson" | "ssv" | "scsv" | "psv");
    let format = (!is_table).then_some(FormatName::Lines);
    let mut roles = RoleOverrides::default();
    let plain = ReadOptions { format, ..ReadOptions::default() };
    if let Some(name) = options.roles.get(Role::Id).filter(|_| is_table) {
        let holds = Input::open(path, &plain).is_ok_and(|input| input.columns.iter().any(|column| column == name));
        if holds {
            roles.set(Role::Id, name);
        }
    }
    ReadOptions { roles, ..plain }
}

/// An input and the name of its copy.
struct Job {
    input: PathBuf,
    output: PathBuf,
}

/// One file goes to a file; several, or a directory, into a directory under the names they have.
fn jobs(args: &PurgeArgs) -> Result<Vec<Job>> {
    let mut jobs = Vec::new();
    let is_single = matches!(&args.inputs[..], [only] if !only.is_dir());
    for given in &args.inputs {
        for found in expand(given)? {
            let input = found.path;
            let output = match &args.output {
                None => input.clone(),
                Some(output) if is_single && !output.is_dir() => output.clone(),
                Some(folder) => folder.join(name_below(&input, given)),
            };
            jobs.push(Job { input, output });
        }
    }
    Ok(jobs)
}

/// The path of a file below the directory that was given, or its name.
fn name_below<'p>(input: &'p Path, given: &Path) -> &'p Path {
    let below = input.strip_prefix(given).ok().filter(|below| !below.as_os_str().is_empty());
    below.or_else(|| input.file_name().map(Path::new)).unwrap_or(input)
}

/// All that can be wrong is found before the first file is written.
fn check(jobs: &[Job], args: &PurgeArgs, options: &ReadOptions, global: &Global) -> Result<()> {
    let mut names = BTreeSet::new();
    for Job { input, output } in jobs {
        if args.in_place && input.as_os_str() == "-" {
            bail!("stdin cannot be replaced: give --in-place files, or write to --output");
        }
        if !names.insert(output) {
            bail!("{}: two inputs would have this name; purge them one by one", output.display());
        }
        if !args.in_place {
            output::refuse_input(jobs.iter().map(|job| job.input.as_path()).chain([args.ids.as_path()]), output)?;
            output::refuse_existing(output, global.force)?;
        }
        if input.as_os_str() != "-" {
            PurgeColumns::of(&Input::open(input, options)?)?;
        }
    }
    Ok(())
}

impl Job {
    fn run(
        &self,
        options: &ReadOptions,
        deleted: &DeletedIds,
        partial: &Partial,
        in_place: bool,
        global: &Global,
    ) -> Result<Purged> {
        let input = Input::open(&self.input, options)?;
        for note in &input.facts.notes {
            say(global.quiet, &format!("{}: {note}", self.input.display()));
        }
        let columns = PurgeColumns::of(&input)?;
        if let Some(folder) = self.output.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|error| Error::new(ErrorKind::Unwritable(error)).in_file(folder))?;
        }
        let mut output = Output::create_watched(&self.output, in_place || global.force, Encoding::Plain, partial)?;
        output.take_permissions(&self.input)?;
        let purged = purge(input, &columns, deleted, &mut output)?;
        // A file in which nothing changes keeps its date.
        if !in_place || purged.n_removed + purged.n_emptied > 0 {
            output.finish()?;
        } else {
            output.discard();
        }
        Ok(purged)
    }
}

fn tell(input: &Path, purged: &Purged, global: &Global) {
    let name = input.display();
    let Purged { n_rows, n_removed, n_emptied, n_quoting, n_unsure, first_unsure } = purged;
    say(global.quiet, &format!("{name}: {n_removed} of {n_rows} rows removed"));
    if *n_emptied > 0 {
        say(
            global.quiet,
            &format!("{name}: {n_emptied} answers to removed messages kept, without the text they answer"),
        );
    }
    if *n_quoting > 0 {
        say(
            false,
            &format!(
                "{name}: {n_quoting} rows kept repost or quote a listed message, and may hold its words: look at them"
            ),
        );
    }
    if let Some(line) = first_unsure {
        say(
            false,
            &format!(
                "{name}: {n_unsure} rows could not be read as they stand, the first at line {line}: their ids are not sure"
            ),
        );
    }
}
