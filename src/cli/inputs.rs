//! From paths to opened inputs, and to a model.

use std::path::{Path, PathBuf};

use anyhow::Result;
use franc_parler::error::{Error, ErrorKind};
use franc_parler::pipeline::Pipeline;
use franc_parler::read::{Found, expand};

use super::args::ModelArg;

/// The files behind the paths given; stdin where none is.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<Found>> {
    let stdin = [PathBuf::from("-")];
    let paths = if paths.is_empty() { &stdin[..] } else { paths };
    let mut found = Vec::new();
    for path in paths {
        found.extend(expand(path)?);
    }
    Ok(found)
}

/// Refuses an input that cannot be opened, before any other is read.
pub(crate) fn check_readable(found: &[Found]) -> Result<()> {
    for file in found.iter().filter(|file| file.path.as_os_str() != "-") {
        std::fs::metadata(&file.path).map_err(|error| Error::new(ErrorKind::Unreadable(error)).in_file(&file.path))?;
    }
    Ok(())
}

/// The files behind the paths of labeled data.
pub(crate) fn find_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    Ok(find(paths)?.into_iter().map(|found| found.path).collect())
}

/// The same; none, not stdin, where no path is given.
pub(crate) fn find_files_of_some(paths: &[PathBuf]) -> Result<Option<Vec<PathBuf>>> {
    (!paths.is_empty()).then(|| find_files(paths)).transpose()
}

/// The model asked for, or the embedded one.
pub(crate) fn pipeline(model: &ModelArg) -> Result<Pipeline> {
    named_pipeline(model.dir.as_deref().unwrap_or(EMBEDDED.as_ref()))
}

/// What stands for the model inside the program where a model's directory is asked for.
const EMBEDDED: &str = "embedded";

/// The model in a directory, or the one that `embedded` stands for.
pub(crate) fn named_pipeline(dir: &Path) -> Result<Pipeline> {
    Ok(if dir.as_os_str() == EMBEDDED { Pipeline::embedded()? } else { Pipeline::load(dir)? })
}
