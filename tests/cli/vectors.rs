//! `pretrain`, `train --vectors` and `adapt`: what texts without labels bring.

use std::fmt::Write;

use super::{Sandbox, corpus, model};

/// Texts of two subjects, one a line.
fn texts(n: usize) -> String {
    let subjects = [["budget", "impôt", "scrutin", "loi", "débat"], ["match", "ballon", "stade", "équipe", "but"]];
    let mut lines = String::from("text\n");
    for index in 0..n {
        let word = |step: usize| subjects[index % 2][(index / 2 + step * (1 + index % 3)) % 5];
        writeln!(lines, "on parle du {} et du {} avec le {} ce soir", word(0), word(1), word(2)).unwrap();
    }
    lines
}

fn with_vectors() -> Sandbox {
    let sandbox = Sandbox::with("corpus.csv", corpus::csv());
    sandbox.write("texts.csv", texts(1_200));
    let learn = ["pretrain", "texts.csv", "corpus.csv", "-o", "v.safetensors", "--dimensions", "8", "--epochs", "3"];
    let ran = sandbox.run(&learn).expect(0);
    assert!(ran.stderr.contains("learning from 1272 texts"), "{}", ran.stderr);
    sandbox
}

#[test]
fn vectors_are_the_same_for_any_number_of_threads_and_say_where_they_come_from() {
    let sandbox = with_vectors();
    let learn = |output: &str, more: &[&str]| {
        let fixed = ["pretrain", "texts.csv", "corpus.csv", "-o", output, "--dimensions", "8", "--epochs", "3", "-q"];
        sandbox.run(&[&fixed[..], more].concat()).expect(0);
        sandbox.bytes(output)
    };
    assert!(learn("one", &["--threads", "1"]) == sandbox.bytes("v.safetensors"), "threads change nothing");
    assert!(learn("seed", &["--seed", "2"]) != sandbox.bytes("one"), "another seed is another table");
    assert!(learn("ppmi", &["--method", "ppmi"]) == learn("ppmi2", &["--method", "ppmi", "--threads", "1"]));
    let header = String::from_utf8_lossy(&sandbox.bytes("one")[..1_500]).into_owned();
    for words in ["texts.csv", "sha256", "skipgram", "n_tokens"] {
        assert!(header.contains(words), "{words} is missing: {header}");
    }
}

#[test]
fn too_few_texts_and_what_is_no_table_are_refused() {
    let sandbox = Sandbox::with("few.csv", "text\nbonjour\n");
    sandbox.run(&["pretrain", "few.csv", "-o", "v"]).refused(3, &["1 tokens are too few"]);
    sandbox.write("corpus.csv", corpus::csv());
    sandbox.write("v", "no table");
    sandbox.run(&["train", "corpus.csv", "-o", "m", "--vectors", "v"]).refused(2, &["v: ", "no table of word vectors"]);
    sandbox.run(&["pretrain", "corpus.csv", "-o", "v"]).refused(2, &["v: exists already"]);
    assert_eq!(sandbox.names(), ["corpus.csv", "few.csv", "v"]);
}

#[test]
fn a_model_with_vectors_needs_no_table_and_is_recentred_on_a_users_messages() {
    let sandbox = with_vectors();
    let learn = ["train", "corpus.csv", "-o", "m", "--vectors", "v.safetensors", "--set", "vectors.scale=1.0", "-q"];
    sandbox.run(&learn).expect(0);
    sandbox.run(&["train", "corpus.csv", "-o", "plain", "-q"]).expect(0);
    std::fs::remove_file(sandbox.path("v.safetensors")).unwrap();
    let label = |model: &str| sandbox.run(&["classify", "texts.csv", "--model", model, "-q"]).expect(0).text();
    assert_ne!(label("m"), label("plain"), "the vectors are in the weights");
    let ran = sandbox.run(&["adapt", "m", "texts.csv", "-o", "mine", "--max-shift", "0.2"]).expect(0);
    for words in ["re-centred on 1200 messages", "genuine_dialogue: score", "cut from", "% now"] {
        assert!(ran.stderr.contains(words), "{words} is missing: {}", ran.stderr);
    }
    assert_ne!(label("mine"), label("m"));
    let manifest: serde_json::Value = serde_json::from_str(&sandbox.text("mine/model.json")).unwrap();
    assert_eq!(manifest["adapted"]["texts"]["rows"], 1_200);
    // Once centred where it is, there is nothing more to move but what the cap held back.
    let again = sandbox.run(&["adapt", "m", "texts.csv", "-o", "free", "--max-shift", "1000"]).expect(0);
    assert!(!again.stderr.contains("cut from"), "{}", again.stderr);
    let still = sandbox.run(&["adapt", "free", "texts.csv", "-o", "still"]).expect(0);
    assert!(still.stderr.contains("score +0.000") || still.stderr.contains("score -0.000"), "{}", still.stderr);
}

#[test]
fn adapting_asks_for_a_thousand_messages_and_for_vectors() {
    let sandbox = with_vectors();
    sandbox.run(&["train", "corpus.csv", "-o", "m", "--vectors", "v.safetensors", "-q"]).expect(0);
    sandbox.write("few.csv", texts(999));
    sandbox.run(&["adapt", "m", "few.csv", "-o", "mine"]).refused(3, &["999 messages", "1000 at least"]);
    sandbox.run(&["adapt", model(), "texts.csv", "-o", "mine"]).refused(2, &["no word vectors", "--vectors"]);
    sandbox.run(&["adapt", "m", "texts.csv", "-o", "mine", "--max-shift", "0"]).refused(2, &["must be above 0"]);
    assert!(!sandbox.names().contains(&"mine".to_owned()));
}
