//! Fields of items, read leniently: a field of another kind than expected says nothing, and its item stays whole.
//!
//! In: JSON. Out: texts, lists, maps and times that borrow from it where they can.

use crate::results::time;
use jiff::Timestamp;
use serde::de::value::{self, BorrowedStrDeserializer, MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// A text, a number or a switch as text; empty for anything else.
#[derive(Debug, Default, Clone)]
pub(super) struct Word<'a>(pub(super) Cow<'a, str>);

impl Word<'_> {
    /// The text, unless nothing stands in it.
    pub(super) fn get(&self) -> Option<&str> {
        Some(self.0.trim()).filter(|text| !text.is_empty())
    }

    /// Whether it is this word, whatever its case.
    pub(super) fn is(&self, word: &str) -> bool {
        self.0.trim().eq_ignore_ascii_case(word)
    }
}

/// A list; a single map or text is a list of one, anything else an empty one.
#[derive(Debug, Clone)]
pub(super) struct Many<T>(pub(super) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// A map, or nothing.
#[derive(Debug, Clone)]
pub(super) struct Maybe<T>(pub(super) Option<T>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// An instant, however it is written.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Time(pub(super) Option<Timestamp>);

/// An instant that is read only where somebody asks for it: items tell several, of which one counts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Instant<'a> {
    /// As it is written.
    Text(&'a str),
    /// As it was read.
    Read(Option<Timestamp>),
}

impl Default for Instant<'_> {
    fn default() -> Self {
        Self::Read(None)
    }
}

impl Instant<'_> {
    pub(super) fn get(self) -> Option<Timestamp> {
        match self {
            Self::Text(text) => time::of_text(text),
            Self::Read(at) => at,
        }
    }
}

/// Small letters and digits alone.
pub(super) fn squashed(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// Passes over what visitors do not ask for.
macro_rules! nothing_else {
    ($nothing:expr; $($rest:tt)*) => { nothing_else!(@ $nothing; $($rest)*); };
    (@ $nothing:expr;) => {};
    (@ $nothing:expr; bool $($rest:tt)*) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        nothing_else!(@ $nothing; $($rest)*);
    };
    (@ $nothing:expr; number $($rest:tt)*) => {
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        nothing_else!(@ $nothing; $($rest)*);
    };
    (@ $nothing:expr; text $($rest:tt)*) => {
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        nothing_else!(@ $nothing; $($rest)*);
    };
    (@ $nothing:expr; list $($rest:tt)*) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok($nothing)
        }
        nothing_else!(@ $nothing; $($rest)*);
    };
    (@ $nothing:expr; map $($rest:tt)*) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($nothing)
        }
        nothing_else!(@ $nothing; $($rest)*);
    };
    (@ $nothing:expr; null $($rest:tt)*) => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }
        nothing_else!(@ $nothing; $($rest)*);
    };
}

struct WordVisitor;

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Word<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Word(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Word(Cow::Owned(text.to_owned())))
    }
    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Word(Cow::Owned(text)))
    }
    fn visit_bool<E>(self, switch: bool) -> Result<Self::Value, E> {
        Ok(Word(Cow::Borrowed(if switch { "true" } else { "false" })))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Word(Cow::Owned(number.to_string())))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Word(Cow::Owned(number.to_string())))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Word(Cow::Owned(number.to_string())))
    }
    nothing_else!(Word::default(); list map null);
}

impl<'de: 'a, 'a> Deserialize<'de> for Word<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor)
    }
}

struct ManyVisitor<T>(PhantomData<T>);

/// A list of what a text is, or an empty one where texts are nothing that belongs into it.
fn one_of_text<'de, T: Deserialize<'de>>(text: impl Deserializer<'de, Error = value::Error>) -> Many<T> {
    T::deserialize(text).map_or_else(|_| Many::default(), |one| Many(vec![one]))
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = list.next_element()? {
            all.push(one);
        }
        Ok(Many(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| Many(vec![one]))
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(one_of_text(BorrowedStrDeserializer::new(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(one_of_text(StrDeserializer::new(text)))
    }
    nothing_else!(Many::default(); bool number null);
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}

struct MaybeVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MaybeVisitor<T> {
    type Value = Maybe<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| Maybe(Some(one)))
    }
    nothing_else!(Maybe(None); bool number text list null);
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MaybeVisitor(PhantomData))
    }
}

struct TimeVisitor;

impl<'de> Visitor<'de> for TimeVisitor {
    type Value = Time;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time")
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Time(time::of_text(text)))
    }
    #[allow(clippy::cast_precision_loss, reason = "no instant is so far away")]
    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Time(time::of_number(number as f64)))
    }
    #[allow(clippy::cast_precision_loss, reason = "no instant is so far away")]
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Time(time::of_number(number as f64)))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Time(time::of_number(number)))
    }
    /// As programs that record answers write them: a number for each part.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        const PARTS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];
        let mut fields: BTreeMap<String, i64> = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, Word<'de>>()? {
            if let Ok(number) = value.0.parse() {
                fields.insert(key, number);
            }
        }
        let parts = PARTS.map(|part| fields.get(part).copied());
        let [Some(year), Some(month), Some(day), hour, minute, second] = parts else {
            return Ok(Time(None));
        };
        let [hour, minute, second] = [hour, minute, second].map(Option::unwrap_or_default);
        Ok(Time(time::of_fields([year, month, day, hour, minute, second])))
    }
    nothing_else!(Time(None); bool list null);
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimeVisitor)
    }
}

struct InstantVisitor;

impl<'de> Visitor<'de> for InstantVisitor {
    type Value = Instant<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        TimeVisitor.expecting(f)
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Instant::Text(text))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        TimeVisitor.visit_str(text).map(|time| Instant::Read(time.0))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        TimeVisitor.visit_i64(number).map(|time| Instant::Read(time.0))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        TimeVisitor.visit_u64(number).map(|time| Instant::Read(time.0))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        TimeVisitor.visit_f64(number).map(|time| Instant::Read(time.0))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        TimeVisitor.visit_map(map).map(|time| Instant::Read(time.0))
    }
    nothing_else!(Instant::default(); bool list null);
}

impl<'de: 'a, 'a> Deserialize<'de> for Instant<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InstantVisitor)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Item<'a> {
        #[serde(borrow)]
        word: Word<'a>,
        #[serde(borrow)]
        many: Many<Word<'a>>,
        #[serde(borrow)]
        inner: Maybe<Box<Item<'a>>>,
        time: Time,
        #[serde(borrow)]
        instant: Instant<'a>,
    }

    #[test]
    fn an_instant_is_the_same_read_at_once_or_late() {
        for (written, is_read) in [
            ("\"2026-10-30T10:15:00Z\"", true),
            ("\"\\u0032026-10-30 10:15:00\"", true),
            ("1793527200", true),
            ("1793527200000", true),
            ("-1793527200", true),
            ("1793527200.5", true),
            ("{\"year\":2026,\"month\":10,\"day\":30}", true),
            ("null", false),
            ("true", false),
            ("[2026]", false),
            ("\"soon\"", false),
        ] {
            let text = format!("{{\"time\":{written},\"instant\":{written}}}");
            let item: Item<'_> = serde_json::from_str(&text).unwrap();
            assert_eq!(item.instant.get(), item.time.0, "{written}");
            assert_eq!(item.time.0.is_some(), is_read, "{written}");
        }
    }

    #[test]
    fn odd_values_say_nothing_and_take_nothing_along() {
        for odd in [
            "null",
            "[]",
            "{}",
            "[[{}]]",
            "{\"a\":[1]}",
            "true",
            "1.5",
            "-3",
            "18446744073709551615",
            "\"x\"",
            "\"\\u00e4\"",
        ] {
            let text = format!("{{\"inner\":{odd},\"time\":{odd},\"many\":[{odd}],\"other\":{odd},\"word\":\"told\"}}");
            let item: Item<'_> = serde_json::from_str(&text).unwrap();
            assert_eq!(item.word.get(), Some("told"), "{odd}");
            assert_eq!(item.many.0.len(), 1, "{odd}");
            let text = format!("{{\"word\":{odd},\"many\":{odd},\"inner\":{{\"word\":5}}}}");
            let item: Item<'_> = serde_json::from_str(&text).unwrap();
            assert_eq!(item.inner.0.unwrap().word.get(), Some("5"), "{odd}");
        }
    }
}
