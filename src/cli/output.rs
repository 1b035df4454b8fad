//! Outputs that appear whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use franc_parler::error::{Error, ErrorKind};
use franc_parler::write::{Plan, RowWriter};
use tempfile::NamedTempFile;

use super::encoder::{Encoder, Encoding};

/// Standard output, or a file that takes its name only when it is complete.
#[derive(Debug)]
pub(crate) enum Output {
    /// Standard output.
    Stdout(BufWriter<StdoutLock<'static>>),
    /// A device or a named pipe: written as it is, for there is nothing to replace.
    Device {
        /// Itself.
        file: Encoder<File>,
        /// Its name.
        path: PathBuf,
    },
    /// A temporary file beside its final name.
    File {
        /// Written so far.
        file: Encoder<NamedTempFile>,
        /// Final name.
        path: PathBuf,
        /// Whether it may replace what is there.
        force: bool,
        /// What an interruption takes away.
        partial: Partial,
    },
}

/// How far an output is, for whoever ends the run in its middle.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    /// There is nothing to take away.
    #[default]
    Open,
    /// The temporary file.
    Partial(PathBuf),
    /// The output has its name.
    Finished,
}

/// Shared with the thread that hears of signals. Locked while the output gets its name.
pub(crate) type Partial = Arc<Mutex<Stage>>;

/// What tells a temporary file from an output.
const PREFIX: &str = ".franc-parler-";
const SUFFIX: &str = ".partial";

/// Whether a file is what a killed run left half-written.
pub(crate) fn is_partial(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

/// Bytes gathered before they are written.
pub(super) const BUFFER: usize = 1 << 18;

impl Output {
    /// Opens an output for bytes as they are; refuses a file that exists, unless forced.
    pub(crate) fn create(path: &Path, force: bool) -> Result<Self> {
        Self::create_watched(path, force, Encoding::Plain, &Partial::default())
    }

    /// Opens an output for bytes in an encoding, which standard output does not have, telling in `partial` what an interruption takes
    /// away.
    pub(crate) fn create_watched(path: &Path, force: bool, encoding: Encoding, partial: &Partial) -> Result<Self> {
        if path.as_os_str() == "-" {
            return Ok(Self::Stdout(BufWriter::with_capacity(BUFFER, io::stdout().lock())));
        }
        let failed = |error| Error::new(ErrorKind::Unwritable(error)).in_file(path);
        if is_device(path) {
            let file = File::options().write(true).open(path).map_err(failed)?;
            let file = Encoder::new(encoding, file).map_err(failed)?;
            return Ok(Self::Device { file, path: path.to_path_buf() });
        }
        refuse_existing(path, force)?;
        // A link stays, and what it points to is replaced.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let path = target.as_path();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any file the user makes: the umask takes away what it takes away.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder).map_err(failed)?;
        *partial.lock().unwrap_or_else(PoisonError::into_inner) = Stage::Partial(file.path().to_path_buf());
        let file = Encoder::new(encoding, file).map_err(failed)?;
        Ok(Self::File { file, path: path.to_path_buf(), force, partial: Arc::clone(partial) })
    }

    /// Gives a new file the permissions of another, so that a copy is no easier to read than what it copies.
    pub(crate) fn take_permissions(&self, of: &Path) -> Result<()> {
        let Self::File { file, path, .. } = self else { return Ok(()) };
        let Ok(facts) = of.metadata() else { return Ok(()) };
        let given = file.get_ref().as_file().set_permissions(facts.permissions());
        Ok(given.map_err(|error| Error::new(ErrorKind::Unwritable(error)).in_file(path))?)
    }

    /// Writes, and says where it failed.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.write_all(bytes);
        Ok(written.map_err(|error| Error::new(ErrorKind::Unwritable(error)).in_file(self.path()))?)
    }

    /// Writes what stands before the first record.
    pub(crate) fn begin(&mut self, plan: &Plan) -> Result<()> {
        if let Self::File { file: Encoder::Workbook { book, .. }, path, .. } = self {
            let begun = book.begin(&plan.header);
            return Ok(begun.map_err(|error| Error::new(ErrorKind::Unwritable(error)).in_file(path))?);
        }
        self.put(&RowWriter::head(plan))
    }

    /// Its name.
    fn path(&self) -> &Path {
        match self {
            Self::Stdout(_) => Path::new("-"),
            Self::Device { path, .. } | Self::File { path, .. } => path,
        }
    }

    /// Takes away what was written: it is not needed.
    pub(crate) fn discard(self) {
        if let Self::File { partial, .. } = &self {
            *partial.lock().unwrap_or_else(PoisonError::into_inner) = Stage::Open;
        }
    }

    /// Gives the output its name.
    pub(crate) fn finish(self) -> Result<()> {
        let path = self.path().to_path_buf();
        let failed = |error| Error::new(ErrorKind::Unwritable(error)).in_file(&path);
        match self {
            Self::Stdout(mut stdout) => stdout.flush().map_err(failed)?,
            Self::Device { file, .. } => file.finish().map(drop).map_err(failed)?,
            Self::File { file, path, force, partial } => {
                let file = file.finish().map_err(failed)?;
                file.as_file().sync_all().map_err(failed)?;
                let mut stage = partial.lock().unwrap_or_else(PoisonError::into_inner);
                let placed = if force { file.persist(&path) } else { file.persist_noclobber(&path) };
                placed.map_err(|error| failed(error.error))?;
                *stage = Stage::Finished;
            }
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(stdout) => stdout.write(bytes),
            Self::Device { file, .. } => file.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(stdout) => stdout.flush(),
            Self::Device { file, .. } => file.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}

/// Writes a small output, whole or not at all.
pub(crate) fn write_all(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    let mut output = Output::create(path, force)?;
    output.put(bytes)?;
    output.finish()
}

/// Refuses a name that cannot be written, or only by force: before the work, whose result would be lost.
pub(crate) fn refuse_existing(path: &Path, force: bool) -> Result<()> {
    let is_free = path.as_os_str() == "-" || is_device(path) || !path.exists();
    if is_free || (force && !path.is_dir()) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::OutputExists).in_file(path).into())
}

/// Refuses an output that is one of the inputs.
pub(crate) fn refuse_input<'p>(inputs: impl IntoIterator<Item = &'p Path>, output: &Path) -> Result<()> {
    match inputs.into_iter().find(|input| is_same_file(input, output) && !is_device(output)) {
        Some(input) => Err(Error::new(ErrorKind::OutputIsInput).in_file(input).into()),
        None => Ok(()),
    }
}

/// Whether two paths are one file.
fn is_same_file(left: &Path, right: &Path) -> bool {
    match (left.canonicalize(), right.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    }
}

/// Neither a file nor a directory: a terminal, a named pipe, `/dev/null`.
pub(super) fn is_device(path: &Path) -> bool {
    path.metadata().is_ok_and(|facts| !facts.is_file() && !facts.is_dir())
}
