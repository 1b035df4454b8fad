//! `classify … -o DIRECTORY/`: one output per input, and a manifest of what is done, so that a run that was stopped goes on where it was.
//!
//! An output lies in the directory under its input's name when it is complete, and only then is a line of the manifest written: at whatever
//! moment the run is killed, what the manifest names is whole. The next run passes by every input whose bytes, model and settings
//! are those of its line, and whose output is still there.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use franc_parler::error::{Error, ErrorKind};
use franc_parler::read::Found;
use franc_parler::stream::Summary;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::args::Shard;
use super::exit::Outcome;
use super::output;
use super::progress::say;

/// What is done, in a file of the directory.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Release of the program.
    written_by: String,
    /// Id of the model.
    model: String,
    /// Flags that change an output.
    settings: String,
    /// By name of output.
    files: BTreeMap<String, Entry>,
}

/// An input that is done.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    input: PathBuf,
    /// SHA-256 of the input's bytes.
    sha256: String,
    rows_in: u64,
    rows_out: u64,
    rows_failed: u64,
    labels: BTreeMap<String, u64>,
    seconds: f64,
    /// Seconds since 1970.
    finished: u64,
}

/// What a batch is run with.
#[derive(Debug)]
pub(crate) struct Batch<'a> {
    pub(crate) directory: &'a Path,
    pub(crate) model: &'a str,
    pub(crate) settings: String,
    pub(crate) labels: &'a [String],
    pub(crate) shard: Option<Shard>,
    pub(crate) extension: &'a str,
    pub(crate) force: bool,
    pub(crate) quiet: bool,
    pub(crate) asked_to_end: Arc<AtomicBool>,
}

/// Whether an output is a directory: it is one, or is written as one.
pub(crate) fn is_directory(output: &Path) -> bool {
    output.is_dir() || output.as_os_str().as_encoded_bytes().ends_with(b"/")
}

impl Batch<'_> {
    /// Runs `classify` for every input that is not done; it gets the input and the path of its output.
    pub(crate) fn run(
        &self,
        found: &[Found],
        mut classify: impl FnMut(&Found, &Path) -> Result<Summary>,
    ) -> Result<(Summary, Outcome)> {
        std::fs::create_dir_all(self.directory).map_err(|error| self.unwritable(error))?;
        self.refuse_inside(found)?;
        let _alone = self.lock()?;
        self.sweep()?;
        let named = self.named(found)?;
        let mut manifest = self.begin(&named)?;
        let mut total = Summary::default();
        let (mut n_passed, mut failed_before, mut first_error) = (0, 0, None);
        for (found, name) in named {
            let path = self.directory.join(&name);
            let folder = path.parent().unwrap_or(self.directory);
            std::fs::create_dir_all(folder).map_err(|error| self.unwritable(error))?;
            let sha256 = match digest(&found.path) {
                Ok(sha256) => sha256,
                Err(error) => {
                    Self::tell(error.into(), &mut first_error);
                    continue;
                }
            };
            if let Some(done) = manifest.files.get(&name).filter(|done| done.sha256 == sha256 && path.exists()) {
                n_passed += 1;
                failed_before += done.rows_failed;
                continue;
            }
            let began = Instant::now();
            match classify(found, &path) {
                Ok(summary) => {
                    manifest.files.insert(name, self.entry(found, sha256, &summary, began));
                    self.write_manifest(&manifest)?;
                    total.add(&summary);
                }
                // No output will be better off.
                Err(error) if is_of_output(&error) => return Err(error),
                Err(error) => Self::tell(error, &mut first_error),
            }
            if self.asked_to_end.load(Ordering::Relaxed) {
                return Err(Error::from(ErrorKind::Interrupted).into());
            }
        }
        if n_passed > 0 {
            say(self.quiet, &format!("{n_passed} inputs were done already, and passed by"));
        }
        match first_error {
            Some(error) => Err(error),
            None if total.n_failed + failed_before > 0 => Ok((total, Outcome::SomeRowsFailed)),
            None => Ok((total, Outcome::Done)),
        }
    }

    /// An input that cannot be read does not stop the others; the first one's error is the run's.
    fn tell(error: anyhow::Error, first: &mut Option<anyhow::Error>) {
        if first.is_some() {
            say(false, &format!("error: {error:#}"));
        } else {
            *first = Some(error);
        }
    }

    /// The inputs of this shard, with the names of their outputs.
    fn named<'f>(&self, found: &'f [Found]) -> Result<Vec<(&'f Found, String)>> {
        let root = common_root(found);
        let mut taken = BTreeMap::new();
        let mut named = Vec::new();
        for (at, found) in found.iter().enumerate() {
            let relative = found.path.strip_prefix(&root).unwrap_or(&found.path).to_string_lossy().replace('\\', "/");
            let mut name = format!("{}{}", without_ending(&relative), self.extension);
            if taken.contains_key(&name) {
                // x.csv and x.jsonl side by side.
                name = format!("{relative}{}", self.extension);
            }
            if let Some(other) = taken.insert(name.clone(), &found.path) {
                let why = format!("{} and {} would have one output, {name}", other.display(), found.path.display());
                return Err(Error::new(ErrorKind::InvalidConfig(why)).into());
            }
            if self.shard.is_none_or(|shard| shard.has(at)) {
                named.push((found, name));
            }
        }
        Ok(named)
    }

    #[allow(clippy::disallowed_methods, reason = "the manifest tells when, the outputs do not")]
    fn entry(&self, found: &Found, sha256: String, summary: &Summary, began: Instant) -> Entry {
        let labels = self.labels.iter().cloned().zip(summary.per_label.iter().copied()).collect();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Entry {
            input: found.path.clone(),
            sha256,
            rows_in: summary.n_rows,
            rows_out: summary.n_rows,
            rows_failed: summary.n_failed,
            labels,
            seconds: (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
            finished: now,
        }
    }

    /// Held as long as the run: two runs in one directory would take each other's work away.
    fn lock(&self) -> Result<File> {
        let file = File::create(self.directory.join(format!(".franc-parler{}.lock", self.suffix())));
        let file = file.map_err(|error| self.unwritable(error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => {
                let why = "another run writes into this directory; wait for it, or choose another".to_owned();
                Err(Error::new(ErrorKind::InvalidConfig(why)).in_file(self.directory).into())
            }
            Err(std::fs::TryLockError::Error(error)) => Err(self.unwritable(error).into()),
        }
    }

    /// The manifest to go on with. Written at once where there is none, so that whatever lies here later is known to be ours; what lies
    /// here before is not, and is refused unless forced.
    fn begin(&self, named: &[(&Found, String)]) -> Result<Manifest> {
        let known = self.manifest_path().exists();
        let manifest = self.read_manifest()?;
        if !known && !self.force {
            for (_, name) in named {
                output::refuse_existing(&self.directory.join(name), false)?;
            }
        }
        self.write_manifest(&manifest)?;
        Ok(manifest)
    }

    /// Outputs among the inputs would be inputs of the next run.
    fn refuse_inside(&self, found: &[Found]) -> Result<()> {
        let directory = self.directory.canonicalize().map_err(|error| self.unwritable(error))?;
        let inside = |found: &&Found| found.path.canonicalize().is_ok_and(|path| path.starts_with(&directory));
        match found.iter().find(inside) {
            Some(found) => Err(Error::new(ErrorKind::OutputIsInput).in_file(&found.path).into()),
            None => Ok(()),
        }
    }

    /// Takes away what a killed run left half-written; where shards work side by side, it may be theirs.
    fn sweep(&self) -> Result<()> {
        if self.shard.is_some() {
            return Ok(());
        }
        for entry in std::fs::read_dir(self.directory).map_err(|error| self.unwritable(error))? {
            let path = entry.map_err(|error| self.unwritable(error))?.path();
            if output::is_partial(&path) {
                std::fs::remove_file(&path).map_err(|error| self.unwritable(error))?;
            }
        }
        Ok(())
    }

    /// What is done with this model and these settings; nothing where there is no manifest.
    fn read_manifest(&self) -> Result<Manifest> {
        let path = self.manifest_path();
        let fresh = Manifest {
            written_by: format!("franc-parler {}", env!("CARGO_PKG_VERSION")),
            model: self.model.to_owned(),
            settings: self.settings.clone(),
            files: BTreeMap::new(),
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(fresh),
            Err(error) => return Err(Error::new(ErrorKind::Unreadable(error)).in_file(&path).into()),
        };
        let known: Option<Manifest> = serde_json::from_str(&text).ok();
        match known.filter(|known| known.model == fresh.model && known.settings == fresh.settings) {
            Some(known) => Ok(known),
            None if self.force => Ok(fresh),
            None => {
                let why =
                    "it is of another model or other settings; choose another directory, or begin anew with --force";
                Err(Error::new(ErrorKind::InvalidConfig(why.to_owned())).in_file(&path).into())
            }
        }
    }

    fn write_manifest(&self, manifest: &Manifest) -> Result<()> {
        let text = serde_json::to_string_pretty(manifest)? + "\n";
        output::write_all(&self.manifest_path(), text.as_bytes(), true)
    }

    fn manifest_path(&self) -> PathBuf {
        self.directory.join(format!("manifest{}.json", self.suffix()))
    }

    /// Shards share a directory, each with a manifest of its own.
    fn suffix(&self) -> String {
        self.shard.map_or(String::new(), |shard| format!("-{}-of-{}", shard.index, shard.count))
    }

    fn unwritable(&self, error: io::Error) -> Error {
        Error::new(ErrorKind::Unwritable(error)).in_file(self.directory)
    }
}

/// Whether the disk is full, or the like.
fn is_of_output(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Error>().is_some_and(|error| matches!(error.kind(), ErrorKind::Unwritable(_)))
}

/// The deepest directory that all inputs lie in.
fn common_root(found: &[Found]) -> PathBuf {
    let mut parents = found.iter().map(|found| found.path.parent().unwrap_or(Path::new("")));
    let mut root = parents.next().unwrap_or(Path::new("")).to_path_buf();
    for parent in parents {
        while !parent.starts_with(&root) && root.pop() {}
    }
    root
}

/// A name without the ending of its format and compression.
fn without_ending(name: &str) -> &str {
    let bare = [".gz", ".zst"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    let slash = bare.rfind('/').map_or(0, |at| at + 1);
    match bare[slash..].rfind('.') {
        Some(dot) if dot > 0 => &bare[..slash + dot],
        _ => bare,
    }
}

/// SHA-256 of a file's bytes, in constant memory.
fn digest(path: &Path) -> std::result::Result<String, Error> {
    let unreadable = |error| Error::new(ErrorKind::Unreadable(error)).in_file(path);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match io::Read::read(&mut file, &mut buffer) {
            Ok(0) => break,
            Ok(read) => hash.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    Ok(franc_parler::model::hex(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[&str]) -> Vec<Found> {
        paths.iter().map(|path| Found { path: PathBuf::from(path), format: None }).collect()
    }

    #[test]
    fn the_root_is_what_all_paths_share() {
        assert_eq!(common_root(&found(&["a/b/x.csv", "a/c/y.csv"])), Path::new("a"));
        assert_eq!(common_root(&found(&["a/x.csv", "a/x.csv"])), Path::new("a"));
        assert_eq!(common_root(&found(&["x.csv", "/y/z.csv"])), Path::new(""));
        assert_eq!(common_root(&[]), Path::new(""));
    }

    #[test]
    fn outputs_are_named_after_inputs() {
        let cases =
            [("x.csv", "x"), ("a.b/x.jsonl.gz", "a.b/x"), ("a.b/x", "a.b/x"), (".csv", ".csv"), ("x.y.tsv", "x.y")];
        assert!(cases.iter().all(|(name, bare)| without_ending(name) == *bare));
    }
}
