//! Telephone numbers of France, Québec and, after a `+`, elsewhere.

use super::Found;
use crate::normalize::scan;
use crate::types::Class;

/// Most groups of digits that a telephone number is written in.
const MOST_GROUPS: usize = 8;

/// The groups of digits from a place on, between single separators.
struct Groups {
    lengths: [usize; MOST_GROUPS],
    ends: [usize; MOST_GROUPS],
    count: usize,
}

pub(super) fn phone(text: &str, at: usize, floor: usize) -> Found {
    let groups = Groups::from(text, at);
    let is_international = at > floor && text[..at].ends_with('+') || text[at..].starts_with("00");
    let (count, start) = if is_international {
        (groups.international()?, at - usize::from(text[..at].ends_with('+')))
    } else {
        (groups.national(&text[at..])?, at - usize::from(at > floor && opens_area_code(text, at)))
    };
    Some((start..groups.ends[count - 1], Class::Phone))
}

impl Groups {
    fn from(text: &str, at: usize) -> Self {
        let mut groups = Self { lengths: [0; MOST_GROUPS], ends: [0; MOST_GROUPS], count: 0 };
        let mut start = at;
        while groups.count < MOST_GROUPS {
            let end = scan::run_end(text, start, |byte| byte.is_ascii_digit());
            if end == start {
                break;
            }
            groups.lengths[groups.count] = end - start;
            groups.ends[groups.count] = end;
            groups.count += 1;
            start = scan::run_end(text, end, |byte| matches!(byte, b' ' | b'.' | b'-' | b'(' | b')'));
            if start > end + 2 {
                break;
            }
        }
        groups
    }

    /// How many groups make nine to fifteen digits, of which the first are a country's.
    fn international(&self) -> Option<usize> {
        let mut total = 0;
        let fits = |length: &usize| {
            total += length;
            total
        };
        let totals: Vec<usize> = self.lengths[..self.count].iter().map(fits).collect();
        totals.iter().rposition(|total| (9..=15).contains(total)).map(|last| last + 1)
    }

    /// How many groups make a number as it is dialled at home.
    fn national(&self, digits: &str) -> Option<usize> {
        const FRENCH: &[&[usize]] = &[&[2, 2, 2, 2, 2], &[10], &[4, 3, 3], &[4, 2, 2, 2], &[1, 3, 3, 3]];
        const AMERICAN: &[&[usize]] = &[&[3, 3, 4], &[1, 3, 3, 4]];
        let patterns = match digits.as_bytes() {
            [b'0', b'1'..=b'9', ..] => FRENCH,
            [b'1'..=b'9', ..] => AMERICAN,
            _ => return None,
        };
        let begins = |pattern: &&&[usize]| self.lengths[..self.count].starts_with(pattern);
        patterns.iter().find(begins).map(|pattern| pattern.len())
    }
}

/// Whether a bracket opens right before: `(514) 555-1234`.
fn opens_area_code(text: &str, at: usize) -> bool {
    text[..at].ends_with('(') && text.as_bytes().get(at + 3) == Some(&b')')
}

#[cfg(test)]
mod tests {
    use crate::normalize::numbers::Numbers;
    use crate::normalize::testing::{expect, run};

    #[test]
    fn masks_phones() {
        let phones = [
            "06 12 34 56 78",
            "0612345678",
            "06.12.34.56.78",
            "+33 6 12 34 56 78",
            "+33 (0)6 12 34 56 78",
            "0033612345678",
            "514-555-1234",
            "(514) 555-1234",
            "1-800-555-1234",
            "0800 123 456",
            "+1 514 555 1234",
        ];
        for phone in phones {
            expect(&Numbers, &[(phone, "<phone>"), (&format!("tél.:{phone}, merci"), "tél.:<phone>, merci")]);
        }
    }

    #[test]
    fn leaves_other_groups_to_others() {
        expect(
            &Numbers,
            &[("100 000 personnes", "<number> personnes"), ("+5 %", "+<percent>"), ("12 34", "<number> <number>")],
        );
        assert!(!run(&Numbers, "2024 2025 2026").text.contains('\u{E003}'));
    }
}
