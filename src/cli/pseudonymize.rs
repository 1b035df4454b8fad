//! `pseudonymize`: the input's rows without the names of accounts, and what risk remains.

use std::path::PathBuf;

use anyhow::Result;
use franc_parler::error::{Error, ErrorKind};
use franc_parler::pseudonymize::{ColumnOptions, Columns, Counts, Pseudonymizer};
use franc_parler::read::{Found, Input, ReadOptions};
use franc_parler::write::CsvRows;

use super::args::{Global, PseudonymizeArgs};
use super::exit::Outcome;
use super::output::Output;
use super::progress::say;
use super::{inputs, interrupt, key, output};

/// What a user must know of the result, whatever was replaced.
const RISKS: &str = "\
dépersonnalisé, non anonymisé : ces lignes restent des données personnelles. Ne sont PAS remplacés : les noms de personnes dans
  le corps des textes, les comptes écrits sans « @ », les identifiants des messages et les liens vers eux, qui mènent à l'original.
  Le style, un événement rare, un lieu ou une fonction peuvent désigner quelqu'un, et une phrase se retrouve par un moteur de
  recherche. Qui détient la clé peut défaire les pseudonymes en essayant des comptes : gardez-la à part des données, ou détruisez-la.";

pub(crate) fn run(args: &PseudonymizeArgs, global: &Global) -> Result<Outcome> {
    let found = inputs::find(&args.inputs)?;
    let paths = || found.iter().map(|file| file.path.as_path());
    output::refuse_input(paths(), &args.output)?;
    output::refuse_input(paths().chain([args.output.as_path()]), &args.key)?;
    inputs::check_readable(&found)?;
    output::refuse_existing(&args.output, global.force)?;
    key::warn_if_beside(&args.key, &args.output);
    let options = args.columns();
    // Before a key is made for inputs that cannot be read.
    let read = args.read.options();
    for file in found.iter().filter(|file| file.path.as_os_str() != "-") {
        Columns::of(&file.open(&read)?, &options).map_err(|error| error.in_file(&file.path))?;
    }
    let pseudonymizer = Pseudonymizer::new(key::read_or_make(&args.key, global.quiet)?);
    let output = interrupt::watched(&args.output, global.force)?;
    let mut run =
        Run { pseudonymizer, read, options, output, global, first: None, n_rows: 0, n_failed: 0, failure: None };
    for file in &found {
        run.file(file)?;
    }
    run.output.finish()?;
    tell(run.n_rows, run.pseudonymizer.counts(), run.first.as_ref().map(|first| &first.columns), global);
    if let Some(first) = &run.failure {
        say(false, &format!("{} lignes n'ont pas pu être lues en entier ; la première : {first}", run.n_failed));
    }
    Ok(if run.n_failed > 0 { Outcome::SomeRowsFailed } else { Outcome::Done })
}

/// Several inputs into one output.
struct Run<'a> {
    pseudonymizer: Pseudonymizer,
    read: ReadOptions,
    options: ColumnOptions,
    output: Output,
    global: &'a Global,
    first: Option<First>,
    n_rows: u64,
    n_failed: u64,
    /// Where the first row stands that could not be read as it is. What stands in it is nobody's business.
    failure: Option<String>,
}

/// The first input, whose columns all others must share.
struct First {
    name: PathBuf,
    names: Vec<String>,
    columns: Columns,
}

impl Run<'_> {
    fn file(&mut self, found: &Found) -> Result<()> {
        let mut input = found.open(&self.read)?;
        for note in &input.facts.notes {
            say(self.global.quiet, &format!("{}: {note}", found.path.display()));
        }
        let columns = self.columns(&input)?;
        let parser = input.parser();
        let mut rows = CsvRows::default();
        while let Some(chunk) = input.next_chunk()? {
            parser.rows(&chunk, &mut |line, row| {
                rows.push(self.pseudonymizer.row(row, &columns).iter().map(AsRef::as_ref));
                self.n_rows += 1;
                if !row.error.is_empty() {
                    self.n_failed += 1;
                    self.failure.get_or_insert_with(|| format!("{} line {line}", found.path.display()));
                }
            });
            self.output.put(&rows.take())?;
        }
        Ok(())
    }

    /// The first input's columns decide for all: what a file happens to begin with must not change the output's shape.
    fn columns(&mut self, input: &Input) -> Result<Columns> {
        if let Some(first) = &self.first {
            if first.names == input.columns {
                return Ok(first.columns.clone());
            }
            let (first, expected, found) = (first.name.clone(), first.names.clone(), input.columns.clone());
            return Err(Error::new(ErrorKind::DifferentColumns { first, expected, found }).in_file(&input.name).into());
        }
        let columns = Columns::of(input, &self.options).map_err(|error| error.in_file(&input.name))?;
        self.output.put(&CsvRows::header(&columns.written()))?;
        self.first = Some(First { name: input.name.clone(), names: input.columns.clone(), columns: columns.clone() });
        Ok(columns)
    }
}

impl PseudonymizeArgs {
    fn columns(&self) -> ColumnOptions {
        ColumnOptions { keep: self.keep.clone(), drop: self.drop.clone(), day: self.day }
    }
}

fn tell(n_rows: u64, counts: &Counts, columns: Option<&Columns>, global: &Global) {
    let quiet = global.quiet;
    let Counts { accounts, mentions, emails, phones, links, days, lost_days } = counts;
    say(
        quiet,
        &format!(
            "{n_rows} lignes · remplacés : {accounts} comptes en colonne, {mentions} mentions, {emails} adresses, \
             {phones} numéros de téléphone, {links} liens vers des profils"
        ),
    );
    let Some(columns) = columns else { return };
    let list = |names: Vec<String>| if names.is_empty() { "(aucune)".to_owned() } else { names.join(", ") };
    say(quiet, &format!("colonnes de comptes : {} · de textes : {}", list(columns.accounts()), list(columns.texts())));
    say(quiet, &format!("colonnes retirées : {} (--keep COL en garde une)", list(columns.dropped())));
    if !columns.days().is_empty() {
        say(quiet, &format!("colonnes réduites au jour : {} · {days} dates", list(columns.days())));
    }
    if *lost_days > 0 {
        say(false, &format!("{lost_days} dates non comprises ont été laissées vides"));
    }
    say(quiet, RISKS);
}
