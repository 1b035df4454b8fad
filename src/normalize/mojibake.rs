//! UTF-8 that was read as windows-1252: `Ã©` → `é`, `â€™` → `’`.

use super::{Edits, Step, Trigger};
use crate::types::Marks;

/// Puts back together characters whose bytes were each shown as a character.
///
/// Only the beginnings that French cannot have: `é…»` is also three bytes of a Chinese character, and stays.
#[derive(Debug)]
pub(super) struct Mojibake;

/// What windows-1252 shows for 0x80 to 0x9F; the five it leaves open stay control characters.
const CP1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

impl Step for Mojibake {
    fn name(&self) -> &'static str {
        "mojibake"
    }

    fn loses(&self) -> &'static str {
        "that the text had been decoded wrongly"
    }

    fn decodes(&self) -> bool {
        true
    }

    fn trigger(&self) -> Trigger {
        // In Ã 83, Â and â€ 82, Å 85, ð B0, ï¸ and â‚¬ C2, âœ C5. Absent from é, à, ç, ’ and ….
        Trigger::Bytes(&[0x82, 0x83, 0x85, 0xB0, 0xC2, 0xC5])
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        let mut done = 0;
        for at in memchr::memchr_iter(0xC3, text.as_bytes()) {
            if at < done {
                continue;
            }
            if let Some((character, end)) = rejoined(&text[at..]) {
                done = at + end;
                edits.replace_char(at..done, character);
            }
        }
    }
}

/// The character whose bytes a text begins by, and how long they are as shown.
fn rejoined(text: &str) -> Option<(char, usize)> {
    let mut shown = text.char_indices();
    let (_, first) = shown.next()?;
    if first == 'Ã' && text[first.len_utf8()..].starts_with(' ') {
        // `à` whose second byte, a no-break space, has become a plain one.
        let end = first.len_utf8() + usize::from(text[first.len_utf8()..].starts_with("  "));
        return Some(('à', end));
    }
    let lead = byte_of(first)?;
    let length = match lead {
        0xC2 | 0xC3 | 0xC5 => 2,
        0xE2 | 0xEF => 3,
        0xF0 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    for slot in bytes.iter_mut().take(length).skip(1) {
        *slot = byte_of(shown.next()?.1)?;
    }
    if !is_surely_misread(bytes) {
        return None;
    }
    let character = std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?;
    Some((character, shown.next().map_or(text.len(), |(end, _)| end)))
}

/// Second bytes that no French letter is followed by: `â€`, `âœ`, `ï¸`, `ðŸ`, `Å“`; after `Ã` and `Â` any.
fn is_surely_misread(bytes: [u8; 4]) -> bool {
    match bytes[0] {
        0xC2 => bytes[1] >= 0xA0,
        0xC3 => true,
        0xC5 => matches!(bytes[1], 0x92 | 0x93 | 0xB8),
        0xE2 => matches!(bytes[1], 0x80 | 0x82 | 0x84 | 0x98..=0x9A | 0x9C | 0x9D | 0xAD),
        0xEF => matches!(bytes[1], 0xB8 | 0xBB),
        _ => bytes[1] == 0x9F,
    }
}

/// The byte that windows-1252 shows as this character, if it is not ASCII.
fn byte_of(character: char) -> Option<u8> {
    let high = |index: usize| 0x80 + index as u8;
    match character {
        '\u{80}'..='\u{FF}' => u8::try_from(u32::from(character)).ok(),
        '\u{100}'.. => CP1252.iter().position(|shown| *shown == character).map(high),
        _ => None,
    }
}

/// What windows-1252 shows where Latin-1 has a control character.
pub(super) fn shown_by_cp1252(control: char) -> Option<char> {
    CP1252.get(u32::from(control).checked_sub(0x80)? as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same, normalized, run};

    #[test]
    fn rejoins() {
        let emoji: String =
            "😀☀️".bytes().map(|byte| shown_by_cp1252(char::from(byte)).unwrap_or(byte.into())).collect();
        expect(
            &Mojibake,
            &[
                ("Ã©tÃ©", "été"),
                ("lâ€™Ã©cole", "l’école"),
                ("Ã\u{A0} QuÃ©bec", "à Québec"),
                ("Ã  la mer", "à la mer"),
                ("Ã la mer", "à la mer"),
                ("cÅ“ur", "cœur"),
                ("12Â\u{A0}â‚¬", "12\u{A0}€"),
                ("Â«Â\u{A0}NonÂ\u{A0}Â»", "«\u{A0}Non\u{A0}»"),
                ("Ã‰cole", "École"),
                (&emoji, "😀☀️"),
            ],
        );
    }

    #[test]
    fn undoes_two_readings() {
        assert_eq!(normalized("ÃƒÂ©tÃƒÂ©"), "été");
    }

    #[test]
    fn leaves_french() {
        expect_same(
            &Mojibake,
            &["liberté…»", "âge, grâce", "ÂGE", "« été »", "à 12 €", "où‽ çà", "naïf »", "“â” …", "Ã", ""],
        );
    }

    #[test]
    fn maps_back() {
        assert_eq!(run(&Mojibake, "Ã©tÃ©").original(&(0..2)), 0..4);
    }
}
