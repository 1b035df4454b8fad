//! Which features are worth a weight, and a small table for closed lists.

use crate::types::Feature;

/// The features of a corpus that are worth a weight, with the rarity that scales them.
///
/// **Shape**: `features` strictly ascending; a feature's column is its position.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vocabulary {
    /// Feature hashes, ascending.
    pub features: Vec<Feature>,
    /// Inverse document frequency of each: ln((1 + N) / (1 + n)) + 1 (the smooth form of scikit-learn).
    pub idf: Vec<f32>,
}

impl Vocabulary {
    /// Learns from the features of each document; repeats within a document count once.
    ///
    /// A feature found in fewer than `min_documents` documents is left out.
    pub fn learn<I>(documents: impl Iterator<Item = I>, min_documents: u32) -> Self
    where
        I: IntoIterator<Item = Feature>,
    {
        let mut seen: Vec<(Feature, u32)> = Vec::new();
        let mut total = 0_u32;
        for document in documents {
            seen.extend(document.into_iter().map(|feature| (feature, total)));
            total += 1;
        }
        seen.sort_unstable();
        seen.dedup();
        let mut vocabulary = Self::default();
        for group in seen.chunk_by(|left, right| left.0 == right.0) {
            if group.len() as u32 >= min_documents {
                vocabulary.features.push(group[0].0);
                vocabulary.idf.push(libm::logf((1.0 + total as f32) / (1.0 + group.len() as f32)) + 1.0);
            }
        }
        vocabulary
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether no feature is known.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }
}

/// 64-bit hash → bits, for closed lists built once.
#[derive(Debug, Default)]
pub(super) struct WideTable {
    /// Hashes with their bits, as they came.
    entries: Vec<(u64, u64)>,
    /// Open addressing: position in `entries` + 1; 0 marks a free slot.
    index: Vec<u32>,
    /// One bit per slot's worth of hash: whether any listed hash has it. Most words of a text are in no list.
    seen: Vec<u64>,
}

impl WideTable {
    /// Adds bits to a hash.
    pub(super) fn add(&mut self, hash: u64, bits: u64) {
        if let Some(entry) = self.entry(hash) {
            self.entries[entry].1 |= bits;
            return;
        }
        self.entries.push((hash, bits));
        if self.entries.len() * 4 > self.index.len() {
            self.rebuild();
        } else {
            self.place(self.entries.len() - 1);
        }
    }

    /// The bits of a hash; none if it is not listed.
    #[inline]
    pub(super) fn get(&self, hash: u64) -> u64 {
        if !self.may_hold(hash) {
            return 0;
        }
        self.entry(hash).map_or(0, |entry| self.entries[entry].1)
    }

    #[inline]
    fn may_hold(&self, hash: u64) -> bool {
        let (word, bit) = self.bit(hash);
        self.seen.get(word).is_some_and(|bits| bits & bit != 0)
    }

    fn bit(&self, hash: u64) -> (usize, u64) {
        ((hash >> 32) as usize & self.seen.len().wrapping_sub(1), 1 << (hash >> 58))
    }

    fn entry(&self, hash: u64) -> Option<usize> {
        if self.index.is_empty() {
            return None;
        }
        let mask = self.index.len() - 1;
        let mut slot = hash as usize & mask;
        while self.index[slot] != 0 {
            let entry = self.index[slot] as usize - 1;
            if self.entries[entry].0 == hash {
                return Some(entry);
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    fn rebuild(&mut self) {
        self.index = vec![0; (self.entries.len() * 8).next_power_of_two()];
        self.seen = vec![0; self.index.len().div_ceil(32)];
        for entry in 0..self.entries.len() {
            self.place(entry);
        }
    }

    fn place(&mut self, entry: usize) {
        let mask = self.index.len() - 1;
        let mut slot = self.entries[entry].0 as usize & mask;
        while self.index[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.index[slot] = entry as u32 + 1;
        let (word, bit) = self.bit(self.entries[entry].0);
        self.seen[word] |= bit;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rare_features_are_left_out_and_common_ones_weigh_less() {
        let documents = [vec![1, 2, 2], vec![1, 3], vec![1, 2]];
        let vocabulary = Vocabulary::learn(documents.into_iter(), 2);
        assert_eq!(vocabulary.features, [1, 2]);
        assert!(vocabulary.idf[0] < vocabulary.idf[1]);
        assert!((vocabulary.idf[0] - 1.0).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn wide_tables_gather_bits(entries in proptest::collection::vec((0u64..50, 0u32..64), 0..200)) {
            let mut table = WideTable::default();
            let mut expected = std::collections::BTreeMap::<u64, u64>::new();
            for (hash, bit) in entries {
                table.add(hash, 1 << bit);
                *expected.entry(hash).or_default() |= 1 << bit;
            }
            for hash in 0..60 {
                prop_assert_eq!(table.get(hash), expected.get(&hash).copied().unwrap_or(0));
            }
        }
    }
}
