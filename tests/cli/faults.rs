//! Bad input, bad places, bad moments: for each, the exit code, the sentence, and what is left in the folder.

use super::{Ran, Sandbox, column, corpus, model, parsed};

/// Classifies `in.csv` into `out.csv`.
fn classified(bytes: impl AsRef<[u8]>) -> (Sandbox, Ran) {
    let sandbox = Sandbox::with("in.csv", bytes);
    let ran = sandbox.run(&["classify", "in.csv", "-o", "out.csv", "--model", model()]);
    (sandbox, ran)
}

/// Asserts that it failed so, and left nothing.
#[track_caller]
fn assert_refused(bytes: impl AsRef<[u8]>, code: i32, words: &[&str]) {
    let (sandbox, ran) = classified(bytes);
    ran.refused(code, words);
    assert_eq!(sandbox.names(), ["in.csv"]);
}

/// Asserts that it ended so, with one row out per row in; returns the output.
#[track_caller]
fn assert_done(bytes: impl AsRef<[u8]>, code: i32, n_rows: usize) -> (String, String) {
    let (sandbox, ran) = classified(bytes);
    let stderr = ran.expect(code).stderr;
    assert_eq!(sandbox.names(), ["in.csv", "out.csv"]);
    let output = sandbox.text("out.csv");
    assert_eq!(parsed(&output).1.len(), n_rows);
    (output, stderr)
}

#[test]
fn a_missing_file() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["classify", "absent.csv", "-o", "out.csv", "--model", model()]);
    ran.refused(3, &["absent.csv: cannot be read", "No such file"]);
    assert!(sandbox.names().is_empty());
}

#[test]
fn a_missing_file_is_told_before_anything_is_written() {
    let sandbox = Sandbox::with("in.csv", "text\nBonjour\n");
    let ran = sandbox.run(&["classify", "in.csv", "absent.csv", "--model", model()]);
    ran.refused(3, &["absent.csv: cannot be read"]);
}

#[test]
fn a_missing_file_after_a_good_one() {
    let sandbox = Sandbox::with("in.csv", "text\nBonjour\n");
    let ran = sandbox.run(&["classify", "in.csv", "absent.csv", "-o", "out.csv", "--model", model()]);
    ran.refused(3, &["absent.csv: cannot be read"]);
    assert_eq!(sandbox.names(), ["in.csv"]);
}

#[test]
fn no_text_column() {
    let words = ["in.csv", "no column looks like the text", "--text-col", "\"alpha\", \"beta\""];
    assert_refused("alpha,beta\nx y,z\n", 2, &words);
}

#[test]
fn two_candidates_for_the_text() {
    let words = ["in.csv", "several columns could be the text", "\"Texte\", \"texte\"", "--text-col"];
    assert_refused("id,Texte,texte\n1,Bonjour à vous,Au revoir\n", 2, &words);
}

#[test]
fn an_unknown_label() {
    let sandbox = Sandbox::with("gold.csv", "text,label\nBonjour à vous,outreach\nAu revoir,genuine_dialog\n");
    let ran = sandbox.run(&["evaluate", "gold.csv", "--model", model(), "--json", "f.json"]);
    ran.refused(3, &["gold.csv line 3", "\"genuine_dialog\"", "did you mean \"genuine_dialogue\"?"]);
    assert_eq!(sandbox.names(), ["gold.csv"]);
}

#[test]
fn an_empty_file() {
    assert_refused("", 3, &["in.csv", "is empty", "expected a header and rows"]);
    assert_refused("\n\r\n\n", 3, &["in.csv", "is empty"]);
    assert_refused("\u{feff}", 3, &["in.csv", "is empty"]);
}

#[test]
fn nothing_on_stdin() {
    Sandbox::new().run_on("", &["classify", "--model", model()]).refused(3, &["-: is empty"]);
}

#[test]
fn a_header_only() {
    let (output, _) = assert_done("id,text\n", 0, 0);
    assert!(output.starts_with("id,text,label,p_outreach"), "{output}");
    assert_done("id,text", 0, 0);
    let sandbox = Sandbox::with("gold.csv", "text,label\n");
    sandbox.run(&["evaluate", "gold.csv", "--model", model()]).refused(3, &["gold.csv", "a header and no rows"]);
}

#[test]
fn an_unclosed_quote() {
    let words = ["in.csv line 3 column \"text\"", "a quote opened here is never closed", "double it"];
    assert_refused("id,text\n1,Bonjour\n2,\"Votez\n3,suite\n", 3, &words);
    assert_refused("id,\"text\n1,Bonjour\n", 3, &["in.csv line 1", "never closed"]);
}

#[test]
fn an_unclosed_quote_far_down() {
    let input = corpus::many(20_000);
    let line = input.lines().count() + 1;
    assert_refused(input + "7,\"ouvert,x\n8,suite,y\n", 3, &[&format!("in.csv line {line} column \"text\"")]);
}

#[test]
fn a_file_of_windows_1252() {
    let bytes = b"id,texte\n1,d\xE9j\xE0 vu\n2,l'\x9Cuvre \xAB \xE9gar\xE9e \xBB\n3,rien\n";
    let (output, stderr) = assert_done(bytes, 0, 3);
    assert_eq!(column(&output, "texte"), ["déjà vu", "l'œuvre « égarée »", "rien"]);
    assert!(stderr.contains("in.csv: read as windows-1252") && stderr.contains("--encoding"), "{stderr}");
}

#[test]
fn one_row_of_invalid_utf8() {
    let good = "1,d\u{e9}j\u{e0} \u{1f642},x\n";
    let bytes = [b"id,text,note\n", good.as_bytes(), b"2,caf\xE9,\xC3\xA9t\xC3\xA9\n", good.as_bytes()].concat();
    let (output, stderr) = assert_done(bytes, 1, 3);
    assert_eq!(column(&output, "text"), ["déjà 🙂", "café", "déjà 🙂"]);
    assert_eq!(column(&output, "note"), ["x", "été", "x"]);
    assert_eq!(column(&output, "error"), ["", "not valid UTF-8; read as windows-1252", ""]);
    assert!(stderr.contains("line 3: not valid UTF-8"), "{stderr}");
    // Byte for byte: the other rows begin as their input did.
    assert_eq!(output.lines().filter(|line| line.starts_with(good.trim_end())).count(), 2);
}

#[test]
fn nul_bytes() {
    let (output, _) = assert_done(b"id,text\n1,avant\0apr\xC3\xA8s\n2,\0\n3,Bonjour \xC3\xA0 tous\n", 0, 3);
    assert_eq!(column(&output, "text"), ["avant\0après", "\0", "Bonjour à tous"]);
}

#[test]
fn a_ragged_row_among_good_ones() {
    let (output, stderr) = assert_done("id,text,lang\n1,Bonjour,fr\n2,trop,fr,\"x,y\",z\n3\n4,Merci,fr\n", 1, 4);
    assert_eq!(column(&output, "id"), ["1", "2", "3", "4"]);
    assert_eq!(column(&output, "text"), ["Bonjour", "trop", "", "Merci"]);
    let errors = column(&output, "error");
    assert!(errors[0].is_empty() && errors[3].is_empty(), "{errors:?}");
    assert!(errors[1].contains("5 cells where the header has 3") && errors[1].contains("\"x,y\", \"z\""), "{errors:?}");
    assert!(errors[2].contains("1 cell where the header has 3"), "{errors:?}");
    assert!(stderr.contains("2 rows could not be read") && stderr.contains("line 3"), "{stderr}");
    assert!(column(&output, "label").iter().all(|label| !label.is_empty()));
}

#[test]
fn a_line_that_is_no_object() {
    let sandbox = Sandbox::with("in.jsonl", "{\"text\":\"Bonjour\"}\n{\"text\":\n{\"text\":\"Merci\"}\n");
    let ran = sandbox.run(&["classify", "in.jsonl", "--model", model()]).expect(1);
    assert_eq!(column(&ran.text(), "text"), ["Bonjour", "", "Merci"]);
    assert!(column(&ran.text(), "error")[1].contains("not a JSON object"));
}

#[test]
fn the_first_bad_row_is_told_with_its_file() {
    let sandbox = Sandbox::with("a.csv", "id,text\n1,Bonjour\n");
    sandbox.write("b.csv", "id,text\n1,Bonjour\n2\n");
    let ran = sandbox.run(&["classify", "a.csv", "b.csv", "--model", model()]).expect(1);
    assert!(ran.stderr.contains("b.csv line 3: 1 cell where the header has 2"), "{}", ran.stderr);
}

#[test]
fn files_that_are_not_text() {
    for (bytes, word) in
        [(&b"\x1F\x8B\x08"[..], "gzip"), (b"PK\x03\x04", "save the sheet as CSV"), (b"%PDF-1.7", "PDF")]
    {
        assert_refused(bytes, 3, &["in.csv", word]);
    }
    let sandbox = Sandbox::with("in.json", "[{\"text\":\"x\"}]");
    sandbox.run(&["classify", "in.json", "--model", model()]).refused(3, &["one JSON array", "jq -c"]);
}

#[test]
fn a_directory_with_nothing_to_read() {
    let sandbox = Sandbox::with("d/image.png", "x");
    sandbox.run(&["classify", "d", "--model", model()]).refused(3, &["d: ", "a directory without files to read"]);
}

#[test]
fn an_output_that_exists() {
    let sandbox = Sandbox::with("in.csv", "text\nBonjour\n");
    sandbox.write("out.csv", "précieux");
    let ran = sandbox.run(&["classify", "in.csv", "-o", "out.csv", "--model", model()]);
    ran.refused(2, &["out.csv: exists already", "--force"]);
    assert_eq!(sandbox.text("out.csv"), "précieux");
    assert_eq!(sandbox.names(), ["in.csv", "out.csv"]);
}

#[test]
fn a_failed_run_with_force_leaves_the_old_output() {
    let sandbox = Sandbox::with("in.csv", "id,text\n1,\"ouvert\n");
    sandbox.write("out.csv", "précieux");
    let ran = sandbox.run(&["classify", "in.csv", "-o", "out.csv", "--force", "--model", model()]);
    ran.refused(3, &["in.csv line 2"]);
    assert_eq!(sandbox.text("out.csv"), "précieux");
    assert_eq!(sandbox.names(), ["in.csv", "out.csv"]);
}

#[test]
fn an_output_that_is_the_input() {
    let sandbox = Sandbox::with("in.csv", "text\nBonjour\n");
    std::fs::create_dir(sandbox.path("d")).unwrap();
    for output in ["in.csv", "./in.csv", "d/../in.csv"] {
        let ran = sandbox.run(&["classify", "in.csv", "-o", output, "--force", "--model", model()]);
        ran.refused(2, &["in.csv: is both input and output"]);
    }
    let absolute = sandbox.path("in.csv");
    let ran = sandbox.run(&["classify", "in.csv", "-o", absolute.to_str().unwrap(), "--force", "--model", model()]);
    ran.refused(2, &["is both input and output"]);
    assert_eq!(sandbox.text("in.csv"), "text\nBonjour\n");
    assert_eq!(sandbox.names(), ["d", "in.csv"]);
}

#[test]
fn an_output_in_no_folder() {
    let sandbox = Sandbox::with("in.csv", "text\nBonjour\n");
    let ran = sandbox.run(&["classify", "in.csv", "-o", "nulle/part.csv", "--model", model()]);
    ran.refused(3, &["nulle/part.csv: cannot be written"]);
    assert_eq!(sandbox.names(), ["in.csv"]);
}

#[cfg(target_os = "linux")]
mod on_linux {
    use std::process::{Command, Stdio};

    use super::super::{Ran, Sandbox, corpus, model};

    fn full() -> Stdio {
        Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap())
    }

    #[test]
    fn a_full_disk_behind_stdout() {
        let sandbox = Sandbox::with("few.csv", corpus::many(3));
        sandbox.write("many.csv", corpus::many(10_000));
        sandbox.write("gold.csv", corpus::csv());
        for arguments in [
            &["classify", "few.csv"][..],
            &["classify", "many.csv", "--threads", "1"],
            &["classify", "many.csv", "--threads", "2"],
            &["explain", "few.csv"],
            &["evaluate", "gold.csv"],
        ] {
            let arguments = [arguments, &["--model", model()]].concat();
            let output = sandbox.command(&arguments).stdout(full()).output().unwrap();
            Ran::of(output).refused(3, &["-: cannot be written", "No space left"]);
        }
        for arguments in [&["inspect", "few.csv"][..], &["model", "verify", model()], &["train", "--print-config"]] {
            let output = sandbox.command(arguments).stdout(full()).output().unwrap();
            Ran::of(output).refused(3, &["-: cannot be written", "No space left"]);
        }
    }

    #[test]
    fn a_full_device_as_output() {
        let sandbox = Sandbox::with("in.csv", corpus::many(3));
        std::os::unix::fs::symlink("/dev/full", sandbox.path("plein")).unwrap();
        let ran = sandbox.run(&["classify", "in.csv", "-o", "plein", "--model", model()]);
        ran.refused(3, &["plein: cannot be written", "No space left"]);
        assert_eq!(sandbox.names(), ["in.csv", "plein"]);
    }

    /// A limit on the size of files is a disk that fills up in the middle of a run.
    fn run_limited(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_franc-parler")]);
        command.args(arguments).current_dir(sandbox.path(""));
        Ran::of(command.stdin(Stdio::null()).output().unwrap())
    }

    #[test]
    fn a_disk_that_fills_up_leaves_nothing() {
        let sandbox = Sandbox::with("in.csv", corpus::many(10_000));
        let ran = run_limited(&sandbox, &["classify", "in.csv", "-o", "out.csv", "--model", model()]);
        ran.refused(3, &["out.csv: cannot be written"]);
        assert_eq!(sandbox.names(), ["in.csv"]);
    }

    #[test]
    fn a_disk_that_fills_up_leaves_the_old_output() {
        let sandbox = Sandbox::with("in.csv", corpus::many(10_000));
        sandbox.write("out.csv", "précieux");
        let ran = run_limited(&sandbox, &["classify", "in.csv", "-o", "out.csv", "--force", "--model", model()]);
        ran.refused(3, &["out.csv: cannot be written"]);
        assert_eq!(
            (sandbox.text("out.csv").as_str(), sandbox.names()),
            ("précieux", vec!["in.csv".into(), "out.csv".into()])
        );
    }

    #[test]
    fn a_disk_that_fills_up_leaves_no_half_model() {
        let sandbox = Sandbox::with("corpus.csv", corpus::csv());
        let ran = run_limited(&sandbox, &["train", "corpus.csv", "-o", "m"]);
        ran.refused(3, &["m: cannot be written"]);
        assert_eq!(sandbox.names(), ["corpus.csv"]);
    }
}

#[test]
fn a_closed_pipe() {
    use std::io::Read;
    let sandbox = Sandbox::with("in.csv", corpus::many(20_000));
    for threads in ["1", "2"] {
        for command in ["classify", "explain"] {
            let arguments = [command, "in.csv", "--model", model(), "--threads", threads, "--quiet"];
            let mut child = sandbox.command(&arguments).spawn().unwrap();
            let mut stdout = child.stdout.take().unwrap();
            stdout.read_exact(&mut [0; 64]).unwrap();
            drop(stdout);
            let ran = Ran::of(child.wait_with_output().unwrap()).expect(0);
            assert_eq!(ran.stderr, "", "{command}");
        }
    }
    assert_eq!(sandbox.names(), ["in.csv"]);
}

#[cfg(unix)]
mod on_unix {
    use std::io::Write;
    use std::process::{Child, Stdio};

    use super::super::{Sandbox, corpus, end_of, model, signal, wait_for};

    fn partial(sandbox: &Sandbox) -> bool {
        sandbox.names().iter().any(|name| name.ends_with(".partial"))
    }

    /// A run that has read some rows and waits for more: it cannot end by itself.
    fn under_way(sandbox: &Sandbox) -> Child {
        let arguments = ["classify", "-", "-o", "out.csv", "--model", model()];
        let mut child = sandbox.command(&arguments).stdin(Stdio::piped()).spawn().unwrap();
        // More than a first look takes, and a chunk or two.
        child.stdin.as_mut().unwrap().write_all(corpus::many(30_000).as_bytes()).unwrap();
        wait_for("the partial file", || partial(sandbox));
        child
    }

    #[test]
    fn a_kill_leaves_nothing_under_the_final_name() {
        let sandbox = Sandbox::new();
        let mut child = under_way(&sandbox);
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().code(), None);
        assert!(!sandbox.path("out.csv").exists());
        // The next run is not in its way.
        sandbox.write("in.csv", "text\nBonjour\n");
        sandbox.classify(&["in.csv", "-o", "out.csv"]);
    }

    #[test]
    fn a_request_to_end_leaves_nothing() {
        for name in ["INT", "TERM"] {
            let sandbox = Sandbox::new();
            let child = under_way(&sandbox);
            signal(&child, name);
            end_of(child).refused(130, &["interrupted"]);
            assert!(sandbox.names().is_empty(), "SIG{name}: {:?}", sandbox.names());
        }
    }

    #[test]
    fn a_request_to_end_leaves_the_old_output() {
        let sandbox = Sandbox::with("out.csv", "précieux");
        let arguments = ["classify", "-o", "out.csv", "--force", "--model", model(), "--threads", "1"];
        let child = sandbox.command(&arguments).stdin(Stdio::piped()).spawn().unwrap();
        wait_for("the partial file", || partial(&sandbox));
        signal(&child, "INT");
        end_of(child).refused(130, &["interrupted"]);
        assert_eq!((sandbox.text("out.csv").as_str(), sandbox.names()), ("précieux", vec!["out.csv".to_owned()]));
    }
}
