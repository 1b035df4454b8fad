//! Each check by itself, on messages made up for it.

use super::*;
use crate::model::DataDigest;
use crate::types::Message;

/// A message of the first label.
pub(super) fn message(text: &str) -> LabeledMessage {
    LabeledMessage::new(Message::new(text.to_owned()), 0)
}

fn labeled(text: &str, label_id: usize) -> LabeledMessage {
    LabeledMessage::new(Message::new(text.to_owned()), label_id)
}

/// One file with enough other messages of each of the codebook's labels.
fn corpus(messages: Vec<LabeledMessage>) -> Corpus {
    const FILL: [&str; 5] = ["lundi", "mardi", "jeudi", "vendredi", "samedi"];
    let fill = (0..3 * FEW_MESSAGES).map(|n| labeled(&format!("{}{}", FILL[n % 5].repeat(3 + n / 5), n), n % 3));
    let mut messages: Vec<LabeledMessage> = messages.into_iter().chain(fill).collect();
    for (row, message) in messages.iter_mut().enumerate().filter(|(_, message)| message.id.is_empty()) {
        message.id = format!("m{}", row + 1);
    }
    let data = vec![DataDigest { name: "avis.csv".to_owned(), rows: messages.len(), sha256: String::new() }];
    Corpus { messages, labels: LabelSet::codebook(), data }
}

/// Check, ids and detail of the faults.
fn faults(corpus: &Corpus) -> Vec<(Check, String, String)> {
    let ids = |finding: &Finding| finding.messages.iter().map(|place| place.id.as_str()).collect::<Vec<_>>().join("+");
    validate(corpus, None).faults.iter().map(|finding| (finding.check, ids(finding), finding.detail.clone())).collect()
}

#[test]
fn a_sound_corpus_has_no_fault() {
    let validation = validate(&corpus(vec![]), None);
    assert!(validation.is_sound(), "{validation}");
    assert_eq!(validation.labels[1].n_messages, FEW_MESSAGES);
    assert!(validation.remarks.iter().all(|finding| finding.check == Check::NearDuplicate), "{validation}");
}

#[test]
fn empty_texts_are_faults_and_no_duplicates() {
    let found = faults(&corpus(vec![message(""), labeled(" \n", 1)]));
    let empty = |id: &str| (Check::EmptyText, id.to_owned(), String::new());
    assert_eq!(found, [empty("m1"), empty("m2")]);
}

#[test]
fn an_id_given_twice_is_a_fault() {
    let mut pair = vec![message("Bonjour à tous"), message("À demain, donc")];
    for message in &mut pair {
        message.id = "x1".to_owned();
    }
    assert_eq!(faults(&corpus(pair)), [(Check::DuplicateId, "x1+x1".to_owned(), String::new())]);
}

#[test]
fn row_numbers_of_two_files_are_no_ids() {
    let mut both = corpus(vec![]);
    let n_rows = both.messages.len() / 2;
    for (index, message) in both.messages.iter_mut().enumerate() {
        message.id = (2 + index % n_rows).to_string();
    }
    both.data[0].rows = n_rows;
    both.data.push(both.data[0].clone());
    assert_eq!(faults(&both), []);
    // The same numbers out of order were given by somebody.
    both.messages.swap(0, 1);
    both.messages.swap(n_rows, n_rows + 1);
    assert_eq!(faults(&both).len(), n_rows);
}

#[test]
fn one_message_of_two_labels_is_a_fault_and_of_one_a_remark() {
    let answer = |parent: &str, label_id: usize| LabeledMessage {
        message: Message::new("Oui, tout à fait").with_parent(parent.to_owned()),
        ..labeled("", label_id)
    };
    let two = corpus(vec![answer("Vous venez ?", 0), answer("Vous  venez ? ", 2), answer("Ça va ?", 2)]);
    let names = "outreach, genuine_dialogue".to_owned();
    assert_eq!(faults(&two), [(Check::ContradictoryLabels, "m1+m2".to_owned(), names)]);
    let validation = validate(&corpus(vec![answer("Vous venez ?", 2), answer("Vous venez ?", 2)]), None);
    assert!(validation.is_sound());
    assert_eq!(validation.remarks[0].check, Check::Repeated);
    let again = |finding: &Finding| finding.check == Check::NearDuplicate && finding.messages[0].id == "m1";
    assert!(!validation.remarks.iter().any(again), "a repetition is said once");
}

#[test]
fn attributes_are_held_against_the_label() {
    let (yes, no) = (Some(true), Some(false));
    let cases = [
        (OUTREACH, [yes, yes, no], Some(Check::LeverAndGain)),
        (DIALOGUE, [yes, yes, yes], Some(Check::LeverAndGain)),
        (TARGETING, [yes, yes, yes], None),
        (TARGETING, [yes, no, no], Some(Check::TargetingWithoutBoth)),
        (TARGETING, [None, no, no], Some(Check::TargetingWithoutBoth)),
        (OUTREACH, [yes, no, yes], Some(Check::ExchangeAsOutreach)),
        (OUTREACH, [yes, no, no], None),
        (DIALOGUE, [no, yes, no], Some(Check::DialogueWithoutExchange)),
        (DIALOGUE, [no, None, yes], None),
        (DIALOGUE, [yes, None, no], None),
        (OUTREACH, [None, None, yes], None),
        (OUTREACH, [no, no, None], None),
    ];
    for (label, attributes, expected) in cases {
        assert_eq!(contradiction(label, attributes), expected, "{label} {attributes:?}");
    }
}

#[test]
fn attributes_say_nothing_of_other_labels() {
    let mut other = corpus(vec![LabeledMessage { attributes: [Some(true); 3], ..message("Signez donc") }]);
    assert_eq!(faults(&other), [(Check::LeverAndGain, "m1".to_owned(), OUTREACH.to_owned())]);
    other.labels = LabelSet::from_names(["avis", "plainte", "question"].map(String::from));
    assert_eq!(faults(&other), []);
}

#[test]
fn rare_labels_are_faults_or_remarks() {
    let mut few = corpus(vec![]);
    few.messages.retain(|message| message.label_id == 0);
    few.messages.push(labeled("Merci pour cette réponse", 2));
    few.messages.push(labeled("On se voit demain alors ?", 2));
    let validation = validate(&few, None);
    let details = |findings: &[Finding], check| {
        let same = findings.iter().filter(|finding| finding.check == check);
        same.map(|finding| finding.detail.clone()).collect::<Vec<_>>()
    };
    assert_eq!(details(&validation.faults, Check::TooFewMessages), ["opportunistic_targeting (0)"]);
    assert_eq!(details(&validation.remarks, Check::FewMessages), ["genuine_dialogue (2)"]);
}

#[test]
fn long_texts_are_remarks() {
    let validation = validate(&corpus(vec![message(&"é".repeat(LONG_CHARS)), message(&"à ".repeat(LONG_CHARS))]), None);
    let long: Vec<&Finding> = validation.remarks.iter().filter(|finding| finding.check == Check::LongText).collect();
    assert_eq!((long.len(), long[0].detail.as_str()), (1, "10000 characters"));
}

#[test]
fn a_report_shows_twenty_of_a_kind() {
    let report = validate(&corpus(vec![message(" "); 25]), None).to_string();
    assert!(report.contains("25 faults\n  no text: 25\n    m1\n"), "{report}");
    assert!(report.contains("    m20\n    and 5 more\n"), "{report}");
    assert!(report.contains("outreach                      55     0 % with parent"), "{report}");
}

#[test]
fn a_message_without_id_is_named_by_its_row() {
    let mut one = corpus(vec![message("Bonjour"), message("")]);
    one.messages[1].id.clear();
    let report = validate(&one, None).to_string();
    assert!(report.contains("  no text: 1\n    row 2\n"), "{report}");
}

#[test]
fn messages_kept_for_testing_are_found_but_for_the_shortest() {
    let kept = corpus(vec![message("Rendez-vous lundi à la salle des fêtes"), message("Oui, merci !")]);
    let learnt = corpus(vec![message("Rendez-vous  lundi à la salle des fêtes"), message("Oui, merci !")]);
    let found: Vec<_> = validate(&learnt, Some(&kept)).faults;
    assert_eq!(found.iter().map(|finding| finding.check).collect::<Vec<_>>(), [Check::HeldOut]);
    assert_eq!(found[0].messages[0].row, 1);
}
