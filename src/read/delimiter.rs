//! Which byte stands between the cells, judged on parsed records: lines would split quoted cells.

use csv::StringRecord;

use super::boundary;
use super::records::Records;
use super::roles::is_text_name;
use crate::types::Row;

/// What may separate cells, the likelier first.
const DELIMITERS: [u8; 4] = *b",;\t|";
/// Records that are enough to judge.
const JUDGED: usize = 100;
/// Bytes that are enough to judge.
const JUDGED_BYTES: usize = 1 << 18;
/// Share of the records that must have as many cells as the header.
const CONSISTENT: f64 = 0.5;

/// The delimiter under which most records have as many cells as the header and more than one.
/// `whole`: whether `head` is all there is.
pub(super) fn guess(head: &[u8], whole: bool) -> Option<u8> {
    let head_is_whole = whole && head.len() <= JUDGED_BYTES;
    let head = &head[..head.len().min(JUDGED_BYTES)];
    let scored = DELIMITERS.iter().map(|delimiter| (consistency(head, head_is_whole, *delimiter), *delimiter));
    scored
        .filter(|((share, cells), _)| *share >= CONSISTENT && *cells > 1)
        // The first of the best: `max_by` would take the last.
        .rev()
        .max_by(|(left, _), (right, _)| left.partial_cmp(right).expect("shares are finite"))
        .map(|(_, delimiter)| delimiter)
}

/// The delimiter under which a head without a telling file name is a table with a text column.
pub(super) fn guess_table(head: &[u8], whole: bool) -> Option<u8> {
    let delimiter = guess(head, whole)?;
    let header = records(head, delimiter).next()?;
    header.iter().any(is_text_name).then_some(delimiter)
}

/// The delimiter that a first line `sep=;` names, and the length of that line.
pub(super) fn declared(head: &[u8]) -> Option<(u8, usize)> {
    let end = memchr::memchr2(b'\n', b'\r', head)?;
    let line = head[..end].trim_ascii_end();
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let [name @ .., delimiter] = line.strip_prefix(b"\t").unwrap_or(line) else { return None };
    let after = end + 1 + usize::from(head[end..].starts_with(b"\r\n"));
    name.eq_ignore_ascii_case(b"sep=").then_some((*delimiter, after))
}

/// Share of the records after the header with as many cells as it, and that number.
fn consistency(head: &[u8], whole: bool, delimiter: u8) -> (f64, usize) {
    let end = if whole { head.len() } else { boundary::scan(head, delimiter).last_end.unwrap_or(head.len()) };
    let mut widths = records(&head[..end], delimiter).map(|record| record.len());
    let Some(header) = widths.next() else { return (0.0, 0) };
    let (mut same, mut all) = (0_usize, 0_usize);
    for width in widths.take(JUDGED) {
        same += usize::from(width == header);
        all += 1;
    }
    (if all == 0 { 1.0 } else { same as f64 / all as f64 }, header)
}

fn records(head: &[u8], delimiter: u8) -> impl Iterator<Item = StringRecord> {
    let mut records = Records::new(head, delimiter);
    std::iter::from_fn(move || {
        let mut row = Row::default();
        records.next_row(&mut row).map(|_| row.cells)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_decide_not_commas() {
        let french = "id;texte\n1;Oui, non, peut-être\n2;\"Bonjour ;\nà demain, 18 h\"\n";
        assert_eq!(guess(french.as_bytes(), true), Some(b';'));
        assert_eq!(guess(b"id,text,lang\n1,\"a;b\",fr\n", true), Some(b','));
        assert_eq!(guess(b"id\ttext\n", true), Some(b'\t'));
        assert_eq!(guess(b"id|text\n1|a\n", true), Some(b'|'));
    }

    #[test]
    fn one_column_has_no_delimiter() {
        assert_eq!(guess("texte\nBonjour, ça va ?\nOui, et toi ?\n".as_bytes(), true), None);
        assert_eq!(guess("Bonjour, ça va ?\nOui\nNon\nSi, si, si\n".as_bytes(), true), None);
    }

    #[test]
    fn a_table_is_told_from_prose() {
        assert_eq!(guess_table("id;texte\n1;salut\n".as_bytes(), true), Some(b';'));
        assert_eq!(guess_table("Bonjour, message reçu\nMerci, à demain\n".as_bytes(), true), None);
    }

    #[test]
    fn excel_declares_its_delimiter() {
        assert_eq!(declared(b"sep=;\r\nid;texte\r\n"), Some((b';', 7)));
        assert_eq!(declared(b"\"SEP=\t\"\nid\n"), Some((b'\t', 8)));
        assert_eq!(declared(b"separe\n"), None);
    }
}
