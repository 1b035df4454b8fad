//! Real material that lies beside the repository (`../shared`) and is no part of it. Where it is absent, each test says so and
//! is done.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "helpers of tests: a failure is a failed test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Least macro-F1 of the embedded model on `real_dev.jsonl`.
const FLOOR: &str = "0.62";

/// A path in `../shared`, if it is there.
fn shared(test: &str, path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !path.exists() {
        skip(test, &format!("there is no {}", path.display()));
        return None;
    }
    Some(path)
}

#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn skip(test: &str, why: &str) {
    eprintln!("{test}: skipped, {why}");
}

/// Runs the program; its exit code and what it wrote.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_franc-parler"));
    let output = command.args(arguments).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Arguments that choose the embedded model, or else one learnt here and now from a few rows.
fn model(folder: &Path) -> Vec<String> {
    if run(&["model", "verify"]).0 == Some(0) {
        return Vec::new();
    }
    let rows: String = ["outreach", "opportunistic_targeting", "genuine_dialogue"]
        .iter()
        .flat_map(|label| (0..8).map(move |nth| format!("\"un message {nth}, {label} et la suite {nth}\",{label}\n")))
        .collect();
    std::fs::write(folder.join("few.csv"), format!("text,label\n{rows}")).unwrap();
    let [data, dir] = ["few.csv", "m"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    let (code, _, stderr) = run(&["train", &data, "-o", &dir, "--quiet"]);
    assert_eq!(code, Some(0), "{stderr}");
    vec!["--model".to_owned(), dir]
}

/// What `classify` makes of an input: ids, labels.
fn classified(input: &Path) -> (Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let model = model(folder.path());
    let mut arguments = vec!["classify", input.to_str().unwrap()];
    arguments.extend(model.iter().map(String::as_str));
    let (code, stdout, stderr) = run(&arguments);
    assert_eq!(code, Some(0), "{stderr}");
    let mut reader = csv::Reader::from_reader(stdout.as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |names: [&str; 2]| names.iter().find_map(|name| header.iter().position(|column| column == *name)).unwrap();
    let (id, label) = (at(["id", "id"]), at(["pred_label", "label"]));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |at: usize| rows.iter().map(|row| row[at].to_owned()).collect();
    (column(id), column(label))
}

#[test]
fn the_seed_page_is_six_messages() {
    let Some(folder) = shared("the_seed_page_is_six_messages", "seed") else { return };
    let is_text = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "txt");
    let mut pages: Vec<PathBuf> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(is_text).collect();
    pages.sort();
    let stem = pages[0].file_stem().unwrap().to_str().unwrap();
    let expected: Vec<String> = (1..=6).map(|number| format!("{stem}#{number}")).collect();
    for input in [&pages[0], &folder] {
        let (ids, labels) = classified(input);
        assert_eq!(ids, expected);
        assert!(labels.iter().all(|label| !label.is_empty()));
    }
}

#[test]
fn every_real_message_comes_out_once() {
    let Some(input) = shared("every_real_message_comes_out_once", "eval/real_dev.jsonl") else { return };
    let expected: Vec<String> = std::fs::read_to_string(&input)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(expected.len(), 285);
    assert_eq!(classified(&input).0, expected);
}

#[test]
fn the_embedded_model_keeps_its_level_on_real_messages() {
    let test = "the_embedded_model_keeps_its_level_on_real_messages";
    let Some(input) = shared(test, "eval/real_dev.jsonl") else { return };
    if run(&["model", "verify"]).0 == Some(4) {
        skip(test, "this program was built without a model inside");
        return;
    }
    let (code, stdout, stderr) = run(&["evaluate", input.to_str().unwrap(), "--min-macro-f1", FLOOR]);
    assert_eq!(code, Some(0), "{stderr}\n{stdout}");
}
