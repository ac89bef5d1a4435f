//! A snapshot from a Report's JSON, as `cloudraci report --format json` writes it and a pack holds it.
//!
//! In: JSON. Out: a [`Snapshot`] without what only a matrix knows: the resources of each duty, rules, attributes.

use super::requirements::{FrameworkStand, RequirementStand};
use super::snapshot::{ControlStand, HeldCommitment, HeldDuty, Known, KnownFinding, Of, ShownBy, Snapshot, UnitStand};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// The version of the Report's format that is read.
pub const READS: u64 = 2;

/// Why a text is no Report that can be compared.
#[derive(Debug)]
pub enum NotAReport {
    /// It has not the form.
    Form(serde_json::Error),
    /// It is of another version of the format.
    Version(u64),
    /// It says something that no report says.
    Word {
        /// Of what.
        of: &'static str,
        /// What it says.
        word: String,
    },
}

impl fmt::Display for NotAReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(error) => write!(f, "it is no report's JSON: {error}"),
            Self::Word { of, word } => write!(f, "it is no report's JSON: `{word}` is no {of}"),
            Self::Version(version) => write!(
                f,
                "it has version {version} of the report's format, and this program reads version {READS}"
            ),
        }
    }
}

#[derive(Deserialize)]
struct Version {
    schema_version: u64,
}

#[derive(Deserialize)]
struct ReportFile {
    meta: Of,
    parties: Vec<PartyFile>,
    services: Vec<ServiceFile>,
    resources: Vec<ResourceFile>,
    findings: Vec<FindingFile>,
    #[serde(default)]
    requirements: Vec<FrameworkFile>,
}

#[derive(Deserialize)]
struct FrameworkFile {
    framework: Arc<str>,
    short: Arc<str>,
    rows: Vec<RequirementFile>,
}

#[derive(Deserialize)]
struct RequirementFile {
    id: Arc<str>,
    title: Option<Arc<str>>,
    #[serde(rename = "type")]
    kind: Arc<str>,
    accountable: BTreeSet<Arc<str>>,
    provider: Vec<PartFile>,
    customer: Vec<PartFile>,
}

#[derive(Deserialize)]
struct PartFile {
    /// With its mode after a slash.
    service: Arc<str>,
}

#[derive(Deserialize)]
struct FindingFile {
    id: Arc<str>,
    code: Arc<str>,
    message: Arc<str>,
    #[serde(default)]
    responsible: Vec<Arc<str>>,
    accountable: Option<Arc<str>>,
    since: Option<Arc<str>>,
    duty: Option<Arc<str>>,
    due: Option<Arc<str>>,
}

#[derive(Deserialize)]
struct PartyFile {
    id: Arc<str>,
    short: Arc<str>,
}

#[derive(Deserialize)]
struct ServiceFile {
    service: Arc<str>,
    mode: Option<Arc<str>>,
    title: Arc<str>,
    name: Arc<str>,
    controls: Vec<ControlFile>,
}

#[derive(Deserialize)]
struct ControlFile {
    control: Arc<str>,
    title: Arc<str>,
    #[serde(rename = "type")]
    control_type: Option<Arc<str>>,
    activities: Vec<ActivityFile>,
}

#[derive(Deserialize)]
struct ActivityFile {
    duty: Option<Arc<str>>,
    commitment: Option<Arc<str>>,
    id: Arc<str>,
    does: Arc<str>,
    state: Arc<str>,
    #[serde(default)]
    shown_by: Vec<ShownFile>,
    assignments: Vec<LettersFile>,
    environment: Option<Arc<str>>,
    scope: Option<Arc<str>>,
}

#[derive(Deserialize)]
struct ShownFile {
    kind: Arc<str>,
    #[serde(rename = "ref")]
    reference: Arc<str>,
    by: Option<Arc<str>>,
    at: Option<String>,
    #[serde(default)]
    state: Arc<str>,
}

#[derive(Deserialize)]
struct LettersFile {
    party: Arc<str>,
    letters: Arc<str>,
}

#[derive(Deserialize)]
struct ResourceFile {
    #[serde(rename = "type")]
    kind: Arc<str>,
    service: Option<Arc<str>>,
    mode: Option<Arc<str>>,
    name: Option<Arc<str>>,
    arn: Option<Arc<str>>,
    address: Option<Arc<str>>,
    account: Option<Arc<str>>,
    region: Option<Arc<str>>,
    environment: Option<Arc<str>>,
}

impl Snapshot<'static> {
    /// Of a Report's JSON.
    ///
    /// # Errors
    /// That it is none, or of another version.
    pub fn decode(from: &str, json: &[u8]) -> Result<Self, NotAReport> {
        let version: Version = serde_json::from_slice(json).map_err(NotAReport::Form)?;
        if version.schema_version != READS {
            return Err(NotAReport::Version(version.schema_version));
        }
        let report: ReportFile = serde_json::from_slice(json).map_err(NotAReport::Form)?;
        report.check()?;
        let (mut duties, mut commitments) = (Vec::new(), Vec::new());
        let mut units = Vec::new();
        for (unit, service) in report.services.into_iter().enumerate() {
            let mut controls = Vec::new();
            for control in service.controls {
                for one in control.activities {
                    match held(unit, &control.control, one) {
                        Some(Held::Duty(duty)) => duties.push(duty),
                        Some(Held::Commitment(commitment)) => commitments.push(commitment),
                        None => {}
                    }
                }
                controls.push(ControlStand {
                    id: control.control,
                    title: control.title,
                    control_type: control.control_type,
                });
            }
            units.push(UnitStand {
                service: service.service,
                mode: service.mode,
                title: service.title,
                name: service.name,
                controls,
            });
        }
        let due = report
            .findings
            .iter()
            .filter_map(|finding| Some((finding.duty.clone()?, finding.due.clone()?)));
        let due: BTreeMap<Arc<str>, Arc<str>> = due.collect();
        let key = |unit: &UnitStand| match &unit.mode {
            Some(mode) => format!("{}/{mode}", unit.service),
            None => unit.service.to_string(),
        };
        let titles: BTreeMap<String, Arc<str>> = units.iter().map(|unit| (key(unit), unit.title.clone())).collect();
        let mut snapshot = Self {
            of: Of {
                from: from.to_owned(),
                duties: duties.len() as u64,
                ..report.meta
            },
            duties,
            commitments,
            units,
            resources: report.resources.into_iter().map(known).collect(),
            parties: report.parties.into_iter().map(|party| (party.id, party.short)).collect(),
            findings: report.findings.into_iter().map(finding).collect(),
            joined: None,
            handover: None,
            frameworks: report.requirements.into_iter().map(|one| framework(one, &titles)).collect(),
        };
        for duty in &mut snapshot.duties {
            duty.due = due.get(&duty.id).cloned();
        }
        snapshot.sort();
        Ok(snapshot)
    }
}

/// The words for states; `inherited` is a commitment's.
const STATES: [&str; 6] = ["met", "attested", "not-met", "excepted", "unknown", "inherited"];

impl ReportFile {
    /// Looks for words that would be counted as something that they are not.
    fn check(&self) -> Result<(), NotAReport> {
        let word = |of, word: &str| Err(NotAReport::Word { of, word: word.to_owned() });
        if self.meta.as_of.parse::<jiff::civil::Date>().is_err() {
            return word("date", &self.meta.as_of);
        }
        let controls = self.services.iter().flat_map(|service| &service.controls);
        let mut states = controls.flat_map(|control| &control.activities).map(|activity| &activity.state);
        match states.find(|state| !STATES.contains(&&***state)) {
            Some(state) => word("state", state),
            None => Ok(()),
        }
    }
}

fn finding(of: FindingFile) -> (Arc<str>, KnownFinding) {
    let parties: BTreeSet<Arc<str>> = of.responsible.into_iter().chain(of.accountable).collect();
    let known = KnownFinding {
        code: of.code,
        message: of.message,
        duty: of.duty,
        parties: parties.into_iter().collect(),
        since: of.since,
    };
    (of.id, known)
}

/// What an activity of a Report is.
enum Held {
    Duty(HeldDuty),
    Commitment(HeldCommitment),
}

fn held(unit: usize, control: &Arc<str>, one: ActivityFile) -> Option<Held> {
    let mut letters: Vec<(Arc<str>, Arc<str>)> = one.assignments.into_iter().map(|held| (held.party, held.letters)).collect();
    letters.sort();
    if let Some(id) = one.commitment {
        return Some(Held::Commitment(HeldCommitment {
            id,
            activity: one.id,
            does: one.does,
            unit,
            control: control.clone(),
            letters,
        }));
    }
    Some(Held::Duty(HeldDuty {
        id: one.duty?,
        activity: one.id,
        does: one.does,
        unit,
        control: control.clone(),
        environment: one.environment,
        scope: one.scope,
        letters,
        state: one.state,
        resources: None,
        shown: one
            .shown_by
            .into_iter()
            .filter(|shown| *shown.kind != *"configuration" && *shown.kind != *"exception" && *shown.state != *"lapsed")
            .map(|shown| ShownBy {
                // Who vouches for evidence is told with it elsewhere.
                scanner: shown.by.filter(|_| *shown.kind == *"check"),
                reference: shown.reference,
                state: shown.state,
                at: shown.at,
            })
            .collect(),
        due: None,
        position: None,
    }))
}

fn framework(of: FrameworkFile, titles: &BTreeMap<String, Arc<str>>) -> FrameworkStand {
    let rows = of.rows.into_iter().map(|row| {
        let title = |part: PartFile| titles.get(&*part.service).cloned().unwrap_or(part.service);
        let labels = |parts: Vec<PartFile>| parts.into_iter().map(title).collect();
        let stand = RequirementStand {
            title: row.title,
            kind: row.kind,
            customer: labels(row.customer),
            provider: labels(row.provider),
            accountable: row.accountable,
        };
        (row.id, stand)
    });
    FrameworkStand {
        id: of.framework,
        short: of.short,
        rows: rows.collect(),
    }
}

fn known(of: ResourceFile) -> Known {
    let label = of.name.clone().or_else(|| of.address.clone()).unwrap_or_else(|| of.kind.clone());
    Known {
        service: of.service.unwrap_or_else(|| of.kind.clone()),
        mode: of.mode,
        label,
        kind: of.kind,
        name: of.name,
        arn: of.arn,
        address: of.address,
        account: of.account,
        region: of.region,
        environment: of.environment,
    }
}
