//! Gold and predicted labels in, metrics out.
//!
//! **In**: for every message its gold label, its predicted label, its calibrated probabilities and whether the model
//! abstained ([`Scored`]); for [`compare`] the labels that two models predicted.
//! **Out**: an [`Evaluation`], whose `Display` is a table for a terminal; or a [`Comparison`].
//! **Guaranteed**: every number is finite, in its range, and the same for any order of the rows (to rounding) and any
//! number of threads. A label that never occurs has zeros, and does not enter macro-F1.
//! **Left to others**: choosing the messages, predicting, deciding whether the quality is enough, printing.
//!
//! ```
//! use franc_parler::evaluate::{EvaluateConfig, Scored, evaluate};
//! use franc_parler::types::LabelSet;
//! use ndarray::array;
//!
//! let probabilities = array![[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.5, 0.1, 0.4]];
//! let scored = Scored {
//!     gold: &[0, 1, 2],
//!     probabilities: probabilities.view(),
//!     predicted: &[0, 1, 0],
//!     abstained: &[false, false, true],
//! };
//! let evaluation = evaluate(&LabelSet::codebook(), &scored, &EvaluateConfig::default())?;
//! assert_eq!(evaluation.confusion.rows()[2], [1, 0, 0]);
//! assert_eq!(evaluation.accuracy_of_covered, Some(1.0));
//! # Ok::<(), franc_parler::error::Error>(())
//! ```

mod baselines;
mod bootstrap;
mod compare;
mod confusion;
mod groups;
mod metrics;
mod render;

#[cfg(test)]
mod tests;

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

pub use baselines::Baselines;
pub use bootstrap::Interval;
pub use compare::{Comparison, compare};
pub use confusion::Confusion;
pub use groups::Groups;

use crate::error::{ErrorKind, Result};
use crate::types::LabelSet;
use bootstrap::Population;

/// What is to be evaluated.
///
/// **Shape**: all four have one entry or row per message, in the same order; ids are `< n_labels`.
#[derive(Debug, Clone, Copy)]
pub struct Scored<'a> {
    /// Gold label ids.
    pub gold: &'a [usize],
    /// Calibrated probabilities, each in [0, 1]. **Shape**: `n_messages × n_labels`.
    pub probabilities: ArrayView2<'a, f32>,
    /// Predicted label ids, given also where the model abstains.
    pub predicted: &'a [usize],
    /// Whether the model said that it does not know.
    pub abstained: &'a [bool],
}

/// Settings of an evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EvaluateConfig {
    /// Bootstrap resamples behind every interval; with 0 an interval is a point.
    pub n_resamples: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Bins of the expected calibration error; at least 1.
    pub n_bins: usize,
}

impl Default for EvaluateConfig {
    fn default() -> Self {
        Self { n_resamples: 1000, seed: 17, n_bins: 15 }
    }
}

/// How well predictions agree with gold labels. Every message counts, abstained or not, save where said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Number of messages.
    pub n_messages: usize,
    /// Label names, in the order of `per_label` and `confusion`.
    pub labels: Vec<String>,
    /// Unweighted mean of F1 over the labels that are gold or predicted somewhere (scikit-learn's default).
    pub macro_f1: Interval,
    /// Share of messages whose predicted label is the gold one.
    pub accuracy: Interval,
    /// Mean of −ln p(gold label), in nats; p is clipped to [1e-15, 1 − 1e-15].
    pub log_loss: f64,
    /// Mean over messages of Σ over labels (p − y)²; in [0, 2].
    pub brier: f64,
    /// Expected calibration error of the top probability, in [0, 1].
    pub ece: f64,
    /// Share of messages on which the model did not abstain.
    pub coverage: f64,
    /// Accuracy on those messages; `None` where there are none.
    pub accuracy_of_covered: Option<f64>,
    /// What one gets without looking at the messages.
    pub baselines: Baselines,
    /// One entry per label.
    pub per_label: Vec<LabelMetrics>,
    /// Rows gold, columns predicted.
    pub confusion: Confusion,
    /// How whole groups of messages came out, for a caller who knows of groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Groups>,
}

/// How well one label is told from the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelMetrics {
    /// Its name.
    pub label: String,
    /// Share of the messages predicted so that are so; 0 where it is never predicted.
    pub precision: f64,
    /// Share of the messages that are so that are predicted so; 0 where it is never gold.
    pub recall: f64,
    /// Harmonic mean of both, 0 where they are. The interval is over the resamples in which the label occurs.
    pub f1: Interval,
    /// Area under the precision-recall steps of its probability against the rest; 0 where it is never gold.
    pub average_precision: f64,
    /// Messages that are so.
    pub support: u64,
    /// Messages predicted so.
    pub predicted: u64,
}

/// Measures predictions against gold labels.
///
/// # Errors
/// [`ErrorKind::NoRows`] without messages; [`ErrorKind::UnknownLabel`] for an id beyond the labels;
/// [`ErrorKind::InvalidValue`] for a probability outside [0, 1]; [`ErrorKind::InvalidConfig`] where lengths differ or
/// there are no bins.
pub fn evaluate(labels: &LabelSet, scored: &Scored<'_>, config: &EvaluateConfig) -> Result<Evaluation> {
    check(labels, scored, config)?;
    let Scored { gold, probabilities, predicted, abstained } = *scored;
    let confusion = Confusion::new(labels.len(), gold, predicted);
    let resamples = Resamples::draw(labels.len(), gold, predicted, config);
    let covered = || gold.iter().zip(predicted).zip(abstained).filter(|(_, abstained)| !**abstained);
    let (n_covered, n_right) =
        (covered().count(), covered().filter(|((gold, predicted), _)| gold == predicted).count());
    Ok(Evaluation {
        n_messages: gold.len(),
        labels: labels.names().to_vec(),
        log_loss: metrics::log_loss(gold, probabilities),
        brier: metrics::brier(gold, probabilities),
        ece: metrics::ece(gold, probabilities, config.n_bins),
        coverage: n_covered as f64 / gold.len() as f64,
        accuracy_of_covered: (n_covered > 0).then(|| n_right as f64 / n_covered as f64),
        baselines: Baselines::new(labels, &confusion),
        per_label: per_label(labels, scored, &confusion, resamples.f1),
        macro_f1: Interval::new(confusion.macro_f1(), resamples.macro_f1),
        accuracy: Interval::new(confusion.accuracy(), resamples.accuracy),
        confusion,
        groups: None,
    })
}

fn per_label(
    labels: &LabelSet,
    scored: &Scored<'_>,
    confusion: &Confusion,
    resampled_f1: Vec<Vec<f64>>,
) -> Vec<LabelMetrics> {
    let metrics = |(label_id, (label, resampled)): (usize, (&String, Vec<f64>))| LabelMetrics {
        label: label.clone(),
        precision: confusion.precision(label_id),
        recall: confusion.recall(label_id),
        f1: Interval::new(confusion.f1(label_id).unwrap_or(0.0), resampled),
        average_precision: metrics::average_precision(label_id, scored.gold, scored.probabilities),
        support: confusion.support(label_id),
        predicted: confusion.predicted(label_id),
    };
    labels.names().iter().zip(resampled_f1).enumerate().map(metrics).collect()
}

/// Metrics of labels on every resample.
struct Resamples {
    accuracy: Vec<f64>,
    macro_f1: Vec<f64>,
    /// **Shape**: `n_labels`, each as long as there are resamples in which the label occurs.
    f1: Vec<Vec<f64>>,
}

impl Resamples {
    fn draw(n_labels: usize, gold: &[usize], predicted: &[usize], config: &EvaluateConfig) -> Self {
        let population = Population::new(gold.iter().zip(predicted).map(|(&gold, &predicted)| [gold, predicted]));
        let mut resamples = Self { accuracy: vec![], macro_f1: vec![], f1: vec![vec![]; n_labels] };
        population.resample(config.n_resamples, config.seed, |kinds| {
            let mut confusion = Confusion::empty(n_labels);
            for ([gold, predicted], n_messages) in kinds {
                confusion.add(gold, predicted, n_messages);
            }
            resamples.push(&confusion);
        });
        resamples
    }

    fn push(&mut self, confusion: &Confusion) {
        self.accuracy.push(confusion.accuracy());
        self.macro_f1.push(confusion.macro_f1());
        for (label_id, resampled) in self.f1.iter_mut().enumerate() {
            resampled.extend(confusion.f1(label_id));
        }
    }
}

fn check(labels: &LabelSet, scored: &Scored<'_>, config: &EvaluateConfig) -> Result<()> {
    let n_messages = scored.gold.len();
    check_ids(labels, scored.gold, &[scored.predicted])?;
    check_length("abstentions", scored.abstained.len(), n_messages)?;
    check_length("rows of probabilities", scored.probabilities.nrows(), n_messages)?;
    if scored.probabilities.ncols() != labels.len() {
        let n_columns = scored.probabilities.ncols();
        let found = format!("{n_columns} columns of probabilities for {} labels", labels.len());
        return Err(ErrorKind::InvalidConfig(found).into());
    }
    if config.n_bins == 0 {
        return Err(ErrorKind::InvalidConfig("n_bins is 0, at least 1 is needed".to_owned()).into());
    }
    match scored.probabilities.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        Some(p) => Err(ErrorKind::InvalidValue { found: p.to_string(), expected: "a probability in [0, 1]" }.into()),
        None => Ok(()),
    }
}

/// Checks that there are gold labels, that each list of predicted labels is as long, and that all are known.
fn check_ids(labels: &LabelSet, gold: &[usize], predictions: &[&[usize]]) -> Result<()> {
    if gold.is_empty() {
        return Err(ErrorKind::NoRows.into());
    }
    for predicted in predictions {
        check_length("predicted labels", predicted.len(), gold.len())?;
    }
    match predictions.iter().copied().flatten().chain(gold).find(|&&label_id| label_id >= labels.len()) {
        Some(label_id) => {
            let expected = labels.names().to_vec();
            Err(ErrorKind::UnknownLabel { found: format!("number {label_id}"), expected }.into())
        }
        None => Ok(()),
    }
}

fn check_length(what: &str, found: usize, n_messages: usize) -> Result<()> {
    if found == n_messages {
        return Ok(());
    }
    Err(ErrorKind::InvalidConfig(format!("{found} {what} for {n_messages} gold labels")).into())
}
