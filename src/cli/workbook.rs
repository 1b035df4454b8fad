//! A workbook of one sheet: texts as texts, whatever they look like; our numbers as numbers; the header stays in sight.
//!
//! Rows wait in a temporary file, not in memory. Nothing in the workbook tells when it was made.

use std::fmt;
use std::io::{self, Seek, Write};
use std::ops::Range;

use franc_parler::write::{Header, PlainReader};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Worksheet, XlsxError};

/// Most UTF-16 units of a cell.
pub(crate) const LONGEST_CELL: usize = 32_767;
/// Most rows of a sheet, without its header.
const MAX_ROWS: u32 = 1_048_575;
/// Most columns of a sheet.
const MAX_COLUMNS: usize = 16_384;
const SHEET: &str = "messages";

/// A workbook being filled.
pub(crate) struct Workbook {
    book: rust_xlsxwriter::Workbook,
    cells: PlainReader,
    next: Position,
    share: Format,
}

impl fmt::Debug for Workbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workbook").field("next", &self.next).finish_non_exhaustive()
    }
}

/// Where the next cell goes, and of what kind it is.
#[derive(Debug)]
struct Position {
    row: u32,
    column: u16,
    n_columns: u16,
    numbers: Range<usize>,
    max_rows: u32,
}

impl Workbook {
    /// Without rows.
    pub(crate) fn new() -> io::Result<Self> {
        let mut book = rust_xlsxwriter::Workbook::new();
        // Some moment, always the same.
        let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(io::Error::other)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let sheet = book.add_worksheet_with_constant_memory().map_err(io::Error::other)?;
        sheet.set_name(SHEET).and_then(|sheet| sheet.set_freeze_panes(1, 0)).map_err(io::Error::other)?;
        let next = Position { row: 1, column: 0, n_columns: 0, numbers: 0..0, max_rows: MAX_ROWS };
        Ok(Self { book, cells: PlainReader::default(), next, share: Format::new().set_num_format("0.0000") })
    }

    /// Writes the header.
    pub(crate) fn begin(&mut self, header: &Header) -> io::Result<()> {
        let n_columns = header.columns.len();
        if n_columns > MAX_COLUMNS {
            let why = format!("a sheet of XLSX has at most {MAX_COLUMNS} columns, and this would have {n_columns}");
            return Err(io::Error::other(why + "; choose some with --select, or write .csv"));
        }
        let sheet = self.book.worksheet_from_index(0).map_err(io::Error::other)?;
        for (column, name) in (0..).zip(&header.columns) {
            sheet.write_string(0, column, name).map_err(io::Error::other)?;
        }
        self.next.n_columns = n_columns as u16;
        self.next.numbers = header.numbers();
        Ok(())
    }

    /// Adds cells, row by row.
    pub(crate) fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Self { book, cells, next, share } = self;
        let sheet = book.worksheet_from_index(0).map_err(io::Error::other)?;
        cells.read(bytes, |cell| next.put(cell, sheet, share))
    }

    /// Writes the whole into a file.
    pub(crate) fn save(mut self, file: &mut (impl Write + Seek + Send)) -> io::Result<()> {
        self.book.save_to_writer(file).map_err(|error| match error {
            XlsxError::IoError(error) => error,
            other => io::Error::other(other),
        })
    }
}

impl Position {
    fn put(&mut self, cell: &str, sheet: &mut Worksheet, share: &Format) -> io::Result<()> {
        if self.row > self.max_rows {
            let why =
                format!("a sheet of XLSX has at most {} rows below its header, and there are more", self.max_rows);
            return Err(io::Error::other(why + "; write .csv or .csv.gz, or classify the input in parts"));
        }
        let number = cell.parse::<f64>().ok().filter(|_| self.numbers.contains(&usize::from(self.column)));
        let written = match number {
            Some(number) if cell.contains('.') => sheet.write_number_with_format(self.row, self.column, number, share),
            Some(number) => sheet.write_number(self.row, self.column, number),
            None => sheet.write_string(self.row, self.column, cell),
        };
        written.map_err(io::Error::other)?;
        self.column += 1;
        if self.column == self.n_columns {
            (self.row, self.column) = (self.row + 1, 0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_too_many_is_refused() {
        let mut book = Workbook::new().unwrap();
        (book.next.n_columns, book.next.max_rows) = (2, 3);
        let cell = [1, 0, 0, 0, b'x'];
        book.add(&cell.repeat(6)).unwrap();
        let error = book.add(&cell).unwrap_err().to_string();
        assert!(error.contains("at most 3 rows") && error.contains(".csv.gz"), "{error}");
    }
}
