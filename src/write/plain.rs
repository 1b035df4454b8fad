//! Bare cells, each behind its length: what a writer of workbooks reads, so that it has no signs to undo.

use super::numbers::decimals;
use super::record::Cells;
use crate::error::{ErrorKind, Result};

/// Bytes of a cell's length.
const LENGTH_BYTES: usize = size_of::<u32>();

/// Writes cells into memory, and remembers one that is too long.
#[derive(Debug)]
pub(super) struct PlainCells {
    columns: Vec<String>,
    /// Most UTF-16 units of a cell, the measure of spreadsheets.
    longest: usize,
    /// Position of the next cell.
    at: usize,
    /// Column and length of the record's first cell that is too long.
    too_long: Option<(usize, usize)>,
    bytes: Vec<u8>,
}

impl PlainCells {
    pub(super) fn new(columns: &[String], longest: usize) -> Self {
        Self { columns: columns.to_vec(), longest, at: 0, too_long: None, bytes: Vec::new() }
    }

    /// Refuses the last record if one of its cells is too long.
    pub(super) fn check(&mut self) -> Result<()> {
        let Some((column, found)) = self.too_long.take() else { return Ok(()) };
        let error = crate::error::Error::new(ErrorKind::CellTooLong { found, limit: self.longest });
        Err(error.in_column(&self.columns[column]))
    }

    /// The bytes written so far; begins anew.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    fn cell(&mut self, cell: &[u8]) {
        let length = u32::try_from(cell.len()).expect("no record is longer than the reader's limit");
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(cell);
        self.at += 1;
    }
}

impl Cells for PlainCells {
    fn text(&mut self, text: &str) {
        // Few cells have that many bytes: only those are counted.
        if text.len() > self.longest {
            let found = text.encode_utf16().count();
            let is_first = found > self.longest && self.too_long.is_none();
            self.too_long = if is_first { Some((self.at, found)) } else { self.too_long };
        }
        self.cell(text.as_bytes());
    }

    fn share(&mut self, units: u32) {
        self.cell(&decimals(units, b'.'));
    }

    fn flag(&mut self, is_so: bool) {
        self.cell(if is_so { b"1" } else { b"0" });
    }

    fn end(&mut self) {
        self.at = 0;
    }
}

/// Reads the cells again, from bytes that may be cut anywhere.
#[derive(Debug, Default)]
pub struct PlainReader {
    /// The beginning of a cell whose end has not come yet.
    pending: Vec<u8>,
}

impl PlainReader {
    /// Hands over every cell that is whole by now.
    ///
    /// **Errors**: those of `on_cell`.
    pub fn read<E>(&mut self, bytes: &[u8], mut on_cell: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        self.pending.extend_from_slice(bytes);
        let mut rest = self.pending.as_slice();
        while let Some((length, after)) = rest.split_first_chunk::<LENGTH_BYTES>() {
            let Some((cell, after)) = after.split_at_checked(u32::from_le_bytes(*length) as usize) else { break };
            on_cell(&String::from_utf8_lossy(cell))?;
            rest = after;
        }
        self.pending = rest.to_vec();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cell_that_is_too_long_is_named() {
        let mut cells = PlainCells::new(&["id".to_owned(), "text".to_owned()], 3);
        for text in ["ééé", "a😀", "a"] {
            cells.text("1");
            cells.text(text);
            cells.end();
            assert!(cells.check().is_ok(), "{text}");
        }
        cells.text("1");
        cells.text("😀😀");
        cells.end();
        let error = cells.check().unwrap_err().to_string();
        assert!(error.contains("column \"text\"") && error.contains('4') && error.contains('3'), "{error}");
        assert!(cells.check().is_ok());
    }

    proptest! {
        #[test]
        fn cells_come_back_wherever_the_bytes_are_cut(texts in proptest::collection::vec(any::<String>(), 1..9), cut in 1_usize..40) {
            let mut cells = PlainCells::new(&[], usize::MAX);
            for text in &texts {
                cells.text(text);
            }
            let mut found = Vec::new();
            let mut reader = PlainReader::default();
            for part in cells.take().chunks(cut) {
                reader.read(part, |cell| { found.push(cell.to_owned()); Ok::<_, ()>(()) }).unwrap();
            }
            prop_assert_eq!(found, texts);
        }
    }
}
