//! What predictions are worth that do not look at the message.

use serde::{Deserialize, Serialize};

use super::confusion::{Confusion, ratio};
use crate::types::LabelSet;

/// Metrics of two answers given to every message alike: its most frequent gold label, and the shares of gold labels.
///
/// Both know the gold labels of the very messages evaluated, so a model beats them only by reading.
///
/// **Source**: `sklearn.dummy.DummyClassifier(strategy="prior")`, fitted on the messages evaluated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baselines {
    /// The most frequent gold label, the first of equals.
    pub majority_label: String,
    /// Accuracy of predicting it always.
    pub majority_accuracy: f64,
    /// Macro-F1 of predicting it always.
    pub majority_macro_f1: f64,
    /// Log-loss of the shares of gold labels, which is their entropy; in nats.
    pub prior_log_loss: f64,
}

impl Baselines {
    /// From a confusion's rows alone.
    pub(super) fn new(labels: &LabelSet, confusion: &Confusion) -> Self {
        let supports: Vec<u64> = (0..labels.len()).map(|label_id| confusion.support(label_id)).collect();
        let majority = (0..labels.len()).rev().max_by_key(|&label_id| supports[label_id]).unwrap_or(0);
        let mut always = Confusion::empty(labels.len());
        for (label_id, &support) in supports.iter().enumerate() {
            always.add(label_id, majority, support);
        }
        Self {
            majority_label: labels.names().get(majority).cloned().unwrap_or_default(),
            majority_accuracy: always.accuracy(),
            majority_macro_f1: always.macro_f1(),
            prior_log_loss: entropy(&supports),
        }
    }
}

/// −Σ p ln p over the shares p of counts, in nats.
fn entropy(counts: &[u64]) -> f64 {
    let total = counts.iter().sum();
    let share = |&count: &u64| ratio(count, total);
    counts.iter().map(share).filter(|p| *p > 0.0).map(|p| -p * libm::log(p)).sum()
}
