//! From paths to opened inputs, and to a model.

use std::path::{Path, PathBuf};

use anyhow::Result;
use franc_parler::pipeline::Pipeline;
use franc_parler::read::{Found, ReadOptions, expand};

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

/// The files behind the paths of labeled data.
pub(crate) fn find_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    Ok(find(paths)?.into_iter().map(|found| found.path).collect())
}

/// The model asked for, or the embedded one.
pub(crate) fn pipeline(model: &ModelArg) -> Result<Pipeline> {
    Ok(match &model.dir {
        Some(dir) => Pipeline::load(dir)?,
        None => Pipeline::embedded()?,
    })
}

/// Whether two paths are one file.
pub(crate) fn is_same_file(left: &Path, right: &Path) -> bool {
    match (left.canonicalize(), right.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    }
}

/// Options for one found file.
pub(crate) fn open(found: &Found, options: &ReadOptions) -> Result<franc_parler::read::Input> {
    Ok(found.open(options)?)
}
