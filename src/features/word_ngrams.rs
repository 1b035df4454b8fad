//! Words and runs of words.

use serde::{Deserialize, Serialize};

use super::hash::{Family, chain, of_hash};
use super::{Extractor, FeaturesConfig, Resources, Side, Sink, View};
use crate::error::{ErrorKind, Result};
use crate::types::TokenKind;

/// Length of the runs, in tokens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WordNgramsConfig {
    /// Longest run; 0 switches the family off.
    pub max: usize,
}

impl Default for WordNgramsConfig {
    fn default() -> Self {
        Self { max: 2 }
    }
}

#[derive(Debug)]
struct WordNgrams {
    max: usize,
}

impl WordNgramsConfig {
    /// **Errors**: [`ErrorKind::InvalidConfig`] for runs longer than five tokens.
    pub(super) fn check(&self) -> Result<()> {
        if self.max <= 5 {
            return Ok(());
        }
        Err(ErrorKind::InvalidConfig(format!("features.words.max is {}, expected 0 to 5", self.max)).into())
    }
}

pub(super) fn build(config: &FeaturesConfig, _: &Resources) -> Option<Box<dyn Extractor>> {
    let max = config.words.max;
    (max > 0).then(|| Box::new(WordNgrams { max }) as Box<dyn Extractor>)
}

impl Extractor for WordNgrams {
    fn token(&self, form: &str, _: TokenKind, hash: u64, sink: &mut dyn Sink) {
        sink.add(of_hash(Family::WordNgram, hash), 1.0, format_args!("{form}"));
    }

    fn message(&self, view: &View<'_>, sink: &mut dyn Sink) {
        let side = &view.message;
        let scale = side.length_scale();
        for start in 0..side.tokens.len() {
            let mut hash = side.hashes[start];
            for end in start + 1..(start + self.max).min(side.tokens.len()) {
                hash = chain(hash, side.hashes[end]);
                sink.add(of_hash(Family::WordNgram, hash), scale, format_args!("{}", Run(side, start, end)));
            }
        }
    }
}

/// Tokens `start` to `end`, both included, as explanations print them.
struct Run<'a>(&'a Side<'a>, usize, usize);

impl std::fmt::Display for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for index in self.1..=self.2 {
            let space = if index > self.1 { " " } else { "" };
            write!(f, "{space}{}", self.0.form(index))?;
        }
        Ok(())
    }
}
