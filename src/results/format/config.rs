//! AWS Config's compliance: what the `*-compliance-*` commands answer, events, and compliance items in snapshots.
//!
//! In: evaluations, compliance by rule, rules with what they are, and items. Out: a result for each rule and resource. Which managed rule a
//! user's rule is, another file may say.

use super::compliance;
use super::fields::{Instant, Maybe, Word};
use super::identity::Named;
use super::items::{self, Layout, Taken};
use super::sink::{RULES, Sink, Told};
use super::{Beginning, Format};
use crate::catalog::Arn;
use crate::diagnostics::{self, Code, Diagnostic, Place};
use crate::results::rules::Rule;
use crate::results::{Gathered, Outcome};
use crate::source::Stream;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

/// The form.
pub(super) struct Config;

const EVALUATIONS: &[&str] = &[
    "EvaluationResults",
    "AggregateEvaluationResults",
    "newEvaluationResult",
    "Evaluations",
];
const BY_RULE: &[&str] = &["ComplianceByConfigRules", "AggregateComplianceByConfigRules"];
const BY_RESOURCE: &str = "ComplianceByResources";
const DEFINITIONS: &str = "ConfigRules";
const ITEMS: &[&str] = &["configurationItems", "configurationItem", "Results"];

const LAYOUT: Layout = Layout {
    lists: &[
        "EvaluationResults",
        "AggregateEvaluationResults",
        "newEvaluationResult",
        "Evaluations",
        "ComplianceByConfigRules",
        "AggregateComplianceByConfigRules",
        "ComplianceByResources",
        "ConfigRules",
        "configurationItems",
        "configurationItem",
        "Results",
    ],
    within: &["data", "detail", "body"],
    context: &["account", "region"],
    ..Layout::ROOT
};

impl Format for Config {
    fn id(&self) -> &'static str {
        "config"
    }

    fn precedence(&self) -> u16 {
        50
    }

    fn name(&self) -> &'static str {
        "compliance from AWS Config"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        let lists = EVALUATIONS.iter().chain(BY_RULE).chain(&[BY_RESOURCE, DEFINITIONS]);
        lists.copied().any(|list| {
            beginning.has(list)
                || ["[].", "data.", "detail.", "[].data."]
                    .iter()
                    .any(|wrapper| beginning.has(&format!("{wrapper}{list}")))
        })
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        let (file, place) = (stream.file.clone(), stream.place.clone());
        let mut without_rule = 0_u64;
        let read = items::each(stream, into, LAYOUT, &mut |piece, sink| {
            let under = piece.under;
            if EVALUATIONS.contains(&under) {
                return Ok(serde_json::from_slice::<Evaluation<'_>>(piece.bytes)?.take(sink));
            }
            if BY_RULE.contains(&under) {
                return Ok(serde_json::from_slice::<ByRule<'_>>(piece.bytes)?.take(sink));
            }
            if under == DEFINITIONS {
                return Ok(serde_json::from_slice::<Definition<'_>>(piece.bytes)?.take(sink));
            }
            if under == BY_RESOURCE {
                without_rule += 1;
                sink.leave_out_told();
                return Ok(Taken::Yes);
            }
            compliance::item(piece.bytes, sink)
        });
        if without_rule > 0 {
            into.warnings.push(without_rules(&file, place, without_rule));
        }
        read
    }
}

/// That resources are named and no rules.
fn without_rules(file: &Arc<str>, place: Place, count: u64) -> Diagnostic {
    let noun = if count == 1 { "resource" } else { "resources" };
    let what = format!("`{file}` says of {count} {noun} whether rules are broken, and not which");
    Diagnostic::new(Code::ResultsPartial, what)
        .at(place)
        .help("`aws configservice get-compliance-details-by-config-rule --config-rule-name RULE` tells both")
}

/// Whether a file of configuration items has some that tell compliance.
pub(super) fn has_compliance(beginning: &Beginning) -> bool {
    let has_items = ITEMS.iter().any(|list| {
        ["", "detail.", "data."]
            .iter()
            .any(|wrapper| beginning.has(&format!("{wrapper}{list}")))
    });
    has_items || beginning.has("configSnapshotId")
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Evaluation<'a> {
    #[serde(alias = "evaluationResultIdentifier", borrow)]
    evaluation_result_identifier: Maybe<Identifier<'a>>,
    #[serde(alias = "complianceType", borrow)]
    compliance_type: Word<'a>,
    #[serde(alias = "annotation", borrow)]
    annotation: Word<'a>,
    #[serde(alias = "configRuleInvokedTime", borrow)]
    config_rule_invoked_time: Instant<'a>,
    #[serde(alias = "resultRecordedTime", borrow)]
    result_recorded_time: Instant<'a>,
    #[serde(borrow)]
    account_id: Word<'a>,
    #[serde(borrow)]
    aws_region: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Identifier<'a> {
    #[serde(alias = "evaluationResultQualifier", borrow)]
    evaluation_result_qualifier: Maybe<Qualifier<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Qualifier<'a> {
    #[serde(alias = "configRuleName", borrow)]
    config_rule_name: Word<'a>,
    #[serde(alias = "resourceType", borrow)]
    resource_type: Word<'a>,
    #[serde(alias = "resourceId", borrow)]
    resource_id: Word<'a>,
}

impl Evaluation<'_> {
    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        let qualifier = self
            .evaluation_result_identifier
            .0
            .as_ref()
            .and_then(|identifier| identifier.evaluation_result_qualifier.0.as_ref());
        let Some(rule) = qualifier.and_then(|qualifier| qualifier.config_rule_name.get()) else {
            return Taken::No("the evaluation names no rule");
        };
        let Some(outcome) = self.compliance_type.get().and_then(outcome) else {
            return Taken::No("the evaluation does not say how its rule came out");
        };
        let (kind, id) = qualifier.map_or((None, None), |qualifier| {
            (qualifier.resource_type.get(), qualifier.resource_id.get())
        });
        // Events say at their top whose they are and where.
        let context = std::mem::take(&mut sink.context);
        let of_event = |key: &str| context.get(key).map(String::as_str);
        let told = Told {
            scanner: RULES,
            check: rule,
            title: None,
            outcome,
            finding: None,
            about: about(
                kind,
                id,
                self.account_id.get().or_else(|| of_event("account")),
                self.aws_region.get().or_else(|| of_event("region")),
            ),
            at: self.config_rule_invoked_time.get().or_else(|| self.result_recorded_time.get()),
            observed: self.annotation.get(),
        };
        sink.add_of_rule(&told, rule);
        sink.context = context;
        Taken::Yes
    }
}

/// A resource by its type and what AWS Config calls its id: a name, an id, or an ARN.
pub(super) fn about<'n>(kind: Option<&'n str>, id: Option<&'n str>, account: Option<&'n str>, region: Option<&'n str>) -> Named<'n> {
    let is_account = kind.is_some_and(|kind| kind.ends_with("::::Account"));
    let named = id.map(Named::of).unwrap_or_default();
    if is_account {
        return Named {
            account: id.or(account),
            region,
            ..Named::default()
        };
    }
    named.or_account(account).or(region, kind.or(Some("unknown")))
}

/// How a rule came out, by its word.
pub(super) fn outcome(word: &str) -> Option<Outcome> {
    const WORDS: [(&str, Outcome); 4] = [
        ("COMPLIANT", Outcome::Passed),
        ("NON_COMPLIANT", Outcome::Failed),
        ("NOT_APPLICABLE", Outcome::NotJudged),
        ("INSUFFICIENT_DATA", Outcome::NotJudged),
    ];
    let known = WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known));
    known.map(|(_, outcome)| *outcome)
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct ByRule<'a> {
    #[serde(borrow)]
    config_rule_name: Word<'a>,
    #[serde(borrow)]
    compliance: Maybe<Compliance<'a>>,
    #[serde(borrow)]
    account_id: Word<'a>,
    #[serde(borrow)]
    aws_region: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Compliance<'a> {
    #[serde(borrow)]
    compliance_type: Word<'a>,
}

impl ByRule<'_> {
    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        let Some(rule) = self.config_rule_name.get() else {
            return Taken::No("the entry names no rule");
        };
        let compliance = self.compliance.0.as_ref().and_then(|compliance| compliance.compliance_type.get());
        let Some(outcome) = compliance.and_then(outcome) else {
            return Taken::No("the entry does not say how its rule came out");
        };
        let told = Told {
            scanner: RULES,
            check: rule,
            title: None,
            outcome,
            // On which resources it came out so is not told.
            finding: None,
            about: about(None, None, self.account_id.get(), self.aws_region.get()),
            at: None,
            observed: None,
        };
        sink.add_of_rule(&told, rule);
        Taken::Yes
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Definition<'a> {
    #[serde(borrow)]
    config_rule_name: Word<'a>,
    #[serde(borrow)]
    config_rule_arn: Word<'a>,
    #[serde(borrow)]
    source: Maybe<Source<'a>>,
    #[serde(borrow)]
    input_parameters: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Source<'a> {
    #[serde(borrow)]
    owner: Word<'a>,
    #[serde(borrow)]
    source_identifier: Word<'a>,
}

impl Definition<'_> {
    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        let Some(name) = self.config_rule_name.get().and_then(|name| sink.into.texts.name(name)) else {
            return Taken::No("the rule has no name");
        };
        let arn = self.config_rule_arn.get().and_then(Arn::parse);
        let source = self.source.0.as_ref();
        let is_managed = source.is_some_and(|source| !source.owner.0.to_ascii_uppercase().starts_with("CUSTOM"));
        let identifier = source.and_then(|source| source.source_identifier.get()).filter(|_| is_managed);
        let mut parameters: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        let told = self.input_parameters.get().and_then(|text| serde_json::from_str(text).ok());
        if let Some(Value::Object(map)) = told {
            for (name, value) in &map {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                parameters.extend(sink.parameter(name, &value));
            }
        }
        parameters.sort();
        let texts = &mut sink.into.texts;
        let rule = Rule {
            account: arn.and_then(|arn| texts.name(arn.account)),
            region: arn.and_then(|arn| texts.name(arn.region)),
            identifier: identifier.and_then(|identifier| texts.name(identifier)),
            parameters: parameters.into(),
        };
        sink.into.known.add_rule(name, rule);
        sink.understood();
        Taken::Yes
    }
}
