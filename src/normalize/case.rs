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
        for (at, character) in scan::non_ascii(text, |bytes| may_be_capital(bytes[0], bytes[1]) != 0) {
            let mut lowered = character.to_lowercase();
            match (lowered.next(), lowered.next()) {
                (Some(lower), None) if lower == character => {}
                (Some(lower), None) => edits.replace_char(at..at + character.len_utf8(), lower),
                _ => edits.replace(at..at + character.len_utf8(), &character.to_lowercase().to_string()),
            }
        }
    }
}

fn may_hold_capitals(bytes: &[u8]) -> bool {
    let capital = |byte: u8| u8::from(byte.is_ascii_uppercase());
    let last = bytes.last().map_or(0, |last| capital(*last));
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    pairs.fold(last, |found, (lead, second)| found | capital(*lead) | may_be_capital(*lead, *second)) != 0
}

/// 1 if a character outside ASCII may be a capital, by its first bytes: not the small letters of Latin-1, the signs
/// of U+2000 and U+2500 on, masks, or emoji. No branches: it is vectorised.
fn may_be_capital(lead: u8, second: u8) -> u8 {
    let latin1 = u8::from(lead == 0xC3) & u8::from(second < 0x9F);
    let letters = u8::from((0xC4..=0xE1).contains(&lead)) | u8::from(lead == 0xEA);
    let signs = u8::from(lead == 0xE2) & (u8::from((0x84..=0x93).contains(&second)) | u8::from(second >= 0xB0));
    let wide = u8::from(lead == 0xEF) & u8::from(second == 0xBC);
    latin1 | letters | signs | wide | (u8::from(lead == 0xF0) & u8::from(second != 0x9F))
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
