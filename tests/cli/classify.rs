//! `classify`: what comes out for what goes in.

use super::{Sandbox, column, corpus, has_embedded_model, model, parsed};

/// Our columns, for a model of the codebook's labels with attributes.
pub(crate) const OURS: [&str; 9] = [
    "label",
    "p_outreach",
    "p_opportunistic_targeting",
    "p_genuine_dialogue",
    "p_lever",
    "p_gain",
    "p_exchange",
    "abstain",
    "error",
];

const TEXTS: [&str; 3] = [
    "Samedi à 10 h, venez rencontrer nos candidats",
    "Votre récit m'a bouleversée ; accepteriez-vous de partager notre pétition ?",
    "Vous avez raison pour les horaires",
];

#[test]
fn the_columns_of_the_contract_in_its_order() {
    let input = "platform,id,text\nx,a1,\"Merci de ta réponse, on en reparle mardi\"\nfb,a2,Votez !\n";
    let (header, rows) = parsed(&Sandbox::with("in.csv", input).classify(&["in.csv"]));
    assert_eq!(header, [&["platform", "id", "text"][..], &OURS].concat());
    assert_eq!(rows[0][..3], ["x", "a1", "Merci de ta réponse, on en reparle mardi"]);
    assert_eq!(rows[1][..3], ["fb", "a2", "Votez !"]);
}

#[test]
fn probabilities_have_four_decimals_and_sum_to_one() {
    let (_, rows) = parsed(&Sandbox::with("in.csv", corpus::many(300)).classify(&["in.csv"]));
    assert_eq!(rows.len(), 300);
    for row in rows {
        let units = |cell: &String| {
            let (whole, decimals) = cell.split_once('.').unwrap();
            assert_eq!(decimals.len(), 4, "{cell}");
            whole.parse::<u32>().unwrap() * 10_000 + decimals.parse::<u32>().unwrap()
        };
        let of_labels: Vec<u32> = row[4..7].iter().map(units).collect();
        assert_eq!(of_labels.iter().sum::<u32>(), 10_000, "{row:?}");
        assert!(row[7..10].iter().map(units).all(|attribute| attribute <= 10_000), "{row:?}");
        let label = OURS[1..4].iter().position(|name| name[2..] == row[3]).unwrap();
        assert!(of_labels[label] + 1 >= *of_labels.iter().max().unwrap(), "{row:?}");
        assert!(["0", "1"].contains(&row[10].as_str()) && row[11].is_empty(), "{row:?}");
    }
}

#[test]
fn the_small_model_has_learnt_its_corpus() {
    let sandbox = Sandbox::with("in.csv", corpus::csv());
    let labels = column(&sandbox.classify(&["in.csv"]), "pred_label");
    let right = labels.iter().zip(corpus::samples()).filter(|(label, sample)| *label == sample.label).count();
    assert!(right >= 70, "{right} of 72");
}

#[test]
fn a_label_column_stays_and_ours_is_pred_label() {
    let sandbox = Sandbox::with("in.csv", "text,label,error,p_gain\nMerci à vous,mien,faute,1\n");
    let ran = sandbox.run(&["classify", "in.csv", "--model", model()]).expect(0);
    let (header, rows) = parsed(&ran.text());
    assert_eq!(header[..5], ["text", "label", "error", "p_gain", "pred_label"]);
    assert_eq!(header[9..], ["pred_p_gain", "p_exchange", "abstain", "pred_error"]);
    assert_eq!(rows[0][..4], ["Merci à vous", "mien", "faute", "1"]);
    assert!(ran.stderr.contains("pred_label"), "{}", ran.stderr);
}

#[test]
fn cells_of_several_lines_stay_what_they_are() {
    let cell = "Bonjour,\r\n\r\n« ça \"va\" ? »\n\t; fin\n";
    let input = format!("id,text\n1,\"{}\"\n2,suite\n", cell.replace('"', "\"\""));
    let output = Sandbox::with("in.csv", input).classify(&["in.csv"]);
    assert_eq!(column(&output, "text"), [cell, "suite"]);
}

#[test]
fn ids_are_copied_byte_for_byte() {
    let ids =
        ["00012345678901234567", "12345678901234567890", "1.23457E+18", "007", " 7 ", "=1+1", "-0", "1e5", "１２"];
    let input = ids.iter().fold("id,text\n".to_owned(), |rows, id| rows + id + ",bonjour à tous\n");
    let output = Sandbox::with("in.csv", input).classify(&["in.csv"]);
    assert_eq!(column(&output, "id"), ids);
}

#[test]
fn json_numbers_of_twenty_digits_are_copied_too() {
    let input = "{\"id\": 12345678901234567890, \"text\": \"Merci\"}\n{\"id\": 1.50, \"text\": \"À demain\\nsoir\"}\n";
    let output = Sandbox::with("in.jsonl", input).classify(&["in.jsonl"]);
    assert_eq!(column(&output, "id"), ["12345678901234567890", "1.50"]);
    assert_eq!(column(&output, "text"), ["Merci", "À demain\nsoir"]);
}

#[test]
fn every_format_gives_the_same_labels() {
    let sandbox = Sandbox::new();
    let rows = |start: &str, between: &str| -> String {
        TEXTS
            .iter()
            .enumerate()
            .fold(start.to_owned(), |rows, (nth, text)| rows + &format!("{nth}{between}\"{text}\"\n"))
    };
    sandbox.write("comma.csv", rows("id,text\n", ","));
    sandbox.write("semicolon.csv", rows("id;texte\n", ";"));
    sandbox.write("tab.tsv", rows("id\ttext\n", "\t"));
    sandbox.write("excel.csv", format!("\u{feff}{}", rows("sep=;\nid;Message\n", ";")).replace('\n', "\r\n"));
    let object =
        |(nth, text): (usize, &&str)| serde_json::json!({"id": nth.to_string(), "text": text}).to_string() + "\n";
    sandbox.write("lines.jsonl", TEXTS.iter().enumerate().map(object).collect::<String>());
    sandbox.write("lines.txt", TEXTS.join("\n"));
    for (nth, text) in TEXTS.iter().enumerate() {
        sandbox.write(&format!("folder/{nth}.txt"), format!("{text}\n"));
    }
    let utf16: Vec<u8> = sandbox.text("tab.tsv").encode_utf16().flat_map(u16::to_le_bytes).collect();
    sandbox.write("utf16.csv", utf16);
    let ours = |output: &str| -> Vec<Vec<String>> { OURS.iter().map(|name| column(output, name)).collect() };
    let expected = ours(&sandbox.classify(&["comma.csv"]));
    for input in ["semicolon.csv", "tab.tsv", "excel.csv", "lines.jsonl", "lines.txt", "folder", "utf16.csv"] {
        assert_eq!(ours(&sandbox.classify(&[input])), expected, "{input}");
    }
}

#[test]
fn a_directory_of_texts_is_its_paragraphs() {
    let sandbox = Sandbox::new();
    sandbox.write("d/b.txt", "Un seul paragraphe,\nsur deux lignes.\n");
    sandbox.write("d/a.txt", "Le premier.\n\nLe second.\n");
    let output = sandbox.classify(&["d"]);
    assert_eq!(column(&output, "id"), ["a#1", "a#2", "b#1"]);
    assert_eq!(column(&output, "document"), ["a.txt", "a.txt", "b.txt"]);
    assert_eq!(column(&output, "text")[2], "Un seul paragraphe,\nsur deux lignes.");
}

#[test]
fn stdin_is_read_where_no_input_is_named() {
    let sandbox = Sandbox::with("in.csv", corpus::many(50));
    let expected = sandbox.classify(&["in.csv"]);
    for arguments in [&["classify", "--model", model()][..], &["classify", "--model", model(), "-", "-o", "-"]] {
        let ran = sandbox.run_on(corpus::many(50), arguments).expect(0);
        assert_eq!(ran.text(), expected);
    }
}

#[test]
fn lines_and_objects_on_stdin_are_recognized() {
    let arguments = ["classify", "--model", model()];
    let ran = Sandbox::new().run_on("Bonjour, merci\nVotez !\n", &arguments).expect(0);
    assert_eq!(column(&ran.text(), "id"), ["1", "2"]);
    let ran = Sandbox::new().run_on("{\"body\":\"Bonjour\"}\n", &arguments).expect(0);
    assert_eq!(column(&ran.text(), "body"), ["Bonjour"]);
}

#[test]
fn threads_and_chunks_change_no_byte() {
    let input = corpus::many(12_000);
    assert!(input.len() > 1 << 20, "{} bytes", input.len());
    let sandbox = Sandbox::with("in.csv", &input);
    let one = sandbox.classify(&["in.csv", "--threads", "1"]);
    for threads in ["2", "5"] {
        assert!(one == sandbox.classify(&["in.csv", "--threads", threads]), "{threads} threads");
    }
    let (given, _) = parsed(&input);
    for name in given {
        assert!(column(&one, &name) == column(&input, &name), "column {name}");
    }
    // What surrounds a row has no influence either.
    let alone = sandbox.run_on("id,text,note\n1,Votez ! 4,x\n", &["classify", "--model", model()]).expect(0).text();
    let among = input.replacen('\n', "\n1,Votez ! 4,x\n", 1) + "1,Votez ! 4,x\n";
    sandbox.write("among.csv", among);
    let among = sandbox.classify(&["among.csv"]);
    let row = alone.lines().nth(1).unwrap();
    assert_eq!((among.lines().nth(1), among.lines().last()), (Some(row), Some(row)));
}

#[test]
fn several_inputs_are_one_output() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "id,text\n1,Bonjour à vous\n");
    sandbox.write("b.csv", "id;text\r\n2;Votez dimanche\r\n");
    let output = sandbox.classify(&["b.csv", "a.csv"]);
    assert_eq!(column(&output, "id"), ["2", "1"]);
    sandbox.write("c.csv", "text,id\nBonjour,3\n");
    let arguments = ["classify", "a.csv", "c.csv", "--model", model(), "-o", "out.csv"];
    sandbox.run(&arguments).refused(2, &["c.csv", "a.csv", "take files with different columns one by one"]);
    assert_eq!(sandbox.names(), ["a.csv", "b.csv", "c.csv"]);
}

#[test]
fn a_file_holds_what_stdout_would() {
    let sandbox = Sandbox::with("in.csv", corpus::many(100));
    let expected = sandbox.classify(&["in.csv"]);
    assert_eq!(sandbox.classify(&["in.csv", "-o", "out.csv"]), "");
    assert_eq!(sandbox.text("out.csv"), expected);
    assert_eq!(sandbox.names(), ["in.csv", "out.csv"]);
    sandbox.write("out.csv", "ancien");
    sandbox.classify(&["in.csv", "--output", "out.csv", "--force"]);
    assert_eq!(sandbox.text("out.csv"), expected);
    assert_eq!(sandbox.names(), ["in.csv", "out.csv"]);
}

#[cfg(unix)]
#[test]
fn a_file_has_the_rights_of_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with("in.csv", "text\nBonjour\n");
    sandbox.classify(&["in.csv", "-o", "out.csv"]);
    let mode = |name: &str| std::fs::metadata(sandbox.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("out.csv"), mode("in.csv"));
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_as_output_is_written_and_stays() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let sandbox = Sandbox::with("in.csv", "text\nBonjour\n");
    let expected = sandbox.classify(&["in.csv"]);
    symlink("/dev/null", sandbox.path("puits")).unwrap();
    sandbox.classify(&["in.csv", "-o", "puits", "--force"]);
    assert!(std::fs::metadata(sandbox.path("puits")).unwrap().file_type().is_char_device());
    assert_eq!(sandbox.classify(&["in.csv", "-o", "/dev/stdout"]), expected);
    assert_eq!(sandbox.names(), ["in.csv", "puits"]);
}

#[test]
fn quiet_says_nothing_and_json_sums_up() {
    let sandbox = Sandbox::with("in.csv", "text\nBonjour à vous\nVotez\n\"\"\n");
    let quiet = sandbox.run(&["classify", "in.csv", "--model", model(), "--quiet"]).expect(0);
    assert_eq!(quiet.stderr, "");
    let told = sandbox.run(&["classify", "in.csv", "--model", model(), "--json"]).expect(0);
    assert_eq!(told.stdout, quiet.stdout);
    let json = told.stderr.lines().find_map(|line| line.split_once('{').map(|(_, json)| format!("{{{json}"))).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["rows"], &json["failed"]), (&3.into(), &0.into()));
    let total: u64 = json["labels"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(total, 3);
}

#[test]
fn other_labels_make_other_columns() {
    let sandbox = Sandbox::with("corpus.csv", corpus::labeled_as(["réclame", "réclame", "échange"]));
    sandbox.run(&["train", "corpus.csv", "-o", "m", "--quiet"]).expect(0);
    let ran = sandbox.run_on("n,text\n1,Votez dimanche !\n", &["classify", "--model", "m"]).expect(0);
    let (header, _) = parsed(&ran.text());
    assert_eq!(header, ["n", "text", "label", "p_réclame", "p_échange", "abstain", "error"]);
}

#[test]
fn columns_are_chosen_by_name() {
    let sandbox = Sandbox::with("in.csv", "Numéro,Avis du client\n1,Bonjour à tous\n2,Votez bien\n");
    sandbox.classify(&["in.csv", "--text-col", "Avis du client", "--id-col", "numero"]);
    let arguments = ["classify", "in.csv", "--model", model(), "--text-col", "Avis du cliant"];
    sandbox.run(&arguments).refused(2, &["in.csv", "\"Avis du cliant\"", "did you mean \"Avis du client\"?"]);
}

#[test]
fn any_text_gets_a_label() {
    let texts =
        ["", " ", "\u{200b}", "🙂", "…", "@x", "https://x.example", "<p></p>", "42", "\u{feff}", "ﷺ", "e\u{301}"];
    let input = texts.iter().fold("text,n\n".to_owned(), |rows, text| rows + "\"" + text + "\",x\n");
    let output = Sandbox::with("in.csv", input).classify(&["in.csv", "--text-col", "text"]);
    assert_eq!(column(&output, "text"), texts);
    assert!(column(&output, "label").iter().all(|label| !label.is_empty()));
}

#[test]
fn the_flags_are_told_and_guarded() {
    let sandbox = Sandbox::with("in.csv", "text\nBonjour\n");
    assert!(sandbox.run(&["--help"]).expect(0).text().contains("Exit codes"));
    assert!(sandbox.run(&["--version"]).expect(0).text().starts_with("franc-parler "));
    for arguments in [&["classify", "--nulle"][..], &["classer"], &[], &["classify", "--threads", "0"]] {
        let ran = sandbox.run(arguments).expect(2);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty());
    }
}

#[test]
fn the_embedded_model_is_the_default() {
    if has_embedded_model("the_embedded_model_is_the_default") {
        let ran = Sandbox::new().run_on("n,text\n1,Bonjour à tous\n", &["classify"]).expect(0);
        assert_eq!(parsed(&ran.text()).0, [&["n", "text"][..], &OURS].concat());
    } else {
        Sandbox::new().run_on("text\nBonjour\n", &["classify"]).refused(4, &["there is no model here"]);
    }
}

#[test]
fn an_empty_document_of_a_folder_is_passed_by_and_said() {
    let sandbox = Sandbox::new();
    sandbox.write("d/a.txt", "Le premier.\n");
    sandbox.write("d/vide.txt", "");
    let ran = sandbox.run(&["classify", "d", "--model", model()]).expect(0);
    assert!(ran.stderr.contains("vide.txt: is empty"), "{}", ran.stderr);
    assert_eq!(column(&ran.text(), "document"), ["a.txt"]);
}

#[test]
fn one_column_on_stdin_has_a_header() {
    let ran = Sandbox::new().run_on("text\nBonjour à tous\n", &["classify", "--model", model()]).expect(0);
    assert_eq!(column(&ran.text(), "text"), ["Bonjour à tous"]);
}

#[cfg(unix)]
#[test]
fn an_output_behind_a_link_is_replaced_and_the_link_stays() {
    let sandbox = Sandbox::with("in.csv", "text\nBonjour\n");
    sandbox.write("real.csv", "old");
    std::os::unix::fs::symlink("real.csv", sandbox.path("link.csv")).unwrap();
    sandbox.run(&["classify", "in.csv", "-o", "link.csv", "--force", "--model", model()]).expect(0);
    assert!(sandbox.path("link.csv").is_symlink());
    assert!(sandbox.text("real.csv").starts_with("text,label,"));
}
