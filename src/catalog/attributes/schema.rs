//! The names that the sources' own schemas know: for telling a misspelt key from one that the catalog does not need.
//!
//! In: a resource type and a dotted path. Out: whether the schema has it, and the names beside it. The tables are those of
//! each provider's `schema/`, a line a type, and are inflated only when an undeclared key is met, and when a catalog is checked.

use super::super::builtin;
use super::super::lookup::at_or_before;
use super::super::pattern::letters;
use super::super::providers::{Known, Provider, Unite};
use super::super::spelling::snake_case;
use super::Origin;

static TERRAFORM: Known<Tables> = Known::new("schema/terraform");

/// Of templates; what every resource of one may say stands under [`EVERY`].
static TEMPLATES: Known<Tables> = Known::new("schema/cloudformation");

/// A table for each provider that has one, the base's first. They are texts, and no JSON.
#[derive(Debug, Default)]
struct Tables(Vec<String>);

impl Unite for Tables {
    type File = String;

    fn add(&mut self, _: Provider, table: String) {
        self.0.push(table);
    }

    fn embedded(name: &str) -> String {
        builtin::whole(name)
    }
}

/// What stands for every type.
const EVERY: &str = "*";

/// The names on one level of a type: its attributes, or those of a block; each with what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Names(&'static str);

impl Names {
    /// The attributes of a Terraform type; none where the schema does not know it.
    #[must_use]
    pub fn of(kind: &str) -> Option<Self> {
        found(&TERRAFORM, kind)
    }

    /// The attributes of a type in the spelling of the source that writes types so; none where its schema does not know it.
    #[must_use]
    pub fn spelt(kind: &str) -> Option<Self> {
        found(tables(kind), kind).filter(|_| kind != EVERY)
    }

    /// What every resource of a source may say, as one of these types is.
    #[must_use]
    pub fn of_every(kind: &str) -> Option<Self> {
        let table = table_of(kind)?;
        let (known, names) = table.lines().next()?.split_once('\t')?;
        (known == EVERY).then_some(Self(names))
    }

    /// All types that Terraform's schema knows.
    pub fn types() -> impl Iterator<Item = &'static str> {
        Self::types_like("")
    }

    /// All types that the schema knows of the source that writes types as this one is written.
    pub fn types_like(kind: &str) -> impl Iterator<Item = &'static str> + use<> {
        let tables: &'static [String] = &tables(kind).get().0;
        tables.iter().flat_map(|table| types_of(table))
    }

    /// What a dotted path leads to, however its names are spelt: the level below it, where the schema has it.
    #[must_use]
    pub fn at(self, path: &str) -> Option<Self> {
        path.split('.').try_fold(self, |level, step| {
            let step = snake_case(step);
            let found = level.iter().find(|(known, _)| snake_case(known) == step);
            // What is in maps and documents nobody knows.
            found.map(|(_, inner)| inner).or_else(|| level.is_empty().then_some(level))
        })
    }

    /// The schema's own spelling of a dotted path, where nothing but letters and digits counts: `CloudWatchLogs` of
    /// `cloudwatch_logs`.
    #[must_use]
    pub fn alike(self, path: &str) -> Option<String> {
        let mut level = self;
        let mut spelt = Vec::new();
        for step in path.split('.') {
            let step = letters(step);
            let (name, inner) = level.iter().find(|(known, _)| letters(known) == step)?;
            spelt.push(name);
            level = inner;
        }
        Some(spelt.join("."))
    }

    /// Whether types that are called so are the schema's: what it does not know of them does not exist.
    #[must_use]
    pub fn cover(kind: &str) -> bool {
        table_of(kind).is_some_and(|table| is_covered(table, kind))
    }

    /// Whether a dotted path leads to a name.
    #[must_use]
    pub fn has(self, path: &str) -> bool {
        let mut level = self;
        path.split('.').all(|step| match level.within(step) {
            // What is in maps and documents nobody knows.
            Some(inner) => {
                level = inner;
                true
            }
            None => level.is_empty(),
        })
    }

    /// All names of this level.
    pub fn iter(self) -> impl Iterator<Item = (&'static str, Self)> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            rest = rest.trim_start();
            let end = memchr::memchr2(b' ', b'{', rest.as_bytes()).unwrap_or(rest.len());
            let (name, behind) = rest.split_at_checked(end)?;
            if name.is_empty() {
                return None;
            }
            let inner = match behind.strip_prefix('{') {
                Some(inner) => {
                    let close = closing(inner);
                    rest = inner.get(close + 1..).unwrap_or_default();
                    inner.get(..close).unwrap_or_default()
                }
                None => {
                    rest = behind;
                    ""
                }
            };
            Some((name, Self(inner)))
        })
    }

    /// What is in the name of this level; an empty level is one of a value, or of a block that nothing is known of.
    ///
    /// The name is searched for by its letters: every key of an inventory is asked for, and most levels have many names.
    #[must_use]
    pub fn within(self, name: &str) -> Option<Self> {
        if name.is_empty() || name.contains([' ', '{', '}']) {
            return None;
        }
        let (mut depth, mut counted) = (0_usize, 0);
        for at in memchr::memmem::find_iter(self.0.as_bytes(), name) {
            let (before, behind) = (self.0.get(counted..at)?, self.0.get(at + name.len()..)?);
            for bracket in memchr::memchr2_iter(b'{', b'}', before.as_bytes()) {
                depth = if before.as_bytes()[bracket] == b'{' {
                    depth + 1
                } else {
                    depth.saturating_sub(1)
                };
            }
            counted = at;
            let begins = at == 0 || matches!(self.0.as_bytes()[at - 1], b' ' | b'}');
            if depth > 0 || !begins {
                continue;
            }
            match behind.strip_prefix('{') {
                Some(inner) => return Some(Self(inner.get(..closing(inner)).unwrap_or_default())),
                None if behind.is_empty() || behind.starts_with(' ') => return Some(Self("")),
                None => {}
            }
        }
        None
    }

    /// Whether nothing is known of this level.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// The tables of the source that writes types so.
fn tables(kind: &str) -> &'static Known<Tables> {
    match Origin::of_type(kind) {
        Origin::Terraform => &TERRAFORM,
        Origin::CloudFormation | Origin::Config => &TEMPLATES,
    }
}

/// The names of a type in the table that has it.
fn found(tables: &'static Known<Tables>, kind: &str) -> Option<Names> {
    tables.get().0.iter().find_map(|table| {
        let (known, names) = at_or_before(table, kind)?;
        (known == kind).then_some(Names(names))
    })
}

/// The table whose types are called so; the base's, where none is.
fn table_of(kind: &str) -> Option<&'static str> {
    let all = &tables(kind).get().0;
    let own = all.iter().find(|table| is_covered(table, kind));
    own.or_else(|| all.first()).map(String::as_str)
}

/// Whether a table has types that are called as one is: it begins with the letters that all types of its source begin with.
fn is_covered(table: &'static str, kind: &str) -> bool {
    let begin = |kind: &str| kind.split(['_', ':']).next().map(str::to_owned);
    types_of(table).next().is_some_and(|known| begin(known) == begin(kind))
}

/// The types of a table.
fn types_of(table: &'static str) -> impl Iterator<Item = &'static str> {
    let types = table.lines().filter_map(|line| Some(line.split_once('\t')?.0));
    types.filter(|kind| *kind != EVERY)
}

/// Where a block ends.
fn closing(inner: &str) -> usize {
    let mut depth = 0_usize;
    // Of the bytes between brackets nothing is asked, and they are most.
    for at in memchr::memchr2_iter(b'{', b'}', inner.as_bytes()) {
        match (inner.as_bytes()[at], depth) {
            (b'{', _) => depth += 1,
            (_, 0) => return at,
            _ => depth -= 1,
        }
    }
    inner.len()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_table() {
        let instance = Names::of("aws_instance").unwrap();
        assert!(
            instance
                .within("metadata_options")
                .unwrap()
                .within("http_tokens")
                .unwrap()
                .is_empty()
        );
        assert!(instance.within("metadata_option").is_none() && Names::of("aws_instances").is_none());
        let words = |text: &str| text.split([' ', '{', '}']).filter(|word| !word.is_empty()).count();
        fn count(names: Names) -> usize {
            let each = names.iter().map(|(name, inner)| {
                assert_eq!(names.within(name).unwrap().0, inner.0, "{name}");
                let shorter = name.get(..name.len() - 1).unwrap_or_default();
                let is_name = names.iter().any(|(other, _)| other == shorter);
                assert_eq!(names.within(shorter).is_some(), is_name, "{shorter}");
                1 + count(inner)
            });
            each.sum()
        }
        let mut before = "";
        for line in TERRAFORM.get().0[0].lines().chain(TEMPLATES.get().0[0].lines()) {
            let (kind, names) = line.split_once('\t').unwrap();
            assert!(before < kind || kind == EVERY, "{kind}");
            before = kind;
            if kind != EVERY {
                assert_eq!(count(Names::spelt(kind).unwrap()), words(names), "{kind}");
            }
        }
    }
}
