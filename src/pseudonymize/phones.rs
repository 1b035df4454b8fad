//! Telephone numbers: how they are written, and the one form that they are compared in.

use std::ops::Range;

/// Numbers of France, Belgium, Switzerland and North America as dialled at home, and of any country after `+` or `00`.
/// One or two separators may stand between digits; the ends are checked by [`is_number`].
pub(super) const PATTERN: &str = r"(?x)
      (?:\+|00)33 [\ \u{a0}\u{202f}.\-]{0,2} (?:\(0\))? (?:[\ \u{a0}\u{202f}.\-]{0,2}\d){9}
    | (?:\+|00)[2-9]\d (?:[\ \u{a0}\u{202f}.\-/()]{0,2}\d){7,12}
    | (?:(?:\+|00)?1[\ \u{a0}\u{202f}.\-]?)?
      (?:\([2-9]\d{2}\)|[2-9]\d{2}) [\ \u{a0}\u{202f}.\-]{0,2} [2-9]\d{2} [\ \u{a0}\u{202f}.\-]{0,2} \d{4}
    | 0[\ \u{a0}\u{202f}.\-]{0,2}[1-9] (?:[\ \u{a0}\u{202f}.\-]{0,2}\d){8}
    | 0[1-9]\d{1,2}/\d{2,3}[\ \u{a0}\u{202f}.]?\d{2}[\ \u{a0}\u{202f}.]?\d{2}
    | 0[1-9]\d?[\ \u{a0}\u{202f}.]\d{3}[\ \u{a0}\u{202f}.]\d{2}[\ \u{a0}\u{202f}.]\d{2}";

/// Whether what looks like a number stands alone, and is no date (`01.02.2024 10 h`).
pub(super) fn is_number(text: &str, found: &Range<usize>) -> bool {
    let before = text[..found.start].chars().next_back();
    let goes_on_before = before.is_some_and(|sign| sign.is_alphanumeric() || matches!(sign, '_' | '+'))
        || text[..found.start].strip_suffix(['.', ',', '-', '/']).is_some_and(|head| head.ends_with(is_digit));
    let after = &text[found.end..];
    let goes_on_after = after.starts_with(is_digit)
        || after.strip_prefix(['.', ',', '-', '/']).is_some_and(|rest| rest.starts_with(is_digit));
    !goes_on_before && !goes_on_after && !begins_with_date(&text[found.clone()])
}

fn is_digit(sign: char) -> bool {
    sign.is_ascii_digit()
}

/// `01-02-2024`, which then goes on with an hour.
fn begins_with_date(number: &str) -> bool {
    let [d1, d2, first, m1, m2, second, year @ ..] = number.as_bytes() else { return false };
    let two = |tens: u8, units: u8| tens.wrapping_sub(b'0') * 10 + units.wrapping_sub(b'0');
    let is_digits = [d1, d2, m1, m2].iter().all(|byte| byte.is_ascii_digit());
    is_digits
        && first == second
        && matches!(first, b'.' | b'-' | b'/')
        && (1..=31).contains(&two(*d1, *d2))
        && (1..=12).contains(&two(*m1, *m2))
        && (year.starts_with(b"19") || year.starts_with(b"20"))
        && year.iter().take_while(|byte| byte.is_ascii_digit()).count() == 4
}

/// A number with its country, so that one line has one pseudonym: ten digits after a 0 are French, ten others North American.
/// Those of Belgium and Switzerland written without their country stay apart from those written with it.
pub(super) fn canonical(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let is_international = number.starts_with('+') || digits.starts_with("00");
    let digits = if is_international { digits.trim_start_matches("00") } else { &digits };
    let national = match (is_international, digits.len()) {
        (true, _) if digits.starts_with("330") => format!("33{}", &digits[3..]),
        (false, 10) => match digits.strip_prefix('0') {
            Some(rest) => format!("33{rest}"),
            None => format!("1{digits}"),
        },
        _ => digits.to_owned(),
    };
    format!("tel:{national}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_one_number() {
        for written in
            ["06 12 34 56 78", "+33 6 12 34 56 78", "+33 (0)6 12 34 56 78", "0033612345678", "06.12.34.56.78"]
        {
            assert_eq!(canonical(written), "tel:33612345678", "{written}");
        }
        for written in ["(514) 555-0199", "+1 514 555 0199", "1-514-555-0199", "5145550199"] {
            assert_eq!(canonical(written), "tel:15145550199", "{written}");
        }
    }
}
