//! `evaluate`: figures, comparisons and gates.

use super::{Sandbox, corpus, model};

#[test]
fn figures_as_text_and_as_json() {
    let sandbox = Sandbox::with("gold.csv", corpus::csv());
    let text = sandbox.run(&["evaluate", "gold.csv", "--model", model()]).expect(0).text();
    assert!(text.contains("macro-F1") && text.contains("genuine_dialogue"), "{text}");
    let ran = sandbox.run(&["evaluate", "gold.csv", "--model", model(), "--json", "-"]).expect(0);
    let json: serde_json::Value = serde_json::from_str(&ran.text()).unwrap();
    assert_eq!(json["n_messages"], 72);
    assert!(json["macro_f1"]["value"].as_f64().unwrap() > 0.95, "{json}");
    sandbox.run(&["evaluate", "gold.csv", "--model", model(), "--json", "f.json"]).expect(0);
    assert_eq!(sandbox.text("f.json"), ran.text());
    let again = sandbox.run(&["evaluate", "gold.csv", "--model", model(), "--json", "f.json"]).expect(2);
    assert!(again.stderr.contains("f.json: exists already"), "{}", again.stderr);
    assert_eq!(sandbox.names(), ["f.json", "gold.csv"]);
}

#[test]
fn the_same_seed_gives_the_same_intervals() {
    let sandbox = Sandbox::with("gold.csv", corpus::csv());
    let figures = |seed: &str| {
        sandbox.run(&["evaluate", "gold.csv", "--model", model(), "--json", "-", "--seed", seed]).expect(0).text()
    };
    assert_eq!(figures("3"), figures("3"));
}

#[test]
fn gates_end_with_5() {
    let sandbox = Sandbox::with("gold.csv", corpus::csv());
    let gate = |least: &str| sandbox.run(&["evaluate", "gold.csv", "--model", model(), "--min-macro-f1", least]);
    gate("0.5").expect(0);
    let ran = gate("1.01").expect(5);
    assert!(ran.stderr.contains("is below 1.01") && ran.text().contains("macro-F1"), "{}", ran.stderr);
}

#[test]
fn a_model_is_compared_with_another() {
    // The other model has learnt wrong labels: it is worse on the right ones.
    let sandbox = Sandbox::with("gold.csv", corpus::csv());
    sandbox.write("wrong.csv", corpus::labeled_as(["genuine_dialogue", "outreach", "opportunistic_targeting"]));
    sandbox.run(&["train", "wrong.csv", "-o", "wrong", "--quiet"]).expect(0);
    let against = |ours: &str, theirs: &str| {
        sandbox.run(&["evaluate", "gold.csv", "--model", ours, "--versus", theirs, "--max-loss", "0.01", "--json", "-"])
    };
    let difference = |text: &str| {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        json["versus"]["difference"]["value"].as_f64().unwrap()
    };
    assert!(difference(&against(model(), model()).expect(0).text()).abs() < 1e-9);
    assert!(difference(&against(model(), "wrong").expect(0).text()) > 0.5);
    let ran = against("wrong", model()).expect(5);
    assert!(ran.stderr.contains("falls short"), "{}", ran.stderr);
    sandbox.run(&["evaluate", "gold.csv", "--model", model(), "--max-loss", "0.1"]).expect(2);
}

#[test]
fn models_of_other_labels_are_not_compared() {
    let sandbox = Sandbox::with("gold.csv", corpus::csv());
    sandbox.write("other.csv", corpus::labeled_as(["a", "b", "c"]));
    sandbox.run(&["train", "other.csv", "-o", "other", "--quiet"]).expect(0);
    let ran = sandbox.run(&["evaluate", "gold.csv", "--model", model(), "--versus", "other"]);
    ran.refused(2, &["other", "labels are not those"]);
}

#[test]
fn gold_must_be_there_and_known() {
    let sandbox = Sandbox::with("gold.csv", "text,label\nBonjour à vous,dialog\n");
    let ran = sandbox.run(&["evaluate", "gold.csv", "--model", model()]);
    ran.refused(3, &["gold.csv line 2", "\"dialog\""]);
    sandbox.write("bare.csv", "id,text\n1,Bonjour à vous\n");
    sandbox.run(&["evaluate", "bare.csv", "--model", model()]).refused(2, &["bare.csv", "--label-col"]);
}

#[test]
fn stdin_is_evaluated() {
    let sandbox = Sandbox::with("gold.csv", corpus::csv());
    let expected = sandbox.run(&["evaluate", "gold.csv", "--model", model()]).expect(0).text();
    let ran = sandbox.run_on(corpus::csv(), &["evaluate", "-", "--model", model()]).expect(0);
    assert_eq!(ran.text(), expected);
}

#[test]
fn data_are_never_overwritten_by_figures() {
    let sandbox = Sandbox::with("gold.csv", corpus::csv());
    let arguments = ["evaluate", "gold.csv", "--model", model(), "--json", "gold.csv", "--force"];
    sandbox.run(&arguments).refused(2, &["gold.csv", "both input and output"]);
    assert_eq!(sandbox.text("gold.csv"), corpus::csv());
}

#[test]
fn groups_are_judged_whole_and_held_to_one_label() {
    let sandbox = Sandbox::with("gold.csv", corpus::csv());
    let rows = sandbox.run(&["classify", "gold.csv", "--model", model(), "-q"]).expect(0).text();
    let labels = super::column(&rows, "pred_label");
    let texts = super::column(&rows, "text");
    let group = |label: &str| {
        let mut found =
            texts.iter().zip(&labels).filter(move |(_, predicted)| *predicted == label).map(|(text, _)| text);
        [found.next().unwrap().clone(), found.next().unwrap().clone()]
    };
    let ([a, b], [c, _]) = (group("outreach"), group("genuine_dialogue"));
    let csv = format!(
        "text,label,group\n\"{a}\",outreach,g1\n\"{b}\",outreach,g1\n\"{a}\",outreach,g2\n\"{c}\",genuine_dialogue,g2\n"
    );
    sandbox.write("groups.csv", csv);
    let judged = |least: &str| sandbox.run(&["evaluate", "groups.csv", "--model", model(), "--min-same-label", least]);
    let ran = judged("0.5").expect(0);
    assert!(ran.text().contains("groups    2: 100.0 % wholly right, 50.0 % of one label"), "{}", ran.text());
    let ran = judged("0.51").expect(5);
    assert!(ran.stderr.contains("50.00 % of the groups have one label, below 51.00 %"), "{}", ran.stderr);
}
