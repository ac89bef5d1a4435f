//! The figures. Each counts duties or commitments, and says which.
//!
//! In: the joined matrix. Out: counts, the verdict, and what is to be decided.

mod judgement;

use super::artefacts;
use super::context::Context;
use super::model;
use super::model::{
    ChecklistLine, ControlTypes, Decision, Freshness, ModelCount, PartyFigures, Source, SourceCounts, StateCounts, Summary,
};
use super::names::{self, grouped};
use super::resources::{data_classes, named};
use crate::catalog::ControlType;
use crate::diagnostics::Code;
use crate::raci::{ControlIx, Duty, Finding, Findings, Letters, PartyIx, ResourceIx, State, Unit, UnitIx};
use crate::text::day;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Names of resources that stand with a question.
const NAMES: usize = 20;

/// What the party is called that stands in where an inventory names none.
const NOBODY: &str = "Customer";

/// Names of resources that only support others.
const SUPPORTING: usize = 6;

/// Duties by state.
pub(super) fn count_states<'a>(duties: impl IntoIterator<Item = &'a Duty>) -> StateCounts {
    let mut counts = StateCounts::default();
    for duty in duties {
        counts.total += 1;
        *match duty.state {
            State::Met => &mut counts.met,
            State::Attested => &mut counts.attested,
            State::NotMet => &mut counts.not_met,
            State::Excepted => &mut counts.excepted,
            State::Unknown => &mut counts.unknown,
        } += 1;
    }
    counts
}

/// The figures of one party.
pub(super) struct Held {
    pub(super) duties: PartyFigures,
    pub(super) consulted: u64,
    pub(super) informed: u64,
    pub(super) commitments: u64,
}

/// What one party holds of all duties.
pub(super) fn held(context: &Context<'_>, party: PartyIx) -> Held {
    let duties = || context.matrix.duties.iter();
    let with = |letters: &[Letters]| {
        let holds = |duty: &&Duty| duty.assignment.letters(party).is_some_and(|held| letters.contains(&held));
        count_states(duties().filter(holds))
    };
    let commitments = context.matrix.commitments.iter();
    Held {
        duties: PartyFigures {
            responsible: with(&[Letters::R, Letters::AR]),
            accountable: with(&[Letters::A, Letters::AR]),
        },
        consulted: with(&[Letters::C]).total,
        informed: with(&[Letters::I]).total,
        commitments: commitments.filter(|commitment| commitment.assignment.is_held_by(party)).count() as u64,
    }
}

/// All figures but those of the controls and sources, which are counted where they are listed.
pub(super) fn summary(context: &Context<'_>, findings: &Findings, supporting: &[ResourceIx], as_of: Date) -> Summary {
    let matrix = context.matrix;
    let types = || {
        matrix
            .units
            .iter()
            .flat_map(|unit| &unit.controls)
            .map(|control| control.control_type)
    };
    let count_type = |wanted| types().filter(|found| *found == wanted).count() as u64;
    let deployed = |accounts: bool| -> BTreeSet<ResourceIx> {
        let units = matrix.units.iter().filter(|unit| unit.is_account() == accounts);
        units.flat_map(|unit| unit.resources.iter().copied()).collect()
    };
    let services = matrix.units.iter().map(|unit| unit.split.service.as_str());
    let not_met: Vec<&Finding> = findings.list.iter().filter(|finding| finding.code == Code::DutyNotMet).collect();
    let rule = &context.inventory.severity;
    let classes = |finding: &Finding| {
        let data = finding.resources.iter().flat_map(|index| &matrix[*index].data);
        let classified = data.filter(|class| rule.is_classified(class)).map(ToString::to_string);
        classified.collect::<BTreeSet<String>>()
    };
    let on_data: Vec<BTreeSet<String>> = not_met.into_iter().map(classes).filter(|classes| !classes.is_empty()).collect();
    let attested_by_doer = matrix.duties.iter().filter(|duty| judgement::is_own_word(context, duty)).count() as u64;
    let duties = count_states(&matrix.duties);
    let supporting_names: Vec<String> = named(context, supporting);
    Summary {
        judgement: judgement::judgement(context, findings, as_of, &duties, attested_by_doer),
        verdict: verdict(context, &duties),
        services: matrix.units.len() as u64,
        products: services.collect::<BTreeSet<_>>().len() as u64,
        resources: matrix.count(deployed(false)),
        accounts: matrix.count(deployed(true)),
        supporting: matrix.units.iter().map(|unit| unit.supporting).sum(),
        supporting_more: supporting_names.len().saturating_sub(SUPPORTING) as u64,
        supporting_names: supporting_names.into_iter().take(SUPPORTING).collect(),
        in_words: duties.in_words(),
        duties,
        attested_by_doer,
        lapsed_at_issue: artefacts::lapsed_at_issue(context),
        not_met_on_data: on_data.len() as u64,
        classified: on_data.into_iter().flatten().collect::<BTreeSet<_>>().into_iter().collect(),
        commitments: matrix.commitments.len() as u64,
        controls: ControlTypes {
            inherited: count_type(Some(ControlType::Inherited)),
            shared: count_type(Some(ControlType::Shared)),
            customer_specific: count_type(Some(ControlType::CustomerSpecific)),
            partner_specific: count_type(Some(ControlType::PartnerSpecific)),
            not_applicable: count_type(None),
        },
        findings: findings.list.len() as u64,
        unclassified: matrix.count(matrix.unclassified.iter().copied()),
        sources: SourceCounts::default(),
        by_model: by_model(context),
        by_control: Vec::new(),
        decisions: Vec::new(),
    }
}

/// `Of 12 duties 5 are met and 7 are unknown`: the states that there are, best first.
fn by_state(duties: &StateCounts) -> String {
    let states = [
        (duties.met, "met"),
        (duties.attested, "attested"),
        (duties.not_met, "not met"),
        (duties.excepted, "excepted"),
        (duties.unknown, "unknown"),
    ];
    let verb = |number: u64| if number == 1 { "is" } else { "are" };
    let states: Vec<(u64, &str)> = states.into_iter().filter(|(number, _)| *number > 0).collect();
    match (states.as_slice(), duties.total) {
        ([(1, word)], 1) => format!("The only duty is {word}"),
        ([(_, word)], all) => format!("All {} duties are {word}", grouped(all)),
        (some, all) => {
            let some = some
                .iter()
                .map(|(number, word)| format!("{} {} {word}", grouped(*number), verb(*number)));
            format!("Of {} duties {}", grouped(all), joined(&some.collect::<Vec<_>>()))
        }
    }
}

/// One sentence: how many duties are in which state, and whose they are; where there are commitments alone, how many these are.
fn verdict(context: &Context<'_>, duties: &StateCounts) -> String {
    if let Some(text) = promised(context).filter(|_| duties.total == 0) {
        return text;
    }
    let mut text = by_state(duties);
    let held: Vec<(PartyIx, u64)> = (0..context.inventory.parties.len())
        .map(PartyIx::new)
        .map(|party| {
            (
                party,
                context
                    .matrix
                    .duties
                    .iter()
                    .filter(|duty| duty.assignment.accountable() == party)
                    .count() as u64,
            )
        })
        .filter(|(_, number)| *number > 0)
        .collect();
    let parties: Vec<String> = held
        .iter()
        .enumerate()
        .map(|(position, (party, number))| {
            let verb = if position == 0 { "answers (A) for" } else { "for" };
            // The one that stands in where nobody is named has no name of its own.
            let name = match context.inventory[*party].name.as_str() {
                NOBODY => "the customer",
                name => name,
            };
            format!("{name} {verb} {}", grouped(*number))
        })
        .collect();
    if !parties.is_empty() {
        text.push_str("; ");
        text.push_str(&joined(&parties));
    }
    if let Some(handover) = &context.inventory.handover {
        let from = PartyIx::new(handover.from);
        let own = || context.matrix.duties.iter().filter(|duty| duty.assignment.is_held_by(from));
        let moving = own().filter(|duty| duty.after.is_some()).count() as u64;
        let total = own().count() as u64;
        let holds = if own().all(|duty| duty.assignment.responsible().contains(&from)) {
            "does (R)"
        } else {
            "holds"
        };
        if moving > 0 {
            let verb = if moving == 1 { "moves" } else { "move" };
            text.push_str(&format!(
                "; {} {holds} {}, {} of which {verb} to {} on {}",
                context.inventory[from].name,
                grouped(total),
                grouped(moving),
                context.inventory[PartyIx::new(handover.to)].name,
                day(handover.date),
            ));
            text.push_str(&held_later(context));
        }
    }
    text.push('.');
    text
}

/// In a report that is cut to who takes over: how many of the duties it holds from the handover on, and not before.
fn held_later(context: &Context<'_>) -> String {
    let Some(party) = context.cut_to() else {
        return String::new();
    };
    let later = context.matrix.duties.iter().filter(|duty| !duty.assignment.is_held_by(party));
    match later.count() as u64 {
        0 => String::new(),
        number => format!(", which holds {} of them only from that day on", grouped(number)),
    }
}

/// What providers do, where nobody has a duty; none where they do nothing either.
fn promised(context: &Context<'_>) -> Option<String> {
    let commitments = &context.matrix.commitments;
    let by: BTreeSet<PartyIx> = commitments.iter().map(|one| one.assignment.accountable()).collect();
    let names: Vec<String> = by.iter().map(|party| context.inventory[*party].name.clone()).collect();
    let units: BTreeSet<UnitIx> = commitments.iter().map(|one| one.unit).collect();
    let (number, units) = (commitments.len() as u64, units.len() as u64);
    let noun = |number: u64, one: &'static str, many: &'static str| if number == 1 { one } else { many };
    (number > 0).then(|| {
        format!(
            "{} {} {} {} on {} {}. None is a duty of anybody else, and none has a state: who makes them does all of it and answers for it.",
            joined(&names),
            noun(by.len() as u64, "has", "have"),
            grouped(number),
            noun(number, "commitment", "commitments"),
            grouped(units),
            noun(units, "service", "services and modes"),
        )
    })
}

/// `a, b and c`.
fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn by_model(context: &Context<'_>) -> Vec<ModelCount> {
    let matrix = context.matrix;
    let models = context.catalog.models();
    models
        .filter_map(|model| {
            let units: Vec<(UnitIx, &Unit)> = matrix.units().filter(|(_, unit)| unit.split.model == model.id).collect();
            if units.is_empty() {
                return None;
            }
            let of_type = |wanted| {
                let controls = units.iter().flat_map(|(_, unit)| &unit.controls);
                controls.filter(|control| control.control_type == Some(wanted)).count() as u64
            };
            let sum = |count: &dyn Fn(UnitIx) -> usize| units.iter().map(|(index, _)| count(*index) as u64).sum();
            Some(ModelCount {
                model: model.id.clone(),
                name: model.name.clone(),
                services: units.len() as u64,
                inherited: of_type(ControlType::Inherited),
                shared: of_type(ControlType::Shared),
                customer_specific: of_type(ControlType::CustomerSpecific),
                partner_specific: of_type(ControlType::PartnerSpecific),
                commitments: sum(&|index| matrix.commitments_of(index).len()),
                duties: sum(&|index| matrix.duties_of(index).len()),
            })
        })
        .collect()
}

/// One line a control with duties.
pub(super) fn checklist(context: &Context<'_>) -> Vec<ChecklistLine> {
    let controls = context.catalog.controls.iter().enumerate();
    controls
        .filter_map(|(position, control)| {
            let of_control = |duty: &&Duty| duty.control == ControlIx::new(position);
            let duties: Vec<&Duty> = context.matrix.duties.iter().filter(of_control).collect();
            let services: BTreeSet<UnitIx> = duties.iter().map(|duty| duty.unit).collect();
            let parties: BTreeSet<PartyIx> = duties.iter().map(|duty| duty.assignment.accountable()).collect();
            let states = count_states(duties.iter().copied());
            (!duties.is_empty()).then(|| ChecklistLine {
                title: control.title.clone(),
                control: control.id.clone(),
                duties: duties.len() as u64,
                services: services.len() as u64,
                not_met: duties.iter().filter(|duty| duty.state == State::NotMet).count() as u64,
                in_words: states.in_words(),
                states,
                parties: parties
                    .into_iter()
                    .map(|party| context.short(party).to_owned())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
        })
        .collect()
}

/// Sources by freshness.
pub(super) fn count_sources(sources: &[Source]) -> SourceCounts {
    let count = |wanted| sources.iter().filter(|source| source.freshness == wanted).count() as u64;
    SourceCounts {
        total: sources.len() as u64,
        fresh: count(Freshness::Fresh),
        stale: count(Freshness::Stale),
        later: count(Freshness::Later),
        unverified: count(Freshness::Unverified),
        last_read: sources.iter().filter_map(|source| source.reviewed.clone()).max(),
    }
}

/// What somebody must decide: whether what the configuration shows is meant, and findings that no duty's owner can mend by
/// doing it.
pub(super) fn decisions(context: &Context<'_>, findings: &[model::Finding], unclassified: u64) -> Vec<Decision> {
    let mut decisions: Vec<Decision> = findings
        .iter()
        .filter_map(|finding| {
            let kind = match Code::from_id(&finding.code)? {
                Code::ExceptionExpired => "exception",
                Code::DutyNotMet if finding.exception_expired.is_some() => "exception",
                Code::EvidenceOverdue => "evidence",
                Code::ModeUnknown => "mode",
                Code::AssignedByDefault => "assignment",
                Code::HandoverOverdue => "handover",
                _ => return None,
            };
            Some(Decision {
                kind,
                // What is about a service has its section to lead to.
                place: finding.place.clone().filter(|_| finding.service.is_none()),
                owner: finding.owner.clone(),
                finding: Some(finding.id.clone()),
                due: finding.due.clone(),
                overdue: finding.overdue,
                ..decision("", asks(context, finding))
            })
        })
        .collect();
    if unclassified > 0 {
        // What holds classified data is a finding, and has a day: what must be said of it settles the rest, too.
        let told = || findings.iter().filter(|finding| finding.code == Code::UnclassifiedData.id());
        let noun = if unclassified == 1 {
            "resource belongs"
        } else {
            "resources belong"
        };
        let classes = data_classes(context.matrix.unclassified.iter().map(|index| &context.matrix[*index]));
        let data = if classes.is_empty() {
            String::new()
        } else {
            format!(", with {} data", classes.join(" and "))
        };
        decisions.push(Decision {
            resources: unknown_ones(context),
            owner: owners(context, &context.matrix.unclassified),
            due: told().filter_map(|finding| finding.due.clone()).min(),
            overdue: told().any(|finding| finding.overdue),
            ..decision(
                "unclassified",
                format!("{unclassified} {noun} to no service of the catalog{data}, and no figure counts their duties"),
            )
        });
    }
    let mut asked: Vec<&Duty> = context.matrix.duties.iter().filter(|duty| !duty.asked.is_empty()).collect();
    asked.sort_by_key(|duty| duty.activity.severity);
    decisions.extend(asked.into_iter().map(|duty| question(context, duty)));
    // Exceptions that have expired come first, then what should have been decided already.
    decisions.sort_by_key(|decision| (decision.kind != "exception", !decision.overdue));
    decisions
}

/// What a finding asks somebody to decide.
fn asks(context: &Context<'_>, finding: &model::Finding) -> String {
    match Code::from_id(&finding.code) {
        Some(Code::DutyNotMet) => of_exception(context, finding),
        Some(Code::ModeUnknown) => of_mode(context, finding),
        _ => None,
    }
    .unwrap_or_else(|| finding.message.clone())
}

/// What is to become of an exception that has expired, and of what it excused.
fn of_exception(context: &Context<'_>, finding: &model::Finding) -> Option<String> {
    let expired = finding.exception_expired.as_ref()?;
    let is_meant = |reason: &str| finding.message.contains(&format!("\"{reason}\""));
    let mut exceptions = context.inventory.exceptions.iter();
    let exception = exceptions.find(|one| one.expires.is_some_and(|day| day.to_string() == *expired) && is_meant(&one.reason))?;
    let service = finding.service_title.as_deref()?;
    let place = finding.environment.as_ref().map_or_else(String::new, |name| format!(", {name}"));
    Some(format!(
        "{service}{place}: the exception \"{}\" expired on {expired}, so mend what it excused or have it approved anew",
        exception.reason
    ))
}

/// How resources run, and what the inventory must state to settle it.
fn of_mode(context: &Context<'_>, finding: &model::Finding) -> Option<String> {
    let mut units = context.matrix.units.iter();
    let unit = units.find(|unit| {
        let mode = unit.split.mode.as_ref().map(|mode| &mode.id);
        Some(&unit.split.service) == finding.service.as_ref() && mode == finding.mode.as_ref()
    })?;
    let shown = match &unit.split.mode {
        Some(mode) => format!("as {}", mode.name),
        None => "in the usual form".to_owned(),
    };
    // Of many attributes the finding tells which settle it.
    let settled_by = unit.settled_by.as_slice();
    let attributes = settled_by
        .iter()
        .filter(|_| settled_by.len() <= 2)
        .map(|name| format!("`{name}`, or "));
    Some(format!(
        "{}: it is not settled how {} {}, shown {shown}: state {}`mode`",
        unit.split.name,
        finding.resources_in_short,
        if finding.count == 1 { "runs" } else { "run" },
        attributes.collect::<String>()
    ))
}

/// What is unclassified, by name and type: its name alone may be that of something else.
fn unknown_ones(context: &Context<'_>) -> Vec<String> {
    let all = context.matrix.unclassified.iter().map(|index| &context.matrix[*index]);
    let names: BTreeSet<String> = all.map(|resource| resource.label_and_kind()).collect();
    names.into_iter().take(NAMES).collect()
}

/// Who owns resources, joined; none where nobody is named for any.
fn owners(context: &Context<'_>, resources: &[ResourceIx]) -> Option<String> {
    let of = |index: &ResourceIx| context.matrix[*index].owner.as_deref();
    let named: BTreeSet<&str> = resources.iter().filter_map(of).collect();
    let others = context.matrix.count(resources.iter().copied().filter(|index| of(index).is_none()));
    let mut named: Vec<String> = named.into_iter().map(|owner| context.owner(owner)).collect();
    if named.is_empty() {
        return None;
    }
    if others > 0 {
        named.push(format!("nobody named for {others}"));
    }
    Some(named.join("; "))
}

fn decision(kind: &'static str, text: String) -> Decision {
    Decision {
        kind,
        text,
        owner: None,
        due: None,
        overdue: false,
        finding: None,
        duty: None,
        anchor: None,
        resources: Vec::new(),
        place: None,
    }
}

/// Whether what a duty's resources show is meant.
fn question(context: &Context<'_>, duty: &Duty) -> Decision {
    let unit = &context.matrix[duty.unit];
    let place = duty.scope.environment.as_ref().map_or_else(String::new, |name| format!(", {name}"));
    let text = duty.activity.unmet.as_ref().unwrap_or(&duty.activity.does);
    let count = context.matrix.count(duty.asked.iter().copied());
    let noun = if duty.resources.count == 1 { "resource" } else { "resources" };
    let resources = duty.asked.iter().map(|index| context.matrix[*index].label().to_owned());
    Decision {
        owner: Some(names::holders(&context.shorts, &duty.assignment)),
        duty: Some(duty.id.text().clone()),
        anchor: Some(names::anchor(unit)),
        resources: resources.take(NAMES).collect(),
        ..decision(
            "question",
            format!(
                "{}{place}: {text} ({count} of {} {noun}); confirm that this is meant, or change it",
                unit.split.name, duty.resources.count
            ),
        )
    }
}
