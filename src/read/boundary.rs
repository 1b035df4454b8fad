//! Where CSV records end, in step with csv-core but only for what cutting needs.
//!
//! Outside quotes, csv-core is at the start of a field exactly after a delimiter, `\r`, `\n` or at the start of the
//! input; only there does a quote open. Inside, `""` is a quote and any other `"` closes; what follows a closing quote
//! is literal. So only quotes have to be looked at, and memchr finds them.

use std::ops::Range;

use memchr::{memchr, memchr3, memrchr2};

/// Where the quotes of some records stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Boundary {
    /// After the last record end that stands outside quotes.
    pub(super) last_end: Option<usize>,
    /// The quote that is open at the end.
    pub(super) open_quote: Option<usize>,
}

/// Walks over `bytes`, which begin at a record.
pub(super) fn scan(bytes: &[u8], delimiter: u8) -> Boundary {
    let mut last_end = None;
    let mut at = 0;
    loop {
        let quote = opening_quote(bytes, at, delimiter);
        let outside = &bytes[at..quote.unwrap_or(bytes.len())];
        last_end = memrchr2(b'\n', b'\r', outside).map(|end| at + end + 1).or(last_end);
        let Some(open) = quote else { return Boundary { last_end, open_quote: None } };
        let Some(close) = closing_quote(bytes, open + 1) else { return Boundary { last_end, open_quote: quote } };
        at = close + 1;
    }
}

/// Where the bytes of a record's cell stand, its quotes included.
pub(super) fn cell(record: &[u8], delimiter: u8, column: usize) -> Option<Range<usize>> {
    let mut start = 0;
    for at in 0..=column {
        let quoted = if record.get(start) == Some(&b'"') { closing_quote(record, start + 1)? } else { start };
        let end = memchr3(delimiter, b'\r', b'\n', &record[quoted..]).map_or(record.len(), |end| quoted + end);
        if at == column {
            return Some(start..end);
        }
        start = (record.get(end) == Some(&delimiter)).then_some(end + 1)?;
    }
    None
}

/// The next quote, from `at` on, that opens a quoted cell.
fn opening_quote(bytes: &[u8], mut at: usize, delimiter: u8) -> Option<usize> {
    loop {
        let quote = at + memchr(b'"', &bytes[at..])?;
        let starts_field = quote.checked_sub(1).is_none_or(|before| {
            let before = bytes[before];
            before == delimiter || before == b'\n' || before == b'\r'
        });
        if starts_field {
            return Some(quote);
        }
        at = quote + 1;
    }
}

/// The quote that closes a cell whose content begins at `at`.
fn closing_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let quote = at + memchr(b'"', &bytes[at..])?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use csv::{ByteRecord, ReaderBuilder};
    use proptest::prelude::*;

    use super::*;

    /// Reads as the stage does, hiding from csv-core the byte-order mark that it would drop.
    fn records(bytes: &[u8], delimiter: u8) -> Vec<ByteRecord> {
        let shielded = [b"\n", bytes].concat();
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(delimiter);
        builder.from_reader(&shielded[..]).byte_records().map(Result::unwrap).collect()
    }

    #[test]
    fn line_ends_inside_quotes_end_nothing() {
        let bytes = "1,\"Bonjour,\nça va ?\"\r\n2,non".as_bytes();
        assert_eq!(scan(bytes, b',').last_end, Some(bytes.len() - "2,non".len()));
    }

    #[test]
    fn quotes_open_only_at_the_start_of_a_cell() {
        assert_eq!(scan(b"un 27\" ,oui\n\"x", b',').open_quote, Some(12));
        assert_eq!(scan("a,l'\"été\n".as_bytes(), b',').open_quote, None);
        assert_eq!(scan(b"\"a\"\"\n", b',').open_quote, Some(0));
        assert_eq!(scan(b"\"a\"b\"\n", b',').last_end, Some(6));
    }

    #[test]
    fn cells_are_found_with_their_quotes() {
        let record = b"1,\"a, \"\"b\"\"\n\"x,,fin\r\n";
        let found: Vec<_> = (0..5).map(|column| cell(record, b',', column).map(|cell| &record[cell])).collect();
        let expected: [Option<&[u8]>; 5] = [Some(b"1"), Some(b"\"a, \"\"b\"\"\n\"x"), Some(b""), Some(b"fin"), None];
        assert_eq!(found, expected);
    }

    fn csv_like() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![Just(b'"'), Just(b','), Just(b';'), Just(b'\n'), Just(b'\r'), Just(b'e'), any::<u8>()];
        prop::collection::vec(byte, 0..60)
    }

    proptest! {
        #[test]
        fn cutting_changes_no_record(bytes in csv_like(), window in 0_usize..60, semicolon: bool) {
            let delimiter = if semicolon { b';' } else { b',' };
            let window = window.min(bytes.len());
            if let Some(end) = scan(&bytes[..window], delimiter).last_end {
                // A quote that is the window's last byte may yet be the first of two: only ends before it count.
                let mut pieces = records(&bytes[..end], delimiter);
                pieces.extend(records(&bytes[end..], delimiter));
                prop_assert_eq!(pieces, records(&bytes, delimiter));
            }
        }

        #[test]
        fn an_open_quote_is_what_swallows_a_line_end(bytes in csv_like()) {
            let whole = records(&bytes, b',').len();
            let closed = [&bytes[..], b"\nx"].concat();
            let swallowed = records(&closed, b',').len() == whole;
            prop_assert_eq!(scan(&bytes, b',').open_quote.is_some(), swallowed && whole > 0);
        }
    }
}
