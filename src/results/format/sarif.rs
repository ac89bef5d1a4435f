//! SARIF of Checkov, Trivy, tfsec and KICS: failures only, by file and line.
//!
//! In: runs with results. Out: a result each, about nothing that is named: a file and a line are no resource. Entries of other kinds than
//! checks are counted.

use super::fields::{Many, Maybe, Word};
use super::identity::Named;
use super::items::{self, End, Reader};
use super::sink::{Sink, Told};
use super::{Beginning, Format, tfsec, trivy};
use crate::diagnostics;
use crate::results::{Gathered, Outcome, names};
use crate::source::Stream;
use crate::source::pieces::{Shape, Walk as _};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The form.
pub(super) struct Sarif;

impl Format for Sarif {
    fn id(&self) -> &'static str {
        "sarif"
    }

    fn precedence(&self) -> u16 {
        110
    }

    fn name(&self) -> &'static str {
        "SARIF (Checkov, Trivy, tfsec, KICS)"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        beginning.has("runs[].tool") || beginning.has("runs[].results") || beginning.has("runs") && beginning.has("$schema")
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        let mut sink = Sink::new(into, &stream.file, &stream.place);
        items::walk(stream, &mut sink, &mut document)?;
        sink.finish()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tool {
    driver: Driver,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Driver {
    name: String,
    rules: Vec<Rule>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rule {
    id: String,
    name: String,
    #[serde(rename = "shortDescription")]
    short: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Text {
    text: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Found<'a> {
    #[serde(borrow)]
    rule_id: Word<'a>,
    #[serde(borrow)]
    rule: Maybe<RuleOf<'a>>,
    #[serde(borrow)]
    kind: Word<'a>,
    #[serde(borrow)]
    suppressions: Many<Suppression<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RuleOf<'a> {
    #[serde(borrow)]
    id: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Suppression<'a> {
    #[serde(borrow)]
    status: Word<'a>,
}

/// What a run says beside its results.
#[derive(Default)]
struct Run {
    scanner: Option<&'static str>,
    titles: BTreeMap<String, String>,
    /// Rules that are no checks of a configuration.
    others: BTreeSet<String>,
    /// Rules and how they came out, where the tool is named behind the results.
    waiting: Vec<(String, Outcome)>,
    is_named: bool,
}

fn document(walk: &mut Reader<'_>, sink: &mut Sink<'_>) -> Result<(), End> {
    if walk.shape()? != Shape::Map {
        let at = walk.reader().position();
        sink.broken(Some(at), "the entry is no log of SARIF");
        walk.skip()?;
        return Ok(());
    }
    walk.enter()?;
    while let Some(key) = walk.key()? {
        if key != "runs" || walk.shape()? != Shape::List {
            walk.skip()?;
            continue;
        }
        walk.enter()?;
        while walk.item()? {
            if walk.shape()? == Shape::Map {
                run(walk, sink)?;
            } else {
                walk.skip()?;
            }
        }
    }
    Ok(())
}

fn run(walk: &mut Reader<'_>, sink: &mut Sink<'_>) -> Result<(), End> {
    let file = sink.file.clone();
    let begins = walk.reader().position();
    let mut run = Run::default();
    walk.enter()?;
    while let Some(key) = walk.key()? {
        match (key.as_str(), walk.shape()?) {
            ("tool", _) => {
                let at = walk.reader().position();
                match items::taken::<Tool>(walk, &file)? {
                    Some(tool) => run.name(tool.driver, at, sink),
                    None => sink.broken(Some(at), "the run does not name its tool"),
                }
            }
            ("results", Shape::List) => {
                walk.enter()?;
                while walk.item()? {
                    let at = walk.reader().position();
                    let range = walk.reader().value()?;
                    match serde_json::from_slice::<Found<'_>>(walk.reader().bytes(&range)) {
                        Ok(found) => run.take(&found, at, sink),
                        Err(error) if error.classify() == serde_json::error::Category::Data => {
                            sink.broken(Some(at), "the entry is no result of SARIF");
                        }
                        Err(error) => return Err(items::broken(at, &error, &file)),
                    }
                }
            }
            _ => walk.skip()?,
        }
    }
    if !run.is_named {
        sink.broken(Some(begins), "the run does not name its tool");
    }
    sink.understood();
    Ok(())
}

impl Run {
    fn name(&mut self, driver: Driver, at: (usize, usize), sink: &mut Sink<'_>) {
        self.is_named = true;
        let squashed = super::fields::squashed(&driver.name);
        self.scanner = names::scanner_of_tool(&squashed);
        if self.scanner.is_none() {
            sink.broken(Some(at), format!("`{}` is no tool whose checks are known", driver.name));
        }
        for rule in driver.rules {
            let kind = rule.name.to_ascii_lowercase();
            if ["vulnerability", "secret", "license"].iter().any(|other| kind.ends_with(other)) {
                self.others.insert(rule.id.clone());
            }
            let title = if rule.short.text.is_empty() { rule.name } else { rule.short.text };
            self.titles.insert(rule.id, title);
        }
        for (rule, outcome) in std::mem::take(&mut self.waiting) {
            self.add(&rule, outcome, sink);
        }
    }

    fn take(&mut self, found: &Found<'_>, at: (usize, usize), sink: &mut Sink<'_>) {
        let rule = found.rule_id.get().or_else(|| found.rule.0.as_ref().and_then(|rule| rule.id.get()));
        let Some(rule) = rule else {
            sink.broken(Some(at), "the result names no rule");
            return;
        };
        let is_silenced = found
            .suppressions
            .0
            .iter()
            .any(|one| !one.status.is("rejected") && !one.status.is("underReview"));
        let outcome = match found.kind.get() {
            _ if is_silenced => Outcome::Silenced,
            None | Some("fail") => Outcome::Failed,
            Some("pass") => Outcome::Passed,
            Some(_) => Outcome::NotJudged,
        };
        if self.is_named {
            self.add(rule, outcome, sink);
        } else {
            self.waiting.push((rule.to_owned(), outcome));
        }
    }

    fn add(&self, rule: &str, outcome: Outcome, sink: &mut Sink<'_>) {
        let is_vulnerability = ["CVE-", "GHSA-"].iter().any(|begin| rule.starts_with(begin));
        let scanner = match self.scanner {
            Some(scanner) if !is_vulnerability && !self.others.contains(rule) => scanner,
            _ => {
                sink.leave_out();
                return;
            }
        };
        let (scanner, check) = match scanner {
            "tfsec" => tfsec::check(rule).unwrap_or((scanner, rule)),
            "trivy" => (scanner, trivy::check(rule)),
            _ => (scanner, rule),
        };
        sink.add(&Told {
            scanner,
            check,
            title: self.titles.get(rule).map(String::as_str),
            outcome,
            finding: None,
            about: Named::default(),
            at: None,
            observed: None,
        });
    }
}
