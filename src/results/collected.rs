//! All results that a run has, file by file.
//!
//! In: files that were read. Out: [`Results`], which the join chooses from: which of two results counts depends on the
//! report's date, and that is not known here.

use super::{CheckResult, Target};
use crate::source::Seal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days after which a result attests nothing, where nobody says another number.
pub const MAX_AGE: u32 = 30;

/// What one file of results says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultFile {
    /// As the user named it.
    pub path: Arc<str>,
    /// What its form is called.
    pub format: &'static str,
    /// What was read of it, where that was asked for.
    pub seal: Option<Seal>,
    /// Days after which its results attest nothing.
    pub max_age: u32,
    /// How many results were read, those that speak of the same thing included.
    pub read: u64,
    /// One for each check, finding and resource, sorted.
    pub results: Vec<CheckResult>,
}

/// All files of results, sorted by their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Results {
    /// The files.
    pub files: Vec<ResultFile>,
    /// What is printed in the place of what results are about; none where nothing is withheld.
    pub pseudonyms: Option<Arc<BTreeMap<String, String>>>,
}

impl Results {
    /// Whether there are none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Every result.
    pub fn all(&self) -> impl Iterator<Item = &CheckResult> {
        self.files.iter().flat_map(|file| &file.results)
    }

    /// What people call what a result is about.
    #[must_use]
    pub fn label(&self, target: &Target) -> Arc<str> {
        let Some(label) = target.label() else {
            return "the account".into();
        };
        match &self.pseudonyms {
            Some(names) => names.get(label).map_or("withheld", String::as_str).into(),
            None => label.into(),
        }
    }
}

impl Target {
    /// The shortest of what it is called: its name, its address, its ARN, its type where it has no name. None for an account.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        let named = self.name.as_deref().or(self.address.as_deref()).or(self.arn.as_deref());
        named.or(self.kind.as_deref())
    }
}
