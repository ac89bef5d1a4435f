//! Checkov's JSON: a map, a list of maps where several frameworks ran, or counts alone where nothing was found.
//!
//! In: lists of passed, failed and skipped checks. Out: a result each, about an address of Terraform or a logical id.

use super::fields::{Maybe, Word};
use super::identity::{Named, type_of_address, typed_logical_id};
use super::items::{self, Layout, Taken};
use super::sink::{Sink, Told};
use super::{Beginning, Format};
use crate::diagnostics;
use crate::results::{Gathered, Outcome};
use crate::source::Stream;
use serde::Deserialize;

/// The form.
pub(super) struct Checkov;

const LAYOUT: Layout = Layout {
    lists: &["passed_checks", "failed_checks", "skipped_checks", "unknown_checks"],
    within: &["results"],
    // Of a run that found nothing there is no more.
    beside: &["checkov_version"],
    ..Layout::ROOT
};

impl Format for Checkov {
    fn id(&self) -> &'static str {
        "checkov"
    }

    fn precedence(&self) -> u16 {
        60
    }

    fn name(&self) -> &'static str {
        "Checkov's JSON"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        let has = |key: &str| beginning.has(key) || beginning.has(&format!("[].{key}"));
        has("checkov_version")
            || has("check_type") && has("results")
            || has("summary.checkov_version")
            || ["passed_checks", "failed_checks"]
                .iter()
                .any(|list| has(&format!("results.{list}")))
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        items::each(stream, into, LAYOUT, &mut |piece, sink| {
            if piece.under == "checkov_version" {
                return Ok(Taken::Yes);
            }
            let record: Record<'_> = serde_json::from_slice(piece.bytes)?;
            Ok(record.take(piece.under, sink))
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Record<'a> {
    #[serde(borrow)]
    check_id: Word<'a>,
    #[serde(borrow)]
    check_name: Word<'a>,
    #[serde(borrow)]
    check_result: Maybe<Verdict<'a>>,
    #[serde(borrow)]
    resource: Word<'a>,
    #[serde(borrow)]
    resource_address: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Verdict<'a> {
    #[serde(borrow)]
    result: Word<'a>,
}

impl Record<'_> {
    fn take(&self, list: &str, sink: &mut Sink<'_>) -> Taken {
        let Some(check) = self.check_id.get() else {
            return Taken::No("the entry names no check");
        };
        let told = self.check_result.0.as_ref().and_then(|verdict| verdict.result.get());
        let outcome = match (told.unwrap_or_default().to_ascii_uppercase().as_str(), list) {
            ("PASSED", _) | ("", "passed_checks") => Outcome::Passed,
            ("FAILED", _) | ("", "failed_checks") => Outcome::Failed,
            ("SKIPPED", _) | ("", "skipped_checks") => Outcome::Silenced,
            _ => Outcome::NotJudged,
        };
        sink.add(&Told {
            scanner: "checkov",
            check,
            title: self.check_name.get(),
            outcome,
            finding: None,
            about: addressed(self.resource_address.get().or(self.resource.get())),
            at: None,
            observed: None,
        });
        Taken::Yes
    }
}

/// A resource by its address in Terraform, or by its type and logical id in CloudFormation, or by its ARN.
pub(super) fn addressed(text: Option<&str>) -> Named<'_> {
    let Some(text) = text else { return Named::default() };
    let named = Named::of(text);
    if named.arn.is_some() {
        return named;
    }
    if let Some((kind, id)) = typed_logical_id(text) {
        return Named {
            kind: Some(kind),
            address: Some(id),
            ..Named::default()
        };
    }
    Named {
        address: Some(text),
        kind: type_of_address(text),
        ..Named::default()
    }
}
