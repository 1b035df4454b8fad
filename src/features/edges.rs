//! How a message begins and ends: greetings, replies, calls to act, signatures.

use super::hash::{Family, of_hash};
use super::{Extractor, FeaturesConfig, Resources, Sink, View};

/// Tokens looked at from the beginning.
const FIRST: usize = 2;
/// Tokens looked at from the end.
const LAST: usize = 2;
/// Value of each: one of four, and an edge says less than a cue.
const VALUE: f32 = 0.5;

#[derive(Debug)]
struct Edges;

pub(super) fn build(config: &FeaturesConfig, _: &Resources) -> Option<Box<dyn Extractor>> {
    config.edges.then(|| Box::new(Edges) as Box<dyn Extractor>)
}

impl Extractor for Edges {
    fn message(&self, view: &View<'_>, sink: &mut dyn Sink) {
        let side = &view.message;
        for (index, hash) in side.hashes.iter().enumerate().take(FIRST) {
            sink.add(of_hash(Family::First, *hash), VALUE, format_args!("^{}", side.form(index)));
        }
        for (index, hash) in side.hashes.iter().enumerate().rev().take(LAST) {
            sink.add(of_hash(Family::Last, *hash), VALUE, format_args!("{}$", side.form(index)));
        }
    }
}
