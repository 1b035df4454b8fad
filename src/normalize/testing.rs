//! One step, or the whole chain, on one text: for the tests beside each step.

use super::chain::{apply, fires};
use super::{Normalizer, NormalizerConfig, Step, Trigger};
use crate::types::{Class, Normalized};

/// Runs a step once, and holds it to its trigger.
pub(super) fn run(step: &dyn Step, text: &str) -> Normalized {
    let mut out = Normalized::default();
    out.reset(text);
    apply(step, &mut out);
    let seen = match step.trigger() {
        Trigger::Bytes(bytes) => text.bytes().any(|byte| bytes.contains(&byte)),
        _ => false,
    };
    assert!(out.text == text || fires(step, seen, text), "{} edits {text:?} without its trigger", step.name());
    out
}

/// Asserts what a step makes of each text; masks are written by their names.
pub(super) fn expect(step: &dyn Step, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(readable(&run(step, text).text), *expected, "{} on {text:?}", step.name());
    }
}

/// Asserts that a step leaves texts alone.
pub(super) fn expect_same(step: &dyn Step, texts: &[&str]) {
    for text in texts {
        expect(step, &[(text, text)]);
    }
}

/// The default chain's result, masks written by their names.
pub(super) fn normalized(text: &str) -> String {
    readable(&normalizer().normalize(text).text)
}

pub(super) fn normalizer() -> Normalizer {
    Normalizer::new(&NormalizerConfig::default()).expect("the defaults are valid")
}

fn readable(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match Class::from_char(character) {
            Some(class) => out.push_str(class.name()),
            None => out.push(character),
        }
    }
    out
}
