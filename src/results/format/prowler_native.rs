//! Prowler's own JSON: a list since version 3, one finding a line in version 2.
//!
//! In: findings. Out: a result each.

use super::fields::{Time, Word};
use super::identity::Named;
use super::items::{self, Layout, Taken};
use super::prowler_csv::{check_in_title, outcome};
use super::sink::{Sink, Told};
use super::{Beginning, Format};
use crate::diagnostics;
use crate::results::Gathered;
use crate::source::Stream;
use serde::Deserialize;

/// The form.
pub(super) struct ProwlerNative;

impl Format for ProwlerNative {
    fn id(&self) -> &'static str {
        "prowler-json"
    }

    fn precedence(&self) -> u16 {
        40
    }

    fn name(&self) -> &'static str {
        "Prowler's JSON"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        ["", "[]."].iter().any(|list| {
            let has = |key: &str| beginning.has(&format!("{list}{key}"));
            has("CheckID") && has("Status") || has("Control ID") && has("Control") && has("Status")
        })
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        items::each(stream, into, Layout::ROOT, &mut |piece, sink| {
            let finding: Finding<'_> = serde_json::from_slice(piece.bytes)?;
            Ok(finding.take(sink))
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Finding<'a> {
    #[serde(rename = "CheckID", borrow)]
    check: Word<'a>,
    #[serde(rename = "Control ID", borrow)]
    number: Word<'a>,
    #[serde(alias = "Control", borrow)]
    check_title: Word<'a>,
    #[serde(borrow)]
    status: Word<'a>,
    #[serde(alias = "Message", borrow)]
    status_extended: Word<'a>,
    #[serde(alias = "Account Number", borrow)]
    account_id: Word<'a>,
    #[serde(borrow)]
    region: Word<'a>,
    #[serde(alias = "Resource ID", borrow)]
    resource_id: Word<'a>,
    #[serde(borrow)]
    resource_arn: Word<'a>,
    #[serde(alias = "Type", borrow)]
    resource_type: Word<'a>,
    #[serde(alias = "Timestamp")]
    assessment_start_time: Time,
}

impl Finding<'_> {
    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        let title = self.check_title.get();
        let (check, title) = match (self.check.get(), title.and_then(check_in_title)) {
            (Some(check), _) => (Some(check), title),
            (None, Some((check, title))) => (Some(check), Some(title)),
            (None, None) => (self.number.get(), title),
        };
        let Some(check) = check else {
            return Taken::No("the finding names no check");
        };
        let Some(outcome) = self.status.get().and_then(outcome) else {
            return Taken::No("the finding does not say how its check came out");
        };
        let arn = self.resource_arn.get().map(Named::of).unwrap_or_default();
        let named = Named {
            name: self.resource_id.get().or(arn.name),
            ..arn
        };
        // Version 2 may name no resource, which does not make the finding one of the account.
        let kind = self.resource_type.get().or(Some("unknown"));
        sink.add(&Told {
            scanner: "prowler",
            check,
            title,
            outcome,
            finding: None,
            about: named.or_account(self.account_id.get()).or(self.region.get(), kind).unless_made_up(),
            at: self.assessment_start_time.0,
            observed: self.status_extended.get(),
        });
        Taken::Yes
    }
}
