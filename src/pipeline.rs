//! Classifies: one message, or a stream of them.

use std::fmt;
use std::path::Path;

use crate::error::Result;
use crate::features::{Sink, WriteName};
use crate::model::Model;
use crate::score::TokenCache;
use crate::types::{Attribute, Feature, LabelSet, Message, Prediction};
use crate::vectorize::{PieceMemory, Prepared, Vectorizer};

/// A model ready to classify. Shared between threads; each has a [`Classifier`] of its own.
#[derive(Debug)]
pub struct Pipeline {
    model: Model,
    vectorizer: Vectorizer,
}

impl Pipeline {
    /// Loads a model directory.
    ///
    /// **Errors**: those of [`Model::load`].
    pub fn load(dir: &Path) -> Result<Self> {
        Self::new(Model::load(dir)?)
    }

    /// The model inside the program.
    ///
    /// **Errors**: those of [`Model::embedded`].
    pub fn embedded() -> Result<Self> {
        Self::new(Model::embedded()?)
    }

    /// A pipeline over a model in memory.
    ///
    /// **Errors**: [`InvalidConfig`](crate::error::ErrorKind::InvalidConfig) where the model's settings make no sense.
    pub fn new(model: Model) -> Result<Self> {
        let vectorizer = Vectorizer::new(model.pipeline_config(), Some(model.subwords.clone()))?;
        Ok(Self { model, vectorizer })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The model's labels, in the order of every prediction's probabilities.
    pub fn labels(&self) -> &LabelSet {
        &self.model.manifest.labels
    }

    /// The model's attributes, in the order of every prediction's.
    pub fn attributes(&self) -> &[Attribute] {
        &self.model.manifest.attributes
    }

    /// Classifies one message. For many, keep a [`Pipeline::classifier`] or use [`Pipeline::classify_all`].
    pub fn classify(&self, message: &Message<'_>) -> Prediction {
        self.classifier().classify(message)
    }

    /// Classifies messages one by one, lazily and in order.
    pub fn classify_all<'p, 'm, I>(&'p self, messages: I) -> impl Iterator<Item = Prediction> + use<'p, 'm, I>
    where
        I: IntoIterator<Item = Message<'m>>,
    {
        let mut classifier = self.classifier();
        messages.into_iter().map(move |message| classifier.classify(&message))
    }

    /// A classifier with buffers of its own, for one thread.
    pub fn classifier(&self) -> Classifier<'_> {
        let n_outputs = self.model.linear.n_outputs();
        Classifier {
            pipeline: self,
            prepared: Prepared::default(),
            pieces: PieceMemory::default(),
            cache: TokenCache::new(n_outputs),
            sums: vec![0.0; n_outputs],
        }
    }

    /// What carried the label of a message: every known feature and what it added to each score, largest first.
    pub fn explain(&self, message: &Message<'_>) -> Explanation {
        let mut prepared = Prepared::default();
        self.vectorizer.prepare(message, &mut prepared);
        let mut named = Named { model: &self.model, found: Vec::new() };
        // A message without a token gets the prior: none of its features spoke.
        if !prepared.is_empty() {
            self.vectorizer.each_feature(&prepared, &mut named);
        }
        let prediction = self.classify(message);
        Explanation::new(prediction, named.found, self.labels().len())
    }
}

/// Classifies on one thread, reusing its buffers.
#[derive(Debug)]
pub struct Classifier<'p> {
    pipeline: &'p Pipeline,
    prepared: Prepared,
    pieces: PieceMemory,
    cache: TokenCache,
    /// **Shape**: one per output of the model.
    sums: Vec<f32>,
}

impl Classifier<'_> {
    /// Classifies one message; any text, even an empty one, gets a prediction.
    pub fn classify(&mut self, message: &Message<'_>) -> Prediction {
        self.pipeline.vectorizer.prepare_in_pieces(message, &mut self.pieces, &mut self.prepared);
        if self.prepared.is_empty() {
            return self.pipeline.prior();
        }
        self.score();
        self.pipeline.calibrate(&self.sums)
    }

    /// Adds up what the tokens and the message weigh.
    fn score(&mut self) {
        let Self { pipeline, prepared, pieces, cache, sums } = self;
        let (features, linear) = (pipeline.vectorizer.features(), &pipeline.model.linear);
        let view = prepared.view(features);
        sums.fill(0.0);
        view.message.hashes.iter().for_each(|hash| cache.prefetch(*hash));
        for (token, hash) in view.message.hashes.iter().enumerate() {
            cache.add(*hash, sums, |sums| {
                let mut weights = Weights { model: &pipeline.model, sums };
                pipeline.vectorizer.token_features(prepared, token, pieces, &mut weights);
            });
        }
        let scale = view.message.length_scale();
        for sum in sums.iter_mut() {
            *sum *= scale;
        }
        features.message(&view, &mut Weights { model: &pipeline.model, sums });
        linear.finish(sums);
    }
}

impl Pipeline {
    /// What is said of a message without a single token.
    fn prior(&self) -> Prediction {
        let probabilities = self.model.manifest.prior.clone();
        let scores = self.model.linear.bias().to_vec();
        self.decide(probabilities, vec![0.5; self.attributes().len()], scores)
    }

    fn calibrate(&self, scores: &[f32]) -> Prediction {
        let manifest = &self.model.manifest;
        let probabilities = manifest.label_probabilities(scores);
        let attributes = scores[manifest.labels.len()..]
            .iter()
            .zip(&manifest.attribute_calibration)
            .map(|(score, scaling)| scaling.apply_binary(*score));
        self.decide(probabilities, attributes.collect(), scores.to_vec())
    }

    fn decide(&self, probabilities: Vec<f32>, attributes: Vec<f32>, scores: Vec<f32>) -> Prediction {
        let best = |best: usize, label: usize| if probabilities[label] > probabilities[best] { label } else { best };
        let label_id = (1..probabilities.len()).fold(0, best);
        let abstain = probabilities[label_id] < self.model.pipeline_config().abstain_below;
        Prediction { label_id, probabilities, attributes, scores, abstain }
    }
}

/// Adds the weights of features to sums.
struct Weights<'a> {
    model: &'a Model,
    sums: &'a mut [f32],
}

impl Sink for Weights<'_> {
    fn add(&mut self, feature: Feature, value: f32, _: fmt::Arguments<'_>) {
        self.model.linear.add(feature, value, self.sums);
    }

    fn add_all(&mut self, features: &[Feature], value: f32, _: &WriteName<'_>) {
        self.model.linear.add_all(features, value, self.sums);
    }
}

/// Gathers known features by name.
struct Named<'a> {
    model: &'a Model,
    found: Vec<Contribution>,
}

impl Sink for Named<'_> {
    fn add(&mut self, feature: Feature, value: f32, name: fmt::Arguments<'_>) {
        let Some(weight) = self.model.linear.weight(feature) else { return };
        let name = name.to_string();
        let added = weight.iter().map(|weight| weight * value);
        match self.found.iter_mut().find(|known| known.name == name) {
            Some(known) => known.added.iter_mut().zip(added).for_each(|(sum, more)| *sum += more),
            None => self.found.push(Contribution { name, added: added.collect() }),
        }
    }
}

/// What one feature added to each score.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Contribution {
    /// The feature as people read it: a word, `«letters»`, `stem~`, `[cue]`.
    pub name: String,
    /// **Shape**: one per output: labels, then attributes. **Unit**: log-odds before calibration.
    pub added: Vec<f32>,
}

/// Why a message got its label.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The prediction itself.
    pub prediction: Prediction,
    /// Features by how much more they added to the predicted label than to the others on average, largest first.
    pub contributions: Vec<Contribution>,
}

impl Explanation {
    fn new(prediction: Prediction, mut contributions: Vec<Contribution>, n_labels: usize) -> Self {
        let label_id = prediction.label_id;
        contributions.sort_by(|left, right| {
            right
                .toward(label_id, n_labels)
                .total_cmp(&left.toward(label_id, n_labels))
                .then(left.name.cmp(&right.name))
        });
        Self { prediction, contributions }
    }
}

impl Contribution {
    /// How much more it added to a label than to the others on average.
    pub fn toward(&self, label_id: usize, n_labels: usize) -> f32 {
        let total: f32 = self.added[..n_labels].iter().sum();
        let others = (total - self.added[label_id]) / (n_labels - 1).max(1) as f32;
        self.added[label_id] - others
    }
}
