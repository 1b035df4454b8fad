//! The program itself, run in a folder of its own: one file per command, one fixture for all.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "helpers of tests: a failure is a failed test")]

mod batch;
mod classify;
mod completions;
mod compressed;
mod context;
mod corpus;
mod duplicates;
mod evaluate;
mod explain;
mod faults;
mod inspect;
mod model;
mod pseudonymize;
mod purge;
mod refine;
mod train;
mod vectors;
mod written;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A folder that the program runs in, and that goes away with its test.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

/// What a run left.
pub(crate) struct Ran {
    /// `None` where a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with one file.
    pub(crate) fn with(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let sandbox = Self::new();
        sandbox.write(name, bytes);
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    /// Every name in the folder, hidden ones too, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Names of the files in a directory of it, sorted.
    pub(crate) fn names_in(&self, directory: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(directory)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The program with its arguments, in the folder, with nothing on stdin.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_franc-parler"));
        command.args(arguments).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// Runs it with bytes on stdin.
    pub(crate) fn run_on(&self, stdin: impl AsRef<[u8]>, arguments: &[&str]) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let bytes = stdin.as_ref().to_vec();
        // The program may well end before it has read everything.
        let writer = std::thread::spawn(move || drop(pipe.write_all(&bytes)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Ran::of(output)
    }

    /// `classify` with the model of the tests; what it says must be the rows, and its code 0.
    pub(crate) fn classify(&self, arguments: &[&str]) -> String {
        let ran = self.run(&[&["classify", "--model", model()], arguments].concat());
        ran.expect(0).text()
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{stderr}");
        Self { code: output.status.code(), stdout: output.stdout, stderr }
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stderr: {}", self.stderr);
        self
    }

    /// Asserts that the run failed with one sentence that holds all of `words`, and put nothing on stdout.
    #[track_caller]
    pub(crate) fn refused(self, code: i32, words: &[&str]) -> Self {
        let ran = self.expect(code);
        for word in words {
            assert!(ran.stderr.contains(word), "{word:?} is missing: {}", ran.stderr);
        }
        let errors = ran.stderr.lines().filter(|line| line.starts_with("franc-parler: error: ")).count();
        assert_eq!(errors, 1, "{}", ran.stderr);
        assert!(ran.stdout.is_empty(), "on stdout: {}", String::from_utf8_lossy(&ran.stdout));
        ran
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.stdout.clone()).unwrap()
    }
}

/// The directory of a small model, learnt once per run of the tests. It stays in cargo's folder for such things.
pub(crate) fn model() -> &'static str {
    static MODEL: OnceLock<String> = OnceLock::new();
    MODEL.get_or_init(|| {
        let sandbox = Sandbox::with("corpus.csv", corpus::csv());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-model-{}", std::process::id()));
        let folder = folder.to_str().unwrap().to_owned();
        sandbox.run(&["train", "corpus.csv", "-o", &folder, "--force", "--quiet"]).expect(0);
        folder
    })
}

/// A sandbox that holds a copy of the model as `m`.
pub(crate) fn with_model() -> Sandbox {
    let sandbox = Sandbox::new();
    for name in MODEL_FILES {
        sandbox.write(&format!("m/{name}"), fs::read(Path::new(model()).join(name)).unwrap());
    }
    sandbox
}

/// The files of a model.
pub(crate) const MODEL_FILES: [&str; 3] = ["model.json", "tokenizer.json", "weights.safetensors"];

/// Header and rows of CSV.
pub(crate) fn parsed(csv: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    (header, reader.records().map(|record| cells(record.unwrap())).collect())
}

/// One column of CSV.
#[track_caller]
pub(crate) fn column(csv: &str, name: &str) -> Vec<String> {
    let (header, rows) = parsed(csv);
    let at = header.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}: {header:?}"));
    rows.into_iter().map(|row| row[at].clone()).collect()
}

/// Waits for something, without sleeping and not for ever.
#[track_caller]
pub(crate) fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        std::thread::yield_now();
    }
}

/// Waits for the end of a run whose stdin is still open, and reads what it said.
#[track_caller]
pub(crate) fn end_of(mut child: Child) -> Ran {
    let stdin = child.stdin.take();
    wait_for("the end of the run", || child.try_wait().unwrap().is_some());
    drop(stdin);
    Ran::of(child.wait_with_output().unwrap())
}

/// Sends a signal by name.
#[cfg(unix)]
pub(crate) fn signal(child: &Child, name: &str) {
    let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", child.id())).status().unwrap();
    assert!(sent.success());
}

/// Whether this program has a model inside; says on stderr that a test is skipped where it has none.
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn has_embedded_model(test: &str) -> bool {
    let has_one = Sandbox::new().run(&["model", "verify"]).code == Some(0);
    if !has_one {
        eprintln!("{test}: skipped, this program was built without a model inside");
    }
    has_one
}
