//! Learns a model: corpus → rows → fit → calibrate → evaluate → model.

mod augment;
mod corpus;
mod fold;
mod folds;
mod refine;

mod rows;
mod tune;
mod validate;

use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;

use ndarray::{Array1, Array2, Axis};

use crate::calibrate::{Stacking, VectorScaling};
use crate::config::{MOST_TO_CHOOSE_BY, TrainConfig};
use crate::correction::Correction;
use crate::error::{ErrorKind, Result};
use crate::evaluate::{EvaluateConfig, Evaluation, Groups, Scored, evaluate};
use crate::model::{DataDigest, FORMAT_VERSION, Manifest, Model, OutOfFold};
use crate::normalize::Normalizer;
use crate::score::RowsEstimator;
use crate::tokenize::{FrenchTokenizer, Subwords};
use crate::types::{Attribute, LabelSet, Normalized, TokenKind};
use crate::vectorize::Vectorizer;
use crate::vectors::WordVectors;

pub use corpus::{Corpus, CorpusOptions, read_digested};
use folds::FoldScores;
pub use refine::{RefineOptions, refine};
pub use tune::{Trial, autotune};
pub use validate::{Check, Finding, LabelCount, Place, Validation, validate};

/// A table of word vectors with the digest of its file.
#[derive(Debug, Clone)]
pub struct PretrainedVectors {
    /// The table.
    pub vectors: WordVectors,
    /// What a model says of it.
    pub digest: DataDigest,
}

impl PretrainedVectors {
    /// Reads the file of a table.
    ///
    /// **Errors**: those of [`WordVectors::load`].
    pub fn load(path: &Path) -> Result<Self> {
        let (vectors, digest) = WordVectors::load(path)?;
        Ok(Self { vectors, digest })
    }
}

/// What was learnt elsewhere and is given to training.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// Word vectors, as further features.
    pub vectors: Option<&'a PretrainedVectors>,
    /// What is added to the learnt weights, with the digest of its file.
    pub correction: Option<&'a (Correction, DataDigest)>,
}

/// A learnt model and how it did on the messages it was learnt from, each scored by a model that had not seen it.
#[derive(Debug)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// Out-of-fold figures.
    pub report: Evaluation,
    /// What refining added to its base.
    pub correction: Option<Correction>,
}

/// Learns a model from labelled messages, on all cores. The same bytes for the same corpus, settings and seed.
///
/// **Errors**: [`ErrorKind::UntrainableCorpus`] for fewer than two labels or fewer messages than folds,
/// [`ErrorKind::InvalidConfig`] for impossible settings.
pub fn train(corpus: &Corpus, config: &TrainConfig) -> Result<Trained> {
    train_on(corpus, config, Given::default(), std::thread::available_parallelism().map_or(1, NonZero::get))
}

/// [`train`] with what was learnt elsewhere, on a number of threads, which changes nothing but the time it takes.
///
/// **Errors**: as [`train`]; [`ErrorKind::InvalidConfig`] for a correction of other labels.
pub fn train_on(corpus: &Corpus, config: &TrainConfig, given: Given<'_>, n_threads: usize) -> Result<Trained> {
    let units = corpus.units(config.hold_out);
    check(corpus, &units, config)?;
    let subwords = Arc::new(learn_subwords(corpus, config)?);
    let vectorizer = Vectorizer::new(&config.pipeline, Some(subwords.clone()))?;
    let augmenter = augment::Augmenter::new(&config.augment, &corpus.messages, corpus.labels.len(), config.seed);
    let attributes = corpus.attributes();
    let table = given.vectors.map(|pretrained| &pretrained.vectors);
    let correction = given.correction.map(|(correction, _)| correction);
    if let Some(correction) = correction {
        correction.check(&corpus.labels, &attributes)?;
    }
    let road = rows::Road {
        vectors: table,
        correction: correction.map(|correction| &correction.linear),
        ..rows::Road::new(&vectorizer, &augmenter, config)
    };
    let learnable = rows::prepare(corpus, &units, &attributes, road, n_threads);
    let learn = |c: f32| {
        let mut config = TrainConfig { c_candidates: Vec::new(), ..config.clone() };
        config.fit.c = c;
        learn(corpus, &config, (&units, &learnable, &attributes), correction, n_threads)
    };
    let (first, others) = candidates(config, corpus.messages.len());
    let mut learnt = learn(first)?;
    for c in others {
        let other = learn(*c)?;
        learnt = if other.report.log_loss < learnt.report.log_loss { other } else { learnt };
    }
    let Learnt { weights, bias, mut manifest, report } = learnt;
    let (mut linear, center) = fold::model(&learnable, weights, bias, table, &config.vectors)?;
    if let Some((correction, digest)) = given.correction {
        linear = linear.plus_model(&correction.linear)?;
        manifest.correction = Some(digest.clone());
    }
    manifest.out_of_fold = OutOfFold::from(&report);
    manifest.center = center;
    if let Some(pretrained) = given.vectors {
        manifest.config.pipeline.features.vectors = true;
        manifest.vectors = Some(pretrained.digest.clone());
    }
    Ok(Trained { model: Model { manifest, subwords, linear }, report, correction: None })
}

/// What one value of C gives.
struct Learnt {
    weights: Array2<f32>,
    bias: Array1<f32>,
    manifest: Manifest,
    report: Evaluation,
}

fn learn(
    corpus: &Corpus,
    config: &TrainConfig,
    (units, learnable, attributes): (&[Vec<usize>], &rows::Vectorized, &[Attribute]),
    correction: Option<&Correction>,
    n_threads: usize,
) -> Result<Learnt> {
    let n_labels = corpus.labels.len();
    let estimator = RowsEstimator { rows: &learnable.rows, config: &config.fit, n_labels, seed: config.seed };
    let (fitted, mut scores) = folds::fit_all(&estimator, corpus, units, config.folds, n_threads);
    let calibration = Calibration::fit(&scores, corpus, attributes);
    let mut manifest = manifest(corpus, config, attributes.to_vec(), calibration);
    if let Some(correction) = correction {
        // It was learnt over a model's calibrated scores, so that these are calibrated first.
        manifest.shift_log_odds(&correction.shift);
        for row in &mut scores {
            row.scores.iter_mut().zip(&learnable.corrections[row.message]).for_each(|(score, added)| *score += added);
        }
    }
    let report = evaluate_scored(&scores, &manifest, corpus)?;
    Ok(Learnt { weights: fitted.weights(), bias: fitted.bias(), manifest, report })
}

/// The values of C to choose among: the first, and the others.
fn candidates(config: &TrainConfig, n_messages: usize) -> (f32, &[f32]) {
    match config.c_candidates.split_first() {
        Some((first, others)) if n_messages <= MOST_TO_CHOOSE_BY => (*first, others),
        _ => (config.fit.c, &[]),
    }
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
    let mut positive =
        [config.fit.c, config.fit.tolerance, config.fit.bias].into_iter().chain(config.c_candidates.iter().copied());
    if !positive.all(|number| number.is_finite() && number > 0.0) {
        let why = "fit.c, c_candidates, fit.tolerance and fit.bias must be above 0".to_owned();
        return Err(ErrorKind::InvalidConfig(why).into());
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
    /// Only where every attribute of the codebook is known.
    stacking: Option<Stacking>,
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
        let all: Vec<Vec<f32>> = scores.iter().map(|row| row.scores.clone()).collect();
        let knows_all = attributes == Attribute::ALL;
        let labels = VectorScaling::fit(&rows, &gold, n_labels);
        Self {
            stacking: knows_all.then(|| Stacking::fit(&all, &gold, &labels)),
            labels,
            attributes: attributes.iter().enumerate().map(fit_attribute).collect(),
        }
    }
}

/// Figures of out-of-fold scores, as the manifest calibrates them.
fn evaluate_scored(scores: &[FoldScores], manifest: &Manifest, corpus: &Corpus) -> Result<Evaluation> {
    let mut probabilities = Array2::zeros((scores.len(), corpus.labels.len()));
    for (row, fold) in probabilities.axis_iter_mut(Axis(0)).zip(scores) {
        let calibrated = manifest.label_probabilities(&fold.scores);
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
    let groups = scores.iter().map(|row| corpus.messages[row.message].group.as_deref());
    let groups = Groups::of(groups, judged.gold, judged.predicted);
    Ok(Evaluation { groups, ..evaluate(&corpus.labels, &judged, &EvaluateConfig::default())? })
}

/// Position of the largest number, the first of several.
fn best(row: ndarray::ArrayView1<'_, f32>) -> usize {
    (1..row.len()).fold(0, |best, label| if row[label] > row[best] { label } else { best })
}

fn manifest(corpus: &Corpus, config: &TrainConfig, attributes: Vec<Attribute>, calibration: Calibration) -> Manifest {
    Manifest {
        format_version: FORMAT_VERSION,
        written_by: format!("franc-parler {}", env!("CARGO_PKG_VERSION")),
        labels: corpus.labels.clone(),
        attributes,
        config: config.clone(),
        calibration: calibration.labels,
        stacking: calibration.stacking,
        attribute_calibration: calibration.attributes,
        prior: prior(corpus, &corpus.labels),
        data: corpus.data.clone(),
        vectors: None,
        center: None,
        correction: None,
        refined: None,
        adapted: None,
        out_of_fold: OutOfFold::default(),
        files: Vec::new(),
        checksum: String::new(),
    }
}

impl From<&Evaluation> for OutOfFold {
    fn from(report: &Evaluation) -> Self {
        Self {
            n_messages: report.n_messages,
            accuracy: report.accuracy.value,
            macro_f1: report.macro_f1.value,
            log_loss: report.log_loss,
            ece: report.ece,
        }
    }
}

fn prior(corpus: &Corpus, labels: &LabelSet) -> Vec<f32> {
    let share = |label: usize| {
        let count = corpus.messages.iter().filter(|message| message.label_id == label).count();
        count as f32 / corpus.messages.len().max(1) as f32
    };
    (0..labels.len()).map(share).collect()
}
