//! Words and runs of words.

use serde::{Deserialize, Serialize};

use super::hash::{Family, chain, of_hash};
use super::{Extractor, FeaturesConfig, Resources, Sink, View, add_in_blocks};
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
        for n in 2..=self.max.min(side.hashes.len()) {
            let feature = |start: usize| {
                let run = &side.hashes[start..start + n];
                of_hash(Family::WordNgram, run[1..].iter().fold(run[0], |hash, next| chain(hash, *next)))
            };
            add_in_blocks(side.hashes.len() + 1 - n, side.length_scale(), sink, feature, &|start, f| {
                (start..start + n).try_for_each(|index| {
                    let space = if index > start { " " } else { "" };
                    write!(f, "{space}{}", side.form(index))
                })
            });
        }
    }
}
