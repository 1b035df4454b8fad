#![allow(clippy::float_cmp, reason = "exact values are meant where they are compared")]

use ndarray::{Array2, ArrayView2, Axis, array};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

// Inputs and expectations of `scripts/reference/metrics.py`, scikit-learn 1.9.1 with numpy 2.4.6.
const GOLD: [usize; 12] = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2];
const PREDICTED: [usize; 12] = [0, 0, 0, 1, 0, 1, 1, 0, 1, 2, 0, 2];
const OTHER: [usize; 12] = [0, 0, 1, 0, 0, 1, 1, 1, 2, 2, 0, 1];
const ABSTAINED: [bool; 12] = [false, false, false, false, true, false, false, false, false, false, true, false];

fn reference_probabilities() -> Array2<f32> {
    array![
        [0.90, 0.05, 0.03, 0.02],
        [0.70, 0.20, 0.05, 0.05],
        [0.55, 0.30, 0.10, 0.05],
        [0.30, 0.55, 0.10, 0.05],
        [0.45, 0.30, 0.20, 0.05],
        [0.10, 0.82, 0.03, 0.05],
        [0.20, 0.70, 0.05, 0.05],
        [0.55, 0.30, 0.10, 0.05],
        [0.05, 0.92, 0.02, 0.01],
        [0.05, 0.10, 0.82, 0.03],
        [0.62, 0.10, 0.23, 0.05],
        [0.02, 0.05, 0.91, 0.02],
    ]
}

fn names(n_labels: usize) -> LabelSet {
    LabelSet::from_names((0..n_labels).map(|label_id| format!("label_{label_id}")))
}

fn reference() -> Evaluation {
    let probabilities = reference_probabilities();
    let scored =
        Scored { gold: &GOLD, probabilities: probabilities.view(), predicted: &PREDICTED, abstained: &ABSTAINED };
    evaluate(&names(4), &scored, &EvaluateConfig::default()).unwrap()
}

/// Probabilities are f32 here and f64 in the script.
#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "found {found}, expected {expected}");
}

#[track_caller]
fn assert_interval(found: Interval, value: f64, low: f64, high: f64) {
    assert_close(found.value, value);
    assert_close(found.low, low);
    assert_close(found.high, high);
}

#[test]
fn figures_of_all_messages_are_those_of_scikit_learn() {
    let evaluation = reference();
    assert_eq!(evaluation.confusion.rows(), [[4, 1, 0, 0], [1, 3, 0, 0], [1, 0, 2, 0], [0, 0, 0, 0]]);
    assert_interval(evaluation.macro_f1, 0.759_090_909_090, 0.388_888_888_888, 0.937_373_737_373);
    assert_interval(evaluation.accuracy, 0.75, 0.5, 0.916_666_666_666);
    assert_close(evaluation.log_loss, 0.555_605_903_756);
    assert_close(evaluation.brier, 0.311_333_333_333);
    assert_close(evaluation.ece, 0.254_166_666_666);
    assert_close(evaluation.coverage, 0.833_333_333_333);
    assert_close(evaluation.accuracy_of_covered.unwrap(), 0.8);
}

#[test]
fn figures_per_label_are_those_of_scikit_learn() {
    let per_label = reference().per_label;
    let figures = |metrics: &LabelMetrics| (metrics.precision, metrics.recall, metrics.average_precision);
    let expected =
        [(0.666_666_666, 0.8, 0.796_190_476), (0.75, 0.75, 0.892_857_142), (1.0, 0.666_666_666, 1.0), (0.0, 0.0, 0.0)];
    for (metrics, expected) in per_label.iter().zip(expected) {
        let found = figures(metrics);
        assert_close(found.0, expected.0);
        assert_close(found.1, expected.1);
        assert_close(found.2, expected.2);
    }
    assert_interval(per_label[0].f1, 0.727_272_727_272, 0.285_714_285_714, 0.941_176_470_588);
    assert_interval(per_label[1].f1, 0.75, 0.0, 1.0);
    assert_interval(per_label[2].f1, 0.8, 0.0, 1.0);
    assert_eq!(per_label[3].f1, Interval::default());
    assert_eq!(per_label.iter().map(|metrics| metrics.support).collect::<Vec<_>>(), [5, 4, 3, 0]);
    assert_eq!(per_label.iter().map(|metrics| metrics.predicted).collect::<Vec<_>>(), [6, 4, 2, 0]);
}

#[test]
fn baselines_are_those_of_the_dummy_classifier() {
    let baselines = reference().baselines;
    assert_eq!(baselines.majority_label, "label_0");
    assert_close(baselines.majority_accuracy, 0.416_666_666_666);
    assert_close(baselines.majority_macro_f1, 0.196_078_431_372);
    assert_close(baselines.prior_log_loss, 1.077_556_327_066);
}

#[test]
fn paired_differences_are_those_of_scikit_learn() {
    let comparison = compare(&names(4), &GOLD, &PREDICTED, &OTHER, &EvaluateConfig::default()).unwrap();
    assert_close(comparison.a, 0.759_090_909_090);
    assert_close(comparison.b, 0.622_222_222_222);
    assert_interval(comparison.difference, 0.136_868_686_868, -0.233_804_430_863, 0.480_360_149_110);
    assert_close(comparison.share_a_not_worse, 0.734);
}

#[test]
fn a_model_is_not_worse_than_itself() {
    let comparison = compare(&names(3), &GOLD, &OTHER, &OTHER, &EvaluateConfig::default()).unwrap();
    assert_eq!(comparison.share_a_not_worse, 1.0);
    assert_eq!(comparison.difference, Interval::default());
}

#[test]
fn a_certain_error_costs_what_clipping_leaves() {
    let certain = array![[1.0, 0.0]];
    assert_close(metrics::log_loss(&[1], certain.view()), 34.538_776_394_910_684);
    assert!(metrics::log_loss(&[0], certain.view()) >= 0.0);
}

/// By hand, from Guo et al.: with two bins 0.5 falls into (0, 0.5], and 0.75 and 1.0 share the other.
#[test]
fn bins_are_closed_above() {
    let probabilities = array![[0.5, 0.5], [0.75, 0.25], [1.0, 0.0], [0.0, 0.0]];
    let found = metrics::ece(&[0, 1, 0, 1], probabilities.view(), 2);
    assert_close(found, (0.5 + 0.75) / 4.0);
}

#[test]
fn equal_probabilities_enter_the_ranking_together() {
    let probabilities = array![[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5]];
    assert_close(metrics::average_precision(1, &[0, 1, 0, 0], probabilities.view()), 0.25);
}

#[test]
fn what_cannot_be_measured_is_an_error() {
    let probabilities = array![[0.5, 0.5], [0.5, 0.5]];
    let good =
        Scored { gold: &[0, 1], probabilities: probabilities.view(), predicted: &[0, 1], abstained: &[false; 2] };
    let error = |scored: Scored<'_>| evaluate(&names(2), &scored, &EvaluateConfig::default()).unwrap_err().to_string();
    let empty = Scored {
        gold: &[],
        probabilities: ArrayView2::from_shape((0, 2), &[]).unwrap(),
        predicted: &[],
        abstained: &[],
    };
    let not_a_number = array![[f32::NAN, 0.5], [0.5, 0.5]];
    assert_eq!(error(empty), "holds a header and no rows");
    assert_eq!(error(Scored { predicted: &[0], ..good }), "invalid setting: 1 predicted labels for 2 gold labels");
    assert_eq!(error(Scored { abstained: &[], ..good }), "invalid setting: 0 abstentions for 2 gold labels");
    assert_eq!(error(Scored { gold: &[0, 2], ..good }), r#"label "number 2" is not one of "label_0", "label_1""#);
    assert_eq!(
        error(Scored { probabilities: not_a_number.view(), ..good }),
        r#"found "NaN" where a probability in [0, 1] is expected"#
    );
    let no_bins = EvaluateConfig { n_bins: 0, ..EvaluateConfig::default() };
    assert!(evaluate(&names(2), &good, &no_bins).is_err());
    assert!(evaluate(&names(3), &good, &EvaluateConfig::default()).is_err());
    assert!(compare(&names(2), &[0, 1], &[0, 1], &[0], &EvaluateConfig::default()).is_err());
}

#[test]
fn without_resamples_an_interval_is_a_point() {
    let config = EvaluateConfig { n_resamples: 0, ..EvaluateConfig::default() };
    let comparison = compare(&names(3), &GOLD, &OTHER, &PREDICTED, &config).unwrap();
    assert_eq!(comparison.difference.low, comparison.difference.value);
    assert_eq!(comparison.share_a_not_worse, 0.0);
}

#[test]
fn reads_back_what_it_wrote() {
    let evaluation = reference();
    let json = serde_json::to_string(&evaluation).unwrap();
    let read: Evaluation = serde_json::from_str(&json).unwrap();
    assert_eq!(read.confusion, evaluation.confusion);
    assert_eq!(read.to_string(), evaluation.to_string());
}

#[test]
fn the_table_is_laid_out_so() {
    let labels = ["outreach", "genuine_dialogue", "opportunistic_targeting", "une\nétiquette trop longue pour tenir"];
    let probabilities = reference_probabilities();
    let scored =
        Scored { gold: &GOLD, probabilities: probabilities.view(), predicted: &PREDICTED, abstained: &ABSTAINED };
    let labels = LabelSet::from_names(labels.map(String::from));
    let text = evaluate(&labels, &scored, &EvaluateConfig::default()).unwrap().to_string();
    assert_eq!(text, TABLE);
}

const TABLE: &str = r#"macro-F1  0.759 [0.389, 0.937]  always genuine_dialogue: 0.196
accuracy  0.750 [0.500, 0.917]  always genuine_dialogue: 0.417
log-loss  0.556                 label shares: 1.078
Brier     0.311
ECE       0.254
coverage  0.833  accuracy there 0.800
messages  12

label                         P      R  F1                       AP  support
genuine_dialogue          0.667  0.800  0.727 [0.286, 0.941]  0.796        5
opportunistic_targeting   0.750  0.750  0.750 [0.000, 1.000]  0.893        4
outreach                  1.000  0.667  0.800 [0.000, 1.000]  1.000        3
une�étiquette trop long…      –      –  –                         –        0

gold \ predicted          genuine_dialo…  opportunistic…        outreach  une�étiquette…
genuine_dialogue                4   80 %        1   20 %        0    0 %        0    0 %
opportunistic_targeting         1   25 %        3   75 %        0    0 %        0    0 %
outreach                        1   33 %        0    0 %        2   67 %        0    0 %
une�étiquette trop long…        0    – %        0    – %        0    – %        0    – %

warning: label "genuine_dialogue" has 5 messages (fewer than 30): its figures say little
warning: label "opportunistic_targeting" has 4 messages (fewer than 30): its figures say little
warning: label "outreach" has 3 messages (fewer than 30): its figures say little
warning: label "une\nétiquette trop longue pour tenir" has 0 messages (fewer than 30): its figures say little
"#;

/// A small evaluation: `n_labels`, gold, predicted, probabilities, abstained.
#[derive(Debug, Clone)]
struct Case {
    n_labels: usize,
    gold: Vec<usize>,
    predicted: Vec<usize>,
    probabilities: Array2<f32>,
    abstained: Vec<bool>,
}

impl Case {
    fn evaluate(&self) -> Evaluation {
        let config = EvaluateConfig { n_resamples: 20, ..EvaluateConfig::default() };
        let scored = Scored {
            gold: &self.gold,
            probabilities: self.probabilities.view(),
            predicted: &self.predicted,
            abstained: &self.abstained,
        };
        evaluate(&names(self.n_labels), &scored, &config).unwrap()
    }

    /// The same messages in another order.
    fn reordered(&self, order: &[usize]) -> Self {
        Self {
            n_labels: self.n_labels,
            gold: order.iter().map(|&row| self.gold[row]).collect(),
            predicted: order.iter().map(|&row| self.predicted[row]).collect(),
            probabilities: self.probabilities.select(Axis(0), order),
            abstained: order.iter().map(|&row| self.abstained[row]).collect(),
        }
    }

    /// The same messages with label `n` in the place of label 0, and so on backwards.
    fn relabeled(&self) -> Self {
        let turn = |ids: &[usize]| ids.iter().map(|id| self.n_labels - 1 - id).collect();
        let mut probabilities = self.probabilities.clone();
        probabilities.invert_axis(Axis(1));
        Self { gold: turn(&self.gold), predicted: turn(&self.predicted), probabilities, ..self.clone() }
    }
}

fn cases() -> impl Strategy<Value = Case> {
    (2_usize..5, 1_usize..40).prop_flat_map(|(n_labels, n_messages)| {
        let ids = || vec(0..n_labels, n_messages);
        (ids(), ids(), vec(vec(1_u16..20, n_labels), n_messages), vec(any::<bool>(), n_messages)).prop_map(
            move |(gold, predicted, weights, abstained)| {
                let mut probabilities =
                    Array2::from_shape_fn((n_messages, n_labels), |(row, label_id)| f32::from(weights[row][label_id]));
                probabilities.rows_mut().into_iter().for_each(|mut row| row /= row.sum());
                Case { n_labels, gold, predicted, probabilities, abstained }
            },
        )
    })
}

fn all_shares(evaluation: &Evaluation) -> Vec<f64> {
    let mut shares = vec![evaluation.ece, evaluation.coverage, evaluation.accuracy_of_covered.unwrap_or(0.0)];
    shares.extend([evaluation.baselines.majority_accuracy, evaluation.baselines.majority_macro_f1]);
    let mut intervals = vec![evaluation.macro_f1, evaluation.accuracy];
    for metrics in &evaluation.per_label {
        shares.extend([metrics.precision, metrics.recall, metrics.average_precision]);
        intervals.push(metrics.f1);
    }
    assert!(intervals.iter().all(|interval| interval.low <= interval.high));
    shares.extend(intervals.iter().flat_map(|interval| [interval.value, interval.low, interval.high]));
    shares
}

proptest! {
    #[test]
    fn every_metric_is_in_its_range(case in cases()) {
        let evaluation = case.evaluate();
        for share in all_shares(&evaluation) {
            prop_assert!((0.0..=1.0 + 1e-12).contains(&share), "{share} in {evaluation:?}");
        }
        prop_assert!((0.0..=34.6).contains(&evaluation.log_loss));
        prop_assert!((0.0..=2.0).contains(&evaluation.brier));
        prop_assert!((0.0..=(case.n_labels as f64).ln() + 1e-12).contains(&evaluation.baselines.prior_log_loss));
    }

    #[test]
    fn accuracy_is_the_trace_over_all(case in cases()) {
        let evaluation = case.evaluate();
        let trace: u64 = (0..case.n_labels).map(|label_id| evaluation.confusion.rows()[label_id][label_id]).sum();
        prop_assert_eq!(evaluation.confusion.n_messages(), case.gold.len() as u64);
        prop_assert!((evaluation.accuracy.value - trace as f64 / case.gold.len() as f64).abs() < 1e-12);
    }

    #[test]
    fn the_order_of_messages_does_not_matter(
        (case, order) in cases().prop_flat_map(|case| {
            let order = Just((0..case.gold.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(case), order)
        })
    ) {
        let (evaluation, reordered) = (case.evaluate(), case.reordered(&order).evaluate());
        prop_assert!((evaluation.log_loss - reordered.log_loss).abs() < 1e-9);
        prop_assert!((evaluation.brier - reordered.brier).abs() < 1e-9);
        prop_assert!((evaluation.ece - reordered.ece).abs() < 1e-9);
        let (log_loss, brier, ece) = (evaluation.log_loss, evaluation.brier, evaluation.ece);
        // All else comes from counts, the bootstrap included: equal to the last bit.
        prop_assert_eq!(evaluation, Evaluation { log_loss, brier, ece, ..reordered });
    }

    #[test]
    fn relabeling_permutes_the_figures_per_label(case in cases()) {
        let (evaluation, relabeled) = (case.evaluate(), case.relabeled().evaluate());
        prop_assert!((evaluation.macro_f1.value - relabeled.macro_f1.value).abs() < 1e-12);
        for (metrics, turned) in evaluation.per_label.iter().zip(relabeled.per_label.iter().rev()) {
            let figures = |of: &LabelMetrics| [of.precision, of.recall, of.f1.value, of.average_precision];
            prop_assert_eq!(figures(metrics), figures(turned));
            prop_assert_eq!((metrics.support, metrics.predicted), (turned.support, turned.predicted));
        }
    }

    #[test]
    fn perfect_predictions_score_one(case in cases()) {
        let probabilities = Array2::from_shape_fn(case.probabilities.dim(), |(row, label_id)| {
            f32::from(u8::from(label_id == case.gold[row]))
        });
        let evaluation = Case { predicted: case.gold.clone(), probabilities, ..case }.evaluate();
        let one = Interval { value: 1.0, low: 1.0, high: 1.0 };
        prop_assert_eq!((evaluation.macro_f1, evaluation.accuracy), (one, one));
        prop_assert!(evaluation.log_loss < 1e-12 && evaluation.brier == 0.0 && evaluation.ece == 0.0);
        for metrics in evaluation.per_label.iter().filter(|metrics| metrics.support > 0) {
            prop_assert_eq!((metrics.f1, metrics.average_precision), (one, 1.0));
        }
    }

    #[test]
    fn comparing_the_other_way_round_turns_the_sign(case in cases()) {
        let config = EvaluateConfig { n_resamples: 20, ..EvaluateConfig::default() };
        let other: Vec<usize> = case.predicted.iter().rev().copied().collect();
        let labels = names(case.n_labels);
        let forth = compare(&labels, &case.gold, &case.predicted, &other, &config).unwrap();
        let back = compare(&labels, &case.gold, &other, &case.predicted, &config).unwrap();
        prop_assert!((forth.difference.value + back.difference.value).abs() < 1e-12);
        prop_assert!((-1.0..=1.0).contains(&forth.difference.low) && (-1.0..=1.0).contains(&forth.difference.high));
    }
}
