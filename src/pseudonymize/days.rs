//! Moments cut to their day, each in the form it had.

const SECONDS_A_DAY: u64 = 86_400;
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The day of a moment: ISO and `JJ/MM/AAAA` without what follows the date, seconds and milliseconds since 1970 at their
/// midnight (UTC), the dates of mails and of Twitter's first interface as ISO. `None` where the form is not one of these.
pub(super) fn day(moment: &str) -> Option<String> {
    let moment = moment.trim();
    iso(moment).or_else(|| french(moment)).or_else(|| unix(moment)).or_else(|| english(moment))
}

/// `2024-05-01T10:30:00Z`, `2024-05-01 10:30:00`, `2024-05-01`.
fn iso(moment: &str) -> Option<String> {
    let (date, time) = (moment.get(..10)?, &moment[10..]);
    let mut parts = date.split('-');
    let is_date = is_date(parts.next()?, parts.next()?, parts.next()?);
    (is_date && is_time(time)).then(|| date.to_owned())
}

/// `01/05/2024 10:30`, `1/5/2024`.
fn french(moment: &str) -> Option<String> {
    let end = moment.find(|sign: char| !sign.is_ascii_digit() && sign != '/').unwrap_or(moment.len());
    let mut parts = moment[..end].split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_whole = parts.next().is_none() && is_date(year, month, day) && is_time(&moment[end..]);
    is_whole.then(|| moment[..end].to_owned())
}

/// Seconds (nine or ten digits, with or without a fraction) or milliseconds (twelve or thirteen).
fn unix(moment: &str) -> Option<String> {
    let (whole, fraction) = moment.split_once('.').unwrap_or((moment, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let unit = match whole.len() {
        9 | 10 => SECONDS_A_DAY,
        12 | 13 => SECONDS_A_DAY * 1000,
        _ => return None,
    };
    let value: u64 = whole.parse().ok()?;
    Some((value - value % unit).to_string())
}

/// `Wed Oct 10 20:19:24 +0000 2018` and `Wed, 10 Oct 2018 20:19:24 +0200`.
fn english(moment: &str) -> Option<String> {
    let words: Vec<&str> = moment.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let month = words.iter().find_map(|word| MONTHS.iter().position(|month| word.eq_ignore_ascii_case(month)))? + 1;
    let number = |digits: std::ops::RangeInclusive<usize>| {
        words.iter().find(|word| digits.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (year, day) = (number(4..=4)?, number(1..=2)?);
    let (month, day) = (format!("{month:02}"), format!("{day:0>2}"));
    is_date(year, &month, &day).then(|| format!("{year}-{month}-{day}"))
}

fn is_date(year: &str, month: &str, day: &str) -> bool {
    let within = |text: &str, lengths: std::ops::RangeInclusive<usize>, values: std::ops::RangeInclusive<u32>| {
        let is_number = lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number && text.parse().is_ok_and(|value| values.contains(&value))
    };
    within(year, 4..=4, 1900..=2199) && within(month, 1..=2, 1..=12) && within(day, 1..=2, 1..=31)
}

/// Whether what follows a date is nothing, or an hour after a space or `T`: digits must not go on.
fn is_time(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', 'T', 't', ',', '\u{a0}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_cut() {
        for (moment, expected) in [
            ("2024-05-01T23:59:59.123+02:00", "2024-05-01"),
            ("2024-05-01 10:30:00", "2024-05-01"),
            ("2024-05-01", "2024-05-01"),
            ("01/05/2024 10:30", "01/05/2024"),
            ("1/5/2024 à 10 h", "1/5/2024"),
            ("1714559400", "1714521600"),
            ("1714559400.25", "1714521600"),
            ("1714559400123", "1714521600000"),
            ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10"),
            ("Wed, 3 Oct 2018 20:19:24 +0200", "2018-10-03"),
        ] {
            assert_eq!(day(moment).as_deref(), Some(expected), "{moment}");
        }
    }

    #[test]
    fn what_is_not_understood_is_no_day() {
        for moment in ["hier", "", "2024-13-01", "2024-05-011", "12", "10:30", "99/99/2024", "é2024-05-01", "05/2024"]
        {
            assert_eq!(day(moment), None, "{moment}");
        }
    }
}
