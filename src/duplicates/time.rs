//! The times of exports, in milliseconds since 1970.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

/// Seconds that need more digits are milliseconds: the year is 5138.
const LAST_SECOND: f64 = 1e11;

/// Forms that are not ISO's. Days go before months, as French writes them.
const FORMS: &[&str] = &[
    "%a %b %d %H:%M:%S %z %Y",
    "%a, %d %b %Y %H:%M:%S %z",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y-%m-%d %H:%M",
];

/// When a cell says: seconds or milliseconds since 1970; ISO 8601 dates and times; `Wed Oct 10 20:19:24 +0000 2018`;
/// `12/03/2024 18:30`, the day first. A time without a zone is taken for UTC, a date for its midnight. `None` for anything else:
/// names of months in French, the month first, « hier ».
pub fn milliseconds(cell: &str) -> Option<i64> {
    let cell = cell.trim();
    if cell.is_empty() {
        return None;
    }
    if let Some(number) = since_1970(cell) {
        return Some(number);
    }
    if let Ok(time) = cell.strip_suffix(" UTC").unwrap_or(cell).parse::<Timestamp>() {
        return Some(time.as_millisecond());
    }
    if let Ok(time) = cell.strip_suffix(" UTC").unwrap_or(cell).parse::<DateTime>() {
        return at_utc(time);
    }
    FORMS.iter().find_map(|form| {
        let parts = BrokenDownTime::parse(form, cell).ok()?;
        parts.to_timestamp().ok().map(Timestamp::as_millisecond).or_else(|| {
            let date = parts.to_date().ok()?;
            at_utc(parts.to_time().map_or_else(|_| date.at(0, 0, 0, 0), |time| date.to_datetime(time)))
        })
    })
}

/// Eight digits are a date to ISO, so a number has nine at least: from 1973 on.
fn since_1970(cell: &str) -> Option<i64> {
    let (whole, fraction) = cell.split_once('.').unwrap_or((cell, "0"));
    let is_number =
        [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_number || !(9..=14).contains(&whole.len()) {
        return None;
    }
    let number: f64 = cell.parse().ok()?;
    Some(if number < LAST_SECOND { (number * 1000.0).round() as i64 } else { number as i64 })
}

fn at_utc(time: DateTime) -> Option<i64> {
    TimeZone::UTC.to_timestamp(time).ok().map(Timestamp::as_millisecond)
}

/// Milliseconds as `2024-03-12T18:30:00Z`; empty beyond the calendar.
pub fn as_iso(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds).map_or_else(|_| String::new(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_exports_are_read() {
        let expected = "2024-03-12T18:30:00Z";
        for cell in [
            "1710268200",
            "1710268200.0",
            "1710268200000",
            "2024-03-12T18:30:00Z",
            "2024-03-12T18:30:00.000Z",
            "2024-03-12 18:30:00",
            "2024-03-12T19:30:00+01:00",
            "2024-03-12T18:30:00+0000",
            "2024-03-12 18:30:00+00:00",
            "2024-03-12 18:30:00 UTC",
            "2024-03-12T18:30",
            "2024-03-12 18:30",
            "Tue Mar 12 18:30:00 +0000 2024",
            "Tue, 12 Mar 2024 18:30:00 +0000",
            " 12/03/2024 18:30 ",
            "12/03/2024 18:30:00",
            "2024/03/12 18:30:00",
        ] {
            assert_eq!(milliseconds(cell).map(as_iso).as_deref(), Some(expected), "{cell}");
        }
        for cell in ["2024-03-12", "12/03/2024", "20240312"] {
            assert_eq!(milliseconds(cell).map(as_iso).as_deref(), Some("2024-03-12T00:00:00Z"), "{cell}");
        }
    }

    #[test]
    fn what_is_not_understood_is_no_time() {
        for cell in [
            "",
            "hier",
            "12 mars 2024",
            "03/13/2024",
            "12",
            "2024",
            "99999999999999999",
            "18:30",
            "-",
            "2024-13-01",
            "1e12",
        ] {
            assert_eq!(milliseconds(cell), None, "{cell}");
        }
    }
}
