//! CSV and TSV: a header, then records of cells, between any delimiter.
//!
//! As the csv crate reads them: a quote opens only at the start of a cell, `""` inside is a quote, text after a closing
//! quote is literal; `\r\n`, `\n` and a lone `\r` end a record. **A wholly empty line is no record**: in a file of one
//! column, an empty cell is written `""`.

use std::ops::Range;
use std::sync::Arc;

use csv::StringRecord;

use super::boundary;
use super::chunk::{Chunk, Layout, Opened, Opening, add_error, count_lines};
use super::delimiter;
use super::encoding::SAMPLE_BYTES;
use super::records::Records;
use super::{Format, FormatName};
use crate::error::{Error, ErrorKind, Result};
use crate::types::Row;

/// Cells between any delimiter.
pub(super) const CSV: Format = Format { name: FormatName::Csv, extensions: &["csv", "ssv", "scsv", "psv"], open };
/// Cells between tabs.
pub(super) const TSV: Format = Format { name: FormatName::Tsv, extensions: &["tsv", "tab"], open: open_tsv };

fn open(opening: &Opening<'_>) -> Result<Opened> {
    open_between(opening, None)
}

fn open_tsv(opening: &Opening<'_>) -> Result<Opened> {
    open_between(opening, Some(b'\t'))
}

/// Delimiter: asked for, declared by `sep=`, meant by the format or file name, guessed; a comma at worst.
fn open_between(opening: &Opening<'_>, meant: Option<u8>) -> Result<Opened> {
    let declared = delimiter::declared(opening.head);
    let table_start = declared.map_or(0, |(_, after)| after);
    let table = &opening.head[table_start..];
    let delimiter = opening.options.delimiter;
    let delimiter = delimiter.or(declared.map(|(delimiter, _)| delimiter)).or(meant).or_else(|| by_extension(opening));
    let delimiter = delimiter.or_else(|| delimiter::guess(table, opening.whole)).unwrap_or(b',');
    if !delimiter.is_ascii() || matches!(delimiter, b'"' | b'\n' | b'\r') {
        let shown = delimiter.escape_ascii();
        return Err(ErrorKind::InvalidConfig(format!("'{shown}' cannot be a delimiter: take one ASCII sign")).into());
    }
    let first_line = 1 + count_lines(&opening.head[..table_start]);
    let (columns, header_bytes) = read_header(table, opening.whole, delimiter, first_line)?;
    let mut notes = duplicates(&columns);
    notes.extend(declared.map(|_| "dropped the first line, which only names the delimiter".to_owned()));
    let layout = Arc::new(Table { delimiter, columns: columns.clone() });
    Ok(Opened { columns, start: table_start + header_bytes, delimiter: Some(delimiter), notes, layout })
}

fn by_extension(opening: &Opening<'_>) -> Option<u8> {
    match opening.name.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "tsv" | "tab" => Some(b'\t'),
        "ssv" | "scsv" => Some(b';'),
        "psv" => Some(b'|'),
        _ => None,
    }
}

/// Names of the columns, and the length of the record that holds them.
fn read_header(table: &[u8], whole: bool, delimiter: u8, line: u64) -> Result<(Vec<String>, usize)> {
    let mut records = Records::new(table, delimiter);
    let mut header = Row::default();
    if records.next_row(&mut header).is_none() {
        return Err(ErrorKind::EmptyInput.into());
    }
    let end = records.position();
    if let Some(open) = boundary::scan(&table[..end], delimiter).open_quote {
        let kind = if whole { ErrorKind::UnclosedQuote } else { ErrorKind::RecordTooLong(SAMPLE_BYTES) };
        return Err(Error::new(kind).at_line(line + count_lines(&table[..open])));
    }
    let mut columns: Vec<String> = header.cells.iter().map(String::from).collect();
    if let Some(name) = columns[0].strip_prefix('\u{feff}') {
        columns[0] = name.to_string();
    }
    Ok((columns, end))
}

/// A sentence for each name that several columns have.
fn duplicates(columns: &[String]) -> Vec<String> {
    let count = |name: &String| columns.iter().filter(|other| *other == name).count();
    let first = |(at, name): &(usize, &String)| !columns[..*at].contains(name);
    let names = columns.iter().enumerate().filter(first).map(|(_, name)| (count(name), name));
    names.filter(|(count, _)| *count > 1).map(|(count, name)| format!("{count} columns are called {name:?}")).collect()
}

/// Records under a header.
#[derive(Debug)]
struct Table {
    delimiter: u8,
    columns: Vec<String>,
}

impl Layout for Table {
    fn cut(&self, window: &[u8]) -> Option<usize> {
        boundary::scan(window, self.delimiter).last_end
    }

    fn check_end(&self, rest: &[u8], line: u64) -> Result<()> {
        let found = boundary::scan(rest, self.delimiter);
        let Some(open) = found.open_quote else { return Ok(()) };
        let error = Error::new(ErrorKind::UnclosedQuote).at_line(line + count_lines(&rest[..open]));
        let record = &rest[found.last_end.unwrap_or(0)..=open];
        let mut cells = Row::default();
        Records::new(record, self.delimiter).next_row(&mut cells);
        Err(match cells.cells.len().checked_sub(1).and_then(|cell| self.columns.get(cell)) {
            Some(column) => error.in_column(column),
            None => error,
        })
    }

    fn rows(&self, chunk: &Chunk, on_row: &mut dyn FnMut(u64, &Row)) {
        self.records(chunk, &mut |line, _, row| on_row(line, row));
    }

    fn has_records(&self) -> bool {
        true
    }

    fn cell(&self, record: &[u8], column: usize) -> Option<(Range<usize>, &'static [u8])> {
        boundary::cell(record, self.delimiter, column).map(|cell| (cell, &b""[..]))
    }

    fn records(&self, chunk: &Chunk, on_record: &mut dyn FnMut(u64, Range<usize>, &Row)) {
        let bytes = &chunk.bytes;
        let mut records = Records::new(bytes, self.delimiter);
        let mut row = Row::default();
        let (mut line, mut counted) = (chunk.first_line, 0);
        while let Some(start) = records.next_row(&mut row) {
            line += count_lines(&bytes[counted..start]);
            counted = start;
            self.square(&mut row);
            on_record(line, start..records.position(), &row);
        }
    }
}

impl Table {
    /// Gives a row as many cells as there are columns; its error tells what was amiss.
    fn square(&self, row: &mut Row) {
        let (found, expected) = (row.cells.len(), self.columns.len());
        if found == expected {
            return;
        }
        let mut reason = format!("{found} cell{} where the header has {expected}", if found == 1 { "" } else { "s" });
        if found > expected {
            reason.push_str(&surplus(&row.cells, expected));
            row.cells.truncate(expected);
        }
        (found..expected).for_each(|_| row.cells.push_field(""));
        add_error(&mut row.error, &reason);
    }
}

/// The cells beyond the header, so that nothing is lost.
fn surplus(cells: &StringRecord, expected: usize) -> String {
    let quoted: Vec<String> = cells.iter().skip(expected).map(|cell| format!("{cell:?}")).collect();
    format!("; surplus: {}", quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::laws::{assert_rows, read, read_error};

    #[test]
    fn french_excel_is_read() {
        let rows = read("sondage.csv", "sep=;\r\nid;texte\r\n1;\"Oui,\r\nl’été\"\r\n2;d'accord\r\n".as_bytes());
        assert_rows(&rows, &[(3, "1|Oui,\r\nl’été", ""), (5, "2|d'accord", "")]);
    }

    #[test]
    fn ragged_rows_are_kept_whole() {
        let rows = read("a.csv", "id,texte,lang\n1,ça\n2,là,fr,\"x \"\"y\"\"\",z\n3,ici,fr\n4\n".as_bytes());
        let expected = [
            (2, "1|ça|", "2 cells where the header has 3"),
            (3, "2|là|fr", r#"5 cells where the header has 3; surplus: "x \"y\"", "z""#),
            (4, "3|ici|fr", ""),
            (5, "4||", "1 cell where the header has 3"),
        ];
        assert_rows(&rows, &expected);
    }

    #[test]
    fn one_bad_row_stays_alone() {
        let rows = read("a.csv", b"id,texte\n1,\xC3\xA9t\xC3\xA9\n\n2\xA0,\xC3\xA9t\xE9\n3,\xE2\x80\x99\n");
        let bad = "not valid UTF-8; read as windows-1252";
        assert_rows(&rows, &[(2, "1|été", ""), (4, "2\u{a0}|été", bad), (5, "3|’", "")]);
    }

    #[test]
    fn byte_order_marks_are_dropped_at_the_start_only() {
        let rows = read("a.csv", "\u{feff}texte\n\u{feff}salut\n\u{feff}ça\n".as_bytes());
        assert_rows(&rows, &[(2, "\u{feff}salut", ""), (3, "\u{feff}ça", "")]);
    }

    #[test]
    fn nul_and_empty_lines() {
        let rows = read("a.csv", b"\n\ntexte\n\n\na\0b\n\n\"\"\n");
        assert_rows(&rows, &[(6, "a\0b", ""), (8, "", "")]);
    }

    #[test]
    fn an_open_quote_is_found_where_it_opens() {
        let error = read_error("a.csv", "id,texte\n1,ça\n2,\"l’été\n3,x\n".as_bytes());
        assert!(error.starts_with("a.csv line 3 column \"texte\": a quote opened here"), "{error}");
        let error = read_error("a.csv", "id,\"texte\n1,ça\n".as_bytes());
        assert!(error.starts_with("a.csv line 1: a quote opened here"), "{error}");
    }

    #[test]
    fn a_header_alone_is_no_rows_and_nothing_is_an_error() {
        assert!(read("a.csv", b"id,texte\n").is_empty());
        assert!(read_error("a.csv", b"").contains("is empty"));
        assert!(read_error("a.csv", b"\n\n").contains("is empty"));
    }
}
