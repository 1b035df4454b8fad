//! `model info` and `model verify`, and what becomes of damaged models.

use super::{MODEL_FILES, Sandbox, corpus, has_embedded_model, model, with_model};

/// Every command that loads a model refuses this one.
#[track_caller]
fn assert_refused(sandbox: &Sandbox, words: &[&str]) {
    sandbox.write("in.csv", corpus::csv());
    for arguments in [
        &["model", "verify", "m"][..],
        &["model", "info", "m"],
        &["classify", "in.csv", "--model", "m", "-o", "out.csv"],
        &["evaluate", "in.csv", "--model", "m"],
        &["explain", "in.csv", "--model", "m"],
    ] {
        sandbox.run(arguments).refused(4, &[&["m: "], words].concat());
    }
    assert_eq!(sandbox.names().last().unwrap(), "m", "{:?}", sandbox.names());
}

#[test]
fn a_whole_model_is_described_and_verified() {
    let sandbox = Sandbox::new();
    let text = sandbox.run(&["model", "info", model()]).expect(0).text();
    for words in ["outreach, opportunistic_targeting, genuine_dialogue", "lever, gain, exchange", "corpus.csv 72 rows"]
    {
        assert!(text.contains(words), "{words:?} is missing: {text}");
    }
    let json = sandbox.run(&["model", "info", model(), "--json"]).expect(0).text();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["format_version"], 2);
    let verified = sandbox.run(&["model", "verify", model()]).expect(0).text();
    assert_eq!(verified, format!("model {} is whole\n", &json["checksum"].as_str().unwrap()[..12]));
}

#[test]
fn one_byte_changed_anywhere_is_noticed() {
    for name in MODEL_FILES {
        let whole = with_model().bytes(&format!("m/{name}"));
        for at in [0, whole.len() / 3, whole.len() / 2, whole.len() - 2] {
            let sandbox = with_model();
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            sandbox.write(&format!("m/{name}"), bytes);
            sandbox.run(&["model", "verify", "m"]).refused(4, &["m: the model is damaged: ", name]);
        }
    }
}

#[test]
fn a_changed_file_is_refused_by_every_command() {
    for name in MODEL_FILES {
        let sandbox = with_model();
        let mut bytes = sandbox.bytes(&format!("m/{name}"));
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        sandbox.write(&format!("m/{name}"), bytes);
        assert_refused(&sandbox, &["the model is damaged", name, "retrain it or copy it again"]);
    }
}

#[test]
fn a_file_cut_short_is_noticed() {
    for name in MODEL_FILES {
        let whole = with_model().bytes(&format!("m/{name}"));
        for length in [0, 1, whole.len() / 2, whole.len() - 1] {
            let sandbox = with_model();
            sandbox.write(&format!("m/{name}"), &whole[..length]);
            sandbox.run(&["model", "verify", "m"]).refused(4, &["m: the model is damaged: ", name]);
        }
    }
}

#[test]
fn a_missing_file_is_noticed() {
    for name in MODEL_FILES {
        let sandbox = with_model();
        std::fs::remove_file(sandbox.path("m").join(name)).unwrap();
        assert_refused(&sandbox, &[name]);
    }
    let sandbox = Sandbox::new();
    sandbox.run(&["model", "verify", "absent"]).refused(4, &["absent: there is no model here"]);
    sandbox.write("fichier", "x");
    sandbox.run(&["model", "verify", "fichier"]).refused(4, &["fichier: there is no model here"]);
}

#[test]
fn a_newer_model_is_told_from_a_damaged_one() {
    let sandbox = with_model();
    let manifest = sandbox.text("m/model.json");
    let newer = manifest.replacen("\"format_version\": 2", "\"format_version\": 99", 1);
    assert_ne!(manifest, newer);
    sandbox.write("m/model.json", newer);
    assert_refused(&sandbox, &["format version 99", "reads up to 2", "update franc-parler or retrain"]);
}

#[test]
fn files_of_two_models_do_not_mix() {
    let sandbox = with_model();
    sandbox.write("corpus.csv", corpus::csv().replace("pétition", "tribune"));
    sandbox.run(&["train", "corpus.csv", "-o", "other", "--quiet"]).expect(0);
    sandbox.write("m/weights.safetensors", sandbox.bytes("other/weights.safetensors"));
    sandbox.run(&["model", "verify", "m"]).refused(4, &["weights.safetensors"]);
}

#[test]
fn without_directory_it_is_the_embedded_model() {
    let ran = Sandbox::new().run(&["model", "info"]);
    if has_embedded_model("without_directory_it_is_the_embedded_model") {
        assert!(ran.expect(0).text().contains("outreach"));
    } else {
        ran.refused(4, &["embedded model", "there is no model here"]);
    }
}
