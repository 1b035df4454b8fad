//! CSV records as rows of text: the `csv` crate reads, and a record that is not UTF-8 is decoded by itself.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use super::chunk::decode;
use crate::types::Row;

/// A reader drops a byte-order mark at its beginning; ours begin in the middle of files, where it is text. Empty lines are no
/// records, so one of them in front takes the mark's place.
const SHIELD: &[u8] = b"\n";
/// Bytes the reader takes at once.
const BUFFER: usize = 1 << 16;

/// Walks over records.
#[derive(Debug)]
pub(super) struct Records<'b> {
    bytes: &'b [u8],
    reader: csv::Reader<std::io::Chain<&'static [u8], &'b [u8]>>,
    delimiter: u8,
}

impl<'b> Records<'b> {
    /// At the first record of `bytes`, which begin at one.
    pub(super) fn new(bytes: &'b [u8], delimiter: u8) -> Self {
        Self { bytes, reader: reader(bytes, delimiter), delimiter }
    }

    /// After the record read last.
    pub(super) fn position(&self) -> usize {
        let at = (self.reader.position().byte() as usize).saturating_sub(SHIELD.len());
        // After `\r\n` the reader stands between the two.
        at + usize::from(at > 0 && self.bytes[at - 1] == b'\r' && self.bytes.get(at) == Some(&b'\n'))
    }

    /// Fills a row with the next record and says where it begins. Empty lines are no records.
    pub(super) fn next_row(&mut self, row: &mut Row) -> Option<usize> {
        row.error.clear();
        let before = self.position();
        let start = before + self.bytes[before..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        if let Ok(is_record) = self.reader.read_record(&mut row.cells) {
            return is_record.then_some(start);
        }
        // Flexible records in memory have no other fault than their encoding.
        decode_cells(&self.bytes[start..self.position()], self.delimiter, row);
        Some(start)
    }
}

fn reader(bytes: &[u8], delimiter: u8) -> csv::Reader<std::io::Chain<&'static [u8], &[u8]>> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(BUFFER);
    builder.from_reader(SHIELD.chain(bytes))
}

/// Reads a record cell by cell, whatever its encoding.
fn decode_cells(record: &[u8], delimiter: u8, row: &mut Row) {
    let mut cells = ByteRecord::new();
    row.cells.clear();
    if reader(record, delimiter).read_byte_record(&mut cells).is_ok() {
        for cell in &cells {
            row.cells.push_field(&decode(cell, &mut row.error));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(usize, Vec<String>)> {
        let mut records = Records::new(bytes, b',');
        let mut row = Row::default();
        let mut found = Vec::new();
        while let Some(start) = records.next_row(&mut row) {
            found.push((start, row.cells.iter().map(str::to_owned).collect()));
        }
        found
    }

    #[test]
    fn records_begin_where_they_begin() {
        let found = rows("\u{feff}a,b\r\n\r\n\"l'été\n\",x\rc\n".as_bytes());
        let starts: Vec<usize> = found.iter().map(|(start, _)| *start).collect();
        assert_eq!(starts, [0, 10, 23]);
        assert_eq!(found[0].1[0], "\u{feff}a");
        assert_eq!(found[1].1, ["l'été\n", "x"]);
    }

    #[test]
    fn a_record_in_another_encoding_is_decoded_by_itself() {
        let found = rows(b"\xC3\xA9t\xC3\xA9,1\r\n\"\xE9t\xE9\",2\r\nfin,3\r\n");
        let cells: Vec<_> = found.iter().map(|(_, cells)| cells.join("|")).collect();
        assert_eq!(cells, ["été|1", "été|2", "fin|3"]);
    }

    proptest! {
        #[test]
        fn every_record_of_the_csv_crate_comes_once(bytes in proptest::collection::vec(prop_oneof![
            Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(0xE9), any::<u8>()], 0..80)) {
            let shielded = [SHIELD, &bytes[..]].concat();
            let expected = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&shielded[..])
                .into_byte_records().map(|record| record.unwrap().len()).collect::<Vec<_>>();
            let found: Vec<usize> = rows(&bytes).iter().map(|(_, cells)| cells.len()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
