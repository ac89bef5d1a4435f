//! A joined result, as far as changes are told from it.
//!
//! In: a matrix with its catalog and inventory, or what `decoded` reads from a Report's JSON. Out: duties, controls and
//! resources by what they are, and not by where they stand.

use super::cause::place_in_words;
use super::requirements::FrameworkStand;
use crate::catalog::Catalog;
use crate::diagnostics::Place;
use crate::inventory::Inventory;
use crate::raci::{Assignment, ControlIx, Duty, Findings, Letters, Matrix, Means, PartyIx, State, Unit};
use jiff::civil::Date;
use jiff::tz::TimeZone;
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a joined result is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Of {
    /// What the user named: a file, a folder, a revision.
    #[serde(default)]
    pub from: String,
    /// The report's title.
    pub title: String,
    /// The date that it is true for.
    pub as_of: String,
    /// The catalog's name and version.
    pub catalog_version: String,
    /// The program's version.
    pub tool_version: String,
    /// How many duties it has.
    #[serde(default)]
    pub duties: u64,
    /// What is supposed of it, in words that follow "if"; none of what is.
    #[serde(default, skip_deserializing)]
    pub supposed: Option<String>,
}

/// One side of a comparison.
pub struct Snapshot<'a> {
    pub(super) of: Of,
    /// Sorted by service, activity and environment.
    pub(super) duties: Vec<HeldDuty>,
    pub(super) units: Vec<UnitStand>,
    pub(super) resources: Vec<Known>,
    /// Parties by id, as printed, in their order.
    pub(super) parties: Vec<(Arc<str>, Arc<str>)>,
    /// What providers do, sorted by id.
    pub(super) commitments: Vec<HeldCommitment>,
    /// Findings by id.
    pub(super) findings: BTreeMap<Arc<str>, KnownFinding>,
    /// What it was joined from; none where it was decoded.
    pub(super) joined: Option<Joined<'a>>,
    /// The frameworks that it names, as they were decoded; of what was joined they are answered when they are asked for.
    pub(super) frameworks: Vec<FrameworkStand>,
    /// The handover after which it stands so, in words.
    pub(super) handover: Option<String>,
}

/// What a matrix was joined from: looked at where a change needs a reason.
pub(super) struct Joined<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) inventory: &'a Inventory,
    pub(super) matrix: &'a Matrix,
    pub(super) as_of: Date,
    pub(super) show: &'a dyn Fn(&Place) -> String,
}

/// A duty and how it stands.
#[derive(Debug, Clone)]
pub(super) struct HeldDuty {
    pub(super) id: Arc<str>,
    pub(super) activity: Arc<str>,
    pub(super) does: Arc<str>,
    /// Position of its unit.
    pub(super) unit: usize,
    pub(super) control: Arc<str>,
    pub(super) environment: Option<Arc<str>>,
    pub(super) scope: Option<Arc<str>>,
    pub(super) letters: Vec<(Arc<str>, Arc<str>)>,
    pub(super) state: Arc<str>,
    /// Positions of its resources; none where they are not told.
    pub(super) resources: Option<Vec<usize>>,
    /// What shows its state, configuration aside.
    pub(super) shown: Vec<ShownBy>,
    /// Until when it must be mended, where it is broken.
    pub(super) due: Option<Arc<str>>,
    /// Its position in the matrix that it was joined in.
    pub(super) position: Option<usize>,
}

/// A commitment and who keeps it.
#[derive(Debug, Clone)]
pub(super) struct HeldCommitment {
    pub(super) id: Arc<str>,
    pub(super) activity: Arc<str>,
    pub(super) does: Arc<str>,
    /// Position of its unit.
    pub(super) unit: usize,
    pub(super) control: Arc<str>,
    pub(super) letters: Vec<(Arc<str>, Arc<str>)>,
}

/// A finding, as far as it is told that it came or went.
#[derive(Debug, Clone)]
pub(super) struct KnownFinding {
    pub(super) code: Arc<str>,
    pub(super) message: Arc<str>,
    /// The duty that it is about.
    pub(super) duty: Option<Arc<str>>,
    /// Who must see to it, by id, sorted.
    pub(super) parties: Vec<Arc<str>>,
    /// The day since when it is known to be there.
    pub(super) since: Option<Arc<str>>,
}

/// What a scanner or a person shows of a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ShownBy {
    /// What people call the scanner; none where a person vouches.
    pub(super) scanner: Option<Arc<str>>,
    /// The check's id, or the artefact.
    pub(super) reference: Arc<str>,
    /// What it shows: a state's word, or `part`.
    pub(super) state: Arc<str>,
    /// The day on which it was looked at, or read.
    pub(super) at: Option<String>,
}

impl ShownBy {
    /// Whether another shows the same, on whatever day.
    pub(super) fn says_as(&self, other: &Self) -> bool {
        (&self.scanner, &self.reference, &self.state) == (&other.scanner, &other.reference, &other.state)
    }
}

/// A service in one mode.
#[derive(Debug, Clone)]
pub(super) struct UnitStand {
    pub(super) service: Arc<str>,
    pub(super) mode: Option<Arc<str>>,
    pub(super) title: Arc<str>,
    /// The service as printed, without its mode.
    pub(super) name: Arc<str>,
    pub(super) controls: Vec<ControlStand>,
}

/// A control on a service in one mode.
#[derive(Debug, Clone)]
pub(super) struct ControlStand {
    pub(super) id: Arc<str>,
    /// As printed.
    pub(super) title: Arc<str>,
    /// None where it does not apply.
    pub(super) control_type: Option<Arc<str>>,
}

/// A resource, by what tells it from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) service: Arc<str>,
    pub(super) mode: Option<Arc<str>>,
    pub(super) kind: Arc<str>,
    pub(super) label: Arc<str>,
    pub(super) name: Option<Arc<str>>,
    pub(super) arn: Option<Arc<str>>,
    pub(super) address: Option<Arc<str>>,
    pub(super) account: Option<Arc<str>>,
    pub(super) region: Option<Arc<str>>,
    pub(super) environment: Option<Arc<str>>,
}

impl<'a> Snapshot<'a> {
    /// Of a joined matrix. `show` tells places as they are printed.
    #[must_use]
    pub fn of(
        from: &str,
        (catalog, inventory, matrix): (&'a Catalog, &'a Inventory, &'a Matrix),
        as_of: Date,
        show: &'a dyn Fn(&Place) -> String,
    ) -> Self {
        let parties: Vec<(Arc<str>, Arc<str>)> = inventory
            .parties
            .iter()
            .map(|party| (party.id.clone(), party.short.as_deref().unwrap_or(&party.name).into()))
            .collect();
        let mut resources: Vec<Known> = matrix.resources.iter().map(|resource| known(resource)).collect();
        for unit in &matrix.units {
            for index in &unit.resources {
                if let Some(known) = resources.get_mut(index.position()) {
                    known.service = unit.split.service.as_str().into();
                    known.mode = unit.split.mode.as_ref().map(|mode| mode.id.as_str().into());
                }
            }
        }
        let mut snapshot = Self {
            of: Of {
                from: from.to_owned(),
                title: inventory.title.clone().unwrap_or_default(),
                as_of: as_of.to_string(),
                catalog_version: catalog.version.clone(),
                tool_version: env!("CARGO_PKG_VERSION").to_owned(),
                duties: matrix.duties.len() as u64,
                supposed: None,
            },
            duties: Vec::with_capacity(matrix.duties.len()),
            units: matrix.units.iter().map(|unit| stand(catalog, unit)).collect(),
            resources,
            commitments: Vec::with_capacity(matrix.commitments.len()),
            findings: BTreeMap::new(),
            joined: Some(Joined {
                catalog,
                inventory,
                matrix,
                as_of,
                show,
            }),
            parties,
            frameworks: Vec::new(),
            handover: None,
        };
        let words = Words::of(catalog);
        let duties = matrix.duties.iter().enumerate();
        snapshot.duties = duties
            .map(|duty| held(&words, &snapshot.parties, (inventory, matrix), duty))
            .collect();
        let commitments = matrix.commitments.iter();
        snapshot.commitments = commitments
            .map(|commitment| HeldCommitment {
                id: commitment.id.text().clone(),
                activity: commitment.activity.id.clone(),
                does: commitment.activity.does.clone(),
                unit: commitment.unit.position(),
                control: words.control(commitment.control),
                letters: words.letters(&snapshot.parties, &commitment.assignment),
            })
            .collect();
        snapshot.sort();
        snapshot
    }

    /// The same under suppositions, in words that follow "if".
    #[must_use]
    pub fn supposing(mut self, words: &str) -> Self {
        self.of.supposed = Some(words.to_owned());
        self
    }

    /// The same with its findings, so that those of another can be told to be older, and what opened has its date.
    #[must_use]
    pub fn with_findings(mut self, findings: &Findings) -> Self {
        let known = |finding: &crate::raci::Finding| {
            let holders = finding.responsible.iter().chain(&finding.accountable);
            let ids: BTreeSet<Arc<str>> = holders
                .filter_map(|party| self.parties.get(party.position()).map(|(id, _)| id.clone()))
                .collect();
            let matrix = self.joined.as_ref().map(|joined| joined.matrix);
            KnownFinding {
                code: finding.code.id().into(),
                message: finding.message.as_str().into(),
                duty: finding.duty.and_then(|duty| Some(matrix?[duty].id.text().clone())),
                parties: ids.into_iter().collect(),
                since: finding.since.map(|day| day.to_string().into()),
            }
        };
        let found = findings.list.iter().map(|finding| (finding.id.as_str().into(), known(finding)));
        self.findings = found.collect();
        let due = findings
            .list
            .iter()
            .filter_map(|finding| Some((finding.duty?.position(), finding.due?)));
        let due: BTreeMap<usize, Date> = due.collect();
        for duty in &mut self.duties {
            duty.due = duty
                .position
                .and_then(|position| due.get(&position))
                .map(|day| day.to_string().into());
        }
        self
    }

    /// The same on the day after the handover that its inventory plans: who holds what then, and all else as it is.
    #[must_use]
    pub fn handed_over(mut self) -> Self {
        let Some(joined) = &self.joined else { return self };
        let Some(planned) = &joined.inventory.handover else {
            return self;
        };
        let words = Words::of(joined.catalog);
        self.handover = Some(format!(
            "handover on {} ({})",
            planned.date,
            place_in_words(&(joined.show)(&planned.place))
        ));
        for duty in &mut self.duties {
            let after = duty
                .position
                .and_then(|position| joined.matrix.duties.get(position)?.after.as_ref());
            if let Some(after) = after {
                duty.letters = words.letters(&self.parties, after);
            }
        }
        let holders = |duty: &HeldDuty| -> Vec<Arc<str>> {
            let held = duty.letters.iter().filter(|(_, letters)| letters.contains(['R', 'A']));
            held.map(|(party, _)| party.clone()).collect()
        };
        let holders: BTreeMap<Arc<str>, Vec<Arc<str>>> = self.duties.iter().map(|duty| (duty.id.clone(), holders(duty))).collect();
        for finding in self.findings.values_mut() {
            if let Some(holders) = finding.duty.as_ref().and_then(|duty| holders.get(duty)) {
                finding.parties.clone_from(holders);
            }
        }
        self
    }

    /// Since when a finding is known: the day that it says, else the day of this result; nothing where it is not in it.
    #[must_use]
    pub fn since(&self, finding: &str) -> Option<&str> {
        let known = self.findings.get(finding)?;
        Some(known.since.as_deref().unwrap_or(&self.of.as_of))
    }

    pub(super) fn sort(&mut self) {
        let units = &self.units;
        let key = |duty: &HeldDuty| {
            (
                units[duty.unit].service.clone(),
                duty.activity.clone(),
                duty.environment.clone(),
                duty.id.clone(),
            )
        };
        self.duties.sort_by_cached_key(key);
        self.commitments.sort_by(|one, other| one.id.cmp(&other.id));
    }

    /// The ids of its parties, in their order.
    pub fn parties(&self) -> impl Iterator<Item = &str> {
        self.parties.iter().map(|(id, _)| &**id)
    }

    /// The joined duty behind a held one.
    pub(super) fn duty(&self, held: &HeldDuty) -> Option<&'a Duty> {
        self.joined.as_ref()?.matrix.duties.get(held.position?)
    }
}

fn known(resource: &crate::inventory::Resource) -> Known {
    let text = |text: &Option<String>| text.as_deref().map(Arc::from);
    Known {
        service: resource.service.clone().unwrap_or_else(|| resource.kind.clone()),
        mode: None,
        kind: resource.kind.clone(),
        label: resource.label().into(),
        name: text(&resource.name),
        arn: text(&resource.arn),
        address: text(&resource.address),
        account: resource.account.clone(),
        region: resource.region.clone(),
        environment: resource.environment.clone(),
    }
}

fn stand(catalog: &Catalog, unit: &Unit) -> UnitStand {
    let controls = unit.controls.iter().map(|of| {
        let control = &catalog[of.control];
        ControlStand {
            id: control.id.as_str().into(),
            title: control.title.as_str().into(),
            control_type: of.control_type.map(|found| found.id().into()),
        }
    });
    UnitStand {
        service: unit.split.service.as_str().into(),
        mode: unit.split.mode.as_ref().map(|mode| mode.id.as_str().into()),
        title: unit.title.as_str().into(),
        name: unit.split.name.as_str().into(),
        controls: controls.collect(),
    }
}

/// What scanners and people show of a duty.
fn shown(duty: &Duty, (inventory, matrix): (&Inventory, &Matrix)) -> Vec<ShownBy> {
    let told = duty.shown_by.iter().filter_map(|shown| {
        let (scanner, reference, at) = match shown.means {
            Means::Configuration => return None,
            Means::Check(check) => {
                let last = shown.looks.iter().filter_map(|(_, result)| matrix[*result].at).max();
                let check = &matrix[check];
                let at = last.map(|at| at.to_zoned(TimeZone::UTC).date());
                (Some(check.scanner_name.clone()), check.id.clone(), at)
            }
            Means::Evidence(evidence) => {
                let evidence = &inventory[evidence];
                (None, evidence.artefact.as_str().into(), evidence.reviewed)
            }
        };
        Some(ShownBy {
            scanner,
            reference,
            state: shown.word().into(),
            at: at.map(|day| day.to_string()),
        })
    });
    told.collect()
}

/// Words that thousands of duties share.
struct Words {
    /// Ids of the controls, in their order.
    controls: Vec<Arc<str>>,
    states: [(State, Arc<str>); 5],
    letters: [(Letters, Arc<str>); 5],
}

impl Words {
    fn of(catalog: &Catalog) -> Self {
        let all = [Letters::R, Letters::A, Letters::AR, Letters::C, Letters::I];
        Self {
            controls: catalog.controls.iter().map(|control| control.id.as_str().into()).collect(),
            states: State::ALL.map(|state| (state, state.word().into())),
            letters: all.map(|letters| (letters, letters.text().into())),
        }
    }

    fn control(&self, control: ControlIx) -> Arc<str> {
        self.controls[control.position()].clone()
    }

    fn state(&self, state: State) -> Arc<str> {
        let known = self.states.iter().find(|(known, _)| *known == state);
        known.map_or_else(|| state.word().into(), |(_, word)| word.clone())
    }

    /// Letters by party, sorted, so that another order of the parties moves nothing.
    fn letters(&self, parties: &[(Arc<str>, Arc<str>)], assignment: &Assignment) -> Vec<(Arc<str>, Arc<str>)> {
        let letters = parties.iter().enumerate().filter_map(|(position, (id, _))| {
            let letters = assignment.letters(PartyIx::new(position))?;
            let (_, text) = self.letters.iter().find(|(known, _)| *known == letters)?;
            Some((id.clone(), text.clone()))
        });
        let mut letters: Vec<(Arc<str>, Arc<str>)> = letters.collect();
        letters.sort();
        letters
    }
}

fn held(words: &Words, parties: &[(Arc<str>, Arc<str>)], joined: (&Inventory, &Matrix), (position, duty): (usize, &Duty)) -> HeldDuty {
    let scope: Vec<&str> = [&duty.scope.environment, &duty.scope.words]
        .into_iter()
        .flatten()
        .map(|part| &**part)
        .collect();
    HeldDuty {
        id: duty.id.text().clone(),
        activity: duty.activity.id.clone(),
        does: duty.activity.does.clone(),
        unit: duty.unit.position(),
        control: words.control(duty.control),
        environment: duty.scope.environment.clone(),
        scope: (!scope.is_empty()).then(|| scope.join(", ").into()),
        letters: words.letters(parties, &duty.assignment),
        state: words.state(duty.state),
        resources: Some(duty.resources.list.iter().map(|index| index.position()).collect()),
        shown: shown(duty, joined),
        due: None,
        position: Some(position),
    }
}

/// The state of a duty on some of its resources alone.
pub(super) fn state_on(duty: &Duty, takes: impl Fn(usize) -> bool) -> State {
    let takes = |index: &crate::raci::ResourceIx| takes(index.position());
    if duty.not_met().iter().any(takes) {
        return State::NotMet;
    }
    let (met, attested) = (duty.met(), duty.attested());
    let excepted: Vec<_> = duty.excepted().into_iter().map(|(index, _)| index).collect();
    let shown: BTreeSet<_> = met.iter().chain(&attested).chain(&excepted).collect();
    let mut list = duty.resources.list.iter().filter(|index| takes(index)).peekable();
    if list.peek().is_none() || list.any(|index| !shown.contains(index)) {
        return State::Unknown;
    }
    if excepted.iter().any(takes) {
        State::Excepted
    } else if attested.iter().any(takes) {
        State::Attested
    } else {
        State::Met
    }
}
