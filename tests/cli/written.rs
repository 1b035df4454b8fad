//! `classify`: which columns are written, in which format, and that no cell changes on its way.

use std::io::Read;

use calamine::{Data, Reader, Xlsx, open_workbook};

use super::classify::OURS;
use super::{Ran, Sandbox, column, corpus, model, parsed};

/// Cells that programs like to change.
const CELLS: [&str; 13] = [
    "007",
    "=1+1",
    "-x",
    "@a",
    "+33 6",
    "une\nligne",
    "deux\r\nlignes",
    "« a ; b »",
    "\"dit-il\"",
    " bords ",
    "0,8730",
    "a,b\tc",
    "",
];

/// A table with each of the cells as note, and a byte-order mark inside a cell.
fn cells() -> String {
    let row = |(nth, cell): (usize, &&str)| format!("{nth},\"{}\",Bonjour à vous\u{feff}\n", cell.replace('"', "\"\""));
    CELLS.iter().enumerate().map(row).fold("id,note,text\n".to_owned(), |rows, row| rows + &row)
}

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    sandbox.run(&[&["classify", "--model", model()], arguments].concat())
}

/// Header and rows of delimited bytes, read by the csv crate.
fn delimited(bytes: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(bytes);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn columns_are_selected_in_the_order_given() {
    let sandbox = Sandbox::with("in.csv", "a,text,\"b, c\",label\n1,Bonjour à vous,2,x\n");
    let (header, rows) = parsed(&sandbox.classify(&["in.csv", "--select", "\"b, c\",a"]));
    assert_eq!(header[..4], ["b, c", "a", "label", "p_outreach"]);
    assert_eq!(rows[0][..2], ["2", "1"]);
    let all = sandbox.classify(&["in.csv"]);
    assert_eq!(rows[0][3..6], parsed(&all).1[0][5..8]);
}

#[test]
fn a_selection_must_be_of_columns() {
    let sandbox = Sandbox::with("in.csv", "id,text\n1,Bonjour\n");
    let refused = |arguments: &[&str], words: &[&str]| {
        run(&sandbox, &[&["in.csv", "-o", "out.csv"], arguments].concat()).refused(2, words);
    };
    refused(&["--select", "id,txet"], &["in.csv", "\"txet\"", "\"id\", \"text\"", "did you mean \"text\"?"]);
    refused(&["--select", "id,id"], &["\"id\" twice"]);
    refused(&["--select", ""], &["--select names no column"]);
    assert_eq!(run(&sandbox, &["in.csv", "--select", "id", "--ids-only"]).code, Some(2));
    assert_eq!(sandbox.names(), ["in.csv"]);
}

#[test]
fn what_may_be_shared_is_ids_labels_and_probabilities() {
    let sandbox = Sandbox::with("in.csv", "author,uri,text,label\nZoé,at://1,Bonjour à vous,x\n");
    let (header, rows) = parsed(&sandbox.classify(&["in.csv", "--ids-only"]));
    // All of ours but `abstain` and `error`.
    assert_eq!(header, [&["uri"], &OURS[..7]].concat());
    assert_eq!(rows[0][0], "at://1");
    sandbox.write("none.csv", "n,text\n1,Bonjour\n");
    run(&sandbox, &["none.csv", "--ids-only"]).refused(2, &["none.csv", "--id-col", "\"n\", \"text\""]);
    let named = sandbox.classify(&["none.csv", "--ids-only", "--id-col", "n"]);
    assert_eq!(column(&named, "n"), ["1"]);
}

#[test]
fn the_words_of_a_bad_row_are_not_shared() {
    let sandbox = Sandbox::with("in.jsonl", "{\"id\":\"1\",\"text\":\"Bonjour\"}\nUn secret\n");
    let ran = run(&sandbox, &["in.jsonl", "--ids-only"]).expect(1);
    assert!(!ran.text().contains("secret"), "{}", ran.text());
    assert_eq!(column(&ran.text(), "id"), ["1", ""]);
}

#[test]
fn a_prefix_stands_before_ours() {
    let sandbox = Sandbox::with("in.csv", "text,label,fp_error\nBonjour à vous,x,y\n");
    let ran = run(&sandbox, &["in.csv", "--prefix", "m1_"]).expect(0);
    assert_eq!(parsed(&ran.text()).0[1..5], ["label", "fp_error", "m1_label", "m1_p_outreach"]);
    assert!(!ran.stderr.contains("pred_"), "{}", ran.stderr);
    run(&sandbox, &["in.csv", "--prefix", "fp_"]).refused(2, &["\"fp_\"", "\"fp_error\""]);
}

#[test]
fn tabs_by_flag_or_ending() {
    let sandbox = Sandbox::with("in.csv", cells());
    let by_flag = run(&sandbox, &["in.csv", "--output-format", "tsv"]).expect(0).stdout;
    sandbox.classify(&["in.csv", "-o", "out.TSV"]);
    assert_eq!(sandbox.bytes("out.TSV"), by_flag);
    assert_eq!(delimited(&by_flag, b'\t'), delimited(sandbox.classify(&["in.csv"]).as_bytes(), b','));
    assert!(by_flag.starts_with(b"id\tnote\ttext\tlabel\t"));
}

#[test]
fn objects_hold_texts_and_numbers() {
    let sandbox = Sandbox::with("in.csv", cells());
    let expected = delimited(sandbox.classify(&["in.csv"]).as_bytes(), b',');
    for name in ["out.jsonl", "out.ndjson"] {
        sandbox.classify(&["in.csv", "-o", name]);
        let text = sandbox.text(name);
        assert_eq!(text.lines().count(), CELLS.len());
        for (line, row) in text.lines().zip(&expected[1..]) {
            let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
            assert_eq!(object.keys().collect::<Vec<_>>(), expected[0].iter().collect::<Vec<_>>());
            for ((key, value), cell) in object.iter().zip(row) {
                let is_number = key.starts_with("p_") || key == "abstain";
                assert_eq!(value.is_number(), is_number, "{key}");
                let is_same =
                    if is_number { value.as_f64() == cell.parse().ok() } else { value.as_str() == Some(cell) };
                assert!(is_same, "{key}: {value} {cell}");
            }
        }
    }
    // And they are read again as what they are.
    let again = sandbox.classify(&["out.jsonl", "--select", "id,note,text"]);
    let cells = |rows: &[Vec<String>]| rows.iter().map(|row| row[..6].to_vec()).collect::<Vec<_>>();
    assert_eq!(cells(&delimited(again.as_bytes(), b',')), cells(&expected));
}

#[test]
fn columns_of_one_name_are_keys_of_their_own() {
    let ran =
        run(&Sandbox::with("in.csv", "n,text,n\n1,Bonjour,2\n"), &["in.csv", "--output-format", "jsonl"]).expect(0);
    assert!(ran.text().starts_with("{\"n\":\"1\",\"text\":\"Bonjour\",\"n_2\":\"2\",\"label\":"), "{}", ran.text());
    assert!(ran.stderr.contains("\"n_2\""), "{}", ran.stderr);
}

#[test]
fn a_french_excel_and_back_changes_no_cell() {
    let sandbox = Sandbox::with("in.csv", cells());
    let plain = delimited(sandbox.classify(&["in.csv"]).as_bytes(), b',');
    sandbox.classify(&["in.csv", "-o", "excel.csv", "--excel-fr"]);
    let bytes = sandbox.bytes("excel.csv");
    let records = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
    assert!(records.starts_with(b"id;note;text;label;p_outreach;"));
    assert!(records.ends_with(b"\r\n"));
    let excel = delimited(records, b';');
    assert_eq!(excel.len(), plain.len());
    for (row, plain) in excel.iter().zip(&plain).skip(1) {
        assert_eq!((&row[..4], &row[10..]), (&plain[..4], &plain[10..]));
        let numbers: Vec<String> = plain[4..10].iter().map(|number| number.replace('.', ",")).collect();
        assert_eq!(row[4..10], numbers);
    }
    let inputs = |csv: &[u8]| delimited(csv, b',').into_iter().map(|row| row[..3].to_vec()).collect::<Vec<_>>();
    let back = sandbox.classify(&["excel.csv", "--select", "id,note,text"]);
    assert_eq!(inputs(back.as_bytes()), inputs(cells().as_bytes()));
}

#[test]
fn formats_that_do_not_go_together_are_refused() {
    let sandbox = Sandbox::with("in.csv", "text\nBonjour\n");
    run(&sandbox, &["in.csv", "-o", "out.tsv", "--excel-fr"]).refused(2, &["--excel-fr is for CSV"]);
    run(&sandbox, &["in.csv", "-o", "out.xlsx", "--excel-fr"]).refused(2, &["--excel-fr is for CSV"]);
    run(&sandbox, &["in.csv", "-o", "out.xlsx.gz"]).refused(2, &["out.xlsx.gz", "compressed already"]);
    run(&sandbox, &["in.csv", "--output-format", "xlsx"]).refused(2, &["a workbook needs a file"]);
    run(&sandbox, &["in.csv", "-o", "out.ods"]).refused(2, &["out.ods", "no .ods is written here"]);
    run(&sandbox, &["in.csv", "-o", "out.ods", "--output-format", "tsv"]).expect(0);
    assert_eq!(sandbox.names(), ["in.csv", "out.ods"]);
}

#[test]
fn ruined_ids_are_said_once() {
    let warning = |ids: &[&str]| {
        let input = ids.iter().fold("id,text\n".to_owned(), |rows, id| rows + "\"" + id + "\",Bonjour à vous\n");
        let ran = run(&Sandbox::with("in.csv", input), &["in.csv"]).expect(0);
        let lines: Vec<&str> = ran.stderr.lines().filter(|line| line.contains("warning")).collect();
        assert!(lines.len() < 2, "{lines:?}");
        lines.first().map(ToString::to_string)
    };
    let floats = warning(&["1", "1,23457E+18", "1.23457E+18"]).unwrap();
    assert!(floats.contains("2 of the ids") && floats.contains("in.csv line 3"), "{floats}");
    let rounded = warning(&["1234567890123456789", "1234567890123456000"]).unwrap();
    assert!(rounded.contains("1 of the 2 ids"), "{rounded}");
    assert_eq!(warning(&["1234567890123456789", "12000", "1e5", "E+5"]), None);
}

#[test]
fn threads_change_no_byte_of_any_format() {
    let sandbox = Sandbox::with("in.csv", corpus::many(9_000));
    for format in [&["--output-format", "tsv"][..], &["--output-format", "jsonl"], &["--excel-fr"], &["--ids-only"]] {
        let with = |threads| run(&sandbox, &[format, &["in.csv", "--threads", threads]].concat()).expect(0).stdout;
        let one = with("1");
        assert!(one == with("2") && one == with("4"), "{format:?}");
    }
    for name in ["out.csv.gz", "out.csv.zst", "out.xlsx"] {
        let with = |threads| {
            sandbox.classify(&["in.csv", "--select", "id", "--threads", threads, "-o", name, "--force"]);
            sandbox.bytes(name)
        };
        let one = with("1");
        assert!(one == with("2") && one == with("4"), "{name}");
    }
}

#[test]
fn compressed_outputs_hold_what_stdout_would() {
    let sandbox = Sandbox::with("in.csv", corpus::many(3_000));
    let expected = sandbox.classify(&["in.csv"]);
    sandbox.classify(&["in.csv", "-o", "out.csv.gz"]);
    let mut text = String::new();
    flate2::read::GzDecoder::new(&sandbox.bytes("out.csv.gz")[..]).read_to_string(&mut text).unwrap();
    assert!(text == expected);
    sandbox.classify(&["in.csv", "-o", "out.csv.zst"]);
    assert!(zstd::decode_all(&sandbox.bytes("out.csv.zst")[..]).unwrap() == expected.as_bytes());
    sandbox.classify(&["in.csv", "-o", "out.jsonl.gz"]);
    let objects = run(&sandbox, &["in.csv", "--output-format", "jsonl"]).expect(0);
    text.clear();
    flate2::read::GzDecoder::new(&sandbox.bytes("out.jsonl.gz")[..]).read_to_string(&mut text).unwrap();
    assert!(text == objects.text());
    assert_eq!(sandbox.names(), ["in.csv", "out.csv.gz", "out.csv.zst", "out.jsonl.gz"]);
}

#[test]
fn no_encoded_output_of_a_run_that_failed() {
    let sandbox = Sandbox::with("in.csv", corpus::many(3_000) + "1,\"jamais fermé\n");
    for name in ["out.csv.gz", "out.csv.zst", "out.xlsx", "out.jsonl"] {
        run(&sandbox, &["in.csv", "--select", "id", "-o", name]).refused(3, &["never closed"]);
    }
    assert_eq!(sandbox.names(), ["in.csv"]);
}

#[test]
fn a_workbook_holds_texts_and_numbers() {
    let sandbox = Sandbox::with("in.csv", cells());
    let expected = delimited(sandbox.classify(&["in.csv"]).as_bytes(), b',');
    sandbox.classify(&["in.csv", "-o", "out.xlsx"]);
    let mut book: Xlsx<_> = open_workbook(sandbox.path("out.xlsx")).unwrap();
    assert!(book.worksheet_formula("messages").unwrap().is_empty());
    let sheet = book.worksheet_range("messages").unwrap();
    assert_eq!(sheet.height(), expected.len());
    for (nth, row) in expected.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let is_number = nth > 0 && (4..11).contains(&column);
            match sheet.get((nth, column)) {
                Some(Data::Float(number)) if is_number => assert_eq!(Some(*number), cell.parse().ok()),
                Some(Data::String(text)) if !is_number => assert_eq!(text, cell),
                Some(Data::Empty) | None => assert!(cell.is_empty() && !is_number, "{cell:?}"),
                other => panic!("{cell:?}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_cell_that_no_workbook_holds_is_refused_and_nothing_is_cut() {
    let sandbox = Sandbox::with("in.csv", format!("id,text,note\n1,Bonjour,x\n2,Bonjour,{}\n", "é".repeat(32_768)));
    let words = ["in.csv line 3 column \"note\"", "32768", "32767", "--select", ".csv"];
    run(&sandbox, &["in.csv", "-o", "out.xlsx"]).refused(3, &words);
    assert_eq!(sandbox.names(), ["in.csv"]);
    sandbox.classify(&["in.csv", "-o", "out.xlsx", "--select", "id,text"]);
    sandbox.write("just.csv", format!("text,note\nBonjour,{}\n", "é".repeat(32_767)));
    sandbox.classify(&["just.csv", "-o", "just.xlsx"]);
}
