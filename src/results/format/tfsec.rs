//! tfsec's JSON. It ended as a part of Trivy, which kept its checks under ids of its own.
//!
//! In: results. Out: a result each, about an address, which older versions name in their sentence only.

use super::checkov::addressed;
use super::fields::Word;
use super::items::{self, Layout, Taken};
use super::sink::{Sink, Told};
use super::{Beginning, Format, trivy};
use crate::diagnostics;
use crate::results::{Gathered, Outcome};
use crate::source::Stream;
use serde::Deserialize;

/// The form.
pub(super) struct Tfsec;

const LAYOUT: Layout = Layout {
    lists: &["results"],
    ..Layout::ROOT
};

impl Format for Tfsec {
    fn id(&self) -> &'static str {
        "tfsec"
    }

    fn precedence(&self) -> u16 {
        80
    }

    fn name(&self) -> &'static str {
        "tfsec's JSON"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        beginning.has("results[].rule_id") && (beginning.has("results[].rule_description") || beginning.has("results[].long_id"))
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        items::each(stream, into, LAYOUT, &mut |piece, sink| {
            let found: Found<'_> = serde_json::from_slice(piece.bytes)?;
            Ok(found.take(sink))
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found<'a> {
    #[serde(borrow)]
    rule_id: Word<'a>,
    #[serde(borrow)]
    long_id: Word<'a>,
    #[serde(borrow)]
    rule_description: Word<'a>,
    #[serde(borrow)]
    description: Word<'a>,
    #[serde(borrow)]
    status: Word<'a>,
    #[serde(borrow)]
    resource: Word<'a>,
}

impl Found<'_> {
    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        let Some(id) = self.long_id.get().or(self.rule_id.get()) else {
            return Taken::No("the entry names no rule");
        };
        let Some((scanner, check)) = check(id) else {
            return Taken::No("the entry names no rule");
        };
        // Later versions write a number.
        let outcome = match self.status.get().unwrap_or("failed") {
            "failed" | "0" => Outcome::Failed,
            "passed" | "1" => Outcome::Passed,
            "ignored" | "2" => Outcome::Silenced,
            _ => Outcome::NotJudged,
        };
        let address = self.resource.get().map(str::to_owned).or_else(|| address(&self.description.0));
        sink.add(&Told {
            scanner,
            check,
            title: self.rule_description.get(),
            outcome,
            finding: None,
            about: addressed(address.as_deref()),
            at: None,
            observed: self.description.get(),
        });
        Taken::Yes
    }
}

/// Whose check an id is: a long one is tfsec's, a short one stands for Trivy's.
pub(super) fn check(id: &str) -> Option<(&'static str, &str)> {
    let short = trivy::check(id);
    if short.is_empty() {
        None
    } else if id.starts_with(trivy::OLD) {
        Some(("trivy", short))
    } else {
        Some(("tfsec", id))
    }
}

/// The address in the sentence of older versions: `Resource 'module.a:aws_x.y[0]' defines ...`.
fn address(sentence: &str) -> Option<String> {
    let (address, _) = sentence.strip_prefix("Resource '")?.split_once("' ")?;
    // Colons in brackets are a key's.
    let mut is_key = false;
    let letters = address.chars().map(|letter| {
        match letter {
            '[' => is_key = true,
            ']' => is_key = false,
            ':' if !is_key => return '.',
            _ => {}
        }
        letter
    });
    Some(letters.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_versions_name_the_address_in_a_sentence() {
        for (sentence, found) in [
            (
                "Resource 'module.NET:aws_network_acl_rule.in[0]' defines a rule",
                Some("module.NET.aws_network_acl_rule.in[0]"),
            ),
            (
                "Resource 'module.A:module.lc[\"a:b\"]:aws_x_y.this' is",
                Some("module.A.module.lc[\"a:b\"].aws_x_y.this"),
            ),
            ("Bucket has no logging", None),
            ("Resource 'x", None),
        ] {
            assert_eq!(address(sentence).as_deref(), found, "{sentence}");
        }
    }
}
