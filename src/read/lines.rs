//! One message a line, empty ones too: as many rows as lines.

use std::sync::Arc;

use super::chunk::{Chunk, Layout, Opened, Opening, decode, last_line_end, numbered_lines};
use super::{Format, FormatName};
use crate::error::Result;
use crate::types::Row;

/// One message a line.
pub(super) const FORMAT: Format = Format { name: FormatName::Lines, extensions: &["txt", "text", "lines"], open };

#[expect(clippy::unnecessary_wraps, reason = "the shape of every format's `open`")]
fn open(_: &Opening<'_>) -> Result<Opened> {
    let columns = ["id", "text"].map(String::from).to_vec();
    Ok(Opened { columns, start: 0, delimiter: None, notes: Vec::new(), layout: Arc::new(Lines) })
}

/// Lines that end in `\n` or `\r\n`. The number of a line is its id.
#[derive(Debug)]
struct Lines;

impl Layout for Lines {
    fn cut(&self, window: &[u8]) -> Option<usize> {
        last_line_end(window)
    }

    fn rows(&self, chunk: &Chunk, on_row: &mut dyn FnMut(u64, &Row)) {
        let mut row = Row::default();
        for (number, line) in numbered_lines(chunk) {
            row.error.clear();
            row.cells.clear();
            row.cells.push_field(&number.to_string());
            row.cells.push_field(&decode(line, &mut row.error));
            on_row(number, &row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws::{assert_rows, read};

    #[test]
    fn every_line_is_a_row() {
        let rows = read("avis.txt", "Merci !\r\n\nl'été, c’est fini".as_bytes());
        assert_rows(&rows, &[(1, "1|Merci !", ""), (2, "2|", ""), (3, "3|l'été, c’est fini", "")]);
        assert_eq!(read("avis.txt", b"oui\n").len(), 1);
    }
}
