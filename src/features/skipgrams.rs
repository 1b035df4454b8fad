//! Pairs of words with exactly one word between them.

use super::hash::{Family, chain, of_hash};
use super::{Extractor, FeaturesConfig, Resources, Sink, View};

#[derive(Debug)]
struct Skipgrams;

pub(super) fn build(config: &FeaturesConfig, _: &Resources) -> Option<Box<dyn Extractor>> {
    config.skipgrams.then(|| Box::new(Skipgrams) as Box<dyn Extractor>)
}

impl Extractor for Skipgrams {
    fn message(&self, view: &View<'_>, sink: &mut dyn Sink) {
        let side = &view.message;
        let scale = side.length_scale();
        for (index, window) in side.hashes.windows(3).enumerate() {
            let feature = of_hash(Family::Skipgram, chain(window[0], window[2]));
            sink.add(feature, scale, format_args!("{} _ {}", side.form(index), side.form(index + 2)));
        }
    }
}
