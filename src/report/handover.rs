//! What moves at a handover, what stays, and what else a takeover needs.
//!
//! In: the joined matrix, its findings and the inventory's handover. Out: the Report's. In a report that is cut to a party,
//! what that party holds, grants, gets, loses or does.

mod blockers;
mod decisions;
mod evidence;

use super::activities::standing;
use super::artefacts;
use super::context::Context;
use super::duties::Ids;
use super::model::{AccessChange, ExitTask, Handover, Move, Runbook};
use super::names;
use crate::inventory::{self, Selector};
use crate::raci::{Duty, Findings, PartyIx, ResourceIx};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Names of resources that stand with a duty.
const NAMES: usize = 20;

/// The handover, as of a date.
pub(super) fn handover(context: &Context<'_>, findings: &Findings, as_of: Date) -> Handover {
    let Some(planned) = &context.inventory.handover else {
        return Handover::default();
    };
    let of = Of {
        context,
        planned,
        ids: Ids::of(context),
        from: PartyIx::new(planned.from),
        to: PartyIx::new(planned.to),
        as_of,
    };
    let held = || context.matrix.duties.iter().filter(|duty| duty.assignment.is_held_by(of.from));
    let mut moves: Vec<&Duty> = held().filter(|duty| duty.after.is_some()).collect();
    let mut stays: Vec<&Duty> = held().filter(|duty| duty.after.is_none()).collect();
    // Control by control, as both sides go through them.
    moves.sort_by_key(|duty| duty.control);
    stays.sort_by_key(|duty| duty.control);
    let runbooks = of.runbooks(&moves);
    let mut handover = Handover {
        planned: true,
        from: Some(context.inventory[of.from].name.clone()),
        to: Some(context.inventory[of.to].name.clone()),
        from_party: Some(context.party_id(of.from)),
        to_party: Some(context.party_id(of.to)),
        date: Some(planned.date.to_string()),
        open: of.open(findings),
        moves: moves.into_iter().map(|duty| of.moving(duty)).collect(),
        stays: stays.into_iter().map(|duty| of.staying(duty)).collect(),
        access: of.access(),
        runbooks,
        exit: of.exit(),
        blockers: Vec::new(),
    };
    handover.blockers = blockers::blockers(&of, &handover, findings);
    handover
}

/// A handover on its way into a Report.
struct Of<'a> {
    context: &'a Context<'a>,
    planned: &'a inventory::Handover,
    ids: Ids,
    from: PartyIx,
    to: PartyIx,
    as_of: Date,
}

impl Of<'_> {
    /// Whether a selector takes a duty, on any of its resources.
    fn takes(&self, selector: &Selector, duty: &Duty) -> bool {
        let (context, control) = (self.context, &self.context.catalog[duty.control]);
        let unit = &context.matrix[duty.unit];
        selector.takes_activity(&control.id, &control.layer, &duty.activity.side, &duty.activity.id)
            && duty.resources.list.iter().any(|index| context.takes(selector, unit, *index))
    }

    fn moving(&self, duty: &Duty) -> Move {
        let context = self.context;
        let (service, mode) = self.ids.services[duty.unit.position()].clone();
        let (attested_until, attested_by) = artefacts::attested_until(context, duty).unzip();
        let runbooks = self.planned.runbooks.iter().filter(|runbook| self.takes(&runbook.selector, duty));
        let resources = || {
            duty.resources
                .list
                .iter()
                .map(|index| (context.matrix[*index].label(), context.matrix[*index].count))
        };
        Move {
            duty: duty.id.text().clone(),
            id: duty.activity.id.clone(),
            service,
            mode,
            control: self.ids.controls[duty.control.position()].clone(),
            control_title: context.catalog[duty.control].title.clone(),
            does: duty.activity.does.clone(),
            how: context.catalog.how(&duty.activity, &context.inventory[duty.operator].id),
            cadence: duty.activity.cadence,
            evidence: duty.activity.evidence.clone(),
            before: names::holders(&context.shorts, &duty.assignment),
            after: names::holders(&context.shorts, duty.after.as_ref().unwrap_or(&duty.assignment)),
            scope: names::scope(&duty.scope),
            resources: resources().take(NAMES).map(|(name, _)| name.to_owned()).collect(),
            count: duty.resources.count,
            resources_in_short: names::few(resources()),
            state: standing(duty.state),
            attested_until: attested_until.map(|day| day.to_string()),
            attested_by: attested_by.map(|evidence| context.inventory[evidence].artefact.clone()),
            runbooks: runbooks.map(|runbook| runbook.title.clone()).collect(),
            reason: None,
            until: None,
            then: None,
        }
    }

    fn staying(&self, duty: &Duty) -> Move {
        let keep = self.planned.keeps.iter().find(|keep| self.takes(&keep.selector, duty));
        Move {
            reason: keep.and_then(|keep| keep.reason.clone()),
            until: keep.and_then(|keep| keep.until).map(|until| until.to_string()),
            then: keep.and_then(|keep| keep.then).map(|party| self.called(party).1),
            ..self.moving(duty)
        }
    }

    fn runbooks(&self, moves: &[&Duty]) -> Vec<Runbook> {
        let all = self.planned.runbooks.iter().map(|runbook| Runbook {
            title: runbook.title.clone(),
            location: runbook.location.clone(),
            duties: moves.iter().filter(|duty| self.takes(&runbook.selector, duty)).count() as u64,
        });
        all.filter(|runbook| runbook.duties > 0 || !self.context.matrix.is_cut).collect()
    }

    /// Whether an entry that names these parties is told: all, unless the report is cut to a party that is none of both sides.
    fn concerns(&self, parties: &[Option<usize>]) -> bool {
        let is_told = |only: &str| {
            let named = parties.iter().flatten().map(|party| self.context.party_id(PartyIx::new(*party)));
            named.into_iter().any(|id| *id == *only)
        };
        self.context.is_for_a_side() || self.context.party.is_none_or(is_told)
    }

    /// A party by its id and name.
    fn called(&self, party: usize) -> (std::sync::Arc<str>, String) {
        let party = &self.context.inventory[PartyIx::new(party)];
        (party.id.clone(), party.name.clone())
    }

    fn access(&self) -> Vec<AccessChange> {
        let told = self.planned.access.iter().filter(|one| self.concerns(&[Some(one.party), one.by]));
        let mut access: Vec<(Date, AccessChange)> = told
            .map(|one| {
                let (party, party_name) = self.called(one.party);
                let (by, by_name) = one.by.map(|by| self.called(by)).unzip();
                let change = AccessChange {
                    kind: if one.is_granted { "grant" } else { "revoke" },
                    what: one.what.clone(),
                    party,
                    party_name,
                    by,
                    by_name,
                    due: one.due.to_string(),
                    overdue: one.due < self.as_of,
                };
                (one.due, change)
            })
            .collect();
        access.sort_by_key(|(due, one)| (one.kind, *due));
        access.into_iter().map(|(_, one)| one).collect()
    }

    fn exit(&self) -> Vec<ExitTask> {
        // What nobody is named for is for both sides to settle.
        let both = [Some(self.planned.from), Some(self.planned.to)];
        let is_told = |one: &&inventory::Exit| match one.owner {
            Some(owner) => self.concerns(&[Some(owner)]),
            None => self.concerns(&both),
        };
        let mut tasks: Vec<&inventory::Exit> = self.planned.exit.iter().filter(is_told).collect();
        tasks.sort_by_key(|one| one.due);
        tasks
            .into_iter()
            .map(|one| {
                let (owner, owner_name) = one.owner.map(|owner| self.called(owner)).unzip();
                ExitTask {
                    task: one.task.clone(),
                    owner,
                    owner_name,
                    due: one.due.to_string(),
                    overdue: one.due < self.as_of,
                }
            })
            .collect()
    }

    /// Findings on duties of who hands over, on exceptions and evidence for them, and on entries of the plan that mean nothing.
    fn open(&self, findings: &Findings) -> Vec<String> {
        let (matrix, inventory) = (self.context.matrix, self.context.inventory);
        let held = || matrix.duties.iter().filter(|duty| duty.assignment.is_held_by(self.from));
        let exceptions = inventory.exceptions.iter().map(|one| (&one.place, &one.selector));
        let evidence = inventory.evidence.iter().map(|one| (&one.place, &one.selector));
        let concerned: Vec<_> = exceptions
            .chain(evidence)
            .filter(|(_, selector)| held().any(|duty| self.takes(selector, duty)))
            .map(|(place, _)| place)
            .chain(self.planned.keeps.iter().map(|keep| &keep.place))
            .chain(self.planned.runbooks.iter().map(|runbook| &runbook.place))
            .collect();
        let concerns = |finding: &&crate::raci::Finding| match finding.duty {
            Some(duty) => matrix[duty].assignment.is_held_by(self.from),
            // How some of a service's resources run.
            None if !finding.resources.is_empty() => {
                let open: BTreeSet<&ResourceIx> = finding.resources.iter().collect();
                let is_one = |index: &ResourceIx| open.contains(index);
                held().any(|duty| Some(duty.unit) == finding.unit && duty.resources.list.iter().any(is_one))
            }
            None => finding.place.as_ref().is_some_and(|place| concerned.contains(&place)),
        };
        findings.list.iter().filter(concerns).map(|finding| finding.id.clone()).collect()
    }
}
