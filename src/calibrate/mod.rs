//! Scores → probabilities.
//!
//! **In**: the scores of a message's labels, or of one yes/no attribute. **Out**: probabilities in [0, 1] that sum to 1.
//! **Guaranteed**: finite for any finite scores. **Left to others**: out-of-fold scores to fit on (`train`).

mod stacking;
mod vector_scaling;

pub use stacking::Stacking;
pub use vector_scaling::VectorScaling;

/// Probabilities from log-odds, in place: exp(s) / Σ exp(s), the largest first taken off.
pub fn softmax(scores: &mut [f32]) {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for score in scores.iter_mut() {
        *score = libm::expf(*score - largest);
        total += *score;
    }
    for score in scores.iter_mut() {
        *score /= total;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn probabilities_sum_to_one_and_ignore_a_common_shift(
            scores in proptest::collection::vec(-1e4f32..1e4, 1..9), shift in -100f32..100.0
        ) {
            let mut plain = scores.clone();
            softmax(&mut plain);
            prop_assert!((plain.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            prop_assert!(plain.iter().all(|p| (0.0..=1.0).contains(p)));
            let mut shifted: Vec<f32> = scores.iter().map(|score| score + shift).collect();
            softmax(&mut shifted);
            for (one, other) in plain.iter().zip(&shifted) {
                prop_assert!((one - other).abs() < 2e-3);
            }
        }
    }
}
