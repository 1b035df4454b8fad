//! Learns one binary linear separator by dual coordinate descent.
//!
//! Source: Hsieh, Chang, Lin, Keerthi and Sundararajan, "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008,
//! algorithm 1 with the squared hinge loss (L2-SVM), its shrinking (section 3.2) included, one penalty per row, and the bias as a
//! constant feature. One row at a time in a seeded order: deterministic by construction.

use serde::{Deserialize, Serialize};

use super::SparseRows;
use crate::types::SplitMix64;

/// Settings of the solver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FitConfig {
    /// Penalty of an error against the size of the weights: larger fits the training rows more closely.
    pub c: f32,
    /// How far class weights go from none (0) to inverse frequency (1).
    pub balance: f32,
    /// Value of the constant feature that carries the bias; larger penalises the bias less.
    pub bias: f32,
    /// Stops when the projected gradients of a pass all lie within this range.
    pub tolerance: f32,
    /// Most passes over the rows.
    pub max_passes: usize,
}

impl Default for FitConfig {
    fn default() -> Self {
        Self { c: 0.008, balance: 0.0, bias: 1.0, tolerance: 0.1, max_passes: 200 }
    }
}

/// One binary problem over some rows of a store.
///
/// **Shape**: `rows`, `positive` and `penalties` are of one length; `rows` are positions in `store`.
#[derive(Debug)]
pub struct Problem<'a> {
    /// The store that holds the rows.
    pub store: &'a SparseRows,
    /// Rows to learn from.
    pub rows: &'a [u32],
    /// Whether each is on the positive side.
    pub positive: &'a [bool],
    /// C of each row.
    pub penalties: &'a [f32],
    /// What each row scores before anything is learnt; none is 0 for all.
    pub offsets: Option<&'a [f32]>,
}

/// A separator: the score of a row is `weights · row + bias`.
#[derive(Debug, Clone, PartialEq)]
pub struct Separator {
    /// One weight per column.
    pub weights: Vec<f32>,
    /// What an empty row scores.
    pub bias: f32,
}

/// Learns the separator of a problem; the same bytes for the same problem, settings and seed.
pub fn fit_binary(problem: &Problem<'_>, config: &FitConfig, seed: u64) -> Separator {
    let mut state = Descent::new(problem, config);
    let mut random = SplitMix64::new(seed);
    let mut active: Vec<usize> = (0..problem.rows.len()).collect();
    let mut limits = (f32::NEG_INFINITY, f32::INFINITY);
    for _ in 0..config.max_passes {
        shuffle(&mut active, &mut random);
        let (low, high) = state.pass(&mut active, limits);
        if high - low <= config.tolerance {
            if active.len() == problem.rows.len() {
                break;
            }
            // All that was set aside gets another look before the end.
            active = (0..problem.rows.len()).collect();
            limits = (f32::NEG_INFINITY, f32::INFINITY);
        } else {
            limits = (if low < 0.0 { low } else { f32::NEG_INFINITY }, if high > 0.0 { high } else { f32::INFINITY });
        }
    }
    Separator { bias: state.bias_weight * config.bias, weights: state.weights }
}

fn shuffle(order: &mut [usize], random: &mut SplitMix64) {
    for last in (1..order.len()).rev() {
        order.swap(last, random.below(last + 1));
    }
}

/// Primal and dual variables during the descent.
struct Descent<'a> {
    problem: &'a Problem<'a>,
    bias_value: f32,
    /// Dual variable of each row, never negative.
    alphas: Vec<f32>,
    /// Diagonal of the dual's quadratic form: |x|² + bias² + 1/(2C).
    diagonal: Vec<f32>,
    weights: Vec<f32>,
    bias_weight: f32,
}

impl<'a> Descent<'a> {
    fn new(problem: &'a Problem<'a>, config: &FitConfig) -> Self {
        let norm2 = |row: &u32| problem.store.norm2(*row as usize) + config.bias * config.bias;
        let diagonal = problem.rows.iter().zip(problem.penalties).map(|(row, c)| norm2(row) + 0.5 / c).collect();
        Self {
            problem,
            bias_value: config.bias,
            alphas: vec![0.0; problem.rows.len()],
            diagonal,
            weights: vec![0.0; problem.store.n_columns()],
            bias_weight: 0.0,
        }
    }

    /// One pass over the active rows; returns the range of their projected gradients. Rows at the bound whose gradient lies beyond
    /// the `limits` of the pass before are set aside.
    fn pass(&mut self, active: &mut Vec<usize>, limits: (f32, f32)) -> (f32, f32) {
        let mut range = (f32::INFINITY, f32::NEG_INFINITY);
        active.retain(|&index| {
            let gradient = self.gradient(index);
            let at_bound = self.alphas[index] <= 0.0;
            if at_bound && gradient > limits.1 {
                return false;
            }
            let projected = if at_bound { gradient.min(0.0) } else { gradient };
            range = (range.0.min(projected), range.1.max(projected));
            if projected.abs() > 1e-12 {
                self.step(index, gradient);
            }
            true
        });
        range
    }

    fn gradient(&self, index: usize) -> f32 {
        let score = self.problem.store.dot(self.problem.rows[index] as usize, &self.weights)
            + self.bias_weight * self.bias_value
            + self.problem.offsets.map_or(0.0, |offsets| offsets[index]);
        self.sign(index) * score - 1.0 + self.alphas[index] * 0.5 / self.problem.penalties[index]
    }

    fn step(&mut self, index: usize, gradient: f32) {
        let before = self.alphas[index];
        let after = (before - gradient / self.diagonal[index]).max(0.0);
        self.alphas[index] = after;
        let change = (after - before) * self.sign(index);
        self.problem.store.add_to(self.problem.rows[index] as usize, change, &mut self.weights);
        self.bias_weight += change * self.bias_value;
    }

    fn sign(&self, index: usize) -> f32 {
        if self.problem.positive[index] { 1.0 } else { -1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::SparseVector;

    fn store(rows: &[&[(u32, f32)]]) -> SparseRows {
        let mut store = SparseRows::new(3);
        for row in rows {
            let (columns, values) = row.iter().copied().unzip();
            store.push(&SparseVector { columns, values });
        }
        store
    }

    #[test]
    fn finds_the_optimum_of_scikit_learn() {
        // LinearSVC of scikit-learn 1.9.1: scripts/reference/svm.py
        let store =
            store(&[&[(0, 1.0)], &[(0, 2.0), (1, 1.0)], &[(1, 1.0)], &[(1, 2.0), (2, 0.5)], &[(0, 0.5), (1, 0.6)]]);
        let problem = Problem {
            store: &store,
            rows: &[0, 1, 2, 3, 4],
            positive: &[true, true, false, false, true],
            penalties: &[1.0; 5],
            offsets: None,
        };
        let config = FitConfig { tolerance: 1e-6, max_passes: 10_000, ..FitConfig::default() };
        let separator = fit_binary(&problem, &config, 1);
        for (found, expected) in separator.weights.iter().zip([0.7932, -0.5559, -0.0494]) {
            assert!((found - expected).abs() < 1e-3, "{separator:?}");
        }
        assert!((separator.bias - 0.1858).abs() < 1e-3, "{separator:?}");
    }

    #[test]
    fn same_seed_same_bytes() {
        let store = store(&[&[(0, 1.0)], &[(1, 1.0)], &[(0, 0.3), (1, 0.4)]]);
        let positive = &[true, false, true];
        let problem = Problem { store: &store, rows: &[0, 1, 2], positive, penalties: &[0.5; 3], offsets: None };
        assert_eq!(fit_binary(&problem, &FitConfig::default(), 7), fit_binary(&problem, &FitConfig::default(), 7));
    }
}
