//! The forms in which scanners write their results.
//!
//! In: the bytes of a file. Out: its results, one by one. Each scanner's form is one file behind [`Format`].

mod asff;
mod beginning;
mod cfn_nag;
mod checkov;
mod config;
mod fields;
mod identity;
mod items;
mod kics;
mod lines;
mod ocsf;
mod powerpipe;
mod prowler_csv;
mod prowler_native;
mod sarif;
mod scoutsuite;
mod sink;
mod tfsec;
mod trivy;
mod trusted_advisor;

pub use beginning::Beginning;
pub(crate) use config::LIST_OF_RULES;

use super::Gathered;
use crate::diagnostics::Outcome;
use crate::source::Stream;

/// One form of results.
pub trait Format: Sync {
    /// What `from` calls it.
    fn id(&self) -> &'static str;

    /// What it is called in words.
    fn name(&self) -> &'static str;

    /// Whether a file that begins so looks like it, judged by its content.
    fn begins(&self, beginning: &Beginning) -> bool;

    /// Whether the bytes look like it, judged by their content.
    fn recognises(&self, bytes: &[u8]) -> bool {
        self.begins(&Beginning::of(bytes))
    }

    /// Takes the results of a file in, one by one: as it is read, where the form allows that.
    ///
    /// # Errors
    /// What is wrong with the file.
    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> Outcome<()>;
}

/// The first that recognises a file takes it.
pub const FORMATS: &[&dyn Format] = &[
    &ocsf::Ocsf,
    &asff::Asff,
    &prowler_csv::ProwlerCsv,
    &prowler_native::ProwlerNative,
    &config::Config,
    &checkov::Checkov,
    &trivy::Trivy,
    &tfsec::Tfsec,
    &kics::Kics,
    &cfn_nag::CfnNag,
    &sarif::Sarif,
    &powerpipe::Powerpipe,
    &trusted_advisor::TrustedAdvisor,
    &scoutsuite::ScoutSuite,
];

/// The form that the bytes look like.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Option<&'static dyn Format> {
    let beginning = Beginning::of(bytes);
    FORMATS.iter().copied().find(|format| format.begins(&beginning))
}

/// The form that `from` names.
#[must_use]
pub fn named(id: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.id() == id)
}

/// The form of results that a file holds beside resources, by which it is told as an inventory and not as results.
#[must_use]
pub fn beside_resources(bytes: &[u8]) -> Option<&'static dyn Format> {
    config::has_compliance(&Beginning::of(bytes)).then_some(&config::Config)
}
