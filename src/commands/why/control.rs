//! Every activity of a control on a service, its letters, and what set them.
//!
//! In: a joined workspace, units and a control. Out: text.

use super::duties::Asked;
use super::earlier::Earlier;
use super::shown;
use crate::catalog::{Activity, Level, Side, partitions};
use crate::commands::workspace::Workspace;
use crate::diagnostics::SourceMap;
use crate::raci::{Assignment, Duty, Letters, Origin, PartyIx, Provenance, State, UnitIx};
use std::fmt::Write as _;

/// The activities of a control on some units.
pub(super) fn of(workspace: &Workspace, units: &[UnitIx], control: &str, earlier: Option<&Earlier>) -> String {
    let mut out = String::new();
    for unit in units {
        describe(workspace, (*unit, control), earlier, &mut out);
    }
    out
}

fn describe(workspace: &Workspace, (index, id): (UnitIx, &str), earlier: Option<&Earlier>, out: &mut String) {
    let unit = &workspace.matrix[index];
    let _ = writeln!(out, "{}: {}", unit.key(), unit.split.name);
    let _ = writeln!(out, "  why this split: {}", unit.split.why);
    for of in unit.controls.iter().filter(|of| workspace.catalog[of.control].id == *id) {
        match (of.control_type, &of.not_applicable) {
            (Some(found), _) => {
                let _ = writeln!(out, "  {id}: {}", found.id());
            }
            (None, Some(reason)) => {
                let _ = writeln!(out, "  {id} does not apply: {reason}");
            }
            (None, None) => {}
        }
        let commitments = workspace.matrix.commitments_of(index).iter();
        for commitment in commitments.filter(|commitment| commitment.control == of.control) {
            let _ = writeln!(out, "\n  {} ({})", commitment.activity.does, commitment.activity.side);
            holders(workspace, &commitment.activity, &commitment.assignment, &commitment.provenance, out);
            operated(workspace, &commitment.activity, commitment.assignment.accountable(), out);
            basis(&commitment.activity, unit, out);
        }
        for duty in workspace.matrix.duties_of(index).iter().filter(|duty| duty.control == of.control) {
            describe_duty(workspace, duty, earlier, out);
        }
    }
    out.push('\n');
}

fn describe_duty(workspace: &Workspace, duty: &Duty, earlier: Option<&Earlier>, out: &mut String) {
    let unit = &workspace.matrix[duty.unit];
    let _ = writeln!(out, "\n  {} ({})", duty.activity.does, duty.activity.side);
    let scope = [&duty.scope.environment, &duty.scope.apart];
    let scope: Vec<&str> = scope.into_iter().flatten().map(|part| &**part).collect();
    if !scope.is_empty() {
        let _ = writeln!(out, "    in       {}", scope.join(", "));
    }
    let names: Vec<&str> = duty
        .resources
        .list
        .iter()
        .take(6)
        .map(|index| workspace.matrix[*index].label())
        .collect();
    let more = duty.resources.list.len().saturating_sub(6);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    if !names.is_empty() {
        let _ = writeln!(out, "    on       {}{more}", names.join(", "));
    }
    holders(workspace, &duty.activity, &duty.assignment, &duty.provenance, out);
    let bad = workspace.matrix.count(duty.not_met());
    let state = match duty.state {
        State::NotMet => format!("not-met on {bad} of {}", duty.resources.count),
        State::Unknown if duty.is_judged_by_configuration() => "unknown: the inventory does not give what would show it".to_owned(),
        State::Unknown => "unknown: only evidence can show it".to_owned(),
        state => state.word().to_owned(),
    };
    let _ = writeln!(out, "    state    {state}");
    let asked = Asked {
        earlier,
        ..Asked::default()
    };
    for (label, words) in shown::lines(workspace, duty, &asked) {
        let _ = writeln!(out, "    {label:<8} {words}");
    }
    if let Some(met_when) = &duty.activity.met_when {
        let _ = writeln!(out, "    met when {}", met_when.words());
    }
    if let Some(attested_when) = &duty.activity.attested_when {
        let _ = writeln!(out, "    shown by {}", attested_when.words());
    }
    if let Some(disproved_when) = &duty.activity.disproved_when {
        let _ = writeln!(out, "    not met when {}", disproved_when.words());
    }
    if let Some(how) = workspace.catalog.how(&duty.activity, &workspace.inventory[duty.operator].id) {
        let _ = writeln!(out, "    how      {how}");
    }
    if let Some(cadence) = duty.activity.cadence {
        let _ = writeln!(out, "    cadence  {cadence}");
    }
    basis(&duty.activity, unit, out);
    let _ = writeln!(out, "    id       {}", duty.id);
}

/// Who holds which letter, and what set it.
fn holders(workspace: &Workspace, activity: &Activity, assignment: &Assignment, provenance: &Provenance, out: &mut String) {
    for (position, party) in workspace.inventory.parties.iter().enumerate() {
        let Some(letters) = assignment.letters(PartyIx::new(position)) else {
            continue;
        };
        let origin = origin(workspace, activity, provenance, letters);
        let _ = writeln!(out, "    {:<4} {:<24} {origin}", letters.to_string(), party.id);
    }
}

/// Why it falls to another operator than the provider: what that one operates, and who says so.
fn operated(workspace: &Workspace, activity: &Activity, operator: PartyIx, out: &mut String) {
    let party = &workspace.inventory[operator];
    if !workspace.catalog.is_another(activity, &party.id) {
        return;
    }
    let mut sources = SourceMap::default();
    for (path, text) in partitions::texts() {
        sources.insert(path, text);
    }
    let operations = partitions::operations(&party.id);
    let positions = sources.positions(operations.iter().map(|operation| &operation.place));
    for operation in &operations {
        let place = positions.show(&operation.place);
        let basis = operation.source.map(|source| {
            let reviewed = source.reviewed.as_deref();
            let reviewed = reviewed.map_or_else(|| "unverified".to_owned(), |date| format!("reviewed {date}"));
            format!(": {} ({reviewed})", source.url)
        });
        let _ = writeln!(out, "    operates {} by {place}{}", operation.what, basis.unwrap_or_default());
    }
}

/// Where an activity exists, and where the catalog has it from.
fn basis(activity: &Activity, unit: &crate::raci::Unit, out: &mut String) {
    if let Some(condition) = activity.condition() {
        let _ = writeln!(out, "    where    {condition}");
    }
    let level = match activity.from {
        Level::Model => format!("service model {}", activity.id.split('.').next().unwrap_or(&unit.split.model)),
        Level::Service => format!("service {}", unit.split.service),
        Level::Mode => "mode".to_owned(),
        Level::Overlay => "overlay".to_owned(),
    };
    let _ = writeln!(out, "    from     {level} ({})", activity.id);
    let source = &activity.source;
    let reviewed = source
        .reviewed
        .as_deref()
        .map_or_else(|| "unverified".to_owned(), |date| format!("reviewed {date}"));
    let _ = writeln!(out, "    source   {} ({reviewed})", source.url);
}

fn origin(workspace: &Workspace, activity: &Activity, provenance: &Provenance, letters: Letters) -> String {
    let by = |origin: &Origin, otherwise: &str| {
        let rules = origin.rules.iter().map(|rule| {
            let place = &workspace.inventory[*rule].place;
            format!("rule at {}", workspace.sources.positions([place]).show(place))
        });
        let mut parts: Vec<String> = rules.collect();
        if parts.is_empty() || (origin.by_default && !otherwise.is_empty()) {
            parts.push(otherwise.to_owned());
        }
        parts.join("; ")
    };
    if activity.side != Side::Customer {
        return match letters {
            Letters::C => by(&provenance.consulted, "law: who acts answers for it"),
            Letters::I => by(&provenance.informed, "law: the customer is informed"),
            Letters::A | Letters::R | Letters::AR => "law: who acts answers for it".to_owned(),
        };
    }
    let responsible = || by(&provenance.responsible, "no rule: the accountable party does the work");
    let accountable = || by(&provenance.accountable, "no rule: the first customer party answers");
    match letters {
        Letters::R => responsible(),
        Letters::A => accountable(),
        Letters::AR => {
            let (a, r) = (accountable(), responsible());
            if a == r { a } else { format!("A {a}; R {r}") }
        }
        Letters::C => by(&provenance.consulted, ""),
        Letters::I => by(&provenance.informed, ""),
    }
}
