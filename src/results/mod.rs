//! What scanners say: results of their checks on single resources.
//!
//! In: files as scanners write them, told by their content. Out: [`Results`], one for each check, finding and resource, the
//! worst of what was said last, without anything secret. Which duty a check is about is knowledge of the
//! catalog (`catalog/*/checks`), and which resource is meant is found by the join.

mod collected;
pub mod format;
mod gathered;
mod names;
mod reading;
mod rules;
mod texts;
mod time;

pub(crate) use names::scanner_of_tool;

pub use collected::{MAX_AGE, ResultFile, Results};
pub use gathered::Gathered;
pub use reading::read;

use jiff::Timestamp;
use std::sync::Arc;

/// How a check came out on one resource; the worse is the greater. What was silenced may hide a failure, so that it is worse
/// than a pass: of two verdicts on one resource at one time the pass shows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The scanner looked, and what it asks for is there.
    Passed,
    /// Nothing was judged: to be looked at by hand, not applicable, not enough data, nothing there to be evaluated.
    NotJudged,
    /// Somebody silenced it: muted, suppressed, skipped by a comment. It says nothing.
    Silenced,
    /// The scanner looked, and what it asks for is not there.
    Failed,
}

/// What a result is about, in the scanner's own words; whatever of it the scanner told.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// A whole ARN; never the made-up one of an account-wide check, which has none.
    pub arn: Option<Arc<str>>,
    /// What people or the provider call it: a name or an id, such as `vpc-0a1b2c3d` or `statements`.
    pub name: Option<Arc<str>>,
    /// Its address in Terraform, or its logical id in CloudFormation.
    pub address: Option<Arc<str>>,
    /// Its type, as Terraform, CloudFormation or the scanner spells it.
    pub kind: Option<Arc<str>>,
    /// Twelve digits.
    pub account: Option<Arc<str>>,
    /// The Region; none for what is global.
    pub region: Option<Arc<str>>,
}

impl Target {
    /// Whether it is an account as a whole, perhaps in one Region.
    #[must_use]
    pub fn is_account(&self) -> bool {
        self.account.is_some() && !self.is_named() && self.kind.is_none()
    }

    /// Whether nothing tells what it is, such as a name beside a type `Other`.
    #[must_use]
    pub fn is_untyped(&self) -> bool {
        let is_known = self.kind.as_deref().is_some_and(|kind| !names::is_untyped(kind));
        self.arn.is_none() && !is_known
    }

    /// Whether it says by anything which resource is meant.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.arn.is_some() || self.name.is_some() || self.address.is_some()
    }
}

/// What a scanner says of one check on one resource at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckResult {
    /// Whose check it is: the id of `catalog/*/checks/<id>.yaml`, such as `prowler`, which need not be who wrote the file.
    pub scanner: Arc<str>,
    /// The check's id as its scanner writes it today: `s3_bucket_default_encryption`, `S3.4`, `CKV_AWS_19`.
    pub check: Arc<str>,
    /// What the check is called, without anything secret.
    pub title: Option<Arc<str>>,
    /// Whose finding it is, where a check has several of one resource, as Security Hub has one for each standard: who silences one
    /// has silenced no other.
    pub finding: Option<Arc<str>>,
    /// How it came out.
    pub outcome: Outcome,
    /// Whether the finding is not current any more: it takes the place of what was said of it before, and says nothing.
    pub is_archived: bool,
    /// What it is about; results of many checks share it.
    pub target: Arc<Target>,
    /// When the scanner looked; none where the format does not tell.
    pub at: Option<Timestamp>,
    /// What it saw, in its own words, without anything secret and not longer than a sentence.
    pub observed: Option<Arc<str>>,
    /// What was set for the check where that decides it, such as the days of a rule: sorted names and values.
    pub parameters: Arc<[(Arc<str>, Arc<str>)]>,
}
