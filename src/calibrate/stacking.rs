//! Labels and attributes judged together: a small multinomial logistic regression over the scores of both. `fit` and `apply` together.
//!
//! The codebook makes targeting the conjunction of lever and gain, which no sum of weights can say; here products of the scores of
//! both are inputs beside the scores themselves.
//!
//! **Source**: Wolpert, "Stacked Generalization", Neural Networks 5(2), 1992: learnt from scores of messages that were held out.
//! Minimised by Newton steps on the full Hessian, which is small.

use serde::{Deserialize, Serialize};

use super::{VectorScaling, softmax};
use crate::types::Attribute;

/// p = softmax(weights · inputs(scores)).
///
/// **Shape**: `weights` holds one list per label, of one number per input and a last one for the constant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stacking {
    /// One list per label.
    pub weights: Vec<Vec<f32>>,
}

/// Each weight is pulled to a start with a strength, in messages, of [`LEAST_PULL`] and this share of the messages learnt from. The constants
/// are free. Ours: messages to come are further from training than its writers are from one another, and so the pull also keeps
/// probabilities modest.
const PULL_SHARE: f64 = 0.02;
const LEAST_PULL: f64 = 10.0;
/// The start is vector scaling where messages are few, and fades to 0 where they are many: this many make it half.
const HALF: f64 = 500.0;
/// Most Newton steps; a fit ends when none improves the loss by more than [`ENOUGH`] per message.
const MAX_STEPS: usize = 50;
const ENOUGH: f64 = 1e-9;

impl Stacking {
    /// Number of inputs made of so many scores: themselves and their conjunctions.
    pub fn n_inputs(n_labels: usize) -> usize {
        n_labels + Attribute::ALL.len() + CONJUNCTIONS
    }

    /// Learns from scores that were not fitted on their own labels; `plain` is the calibration of the labels alone.
    ///
    /// **Shape**: `scores` holds one list of labels, then all attributes, per message; `gold` as many label ids.
    pub fn fit(scores: &[Vec<f32>], gold: &[usize], plain: &VectorScaling) -> Self {
        let n_labels = plain.factor.len();
        let inputs: Vec<Vec<f64>> = scores.iter().map(|row| inputs(row, n_labels)).collect();
        let width = Self::n_inputs(n_labels) + 1;
        let mut start = vec![0.0; n_labels * width];
        for (label, (factor, shift)) in plain.factor.iter().zip(&plain.shift).enumerate() {
            let trust = HALF / (HALF + inputs.len() as f64);
            start[label * width + label] = f64::from(*factor) * trust;
            start[(label + 1) * width - 1] = f64::from(*shift) * trust;
        }
        let pull = LEAST_PULL + PULL_SHARE * inputs.len() as f64;
        let problem = Problem { inputs: &inputs, gold, n_labels, start: &start, pull };
        let mut weights = start.clone();
        let mut loss = problem.loss(&weights);
        for _ in 0..MAX_STEPS {
            let (gradient, mut hessian) = problem.derivatives(&weights);
            let step = solve(&mut hessian, gradient);
            let shorter = shorter_and_shorter(&weights, &step, loss, |candidate| problem.loss(candidate));
            let Some((next, next_loss)) = shorter else { break };
            let gained = (loss - next_loss) / inputs.len().max(1) as f64;
            (weights, loss) = (next, next_loss);
            if gained < ENOUGH {
                break;
            }
        }
        Self { weights: weights.chunks_exact(width).map(|row| row.iter().map(|w| *w as f32).collect()).collect() }
    }

    /// Probabilities of the labels. **Shape**: `scores` as in [`Stacking::fit`]; the result is `n_labels`.
    pub fn apply(&self, scores: &[f32]) -> Vec<f32> {
        let inputs = inputs(scores, self.weights.len());
        let logit = |weights: &Vec<f32>| {
            let weighed = weights.iter().zip(&inputs).map(|(weight, input)| f64::from(*weight) * input);
            weighed.sum::<f64>() as f32
        };
        let mut logits: Vec<f32> = self.weights.iter().map(logit).collect();
        softmax(&mut logits);
        logits
    }

    /// Adds to the log-odds of the labels. **Shape**: `shift` is one per label.
    pub fn shift(&mut self, shift: &[f32]) {
        for (weights, shift) in self.weights.iter_mut().zip(shift) {
            if let Some(constant) = weights.last_mut() {
                *constant += shift;
            }
        }
    }

    /// By how much the log-odds of the labels move, to first order, where scores move by `shift`.
    ///
    /// **Shape**: `shift` is one per score; the result is `n_labels`.
    pub fn effect(&self, shift: &[f32]) -> Vec<f32> {
        self.weights.iter().map(|row| row.iter().zip(shift).map(|(weight, shift)| weight * shift).sum()).collect()
    }
}

/// Conjunctions of lever and gain, and of both with exchange.
const CONJUNCTIONS: usize = 4;

/// Scores, conjunctions, and a constant.
fn inputs(scores: &[f32], n_labels: usize) -> Vec<f64> {
    let mut inputs: Vec<f64> = scores.iter().map(|score| f64::from(*score)).collect();
    let attribute = |attribute: Attribute| f64::from(scores[n_labels + attribute as usize]);
    let (lever, gain) = (attribute(Attribute::Lever), attribute(Attribute::Gain));
    let both = lever.min(gain);
    inputs.extend([both, lever * gain, lever.max(0.0) * gain.max(0.0), both * attribute(Attribute::Exchange), 1.0]);
    inputs
}

fn probabilities(weights: &[f64], inputs: &[f64], n_labels: usize) -> Vec<f64> {
    let dot = |row: &[f64]| row.iter().zip(inputs).map(|(weight, input)| weight * input).sum::<f64>();
    let logits: Vec<f64> = weights.chunks_exact(inputs.len()).take(n_labels).map(dot).collect();
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|logit| libm::exp(logit - most)).collect();
    let total: f64 = powers.iter().sum();
    powers.iter().map(|power| power / total).collect()
}

/// What constants are pulled by: enough for one solution out of many that differ by nothing.
const FAINT: f64 = 1e-6;

/// What is learnt from.
struct Problem<'a> {
    inputs: &'a [Vec<f64>],
    gold: &'a [usize],
    n_labels: usize,
    /// What the weights are pulled to.
    start: &'a [f64],
    /// How strongly, in messages.
    pull: f64,
}

impl Problem<'_> {
    /// What the weight at a position is pulled by.
    fn pull(&self, at: usize) -> f64 {
        if (at + 1).is_multiple_of(self.width()) { FAINT } else { self.pull }
    }

    fn width(&self) -> usize {
        self.start.len() / self.n_labels
    }

    fn loss(&self, weights: &[f64]) -> f64 {
        let pulled = |(at, (weight, start)): (usize, (&f64, &f64))| self.pull(at) * (weight - start).powi(2) / 2.0;
        let pulls: f64 = weights.iter().zip(self.start).enumerate().map(pulled).sum();
        let surprise = |(row, label): (&Vec<f64>, &usize)| {
            -libm::log(probabilities(weights, row, self.n_labels)[*label].max(1e-300))
        };
        pulls + self.inputs.iter().zip(self.gold).map(surprise).sum::<f64>()
    }

    /// Gradient and Hessian of the loss. **Shape**: `n` and `n × n`, row after row, with `n` the number of weights.
    fn derivatives(&self, weights: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (n, width) = (weights.len(), self.width());
        let pulled = |(at, (weight, start)): (usize, (&f64, &f64))| self.pull(at) * (weight - start);
        let mut gradient: Vec<f64> = weights.iter().zip(self.start).enumerate().map(pulled).collect();
        let mut hessian = vec![0.0; n * n];
        for at in 0..n {
            hessian[at * n + at] = self.pull(at);
        }
        for (row, gold) in self.inputs.iter().zip(self.gold) {
            let p = probabilities(weights, row, self.n_labels);
            for label in 0..self.n_labels {
                let error = p[label] - f64::from(u8::from(label == *gold));
                let line = &mut gradient[label * width..(label + 1) * width];
                line.iter_mut().zip(row).for_each(|(cell, input)| *cell += error * input);
                for other in 0..self.n_labels {
                    let curvature = p[label] * (f64::from(u8::from(label == other)) - p[other]);
                    for (at, input) in row.iter().enumerate() {
                        let first = (label * width + at) * n + other * width;
                        let line = &mut hessian[first..first + width];
                        line.iter_mut().zip(row).for_each(|(cell, also)| *cell += curvature * input * also);
                    }
                }
            }
        }
        (gradient, hessian)
    }
}

/// Solves a positive definite system in place (Cholesky); a direction without curvature gets no step.
fn solve(matrix: &mut [f64], mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for row in 0..n {
        for column in 0..=row {
            let sum: f64 = (0..column).map(|k| matrix[row * n + k] * matrix[column * n + k]).sum();
            let rest = matrix[row * n + column] - sum;
            matrix[row * n + column] =
                if row == column { rest.max(1e-12).sqrt() } else { rest / matrix[column * n + column] };
        }
    }
    for row in 0..n {
        let sum: f64 = (0..row).map(|k| matrix[row * n + k] * right[k]).sum();
        right[row] = (right[row] - sum) / matrix[row * n + row];
    }
    for row in (0..n).rev() {
        let sum: f64 = (row + 1..n).map(|k| matrix[k * n + row] * right[k]).sum();
        right[row] = (right[row] - sum) / matrix[row * n + row];
    }
    right
}

/// The first shorter and shorter step downhill that improves the loss.
fn shorter_and_shorter(
    weights: &[f64],
    step: &[f64],
    loss: f64,
    loss_of: impl Fn(&[f64]) -> f64,
) -> Option<(Vec<f64>, f64)> {
    let mut rate = 1.0;
    while rate > 1e-6 {
        let next: Vec<f64> = weights.iter().zip(step).map(|(weight, step)| weight - rate * step).collect();
        let next_loss = loss_of(&next);
        if next_loss < loss {
            return Some((next, next_loss));
        }
        rate /= 2.0;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::SplitMix64;

    /// Label 1 where lever and gain are both above 0, else 0: no weighted sum of the scores says so.
    fn conjunction(n: usize) -> (Vec<Vec<f32>>, Vec<usize>) {
        let mut random = SplitMix64::new(3);
        let mut score = || random.f64() as f32 * 2.0 - 1.0;
        let scores: Vec<Vec<f32>> = (0..n).map(|_| vec![0.0, 0.0, score(), score(), score()]).collect();
        let gold = scores.iter().map(|row| usize::from(row[2] > 0.0 && row[3] > 0.0)).collect();
        (scores, gold)
    }

    #[test]
    fn a_conjunction_is_learnt() {
        let (scores, gold) = conjunction(4_000);
        let stacking = Stacking::fit(&scores, &gold, &VectorScaling::identity(2));
        let right = scores.iter().zip(&gold).filter(|(row, label)| {
            let p = stacking.apply(row);
            usize::from(p[1] > p[0]) == **label
        });
        let right = right.count();
        assert!(right > 3_700, "{right}");
    }

    #[test]
    fn probabilities_sum_to_one_and_the_fit_is_the_same_each_time() {
        let (scores, gold) = conjunction(300);
        let stacking = Stacking::fit(&scores, &gold, &VectorScaling::identity(2));
        assert_eq!(stacking, Stacking::fit(&scores, &gold, &VectorScaling::identity(2)));
        let p = stacking.apply(&[0.0, 0.0, 9.0, -9.0, 1e4]);
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-5 && p.iter().all(|p| (0.0..=1.0).contains(p)), "{p:?}");
    }

    #[test]
    fn a_system_is_solved() {
        let solved = solve(&mut [4.0, 2.0, 2.0, 3.0], vec![2.0, 5.0]);
        assert!((solved[0] + 0.5).abs() < 1e-9 && (solved[1] - 2.0).abs() < 1e-9, "{solved:?}");
    }
}
