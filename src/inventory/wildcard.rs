//! Patterns of names: `*` stands for any letters, none included.
//!
//! In: a pattern and a name. Out: whether the name is meant.

use std::fmt;
use std::sync::Arc;

/// A pattern of names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wildcard {
    /// What is compared.
    pattern: Arc<str>,
    /// Where its first star stands. Most have none, and are compared with every duty.
    star: Option<usize>,
    /// What is printed for it: under redaction, a pseudonym.
    pub shown: Arc<str>,
}

/// Tells what is printed alone, since ids are made of it.
impl fmt::Debug for Wildcard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown, f)
    }
}

impl Wildcard {
    /// A pattern that is printed as it is.
    #[must_use]
    pub fn new(pattern: &str) -> Self {
        Self {
            pattern: pattern.into(),
            star: pattern.find('*'),
            shown: pattern.into(),
        }
    }

    /// As it was written.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether it has no star, and takes nothing but what is called so.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.star.is_none()
    }

    /// Whether it takes a name, letter by letter.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        match self.star {
            None => *self.pattern == *name,
            Some(_) => takes(&self.pattern, name),
        }
    }

    /// The same, letter case aside.
    #[must_use]
    pub fn takes_in_any_case(&self, name: &str) -> bool {
        takes(&self.pattern.to_ascii_lowercase(), &name.to_ascii_lowercase())
    }
}

/// Each piece between two stars is taken at its first place, which leaves most for those behind it; so the time grows with
/// the length of the pattern times that of the name, whatever they are.
fn takes(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(first) else {
        return false;
    };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*').filter(|piece| !piece.is_empty()) {
        match name.find(piece) {
            Some(at) => name = &name[at + piece.len()..],
            None => return false,
        }
    }
    name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name, is_taken) in [
            ("ledger", "ledger", true),
            ("ledger", "Ledger", false),
            ("ledger", "ledger-1", false),
            ("ledger*", "ledger", true),
            ("ledger*", "ledger-1", true),
            ("*-1", "ledger-1", true),
            ("*", "", true),
            ("**", "anything", true),
            ("l*r*1", "ledger-1", true),
            ("l*r*1", "ledger", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("*ab*ab*", "xab", false),
            ("*ab*ab*", "abab", true),
            (
                "arn:aws:rds:*:111122223333:db:*",
                "arn:aws:rds:eu-west-1:111122223333:db:ledger",
                true,
            ),
            ("ü*ß", "üß", true),
            ("", "", true),
        ] {
            assert_eq!(Wildcard::new(pattern).takes(name), is_taken, "{pattern} {name}");
        }
        assert!(Wildcard::new("AWS::RDS::*").takes_in_any_case("aws::rds::dbinstance"));
    }
}
