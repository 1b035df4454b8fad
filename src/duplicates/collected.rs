//! What is kept of each row, and of each distinct text once.

use std::collections::BTreeMap;

use super::minhash::{SIZE, Signature};
use crate::error::{Error, ErrorKind, Result};

/// What of one row matters here.
#[derive(Debug, Clone)]
pub struct Found {
    /// Hash of its text's key, and the signature; `None` where the text is too short to tell.
    pub(super) print: Option<(u64, Signature)>,
    /// When it was sent, in milliseconds since 1970.
    pub(super) time: Option<i64>,
    /// Hash of its author.
    pub(super) author: Option<u64>,
}

/// All rows so far, compactly.
#[derive(Debug, Default)]
pub struct Collected {
    /// The text of each row, [`NONE`] where it is too short.
    pub(super) texts: Vec<u32>,
    /// [`UNKNOWN`] where there is none.
    pub(super) times: Vec<i64>,
    /// 0 where there is none.
    pub(super) authors: Vec<u64>,
    /// Signatures of the distinct texts, one behind the other.
    pub(super) signatures: Vec<u16>,
    /// Hash of a key → its text. 64 bits: among a million texts, two share one once in 37 million runs.
    known: BTreeMap<u64, u32>,
}

/// No text.
pub(super) const NONE: u32 = u32::MAX;
/// No time.
pub(super) const UNKNOWN: i64 = i64::MIN;

impl Collected {
    /// Adds the next row.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooManyRows`].
    pub fn push(&mut self, row: &Found) -> Result<()> {
        if self.texts.len() >= NONE as usize {
            return Err(Error::new(ErrorKind::TooManyRows));
        }
        let text = row.print.as_ref().map_or(NONE, |(hash, signature)| self.text(*hash, signature));
        self.texts.push(text);
        self.times.push(row.time.unwrap_or(UNKNOWN));
        self.authors.push(row.author.unwrap_or(0));
        Ok(())
    }

    fn text(&mut self, hash: u64, signature: &Signature) -> u32 {
        let next = self.known.len() as u32;
        let text = *self.known.entry(hash).or_insert(next);
        if text == next {
            self.signatures.extend_from_slice(signature);
        }
        text
    }

    /// Rows so far.
    pub fn n_rows(&self) -> usize {
        self.texts.len()
    }

    /// Rows without a time that is understood.
    pub fn n_without_time(&self) -> usize {
        self.times.iter().filter(|time| **time == UNKNOWN).count()
    }

    /// The signature of a text.
    pub(super) fn signature(&self, text: u32) -> &[u16] {
        &self.signatures[text as usize * SIZE..][..SIZE]
    }
}
