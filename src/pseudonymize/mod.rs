//! Rows → rows in which nobody is named by their handle, number or address.
//!
//! **In**: rows of an [`Input`](crate::read::Input), a [`Key`]. **Out**: as many rows; accounts in columns and in texts
//! replaced by pseudonyms, columns about persons left out. The same handle gets the same pseudonym in a column and as a
//! mention, in any file and any run with the same key.
//!
//! | what | becomes |
//! |---|---|
//! | an account in a column | `p_…`, `@p_…` if it was written so |
//! | `@account` in a text | `@p_…` |
//! | an e-mail address in a text | `p_…@exemple.invalid` |
//! | a telephone number in a text | `[tél. p_…]` |
//! | a link to a profile | the same site with `p_…`; in a text, without what follows the account |
//!
//! **Not replaced**: names of persons in running words, handles without `@`, and whatever else tells who is meant. The
//! result is pseudonymised data, which stays personal data: whoever holds the key can try handles, and whoever finds the
//! text on the web needs no key.

mod columns;
mod days;
mod finder;
mod key;
mod links;
mod names;
mod phones;

use std::borrow::Cow;

use self::columns::Treatment;
pub use self::columns::{ColumnOptions, Columns};
use self::finder::{Finder, Place};
pub use self::key::{KEY_BYTES, Key};
use crate::types::Row;

/// How many of each kind were replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accounts in columns.
    pub accounts: u64,
    /// Mentions, and accounts before the tweets they are quoted from.
    pub mentions: u64,
    /// E-mail addresses.
    pub emails: u64,
    /// Telephone numbers.
    pub phones: u64,
    /// Links to profiles.
    pub links: u64,
    /// Moments cut to their day.
    pub days: u64,
    /// Moments not understood, and left out.
    pub lost_days: u64,
}

/// Replaces accounts by pseudonyms.
#[derive(Debug)]
pub struct Pseudonymizer {
    key: Key,
    finder: Finder,
    counts: Counts,
}

impl Pseudonymizer {
    /// With a key.
    pub fn new(key: Key) -> Self {
        Self { key, finder: Finder::new(), counts: Counts::default() }
    }

    /// What was replaced so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The cells of a row that are written, in order.
    pub fn row<'r>(&mut self, row: &'r Row, columns: &Columns) -> Vec<Cow<'r, str>> {
        let cells = row.cells.iter().zip(&columns.treatments);
        cells.filter_map(|(cell, treatment)| self.cell(cell, *treatment)).collect()
    }

    /// A text in which nobody is named by handle, address, number or profile.
    pub fn text<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        self.finder.replace(text, Place::Text, &self.key, &mut self.counts)
    }

    fn cell<'r>(&mut self, cell: &'r str, treatment: Treatment) -> Option<Cow<'r, str>> {
        match treatment {
            Treatment::Drop => None,
            Treatment::Keep => Some(Cow::Borrowed(cell)),
            Treatment::Text => Some(self.text(cell)),
            Treatment::Other => Some(self.finder.replace(cell, Place::Cell, &self.key, &mut self.counts)),
            Treatment::Day => Some(Cow::Owned(self.day(cell))),
            Treatment::Account if !holds_addresses(cell) => Some(Cow::Owned(self.account(cell))),
            Treatment::Account | Treatment::Accounts => Some(Cow::Owned(self.accounts(cell))),
        }
    }

    /// The pseudonym of an account, with its `@`.
    fn account(&mut self, cell: &str) -> String {
        let name = cell.trim();
        if name.is_empty() {
            return String::new();
        }
        self.counts.accounts += 1;
        let sign = if name.starts_with(['@', '＠']) { "@" } else { "" };
        format!("{sign}{}", self.key.pseudonym(address_inside(name)))
    }

    /// The same for each of a list.
    fn accounts(&mut self, cell: &str) -> String {
        let mut written = String::new();
        for part in cell.split_inclusive(is_separator) {
            let name = part.trim_end_matches(is_separator);
            written.push_str(&self.account(name));
            written.push_str(&part[name.len()..]);
        }
        written
    }

    fn day(&mut self, cell: &str) -> String {
        let day = days::day(cell);
        self.counts.days += u64::from(day.is_some());
        self.counts.lost_days += u64::from(day.is_none() && !cell.trim().is_empty());
        day.unwrap_or_default()
    }
}

/// What stands between accounts of a list: `|` in minet, `,` in 4CAT.
fn is_separator(sign: char) -> bool {
    matches!(sign, '|' | ',' | ';') || sign.is_whitespace()
}

/// Whether a cell is several accounts by their look: `@a, @b` or `a@x.fr; b@y.fr`, but not « Dupont, Jean ».
fn holds_addresses(cell: &str) -> bool {
    let is_list = cell.contains(['|', ',', ';']) && !cell.contains('<');
    is_list && cell.split(['|', ',', ';']).all(|part| part.contains('@') && !part.trim().contains(char::is_whitespace))
}

/// The address of `Jean Dupont <jean@ville.fr>`; otherwise all of it.
fn address_inside(name: &str) -> &str {
    let inside = name.strip_suffix('>').and_then(|name| name.rsplit_once('<')).map(|(_, inside)| inside);
    inside.filter(|inside| inside.contains('@')).unwrap_or(name)
}

#[cfg(test)]
mod tests;
