//! Refines a model with a user's own labelled messages: what the base says is where learning begins.
//!
//! Each output learns a correction of the base's score, `s(x) = s₀(x) + Δ·x`, by the usual solver with the base's scores as offsets (a
//! Gaussian prior at the base's weights: Chelba and Acero, "Adaptation of Maximum Entropy Capitalizer", EMNLP 2004), and each
//! label a constant, since a user's stream has its own shares. How strongly it may depart from the base is chosen among
//! [`STRENGTHS`] by cross-validation on the user's messages, the weakest where several are as good; the base stays as it is where none beats it by more than chance
//! would: log-loss better by [`SURELY`] standard errors, macro-F1 no worse.
//!
//! Messages that the base already does well may be *replayed* beside the user's, so that the correction does not lose them (experience
//! replay: Rolnick et al. 2019): they are learnt and judged with the others, and bring no feature of their own.

use ndarray::{Array1, Array2, Axis};

use super::corpus::Corpus;
use super::folds::{self, FoldScores};
use super::rows::{self, Road, Vectorized};
use super::{Trained, augment, check, evaluate_scored};
use crate::calibrate::VectorScaling;
use crate::config::TrainConfig;
use crate::correction::{Correction, CorrectionOrigin};
use crate::error::{ErrorKind, Result};
use crate::evaluate::Evaluation;
use crate::model::{Manifest, Model, OutOfFold, Refinement};
use crate::pipeline::Pipeline;
use crate::score::{FitConfig, LinearModel, RowsEstimator};
use crate::vectorize::Vectorizer;

/// Values of C tried for the correction, weakest first; with 0 only the labels' constants are learnt.
const STRENGTHS: &[f32] = &[0.0, 0.0003, 0.0006, 0.001, 0.003, 0.01];
/// How many messages it takes to believe that a user's labels have other shares.
const SHIFT_STRENGTH: f64 = 20.0;
/// How many standard errors a gain must be worth: with one, refined models now and then fell short of their base by 0.04 macro-F1, with
/// two by 0.03.
const SURELY: f64 = 3.0;
/// Fewer messages cannot be told from chance.
const FEWEST: usize = 20;
/// A feature of a correction that is to be passed on is found in so many of the messages at least.
const FEWEST_TO_TELL: u32 = 3;

/// What a refinement may take from its messages.
#[derive(Debug, Clone, Copy, Default)]
pub struct RefineOptions<'a> {
    /// Messages learnt and judged beside the user's.
    pub replay: Option<&'a Corpus>,
    /// Whether only features that the base knows may be corrected, each found in three of the user's messages at least, so that the
    /// correction tells nothing of any of them.
    pub discreet: bool,
}

/// Refines a base model; the same bytes for the same base, corpus, settings and seed, whatever the number of threads. What the base
/// does with a message (its pipeline settings) stays.
///
/// **Errors**: [`ErrorKind::InvalidConfig`] where the corpus's labels are not the base's, [`ErrorKind::UntrainableCorpus`] for too
/// few messages.
pub fn refine(
    base: Model,
    corpus: &Corpus,
    options: RefineOptions<'_>,
    config: &TrainConfig,
    n_threads: usize,
) -> Result<Trained> {
    check_corpus(&base, corpus)?;
    let n_own = corpus.messages.len();
    let joined = options.replay.map(|replay| corpus.beside(replay)).transpose()?;
    let corpus = joined.as_ref().unwrap_or(corpus);
    let base = Pipeline::new(base)?;
    let units = corpus.units(config.hold_out);
    check(corpus, &units, config)?;
    let learnable = prepare(&base, corpus, (&units, n_own, options.discreet), config, n_threads)?;
    let unchanged = Attempt::unchanged(&learnable, &base, corpus, &units)?;
    let mut attempts = Vec::new();
    for c in STRENGTHS {
        let attempt = Attempt::new(*c, &learnable, &base, corpus, (&units, config, n_threads))?;
        if attempt.beats(&unchanged) {
            attempts.push(attempt);
        }
    }
    finish(weakest_of_the_best(attempts).unwrap_or(unchanged), &learnable, &base, corpus)
}

fn check_corpus(base: &Model, corpus: &Corpus) -> Result<()> {
    if corpus.labels != base.manifest.labels {
        let (ours, theirs) = (corpus.labels.names().join(", "), base.manifest.labels.names().join(", "));
        return Err(ErrorKind::InvalidConfig(format!("the data have the labels {ours}, the base has {theirs}")).into());
    }
    if corpus.messages.len() < FEWEST {
        let why = format!("{} messages are too few to refine a model with, {FEWEST} at least", corpus.messages.len());
        return Err(ErrorKind::UntrainableCorpus(why).into());
    }
    Ok(())
}

/// The user's messages as corrections see them: every family of features but the word vectors, whose place the words themselves take.
fn prepare(
    base: &Pipeline,
    corpus: &Corpus,
    (units, n_own, discreet): (&[Vec<usize>], usize, bool),
    config: &TrainConfig,
    n_threads: usize,
) -> Result<Vectorized> {
    let mut pipeline = base.model().pipeline_config().clone();
    pipeline.features.vectors = false;
    let vectorizer = Vectorizer::new(&pipeline, Some(base.model().subwords.clone()))?;
    let augmenter = augment::Augmenter::new(&config.augment, &corpus.messages, corpus.labels.len(), config.seed);
    let mut config = config.clone();
    config.min_documents = if discreet { config.min_documents.max(FEWEST_TO_TELL) } else { config.min_documents };
    let road = Road {
        base: Some(base),
        n_telling: n_own,
        known: discreet.then(|| base.model().linear.features()),
        ..Road::new(&vectorizer, &augmenter, &config)
    };
    Ok(rows::prepare(corpus, units, base.attributes(), road, n_threads))
}

/// A model that might take the base's place, with what it says of the messages when it has not seen them.
struct Attempt {
    /// `None` for the base itself.
    c: Option<f32>,
    /// The base's, with the labels' constants moved.
    manifest: Manifest,
    /// By how much.
    shift: Vec<f32>,
    /// What is added to the base's weights and biases.
    weights: Array2<f32>,
    bias: Array1<f32>,
    /// Log-loss of each message, times what it counts for.
    losses: Vec<f64>,
    report: Evaluation,
}

impl Attempt {
    fn unchanged(learnable: &Vectorized, base: &Pipeline, corpus: &Corpus, units: &[Vec<usize>]) -> Result<Self> {
        let n_outputs = base.model().linear.n_outputs();
        let scores_of = |(message, row): (&usize, &u32)| {
            let scores = learnable.rows.offsets.iter().map(|offsets| offsets[*row as usize]).collect();
            FoldScores { message: *message, scores }
        };
        let mut scores: Vec<FoldScores> = units
            .iter()
            .zip(&learnable.rows.scored)
            .flat_map(|(messages, rows)| messages.iter().zip(rows).map(scores_of))
            .collect();
        scores.sort_by_key(|row| row.message);
        let weights = Array2::zeros((learnable.vocabulary.len(), n_outputs));
        let added = (weights, Array1::zeros(n_outputs), vec![0.0; corpus.labels.len()]);
        Self::of(None, base.model().manifest.clone(), added, &scores, corpus)
    }

    fn new(
        c: f32,
        learnable: &Vectorized,
        base: &Pipeline,
        corpus: &Corpus,
        (units, config, n_threads): (&[Vec<usize>], &TrainConfig, usize),
    ) -> Result<Self> {
        let fit = FitConfig { c, ..config.fit.clone() };
        let estimator =
            RowsEstimator { rows: &learnable.rows, config: &fit, n_labels: corpus.labels.len(), seed: config.seed };
        let (fitted, scores) = folds::fit_all(&estimator, corpus, units, config.folds, n_threads);
        let mut manifest = base.model().manifest.clone();
        let log_odds: Vec<Vec<f32>> = scores
            .iter()
            .map(|row| manifest.label_probabilities(&row.scores).iter().map(|p| libm::logf(p.max(1e-9))).collect())
            .collect();
        let gold: Vec<(usize, f32)> = scores
            .iter()
            .map(|row| &corpus.messages[row.message])
            .map(|message| (message.label_id, message.weight))
            .collect();
        let shift = VectorScaling::fit_shift(&log_odds, &gold, corpus.labels.len(), SHIFT_STRENGTH);
        manifest.shift_log_odds(&shift);
        let mut weights = fitted.weights();
        for (mut row, idf) in weights.axis_iter_mut(Axis(0)).zip(&learnable.vocabulary.idf) {
            row *= *idf;
        }
        Self::of(Some(c), manifest, (weights, fitted.bias(), shift), &scores, corpus)
    }

    fn of(
        c: Option<f32>,
        manifest: Manifest,
        (weights, bias, shift): (Array2<f32>, Array1<f32>, Vec<f32>),
        scores: &[FoldScores],
        corpus: &Corpus,
    ) -> Result<Self> {
        let mut losses = vec![0.0; corpus.messages.len()];
        for row in scores {
            let message = &corpus.messages[row.message];
            let p = manifest.label_probabilities(&row.scores)[message.label_id];
            losses[row.message] = -libm::log(f64::from(p.max(1e-9))) * f64::from(message.weight);
        }
        let report = evaluate_scored(scores, &manifest, corpus)?;
        Ok(Self { c, manifest, shift, weights, bias, losses, report })
    }

    fn loss(&self) -> f64 {
        self.losses.iter().sum()
    }

    fn beats(&self, other: &Self) -> bool {
        is_surely_less(&self.losses, &other.losses) && self.report.macro_f1.value >= other.report.macro_f1.value
    }
}

/// The weakest that the best is not surely better than: a correction no larger than the messages ask for changes less of what they do not
/// speak of (the rule of one standard error: Breiman et al., "Classification and Regression Trees", 1984). Attempts come weakest first.
fn weakest_of_the_best(attempts: Vec<Attempt>) -> Option<Attempt> {
    let best = attempts.iter().min_by(|left, right| left.loss().total_cmp(&right.loss()))?.losses.clone();
    attempts.into_iter().find(|attempt| !is_surely_less(&best, &attempt.losses))
}

/// Less on average by more than [`SURELY`] standard errors of the difference, message by message.
fn is_surely_less(ours: &[f64], theirs: &[f64]) -> bool {
    // The few messages at the end that no fold scored have a loss of 0: there both count as equal.
    let gain = |(ours, theirs): (&f64, &f64)| if *ours == 0.0 { 0.0 } else { theirs - ours };
    let gains: Vec<f64> = ours.iter().zip(theirs).map(gain).collect();
    let n = gains.len() as f64;
    let mean = gains.iter().sum::<f64>() / n;
    let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    mean > SURELY * (variance / n).sqrt()
}

fn finish(attempt: Attempt, learnable: &Vectorized, base: &Pipeline, corpus: &Corpus) -> Result<Trained> {
    let Attempt { c, mut manifest, shift, weights, bias, report, .. } = attempt;
    let model = base.model();
    let features = &learnable.vocabulary.features;
    let (linear, correction) = match c {
        Some(c) => {
            let origin = CorrectionOrigin {
                written_by: manifest.written_by.clone(),
                base: model.id().to_owned(),
                c,
                labels: corpus.labels.clone(),
                attributes: base.attributes().to_vec(),
                data: corpus.data.clone(),
            };
            let added = LinearModel::quantize(features, &weights, bias.clone())?;
            (model.linear.plus(features, &weights, &bias)?, Some(Correction { linear: added, shift, origin }))
        }
        None => (model.linear.clone(), None),
    };
    manifest.refined = Some(Refinement { base: model.id().to_owned(), c, data: corpus.data.clone() });
    manifest.out_of_fold = OutOfFold::from(&report);
    Ok(Trained { model: Model { manifest, subwords: model.subwords.clone(), linear }, report, correction })
}

#[cfg(test)]
mod tests {
    use super::is_surely_less;

    #[test]
    fn a_gain_that_chance_could_give_is_none() {
        let base = [0.5; 40];
        let steady: Vec<f64> = (0..40).map(|row| 0.4 + 0.01 * f64::from(row % 3)).collect();
        let wavering: Vec<f64> = (0..40).map(|row| if row % 2 == 0 { 0.1 } else { 0.88 }).collect();
        assert!(is_surely_less(&steady, &base));
        assert!(!is_surely_less(&wavering, &base) && !is_surely_less(&base, &base));
        assert!(!is_surely_less(&[0.0; 40], &base), "messages that were not scored prove nothing");
    }
}
