//! One spelling for characters that Unicode can write in several ways.

use super::{Edits, Step, Trigger, scan};
use crate::types::Marks;
use unicode_normalization::UnicodeNormalization;

/// Composes accents (NFC), and reads letters in fancy dress (𝖋, ｆ, ﬁ, ᵉ) as letters.
///
/// Compatibility folding is kept to those ranges: on ordinary text it would turn `½`, `²` and `…` into others.
#[derive(Debug)]
pub(super) struct Unicode;

impl Step for Unicode {
    fn name(&self) -> &'static str {
        "unicode"
    }

    fn loses(&self) -> &'static str {
        "mathematical, full-width and superscript dress of letters"
    }

    fn decodes(&self) -> bool {
        true
    }

    fn trigger(&self) -> Trigger {
        // Combining marks (CC, CD), raised letters (CA, CB, E1), full width and ligatures (EF), mathematics (F0 9D).
        Trigger::Bytes(&[0xCA, 0xCB, 0xCC, 0xCD, 0xE1, 0xEF, 0x9D])
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        let mut done = 0;
        let mut folded = String::new();
        for (at, character) in scan::non_ascii(text, |bytes| {
            matches!(bytes, [0xCA..=0xCD | 0xE1, ..] | [0xEF, 0xAC..=0xFF, ..] | [0xF0, 0x9D, ..])
        }) {
            let end = at + character.len_utf8();
            folded.clear();
            if at < done {
                continue;
            }
            if is_mark(character) {
                let base = scan::char_before(text, at).filter(|_| at > done);
                let start = at - base.map_or(0, char::len_utf8);
                done = scan::chars_end(text, end, is_mark);
                if base.is_some_and(is_dressed) {
                    folded.extend(text[start..done].nfkc());
                } else {
                    folded.extend(text[start..done].nfc());
                }
                edits.replace(start..done, &folded);
            } else if is_dressed(character) && !scan::char_at(text, end).is_some_and(is_mark) {
                folded.extend(std::iter::once(character).nfkc());
                edits.replace(at..end, &folded);
                done = end;
            }
        }
    }
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36F}')
}

fn is_dressed(character: char) -> bool {
    matches!(
        character,
        '\u{1D400}'..='\u{1D7FF}' | '\u{FF01}'..='\u{FF5E}' | '\u{FB00}'..='\u{FB06}'
        | '\u{2B0}'..='\u{2B8}' | '\u{2E1}'..='\u{2E3}' | '\u{1D2C}'..='\u{1D6A}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same, normalized};

    #[test]
    fn composes() {
        expect(&Unicode, &[("e\u{301}te\u{301}", "été"), ("c\u{327}a", "ça"), ("\u{301}e", "\u{301}e")]);
    }

    #[test]
    fn undresses() {
        expect(
            &Unicode,
            &[
                ("𝖋𝖆𝖚𝖝", "faux"),
                ("𝐋𝐄𝐒 𝟐 infos", "LES 2 infos"),
                ("Ｐａｒｉｓ", "Paris"),
                ("ﬁn de l'aﬀaire", "fin de l'affaire"),
                ("1ᵉʳ Mᵐᵉ", "1er Mme"),
            ],
        );
        assert_eq!(normalized("𝖋\u{301}"), "f\u{301}");
    }

    #[test]
    fn leaves_ordinary_text() {
        expect_same(&Unicode, &["été", "20 m², ½ h…", "n° 3 œuf", "🇫🇷 ☀️ ”", "Ἀθῆναι", ""]);
    }
}
