//! The solver as `linfa` estimators: records are numbers of units, so that its splits and folds move ids, never sparse rows.

use std::convert::Infallible;

use linfa::DatasetBase;
use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, Array2, ArrayBase, ArrayView2, Data, Ix2};

use super::fit::Separator;
use super::{FitConfig, Problem, SparseRows, fit_binary};

/// Rows to learn from and to score, gathered in units.
///
/// A *unit* is what stands or falls together in a split: a message with its copies, or a group of messages.
///
/// **Shape**: `targets` is `n_outputs` lists of one entry per row of the store, `None` where the row says nothing of that output;
/// `weights` has one entry per row; `offsets` is `n_outputs` lists of one entry per row, or empty; `learnt` and `scored` have one list of rows per unit.
#[derive(Debug)]
pub struct TrainingRows {
    /// The rows.
    pub store: SparseRows,
    /// For each output, whether a row is on its positive side.
    pub targets: Vec<Vec<Option<bool>>>,
    /// How much each row counts.
    pub weights: Vec<f32>,
    /// What each row scores on each output before anything is learnt; empty where nothing came before.
    pub offsets: Vec<Vec<f32>>,
    /// Rows of each unit to learn from: augmented copies, or the messages themselves.
    pub learnt: Vec<Vec<u32>>,
    /// Rows of each unit to score: always as they were written.
    pub scored: Vec<Vec<u32>>,
}

/// Learns every output from the units that its records name; one separator per output against the rest.
#[derive(Debug, Clone, Copy)]
pub struct RowsEstimator<'a> {
    /// The rows behind the records.
    pub rows: &'a TrainingRows,
    /// Settings of the solver.
    pub config: &'a FitConfig,
    /// The first `n_labels` outputs are the labels, among which prediction chooses.
    pub n_labels: usize,
    /// Seed of the solver's order.
    pub seed: u64,
}

/// What [`RowsEstimator`] learnt: scores any row of its store.
#[derive(Debug)]
pub struct FittedRows<'a> {
    estimator: RowsEstimator<'a>,
    separators: Vec<Separator>,
}

/// Learning from rows that were checked cannot fail; `linfa` wants an error that its own converts into.
#[derive(Debug)]
pub struct NeverFails(Infallible);

impl std::fmt::Display for NeverFails {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {}
    }
}

impl std::error::Error for NeverFails {}

impl From<linfa::Error> for NeverFails {
    fn from(error: linfa::Error) -> Self {
        unreachable!("the estimator calls nothing of linfa's that fails, yet: {error}")
    }
}

impl<'a, D: Data<Elem = u32>, T> Fit<ArrayBase<D, Ix2>, T, NeverFails> for RowsEstimator<'a> {
    type Object = FittedRows<'a>;

    fn fit(&self, dataset: &DatasetBase<ArrayBase<D, Ix2>, T>) -> Result<Self::Object, NeverFails> {
        let rows: Vec<u32> =
            dataset.records.iter().flat_map(|unit| &self.rows.learnt[*unit as usize]).copied().collect();
        let separators = (0..self.rows.targets.len()).map(|output| self.fit_output(output, &rows)).collect();
        Ok(FittedRows { estimator: *self, separators })
    }
}

impl RowsEstimator<'_> {
    fn fit_output(&self, output: usize, rows: &[u32]) -> Separator {
        let target = |row: &u32| self.rows.targets[output][*row as usize];
        let rows: Vec<u32> = rows.iter().copied().filter(|row| target(row).is_some()).collect();
        let positive: Vec<bool> = rows.iter().filter_map(target).collect();
        let sides = self.side_weights(&positive);
        let penalty = |(row, side): (&u32, &bool)| {
            (self.config.c * self.rows.weights[*row as usize] * sides[usize::from(*side)]).max(f32::MIN_POSITIVE)
        };
        let penalties: Vec<f32> = rows.iter().zip(&positive).map(penalty).collect();
        let offsets: Option<Vec<f32>> =
            self.rows.offsets.get(output).map(|offsets| rows.iter().map(|row| offsets[*row as usize]).collect());
        let problem = Problem {
            store: &self.rows.store,
            rows: &rows,
            positive: &positive,
            penalties: &penalties,
            offsets: offsets.as_deref(),
        };
        fit_binary(&problem, self.config, self.seed.wrapping_add(output as u64))
    }

    /// Weights of the negative and of the positive side: inverse frequency, to the power `balance`.
    fn side_weights(&self, positive: &[bool]) -> [f32; 2] {
        let n_positive = positive.iter().filter(|side| **side).count();
        [positive.len() - n_positive, n_positive]
            .map(|count| libm::powf(positive.len() as f32 / (2 * count.max(1)) as f32, self.config.balance))
    }
}

impl FittedRows<'_> {
    /// Scores of a row of the store. **Shape**: `n_outputs`.
    pub fn scores(&self, row: u32) -> Vec<f32> {
        let TrainingRows { store, offsets, .. } = self.estimator.rows;
        let offset = |output: usize| offsets.get(output).map_or(0.0, |offsets| offsets[row as usize]);
        let score = |(output, separator): (usize, &Separator)| {
            store.dot(row as usize, &separator.weights) + separator.bias + offset(output)
        };
        self.separators.iter().enumerate().map(score).collect()
    }

    /// Weights of all columns. **Shape**: `n_columns × n_outputs`.
    pub fn weights(&self) -> Array2<f32> {
        let shape = (self.estimator.rows.store.n_columns(), self.separators.len());
        Array2::from_shape_fn(shape, |(column, output)| self.separators[output].weights[column])
    }

    /// Score of an empty row. **Shape**: `n_outputs`.
    pub fn bias(&self) -> Array1<f32> {
        self.separators.iter().map(|separator| separator.bias).collect()
    }

    fn label_of_unit(&self, unit: u32) -> usize {
        let Some(row) = self.estimator.rows.scored[unit as usize].first() else { return 0 };
        let scores = self.scores(*row);
        let best = |best: usize, label: usize| if scores[label] > scores[best] { label } else { best };
        (1..self.estimator.n_labels).fold(0, best)
    }
}

/// Predicts the label of each unit's first row.
impl<'a> PredictInplace<ArrayView2<'a, u32>, Array1<usize>> for FittedRows<'_> {
    fn predict_inplace(&self, records: &ArrayView2<'a, u32>, labels: &mut Array1<usize>) {
        for (label, unit) in labels.iter_mut().zip(records) {
            *label = self.label_of_unit(*unit);
        }
    }

    fn default_target(&self, records: &ArrayView2<'a, u32>) -> Array1<usize> {
        Array1::zeros(records.nrows())
    }
}
