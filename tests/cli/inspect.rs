//! `inspect`: what would be read. It needs no model.

use super::Sandbox;

#[test]
fn a_table_is_described() {
    let sandbox = Sandbox::with("in.csv", "identifiant;texte;message_parent\r\n1;\"L'été\r\nfut beau\";Et toi ?\r\n");
    let text = sandbox.run(&["inspect", "in.csv"]).expect(0).text();
    for words in
        ["in.csv", "csv", "UTF-8", "';'", "identifiant, texte, message_parent", "text = texte", "id = identifiant"]
    {
        assert!(text.contains(words), "{words:?} is missing: {text}");
    }
    assert!(text.contains("parent = message_parent") && text.contains("(answers: Et toi ?)"), "{text}");
}

#[test]
fn guesses_are_told() {
    let sandbox = Sandbox::with("in.csv", b"id,texte\n1,l'\xE9t\xE9 fut beau\n2,d\xE9j\xE0 vu\n");
    let text = sandbox.run(&["inspect", "in.csv"]).expect(0).text();
    assert!(text.contains("windows-1252") && text.contains("--encoding") && text.contains("l'été fut beau"), "{text}");
}

#[test]
fn as_many_rows_as_asked_for() {
    let sandbox = Sandbox::with("in.txt", "un\ndeux\ntrois\n");
    let shown = |rows: &str| {
        let text = sandbox.run(&["inspect", "in.txt", "--rows", rows]).expect(0).text();
        text.lines().filter(|line| line.trim_start().starts_with('·')).count()
    };
    assert_eq!((shown("0"), shown("2"), shown("9")), (0, 2, 3));
}

#[test]
fn bad_rows_and_long_texts_are_shown() {
    let long = "é".repeat(500);
    let sandbox = Sandbox::with("in.csv", format!("id,text\n1,{long}\n2\n"));
    let text = sandbox.run(&["inspect", "in.csv"]).expect(0).text();
    assert!(text.contains('…') && !text.contains(&long), "{text}");
    assert!(text.contains("error: 1 cell where the header has 2"), "{text}");
}

#[test]
fn stdin_and_directories_are_described() {
    let sandbox = Sandbox::with("d/a.txt", "Un paragraphe.\n");
    let text = sandbox.run(&["inspect", "d"]).expect(0).text();
    assert!(text.contains("document") && text.contains("Un paragraphe."), "{text}");
    let text = sandbox.run_on("{\"text\":\"Merci\"}\n", &["inspect", "-"]).expect(0).text();
    assert!(text.contains("jsonl") && text.contains("Merci"), "{text}");
}

#[test]
fn what_cannot_be_read_is_told() {
    let sandbox = Sandbox::with("vide.csv", "");
    sandbox.run(&["inspect", "vide.csv"]).refused(3, &["vide.csv", "is empty"]);
    sandbox.run(&["inspect", "absent.csv"]).refused(3, &["absent.csv", "cannot be read"]);
    sandbox.write("in.csv", "a,b\n1,2\n");
    sandbox.run(&["inspect", "in.csv"]).refused(2, &["in.csv", "--text-col"]);
}
