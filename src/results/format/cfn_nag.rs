//! cfn-nag's JSON: violations of rules in templates.
//!
//! In: files with violations. Out: a result for each logical id.

use super::fields::{Many, Word};
use super::identity::Named;
use super::items::{self, Layout, Taken};
use super::sink::{Sink, Told};
use super::{Beginning, Format};
use crate::diagnostics;
use crate::results::{Gathered, Outcome};
use crate::source::Stream;
use serde::Deserialize;

/// The form.
pub(super) struct CfnNag;

const LAYOUT: Layout = Layout {
    lists: &["violations"],
    within: &["file_results"],
    beside: &["failure_count"],
    ..Layout::ROOT
};

impl Format for CfnNag {
    fn id(&self) -> &'static str {
        "cfn-nag"
    }

    fn precedence(&self) -> u16 {
        100
    }

    fn name(&self) -> &'static str {
        "cfn-nag's JSON"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        let has = |key: &str| beginning.has(key) || beginning.has(&format!("[].{key}"));
        has("file_results.violations") || has("failure_count") && has("violations")
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        items::each(stream, into, LAYOUT, &mut |piece, sink| {
            if piece.under == "failure_count" {
                return Ok(Taken::Yes);
            }
            let violation: Violation<'_> = serde_json::from_slice(piece.bytes)?;
            Ok(violation.take(sink))
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Violation<'a> {
    #[serde(borrow)]
    id: Word<'a>,
    #[serde(rename = "type", borrow)]
    kind: Word<'a>,
    #[serde(borrow)]
    message: Word<'a>,
    #[serde(borrow)]
    logical_resource_ids: Many<Word<'a>>,
}

impl Violation<'_> {
    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        let Some(check) = self.id.get() else {
            return Taken::No("the violation names no rule");
        };
        let outcome = if self.kind.is("FAIL") || self.kind.is("WARN") || self.kind.get().is_none() {
            Outcome::Failed
        } else {
            Outcome::NotJudged
        };
        let mut add = |address: Option<&str>| {
            sink.add(&Told {
                scanner: "cfn-nag",
                check,
                title: self.message.get(),
                outcome,
                finding: None,
                about: Named {
                    address,
                    ..Named::default()
                },
                at: None,
                observed: None,
            });
        };
        if self.logical_resource_ids.0.is_empty() {
            add(None);
        }
        for id in &self.logical_resource_ids.0 {
            add(id.get());
        }
        Taken::Yes
    }
}
