//! What tells some resources of a unit from its others, in words.
//!
//! In: resources of one environment. Out: what only some of them have: data classes, owners, accounts, Regions, else their
//! names. Never who holds which letter, so that it is the same when letters change.

use super::duty::Scope;
use super::index::ResourceIx;
use crate::inventory::Resource;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// Names that are told before the rest is counted.
const NAMES: usize = 4;

/// Letters of an environment or a scope within an id.
const LONGEST: usize = 64;

/// What some resources have and others lack.
pub(super) struct Apart {
    /// As ids end with it.
    pub(super) in_id: String,
    /// As it is printed.
    pub(super) words: String,
}

impl From<String> for Apart {
    fn from(words: String) -> Self {
        Self {
            in_id: words.clone(),
            words,
        }
    }
}

/// What these resources have and the others lack.
pub(super) fn tell_apart(all: &[Arc<Resource>], own: &[ResourceIx], others: &[ResourceIx]) -> Apart {
    type Pick = fn(&Resource) -> &[Arc<str>];
    fn one(value: &Option<Arc<str>>) -> &[Arc<str>] {
        static NOT_STATED: LazyLock<Arc<str>> = LazyLock::new(|| "not stated".into());
        std::slice::from_ref(value.as_ref().unwrap_or(&NOT_STATED))
    }
    let dimensions: [(&str, Pick); 3] = [
        ("owner", |resource| one(&resource.owner)),
        ("account", |resource| one(&resource.account)),
        ("region", |resource| one(&resource.region)),
    ];
    let at = |index: &ResourceIx| &all[index.position()];
    if let Some(words) = by_data(all, own, others) {
        return words;
    }
    for (name, pick) in dimensions {
        let mine: BTreeSet<&Arc<str>> = own.iter().flat_map(|index| pick(at(index))).collect();
        // Of the others, the first value that is shared settles it; most often that is the first of all.
        let mut theirs = others.iter().flat_map(|index| pick(at(index)));
        if !mine.is_empty() && !theirs.any(|value| mine.contains(value)) {
            return format!("{name} {}", mine.into_iter().map(|value| &**value).collect::<Vec<_>>().join(", ")).into();
        }
    }
    let mut names: Vec<&str> = own.iter().map(|index| at(index).label()).collect();
    names.sort_unstable();
    names.dedup();
    let rest = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{rest}", names.join(", ")).into()
}

/// A class of data that all of these resources have and none of the others, or the other way round.
fn by_data(all: &[Arc<Resource>], own: &[ResourceIx], others: &[ResourceIx]) -> Option<Apart> {
    let has = |index: &ResourceIx, class: &Arc<str>| all[index.position()].data.contains(class);
    let classes = |list: &[ResourceIx]| list.first().map(|first| all[first.position()].data.as_slice()).unwrap_or_default();
    let parts = |class: &&Arc<str>, with: &[ResourceIx], without: &[ResourceIx]| {
        with.iter().all(|index| has(index, class)) && !without.iter().any(|index| has(index, class))
    };
    if let Some(class) = classes(own).iter().find(|class| parts(class, own, others)) {
        return Some(Apart {
            in_id: format!("data {class}"),
            words: format!("{class} data"),
        });
    }
    let class = classes(others).iter().find(|class| parts(class, others, own))?;
    Some(Apart {
        in_id: format!("without data {class}"),
        words: format!("not {class} data"),
    })
}

/// How the ids of duties with this scope end: `@environment;rest`.
pub(super) fn scope_in_id(scope: &Scope) -> String {
    let parts = [('@', &scope.environment), (';', &scope.apart)];
    let told = parts
        .into_iter()
        .filter_map(|(mark, part)| Some(format!("{mark}{}", in_id(part.as_deref()?))));
    told.collect()
}

/// A text as a part of an id: lower-case letters, digits, `-` and `_`.
pub(super) fn in_id(text: &str) -> String {
    let letter = |letter: char| {
        if letter.is_alphanumeric() || letter == '_' {
            letter.to_lowercase().next().unwrap_or(letter)
        } else {
            '-'
        }
    };
    let joined: String = text.chars().map(letter).collect();
    let words: Vec<&str> = joined.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-").chars().take(LONGEST).collect()
}
