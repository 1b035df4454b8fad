//! `explain`: what carried a label.

use super::{Sandbox, column, corpus, model};

const TEXT: &str = "Votre récit m'a bouleversée, accepteriez-vous de partager notre pétition ?";

#[test]
fn a_text_is_explained() {
    let text = Sandbox::new().run(&["explain", "--text", TEXT, "--model", model()]).expect(0).text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("text: opportunistic_targeting 0."), "{text}");
    assert_eq!(lines[1].trim(), TEXT);
    assert!(lines[2].trim_start().starts_with("for ") && lines[2].contains('+'), "{text}");
    assert!(lines[3].trim_start().starts_with("against "), "{text}");
}

#[test]
fn rows_are_explained_as_objects_with_their_ids() {
    let sandbox = Sandbox::with("in.csv", "id,text\n007,Vous avez raison\n12345678901234567890,Votez dimanche !\n");
    let ran = sandbox.run(&["explain", "in.csv", "--json", "--top", "3", "--model", model()]).expect(0);
    let objects: Vec<serde_json::Value> = ran.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&str> = objects.iter().map(|object| object["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["007", "12345678901234567890"]);
    let labels = column(&sandbox.classify(&["in.csv"]), "label");
    for (object, label) in objects.iter().zip(labels) {
        assert_eq!(object["label"], label.as_str());
        let (pro, contra) = (object["for"].as_array().unwrap(), object["against"].as_array().unwrap());
        assert!(!pro.is_empty() && pro.len() <= 3 && contra.len() <= 3, "{object}");
        assert!(pro.iter().all(|part| part["added"].as_f64().unwrap() > 0.0), "{object}");
        assert!(contra.iter().all(|part| part["added"].as_f64().unwrap() < 0.0), "{object}");
        let sum: f64 = object["probabilities"].as_object().unwrap().values().map(|share| share.as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-4, "{object}");
    }
}

#[test]
fn rows_without_id_are_told_by_their_line() {
    let sandbox = Sandbox::new();
    let ran =
        sandbox.run_on("text,n\n\"deux\nlignes\",1\nsuite,2\n", &["explain", "--json", "--model", model()]).expect(0);
    let ids: Vec<String> = ran
        .text()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, ["2", "4"]);
}

#[test]
fn an_empty_text_has_no_reasons() {
    let text = Sandbox::new().run(&["explain", "--text", "", "--model", model()]).expect(0).text();
    assert!(text.contains("for      (nothing)") && text.contains("against  (nothing)"), "{text}");
}

#[test]
fn a_bad_row_is_explained_as_it_stands() {
    let sandbox = Sandbox::with("in.csv", b"id,text\n1,\xC3\xA9t\xC3\xA9\n2,\xE9t\xE9\n");
    let ran = sandbox.run(&["explain", "in.csv", "--json", "--model", model()]).expect(1);
    assert_eq!(ran.text().lines().count(), 2);
}

#[test]
fn wrong_uses_are_refused() {
    let sandbox = Sandbox::with("in.csv", corpus::csv());
    sandbox.run(&["explain", "in.csv", "--text", "x", "--model", model()]).expect(2);
    sandbox.run(&["explain", "--parent", "x", "--model", model()]).expect(2);
    sandbox.run(&["explain", "absent.csv", "--model", model()]).refused(3, &["absent.csv", "cannot be read"]);
}
