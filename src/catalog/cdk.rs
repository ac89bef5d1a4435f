//! What a program that writes templates adds to them for itself.
//!
//! In: the metadata, the path or the logical id of something in a template. Out: whether it is a helper of the program's own
//! constructs, and nothing that people asked for.

use super::providers::{Known, Provider, Unite};
use serde::Deserialize;

/// `cdk.yaml`: how helpers are told.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HelpersFile {
    /// What the metadata of a helper begins with.
    marks: Vec<String>,
    /// Elements of paths.
    constructs: Vec<String>,
    /// Logical ids.
    ids: Vec<String>,
}

static FILE: Known<HelpersFile> = Known::new("cdk");

impl Unite for HelpersFile {
    type File = Self;

    fn add(&mut self, _: Provider, file: Self) {
        self.marks.extend(file.marks);
        self.constructs.extend(file.constructs);
        self.ids.extend(file.ids);
    }
}

/// Whether an entry of metadata says that what has it is a helper.
pub(crate) fn is_mark(metadata: &str) -> bool {
    FILE.get().marks.iter().any(|mark| metadata.starts_with(mark.as_str()))
}

/// Whether a construct of this path is a helper, or a part of one.
pub(crate) fn is_helper_at(path: &str) -> bool {
    let constructs = &FILE.get().constructs;
    path.split('/').any(|part| constructs.iter().any(|pattern| fits(pattern, part)))
}

/// Whether a logical id is one that only helpers have.
pub(crate) fn is_helper_id(id: &str) -> bool {
    FILE.get().ids.iter().any(|pattern| fits(pattern, id))
}

/// Whether a name fits a pattern with stars for any letters.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(found) = rest.find(part) {
            rest = &rest[found + part.len()..];
            last = Some(part);
        } else {
            return false;
        }
    }
    match last {
        // Without a star the whole was to be the same; a pattern that ends in one takes whatever follows.
        None => rest.is_empty(),
        Some(last) => last.is_empty() || name.ends_with(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_what_its_stars_stand_for() {
        for (pattern, name, is) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "ab", true),
            ("a*c", "abc", true),
            ("a*c", "abcd", false),
            ("a*c", "acbc", true),
            ("a*c*", "abcd", true),
            ("*c", "c", true),
            ("a*c", "b", false),
        ] {
            assert_eq!(fits(pattern, name), is, "{pattern} {name}");
        }
    }

    #[test]
    fn helpers_are_told_by_their_path_and_by_their_id() {
        assert!(is_helper_at("Shop/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler"));
        assert!(is_helper_at("Shop/Waiter/framework-onEvent/Resource"));
        assert!(!is_helper_at("Shop/Custom/Handler") && !is_helper_at("Shop/Orders/Resource"));
        assert!(is_helper_id("CustomS3AutoDeleteObjectsCustomResourceProviderHandler9D90184F"));
        assert!(!is_helper_id("CustomHandler9D90184F"));
        assert!(is_mark("aws:cdk:is-custom-resource-handler-singleton") && !is_mark("aws:cdk:logicalId"));
    }
}
