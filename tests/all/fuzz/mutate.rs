//! Files that are changed at random, again in the same way from the same beginning.
//!
//! In: a file and another of its kind. Out: one that resembles the first. Half of those that are JSON or YAML are changed as
//! trees and stay well-formed, so that what lies behind the parser is reached, too.

use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Map, Value, json};

/// A token that every importer knows for one, wherever it stands.
pub(super) const TOKEN: &str = "ghr_zqcanary0000abcdefghijklmnopqrstuvwxyz0123";

/// No input grows beyond this.
const LARGEST: usize = 192 * 1024;

/// What parsers trip over.
const WORDS: &[&str] = &[
    "",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}[2J",
    "\r",
    "\r\n",
    "\n---\n",
    "\n...\n",
    "{}",
    "[]",
    "[[[[[[[[",
    "{{{{{{{{",
    "{\"a\":",
    "}}",
    "{% ",
    "{{ ",
    "{#",
    "]]>",
    "null",
    "~",
    "true",
    "-0",
    "-1",
    "0",
    "1e999",
    "9223372036854775808",
    "18446744073709551616",
    "0x7fffffff",
    "NaN",
    ".inf",
    "1e-400",
    "000000000012",
    "\"",
    "'",
    "\\",
    "\\u0000",
    "\\ud800",
    "\\udc00\\ud800",
    "!!binary ",
    "!Ref a",
    "!Sub '${a}'",
    "&a [*a, *a]",
    "*a",
    "<<: *a",
    "? [",
    "|\n",
    ">-\n",
    "%YAML 1.2\n",
    "\t",
    "#",
    ",,,,",
    ";;;;",
    "=1+1",
    "../../../etc/passwd",
    "/dev/stdin",
    "C:\\x",
    "con",
    "arn:aws:s3:::",
    "arn:::::",
    "arn:aws:iam::111122223333:root",
    "Fn::ForEach::L",
    "Fn::Transform",
    "Fn::If",
    "Ref",
    "AWS::NoValue",
    "AWS::CloudFormation::Stack",
    "aws_instance",
    "data",
    "managed",
    "index_key",
    "sensitive_attributes",
    "4dabf18193072939515e22adb298388d",
    "2026-02-30",
    "9999-12-31",
    "0000-00-00",
    "2026-11-01T25:61:61Z",
    "𝒳",
    "ı",
    "ß",
    "\u{301}",
    "e\u{301}",
];

/// Changes files.
pub(super) struct Mutator(TestRng);

impl Mutator {
    pub(super) fn new(beginning: u64) -> Self {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&beginning.to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
    }

    /// A number below another.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u64() % (end.max(1) as u64)).unwrap()
    }

    /// One of several.
    pub(super) fn of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = self.below(of.len());
        &of[at]
    }

    /// A file that resembles one, with parts of another.
    pub(super) fn changed(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        if self.below(2) == 0
            && let (Some(mut tree), Some(other)) = (tree(bytes), tree(other))
        {
            for _ in 0..=self.below(4) {
                self.change_tree(&mut tree, &other);
            }
            changed = tree.to_string().into_bytes();
        } else {
            for _ in 0..=self.below(6) {
                self.change_bytes(&mut changed, other);
            }
        }
        changed.truncate(LARGEST);
        changed
    }

    /// The same with the token in the place of a word, where there is one; and whether there is.
    pub(super) fn planted(&mut self, bytes: Vec<u8>) -> (Vec<u8>, bool) {
        let Ok(text) = String::from_utf8(bytes) else {
            return (Vec::new(), false);
        };
        if self.below(2) == 0 || text.contains('\0') {
            return (text.into_bytes(), false);
        }
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | ':' | '/');
        let mut words = Vec::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find('"') {
            let inner = &rest[start + 1..];
            let end = inner.find(|letter: char| !is_word(letter)).unwrap_or(inner.len());
            let at = text.len() - inner.len();
            if inner[end..].starts_with('"') && end > 2 {
                words.push((at, at + end));
            }
            rest = &inner[end..];
        }
        if words.is_empty() {
            return (text.into_bytes(), false);
        }
        let (start, end) = *self.of(&words);
        ([&text[..start], TOKEN, &text[end..]].concat().into_bytes(), true)
    }

    /// A part of a file.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let most = [4, 64, 4096][self.below(3)].min(length - start);
        start..start + self.below(most + 1)
    }

    fn change_bytes(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(bytes.len() + 1);
        match self.below(11) {
            0 if !bytes.is_empty() => {
                let at = self.below(bytes.len());
                bytes[at] ^= 1 << self.below(8);
            }
            1 if !bytes.is_empty() => {
                let at = self.below(bytes.len());
                bytes[at] = *self.of(&[0, 0xff, 0x80, b'"', b'{', b'[', b'\n', b' ', b'-', b'0']);
            }
            2 => {
                let range = self.range(bytes.len());
                bytes.drain(range);
            }
            3 => {
                let range = self.range(bytes.len());
                let part = bytes[range].to_vec();
                bytes.splice(at..at, part);
            }
            4 => {
                let range = self.range(other.len());
                bytes.splice(at..at, other[range].iter().copied());
            }
            5 => bytes.truncate(at),
            6 => {
                let range = self.range(bytes.len());
                let part = bytes[range].repeat(self.below(2000));
                bytes.splice(at..at, part.into_iter().take(LARGEST / 2));
            }
            7 => {
                // A number becomes another.
                let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
                if !digits.is_empty() {
                    let at = *self.of(&digits);
                    let number = *self.of(&["0", "-1", "4294967296", "1e308", "99999999999999999999", "0.1", ""]);
                    bytes.splice(at..=at, number.bytes());
                }
            }
            8 => {
                // As another system writes it.
                let text = String::from_utf8_lossy(bytes).into_owned();
                *bytes = match self.below(3) {
                    0 => text.replace('\n', "\r\n").into_bytes(),
                    1 => [0xff, 0xfe]
                        .into_iter()
                        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
                        .collect(),
                    _ => [&[0xef, 0xbb, 0xbf][..], text.as_bytes()].concat(),
                };
            }
            _ => {
                let word = self.of(WORDS).bytes();
                bytes.splice(at..at, word);
            }
        }
    }

    fn change_tree(&mut self, tree: &mut Value, other: &Value) {
        let (count, others) = (nodes(tree), nodes(other));
        let number = self.below(count);
        let from = self.below(count);
        let copy = if self.below(2) == 0 {
            node(&mut tree.clone(), from).cloned()
        } else {
            node(&mut other.clone(), self.below(others)).cloned()
        };
        let (what, word, key) = (self.below(9), *self.of(WORDS), self.below(50));
        let Some(node) = node(tree, number) else { return };
        match what {
            0 => *node = self.odd(),
            1 => *node = json!([node.take()]),
            2 => *node = json!({word: node.take()}),
            3 => *node = copy.unwrap_or_default(),
            4 => {
                for _ in 0..self.below(120) {
                    *node = if key % 2 == 0 {
                        json!([node.take()])
                    } else {
                        json!({"a": node.take()})
                    };
                }
            }
            _ => match node {
                Value::Object(map) if !map.is_empty() => {
                    let at = key % map.len();
                    let (name, value) = map.shift_remove_index(at);
                    match what {
                        5 => {}
                        6 => drop(map.insert(word.to_owned(), value)),
                        7 => map.extend([(name.to_uppercase(), value.clone()), (name, value)]),
                        _ => drop(map.insert(name, copy.unwrap_or_default())),
                    }
                }
                Value::Array(items) if !items.is_empty() => {
                    let at = key % items.len();
                    match what {
                        5 => drop(items.remove(at)),
                        6 => items.extend(vec![items[at].clone(); key * 4]),
                        _ => items.insert(at, copy.unwrap_or_default()),
                    }
                }
                Value::String(text) => {
                    let at = text.char_indices().map(|(at, _)| at).nth(key).unwrap_or_default();
                    text.insert_str(at, word);
                }
                other => *other = self.odd(),
            },
        }
    }

    /// A value of another kind.
    fn odd(&mut self) -> Value {
        let word = *self.of(WORDS);
        let values = [
            Value::Null,
            json!(true),
            json!(-1),
            json!(u64::MAX),
            json!(1e300),
            json!(0.1),
            json!([]),
            json!({}),
            json!([null]),
            json!({"": null}),
            json!(word),
            json!("x".repeat(5000)),
            json!([word, word]),
            json!({word: word}),
        ];
        self.of(&values).clone()
    }
}

/// A file as a tree, where it is one; YAML that is all one text is not.
fn tree(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?;
    let is_short = text.len() < 40_000;
    let tree: Option<Value> = serde_json::from_str(text).ok();
    tree.or_else(|| is_short.then(|| serde_yaml::from_str(text).ok()).flatten())
        .filter(|tree: &Value| tree.is_object() || tree.is_array())
}

/// How many values there are.
fn nodes(tree: &Value) -> usize {
    1 + match tree {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(map) => map.values().map(nodes).sum(),
        _ => 0,
    }
}

/// A value by its number.
fn node(tree: &mut Value, number: usize) -> Option<&mut Value> {
    if number == 0 {
        return Some(tree);
    }
    let mut left = number - 1;
    let inner: Vec<&mut Value> = match tree {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => return None,
    };
    for one in inner {
        let count = nodes(one);
        if left < count {
            return node(one, left);
        }
        left -= count;
    }
    None
}

/// A map's entry by its place.
trait ByPlace {
    fn shift_remove_index(&mut self, at: usize) -> (String, Value);
}

impl ByPlace for Map<String, Value> {
    fn shift_remove_index(&mut self, at: usize) -> (String, Value) {
        let name = self.keys().nth(at).unwrap().clone();
        let value = self.shift_remove(&name).unwrap();
        (name, value)
    }
}
