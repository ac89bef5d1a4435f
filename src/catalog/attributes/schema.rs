//! The names that the provider's own schema knows: for telling a misspelt key from one that the catalog does not need.
//!
//! In: a resource type and a dotted path. Out: whether the schema has it, and the names beside it. The table lies in the
//! program as it is in `catalog/aws/schema/terraform.txt`, a line a type, and is looked at only when an undeclared key is met.

use super::super::lookup::at_or_before;

const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/catalog/aws/schema/terraform.txt"));

/// The names on one level of a type: its attributes, or those of a block; each with what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Names(&'static str);

impl Names {
    /// The attributes of a Terraform type; none where the schema does not know it.
    #[must_use]
    pub fn of(kind: &str) -> Option<Self> {
        let (known, names) = at_or_before(TABLE, kind)?;
        (known == kind).then_some(Self(names))
    }

    /// All types that it knows.
    pub fn types() -> impl Iterator<Item = &'static str> {
        TABLE.lines().filter_map(|line| Some(line.split_once('\t')?.0))
    }

    /// Whether types that are called so are the schema's: what it does not know of them does not exist.
    #[must_use]
    pub fn cover(kind: &str) -> bool {
        let word = |text: &'_ str| text.split('_').next().map(str::to_owned);
        word(TABLE) == word(kind)
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
    #[must_use]
    pub fn within(self, name: &str) -> Option<Self> {
        self.iter().find(|(known, _)| *known == name).map(|(_, inner)| inner)
    }

    /// Whether nothing is known of this level.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
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
            names.iter().map(|(_, inner)| 1 + count(inner)).sum()
        }
        let mut before = "";
        for line in TABLE.lines() {
            let (kind, names) = line.split_once('\t').unwrap();
            assert!(before < kind, "{kind}");
            before = kind;
            assert_eq!(count(Names::of(kind).unwrap()), words(names), "{kind}");
        }
    }
}
