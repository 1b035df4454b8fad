//! Printers' signs → those of a keyboard.

use super::{Edits, Step, Trigger, scan};
use crate::types::Marks;

/// Quotes, apostrophes, dashes, ellipses and spaces, each to its ASCII form.
#[derive(Debug)]
pub(super) struct Typography;

impl Step for Typography {
    fn name(&self) -> &'static str {
        "typography"
    }

    fn loses(&self) -> &'static str {
        "which quotes, apostrophes, dashes and spaces were typed"
    }

    fn trigger(&self) -> Trigger {
        Trigger::Bytes(&[b'`', 0xC2, 0xCA, 0xE1, 0xE2, 0xE3])
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        if memchr::memchr(b'`', text.as_bytes()).is_none() {
            fold(scan::non_ascii(text, may_fold), edits);
        } else {
            fold(text.char_indices(), edits);
        }
    }
}

/// By a character's bytes: Latin-1, ʼ, and the spaces and signs of U+2000 to U+22FF, among a few others.
fn may_fold(bytes: &[u8]) -> bool {
    matches!(bytes, [0xC2 | 0xCA | 0xE1 | 0xE3, ..] | [0xE2, 0x80 | 0x81 | 0x88, ..])
}

fn fold(characters: impl Iterator<Item = (usize, char)>, edits: &mut Edits<'_>) {
    for (at, character) in characters {
        if let Some(plain) = plain(character) {
            edits.replace(at..at + character.len_utf8(), plain);
        }
    }
}

pub(super) fn plain(character: char) -> Option<&'static str> {
    let plain = match character {
        '’' | '‘' | 'ʼ' | '´' | '`' | '′' | '‛' | '‚' => "'",
        '«' | '»' | '“' | '”' | '„' | '‟' | '″' | '‹' | '›' => "\"",
        '‐' | '\u{2011}' | '‒' | '–' | '—' | '―' | '−' => "-",
        '…' => "...",
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => " ",
        _ => return None,
    };
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same, run};

    #[test]
    fn folds() {
        expect(
            &Typography,
            &[
                ("l’été", "l'été"),
                ("aujourd`hui", "aujourd'hui"),
                ("«\u{A0}Non\u{202F}!\u{A0}»", "\" Non ! \""),
                ("Québec – Montréal — suite…", "Québec - Montréal - suite..."),
                ("“tiens”, „tiens”", "\"tiens\", \"tiens\""),
                ("−3\u{2009}°C", "-3 °C"),
            ],
        );
    }

    #[test]
    fn leaves_the_rest() {
        expect_same(&Typography, &["aujourd'hui, c'est-à-dire", "n° 3", "étudiant·e", "a-t-il ?", "👍", ""]);
    }

    #[test]
    fn maps_back() {
        let out = run(&Typography, "l’été");
        assert_eq!(out.original(&(2..7)), 4..9);
        assert_eq!(out.original(&(0..2)), 0..4);
    }
}
