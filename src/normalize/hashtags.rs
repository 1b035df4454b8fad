//! `#QuebecSolidaire` → the hashtag class, then `Quebec Solidaire`.

use super::{Edits, Step, Trigger, scan};
use crate::types::{Class, Marks};

/// Separates a hashtag into its words, by its capitals, digits and underscores.
#[derive(Debug)]
pub(super) struct Hashtags;

impl Step for Hashtags {
    fn name(&self) -> &'static str {
        "hashtags"
    }

    fn loses(&self) -> &'static str {
        "where a hashtag ends"
    }

    fn trigger(&self) -> Trigger {
        Trigger::Bytes(b"#")
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        let mut done = 0;
        for at in memchr::memchr_iter(b'#', text.as_bytes()) {
            let start = at + 1;
            let end = scan::chars_end(text, start, is_tag_char);
            let is_glued =
                at > done && scan::char_before(text, at).is_some_and(|before| is_tag_char(before) || before == '&');
            if is_glued || !text[start..end].chars().any(char::is_alphabetic) {
                continue;
            }
            edits.mask(at..start, Class::Hashtag);
            separate(text, start, end, edits);
            done = end;
        }
    }
}

fn is_tag_char(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Puts a space wherever a word of the hashtag ends.
fn separate(text: &str, start: usize, end: usize, edits: &mut Edits<'_>) {
    let mut previous = None;
    for (offset, character) in text[start..end].char_indices() {
        let at = start + offset;
        if character == '_' {
            edits.replace(at..at + 1, " ");
        } else if previous.is_some_and(|before| is_boundary(text, start, (at, end), before, character)) {
            edits.replace(at..at, " ");
        }
        previous = Some(character);
    }
}

/// Whether a word begins at `at`: `quebec|Solidaire`, `JO|Paris`, `8|mars`, `presidentielle|2022`.
fn is_boundary(text: &str, start: usize, (at, end): (usize, usize), before: char, here: char) -> bool {
    let next_is_small = || text[at + here.len_utf8()..end].chars().next().is_some_and(char::is_lowercase);
    let digits = |from: usize| scan::run_end(&text[..end], from, |byte| byte.is_ascii_digit()) - from;
    if here.is_uppercase() {
        return before.is_lowercase()
            || (before.is_uppercase() && next_is_small())
            || before.is_ascii_digit() && next_is_small();
    }
    if here.is_ascii_digit() {
        return before.is_alphabetic() && digits(at) >= LONG;
    }
    // Short codes stay whole: #G7, #4x4, #covid19.
    let leads = scan::run_start(text, at, start, |byte| byte.is_ascii_digit()) == start;
    before.is_ascii_digit()
        && here.is_alphabetic()
        && leads
        && text[at..end].chars().take_while(|c| c.is_alphabetic()).count() >= LONG
}

/// Digits or letters in a row that are read as a word of their own.
const LONG: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same, normalized, run};

    #[test]
    fn separates_words() {
        expect(
            &Hashtags,
            &[
                ("#QuebecSolidaire", "<hashtag> Quebec Solidaire"),
                ("vive l'#écoleÉmancipée!", "vive l'<hashtag> école Émancipée!"),
                ("#COVID #quebecsolidaire", "<hashtag> COVID <hashtag> quebecsolidaire"),
                ("#JOParis2024 #8mars", "<hashtag> JO Paris 2024 <hashtag> 8 mars"),
                ("#Tizi_Ouzou #G7 #covid19", "<hashtag> Tizi Ouzou <hashtag> G7 <hashtag> covid19"),
                ("#un#deux", "<hashtag> un <hashtag> deux"),
            ],
        );
        assert_eq!(normalized("#Presidentielle2022 #8mars"), "<hashtag> presidentielle <year> <hashtag> <date>");
    }

    #[test]
    fn leaves_numbers_and_languages() {
        expect_same(&Hashtags, &["#1 n°1 # 2", "C# et a#b", "&#39", "été", "##", ""]);
    }

    #[test]
    fn words_map_back_to_their_piece() {
        let out = run(&Hashtags, "#MeToo");
        assert_eq!(out.text.len(), 10);
        assert_eq!(out.original(&(4..6)), 1..3);
        assert_eq!(out.original(&(7..10)), 3..6);
    }
}
