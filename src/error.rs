//! Every error of the library, and every sentence it says.

use std::fmt;
use std::path::{Path, PathBuf};

/// Result of the library's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, and where.
#[derive(Debug)]
pub struct Error {
    kind: Box<ErrorKind>,
    location: Option<Location>,
}

/// A place in an input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Location {
    /// The file; `-` is standard input.
    pub path: PathBuf,
    /// Line, counted from 1, header included.
    pub line: Option<u64>,
    /// Name of the column.
    pub column: Option<String>,
}

/// What a caller can do about an error: decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Something was asked that cannot be done: a flag, a column, a setting.
    Usage,
    /// An input cannot be read or holds what it must not.
    Input,
    /// A model is missing, damaged or too new.
    Model,
    /// An output cannot be written.
    Output,
    /// The user stopped the run.
    Interrupted,
}

/// The kinds of error.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An input could not be opened or read.
    Unreadable(std::io::Error),
    /// An input holds nothing at all.
    EmptyInput,
    /// An input has a header and no rows where rows are needed.
    NoRows,
    /// A CSV cell opens with a quote that nothing closes.
    UnclosedQuote,
    /// A single record is longer than the reader takes, in bytes.
    RecordTooLong(usize),
    /// The format of an input is not one we read.
    UnknownFormat(String),
    /// A JSONL line that is needed is not a JSON object.
    InvalidJson(serde_json::Error),
    /// An input of a known kind that has to be converted first.
    Unsupported {
        /// What it is.
        what: &'static str,
        /// What to do.
        instead: &'static str,
    },
    /// No column plays a required role.
    MissingColumn {
        /// The role.
        role: &'static str,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// Several columns could play a role.
    AmbiguousColumn {
        /// The role.
        role: &'static str,
        /// The candidates.
        candidates: Vec<String>,
    },
    /// A column asked for by name is not there.
    UnknownColumn {
        /// The role.
        role: &'static str,
        /// The name asked for.
        name: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// Two inputs of one run have different columns.
    DifferentColumns {
        /// The first input.
        first: PathBuf,
        /// Its columns.
        expected: Vec<String>,
        /// The other input's columns.
        found: Vec<String>,
    },
    /// A row is needed whole and could not be read so.
    UnreadableRow(String),
    /// A row has no label.
    MissingLabel,
    /// A label is not one of those expected.
    UnknownLabel {
        /// What stands in the cell.
        found: String,
        /// The labels there are.
        expected: Vec<String>,
    },
    /// A cell's value is not of the kind its column wants.
    InvalidValue {
        /// What stands in the cell.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A corpus from which nothing can be learnt.
    UntrainableCorpus(String),
    /// A setting that makes no sense.
    InvalidConfig(String),
    /// There is no model where one was asked for.
    ModelMissing,
    /// A model that is not what its manifest says.
    ModelDamaged(String),
    /// A model of a later format.
    ModelTooNew {
        /// Its format version.
        found: u64,
        /// The latest this program reads.
        reads: u64,
    },
    /// The user stopped the run.
    Interrupted,
    /// An output could not be written.
    Unwritable(std::io::Error),
    /// An output is there already.
    OutputExists,
    /// An output would overwrite an input.
    OutputIsInput,
    /// A cell is longer than the output's format takes.
    CellTooLong {
        /// Its length in UTF-16 units, as spreadsheets count.
        found: usize,
        /// The most there may be.
        limit: usize,
    },
    /// An input that is read twice did not hold the same the second time.
    InputChanged,
    /// More rows than one run compares.
    TooManyRows,
    /// A file that should hold a key for pseudonyms does not.
    InvalidKey,
    /// A key that others than its owner can read.
    ExposedKey,
    /// A compressed input that ends before its end, or is not what its compression writes.
    DamagedCompression {
        /// Name of the compression.
        compression: &'static str,
        /// Whether all that can be seen of the damage is that the end is missing.
        is_cut: bool,
    },
}

impl ErrorKind {
    /// What a failed read means: an error of ours that had to travel through [`std::io::Read`], or the system's.
    pub(crate) fn of_reading(error: std::io::Error) -> Self {
        match error.downcast::<Error>() {
            Ok(ours) => *ours.kind,
            Err(systems) => Self::Unreadable(systems),
        }
    }
}

impl Error {
    /// An error at no particular place.
    pub fn new(kind: ErrorKind) -> Self {
        Self { kind: Box::new(kind), location: None }
    }

    /// The kind.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Where, if it is known.
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    /// The same error, in a file. Keeps what is already known of the place.
    #[must_use]
    pub fn in_file(mut self, path: &Path) -> Self {
        let location = self.location.get_or_insert_default();
        if location.path.as_os_str().is_empty() {
            location.path = path.to_path_buf();
        }
        self
    }

    /// The same error, at a line.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.location.get_or_insert_default().line.get_or_insert(line);
        self
    }

    /// The same error, in a column.
    #[must_use]
    pub fn in_column(mut self, column: &str) -> Self {
        self.location.get_or_insert_default().column.get_or_insert_with(|| column.to_owned());
        self
    }

    /// What a caller can do about it.
    pub fn category(&self) -> Category {
        match &*self.kind {
            ErrorKind::MissingColumn { .. }
            | ErrorKind::AmbiguousColumn { .. }
            | ErrorKind::UnknownColumn { .. }
            | ErrorKind::DifferentColumns { .. }
            | ErrorKind::InvalidConfig(_)
            | ErrorKind::OutputExists
            | ErrorKind::OutputIsInput
            | ErrorKind::InvalidKey
            | ErrorKind::ExposedKey => Category::Usage,
            ErrorKind::ModelMissing | ErrorKind::ModelDamaged(_) | ErrorKind::ModelTooNew { .. } => Category::Model,
            ErrorKind::Unwritable(_) | ErrorKind::CellTooLong { .. } => Category::Output,
            ErrorKind::Interrupted => Category::Interrupted,
            _ => Category::Input,
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, " line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, " column {column:?}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        write!(f, "{}", self.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.kind {
            ErrorKind::Unreadable(source) | ErrorKind::Unwritable(source) => Some(source),
            ErrorKind::InvalidJson(source) => Some(source),
            _ => None,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(_) => write!(f, "cannot be read"),
            Self::EmptyInput => write!(f, "is empty: expected a header and rows, or lines"),
            Self::NoRows => write!(f, "holds a header and no rows"),
            Self::UnclosedQuote => write!(f, "{UNCLOSED_QUOTE}"),
            Self::RecordTooLong(limit) => record_too_long(f, *limit),
            Self::UnknownFormat(what) => {
                write!(f, "{what}; say which with --format csv, tsv, jsonl, lines or document")
            }
            Self::InvalidJson(_) => write!(f, "is not a JSON object"),
            Self::Unsupported { what, instead } => write!(f, "is {what}; {instead}"),
            Self::MissingColumn { role, columns } => missing_column(f, role, columns),
            Self::AmbiguousColumn { role, candidates } => ambiguous_column(f, role, candidates),
            Self::UnknownColumn { role, name, columns } => unknown_column(f, role, name, columns),
            Self::DifferentColumns { first, expected, found } => different_columns(f, first, expected, found),
            Self::UnreadableRow(why) => write!(f, "{why}"),
            Self::MissingLabel => write!(f, "the row has no label"),
            Self::UnknownLabel { found, expected } => unknown_label(f, found, expected),
            Self::InvalidValue { found, expected } => write!(f, "found {found:?} where {expected} is expected"),
            Self::UntrainableCorpus(why) => write!(f, "nothing can be learnt from this corpus: {why}"),
            Self::InvalidConfig(why) => write!(f, "invalid setting: {why}"),
            Self::ModelMissing => write!(f, "{MODEL_MISSING}"),
            Self::ModelDamaged(why) => write!(f, "the model is damaged: {why}; retrain it or copy it again"),
            Self::ModelTooNew { found, reads } => model_too_new(f, *found, *reads),
            Self::Interrupted => write!(f, "{INTERRUPTED}"),
            Self::Unwritable(_) => write!(f, "cannot be written"),
            Self::OutputExists => write!(f, "exists already; choose another name, or overwrite it with --force"),
            Self::OutputIsInput => write!(f, "is both input and output; choose another name for the output"),
            Self::CellTooLong { found, limit } => cell_too_long(f, *found, *limit),
            Self::InputChanged => write!(f, "changed while it was read; run again once nothing writes to it"),
            Self::TooManyRows => write!(f, "there are more than four billion rows; compare them in parts"),
            Self::InvalidKey => write!(f, "{INVALID_KEY}"),
            Self::ExposedKey => write!(f, "{EXPOSED_KEY}"),
            Self::DamagedCompression { compression, is_cut } => damaged_compression(f, compression, *is_cut),
        }
    }
}

const UNCLOSED_QUOTE: &str =
    "a quote opened here is never closed; close it, or double it (\"\") if it is part of the text";
const MODEL_MISSING: &str =
    "there is no model here (a model directory holds model.json, tokenizer.json and weights.safetensors)";
const INTERRUPTED: &str = "interrupted; a file is written whole or not at all: what was not finished is not there";
const INVALID_KEY: &str =
    "is not a key (64 hexadecimal digits on one line); name another file, which is made if it is not there";
const EXPOSED_KEY: &str =
    "others can read this key, and with it undo the pseudonyms; keep it to yourself with chmod 600";

fn record_too_long(f: &mut fmt::Formatter<'_>, limit: usize) -> fmt::Result {
    write!(f, "the record that begins here is over {} MiB long; a quote is probably left open", limit >> 20)
}

fn missing_column(f: &mut fmt::Formatter<'_>, role: &str, columns: &[String]) -> fmt::Result {
    write!(f, "no column looks like the {role}; name it with --{role}-col (columns: {})", list(columns))
}

fn ambiguous_column(f: &mut fmt::Formatter<'_>, role: &str, candidates: &[String]) -> fmt::Result {
    let first = candidates.first().map_or("NAME", String::as_str);
    write!(f, "several columns could be the {role}: {}; choose with --{role}-col {first}", list(candidates))
}

fn unknown_column(f: &mut fmt::Formatter<'_>, role: &str, name: &str, columns: &[String]) -> fmt::Result {
    write!(f, "there is no column {name:?} for the {role} (columns: {}){}", list(columns), meant(name, columns))
}

fn different_columns(f: &mut fmt::Formatter<'_>, first: &Path, expected: &[String], found: &[String]) -> fmt::Result {
    write!(f, "has {} columns ({}) where {} has ", found.len(), list(found), first.display())?;
    write!(f, "{} ({}); take files with different columns one by one", expected.len(), list(expected))
}

fn unknown_label(f: &mut fmt::Formatter<'_>, found: &str, expected: &[String]) -> fmt::Result {
    write!(f, "label {found:?} is not one of {}{}", list(expected), meant(found, expected))
}

fn model_too_new(f: &mut fmt::Formatter<'_>, found: u64, reads: u64) -> fmt::Result {
    write!(f, "the model has format version {found} and this program reads up to {reads}; ")?;
    write!(f, "update franc-parler or retrain")
}

fn cell_too_long(f: &mut fmt::Formatter<'_>, found: usize, limit: usize) -> fmt::Result {
    write!(f, "holds {found} characters where a cell of the output takes {limit}; ")?;
    write!(f, "write .csv, .csv.gz or .jsonl instead, or leave the column out with --select")
}

fn damaged_compression(f: &mut fmt::Formatter<'_>, compression: &str, is_cut: bool) -> fmt::Result {
    if is_cut {
        write!(f, "is cut short: its {compression} data stops before its end; copy or download the file again")
    } else {
        write!(f, "is damaged: it begins as {compression} data and does not go on so; copy or download the file again")
    }
}

/// Names between commas, quoted, at most twelve.
fn list(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("{name:?}")).collect();
    if names.len() > SHOWN {
        shown.push(format!("and {} more", names.len() - SHOWN));
    }
    shown.join(", ")
}

/// ` (did you mean "x"?)` where a known name is close to what was found.
fn meant(found: &str, known: &[String]) -> String {
    let found = found.to_lowercase();
    known
        .iter()
        .map(|name| (edit_distance(&found, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| format!("; did you mean {name:?}?"))
        .unwrap_or_default()
}

/// Levenshtein distance in characters.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (row, from) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, to) in right.iter().enumerate() {
            let substitution = previous[column] + usize::from(from != *to);
            current.push(substitution.min(previous[column + 1] + 1).min(current[column] + 1));
        }
        previous = current;
    }
    previous[right.len()]
}
