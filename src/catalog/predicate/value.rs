//! Tests of one attribute's value.
//!
//! In: a test as the catalog writes it, a value, and the day that it is asked for. Out: whether it holds, and the test in words.

use super::asked::Looks;
use super::decode::Wrong;
use super::key::KeyTest;
use super::policy::PolicyTest;
use super::range::prefix;
use super::{NOT_TOLD, Truth};
use crate::catalog::attributes::open::is_open as is_mark;
use crate::diagnostics::did_you_mean;
use jiff::civil::Date;
use serde_json::Value;
use std::borrow::Cow;

/// A test of one attribute's value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Is(Value),
    OneOf(Vec<Value>),
    StartsWith(String),
    EndsWith(String),
    Contains(Value),
    AtLeast(f64),
    AtMost(f64),
    Present(bool),
    /// Of the length of a range's prefix.
    Prefix(Box<Test>),
    /// Values and the days from which on they are at their end.
    Ended(Vec<(Value, Date)>),
    /// Of a document in the policy language.
    Policy(PolicyTest),
    /// Of the name of a key.
    Key(KeyTest),
    Not(Box<Test>),
    Every(Box<Test>),
    Both(Vec<Test>),
}

/// What tests are called.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "one_of", "starts_with", "ends_with", "contains", "at_least", "at_most", "present", "prefix", "ended", "policy", "key", "not", "every",
];

impl Test {
    /// The values of which a day decides.
    pub(super) fn dated(&self) -> Vec<&Value> {
        match self {
            Self::Ended(ends) => ends.iter().map(|(value, _)| value).collect(),
            Self::Not(inner) | Self::Every(inner) => inner.dated(),
            Self::Both(tests) => tests.iter().flat_map(Self::dated).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it looks for something within a text.
    pub(super) fn searches_text(&self) -> bool {
        match self {
            Self::Contains(_) => true,
            Self::Not(inner) | Self::Every(inner) => inner.searches_text(),
            Self::Both(tests) => tests.iter().any(Self::searches_text),
            _ => false,
        }
    }

    /// Whether it holds where something is set, whatever that is.
    pub(super) fn asks_that_it_is_set(&self, negated: bool) -> bool {
        match self {
            Self::Present(wanted) => *wanted != negated,
            Self::Not(inner) => inner.asks_that_it_is_set(!negated),
            Self::Every(inner) => inner.asks_that_it_is_set(negated),
            Self::Both(tests) => tests.iter().any(|test| test.asks_that_it_is_set(negated)),
            _ => false,
        }
    }

    /// Whether it asks whose a key is.
    pub(super) fn asks_for_a_key(&self) -> bool {
        match self {
            Self::Key(_) => true,
            Self::Not(inner) | Self::Every(inner) => inner.asks_for_a_key(),
            Self::Both(tests) => tests.iter().any(Self::asks_for_a_key),
            _ => false,
        }
    }

    /// How much of a value it looks at.
    pub(super) fn looks(&self) -> Looks {
        let compares = |wanted: &Value| match wanted {
            Value::Object(_) | Value::Array(_) => Looks::Whole,
            _ => Looks::Value,
        };
        match self {
            Self::Is(wanted) | Self::Contains(wanted) => compares(wanted),
            Self::OneOf(wanted) => wanted.iter().map(compares).max().unwrap_or(Looks::Value),
            Self::Present(_) => Looks::Presence,
            Self::Policy(_) => Looks::Whole,
            Self::Not(inner) | Self::Every(inner) => inner.looks(),
            Self::Both(tests) => tests.iter().map(Self::looks).max().unwrap_or(Looks::Presence),
            Self::StartsWith(_)
            | Self::EndsWith(_)
            | Self::AtLeast(_)
            | Self::AtMost(_)
            | Self::Prefix(_)
            | Self::Ended(_)
            | Self::Key(_) => Looks::Value,
        }
    }

    pub(super) fn holds(&self, value: &Value, day: Option<Date>) -> Truth {
        let looks_in = matches!(self, Self::Present(_) | Self::Not(_) | Self::Every(_) | Self::Both(_));
        if !looks_in && is_untold(value) {
            return Truth::Unknown;
        }
        match self {
            Self::Is(wanted) => is_value(value, wanted),
            Self::OneOf(wanted) => Truth::any(wanted.iter().map(|one| is_value(value, one))),
            _ if !looks_in && is_placeholder(value) => Truth::Unknown,
            Self::StartsWith(wanted) => begins(value, wanted, false).into(),
            Self::EndsWith(wanted) => begins(value, wanted, true).into(),
            Self::Contains(wanted) => match value {
                Value::Array(items) => Truth::any(items.iter().map(|item| match same(item, wanted) {
                    false if is_unread(item) => Truth::Unknown,
                    found => found.into(),
                })),
                other => text(other)
                    .zip(text(wanted))
                    .is_some_and(|(text, wanted)| text.to_lowercase().contains(&wanted.to_lowercase()))
                    .into(),
            },
            Self::AtLeast(least) => compares(value, |number| number >= *least),
            Self::AtMost(most) => compares(value, |number| number <= *most),
            Self::Present(_) if says_no(value) || may_be_empty(value) => Truth::Unknown,
            Self::Present(wanted) => (is_unset(value) != *wanted).into(),
            Self::Prefix(inner) if is_unset(value) => inner.holds(&Value::Null, day),
            Self::Prefix(inner) => prefix(value).map_or(Truth::Unknown, |bits| inner.holds(&bits.into(), day)),
            Self::Ended(ends) => match ends.iter().find(|(ended, _)| same(value, ended)) {
                Some((_, end)) => day.map_or(Truth::Unknown, |day| (day >= *end).into()),
                None => Truth::No,
            },
            Self::Policy(test) => test.holds(value),
            Self::Key(test) => test.holds(value),
            Self::Not(inner) => inner.holds(value, day).not(),
            Self::Every(inner) => match value {
                Value::Array(items) => Truth::all(items.iter().map(|item| match inner.holds(item, day) {
                    // What no test can read passes none by being something else.
                    Truth::Yes if is_unread(item) => Truth::Unknown,
                    told => told,
                })),
                other => inner.holds(other, day),
            },
            Self::Both(tests) => Truth::all(tests.iter().map(|test| test.holds(value, day))),
        }
    }

    pub(super) fn words(&self) -> String {
        let show = |value: &Value| format!("`{}`", text(value).unwrap_or_else(|| Cow::Owned(value.to_string())));
        let list = |values: &[Value]| values.iter().map(show).collect::<Vec<_>>().join(", ");
        match self {
            Self::Is(wanted) => format!("is {}", show(wanted)),
            Self::OneOf(wanted) => format!("is one of {}", list(wanted)),
            Self::StartsWith(wanted) => format!("begins with `{wanted}`"),
            Self::EndsWith(wanted) => format!("ends in `{wanted}`"),
            Self::Contains(wanted) => format!("contains {}", show(wanted)),
            Self::AtLeast(least) => format!("is at least {least}"),
            Self::AtMost(most) => format!("is at most {most}"),
            Self::Present(true) => "is set".to_owned(),
            Self::Present(false) => "is not set".to_owned(),
            Self::Prefix(inner) => format!("has a prefix that {}", inner.words()),
            Self::Ended(ends) => {
                let each: Vec<_> = ends.iter().map(|(value, end)| format!("{} on {end}", show(value))).collect();
                format!("is past its end ({})", each.join(", "))
            }
            Self::Policy(test) => test.words(),
            Self::Key(test) => test.words().to_owned(),
            Self::Not(inner) => inner.negated(),
            Self::Every(inner) => format!("in every entry {}", inner.words()),
            Self::Both(tests) => tests.iter().map(Self::words).collect::<Vec<_>>().join(" and "),
        }
    }

    /// The words for its contrary.
    fn negated(&self) -> String {
        let not = |verb: &str, does: &str| {
            let words = self.words();
            words
                .strip_prefix(does)
                .map_or_else(|| format!("not {words}"), |rest| format!("{verb}{rest}"))
        };
        match self {
            Self::Is(_) | Self::Present(true) | Self::Ended(_) => not("is not", "is"),
            Self::OneOf(_) => not("is none of", "is one of"),
            Self::StartsWith(_) => not("does not begin with", "begins with"),
            Self::EndsWith(_) => not("does not end in", "ends in"),
            Self::Contains(_) => not("does not contain", "contains"),
            Self::AtLeast(least) => format!("is below {least}"),
            Self::AtMost(most) => format!("is above {most}"),
            Self::Present(false) => "is set".to_owned(),
            Self::Prefix(inner) => format!("has a prefix that {}", inner.negated()),
            Self::Key(test) => test.negated().to_owned(),
            Self::Not(inner) => inner.words(),
            Self::Every(inner) => format!("in some entry {}", inner.negated()),
            Self::Policy(_) | Self::Both(_) => format!("not ({})", self.words()),
        }
    }

    pub(super) fn decode(value: Value) -> Result<Self, Wrong> {
        let Value::Object(tests) = value else { return Ok(Self::Is(value)) };
        let mut decoded = tests
            .into_iter()
            .map(|(name, value)| Self::named(&name, value).map_err(|wrong| wrong.within(name.as_str())))
            .collect::<Result<Vec<_>, Wrong>>()?;
        match (decoded.len(), decoded.pop()) {
            (1, Some(only)) => Ok(only),
            (_, Some(last)) => {
                decoded.push(last);
                Ok(Self::Both(decoded))
            }
            (_, None) => Err("a test is missing".to_owned().into()),
        }
    }

    /// The test of a name.
    fn named(name: &str, value: Value) -> Result<Self, Wrong> {
        let wrong = |what: &str| format!("`{name}` takes {what}");
        let word = |value: &Value| text(value).map(Cow::into_owned).ok_or_else(|| wrong("a text"));
        Ok(match name {
            "one_of" => match value {
                Value::Array(items) => Self::OneOf(items),
                _ => return Err(wrong("a list").into()),
            },
            "starts_with" => Self::StartsWith(word(&value)?),
            "ends_with" => Self::EndsWith(word(&value)?),
            "contains" => Self::Contains(value),
            "at_least" => Self::AtLeast(number(&value).ok_or_else(|| wrong("a number"))?),
            "at_most" => Self::AtMost(number(&value).ok_or_else(|| wrong("a number"))?),
            "present" => Self::Present(value.as_bool().ok_or_else(|| wrong("true or false"))?),
            "prefix" => Self::Prefix(Box::new(Self::decode(value)?)),
            "ended" => match value {
                Value::Object(ends) => Self::Ended(ends.into_iter().map(end).collect::<Result<_, _>>()?),
                _ => return Err(wrong("a map of values to days").into()),
            },
            "policy" => Self::Policy(PolicyTest::decode(value)?),
            "key" => Self::Key(KeyTest::decode(&value)?),
            "not" => Self::Not(Box::new(Self::decode(value)?)),
            "every" => Self::Every(Box::new(Self::decode(value)?)),
            _ => return Err(format!("unknown test `{name}`: {}", did_you_mean(name, NAMES)).into()),
        })
    }
}

/// A value and the day from which on it is at its end.
fn end((value, day): (String, Value)) -> Result<(Value, Date), String> {
    let parsed = day.as_str().and_then(|day| day.parse().ok());
    let parsed = parsed.ok_or_else(|| format!("`{value}` ends on a day, written such as 2026-12-02"))?;
    Ok((Value::String(value), parsed))
}

pub(super) fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a value may as well mean that there is none, as people write it where a name or an address is due.
pub(super) fn says_no(value: &Value) -> bool {
    match value {
        Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => NO.contains(&text.trim().to_ascii_lowercase().as_str()) || stands_for_nothing(text),
        Value::Array(items) => !items.is_empty() && items.iter().all(says_no),
        Value::Null | Value::Bool(true) | Value::Object(_) => false,
    }
}

/// Words for nothing that sources have for values, too.
const NO: [&str; 6] = ["none", "no", "false", "off", "disabled", "0"];

/// Words that people and programs write where a value is not known, or where there is none.
#[rustfmt::skip]
const PLACEHOLDERS: [&str; 23] = [
    "null", "nil", "n/a", "na", "nan", "unset", "undefined", "undef", "unknown", "unspecified", "tba", "tbc", "tbd", "todo", "fixme",
    "not set", "not configured", "not defined", "not specified", "not applicable", "not available", "not known", "to be defined",
];

/// Whether a value, alone or as the only one of a list, tells nothing, whatever is asked of it: somebody has left its place open.
fn is_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => stands_for_nothing(text),
        Value::Array(items) => matches!(items.as_slice(), [one] if is_placeholder(one)),
        _ => false,
    }
}

/// Whether a text is written in the place of one that there is not: a word for that, a word in brackets as programs print it
/// (`<nil>`, `(none)`), or nothing but strokes and question marks.
fn stands_for_nothing(text: &str) -> bool {
    let text = text.trim();
    // Most values are longer, and this is asked of each.
    if text.is_empty() || text.len() > 16 || text == NOT_TOLD {
        return false;
    }
    if text.chars().all(|letter| "-\u{2013}\u{2014}?~".contains(letter)) {
        return true;
    }
    let bracketed = [('<', '>'), ('(', ')'), ('[', ']')]
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    let word = bracketed.unwrap_or(text).trim();
    let is_word = |known: &&str| {
        let mut both = known.bytes().zip(word.bytes());
        known.len() == word.len() && both.all(|(a, b)| a.eq_ignore_ascii_case(&b) || a == b' ' && b"_-".contains(&b))
    };
    PLACEHOLDERS.iter().any(&is_word) || bracketed.is_some() && NO.iter().any(is_word)
}

pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// Whether a value is not told, alone or as the only one of a list.
fn is_untold(value: &Value) -> bool {
    match value {
        Value::String(text) => text == NOT_TOLD,
        Value::Array(items) => matches!(items.as_slice(), [one] if is_untold(one)),
        mark => is_mark(mark),
    }
}

/// Whether an item of a list is none that is compared with words: not told, empty, or a map or list, as of a source that keeps one
/// level below what the list names.
fn is_unread(item: &Value) -> bool {
    is_untold(item) || is_unset(item) || item.is_object() || item.is_array()
}

/// Whether a list has no item that is known to be there: none, or an empty one, or one that is not told and may be left out.
fn may_be_empty(value: &Value) -> bool {
    let is_nothing = |item: &Value| is_mark(item) || is_unset(item) || item.as_str() == Some(NOT_TOLD) || may_be_empty(item);
    match value {
        Value::Array(items) => !items.is_empty() && items.iter().all(is_nothing),
        mark => is_mark(mark),
    }
}

/// Whether a value is the one that is asked for. Of a placeholder nothing is known, nor of a text that has the same letters and
/// other strokes and blanks, as when a console's words are written in the place of an API's.
fn is_value(value: &Value, wanted: &Value) -> Truth {
    if is_open(value, wanted) {
        return Truth::Unknown;
    }
    if same(value, wanted) {
        return Truth::Yes;
    }
    if is_placeholder(value) || is_spelt_otherwise(value, wanted) {
        return Truth::Unknown;
    }
    Truth::No
}

/// Whether two texts, neither of them a number, are the same but for strokes and blanks.
fn is_spelt_otherwise(value: &Value, wanted: &Value) -> bool {
    let (Value::String(value), Value::String(wanted)) = (value, wanted) else {
        return false;
    };
    fn letters(text: &str) -> impl Iterator<Item = u8> {
        let kept = text.bytes().filter(|letter| !b" _-".contains(letter));
        kept.map(|letter| letter.to_ascii_lowercase())
    }
    wanted.bytes().any(|letter| letter.is_ascii_alphabetic()) && letters(value).eq(letters(wanted))
}

/// Whether a value says nothing of a switch or a number that is asked for: a text or a block that stands for one, such as
/// a reference that is not resolved, or a number in the place of a switch.
fn is_open(value: &Value, wanted: &Value) -> bool {
    let value = match value {
        Value::Array(items) => match items.as_slice() {
            [one] => one,
            _ => value,
        },
        other => other,
    };
    match (wanted, value) {
        (Value::Bool(_) | Value::Number(_), Value::Object(block)) => !block.is_empty(),
        // A table writes a switch as 1 and 0, and may as well count something.
        (Value::Bool(_), Value::Number(_)) => true,
        (Value::Bool(_), Value::String(text)) => {
            !text.is_empty() && !["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(text.trim()))
        }
        _ => false,
    }
}

/// A comparison of a number. An unset value is none; of a text that is no number nothing is known.
fn compares(value: &Value, holds: impl Fn(f64) -> bool) -> Truth {
    match number(value) {
        Some(number) => holds(number).into(),
        None if is_unset(value) => Truth::No,
        None => Truth::Unknown,
    }
}

fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Equal as people mean it: letter case does not count, and `"7"` is 7. A list of one counts as that one.
fn same(value: &Value, wanted: &Value) -> bool {
    if let (Value::Array(items), false) = (value, wanted.is_array()) {
        return matches!(items.as_slice(), [one] if same(one, wanted));
    }
    // What is wanted is seldom a number, and then no value need be read as one.
    match number(wanted).and_then(|wanted| Some((number(value)?, wanted))) {
        Some((a, b)) => a.total_cmp(&b).is_eq(),
        None => match (text(value), text(wanted)) {
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(&b),
            _ => value == wanted,
        },
    }
}

fn begins(value: &Value, wanted: &str, at_end: bool) -> bool {
    text(value).is_some_and(|text| {
        let (text, wanted) = (text.to_lowercase(), wanted.to_lowercase());
        if at_end {
            text.ends_with(&wanted)
        } else {
            text.starts_with(&wanted)
        }
    })
}
