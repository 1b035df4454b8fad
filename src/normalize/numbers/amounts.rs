//! Prices, percentages, years, and numbers that are nothing more.

use super::{dates, digits, ends_word, past_space, word_end};
use crate::normalize::scan;
use crate::types::Class;
use std::ops::Range;

const SIGNS: &[char] = &['€', '$', '£', '¥'];
pub(super) const CURRENCIES: &[&str] = &[
    "euro", "euros", "eur", "dollar", "dollars", "balles", "francs", "chf", "fcfa", "cfa", "cad", "usd", "dinars",
    "dirhams",
];
/// Words of percentages, and links before a currency.
pub(super) const UNITS: &[&str] = &["pourcent", "pourcents", "pour", "cent", "d", "de"];
pub(super) const MULTIPLIERS: &[&str] =
    &["mille", "million", "millions", "milliard", "milliards", "k", "m", "md", "mds"];

/// A number with what it counts, if that is money or hundredths.
pub(super) fn amount(text: &str, at: usize, floor: usize) -> (Range<usize>, Class) {
    let number_end = number_end(text, at);
    if let Some(end) = percent_end(text, number_end) {
        return (at..end, Class::Percent);
    }
    let sign = text[floor..at].chars().next_back().filter(|before| SIGNS.contains(before));
    if let Some(end) = price_end(text, number_end) {
        return (at..end, Class::Price);
    }
    let end = thousands_end(text, number_end);
    if let Some(sign) = sign {
        return (at - sign.len_utf8()..end, Class::Price);
    }
    let is_year = number_end == at + 4 && end == number_end && dates::is_year(digits(text, at).1);
    (at..end, if is_year { Class::Year } else { Class::Number })
}

/// End of digits with their separators: `1 234`, `1.234.567`, `3,5`.
fn number_end(text: &str, at: usize) -> usize {
    let (mut end, _) = digits(text, at);
    if end - at <= 3 {
        while let Some(group_end) = thousand_group(text, end) {
            end = group_end;
        }
    }
    let has_decimals = text[end..].starts_with([',', '.']) && digits(text, end + 1).0 > end + 1;
    if has_decimals { digits(text, end + 1).0 } else { end }
}

/// End of one group of exactly three digits after a space.
fn thousand_group(text: &str, end: usize) -> Option<usize> {
    let (group_end, _) = digits(text, end + usize::from(text[end..].starts_with(' ')));
    (text[end..].starts_with(' ') && group_end == end + 4).then_some(group_end)
}

/// `10k`, `3M`.
fn thousands_end(text: &str, end: usize) -> usize {
    let has_suffix = text[end..].starts_with(['k', 'K', 'M']) && ends_word(text, end + 1);
    end + usize::from(has_suffix)
}

fn percent_end(text: &str, end: usize) -> Option<usize> {
    let sign = past_space(text, end);
    if text[sign..].starts_with('%') {
        return Some(sign + 1);
    }
    if let Some(words) = word_end(text, sign, &["pourcent", "pourcents"]) {
        return Some(words);
    }
    let pour = word_end(text, sign, &["pour"])?;
    word_end(text, past_space(text, pour), &["cent"])
}

/// End of a currency, after a multiplier or not: `€`, `k€`, `millions d'euros`; `12€50`.
fn price_end(text: &str, end: usize) -> Option<usize> {
    let start = past_space(text, end);
    if let Some(end) = currency_end(text, start) {
        return Some(end);
    }
    let multiplied = word_end(text, start, MULTIPLIERS)?;
    let unit = past_space(text, multiplied);
    let unit = ["d'", "D'", "de ", "DE "]
        .iter()
        .find(|link| text[unit..].starts_with(**link))
        .map_or(unit, |link| unit + link.len());
    currency_end(text, unit)
}

fn currency_end(text: &str, at: usize) -> Option<usize> {
    let Some(sign) = scan::char_at(text, at).filter(|sign| SIGNS.contains(sign)) else {
        return word_end(text, at, CURRENCIES).filter(|end| ends_word(text, *end));
    };
    let end = at + sign.len_utf8();
    let cents = digits(text, end).0;
    Some(if cents == end + 2 { cents } else { end })
}

#[cfg(test)]
mod tests {
    use crate::normalize::numbers::Numbers;
    use crate::normalize::testing::expect;

    #[test]
    fn masks_prices() {
        let prices = [
            "12 €",
            "12,50€",
            "$20",
            "20 $",
            "3 millions d'euros",
            "10K€",
            "1 500 euros",
            "2 balles",
            "12€50",
            "2,5 Md€",
            "5 000 FCFA",
            "40 milliards de dollars",
            "$5k",
        ];
        for price in prices {
            expect(&Numbers, &[(price, "<price>"), (&format!("({price})"), "(<price>)")]);
        }
        expect(
            &Numbers,
            &[("3 millions de gens", "<number> millions de gens"), ("20 europhiles", "<number> europhiles")],
        );
    }

    #[test]
    fn masks_percentages() {
        expect(
            &Numbers,
            &[
                ("95% et 5,5 %", "<percent> et <percent>"),
                ("10 pour cent", "<percent>"),
                ("2 pour cette", "<number> pour cette"),
            ],
        );
    }
}
