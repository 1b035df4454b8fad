//! CSV records as cells, by csv-core's rules (see [`super::boundary`]) but looking only at the bytes that matter.
//!
//! csv's own reader looks at each byte and checks each cell's UTF-8 by itself; here searches skip what is inside a
//! cell, and the caller checks a whole chunk. The csv crate is the tests' judge of what a record is.

use std::ops::Range;

use memchr::{memchr, memchr3};

use super::chunk::decode;
use crate::types::Row;

/// Cells shorter than this are walked through: a search costs more than they do.
const SHORT_BYTES: usize = 12;

/// A cell's content.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cell<'c> {
    /// Stands in the bytes as it is.
    Plain(Range<usize>),
    /// Was put together: it holds doubled quotes, or text after a closing quote.
    Joined(&'c [u8]),
}

/// Walks over records.
#[derive(Debug)]
pub(super) struct Records<'b> {
    bytes: &'b [u8],
    delimiter: u8,
    at: usize,
    joined: Vec<u8>,
}

impl<'b> Records<'b> {
    /// At the first record of `bytes`, which begin at one.
    pub(super) fn new(bytes: &'b [u8], delimiter: u8) -> Self {
        Self { bytes, delimiter, at: 0, joined: Vec::new() }
    }

    /// After the record read last.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Hands over the cells of the next record and says where it begins. Empty lines are no records.
    pub(super) fn next(&mut self, mut on_cell: impl FnMut(Cell<'_>)) -> Option<usize> {
        self.at += self.bytes[self.at..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let start = self.at;
        if start == self.bytes.len() {
            return None;
        }
        loop {
            on_cell(self.cell());
            match self.bytes.get(self.at) {
                Some(byte) if *byte == self.delimiter => self.at += 1,
                Some(b'\r') if self.bytes.get(self.at + 1) == Some(&b'\n') => self.at += 2,
                Some(_) => self.at += 1,
                None => return Some(start),
            }
            if self.bytes[self.at - 1] != self.delimiter {
                return Some(start);
            }
        }
    }

    /// Fills a row with the next record, whatever its encoding.
    pub(super) fn next_row(&mut self, row: &mut Row) -> bool {
        row.cells.clear();
        row.error.clear();
        let bytes = self.bytes;
        let start = self.next(|cell| {
            let content = match &cell {
                Cell::Plain(range) => &bytes[range.clone()],
                Cell::Joined(joined) => joined,
            };
            row.cells.push_field(&decode(content, &mut row.error));
        });
        start.is_some()
    }

    /// The cell at hand; goes on to the byte that ends it.
    fn cell(&mut self) -> Cell<'_> {
        let start = self.at;
        if self.bytes.get(start) != Some(&b'"') {
            self.at = self.end_of_plain(start);
            return Cell::Plain(start..self.at);
        }
        let close = memchr(b'"', &self.bytes[start + 1..]).map_or(self.bytes.len(), |length| start + 1 + length);
        let after = self.bytes.get(close + 1);
        if after.is_none_or(|byte| self.ends_cell(*byte)) {
            self.at = self.bytes.len().min(close + 1);
            return Cell::Plain(start + 1..close);
        }
        self.join(start + 1)
    }

    /// A quoted cell whose content, from `at` on, is not one piece.
    fn join(&mut self, mut at: usize) -> Cell<'_> {
        self.joined.clear();
        while let Some(length) = memchr(b'"', &self.bytes[at..]) {
            self.joined.extend_from_slice(&self.bytes[at..at + length]);
            at += length + 1;
            if self.bytes.get(at) != Some(&b'"') {
                self.at = self.end_of_plain(at);
                self.joined.extend_from_slice(&self.bytes[at..self.at]);
                return Cell::Joined(&self.joined);
            }
            self.joined.push(b'"');
            at += 1;
        }
        self.joined.extend_from_slice(&self.bytes[at..]);
        self.at = self.bytes.len();
        Cell::Joined(&self.joined)
    }

    fn end_of_plain(&self, start: usize) -> usize {
        let rest = &self.bytes[start..];
        let short = &rest[..rest.len().min(SHORT_BYTES)];
        let end = short.iter().position(|byte| self.ends_cell(*byte));
        let search = || Some(short.len() + memchr3(self.delimiter, b'\n', b'\r', &rest[short.len()..])?);
        start + end.or_else(search).unwrap_or(rest.len())
    }

    fn ends_cell(&self, byte: u8) -> bool {
        byte == self.delimiter || byte == b'\n' || byte == b'\r'
    }
}

#[cfg(test)]
mod tests {
    use csv::{ByteRecord, ReaderBuilder};
    use proptest::prelude::*;

    use super::*;

    fn ours(bytes: &[u8], delimiter: u8) -> Vec<ByteRecord> {
        let mut records = Records::new(bytes, delimiter);
        let mut found = Vec::new();
        loop {
            let mut record = ByteRecord::new();
            let add = |cell: Cell<'_>| match cell {
                Cell::Plain(range) => record.push_field(&bytes[range]),
                Cell::Joined(joined) => record.push_field(joined),
            };
            if records.next(add).is_none() {
                return found;
            }
            found.push(record);
        }
    }

    /// As csv reads, but for the byte-order mark that it drops.
    fn theirs(bytes: &[u8], delimiter: u8) -> Vec<ByteRecord> {
        let shielded = [b"\n", bytes].concat();
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(delimiter);
        builder.from_reader(&shielded[..]).byte_records().map(Result::unwrap).collect()
    }

    #[test]
    fn cells_are_read_as_they_are_written() {
        let bytes = "l'été,\"oui, « non »\n\",\"dit \"\"ça\"\"\"!,27\"\r\n\n,".as_bytes();
        let expected = [vec!["l'été", "oui, « non »\n", "dit \"ça\"!", "27\""], vec!["", ""]];
        assert_eq!(ours(bytes, b','), expected.map(ByteRecord::from));
    }

    fn csv_like() -> impl Strategy<Value = Vec<u8>> {
        let one = |byte: u8| Just(vec![byte]);
        let long = Just("l’été, ou bien plus tard".as_bytes()[..20].to_vec());
        let piece = prop_oneof![
            one(b'"'),
            one(b','),
            one(b';'),
            one(b'\n'),
            one(b'\r'),
            Just(b"\",\"".to_vec()),
            long,
            any::<u8>().prop_map(|byte| vec![byte]),
        ];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn records_are_those_of_the_csv_crate(bytes in csv_like(), semicolon: bool) {
            let delimiter = if semicolon { b';' } else { b',' };
            prop_assert_eq!(ours(&bytes, delimiter), theirs(&bytes, delimiter));
        }
    }
}
