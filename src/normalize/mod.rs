//! Text in, text ready for the tokeniser out, with the map back and what was noticed on the way.
//!
//! Features only: the text written to outputs is never touched. Guaranteed of the result: it is a fixed point
//! (normalising it again changes nothing), every span maps back to the original on character boundaries, and a
//! masked stretch is one [`Class`](crate::types::Class) character that stands apart from letters and digits.
//! Left to others: words and emoji (`tokenize`), cues of capitals and drawn-out punctuation (`features`).
//!
//! A step is one file with one type and one line in [`STEPS`]; it sees text, and gives edits.

mod addresses;
mod case;
mod chain;
mod controls;
mod edits;
mod elongation;
mod escapes;
mod hashtags;
mod html;
mod inclusive;
mod invisible;
mod ligatures;
mod mojibake;
mod numbers;
mod plain;
mod reposts;
mod rules;
mod scan;
mod typography;
mod unicode;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod testing;

pub use chain::{Normalizer, NormalizerConfig};
pub use edits::Edits;
pub use numbers::may_continue_figures;
pub use plain::plain_word;
pub use reposts::repost_prefix;
pub use rules::Rule;

use crate::types::Marks;

/// Every step, in order.
///
/// Encodings of text come first (what was escaped may hold anything), then characters, then masked classes (which
/// expect plain quotes and spaces), then words. `hashtags` follows `addresses`, whose fragments hold `#`, and
/// precedes `numbers`, which reads the words of `#8mars`.
pub const STEPS: &[&dyn Step] = &[
    &escapes::Escapes,
    &html::Html,
    &mojibake::Mojibake,
    &unicode::Unicode,
    &controls::Controls,
    &invisible::Invisible,
    &reposts::Reposts,
    &typography::Typography,
    &rules::Rules,
    &addresses::Addresses,
    &hashtags::Hashtags,
    &numbers::Numbers,
    &inclusive::Inclusive,
    &elongation::Elongation,
    &ligatures::Ligatures,
    &case::Case,
];

/// One step of the chain.
pub trait Step: Sync {
    /// Its name in settings.
    fn name(&self) -> &'static str;

    /// The information it takes away, in one phrase.
    fn loses(&self) -> &'static str;

    /// Whether its result may hold more to decode, by any step: the chain then begins again before going on.
    fn decodes(&self) -> bool {
        false
    }

    /// What a text must hold for the step to be run at all.
    fn trigger(&self) -> Trigger;

    /// Reads `text` and gives its edits in ascending order.
    fn edit(&self, text: &str, edits: &mut Edits<'_>, marks: &mut Marks);
}

/// A cheap test that is true of every text its step would edit, and of few others.
#[derive(Debug, Clone, Copy)]
pub enum Trigger {
    /// Any of these bytes occurs.
    Bytes(&'static [u8]),
    /// A test of its own.
    Fn(fn(&[u8]) -> bool),
    /// Run on every text.
    Always,
}
