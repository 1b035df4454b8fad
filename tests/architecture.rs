//! Who may import whom, as a table, and a reading of every source file that holds it to the table.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a failure is a failed test")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What every stage may import: the nouns, never a sibling.
const NOUNS: &[&str] = &["error", "types"];

/// The library's modules, each with those it may import besides itself. Lower lines may lean on higher ones, never the other way
/// round. A new arrow is a change to one line.
const LAYERS: &[(&str, &[&str])] = &[
    // Nouns.
    ("error", &[]),
    ("types", &[]),
    // Stages: siblings, in the order in which a message passes them.
    ("read", NOUNS),
    ("normalize", NOUNS),
    ("tokenize", NOUNS),
    ("features", NOUNS),
    ("score", NOUNS),
    ("calibrate", NOUNS),
    ("evaluate", NOUNS),
    ("write", NOUNS),
    // Joins: where stages meet, each exactly once. `config` gathers the settings that the stages own.
    ("config", &["features", "normalize", "score", "tokenize", "types"]),
    ("vectorize", &["config", "error", "features", "normalize", "tokenize", "types"]),
    ("tensors", &[]),
    ("model", &["calibrate", "config", "error", "score", "tensors", "tokenize", "types"]),
    ("correction", &["error", "model", "score", "tensors", "types"]),
    ("pipeline", &["error", "features", "model", "score", "types", "vectorize"]),
    ("context", &["error", "read", "types"]),
    ("stream", &["context", "error", "pipeline", "read", "types", "write"]),
    ("adapt", &["error", "features", "model", "pipeline", "types", "vectorize"]),
    ("pseudonymize", &["error", "read", "types"]),
    ("purge", &["error", "read", "types"]),
    // Learning.
    ("parallel", &[]),
    ("vectors", &["error", "features", "model", "tensors", "types"]),
    ("pretrain", &["error", "features", "model", "normalize", "parallel", "tokenize", "types", "vectors"]),
    (
        "train",
        &[
            "calibrate",
            "config",
            "correction",
            "error",
            "evaluate",
            "features",
            "model",
            "normalize",
            "parallel",
            "pipeline",
            "read",
            "score",
            "tokenize",
            "types",
            "vectorize",
            "vectors",
        ],
    ),
    // What messages are to one another.
    ("duplicates", &["error", "features", "normalize", "parallel", "read", "types"]),
];

/// Modules of the binary, which is a crate of its own: it sees the library as `franc_parler::` and so as everybody else does.
const EDGE: &[&str] = &["main", "cli"];

/// What must be found nowhere in the library: the order, the clock, the environment and the network never reach a result.
const ABSENT: &[&str] = &[
    "SystemTime",
    "Instant::now",
    "std::net",
    "env::var",
    "std::process::exit",
    "println!",
    "OnceLock",
    "LazyLock",
    "thread_local!",
    "static mut",
];

/// A use of a module in the source of another.
#[derive(Debug, PartialEq, Eq)]
struct Arrow {
    file: PathBuf,
    line: usize,
    from: String,
    to: String,
}

#[test]
fn every_arrow_is_in_the_table() {
    let mut wrong = String::new();
    for source in sources() {
        for arrow in source.arrows() {
            let allowed =
                LAYERS.iter().find(|(module, _)| *module == arrow.from).map_or(&[][..], |(_, allowed)| allowed);
            if arrow.to != arrow.from && !allowed.contains(&arrow.to.as_str()) {
                let Arrow { file, line, from, to } = arrow;
                writeln!(wrong, "{}:{line}: `{from}` imports `{to}`, which its line does not allow", file.display())
                    .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "wrong arrows (LAYERS in tests/architecture.rs):\n{wrong}");
}

#[test]
fn every_module_is_in_the_table() {
    let library = std::fs::read_to_string(root().join("lib.rs")).unwrap();
    let declared: BTreeSet<&str> = library.lines().filter_map(declared_module).collect();
    let listed: BTreeSet<&str> = LAYERS.iter().map(|(module, _)| *module).collect();
    assert_eq!(declared, listed, "left: `mod` lines of src/lib.rs; right: LAYERS in tests/architecture.rs");
}

#[test]
fn arrows_point_upward() {
    for (position, (module, allowed)) in LAYERS.iter().enumerate() {
        let above: Vec<&str> = LAYERS[..position].iter().map(|(above, _)| *above).collect();
        let below: Vec<&&str> = allowed.iter().filter(|import| !above.contains(import)).collect();
        assert!(below.is_empty(), "`{module}` may import {below:?}, which do not stand above it");
    }
}

#[test]
fn what_is_absent_is_absent() {
    let mut found = String::new();
    for source in sources().iter().filter(|source| !EDGE.contains(&source.module())) {
        for (line, text) in &source.lines {
            for word in ABSENT.iter().filter(|word| text.contains(**word)) {
                writeln!(found, "{}:{line}: {word}", source.file.display()).unwrap();
            }
        }
    }
    assert!(found.is_empty(), "absent on purpose, and found (ABSENT in tests/architecture.rs):\n{found}");
}

#[test]
fn arrows_are_found_however_they_are_written() {
    let text = "\
//! [`crate::write`] in a comment is no arrow.
use crate::error::Result;
use crate::{
    types::{Row, Token},
    config::TrainConfig,
};
pub(crate) use super::roles::Role;
use super::super::score::Linear;
use super::{chunk, source};
fn f() -> crate::model::Model { g(super::super::stream::h()) }
#[cfg(test)]
mod tests {
    use crate::pipeline::Pipeline;
}
use crate::train::train;
";
    let source = Source::new(PathBuf::from("read/csv.rs"), text);
    let found: Vec<(usize, String)> = source.arrows().into_iter().map(|arrow| (arrow.line, arrow.to)).collect();
    let expected = [
        (2, "error"),
        (3, "types"),
        (3, "config"),
        (7, "read"),
        (8, "score"),
        (9, "read"),
        (9, "read"),
        (10, "model"),
        (10, "stream"),
        (15, "train"),
    ];
    let mut found: Vec<(usize, &str)> = found.iter().map(|(line, to)| (*line, to.as_str())).collect();
    found.sort_unstable();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

/// A source file without comments and test modules.
struct Source {
    /// Below `src/`.
    file: PathBuf,
    /// Where it stands: `["read", "csv"]`.
    path: Vec<String>,
    /// Code, by line number from 1.
    lines: Vec<(usize, String)>,
}

impl Source {
    fn new(file: PathBuf, text: &str) -> Self {
        let mut path: Vec<String> =
            file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        path.pop_if(|last| last == "mod");
        path.pop_if(|last| last == "lib");
        Self { file, path, lines: code(text) }
    }

    /// The module right below the crate.
    fn module(&self) -> &str {
        self.path.first().map_or("lib", String::as_str)
    }

    /// Every `crate::x` and every `super::` that leads to a module below the crate.
    fn arrows(&self) -> Vec<Arrow> {
        // Joined, because an import may run over several lines; a position tells its line again.
        let text: String = self.lines.iter().fold(String::new(), |text, (_, line)| text + line + "\n");
        let mut arrows = Vec::new();
        for (word, is_crate) in [("crate::", true), ("super::", false)] {
            for (at, _) in text.match_indices(word).filter(|(at, _)| starts_a_path(&text[..*at])) {
                let mut rest = &text[at + word.len()..];
                let mut above = usize::from(!is_crate);
                while let Some(further) = rest.strip_prefix("super::") {
                    rest = further;
                    above += 1;
                }
                let line = self.lines[text[..at].matches('\n').count()].0;
                for to in self.targets(is_crate, above, rest) {
                    arrows.push(Arrow { file: self.file.clone(), line, from: self.module().to_owned(), to });
                }
            }
        }
        arrows
    }

    /// The modules below the crate that a path leads to.
    fn targets(&self, is_crate: bool, above: usize, rest: &str) -> Vec<String> {
        if !is_crate && above < self.path.len() {
            // Inside the module itself.
            return heads(rest).iter().map(|_| self.path[0].clone()).collect();
        }
        heads(rest)
    }
}

/// Whether what stands before a word leaves it the first of its path.
fn starts_a_path(before: &str) -> bool {
    !before.ends_with(|sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '$' | ':'))
}

/// First names of `x::y` or of each branch of `{a::b, c::{d, e}}`.
fn heads(path: &str) -> Vec<String> {
    let name =
        |text: &str| text.trim_start().chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
    let Some(group) = path.strip_prefix('{') else { return vec![name(path)] };
    let mut depth = 0_usize;
    let mut found = vec![name(group)];
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(name(&group[at + 1..])),
            _ => {}
        }
    }
    found.retain(|name: &String| !name.is_empty());
    found
}

/// Lines of code: no comments, no `#[cfg(test)]` modules.
fn code(text: &str) -> Vec<(usize, String)> {
    let mut kept = Vec::new();
    let mut lines = (1..).zip(text.lines()).peekable();
    while let Some((number, line)) = lines.next() {
        let is_test = line.trim() == "#[cfg(test)]";
        match lines.peek() {
            Some((_, next)) if is_test && next.ends_with('{') => {
                let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
                lines.by_ref().find(|(_, line)| *line == end);
            }
            Some(_) if is_test => {
                lines.next();
            }
            _ if line.trim_start().starts_with("//") => {}
            _ => kept.push((number, line.to_owned())),
        }
    }
    kept
}

/// `mod x;` or `pub mod x;`
fn declared_module(line: &str) -> Option<&str> {
    line.trim().strip_prefix("pub ").unwrap_or(line.trim()).strip_prefix("mod ")?.strip_suffix(';')
}

/// Files that a `#[cfg(test)] mod x;` declares.
fn test_files(directory: &Path, text: &str) -> Vec<PathBuf> {
    let lines: Vec<&str> = text.lines().collect();
    let is_test = |pair: &&[&str]| pair[0].trim() == "#[cfg(test)]";
    let names = lines.windows(2).filter(is_test).filter_map(|pair| declared_module(pair[1]));
    names.map(|name| directory.join(name).with_extension("rs")).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file that is not a test.
fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    let mut directories = vec![root()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    let tests: Vec<PathBuf> = files.iter().flat_map(|(file, text)| test_files(file.parent().unwrap(), text)).collect();
    let is_code = |(file, _): &&(PathBuf, String)| !tests.contains(file);
    let source = |(file, text): &(PathBuf, String)| Source::new(file.strip_prefix(root()).unwrap().to_owned(), text);
    let sources: Vec<Source> = files.iter().filter(is_code).map(source).collect();
    assert!(sources.len() > LAYERS.len(), "the sources were not found");
    sources
}
