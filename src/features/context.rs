//! What the message does with the message it answers: takes up its words, answers its question, or merely stands under it.

use super::cues::Flat;
use super::facts::Is;
use super::hash::Family;
use super::lexicon::{GROUPS, Group};
use super::{Extractor, FeaturesConfig, Resources, Side, Sink, View};
use crate::types::{Class, TokenKind};

#[derive(Debug)]
struct Context {
    scale: f32,
}

pub(super) fn build(config: &FeaturesConfig, _: &Resources) -> Option<Box<dyn Extractor>> {
    config.context.then(|| Box::new(Context { scale: config.cue_scale }) as Box<dyn Extractor>)
}

impl Extractor for Context {
    fn message(&self, view: &View<'_>, sink: &mut dyn Sink) {
        let Some(parent) = &view.parent else { return };
        let facts = Facts::of(&view.message, parent);
        let mut flat = Flat { scale: self.scale, sink };
        for (name, test) in RELATIONS {
            if test(&facts) {
                flat.named(Family::Context, name);
            }
        }
        if facts.taken_up > 0.0 {
            flat.coded(
                Family::Context,
                TAKEN_UP,
                (2.0 * facts.taken_up).min(1.0),
                format_args!("share of words taken up"),
            );
        }
        for group in GRAFTED.iter().filter(|group| parent.found.has(**group)) {
            let name = GROUPS[*group as usize].1;
            flat.coded(Family::Context, 0x100 | *group as u64, 1.0, format_args!("parent: {name}"));
        }
    }
}

/// Code of the share of words taken up.
const TAKEN_UP: u64 = 0x1_0000;

/// What in a parent invites a graft.
const GRAFTED: &[Group] = &[Group::Wound, Group::Je, Group::Praise, Group::People];

/// What is known of the pair.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts, each read by several relations")]
struct Facts {
    /// Share of the parent's content words that the message takes up.
    taken_up: f32,
    parent_asks: bool,
    answers: bool,
    links: bool,
    short: bool,
}

impl Facts {
    fn of(message: &Side<'_>, parent: &Side<'_>) -> Self {
        let taken_up = share_taken_up(message, parent);
        let opens = |group| message.found.opens_with(group);
        Self {
            taken_up,
            parent_asks: parent.facts.iter().any(|facts| facts.has(Is::Asking)),
            answers: taken_up > 0.0 || opens(Group::Agreement) || opens(Group::Disagreement) || opens(Group::Reason),
            links: message.facts.iter().any(|facts| facts.kind() == TokenKind::Class(Class::Url)),
            short: message.facts.len() <= 6,
        }
    }
}

type Test = fn(&Facts) -> bool;

/// Every relation of a message to its parent: its name and its test.
const RELATIONS: &[(&str, Test)] = &[
    ("reply", |_| true),
    ("reply to a question", |facts| facts.parent_asks),
    ("answers the question", |facts| facts.parent_asks && facts.answers),
    ("leaves the question", |facts| facts.parent_asks && !facts.answers),
    ("takes up words", |facts| facts.taken_up > 0.0),
    ("takes up nothing", |facts| facts.taken_up <= 0.0),
    ("link in reply", |facts| facts.links),
    ("link instead of answer", |facts| facts.links && !facts.answers),
    ("short reply", |facts| facts.short),
];

fn share_taken_up(message: &Side<'_>, parent: &Side<'_>) -> f32 {
    let mut said: Vec<u64> = content_words(message);
    said.sort_unstable();
    let mut asked: Vec<u64> = content_words(parent);
    asked.sort_unstable();
    asked.dedup();
    let taken = asked.iter().filter(|hash| said.binary_search(hash).is_ok()).count();
    taken as f32 / asked.len().max(1) as f32
}

fn content_words(side: &Side<'_>) -> Vec<u64> {
    let words = side.hashes.iter().zip(side.facts).filter(|(_, facts)| facts.has(Is::Content));
    words.map(|(hash, _)| *hash).collect()
}
