//! Singular vectors of the matrix of positive pointwise mutual information.
//!
//! **Source**: Levy, Goldberg and Dagan (TACL 2015): window counts, context distribution smoothed by the power 3/4, `ln(negatives)`
//! taken off, vectors `U √Σ`; the decomposition by subspace iteration from a seeded start (Halko, Martinsson and Tropp, SIAM
//! Review 53(2), 2011, algorithm 4.4).

use ndarray::{Array1, Array2, Axis};

use super::PretrainConfig;
use super::sentences::Known;
use crate::parallel;
use crate::types::SplitMix64;

/// More directions than asked for, so that the last ones are found too.
const SPARE: usize = 10;
/// Products with the matrix: each sharpens the directions.
const ITERATIONS: usize = 6;

/// Learns the vectors. **Shape**: one row per known word.
pub(super) fn learn(known: &Known, config: &PretrainConfig, n_threads: usize) -> Array2<f32> {
    let matrix = Symmetric::new(known, config);
    let n_words = known.words.len();
    let dimensions = config.dimensions.min(n_words);
    let width = (dimensions + SPARE).min(n_words);
    let mut random = SplitMix64::new(config.seed);
    let mut basis = Array2::from_shape_fn((n_words, width), |_| random.f64() as f32 - 0.5);
    orthonormalize(&mut basis);
    for _ in 0..ITERATIONS {
        basis = matrix.times(&basis, n_threads);
        orthonormalize(&mut basis);
    }
    let image = matrix.times(&basis, n_threads);
    let (values, turn) = eigen(basis.t().dot(&image));
    let mut vectors = Array2::zeros((n_words, config.dimensions));
    let turned = basis.dot(&turn);
    for ((mut column, direction), value) in vectors.columns_mut().into_iter().zip(turned.columns()).zip(values) {
        column.assign(&(&direction * value.abs().sqrt()));
    }
    vectors
}

/// A sparse matrix equal to its mirror image, as rows.
struct Symmetric {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
}

impl Symmetric {
    fn new(known: &Known, config: &PretrainConfig) -> Self {
        let pairs = count_pairs(known, config.window);
        let n_words = known.words.len();
        let mut margin = vec![0.0_f64; n_words];
        for ((word, _), count) in &pairs {
            margin[*word as usize] += f64::from(*count);
        }
        let total: f64 = margin.iter().sum();
        let smoothed: Vec<f64> = margin.iter().map(|count| libm::pow(*count, 0.75)).collect();
        let smoothed_total: f64 = smoothed.iter().sum();
        let shift = libm::log(config.negatives as f64);
        let share = |word: usize| smoothed[word] / smoothed_total;
        let mut matrix = Self { starts: vec![0], columns: Vec::new(), values: Vec::new() };
        let mut row = 0;
        for ((word, other), count) in pairs {
            while row < word as usize {
                row += 1;
                matrix.starts.push(matrix.columns.len());
            }
            let (word, other) = (word as usize, other as usize);
            let joint = f64::from(count) / total;
            // The mean of both directions, so that the matrix stays symmetric.
            let one_way = |from: usize, to: usize| libm::log(joint / (margin[from] / total * share(to)));
            let association = f64::midpoint(one_way(word, other), one_way(other, word)) - shift;
            if association > 0.0 {
                matrix.columns.push(other as u32);
                matrix.values.push(association as f32);
            }
        }
        matrix.starts.resize(n_words + 1, matrix.columns.len());
        matrix
    }

    fn times(&self, dense: &Array2<f32>, n_threads: usize) -> Array2<f32> {
        let width = dense.ncols();
        let rows = parallel::map(
            dense.nrows(),
            n_threads,
            || (),
            |(), row| {
                let mut sum = Array1::<f32>::zeros(width);
                for at in self.starts[row]..self.starts[row + 1] {
                    sum.scaled_add(self.values[at], &dense.row(self.columns[at] as usize));
                }
                sum
            },
        );
        let mut product = Array2::zeros(dense.dim());
        for (mut row, sum) in product.axis_iter_mut(Axis(0)).zip(rows) {
            row.assign(&sum);
        }
        product
    }
}

/// How often each word stands within `window` tokens of each other, in both orders, sorted.
fn count_pairs(known: &Known, window: usize) -> Vec<((u32, u32), u32)> {
    let mut met: Vec<(u32, u32)> = Vec::new();
    for index in 0..known.len() {
        let sentence = known.sentence(index);
        for (at, word) in sentence.iter().enumerate() {
            for other in &sentence[at + 1..(at + 1 + window).min(sentence.len())] {
                met.push((*word, *other));
                met.push((*other, *word));
            }
        }
    }
    met.sort_unstable();
    met.chunk_by(|left, right| left == right).map(|same| (same[0], same.len() as u32)).collect()
}

/// Columns of length 1 at right angles: Gram and Schmidt's way, twice for the sake of rounding. An empty column stays empty.
fn orthonormalize(columns: &mut Array2<f32>) {
    for at in 0..columns.ncols() {
        for _ in 0..2 {
            let (before, mut rest) = columns.view_mut().split_at(Axis(1), at);
            let mut column = rest.column_mut(0);
            if at > 0 {
                let shares = before.t().dot(&column);
                column -= &before.dot(&shares);
            }
            let length = column.dot(&column).sqrt();
            column /= if length > 1e-12 { length } else { f32::INFINITY };
        }
    }
}

/// Eigenvalues, largest in size first, and eigenvectors (as columns) of a small symmetric matrix: Jacobi's rotations.
///
/// **Source**: Golub and Van Loan, *Matrix Computations*, section 8.5.
fn eigen(mut matrix: Array2<f32>) -> (Vec<f32>, Array2<f32>) {
    let n = matrix.nrows();
    let mut vectors = Array2::<f32>::eye(n);
    for _ in 0..50 {
        let mut largest = 0.0_f32;
        for p in 0..n {
            for q in p + 1..n {
                let off = f32::midpoint(matrix[[p, q]], matrix[[q, p]]);
                largest = largest.max(off.abs());
                if off.abs() < 1e-9 {
                    continue;
                }
                let theta = (matrix[[q, q]] - matrix[[p, p]]) / (2.0 * off);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (t * t + 1.0).sqrt();
                rotate(&mut matrix, &mut vectors, (p, q), (cosine, t * cosine));
            }
        }
        if largest < 1e-6 {
            break;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|left, right| matrix[[*right, *right]].abs().total_cmp(&matrix[[*left, *left]].abs()));
    (order.iter().map(|at| matrix[[*at, *at]]).collect(), vectors.select(Axis(1), &order))
}

fn rotate(matrix: &mut Array2<f32>, vectors: &mut Array2<f32>, (p, q): (usize, usize), (c, s): (f32, f32)) {
    for k in 0..matrix.nrows() {
        let (left, right) = (matrix[[k, p]], matrix[[k, q]]);
        (matrix[[k, p]], matrix[[k, q]]) = (c * left - s * right, s * left + c * right);
    }
    for k in 0..matrix.nrows() {
        let (left, right) = (matrix[[p, k]], matrix[[q, k]]);
        (matrix[[p, k]], matrix[[q, k]]) = (c * left - s * right, s * left + c * right);
        let (left, right) = (vectors[[k, p]], vectors[[k, q]]);
        (vectors[[k, p]], vectors[[k, q]]) = (c * left - s * right, s * left + c * right);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn eigenvalues_of_a_known_matrix() {
        // numpy.linalg.eigh of [[2, 1], [1, 2]] is 1 and 3.
        let (values, vectors) = eigen(array![[2.0, 1.0], [1.0, 2.0]]);
        assert!((values[0] - 3.0).abs() < 1e-5 && (values[1] - 1.0).abs() < 1e-5, "{values:?}");
        assert!((vectors[[0, 0]].abs() - std::f32::consts::FRAC_1_SQRT_2).abs() < 1e-5, "{vectors:?}");
    }

    #[test]
    fn columns_come_out_at_right_angles() {
        let mut columns = array![[1.0, 1.0, 2.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0]];
        orthonormalize(&mut columns);
        let product = columns.t().dot(&columns);
        assert!((product[[0, 0]] - 1.0).abs() < 1e-5 && product[[0, 1]].abs() < 1e-5, "{product:?}");
        // The third is the sum of the first two: nothing of it is left but rounding.
        assert!(product[[0, 2]].abs() < 1e-3, "{product:?}");
    }
}
