//! Laws that hold for every format, and the readers' shared test kit.

use std::io::Cursor;

use proptest::prelude::*;

use super::{Chunk, FORMATS, FormatName, Input, ReadOptions};
use crate::error::Result;
use crate::types::Row;

/// Options that ask for a format.
fn asking(format: FormatName) -> ReadOptions {
    ReadOptions { format: Some(format), ..ReadOptions::default() }
}

fn open(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Input> {
    Input::from_reader(name, Box::new(Cursor::new(bytes.to_vec())), options)
}

/// An input with a telling name.
pub(super) fn opened(name: &str, bytes: &[u8]) -> Input {
    open(name, bytes, &ReadOptions::default()).expect("opens")
}

/// Its columns.
pub(super) fn columns(name: &str, bytes: &[u8]) -> Vec<String> {
    opened(name, bytes).columns
}

/// Its rows with their lines.
pub(super) fn read(name: &str, bytes: &[u8]) -> Vec<(u64, Row)> {
    opened(name, bytes).rows().collect::<Result<_>>().expect("reads")
}

/// Its rows, read in a format.
pub(super) fn read_as(format: FormatName, name: &str, bytes: &[u8]) -> Vec<(u64, Row)> {
    open(name, bytes, &asking(format)).expect("opens").rows().collect::<Result<_>>().expect("reads")
}

/// What opening or reading says of it.
pub(super) fn read_error(name: &str, bytes: &[u8]) -> String {
    let rows = open(name, bytes, &ReadOptions::default()).and_then(|input| input.rows().collect::<Result<Vec<_>>>());
    rows.expect_err("is refused").to_string()
}

/// Line, cells between bars, error.
pub(super) fn text(rows: &[(u64, Row)]) -> Vec<(u64, String, &str)> {
    let cells = |row: &Row| row.cells.iter().collect::<Vec<_>>().join("|");
    rows.iter().map(|(line, row)| (*line, cells(row), row.error.as_str())).collect()
}

/// Compares rows with lines, cells between bars, errors.
#[track_caller]
pub(super) fn assert_rows(rows: &[(u64, Row)], expected: &[(u64, &str, &str)]) {
    let rows = text(rows);
    let rows: Vec<_> = rows.iter().map(|(line, cells, error)| (*line, cells.as_str(), *error)).collect();
    assert_eq!(rows, expected);
}

/// Rows cut into chunks of some size; the error's sentence at the end, if any.
fn read_in_chunks(options: &ReadOptions, bytes: &[u8], chunk_bytes: usize) -> (Vec<(u64, Row)>, Option<String>) {
    let mut input = match open("a", bytes, options) {
        Ok(input) => input,
        Err(error) => return (Vec::new(), Some(error.to_string())),
    };
    input.chunk_bytes = chunk_bytes;
    let width = input.columns.len();
    let mut rows = Vec::new();
    for row in input.rows() {
        match row {
            Ok(row) => rows.push(row),
            Err(error) => return (rows, Some(error.to_string())),
        }
    }
    assert!(rows.iter().all(|(_, row)| row.cells.len() == width), "every row has the columns' number of cells");
    (rows, None)
}

/// `n_rows` rows in a format, each holding `row 17` and French to trip over.
fn sample(format: FormatName, n_rows: usize) -> Vec<u8> {
    let text = |row: usize| format!("row {row} : l’été, « ça » va ?");
    let record = |row: usize| match format {
        FormatName::Csv => format!("{row},\"{}\n\"\"oui\"\"\"\r\n", text(row)),
        FormatName::Tsv => format!("{row}\t{}\n", text(row)),
        FormatName::Jsonl => format!("{{\"id\":{row},\"texte\":\"{}\"}}\n", text(row)),
        FormatName::Lines => format!("{}\n", text(row)),
        FormatName::Document => format!("{}\net la suite\n\n", text(row)),
    };
    let header = match format {
        FormatName::Csv => "id,texte\r\n",
        FormatName::Tsv => "id\ttexte\n",
        _ => "",
    };
    (header.to_owned() + &(0..n_rows).map(record).collect::<String>()).into_bytes()
}

#[test]
fn every_name_has_its_format() {
    let all = [FormatName::Csv, FormatName::Tsv, FormatName::Jsonl, FormatName::Lines, FormatName::Document];
    for name in all {
        assert_eq!(name.as_str().parse::<FormatName>().unwrap(), name);
        assert_eq!(FORMATS.iter().filter(|format| format.name == name).count(), 1);
    }
    assert!("xlsx".parse::<FormatName>().is_err());
}

#[test]
fn inputs_and_parsers_cross_threads() {
    fn sends<T: Send>() {}
    fn shares<T: Send + Sync + Clone>() {}
    sends::<Input>();
    shares::<super::Parser>();
}

#[test]
fn order_and_count_are_kept() {
    for format in FORMATS {
        let (rows, error) = read_in_chunks(&asking(format.name), &sample(format.name, 3000), 1 << 10);
        assert_eq!((rows.len(), error), (3000, None), "{:?}", format.name);
        for (row, (_, read)) in rows.iter().enumerate() {
            let wanted = format!("row {row} ");
            assert!(read.cells.iter().any(|cell| cell.starts_with(&wanted)) && read.error.is_empty(), "{read:?}");
        }
    }
}

#[test]
fn chunk_size_changes_nothing() {
    for format in FORMATS {
        let bytes = sample(format.name, 2000);
        let whole = read_in_chunks(&asking(format.name), &bytes, 1 << 18);
        for chunk_bytes in [1, 7, 1 << 10] {
            let cut = read_in_chunks(&asking(format.name), &bytes, chunk_bytes);
            assert!(cut == whole, "{:?} in chunks of {chunk_bytes}", format.name);
        }
    }
}

#[test]
fn truncation_never_panics_and_keeps_what_is_before() {
    for format in FORMATS {
        let bytes = sample(format.name, 4);
        let (whole, _) = read_in_chunks(&asking(format.name), &bytes, 64);
        for length in 0..bytes.len() {
            let (rows, _) = read_in_chunks(&asking(format.name), &bytes[..length], 64);
            let kept = rows.len().saturating_sub(1);
            assert!(rows[..kept] == whole[..kept], "{:?} cut at {length}", format.name);
        }
    }
}

#[test]
fn every_encoding_gives_the_same_rows() {
    for format in FORMATS {
        let bytes = sample(format.name, 50);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let utf8 = read_in_chunks(&asking(format.name), &bytes, 100);
        let windows = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&b"\xFF\xFE"[..], &utf16].concat();
        for bytes in [windows, utf16, marked] {
            assert!(read_in_chunks(&asking(format.name), &bytes, 100) == utf8, "{:?}", format.name);
        }
    }
}

#[test]
fn a_record_without_end_is_refused() {
    let bytes = [b"texte\n\"".as_slice(), &vec![b'a'; 5000]].concat();
    let mut input = open("a.csv", &bytes, &ReadOptions::default()).unwrap();
    (input.chunk_bytes, input.max_record_bytes) = (16, 1 << 10);
    let error = input.next_chunk().unwrap_err().to_string();
    assert!(error.starts_with("a.csv line 2: the record that begins here is over"), "{error}");
}

#[test]
fn the_head_comes_again_in_the_chunks() {
    for format in FORMATS {
        let mut input = open("a", &sample(format.name, 300), &asking(format.name)).unwrap();
        let head = input.head().to_vec();
        assert_eq!(head.len(), 100, "{:?}", format.name);
        let Chunk { bytes, .. } = input.next_chunk().unwrap().unwrap();
        let mut rows = Vec::new();
        input.parser().rows(&Chunk { bytes, first_line: 1, ..Chunk::default() }, &mut |_, row| rows.push(row.clone()));
        assert!(rows.starts_with(&head));
    }
}

fn any_format() -> impl Strategy<Value = FormatName> {
    (0..FORMATS.len()).prop_map(|at| FORMATS[at].name)
}

fn untidy_bytes() -> impl Strategy<Value = Vec<u8>> {
    let sign = prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        prop::sample::select(vec![
            "\"",
            ",",
            ";",
            "\n",
            "\r\n",
            "{\"a\":1}",
            "\u{feff}",
            "é",
            "sep=;\n",
            "\\ud800",
            "\n\n"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop::collection::vec(sign, 0..80).prop_map(|signs| signs.concat())
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in untidy_bytes(), format in prop::option::of(any_format())) {
        let options = ReadOptions { format, ..ReadOptions::default() };
        let small = read_in_chunks(&options, &bytes, 8);
        let large = read_in_chunks(&options, &bytes, 1 << 18);
        prop_assert_eq!(&small.1, &large.1);
        prop_assert!(small.0.starts_with(&large.0), "{:?} {:?}", small.0, large.0);
        prop_assert!(small.1.is_some() || small.0 == large.0);
    }

    #[test]
    fn jsonl_has_a_row_for_each_line_that_is_not_blank(lines in prop::collection::vec("[ -~éà]{0,12}", 0..20)) {
        let bytes = format!("{{\"text\":1}}\n{}", lines.join("\n"));
        let rows = read_as(FormatName::Jsonl, "a", bytes.as_bytes());
        let filled = lines.iter().filter(|line| !line.trim_ascii().is_empty()).count();
        prop_assert_eq!(rows.len(), 1 + filled);
    }

    #[test]
    fn lines_has_a_row_for_each_line(lines in prop::collection::vec("[^\n\r\0]{0,12}", 1..20)) {
        let bytes = lines.join("\r\n") + "\n";
        let rows = read_as(FormatName::Lines, "a", bytes.as_bytes());
        prop_assert_eq!(rows.len(), lines.len());
    }
}
