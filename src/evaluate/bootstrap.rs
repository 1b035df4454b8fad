//! How far a metric could have come out otherwise: resamples of the messages, drawn with replacement.
//!
//! Only label ids are resampled, and messages with the same ids are interchangeable, so a resample is a count per
//! distinct tuple of ids. Neither the order of the rows nor the number of threads reaches the result.
//!
//! **Source**: Efron & Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13 (percentile interval).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::types::SplitMix64;

/// Where the interval ends: 95 % of resamples lie between.
const LOW: f64 = 0.025;
const HIGH: f64 = 0.975;

/// A metric with its 95 % percentile bootstrap interval.
///
/// The ends come from resamples and the value from the messages themselves, so on few messages the value may lie
/// off the middle. Messages count as independent: where rows of one author or thread go together, the true
/// interval is wider.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// On the messages as they are.
    pub value: f64,
    /// 2.5th percentile over resamples.
    pub low: f64,
    /// 97.5th percentile over resamples.
    pub high: f64,
}

impl Interval {
    /// Ends from the metric's values on resamples; a single point where there are none.
    pub(super) fn new(value: f64, mut resampled: Vec<f64>) -> Self {
        resampled.sort_unstable_by(f64::total_cmp);
        let end = |share| percentile(&resampled, share).unwrap_or(value);
        Self { value, low: end(LOW), high: end(HIGH) }
    }
}

/// Linear interpolation between the two nearest ranks, as `numpy.percentile` does by default.
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let position = share * sorted.len().checked_sub(1)? as f64;
    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    Some(below + (above - below) * position.fract())
}

/// Messages seen only through their label ids: `[gold, predicted]`, or `[gold, a, b]` for a pair of predictions.
#[derive(Debug)]
pub(super) struct Population<const N: usize> {
    /// Distinct tuples, ascending.
    kinds: Vec<[usize; N]>,
    /// Position in `kinds` of every message, ascending.
    kind_of_message: Vec<u32>,
}

impl<const N: usize> Population<N> {
    pub(super) fn new(messages: impl Iterator<Item = [usize; N]>) -> Self {
        let mut n_of_kind = BTreeMap::new();
        for ids in messages {
            *n_of_kind.entry(ids).or_insert(0_usize) += 1;
        }
        let kind_of_message =
            n_of_kind.values().zip(0_u32..).flat_map(|(&n, kind)| std::iter::repeat_n(kind, n)).collect();
        Self { kinds: n_of_kind.into_keys().collect(), kind_of_message }
    }

    /// Shows `visit` each of `n_resamples` resamples: the distinct tuples with their counts, zeros included.
    pub(super) fn resample(
        &self,
        n_resamples: usize,
        seed: u64,
        mut visit: impl FnMut(&mut dyn Iterator<Item = ([usize; N], u64)>),
    ) {
        let mut random = SplitMix64::new(seed);
        let mut counts = vec![0_u64; self.kinds.len()];
        for _ in 0..n_resamples {
            self.draw(&mut random, &mut counts);
            visit(&mut self.kinds.iter().copied().zip(counts.iter().copied()));
        }
    }

    /// Draws as many messages as there are and counts them by kind.
    fn draw(&self, random: &mut SplitMix64, counts: &mut [u64]) {
        counts.fill(0);
        for _ in 0..self.kind_of_message.len() {
            let message = random.below(self.kind_of_message.len());
            counts[self.kind_of_message[message] as usize] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `numpy.percentile([1, 2, 4, 8], [2.5, 97.5])`, numpy 2.4.6 (`scripts/reference/metrics.py`).
    #[test]
    fn percentiles_interpolate_linearly() {
        let interval = Interval::new(3.0, vec![8.0, 1.0, 4.0, 2.0]);
        assert!((interval.low - 1.075).abs() < 1e-12 && (interval.high - 7.7).abs() < 1e-12, "{interval:?}");
    }

    #[test]
    fn no_resamples_leave_a_point() {
        assert_eq!(Interval::new(0.5, vec![]), Interval { value: 0.5, low: 0.5, high: 0.5 });
    }

    #[test]
    fn every_resample_is_as_large_as_the_population() {
        let population = Population::new([[0, 1], [0, 0], [0, 1], [1, 1]].into_iter());
        assert_eq!(population.kinds, [[0, 0], [0, 1], [1, 1]]);
        let mut sizes = Vec::new();
        population.resample(50, 17, |kinds| sizes.push(kinds.map(|(_, n)| n).sum::<u64>()));
        assert!(sizes.len() == 50 && sizes.iter().all(|&size| size == 4));
    }
}
