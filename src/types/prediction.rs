//! What a pipeline says of one message.

/// A label with the probabilities behind it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prediction {
    /// Position of the most probable label in the model's label set.
    pub label_id: usize,
    /// Calibrated, in [0, 1], summing to 1. **Shape**: `n_labels`.
    pub probabilities: Vec<f32>,
    /// Calibrated probability of each attribute the model knows. **Shape**: `n_attributes`.
    pub attributes: Vec<f32>,
    /// Before calibration: the labels, then the attributes. **Shape**: `n_labels + n_attributes`.
    pub scores: Vec<f32>,
    /// The model does not know: the best label is less likely than its threshold. The label is still given.
    pub abstain: bool,
}

impl Prediction {
    /// Probability of the predicted label.
    pub fn probability(&self) -> f32 {
        self.probabilities.get(self.label_id).copied().unwrap_or(0.0)
    }
}
