//! Applies a linear model.

use ndarray::{Array1, Array2, ArrayView1};

use super::table::{AT_ONCE, FREE, WeightTable};
use crate::error::{ErrorKind, Result};
use crate::types::Feature;

/// Weights of the features a model knows, 16 bits each.
///
/// **Shape**: `weights` is `n_features × n_outputs`; `scales` and `bias` are `n_outputs`. **Unit**: a score is
/// `bias + scale × Σ value × weight`; the rarity of a feature (idf) is in its weight already.
#[derive(Debug, Clone)]
pub struct LinearModel {
    features: Vec<Feature>,
    weights: Array2<i16>,
    scales: Array1<f32>,
    bias: Array1<f32>,
    table: WeightTable,
}

impl LinearModel {
    /// A model from its stored parts.
    ///
    /// **Errors**: [`ErrorKind::ModelDamaged`] where the shapes disagree, a number is not finite or the features do not ascend.
    pub fn new(features: Vec<Feature>, weights: Array2<i16>, scales: Array1<f32>, bias: Array1<f32>) -> Result<Self> {
        let (n_features, n_outputs) = weights.dim();
        let damaged = |why: String| Err(ErrorKind::ModelDamaged(why).into());
        if features.len() != n_features || scales.len() != n_outputs || bias.len() != n_outputs {
            return damaged(format!(
                "{} features, {} scales and {} biases for weights of {n_features} × {n_outputs}",
                features.len(),
                scales.len(),
                bias.len()
            ));
        }
        if !features.is_sorted_by(|left, right| left < right) {
            return damaged("the features are not in order".to_owned());
        }
        if !scales.iter().chain(&bias).all(|number| number.is_finite()) {
            return damaged("a scale or bias is not a finite number".to_owned());
        }
        let table = WeightTable::new(&features, &weights);
        Ok(Self { features, weights, scales, bias, table })
    }

    /// Rounds learnt weights to 16 bits, one scale per output, and drops the features that all round to nothing.
    ///
    /// **Shape**: `weights` is `features.len() × bias.len()`.
    ///
    /// **Errors**: as [`LinearModel::new`].
    pub fn quantize(features: &[Feature], weights: &Array2<f32>, bias: Array1<f32>) -> Result<Self> {
        let largest = |column: ArrayView1<'_, f32>| column.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
        let scales: Array1<f32> = weights
            .columns()
            .into_iter()
            .map(|column| (largest(column) / f32::from(i16::MAX)).max(f32::MIN_POSITIVE))
            .collect();
        let rounded = Array2::from_shape_fn(weights.dim(), |(row, output)| {
            (weights[[row, output]] / scales[output]).round() as i16
        });
        let counts = |row: &usize| features[*row] != FREE && rounded.row(*row).iter().any(|weight| *weight != 0);
        let kept: Vec<usize> = (0..features.len()).filter(counts).collect();
        let features = kept.iter().map(|row| features[*row]).collect();
        Self::new(features, rounded.select(ndarray::Axis(0), &kept), scales, bias)
    }

    /// Number of scores per message.
    pub fn n_outputs(&self) -> usize {
        self.bias.len()
    }

    /// Features in ascending order.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// Stored weights, one row per feature.
    pub fn weights(&self) -> &Array2<i16> {
        &self.weights
    }

    /// What one step of a stored weight is worth, per output.
    pub fn scales(&self) -> &Array1<f32> {
        &self.scales
    }

    /// Score of a message without features, per output.
    pub fn bias(&self) -> &Array1<f32> {
        &self.bias
    }

    /// The model that scores what both do, added up. **Shape**: `weights` is `features.len() × n_outputs`, `bias` is `n_outputs`; both
    /// features and the model's own ascend.
    ///
    /// **Errors**: as [`LinearModel::new`].
    pub fn plus(&self, features: &[Feature], weights: &Array2<f32>, bias: &Array1<f32>) -> Result<Self> {
        let own = |row: usize| self.weights.row(row).iter().zip(&self.scales).map(|(w, s)| f32::from(*w) * s).collect();
        let mut rows: std::collections::BTreeMap<Feature, Vec<f32>> =
            self.features.iter().enumerate().map(|(row, feature)| (*feature, own(row))).collect();
        for (feature, added) in features.iter().zip(weights.outer_iter()) {
            let sums = rows.entry(*feature).or_insert_with(|| vec![0.0; self.n_outputs()]);
            sums.iter_mut().zip(added).for_each(|(sum, added)| *sum += added);
        }
        let features: Vec<Feature> = rows.keys().copied().collect();
        let flat: Vec<f32> = rows.into_values().flatten().collect();
        let shape = (features.len(), self.n_outputs());
        let weights =
            Array2::from_shape_vec(shape, flat).map_err(|error| ErrorKind::InvalidConfig(error.to_string()))?;
        Self::quantize(&features, &weights, &self.bias + bias)
    }

    /// The model that scores what both do, added up.
    ///
    /// **Errors**: as [`LinearModel::new`].
    pub fn plus_model(&self, other: &Self) -> Result<Self> {
        let weights = Array2::from_shape_fn(other.weights.dim(), |(row, output)| {
            f32::from(other.weights[[row, output]]) * other.scales[output]
        });
        self.plus(&other.features, &weights, &other.bias)
    }

    /// Adds to the score of every message. **Shape**: `shift` is `n_outputs`.
    pub fn shift_bias(&mut self, shift: &[f32]) {
        self.bias.iter_mut().zip(shift).for_each(|(bias, shift)| *bias += shift);
    }

    /// Adds `value` times the weights of a feature to `sums`; nothing for a feature the model does not know.
    #[inline]
    pub fn add(&self, feature: Feature, value: f32, sums: &mut [f32]) {
        if let Some(weights) = self.table.weights(feature) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += value * f32::from(*weight);
            }
        }
    }

    /// Adds `value` times the weights of each feature to `sums`, in order.
    pub fn add_all(&self, features: &[Feature], value: f32, sums: &mut [f32]) {
        let mut block = [FREE; AT_ONCE];
        for features in features.chunks(AT_ONCE) {
            block[..features.len()].copy_from_slice(features);
            self.table.each_known(&block, features.len(), |weights| {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += value * f32::from(*weight);
                }
            });
        }
    }

    /// Turns the sums of a message's weights into its scores, in place.
    pub fn finish(&self, sums: &mut [f32]) {
        for ((sum, scale), bias) in sums.iter_mut().zip(&self.scales).zip(&self.bias) {
            *sum = *sum * scale + bias;
        }
    }

    /// What a feature adds to each score per unit of its value; `None` for a feature the model does not know.
    pub fn weight(&self, feature: Feature) -> Option<Vec<f32>> {
        let weights = self.table.weights(feature)?;
        Some(weights.iter().zip(&self.scales).map(|(weight, scale)| f32::from(*weight) * scale).collect())
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn scores_add_up_and_rounding_is_small() {
        let weights = array![[1.0, -2.0], [0.0, 0.0], [0.25, 0.5]];
        let model = LinearModel::quantize(&[3, 5, 9], &weights, array![0.1, -0.1]).unwrap();
        assert_eq!(model.features(), [3, 9]);
        let mut sums = [0.0, 0.0];
        model.add(3, 1.0, &mut sums);
        model.add(9, 2.0, &mut sums);
        model.add(5, 1.0, &mut sums);
        model.finish(&mut sums);
        assert!((sums[0] - 1.6).abs() < 1e-4 && (sums[1] + 1.1).abs() < 1e-4, "{sums:?}");
    }

    #[test]
    fn shapes_that_disagree_are_refused() {
        let weights = Array2::<i16>::zeros((2, 2));
        assert!(LinearModel::new(vec![1], weights.clone(), array![1.0, 1.0], array![0.0, 0.0]).is_err());
        assert!(LinearModel::new(vec![2, 1], weights.clone(), array![1.0, 1.0], array![0.0, 0.0]).is_err());
        assert!(LinearModel::new(vec![1, 2], weights, array![1.0, f32::NAN], array![0.0, 0.0]).is_err());
    }
}
