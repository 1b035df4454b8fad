//! Words known from texts without labels: one feature each, which weighs what a linear model makes of the word's vector.
//!
//! The pooling is additive and the model linear, so the vector itself is not needed to classify: training folds it into one weight
//! per word and output (`train::dense`).

use super::hash::{Family, form_hash, of_hash};
use super::{Extractor, FeaturesConfig, Resources, Sink};
use crate::types::{Feature, TokenKind};

#[derive(Debug)]
struct Vectors;

pub(super) fn build(config: &FeaturesConfig, _: &Resources) -> Option<Box<dyn Extractor>> {
    config.vectors.then(|| Box::new(Vectors) as Box<dyn Extractor>)
}

impl Extractor for Vectors {
    fn token(&self, form: &str, _: TokenKind, hash: u64, sink: &mut dyn Sink) {
        sink.add(vector_feature_of(hash), 1.0, format_args!("{form}≈"));
    }
}

/// The feature of a word of a table of vectors.
pub fn vector_feature(word: &str) -> Feature {
    vector_feature_of(form_hash(word))
}

/// The same by the hash of a token.
pub fn vector_feature_of(token: u64) -> Feature {
    of_hash(Family::Vector, token)
}
