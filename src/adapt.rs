//! Re-centres a model on a user's own messages, without labels.
//!
//! The block of word vectors is measured from the mean of a domain. Where a user's messages are of another kind, that mean is another,
//! and every score is off by the same amount. Since the block is additive, re-centring changes one bias per output and nothing
//! else: mean of the block over the domain it was centred on, less its mean over the user's messages.
//!
//! It can also do harm: a stream that truly holds more of a label has another mean for that very reason. So the shift is capped, is
//! never made silently, and asks for [`FEWEST`] messages.

use crate::error::{ErrorKind, Result};
use crate::features::{FeatureSet, FeaturesConfig, Resources, Sink};
use crate::model::{Adaptation, DataDigest, Manifest, Model};
use crate::pipeline::Pipeline;
use crate::types::{Feature, Message};
use crate::vectorize::{Prepared, Vectorizer};

/// Fewer messages do not tell a mean.
pub const FEWEST: usize = 1_000;

/// Means of a model's vector block over messages, gathered one by one.
#[derive(Debug)]
pub struct Center<'p> {
    pipeline: &'p Pipeline,
    vectorizer: Vectorizer,
    features: FeatureSet,
    prepared: Prepared,
    sums: Vec<f64>,
    n_messages: usize,
    /// Scores, message after message.
    scores: Vec<f32>,
}

impl<'p> Center<'p> {
    /// No messages yet.
    ///
    /// **Errors**: [`ErrorKind::InvalidConfig`] for a model without a block of word vectors.
    pub fn new(pipeline: &'p Pipeline) -> Result<Self> {
        let model = pipeline.model();
        if model.manifest.center.is_none() {
            let why = "this model has no word vectors to re-centre: train it with --vectors".to_owned();
            return Err(ErrorKind::InvalidConfig(why).into());
        }
        Ok(Self {
            pipeline,
            vectorizer: Vectorizer::new(model.pipeline_config(), Some(model.subwords.clone()))?,
            features: FeatureSet::new(&FeaturesConfig::vectors_only(), &Resources::default())?,
            prepared: Prepared::default(),
            sums: vec![0.0; model.linear.n_outputs()],
            n_messages: 0,
            scores: Vec::new(),
        })
    }

    /// Adds a message.
    pub fn add(&mut self, message: &Message<'_>) {
        self.vectorizer.prepare(message, &mut self.prepared);
        if self.prepared.is_empty() {
            return;
        }
        self.scores.extend_from_slice(&self.pipeline.classify(message).scores);
        let model = self.pipeline.model();
        let side = self.prepared.view(&self.features).message;
        let mut block = Block { model, sums: vec![0.0; self.sums.len()] };
        for (index, token) in side.forms.tokens.iter().enumerate() {
            self.features.token(side.form(index), token.kind, side.hashes[index], &mut block);
        }
        let scale = side.length_scale();
        for ((sum, added), step) in self.sums.iter_mut().zip(&block.sums).zip(model.linear.scales()) {
            *sum += f64::from(added * scale * step);
        }
        self.n_messages += 1;
    }

    /// Number of messages that say something.
    pub fn n_messages(&self) -> usize {
        self.n_messages
    }

    /// Messages per predicted label, with `shift` added to the scores. **Shape**: `shift` is one per output.
    pub fn label_counts(&self, shift: &[f32]) -> Vec<usize> {
        let manifest = &self.pipeline.model().manifest;
        let mut counts = vec![0; manifest.labels.len()];
        for scores in self.scores.chunks_exact(self.sums.len()) {
            let shifted: Vec<f32> = scores.iter().zip(shift).map(|(score, shift)| score + shift).collect();
            let p = manifest.label_probabilities(&shifted);
            counts[(1..p.len()).fold(0, |best, label| if p[label] > p[best] { label } else { best })] += 1;
        }
        counts
    }

    /// The model re-centred on the messages; no label's log-odds move by more than `cap`.
    ///
    /// **Errors**: [`ErrorKind::UntrainableCorpus`] for fewer than [`FEWEST`] messages, [`ErrorKind::InvalidConfig`] for an impossible
    /// cap.
    pub fn adapt(&self, texts: DataDigest, cap: f32) -> Result<Model> {
        if self.n_messages < FEWEST {
            let why = format!("{} messages do not tell what is usual; {FEWEST} at least are needed", self.n_messages);
            return Err(ErrorKind::UntrainableCorpus(why).into());
        }
        if !(cap.is_finite() && cap > 0.0) {
            return Err(ErrorKind::InvalidConfig("the cap of the shift must be above 0".to_owned()).into());
        }
        let mut model = self.pipeline.model().clone();
        let manifest = &mut model.manifest;
        let before = manifest.center.clone().unwrap_or_default();
        let n = self.n_messages as f64;
        let wanted: Vec<f32> = before.iter().zip(&self.sums).map(|(old, sum)| old - (sum / n) as f32).collect();
        let shift = limited(&wanted, &effect(manifest, &wanted), cap);
        manifest.center = Some(before.iter().zip(&shift).map(|(old, shift)| old - shift).collect());
        model.linear.shift_bias(&shift);
        manifest.adapted = Some(Adaptation { texts, shift, wanted, cap });
        Ok(model)
    }
}

/// By how much the log-odds of the labels move, where the scores move by `shift`.
fn effect(manifest: &Manifest, shift: &[f32]) -> Vec<f32> {
    match &manifest.stacking {
        Some(stacking) => stacking.effect(shift),
        None => manifest.calibration.factor.iter().zip(shift).map(|(factor, shift)| factor * shift).collect(),
    }
}

/// A shift shortened, in its direction, until no two labels' log-odds part by more than the cap.
fn limited(shift: &[f32], effect: &[f32], cap: f32) -> Vec<f32> {
    let most = effect.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let least = effect.iter().copied().fold(f32::INFINITY, f32::min);
    let factor = (cap / (most - least).max(f32::MIN_POSITIVE)).min(1.0);
    shift.iter().map(|shift| shift * factor).collect()
}

/// Adds up what the words of the table weigh.
struct Block<'a> {
    model: &'a Model,
    sums: Vec<f32>,
}

impl Sink for Block<'_> {
    fn add(&mut self, feature: Feature, value: f32, _: std::fmt::Arguments<'_>) {
        self.model.linear.add(feature, value, &mut self.sums);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_is_cut_where_the_odds_would_move_too_far() {
        assert_eq!(limited(&[0.1, 0.3], &[0.2, 0.4], 1.0), [0.1, 0.3]);
        assert_eq!(limited(&[0.5, -1.0], &[1.0, -3.0], 1.0), [0.125, -0.25]);
    }
}
