//! `duplicates`: what was copied and sent again, whoever sent it. The inputs are read twice: once to compare, once to write.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use franc_parler::duplicates::{Collected, DuplicatesConfig, Group, Groups, Scanned, as_iso, scan};
use franc_parler::error::{Error, ErrorKind};
use franc_parler::read::{Found, Input, ReadOptions, Role, Roles};
use franc_parler::types::Row;
use franc_parler::write::{CsvRows, Header};

use super::args::{DuplicatesArgs, Global};
use super::exit::Outcome;
use super::output::{self, Output};
use super::progress::{Progress, say};
use super::{inputs, interrupt, tune};

/// Our columns behind the input's.
const COLUMNS: [&str; 2] = ["dup_group", "dup_size"];
/// Columns of the file of groups.
const GROUP_COLUMNS: [&str; 6] = ["dup_group", "size", "authors", "first_time", "last_time", "text"];

pub(crate) fn run(args: &DuplicatesArgs, global: &Global) -> Result<Outcome> {
    let config = config(args)?;
    let found = inputs::find(&args.inputs)?;
    refuse_outputs(&found, args, global)?;
    inputs::check_readable(&found)?;
    let mut output = interrupt::watched(&args.output, global.force)?;
    let sources: Vec<Source> =
        found.into_iter().map(|file| Source::of(file, args.read.options())).collect::<Result<_>>()?;
    let mut reading = Reading {
        args,
        global,
        config: &config,
        first: None,
        collected: Collected::default(),
        failed: Failed::default(),
    };
    sources.iter().try_for_each(|source| reading.scan(source))?;
    let Reading { collected, first, failed, .. } = reading;
    let groups = Groups::find(&collected, &config, global.n_threads());
    tell_times(&collected, args, global);
    drop(collected);
    let mut writing = Writing {
        groups: &groups,
        columns: first,
        begun: false,
        row: 0,
        list: args.groups.as_ref().map(|_| list()).transpose()?,
    };
    for source in &sources {
        writing.write(source, &mut output)?;
    }
    writing.finish(&sources, args, global)?;
    output.finish()?;
    tell(&groups, &failed, global);
    Ok(if failed.n_rows > 0 { Outcome::SomeRowsFailed } else { Outcome::Done })
}

fn config(args: &DuplicatesArgs) -> Result<DuplicatesConfig> {
    let window = args.time_window.map(|window| u64::try_from(window.as_millis()).unwrap_or(u64::MAX));
    let DuplicatesArgs { threshold, min_size, min_letters, .. } = *args;
    let config = DuplicatesConfig { threshold, min_size, window, min_letters };
    config.check()?;
    Ok(config)
}

/// Refuses outputs that would overwrite something, or one another.
fn refuse_outputs(found: &[Found], args: &DuplicatesArgs, global: &Global) -> Result<()> {
    let inputs = || found.iter().map(|file| file.path.as_path());
    output::refuse_input(inputs(), &args.output)?;
    let Some(groups) = &args.groups else { return Ok(()) };
    output::refuse_input(inputs(), groups)?;
    output::refuse_existing(groups, global.force)?;
    if *groups == args.output {
        let why = "--groups and --output name the same file".to_owned();
        return Err(Error::new(ErrorKind::InvalidConfig(why)).in_file(groups).into());
    }
    Ok(())
}

/// `90s`, `10m`, `1h`, `7d`, or seconds.
pub(crate) fn window(text: &str) -> Result<Duration, String> {
    const HOURS: u32 = 24;
    let days = text.strip_suffix('d').map(|days| tune::duration(&format!("{days}h")));
    let days = days.map(|days| days.and_then(|hours| hours.checked_mul(HOURS).ok_or_else(String::new)));
    days.unwrap_or_else(|| tune::duration(text)).map_err(|_| "write 90s, 10m, 1h or 7d".to_owned())
}

/// An input that can be read twice.
struct Source {
    found: Found,
    options: ReadOptions,
    /// What came through a pipe, in a file without a name.
    spooled: Option<File>,
}

impl Source {
    fn of(found: Found, options: ReadOptions) -> Result<Self> {
        let is_file =
            found.path.as_os_str() != "-" && std::fs::metadata(&found.path).is_ok_and(|facts| facts.is_file());
        let spooled = if is_file { None } else { Some(spool(&found.path)?) };
        Ok(Self { options: ReadOptions { format: options.format.or(found.format), ..options }, found, spooled })
    }

    /// Opens it from its beginning; `None` for an empty document of a directory, which holds no message.
    fn open(&self) -> Result<Option<Input>> {
        let opened = match &self.spooled {
            None => Input::open(&self.found.path, &self.options),
            Some(file) => {
                let again = rewound(file)
                    .map_err(|error| Error::new(ErrorKind::Unreadable(error)).in_file(&self.found.path))?;
                Input::from_reader(&self.found.path, Box::new(again), &self.options)
            }
        };
        match opened {
            Err(error) if self.found.format.is_some() && matches!(error.kind(), ErrorKind::EmptyInput) => Ok(None),
            opened => Ok(Some(opened?)),
        }
    }

    fn located(&self, error: Error) -> Error {
        error.in_file(&self.found.path)
    }
}

/// Keeps what comes through a pipe.
fn spool(path: &Path) -> Result<File> {
    let unreadable = |error| Error::new(ErrorKind::Unreadable(error)).in_file(path);
    let mut file = temporary()?;
    if path.as_os_str() == "-" {
        io::copy(&mut io::stdin().lock(), &mut file).map_err(unreadable)?;
    } else {
        io::copy(&mut File::open(path).map_err(unreadable)?, &mut file).map_err(unreadable)?;
    }
    Ok(file)
}

/// A file that goes away with the run.
fn temporary() -> Result<File> {
    let failed = |error| Error::new(ErrorKind::Unwritable(error)).in_file(Path::new("temporary file"));
    Ok(tempfile::tempfile().map_err(failed)?)
}

fn rewound(file: &File) -> io::Result<File> {
    let mut again = file.try_clone()?;
    again.rewind()?;
    Ok(again)
}

/// Rows that could not be read as they stand.
#[derive(Default)]
struct Failed {
    n_rows: u64,
    /// The file and line of the first, and what is wrong.
    first: Option<String>,
}

/// The first time through the inputs.
struct Reading<'a> {
    args: &'a DuplicatesArgs,
    global: &'a Global,
    config: &'a DuplicatesConfig,
    /// The first input and its columns, which all others must share.
    first: Option<(PathBuf, Vec<String>)>,
    collected: Collected,
    failed: Failed,
}

impl Reading<'_> {
    fn scan(&mut self, source: &Source) -> Result<()> {
        let path = &source.found.path;
        let Some(input) = source.open()? else {
            say(self.global.quiet, &format!("{}: is empty, and passed by", path.display()));
            return Ok(());
        };
        let roles = input.roles()?;
        for note in &input.facts.notes {
            say(self.global.quiet, &format!("{}: {note}", path.display()));
        }
        self.check_time(&input, &roles)?;
        if let Some(first) = &self.first {
            check_columns(first, &input)?;
        } else {
            say(self.global.quiet, &roles.describe());
            for (name, given) in &Header::with(&input.columns, &COLUMNS).renamed {
                say(self.global.quiet, &format!("the input has a column {name:?}: ours is {given:?}"));
            }
            self.first = Some((input.name.clone(), input.columns.clone()));
        }
        let progress = Progress::new(path, self.global.quiet);
        let mut show = |scanned: &Scanned| progress.show_read(scanned.n_rows, scanned.n_bytes);
        let scanned = scan(input, self.config.min_letters, self.global.n_threads(), &mut self.collected, &mut show);
        progress.clear();
        let scanned = scanned.map_err(|error| source.located(error))?;
        self.failed.n_rows += scanned.n_failed;
        if let Some((line, why)) = scanned.first_failure.filter(|_| self.failed.first.is_none()) {
            self.failed.first = Some(format!("{} line {line}: {why}", path.display()));
        }
        Ok(())
    }

    fn check_time(&self, input: &Input, roles: &Roles) -> Result<()> {
        if self.args.time_window.is_none() || roles.column(Role::Time).is_some() {
            return Ok(());
        }
        let kind = ErrorKind::MissingColumn { role: Role::Time.name(), columns: input.columns.clone() };
        Err(Error::new(kind).in_file(&input.name).into())
    }
}

fn check_columns((first, expected): &(PathBuf, Vec<String>), input: &Input) -> Result<()> {
    if *expected == input.columns {
        return Ok(());
    }
    let (first, expected, found) = (first.clone(), expected.clone(), input.columns.clone());
    Err(Error::new(ErrorKind::DifferentColumns { first, expected, found }).in_file(&input.name).into())
}

/// The second time through the inputs.
struct Writing<'a> {
    groups: &'a Groups,
    columns: Option<(PathBuf, Vec<String>)>,
    /// Whether the header is written.
    begun: bool,
    /// Rows written.
    row: usize,
    /// The rows of --groups, until the last is known.
    list: Option<BufWriter<File>>,
}

/// The file of groups, begun.
fn list() -> Result<BufWriter<File>> {
    let mut list = BufWriter::new(temporary()?);
    list.write_all(&CsvRows::header(&GROUP_COLUMNS.map(str::to_owned)))?;
    Ok(list)
}

impl Writing<'_> {
    fn write(&mut self, source: &Source, output: &mut Output) -> Result<()> {
        let Some(mut input) = source.open()? else { return Ok(()) };
        let changed = || source.located(Error::new(ErrorKind::InputChanged));
        let (_, columns) = self.columns.as_ref().ok_or_else(changed)?;
        if input.columns != *columns {
            return Err(changed().into());
        }
        if !std::mem::replace(&mut self.begun, true) {
            output.put(&CsvRows::header(&Header::with(columns, &COLUMNS).columns))?;
        }
        let (parser, roles) = (input.parser(), input.roles()?);
        let (mut rows, mut groups) = (CsvRows::default(), CsvRows::default());
        while let Some(chunk) = input.next_chunk().map_err(|error| source.located(error))? {
            parser.rows(&chunk, &mut |_, row| self.push(row, &roles, &mut rows, &mut groups));
            if self.row > self.groups.n_rows() {
                return Err(changed().into());
            }
            output.put(&rows.take())?;
            if let Some(list) = &mut self.list {
                list.write_all(&groups.take())?;
            }
        }
        Ok(())
    }

    /// Adds a row, and its group where it is the first of it.
    fn push(&mut self, row: &Row, roles: &Roles, rows: &mut CsvRows, groups: &mut CsvRows) {
        let group = self.groups.of(self.row);
        let number = group.map_or_else(String::new, |group| (group.first_row + 1).to_string());
        let size = group.map_or(1, |group| group.size).to_string();
        rows.push_with(row, &[&number, &size]);
        if let Some(group) = group.filter(|group| self.list.is_some() && group.first_row == self.row) {
            groups.push_with(&Row::default(), &describe(group, row, roles).each_ref().map(String::as_str));
        }
        self.row += 1;
    }

    /// Checks that nothing is missing, and writes the file of groups.
    fn finish(self, sources: &[Source], args: &DuplicatesArgs, global: &Global) -> Result<()> {
        if self.row != self.groups.n_rows() {
            let error = Error::new(ErrorKind::InputChanged);
            return Err(sources
                .last()
                .map_or(error, |source| source.located(Error::new(ErrorKind::InputChanged)))
                .into());
        }
        let (Some(list), Some(path)) = (self.list, &args.groups) else { return Ok(()) };
        let list = list.into_inner().map_err(io::IntoInnerError::into_error)?;
        let mut output = Output::create(path, global.force)?;
        io::copy(&mut rewound(&list)?, &mut output)
            .map_err(|error| Error::new(ErrorKind::Unwritable(error)).in_file(path))?;
        output.finish()
    }
}

/// The cells of a group; what no column tells is empty.
fn describe(group: &Group, first: &Row, roles: &Roles) -> [String; GROUP_COLUMNS.len()] {
    let authors = roles.column(Role::Author).map_or_else(String::new, |_| group.n_authors.to_string());
    let (first_time, last_time) =
        group.times.map_or_else(Default::default, |(first, last)| (as_iso(first), as_iso(last)));
    let text = roles.message(first).text.into_owned();
    [(group.first_row + 1).to_string(), group.size.to_string(), authors, first_time, last_time, text]
}

/// Says how many times are not understood, where times matter.
fn tell_times(collected: &Collected, args: &DuplicatesArgs, global: &Global) {
    let n = collected.n_without_time();
    if n > 0 && args.time_window.is_some() {
        let forms = "seconds or milliseconds since 1970, 2024-03-12T18:30:00+01:00, 12/03/2024 18:30";
        say(
            global.quiet,
            &format!("{n} of {} rows are in no group for want of a time like {forms}", collected.n_rows()),
        );
    }
}

fn tell(groups: &Groups, failed: &Failed, global: &Global) {
    let all = groups.all();
    let in_groups: usize = all.iter().map(|group| group.size).sum();
    // The first of the largest.
    let largest = all.iter().rev().max_by_key(|group| group.size);
    let largest = largest.map_or_else(String::new, |group| {
        format!(" · largest {} rows (dup_group {})", group.size, group.first_row + 1)
    });
    let counts = format!("{} rows · {} groups · {in_groups} rows in groups{largest}", groups.n_rows(), all.len());
    say(global.quiet, &counts);
    if let Some(first) = &failed.first {
        let rows = if failed.n_rows == 1 { "row" } else { "rows" };
        say(false, &format!("{} {rows} could not be read as they stand; the first, {first}", failed.n_rows));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read() {
        assert_eq!(window("7d"), Ok(Duration::from_secs(7 * 86_400)));
        assert_eq!(window("10m"), Ok(Duration::from_secs(600)));
        for wrong in ["d", "-1d", "2 days", "1e9d", "7hd", ""] {
            assert!(window(wrong).is_err(), "{wrong}");
        }
    }
}
