//! How often a duty is done.
//!
//! In: the words of a catalog file. Out: a [`Cadence`], which is one of a few events, or a period that can be counted in days.

use jiff::ToSpan as _;
use jiff::civil::Date;
#[cfg(test)]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;

/// How often a duty is done, or what calls for it. Written and printed in the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cadence {
    /// All the time: somebody or something watches.
    Continuous,
    /// Again after each such period.
    Every(NonZeroU16, Unit),
    /// Each time that something is taken in, given away or used.
    AtEachUse,
    /// With each release of what the customer builds or deploys.
    AtEachRelease,
    /// When it is set up, and whenever it or what it depends on changes.
    AtEachChange,
    /// Whenever the provider, a vendor, an advisory or an alarm gives notice.
    OnNotice,
    /// With each incident.
    AtEachIncident,
    /// One time: what is decided or done so stays.
    Once,
}

/// What periods are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
}

/// The words that say what calls for a duty.
const EVENTS: [(&str, Cadence); 7] = [
    ("continuous", Cadence::Continuous),
    ("at each use", Cadence::AtEachUse),
    ("at each release", Cadence::AtEachRelease),
    ("at each change", Cadence::AtEachChange),
    ("on notice", Cadence::OnNotice),
    ("at each incident", Cadence::AtEachIncident),
    ("once", Cadence::Once),
];

/// Periods that have a word of their own; any other is written `every 4 months`.
const PERIODS: [(&str, u16, Unit); 6] = [
    ("daily", 1, Unit::Days),
    ("weekly", 1, Unit::Weeks),
    ("monthly", 1, Unit::Months),
    ("quarterly", 3, Unit::Months),
    ("half-yearly", 6, Unit::Months),
    ("yearly", 1, Unit::Years),
];

/// What a period without a word of its own is written as.
#[cfg(test)]
const PATTERN: &str = "^every [1-9][0-9]{0,3} (days|weeks|months|years)$";

/// Days and months of a year.
const YEAR: (u32, u32) = (365, 12);

impl Cadence {
    /// The words with a meaning of their own.
    #[cfg(test)]
    fn words() -> impl Iterator<Item = &'static str> {
        let periods = PERIODS.iter().map(|(word, ..)| *word);
        periods.chain(EVENTS.iter().map(|(word, _)| *word))
    }

    /// The day on which it is due again, where it was done on one; `None` where no calendar calls for it.
    #[must_use]
    pub fn after(self, day: Date) -> Option<Date> {
        let Self::Every(count, unit) = self else { return None };
        let count = i64::from(count.get());
        let later = match unit {
            Unit::Days => count.days(),
            Unit::Weeks => count.weeks(),
            Unit::Months => count.months(),
            Unit::Years => count.years(),
        };
        Some(day.checked_add(later).unwrap_or(Date::MAX))
    }

    /// How many days lie between two times, a month taken as a twelfth of a year; `None` where no calendar calls for it.
    #[must_use]
    pub fn days(self) -> Option<u32> {
        let Self::Every(count, unit) = self else { return None };
        let count = u32::from(count.get());
        let (days, months) = YEAR;
        Some(match unit {
            Unit::Days => count,
            Unit::Weeks => count * 7,
            Unit::Months => count * days / months,
            Unit::Years => count * days,
        })
    }
}

/// Words that are no cadence.
#[derive(Debug, PartialEq, Eq)]
pub struct NoCadence(String);

impl fmt::Display for NoCadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not allowed here", self.0)
    }
}

impl std::error::Error for NoCadence {}

impl FromStr for Cadence {
    type Err = NoCadence;

    fn from_str(text: &str) -> Result<Self, NoCadence> {
        if let Some((_, event)) = EVENTS.iter().find(|(word, _)| *word == text) {
            return Ok(*event);
        }
        let named = PERIODS
            .iter()
            .find(|(word, ..)| *word == text)
            .map(|(_, count, unit)| (*count, *unit));
        named
            .or_else(|| counted(text))
            .and_then(|(count, unit)| Some(Self::Every(NonZeroU16::new(count)?, unit)))
            .ok_or_else(|| NoCadence(text.to_owned()))
    }
}

/// `every 4 months`, as the schema's pattern allows it.
fn counted(text: &str) -> Option<(u16, Unit)> {
    let (count, unit) = text.strip_prefix("every ")?.split_once(' ')?;
    let unit = match unit {
        "days" => Unit::Days,
        "weeks" => Unit::Weeks,
        "months" => Unit::Months,
        "years" => Unit::Years,
        _ => return None,
    };
    let is_number = (1..=4).contains(&count.len()) && !count.starts_with('0') && count.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Some((count.parse().ok()?, unit)) } else { None }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Every(count, unit) = self else {
            let word = EVENTS.iter().find(|(_, event)| event == self).map_or("", |(word, _)| word);
            return f.write_str(word);
        };
        let named = PERIODS.iter().find(|(_, named, of)| (*named, of) == (count.get(), unit));
        let unit = match (named, unit) {
            (Some((word, ..)), _) => return f.write_str(word),
            (None, Unit::Days) => "days",
            (None, Unit::Weeks) => "weeks",
            (None, Unit::Months) => "months",
            (None, Unit::Years) => "years",
        };
        write!(f, "every {count} {unit}")
    }
}

impl Serialize for Cadence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cadence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
impl JsonSchema for Cadence {
    fn schema_name() -> Cow<'static, str> {
        "Cadence".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = Self::words().collect();
        json_schema!({
            "description": "How often: a period, also `every 4 months`, or what calls for it.",
            "anyOf": [
                {"type": "string", "enum": words},
                {"type": "string", "pattern": PATTERN},
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_read_and_printed_alike() {
        for word in Cadence::words().chain(["every 4 months", "every 2 weeks", "every 30 days", "every 2 years"]) {
            assert_eq!(word.parse::<Cadence>().map(|cadence| cadence.to_string()), Ok(word.to_owned()));
        }
    }

    #[test]
    fn a_period_has_one_name_and_a_length() {
        for (text, printed, days) in [
            ("every 1 days", "daily", Some(1)),
            ("weekly", "weekly", Some(7)),
            ("every 1 months", "monthly", Some(30)),
            ("every 3 months", "quarterly", Some(91)),
            ("every 6 months", "half-yearly", Some(182)),
            ("every 4 months", "every 4 months", Some(121)),
            ("yearly", "yearly", Some(365)),
            ("on notice", "on notice", None),
        ] {
            let cadence: Cadence = text.parse().unwrap();
            assert_eq!((cadence.to_string().as_str(), cadence.days()), (printed, days));
        }
    }

    #[test]
    fn it_is_due_again_by_the_calendar() {
        for (text, day, again) in [
            ("weekly", "2026-11-01", Some("2026-11-08")),
            ("monthly", "2026-01-31", Some("2026-02-28")),
            ("half-yearly", "2026-05-01", Some("2026-11-01")),
            ("yearly", "2024-02-29", Some("2025-02-28")),
            ("every 9999 years", "2026-11-01", Some("9999-12-31")),
            ("at each change", "2026-11-01", None),
        ] {
            let cadence: Cadence = text.parse().unwrap();
            let after = cadence.after(day.parse().unwrap()).map(|day| day.to_string());
            assert_eq!(after.as_deref(), again);
        }
    }

    #[test]
    fn other_words_are_none() {
        for text in [
            "",
            "montly",
            "Monthly",
            "every month",
            "every 0 days",
            "every 04 months",
            "every +4 months",
            "every 10000 days",
            "at-each-change",
        ] {
            assert_eq!(text.parse::<Cadence>(), Err(NoCadence(text.to_owned())));
        }
    }

    proptest! {
        /// What the schema for editors allows is what is read, and the other way round.
        #[test]
        fn the_pattern_is_what_is_read(text in "every [0-9+]{0,5} (day|week|month|year)s?") {
            prop_assert_eq!(regex::Regex::new(PATTERN).unwrap().is_match(&text), text.parse::<Cadence>().is_ok());
        }
    }
}
