//! Trusted Advisor: results of checks with rows of cells, and what the columns of the rows are called.
//!
//! In: answers of `describe-trusted-advisor-check-result` and `describe-trusted-advisor-checks`. Out: a result for each
//! resource that is flagged. Which cell names the resource, another file may say.

use super::fields::{Many, Time, Word};
use super::identity::{Named, is_whole};
use super::items::{self, Layout, Taken};
use super::sink::{Sink, Told};
use super::{Beginning, Format};
use crate::diagnostics;
use crate::results::rules::Advice;
use crate::results::{Gathered, Outcome};
use crate::source::Stream;
use serde::Deserialize;

/// The form.
pub(super) struct TrustedAdvisor;

const LAYOUT: Layout = Layout {
    lists: &["result", "checks"],
    within: &["data"],
    ..Layout::ROOT
};

impl Format for TrustedAdvisor {
    fn id(&self) -> &'static str {
        "trusted-advisor"
    }

    fn precedence(&self) -> u16 {
        130
    }

    fn name(&self) -> &'static str {
        "Trusted Advisor"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        ["", "[].", "data."].iter().any(|wrapper| {
            let has = |key: &str| beginning.has(&format!("{wrapper}{key}"));
            has("result.checkId")
                || has("checks[].metadata") && has("checks[].category")
                || has("result") && beginning.says("\"flaggedResources\"")
                || has("checks") && beginning.says("\"cost_optimizing\"")
        })
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        items::each(stream, into, LAYOUT, &mut |piece, sink| {
            if piece.under == "checks" {
                return Ok(serde_json::from_slice::<Check<'_>>(piece.bytes)?.take(sink));
            }
            Ok(serde_json::from_slice::<Found<'_>>(piece.bytes)?.take(sink))
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Check<'a> {
    #[serde(borrow)]
    id: Word<'a>,
    #[serde(borrow)]
    name: Word<'a>,
    #[serde(borrow)]
    metadata: Many<Word<'a>>,
}

impl Check<'_> {
    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        let texts = &mut sink.into.texts;
        let Some(id) = self.id.get().and_then(|id| texts.name(id)) else {
            return Taken::No("the check has no id");
        };
        let advice = Advice {
            title: self.name.get().and_then(|name| texts.title(name)),
            columns: self
                .metadata
                .0
                .iter()
                .map(|column| texts.name(&column.0).unwrap_or_default())
                .collect(),
        };
        sink.into.known.add_advice(id, advice);
        sink.understood();
        Taken::Yes
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Found<'a> {
    #[serde(borrow)]
    check_id: Word<'a>,
    timestamp: Time,
    #[serde(borrow)]
    flagged_resources: Many<Flagged<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Flagged<'a> {
    #[serde(borrow)]
    status: Word<'a>,
    #[serde(borrow)]
    region: Word<'a>,
    #[serde(borrow)]
    is_suppressed: Word<'a>,
    #[serde(borrow)]
    metadata: Many<Word<'a>>,
}

impl Found<'_> {
    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        let Some(check) = self.check_id.get() else {
            return Taken::No("the result names no check");
        };
        for resource in &self.flagged_resources.0 {
            let outcome = match resource.status.get().unwrap_or_default() {
                _ if resource.is_suppressed.is("true") => Outcome::Silenced,
                "ok" => Outcome::Passed,
                "warning" | "error" => Outcome::Failed,
                _ => Outcome::NotJudged,
            };
            let cells: Vec<&str> = resource.metadata.0.iter().map(|cell| cell.get().unwrap_or_default()).collect();
            let told = Told {
                scanner: "trusted-advisor",
                check,
                title: None,
                outcome,
                finding: None,
                about: Named {
                    arn: cells.iter().copied().find(|cell| is_whole(cell)),
                    // What names the resource otherwise is opaque.
                    kind: Some("unknown"),
                    region: resource.region.get(),
                    ..Named::default()
                },
                at: self.timestamp.0,
                observed: None,
            };
            sink.add_row(&told, &cells);
        }
        sink.understood();
        Taken::Yes
    }
}
