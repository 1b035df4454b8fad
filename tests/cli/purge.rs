//! `purge`. It needs no model.

use super::Sandbox;

const TWEETS: &str = "id;texte\r\n1;\"Oui,\r\n\"\"merci\"\"\"\r\n2;\"Non\r\nmerci ; 1\"\r\n\r\n3;Peut-être\r\n";

#[test]
fn records_go_whole_and_others_stay_to_the_byte() {
    let sandbox = Sandbox::with("in.csv", TWEETS);
    sandbox.write("ids.txt", "2\n\n99\n");
    let ran = sandbox.run(&["purge", "in.csv", "--ids", "ids.txt", "-o", "out.csv"]).expect(0);
    assert_eq!(sandbox.text("out.csv"), "id;texte\r\n1;\"Oui,\r\n\"\"merci\"\"\"\r\n\r\n3;Peut-être\r\n");
    for words in ["ids.txt: 2 ids", "in.csv: 1 of 3 rows removed", "1 ids were found in no row"] {
        assert!(ran.stderr.contains(words), "{words:?} is missing: {}", ran.stderr);
    }
    sandbox.write("all.txt", "1\n2\n3");
    sandbox.run(&["purge", "in.csv", "--ids", "all.txt", "-o", "none.csv"]).expect(0);
    assert_eq!(sandbox.text("none.csv"), "id;texte\r\n\r\n");
}

#[test]
fn every_encoding_is_kept() {
    let kept = "\u{feff}id\ttexte\r\n1\tl'été fut beau\r\n";
    let text = format!("{kept}2\tdéjà vu\r\n");
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let latin = |text: &str| text[3..].chars().map(|sign| sign as u32 as u8).collect::<Vec<u8>>();
    let utf8 = |text: &str| text.as_bytes().to_vec();
    for (name, encode) in [("utf16", &utf16 as &dyn Fn(&str) -> Vec<u8>), ("latin", &latin), ("utf8", &utf8)] {
        let sandbox = Sandbox::with("in.tsv", encode(&text));
        sandbox.write("ids.csv", "id,why\n2,asked\n");
        sandbox.run(&["purge", "in.tsv", "--ids", "ids.csv", "-o", "out.tsv"]).expect(0);
        assert_eq!(sandbox.bytes("out.tsv"), encode(kept), "{name}");
    }
}

#[test]
fn answers_are_kept_without_the_text_they_answer() {
    let sandbox = Sandbox::with(
        "in.csv",
        "id,text,in_reply_to_id,parent_text\n1,\"Oui, vrai\",7,\"Bonjour, \"\"vous\"\"\"\n2,Non,8,Salut\n",
    );
    sandbox.write(
        "in.jsonl",
        "{\"id\": 1, \"in_reply_to_id\": 7,  \"parent_text\": \"L\\u2019été\", \"n\": 1.0}\n{\"id\":7}\n",
    );
    sandbox.write("ids.txt", "7\n");
    let ran = sandbox.run(&["purge", "in.csv", "in.jsonl", "--ids", "ids.txt", "-o", "out"]).expect(0);
    assert_eq!(sandbox.text("out/in.csv"), "id,text,in_reply_to_id,parent_text\n1,\"Oui, vrai\",7,\n2,Non,8,Salut\n");
    assert_eq!(
        sandbox.text("out/in.jsonl"),
        "{\"id\": 1, \"in_reply_to_id\": 7,  \"parent_text\": \"\", \"n\": 1.0}\n"
    );
    assert!(ran.stderr.contains("1 answers to removed messages kept"), "{}", ran.stderr);
    assert!(ran.stderr.contains("0 ids were found in no row"), "{}", ran.stderr);
}

#[test]
fn labels_without_texts_are_purged_in_place() {
    let sandbox = Sandbox::with("d/labels.csv", "tweet_id,label\n1,outreach\n2,outreach\n");
    sandbox.write("d/other.tsv", "id\tlabel\n5\tx\n");
    sandbox.write("ids.csv", "2\n7\n");
    let ran = sandbox.run(&["purge", "d", "--ids", "ids.csv", "--in-place"]).expect(0);
    assert_eq!(sandbox.text("d/labels.csv"), "tweet_id,label\n1,outreach\n");
    assert_eq!(sandbox.text("d/other.tsv"), "id\tlabel\n5\tx\n");
    assert!(ran.stderr.contains("ids.csv: 2 ids"), "a list without a header: {}", ran.stderr);
    let names: Vec<_> = std::fs::read_dir(sandbox.path("d")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[cfg(unix)]
#[test]
fn permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with("in.csv", TWEETS);
    std::fs::set_permissions(sandbox.path("in.csv"), std::fs::Permissions::from_mode(0o600)).unwrap();
    sandbox.write("ids.txt", "2\n");
    sandbox.run(&["purge", "in.csv", "--ids", "ids.txt", "-o", "out.csv"]).expect(0);
    sandbox.run(&["purge", "in.csv", "--ids", "ids.txt", "--in-place"]).expect(0);
    for name in ["in.csv", "out.csv"] {
        assert_eq!(std::fs::metadata(sandbox.path(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert_eq!(sandbox.bytes("in.csv"), sandbox.bytes("out.csv"));
}

#[test]
fn what_cannot_be_done_changes_nothing() {
    let sandbox = Sandbox::with("in.csv", TWEETS);
    sandbox.write("ids.txt", "2\n");
    sandbox.write("plain.txt", "Bonjour\n");
    sandbox.write("noid.csv", "texte,n\nOui merci,1\n");
    sandbox
        .run(&["purge", "in.csv", "plain.txt", "--ids", "ids.txt", "--in-place"])
        .refused(3, &["plain.txt", "without ids"]);
    sandbox
        .run(&["purge", "in.csv", "noid.csv", "--ids", "ids.txt", "--in-place"])
        .refused(2, &["noid.csv", "--id-col"]);
    sandbox.run(&["purge", "in.csv", "--ids", "ids.txt", "-o", "noid.csv"]).refused(2, &["noid.csv", "--force"]);
    sandbox
        .run(&["purge", "in.csv", "--ids", "ids.txt", "-o", "ids.txt", "--force"])
        .refused(2, &["ids.txt", "both input"]);
    sandbox.run(&["purge", "in.csv", "--ids", "absent.txt", "-o", "x.csv"]).refused(3, &["absent.txt"]);
    sandbox.run(&["purge", "in.csv", "--ids", "ids.txt"]).expect(2);
    assert_eq!(sandbox.text("in.csv"), TWEETS);
}

#[test]
fn what_may_be_missed_is_told() {
    let sandbox = Sandbox::with("in.csv", "id,text,quoted_id\n1,Oui « a: non — https://t.co/x »,2\n3\n2,non,\n");
    sandbox.write("ids.txt", "2\n1.23E+17\n");
    let ran = sandbox.run(&["purge", "in.csv", "--ids", "ids.txt", "-o", "out.csv"]).expect(1);
    for words in ["1 rows kept repost or quote", "line 3", "1.23E+17"] {
        assert!(ran.stderr.contains(words), "{words:?} is missing: {}", ran.stderr);
    }
}
