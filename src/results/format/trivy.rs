//! Trivy's JSON: misconfigurations; vulnerabilities, secrets and licences beside them are no checks.
//!
//! In: results of targets with lists of misconfigurations. Out: a result each, about an address, a logical id or an ARN.

use super::checkov::addressed;
use super::fields::{Maybe, Word};
use super::items::{self, Layout, Taken};
use super::sink::{Sink, Told};
use super::{Beginning, Format};
use crate::diagnostics;
use crate::results::{Gathered, Outcome, names};
use crate::source::Stream;
use serde::Deserialize;

/// The form.
pub(super) struct Trivy;

/// Lists of what is no check.
const OTHERS: &[&str] = &["Vulnerabilities", "Secrets", "Licenses"];
/// What was silenced, of any kind.
const SILENCED: &str = "ExperimentalModifiedFindings";

const LAYOUT: Layout = Layout {
    lists: &[
        "Misconfigurations",
        "Vulnerabilities",
        "Secrets",
        "Licenses",
        "ExperimentalModifiedFindings",
    ],
    within: &["Results", "Resources"],
    beside: &["ArtifactName"],
    ..Layout::ROOT
};

impl Format for Trivy {
    fn id(&self) -> &'static str {
        "trivy"
    }

    fn precedence(&self) -> u16 {
        70
    }

    fn name(&self) -> &'static str {
        "Trivy's JSON"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        let has = |key: &str| beginning.has(key) || beginning.has(&format!("[].{key}"));
        has("ArtifactName") && (has("SchemaVersion") || has("Results"))
            || has("Results[].Misconfigurations")
            || has("Results[].MisconfSummary")
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        items::each(stream, into, LAYOUT, &mut |piece, sink| {
            if piece.under == "ArtifactName" {
                return Ok(Taken::Yes);
            }
            if OTHERS.contains(&piece.under) {
                sink.leave_out();
                return Ok(Taken::Yes);
            }
            if piece.under == SILENCED {
                let silenced: Silenced<'_> = serde_json::from_slice(piece.bytes)?;
                return Ok(silenced.take(sink));
            }
            let found: Misconfiguration<'_> = serde_json::from_slice(piece.bytes)?;
            Ok(found.take(sink, None))
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Misconfiguration<'a> {
    #[serde(rename = "ID", borrow)]
    id: Word<'a>,
    #[serde(rename = "AVDID", borrow)]
    whole_id: Word<'a>,
    #[serde(borrow)]
    title: Word<'a>,
    #[serde(borrow)]
    message: Word<'a>,
    #[serde(borrow)]
    status: Word<'a>,
    #[serde(borrow)]
    cause_metadata: Maybe<Cause<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Cause<'a> {
    #[serde(borrow)]
    resource: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Silenced<'a> {
    #[serde(rename = "Type", borrow)]
    kind: Word<'a>,
    #[serde(borrow)]
    finding: Maybe<Misconfiguration<'a>>,
}

/// What ids of old begin with.
pub(super) const OLD: &str = "AVD-";

/// The id of a check as it is written today.
pub(super) fn check(id: &str) -> &str {
    match id.strip_prefix(OLD) {
        Some(today) if !names::is_apart("trivy", id) => today,
        _ => id,
    }
}

impl Misconfiguration<'_> {
    fn take(&self, sink: &mut Sink<'_>, silenced: Option<Outcome>) -> Taken {
        // Beside today's spelling the old one may be told all the same.
        let is_today = |id: &&str| self.whole_id.get().is_some_and(|whole| whole.strip_prefix(OLD) == Some(*id));
        let today = self.id.get().filter(is_today);
        let Some(id) = today.or(self.whole_id.get()).or(self.id.get()) else {
            return Taken::No("the misconfiguration names no check");
        };
        let told = match self.status.get().unwrap_or_default().to_ascii_uppercase().as_str() {
            "FAIL" => Outcome::Failed,
            "PASS" => Outcome::Passed,
            "EXCEPTION" => Outcome::Silenced,
            _ if silenced.is_some() => Outcome::Silenced,
            _ => return Taken::No("the misconfiguration does not say how its check came out"),
        };
        let resource = self.cause_metadata.0.as_ref().and_then(|cause| cause.resource.get());
        sink.add(&Told {
            scanner: "trivy",
            check: check(id),
            title: self.title.get(),
            outcome: silenced.unwrap_or(told),
            finding: None,
            about: addressed(resource),
            at: None,
            observed: self.message.get(),
        });
        Taken::Yes
    }
}

impl Silenced<'_> {
    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        match &self.finding.0 {
            Some(finding) if self.kind.is("misconfiguration") => finding.take(sink, Some(Outcome::Silenced)),
            _ => {
                sink.leave_out();
                Taken::Yes
            }
        }
    }
}
