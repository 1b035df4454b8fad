//! Rows as a whole.

use proptest::prelude::*;

use super::*;
use crate::read::{Input, ReadOptions};

fn key(byte: u8) -> Key {
    Key::new(&[byte; KEY_BYTES])
}

fn p(name: &str) -> String {
    key(1).pseudonym(name)
}

/// Header and cells of a pseudonymised table.
fn run(csv: &str, options: &ColumnOptions, key: Key) -> (Vec<String>, Vec<Vec<String>>, Counts) {
    let input =
        Input::from_reader("a.csv", Box::new(std::io::Cursor::new(csv.to_owned())), &ReadOptions::default()).unwrap();
    let columns = Columns::of(&input, options).unwrap();
    let mut pseudonymizer = Pseudonymizer::new(key);
    let rows: Vec<Vec<String>> = input
        .rows()
        .map(|row| pseudonymizer.row(&row.unwrap().1, &columns).into_iter().map(Cow::into_owned).collect())
        .collect();
    let counts = pseudonymizer.counts().clone();
    (columns.written(), rows, counts)
}

#[test]
fn a_tweet_of_minet() {
    let csv = "id,timestamp_utc,user_screen_name,text,to_username,user_description,lat,mentioned_names,url,retweet_count\n\
        123,1714559400,Zoe,\"@Jean oui, 06 12 34 56 78\",jean,Élue à Lyon,45.7,jean|Zoe,https://twitter.com/zoe/status/123,5145550199\n";
    let (columns, rows, counts) = run(csv, &ColumnOptions { day: true, ..ColumnOptions::default() }, key(1));
    assert_eq!(
        columns.join(" "),
        "id timestamp_utc user_screen_name text to_username mentioned_names url retweet_count"
    );
    let (zoe, jean) = (p("zoe"), p("jean"));
    let expected = [
        "123".to_owned(),
        "1714521600".to_owned(),
        zoe.clone(),
        format!("@{jean} oui, [tél. {}]", p("tel:33612345678")),
        jean.clone(),
        format!("{jean}|{zoe}"),
        format!("https://twitter.com/{zoe}/status/123"),
        "5145550199".to_owned(),
    ];
    assert_eq!(rows, [expected]);
    let told = Counts { accounts: 4, mentions: 1, phones: 1, links: 1, days: 1, ..Counts::default() };
    assert_eq!(counts, told);
}

#[test]
fn a_post_of_bluesky() {
    let csv = "uri,user_handle,user_did,text,original_text,to_post_uri\n\
        at://did:plc:a/app.bsky.feed.post/1,zoe.bsky.social,did:plc:a,@zoe.bsky.social dit oui,Oui à tous,at://did:plc:b/app.bsky.feed.post/2\n";
    let (_, rows, _) = run(csv, &ColumnOptions::default(), key(1));
    let (did, handle) = (p("did:plc:a"), p("zoe.bsky.social"));
    let uri = |did: &str, post: &str| format!("at://{did}/app.bsky.feed.post/{post}");
    let expected = [
        uri(&did, "1"),
        handle.clone(),
        did,
        format!("@{handle} dit oui"),
        "Oui à tous".to_owned(),
        uri(&p("did:plc:b"), "2"),
    ];
    assert_eq!(rows, [expected]);
}

#[test]
fn mails_and_lists() {
    let csv = "texte;de;a\nOui, merci;Jean Dupont <jean@ville.fr>;a@b.fr, c@d.fr\nOui;\"Dupont, Jean\";\n";
    let (_, rows, _) = run(csv, &ColumnOptions::default(), key(1));
    assert_eq!(rows[0][1..], [p("jean@ville.fr"), format!("{}, {}", p("a@b.fr"), p("c@d.fr"))]);
    assert_eq!(rows[1][1..], [p("dupont, jean"), String::new()]);
}

#[test]
fn columns_are_kept_and_dropped_by_name() {
    let csv = "text,author,location,note,extra\nOui merci,zoe,Lyon,x,\"{\"\"name\"\":\"\"zoe\"\"}\"\n";
    let options = ColumnOptions { keep: vec!["Location".to_owned()], drop: vec!["note".to_owned()], day: false };
    let (columns, rows, _) = run(csv, &options, key(1));
    assert_eq!(columns, ["text", "author", "location"]);
    assert_eq!(rows[0][2], "Lyon");
    let input =
        Input::from_reader("a.csv", Box::new(std::io::Cursor::new(csv.to_owned())), &ReadOptions::default()).unwrap();
    let wrong = ColumnOptions { keep: vec!["lieu".to_owned()], ..ColumnOptions::default() };
    assert!(
        Columns::of(&input, &wrong)
            .unwrap_err()
            .to_string()
            .contains("no column \"lieu\" for the list of columns to keep")
    );
}

#[test]
fn moments_not_understood_are_left_out_and_counted() {
    let csv = "text,date,user_created_at\nOui merci,hier soir,2012-01-01T10:00:00\nOui merci,,\n";
    let (_, rows, counts) = run(csv, &ColumnOptions { day: true, ..ColumnOptions::default() }, key(1));
    assert_eq!(rows[0][1..], ["", "2012-01-01"]);
    assert_eq!((counts.days, counts.lost_days), (1, 1));
}

proptest! {
    // Each case compiles the patterns anew.
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_handle_survives(
        handle in "[a-zA-Zéèç][a-zA-Z0-9_é]{3,14}",
        before in "[a-zé ,.!«»'’(]{0,12}[ ,.!'’(]",
        after in "[ ,.!?:;)’'»…]{0,3}",
        upper: bool,
    ) {
        let written = if upper { handle.to_uppercase() } else { handle.to_lowercase() };
        let text = format!("{before}@{written}{after} oui https://x.com/{written}/status/1 {before}@{handle}").replace('"', "");
        let csv = format!("text,parent,author,to,mentions,url\n\"{text}\",\"{text}\",{handle},@{handle},{written}|{handle},https://www.instagram.com/{written}\n");
        let (_, rows, _) = run(&csv, &ColumnOptions::default(), key(1));
        let all = rows[0].join("\n").to_lowercase();
        prop_assert!(!all.contains(&handle.to_lowercase()) || p(&handle).contains(&handle.to_lowercase()), "{all}");
        prop_assert_eq!(&rows[0][2], &p(&handle));
        let mention = format!("@{}", p(&handle));
        prop_assert!(rows[0][0].contains(&mention));
        let other = run(&csv, &ColumnOptions::default(), key(2)).1;
        prop_assert!(!other[0].join("\n").contains(&p(&handle)));
        prop_assert_eq!(run(&csv, &ColumnOptions::default(), key(1)).1, rows);
    }

    #[test]
    fn any_text_is_taken(text in "\\PC{0,60}", signs in "[@./:0-9+() «»a-z—-]{0,60}") {
        let mut pseudonymizer = Pseudonymizer::new(key(1));
        pseudonymizer.text(&text);
        pseudonymizer.text(&signs);
    }
}
