//! Pieces of the trained subword vocabulary.

use std::sync::Arc;

use super::hash::{Family, of_text};
use super::{Extractor, FeaturesConfig, Resources, Sink};
use crate::error::{ErrorKind, Result};
use crate::types::{Pieces, TokenKind};

#[derive(Debug)]
struct Subwords {
    vocabulary: Arc<dyn Pieces>,
}

pub(super) fn build(config: &FeaturesConfig, resources: &Resources) -> Result<Option<Box<dyn Extractor>>> {
    if !config.subwords {
        return Ok(None);
    }
    let missing = || ErrorKind::InvalidConfig("features.subwords is on without a subword vocabulary".to_owned());
    let vocabulary = resources.subwords.clone().ok_or_else(missing)?;
    Ok(Some(Box::new(Subwords { vocabulary })))
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
