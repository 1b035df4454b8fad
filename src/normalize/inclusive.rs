//! Inclusive writing → the form before the mark: `étudiant·e·s` → `étudiants`.

use super::{Edits, Step, Trigger, scan};
use crate::types::Marks;
use std::iter::Peekable;

/// Folds doubled endings, marked by a middle dot, a full stop, a hyphen or brackets. Words like `iel` stay.
#[derive(Debug)]
pub(super) struct Inclusive;

impl Step for Inclusive {
    fn name(&self) -> &'static str {
        "inclusive"
    }

    fn loses(&self) -> &'static str {
        "the feminine ending beside the masculine (its presence is marked)"
    }

    fn trigger(&self) -> Trigger {
        // `.`, `-`, `(`, and the last bytes of · and of •, ‧ and ⋅.
        Trigger::Bytes(&[b'.', b'-', b'(', 0xB7, 0xA2, 0xA7, 0x85])
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, marks: &mut Marks) {
        let bytes = text.as_bytes();
        let mut done = 0;
        let mut dots = memchr::memchr2_iter(0xC2, 0xE2, bytes).filter(|at| is_dot(&bytes[*at..])).peekable();
        let mut signs = memchr::memchr3_iter(b'.', b'-', b'(', bytes).filter(|at| is_sign(&bytes[*at..])).peekable();
        while let Some(at) = next_of(&mut dots, &mut signs) {
            let suffix =
                scan::char_at(text, at).filter(|_| at >= done).and_then(|mark| Suffix::at(text, (done, at), mark));
            if let Some(suffix) = suffix {
                marks.inclusive = true;
                edits.replace(at - suffix.takes_before..suffix.end, if suffix.adds_s { "s" } else { "" });
                done = suffix.end;
            }
        }
    }
}

/// The lesser of two positions.
fn next_of(
    left: &mut Peekable<impl Iterator<Item = usize>>,
    right: &mut Peekable<impl Iterator<Item = usize>>,
) -> Option<usize> {
    match (left.peek(), right.peek()) {
        (Some(first), Some(second)) if first > second => right.next(),
        (None, _) => right.next(),
        _ => left.next(),
    }
}

/// Whether one of · • ‧ ⋅ stands here.
fn is_dot(bytes: &[u8]) -> bool {
    matches!(bytes, [0xC2, 0xB7, ..] | [0xE2, 0x80, 0xA2 | 0xA7, ..] | [0xE2, 0x8B, 0x85, ..])
}

/// Whether a sign stands where it may be a mark: almost none does, and the next bytes tell.
fn is_sign(bytes: &[u8]) -> bool {
    match bytes {
        [b'-', b'e' | b'E', ..] => true,
        [b'-', rest @ ..] => rest.iter().take(LONGEST_ENDING + 1).any(|byte| *byte == b'-'),
        [_, next, ..] => next.is_ascii_alphabetic() || *next == 0xC3,
        _ => false,
    }
}

/// Endings after which a middle dot is surely inclusive are any; after the other marks, these.
const ENDINGS: &[&str] = &[
    "e", "es", "ne", "nes", "le", "les", "te", "tes", "se", "ses", "ve", "ves", "fe", "che", "ère", "ères", "ière",
    "ières", "Ère", "Ères", "iÈre", "iÈres", "rice", "rices", "trice", "trices", "ice", "ices", "euse", "euses",
    "esse", "esses",
];

/// **Unit**: bytes.
const LONGEST_ENDING: usize = 7;

struct Suffix {
    end: usize,
    adds_s: bool,
    /// Bytes of the stem that go too: the t of `tout·e·s`.
    takes_before: usize,
}

impl Suffix {
    /// The suffix whose mark stands at `at`; what precedes `floor` is settled.
    fn at(text: &str, (floor, at): (usize, usize), mark: char) -> Option<Self> {
        let start = at + mark.len_utf8();
        let ending_end = scan::chars_end(text, start, char::is_alphabetic);
        if ending_end == start {
            return None;
        }
        let stem = &text[scan::chars_start(text, at, char::is_alphabetic).max(floor)..at];
        let (end, is_plural) = plural(text, ending_end, mark)?;
        let ending = &text[start..ending_end];
        if scan::alnum_at(text, end) || !is_accepted(stem, ending, mark, is_plural) {
            return None;
        }
        let is_plural = is_plural || (ending.chars().count() > 1 && ends_in(ending, &['s'])) || is_s(ending);
        let is_tout = stem
            .len()
            .checked_sub(4)
            .and_then(|last| stem.get(last..))
            .is_some_and(|last| last.eq_ignore_ascii_case("tout"));
        let takes_before = usize::from(is_plural && is_tout);
        Some(Self { end, adds_s: is_plural && !ends_in(stem, &['s', 'x']), takes_before })
    }
}

/// End of the suffix with its mark of the plural, if it has one; `None` where a bracket is left open.
fn plural(text: &str, ending_end: usize, mark: char) -> Option<(usize, bool)> {
    let rest = &text[ending_end..];
    let (closed, after) = match mark {
        '(' => (ending_end + 1, rest.strip_prefix(')')?),
        _ => match rest.strip_prefix(mark) {
            Some(after) => (ending_end + mark.len_utf8(), after),
            None => return Some((ending_end, false)),
        },
    };
    let has_s = after.starts_with(['s', 'S', 'x', 'X']) && !after[1..].starts_with(char::is_alphanumeric);
    match (has_s, mark) {
        (true, _) => Some((closed + 1, true)),
        (false, '(') => Some((closed, false)),
        // The mark belongs to what follows: the full stop of the sentence.
        (false, _) => Some((ending_end, false)),
    }
}

fn is_accepted(stem: &str, ending: &str, mark: char, is_plural: bool) -> bool {
    let stem_len = stem.chars().count();
    let is_listed = || ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    match mark {
        '(' => stem_len >= 2 && is_listed(),
        '-' => stem_len >= 3 && if is_plural { is_listed() } else { ending.eq_ignore_ascii_case("e") },
        '.' => stem_len >= 2 && is_listed() && (is_plural || stands_after(stem, ending)),
        _ => {
            stem_len >= 1
                && ending.len() <= LONGEST_ENDING
                && !(ends_in(stem, &['l']) && ending.starts_with('l') && ending.len() > 3)
        }
    }
}

/// Whether a lone ending after a full stop is one of this stem: `citoyen.ne`, but `fini.le` is two sentences.
fn stands_after(stem: &str, ending: &str) -> bool {
    match ending.to_lowercase().as_str() {
        "ne" | "nes" => ends_in(stem, &['n']),
        "le" | "les" => ends_in(stem, &['l']),
        "te" | "tes" | "se" | "ses" | "che" | "ice" | "ices" => false,
        "ve" | "ves" => ends_in(stem, &['f']),
        _ => true,
    }
}

fn ends_in(word: &str, letters: &[char]) -> bool {
    word.chars().next_back().is_some_and(|last| letters.contains(&last.to_ascii_lowercase()))
}

fn is_s(ending: &str) -> bool {
    ending.eq_ignore_ascii_case("s")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same, run};

    #[test]
    fn folds() {
        expect(
            &Inclusive,
            &[
                ("étudiant·e·s", "étudiants"),
                ("citoyen.ne.s", "citoyens"),
                ("élu(e)s et élu(e) et élu(es)", "élus et élu et élus"),
                ("tou·te·s tou.te.s tout·e·s tous·tes", "tous tous tous tous"),
                ("motivé-e-s, motivé-e.", "motivés, motivé."),
                ("directeur·rice, directeurs·rices", "directeur, directeurs"),
                ("heureux·se·s", "heureux"),
                ("ÉTUDIANT·E·S", "ÉTUDIANTs"),
                ("Chacun.e.", "Chacun."),
                ("ceux•celles", "ceux"),
            ],
        );
        assert!(run(&Inclusive, "chacun·e").marks.inclusive);
        assert!(!run(&Inclusive, "chacun.").marks.inclusive);
    }

    #[test]
    fn leaves_the_rest() {
        expect_same(
            &Inclusive,
            &[
                "C'est fini.le chat",
                "dis-le, va-t-en, y en a-t-il",
                "i.e. c.a.d p.s.",
                "personne(s)",
                "iel vient",
                "col·lectiu",
                "(et) f(x)",
                "Oui · non",
                "été.",
                "",
            ],
        );
    }

    #[test]
    fn maps_back() {
        assert_eq!(run(&Inclusive, "élu·e·s !").original(&(0..5)), 0..10);
    }
}
