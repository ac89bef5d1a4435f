//! A map in JSON gone through without building anything of it.
//!
//! In: the text of one value, or where one begins in a text. Out: each field as its key and the text of its value, where all of it
//! is JSON; else nothing, and whoever asks decodes it and learns what is wrong. Reading a value only to find that it is known
//! takes a third of decoding it.

/// How deep lists and maps may lie in one another; what lies deeper is left to the decoder, which refuses it.
const DEPTH: usize = 100;

/// Goes through the fields of a map. `each` takes a key, without its quotes, and the text of the value, and says whether to go
/// on. Nothing where the text is no map, is not JSON all through, has a key with an escape, or `each` had enough.
pub(crate) fn fields<'t>(text: &'t str, mut each: impl FnMut(&'t str, &'t str) -> bool) -> Option<()> {
    fields_within(text, |_| false, |_, key, value| each(key, value))
}

/// As [`fields`], and where the value of a key is a map that `opens`, goes through its fields, too: these come before it, with the
/// key that they stand under.
pub(crate) fn fields_within<'t>(
    text: &'t str,
    opens: impl Fn(&str) -> bool,
    mut each: impl FnMut(Option<&'t str>, &'t str, &'t str) -> bool,
) -> Option<()> {
    let mut scan = Scan { text, at: 0 };
    scan.blanks();
    scan.map(|scan, key| {
        let begin = scan.at;
        if scan.peek() == Some(b'{') && opens(key) {
            scan.map(|scan, inner| {
                let begin = scan.at;
                scan.value(1)?;
                each(Some(key), inner, text.get(begin..scan.at)?).then_some(())
            })?;
        } else {
            scan.value(0)?;
        }
        each(None, key, text.get(begin..scan.at)?).then_some(())
    })?;
    scan.blanks();
    (scan.at == text.len()).then_some(())
}

/// Goes through the items of a list: `each` takes the text of one. Nothing where the text is no list or not JSON all through.
pub(crate) fn items<'t>(text: &'t str, each: impl FnMut(&'t str)) -> Option<()> {
    let mut scan = Scan { text, at: 0 };
    scan.blanks();
    scan.list(0, each)?;
    scan.blanks();
    (scan.at == text.len()).then_some(())
}

/// Goes through the fields of a map up to the list under a key: where that begins. Nothing where there is none, or what is before
/// it is not JSON.
pub(crate) fn fields_before<'t>(text: &'t str, of: &str, mut each: impl FnMut(&'t str, &'t str) -> bool) -> Option<usize> {
    let mut scan = Scan { text, at: 0 };
    let mut list = None;
    scan.blanks();
    // Nothing is what ends it, at the list or at what is wrong.
    let _ = scan.map(|scan, key| {
        let begin = scan.at;
        if key == of && scan.peek() == Some(b'[') {
            list = Some(begin);
            return None;
        }
        scan.value(0)?;
        each(key, text.get(begin..scan.at)?).then_some(())
    });
    list
}

/// Goes through the fields of a map that stand behind one of its values, to the end of the text.
pub(crate) fn fields_behind<'t>(text: &'t str, at: usize, mut each: impl FnMut(&'t str, &'t str) -> bool) -> Option<()> {
    let mut scan = Scan { text, at };
    if scan.goes_on(b'}')? {
        scan.fields(|scan, key| {
            let begin = scan.at;
            scan.value(0)?;
            each(key, text.get(begin..scan.at)?).then_some(())
        })?;
    }
    scan.blanks();
    (scan.at == text.len()).then_some(())
}

/// As [`fields`], of the map that begins at a place in a text, within a list of a map: where it ends.
pub(crate) fn fields_at<'t>(text: &'t str, at: usize, mut each: impl FnMut(&'t str, &'t str) -> bool) -> Option<usize> {
    let mut scan = Scan { text, at };
    scan.map(|scan, key| {
        let begin = scan.at;
        scan.value(2)?;
        each(key, text.get(begin..scan.at)?).then_some(())
    })?;
    Some(scan.at)
}

/// The value that begins at a place in a text, within a list of a map.
pub(crate) fn value_at(text: &str, at: usize) -> Option<&str> {
    let mut scan = Scan { text, at };
    scan.value(1)?;
    text.get(at..scan.at)
}

/// What follows in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// An item that begins there.
    Item(usize),
    /// Nothing: the list ends there.
    End(usize),
}

/// What follows in a list behind the bracket that opens it.
pub(crate) fn first_item(text: &str, at: usize) -> Option<Next> {
    let mut scan = Scan { text, at };
    scan.take(b'[')?;
    scan.blanks();
    Some(match scan.take(b']') {
        Some(()) => Next::End(scan.at),
        None => Next::Item(scan.at),
    })
}

/// What follows in a list behind an item.
pub(crate) fn next_item(text: &str, at: usize) -> Option<Next> {
    let mut scan = Scan { text, at };
    let goes_on = scan.goes_on(b']')?;
    Some(if goes_on { Next::Item(scan.at) } else { Next::End(scan.at) })
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scan<'t> {
    fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
            // Lines are indented by many at a time.
            while self.bytes().get(self.at..self.at + 4) == Some(b"    ") {
                self.at += 4;
            }
        }
    }

    /// Whether another field or item comes behind one; else what has them ends.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        self.blanks();
        if self.take(end).is_some() {
            return Some(false);
        }
        self.take(b',')?;
        self.blanks();
        Some(true)
    }

    /// Goes through a map: `each` takes a key, and passes over its value.
    fn map(&mut self, each: impl FnMut(&mut Self, &'t str) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        self.blanks();
        if self.take(b'}').is_some() {
            return Some(());
        }
        self.fields(each)
    }

    /// Goes through the fields of a map from one on.
    fn fields(&mut self, mut each: impl FnMut(&mut Self, &'t str) -> Option<()>) -> Option<()> {
        loop {
            let key = self.plain_text()?;
            self.blanks();
            self.take(b':')?;
            self.blanks();
            each(self, key)?;
            if !self.goes_on(b'}')? {
                return Some(());
            }
        }
    }

    /// Goes through a list whose items lie so deep: `each` takes the text of one.
    fn list(&mut self, depth: usize, mut each: impl FnMut(&'t str)) -> Option<()> {
        self.take(b'[')?;
        self.blanks();
        if self.take(b']').is_some() {
            return Some(());
        }
        loop {
            let begin = self.at;
            self.value(depth)?;
            each(self.text.get(begin..self.at)?);
            if !self.goes_on(b']')? {
                return Some(());
            }
        }
    }

    /// A text without escapes: what stands between its quotes.
    fn plain_text(&mut self) -> Option<&'t str> {
        let begin = self.at + 1;
        let is_plain = self.quoted()?;
        is_plain.then(|| self.text.get(begin..self.at - 1)).flatten()
    }

    /// Passes over a text; whether nothing in it is escaped.
    fn quoted(&mut self) -> Option<bool> {
        self.take(b'"')?;
        let bytes = self.bytes();
        let mut is_plain = true;
        loop {
            self.at += ends_run(bytes.get(self.at..)?)?;
            match bytes.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    return Some(is_plain);
                }
                b'\\' => {
                    is_plain = false;
                    match bytes.get(self.at + 1)? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 2,
                        b'u' => {
                            let digits = bytes.get(self.at + 2..self.at + 6)?;
                            if !digits.iter().all(u8::is_ascii_hexdigit) || is_surrogate(digits) {
                                return None;
                            }
                            self.at += 6;
                        }
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => self.quoted().map(drop),
            b'{' => self.items(depth, b'}', |scan, depth| {
                scan.quoted()?;
                scan.blanks();
                scan.take(b':')?;
                scan.blanks();
                scan.value(depth)
            }),
            b'[' => self.items(depth, b']', Self::value),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number(),
        }
    }

    fn items(&mut self, depth: usize, end: u8, item: fn(&mut Self, usize) -> Option<()>) -> Option<()> {
        if depth >= DEPTH {
            return None;
        }
        self.at += 1;
        self.blanks();
        if self.take(end).is_some() {
            return Some(());
        }
        loop {
            item(self, depth + 1)?;
            if !self.goes_on(end)? {
                return Some(());
            }
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let end = self.at + word.len();
        (self.bytes().get(self.at..end)? == word.as_bytes()).then(|| self.at = end)
    }

    fn number(&mut self) -> Option<()> {
        let _ = self.take(b'-');
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        // What is too large to be a number is the decoder's to refuse.
        if let Some(b'e' | b'E') = self.peek() {
            return None;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let begin = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        // Longer ones may be beyond what a number can be.
        (self.at > begin && self.at - begin < 100).then_some(())
    }
}

/// Whether four digits are half of a letter, of which the decoder asks for the other half.
fn is_surrogate(digits: &[u8]) -> bool {
    matches!(digits, [b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..])
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// How many bytes stand before a quote, an escape or a control character; nothing where none follows.
fn ends_run(bytes: &[u8]) -> Option<usize> {
    let zero = |word: u64| word.wrapping_sub(LOW) & !word & HIGH;
    let mut at = 0;
    while let Some(eight) = bytes.get(at..at + 8).and_then(|eight| <[u8; 8]>::try_from(eight).ok()) {
        let word = u64::from_le_bytes(eight);
        // Of bytes below 0x20 the first has its high bit here, too.
        let control = word.wrapping_sub(LOW * 0x20) & !word & HIGH;
        let found = zero(word ^ (LOW * 0x22)) | zero(word ^ (LOW * 0x5c)) | control;
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    let more = bytes.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
    more.map(|more| at + more)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    fn scanned(text: &str) -> Option<Map<String, Value>> {
        let mut map = Map::new();
        fields(text, |key, value| {
            map.insert(key.to_owned(), serde_json::from_str(value).unwrap());
            true
        })?;
        Some(map)
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1000.0..1000.0_f64).prop_map(Value::from),
            "[ -~\\[\\]{}\"\\\\äö\n\t]{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[a-z_{ö]{0,6}", inner, 0..5).prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// What is JSON is found to be what the decoder finds.
        #[test]
        fn fields_are_those_that_the_decoder_finds(map in prop::collection::btree_map("[a-z_{ö]{0,6}", value(), 0..6), pretty in any::<bool>()) {
            let whole = Value::Object(map.into_iter().collect());
            let text = if pretty { format!(" {whole:#}\n") } else { whole.to_string() };
            prop_assert_eq!(scanned(&text).map(Value::Object), serde_json::from_str::<Value>(&text).ok());
        }

        /// What is not, is nothing here.
        #[test]
        fn what_the_decoder_refuses_is_refused(value in value(), at in any::<prop::sample::Index>(), with in "[\\[\\]{}\",:\\\\0-9etn.ud-]") {
            let mut text: Vec<char> = format!("{{\"a\":{value}}}").chars().collect();
            let at = at.index(text.len());
            text[at] = with.chars().next().unwrap();
            let text: String = text.into_iter().collect();
            if let Some(found) = scanned(&text) {
                prop_assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(Value::Object(found)), "{}", text);
            }
        }
    }

    #[test]
    fn fields_of_maps_within_come_before_them() {
        let mut found = Vec::new();
        let text = r#"{"a": {"b": 1, "c": {"d": 2}}, "e": {"f": 3}, "g": [], "a": 4, "h": {}}"#;
        fields_within(
            text,
            |key| key != "e",
            |within, key, value| {
                found.push((within, key, value));
                true
            },
        )
        .unwrap();
        let expected = [
            (Some("a"), "b", "1"),
            (Some("a"), "c", r#"{"d": 2}"#),
            (None, "a", r#"{"b": 1, "c": {"d": 2}}"#),
            (None, "e", r#"{"f": 3}"#),
            (None, "g", "[]"),
            (None, "a", "4"),
            (None, "h", "{}"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn halves_and_depths_are_left_to_the_decoder() {
        for text in [
            "{\"a\":\"\\ud800\"}",
            "{\"\\u0061\":1}",
            "{\"a\":1e999}",
            "{\"a\":01}",
            "{\"a\":\"\u{1}\"}",
            "[1]",
            "{} {}",
        ] {
            assert_eq!(scanned(text), None, "{text}");
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(DEPTH + 1), "]".repeat(DEPTH + 1));
        assert_eq!(scanned(&deep), None);
    }
}
