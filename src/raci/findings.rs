//! What the joined result shows to be undone, overdue or unclear.
//!
//! In: a matrix. Out: findings, worst first, each with an id that is the same tomorrow.

use super::finding::{Finding, general};
use super::index::{DutyIx, PartyIx, ResourceIx};
use super::{Duty, Matrix, State, observed};
use crate::catalog::predicate::{Predicate, Truth};
use crate::catalog::{Catalog, Rating};
use crate::diagnostics::{About, Code, Diagnostic};
use crate::inventory::{Inventory, Selector};
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// All findings of a matrix.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Worst first.
    pub list: Vec<Finding>,
    /// Exceptions that have expired and are told with what they excused: none of these is a finding of its own.
    told_with: Vec<Finding>,
}

impl Findings {
    /// Looks a matrix over, as of a date.
    #[must_use]
    pub fn of(matrix: &Matrix, catalog: &Catalog, inventory: &Inventory, as_of: Date) -> Self {
        let mut list = Vec::new();
        duties(matrix, catalog, inventory, as_of, &mut list);
        modes(matrix, catalog, inventory, &mut list);
        let told_with = super::expired::exceptions(matrix, catalog, inventory, as_of, &mut list);
        super::evidence::findings(matrix, catalog, inventory, as_of, &mut list);
        super::handover::findings(matrix, catalog, inventory, as_of, &mut list);
        rules(matrix, inventory, &mut list);
        super::unclassified::findings(matrix, inventory, &mut list);
        upstream(matrix, catalog, inventory, &mut list);
        for finding in &mut list {
            let from = finding.since.or(finding.seen).unwrap_or(as_of);
            let days = inventory.due.get(&finding.severity);
            finding.due = days.and_then(|days| from.checked_add(i64::from(*days).days()).ok());
        }
        let weight = |finding: &Finding| {
            let data: BTreeSet<&str> = finding
                .resources
                .iter()
                .flat_map(|index| &matrix[*index].data)
                .map(|class| &**class)
                .collect();
            let data: Vec<&str> = data.into_iter().collect();
            let environment = finding.duty.and_then(|duty| matrix[duty].scope.environment.as_deref());
            (inventory.severity.weight(&data, environment), data.is_empty())
        };
        // What is overdue comes before what is not: somebody let its day pass.
        let in_time = |finding: &Finding| finding.due.is_none_or(|due| due >= as_of);
        list.sort_by_cached_key(|finding| {
            let about = (finding.unit, finding.control, finding.duty);
            (
                finding.severity,
                in_time(finding),
                weight(finding),
                finding.code,
                about,
                finding.message.clone(),
            )
        });
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        for finding in &mut list {
            let number = seen.entry(finding.id.clone()).or_default();
            *number += 1;
            if *number > 1 {
                finding.id = format!("{}-{number}", finding.id);
            }
        }
        Self { list, told_with }
    }

    /// The findings that a party must mend or answer for, and those on duties that pass to it at the handover.
    #[must_use]
    pub fn of_party(mut self, party: PartyIx, matrix: &Matrix) -> Self {
        let is_of = |finding: &Finding| {
            let passes = finding.duty.is_some_and(|duty| matrix[duty].is_of(party));
            finding.accountable == Some(party) || finding.responsible.contains(&party) || passes
        };
        self.list.retain(is_of);
        self.told_with.retain(is_of);
        self
    }

    /// The findings as diagnostics, for `check`: there an expired exception has one of its own, at its own place.
    pub fn diagnostics(&self, matrix: &Matrix, catalog: &Catalog, inventory: &Inventory) -> impl Iterator<Item = Diagnostic> {
        self.list.iter().chain(&self.told_with).map(|finding| {
            let mut diagnostic = Diagnostic::new(finding.code, finding.message.clone());
            diagnostic.help.clone_from(&finding.how);
            if let Some(place) = &finding.place {
                diagnostic = diagnostic.at(place.clone());
            }
            diagnostic.about = Some(Box::new(about(finding, matrix, catalog, inventory)));
            diagnostic
        })
    }
}

/// Names of resources that a diagnostic tells.
const NAMES: usize = 20;

/// What a finding is about, by ids.
fn about(finding: &Finding, matrix: &Matrix, catalog: &Catalog, inventory: &Inventory) -> About {
    let unit = finding.unit.map(|unit| &matrix[unit]);
    let party = |party: &PartyIx| inventory[*party].id.to_string();
    let names: BTreeSet<&str> = finding.resources.iter().map(|index| matrix[*index].label()).collect();
    About {
        finding: finding.id.clone(),
        service: unit.map(|unit| unit.split.service.clone()),
        mode: unit.and_then(|unit| unit.split.mode.as_ref()).map(|mode| mode.id.clone()),
        control: finding.control.map(|control| catalog[control].id.clone()),
        activity: finding.duty.map(|duty| matrix[duty].activity.id.to_string()),
        responsible: finding.responsible.iter().map(party).collect(),
        accountable: finding.accountable.as_ref().map(party),
        resources: names.into_iter().take(NAMES).map(str::to_owned).collect(),
        count: finding.bad,
        due: finding.due.map(|due| due.to_string()),
    }
}

fn duties(matrix: &Matrix, catalog: &Catalog, inventory: &Inventory, as_of: Date, list: &mut Vec<Finding>) {
    for (position, duty) in matrix.duties.iter().enumerate().filter(|(_, duty)| duty.state == State::NotMet) {
        let unit = &matrix[duty.unit];
        let resources = duty.not_met();
        // What only checks and people can tell has no sentence of its own for that. A check may look at a part of it alone, so that
        // what failed is the check, and not all of the duty.
        let text = duty.activity.unmet.clone();
        let text = text.or_else(|| observed::failed(matrix, duty).map(Into::into));
        let text = text.unwrap_or_else(|| format!("\"{}\" is not done", duty.activity.does).into());
        let (bad, of) = (matrix.count(resources.iter().copied()), duty.resources.count);
        let (excuse, exists) = untold(matrix, duty, &resources, as_of);
        let open = whether(excuse.as_deref(), exists.as_deref());
        let noun = if of == 1 { "resource" } else { "resources" };
        let place = match &duty.scope.environment {
            Some(environment) => format!(", {environment}"),
            None => String::new(),
        };
        let about = [
            unit.key(),
            catalog[duty.control].id.clone(),
            duty.activity.id.to_string(),
            duty.scope.environment.as_deref().unwrap_or_default().to_owned(),
            duty.scope.apart.as_deref().unwrap_or_default().to_owned(),
        ];
        let about: Vec<&str> = about.iter().map(String::as_str).collect();
        let classes: BTreeSet<&str> = resources
            .iter()
            .flat_map(|index| &matrix[*index].data)
            .map(|class| &**class)
            .collect();
        let rated = inventory.severity.of_duty(Rating {
            activity: &duty.activity.id,
            control: &catalog[duty.control].id,
            severity: duty.activity.severity,
            data: &classes.into_iter().collect::<Vec<_>>(),
            environment: duty.scope.environment.as_deref(),
        });
        list.push(Finding {
            what: text.to_string(),
            unless: unless(excuse, exists),
            how: duty.activity.how.as_deref().map(str::to_owned),
            unit: Some(duty.unit),
            duty: Some(DutyIx::new(position)),
            control: Some(duty.control),
            responsible: duty.assignment.responsible().to_vec(),
            accountable: Some(duty.assignment.accountable()),
            bad,
            of,
            expected: duty.activity.expected(),
            observed: observed::observed(matrix, catalog, duty, &resources, as_of),
            seen: observed::seen(matrix, duty),
            checks: observed::breaking(duty),
            place: resources.first().map(|index| matrix[*index].place.clone()),
            resources,
            severity: rated.severity,
            because: rated.because,
            ..general(
                inventory,
                Code::DutyNotMet,
                &about,
                format!("{}{place}: {text} ({bad} of {of} {noun}){open}", unit.split.name),
            )
        });
    }
}

/// What the inventory does not tell of what breaks a duty and what may speak against a finding: what excuses from the duty, and
/// where it exists at all.
fn untold(matrix: &Matrix, duty: &Duty, broken: &[ResourceIx], as_of: Date) -> (Option<String>, Option<String>) {
    let is_open = broken.iter().any(|index| duty.open.binary_search(index).is_ok());
    let exists = duty.activity.when.as_ref().filter(|_| is_open).map(Predicate::words);
    let is_unsaid = |unless: &Predicate| {
        let mut told = matrix.attributes(broken);
        told.any(|attributes| unless.attested_by(attributes, Some(as_of)) == Truth::Unknown)
    };
    let unsaid = duty.activity.unless.as_ref().is_some_and(is_unsaid);
    (duty.activity.excuse().filter(|_| unsaid), exists)
}

/// The same behind what was observed.
fn whether(excuse: Option<&str>, exists: Option<&str>) -> String {
    let open: Vec<String> = excuse.into_iter().chain(exists).map(|words| format!("whether {words}")).collect();
    if open.is_empty() {
        String::new()
    } else {
        format!("; it is open {}", open.join(", and "))
    }
}

/// The same as what a finding does not hold for.
fn unless(excuse: Option<String>, exists: Option<String>) -> Option<String> {
    let exists = exists.map(|words| format!("the resource is another: this holds where {words}"));
    let reasons: Vec<String> = excuse.into_iter().chain(exists).collect();
    (!reasons.is_empty()).then(|| reasons.join(", or "))
}

/// The parties that answer for any of some duties: who must see to what is about all of them. Of several nobody alone answers.
pub(super) fn answering<'d>(duties: impl Iterator<Item = &'d Duty>) -> (Option<PartyIx>, Vec<PartyIx>) {
    let all: BTreeSet<PartyIx> = duties.map(|duty| duty.assignment.accountable()).collect();
    let alone = all.first().copied().filter(|_| all.len() == 1);
    (alone, all.into_iter().collect())
}

fn modes(matrix: &Matrix, catalog: &Catalog, inventory: &Inventory, list: &mut Vec<Finding>) {
    for (index, unit) in matrix.units().filter(|(_, unit)| !unit.mode_open.is_empty()) {
        let modes: Vec<String> = catalog
            .modes(&unit.split.service)
            .iter()
            .map(|mode| format!("`{}`", mode.id))
            .collect();
        let shown = unit
            .split
            .mode
            .as_ref()
            .map_or_else(|| "in its usual form".to_owned(), |mode| format!("as {}", mode.name));
        let attributes: Vec<String> = unit.settled_by.iter().map(|name| format!("`{name}`")).collect();
        let bad = matrix.count(unit.mode_open.iter().copied());
        // Of those in the same environments: the finding names these.
        let place = |index: &ResourceIx| matrix[*index].environment.as_deref();
        let places: BTreeSet<Option<&str>> = unit.mode_open.iter().map(place).collect();
        let is_open = |duty: &&Duty| duty.resources.list.iter().any(|resource| unit.mode_open.contains(resource));
        let (accountable, responsible) = answering(matrix.duties_of(index).iter().filter(is_open));
        list.push(Finding {
            how: Some(format!(
                "set `mode` to one of {}, or give {}",
                modes.join(", "),
                attributes.join(", ")
            )),
            unit: Some(index),
            accountable,
            responsible,
            resources: unit.mode_open.clone(),
            bad,
            of: matrix.count(unit.resources.iter().copied().filter(|index| places.contains(&place(index)))),
            place: unit.mode_open.first().map(|index| matrix[*index].place.clone()),
            ..general(
                inventory,
                Code::ModeUnknown,
                &[&unit.key()],
                format!(
                    "{}: it is not settled how {bad} of its resources {}, shown {shown}",
                    unit.split.name,
                    if bad == 1 { "runs" } else { "run" },
                ),
            )
        });
    }
}

fn rules(matrix: &Matrix, inventory: &Inventory, list: &mut Vec<Finding>) {
    if matrix.assigned_by_default(inventory) {
        list.push(Finding {
            how: Some("begin `assignments` with a rule without `match`".to_owned()),
            ..general(
                inventory,
                Code::AssignedByDefault,
                &[],
                "no rule says who is accountable for some activities; the first customer party stands in".to_owned(),
            )
        });
    }
    for index in &matrix.idle_rules {
        let rule = &inventory[*index];
        let letters = (&rule.responsible, &rule.accountable, &rule.consulted, &rule.informed);
        list.push(Finding {
            place: Some(rule.place.clone()),
            how: Some("later rules override it everywhere, or nothing in the inventory matches it".to_owned()),
            ..general(
                inventory,
                Code::RuleMatchesNothing,
                &[&format!("{:?} {letters:?}", rule.selector)],
                format!("assignment rule {} sets no letter", index.position() + 1),
            )
        });
    }
}

/// What is handed over by somebody else's document and no rule gives to anybody: one that names neither what is to be done nor
/// on what was not written for it.
fn upstream(matrix: &Matrix, catalog: &Catalog, inventory: &Inventory, list: &mut Vec<Finding>) {
    let names_it = |rule: &crate::raci::RuleIx| {
        let of = &inventory[*rule].selector;
        let what = of.control.is_some() || of.layer.is_some() || of.activity.is_some();
        what || of.service.is_some() || of.mode.is_some() || of.model.is_some() || of.name.is_some() || of.kind.is_some()
    };
    for (position, duty) in matrix.duties.iter().enumerate() {
        let unit = &matrix[duty.unit];
        let origin = &duty.provenance.accountable;
        if !catalog.is_upstream(&unit.split.service) || !origin.by_default && origin.rules.iter().all(names_it) {
            continue;
        }
        let about = [
            unit.split.service.as_str(),
            &duty.activity.id,
            duty.scope.environment.as_deref().unwrap_or_default(),
        ];
        list.push(Finding {
            how: Some(format!("assign it by a rule with `match: {{service: {}}}`", unit.split.service)),
            unit: Some(duty.unit),
            duty: Some(DutyIx::new(position)),
            control: Some(duty.control),
            responsible: duty.assignment.responsible().to_vec(),
            accountable: Some(duty.assignment.accountable()),
            resources: duty.resources.list.to_vec(),
            bad: duty.resources.count,
            of: duty.resources.count,
            place: duty.resources.list.first().map(|index| matrix[*index].place.clone()),
            ..general(
                inventory,
                Code::UpstreamWithoutOwner,
                &about,
                format!("{} hands over what nobody here was given: {}", unit.split.name, duty.activity.does),
            )
        });
    }
}

impl Matrix {
    /// Whether any customer's activity is assigned by default although several customer parties exist.
    #[must_use]
    pub fn assigned_by_default(&self, inventory: &Inventory) -> bool {
        super::rules::Rules::customer_is_ambiguous(inventory)
            && self
                .duties
                .iter()
                .any(|duty| duty.activity.side == crate::catalog::Side::Customer && duty.provenance.accountable.by_default)
    }

    /// The duties that a selector means, each with those of its resources that it means.
    pub(crate) fn meant_by(&self, selector: &Selector, catalog: &Catalog) -> Vec<(DutyIx, Vec<ResourceIx>)> {
        let meant = self.duties.iter().enumerate().filter_map(|(position, duty)| {
            let control = &catalog[duty.control];
            if !selector.takes_activity(&control.id, &control.layer, &duty.activity.side, &duty.activity.id) {
                return None;
            }
            let on = |index: &ResourceIx| selector.takes_subject(&self[duty.unit].subject(&self[*index]));
            let resources: Vec<ResourceIx> = duty.resources.list.iter().copied().filter(on).collect();
            (!resources.is_empty()).then_some((DutyIx::new(position), resources))
        });
        meant.collect()
    }

    /// Whether a selector means any activity of the matrix. Exceptions and evidence may mean any side that they name.
    #[must_use]
    pub fn is_meant_by(&self, selector: &Selector, catalog: &Catalog) -> bool {
        let duties = self
            .duties
            .iter()
            .map(|duty| (duty.unit, duty.control, &duty.activity, &duty.resources));
        let commitments = self
            .commitments
            .iter()
            .map(|commitment| (commitment.unit, commitment.control, &commitment.activity, &commitment.resources));
        duties.chain(commitments).any(|(unit, control, activity, resources)| {
            let control = &catalog[control];
            selector.takes_control(&control.id, &control.layer)
                && selector.takes_id(&activity.id)
                && selector.side.as_ref().is_none_or(|wanted| wanted.contains(&activity.side))
                && resources
                    .list
                    .iter()
                    .any(|index| selector.takes_subject(&self[unit].subject(&self[*index])))
        })
    }
}
