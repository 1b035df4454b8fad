//! Outputs that appear whole or not at all.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use franc_parler::error::{Error, ErrorKind};
use tempfile::NamedTempFile;

/// Standard output, or a file that takes its name only when it is complete.
#[derive(Debug)]
pub(crate) enum Output {
    /// Standard output.
    Stdout(BufWriter<StdoutLock<'static>>),
    /// A temporary file beside its final name.
    File {
        /// Written so far.
        file: BufWriter<NamedTempFile>,
        /// Final name.
        path: PathBuf,
        /// Whether it may replace what is there.
        force: bool,
    },
}

/// Bytes gathered before they are written.
const BUFFER: usize = 1 << 18;

impl Output {
    /// Opens an output; refuses a file that exists, unless forced.
    pub(crate) fn create(path: &Path, force: bool) -> Result<Self> {
        if path.as_os_str() == "-" {
            return Ok(Self::Stdout(BufWriter::with_capacity(BUFFER, io::stdout().lock())));
        }
        let failed = |error| Error::new(ErrorKind::Unwritable(error)).in_file(path);
        if path.exists() && (!force || path.is_dir()) {
            return Err(Error::new(ErrorKind::OutputExists).in_file(path).into());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".franc-parler-").suffix(".partial");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any file the user makes: the umask takes away what it takes away.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder).map_err(failed)?;
        Ok(Self::File { file: BufWriter::with_capacity(BUFFER, file), path: path.to_path_buf(), force })
    }

    /// Gives the output its name.
    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Self::Stdout(mut stdout) => Ok(stdout.flush()?),
            Self::File { file, path, force } => {
                let failed = |error| Error::new(ErrorKind::Unwritable(error)).in_file(&path);
                let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
                file.as_file().sync_all().map_err(failed)?;
                let placed = if force { file.persist(&path) } else { file.persist_noclobber(&path) };
                placed.map_err(|error| failed(error.error))?;
                Ok(())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(stdout) => stdout.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(stdout) => stdout.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}

/// Writes a small output, whole or not at all.
pub(crate) fn write_all(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    let mut output = Output::create(path, force)?;
    output.write_all(bytes).map_err(|error| Error::new(ErrorKind::Unwritable(error)).in_file(path))?;
    output.finish()
}
