//! An opened input: its columns, and its bytes as chunks of whole records.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::Encoding;

use super::Compression;
use super::chunk::{Chunk, Layout, Opened, Opening, Parser, count_lines};
use super::encoding::{self, SAMPLE_BYTES, Sniffed};
use super::options::ReadOptions;
use super::source::{Source, read_sample};
use super::{FormatName, Role, RoleOverrides, Roles};
use super::{compression, detect};
use crate::error::{Error, ErrorKind, Result};
use crate::types::Row;

/// Bytes of a chunk, where records end often enough.
const CHUNK_BYTES: usize = 1 << 18;
/// A longer record is taken for a quote left open.
pub(super) const MAX_RECORD_BYTES: usize = 1 << 28;
/// Rows kept to look at.
const HEAD_ROWS: usize = 100;
/// Bytes parsed to find them, doubled as long as they are too few.
const HEAD_BYTES: usize = 1 << 16;

/// What was found out about an input.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Its format.
    pub format: FormatName,
    /// Its encoding.
    pub encoding: &'static Encoding,
    /// How it is compressed, if it is.
    pub compression: Option<Compression>,
    /// The byte between its cells, where there are several.
    pub delimiter: Option<u8>,
    /// Whether it begins with a byte-order mark.
    pub had_bom: bool,
    /// Sentences for the user: what was guessed, what is odd.
    pub notes: Vec<String>,
}

/// An input being read, in order and in constant memory.
#[derive(Debug)]
pub struct Input {
    /// The file; `-` is standard input.
    pub name: PathBuf,
    /// Names of the columns; some may be empty or the same.
    pub columns: Vec<String>,
    /// What was found out about it.
    pub facts: Facts,
    head: Vec<Row>,
    roles: RoleOverrides,
    layout: Arc<dyn Layout>,
    source: Source,
    preamble: Vec<u8>,
    /// Decoded bytes; those before `consumed` are in chunks already.
    pending: Vec<u8>,
    consumed: usize,
    ended: bool,
    /// What the next chunk will be, but for its bytes.
    next: Chunk,
    pub(super) chunk_bytes: usize,
    pub(super) max_record_bytes: usize,
}

impl Input {
    /// Opens a file, or standard input for `-`.
    ///
    /// # Errors
    ///
    /// Unreadable, empty, of a format that has to be converted, a header with an open quote.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self> {
        if path.as_os_str() == "-" {
            return Self::from_reader(path, Box::new(io::stdin()), options);
        }
        let unreadable = |error| Error::from(ErrorKind::Unreadable(error)).in_file(path);
        let file = File::open(path).map_err(unreadable)?;
        let is_regular = file.metadata().map_err(unreadable)?.is_file();
        Self::build(path, Box::new(file), is_regular, options).map_err(|error| error.in_file(path))
    }

    /// Reads from anything; the name serves for messages and, by its ending, for the format.
    ///
    /// # Errors
    ///
    /// As [`Input::open`].
    pub fn from_reader(name: impl AsRef<Path>, reader: Box<dyn Read + Send>, options: &ReadOptions) -> Result<Self> {
        let name = name.as_ref();
        Self::build(name, reader, false, options).map_err(|error| error.in_file(name))
    }

    /// `is_regular`: the file `name` can be read again from its beginning.
    fn build(name: &Path, reader: Box<dyn Read + Send>, is_regular: bool, options: &ReadOptions) -> Result<Self> {
        let (mut reader, compression) = compression::plain(reader).map_err(ErrorKind::of_reading)?;
        let (sample, ended) = read_sample(&mut *reader).map_err(ErrorKind::of_reading)?;
        detect::refuse_foreign(&sample)?;
        let accents = || {
            if is_regular && !ended { encoding::first_accents(&mut *compression::open(name)?) } else { Ok(Vec::new()) }
        };
        let sniffed = encoding::sniff(&sample, options.encoding, accents).map_err(ErrorKind::of_reading)?;
        let mut source = Source::new(sample, reader, &sniffed);
        let mut pending = Vec::new();
        let ended = source.read(&mut pending, SAMPLE_BYTES).map_err(ErrorKind::of_reading)?;
        if pending.is_empty() {
            return Err(ErrorKind::EmptyInput.into());
        }
        let again = || match is_regular.then(|| Source::open(name, &sniffed)) {
            Some(source) => source.map(Some).map_err(|error| ErrorKind::of_reading(error).into()),
            None => Ok(None),
        };
        let plain_name = compression::plain_name(name);
        let opening = Opening { name: &plain_name, head: &pending, whole: ended, options, again: &again };
        let format = detect::format_of(&opening);
        let opened = (format.open)(&opening)?;
        let mut input = Self::assemble(name, options, format.name, sniffed, opened, (source, pending, ended));
        input.facts.compression = compression;
        Ok(input)
    }

    fn assemble(
        name: &Path,
        options: &ReadOptions,
        format: FormatName,
        sniffed: Sniffed,
        opened: Opened,
        (source, pending, ended): (Source, Vec<u8>, bool),
    ) -> Self {
        let notes = encoding::note(&sniffed, options.encoding).into_iter().chain(opened.notes).collect();
        let first_line = 1 + count_lines(&pending[..opened.start]);
        let next = Chunk { first_line, ..Chunk::default() };
        Self {
            name: name.to_path_buf(),
            head: head_rows(&*opened.layout, &next, &pending[opened.start..], ended),
            roles: given_roles(format, options),
            facts: Facts {
                format,
                encoding: sniffed.encoding,
                compression: None,
                delimiter: opened.delimiter,
                had_bom: sniffed.bom_bytes > 0,
                notes,
            },
            columns: opened.columns,
            layout: opened.layout,
            source,
            preamble: pending[..opened.start].to_vec(),
            pending,
            consumed: opened.start,
            ended,
            next,
            chunk_bytes: CHUNK_BYTES,
            max_record_bytes: MAX_RECORD_BYTES,
        }
    }

    /// The first rows, at most a hundred. They come again in the chunks.
    pub fn head(&self) -> &[Row] {
        &self.head
    }

    /// Which column plays which role.
    ///
    /// # Errors
    ///
    /// As [`Roles::detect`].
    pub fn roles(&self) -> Result<Roles> {
        Roles::detect(&self.columns, &self.head, &self.roles).map_err(|error| error.in_file(&self.name))
    }

    /// Position of one role's column, where the others do not matter and there need be no text.
    ///
    /// # Errors
    ///
    /// Two columns for the role, a given name that is not there.
    pub fn column_of(&self, role: Role) -> Result<Option<usize>> {
        Roles::column_of(role, &self.columns, &self.head, &self.roles).map_err(|error| error.in_file(&self.name))
    }

    /// Whether its rows are records with cells of their own, as those of tables and JSON lines are.
    pub fn has_records(&self) -> bool {
        self.layout.has_records()
    }

    /// What stands before the first record, decoded and without byte-order mark: the header, if there is one.
    pub fn preamble(&self) -> &[u8] {
        &self.preamble
    }

    /// The next records; `None` at the end.
    ///
    /// # Errors
    ///
    /// Unreadable, a record too long, a quote left open (nothing of the chunk it is in is handed out).
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>> {
        let mut window = self.chunk_bytes;
        loop {
            self.fill(window).map_err(|error| Error::from(ErrorKind::of_reading(error)).in_file(&self.name))?;
            let rest = &self.pending[self.consumed..];
            if rest.is_empty() {
                return Ok(None);
            }
            let end = if self.ended && rest.len() <= window {
                let checked = self.layout.check_end(rest, self.next.first_line);
                checked.map_err(|error| error.in_file(&self.name))?;
                Some(rest.len())
            } else {
                self.layout.cut(&rest[..rest.len().min(window)])
            };
            if let Some(end) = end {
                return Ok(Some(self.take(end)));
            }
            if window >= self.max_record_bytes {
                let error = Error::from(ErrorKind::RecordTooLong(self.max_record_bytes));
                return Err(error.at_line(self.next.first_line).in_file(&self.name));
            }
            window *= 2;
        }
    }

    /// What turns this input's chunks into rows.
    pub fn parser(&self) -> Parser {
        Parser { layout: Arc::clone(&self.layout) }
    }

    /// All rows, one after the other, each with its line. Ends after an error.
    pub fn rows(self) -> Rows {
        Rows { parser: self.parser(), input: Some(self), ready: VecDeque::new() }
    }

    /// Sees to it that `wanted` bytes are pending, unless the input ends before.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        if self.ended || self.pending.len() - self.consumed >= wanted {
            return Ok(());
        }
        self.pending.drain(..self.consumed);
        self.consumed = 0;
        while !self.ended && self.pending.len() < wanted {
            let missing = wanted - self.pending.len();
            self.ended = self.source.read(&mut self.pending, missing)?;
        }
        Ok(())
    }

    /// Makes the next `length` bytes a chunk.
    fn take(&mut self, length: usize) -> Chunk {
        let bytes = self.pending[self.consumed..self.consumed + length].to_vec();
        self.consumed += length;
        let chunk = Chunk { bytes, ..self.next };
        self.next.index += 1;
        self.next.first_line += count_lines(&chunk.bytes);
        self.next.first_row += self.layout.count(&chunk.bytes);
        chunk
    }
}

/// Rows of one input ([`Input::rows`]).
#[derive(Debug)]
pub struct Rows {
    parser: Parser,
    /// `None` after an error.
    input: Option<Input>,
    ready: VecDeque<(u64, Row)>,
}

impl Iterator for Rows {
    type Item = Result<(u64, Row)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Some(Ok(row));
            }
            match self.input.as_mut()?.next_chunk() {
                Ok(Some(chunk)) => {
                    self.parser.rows(&chunk, &mut |line, row| self.ready.push_back((line, row.clone())));
                }
                Ok(None) => return None,
                Err(error) => {
                    self.input = None;
                    return Some(Err(error));
                }
            }
        }
    }
}

/// Parses the first rows of `records` without using them up.
fn head_rows(layout: &dyn Layout, first: &Chunk, records: &[u8], ended: bool) -> Vec<Row> {
    let mut window = HEAD_BYTES;
    loop {
        let is_all = window >= records.len();
        let end = if is_all && ended { Some(records.len()) } else { layout.cut(&records[..window.min(records.len())]) };
        let mut rows = Vec::new();
        let chunk = Chunk { bytes: records[..end.unwrap_or(0)].to_vec(), ..*first };
        layout.rows(&chunk, &mut |_, row| {
            if rows.len() < HEAD_ROWS {
                rows.push(row.clone());
            }
        });
        if is_all || rows.len() >= HEAD_ROWS {
            return rows;
        }
        window *= 2;
    }
}

/// The roles that were given, and those of columns that we name ourselves.
fn given_roles(format: FormatName, options: &ReadOptions) -> RoleOverrides {
    let mut roles = options.roles.clone();
    if matches!(format, FormatName::Lines | FormatName::Document) && roles.get(Role::Text).is_none() {
        roles.set(Role::Text, "text");
    }
    roles
}
