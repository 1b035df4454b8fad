//! Characters that nobody sees: dropped, unless an emoji is made of them.

use super::{Edits, Step, Trigger, scan};
use crate::types::{Class, Marks};

/// Drops zero-width and formatting characters, and private-use ones, which mean nothing outside their font.
///
/// The characters of [`Class`] are kept, so that normalised text stays as it is: whoever types U+E000 has typed
/// a `<url>`, which is harmless.
#[derive(Debug)]
pub(super) struct Invisible;

impl Step for Invisible {
    fn name(&self) -> &'static str {
        "invisible"
    }

    fn loses(&self) -> &'static str {
        "zero-width, formatting and private-use characters"
    }

    fn trigger(&self) -> Trigger {
        Trigger::Bytes(LEADS)
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        let mut previous = ('\0', 0);
        for (at, character) in scan::non_ascii(text, may_be_dropped) {
            let end = at + character.len_utf8();
            let before = if previous.1 == at { previous.0 } else { scan::char_before(text, at).unwrap_or('\0') };
            match fate(character, before, scan::char_at(text, end)) {
                Fate::Kept => previous = (character, end),
                // What stands before it is now before the next.
                Fate::Dropped => {
                    previous = (before, end);
                    edits.remove(at..end);
                }
                Fate::Newline => edits.replace(at..end, "\n"),
            }
        }
    }
}

/// First bytes of all that may be dropped.
const LEADS: &[u8] = &[0xC2, 0xCD, 0xD8, 0xE1, 0xE2, 0xE3, 0xEE, 0xEF, 0xF3, 0xF4];

enum Fate {
    Kept,
    Dropped,
    Newline,
}

/// By a character's bytes; spares the decoding of `’`, `«`, emoji and masks.
fn may_be_dropped(bytes: &[u8]) -> bool {
    match bytes {
        [0xC2, second, ..] => *second < 0xA0 || *second == 0xAD,
        [0xE2, 0x80, third, ..] => matches!(third, 0x8B..=0x8F | 0xA8..=0xAE),
        [0xE2, second, ..] => *second == 0x81,
        [0xEE, 0x80, third, ..] => *third > 0x8A,
        [0xF0, ..] => false,
        _ => matches!(bytes, [0xCD | 0xD8 | 0xE1 | 0xE3 | 0xEE..=0xFF, ..]),
    }
}

fn fate(character: char, before: char, after: Option<char>) -> Fate {
    let kept = match character {
        '\u{85}' | '\u{2028}' | '\u{2029}' => return Fate::Newline,
        '\u{200D}' => joins(before) && after.is_some_and(is_pictograph),
        '\u{FE0F}' => is_pictograph(before) || (is_keycap_base(before) && after == Some('\u{20E3}')),
        // The tail of a regional flag (🏴󠁧󠁢󠁳󠁣󠁴󠁿).
        '\u{E0020}'..='\u{E007F}' => before == '🏴' || matches!(before, '\u{E0020}'..='\u{E007E}'),
        other => !is_dropped(other),
    };
    if kept { Fate::Kept } else { Fate::Dropped }
}

/// Characters dropped wherever they stand.
pub(super) fn is_dropped(character: char) -> bool {
    match character {
        '\u{E000}'..='\u{F8FF}' => Class::from_char(character).is_none_or(|class| class > Class::LAST_MASKED),
        _ => matches!(
            character,
            '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}' // control characters of Latin-1
            | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0E}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}'
            | '\u{E0000}'..='\u{E001F}' | '\u{E0080}'..='\u{E0FFF}'
            | '\u{F0000}'..='\u{10FFFF}'
        ),
    }
}

/// What a joiner may follow.
fn joins(before: char) -> bool {
    is_pictograph(before) || before == '\u{FE0F}'
}

fn is_keycap_base(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '#' | '*')
}

/// Blocks in which emoji live; a few other signs live there too, and come to no harm.
fn is_pictograph(character: char) -> bool {
    matches!(
        character,
        '\u{1F000}'..='\u{1FAFF}' | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}' | '\u{2460}'..='\u{27BF}'
        | '\u{2900}'..='\u{297F}' | '\u{2B00}'..='\u{2BFF}'
        | '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '〰' | '〽' | '㊗' | '㊙'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same};

    #[test]
    fn drops() {
        expect(
            &Invisible,
            &[
                ("anti\u{AD}constitutionnel", "anticonstitutionnel"),
                ("\u{FEFF}Bonjour\u{200B} à\u{200D} tous", "Bonjour à tous"),
                ("\u{2067}Français\u{2069}", "Français"),
                ("un\u{2028}deux", "un\ndeux"),
                ("a\u{FE0F}b\u{E0020}", "ab"),
                ("\u{E123}\u{F8FF}\u{F0000}é", "é"),
                ("👩\u{200D}\u{200B}\u{200D}a", "👩a"),
            ],
        );
    }

    #[test]
    fn keeps_emoji_and_masks() {
        expect_same(
            &Invisible,
            &["👩‍💻 ❤️‍🔥", "☀️ ⚠️ 1️⃣ #️⃣", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "🇫🇷", "été", ""],
        );
        expect(&Invisible, &[("\u{E000} \u{E00A}", "<url> <hashtag>"), ("\u{E00B}", "")]);
    }
}
