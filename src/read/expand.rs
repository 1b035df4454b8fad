//! A directory as the files it holds.

use std::fs;
use std::path::{Path, PathBuf};

use super::compression::plain_name;
use super::{FORMATS, FormatName, Input, ReadOptions};
use crate::error::{Error, ErrorKind, Result};

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it is; `-` is standard input.
    pub path: PathBuf,
    /// Its format, where the place it was found in decides: a `.txt` of a directory is a document.
    pub format: Option<FormatName>,
}

impl Found {
    /// Opens it; a format asked for goes before the place's.
    ///
    /// # Errors
    ///
    /// As [`Input::open`].
    pub fn open(&self, options: &ReadOptions) -> Result<Input> {
        let format = options.format.or(self.format);
        Input::open(&self.path, &ReadOptions { format, ..options.clone() })
    }
}

/// A file or `-` is itself. A directory is the files below it whose endings we know, sorted by path: its tables, or,
/// where there are none, its `.txt` as documents. TXM's `metadata.csv` beside texts is no table of messages.
/// Hidden files and links to directories are passed over.
///
/// # Errors
///
/// Unreadable, or nothing to read in the directory.
pub fn expand(path: &Path) -> Result<Vec<Found>> {
    if path.as_os_str() == "-" || !path.is_dir() {
        return Ok(vec![Found { path: path.to_path_buf(), format: None }]);
    }
    let mut files = Vec::new();
    collect(path, &mut files)?;
    files.sort();
    let (texts, tables): (Vec<PathBuf>, Vec<PathBuf>) =
        files.into_iter().filter(|file| format_of(file).is_some()).partition(|file| is_text(file));
    let about_texts = |file: &PathBuf| plain_name(file).file_stem().is_some_and(|stem| stem == "metadata");
    let as_documents = tables.is_empty() || (!texts.is_empty() && tables.iter().all(about_texts));
    let format = as_documents.then_some(FormatName::Document);
    let chosen = if as_documents { texts } else { tables };
    if chosen.is_empty() {
        let what = "a directory without files to read (.csv, .tsv, .jsonl, .txt)";
        return Err(Error::new(ErrorKind::Unsupported { what, instead: "name the files themselves" }).in_file(path));
    }
    Ok(chosen.into_iter().map(|path| Found { path, format }).collect())
}

/// Files below a directory.
fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = |error| Error::from(ErrorKind::Unreadable(error)).in_file(directory);
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        // The type of the entry itself: a link to a directory may lead back here.
        if entry.file_type().map_err(unreadable)?.is_dir() {
            collect(&path, files)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn format_of(path: &Path) -> Option<FormatName> {
    let plain_name = plain_name(path);
    let extension = plain_name.extension()?.to_str()?.to_ascii_lowercase();
    FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str())).map(|format| format.name)
}

fn is_text(path: &Path) -> bool {
    format_of(path) == Some(FormatName::Lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(files: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a temporary directory");
        for file in files {
            let path = directory.path().join(file);
            fs::create_dir_all(path.parent().expect("has a parent")).expect("can be made");
            fs::write(path, "texte\nété\n").expect("can be written");
        }
        directory
    }

    fn names(directory: &tempfile::TempDir) -> Vec<(String, Option<FormatName>)> {
        let found = expand(directory.path()).unwrap();
        let name = |path: &Path| path.strip_prefix(directory.path()).unwrap().to_string_lossy().into_owned();
        found.iter().map(|found| (name(&found.path), found.format)).collect()
    }

    #[test]
    fn tables_before_texts() {
        let both = directory(&["b.csv", "a/c.jsonl", "d.csv.GZ", "LISEZ.txt", ".caché.csv", "image.png"]);
        assert_eq!(names(&both), ["a/c.jsonl", "b.csv", "d.csv.GZ"].map(|name| (name.to_owned(), None)));
        let texts = directory(&["metadata.csv", "b.txt", "a.TXT"]);
        let document = Some(FormatName::Document);
        assert_eq!(names(&texts), [("a.TXT".to_owned(), document), ("b.txt".to_owned(), document)]);
        let input = expand(texts.path()).unwrap()[0].open(&ReadOptions::default()).unwrap();
        assert_eq!(input.facts.format, FormatName::Document);
    }

    #[test]
    fn nothing_to_read_is_said() {
        let error = expand(directory(&["image.png"]).path()).unwrap_err().to_string();
        assert!(error.contains("a directory without files to read"), "{error}");
        assert!(Input::open(Path::new("/nulle/part.csv"), &ReadOptions::default()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_its_own_directory_is_not_followed() {
        let looped = directory(&["a.csv"]);
        std::os::unix::fs::symlink(looped.path(), looped.path().join("encore")).unwrap();
        assert_eq!(names(&looped), [("a.csv".to_owned(), None)]);
    }
}
