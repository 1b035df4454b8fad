//! Copies of inputs without the rows of messages that were deleted.
//!
//! **In**: an [`Input`] of a table or of JSON lines, the ids of deleted messages. **Out**: its bytes, but for the records
//! of those ids; where a record answers one of them, the cell of the parent's text is emptied. All other bytes stay as they
//! were, encoding and byte-order mark included.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::Write;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::{Error, ErrorKind, Result};
use crate::read::{Chunk, Input, Parser, Role};
use crate::types::Row;

/// Ids of deleted messages, and which of them were met.
#[derive(Debug, Default)]
pub struct DeletedIds {
    met: BTreeMap<String, Cell<bool>>,
}

impl DeletedIds {
    /// Adds an id; one of nothing but spaces is none.
    pub fn add(&mut self, id: &str) {
        if !id.trim().is_empty() {
            self.met.insert(id.trim().to_owned(), Cell::new(false));
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.met.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.met.is_empty()
    }

    /// How many were met in no row.
    pub fn n_unmet(&self) -> usize {
        self.met.values().filter(|met| !met.get()).count()
    }

    /// How many a spreadsheet has rounded (`1.23E+17`), so that they can be met nowhere.
    pub fn n_rounded(&self) -> usize {
        let is_rounded = |id: &&String| id.contains("E+") && id.starts_with(|sign: char| sign.is_ascii_digit());
        self.met.keys().filter(is_rounded).count()
    }

    fn holds(&self, id: &str) -> bool {
        self.met.contains_key(id.trim())
    }

    fn meet(&self, id: &str) -> bool {
        self.met.get(id.trim()).inspect(|met| met.set(true)).is_some()
    }
}

/// What became of an input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purged {
    /// Rows read.
    pub n_rows: u64,
    /// Rows removed.
    pub n_removed: u64,
    /// Rows kept whose parent's text was emptied.
    pub n_emptied: u64,
    /// Rows kept that repost or quote a message of the list: their text may hold its words.
    pub n_quoting: u64,
    /// Rows kept that could not be read as they stand, so that their id is not sure.
    pub n_unsure: u64,
    /// Line of the first of them.
    pub first_unsure: Option<u64>,
}

/// The columns of an input that matter here.
#[derive(Debug, Clone)]
pub struct PurgeColumns {
    id: usize,
    reply_to: Option<usize>,
    parent: Option<usize>,
    /// Ids of messages reposted and quoted.
    quoted: Vec<usize>,
}

/// What names of such columns begin by, as [`normalized_name`](crate::read::normalized_name) writes them.
const QUOTED: [&str; 6] =
    ["retweeted_", "quoted_", "repost", "quote_", "referenced_tweets_retweeted", "referenced_tweets_quoted"];

impl PurgeColumns {
    /// Finds them; no text is needed.
    ///
    /// **Errors**: no id, several, a format whose rows have no ids of their own.
    pub fn of(input: &Input) -> Result<Self> {
        let located = |error: Error| error.in_file(&input.name);
        if !input.has_records() {
            let instead = "purge tables and JSON lines, whose rows have ids of their own";
            return Err(located(ErrorKind::Unsupported { what: "a text without ids", instead }.into()));
        }
        let column = |role| input.column_of(role).map_err(located);
        let columns = input.columns.clone();
        let missing = || located(ErrorKind::MissingColumn { role: Role::Id.name(), columns }.into());
        let is_quoted = |at: &usize| {
            let name = crate::read::normalized_name(&input.columns[*at]);
            QUOTED.iter().any(|beginning| name.starts_with(beginning))
        };
        Ok(Self {
            id: column(Role::Id)?.ok_or_else(missing)?,
            reply_to: column(Role::ReplyTo)?,
            parent: column(Role::Parent)?,
            quoted: (0..input.columns.len()).filter(is_quoted).collect(),
        })
    }
}

/// Copies an input to `out` without the rows of `deleted`.
///
/// **Errors**: those of reading and writing; a text that its encoding cannot write.
pub fn purge(mut input: Input, columns: &PurgeColumns, deleted: &DeletedIds, out: &mut dyn Write) -> Result<Purged> {
    let name = input.name.clone();
    let mut copy = Copy { encoding: input.facts.encoding, out };
    copy.begin(&input).map_err(|error| error.in_file(&name))?;
    let mut walk = Walk { parser: input.parser(), columns, deleted, purged: Purged::default(), is_cut: false };
    while let Some(chunk) = input.next_chunk()? {
        copy.put(&walk.kept(&chunk)).map_err(|error| error.in_file(&name))?;
    }
    Ok(walk.purged)
}

/// Decides record by record.
struct Walk<'a> {
    parser: Parser,
    columns: &'a PurgeColumns,
    deleted: &'a DeletedIds,
    purged: Purged,
    /// Whether the last record was removed and ended in `\r`, whose `\n` may begin the next chunk.
    is_cut: bool,
}

impl Walk<'_> {
    fn kept(&mut self, chunk: &Chunk) -> Vec<u8> {
        let bytes = &chunk.bytes;
        let mut kept = Vec::with_capacity(bytes.len());
        let mut copied = usize::from(self.is_cut && bytes.starts_with(b"\n"));
        self.is_cut = false;
        self.parser.clone().records(chunk, &mut |line, record, row| {
            self.purged.n_rows += 1;
            if !row.error.is_empty() {
                self.purged.n_unsure += 1;
                self.purged.first_unsure.get_or_insert(line);
            }
            if self.deleted.meet(&row.cells[self.columns.id]) {
                self.purged.n_removed += 1;
                kept.extend_from_slice(&bytes[copied.min(record.start)..record.start]);
                copied = record.end;
                self.is_cut = record.end == bytes.len() && bytes.ends_with(b"\r");
            } else if let Some(emptied) = self.without_parent(&bytes[record.clone()], row) {
                self.purged.n_emptied += 1;
                kept.extend_from_slice(&bytes[copied.min(record.start)..record.start]);
                kept.extend_from_slice(&emptied);
                copied = record.end;
            }
        });
        kept.extend_from_slice(&bytes[copied..]);
        kept
    }

    /// A record without its parent's text, where that was deleted.
    fn without_parent(&mut self, record: &[u8], row: &Row) -> Option<Vec<u8>> {
        let cell = |column: usize| row.cells.get(column).unwrap_or_default();
        self.purged.n_quoting += u64::from(self.columns.quoted.iter().any(|at| self.deleted.holds(cell(*at))));
        let (reply_to, parent) = (self.columns.reply_to?, self.columns.parent?);
        let is_asked = self.deleted.meet(cell(reply_to)) && !cell(parent).is_empty();
        is_asked.then(|| self.parser.without_cell(record, parent)).flatten()
    }
}

/// Writes in the input's encoding.
struct Copy<'a> {
    encoding: &'static Encoding,
    out: &'a mut dyn Write,
}

impl Copy<'_> {
    /// Byte-order mark, header and whatever stands before the first record.
    fn begin(&mut self, input: &Input) -> Result<()> {
        if input.facts.had_bom {
            self.put("\u{feff}".as_bytes())?;
        }
        self.put(input.preamble())
    }

    fn put(&mut self, utf8: &[u8]) -> Result<()> {
        let bytes = encoded(utf8, self.encoding)?;
        self.out.write_all(&bytes).map_err(|error| ErrorKind::Unwritable(error).into())
    }
}

/// Bytes as the input had them. Only UTF-8 may hold bytes that are no text, and those are never decoded.
fn encoded<'b>(utf8: &'b [u8], encoding: &'static Encoding) -> Result<Cow<'b, [u8]>> {
    if encoding == UTF_8 {
        return Ok(Cow::Borrowed(utf8));
    }
    let text = String::from_utf8_lossy(utf8);
    if encoding == UTF_16LE || encoding == UTF_16BE {
        let bytes = if encoding == UTF_16LE { u16::to_le_bytes } else { u16::to_be_bytes };
        return Ok(Cow::Owned(text.encode_utf16().flat_map(bytes).collect()));
    }
    let (bytes, _, has_failed) = encoding.encode(&text);
    if has_failed {
        let instead = "save it as UTF-8 first";
        return Err(ErrorKind::Unsupported { what: "a text that its own encoding cannot write", instead }.into());
    }
    Ok(Cow::Owned(bytes.into_owned()))
}
