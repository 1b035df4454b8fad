//! Numbers that stand for a message.

/// A feature's stable 32-bit hash: the same on every machine and in every release that reads the model.
pub type Feature = u32;

/// A sparse vector over columns of a vocabulary.
///
/// **Shape**: `columns` strictly ascending, as long as `values`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SparseVector {
    /// Column numbers.
    pub columns: Vec<u32>,
    /// Their values; never zero.
    pub values: Vec<f32>,
}

/// Feature → column, in one probe for most: open addressing, at most half full.
#[derive(Debug, Clone, Default)]
pub struct FeatureTable {
    /// (feature, column + 1); 0 marks a free slot.
    slots: Vec<(Feature, u32)>,
}

impl FeatureTable {
    /// A table of features by their position.
    pub fn new(features: &[Feature]) -> Self {
        let mut table = Self { slots: vec![(0, 0); (features.len() * 2).next_power_of_two().max(2)] };
        for (column, feature) in features.iter().enumerate() {
            let slot = table.slot(*feature);
            table.slots[slot] = (*feature, column as u32 + 1);
        }
        table
    }

    /// The column of a feature.
    pub fn column(&self, feature: Feature) -> Option<usize> {
        let (_, marked) = self.slots[self.slot(feature)];
        (marked as usize).checked_sub(1)
    }

    /// Where a feature stands, or the free slot where it would.
    fn slot(&self, feature: Feature) -> usize {
        let mask = self.slots.len() - 1;
        // Fibonacci hashing: the features are hashes already, but their low bits are spread again for free.
        let mut slot = (feature.wrapping_mul(0x9E37_79B9) >> 7) as usize & mask;
        while self.slots[slot].1 != 0 && self.slots[slot].0 != feature {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_feature_is_found_at_its_column(features in proptest::collection::btree_set(any::<u32>(), 0..300), other: u32) {
            let features: Vec<u32> = features.into_iter().collect();
            let table = FeatureTable::new(&features);
            for (column, feature) in features.iter().enumerate() {
                prop_assert_eq!(table.column(*feature), Some(column));
            }
            prop_assert_eq!(table.column(other), features.binary_search(&other).ok());
        }
    }
}
