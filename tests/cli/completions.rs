//! `completions`.

use std::process::Stdio;

use super::{Ran, Sandbox};

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = Sandbox::new().run(&["completions", shell]).expect(0).text();
        for command in ["classify", "train", "evaluate", "explain", "inspect", "model"] {
            assert!(script.contains(command), "{shell} does not know {command}");
        }
    }
    let ran = Sandbox::new().run(&["completions", "ksh"]).expect(2);
    assert!(ran.stderr.contains("bash"), "{}", ran.stderr);
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let mut child = Sandbox::new().command(&["completions", "bash"]).spawn().unwrap();
    drop(child.stdout.take());
    let ran = Ran::of(child.wait_with_output().unwrap()).expect(0);
    assert_eq!(ran.stderr, "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Sandbox::new().command(&["completions", "bash"]).stdout(Stdio::from(full)).output().unwrap();
    Ran::of(output).refused(3, &["No space left"]);
}
