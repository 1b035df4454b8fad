//! How often each gold label was predicted as each label, and what follows from those counts alone.

use serde::{Deserialize, Serialize};

/// Counts of messages: rows gold, columns predicted.
///
/// **Shape**: square, `n_labels × n_labels`; in JSON an array of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Vec<u64>>", into = "Vec<Vec<u64>>")]
pub struct Confusion {
    rows: Vec<Vec<u64>>,
}

impl Confusion {
    /// No messages yet.
    pub fn empty(n_labels: usize) -> Self {
        Self { rows: vec![vec![0; n_labels]; n_labels] }
    }

    /// Counts pairs of label ids. Both slices are equally long and hold ids `< n_labels`.
    pub(super) fn new(n_labels: usize, gold: &[usize], predicted: &[usize]) -> Self {
        let mut confusion = Self::empty(n_labels);
        for (&gold, &predicted) in gold.iter().zip(predicted) {
            confusion.add(gold, predicted, 1);
        }
        confusion
    }

    /// Counts `n_messages` more with these label ids.
    pub(super) fn add(&mut self, gold: usize, predicted: usize, n_messages: u64) {
        self.rows[gold][predicted] += n_messages;
    }

    /// The counts, one row per gold label.
    pub fn rows(&self) -> &[Vec<u64>] {
        &self.rows
    }

    /// All messages.
    pub fn n_messages(&self) -> u64 {
        self.rows.iter().flatten().sum()
    }

    /// Messages with this gold label; 0 for a label there is not.
    pub fn support(&self, label_id: usize) -> u64 {
        self.rows.get(label_id).map_or(0, |row| row.iter().sum())
    }

    /// Messages with this predicted label; 0 for a label there is not.
    pub fn predicted(&self, label_id: usize) -> u64 {
        self.rows.iter().filter_map(|row| row.get(label_id)).sum()
    }

    /// Messages with this label both gold and predicted; 0 for a label there is not.
    pub fn correct(&self, label_id: usize) -> u64 {
        self.rows.get(label_id).and_then(|row| row.get(label_id)).copied().unwrap_or(0)
    }

    /// Share of messages whose predicted label is the gold one.
    pub fn accuracy(&self) -> f64 {
        let n_correct = (0..self.rows.len()).map(|label_id| self.correct(label_id)).sum();
        ratio(n_correct, self.n_messages())
    }

    /// Share of messages with this predicted label that have it as gold; 0 where it is never predicted.
    pub fn precision(&self, label_id: usize) -> f64 {
        ratio(self.correct(label_id), self.predicted(label_id))
    }

    /// Share of messages with this gold label that are predicted so; 0 where it is never gold.
    pub fn recall(&self, label_id: usize) -> f64 {
        ratio(self.correct(label_id), self.support(label_id))
    }

    /// F1 = 2 · correct / (support + predicted); `None` where the label is neither gold nor predicted.
    pub fn f1(&self, label_id: usize) -> Option<f64> {
        let occurrences = self.support(label_id) + self.predicted(label_id);
        (occurrences > 0).then(|| ratio(2 * self.correct(label_id), occurrences))
    }

    /// Unweighted mean of F1 over the labels that are gold or predicted somewhere.
    ///
    /// **Source**: `sklearn.metrics.f1_score(average="macro", zero_division=0)`, whose default `labels` are those.
    pub fn macro_f1(&self) -> f64 {
        let occurring: Vec<f64> = (0..self.rows.len()).filter_map(|label_id| self.f1(label_id)).collect();
        occurring.iter().sum::<f64>() / occurring.len().max(1) as f64
    }
}

impl TryFrom<Vec<Vec<u64>>> for Confusion {
    type Error = String;

    fn try_from(rows: Vec<Vec<u64>>) -> Result<Self, String> {
        match rows.iter().find(|row| row.len() != rows.len()) {
            Some(row) => Err(format!("a confusion matrix of {} rows has a row of {} columns", rows.len(), row.len())),
            None => Ok(Self { rows }),
        }
    }
}

impl From<Confusion> for Vec<Vec<u64>> {
    fn from(confusion: Confusion) -> Self {
        confusion.rows
    }
}

/// Part of a whole; 0 where the whole is nothing.
pub(super) fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, reason = "exact values are meant where they are compared")]

    use super::*;

    #[test]
    fn labels_that_never_occur_do_not_lower_macro_f1() {
        let confusion = Confusion::new(4, &[0, 1, 1], &[0, 1, 1]);
        assert_eq!((confusion.macro_f1(), confusion.f1(3)), (1.0, None));
    }

    #[test]
    fn labels_only_predicted_count_as_zero() {
        let confusion = Confusion::new(3, &[0, 1, 1], &[0, 1, 2]);
        assert_eq!((confusion.recall(2), confusion.precision(2), confusion.f1(2)), (0.0, 0.0, Some(0.0)));
        assert!((confusion.macro_f1() - (1.0 + 2.0 / 3.0) / 3.0).abs() < 1e-12);
    }

    #[test]
    fn no_messages_no_nan() {
        let confusion = Confusion::empty(2);
        assert_eq!((confusion.accuracy(), confusion.macro_f1(), confusion.precision(0)), (0.0, 0.0, 0.0));
    }

    #[test]
    fn only_square_matrices_are_read() {
        assert!(serde_json::from_str::<Confusion>("[[1,2],[3,4]]").is_ok());
        let error = serde_json::from_str::<Confusion>("[[1,2],[3]]").unwrap_err().to_string();
        assert_eq!(error, "a confusion matrix of 2 rows has a row of 1 columns");
    }
}
