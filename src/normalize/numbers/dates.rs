//! Dates and times of day.

use super::{Found, digits, ends_word, past_space, word_end};
use crate::types::Class;

/// Words of times of day, and of the first of the month.
pub(super) const UNITS: &[&str] = &["h", "mn", "min", "er"];
pub(super) const MONTHS: &[&str] = &[
    "janvier",
    "février",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "decembre",
    "janv",
    "févr",
    "fév",
    "juil",
    "sept",
    "oct",
    "nov",
    "déc",
];

/// `12/03/2024`, `2024-03-12`, `12/03`, `12 mars`, `1er mai 2024`.
pub(super) fn date(text: &str, at: usize) -> Found {
    let end = numeric(text, at).or_else(|| with_month(text, at))?;
    Some((at..end, Class::Date))
}

fn numeric(text: &str, at: usize) -> Option<usize> {
    let (first_end, first) = digits(text, at);
    let separator = *text.as_bytes().get(first_end).filter(|byte| b"/-.".contains(byte))?;
    let (second_end, second) = digits(text, first_end + 1);
    let third_end = (text.as_bytes().get(second_end) == Some(&separator)).then(|| digits(text, second_end + 1));
    let lengths = (first_end - at, second_end - first_end - 1, third_end.map_or(0, |(end, _)| end - second_end - 1));
    let end = third_end.map_or(second_end, |(end, _)| end);
    let is_date = match lengths {
        (4, 1..=2, 1..=2) => is_day(third_end?.1, second),
        (1..=2, 1..=2, 2 | 4) => is_day(first, second),
        // Equal figures are rather a mark: 10/10.
        (2, 2, 0) => separator == b'/' && is_day(first, second) && first != second && ends_word(text, second_end),
        _ => false,
    };
    is_date.then_some(end)
}

fn is_day(day: usize, month: usize) -> bool {
    (1..=31).contains(&day) && (1..=12).contains(&month)
}

fn with_month(text: &str, at: usize) -> Option<usize> {
    let (day_end, day) = digits(text, at);
    let day_end = if day == 1 { word_end(text, day_end, &["er"]).unwrap_or(day_end) } else { day_end };
    let month_start = past_space(text, day_end);
    if !is_day(day, 1) || month_start == day_end {
        return None;
    }
    let month_end = word_end(text, month_start, MONTHS)?;
    let year_start = past_space(text, month_end);
    let (year_end, year) = digits(text, year_start);
    let has_year = year_start > month_end && is_year(year) && ends_word(text, year_end);
    Some(if has_year { year_end } else { month_end })
}

/// The years that are read as such.
pub(super) fn is_year(year: usize) -> bool {
    (1900..=2099).contains(&year)
}

/// `18h30`, `7 h`, `18 h 30`, `18:30`.
pub(super) fn hour(text: &str, at: usize) -> Found {
    let (hour_end, hour) = digits(text, at);
    if hour > 24 || hour_end > at + 2 {
        return None;
    }
    let end = with_colon(text, hour_end).or_else(|| with_h(text, hour_end))?;
    Some((at..end, Class::Hour))
}

fn with_colon(text: &str, hour_end: usize) -> Option<usize> {
    text[hour_end..].starts_with(':').then(|| minutes(text, hour_end + 1)).flatten()
}

fn with_h(text: &str, hour_end: usize) -> Option<usize> {
    let mark = past_space(text, hour_end);
    if !text[mark..].starts_with(['h', 'H']) {
        return None;
    }
    let end = mark + 1;
    let with_minutes = minutes(text, past_space(text, end));
    with_minutes.or_else(|| ends_word(text, end).then_some(end))
}

/// Two digits that are minutes.
fn minutes(text: &str, at: usize) -> Option<usize> {
    let (end, value) = digits(text, at);
    let end = (end == at + 2 && value < 60).then_some(end)?;
    let end = word_end(text, past_space(text, end), &["mn", "min"]).unwrap_or(end);
    ends_word(text, end).then_some(end)
}

#[cfg(test)]
mod tests {
    use crate::normalize::numbers::Numbers;
    use crate::normalize::testing::expect;

    #[test]
    fn masks_dates() {
        for date in [
            "12/03/2024",
            "2024-03-12",
            "1.2.24",
            "12/03",
            "12 mars",
            "1er mai",
            "1ER MAI 2024",
            "25 DÉCEMBRE",
            "3 août 1914",
        ] {
            expect(&Numbers, &[(date, "<date>"), (&format!("le {date}."), "le <date>.")]);
        }
        expect(&Numbers, &[("10/10", "<number>/<number>"), ("12 marsouins 32 mai", "<number> marsouins <number> mai")]);
    }

    #[test]
    fn masks_hours() {
        for hour in ["18h30", "7 h", "18 h 30", "18:30", "14H", "0h31", "20h00 min"] {
            expect(&Numbers, &[(hour, "<hour>"), (&format!("à {hour}!"), "à <hour>!")]);
        }
        expect(
            &Numbers,
            &[("2 heures, 1:2, 48h, 7 hommes", "<number> heures, <number>:<number>, 48h, <number> hommes")],
        );
    }
}
