//! JSON of Powerpipe and Steampipe: controls in groups; a control that several groups have is repeated.
//!
//! In: trees of groups, one a benchmark. Out: a result for each resource of a control.

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
pub(super) struct Powerpipe;

const LAYOUT: Layout = Layout {
    lists: &["controls"],
    within: &["groups"],
    beside: &["group_id"],
    ..Layout::ROOT
};

impl Format for Powerpipe {
    fn id(&self) -> &'static str {
        "powerpipe"
    }

    fn precedence(&self) -> u16 {
        120
    }

    fn name(&self) -> &'static str {
        "JSON of Powerpipe and Steampipe"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        let has = |key: &str| beginning.has(key) || beginning.has(&format!("[].{key}"));
        has("groups") && has("controls") || has("group_id") && (has("controls") || has("groups"))
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        items::each(stream, into, LAYOUT, &mut |piece, sink| {
            if piece.under == "group_id" {
                return Ok(Taken::Yes);
            }
            let control: Control<'_> = serde_json::from_slice(piece.bytes)?;
            Ok(control.take(sink))
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Control<'a> {
    #[serde(borrow)]
    control_id: Word<'a>,
    #[serde(borrow)]
    title: Word<'a>,
    #[serde(borrow)]
    results: Many<Row<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Row<'a> {
    #[serde(borrow)]
    status: Word<'a>,
    #[serde(borrow)]
    reason: Word<'a>,
    #[serde(borrow)]
    resource: Word<'a>,
    #[serde(borrow)]
    dimensions: Many<Dimension<'a>>,
}

/// A key and its value, or all of them in one map.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Dimension<'a> {
    #[serde(borrow)]
    key: Word<'a>,
    #[serde(borrow)]
    value: Word<'a>,
    #[serde(borrow)]
    account_id: Word<'a>,
    #[serde(borrow)]
    region: Word<'a>,
}

impl Control<'_> {
    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        let Some(id) = self.control_id.get() else {
            return Taken::No("the control has no id");
        };
        let check = id.rsplit_once("control.").map_or(id, |(_, check)| check);
        for row in &self.results.0 {
            let dimension = |key: &str| row.dimensions.0.iter().find(|one| one.key.is(key)).and_then(|one| one.value.get());
            let account = dimension("account_id").or_else(|| row.dimensions.0.iter().find_map(|one| one.account_id.get()));
            let region = dimension("region").or_else(|| row.dimensions.0.iter().find_map(|one| one.region.get()));
            let outcome = match row.status.get().unwrap_or_default() {
                "ok" => Outcome::Passed,
                "alarm" => Outcome::Failed,
                // Not applicable, for information, or not to be found out.
                _ => Outcome::NotJudged,
            };
            let named = row.resource.get().map(Named::of).unwrap_or_default();
            let kind = (named.arn.is_none() && named.name.is_none() && named.account.is_none()).then_some("unknown");
            sink.add(&Told {
                scanner: "powerpipe",
                check,
                title: self.title.get(),
                outcome,
                finding: None,
                about: named.or_account(account).or(region, kind).unless_made_up(),
                at: None,
                observed: row.reason.get(),
            });
        }
        sink.understood();
        Taken::Yes
    }
}
