//! Pieces of the trained subword vocabulary.

use std::sync::Arc;

use super::hash::{Family, of_text};
use super::{Extractor, FeaturesConfig, Resources, Sink};
use crate::types::{Pieces, TokenKind};

#[derive(Debug)]
struct Subwords {
    vocabulary: Arc<dyn Pieces>,
}

pub(super) fn build(config: &FeaturesConfig, resources: &Resources) -> Option<Box<dyn Extractor>> {
    let vocabulary = resources.subwords.clone().filter(|_| config.subwords)?;
    Some(Box::new(Subwords { vocabulary }))
}

impl Extractor for Subwords {
    fn token(&self, form: &str, kind: TokenKind, _: u64, sink: &mut dyn Sink) {
        if kind != TokenKind::Word {
            return;
        }
        self.vocabulary.pieces(form, &mut |piece| {
            // A word that is one piece says nothing beyond the word itself.
            if piece.len() < form.len() {
                sink.add(of_text(Family::Subword, piece.as_bytes()), 1.0, format_args!("‹{piece}›"));
            }
        });
    }
}
