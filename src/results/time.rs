//! Times as scanners write them.
//!
//! In: a text or a number. Out: the instant; none where it tells none. A text without an offset is in UTC.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;

/// What is greater is counted in thousandths of seconds: seconds come to it in the year 5138.
const MILLISECONDS: i64 = 100_000_000_000;

/// The instant of a text.
pub(super) fn of_text(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if !text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return rfc2822::parse(text).ok().map(|at| at.timestamp());
    }
    let in_utc = |at: DateTime| TimeZone::UTC.to_timestamp(at).ok();
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok().and_then(in_utc))
        .or_else(|| text.parse::<Date>().ok().and_then(|date| in_utc(date.at(0, 0, 0, 0))))
        .or_else(|| {
            let offset = ["%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%dT%H:%M:%S%.f%z"];
            offset.iter().find_map(|form| strtime::parse(form, text).ok()?.to_timestamp().ok())
        })
        .or_else(|| of_number(text.parse().ok()?))
}

/// The instant of so many seconds, or thousandths of seconds, since 1970.
pub(super) fn of_number(number: f64) -> Option<Timestamp> {
    #[allow(clippy::cast_possible_truncation, reason = "what is too large is no instant")]
    let (whole, thousandths) = (number as i64, (number * 1000.0).round() as i64);
    let is_instant = number.abs() >= 1.0;
    if !is_instant {
        None
    } else if whole.abs() >= MILLISECONDS {
        Timestamp::from_millisecond(whole).ok()
    } else {
        Timestamp::from_millisecond(thousandths).ok()
    }
}

/// The instant of the fields of a recorded one.
pub(super) fn of_fields(fields: [i64; 6]) -> Option<Timestamp> {
    let [year, month, day, hour, minute, second] = fields;
    let part = |number: i64| i8::try_from(number).ok();
    let at = DateTime::new(
        i16::try_from(year).ok()?,
        part(month)?,
        part(day)?,
        part(hour)?,
        part(minute)?,
        part(second)?,
        0,
    );
    TimeZone::UTC.to_timestamp(at.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_are_read() {
        for (text, at) in [
            ("2024-03-02T10:15:00.000Z", "2024-03-02T10:15:00Z"),
            ("2024-03-02T10:15:00+02:00", "2024-03-02T08:15:00Z"),
            ("2024-06-03T14:15:19.382075", "2024-06-03T14:15:19.382075Z"),
            ("2023-06-30 10:28:55.297615", "2023-06-30T10:28:55.297615Z"),
            ("2021-01-08 17:28:00+0100", "2021-01-08T16:28:00Z"),
            ("2021-01-08", "2021-01-08T00:00:00Z"),
            ("1450314635.065", "2015-12-17T01:10:35.065Z"),
            ("1739539623", "2025-02-14T13:27:03Z"),
            ("1739539623000", "2025-02-14T13:27:03Z"),
            ("Wed, 11 Jul 2018 23:02:45 GMT", "2018-07-11T23:02:45Z"),
        ] {
            assert_eq!(of_text(text).map(|at| at.to_string()), Some(at.to_owned()), "{text}");
        }
        for text in ["", "soon", "0", "99999999999999999999999", "2024-13-45T99:99:99Z", "1e999", "-5"] {
            assert_eq!(of_text(text), None, "{text}");
        }
        assert_eq!(of_number(f64::NAN), None);
        assert_eq!(
            of_fields([2018, 7, 11, 8, 10, 59]).map(|at| at.to_string()).as_deref(),
            Some("2018-07-11T08:10:59Z")
        );
        assert_eq!(of_fields([2018, 70, 11, 8, 10, 59]), None);
    }
}
