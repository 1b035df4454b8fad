//! Figures → their classes: phones, dates, hours, prices, percentages, years, numbers.

mod amounts;
mod dates;
mod phones;

use super::{Edits, Step, Trigger, scan};
use crate::types::{Class, Marks};
use std::ops::Range;

/// Masks figures that stand on their own. Those glued to letters are words (`4x4`, `covid19`, `1er`, `koi29`).
#[derive(Debug)]
pub(super) struct Numbers;

impl Step for Numbers {
    fn name(&self) -> &'static str {
        "numbers"
    }

    fn loses(&self) -> &'static str {
        "which number, amount, date or hour it is"
    }

    fn trigger(&self) -> Trigger {
        Trigger::Bytes(b"0123456789")
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        let mut done = 0;
        while let Some(offset) = text.as_bytes()[done..].iter().position(u8::is_ascii_digit) {
            let at = done + offset;
            let floor = done;
            if is_glued(text, at) {
                done = scan::chars_end(text, at, is_word_char);
                continue;
            }
            let Some((range, class)) = figure(text, at, floor) else {
                done = scan::chars_end(text, at, is_word_char);
                continue;
            };
            done = range.end;
            edits.mask(range, class);
        }
    }
}

/// Whether figures may read on into what follows them after a space: a unit, a month, a sign. Says yes too often.
pub fn may_continue_figures(text: &str) -> bool {
    let end = scan::chars_end(text, 0, char::is_alphabetic);
    if end == 0 {
        // Beyond ASCII a sign may stand behind an invisible character; only emoji and quotation marks surely hold none.
        return match text.as_bytes() {
            [] | [0xF0, ..] | [0xC2, 0xAB, ..] => false,
            [byte, ..] => !byte.is_ascii() || b"%$.-()&".contains(byte),
        };
    }
    let lists = [amounts::UNITS, amounts::CURRENCIES, amounts::MULTIPLIERS, dates::MONTHS, dates::UNITS];
    lists.iter().any(|list| list.iter().any(|word| is_word(&text[..end], word)))
}

type Found = Option<(Range<usize>, Class)>;

/// What the figures from `at` on are, the most particular reading first.
fn figure(text: &str, at: usize, floor: usize) -> Found {
    phones::phone(text, at, floor)
        .or_else(|| dates::date(text, at))
        .or_else(|| dates::hour(text, at))
        .or_else(|| Some(amounts::amount(text, at, floor)))
        .filter(|(range, _)| ends_word(text, range.end))
}

/// Whether figures continue a word (`covid-19`, `B2`) rather than begin one.
fn is_glued(text: &str, at: usize) -> bool {
    match scan::char_before(text, at) {
        Some('-') => scan::char_before(text, at - 1).is_some_and(char::is_alphabetic),
        Some(before) => is_word_char(before),
        None => false,
    }
}

/// Whether nothing that belongs to the figures follows: no letter, and no keycap (1️⃣).
fn ends_word(text: &str, end: usize) -> bool {
    !scan::char_at(text, end).is_some_and(|next| is_word_char(next) || matches!(next, '\u{FE0F}' | '\u{20E3}'))
}

fn is_word_char(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The digits from `at` on: their end and, up to four, their value.
fn digits(text: &str, at: usize) -> (usize, usize) {
    let end = scan::run_end(text, at, |byte| byte.is_ascii_digit());
    (end, text[at..end].parse().unwrap_or(usize::MAX))
}

/// `at`, or past one space.
fn past_space(text: &str, at: usize) -> usize {
    at + usize::from(text[at..].starts_with(' '))
}

/// The end of the first of some endings, in any case, that stands here and ends a word.
fn word_end(text: &str, at: usize, words: &[&str]) -> Option<usize> {
    let end = scan::chars_end(text, at, char::is_alphabetic);
    words.iter().any(|word| is_word(&text[at..end], word)).then_some(end)
}

/// Equal but for case; `word` is in small letters.
fn is_word(text: &str, word: &str) -> bool {
    text.len() == word.len() && text.chars().flat_map(char::to_lowercase).eq(word.chars())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same, run};

    #[test]
    fn masks_numbers_and_years() {
        expect(
            &Numbers,
            &[
                ("2 fois, n°1 sur 10k", "<number> fois, n°<number> sur <number>"),
                ("1 234,56 ou 3.5 ou 1 000 000", "<number> ou <number> ou <number>"),
                ("en 2024, 2022-2027, 2 000", "en <year>, <year>-<year>, <number>"),
                ("#1, l'1, article 49.3.", "#<number>, l'<number>, article <number>."),
                ("18-25 ans, 24/7", "<number>-<number> ans, <number>/<number>"),
                ("1800 ou 2100", "<number> ou <number>"),
            ],
        );
    }

    #[test]
    fn leaves_figures_in_words() {
        expect_same(
            &Numbers,
            &[
                "B2B h1n1 4x4 covid19 covid-19 G7",
                "koi29 bcp2 2m1 a12c4",
                "1er 2e 3ème 1ère",
                "48h 10km x_1",
                "1️⃣ 2\u{20E3}",
                "été",
                "",
            ],
        );
    }

    #[test]
    fn maps_back() {
        let out = run(&Numbers, "à 12,50 € !");
        assert_eq!(out.original(&(3..6)), 3..12);
    }
}
