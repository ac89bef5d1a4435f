//! The Report from the joined matrix.
//!
//! In: catalog, inventory, matrix, findings, and what the user asked for. Out: the [`Report`].

use super::context::Context;
use super::document::{cover_facts, meta, models, scope};
use super::model::{Activity, OutOfScope, Party, Report, Revision, SCHEMA_VERSION, Theme};
use super::qualifications::{artefacts, assumptions, exceptions, finding, overlays, unclassified};
use super::references::References;
use super::request::{Edition, Request};
use super::{duties, names, references, resources, services, summary};
use crate::catalog::Catalog;
use crate::diagnostics::{Place, SourceMap};
use crate::inventory::Inventory;
use crate::raci::{Findings, Matrix};

/// Activities that the sections of a page flow may print: some 250 pages, and a gigabyte to set them.
const MOST_PRINTED: u64 = 6_000;

/// Builds the Report. `sources` gives lines and columns to findings.
#[must_use]
pub fn build(
    catalog: &Catalog,
    inventory: &Inventory,
    matrix: &Matrix,
    findings: &Findings,
    request: &Request,
    sources: &SourceMap,
) -> Report {
    let mut context = Context {
        catalog,
        inventory,
        matrix,
        references: References::of(matrix, request.as_of),
        shorts: inventory.parties.iter().map(names::short).collect(),
        labels: names::Labels::of(&matrix.units),
        models_told_once: request.edition != Edition::Audit,
    };
    let (services, common) = services::services(&mut context);
    let duties = duties::duties(&context, &services);
    let (listed, resources_left_out) = resources::listed(&context);
    let places = findings
        .list
        .iter()
        .filter_map(|finding| finding.place.as_ref())
        .chain(inventory.exceptions.iter().map(|exception| &exception.place))
        .chain(listed.iter().map(|index| &matrix.resources[*index].place));
    let positions = sources.positions(places);
    let show = |place: &Place| positions.show(place);
    let mut report = Report {
        schema_version: SCHEMA_VERSION,
        meta: meta(&context, request),
        theme: Theme {
            logo: request.logo.clone(),
            accent: inventory.theme.accent.clone().unwrap_or_else(|| "#0b5fff".to_owned()),
            footer: inventory.theme.footer.clone(),
            font: inventory.theme.font.clone(),
        },
        cover_facts: Vec::new(),
        scope: scope(&context),
        parties: inventory
            .parties
            .iter()
            .enumerate()
            .map(|(index, party)| Party {
                id: party.id.to_string(),
                name: party.name.clone(),
                short: context.shorts[index].clone(),
                kind: party.kind,
                contact: party.contact.clone(),
                people: party.people.clone(),
                counts: summary::letter_counts(&context, index),
            })
            .collect(),
        summary: summary::summary(&context, findings),
        stack: summary::stack(&context),
        matrix: summary::matrix(&context),
        common,
        duties,
        findings: findings.list.iter().map(|one| finding(&context, one, &show)).collect(),
        handover: duties::handover(&context),
        resources: resources::resources(&context, &listed, &show),
        resources_left_out,
        unclassified: unclassified(&context),
        out_of_scope: inventory
            .out_of_scope
            .iter()
            .map(|one| OutOfScope {
                kind: one.kind.clone(),
                provider: one.provider.clone(),
                count: one.count,
                from: one.from.to_string(),
            })
            .collect(),
        exceptions: exceptions(&context, request.as_of, &show),
        overlays: overlays(&context),
        conditions: std::mem::take(&mut context.references.condition_list),
        assumptions: assumptions(&context),
        evidence: duties::evidence(&context),
        artefacts: artefacts(&context, request.as_of),
        crosswalk: references::crosswalk(catalog, matrix),
        source_guides: references::guides(&context.references.list),
        sources: std::mem::take(&mut context.references.list),
        checklist: summary::checklist(&context),
        models: models(&context),
        revisions: inventory
            .revisions
            .iter()
            .map(|one| Revision {
                version: one.version.clone(),
                date: one.date.to_string(),
                author: one.author.clone(),
                change: one.change.clone(),
            })
            .collect(),
        services,
    };
    report.meta.printed = services::printed(&report.services);
    report.meta.in_short = report.meta.printed > MOST_PRINTED;
    summary::count_controls(&mut report);
    summary::count_sources(&mut report);
    report.cover_facts = cover_facts(&report);
    if let Some(party) = &request.party {
        cut_to_party(&mut report, party);
    }
    report
}

/// Keeps what one party does or answers for.
fn cut_to_party(report: &mut Report, party: &str) {
    let holds = |activity: &Activity| {
        activity
            .assignments
            .iter()
            .any(|held| held.party == party && held.letters.contains(['R', 'A']))
    };
    for service in &mut report.services {
        for control in &mut service.controls {
            control.activities.retain(holds);
        }
        service.controls.retain(|control| !control.activities.is_empty());
        service.not_applicable.clear();
    }
    report.services.retain(|service| !service.controls.is_empty());
    for part in &mut report.common {
        for control in &mut part.controls {
            control.activities.retain(holds);
        }
        part.controls.retain(|control| !control.activities.is_empty());
    }
    report.common.retain(|part| !part.controls.is_empty());
    report.duties.retain(|duties| duties.party == party);
    report.findings.retain(|finding| finding.party.as_deref() == Some(party));
    report.summary.findings = report.findings.len() as u64;
}
