//! normalize → tokenize → features: the only road from text to numbers, for training and classifying alike.

use std::fmt;
use std::sync::Arc;

use crate::config::PipelineConfig;
use crate::error::Result;
use crate::features::{FeatureSet, Resources, Side, Sink, View, token_hash};
use crate::normalize::Normalizer;
use crate::tokenize::FrenchTokenizer;
use crate::types::{Feature, Message, Normalized, Pieces, Token};

/// Turns messages into features.
#[derive(Debug)]
pub struct Vectorizer {
    normalizer: Normalizer,
    features: FeatureSet,
}

/// A message ready for its features. Holds the buffers, so that one value serves a whole corpus.
#[derive(Debug, Default)]
pub struct Prepared {
    message: Text,
    parent: Text,
    has_parent: bool,
}

/// One text with what the stages made of it.
#[derive(Debug, Default)]
struct Text {
    original: String,
    normalized: Normalized,
    tokens: Vec<Token>,
    hashes: Vec<u64>,
}

impl Vectorizer {
    /// Builds the stages.
    ///
    /// **Errors**: [`InvalidConfig`](crate::error::ErrorKind::InvalidConfig) for an impossible setting, or subword features
    /// without a vocabulary.
    pub fn new(config: &PipelineConfig, subwords: Option<Arc<dyn Pieces>>) -> Result<Self> {
        Ok(Self {
            normalizer: Normalizer::new(&config.normalize)?,
            features: FeatureSet::new(&config.features, &Resources { subwords })?,
        })
    }

    /// Normalises and tokenises a message and what it answers: its parent, or else the message it quotes.
    pub fn prepare(&self, message: &Message<'_>, prepared: &mut Prepared) {
        prepared.message.fill(&self.normalizer, &message.text);
        let quoted = prepared.message.normalized.marks.quoted.take();
        let parent = message.parent().or(quoted.as_deref());
        prepared.has_parent = parent.is_some();
        if let Some(parent) = parent {
            prepared.parent.fill(&self.normalizer, parent);
        }
        prepared.message.normalized.marks.quoted = quoted;
    }

    /// The families of features, for a scorer that remembers what tokens add up to.
    pub fn features(&self) -> &FeatureSet {
        &self.features
    }

    /// Every feature of a prepared message, scaled; those of its tokens one by one.
    pub fn each_feature(&self, prepared: &Prepared, sink: &mut dyn Sink) {
        let view = prepared.view(&self.features);
        let mut scaled = Scaled { scale: view.message.length_scale(), sink };
        for (index, token) in view.message.tokens.iter().enumerate() {
            self.features.token(view.message.form(index), token.kind, view.message.hashes[index], &mut scaled);
        }
        self.features.message(&view, sink);
    }
}

impl Prepared {
    /// The message and its parent as the extractors see them.
    pub fn view(&self, features: &FeatureSet) -> View<'_> {
        View { message: self.message.side(features), parent: self.has_parent.then(|| self.parent.side(features)) }
    }

    /// Whether the message has nothing to read.
    pub fn is_empty(&self) -> bool {
        self.message.tokens.is_empty()
    }

    /// Tokens of the message, with the text they index.
    pub fn tokens(&self) -> (&Normalized, &[Token]) {
        (&self.message.normalized, &self.message.tokens)
    }
}

impl Text {
    fn fill(&mut self, normalizer: &Normalizer, original: &str) {
        self.original.clear();
        self.original.push_str(original);
        normalizer.normalize_into(original, &mut self.normalized);
        FrenchTokenizer.tokenize_into(&self.normalized.text, &mut self.tokens);
        self.hashes.clear();
        let text = &self.normalized.text;
        self.hashes.extend(self.tokens.iter().map(|token| token_hash(token.kind, &text[token.span.clone()])));
    }

    fn side(&self, features: &FeatureSet) -> Side<'_> {
        Side {
            original: &self.original,
            normalized: &self.normalized,
            tokens: &self.tokens,
            hashes: &self.hashes,
            found: features.find_groups(&self.hashes),
        }
    }
}

/// Passes features on, multiplied.
struct Scaled<'a> {
    scale: f32,
    sink: &'a mut dyn Sink,
}

impl Sink for Scaled<'_> {
    fn add(&mut self, feature: Feature, value: f32, name: fmt::Arguments<'_>) {
        self.sink.add(feature, value * self.scale, name);
    }
}
