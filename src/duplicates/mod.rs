//! Messages → groups of near-duplicates: what was copied, pasted and sent again, whoever sent it.
//!
//! **In**: rows with a text and, where known, an author and a time ([`scan`]). **Out**: the group of each row ([`Groups`]).
//! **Guaranteed**: the same rows and settings give the same groups for any number of threads; a row costs some bytes and each
//! distinct text 256 more, however long it is. **Left to others**: reading a pipe twice, writing.
//!
//! Two texts are compared by what is left once everything personal is gone (`key.rs`): the share of common 5-grams among all
//! 5-grams of both, their resemblance, as a signature of minima estimates it (`minhash.rs`). Texts likely to reach the threshold
//! meet in a band of the signature (`pairs.rs`); those that do reach it are joined, and so are the copies of a copy (`union.rs`).
//!
//! **Source**: Broder, *On the resemblance and containment of documents*, SEQUENCES 1997; the bands: Leskovec, Rajaraman & Ullman,
//! *Mining of Massive Datasets*, 3.4.
//!
//! Left alone: a text of fewer than [`DuplicatesConfig::min_letters`] letters. « Merci beaucoup ! » from a hundred people is no campaign.

mod collected;
mod groups;
mod key;
mod minhash;
mod pairs;
mod scan;
mod time;
mod union;

#[cfg(test)]
mod tests;

pub use collected::{Collected, Found};
pub use groups::{Group, Groups};
pub use key::Keys;
pub use scan::{Scanned, scan};
pub use time::{as_iso, milliseconds};

use crate::error::{Error, ErrorKind, Result};

/// Settings of the search.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicatesConfig {
    /// Resemblance from which two texts are near-duplicates: 1 is equal once normalised.
    pub threshold: f64,
    /// Smaller groups are not marked.
    pub min_size: usize,
    /// Only rows within so many milliseconds of one another are joined; rows without a time then are in no group.
    pub window: Option<u64>,
    /// Texts of fewer letters, once normalised, are in no group.
    pub min_letters: usize,
}

impl Default for DuplicatesConfig {
    fn default() -> Self {
        Self { threshold: 0.8, min_size: 2, window: None, min_letters: 20 }
    }
}

impl DuplicatesConfig {
    /// Thresholds that the bands serve. Below, nearly every text would have to be compared with every other.
    pub const THRESHOLDS: std::ops::RangeInclusive<f64> = 0.3..=1.0;

    /// Refuses settings that make no sense.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidConfig`].
    pub fn check(&self) -> Result<()> {
        let refused = |why: String| Err(Error::new(ErrorKind::InvalidConfig(why)));
        if !Self::THRESHOLDS.contains(&self.threshold) {
            let (low, high) = (Self::THRESHOLDS.start(), Self::THRESHOLDS.end());
            return refused(format!("a threshold of {} is not between {low} and {high}", self.threshold));
        }
        if self.min_size < 2 {
            return refused(format!("a group has 2 rows at least, not {}", self.min_size));
        }
        Ok(())
    }
}
