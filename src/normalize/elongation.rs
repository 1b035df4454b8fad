//! Letters drawn out: `merciiii` → `merci`, `belllle` → `belle`, `hahahaha` → `haha`.

use super::{Edits, Step, Trigger, scan};
use crate::types::Marks;
use std::ops::Range;

/// Shortens letters written three times or more, and syllables of two letters written three times or more.
///
/// One letter is left at either end of a word, and of a vowel; two of a consonant inside, and of a word that is
/// nothing else (`mmmm` → `mm`).
#[derive(Debug)]
pub(super) struct Elongation;

impl Step for Elongation {
    fn name(&self) -> &'static str {
        "elongation"
    }

    fn loses(&self) -> &'static str {
        "how long letters were drawn out (that they were is marked)"
    }

    fn trigger(&self) -> Trigger {
        Trigger::Fn(may_be_drawn_out)
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, marks: &mut Marks) {
        let mut start = 0;
        while let Some(offset) = text[start..].find(char::is_alphabetic) {
            let word = start + offset..scan::chars_end(text, start + offset, char::is_alphabetic);
            start = word.end;
            marks.elongated |= shorten(text, &word, edits);
        }
    }
}

/// Three equal letters, or three equal pairs of bytes (`hahaha`, `ééé`), in any case: `é` and `É` differ in the same
/// bit as `e` and `E`. Eight places at a time, since it is run on every text.
pub(super) fn may_be_drawn_out(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some(span) = bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        if eight_places(span) {
            return true;
        }
        at += 8;
    }
    let mut last = [0; 24];
    bytes[at..].iter().zip(&mut last).for_each(|(byte, slot)| *slot = *byte);
    [0, 8].iter().any(|at| last[*at..].first_chunk().is_some_and(eight_places))
}

/// Whether something drawn out begins at one of the first eight bytes. Says yes a little too often.
fn eight_places(span: &[u8; 13]) -> bool {
    const CASE: u64 = 0x2020_2020_2020_2020;
    const LETTER: u64 = 0x4040_4040_4040_4040;
    let word = |from: usize| span[from..].first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk));
    let differ = |near: usize, far: usize| (word(near) ^ word(far)) & !CASE;
    let triples = differ(0, 1) | differ(1, 2);
    let pairs = differ(0, 2) | differ(1, 3) | differ(2, 4) | differ(3, 5);
    (zero_bytes(triples) | zero_bytes(pairs)) & ((word(0) & LETTER) << 1) != 0
}

/// The high bit of each byte that is zero, and of some after it.
fn zero_bytes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    word.wrapping_sub(ONES) & !word & (ONES << 7)
}

/// Shortens a word; says whether there was anything to shorten.
fn shorten(text: &str, word: &Range<usize>, edits: &mut Edits<'_>) -> bool {
    let mut at = word.start;
    let mut found = false;
    while at < word.end {
        let run = at..run_end(&text[..word.end], at);
        let kept = if text[run.clone()].chars().count() >= DRAWN_OUT {
            at = run.end;
            kept_of_run(text, word, &run).map(|kept| (run, kept))
        } else if let Some(end) = chant_end(&text[..word.end], at) {
            let chant = at..end;
            at = end;
            Some((chant.clone(), kept_of_chant(&text[chant])))
        } else {
            at += scan::char_at(text, at).map_or(1, char::len_utf8);
            None
        };
        if let Some((whole, kept)) = kept {
            found = true;
            edits.replace(whole.clone(), prefix(&text[whole], kept));
        }
    }
    found
}

/// Repetitions from which letters and syllables count as drawn out; no French word has as many.
const DRAWN_OUT: usize = 3;

fn run_end(text: &str, at: usize) -> usize {
    let first = scan::char_at(text, at);
    scan::chars_end(text, at, |character| first.is_some_and(|first| is_same_letter(first, character)))
}

/// How many letters of a run are kept; `None` for numerals and conventions (`III`, `xviii`, `www`, `xxx`).
fn kept_of_run(text: &str, word: &Range<usize>, run: &Range<usize>) -> Option<usize> {
    let is_three = text[run.clone()].chars().count() == DRAWN_OUT;
    let is_convention = ["www", "xxx"].iter().any(|known| text[word.clone()].eq_ignore_ascii_case(known));
    if is_three && (is_convention || is_roman(&text[word.clone()])) {
        return None;
    }
    let (at_start, at_end) = (run.start == word.start, run.end == word.end);
    let is_vowel = text[run.clone()].chars().next().is_some_and(is_vowel);
    Some(match (at_start, at_end) {
        (true, true) => 2,
        (false, false) if !is_vowel => 2,
        _ => 1,
    })
}

/// End of two letters in turn, three times or more, with what the last is drawn out by (`hahahaaa`).
fn chant_end(text: &str, at: usize) -> Option<usize> {
    let mut letters = text[at..].chars();
    let pair = [letters.next()?, letters.next()?];
    if is_same_letter(pair[0], pair[1]) || !pair.iter().all(char::is_ascii_alphabetic) {
        return None;
    }
    let in_turn = text[at..].chars().enumerate().take_while(|(index, letter)| is_same_letter(*letter, pair[index % 2]));
    let (count, length) = in_turn.fold((0, 0), |(count, length), (_, letter)| (count + 1, length + letter.len_utf8()));
    let last = pair[(count + 1) % 2];
    let end = scan::chars_end(text, at + length, |letter| is_same_letter(letter, last));
    (count >= 2 * DRAWN_OUT).then_some(end)
}

/// `haha`, `hihi`; but `lol`.
fn kept_of_chant(chant: &str) -> usize {
    let is_lol = chant.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("lol")) && chant.ends_with(['l', 'L']);
    if is_lol { 3 } else { 4 }
}

fn prefix(text: &str, n_chars: usize) -> &str {
    text.char_indices().nth(n_chars).map_or(text, |(end, _)| &text[..end])
}

/// Whether two letters are one but for case. Those that French does not have are left alone.
fn is_same_letter(left: char, right: char) -> bool {
    let is_french = |letter: char| letter.is_ascii_alphabetic() || matches!(letter, 'À'..='ÿ');
    is_french(left) && is_french(right) && left.to_lowercase().eq(right.to_lowercase())
}

fn is_vowel(letter: char) -> bool {
    "aeiouyàâäéèêëîïôöùûüÿ".contains(letter.to_lowercase().next().unwrap_or(letter))
}

/// Whether a word is a numeral up to 399, or its ordinal.
fn is_roman(word: &str) -> bool {
    const HUNDREDS: &[&str] = &["ccc", "cc", "c"];
    const TENS: &[&str] = &["xc", "xl", "lxxx", "lxx", "lx", "l", "xxx", "xx", "x"];
    const UNITS: &[&str] = &["ix", "iv", "viii", "vii", "vi", "v", "iii", "ii", "i"];
    const LONGEST: usize = 16;
    if word.len() > LONGEST {
        return false;
    }
    let word = word.to_lowercase();
    let rest = [HUNDREDS, TENS, UNITS]
        .iter()
        .fold(word.as_str(), |rest, digits| digits.iter().find_map(|digit| rest.strip_prefix(digit)).unwrap_or(rest));
    matches!(rest, "" | "e" | "eme" | "ème" | "es")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same, normalized, run};

    #[test]
    fn shortens_letters() {
        expect(
            &Elongation,
            &[
                ("merciiii", "merci"),
                ("NONNNN", "NON"),
                ("suuuper belllle", "super belle"),
                ("aaaah mmmm mmmmerci", "ah mm merci"),
                ("ptdrrr mdrrrr grrr", "ptdr mdr gr"),
                ("alléééé ÉÉÉé", "allé ÉÉ"),
                ("Jaaaamais", "Jamais"),
            ],
        );
        assert!(run(&Elongation, "ouiii").marks.elongated);
    }

    #[test]
    fn shortens_syllables() {
        expect(
            &Elongation,
            &[("hahahaha", "haha"), ("Hihihihih", "Hihi"), ("lololol", "lol"), ("hahahaaaa!", "haha!")],
        );
    }

    #[test]
    fn leaves_words_and_numerals() {
        expect_same(
            &Elongation,
            &["créée", "Louis XIII, xviiie, III, iii", "www xxx", "ananas", "haha", "!!! ...", "1000", "été", ""],
        );
        assert!(!run(&Elongation, "Napoléon III").marks.elongated);
        assert_eq!(normalized("Napoléon III"), "napoléon iii");
    }

    #[test]
    fn maps_back() {
        assert_eq!(run(&Elongation, "merciiii !").original(&(0..5)), 0..8);
    }
}
