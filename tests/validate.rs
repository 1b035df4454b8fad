//! `validate` through the real binary: what it says, and how it exits.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const FIVE: i32 = 5;

fn run(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_franc-parler"));
    command.current_dir(dir).arg("validate").args(args).output().expect("the binary runs")
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).expect("a file in it");
    }
    dir
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A sound file: three labels, `n` messages of each, no two alike.
fn sound(n: usize) -> String {
    let mut text = String::from("id,text,label\n");
    let words = ["marché", "école", "pluie", "gare", "jardin", "fromage", "clocher"];
    for row in 0..3 * n {
        let label = ["outreach", "opportunistic_targeting", "genuine_dialogue"][row % 3];
        let (first, second) = (words[row % 7], words[row / 7 % 7]);
        writeln!(text, "r{row},{row} {first} {} {second} {},{label}", row * 7919, row * 104_729).expect("memory");
    }
    text
}

#[test]
fn a_sound_file_is_0_and_its_remarks_do_not_change_that() {
    let dir = folder(&[("avis.csv", &sound(10))]);
    let output = run(dir.path(), &["avis.csv"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let report = stdout(&output);
    assert!(report.starts_with("30 messages\n  outreach                      10     0 % with parent\n"), "{report}");
    assert!(
        report.contains("0 faults\n3 remarks\n  labels with fewer than 30 messages: 3\n    outreach (10)\n"),
        "{report}"
    );
    assert!(output.stderr.is_empty());
}

#[test]
fn faults_are_5_with_ids_and_files() {
    let more = "id,text,label,lever,gain,exchange\n\
        r3,Merci beaucoup à vous,genuine_dialogue,0,0,1\n\
        x1,Bonsoir les amis,outreach,0,0,0\n\
        x2,Bonsoir  les amis,genuine_dialogue,0,0,1\n\
        x3,Signez donc ceci,outreach,1,1,0\n\
        x4,,outreach,0,0,0\n";
    let dir = folder(&[("avis.csv", &sound(10)), ("suite.csv", more)]);
    let output = run(dir.path(), &["avis.csv", "suite.csv"]);
    assert_eq!(output.status.code(), Some(FIVE), "{output:?}");
    let report = stdout(&output);
    for line in [
        "4 faults\n",
        "  no text: 1\n    suite.csv:x4\n",
        "  one id, several messages: 1\n    avis.csv:r3, suite.csv:r3\n",
        "    suite.csv:x1, suite.csv:x2 (outreach, genuine_dialogue)\n",
        "is not opportunistic_targeting: 1\n    suite.csv:x3 (outreach)\n",
    ] {
        assert!(report.contains(line), "{line:?} in\n{report}");
    }
    assert!(String::from_utf8_lossy(&output.stderr).contains("faults found: 4"));
}

#[test]
fn json_holds_every_finding() {
    let dir = folder(&[("avis.csv", "text,label\nBravo !,oui\nBof,non\nBravo !,non\nJamais,oui\n")]);
    let output = run(dir.path(), &["avis.csv", "--json", "-", "--quiet"]);
    assert_eq!(output.status.code(), Some(FIVE));
    assert!(output.stderr.is_empty());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON alone on stdout");
    assert_eq!(json["faults"][0]["check"], "contradictory_labels");
    assert_eq!(json["faults"][0]["messages"][1], serde_json::json!({"id": "4", "file": "avis.csv", "row": 3}));
    assert_eq!(json["labels"][0]["n_messages"], 2);
    run(dir.path(), &["avis.csv", "--json", "found.json"]);
    let written = std::fs::read(dir.path().join("found.json")).expect("the file was written");
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&written).expect("JSON"), json);
    assert_eq!(run(dir.path(), &["avis.csv", "--json", "found.json"]).status.code(), Some(2), "nothing is overwritten");
}

#[test]
fn what_cannot_be_read_is_3_with_file_and_line() {
    let dir = folder(&[("avis.csv", "text,label\nBonjour,outreach\nBonsoir,outrech\n")]);
    let output = run(dir.path(), &["avis.csv"]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("avis.csv line 3") && said.contains("outreach"), "{said}");
    assert_eq!(run(dir.path(), &["absent.csv"]).status.code(), Some(3));
    assert_eq!(run(dir.path(), &[]).status.code(), Some(2));
    let unlabeled = folder(&[("avis.csv", "text\nBonjour\n")]);
    assert_eq!(run(unlabeled.path(), &["avis.csv"]).status.code(), Some(2));
}

#[test]
fn reading_flags_and_labels_are_those_of_train() {
    let dir = folder(&[("avis.txt", "mot;sorte\nBravo;oui\nBof;non\nMieux;oui\nPire;non\n")]);
    let flags = ["avis.txt", "--format", "csv", "--delimiter", ";", "--text-col", "mot", "--label-col", "sorte"];
    assert_eq!(run(dir.path(), &flags).status.code(), Some(0));
    let output = run(dir.path(), &[&flags[..], &["--labels", "oui,non,bof"]].concat());
    assert_eq!(output.status.code(), Some(FIVE));
    assert!(stdout(&output).contains("labels with fewer than 2 messages: 1\n    bof (0)\n"));
}

#[test]
fn row_numbers_of_two_files_are_no_duplicates() {
    let rows = |word: &str| format!("text,label\n{word} a,oui\n{word} b,non\n{word} c,oui\n{word} d,non\n");
    let dir = folder(&[("a.csv", &rows("lundi")), ("b.csv", &rows("mardi"))]);
    let output = run(dir.path(), &["a.csv", "b.csv"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn held_out_messages_must_not_be_learnt() {
    let rows = "text,label\nUn message assez long pour être unique,oui\nBof,non\nMieux,oui\nPire,non\n";
    let dir = folder(&[("mine.csv", rows), ("test.csv", rows)]);
    let output = run(dir.path(), &["mine.csv", "--held-out", "test.csv"]);
    assert_eq!(output.status.code(), Some(FIVE));
    assert!(stdout(&output).contains("also among those kept for testing"), "{}", stdout(&output));
}

#[test]
fn our_corpus_is_sound() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/corpus");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&corpus)
        .expect("the corpus is in the repository")
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .collect();
    files.sort();
    let files: Vec<&str> = files.iter().filter_map(|path| path.to_str()).collect();
    let output = run(&corpus, &files);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("\n0 faults\n"));
}
