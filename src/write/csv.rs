//! Records of cells between delimiters, quoted where needed, in UTF-8.

use super::numbers::decimals;
use super::record::Cells;
use crate::types::Row;

/// What stands between cells, between records, and inside our numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Between cells.
    pub delimiter: u8,
    /// Whether records end in `\r\n`, not `\n`. Line ends inside cells stay what they are.
    pub crlf: bool,
    /// Whether the header stands behind a byte-order mark.
    pub bom: bool,
    /// Between whole and decimals of our numbers.
    pub point: u8,
}

impl Dialect {
    /// Commas.
    pub const CSV: Self = Self { delimiter: b',', crlf: false, bom: false, point: b'.' };
    /// Tabs.
    pub const TSV: Self = Self { delimiter: b'\t', ..Self::CSV };
    /// What a French Excel opens with a double click.
    pub const EXCEL_FR: Self = Self { delimiter: b';', crlf: true, bom: true, point: b',' };
}

/// Writes records into memory.
#[derive(Debug)]
pub(super) struct CsvCells {
    writer: csv::Writer<Vec<u8>>,
    dialect: Dialect,
}

impl CsvCells {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { writer: writer(dialect), dialect }
    }

    /// The header's record.
    pub(super) fn header(&mut self, columns: &[String]) -> Vec<u8> {
        for name in columns {
            self.text(name);
        }
        self.end();
        let mark = if self.dialect.bom { "\u{feff}" } else { "" };
        [mark.as_bytes(), &self.take()].concat()
    }

    /// The bytes written so far; begins anew.
    pub(super) fn take(&mut self) -> Vec<u8> {
        // Writing to memory cannot fail, so there is always a writer to take the bytes from.
        std::mem::replace(&mut self.writer, writer(self.dialect)).into_inner().unwrap_or_default()
    }

    fn field(&mut self, bytes: &[u8]) {
        self.writer.write_field(bytes).expect("memory takes every write");
    }
}

/// Records of plain CSV, for whoever writes rows without predictions.
#[derive(Debug)]
pub struct CsvRows(CsvCells);

impl Default for CsvRows {
    fn default() -> Self {
        Self(CsvCells::new(Dialect::CSV))
    }
}

impl CsvRows {
    /// The header's record.
    pub fn header(columns: &[String]) -> Vec<u8> {
        CsvCells::new(Dialect::CSV).header(columns)
    }

    /// Adds a record.
    pub fn push<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        for cell in cells {
            self.0.text(cell);
        }
        self.0.end();
    }

    /// Adds a row and cells of ours behind its own.
    pub fn push_with(&mut self, row: &Row, ours: &[&str]) {
        self.push(row.cells.iter().chain(ours.iter().copied()));
    }

    /// The bytes written so far; begins anew.
    pub fn take(&mut self) -> Vec<u8> {
        self.0.take()
    }
}

impl Cells for CsvCells {
    fn text(&mut self, text: &str) {
        self.field(text.as_bytes());
    }

    fn share(&mut self, units: u32) {
        self.field(&decimals(units, self.dialect.point));
    }

    fn flag(&mut self, is_so: bool) {
        self.field(if is_so { b"1" } else { b"0" });
    }

    fn end(&mut self) {
        self.writer.write_record(None::<&[u8]>).expect("memory takes every write");
    }
}

fn writer(dialect: Dialect) -> csv::Writer<Vec<u8>> {
    let mut builder = csv::WriterBuilder::new();
    builder.flexible(true).delimiter(dialect.delimiter);
    if dialect.crlf {
        builder.terminator(csv::Terminator::CRLF);
    }
    builder.from_writer(Vec::new())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the csv crate reads of one record.
    fn read(bytes: &[u8], delimiter: u8) -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(bytes);
        reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect()
    }

    #[test]
    fn a_french_excel_gets_its_signs() {
        let mut cells = CsvCells::new(Dialect::EXCEL_FR);
        let header = cells.header(&["a;b".to_owned(), "c".to_owned()]);
        assert_eq!(String::from_utf8(header).unwrap(), "\u{feff}\"a;b\";c\r\n");
        cells.text("une\nligne");
        cells.share(8730);
        cells.flag(true);
        cells.end();
        assert_eq!(String::from_utf8(cells.take()).unwrap(), "\"une\nligne\";0,8730;1\r\n");
    }

    proptest! {
        #[test]
        fn cells_come_back_from_every_dialect(texts in proptest::collection::vec("[ -~éœ€\t\r\n;\",=@-]{0,12}", 1..6)) {
            for dialect in [Dialect::CSV, Dialect::TSV, Dialect::EXCEL_FR] {
                let mut cells = CsvCells::new(dialect);
                for text in &texts {
                    cells.text(text);
                }
                cells.end();
                prop_assert_eq!(&read(&cells.take(), dialect.delimiter), &texts);
            }
        }
    }
}
