//! What a format is to the rest of the stage: how it opens, where it may be cut, how a piece is parsed.

use std::borrow::Cow;
use std::fmt::Debug;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use encoding_rs::WINDOWS_1252;
use memchr::memchr_iter;

use super::options::ReadOptions;
use super::source::Source;
use crate::error::Result;
use crate::types::Row;

/// Says of a row that it was not UTF-8 in an input that is.
const NOT_UTF8: &str = "not valid UTF-8; read as windows-1252";

/// A piece of an input: whole records, in UTF-8 but for a few bad rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chunk {
    /// The records.
    pub bytes: Vec<u8>,
    /// Position of the chunk in its input, from 0.
    pub index: u64,
    /// Line of the first byte, counted from 1, header included.
    pub first_line: u64,
    /// Rows before the chunk, for formats that number them ([`Layout::count`]).
    pub(super) first_row: u64,
}

/// Turns chunks into rows, on any thread, in any order.
#[derive(Debug, Clone)]
pub struct Parser {
    pub(super) layout: Arc<dyn Layout>,
}

impl Parser {
    /// Hands over each row of a chunk with the line it begins at. The row is reused: copy what is to be kept.
    pub fn rows(&self, chunk: &Chunk, on_row: &mut dyn FnMut(u64, &Row)) {
        self.layout.rows(chunk, on_row);
    }

    /// The same with the bytes of the chunk that the row's record takes, its line end included. Between records there may be
    /// empty lines. Only for inputs that [have records](super::Input::has_records): nothing for others.
    pub fn records(&self, chunk: &Chunk, on_record: &mut dyn FnMut(u64, Range<usize>, &Row)) {
        self.layout.records(chunk, on_record);
    }

    /// A record with one of its cells emptied, and all other bytes as they were; `None` where the cell is not found.
    pub fn without_cell(&self, record: &[u8], column: usize) -> Option<Vec<u8>> {
        let (cell, empty) = self.layout.cell(record, column)?;
        Some([&record[..cell.start], empty, &record[cell.end..]].concat())
    }
}

/// How the records of one opened input lie in its bytes.
pub(super) trait Layout: Debug + Send + Sync {
    /// Where the last record that surely ends inside `window` ends. `window` begins at a record.
    fn cut(&self, window: &[u8]) -> Option<usize>;

    /// Refuses a last piece that is not whole. `line` is the line it begins at.
    fn check_end(&self, _rest: &[u8], _line: u64) -> Result<()> {
        Ok(())
    }

    /// Rows in whole records, for formats whose ids need the number of the rows before.
    fn count(&self, _records: &[u8]) -> u64 {
        0
    }

    /// Hands over each row with its line.
    fn rows(&self, chunk: &Chunk, on_row: &mut dyn FnMut(u64, &Row));

    /// Whether a row is a record of bytes with cells of its own: formats that say so have the two methods below.
    fn has_records(&self) -> bool {
        false
    }

    /// Hands over each row with its line and its record's place in the chunk.
    fn records(&self, _chunk: &Chunk, _on_record: &mut dyn FnMut(u64, Range<usize>, &Row)) {}

    /// Where a cell's bytes stand in a record, and what an empty one is written as.
    fn cell(&self, _record: &[u8], _column: usize) -> Option<(Range<usize>, &'static [u8])> {
        None
    }
}

/// What a format sees of an input when it opens it.
pub(super) struct Opening<'a> {
    /// The file; `-` is standard input.
    pub(super) name: &'a Path,
    /// Its first bytes, decoded, without byte-order mark.
    pub(super) head: &'a [u8],
    /// Whether `head` is all of it.
    pub(super) whole: bool,
    /// What was asked for.
    pub(super) options: &'a ReadOptions,
    /// Reads the input once more from its beginning; `None` for a pipe.
    pub(super) again: &'a dyn Fn() -> Result<Option<Source>>,
}

/// An input whose columns are known.
pub(super) struct Opened {
    pub(super) columns: Vec<String>,
    /// Where the first record begins in the head.
    pub(super) start: usize,
    pub(super) delimiter: Option<u8>,
    pub(super) notes: Vec<String>,
    pub(super) layout: Arc<dyn Layout>,
}

/// Number of line ends.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

/// Lines without their ends, each with its number; no line after a last line end.
pub(super) fn numbered_lines(chunk: &Chunk) -> impl Iterator<Item = (u64, &[u8])> {
    (chunk.first_line..).zip(lines_of(&chunk.bytes))
}

/// Lines without `\n` or `\r\n`.
pub(super) fn lines_of(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(|line| {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        line.strip_suffix(b"\r").unwrap_or(line)
    })
}

/// Where the last line that ends in `window` ends.
pub(super) fn last_line_end(window: &[u8]) -> Option<usize> {
    memchr::memrchr(b'\n', window).map(|at| at + 1)
}

/// Text of bytes that ought to be UTF-8. Only what is not is read as windows-1252, and `error` says so.
pub(super) fn decode<'b>(bytes: &'b [u8], error: &mut String) -> Cow<'b, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    if !error.contains(NOT_UTF8) {
        add_error(error, NOT_UTF8);
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for part in bytes.utf8_chunks() {
        text.push_str(part.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(part.invalid()).0);
    }
    Cow::Owned(text)
}

/// Adds a reason to those a row has already.
pub(super) fn add_error(error: &mut String, reason: &str) {
    if !error.is_empty() {
        error.push_str("; ");
    }
    error.push_str(reason);
}
