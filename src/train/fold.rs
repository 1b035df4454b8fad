//! Learnt weights → the weights that are saved: rarity folded in, the block of word vectors folded into one weight per word.
//!
//! A text's vector is a sum over its words, and the model is linear. With weights `W` over standardised dimensions,
//! `Σ_d W_d · scale · (Σ_w v_wd / √n − mean_d) / deviation_d` is one number per word over `√n`, plus a constant.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::rows::Vectorized;
use crate::config::{VectorsConfig, VectorsDomain};
use crate::error::Result;
use crate::features::vector_feature;
use crate::score::LinearModel;
use crate::types::Feature;
use crate::vectors::WordVectors;

/// The model to save, and the mean of its vector block over its domain. **Shape**: `weights` is `(vocabulary + dimensions) × outputs`, `bias` is `outputs`.
pub(super) fn model(
    learnable: &Vectorized,
    mut weights: Array2<f32>,
    mut bias: Array1<f32>,
    vectors: Option<&WordVectors>,
    config: &VectorsConfig,
) -> Result<(LinearModel, Option<Vec<f32>>)> {
    let vocabulary = &learnable.vocabulary;
    for (mut row, idf) in weights.axis_iter_mut(Axis(0)).zip(&vocabulary.idf) {
        row *= *idf;
    }
    let (sparse, dense) = weights.view().split_at(Axis(0), vocabulary.len());
    let Some(vectors) = vectors else {
        return Ok((LinearModel::quantize(&vocabulary.features, &sparse.to_owned(), bias)?, None));
    };
    let spread = match config.domain {
        VectorsDomain::Pretraining => vectors.spread(),
        VectorsDomain::Training => &learnable.spread,
    };
    let mut per_unit = dense.to_owned();
    let mut center = Array1::zeros(bias.len());
    for ((mut row, deviation), mean) in per_unit.axis_iter_mut(Axis(0)).zip(&spread.deviation).zip(&spread.mean) {
        row *= config.scale / deviation;
        center.scaled_add(*mean, &row);
    }
    bias -= &center;
    let (features, weights) = merged(&vocabulary.features, sparse, vectors, &per_unit);
    Ok((LinearModel::quantize(&features, &weights, bias)?, Some(center.to_vec())))
}

/// The rows of both blocks by ascending feature. A word whose hash is taken by a learnt feature leaves it to that one.
fn merged(
    sparse_features: &[Feature],
    sparse: ArrayView2<'_, f32>,
    vectors: &WordVectors,
    per_unit: &Array2<f32>,
) -> (Vec<Feature>, Array2<f32>) {
    let mut rows: Vec<(Feature, Vec<f32>)> =
        sparse_features.iter().copied().zip(sparse.outer_iter().map(|row| row.to_vec())).collect();
    for word in vectors.words() {
        let feature = vector_feature(word);
        if let Some(row) = vectors.row_of(feature) {
            let mut vector = vec![0.0; vectors.dimensions()];
            vectors.add_to(row, 1.0, &mut vector);
            rows.push((feature, Array1::from(vector).dot(per_unit).to_vec()));
        }
    }
    // Stable: of equal features the first, a learnt one or the commoner word, stays.
    rows.sort_by_key(|(feature, _)| *feature);
    rows.dedup_by_key(|(feature, _)| *feature);
    let features = rows.iter().map(|(feature, _)| *feature).collect();
    let flat: Vec<f32> = rows.iter().flat_map(|(_, row)| row.iter().copied()).collect();
    let weights = Array2::from_shape_vec((rows.len(), sparse.ncols()), flat);
    (features, weights.expect("every row has one weight per output"))
}
