//! Metrics of probabilities. All take rows in any order; none is `NaN` on checked input.

use ndarray::{ArrayView1, ArrayView2};

/// Probabilities are kept this far from 0 and 1 before a logarithm.
///
/// **Source**: the `eps` of `sklearn.metrics.log_loss` until it was removed in 1.5.
const LOG_LOSS_CLIP: f64 = 1e-15;

/// Mean of −ln p(gold label), in nats; at most 34.6 by the clipping. Rows are not rescaled to sum to 1.
///
/// **Shape**: `probabilities`: one row per gold label, `n_labels` columns.
pub(super) fn log_loss(gold: &[usize], probabilities: ArrayView2<'_, f32>) -> f64 {
    mean(gold.iter().zip(probabilities.rows()).map(|(&gold, row)| {
        let probability = f64::from(row[gold]);
        -libm::log(probability.clamp(LOG_LOSS_CLIP, 1.0 - LOG_LOSS_CLIP))
    }))
}

/// Mean over rows of Σ over labels (p − y)², y being 1 for the gold label and 0 elsewhere: in [0, 2].
///
/// **Source**: Brier, *Verification of forecasts expressed in terms of probability*, Monthly Weather Review, 1950;
/// `sklearn.metrics.brier_score_loss(scale_by_half=False)`.
pub(super) fn brier(gold: &[usize], probabilities: ArrayView2<'_, f32>) -> f64 {
    let distance = |gold: usize, row: ArrayView1<'_, f32>| {
        let differences =
            row.iter().enumerate().map(|(label_id, &p)| f64::from(p) - f64::from(u8::from(label_id == gold)));
        differences.map(|difference| difference * difference).sum()
    };
    mean(gold.iter().zip(probabilities.rows()).map(|(&gold, row)| distance(gold, row)))
}

/// Expected calibration error: Σ over bins (rows in bin / rows) · |accuracy − mean top probability|, in [0, 1].
///
/// `n_bins` equal-width bins ((m − 1)/M, m/M] of the top probability, 0 going to the first. A row is right where its
/// most probable label (the first of equals) is gold, whatever label was predicted by another rule.
///
/// **Source**: Guo, Pleiss, Sun & Weinberger, *On Calibration of Modern Neural Networks*, ICML 2017, equation 3.
pub(super) fn ece(gold: &[usize], probabilities: ArrayView2<'_, f32>, n_bins: usize) -> f64 {
    let mut surplus = vec![0.0; n_bins];
    for (&gold, row) in gold.iter().zip(probabilities.rows()) {
        let (label_id, top) = most_probable(row);
        let bin = ((top * n_bins as f64).ceil() as usize).clamp(1, n_bins) - 1;
        surplus[bin] += f64::from(u8::from(label_id == gold)) - top;
    }
    surplus.iter().map(|surplus| surplus.abs()).sum::<f64>() / gold.len().max(1) as f64
}

/// The label with the highest probability, the first of equals, and that probability.
fn most_probable(row: ArrayView1<'_, f32>) -> (usize, f64) {
    let (mut best, mut top) = (0, 0.0);
    for (label_id, &probability) in row.iter().enumerate() {
        if probability > top {
            (best, top) = (label_id, probability);
        }
    }
    (best, f64::from(top))
}

/// Average precision of one label against the rest: Σ (Rₙ − Rₙ₋₁) · Pₙ down the ranking by its probability, equal
/// probabilities entering together. 0 where no message has the label.
///
/// **Source**: `sklearn.metrics.average_precision_score`.
pub(super) fn average_precision(label_id: usize, gold: &[usize], probabilities: ArrayView2<'_, f32>) -> f64 {
    let column = probabilities.column(label_id);
    let mut ranking: Vec<(f32, bool)> = column.iter().copied().zip(gold.iter().map(|&gold| gold == label_id)).collect();
    ranking.sort_unstable_by(|left, right| right.0.total_cmp(&left.0));
    let (mut n_above, mut hits_above, mut sum) = (0, 0, 0.0);
    // In descending order, not above is equal.
    for equals in ranking.chunk_by(|left, right| left.0 <= right.0) {
        let hits = equals.iter().filter(|(_, is_gold)| *is_gold).count();
        n_above += equals.len();
        hits_above += hits;
        sum += hits as f64 * hits_above as f64 / n_above as f64;
    }
    sum / hits_above.max(1) as f64
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len().max(1) as f64;
    values.sum::<f64>() / n
}
