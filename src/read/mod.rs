//! Bytes → rows.
//!
//! **In**: a file, standard input or any reader, in one of [`FORMATS`] and in most encodings. **Out**: [`Row`]s with
//! exactly as many cells as the input has columns, in the order of the input, one out for each record in.
//!
//! An [`Input`] is read in order as [`Chunk`]s of whole records, in constant memory; a [`Parser`] turns a chunk into
//! rows on any thread. What is odd about an input as a whole is a sentence in [`Facts::notes`]; what is odd about one
//! row stands in its `error` cell, and the row is kept. Cells are decoded, never otherwise changed.
//!
//! ```
//! use franc_parler::read::{Input, ReadOptions};
//!
//! let bytes = "id;texte\n1;Merci, l’été fut beau\n2;À demain !\n".as_bytes();
//! let input = Input::from_reader("avis.csv", Box::new(bytes), &ReadOptions::default())?;
//! let roles = input.roles()?;
//! assert_eq!(roles.describe(), "text = texte · id = id · parent = (none)");
//! let (line, row) = input.rows().nth(1).expect("there are two rows")?;
//! assert_eq!((line, &*roles.message(&row).text), (3, "À demain !"));
//! # Ok::<(), franc_parler::error::Error>(())
//! ```
//!
//! Left to others: HTML, quoted tweets and spacing inside a text (`normalize`), joining a reply to its parent by id,
//! and every word on the screen.

mod aliases;
mod boundary;
mod chunk;
mod compression;
mod csv;
mod delimiter;
mod detect;
mod document;
mod encoding;
mod expand;
mod ids;
mod input;
mod jsonl;
#[cfg(test)]
mod laws;
mod lines;
mod options;
mod records;
mod roles;
mod source;

use std::str::FromStr;

pub use self::aliases::normalized as normalized_name;
pub use self::chunk::{Chunk, Parser};
use self::chunk::{Opened, Opening};
pub use self::compression::Compression;
pub use self::expand::{Found, expand};
pub use self::ids::IdLook;
pub use self::input::{Facts, Input, Rows};
pub use self::options::ReadOptions;
pub use self::roles::{Role, RoleOverrides, Roles};
use crate::error::{Error, ErrorKind, Result};
#[cfg(doc)]
use crate::types::Row;

/// Every format, in the order in which `--format` lists them.
pub const FORMATS: &[Format] = &[csv::CSV, csv::TSV, jsonl::FORMAT, lines::FORMAT, document::FORMAT];

/// A way to write rows into a file.
#[derive(Debug)]
pub struct Format {
    /// Its name.
    pub name: FormatName,
    /// Endings of its files, lower-case and without the dot.
    pub extensions: &'static [&'static str],
    /// Finds the columns and the first record.
    open: fn(&Opening<'_>) -> Result<Opened>,
}

/// Name of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatName {
    /// Cells between commas, semicolons, tabs or bars, with a header.
    Csv,
    /// Cells between tabs, with a header.
    Tsv,
    /// One JSON object a line.
    Jsonl,
    /// One message a line.
    Lines,
    /// A text of paragraphs, or a blog page saved by « print this page ».
    Document,
}

impl FormatName {
    /// The name that `--format` takes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Jsonl => "jsonl",
            Self::Lines => "lines",
            Self::Document => "document",
        }
    }
}

impl FromStr for FormatName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let known = FORMATS.iter().find(|format| format.name.as_str().eq_ignore_ascii_case(name));
        known
            .map(|format| format.name)
            .ok_or_else(|| ErrorKind::UnknownFormat(format!("{name:?} is not a format")).into())
    }
}

/// The entry of [`FORMATS`] with this name.
fn named(name: FormatName) -> &'static Format {
    FORMATS.iter().find(|format| format.name == name).expect("every name has its entry: the laws check it")
}
