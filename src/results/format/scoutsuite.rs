//! ScoutSuite's results: JavaScript, in which JSON is assigned to a name.
//!
//! In: services with their findings. Out: a result for each path of an item that is flagged, and one for all items where none
//! is. An item is known by its key in ScoutSuite's tree, which may be the resource's id.

use super::fields::{Many, Time, Word};
use super::identity::Named;
use super::items::{self, End, Reader};
use super::sink::{Sink, Told};
use super::{Beginning, Format};
use crate::diagnostics;
use crate::results::{Gathered, Outcome};
use crate::source::Stream;
use crate::source::pieces::{Shape, Walk as _};
use jiff::Timestamp;
use serde::Deserialize;

/// The form.
pub(super) struct ScoutSuite;

impl Format for ScoutSuite {
    fn id(&self) -> &'static str {
        "scoutsuite"
    }

    fn precedence(&self) -> u16 {
        140
    }

    fn name(&self) -> &'static str {
        "ScoutSuite"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        beginning.first_line().starts_with("scoutsuite_results")
            || beginning.has("services") && beginning.has("last_run") && beginning.has("provider_code")
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        let mut sink = Sink::new(into, &stream.file, &stream.place);
        items::walk(stream, &mut sink, &mut document)?;
        sink.finish()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LastRun {
    time: Time,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Finding<'a> {
    #[serde(borrow)]
    checked_items: Word<'a>,
    #[serde(borrow)]
    flagged_items: Word<'a>,
    #[serde(borrow)]
    description: Word<'a>,
    #[serde(borrow)]
    items: Many<Word<'a>>,
    #[serde(borrow)]
    path: Word<'a>,
    #[serde(borrow)]
    display_path: Word<'a>,
}

/// What holds of the whole run.
#[derive(Default)]
struct Run {
    account: Option<String>,
    at: Option<Timestamp>,
}

fn document(walk: &mut Reader<'_>, sink: &mut Sink<'_>) -> Result<(), End> {
    let file = sink.file.clone();
    let mut run = Run::default();
    if walk.shape()? != Shape::Map {
        let at = walk.reader().position();
        sink.broken(Some(at), "the entry is no map of results");
        walk.skip()?;
        return Ok(());
    }
    walk.enter()?;
    while let Some(key) = walk.key()? {
        let shape = walk.shape()?;
        match (key.as_str(), shape) {
            ("account_id", _) => run.account = items::taken::<String>(walk, &file)?,
            ("last_run", Shape::Map) => run.at = items::taken::<LastRun>(walk, &file)?.and_then(|last| last.time.0),
            ("services", Shape::Map) => {
                walk.enter()?;
                while walk.key()?.is_some() {
                    service(walk, sink, &run)?;
                }
            }
            _ => walk.skip()?,
        }
    }
    Ok(())
}

fn service(walk: &mut Reader<'_>, sink: &mut Sink<'_>, run: &Run) -> Result<(), End> {
    if walk.shape()? != Shape::Map {
        walk.skip()?;
        return Ok(());
    }
    walk.enter()?;
    while let Some(key) = walk.key()? {
        if key != "findings" || walk.shape()? != Shape::Map {
            walk.skip()?;
            continue;
        }
        walk.enter()?;
        while let Some(check) = walk.key()? {
            let at = walk.reader().position();
            let range = walk.reader().value()?;
            match serde_json::from_slice::<Finding<'_>>(walk.reader().bytes(&range)) {
                Ok(finding) => finding.take(&check, sink, run),
                Err(error) if error.classify() == serde_json::error::Category::Data => {
                    sink.broken(Some(at), "a key stands twice in the entry");
                }
                Err(error) => return Err(items::broken(at, &error, &sink.file)),
            }
        }
    }
    Ok(())
}

impl Finding<'_> {
    fn take(&self, check: &str, sink: &mut Sink<'_>, run: &Run) {
        let number = |word: &Word<'_>| word.get().and_then(|text| text.parse::<u64>().ok());
        let (checked, flagged) = (number(&self.checked_items), number(&self.flagged_items));
        let template = self.display_path.get().or(self.path.get()).unwrap_or("unknown");
        let mut add = |outcome: Outcome, name: Option<&str>, region: Option<&str>| {
            sink.add(&Told {
                scanner: "scoutsuite",
                check,
                title: self.description.get(),
                outcome,
                finding: None,
                about: Named {
                    name,
                    kind: Some(template),
                    account: run.account.as_deref(),
                    region,
                    ..Named::default()
                },
                at: run.at,
                observed: None,
            });
        };
        match (checked, flagged) {
            (Some(1..), Some(0)) => add(Outcome::Passed, None, None),
            (_, Some(1..)) if self.items.0.is_empty() => add(Outcome::Failed, None, None),
            (_, Some(1..)) => {
                for item in &self.items.0 {
                    let (name, region) = of_path(template, &item.0);
                    add(Outcome::Failed, name, region);
                }
            }
            _ => add(Outcome::NotJudged, None, None),
        }
    }
}

/// The key of an item's resource, and its Region: `sg-1` of `ec2.regions.REGION.vpcs.vpc-1.security_groups.sg-1.rules`.
fn of_path<'p>(template: &str, path: &'p str) -> (Option<&'p str>, Option<&'p str>) {
    let (mut name, mut region, mut before) = (None, None, "");
    for (word, step) in template.split('.').zip(path.split('.')) {
        if word == "id" && before == "regions" {
            region = Some(step);
        } else if word == "id" {
            name = Some(step);
        }
        before = word;
    }
    (name.or(region), region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_keys() {
        for (template, path, found) in [
            ("s3.buckets.id", "s3.buckets.52fc02.logging", (Some("52fc02"), None)),
            (
                "ec2.regions.id.vpcs.id.security_groups.id.rules",
                "ec2.regions.eu-west-1.vpcs.vpc-1.security_groups.sg-1.rules",
                (Some("sg-1"), Some("eu-west-1")),
            ),
            (
                "cloudtrail.regions.id",
                "cloudtrail.regions.eu-west-1",
                (Some("eu-west-1"), Some("eu-west-1")),
            ),
            ("iam", "iam.x", (None, None)),
        ] {
            assert_eq!(of_path(template, path), found);
        }
    }
}
