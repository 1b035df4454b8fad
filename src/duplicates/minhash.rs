//! A key → a signature of minima, which tells how much two keys resemble each other.

use xxhash_rust::xxh3::xxh3_64;

use crate::types::SplitMix64;

/// Minima of a signature. At a resemblance of 0.8 the estimate has a standard error of √(0.8 · 0.2 / 128) = 0.035.
pub(super) const SIZE: usize = 128;
/// Characters of a shingle.
const SHINGLE: usize = 5;
/// Share of pairs at the threshold itself that the bands must bring together.
const RECALL: f64 = 0.995;

/// The low bits of each minimum: two different minima share them once in 65 536.
///
/// **Source**: Li & König, *b-Bit Minwise Hashing*, WWW 2010.
pub(super) type Signature = [u16; SIZE];

/// The functions whose minima are taken: `x → (a x + b) / 2³²`, the same in every run.
#[derive(Debug)]
pub(super) struct MinHash {
    functions: [(u64, u64); SIZE],
}

impl MinHash {
    pub(super) fn new() -> Self {
        let mut random = SplitMix64::new(1997);
        Self { functions: std::array::from_fn(|_| (random.next_u64() | 1, random.next_u64())) }
    }

    /// The signature of a text's character 5-grams; a shorter text is one shingle.
    pub(super) fn signature(&self, text: &str) -> Signature {
        let mut minima = [u32::MAX; SIZE];
        shingles(text, &mut |shingle| {
            let hash = xxh3_64(shingle.as_bytes());
            for (minimum, (factor, shift)) in minima.iter_mut().zip(&self.functions) {
                let value = (factor.wrapping_mul(hash).wrapping_add(*shift) >> 32) as u32;
                *minimum = value.min(*minimum);
            }
        });
        minima.map(|minimum| minimum as u16)
    }
}

fn shingles(text: &str, each: &mut dyn FnMut(&str)) {
    let mut starts = text.char_indices().map(|(at, _)| at);
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]).skip(SHINGLE);
    let mut n_shingles = 0;
    for end in ends {
        let start = starts.next().unwrap_or_default();
        each(&text[start..end]);
        n_shingles += 1;
    }
    if n_shingles == 0 {
        each(text);
    }
}

/// How many minima two signatures share.
pub(super) fn n_shared(left: &[u16], right: &[u16]) -> u16 {
    left.iter().zip(right).map(|(left, right)| u16::from(left == right)).sum()
}

/// How many must be shared to reach a threshold.
pub(super) fn n_needed(threshold: f64) -> u16 {
    (threshold * SIZE as f64 - 1e-9).ceil() as u16
}

/// Minima in a band: as many as leave a pair at the threshold a chance of [`RECALL`] to share a whole band.
pub(super) fn band_size(threshold: f64) -> usize {
    // By multiplication, which gives the same digits on every processor.
    let power = |base: f64, exponent: usize| std::iter::repeat_n(base, exponent).product::<f64>();
    let recall = |size: usize| 1.0 - power(1.0 - power(threshold, size), SIZE / size);
    (1..=SIZE / 2).rev().find(|size| recall(*size) >= RECALL).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn resemblance(left: &str, right: &str) -> f64 {
        let set = |text: &str| {
            let mut set = BTreeSet::new();
            shingles(text, &mut |shingle| {
                set.insert(shingle.to_owned());
            });
            set
        };
        let (left, right) = (set(left), set(right));
        left.intersection(&right).count() as f64 / left.union(&right).count() as f64
    }

    #[test]
    fn shared_minima_estimate_the_resemblance() {
        let hash = MinHash::new();
        let base = "chaque matin les enfants de notre quartier traversent une route sans trottoir ni feu ni agent ";
        for ending in ["et personne ne bouge ", "et la mairie regarde ailleurs depuis des annees deja helas ", ""] {
            let other = format!("{base}{ending}");
            let estimate = f64::from(n_shared(&hash.signature(base), &hash.signature(&other))) / SIZE as f64;
            let exact = resemblance(base, &other);
            // Three standard errors.
            let error = 3.0 * (exact * (1.0 - exact) / SIZE as f64).sqrt();
            assert!((estimate - exact).abs() <= error, "{estimate} for {exact}");
        }
    }

    #[test]
    fn shingles_are_of_characters() {
        let mut found = Vec::new();
        shingles("été là ", &mut |shingle| found.push(shingle.to_owned()));
        assert_eq!(found, ["été l", "té là", "é là "]);
        found.clear();
        shingles("là", &mut |shingle| found.push(shingle.to_owned()));
        assert_eq!(found, ["là"]);
    }

    #[test]
    fn bands_are_as_wide_as_the_threshold_allows() {
        assert_eq!((band_size(0.3), band_size(0.5), band_size(0.8), band_size(0.95)), (2, 3, 6, 14));
        assert_eq!((n_needed(0.8), n_needed(0.5), n_needed(1.0)), (103, 64, 128));
    }
}
