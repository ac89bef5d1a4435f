//! Identifiers that are the same tomorrow: UUIDs of version 5 from names.
//!
//! In: what a thing is called. Out: its UUID. No two lists of names give one name.

use serde::Serialize;
use std::fmt::Write as _;
use uuid::Uuid;

/// The version of OSCAL that the documents are written in.
pub const VERSION: &str = "1.2.3";

/// Whose the properties are that OSCAL does not know.
pub const NAMESPACE: &str = "urn:cloudraci:oscal";

/// Whose the properties are that OSCAL knows.
pub(super) const OSCAL: &str = "http://csrc.nist.gov/ns/oscal";

/// What stands in a document's own UUID before that is known.
pub(super) const NONE: &str = "00000000-0000-5000-8000-000000000000";

/// What the names of some documents begin with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names(Uuid);

impl Names {
    /// A beginning.
    pub(super) fn of(parts: &[&str]) -> Self {
        let root = Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes());
        Self(Uuid::new_v5(&root, name(parts).as_bytes()))
    }

    /// The UUID of a thing of some kind.
    pub(super) fn uuid(&self, kind: &str, parts: &[&str]) -> String {
        let own = format!("{}{}", name(&[kind]), name(parts));
        Uuid::new_v5(&self.0, own.as_bytes()).to_string()
    }

    /// The UUID of a document, which changes whenever anything in it does.
    pub(super) fn document(&self, kind: &str, document: &impl Serialize) -> String {
        let text = serde_json::to_string(document).unwrap_or_default();
        self.uuid(kind, &[&text])
    }
}

/// Parts as one text, each behind its length.
fn name(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        let _ = write!(text, "{}:{part}", part.len());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_and_are_the_same_tomorrow() {
        let names = Names::of(&["system", "Example Shop Ltd", "shop"]);
        assert_ne!(names.uuid("duty", &["a", "bc"]), names.uuid("duty", &["ab", "c"]));
        assert_ne!(names.uuid("duty", &["a"]), names.uuid("component", &["a"]));
        assert_ne!(
            names.uuid("duty", &["a"]),
            Names::of(&["system", "Example Shop Ltds", "hop"]).uuid("duty", &["a"])
        );
        assert_eq!(names.uuid("duty", &["a"]), "3dfc09d5-c9cf-5eb5-ae31-7f1458d2cb83");
        assert_eq!(names.uuid("duty", &["a"]).as_bytes()[14], b'5');
    }
}
