//! One part of a predicate.
//!
//! In: attributes. Out: whether the part holds, as a condition or as an attestation.

use super::asked::{Asked, Looks};
use super::reach::{blocks, reach};
use super::value::Test;
use super::{Attributes, Predicate, Truth};
use jiff::civil::Date;
use serde_json::Value;

/// Of how many of the blocks that a path leads through something must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// Of one at least.
    Any,
    /// Of all of them.
    Every,
}

impl Over {
    fn decide(self, truths: impl Iterator<Item = Truth>) -> Truth {
        match self {
            Self::Any => Truth::any(truths),
            Self::Every => Truth::all(truths),
        }
    }
}

/// What is asked about: a condition or an attestation, on which day, and whether within a negation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    attests: bool,
    negated: bool,
    day: Option<Date>,
}

impl Scope {
    pub(super) fn condition(day: Option<Date>) -> Self {
        Self {
            attests: false,
            negated: false,
            day,
        }
    }

    pub(super) fn attestation(day: Option<Date>) -> Self {
        Self {
            attests: true,
            negated: false,
            day,
        }
    }

    pub(super) fn day(self) -> Option<Date> {
        self.day
    }

    fn negation(self) -> Self {
        Self {
            negated: !self.negated,
            ..self
        }
    }

    /// What holds of a path that does not say it.
    fn over(self) -> Over {
        if self.attests && !self.negated { Over::Every } else { Over::Any }
    }
}

/// Which blocks must satisfy a predicate of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocks {
    /// At least one.
    Some,
    /// All, and there is one.
    Each,
    /// Not one.
    No,
}

/// One part of a predicate.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// A test of what a path leads to.
    Attribute {
        path: Vec<String>,
        over: Option<Over>,
        test: Test,
    },
    /// A predicate over each of the blocks that a path leads to.
    Blocks {
        path: Vec<String>,
        which: Blocks,
        predicate: Predicate,
    },
    /// A range of numbers, both ends included, that holds one of a list.
    Covers {
        from: String,
        to: String,
        numbers: Vec<f64>,
    },
    Any(Vec<Predicate>),
    All(Vec<Predicate>),
    None(Vec<Predicate>),
}

impl Part {
    /// Whether it asks whose a key is.
    pub(super) fn asks_for_a_key(&self) -> bool {
        let any = |all: &[Part]| all.iter().any(Self::asks_for_a_key);
        match self {
            Self::Attribute { test, .. } => test.asks_for_a_key(),
            Self::Blocks { predicate, .. } => any(&predicate.0),
            Self::Covers { .. } => false,
            Self::Any(all) | Self::All(all) | Self::None(all) => all.iter().any(|predicate| any(&predicate.0)),
        }
    }

    pub(super) fn decide(&self, attributes: &Attributes, scope: Scope) -> Truth {
        let inner = |predicates: &[Predicate], over: Over, scope: Scope| {
            over.decide(predicates.iter().map(|predicate| predicate.decide(attributes, scope)))
        };
        match self {
            Self::Attribute { path, over, test } => {
                let found = reach(attributes, path);
                if found.is_empty() {
                    return Truth::Unknown;
                }
                let over = over.unwrap_or_else(|| scope.over());
                over.decide(
                    found
                        .into_iter()
                        .map(|value| value.map_or(Truth::Unknown, |value| test.holds(value, scope.day))),
                )
            }
            Self::Blocks { path, which, predicate } => decide_blocks(attributes, path, *which, predicate, scope),
            Self::Covers { from, to, numbers } => covers(attributes.get(from), attributes.get(to), numbers),
            Self::Any(predicates) => inner(predicates, Over::Any, scope),
            Self::All(predicates) => inner(predicates, Over::Every, scope),
            Self::None(predicates) => inner(predicates, Over::Any, scope.negation()).not(),
        }
    }

    pub(super) fn depends_on_day(&self) -> bool {
        match self {
            Self::Attribute { test, .. } => !test.dated().is_empty(),
            Self::Blocks { predicate, .. } => predicate.depends_on_day(),
            Self::Covers { .. } => false,
            Self::Any(all) | Self::All(all) | Self::None(all) => all.iter().any(Predicate::depends_on_day),
        }
    }

    /// The paths of policies in whose text it looks for something.
    pub(super) fn searched_policies(&self, paths: &mut Vec<String>) {
        match self {
            Self::Attribute { path, test, .. } => {
                if test.searches_text() && path.last().is_some_and(|name| is_document(name)) {
                    paths.push(path.join("."));
                }
            }
            Self::Blocks { predicate, .. } => paths.extend(predicate.searched_policies()),
            Self::Covers { .. } => {}
            Self::Any(all) | Self::All(all) | Self::None(all) => paths.extend(all.iter().flat_map(Predicate::searched_policies)),
        }
    }

    /// The paths that it looks at, below `prefix`.
    pub(super) fn collect(&self, prefix: &str, paths: &mut Vec<String>) {
        match self {
            Self::Attribute { path, .. } => paths.push(format!("{prefix}{}", path.join("."))),
            Self::Blocks { path, predicate, .. } => {
                let prefix = format!("{prefix}{}.", path.join("."));
                predicate.0.iter().for_each(|part| part.collect(&prefix, paths));
            }
            Self::Covers { from, to, .. } => paths.extend([from, to].map(|name| format!("{prefix}{name}"))),
            Self::Any(all) | Self::All(all) | Self::None(all) => {
                all.iter()
                    .flat_map(|predicate| &predicate.0)
                    .for_each(|part| part.collect(prefix, paths));
            }
        }
    }

    /// The paths below `prefix` that it asks to be set, whatever stands there.
    pub(super) fn add_asked_to_be_set(&self, prefix: &str, negated: bool, paths: &mut Vec<String>) {
        match self {
            Self::Attribute { path, test, .. } => {
                if test.asks_that_it_is_set(negated) {
                    paths.push(format!("{prefix}{}", path.join(".")));
                }
            }
            Self::Blocks { path, which, predicate } => {
                let prefix = format!("{prefix}{}.", path.join("."));
                let negated = negated != (*which == Blocks::No);
                predicate
                    .0
                    .iter()
                    .for_each(|part| part.add_asked_to_be_set(&prefix, negated, paths));
            }
            Self::Covers { .. } => {}
            Self::Any(all) | Self::All(all) | Self::None(all) => {
                let negated = negated != matches!(self, Self::None(_));
                let parts = all.iter().flat_map(|predicate| &predicate.0);
                parts.for_each(|part| part.add_asked_to_be_set(prefix, negated, paths));
            }
        }
    }

    /// Adds all that it looks at, below `prefix`.
    pub(super) fn add_asked(&self, prefix: &[String], found: &mut Vec<Asked>) {
        let below = |path: &[String]| [prefix, path].concat();
        match self {
            Self::Attribute { path, test, .. } => found.push(Asked {
                path: below(path),
                looks: test.looks(),
            }),
            Self::Blocks { path, predicate, .. } => {
                let path = below(path);
                predicate.0.iter().for_each(|part| part.add_asked(&path, found));
                found.push(Asked {
                    path,
                    looks: Looks::Presence,
                });
            }
            Self::Covers { from, to, .. } => found.extend([from, to].map(|name| Asked {
                path: below(std::slice::from_ref(name)),
                looks: Looks::Value,
            })),
            Self::Any(all) | Self::All(all) | Self::None(all) => {
                let parts = all.iter().flat_map(|predicate| &predicate.0);
                parts.for_each(|part| part.add_asked(prefix, found));
            }
        }
    }

    /// The predicates over the blocks called `name`, directly below one of some roots or in the blocks of one.
    pub(super) fn below<'p>(&'p self, roots: &[&str], name: &str, found: &mut Vec<&'p Predicate>) {
        match self {
            Self::Blocks { path, predicate, .. } => match path.as_slice() {
                [root, last] if roots.contains(&root.as_str()) && last == name => found.push(predicate),
                [root] if roots.contains(&root.as_str()) => {
                    for part in &predicate.0 {
                        if let Self::Blocks { path, predicate, .. } = part
                            && matches!(path.as_slice(), [last] if last == name)
                        {
                            found.push(predicate);
                        }
                    }
                }
                _ => {}
            },
            Self::Any(all) | Self::All(all) | Self::None(all) => {
                let parts = all.iter().flat_map(|predicate| &predicate.0);
                parts.for_each(|part| part.below(roots, name, found));
            }
            Self::Attribute { .. } | Self::Covers { .. } => {}
        }
    }

    pub(super) fn words(&self) -> String {
        let join = |inner: &[Predicate], with: &str| inner.iter().map(Predicate::words_within).collect::<Vec<_>>().join(with);
        match self {
            Self::Attribute { path, over, test } => {
                let blocks = match over {
                    Some(Over::Any) => "some ",
                    Some(Over::Every) => "each ",
                    None => "",
                };
                format!("{blocks}`{}` {}", path.join("."), test.words())
            }
            Self::Blocks { path, which, predicate } => {
                let which = match which {
                    Blocks::Some => "some",
                    Blocks::Each => "each",
                    Blocks::No => "no",
                };
                format!("in {which} `{}`, {}", path.join("."), predicate.words())
            }
            Self::Covers { from, to, numbers } => {
                let numbers: Vec<String> = numbers.iter().map(|number| format!("`{number}`")).collect();
                format!("the range from `{from}` to `{to}` holds {}", numbers.join(" or "))
            }
            Self::Any(inner) => format!("({})", join(inner, " or ")),
            Self::All(inner) => join(inner, " and "),
            Self::None(inner) => format!("not ({})", join(inner, " or ")),
        }
    }
}

/// Whether an attribute of this name holds a policy in the policy language, and not the name of one.
fn is_document(name: &str) -> bool {
    name == "policy"
        || ["role_policy", "resource_policy", "access_policy"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Whether blocks satisfy a predicate of their own. Where there are no blocks, `each` shows nothing: what does not exist
/// is not done.
fn decide_blocks(attributes: &Attributes, path: &[String], which: Blocks, predicate: &Predicate, scope: Scope) -> Truth {
    let found = reach(attributes, path);
    let Some(blocks) = blocks(&found).filter(|_| !found.is_empty()) else {
        return Truth::Unknown;
    };
    match which {
        Blocks::Each if blocks.is_empty() => Truth::Unknown,
        Blocks::Each => Truth::all(blocks.into_iter().map(|block| predicate.decide(block, scope))),
        Blocks::Some => Truth::any(blocks.into_iter().map(|block| predicate.decide(block, scope))),
        Blocks::No => Truth::any(blocks.into_iter().map(|block| predicate.decide(block, scope.negation()))).not(),
    }
}

/// Whether a range holds one of some numbers. A range whose ends are both unset, or that begins at -1, is the range of
/// everything; of a range of which one end is not told, or that ends before it begins, nothing is known.
fn covers(from: Option<&Value>, to: Option<&Value>, numbers: &[f64]) -> Truth {
    let (Some(from), Some(to)) = (from, to) else {
        return Truth::Unknown;
    };
    if from.is_null() && to.is_null() {
        return Truth::Yes;
    }
    let (Some(from), Some(to)) = (super::value::number(from), super::value::number(to)) else {
        return Truth::Unknown;
    };
    if from > to {
        return Truth::Unknown;
    }
    (from < 0.0 || numbers.iter().any(|number| (from..=to).contains(number))).into()
}
