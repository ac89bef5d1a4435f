//! Findings as they are told: by names, with who must mend them.
//!
//! In: the join's findings. Out: the Report's.

use super::assurance::day;
use super::context::Context;
use super::model::{DaysOf, FailedCheck, Finding, FrameworkRows, RequirementRow, SeverityOf, SeverityRules, StepOf};
use super::names;
use super::resources::{self, data_classes};
use crate::catalog::severity::OTHER;
use crate::catalog::{Severity, SeverityRule, Step};
use crate::diagnostics::{Code, Place};
use crate::inventory::{Exception, Inventory};
use crate::raci::{self, DutyIx, PartyIx, ResourceIx, ResultIx};
use indexmap::IndexMap;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Names of resources that stand with a finding.
const MOST: usize = 20;

/// A finding of the Report; `show` tells a place.
pub(super) fn finding(
    context: &Context<'_>,
    one: &raci::Finding,
    requirements: &[FrameworkRows],
    as_of: Date,
    show: &dyn Fn(&Place) -> String,
) -> Finding {
    let unit = one.unit.map(|index| &context.matrix[index]);
    let duty = one.duty.map(|index| &context.matrix[index]);
    let control = one.control.map(|control| &context.catalog[control]);
    let resources = || one.resources.iter().map(|index| &context.matrix[*index]);
    let numbers: BTreeSet<&str> = resources().filter_map(|resource| resource.account.as_deref()).collect();
    let environments: BTreeSet<&Arc<str>> = resources().filter_map(|resource| resource.environment.as_ref()).collect();
    let environments: Vec<&Arc<str>> = environments.into_iter().collect();
    let account_name = |number: &&str| {
        let known = context.inventory.accounts.get(*number).and_then(|account| account.name.clone());
        known.unwrap_or_else(|| (*number).to_owned())
    };
    let named = |party: PartyIx| context.inventory[party].name.clone();
    let touched = match duty {
        Some(duty) => touched(context, duty),
        None => touched_through(context, &one.opens, requirements),
    };
    Finding {
        id: one.id.clone(),
        code: one.code.id().to_owned(),
        severity: one.severity,
        severity_because: one.because.clone(),
        due: one.due.map(|date| date.to_string()),
        overdue: one.due.is_some_and(|due| due < as_of),
        exception_expired: expired(context, one).and_then(|exception| Some(exception.expires?.to_string())),
        since: one.since.map(|date| date.to_string()),
        seen: first_seen(one, as_of).map(|date| date.to_string()),
        seen_by: first_seen(one, as_of).map(|_| seen_by(context, one)),
        message: one.message.clone(),
        what: one.what.clone(),
        unsettled: unsettled(context, one),
        unless: one.unless.clone(),
        how: one.how.clone(),
        cadence: duty.and_then(|duty| duty.activity.cadence),
        service: unit.map(|unit| unit.split.service.clone()),
        mode: unit.and_then(|unit| unit.split.mode.as_ref()).map(|mode| mode.id.clone()),
        service_title: one.unit.map(|unit| context.label(unit)),
        anchor: unit.map(names::anchor),
        control: control.map(|control| control.id.clone()),
        control_title: control.map(|control| control.title.clone()),
        activity: duty.map(|duty| duty.activity.id.to_string()),
        duty: duty.map(|duty| duty.id.text().clone()),
        responsible: one.responsible.iter().map(|party| context.party_id(*party)).collect(),
        accountable: one.accountable.map(|party| context.party_id(party)),
        owner: match duty {
            Some(duty) => Some(names::holders(&context.shorts, &duty.assignment)),
            None if one.responsible.is_empty() => None,
            None => Some(
                one.responsible
                    .iter()
                    .map(|party| context.short(*party))
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
        },
        responsible_names: one.responsible.iter().copied().map(named).collect(),
        accountable_name: one.accountable.map(named),
        account: match numbers.iter().collect::<Vec<_>>().as_slice() {
            [number] => Some((**number).to_owned()),
            _ => None,
        },
        accounts: numbers.iter().map(account_name).collect(),
        environment: match (duty, environments.as_slice()) {
            (Some(duty), _) => duty.scope.environment.clone(),
            (None, [one]) => Some((*one).clone()),
            (None, _) => None,
        },
        resources: resources::named(context, &one.resources).into_iter().take(MOST).collect(),
        resources_in_short: names::few(resources().map(|resource| (resource.label(), resource.count))),
        count: one.bad,
        of: one.of,
        expected: one.expected.clone(),
        observed: one.observed.clone(),
        checks: one
            .checks
            .iter()
            .take(MOST)
            .map(|(resource, result)| failed(context, *resource, *result))
            .collect(),
        data: data_classes(resources()),
        requirements: touched
            .iter()
            .flat_map(|of| of.ids.iter().map(move |id| format!("{} {id}", of.short)))
            .collect(),
        by_framework: touched
            .iter()
            .map(|of| format!("{} {}: {}", of.name, of.version, of.ids.join(", ")))
            .collect(),
        about: about(context, one),
        place: one.place.as_ref().map(show),
    }
}

/// Of a duty that is not met, the resources of which nothing settles how they run.
fn unsettled(context: &Context<'_>, one: &raci::Finding) -> Vec<String> {
    let open = one
        .unit
        .filter(|_| one.duty.is_some())
        .map(|unit| context.matrix[unit].mode_open.as_slice());
    let of_it: Vec<ResourceIx> = one
        .resources
        .iter()
        .copied()
        .filter(|index| open.is_some_and(|open| open.contains(index)))
        .collect();
    resources::named(context, &of_it).into_iter().take(MOST).collect()
}

/// When it was first seen, where nothing says since when it is so.
fn first_seen(one: &raci::Finding, as_of: Date) -> Option<Date> {
    one.since.is_none().then(|| one.seen.unwrap_or(as_of))
}

/// Who saw it then.
fn seen_by(context: &Context<'_>, one: &raci::Finding) -> String {
    let Some(seen) = one.seen.map(|date| date.to_string()) else {
        let is_of_a_duty = one.code == Code::DutyNotMet;
        return if is_of_a_duty { "configuration" } else { "inventory" }.to_owned();
    };
    let results = one.checks.iter().map(|(_, result)| &context.matrix[*result]);
    let then = results.filter(|result| result.at.map(day).as_ref() == Some(&seen));
    let scanners: BTreeSet<&Arc<str>> = then.map(|result| &context.matrix[result.check].scanner_name).collect();
    scanners.into_iter().map(|name| &**name).collect::<Vec<_>>().join(", ")
}

/// The exception that excused it until it expired.
fn expired<'c>(context: &'c Context<'_>, one: &raci::Finding) -> Option<&'c Exception> {
    context.inventory.exceptions.get(one.expired?.position())
}

/// What an exception is for, and who approved it: what people look for, rather than where it is written.
fn about(context: &Context<'_>, one: &raci::Finding) -> Option<String> {
    let place = one.place.as_ref().filter(|_| one.code == Code::ExceptionExpired);
    let of_place = || {
        let place = place?;
        context.inventory.exceptions.iter().find(|exception| exception.place == *place)
    };
    let exception = expired(context, one).or_else(of_place)?;
    let applies_to = names::selector_words(&exception.selector, context.catalog);
    Some(match &exception.approved_by {
        Some(by) => format!("{applies_to}; approved by {by}"),
        None => applies_to,
    })
}

/// Requirements of a framework that a finding touches.
struct Touching<'r> {
    short: &'r str,
    name: &'r str,
    version: &'r str,
    ids: Vec<Arc<str>>,
}

/// What a duty answers.
fn touched<'c>(context: &'c Context<'_>, duty: &raci::Duty) -> Vec<Touching<'c>> {
    let by_framework = context.numbers.by_framework(&duty.activity).into_iter();
    by_framework
        .map(|(framework, ids)| Touching {
            short: &framework.short,
            name: &framework.name,
            version: &framework.version,
            ids,
        })
        .collect()
}

/// What duties answer, and what is inherited as far as they show it.
fn touched_through<'r>(context: &Context<'_>, duties: &[DutyIx], requirements: &'r [FrameworkRows]) -> Vec<Touching<'r>> {
    let meant: BTreeSet<&Arc<str>> = duties.iter().map(|duty| context.matrix[*duty].id.text()).collect();
    if meant.is_empty() {
        return Vec::new();
    }
    let by_framework = requirements.iter().map(|of| {
        let is_touched = |row: &&RequirementRow| row.customer.iter().chain(&row.read_by).any(|part| meant.contains(&part.duty));
        Touching {
            short: &of.short,
            name: &of.name,
            version: &of.version,
            ids: of.rows.iter().filter(is_touched).map(|row| row.id.clone()).collect(),
        }
    });
    by_framework.filter(|of| !of.ids.is_empty()).collect()
}

/// A check that failed.
fn failed(context: &Context<'_>, resource: ResourceIx, result: ResultIx) -> FailedCheck {
    let result = &context.matrix[result];
    let check = &context.matrix[result.check];
    FailedCheck {
        scanner: check.scanner.clone(),
        by: check.scanner_name.clone(),
        check: check.id.clone(),
        title: check.title.clone(),
        resource: context.matrix[result.part.unwrap_or(resource)].label().to_owned(),
        observed: result.observed.clone(),
        at: result.at.map(day),
    }
}

/// The rule by which findings are rated.
pub(super) fn severity(inventory: &Inventory) -> SeverityRules {
    let rule = &inventory.severity;
    let of = |all: &IndexMap<String, Severity>| {
        let entries = all.iter().map(|(name, severity)| SeverityOf {
            name: name.clone(),
            severity: *severity,
        });
        entries.collect()
    };
    let due = inventory.due.iter();
    SeverityRules {
        data: steps(&rule.data),
        environment: steps(&rule.environment),
        duty: of(&rule.duty),
        finding: of(&rule.finding),
        due: due
            .map(|(severity, days)| DaysOf {
                severity: *severity,
                days: *days,
            })
            .collect(),
    }
}

/// What names do, worst first.
fn steps(names: &IndexMap<String, Step>) -> Vec<StepOf> {
    let by_step = SeverityRule::by_step(names).into_iter().rev();
    by_step
        .map(|(does, names)| {
            let mut told: Vec<String> = names.iter().filter(|name| **name != OTHER).map(|name| (*name).to_owned()).collect();
            told.sort();
            StepOf {
                does,
                others: names.len() > told.len(),
                names: told,
            }
        })
        .collect()
}
