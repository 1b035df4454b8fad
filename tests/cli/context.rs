//! `classify --context self` and `--parents`: replies joined to what they answer.

use std::fmt::Write as _;

use super::{Sandbox, column, model};

const THREAD: &str = "id,text,in_reply_to_id\n1,Votre récit m'a bouleversée,\n2,accepteriez-vous de partager notre pétition ?,1\n\
    3,\"Oui, j'ai lu votre message ce matin\",77\n";

/// The same rows with the parent in a column.
const WITH_PARENTS: &str = "id,text,in_reply_to_id,parent_text\n1,Votre récit m'a bouleversée,,\n\
    2,accepteriez-vous de partager notre pétition ?,1,Votre récit m'a bouleversée\n3,\"Oui, j'ai lu votre message ce matin\",77,\n";

fn classify(sandbox: &Sandbox, more: &[&str]) -> (String, String) {
    let ran = sandbox.run(&[&["classify", "in.csv", "--model", model()], more].concat()).expect(0);
    (ran.text(), ran.stderr)
}

#[test]
fn a_reply_is_judged_with_the_message_it_answers() {
    let sandbox = Sandbox::with("in.csv", THREAD);
    sandbox.write("joined.csv", WITH_PARENTS);
    let (alone, _) = classify(&sandbox, &[]);
    let (joined, stderr) = classify(&sandbox, &["--context", "self"]);
    let expected = sandbox.run(&["classify", "joined.csv", "--model", model()]).expect(0).text();
    assert!(stderr.contains("parent found for 50 % of replies (1 of 2)"), "{stderr}");
    let p = |csv: &str| column(csv, "p_genuine_dialogue");
    assert_eq!(p(&joined), p(&expected));
    assert_ne!(p(&joined)[1], p(&alone)[1]);
    assert_eq!((column(&joined, "text"), joined.lines().next()), (column(&alone, "text"), alone.lines().next()));
}

#[test]
fn parents_come_from_other_files_too() {
    let sandbox =
        Sandbox::with("in.csv", "id,text,in_reply_to_id\n2,accepteriez-vous de partager notre pétition ?,1\n");
    sandbox.write("threads.csv", "id,text\n1,Votre récit m'a bouleversée\n");
    let (_, stderr) = classify(&sandbox, &["--context", "self"]);
    assert!(stderr.contains("parent found for 0 % of replies (0 of 1)"), "{stderr}");
    let (_, stderr) = classify(&sandbox, &["--parents", "threads.csv"]);
    assert!(stderr.contains("parent found for 100 % of replies (1 of 1)"), "{stderr}");
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let mut csv = "id,text,in_reply_to_id\n".to_owned();
    for row in 0..5000_u64 {
        let answered = if row % 3 == 0 { String::new() } else { (row * 7919 % 6000).to_string() };
        writeln!(csv, "{row},Merci pour le message numéro {row},{answered}").unwrap();
    }
    let sandbox = Sandbox::with("in.csv", csv);
    let one = classify(&sandbox, &["--context", "self", "--threads", "1"]).0;
    assert!(one == classify(&sandbox, &["--context", "self", "--threads", "4"]).0);
}

#[test]
fn what_cannot_be_joined_is_said() {
    let sandbox = Sandbox::with("in.csv", "text\nMerci à vous\n");
    let (_, stderr) = classify(&sandbox, &["--context", "self"]);
    assert!(stderr.contains("--reply-to-col") && stderr.contains("--id-col"), "{stderr}");
    sandbox
        .run_on(THREAD, &["classify", "-", "--context", "self", "--model", model()])
        .refused(2, &["give a file, not a pipe"]);
    sandbox.run(&["classify", "in.csv", "--parents", "absent.csv", "--model", model()]).refused(3, &["absent.csv"]);
}
