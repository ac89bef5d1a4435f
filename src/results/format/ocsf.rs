//! OCSF: Prowler of versions 3 to 5, and Security Hub's, which changed as often.
//!
//! In: findings of classes 2001, 2003 and 2004, as a list or one a line. Out: a result for each resource of a finding.

use super::fields::{Instant, Many, Maybe, Word, squashed};
use super::identity::Named;
use super::items::{self, Layout, Taken};
use super::sink::{OfFinding, Sink, Told};
use super::{Beginning, Format};
use crate::diagnostics;
use crate::results::{Gathered, Outcome, names};
use crate::source::Stream;
use serde::Deserialize;

/// The form.
pub(super) struct Ocsf;

const LAYOUT: Layout = Layout {
    lists: &["Findings", "findings"],
    within: &["data", "detail"],
    ..Layout::ROOT
};

impl Format for Ocsf {
    fn id(&self) -> &'static str {
        "ocsf"
    }

    fn precedence(&self) -> u16 {
        10
    }

    fn name(&self) -> &'static str {
        "OCSF (Prowler, Security Hub)"
    }

    fn begins(&self, beginning: &Beginning) -> bool {
        let is_finding = ["finding_info", "finding"]
            .iter()
            .any(|key| beginning.has_within(key) || beginning.has(&format!("[].{key}")))
            || beginning.has("Findings[].finding_info")
            || beginning.has("findings[].finding_info");
        let is_ocsf = [
            "class_uid",
            "metadata",
            "[].class_uid",
            "[].metadata",
            "Findings[].metadata",
            "findings[].metadata",
        ]
        .iter()
        .any(|key| beginning.has(key));
        is_finding && is_ocsf
    }

    fn read(&self, stream: Stream<'_>, into: &mut Gathered) -> diagnostics::Outcome<()> {
        items::each(stream, into, LAYOUT, &mut |piece, sink| {
            let finding: Finding<'_> = serde_json::from_slice(piece.bytes)?;
            Ok(finding.take(sink))
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Finding<'a> {
    #[serde(borrow)]
    metadata: Maybe<Metadata<'a>>,
    #[serde(borrow)]
    finding_info: Maybe<Info<'a>>,
    #[serde(borrow)]
    finding: Maybe<Info<'a>>,
    #[serde(borrow)]
    compliance: Maybe<Compliance<'a>>,
    #[serde(borrow)]
    status: Word<'a>,
    #[serde(borrow)]
    status_id: Word<'a>,
    #[serde(borrow)]
    status_code: Word<'a>,
    #[serde(borrow)]
    status_detail: Word<'a>,
    #[serde(borrow)]
    state: Word<'a>,
    #[serde(borrow)]
    state_id: Word<'a>,
    #[serde(borrow)]
    activity_name: Word<'a>,
    #[serde(borrow)]
    activity_id: Word<'a>,
    #[serde(borrow)]
    message: Word<'a>,
    #[serde(borrow)]
    resources: Many<Resource<'a>>,
    #[serde(borrow)]
    resource: Many<Resource<'a>>,
    #[serde(borrow)]
    cloud: Maybe<Cloud<'a>>,
    #[serde(borrow)]
    unmapped: Maybe<Unmapped<'a>>,
    #[serde(borrow)]
    time: Instant<'a>,
    #[serde(borrow)]
    time_dt: Instant<'a>,
    #[serde(borrow)]
    event_time: Instant<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata<'a> {
    #[serde(borrow)]
    event_code: Word<'a>,
    #[serde(borrow)]
    product: Maybe<Product<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Product<'a> {
    #[serde(borrow)]
    name: Word<'a>,
    #[serde(borrow)]
    uid: Word<'a>,
    #[serde(borrow)]
    vendor_name: Word<'a>,
    #[serde(borrow)]
    feature: Maybe<Feature<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Feature<'a> {
    #[serde(borrow)]
    uid: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Info<'a> {
    #[serde(borrow)]
    uid: Word<'a>,
    #[serde(borrow)]
    title: Word<'a>,
    #[serde(borrow)]
    analytic: Maybe<Feature<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Compliance<'a> {
    #[serde(borrow)]
    control: Word<'a>,
    #[serde(borrow)]
    status: Word<'a>,
    #[serde(borrow)]
    status_id: Word<'a>,
    #[serde(borrow)]
    status_code: Word<'a>,
    #[serde(borrow)]
    status_detail: Word<'a>,
    #[serde(borrow)]
    status_details: Many<Word<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Resource<'a> {
    #[serde(borrow)]
    uid: Word<'a>,
    #[serde(borrow)]
    uid_alt: Word<'a>,
    #[serde(borrow)]
    name: Word<'a>,
    #[serde(rename = "type", borrow)]
    kind: Word<'a>,
    #[serde(borrow)]
    region: Word<'a>,
    #[serde(borrow)]
    owner: Maybe<Owner<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Owner<'a> {
    #[serde(borrow)]
    account: Maybe<Feature<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cloud<'a> {
    #[serde(borrow)]
    account: Maybe<Feature<'a>>,
    #[serde(borrow)]
    account_uid: Word<'a>,
    #[serde(borrow)]
    region: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Unmapped<'a> {
    #[serde(rename = "RecordState", borrow)]
    record_state: Word<'a>,
    #[serde(rename = "WorkflowState", borrow)]
    workflow_state: Word<'a>,
    #[serde(rename = "ProductFields.ControlId", borrow)]
    control: Word<'a>,
    #[serde(rename = "Compliance.StatusReasons[].ReasonCode", borrow)]
    reason: Word<'a>,
    #[serde(rename = "Compliance.StatusReasons[].ReasonCodes", borrow)]
    reasons: Many<Word<'a>>,
    #[serde(borrow)]
    provider_uid: Word<'a>,
}

/// What the numbers of a finding's status and state stand for, from 1.
/// <https://schema.ocsf.io/1.6.0/classes/compliance_finding>
const STATUS: &[&str] = &["New", "In Progress", "Suppressed", "Resolved", "Archived"];

/// What the numbers of an activity stand for.
const ACTIVITY: &[&str] = &["Create", "Update", "Close"];

/// What the numbers of a verdict stand for.
const VERDICT: &[&str] = &["Pass", "Warning", "Fail"];

/// A word, or what the number beside it stands for. Where both are told the word counts: in some versions the number is another
/// thing's.
fn said<'w>(word: &'w Word<'_>, number: &Word<'_>, words: &[&'w str]) -> Option<&'w str> {
    let by_number = || {
        number
            .get()?
            .parse::<usize>()
            .ok()?
            .checked_sub(1)
            .and_then(|index| words.get(index).copied())
    };
    word.get().or_else(by_number)
}

/// The reason that a control passed since there was nothing to be evaluated.
const NOTHING_EVALUATED: &str = "CONFIG_EVALUATIONS_EMPTY";

/// Whose check a finding is of.
#[derive(PartialEq, Eq)]
enum By {
    Prowler,
    SecurityHub,
    Other,
}

impl<'a> Finding<'a> {
    fn product(&self) -> Option<&Product<'a>> {
        self.metadata.0.as_ref()?.product.0.as_ref()
    }

    fn info(&self) -> Option<&Info<'a>> {
        self.finding_info.0.as_ref().or(self.finding.0.as_ref())
    }

    fn by(&self) -> By {
        let Some(product) = self.product() else { return By::Other };
        let names = [&product.name, &product.uid, &product.vendor_name];
        let says = |word: &str| names.iter().any(|name| squashed(&name.0).contains(word));
        if says("prowler") {
            By::Prowler
        } else if says("securityhub") {
            By::SecurityHub
        } else {
            By::Other
        }
    }

    /// The id of Prowler's check.
    fn prowler_check(&self) -> Option<&str> {
        let metadata = self.metadata.0.as_ref()?;
        let analytic = || self.info()?.analytic.0.as_ref()?.uid.get();
        let feature = || self.product()?.feature.0.as_ref()?.uid.get();
        // The account stands behind the check in the id of the finding.
        let by_id = || {
            let rest = self.info()?.uid.get()?.strip_prefix("prowler-")?.split_once('-')?.1;
            let end = rest.find(&format!("-{}-", self.account()?))?;
            rest.get(..end)
        };
        metadata.event_code.get().or_else(analytic).or_else(feature).or_else(by_id)
    }

    /// The id of Security Hub's control.
    fn control(&self) -> Option<String> {
        let compliance = self.compliance.0.as_ref();
        let told = compliance.and_then(|compliance| names::control(compliance.control.get()?));
        let feature = || names::control(self.product()?.feature.0.as_ref()?.uid.get()?);
        let unmapped = || names::control(self.unmapped.0.as_ref()?.control.get()?);
        let by_code = || names::control(self.metadata.0.as_ref()?.event_code.get()?);
        let analytic = || names::control(self.info()?.analytic.0.as_ref()?.uid.get()?);
        told.or_else(feature).or_else(unmapped).or_else(by_code).or_else(analytic)
    }

    fn account(&self) -> Option<&str> {
        let cloud = self.cloud.0.as_ref();
        let uid = || cloud?.account.0.as_ref()?.uid.get();
        uid()
            .or_else(|| cloud?.account_uid.get())
            .or_else(|| self.unmapped.0.as_ref()?.provider_uid.get())
    }

    fn at(&self) -> Option<jiff::Timestamp> {
        [self.time, self.time_dt, self.event_time].into_iter().find_map(Instant::get)
    }

    fn take(&self, sink: &mut Sink<'_>) -> Taken {
        if self.metadata.0.is_none() {
            return Taken::No("the entry is no finding of OCSF");
        }
        match self.by() {
            By::Prowler => {
                let Some(check) = self.prowler_check() else {
                    return Taken::No("the finding names no check");
                };
                let Some(outcome) = self.prowler_outcome() else {
                    return Taken::No("the finding does not say how its check came out");
                };
                self.add(sink, "prowler", check, outcome);
            }
            by => {
                let Some(outcome) = self.control_outcome() else {
                    // Threats and vulnerabilities have no verdict.
                    sink.leave_out();
                    return Taken::Yes;
                };
                let Some(control) = self.control() else {
                    return Taken::No("the finding names no control");
                };
                let other = || squashed(self.product().map_or("", |product| &product.name.0));
                let scanner = if by == By::SecurityHub { "securityhub".to_owned() } else { other() };
                self.add(sink, &scanner, &control, outcome);
            }
        }
        Taken::Yes
    }

    /// Whether the finding is not current any more.
    fn is_archived(&self) -> bool {
        let words = [
            said(&self.status, &self.status_id, STATUS),
            said(&self.state, &self.state_id, STATUS),
        ];
        let is_said = words.iter().flatten().any(|word| word.eq_ignore_ascii_case("Archived"));
        is_said
            || self
                .unmapped
                .0
                .as_ref()
                .is_some_and(|unmapped| unmapped.record_state.is("ARCHIVED"))
    }

    /// What made the finding: each standard that a control belongs to has one of its own.
    fn generator(&self) -> Option<&str> {
        let feature = || self.product()?.feature.0.as_ref()?.uid.get();
        let analytic = || self.info()?.analytic.0.as_ref()?.uid.get();
        feature().or_else(analytic)
    }

    fn prowler_outcome(&self) -> Option<Outcome> {
        let by_class = || self.compliance.0.as_ref().map_or("", |compliance| &compliance.status.0);
        let verdict = [&self.status_code.0[..], by_class(), &self.status.0[..]]
            .into_iter()
            .find_map(super::prowler_csv::outcome)?;
        let is_muted = said(&self.status, &self.status_id, STATUS).is_some_and(|status| status.eq_ignore_ascii_case("Suppressed"));
        Some(if is_muted { Outcome::Silenced } else { verdict })
    }

    fn control_outcome(&self) -> Option<Outcome> {
        let compliance = self.compliance.0.as_ref()?;
        let unmapped = self.unmapped.0.as_ref();
        let words = [
            said(&self.status, &self.status_id, STATUS),
            said(&self.state, &self.state_id, STATUS),
            said(&self.activity_name, &self.activity_id, ACTIVITY),
        ];
        let says = |any: &[&str]| {
            words
                .iter()
                .flatten()
                .any(|word| any.iter().any(|one| word.eq_ignore_ascii_case(one)))
        };
        let is_silenced =
            says(&["Suppressed", "Close", "Closed"]) || unmapped.is_some_and(|unmapped| unmapped.workflow_state.is("SUPPRESSED"));
        let is_resolved = says(&["Resolved"]);
        let details = compliance
            .status_details
            .0
            .iter()
            .chain([&compliance.status_code, &compliance.status_detail]);
        let of_unmapped = unmapped
            .into_iter()
            .flat_map(|unmapped| unmapped.reasons.0.iter().chain([&unmapped.reason]));
        let is_empty = details.chain(of_unmapped).any(|word| word.0.contains(NOTHING_EVALUATED));
        let verdict = match said(&compliance.status, &compliance.status_id, VERDICT)?
            .to_ascii_lowercase()
            .as_str()
        {
            "pass" | "passed" | "success" => Outcome::Passed,
            "fail" | "failed" | "failure" => Outcome::Failed,
            _ => Outcome::NotJudged,
        };
        Some(match verdict {
            _ if is_silenced => Outcome::Silenced,
            Outcome::Passed if is_empty => Outcome::NotJudged,
            // Whoever resolved it says so; the scanner has not looked again.
            Outcome::Failed if is_resolved => Outcome::Silenced,
            verdict => verdict,
        })
    }

    fn add(&self, sink: &mut Sink<'_>, scanner: &str, check: &str, outcome: Outcome) {
        let title = self.info().and_then(|info| info.title.get());
        let title = title.map(|title| title.strip_prefix(check).map_or(title, str::trim_start));
        let cloud_region = self.cloud.0.as_ref().and_then(|cloud| cloud.region.get());
        let compliance = self.compliance.0.as_ref();
        let detail = || compliance.and_then(|compliance| compliance.status_detail.get());
        let observed = self.status_detail.get().or_else(detail).or_else(|| self.message.get());
        let finding = Some(OfFinding {
            generator: self.generator().filter(|_| self.by() != By::Prowler),
            is_archived: self.is_archived(),
        });
        let mut add = |about: Named<'_>| {
            sink.add(&Told {
                scanner,
                check,
                title,
                outcome,
                finding,
                about,
                at: self.at(),
                observed,
            });
        };
        let mut is_any = false;
        for resource in self.resources.0.iter().chain(&self.resource.0) {
            is_any = true;
            add(resource.named(self.account(), cloud_region).unless_made_up());
        }
        if !is_any {
            // Of what is not told, and not of the account.
            add(Named::default().or_account(self.account()).or(cloud_region, Some("unknown")));
        }
    }
}

impl Resource<'_> {
    fn named<'n>(&'n self, account: Option<&'n str>, region: Option<&'n str>) -> Named<'n> {
        let (uid, alternative) = (self.uid.get(), self.uid_alt.get());
        let called = [uid, alternative].into_iter().flatten();
        let best = called.clone().map(Named::of).find(|named| named.arn.is_some());
        let told = best.or_else(|| called.map(Named::of).next()).unwrap_or_default();
        let owner = self.owner.0.as_ref().and_then(|owner| owner.account.0.as_ref()?.uid.get());
        let kind = self.kind.get();
        let is_account = told.arn.is_none() && told.name.is_none() && told.account.is_some();
        Named {
            name: self.name.get().or(told.name).filter(|_| !is_account),
            ..told
        }
        .or_account(owner.or(account))
        .or(self.region.get().or(region), kind.filter(|_| !is_account))
    }
}
