//! œ → oe, æ → ae.

use super::{Edits, Step, Trigger, scan};
use crate::types::Marks;

/// Unties the two letters that keyboards do not have.
#[derive(Debug)]
pub(super) struct Ligatures;

impl Step for Ligatures {
    fn name(&self) -> &'static str {
        "ligatures"
    }

    fn loses(&self) -> &'static str {
        "whether œ was typed as one letter"
    }

    fn trigger(&self) -> Trigger {
        // Lead byte of œ and Œ; last bytes of æ and Æ, whose lead is that of é.
        Trigger::Bytes(&[0xC5, 0xA6, 0x86])
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        for (at, character) in scan::non_ascii(text, |bytes| matches!(bytes, [0xC5, ..] | [0xC3, 0xA6 | 0x86, ..])) {
            let untied = match character {
                'œ' => "oe",
                'Œ' => "OE",
                'æ' => "ae",
                'Æ' => "AE",
                _ => continue,
            };
            edits.replace(at..at + character.len_utf8(), untied);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same};

    #[test]
    fn unties() {
        expect(
            &Ligatures,
            &[
                ("cœur", "coeur"),
                ("ŒUVRE", "OEUVRE"),
                ("curriculum vitæ", "curriculum vitae"),
                ("Æthuse", "AEthuse"),
                ("sœur et frère", "soeur et frère"),
            ],
        );
    }

    #[test]
    fn leaves_the_rest() {
        expect_same(&Ligatures, &["coexister", "maïs…", "Škoda", "été", ""]);
    }
}
