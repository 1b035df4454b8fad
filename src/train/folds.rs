//! Scores every message by a model that has not seen it, and learns the final model: k + 1 fits side by side.

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::{Array1, Array2};

use super::corpus::Corpus;
use crate::parallel;
use crate::score::{FittedRows, RowsEstimator};

/// Out-of-fold scores of one message.
#[derive(Debug, Clone)]
pub(super) struct FoldScores {
    /// Its position in the corpus.
    pub(super) message: usize,
    /// **Shape**: one per output.
    pub(super) scores: Vec<f32>,
}

/// Units as `linfa` records, with the label that stratifies them.
type Units = DatasetBase<Array2<u32>, Array1<usize>>;

/// Fits the model of all units, and one without each fold; returns the first, and the scores that the others give to what they
/// have not seen. `linfa` cuts folds of equal size: up to `n_folds - 1` units at the end are learnt but never scored.
pub(super) fn fit_all<'a>(
    estimator: &RowsEstimator<'a>,
    corpus: &Corpus,
    members: &[Vec<usize>],
    n_folds: usize,
    n_threads: usize,
) -> (FittedRows<'a>, Vec<FoldScores>) {
    let n_folds = even_folds(members.len(), n_folds);
    let units = stratified(corpus, members, n_folds);
    let folds = units.fold(n_folds);
    let mut results = parallel::map(
        n_folds + 1,
        n_threads,
        || (),
        |(), index| match folds.get(index) {
            Some((train, held_out)) => (None, score(&fit(estimator, train), estimator, members, held_out)),
            None => (Some(fit(estimator, &units)), Vec::new()),
        },
    );
    let whole = results.pop().and_then(|(whole, _)| whole);
    let mut scores: Vec<FoldScores> = results.into_iter().flat_map(|(_, scores)| scores).collect();
    scores.sort_by_key(|row| row.message);
    (whole.expect("the last of the fits is the one over all units"), scores)
}

/// The number of folds near the one asked for that leaves the fewest units out: `linfa` cuts folds of equal size.
fn even_folds(n_units: usize, n_folds: usize) -> usize {
    let n_folds = n_folds.min(n_units);
    (n_folds..=(2 * n_folds).min(n_units)).min_by_key(|folds| n_units % folds).unwrap_or(n_folds)
}

fn fit<'a>(estimator: &RowsEstimator<'a>, units: &Units) -> FittedRows<'a> {
    match estimator.fit(units) {
        Ok(fitted) => fitted,
        Err(never) => unreachable!("{never}"),
    }
}

fn score(
    fitted: &FittedRows<'_>,
    estimator: &RowsEstimator<'_>,
    members: &[Vec<usize>],
    held_out: &Units,
) -> Vec<FoldScores> {
    let of_unit = |unit: &u32| {
        let rows = &estimator.rows.scored[*unit as usize];
        let messages = &members[*unit as usize];
        let scored = messages
            .iter()
            .zip(rows)
            .map(|(message, row)| FoldScores { message: *message, scores: fitted.scores(*row) });
        scored.collect::<Vec<_>>()
    };
    held_out.records.iter().flat_map(of_unit).collect()
}

/// Units in an order whose consecutive n-ths have about the same labels: sorted by label, then dealt out.
fn stratified(corpus: &Corpus, members: &[Vec<usize>], n_folds: usize) -> Units {
    let label = |unit: u32| members[unit as usize].first().map_or(0, |message| corpus.messages[*message].label_id);
    let mut sorted: Vec<u32> = (0..members.len() as u32).collect();
    sorted.sort_by_key(|unit| label(*unit));
    let dealt: Vec<u32> = (0..n_folds).flat_map(|fold| sorted.iter().copied().skip(fold).step_by(n_folds)).collect();
    let labels = dealt.iter().map(|unit| label(*unit)).collect();
    let records = Array2::from_shape_fn((dealt.len(), 1), |(row, _)| dealt[row]);
    DatasetBase::new(records, labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{LabelSet, LabeledMessage, Message};

    fn corpus(groups: &[(Option<&str>, usize)]) -> Corpus {
        let message = |(group, label_id): &(Option<&str>, usize)| LabeledMessage {
            group: group.map(str::to_owned),
            ..LabeledMessage::new(Message::new("oui"), *label_id)
        };
        Corpus { messages: groups.iter().map(message).collect(), labels: LabelSet::codebook(), data: Vec::new() }
    }

    #[test]
    fn folds_have_like_labels_and_leave_few_units_out() {
        let corpus = corpus(&[(None, 0), (None, 1), (None, 0), (None, 1), (None, 0), (None, 1), (None, 0), (None, 1)]);
        let members = corpus.units(crate::config::HoldOut::Group);
        let units = stratified(&corpus, &members, 4);
        for fold in units.targets.exact_chunks(2) {
            assert_eq!(fold.sum(), 1, "one of each label");
        }
        assert_eq!((even_folds(16, 5), even_folds(4, 5), even_folds(100, 5), even_folds(7, 5)), (8, 4, 5, 7));
    }

    #[test]
    fn a_group_is_one_unit() {
        let corpus = corpus(&[(Some("g"), 0), (None, 1), (Some("g"), 2), (Some("h"), 0)]);
        assert_eq!(corpus.units(crate::config::HoldOut::Group), [vec![0, 2], vec![1], vec![3]]);
    }
}
