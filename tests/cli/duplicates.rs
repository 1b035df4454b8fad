//! `duplicates`: copies find one another, and nothing else of the rows changes. It needs no model.

use super::{Sandbox, column, parsed};

const CALL: &str = "votre témoignage nous a touchés : rejoignez notre collectif et signez la pétition pour l'hôpital";

fn csv() -> String {
    format!(
        "id;texte;auteur;date\n\
        a;Bonjour Camille, {CALL};ligue;2024-03-12 10:00:00\n\
        b;\"« Non ; je ne suis pas d'accord avec cette analyse du budget »\";zoé;2024-03-12 10:01:00\n\
        c;Bonjour Idriss, {CALL} https://exemple.fr/2;ligue;2024-03-12 10:02:00\n\
        d;@zoe {CALL};ami;2024-03-19 10:00:00\n\
        e;Merci !;zoé;hier\n\
        f;Merci !;ami;\n"
    )
}

#[test]
fn rows_are_kept_and_marked() {
    let sandbox = Sandbox::with("in.csv", csv());
    let ran = sandbox.run(&["duplicates", "in.csv", "-o", "out.csv", "--groups", "groups.csv"]).expect(0);
    assert!(ran.stdout.is_empty());
    assert!(
        ran.stderr.contains("6 rows · 1 groups · 3 rows in groups · largest 3 rows (dup_group 1)"),
        "{}",
        ran.stderr
    );
    let (header, rows) = parsed(&sandbox.text("out.csv"));
    assert_eq!(header, ["id", "texte", "auteur", "date", "dup_group", "dup_size"]);
    let marks = [("1", "3"), ("", "1"), ("1", "3"), ("1", "3"), ("", "1"), ("", "1")];
    for ((row, id), (group, size)) in rows.iter().zip(["a", "b", "c", "d", "e", "f"]).zip(marks) {
        assert_eq!((row[0].as_str(), row[4].as_str(), row[5].as_str()), (id, group, size));
    }
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0][1..4], [&format!("Bonjour Camille, {CALL}"), "ligue", "2024-03-12 10:00:00"]);
    assert_eq!(rows[1][1], "« Non ; je ne suis pas d'accord avec cette analyse du budget »");
    let (header, rows) = parsed(&sandbox.text("groups.csv"));
    assert_eq!(header, ["dup_group", "size", "authors", "first_time", "last_time", "text"]);
    let text = format!("Bonjour Camille, {CALL}");
    assert_eq!(rows, [["1", "3", "2", "2024-03-12T10:00:00Z", "2024-03-19T10:00:00Z", &text]]);
}

#[test]
fn a_pipe_gives_the_same_as_a_file_with_any_number_of_threads() {
    let sandbox = Sandbox::with("in.csv", csv());
    let plain = sandbox.run(&["duplicates", "in.csv", "--threads", "1"]).expect(0).text();
    assert_eq!(column(&plain, "dup_size"), ["3", "1", "3", "3", "1", "1"]);
    assert_eq!(sandbox.run_on(csv(), &["duplicates", "--threads", "3"]).expect(0).text(), plain);
    assert_eq!(sandbox.run_on(csv(), &["duplicates", "-", "--quiet"]).expect(0).stderr, "");
}

#[test]
fn rows_of_all_inputs_are_numbered_together() {
    let sandbox = Sandbox::with("1.csv", csv());
    sandbox.write("2.csv", csv());
    let text = sandbox.run(&["duplicates", "1.csv", "2.csv"]).expect(0).text();
    assert_eq!(column(&text, "dup_group"), ["1", "2", "1", "1", "", "", "1", "2", "1", "1", "", ""]);
    sandbox.write("3.csv", "texte;id\nBonjour à vous tous;1\n");
    sandbox.run(&["duplicates", "1.csv", "3.csv", "-o", "out.csv"]).refused(2, &["3.csv", "has 2 columns"]);
}

#[test]
fn thresholds_sizes_and_windows_decide() {
    let sandbox = Sandbox::with("in.csv", csv());
    let groups = |arguments: &[&str]| {
        let ran = sandbox.run(&[&["duplicates", "in.csv"], arguments].concat()).expect(0);
        (column(&ran.text(), "dup_group"), ran.stderr)
    };
    // The third has no greeting.
    assert_eq!(groups(&["--threshold", "1"]).0, ["1", "", "1", "", "", ""]);
    assert_eq!(groups(&["--min-size", "4"]).0, [""; 6]);
    assert_eq!(groups(&["--min-letters", "3"]).0, ["1", "", "1", "1", "5", "5"]);
    let (within, told) = groups(&["--time-window", "1d"]);
    assert_eq!(within, ["1", "", "1", "", "", ""]);
    assert!(told.contains("2 of 6 rows are in no group for want of a time like"), "{told}");
    assert_eq!(groups(&["--time-window", "8d"]).0, ["1", "", "1", "1", "", ""]);
}

#[test]
fn bad_values_are_refused() {
    let sandbox = Sandbox::with("in.csv", csv());
    let run = |arguments: &[&str]| sandbox.run(&[&["duplicates", "in.csv", "-o", "out.csv"], arguments].concat());
    run(&["--threshold", "1.5"]).refused(2, &["1.5", "between 0.3 and 1"]);
    run(&["--threshold", "NaN"]).refused(2, &["between 0.3 and 1"]);
    run(&["--min-size", "1"]).refused(2, &["2 rows at least, not 1"]);
    run(&["--groups", "out.csv"]).refused(2, &["out.csv", "same file"]);
    run(&["--groups", "in.csv", "--force"]).refused(2, &["in.csv", "both input and output"]);
    run(&["--time-col", "jour"]).refused(2, &["jour"]);
    let window = run(&["--time-window", "2 weeks"]).expect(2);
    assert!(window.stderr.contains("write 90s, 10m, 1h or 7d"), "{}", window.stderr);
    assert_eq!(sandbox.names(), ["in.csv"]);
    sandbox.run_on("texte\nBonjour à tous\n", &["duplicates", "--time-window", "1h"]).refused(2, &["--time-col"]);
    sandbox.run_on("", &["duplicates"]).refused(3, &["is empty"]);
    sandbox.write("there.csv", "x");
    run(&["--groups", "there.csv"]).refused(2, &["there.csv", "--force"]);
    run(&["--groups", "there.csv", "--force"]).expect(0);
    assert_eq!(sandbox.text("there.csv").lines().count(), 2);
}

#[test]
fn broken_rows_keep_their_place_and_taken_names_are_renamed() {
    let sandbox = Sandbox::with("in.csv", format!("text,dup_size\n{CALL},7\n{CALL}\n"));
    let ran = sandbox.run(&["duplicates", "in.csv"]).expect(1);
    assert!(ran.stderr.contains("1 row could not be read as they stand; the first, in.csv line 3"), "{}", ran.stderr);
    assert!(ran.stderr.contains("\"dup_size\": ours is \"pred_dup_size\""), "{}", ran.stderr);
    let text = ran.text();
    assert_eq!(column(&text, "dup_size"), ["7", ""]);
    assert_eq!(column(&text, "pred_dup_size"), ["2", "2"]);
}
