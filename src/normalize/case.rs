//! Capitals → small letters.

use super::{Edits, Step, Trigger, scan};
use crate::types::Marks;

/// Lowers every letter, one character at a time, so that the result depends on no context.
#[derive(Debug)]
pub(super) struct Case;

impl Step for Case {
    fn name(&self) -> &'static str {
        "case"
    }

    fn loses(&self) -> &'static str {
        "capitals: proper names, sentence starts, shouting"
    }

    fn trigger(&self) -> Trigger {
        Trigger::Fn(may_hold_capitals)
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        if text.bytes().fold(0, |found, byte| found | u8::from(byte.is_ascii_uppercase())) != 0 {
            edits.lower_ascii();
        }
        for (at, character) in scan::non_ascii(text, may_be_capital) {
            let mut lowered = character.to_lowercase();
            match (lowered.next(), lowered.next()) {
                (Some(lower), None) if lower == character => {}
                (Some(lower), None) => edits.replace_char(at..at + character.len_utf8(), lower),
                _ => edits.replace(at..at + character.len_utf8(), &character.to_lowercase().to_string()),
            }
        }
    }
}

/// An ASCII capital, a capital of Latin-1 (C3 80 to C3 9E), or any letter beyond. No branches: it is vectorised.
fn may_hold_capitals(bytes: &[u8]) -> bool {
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let latin1 = pairs.fold(0, |found, (lead, next)| found | (u8::from(*lead == 0xC3) & u8::from(*next < 0x9F)));
    let others = bytes.iter().map(|byte| u8::from(byte.is_ascii_uppercase()) | u8::from(*byte >= 0xC4));
    others.fold(latin1, |found, other| found | other) != 0
}

/// By a character's first bytes: not the small letters of Latin-1, the punctuation of U+2000, or emoji.
fn may_be_capital(lead: u8, second: u8) -> bool {
    match lead {
        0xC3 => second < 0x9F,
        0xE2 => !matches!(second, 0x80 | 0x94..=0xAF),
        0xF0 => second != 0x9F,
        _ => lead > 0xC3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same, run};

    #[test]
    fn lowers() {
        expect(
            &Case,
            &[
                ("L'ÉTÉ À QUÉBEC", "l'été à québec"),
                ("ŒUVRE Ça", "œuvre ça"),
                ("ΑΘΗΝΑΣ", "αθηνασ"),
                ("МОСКВА", "москва"),
                ("İ", "i\u{307}"),
            ],
        );
    }

    #[test]
    fn leaves_small_letters() {
        expect_same(&Case, &["déjà vu", "où ça ?", "ß ÷ ×", "👍🏽 été", ""]);
    }

    #[test]
    fn ascii_keeps_the_map_back() {
        let out = run(&Case, "BON Été");
        assert_eq!(out.original(&(0..8)), 0..9 - 1);
        assert_eq!(out.original(&(4..6)), 4..6);
    }
}
