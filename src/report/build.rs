//! The Report from the joined matrix.
//!
//! In: catalog, inventory, matrix, findings, and what the user asked for. Out: the [`Report`].

use super::context::Context;
use super::document::{cover_facts, meta, models, scope};
use super::findings::finding;
use super::model::{OutOfScope, Party, Report, Revision, SCHEMA_VERSION, Theme};
use super::paths::Paths;
use super::qualifications::{assumptions, exceptions, overlays, rare_forms, unclassified};
use super::references::References;
use super::request::Request;
use super::requirements::Numbers;
use super::{
    artefacts, assurance, duties, findings, handover, names, partial, pictures, references, requirements, resources, services, summary,
};
use crate::catalog::Catalog;
use crate::diagnostics::{Place, SourceMap};
use crate::inventory::Inventory;
use crate::raci::{Findings, Matrix, PartyIx};

/// Builds the Report. `sources` gives lines and columns to findings.
#[must_use]
pub fn build(
    catalog: &Catalog,
    inventory: &Inventory,
    matrix: &Matrix,
    found: &Findings,
    request: &Request,
    sources: &SourceMap,
) -> Report {
    let mut context = Context {
        catalog,
        inventory,
        matrix,
        as_of: request.as_of,
        edition: request.edition,
        references: References::of(matrix, inventory, request.as_of),
        labels: names::labels(matrix),
        shorts: inventory.parties.iter().map(names::short).collect(),
        party: request.party.as_deref(),
        reach: matrix.reach(&inventory.evidence, catalog),
        numbers: Numbers::of(catalog, &inventory.frameworks),
    };
    let (listed, resources_left_out) = resources::listed(&context);
    let services = services::services(&mut context, &listed);
    let supporting: Vec<_> = listed.iter().copied().filter(|index| matrix[*index].supporting).collect();
    let places = found
        .list
        .iter()
        .filter_map(|finding| finding.place.as_ref())
        .chain(inventory.exceptions.iter().map(|exception| &exception.place))
        .chain(listed.iter().map(|index| &matrix[*index].place));
    let positions = sources.positions(places);
    let paths = Paths::of(inventory);
    let show = |place: &Place| paths.show(&positions.show(place));
    let parts = pictures::matrix(&context);
    let (requirements, subjects) = requirements::all(&context);
    let findings = found.list.iter();
    let findings = findings
        .map(|one| finding(&context, one, &requirements, request.as_of, &show))
        .collect();
    let mut report = Report {
        schema_version: SCHEMA_VERSION,
        meta: meta(&context, request),
        theme: theme(inventory, request),
        cover_facts: Vec::new(),
        scope: scope(&context, &paths),
        partial: partial::partial(&context, &paths),
        conditional: partial::conditional(&context, &paths),
        changes: None,
        parties: parties(&context),
        summary: summary::summary(&context, found, &supporting, request.as_of),
        stack: pictures::stack(&context),
        services,
        duties: duties::duties(&context),
        commitments: duties::commitments(&context),
        findings,
        severity: findings::severity(inventory),
        handover: handover::handover(&context, found, request.as_of),
        resources: resources::resources(&context, &listed, &show),
        resources_left_out,
        unclassified: unclassified(&context, &paths),
        out_of_scope: out_of_scope(&context, &paths),
        exceptions: exceptions(&context, request.as_of, &show),
        overlays: overlays(&context, &paths),
        conditions: context.references.conditions(matrix),
        assumptions: assumptions(&context),
        rare_forms: rare_forms(&context),
        evidence: duties::evidence(&context),
        artefacts: artefacts::artefacts(&context, request.as_of),
        assurance: assurance::assurance(&context, &paths),
        requirements,
        subjects,
        source_guides: references::guides(&context.references.list),
        checklist: summary::checklist(&context),
        models: models(&context),
        revisions: revisions(inventory),
        sources: std::mem::take(&mut context.references.list),
        matrix: parts,
    };
    report.summary.by_control = pictures::count_controls(&context, &report.matrix);
    report.summary.sources = summary::count_sources(&report.sources);
    report.summary.decisions = summary::decisions(&context, &report.findings, report.summary.unclassified);
    report.cover_facts = cover_facts(&report);
    report
}

fn theme(inventory: &Inventory, request: &Request) -> Theme {
    Theme {
        logo: request.logo.clone(),
        accent: inventory.theme.accent.clone().unwrap_or_else(|| "#0b5fff".to_owned()),
        footer: inventory.theme.footer.clone(),
        font: inventory.theme.font.clone(),
    }
}

/// The parties. Where the report is cut to one of them, the others' contacts are not told, but for a handover's.
fn parties(context: &Context<'_>) -> Vec<Party> {
    let parties = context.inventory.parties.iter().enumerate();
    parties
        .map(|(position, party)| {
            let held = summary::held(context, PartyIx::new(position));
            let is_told = context.is_reached(PartyIx::new(position));
            Party {
                id: party.id.to_string(),
                name: party.name.clone(),
                short: context.shorts[position].clone(),
                kind: party.kind,
                contact: party.contact.clone().filter(|_| is_told),
                phone: party.phone.clone().filter(|_| is_told),
                hours: party.hours.clone().filter(|_| is_told),
                people: if is_told { party.people.clone() } else { Vec::new() },
                duties: held.duties,
                consulted: held.consulted,
                informed: held.informed,
                commitments: held.commitments,
            }
        })
        .collect()
}

fn out_of_scope(context: &Context<'_>, paths: &Paths) -> Vec<OutOfScope> {
    // What other providers run belongs to no part of the matrix.
    let all = context.inventory.out_of_scope.iter().filter(|_| !context.matrix.is_cut);
    all.map(|one| OutOfScope {
        kind: one.kind.clone(),
        provider: one.provider.clone(),
        count: one.count,
        from: paths.show(&one.from),
    })
    .collect()
}

fn revisions(inventory: &Inventory) -> Vec<Revision> {
    let revisions = inventory.revisions.iter();
    revisions
        .map(|one| Revision {
            version: one.version.clone(),
            date: one.date.to_string(),
            author: one.author.clone(),
            change: one.change.clone(),
        })
        .collect()
}
