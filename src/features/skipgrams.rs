//! Pairs of words with exactly one word between them.

use super::hash::{Family, chain, of_hash};
use super::{Extractor, FeaturesConfig, Resources, Sink, View, add_in_blocks};

#[derive(Debug)]
struct Skipgrams;

pub(super) fn build(config: &FeaturesConfig, _: &Resources) -> Option<Box<dyn Extractor>> {
    config.skipgrams.then(|| Box::new(Skipgrams) as Box<dyn Extractor>)
}

impl Extractor for Skipgrams {
    fn message(&self, view: &View<'_>, sink: &mut dyn Sink) {
        let side = &view.message;
        let feature = |index: usize| of_hash(Family::Skipgram, chain(side.hashes[index], side.hashes[index + 2]));
        add_in_blocks(side.hashes.len().saturating_sub(2), side.length_scale(), sink, feature, &|index, f| {
            write!(f, "{} _ {}", side.form(index), side.form(index + 2))
        });
    }
}
