//! Sparse rows, stored end to end.

use crate::types::SparseVector;

/// Rows of a sparse matrix (CSR).
///
/// **Shape**: row `i` is `columns[starts[i]..starts[i + 1]]` with the values beside them; `starts` has one more entry than rows.
#[derive(Debug, Clone, PartialEq)]
pub struct SparseRows {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    n_columns: usize,
}

impl SparseRows {
    /// No rows yet, over `n_columns` columns.
    pub fn new(n_columns: usize) -> Self {
        Self { starts: vec![0], columns: Vec::new(), values: Vec::new(), n_columns }
    }

    /// Adds a row; its columns are below `n_columns`.
    pub fn push(&mut self, row: &SparseVector) {
        debug_assert!(row.columns.last().is_none_or(|column| (*column as usize) < self.n_columns));
        self.columns.extend_from_slice(&row.columns);
        self.values.extend_from_slice(&row.values);
        self.starts.push(self.columns.len());
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of columns.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Columns and values of a row.
    pub fn row(&self, index: usize) -> (&[u32], &[f32]) {
        let range = self.starts[index]..self.starts[index + 1];
        (&self.columns[range.clone()], &self.values[range])
    }

    /// Scalar product of a row and a dense vector of `n_columns` values.
    pub fn dot(&self, index: usize, dense: &[f32]) -> f32 {
        let (columns, values) = self.row(index);
        columns.iter().zip(values).map(|(column, value)| dense[*column as usize] * value).sum()
    }

    /// Adds `factor` times a row to a dense vector.
    pub fn add_to(&self, index: usize, factor: f32, dense: &mut [f32]) {
        let (columns, values) = self.row(index);
        for (column, value) in columns.iter().zip(values) {
            dense[*column as usize] += factor * value;
        }
    }

    /// Squared length of a row.
    pub fn norm2(&self, index: usize) -> f32 {
        self.row(index).1.iter().map(|value| value * value).sum()
    }
}
