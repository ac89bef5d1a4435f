//! What moves at a handover, what stays, and what else a takeover needs.
//!
//! In: the joined matrix, its findings and the inventory's handover. Out: the Report's. In a report that is cut to a party,
//! what that party holds, grants, gets, loses or does.

use super::activities::standing;
use super::context::Context;
use super::duties::Ids;
use super::model::{AccessChange, Blocker, ExitTask, Handover, Move, Runbook, Standing};
use super::names;
use crate::inventory::{self, Selector};
use crate::raci::{Duty, Findings, PartyIx};
use jiff::civil::Date;

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
    handover.blockers = of.blockers(&handover);
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
        let runbooks = self.planned.runbooks.iter().filter(|runbook| self.takes(&runbook.selector, duty));
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
            state: standing(duty.state),
            runbooks: runbooks.map(|runbook| runbook.title.clone()).collect(),
            reason: None,
            until: None,
        }
    }

    fn staying(&self, duty: &Duty) -> Move {
        let keep = self.planned.keeps.iter().find(|keep| self.takes(&keep.selector, duty));
        Move {
            reason: keep.and_then(|keep| keep.reason.clone()),
            until: keep.and_then(|keep| keep.until).map(|until| until.to_string()),
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

    /// Whether an entry that names these parties is told: all, unless the report is cut to a party.
    fn concerns(&self, parties: &[Option<usize>]) -> bool {
        let is_told = |only: &str| {
            let named = parties.iter().flatten().map(|party| self.context.party_id(PartyIx::new(*party)));
            named.into_iter().any(|id| *id == *only)
        };
        self.context.party.is_none_or(is_told)
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

    /// Findings on duties of who hands over, and on exceptions and evidence for them.
    fn open(&self, findings: &Findings) -> Vec<String> {
        let (matrix, inventory) = (self.context.matrix, self.context.inventory);
        let held = || matrix.duties.iter().filter(|duty| duty.assignment.is_held_by(self.from));
        let exceptions = inventory.exceptions.iter().map(|one| (&one.place, &one.selector));
        let evidence = inventory.evidence.iter().map(|one| (&one.place, &one.selector));
        let concerned: Vec<_> = exceptions
            .chain(evidence)
            .filter(|(_, selector)| held().any(|duty| self.takes(selector, duty)))
            .map(|(place, _)| place)
            .collect();
        let concerns = |finding: &&crate::raci::Finding| match finding.duty {
            Some(duty) => matrix[duty].assignment.is_held_by(self.from),
            None => finding.place.as_ref().is_some_and(|place| concerned.contains(&place)),
        };
        findings.list.iter().filter(concerns).map(|finding| finding.id.clone()).collect()
    }

    /// What stands in the way, in the order in which it is told.
    fn blockers(&self, handover: &Handover) -> Vec<Blocker> {
        let counted = |kind, list: &mut dyn Iterator<Item = bool>, one: &str, many: &str| {
            let count = list.filter(|is_meant| *is_meant).count() as u64;
            let text = if count == 1 {
                format!("1 {one}")
            } else {
                format!("{count} {many}")
            };
            (count > 0).then_some(Blocker { kind, count, text })
        };
        let (moves, access, exit) = (&handover.moves, &handover.access, &handover.exit);
        let named = |party: PartyIx| {
            let party = &self.context.inventory[party];
            (self.context.party.is_none_or(|only| *only == *party.id)).then_some(party)
        };
        let silent: Vec<&str> = [self.from, self.to]
            .into_iter()
            .filter_map(named)
            .filter(|party| party.contact.is_none() && party.phone.is_none())
            .map(|party| party.name.as_str())
            .collect();
        let found = [
            counted(
                "not-met",
                &mut moves.iter().map(|one| one.state == Standing::NotMet),
                "duty that moves is not met today",
                "duties that move are not met today",
            ),
            counted(
                "runbook",
                &mut moves.iter().map(|one| one.runbooks.is_empty()),
                "duty that moves has no runbook",
                "duties that move have no runbook",
            ),
            counted(
                "keep",
                &mut handover.stays.iter().map(|one| one.reason.is_none() || one.until.is_none()),
                "duty stays without a reason or without an end",
                "duties stay without a reason or without an end",
            ),
            counted(
                "access",
                &mut access.iter().map(|one| one.by.is_none()),
                "change of access is nobody's to make",
                "changes of access are nobody's to make",
            ),
            counted(
                "exit",
                &mut exit.iter().map(|one| one.owner.is_none()),
                "exit task is nobody's",
                "exit tasks are nobody's",
            ),
            counted(
                "overdue",
                &mut access.iter().map(|one| one.overdue).chain(exit.iter().map(|one| one.overdue)),
                "change of access or exit task was due before this report's date",
                "changes of access and exit tasks were due before this report's date",
            ),
            (!silent.is_empty()).then(|| Blocker {
                kind: "contact",
                count: silent.len() as u64,
                text: format!("Nobody says how to reach {}", silent.join(" or ")),
            }),
        ];
        found.into_iter().flatten().collect()
    }
}
