//! Two models on the same messages: is one worse than the other?

use serde::{Deserialize, Serialize};

use super::bootstrap::Population;
use super::{Confusion, EvaluateConfig, Interval, check_ids};
use crate::error::Result;
use crate::types::LabelSet;

/// Macro-F1 values closer than this are equal: sums of equal terms in another order differ in the last bits.
const TIE: f64 = 1e-12;

/// Difference in macro-F1 between two predictions of the same messages, by paired bootstrap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Macro-F1 of `a`.
    pub a: f64,
    /// Macro-F1 of `b`.
    pub b: f64,
    /// Macro-F1 of `a` less that of `b`, in [−1, 1]: above 0 where `a` is better.
    pub difference: Interval,
    /// Share of resamples in which `a` is at least as good as `b`; without resamples 1 or 0, by the messages alone.
    pub share_a_not_worse: f64,
}

/// Compares the labels that two models predicted for the same messages.
///
/// Each resample draws messages with their gold label and both predictions, so what is hard for both cancels out.
/// Macro-F1 is over the labels that are gold or predicted by that model, as in [`evaluate`](super::evaluate).
///
/// **Shape**: `gold`, `a` and `b` hold one label id `< n_labels` per message, in the same order.
///
/// # Errors
/// [`NoRows`](crate::error::ErrorKind::NoRows) without messages;
/// [`UnknownLabel`](crate::error::ErrorKind::UnknownLabel) for an id beyond the labels;
/// [`InvalidConfig`](crate::error::ErrorKind::InvalidConfig) where lengths differ.
pub fn compare(
    labels: &LabelSet,
    gold: &[usize],
    a: &[usize],
    b: &[usize],
    config: &EvaluateConfig,
) -> Result<Comparison> {
    check_ids(labels, gold, &[a, b])?;
    let messages = gold.iter().zip(a).zip(b).map(|((&gold, &a), &b)| ([gold, a, b], 1));
    let (macro_a, macro_b) = macro_f1_of_both(labels.len(), messages.clone());
    let difference = macro_a - macro_b;
    let mut resampled = Vec::with_capacity(config.n_resamples);
    Population::new(messages.map(|(ids, _)| ids)).resample(config.n_resamples, config.seed, |kinds| {
        let (a, b) = macro_f1_of_both(labels.len(), kinds);
        resampled.push(a - b);
    });
    if resampled.is_empty() {
        resampled.push(difference);
    }
    let share_a_not_worse = share_not_worse(&resampled);
    Ok(Comparison { a: macro_a, b: macro_b, difference: Interval::new(difference, resampled), share_a_not_worse })
}

fn macro_f1_of_both(n_labels: usize, counted: impl Iterator<Item = ([usize; 3], u64)>) -> (f64, f64) {
    let (mut confusion_a, mut confusion_b) = (Confusion::empty(n_labels), Confusion::empty(n_labels));
    for ([gold, a, b], n_messages) in counted {
        confusion_a.add(gold, a, n_messages);
        confusion_b.add(gold, b, n_messages);
    }
    (confusion_a.macro_f1(), confusion_b.macro_f1())
}

fn share_not_worse(differences: &[f64]) -> f64 {
    let n_not_worse = differences.iter().filter(|difference| **difference >= -TIE).count();
    n_not_worse as f64 / differences.len() as f64
}
