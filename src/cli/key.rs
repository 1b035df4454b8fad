//! The file of the key of pseudonyms: made once, for its owner alone.

use std::fs::File;
use std::io::{ErrorKind as IoErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use franc_parler::error::{Error, ErrorKind};
use franc_parler::pseudonymize::{KEY_BYTES, Key};

use super::progress::say;

/// Bytes of a file that is surely longer than a key.
const MOST_BYTES: u64 = 1024;

/// The key in a file, which is made if it is not there.
pub(crate) fn read_or_make(path: &Path, quiet: bool) -> Result<Key> {
    match File::open(path) {
        Ok(file) => Ok(read(file).map_err(|error| error.in_file(path))?),
        Err(error) if error.kind() == IoErrorKind::NotFound => make(path, quiet),
        Err(error) => Err(Error::new(ErrorKind::Unreadable(error)).in_file(path).into()),
    }
}

fn read(file: File) -> franc_parler::Result<Key> {
    refuse_exposed(&file)?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(ErrorKind::Unreadable)?;
    Key::from_hex(&String::from_utf8(bytes).map_err(|_| ErrorKind::InvalidKey)?)
}

/// Asks the opened file, not its name, which could be another's by then.
#[cfg(unix)]
fn refuse_exposed(file: &File) -> franc_parler::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata().map_err(ErrorKind::Unreadable)?.permissions().mode();
    if mode & 0o077 > 0 { Err(ErrorKind::ExposedKey.into()) } else { Ok(()) }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there are no such modes to ask")]
fn refuse_exposed(_: &File) -> franc_parler::Result<()> {
    Ok(())
}

/// Makes a key, whole or not at all. A file that appeared meanwhile is another run's key, and not replaced.
fn make(path: &Path, quiet: bool) -> Result<Key> {
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes).context("the system gives no random bytes for a key")?;
    let failed = |error| Error::new(ErrorKind::Unwritable(error)).in_file(path);
    // Temporary files are their owner's alone (0600), and stay so under their final name.
    let mut file = tempfile::Builder::new().prefix(".franc-parler-").tempfile_in(folder_of(path)).map_err(failed)?;
    writeln!(file, "{}", Key::to_hex(&bytes)).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(path).map_err(|error| failed(error.error))?;
    say(quiet, &format!("{}: nouvelle clé ; sans elle, les mêmes comptes auront d'autres pseudonymes", path.display()));
    Ok(Key::new(&bytes))
}

/// Says so where the key lies in the folder of the output, or below it: who gets one would get the other.
pub(crate) fn warn_if_beside(key: &Path, output: &Path) {
    if output.as_os_str() == "-" {
        return;
    }
    let real = |path: &Path| folder_of(path).canonicalize().ok();
    if let (Some(of_key), Some(of_output)) = (real(key), real(output))
        && of_key.starts_with(of_output)
    {
        let line =
            "{}: attention, la clé est dans le dossier de la sortie ; rangez-la ailleurs avant de partager ce dossier";
        say(false, &line.replace("{}", &key.display().to_string()));
    }
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}
