//! Days as people write them.
//!
//! In: a day. Out: `1 November 2026`, in narrow places `1 Nov 2026`.

use jiff::civil::Date;

/// A day.
pub(crate) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// A day that is written YYYY-MM-DD, for a narrow place; any other text as it is.
pub(crate) fn short_day_of(text: &str) -> String {
    text.parse()
        .map_or_else(|_| text.to_owned(), |date: Date| date.strftime("%-d %b %Y").to_string())
}

/// A day that is written YYYY-MM-DD; any other text as it is.
pub(crate) fn day_of(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), day)
}
