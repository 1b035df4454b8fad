//! `train`: from labeled messages to a model directory.

use super::{MODEL_FILES, Sandbox, column, corpus, model};

/// A sandbox whose corpus has one line more, and that line's number.
fn with_line(line: &str) -> (Sandbox, String) {
    let csv = corpus::csv() + line + "\n";
    let number = csv.lines().count();
    (Sandbox::with("corpus.csv", csv), format!("corpus.csv line {number}"))
}

#[test]
fn the_same_data_give_the_same_bytes_on_any_number_of_threads() {
    let sandbox = Sandbox::with("corpus.csv", corpus::csv());
    sandbox.run(&["train", "corpus.csv", "-o", "a"]).expect(0);
    sandbox.run(&["train", "corpus.csv", "-o", "b", "--threads", "1"]).expect(0);
    sandbox.run(&["train", "corpus.csv", "-o", "c", "--seed", "2"]).expect(0);
    for name in MODEL_FILES {
        assert!(sandbox.bytes(&format!("a/{name}")) == sandbox.bytes(&format!("b/{name}")), "{name}");
    }
    assert!(sandbox.bytes("a/model.json") != sandbox.bytes("c/model.json"), "another seed is another model");
    assert_eq!(sandbox.names(), ["a", "b", "c", "corpus.csv"]);
    let mut files: Vec<_> =
        std::fs::read_dir(sandbox.path("a")).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, MODEL_FILES);
}

#[test]
fn stdout_is_for_data_only() {
    let sandbox = Sandbox::with("corpus.csv", corpus::csv());
    let ran = sandbox.run(&["train", "corpus.csv", "-o", "m"]).expect(0);
    assert_eq!(ran.text(), "");
    assert!(
        ran.stderr.contains("learning 3 labels from 72 messages") && ran.stderr.contains("macro-F1"),
        "{}",
        ran.stderr
    );
    let ran = sandbox.run(&["train", "corpus.csv", "-o", "m2", "--json", "-", "--quiet"]).expect(0);
    let report: serde_json::Value = serde_json::from_str(&ran.text()).unwrap();
    assert_eq!(report["n_messages"], 72);
    assert_eq!(ran.stderr, "");
}

#[test]
fn an_unknown_label_is_told_with_its_place_and_what_was_meant() {
    let (sandbox, place) = with_line("c999,Bonjour à tous,,outreech,0,0,0");
    let ran = sandbox.run(&["train", "corpus.csv", "-o", "m"]);
    ran.refused(3, &[&place, "\"outreech\"", "\"genuine_dialogue\"", "did you mean \"outreach\"?"]);
    assert_eq!(sandbox.names(), ["corpus.csv"]);
}

#[test]
fn a_row_without_label_or_with_a_wrong_value_is_told_with_its_place() {
    for (line, words) in [
        ("c999,Bonjour,,,0,0,0", &["column \"label\"", "the row has no label"][..]),
        ("c999,Bonjour,,outreach,peut-être,0,0", &["column \"lever\"", "\"peut-être\"", "0 or 1"]),
        ("c999,Bonjour,,outreach,0", &["5 cells where the header has 7"]),
    ] {
        let (sandbox, place) = with_line(line);
        sandbox.run(&["train", "corpus.csv", "-o", "m"]).refused(3, &[&[place.as_str()], words].concat());
        assert_eq!(sandbox.names(), ["corpus.csv"]);
    }
}

#[test]
fn french_names_of_the_labels_are_the_codebooks() {
    let french = corpus::labeled_as(["Démarchage", "ciblage opportuniste", "dialogue"]);
    let sandbox = Sandbox::with("corpus.csv", french);
    sandbox.run(&["train", "corpus.csv", "-o", "m", "--quiet"]).expect(0);
    let manifest: serde_json::Value = serde_json::from_str(&sandbox.text("m/model.json")).unwrap();
    let expected = serde_json::json!(["outreach", "opportunistic_targeting", "genuine_dialogue"]);
    assert_eq!(manifest["labels"], expected);
}

#[test]
fn fasttext_lines_train() {
    let line = |row: corpus::Sample| ["__label__", row.label, " ", &row.text, "\n"].concat();
    let lines: String = corpus::samples().into_iter().map(line).collect();
    let sandbox = Sandbox::with("corpus.txt", lines);
    sandbox.run(&["train", "corpus.txt", "-o", "m", "--quiet"]).expect(0);
    let ran =
        sandbox.run_on("Samedi à 10 h, venez rencontrer nos candidats\n", &["classify", "--model", "m"]).expect(0);
    assert_eq!(column(&ran.text(), "label"), ["outreach"]);
    let manifest: serde_json::Value = serde_json::from_str(&sandbox.text("m/model.json")).unwrap();
    assert_eq!((&manifest["attributes"], &manifest["data"][0]["rows"]), (&serde_json::json!([]), &72.into()));
}

#[test]
fn objects_and_several_files_train() {
    let objects: String = corpus::samples()
        .iter()
        .map(|row| serde_json::json!({"text": row.text, "label": row.label}).to_string() + "\n")
        .collect();
    let sandbox = Sandbox::with("a.jsonl", objects);
    sandbox.write("b.csv", corpus::csv());
    sandbox.run(&["train", "a.jsonl", "b.csv", "-o", "m", "--quiet"]).expect(0);
    let manifest: serde_json::Value = serde_json::from_str(&sandbox.text("m/model.json")).unwrap();
    assert_eq!(manifest["out_of_fold"]["n_messages"], 144);
    assert_eq!(manifest["data"][1]["name"], "b.csv");
}

#[test]
fn stdin_trains() {
    let sandbox = Sandbox::with("corpus.csv", corpus::csv());
    sandbox.run(&["train", "corpus.csv", "-o", "a", "--quiet"]).expect(0);
    sandbox.run_on(corpus::csv(), &["train", "-", "-o", "b", "--quiet"]).expect(0);
    let sum = |name: &str| {
        let manifest: serde_json::Value = serde_json::from_str(&sandbox.text(name)).unwrap();
        manifest["data"][0]["sha256"].clone()
    };
    assert_eq!(sum("a/model.json"), sum("b/model.json"));
    assert!(sandbox.bytes("a/weights.safetensors") == sandbox.bytes("b/weights.safetensors"));
}

#[test]
fn an_unknown_setting_is_refused_by_name() {
    let sandbox = Sandbox::with("corpus.csv", corpus::csv());
    for (setting, name) in
        [("fit.vitesse=3", "`vitesse`"), ("allure=3", "`allure`"), ("pipeline.features.mots=true", "`mots`")]
    {
        sandbox.run(&["train", "corpus.csv", "-o", "m", "--set", setting]).refused(2, &["unknown field", name]);
    }
    sandbox.run(&["train", "corpus.csv", "-o", "m", "--set", "fit.c"]).refused(2, &["fit.c", "expected KEY=VALUE"]);
    sandbox.run(&["train", "corpus.csv", "-o", "m", "--set", "folds=1"]).refused(2, &["folds is 1"]);
    sandbox.run(&["train", "corpus.csv", "-o", "m", "--set", "fit.c=beaucoup"]).refused(2, &["beaucoup"]);
    sandbox.write("s.toml", "[fit]\nvitesse = 3\n");
    sandbox.run(&["train", "corpus.csv", "-o", "m", "--config", "s.toml"]).refused(2, &["`vitesse`"]);
    sandbox.run(&["train", "corpus.csv", "-o", "m", "--config", "absent.toml"]).refused(3, &["absent.toml"]);
    assert_eq!(sandbox.names(), ["corpus.csv", "s.toml"]);
}

#[test]
fn settings_go_default_then_file_then_flag() {
    let sandbox = Sandbox::with("s.toml", "folds = 3\nseed = 4\n[fit]\nc = 0.25\n");
    let printed =
        |arguments: &[&str]| sandbox.run(&[&["train", "--print-config"], arguments].concat()).expect(0).text();
    let default = printed(&[]);
    let merged = printed(&["--config", "s.toml", "--set", "fit.c=0.5", "--seed", "9"]);
    for line in ["folds = 3", "seed = 9", "c = 0.5"] {
        assert!(merged.lines().any(|found| found == line) && !default.lines().any(|found| found == line), "{merged}");
    }
    sandbox.write("all.toml", &merged);
    assert_eq!(printed(&["--config", "all.toml"]), merged);
}

#[test]
fn what_cannot_be_learnt_from_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write("one.csv", "text,label\nBonjour,a\nMerci,a\n");
    sandbox.run(&["train", "one.csv", "-o", "m"]).refused(3, &["at least two"]);
    sandbox.write("none.csv", "id,text\n1,Bonjour à tous\n");
    sandbox.run(&["train", "none.csv", "-o", "m"]).refused(2, &["none.csv", "--label-col", "\"text\""]);
    sandbox.write("head.csv", "text,label\n");
    sandbox.run(&["train", "head.csv", "-o", "m"]).refused(3, &["head.csv", "a header and no rows"]);
    sandbox.run(&["train", "absent.csv", "-o", "m"]).refused(3, &["absent.csv", "cannot be read"]);
    assert_eq!(sandbox.names(), ["head.csv", "none.csv", "one.csv"]);
}

#[test]
fn a_directory_is_replaced_by_force_and_only_if_it_is_a_model() {
    let sandbox = Sandbox::with("corpus.csv", corpus::csv());
    sandbox.write("m/notes.txt", "précieux");
    for arguments in [&["train", "corpus.csv", "-o", "m"][..], &["train", "corpus.csv", "-o", "m", "--force"]] {
        sandbox.run(arguments).refused(2, &["m: exists already"]);
        assert_eq!(sandbox.text("m/notes.txt"), "précieux");
    }
    sandbox.run(&["train", "corpus.csv", "-o", "n"]).expect(0);
    sandbox.run(&["train", "corpus.csv", "-o", "n"]).refused(2, &["n: exists already", "--force"]);
    let before = sandbox.bytes("n/model.json");
    sandbox.run(&["train", "corpus.csv", "-o", "n", "--force", "--seed", "3"]).expect(0);
    assert!(before != sandbox.bytes("n/model.json"));
    assert_eq!(sandbox.names(), ["corpus.csv", "m", "n"]);
}

#[test]
fn what_exists_is_found_out_before_the_learning() {
    let sandbox = Sandbox::with("corpus.csv", corpus::csv());
    sandbox.write("figures.json", "{}");
    let ran = sandbox.run(&["train", "corpus.csv", "-o", "m", "--json", "figures.json"]);
    let ran = ran.refused(2, &["figures.json: exists already"]);
    assert!(!ran.stderr.contains("learning"), "{}", ran.stderr);
    assert_eq!(sandbox.names(), ["corpus.csv", "figures.json"]);
    std::fs::create_dir(sandbox.path("n")).unwrap();
    let ran = sandbox.run(&["train", "corpus.csv", "-o", "n"]).refused(2, &["n: exists already"]);
    assert!(!ran.stderr.contains("learning"), "{}", ran.stderr);
}

#[test]
fn data_are_never_overwritten_by_figures() {
    let sandbox = Sandbox::with("corpus.csv", corpus::csv());
    let arguments = ["train", "corpus.csv", "-o", "m", "--json", "corpus.csv", "--force"];
    sandbox.run(&arguments).refused(2, &["corpus.csv", "both input and output"]);
    assert_eq!(sandbox.text("corpus.csv"), corpus::csv());
}

#[test]
fn the_corpus_may_name_its_labels_itself() {
    let sandbox = Sandbox::with("corpus.csv", corpus::labeled_as(["a", "b", "c"]));
    let ran = sandbox.run(&["train", "corpus.csv", "-o", "m", "--labels", "a,b"]);
    ran.refused(3, &["corpus.csv line 50", "label \"c\" is not one of \"a\", \"b\""]);
    sandbox.run(&["train", "corpus.csv", "-o", "m", "--labels", "a,b,c", "--quiet"]).expect(0);
    // A model of the codebook's labels refuses them in turn.
    sandbox.run(&["evaluate", "corpus.csv", "--model", model()]).refused(3, &["corpus.csv line 2", "label \"a\""]);
}

/// Messages of three labels that are not the codebook's.
fn topics() -> String {
    let topics = [
        ("sport", ["match", "but", "équipe", "stade"]),
        ("cuisine", ["four", "recette", "beurre", "plat"]),
        ("météo", ["pluie", "vent", "soleil", "neige"]),
    ];
    let rows = (0..90).map(|row| {
        let (label, words) = topics[row % 3];
        format!("\"Ce soir {} et {} encore, numéro {row}\",{label}\n", words[row % 4], words[(row / 3) % 4])
    });
    std::iter::once("text,label\n".to_owned()).chain(rows).collect()
}

#[test]
fn autotune_tells_what_it_tries_and_is_the_same_for_as_many_trials() {
    let sandbox = Sandbox::with("topics.csv", topics());
    let tuned = |output: &str, trials: &str| {
        sandbox.run(&["train", "topics.csv", "-o", output, "--autotune", "--trials", trials]).expect(0).stderr.clone()
    };
    let told = tuned("a", "5");
    for words in ["trial 5/5: ", "tried ", "(as given)", "fit.c=", "kept", "log-loss"] {
        assert!(told.contains(words), "{words} is not in {told}");
    }
    assert!(!told.contains("trial 6"), "{told}");
    tuned("b", "5");
    for name in MODEL_FILES {
        assert!(sandbox.bytes(&format!("a/{name}")) == sandbox.bytes(&format!("b/{name}")), "{name}");
    }
    sandbox.run(&["classify", "topics.csv", "--model", "a", "-o", "out.csv"]).expect(0);
}

#[test]
fn a_budget_ends_the_search_and_not_the_learning() {
    let sandbox = Sandbox::with("topics.csv", topics());
    let ran = sandbox.run(&["train", "topics.csv", "-o", "m", "--autotune", "--budget", "0s"]).expect(0);
    assert!(ran.stderr.contains("trial 1/40") && !ran.stderr.contains("trial 2/40"), "{}", ran.stderr);
    sandbox.run(&["model", "verify", "m"]).expect(0);
    let ran = sandbox.run(&["train", "topics.csv", "-o", "n", "--autotune", "--budget", "demain"]).expect(2);
    assert!(ran.stderr.contains("write 90s, 10m or 1h"), "{}", ran.stderr);
    let ran = sandbox.run(&["train", "topics.csv", "-o", "n", "--budget", "9s"]).expect(2);
    assert!(ran.stderr.contains("--autotune"), "{}", ran.stderr);
}

#[test]
fn c_is_chosen_for_other_labels_unless_it_is_given() {
    let sandbox = Sandbox::with("topics.csv", topics());
    let c = |output: &str, more: &[&str]| {
        sandbox.run(&[&["train", "topics.csv", "-o", output], more].concat()).expect(0);
        let manifest: serde_json::Value =
            serde_json::from_slice(&sandbox.bytes(&format!("{output}/model.json"))).unwrap();
        assert_eq!(manifest["config"]["c_candidates"], serde_json::json!([]), "what was chosen is what is saved");
        manifest["config"]["fit"]["c"].as_f64().unwrap()
    };
    let among = [0.001, 0.003, 0.01];
    let chosen = c("a", &[]);
    assert!(among.iter().any(|candidate| (candidate - chosen).abs() < 1e-6), "{chosen}");
    assert!((c("b", &["--set", "fit.c=0.02"]) - 0.02).abs() < 1e-6);
}
