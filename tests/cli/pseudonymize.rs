//! `pseudonymize`, and its key. It needs no model.

use super::{Sandbox, column, parsed};

const TWEETS: &str = "id,user_screen_name,text,to_username,user_description,local_time\n\
    1,Zoe_B,\"@Jean, écris à zoe@ville.fr\nou au 06 12 34 56 78\",Jean,Élue,2024-05-01T10:30:00\n\
    2,Jean,\"Oui @zoe_b, https://twitter.com/zoe_b\",,,hier\n";

fn run(sandbox: &Sandbox, input: &str, output: &str, more: &[&str]) -> super::Ran {
    sandbox.run(&[&["pseudonymize", input, "-o", output, "--key", "secret/cle"], more].concat())
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with("in.csv", TWEETS);
    sandbox.write("secret/rien", "");
    sandbox
}

#[test]
fn one_account_has_one_pseudonym_everywhere() {
    let sandbox = sandbox();
    let ran = run(&sandbox, "in.csv", "out.csv", &[]).expect(0);
    assert!(ran.stdout.is_empty());
    let out = sandbox.text("out.csv");
    let (header, rows) = parsed(&out);
    assert_eq!(header.join(" "), "id user_screen_name text to_username local_time");
    let (zoe, jean) = (rows[0][1].clone(), rows[1][1].clone());
    assert!(zoe.starts_with("p_") && zoe.len() == 22 && zoe != jean, "{zoe} {jean}");
    assert!(
        rows[0][2].starts_with(&format!("@{jean}, écris à p_"))
            && rows[0][2].contains("@exemple.invalid\nou au [tél. p_")
    );
    assert_eq!(rows[0][3], jean);
    assert_eq!(rows[1][2], format!("Oui @{zoe}, https://twitter.com/{zoe}"));
    for secret in ["oe_b", "Zoe", "Jean", "ville.fr", "06 12", "Élue"] {
        assert!(!out.contains(secret), "{secret} in {out}");
    }
    for words in ["dépersonnalisé, non anonymisé", "user_description", "3 comptes en colonne, 2 mentions", "clé"] {
        assert!(ran.stderr.contains(words), "{words:?} is missing: {}", ran.stderr);
    }
}

#[test]
fn the_same_key_gives_the_same_bytes() {
    let sandbox = sandbox();
    run(&sandbox, "in.csv", "a.csv", &[]).expect(0);
    run(&sandbox, "in.csv", "b.csv", &["--threads", "1"]).expect(0);
    assert_eq!(sandbox.bytes("a.csv"), sandbox.bytes("b.csv"));
    sandbox.run(&["pseudonymize", "in.csv", "-o", "c.csv", "--key", "secret/autre"]).expect(0);
    assert_ne!(column(&sandbox.text("c.csv"), "user_screen_name"), column(&sandbox.text("a.csv"), "user_screen_name"));
    sandbox.write("in.jsonl", "{\"texte\":\"Merci à @ZOE_B\",\"auteur\":\"@jean\"}\n");
    run(&sandbox, "in.jsonl", "d.csv", &["--quiet"]).expect(0);
    let zoe = &column(&sandbox.text("a.csv"), "user_screen_name")[0];
    assert_eq!(column(&sandbox.text("d.csv"), "texte"), [format!("Merci à @{zoe}")]);
}

#[test]
fn dates_are_cut_and_columns_chosen() {
    let sandbox = sandbox();
    let ran =
        run(&sandbox, "in.csv", "out.csv", &["--day", "--keep", "user_description", "--drop", "to_username"]).expect(0);
    let out = sandbox.text("out.csv");
    assert_eq!(column(&out, "local_time"), ["2024-05-01", ""]);
    assert_eq!(column(&out, "user_description"), ["Élue", ""]);
    assert!(!out.contains("to_username") && ran.stderr.contains("1 dates non comprises"), "{}", ran.stderr);
    run(&sandbox, "in.csv", "x.csv", &["--keep", "lieu"]).refused(2, &["in.csv", "lieu"]);
}

#[cfg(unix)]
#[test]
fn a_key_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = sandbox();
    run(&sandbox, "in.csv", "out.csv", &[]).expect(0);
    let key = sandbox.path("secret/cle");
    let mode = || std::fs::metadata(&key).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    assert_eq!(sandbox.text("secret/cle").trim().len(), 64);
    for exposed in [0o640, 0o604, 0o644] {
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(exposed)).unwrap();
        run(&sandbox, "in.csv", "b.csv", &[]).refused(2, &["secret/cle", "chmod 600"]);
    }
    assert!(!sandbox.path("b.csv").exists());
}

#[test]
fn a_file_that_is_no_key_is_left_alone() {
    let sandbox = sandbox();
    run(&sandbox, "in.csv", "out.csv", &[]).expect(0);
    // Into the file of a key, whose permissions stay.
    std::fs::write(sandbox.path("secret/cle"), "mot de passe\n").unwrap();
    run(&sandbox, "in.csv", "b.csv", &["--force"]).refused(2, &["secret/cle", "64 hexadecimal digits"]);
    assert_eq!(sandbox.text("secret/cle"), "mot de passe\n");
    sandbox.run(&["pseudonymize", "in.csv", "-o", "b.csv", "--key", "in.csv"]).refused(2, &["both input and output"]);
}

#[test]
fn a_key_beside_the_output_is_warned_of() {
    let sandbox = sandbox();
    sandbox.write("out/rien", "");
    let beside = sandbox.run(&["pseudonymize", "in.csv", "-o", "out/a.csv", "--key", "out/cle", "--quiet"]).expect(0);
    assert!(beside.stderr.contains("attention, la clé"), "{}", beside.stderr);
    let apart = sandbox.run(&["pseudonymize", "in.csv", "-o", "out/b.csv", "--key", "secret/cle", "--quiet"]).expect(0);
    assert_eq!(apart.stderr, "");
}

#[test]
fn what_cannot_be_done_makes_no_key() {
    let sandbox = sandbox();
    sandbox.write("out.csv", "là");
    run(&sandbox, "in.csv", "out.csv", &[]).refused(2, &["out.csv", "--force"]);
    run(&sandbox, "absent.csv", "b.csv", &[]).refused(3, &["absent.csv"]);
    run(&sandbox, "in.csv", "in.csv", &["--force"]).refused(2, &["both input and output"]);
    assert!(!sandbox.path("secret/cle").exists());
    assert_eq!(sandbox.text("out.csv"), "là");
}

#[test]
fn ragged_rows_keep_their_place_and_betray_nothing() {
    let sandbox = sandbox();
    sandbox.write("in.csv", "id,author,text\n1,zoe,Oui merci,surplus de @zoe\n2,jean,Non merci\n");
    let ran = run(&sandbox, "in.csv", "out.csv", &[]).expect(1);
    assert!(ran.stderr.contains("in.csv line 2") && !ran.stderr.contains("zoe"), "{}", ran.stderr);
    assert_eq!(column(&sandbox.text("out.csv"), "id"), ["1", "2"]);
}

#[test]
fn several_inputs_have_the_same_columns() {
    let sandbox = sandbox();
    sandbox.write("b.csv", "id,texte\n1,Oui merci\n");
    let arguments = ["pseudonymize", "in.csv", "b.csv", "-o", "out.csv", "--key", "secret/cle"];
    sandbox.run(&arguments).refused(2, &["b.csv", "in.csv", "columns"]);
    assert!(!sandbox.path("out.csv").exists());
}
