//! Findings as they are told: by names, with who must mend them.
//!
//! In: the join's findings. Out: the Report's.

use super::context::Context;
use super::model::Finding;
use super::names;
use crate::diagnostics::Place;
use crate::raci;
use std::collections::BTreeSet;

/// Names of resources that stand with a finding.
const MOST: usize = 20;

/// A finding of the Report; `show` tells a place.
pub(super) fn finding(context: &Context<'_>, one: &raci::Finding, show: &dyn Fn(&Place) -> String) -> Finding {
    let unit = one.unit.map(|index| &context.matrix[index]);
    let duty = one.duty.map(|index| &context.matrix[index]);
    let control = one.control.map(|control| &context.catalog[control]);
    let resources = || one.resources.iter().map(|index| &context.matrix[*index]);
    let numbers: BTreeSet<&str> = resources().filter_map(|resource| resource.account.as_deref()).collect();
    let account_name = |number: &&str| {
        let known = context.inventory.accounts.get(*number).and_then(|account| account.name.clone());
        known.unwrap_or_else(|| (*number).to_owned())
    };
    Finding {
        id: one.id.clone(),
        code: one.code.id().to_owned(),
        severity: one.severity,
        message: one.message.clone(),
        how: one.how.clone(),
        cadence: duty.and_then(|duty| duty.activity.cadence),
        service: unit.map(|unit| unit.split.service.clone()),
        mode: unit.and_then(|unit| unit.split.mode.as_ref()).map(|mode| mode.id.clone()),
        service_title: unit.map(|unit| context.label(unit)),
        anchor: unit.map(names::anchor),
        control: control.map(|control| control.id.clone()),
        control_title: control.map(|control| control.title.clone()),
        activity: duty.map(|duty| duty.activity.id.to_string()),
        duty: duty.map(|duty| duty.id.text().clone()),
        responsible: one.responsible.iter().map(|party| context.party_id(*party)).collect(),
        accountable: one.accountable.map(|party| context.party_id(party)),
        owner: duty.map(|duty| names::holders(&context.shorts, &duty.assignment)),
        account: match numbers.iter().collect::<Vec<_>>().as_slice() {
            [number] => Some((**number).to_owned()),
            _ => None,
        },
        accounts: numbers.iter().map(account_name).collect(),
        environment: duty.and_then(|duty| duty.scope.environment.clone()),
        resources: resources().take(MOST).map(|resource| resource.label().to_owned()).collect(),
        count: one.bad,
        of: one.of,
        expected: one.expected.clone(),
        observed: one.observed.clone(),
        data: resources()
            .flat_map(|resource| &resource.data)
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        requirements: Vec::new(),
        place: one.place.as_ref().map(show),
    }
}
