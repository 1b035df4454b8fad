//! Runs of letters inside a word, its beginning and end marked: endings, roots and misspellings.

use serde::{Deserialize, Serialize};

use super::hash::{Family, of_text};
use super::{Extractor, FeaturesConfig, Resources, Sink};
use crate::error::{ErrorKind, Result};
use crate::types::TokenKind;

/// Length of the runs, in characters, the mark of a word's edge counting as one. Off by default: they help label sets about
/// subjects, and tie this task's models to their writers (`docs/quality.md`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CharNgramsConfig {
    /// Shortest run.
    pub min: usize,
    /// Longest run; 0 switches the family off.
    pub max: usize,
}

impl Default for CharNgramsConfig {
    fn default() -> Self {
        Self { min: 2, max: 0 }
    }
}

/// What stands for a word's edge.
const EDGE: char = ' ';

/// Longer words are cut here: no French word is, and a pasted blob must not cost its square.
const MAX_CHARS: usize = 40;

#[derive(Debug)]
struct CharNgrams {
    min: usize,
    max: usize,
}

impl CharNgramsConfig {
    /// **Errors**: [`ErrorKind::InvalidConfig`] for lengths out of order or above eight.
    pub(super) fn check(&self) -> Result<()> {
        let Self { min, max } = *self;
        if max == 0 || (min > 0 && min <= max && max <= 8) {
            return Ok(());
        }
        Err(ErrorKind::InvalidConfig(format!("features.chars runs from {min} to {max}, expected 1 to 8 in order"))
            .into())
    }
}

pub(super) fn build(config: &FeaturesConfig, _: &Resources) -> Option<Box<dyn Extractor>> {
    let CharNgramsConfig { min, max } = config.chars;
    (max > 0).then(|| Box::new(CharNgrams { min, max }) as Box<dyn Extractor>)
}

impl Extractor for CharNgrams {
    fn token(&self, form: &str, kind: TokenKind, _: u64, sink: &mut dyn Sink) {
        if kind != TokenKind::Word {
            return;
        }
        let mut marked = String::with_capacity(form.len() + 2);
        marked.push(EDGE);
        marked.extend(form.chars().take(MAX_CHARS));
        marked.push(EDGE);
        let mut bounds: Vec<usize> = marked.char_indices().map(|(at, _)| at).collect();
        bounds.push(marked.len());
        for length in self.min..=self.max.min(bounds.len() - 1) {
            for start in 0..bounds.len() - length {
                let run = &marked[bounds[start]..bounds[start + length]];
                sink.add(of_text(Family::Chars, run.as_bytes()), 1.0, format_args!("«{run}»"));
            }
        }
    }
}
