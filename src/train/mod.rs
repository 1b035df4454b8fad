//! Learns a model: corpus → rows → fit → calibrate → evaluate → model.

mod augment;
mod corpus;
mod folds;
mod parallel;
mod rows;
mod validate;

use std::num::NonZero;
use std::sync::Arc;

use ndarray::{Array2, Axis};

use crate::calibrate::VectorScaling;
use crate::config::TrainConfig;
use crate::error::{ErrorKind, Result};
use crate::evaluate::{EvaluateConfig, Evaluation, Scored, evaluate};
use crate::model::{FORMAT_VERSION, Manifest, Model, OutOfFold};
use crate::normalize::Normalizer;
use crate::score::{LinearModel, RowsEstimator};
use crate::tokenize::{FrenchTokenizer, Subwords};
use crate::types::{Attribute, LabelSet, Normalized, TokenKind};
use crate::vectorize::Vectorizer;

pub use corpus::{Corpus, CorpusOptions};
use folds::FoldScores;
use rows::Vectorized;
pub use validate::{Check, Finding, LabelCount, Place, Validation, validate};

/// A learnt model and how it did on the messages it was learnt from, each scored by a model that had not seen it.
#[derive(Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// Out-of-fold figures.
    pub report: Evaluation,
}

/// Learns a model from labelled messages, on all cores. The same bytes for the same corpus, settings and seed.
///
/// **Errors**: [`ErrorKind::UntrainableCorpus`] for fewer than two labels or fewer messages than folds,
/// [`ErrorKind::InvalidConfig`] for impossible settings.
pub fn train(corpus: &Corpus, config: &TrainConfig) -> Result<Trained> {
    train_on(corpus, config, std::thread::available_parallelism().map_or(1, NonZero::get))
}

/// [`train`] on a number of threads, which changes nothing but the time it takes.
///
/// **Errors**: as [`train`].
pub fn train_on(corpus: &Corpus, config: &TrainConfig, n_threads: usize) -> Result<Trained> {
    let units = corpus.units(config.hold_out);
    check(corpus, &units, config)?;
    let subwords = Arc::new(learn_subwords(corpus, config)?);
    let vectorizer = Vectorizer::new(&config.pipeline, Some(subwords.clone()))?;
    let augmenter = augment::Augmenter::new(&config.augment, &corpus.messages, corpus.labels.len(), config.seed);
    let attributes = corpus.attributes();
    let learnable =
        rows::prepare(corpus, &units, &attributes, &vectorizer, &augmenter, config.min_documents, n_threads);
    let estimator =
        RowsEstimator { rows: &learnable.rows, config: &config.fit, n_labels: corpus.labels.len(), seed: config.seed };
    let (fitted, scores) = folds::fit_all(&estimator, corpus, &units, config.folds, n_threads);
    let calibration = Calibration::fit(&scores, corpus, &attributes);
    let report = calibration.report(&scores, corpus)?;
    let linear = quantize(&learnable, &fitted.weights(), fitted.bias())?;
    let manifest = manifest(corpus, config, attributes, calibration, &report);
    Ok(Trained { model: Model { manifest, subwords, linear }, report })
}

fn check(corpus: &Corpus, units: &[Vec<usize>], config: &TrainConfig) -> Result<()> {
    let untrainable = |why: String| Err(ErrorKind::UntrainableCorpus(why).into());
    if corpus.labels.len() < 2 {
        return untrainable(format!("it has {} label(s), at least two are needed", corpus.labels.len()));
    }
    if config.folds < 2 {
        return Err(ErrorKind::InvalidConfig(format!("folds is {}, at least two are needed", config.folds)).into());
    }
    if units.len() < 2 {
        return untrainable("all its messages are of one group: no part can be held out".to_owned());
    }
    let positive = [config.fit.c, config.fit.tolerance, config.fit.bias];
    if !positive.iter().all(|number| number.is_finite() && *number > 0.0) {
        return Err(ErrorKind::InvalidConfig("fit.c, fit.tolerance and fit.bias must be above 0".to_owned()).into());
    }
    Ok(())
}

/// The subword vocabulary of the corpus's words, parents left out.
fn learn_subwords(corpus: &Corpus, config: &TrainConfig) -> Result<Subwords> {
    let normalizer = Normalizer::new(&config.pipeline.normalize)?;
    let mut text = Normalized::default();
    let mut words = Vec::new();
    for message in &corpus.messages {
        normalizer.normalize_into(&message.message.text, &mut text);
        for token in FrenchTokenizer.tokenize(&text.text) {
            if token.kind == TokenKind::Word {
                words.push(text.text[token.span].to_owned());
            }
        }
    }
    Subwords::train(words.iter().map(String::as_str), &config.subwords)
}

/// Calibration of the labels and of each attribute, learnt from out-of-fold scores.
struct Calibration {
    labels: VectorScaling,
    attributes: Vec<VectorScaling>,
}

impl Calibration {
    fn fit(scores: &[FoldScores], corpus: &Corpus, attributes: &[Attribute]) -> Self {
        let n_labels = corpus.labels.len();
        let rows: Vec<Vec<f32>> = scores.iter().map(|row| row.scores[..n_labels].to_vec()).collect();
        let gold: Vec<usize> = scores.iter().map(|row| corpus.messages[row.message].label_id).collect();
        let fit_attribute = |(position, attribute): (usize, &Attribute)| {
            let marked = |row: &FoldScores| {
                let side = corpus.messages[row.message].attributes[*attribute as usize]?;
                Some((row.scores[n_labels + position], side))
            };
            let (scores, positive): (Vec<f32>, Vec<bool>) = scores.iter().filter_map(marked).unzip();
            VectorScaling::fit_binary(&scores, &positive)
        };
        Self {
            labels: VectorScaling::fit(&rows, &gold, n_labels),
            attributes: attributes.iter().enumerate().map(fit_attribute).collect(),
        }
    }

    /// Figures of the calibrated out-of-fold scores.
    fn report(&self, scores: &[FoldScores], corpus: &Corpus) -> Result<Evaluation> {
        let n_labels = corpus.labels.len();
        let mut probabilities = Array2::zeros((scores.len(), n_labels));
        for (row, fold) in probabilities.axis_iter_mut(Axis(0)).zip(scores) {
            let mut calibrated = fold.scores[..n_labels].to_vec();
            self.labels.apply(&mut calibrated);
            row.into_iter().zip(calibrated).for_each(|(cell, probability)| *cell = probability);
        }
        let gold: Vec<usize> = scores.iter().map(|row| corpus.messages[row.message].label_id).collect();
        let predicted: Vec<usize> = probabilities.rows().into_iter().map(best).collect();
        let judged = Scored {
            gold: &gold,
            probabilities: probabilities.view(),
            predicted: &predicted,
            abstained: &vec![false; gold.len()],
        };
        evaluate(&corpus.labels, &judged, &EvaluateConfig::default())
    }
}

/// Position of the largest number, the first of several.
fn best(row: ndarray::ArrayView1<'_, f32>) -> usize {
    (1..row.len()).fold(0, |best, label| if row[label] > row[best] { label } else { best })
}

/// The saved weights: rarity folded in, rounded.
fn quantize(vectorized: &Vectorized, weights: &Array2<f32>, bias: ndarray::Array1<f32>) -> Result<LinearModel> {
    let mut weights = weights.clone();
    for (mut row, idf) in weights.axis_iter_mut(Axis(0)).zip(&vectorized.vocabulary.idf) {
        row *= *idf;
    }
    LinearModel::quantize(&vectorized.vocabulary.features, &weights, bias)
}

fn manifest(
    corpus: &Corpus,
    config: &TrainConfig,
    attributes: Vec<Attribute>,
    calibration: Calibration,
    report: &Evaluation,
) -> Manifest {
    Manifest {
        format_version: FORMAT_VERSION,
        written_by: format!("franc-parler {}", env!("CARGO_PKG_VERSION")),
        labels: corpus.labels.clone(),
        attributes,
        config: config.clone(),
        calibration: calibration.labels,
        attribute_calibration: calibration.attributes,
        prior: prior(corpus, &corpus.labels),
        data: corpus.data.clone(),
        out_of_fold: OutOfFold {
            n_messages: report.n_messages,
            accuracy: report.accuracy.value,
            macro_f1: report.macro_f1.value,
            log_loss: report.log_loss,
            ece: report.ece,
        },
        files: Vec::new(),
        checksum: String::new(),
    }
}

fn prior(corpus: &Corpus, labels: &LabelSet) -> Vec<f32> {
    let share = |label: usize| {
        let count = corpus.messages.iter().filter(|message| message.label_id == label).count();
        count as f32 / corpus.messages.len().max(1) as f32
    };
    (0..labels.len()).map(share).collect()
}
