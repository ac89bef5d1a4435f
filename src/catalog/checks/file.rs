//! `checks/<scanner>.yaml` as it is written: unvalidated.

use super::super::IndexMap;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt;

/// Which duty each check of a scanner is about.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, schemars(title = "cloudraci checks"))]
pub struct ChecksFile {
    /// The scanner's id, the same as the file's name.
    pub scanner: String,
    /// What people call it; in an overlay only for a scanner that the built-in catalog does not know.
    #[serde(default)]
    pub name: Option<String>,
    /// In an overlay: why it departs from the built-in catalog; printed in the report.
    #[serde(default)]
    pub reason: Option<String>,
    /// By the ids of the checks, as the scanner writes them.
    pub checks: IndexMap<String, CheckFile>,
}

/// What a check is about: one of `duties`, `same_as` and `no_duty`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckFile {
    /// What a verdict says of duties. A bare id: a pass shows the duty done, a failure shows it broken.
    #[serde(default)]
    pub duties: Vec<DutyFile>,
    /// `account` where the verdict is about the account in its Region, and not about the resource that the scanner names.
    #[serde(default)]
    pub on: Option<On>,
    /// How the verdicts of an account are taken together; left out: each result counts for what it names.
    #[serde(default)]
    pub fold: Option<Fold>,
    /// A check of another scanner that tests the same, as `scanner/check`; not one that is `same_as` itself.
    #[serde(default)]
    pub same_as: Option<String>,
    /// With `same_as`: what a pass says at most, `part` or `nothing`, where it may pass what the other check fails.
    #[serde(default)]
    pub passed: Option<Meaning>,
    /// With `same_as`: what a failure says at most, `part` or `nothing`, where it may fail what the other check passes.
    #[serde(default)]
    pub failed: Option<Meaning>,
    /// Why it is about no duty.
    #[serde(default)]
    pub no_duty: Option<NoDuty>,
    /// The reason in a clause, wherever it is not plain from the check's title.
    #[serde(default)]
    pub why: Option<String>,
    /// What its user may set, where that decides the verdict.
    #[serde(default)]
    pub parameters: Vec<String>,
}

/// A duty that a check is about.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(untagged)]
pub enum DutyFile {
    /// The id of the activity.
    Activity(String),
    /// The same with what each verdict says.
    Effect(EffectFile),
}

/// What each verdict says of a duty.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EffectFile {
    /// The id of the activity, as `cloudraci catalog show SERVICE --format json` prints it.
    pub activity: String,
    /// What a pass says; `proves` where left out.
    #[serde(default)]
    pub passed: Option<Meaning>,
    /// What a failure says; `disproves` where left out.
    #[serde(default)]
    pub failed: Option<Meaning>,
    /// Where the resource must run for that, each as `service/mode`.
    #[serde(default)]
    pub modes: Vec<String>,
    /// Where it must not run.
    #[serde(default)]
    pub not_modes: Vec<String>,
    /// Why a verdict says something else than is usual, in a clause.
    #[serde(default)]
    pub why: Option<String>,
}

/// What a verdict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// The resource that the scanner names.
    Resource,
    /// The account, in the Region that the scanner names.
    Account,
}

/// How the verdicts of an account are taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Fold {
    /// Every Region in use must pass.
    Regions,
    /// One that passes suffices; all must fail to break the duty.
    One,
}

/// What a verdict says of a duty on its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// Nothing.
    Nothing,
    /// That a part of it is done or not, or a hint: it is printed, and changes no state.
    Part,
    /// That it is done, all that its sentence says.
    Proves,
    /// That it is not done.
    Disproves,
}

impl Meaning {
    /// The same, unless it says more than may be said.
    pub(super) fn at_most(self, most: Option<Self>) -> Self {
        match most {
            Some(most) if self != Self::Nothing => most,
            _ => self,
        }
    }

    /// What it says, in a clause.
    #[must_use]
    pub fn clause(self) -> &'static str {
        match self {
            Self::Nothing => "says nothing",
            Self::Part => "is a hint",
            Self::Proves => "shows it done",
            Self::Disproves => "shows it not done",
        }
    }
}

/// Why a check is about no duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NoDuty {
    /// It looks for tags.
    Tags,
    /// It is about money.
    Cost,
    /// A fact of the inventory, or a matter of taste.
    Information,
    /// It is about speed.
    Performance,
    /// The provider does it.
    Provider,
    /// It tells how the service is run.
    Mode,
    /// The service or the feature is gone.
    Retired,
    /// It is about another provider.
    Foreign,
    /// It is about the style of a template or a state file.
    Code,
}

impl NoDuty {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Cost => "cost",
            Self::Information => "information",
            Self::Performance => "performance",
            Self::Provider => "provider",
            Self::Mode => "mode",
            Self::Retired => "retired",
            Self::Foreign => "foreign",
            Self::Code => "code",
        }
    }

    /// The same in a clause.
    #[must_use]
    pub fn clause(self) -> &'static str {
        match self {
            Self::Tags => "it looks for tags",
            Self::Cost => "it is about money",
            Self::Information => "it tells a fact, or is a matter of taste",
            Self::Performance => "it is about speed",
            Self::Provider => "the provider sees to that",
            Self::Mode => "it tells how the service is run",
            Self::Retired => "the service or the feature is gone",
            Self::Foreign => "it is about another provider",
            Self::Code => "it is about the style of a template or a state file",
        }
    }
}

impl fmt::Display for NoDuty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
