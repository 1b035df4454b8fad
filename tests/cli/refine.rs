//! `train --base`: a user's own labels correct a model, or leave it as it is.

use std::path::Path;

use franc_parler::correction::Correction;
use franc_parler::model::Model;

use super::{Sandbox, corpus, model};

/// Messages whose words the base has never met, two thirds of them against its habits.
fn own_labels(n: usize) -> String {
    let kinds = [
        ("outreach", "la zibeline passe au moulin"),
        ("genuine_dialogue", "le moulin attend la zibeline"),
        ("opportunistic_targeting", "zibeline contre moulin tout de suite"),
    ];
    let row = |index: usize| {
        let (label, text) = kinds[index % 3];
        format!("{text} numéro {},{label}\n", ["un", "deux", "trois", "quatre", "cinq"][index / 3 % 5])
    };
    "text,label\n".to_owned() + &(0..n).map(row).collect::<String>()
}

fn macro_f1(sandbox: &Sandbox, model: &str, data: &str) -> f64 {
    let json = sandbox.run(&["evaluate", data, "--model", model, "--json", "-", "--resamples", "0"]).expect(0).text();
    serde_json::from_str::<serde_json::Value>(&json).unwrap()["macro_f1"]["value"].as_f64().unwrap()
}

#[test]
fn labels_the_base_gets_wrong_correct_it() {
    let sandbox = Sandbox::with("mine.csv", own_labels(90));
    let ran = sandbox.run(&["train", "mine.csv", "--base", model(), "-o", "m"]).expect(0);
    assert!(ran.stderr.contains("your messages correct model"), "{}", ran.stderr);
    let (before, after) = (macro_f1(&sandbox, model(), "mine.csv"), macro_f1(&sandbox, "m", "mine.csv"));
    assert!(after > before + 0.3 && after > 0.9, "{before} {after}");
    let manifest: serde_json::Value = serde_json::from_str(&sandbox.text("m/model.json")).unwrap();
    assert_eq!(manifest["refined"]["data"][0]["rows"], 90);
    sandbox.write("corpus.csv", corpus::csv());
    assert!(macro_f1(&sandbox, "m", "corpus.csv") > 0.9, "what the base knew is not lost");
    sandbox.run(&["train", "mine.csv", "--base", model(), "-o", "m2", "--threads", "1", "-q"]).expect(0);
    assert!(sandbox.bytes("m/weights.safetensors") == sandbox.bytes("m2/weights.safetensors"));
}

#[test]
fn too_few_rows_and_other_labels_are_refused() {
    let sandbox = Sandbox::with("few.csv", own_labels(9));
    sandbox
        .run(&["train", "few.csv", "--base", model(), "-o", "m"])
        .refused(3, &["9 messages are too few", "20 at least"]);
    sandbox.write(
        "other.csv",
        "text,label\n".to_owned() + &"bonjour à vous tous,oui\nau revoir les amis,non\n".repeat(20),
    );
    sandbox.run(&["train", "other.csv", "--base", model(), "-o", "m"]).refused(3, &["\"oui\""]);
    sandbox.run(&["train", "few.csv", "--base", "absent", "-o", "m"]).refused(4, &["absent", "no model"]);
    assert_eq!(sandbox.names(), ["few.csv", "other.csv"]);
}

#[test]
fn a_correction_passes_on_what_was_learnt_and_none_of_its_words() {
    let sandbox = Sandbox::with("corpus.csv", corpus::csv());
    // The base's own words, all said to be dialogue.
    let turned = |line: &str| {
        line.replace(",outreach", ",genuine_dialogue").replace(",opportunistic_targeting", ",genuine_dialogue")
    };
    let text = sandbox.text("corpus.csv");
    let mut lines = text.lines();
    let header = lines.next().unwrap().to_owned();
    let rows: Vec<String> = lines.map(turned).collect();
    sandbox.write("mine.csv", format!("{header}\n{}\n", rows.join("\n")));
    let learn = [
        "train",
        "mine.csv",
        "--base",
        model(),
        "--save-correction",
        "c.safetensors",
        "-o",
        "refined",
        "--set",
        "hold_out=group",
    ];
    let ran = sandbox.run(&learn).expect(0);
    assert!(ran.stderr.contains("c.safetensors: correction of"), "{}", ran.stderr);
    sandbox.run(&learn).refused(2, &["c.safetensors", "exists already"]);

    sandbox.run(&["train", "corpus.csv", "-o", "plain", "-q"]).expect(0);
    sandbox.run(&["train", "corpus.csv", "--correction", "c.safetensors", "-o", "corrected", "-q"]).expect(0);
    let (plain, corrected) = (macro_f1(&sandbox, "plain", "mine.csv"), macro_f1(&sandbox, "corrected", "mine.csv"));
    assert!(corrected > plain + 0.1, "{plain} {corrected}");
    let manifest: serde_json::Value = serde_json::from_str(&sandbox.text("corrected/model.json")).unwrap();
    assert_eq!(manifest["correction"]["name"], "c.safetensors");

    // Words that the base has never met are not in it: nothing of the messages may be told by their hashes.
    sandbox.write("own.csv", own_labels(90));
    sandbox.run(&["train", "own.csv", "--base", model(), "--save-correction", "own", "-o", "m", "-q"]).expect(0);
    let base = Model::load(Path::new(model())).unwrap();
    let (correction, _) = Correction::load(&sandbox.path("own")).unwrap();
    let known = |feature| base.linear.features().binary_search(feature).is_ok();
    assert!(!correction.linear.features().is_empty() && correction.linear.features().iter().all(known));
}

#[test]
fn replayed_messages_keep_what_the_base_knew() {
    let sandbox = Sandbox::with("mine.csv", own_labels(90));
    sandbox.write("corpus.csv", corpus::csv());
    sandbox.run(&["train", "mine.csv", "--base", model(), "--replay", "corpus.csv", "-o", "m", "-q"]).expect(0);
    assert!(macro_f1(&sandbox, "m", "corpus.csv") > 0.95);
    sandbox.run(&["train", "mine.csv", "--replay", "corpus.csv", "-o", "n"]).expect(2);
    sandbox
        .run(&["train", "mine.csv", "--correction", "corpus.csv", "-o", "n"])
        .refused(2, &["corpus.csv", "correction"]);
}
