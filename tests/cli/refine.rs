//! `train --base`: a user's own labels correct a model, or leave it as it is.

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
