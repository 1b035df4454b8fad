//! One factor and one shift per label: `fit` and `apply` together.
//!
//! Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, section 4.2 (vector scaling);
//! with two outputs it is Platt's sigmoid (Platt 1999). The negative log-likelihood is convex; it is minimised by damped Newton
//! steps on its diagonal, with a weak pull of the factors to their mean and of the shifts to 0, so that a rare label stays sane.

use serde::{Deserialize, Serialize};

use super::softmax;

/// p = softmax(factor ∘ scores + shift).
///
/// **Shape**: both of `n_labels`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorScaling {
    /// What each score is multiplied with; positive.
    pub factor: Vec<f32>,
    /// What is then added.
    pub shift: Vec<f32>,
}

/// Strength of the usual pull, in messages.
const PULL: f64 = 2.0;

/// What keeps a fit sane where messages are few.
#[derive(Debug, Clone, Copy)]
struct Pull {
    /// In messages.
    strength: f64,
    /// The factors stay 1; else they are pulled to their mean. The shifts are pulled to 0.
    keeps_factors: bool,
}
/// Most steps; a fit ends when none improves the loss by more than [`ENOUGH`] per message.
const MAX_STEPS: usize = 200;
const ENOUGH: f64 = 1e-7;

/// A message's label id and what it counts for.
type Weighed = (usize, f32);

impl VectorScaling {
    /// Leaves scores as they are.
    pub fn identity(n_labels: usize) -> Self {
        Self { factor: vec![1.0; n_labels], shift: vec![0.0; n_labels] }
    }

    /// Learns from scores that were not fitted on their own labels.
    ///
    /// **Shape**: `scores` holds one list of `n_labels` per message; `gold` as many label ids.
    pub fn fit(scores: &[Vec<f32>], gold: &[usize], n_labels: usize) -> Self {
        let gold: Vec<Weighed> = gold.iter().map(|label| (*label, 1.0)).collect();
        Self::fit_pulled(scores, &gold, n_labels, Pull { strength: PULL, keeps_factors: false })
    }

    /// What to add to the log-odds of each label, learnt from few messages: `strength` says how many messages its being 0 is worth.
    ///
    /// **Shape**: `log_odds` holds one list of `n_labels` per message; `gold` as many label ids, with what each message counts for.
    pub fn fit_shift(log_odds: &[Vec<f32>], gold: &[(usize, f32)], n_labels: usize, strength: f64) -> Vec<f32> {
        Self::fit_pulled(log_odds, gold, n_labels, Pull { strength, keeps_factors: true }).shift
    }

    fn fit_pulled(scores: &[Vec<f32>], gold: &[Weighed], n_labels: usize, pull: Pull) -> Self {
        let mut current = Self::identity(n_labels);
        let mut loss = current.loss(scores, gold, pull);
        let mut rate = 1.0;
        for _ in 0..MAX_STEPS {
            let Some((next, next_loss, next_rate)) = current.step(scores, gold, pull, (loss, rate)) else { break };
            let gained = (loss - next_loss) / scores.len().max(1) as f64;
            (current, loss, rate) = (next, next_loss, (next_rate * 2.0).min(1.0));
            if gained < ENOUGH {
                break;
            }
        }
        current
    }

    /// Calibrated probabilities from scores, in place.
    pub fn apply(&self, scores: &mut [f32]) {
        for ((score, factor), shift) in scores.iter_mut().zip(&self.factor).zip(&self.shift) {
            *score = *score * factor + shift;
        }
        softmax(scores);
    }

    /// Probability of the positive side of a two-sided score.
    pub fn apply_binary(&self, score: f32) -> f32 {
        let mut sides = binary_scores(score);
        self.apply(&mut sides);
        sides[1]
    }

    fn mean_factor(&self) -> f64 {
        self.factor.iter().map(|factor| f64::from(*factor)).sum::<f64>() / self.factor.len().max(1) as f64
    }

    fn loss(&self, scores: &[Vec<f32>], gold: &[Weighed], pull: Pull) -> f64 {
        let mean = self.mean_factor();
        let pulls = self.factor.iter().map(|factor| (f64::from(*factor) - mean).powi(2)).sum::<f64>()
            + self.shift.iter().map(|shift| f64::from(*shift).powi(2)).sum::<f64>();
        let likelihood = scores.iter().zip(gold).map(|(row, (label, weight))| {
            let mut row = row.clone();
            self.apply(&mut row);
            -libm::log(f64::from(row[*label].max(1e-12))) * f64::from(*weight)
        });
        likelihood.sum::<f64>() + pull.strength * pulls
    }

    /// The first shorter and shorter step downhill that improves the loss.
    fn step(
        &self,
        scores: &[Vec<f32>],
        gold: &[Weighed],
        pull: Pull,
        (loss, mut rate): (f64, f64),
    ) -> Option<(Self, f64, f64)> {
        let (mut gradient, curvature) = self.derivatives(scores, gold, pull);
        if pull.keeps_factors {
            gradient[..self.factor.len()].fill(0.0);
        }
        while rate > 1e-6 {
            let next = self.moved(&gradient, &curvature, rate);
            let next_loss = next.loss(scores, gold, pull);
            if next_loss < loss {
                return Some((next, next_loss, rate));
            }
            rate /= 2.0;
        }
        None
    }

    fn moved(&self, gradient: &[f64], curvature: &[f64], rate: f64) -> Self {
        let n_labels = self.factor.len();
        let step = |at: usize| (rate * gradient[at] / curvature[at]) as f32;
        Self {
            factor: (0..n_labels).map(|label| (self.factor[label] - step(label)).max(1e-3)).collect(),
            shift: (0..n_labels).map(|label| self.shift[label] - step(n_labels + label)).collect(),
        }
    }

    /// Gradient and diagonal of the Hessian: factors first, then shifts.
    fn derivatives(&self, scores: &[Vec<f32>], gold: &[Weighed], pull: Pull) -> (Vec<f64>, Vec<f64>) {
        let n_labels = self.factor.len();
        let mean = self.mean_factor();
        let mut gradient: Vec<f64> = self
            .factor
            .iter()
            .map(|factor| 2.0 * pull.strength * (f64::from(*factor) - mean))
            .chain(self.shift.iter().map(|shift| 2.0 * pull.strength * f64::from(*shift)))
            .collect();
        let mut curvature = vec![2.0 * pull.strength; 2 * n_labels];
        for (row, (gold_label, weight)) in scores.iter().zip(gold) {
            let weight = f64::from(*weight);
            let mut probabilities = row.clone();
            self.apply(&mut probabilities);
            for label in 0..n_labels {
                let (score, p) = (f64::from(row[label]), f64::from(probabilities[label]));
                let error = weight * (p - f64::from(u8::from(label == *gold_label)));
                gradient[label] += error * score;
                gradient[n_labels + label] += error;
                curvature[label] += weight * p * (1.0 - p) * score * score;
                curvature[n_labels + label] += weight * p * (1.0 - p);
            }
        }
        (gradient, curvature)
    }
}

/// A yes/no score as the scores of two labels, no and yes.
pub(super) fn binary_scores(score: f32) -> [f32; 2] {
    [-score / 2.0, score / 2.0]
}

impl VectorScaling {
    /// Learns for a yes/no score.
    pub fn fit_binary(scores: &[f32], positive: &[bool]) -> Self {
        let rows: Vec<Vec<f32>> = scores.iter().map(|score| binary_scores(*score).to_vec()).collect();
        let gold: Vec<usize> = positive.iter().map(|side| usize::from(*side)).collect();
        Self::fit(&rows, &gold, 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::SplitMix64;

    /// Messages drawn from known probabilities, their log-odds stretched three times too far and shifted.
    fn overconfident(n_messages: usize) -> (Vec<Vec<f32>>, Vec<usize>) {
        let mut random = SplitMix64::new(5);
        let draw = |random: &mut SplitMix64| {
            let log_odds: Vec<f32> = (0..3).map(|_| random.f64() as f32 * 4.0 - 2.0).collect();
            let mut probabilities = log_odds.clone();
            softmax(&mut probabilities);
            let at = random.f64() as f32;
            let label =
                if at < probabilities[0] { 0 } else { 1 + usize::from(at >= probabilities[0] + probabilities[1]) };
            let shown = log_odds.iter().zip([0.0, 1.0, -0.5]).map(|(score, shift)| score * 3.0 + shift).collect();
            (shown, label)
        };
        (0..n_messages).map(|_| draw(&mut random)).unzip()
    }

    #[test]
    fn finds_the_stretch_that_was_put_in() {
        let (scores, gold) = overconfident(20_000);
        let fitted = VectorScaling::fit(&scores, &gold, 3);
        for factor in &fitted.factor {
            assert!((factor - 1.0 / 3.0).abs() < 0.03, "{fitted:?}");
        }
        let shift_of = |label: usize| fitted.shift[label] - fitted.shift[0];
        assert!((shift_of(1) + 1.0 / 3.0).abs() < 0.1 && (shift_of(2) - 1.0 / 6.0).abs() < 0.1, "{fitted:?}");
    }

    #[test]
    fn never_worse_than_leaving_scores_alone() {
        let (scores, gold) = overconfident(30);
        let fitted = VectorScaling::fit(&scores, &gold, 3);
        let pull = Pull { strength: PULL, keeps_factors: false };
        let gold: Vec<Weighed> = gold.iter().map(|label| (*label, 1.0)).collect();
        assert!(fitted.loss(&scores, &gold, pull) <= VectorScaling::identity(3).loss(&scores, &gold, pull));
    }

    #[test]
    fn a_message_of_weight_two_counts_as_two() {
        let (scores, gold) = overconfident(40);
        let once: Vec<Weighed> = gold.iter().map(|label| (*label, 1.0)).collect();
        let twice = |at: usize| (gold[at], if at < 10 { 2.0 } else { 1.0 });
        let weighed: Vec<Weighed> = (0..40).map(twice).collect();
        let repeated = |list: &[Vec<f32>]| [list, &list[..10]].concat();
        let shift = VectorScaling::fit_shift(&scores, &weighed, 3, 1.0);
        let expected = VectorScaling::fit_shift(&repeated(&scores), &[&once[..], &once[..10]].concat(), 3, 1.0);
        assert!(shift.iter().zip(&expected).all(|(one, other)| (one - other).abs() < 1e-3), "{shift:?} {expected:?}");
    }

    #[test]
    fn a_yes_no_score_becomes_a_sigmoid() {
        let scores: Vec<f32> = (-50..50).map(|step| step as f32 / 10.0).collect();
        let positive: Vec<bool> = scores.iter().map(|score| *score > 0.3).collect();
        let fitted = VectorScaling::fit_binary(&scores, &positive);
        assert!(fitted.apply_binary(5.0) > 0.95 && fitted.apply_binary(-5.0) < 0.05);
    }
}
