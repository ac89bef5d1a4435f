//! What is wrong with a planned handover.
//!
//! In: a matrix and its inventory. Out: findings on the handover's date and on entries of it that are for no duty.

use super::finding::{Finding, general, matches_nothing};
use super::{Duty, Matrix, PartyIx};
use crate::catalog::Catalog;
use crate::diagnostics::{Code, Place};
use crate::inventory::{Inventory, Selector};
use jiff::civil::Date;

pub(super) fn findings(matrix: &Matrix, catalog: &Catalog, inventory: &Inventory, as_of: Date, list: &mut Vec<Finding>) {
    let Some(handover) = &inventory.handover else { return };
    if handover.date < as_of {
        list.push(Finding {
            since: Some(handover.date),
            place: Some(handover.place.clone()),
            how: Some("fold the handover into the assignment rules once it is done".to_owned()),
            ..general(
                inventory,
                Code::HandoverOverdue,
                &[&handover.date.to_string()],
                format!("the handover date {} lies before the report's date", handover.date),
            )
        });
    }
    if matrix.is_cut {
        return;
    }
    let from = PartyIx::new(handover.from);
    let takes = |selector: &Selector, duty: &Duty| {
        let (control, unit) = (&catalog[duty.control], &matrix[duty.unit]);
        selector.takes_activity(&control.id, &control.layer, &duty.activity.side, &duty.activity.id)
            && duty
                .resources
                .list
                .iter()
                .any(|index| selector.takes_subject(&unit.subject(&matrix[*index])))
    };
    let held = || matrix.duties.iter().filter(|duty| duty.assignment.is_held_by(from));
    let name = &inventory[from].name;
    let mut idle = |selector: &Selector, place: &Place, message: String| {
        let about = format!("{selector:?} {message}");
        list.push(matches_nothing(inventory, place, &[&about], message));
    };
    for keep in &handover.keeps {
        if !held().any(|duty| takes(&keep.selector, duty)) {
            idle(
                &keep.selector,
                &keep.place,
                format!("an entry of `keeps` matches no duty of {name}"),
            );
        }
    }
    for runbook in &handover.runbooks {
        if !held().any(|duty| duty.after.is_some() && takes(&runbook.selector, duty)) {
            let message = format!("the runbook \"{}\" matches no duty that moves", runbook.title);
            idle(&runbook.selector, &runbook.place, message);
        }
    }
}
