//! ASFF, the findings of Security Hub and of whoever sends it some, such as Prowler.
//!
//! In: findings in any wrapper: a list, `Findings`, `findings`, an event's `detail`, a recorded answer's `data`, or one a line.
//! Out: a result for each resource of a finding that has a verdict. A control has one id, whichever standard it is reported for.

use super::fields::{Instant, Many, Maybe, Word, squashed};
use super::identity::Named;
use super::items::{self, Layout, Taken};
use super::sink::{OfFinding, RULES, Sink, Told};
use super::{Beginning, Format};
use crate::diagnostics;
use crate::results::{Gathered, Outcome, names};
use crate::source::Stream;
use serde::Deserialize;
use std::sync::Arc;

/// The form.
pub(super) struct Asff;

const LAYOUT: Layout = Layout {
    lists: &["Findings", "findings"],
    within: &["data", "detail", "body", "Payload"],
    ..Layout::ROOT
};

impl Format for Asff {
    fn id(&self) -> &'static str {
        "asff"
    }

    fn precedence(&self) -> u16 {
        20
    }

    fn name(&self) -> &'static str {
        "ASFF (Security Hub, Prowler)"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        let is_item = ["", "[].", "Findings[].", "findings[]."].iter().any(|list| {
            let has = |key: &str| beginning.has(&format!("{list}{key}"));
            has("GeneratorId") || has("AwsAccountId") && has("ProductArn")
        });
        let is_answer = [
            "data.Findings",
            "detail.findings",
            "[].Findings",
            "[].data.Findings",
            "[].detail.findings",
        ]
        .iter()
        .any(|list| beginning.has_within(list));
        // Nothing was found.
        let is_empty = beginning.has_empty("Findings") && !beginning.says("finding_info");
        is_item || is_empty || is_answer && !beginning.says("finding_info")
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        items::each(stream, into, LAYOUT, &mut |piece, sink| {
            let finding: Finding<'_> = serde_json::from_slice(piece.bytes)?;
            Ok(finding.take(sink))
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Finding<'a> {
    #[serde(borrow)]
    generator_id: Word<'a>,
    #[serde(borrow)]
    title: Word<'a>,
    #[serde(borrow)]
    description: Word<'a>,
    #[serde(borrow)]
    aws_account_id: Word<'a>,
    #[serde(borrow)]
    region: Word<'a>,
    #[serde(borrow)]
    product_name: Word<'a>,
    #[serde(borrow)]
    resources: Many<Resource<'a>>,
    #[serde(borrow)]
    compliance: Maybe<Compliance<'a>>,
    #[serde(borrow)]
    workflow: Maybe<Status<'a>>,
    #[serde(borrow)]
    workflow_state: Word<'a>,
    #[serde(borrow)]
    record_state: Word<'a>,
    #[serde(borrow)]
    product_fields: Maybe<ProductFields<'a>>,
    #[serde(borrow)]
    last_observed_at: Instant<'a>,
    #[serde(borrow)]
    updated_at: Instant<'a>,
    #[serde(borrow)]
    created_at: Instant<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Resource<'a> {
    #[serde(borrow)]
    id: Word<'a>,
    #[serde(rename = "Type", borrow)]
    kind: Word<'a>,
    #[serde(borrow)]
    region: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Compliance<'a> {
    #[serde(borrow)]
    status: Word<'a>,
    #[serde(borrow)]
    security_control_id: Word<'a>,
    #[serde(borrow)]
    status_reasons: Many<Reason<'a>>,
    #[serde(borrow)]
    security_control_parameters: Many<Parameter<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Reason<'a> {
    #[serde(borrow)]
    reason_code: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Parameter<'a> {
    #[serde(borrow)]
    name: Word<'a>,
    #[serde(borrow)]
    value: Many<Word<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Status<'a> {
    #[serde(borrow)]
    status: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ProductFields<'a> {
    #[serde(rename = "ProviderName", borrow)]
    provider: Word<'a>,
    #[serde(rename = "aws/securityhub/ProductName", borrow)]
    product: Word<'a>,
    #[serde(rename = "aws/securityhub/annotation", borrow)]
    annotation: Word<'a>,
    #[serde(rename = "ControlId", borrow)]
    control: Word<'a>,
    #[serde(rename = "aws/config/ConfigRuleName", borrow)]
    rule: Word<'a>,
}

impl<'a> Finding<'a> {
    fn fields(&self) -> Option<&ProductFields<'a>> {
        self.product_fields.0.as_ref()
    }

    fn is_prowlers(&self) -> bool {
        let provider = self.fields().is_some_and(|fields| fields.provider.is("Prowler"));
        provider || self.generator_id.0.starts_with("prowler-")
    }

    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        let Some(generator) = self.generator_id.get() else {
            return Taken::No("the entry is no finding of ASFF");
        };
        let Some(compliance) = &self.compliance.0 else {
            // Threats and vulnerabilities have no verdict.
            sink.leave_out();
            return Taken::Yes;
        };
        let Some(status) = compliance.status.get() else {
            sink.leave_out();
            return Taken::Yes;
        };
        if self.is_prowlers() {
            let check = generator.strip_prefix("prowler-").unwrap_or(generator);
            self.add(
                sink,
                "prowler",
                check,
                self.outcome(compliance, status, true),
                self.description.get(),
            );
            return Taken::Yes;
        }
        let outcome = self.outcome(compliance, status, false);
        let annotation = self.fields().and_then(|fields| fields.annotation.get());
        let told = || compliance.security_control_id.get().map(str::to_owned);
        let field = || names::control(self.fields()?.control.get()?);
        if let Some(control) = told().or_else(|| names::control(generator)).or_else(field) {
            self.add(sink, "securityhub", &control, outcome, annotation);
        } else if let Some(rule) = self.rule() {
            self.add(sink, RULES, rule, outcome, annotation);
        } else {
            let product = self.fields().and_then(|fields| fields.product.get()).or(self.product_name.get());
            self.add(sink, &squashed(product.unwrap_or("unknown")), generator, outcome, annotation);
        }
        Taken::Yes
    }

    /// The name of the rule of AWS Config that made it.
    fn rule(&self) -> Option<&str> {
        let named = self.fields().and_then(|fields| fields.rule.get());
        let product = self.fields().map_or("", |fields| &fields.product.0);
        named.or_else(|| product.eq_ignore_ascii_case("config").then(|| self.title.get())?)
    }

    fn outcome(&self, compliance: &Compliance<'_>, status: &str, is_prowlers: bool) -> Outcome {
        let workflow = self.workflow.0.as_ref().map_or(&self.workflow_state, |workflow| &workflow.status);
        let reasons = &compliance.status_reasons.0;
        // A pass needs no reason: what gives one tells why it did not look.
        let is_empty = reasons.iter().any(|reason| reason.reason_code.get().is_some());
        if workflow.is("SUPPRESSED") {
            return Outcome::Silenced;
        }
        match status.to_ascii_uppercase().as_str() {
            "PASSED" if is_empty => Outcome::NotJudged,
            "PASSED" => Outcome::Passed,
            // Whoever resolved it says so; the scanner has not looked again. What passes is resolved by itself.
            "FAILED" if workflow.is("RESOLVED") => Outcome::Silenced,
            "FAILED" => Outcome::Failed,
            // So Prowler writes what is muted; for others it is a verdict that could not be found in full.
            "WARNING" if is_prowlers => Outcome::Silenced,
            _ => Outcome::NotJudged,
        }
    }

    fn add(&self, sink: &mut Sink<'_>, scanner: &str, check: &str, outcome: Outcome, observed: Option<&str>) {
        let title = self.title.get();
        let title = title.map(|title| title.strip_prefix(check).map_or(title, str::trim_start));
        let mut parameters: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        for parameter in self
            .compliance
            .0
            .iter()
            .flat_map(|compliance| &compliance.security_control_parameters.0)
        {
            let value: Vec<&str> = parameter.value.0.iter().filter_map(Word::get).collect();
            parameters.extend(sink.parameter(&parameter.name.0, &value.join(",")));
        }
        parameters.sort();
        parameters.dedup_by(|one, other| one.0 == other.0);
        // Each standard that a control belongs to has a finding of its own, of the same generator on all days.
        let is_archived = self.record_state.is("ARCHIVED");
        let finding = Some(OfFinding {
            generator: self.generator_id.get().filter(|_| !self.is_prowlers()),
            is_archived,
        });
        // A scanner looks no more at what it has archived: that is as old as the record's last change.
        let times = if is_archived {
            [self.updated_at, self.last_observed_at, self.created_at]
        } else {
            [self.last_observed_at, self.updated_at, self.created_at]
        };
        let mut add = |about: Named<'_>| {
            let told = Told {
                scanner,
                check,
                title,
                outcome,
                finding,
                about: about.or_account(self.aws_account_id.get()).or(self.region.get(), None),
                at: times.into_iter().find_map(Instant::get),
                observed,
            };
            if scanner == RULES {
                sink.add_of_rule(&told, check);
            } else {
                sink.add_with(&told, &parameters);
            }
        };
        for resource in &self.resources.0 {
            let named = Named::of(&resource.id.0);
            let kind = resource.kind.get();
            let is_account = named.arn.is_none() && named.name.is_none() && named.account.is_some();
            let about = named
                .or(resource.region.get(), kind.filter(|_| !is_account))
                .or_account(self.aws_account_id.get());
            add(about.unless_made_up());
        }
        if self.resources.0.is_empty() {
            // Of what is not told, and not of the account.
            add(Named {
                kind: Some("unknown"),
                ..Named::default()
            });
        }
    }
}
