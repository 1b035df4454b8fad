//! Remembers what a token's features add up to.

use crate::types::prefetch;

/// Sums of weights per distinct token: bounded, one per thread, and without influence on any result, since a remembered sum is the
/// very number that adding up again gives.
///
/// **Shape**: `SETS` sets of two entries, the one used last in front; an entry is the token's hash in two halves, then
/// `n_outputs` sums, all as bits, side by side.
#[derive(Debug, Clone)]
pub struct TokenCache {
    entries: Vec<u32>,
    stride: usize,
}

/// Sets of two: most of the words in use, in four megabytes for six outputs.
const SETS: usize = 1 << 16;
/// Cells of an entry before its sums. Both 0 mark a free entry.
const KEY: usize = 2;

impl TokenCache {
    /// An empty cache for sums of `n_outputs` numbers.
    pub fn new(n_outputs: usize) -> Self {
        let stride = KEY + n_outputs;
        Self { entries: vec![0; SETS * 2 * stride], stride }
    }

    /// Asks memory for what is remembered of a token that will be added soon.
    #[inline]
    pub fn prefetch(&self, token: u64) {
        prefetch(&self.entries, self.start(token));
    }

    fn start(&self, token: u64) -> usize {
        (token >> 40) as usize % SETS * 2 * self.stride
    }

    /// Adds the sums of a token to `sums`; `compute` adds them up, into zeros, where they are not remembered.
    #[inline]
    pub fn add(&mut self, token: u64, sums: &mut [f32], compute: impl FnOnce(&mut [f32])) {
        let start = self.start(token);
        let (first, second) = self.entries[start..start + 2 * self.stride].split_at_mut(self.stride);
        let key = [token as u32, (token >> 32) as u32];
        if first[..KEY] != key {
            // A token whose hash is 0 would look like a free entry: it is added up each time.
            if second[..KEY] != key || token == 0 {
                Self::fill(second, key, compute);
            }
            first.swap_with_slice(second);
        } else if token == 0 {
            Self::fill(first, key, compute);
        }
        sums.iter_mut().zip(&first[KEY..]).for_each(|(sum, added)| *sum += f32::from_bits(*added));
    }

    #[cold]
    fn fill(entry: &mut [u32], key: [u32; KEY], compute: impl FnOnce(&mut [f32])) {
        let mut sums = [0.0; MOST_AT_ONCE];
        let n_outputs = entry.len() - KEY;
        entry[..KEY].copy_from_slice(&key);
        let mut store = |sums: &[f32]| entry[KEY..].iter_mut().zip(sums).for_each(|(cell, sum)| *cell = sum.to_bits());
        if n_outputs <= MOST_AT_ONCE {
            compute(&mut sums[..n_outputs]);
            store(&sums[..n_outputs]);
        } else {
            let mut sums = vec![0.0; n_outputs];
            compute(&mut sums);
            store(&sums);
        }
    }
}

/// Outputs that need no allocation to be added up.
const MOST_AT_ONCE: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_once_per_token_while_it_stays() {
        for n_outputs in [2, MOST_AT_ONCE + 1] {
            let mut cache = TokenCache::new(n_outputs);
            let mut calls = 0;
            let (one, two, three) = (7 << 40, (7 << 40) + (1 << 60), (7 << 40) + (1 << 61));
            for token in [one, one, two, one, three, two] {
                let mut sums = vec![1.0; n_outputs];
                cache.add(token, &mut sums, |sums| {
                    calls += 1;
                    sums[..2].copy_from_slice(&[token as f32, 1.0]);
                });
                assert_eq!(sums[..2], [1.0 + token as f32, 2.0]);
            }
            // The three share a set of two: the third takes the place of the one that was used longest ago.
            assert_eq!(calls, 4);
        }
    }
}
