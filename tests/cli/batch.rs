//! `classify … -o DIRECTORY/`: one output per input, killed and taken up again.

use std::collections::BTreeMap;
use std::process::Stdio;

use super::{Sandbox, corpus, model, wait_for};

/// Outputs by name, the manifest left out: it tells times.
fn outputs(sandbox: &Sandbox, directory: &str) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(sandbox.path(directory)).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let visible = entries.filter(|path| !name(path).starts_with('.') && !name(path).starts_with("manifest"));
    visible.map(|path| (name(&path), std::fs::read(&path).unwrap())).collect()
}

fn inputs(n_files: usize, n_rows: usize) -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("in")).unwrap();
    for file in 0..n_files {
        sandbox.write(&format!("in/{file:02}.csv"), corpus::many(n_rows));
    }
    sandbox
}

fn manifest(sandbox: &Sandbox, path: &str) -> serde_json::Value {
    serde_json::from_str(&sandbox.text(path)).unwrap()
}

#[test]
fn one_output_per_input_and_a_manifest() {
    let sandbox = inputs(3, 20);
    let run = ["classify", "in", "-o", "out/", "--model", model()];
    sandbox.run(&run).expect(0);
    let alone = sandbox.run(&["classify", "in/01.csv", "--model", model()]).expect(0).text();
    let found = outputs(&sandbox, "out");
    assert_eq!(found.keys().collect::<Vec<_>>(), ["00.csv", "01.csv", "02.csv"]);
    assert!(found["01.csv"] == alone.as_bytes());
    let told = manifest(&sandbox, "out/manifest.json");
    assert_eq!((&told["files"]["02.csv"]["rows_in"], &told["files"]["02.csv"]["rows_out"]), (&20.into(), &20.into()));

    let again = sandbox.run(&run).expect(0);
    assert!(again.stderr.contains("3 inputs were done already"), "{}", again.stderr);
    sandbox.write("in/01.csv", corpus::many(30));
    std::fs::remove_file(sandbox.path("out/02.csv")).unwrap();
    let again = sandbox.run(&run).expect(0);
    assert!(again.stderr.contains("1 inputs were done already"), "{}", again.stderr);
    assert_eq!(manifest(&sandbox, "out/manifest.json")["files"]["01.csv"]["rows_in"], 30);
    assert_eq!(outputs(&sandbox, "out").len(), 3);
}

#[test]
fn killed_anywhere_it_goes_on_to_the_same_bytes() {
    let sandbox = inputs(6, 4000);
    sandbox.run(&["classify", "in", "-o", "clean/", "--model", model(), "-q"]).expect(0);
    let clean = outputs(&sandbox, "clean");
    let command = ["classify", "in", "-o", "out/", "--model", model(), "-q"];
    for kill in 0..20_usize {
        let mut child = sandbox.command(&command).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // At a point that moves on with each kill: after so many outputs, or right after the partial one is there.
        let wanted = kill % 6;
        wait_for("some outputs", || {
            let done = std::fs::read_dir(sandbox.path("out")).map_or(0, |entries| {
                entries.flatten().filter(|entry| entry.file_name().to_string_lossy().ends_with(".csv")).count()
            });
            done >= wanted || child.try_wait().unwrap().is_some()
        });
        let _ = child.kill();
        child.wait().unwrap();
        for (name, bytes) in outputs_if_any(&sandbox) {
            assert!(clean[&name] == bytes, "{name} is not whole after kill {kill}");
        }
        if kill % 7 == 6 {
            std::fs::remove_dir_all(sandbox.path("out")).unwrap();
        }
    }
    sandbox.run(&command).expect(0);
    assert!(outputs(&sandbox, "out") == clean);
    assert!(
        !sandbox.names_in("out").iter().any(|name| name.ends_with(".partial")),
        "what was half-written is swept away"
    );
}

fn outputs_if_any(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    if sandbox.path("out").is_dir() { outputs(sandbox, "out") } else { BTreeMap::new() }
}

#[test]
fn shards_share_the_inputs_out() {
    let sandbox = inputs(5, 10);
    sandbox.run(&["classify", "in", "-o", "whole/", "--model", model(), "-q"]).expect(0);
    for shard in ["1/2", "2/2"] {
        sandbox.run(&["classify", "in", "-o", "out/", "--shard", shard, "--model", model(), "-q"]).expect(0);
    }
    assert!(outputs(&sandbox, "out") == outputs(&sandbox, "whole"));
    assert_eq!(manifest(&sandbox, "out/manifest-2-of-2.json")["files"].as_object().unwrap().len(), 2);
    for wrong in ["0/2", "3/2", "2", "a/b"] {
        sandbox.run(&["classify", "in", "-o", "out/", "--shard", wrong]).expect(2);
    }
    sandbox.run(&["classify", "in/00.csv", "--shard", "1/2", "--model", model()]).refused(2, &["--shard", "directory"]);
}

#[test]
fn an_input_that_cannot_be_read_does_not_stop_the_others() {
    let sandbox = inputs(3, 10);
    sandbox.write("in/01.csv", b"PK\x03\x04 no table");
    let ran = sandbox.run(&["classify", "in", "-o", "out/", "--model", model()]).expect(3);
    assert!(ran.stderr.contains("01.csv"), "{}", ran.stderr);
    assert_eq!(outputs(&sandbox, "out").len(), 2);
    let ran = sandbox.run(&["classify", "in/nulle-part.csv", "in/00.csv", "-o", "some/", "--model", model()]).expect(3);
    assert!(ran.stderr.contains("nulle-part.csv: cannot be read"), "{}", ran.stderr);
    assert_eq!(outputs(&sandbox, "some").len(), 1);
}

#[test]
fn rows_that_failed_are_told_again_by_a_run_that_passes_them_by() {
    let sandbox = inputs(1, 10);
    sandbox.write("in/bad.jsonl", "{\"text\":\"Bonjour à vous\"}\n[1]\n");
    for _ in 0..2 {
        sandbox.run(&["classify", "in", "-o", "out/", "--model", model(), "-q"]).expect(1);
    }
}

#[test]
fn what_is_not_ours_is_not_replaced() {
    let sandbox = inputs(2, 10);
    std::fs::create_dir(sandbox.path("out")).unwrap();
    sandbox.write("out/00.csv", "mine");
    let run = ["classify", "in", "-o", "out/", "--model", model()];
    sandbox.run(&run).refused(2, &["00.csv", "exists already"]);
    assert_eq!(sandbox.text("out/00.csv"), "mine");
    sandbox.run(&[&run[..], &["--force"]].concat()).expect(0);
    sandbox.run(&[&run[..], &["--delimiter", ","]].concat()).refused(2, &["manifest.json", "other settings"]);
    sandbox.run(&["classify", "in", "-o", "in/", "--model", model()]).refused(2, &["in/00.csv"]);
}
