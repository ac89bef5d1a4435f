//! The artefacts that the inventory names.
//!
//! In: the join and the report's date. Out: each artefact with who vouches, until when, and how many duties rest on it.

use super::context::Context;
use super::model::Artefact;
use super::names;
use crate::raci::EvidenceIx;
use jiff::civil::Date;

pub(super) fn artefacts(context: &Context<'_>, as_of: Date) -> Vec<Artefact> {
    let resting = context.matrix.resting();
    let all = context.inventory.evidence.iter().enumerate();
    all.filter(|(_, one)| !context.matrix.is_cut || context.matrix.is_meant_by(&one.selector, context.catalog))
        .map(|(position, one)| {
            let duties = resting.get(&EvidenceIx::new(position)).map(Vec::as_slice).unwrap_or_default();
            Artefact {
                artefact: one.artefact.clone(),
                applies_to: names::selector_words(&one.selector, context.catalog),
                location: one.location.clone(),
                by: one.by.as_ref().map(|by| context.voucher(by)),
                party: one.by.as_ref().map(|by| context.inventory.parties[by.party].id.to_string()),
                reviewed: one.reviewed.map(|date| date.to_string()),
                review_by: one.until().map(|date| date.to_string()),
                overdue: one.is_overdue(as_of),
                validity: one.validity(as_of),
                duties: duties.len() as u64,
            }
        })
        .collect()
}
