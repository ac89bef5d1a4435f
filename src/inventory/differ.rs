//! What several sources say of one resource, and where they differ.
//!
//! In: pairs of which one counts. Out: a word for each two files: how many resources they have in common, and in what they say
//! different things, with the place of either.

use super::Resource;
use super::import::Trust;
use super::known::Known;
use crate::catalog::Catalog;
use crate::catalog::predicate::Truth;
use crate::diagnostics::{Code, Diagnostic, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What stood more than once, by the two files.
#[derive(Default)]
pub(super) struct Told {
    pairs: BTreeMap<(Arc<str>, Arc<str>), Pair>,
}

/// The resources that two files, or one file twice, have in common.
#[derive(Default)]
struct Pair {
    count: u64,
    /// How many are said differently, the first of them by name, where either says so, and in what.
    differ: u64,
    first: Option<First>,
    fields: BTreeSet<String>,
}

/// The first resource that two sources say different things of.
struct First {
    label: String,
    kept: Place,
    other: Place,
    /// Why what the one says counts; none where nobody knows which of them does.
    why: Option<&'static str>,
}

impl Told {
    /// Takes in that two say the same resource, of which the first counts where they differ, unless that is open; in what they do.
    pub(super) fn see(&mut self, kept: &Known, other: &Known, is_open: bool, catalog: &Catalog) -> BTreeSet<String> {
        let why = (!is_open).then(|| why(kept, other));
        let (kept, other) = (&kept.resource, &other.resource);
        let pair = self.pairs.entry((kept.place.file.clone(), other.place.file.clone())).or_default();
        pair.count += 1;
        let fields = differences(kept, other, catalog);
        if !fields.is_empty() {
            if pair.first.as_ref().is_none_or(|first| kept.label() < first.label.as_str()) {
                pair.first = Some(First {
                    label: kept.label().to_owned(),
                    kept: kept.place.clone(),
                    other: other.place.clone(),
                    why,
                });
            }
            pair.differ += 1;
            pair.fields.extend(fields.iter().cloned());
        }
        fields
    }

    /// What is worth telling of all of them.
    pub(super) fn diagnostics(self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for ((kept, other), pair) in self.pairs {
            let (resources, are) = if pair.count == 1 {
                ("1 resource stands".to_owned(), "is")
            } else {
                (format!("{} resources stand", pair.count), "are")
            };
            let place = Place::file(other.clone());
            let what = if kept == other {
                format!("{resources} again in `{kept}` and {are} counted once")
            } else {
                format!("{resources} in `{kept}` and in `{other}` and {are} counted once")
            };
            found.push(
                Diagnostic::new(Code::CountedOnce, what)
                    .at(place.clone())
                    .help("they have the same ARN, or the same account, Region, type and id"),
            );
            if let Some(first) = pair.first {
                let list: Vec<String> = pair.fields.iter().take(10).map(|field| format!("`{field}`")).collect();
                let more = if pair.fields.len() > list.len() { " and more" } else { "" };
                let of = match pair.differ {
                    1 => format!("`{}`", first.label),
                    number => format!("{number} resources (the first is `{}`)", first.label),
                };
                let sides = if kept == other {
                    format!("`{kept}` says different things")
                } else {
                    format!("`{kept}` and `{other}` say different things")
                };
                let (label, counts) = match first.why {
                    Some(why) => ("says another, and counts", format!("what `{kept}` says counts, since it {why}")),
                    None => (
                        "says another",
                        "nobody knows which of the two is the later, so that such attributes are unknown".to_owned(),
                    ),
                };
                found.push(
                    Diagnostic::new(Code::SourcesDiffer, format!("{sides} of {of}: {}{more}", list.join(", ")))
                        .at_labelled(first.other, "says one thing")
                        .at_labelled(first.kept, label)
                        .help(format!(
                            "{counts}; whose a resource is, its mode and its data are what people wrote"
                        )),
                );
            }
        }
        found
    }
}

/// Why what the first of two says counts.
fn why(kept: &Known, other: &Known) -> &'static str {
    let (kept, other) = (&kept.age, &other.age);
    match kept.trust {
        Trust::Seen if kept.trust > other.trust => "was seen running",
        Trust::Planned if kept.trust > other.trust => "is what a plan makes of it",
        Trust::Written if kept.trust > other.trust => "is what people wrote",
        _ if kept.trust > other.trust => "is what is deployed from it",
        _ => "is later",
    }
}

/// In what two differ that any rule or any question of the catalog looks at.
fn differences(kept: &Resource, other: &Resource, catalog: &Catalog) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    let texts = [
        ("account", &kept.account, &other.account),
        ("region", &kept.region, &other.region),
        ("mode", &kept.mode, &other.mode),
        ("environment", &kept.environment, &other.environment),
        ("owner", &kept.owner, &other.owner),
    ];
    for (name, one, two) in texts {
        if one.is_some() && two.is_some() && one != two {
            fields.insert(name.to_owned());
        }
    }
    let questions = kept
        .service
        .as_deref()
        .map(|service| catalog.questions(service))
        .unwrap_or_default();
    for question in questions {
        let attribute = question.attribute();
        if !kept.config.contains_key(attribute) || !other.config.contains_key(attribute) {
            continue;
        }
        let answers = (question.answer(&kept.config), question.answer(&other.config));
        // What a type is called differs from source to source.
        if !["kind", "resource_type"].contains(&attribute) && matches!(answers, (Truth::Yes, Truth::No) | (Truth::No, Truth::Yes)) {
            fields.insert(attribute.to_owned());
        }
    }
    fields
}
