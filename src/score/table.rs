//! Feature → weights, in one cache line for most.

use ndarray::Array2;

use crate::types::{Feature, prefetch};

/// Weights by feature: open addressing, at most two thirds full, behind one bit per hash that stops most unknown features.
///
/// **Shape**: a slot is the feature in two halves, then `n_outputs` weights, side by side, so that one look at memory brings both.
#[derive(Debug, Clone)]
pub(super) struct WeightTable {
    slots: Vec<i16>,
    /// Whether a known feature has this bit. Most pairs of words are unknown: the bits fit in a core's own cache, the slots do not.
    seen: Vec<u64>,
    n_slots: usize,
    stride: usize,
}

/// Bits per known feature: with 16, one unknown feature in sixteen passes.
const BITS_PER_FEATURE: usize = 16;
/// Features looked up at once.
pub(super) const AT_ONCE: usize = 64;
/// Cells of a slot before its weights.
const KEY: usize = 2;
/// Marks a free slot; a feature with this hash has no weight.
pub(super) const FREE: Feature = 0;

impl WeightTable {
    /// A table of the rows of `weights`. **Shape**: `features.len() × n_outputs`.
    pub(super) fn new(features: &[Feature], weights: &Array2<i16>) -> Self {
        let n_slots = (features.len() * 3 / 2).next_power_of_two().max(2);
        let n_words = (features.len() * BITS_PER_FEATURE / 64).next_power_of_two();
        let stride = KEY + weights.ncols();
        let mut table = Self { slots: vec![0; n_slots * stride], seen: vec![0; n_words], n_slots, stride };
        for (feature, row) in features.iter().zip(weights.outer_iter()) {
            let start = table.slot(*feature) * stride;
            table.slots[start..start + KEY].copy_from_slice(&halves(*feature));
            table.slots[start + KEY..start + stride].iter_mut().zip(row).for_each(|(cell, weight)| *cell = *weight);
            let (word, bit) = table.bit(*feature);
            table.seen[word] |= bit;
        }
        table
    }

    /// The weights of a feature.
    #[inline]
    pub(super) fn weights(&self, feature: Feature) -> Option<&[i16]> {
        let (word, bit) = self.bit(feature);
        if self.seen[word] & bit == 0 {
            return None;
        }
        let start = self.slot(feature) * self.stride;
        let slot = &self.slots[start..start + self.stride];
        (key(slot) == feature && feature != FREE).then_some(&slot[KEY..])
    }

    /// The weights of those of a few features that are known, in order.
    ///
    /// In three passes, each of which asks memory for everything before it waits for anything: the bits, the slots, the weights.
    pub(super) fn each_known(&self, features: &[Feature; AT_ONCE], n: usize, each: impl FnMut(&[i16])) {
        for feature in &features[..n.min(AT_ONCE)] {
            prefetch(&self.seen, self.bit(*feature).0);
        }
        let (mut known, mut n_known) = ([FREE; AT_ONCE], 0);
        for feature in &features[..n.min(AT_ONCE)] {
            let (word, bit) = self.bit(*feature);
            // Without a branch: which features are known is anybody's guess.
            known[n_known % AT_ONCE] = *feature;
            n_known += usize::from(self.seen[word] & bit != 0);
        }
        for feature in &known[..n_known] {
            prefetch(&self.slots, self.home(*feature) * self.stride);
        }
        known[..n_known].iter().filter_map(|feature| self.weights(*feature)).for_each(each);
    }

    /// The bit of a feature: its word and its mask.
    fn bit(&self, feature: Feature) -> (usize, u64) {
        let spread = feature.wrapping_mul(0x85EB_CA6B);
        (spread as usize >> 6 & (self.seen.len() - 1), 1 << (spread >> 26))
    }

    /// Where a feature stands if no other took its place.
    fn home(&self, feature: Feature) -> usize {
        // Fibonacci hashing: the features are hashes already, but their low bits are spread again for free.
        (feature.wrapping_mul(0x9E37_79B9) >> 7) as usize & (self.n_slots - 1)
    }

    /// Where a feature stands, or the free slot where it would.
    fn slot(&self, feature: Feature) -> usize {
        let mask = self.n_slots - 1;
        let mut slot = self.home(feature);
        loop {
            let known = key(&self.slots[slot * self.stride..]);
            if known == feature || known == FREE {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }
}

fn halves(feature: Feature) -> [i16; KEY] {
    let [low, high] = [feature as u16, (feature >> 16) as u16];
    [low.cast_signed(), high.cast_signed()]
}

fn key(slot: &[i16]) -> Feature {
    Feature::from(slot[0].cast_unsigned()) | Feature::from(slot[1].cast_unsigned()) << 16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_feature_has_its_weights(features in proptest::collection::btree_set(1u32.., 0..80), other: u32) {
            let features: Vec<u32> = features.into_iter().collect();
            let weights = Array2::from_shape_fn((features.len(), 3), |(row, output)| (row * 3 + output) as u8)
                .mapv(i16::from);
            let table = WeightTable::new(&features, &weights);
            for (row, feature) in features.iter().enumerate() {
                let expected = weights.row(row);
                prop_assert_eq!(table.weights(*feature), expected.as_slice());
            }
            let mut asked = [other; AT_ONCE];
            asked.iter_mut().zip(&features).for_each(|(slot, feature)| *slot = *feature);
            let (mut expected, mut found) = (Vec::new(), Vec::new());
            asked.iter().filter_map(|feature| table.weights(*feature)).for_each(|weights| expected.extend_from_slice(weights));
            table.each_known(&asked, AT_ONCE, |weights| found.extend_from_slice(weights));
            prop_assert_eq!(found, expected);
            prop_assert_eq!(table.weights(other).is_some(), features.binary_search(&other).is_ok());
        }
    }
}
