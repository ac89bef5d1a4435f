//! What somebody must decide.
//!
//! In: the joined matrix, and the Report's findings. Out: decisions, each with who must take it and until when.

use crate::diagnostics::Code;
use crate::raci::{Duty, ResourceIx};
use crate::report::context::Context;
use crate::report::model::{self, Decision};
use crate::report::names;
use crate::report::resources::data_classes;
use std::collections::BTreeSet;

/// Names of resources that stand with a question.
const NAMES: usize = 20;

/// What somebody must decide: whether what the configuration shows is meant, and findings that no duty's owner can mend by
/// doing it.
pub(in crate::report) fn decisions(context: &Context<'_>, findings: &[model::Finding], unclassified: u64) -> Vec<Decision> {
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
