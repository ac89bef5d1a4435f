//! The texts of results, each held once, and none of them with a secret.
//!
//! In: texts as scanners wrote them. Out: the same as shared texts; a mark in the place of a name that may hold a secret, and
//! nothing in the place of a sentence that may.

use super::Target;
use crate::catalog::provider;
use crate::diagnostics::characters::prints_as_nothing;
use crate::source::secrets;
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::ptr;
use std::sync::Arc;

/// How long a sentence may be, in letters.
const SENTENCE: usize = 300;

/// How long a name may be, in bytes; what is longer is none.
const NAME: usize = 4096;

/// Shared texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    names: HashSet<Arc<str>, RandomState>,
    /// Regions, and what stands in their place where there is none.
    regions: HashMap<Box<str>, Option<Arc<str>>, RandomState>,
    /// Titles by what they were cut out of.
    titles: HashMap<Box<str>, Arc<str>, RandomState>,
    /// The hashes of texts that may hold a secret, so that they are not kept to be known again.
    secret: HashSet<u64>,
    /// Sentences without the names in them, of which none holds a secret.
    open: HashSet<Box<str>, RandomState>,
    /// Whether a name makes a secret of what stands beside it.
    keys: HashMap<Arc<str>, bool, RandomState>,
    /// What results are about.
    targets: HashSet<Known, RandomState>,
}

/// A target whose texts are all among the names, so that equal ones are the same.
#[derive(Debug, Clone)]
struct Known(Arc<Target>);

impl Known {
    fn texts(&self) -> [Option<&Arc<str>>; 6] {
        let target = &self.0;
        [
            &target.arn,
            &target.name,
            &target.address,
            &target.kind,
            &target.account,
            &target.region,
        ]
        .map(Option::as_ref)
    }
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |(one, other): (Option<&Arc<str>>, Option<&Arc<str>>)| match (one, other) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        self.texts().into_iter().zip(other.texts()).all(is_same)
    }
}

impl Eq for Known {}

impl Hash for Known {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for text in self.texts() {
            text.map_or(0, address).hash(state);
        }
    }
}

/// Where a shared text lies.
fn address(text: &Arc<str>) -> usize {
    ptr::from_ref::<str>(text).addr()
}

impl Texts {
    /// A name, an id, an ARN; a mark in its place where it may hold a secret, since what is not told is there all the same.
    pub(super) fn name(&mut self, text: &str) -> Option<Arc<str>> {
        let text = text.trim();
        if let Some(known) = self.names.get(text) {
            return Some(known.clone());
        }
        if text.is_empty() || prints_as_nothing(text) {
            return None;
        }
        let told = if text.len() > NAME || self.is_secret(text) {
            secrets::NOT_TOLD
        } else {
            text
        };
        Some(self.share(told))
    }

    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return known.clone();
        }
        let name: Arc<str> = text.into();
        self.names.insert(name.clone());
        name
    }

    /// What results are about, whose texts are names of these.
    pub(super) fn target(&mut self, target: Target) -> Arc<Target> {
        let target = Known(target.into());
        if let Some(known) = self.targets.get(&target) {
            return known.0.clone();
        }
        self.targets.insert(target.clone());
        target.0
    }

    /// The same with what somebody else shares.
    pub(super) fn adopt(&mut self, target: &Target) -> Arc<Target> {
        let mut own = |text: &Option<Arc<str>>| text.as_ref().map(|text| self.share(text));
        let own = Target {
            arn: own(&target.arn),
            name: own(&target.name),
            address: own(&target.address),
            kind: own(&target.kind),
            account: own(&target.account),
            region: own(&target.region),
        };
        self.target(own)
    }

    /// A Region; none where the text says that there is none.
    pub(super) fn region(&mut self, text: &str) -> Option<Arc<str>> {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.len() > 32 || !text.bytes().all(is_letter) {
            return None;
        }
        if let Some(known) = self.regions.get(text) {
            return known.clone();
        }
        let region = Some(text)
            .filter(|text| !provider::is_nowhere(text))
            .and_then(|text| self.name(text));
        self.regions.insert(text.into(), region.clone());
        region
    }

    /// A sentence that many results share, such as what a check is called.
    pub(super) fn title(&mut self, text: &str) -> Option<Arc<str>> {
        if let Some(known) = self.titles.get(text) {
            return Some(known.clone());
        }
        if prints_as_nothing(text) || self.is_secret(text) {
            return None;
        }
        let title: Arc<str> = cut(text);
        if text.len() <= NAME {
            self.titles.insert(text.into(), title.clone());
        }
        Some(title)
    }

    /// What was seen on a resource, in one sentence; nothing where a secret may be in any of it. Sentences of one check differ by
    /// the names of resources, which are known to be open, so that what is left is judged once for many.
    pub(super) fn seen(&mut self, text: &str, names: &[Option<Arc<str>>]) -> Option<Arc<str>> {
        let text = text.trim();
        if prints_as_nothing(text) {
            return None;
        }
        let mut left = Cow::Borrowed(text);
        for name in names.iter().flatten() {
            if name.len() >= SHORTEST && !self.is_key(name) {
                left = without(left, name);
            }
        }
        if !self.open.contains(&*left) {
            if self.is_secret(&left) {
                return None;
            }
            if self.open.len() >= SENTENCES {
                self.open.clear();
            }
            self.open.insert((*left).into());
        }
        Some(cut(text))
    }

    fn is_key(&mut self, name: &Arc<str>) -> bool {
        if let Some(known) = self.keys.get(name) {
            return *known;
        }
        let is_key = name.starts_with('-') || &**name == secrets::NOT_TOLD || secrets::is_key(name);
        self.keys.insert(name.clone(), is_key);
        is_key
    }

    fn is_secret(&mut self, text: &str) -> bool {
        if secrets::is_plain(text) {
            return false;
        }
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(text);
        if self.secret.contains(&hash) {
            return true;
        }
        let is_secret = secrets::hold_secret(text);
        if is_secret {
            self.secret.insert(hash);
        }
        is_secret
    }
}

/// How long a name is at least that is passed over in a sentence.
const SHORTEST: usize = 6;

/// How many sentences are known at once.
const SENTENCES: usize = 100_000;

/// A text with a word in the place of a name, wherever that stands by itself and nothing is assigned to it.
fn without<'t>(text: Cow<'t, str>, name: &str) -> Cow<'t, str> {
    let stands_alone = |at: usize| {
        let (before, behind) = (&text[..at], &text[at + name.len()..]);
        let end = behind.trim_start_matches(['.', ',']);
        (before.is_empty() || before.ends_with(' '))
            && (end.is_empty() || end.starts_with(' '))
            && !behind.trim_start_matches([' ', '.', ',']).starts_with([':', '='])
    };
    if !text.match_indices(name).any(|(at, _)| stands_alone(at)) {
        return text;
    }
    let (mut left, mut from) = (String::with_capacity(text.len()), 0);
    for (at, _) in text.match_indices(name).filter(|(at, _)| stands_alone(*at)) {
        left.push_str(&text[from..at]);
        left.push_str("it");
        from = at + name.len();
    }
    left.push_str(&text[from..]);
    Cow::Owned(left)
}

/// The first sentence of a text on one line, as far as it may be long.
fn cut(text: &str) -> Arc<str> {
    let end = first_sentence(text.trim());
    let is_one_line = !end.bytes().any(|byte| byte.is_ascii_control()) && !end.contains("  ");
    if is_one_line && end.len() <= SENTENCE {
        return end.into();
    }
    let words: Vec<&str> = end.split_whitespace().collect();
    let line = words.join(" ");
    let letters: Vec<(usize, char)> = line.char_indices().take(SENTENCE + 1).collect();
    if letters.len() <= SENTENCE {
        return line.into();
    }
    let most = letters.get(SENTENCE - 1).map_or(0, |(at, _)| *at);
    let cut = line.get(..most).unwrap_or_default();
    let cut = cut.rsplit_once(' ').map_or(cut, |(before, _)| before);
    format!("{cut}…").into()
}

/// A text up to where its first sentence ends.
fn first_sentence(text: &str) -> &str {
    let ends = text.match_indices(['.', '!', '?', '\n']).find(|(at, sign)| {
        let behind = &text[at + sign.len()..];
        *sign == "\n" || behind.starts_with(char::is_whitespace) && behind.trim_start().starts_with(|letter: char| !letter.is_lowercase())
    });
    ends.map_or(text, |(at, _)| text[..=at].trim_end())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn sentence(text: &str) -> Option<Arc<str>> {
        Texts::default().seen(text, &[])
    }

    #[test]
    fn one_sentence_is_told() {
        for (text, told) in [
            ("Bucket a.b is public. Close it.", "Bucket a.b is public."),
            ("IAM user has no MFA", "IAM user has no MFA"),
            ("version 1.2 e.g. this is old", "version 1.2 e.g. this is old"),
            ("one\nline", "one"),
        ] {
            assert_eq!(sentence(text).as_deref(), Some(told));
        }
        let long = sentence(&"würde ".repeat(100)).unwrap();
        assert!(long.chars().count() <= SENTENCE && long.ends_with("würde…"), "{long}");
        assert_eq!(sentence(&"ä".repeat(1000)).unwrap().chars().count(), SENTENCE);
        assert_eq!(sentence("  \u{200b} "), None);
    }

    #[test]
    fn a_secret_behind_the_first_sentence_drops_all() {
        assert_eq!(sentence("It is set. password=hunter2hunter2"), None);
        let mut texts = Texts::default();
        assert_eq!(texts.name("password=hunter2hunter2").as_deref(), Some(secrets::NOT_TOLD));
        assert_eq!(texts.name("orders").as_deref(), Some("orders"));
        assert_eq!(texts.name(" "), None);
    }

    #[test]
    fn names_hide_nothing_beside_them() {
        let mut texts = Texts::default();
        for (name, text, is_told) in [
            ("orders-queue-1", "SQS queue orders-queue-1 is not encrypted.", true),
            ("orders-queue-2", "SQS queue orders-queue-2 is not encrypted.", true),
            ("orders-queue-2", "orders-queue-2 = hunter2hunter2", true),
            ("db-password", "db-password = hunter2hunter2", false),
            ("db-password", "db-password hunter2 db-password=hunter2hunter2", false),
            ("mysqldump", "mysqldump -phunter2hunter2 orders", false),
            ("password-of", "the password-of: hunter2hunter2", false),
            ("orders-queue-1", "orders-queue-1 has password=hunter2hunter2 orders-queue-1", false),
            ("authorization", "authorization : Bearer abcdefghijklmnop.abcdef", false),
            ("--password", "mysql --password hunter2hunter2", false),
        ] {
            for _ in 0..2 {
                let name: Option<Arc<str>> = Some(name.into());
                assert_eq!(texts.seen(text, &[name]).is_some(), is_told, "{text}");
            }
        }
    }
}
