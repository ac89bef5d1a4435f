//! What OSCAL's published content calls frameworks.
//!
//! In: the built-in file `oscal.yaml`. Out: addresses of catalogs and profiles, and control ids as OSCAL spells them.

use super::providers::{Known, Provider, Unite};
use indexmap::IndexMap;
use serde::Deserialize;
use std::sync::Arc;

static FILE: Known<OscalFile> = Known::new("oscal");

/// `oscal.yaml`: by framework.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct OscalFile(IndexMap<Arc<str>, OscalFramework>);

impl Unite for OscalFile {
    type File = Self;

    fn add(&mut self, _: Provider, file: Self) {
        self.0.extend(file.0);
    }
}

/// What OSCAL has of one framework.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OscalFramework {
    /// Whether its ids are in small letters.
    #[serde(default)]
    pub lower_case: bool,
    /// The address of its catalog.
    pub catalog: String,
    /// The addresses of profiles, by baseline.
    #[serde(default)]
    pub profiles: IndexMap<Arc<str>, String>,
}

/// What OSCAL has of a framework; none where nobody has published any of it that the catalog knows.
#[must_use]
pub fn published(framework: &str) -> Option<&'static OscalFramework> {
    FILE.get().0.get(framework)
}

/// The frameworks of which OSCAL has something, in the order of the file.
pub fn frameworks() -> impl Iterator<Item = &'static Arc<str>> {
    FILE.get().0.keys()
}

/// A requirement's id as OSCAL spells it: `AC-2(1)` is `ac-2.1`. A token begins with a letter; what does not is put behind the
/// framework's id, as in `pci-dss_8.3.6`.
#[must_use]
pub fn control_id(framework: &str, id: &str) -> String {
    let mut token = String::with_capacity(id.len());
    for letter in id.chars() {
        match letter {
            '(' => token.push('.'),
            ')' => {}
            letter if letter.is_whitespace() => {}
            letter if letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_') => token.push(letter),
            _ => token.push('-'),
        }
    }
    if published(framework).is_some_and(|known| known.lower_case) {
        token = token.to_lowercase();
    }
    if token.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        token
    } else {
        format!("{framework}_{token}")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_those_of_published_content() {
        for (id, expected) in [
            ("AC-2", "ac-2"),
            ("AC-2(1)", "ac-2.1"),
            ("AC-2 (12)", "ac-2.12"),
            ("SI-4(2)", "si-4.2"),
        ] {
            assert_eq!(control_id("nist-800-53", id), expected);
        }
        assert_eq!(control_id("nist-csf", "GV.OC-01"), "GV.OC-01");
        assert_eq!(control_id("pci-dss", "8.3.6"), "pci-dss_8.3.6");
    }

    #[test]
    fn no_two_requirements_of_a_framework_have_one_id_and_all_are_tokens() {
        for framework in Catalog::builtin().unwrap().frameworks.all() {
            let ids: BTreeSet<String> = framework
                .requirements
                .iter()
                .map(|one| control_id(&framework.id, &one.id))
                .collect();
            assert_eq!(ids.len(), framework.requirements.len(), "{}", framework.id);
            let is_token = |id: &String| {
                id.starts_with(|first: char| first.is_alphabetic() || first == '_')
                    && id.chars().all(|letter| letter.is_alphanumeric() || ".-_".contains(letter))
            };
            assert!(ids.iter().all(is_token), "{}", framework.id);
        }
    }

    #[test]
    fn what_the_file_names_exists() {
        let catalog = Catalog::builtin().unwrap();
        for (id, known) in &FILE.get().0 {
            let framework = catalog.frameworks.get(id).unwrap_or_else(|| panic!("{id}"));
            for baseline in known.profiles.keys() {
                assert!(framework.baseline(baseline).is_some(), "{id} has no baseline {baseline}");
            }
        }
    }
}
