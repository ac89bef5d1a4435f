//! The Report from the joined matrix.
//!
//! In: catalog, inventory, matrix, findings, and what the user asked for. Out: the [`Report`].

use super::model::{
    Account, Activity, Artefact, Exception, Fact, Finding, Meta, Model, OutOfScope, Overlay, Party, Report, Revision, SCHEMA_VERSION,
    Scope, Theme, Unclassified,
};
use super::references::References;
use super::{duties, names, references, resources, services, summary};
use crate::catalog::{Catalog, Commonness, ControlType};
use crate::diagnostics::{Place, SourceMap};
use crate::inventory::{Inventory, Selector};
use crate::raci::{Findings, Matrix, Unit, subject_of};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Activities that the sections of a page flow may print: some 250 pages, and a gigabyte to set them.
const MOST_PRINTED: u64 = 6_000;

/// What the user asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The date that the report is true for.
    pub as_of: Date,
    /// Which edition.
    pub edition: Edition,
    /// Only this party's duties.
    pub party: Option<String>,
    /// Name of the logo's file among the templates' files, if there is one.
    pub logo: Option<String>,
    /// What the names of pictures beside the output begin with; `None`: the output is a stream and has no pictures.
    pub pictures: Option<String>,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether the inventory stands under pseudonyms.
    pub redacted: bool,
}

/// The editions of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, clap::ValueEnum)]
pub enum Edition {
    /// Everything, for audit documentation.
    #[default]
    Audit,
    /// Findings first, short, for a security review.
    Review,
    /// Duties a party first, for a handover.
    Handover,
}

impl Edition {
    /// Its id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Review => "review",
            Self::Handover => "handover",
        }
    }
}

/// What all parts of the Report are made from.
pub(super) struct Context<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) inventory: &'a Inventory,
    pub(super) matrix: &'a Matrix,
    pub(super) references: References,
    /// Short names of the parties.
    pub(super) shorts: Vec<String>,
    /// Short names of the services' sections.
    pub(super) labels: names::Labels,
    /// Whether activities of a service model are told once, too.
    models_told_once: bool,
}

impl Context<'_> {
    /// Whether an activity stands at a level of the catalog that this edition tells once.
    pub(super) fn is_common(&self, id: &str) -> bool {
        let owner = id.split('.').next().unwrap_or_default();
        owner == "every" || self.models_told_once && self.catalog.model(owner).is_some()
    }

    /// Whether a selector takes a resource of a unit.
    pub(super) fn takes(&self, selector: &Selector, unit: &Unit, index: usize) -> bool {
        selector.takes_subject(&subject_of(&self.matrix.resources[index], &unit.split))
    }

    /// Titles of the controls that are inherited on every service on which they apply.
    pub(super) fn inherited_controls(&self) -> Vec<String> {
        self.catalog
            .controls
            .iter()
            .filter(|control| {
                let mut types = self
                    .matrix
                    .units
                    .iter()
                    .flat_map(|unit| &unit.controls)
                    .filter(|of| *of.control == *control.id)
                    .filter_map(|of| of.control_type)
                    .peekable();
                types.peek().is_some() && types.all(|found| found == ControlType::Inherited)
            })
            .map(|control| control.title.to_lowercase())
            .collect()
    }
}

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

fn meta(context: &Context<'_>, request: &Request) -> Meta {
    let inventory = context.inventory;
    let provider = context.catalog.provider();
    let provider_party = inventory.parties.first();
    let provider_name = provider_party.map(|party| party.name.clone()).unwrap_or_default();
    let party_name = request
        .party
        .as_ref()
        .and_then(|id| inventory.parties.iter().find(|party| *party.id == **id))
        .map(|party| party.name.clone());
    Meta {
        title: inventory
            .title
            .clone()
            .or_else(|| inventory.system.clone())
            .or_else(|| inventory.organization.clone())
            .unwrap_or_else(|| "Cloud responsibilities".to_owned()),
        subtitle: match party_name {
            Some(name) => format!("What {name} must do, service by service, on {provider_name}"),
            None => format!("Who does what, service by service, on {provider_name}"),
        },
        organization: inventory.organization.clone(),
        system: inventory.system.clone(),
        version: inventory.version.clone(),
        as_of: request.as_of.to_string(),
        classification: inventory.classification.clone(),
        edition: request.edition.id().to_owned(),
        edition_title: edition_title(request),
        draft: request.draft,
        redacted: request.redacted,
        party: request.party.clone(),
        catalog_version: context.catalog.version.clone(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        prepared_by: inventory.prepared_by.clone(),
        prepared_for: inventory.prepared_for.clone(),
        language: "en".to_owned(),
        printed: 0,
        in_short: false,
        provider_short: provider.map(|provider| provider.id.to_uppercase()).unwrap_or_default(),
        provider: provider_name,
        pictures: request.pictures.is_some(),
        picture_prefix: request.pictures.clone().unwrap_or_default(),
    }
}

/// The edition as printed: what every format shows on its first page.
fn edition_title(request: &Request) -> String {
    let title = match (request.edition, request.redacted) {
        (Edition::Audit, false) => "Audit edition",
        (Edition::Review, false) => "Review edition",
        (Edition::Handover, false) => "Handover edition",
        (Edition::Audit, true) => "Redacted audit edition",
        (Edition::Review, true) => "Redacted review edition",
        (Edition::Handover, true) => "Redacted handover edition",
    };
    if request.draft {
        format!("{title} (draft)")
    } else {
        title.to_owned()
    }
}

fn scope(context: &Context<'_>) -> Scope {
    let resources = &context.inventory.resources;
    let distinct = |pick: &dyn Fn(&crate::inventory::Resource) -> Option<String>| -> Vec<String> {
        resources.iter().filter_map(pick).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let mut counts: BTreeMap<String, u64> = context.inventory.accounts.keys().map(|id| (id.clone(), 0)).collect();
    for resource in resources {
        if let Some(account) = &resource.account {
            *counts.entry(account.to_string()).or_default() += resource.count;
        }
    }
    Scope {
        accounts: counts
            .into_iter()
            .map(|(id, resources)| {
                let known = context.inventory.accounts.get(&id);
                Account {
                    name: known.and_then(|known| known.name.clone()),
                    environment: known.and_then(|known| known.environment.as_deref()).map(str::to_owned),
                    owner: known.and_then(|known| known.owner.as_deref()).map(str::to_owned),
                    resources,
                    id,
                }
            })
            .collect(),
        regions: distinct(&|resource| resource.region.as_deref().map(str::to_owned)),
        environments: distinct(&|resource| resource.environment.as_deref().map(str::to_owned)),
        data: resources
            .iter()
            .flat_map(|resource| &resource.data)
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        inputs: context.inventory.inputs.iter().map(|input| input.path.to_string()).collect(),
    }
}

fn finding(context: &Context<'_>, one: &crate::raci::Finding, show: &dyn Fn(&Place) -> String) -> Finding {
    const MOST: usize = 20;
    let unit = one.unit.map(|index| &context.matrix.units[index]);
    let party = one.party.and_then(|index| context.inventory.parties.get(index));
    let resource = |index: &usize| &context.matrix.resources[*index];
    Finding {
        code: one.code.id().to_owned(),
        severity: one.severity,
        message: one.message.clone(),
        help: one.help.clone(),
        service: unit.map(|unit| unit.split.service.clone()),
        service_title: unit.map(|unit| context.labels.one(&unit.title)),
        anchor: unit.map(names::anchor),
        control: one.control.as_ref().map(ToString::to_string),
        control_title: one
            .control
            .as_ref()
            .and_then(|id| context.catalog.control(id))
            .map(|control| control.title.clone()),
        activity: one.activity.clone(),
        party: party.map(|party| party.id.to_string()),
        party_name: party.map(names::short),
        resources: one
            .resources
            .iter()
            .take(MOST)
            .map(|index| resource(index).label().to_owned())
            .collect(),
        count: one.resources.iter().map(|index| resource(index).count).sum(),
        of: one.of,
        data: one
            .resources
            .iter()
            .flat_map(|index| &resource(index).data)
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        place: one.place.as_ref().map(show),
    }
}

fn unclassified(context: &Context<'_>) -> Vec<Unclassified> {
    let mut found: BTreeMap<(String, String), (BTreeSet<String>, u64)> = BTreeMap::new();
    for index in &context.matrix.unclassified {
        let resource = &context.matrix.resources[*index];
        let entry = found
            .entry((resource.kind.to_string(), resource.place.file.to_string()))
            .or_default();
        entry.0.insert(resource.label().to_owned());
        entry.1 += resource.count;
    }
    found
        .into_iter()
        .map(|((kind, from), (names, count))| {
            let shown: Vec<&str> = names.iter().take(6).map(String::as_str).collect();
            let rest = names.len().saturating_sub(6);
            let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            Unclassified {
                kind,
                name: format!("{}{rest}", shown.join(", ")),
                count,
                from,
            }
        })
        .collect()
}

fn exceptions(context: &Context<'_>, as_of: Date, show: &dyn Fn(&Place) -> String) -> Vec<Exception> {
    let excused = |wanted: usize| {
        let rows = context.matrix.rows().flat_map(|(_, _, row)| &row.excepted);
        let resources: BTreeSet<usize> = rows
            .filter(|(_, exception)| *exception == wanted)
            .map(|(index, _)| *index)
            .collect();
        resources.iter().map(|index| context.matrix.resources[*index].count).sum()
    };
    context
        .inventory
        .exceptions
        .iter()
        .enumerate()
        .map(|(index, one)| Exception {
            applies_to: names::selector_words(&one.selector, context.catalog),
            reason: one.reason.clone(),
            approved_by: one.approved_by.clone(),
            expires: one.expires.map(|date| date.to_string()),
            expired: one.expires.is_some_and(|date| date < as_of),
            resources: excused(index),
            place: show(&one.place),
        })
        .collect()
}

fn overlays(context: &Context<'_>) -> Vec<Overlay> {
    let title = |id: &String| {
        context
            .catalog
            .control(id)
            .map_or_else(|| id.clone(), |control| control.title.clone())
    };
    context
        .catalog
        .overlays
        .iter()
        .map(|one| Overlay {
            service: one.service.clone(),
            adds: one.adds,
            controls: one.controls.iter().map(title).collect(),
            reason: one.reason.clone(),
            file: one.file.to_string(),
        })
        .collect()
}

fn artefacts(context: &Context<'_>, as_of: Date) -> Vec<Artefact> {
    context
        .inventory
        .evidence
        .iter()
        .map(|one| Artefact {
            artefact: one.artefact.clone(),
            applies_to: names::selector_words(&one.selector, context.catalog),
            location: one.location.clone(),
            reviewed: one.reviewed.map(|date| date.to_string()),
            review_by: one.review_by.map(|date| date.to_string()),
            overdue: one.review_by.is_some_and(|date| date < as_of),
        })
        .collect()
}

/// Whether the catalog says anything that is particular to the service.
fn has_own(unit: &Unit) -> bool {
    let mut rows = unit.controls.iter().flat_map(|control| &control.rows);
    rows.any(|row| row.activity.common == Commonness::Own)
}

/// What stands on defaults because the inventory does not say it.
fn assumptions(context: &Context<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for unit in context.matrix.units.iter().filter(|unit| !unit.mode_open.is_empty()) {
        let attributes: Vec<String> = unit.settled_by.iter().map(|name| format!("`{name}`")).collect();
        found.push(format!(
            "{}: shown for {} of {} resources by default, since the inventory gives none of {}",
            unit.title,
            unit.mode_open.len(),
            unit.resources.len(),
            attributes.join(", "),
        ));
    }
    let deployed: BTreeSet<&str> = context.matrix.units.iter().map(|unit| unit.split.service.as_str()).collect();
    let rare: Vec<String> = deployed
        .into_iter()
        .filter_map(|service| {
            let rare: Vec<String> = context.catalog.rare_modes(service).into_iter().map(|mode| mode.name).collect();
            let name = context.catalog.service(service).map_or(service, |service| service.name.as_str());
            (!rare.is_empty()).then(|| format!("{name} as {}", rare.join(" or ")))
        })
        .collect();
    if !rare.is_empty() {
        found.push(format!(
            "A resource whose attributes do not say that it runs in one of these ways is taken not to: {}",
            rare.join("; ")
        ));
    }
    let general: Vec<&str> = context
        .matrix
        .units
        .iter()
        .filter(|unit| !has_own(unit))
        .map(|unit| unit.split.name.as_str())
        .collect();
    if !general.is_empty() {
        found.push(format!(
            "{}: the catalog says of {} what holds for every service of the model, and nothing of its own yet; read the service's documentation before relying on the split",
            general.join(", "),
            if general.len() == 1 { "it" } else { "each" },
        ));
    }
    let without_account = context
        .inventory
        .resources
        .iter()
        .filter(|resource| resource.account.is_none())
        .count();
    if without_account > 0 {
        found.push(format!(
            "{without_account} resources name no account and are taken to be in one of those in scope"
        ));
    }
    found
}

fn models(context: &Context<'_>) -> Vec<Model> {
    context
        .catalog
        .models()
        .iter()
        .map(|model| Model {
            model: model.id.clone(),
            name: model.name.clone(),
            meaning: model.meaning.clone(),
            services: context.matrix.units.iter().filter(|unit| unit.split.model == model.id).count() as u64,
        })
        .collect()
}

fn cover_facts(report: &Report) -> Vec<Fact> {
    let count = |number: u64, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let as_of = match &report.meta.version {
        Some(version) => format!("{} · version {version}", report.meta.as_of),
        None => report.meta.as_of.clone(),
    };
    let accounts = report.scope.accounts.len() as u64;
    let mut scope = vec![
        count(report.summary.products, "service", "services"),
        count(report.summary.resources, "resource", "resources"),
    ];
    if accounts > 0 {
        scope.insert(0, count(accounts, "account", "accounts"));
    }
    let facts = [
        ("Organisation", report.meta.organization.clone()),
        ("System", report.meta.system.clone()),
        ("Prepared by", report.meta.prepared_by.clone()),
        ("Prepared for", report.meta.prepared_for.clone()),
        ("As of", Some(as_of)),
        ("Scope", Some(scope.join(" · "))),
        (
            "Catalog",
            Some(format!(
                "{} · {}",
                report.meta.catalog_version,
                count(report.sources.len() as u64, "source", "sources")
            )),
        ),
    ];
    facts
        .into_iter()
        .filter_map(|(label, value)| {
            Some(Fact {
                label: label.to_owned(),
                value: value?,
            })
        })
        .collect()
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
