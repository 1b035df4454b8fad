//! Words with nothing to normalise but capitals and apostrophes: most of the words there are.

use super::elongation::may_be_drawn_out;

/// Normalises a stretch without white space, if it is French letters, apostrophes between them, and marks at the end that the whole
/// chain would leave as they are; says whether it is. What `out` holds then is what the chain gives; else it means nothing.
pub fn plain_word(stretch: &str, out: &mut String) -> bool {
    out.clear();
    let mut rest = stretch;
    let letters_end = loop {
        let bytes = rest.as_bytes();
        let (length, lowered) = match bytes {
            [letter @ (b'a'..=b'z' | b'A'..=b'Z'), ..] => (1, Some(char::from(letter.to_ascii_lowercase()))),
            [0xC3, second, ..] => (2, latin_letter(*second)),
            [b'\'', next, ..] if begins_letter(*next) => (1, Some('\'')),
            [0xE2, 0x80, 0x99, next, ..] if begins_letter(*next) => (3, Some('\'')),
            _ => break out.len(),
        };
        let Some(lowered) = lowered else { return false };
        out.push(lowered);
        rest = &rest[length..];
    };
    let is_end = rest.bytes().all(|byte| matches!(byte, b'.' | b',' | b'!' | b'?' | b';' | b':'));
    // `http` alone stands for an address.
    if !is_end || out.starts_with('\'') || may_be_drawn_out(out.as_bytes()) || out.contains("http") {
        return false;
    }
    out.push_str(rest);
    letters_end > 0
}

/// À to ÿ in small, by the second byte; not the signs × and ÷, nor æ, which is untied, nor Ã, which may be half of another letter.
fn latin_letter(second: u8) -> Option<char> {
    let small = match second {
        0x83 | 0x86 | 0x97 | 0xA6 | 0xB7 => return None,
        0x80..=0x9E => second + 0x20,
        _ => second,
    };
    Some(char::from(small + 0x40))
}

fn begins_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == 0xC3
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::normalize::testing::normalized;

    #[test]
    fn most_words_are_plain_and_the_others_are_left() {
        let mut out = String::new();
        for (word, expected) in
            [("L’École,", "l'école,"), ("ÇA", "ça"), ("aujourd'hui?!", "aujourd'hui?!"), ("m.", "m.")]
        {
            assert!(plain_word(word, &mut out), "{word}");
            assert_eq!(out, expected);
        }
        for word in ["", "...", "oooh", "http", "g.e", "cœur", "Ã", "a@b.fr", "x2", "vas-y", "(e)", "l'", "’l"] {
            assert!(!plain_word(word, &mut out), "{word}");
        }
    }

    proptest! {
        #[test]
        fn what_is_plain_is_what_the_chain_gives(word in "([a-zA-ZÀ-ÿ]|[a-e]|'|’|http|[.,!?;:]|…){1,12}") {
            let mut out = String::new();
            if plain_word(&word, &mut out) {
                prop_assert_eq!(out, normalized(&word));
            }
        }
    }
}
