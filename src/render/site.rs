//! The catalog as pages to browse: an index with a search, and a page for each service and each of its modes.
//!
//! In: a catalog and templates. Out: HTML files by their paths, each complete in itself: no network, no file beside it, the
//! same bytes for the same catalog. What the templates under `site/` are given is made here, and docs/catalog.md lists it.

use super::html::{POLICY, sealed};
use super::templates::Templates;
use crate::catalog::{Activity, Catalog, ControlSplit, ControlType, PartyFile, Side, Split};
use crate::diagnostics::Outcome;
use crate::report::slug;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tera::Context;

/// The index: what `site/index.html` gets as `site`.
#[derive(Debug, Serialize)]
struct Index {
    catalog_version: String,
    tool_version: &'static str,
    counts: Counts,
    categories: Vec<Category>,
    controls: Vec<ControlRow>,
    models: Vec<ModelRow>,
}

#[derive(Debug, Serialize)]
struct Counts {
    services: usize,
    modes: usize,
    /// In all modes: what a mode says again counts once.
    activities: usize,
    controls: usize,
}

#[derive(Debug, Serialize)]
struct Category {
    title: String,
    anchor: String,
    services: Vec<ServiceRow>,
}

#[derive(Debug, Serialize)]
struct ServiceRow {
    name: String,
    path: String,
    about: String,
    model: String,
    lifecycle: Option<String>,
    /// What else it is found by.
    names: String,
    modes: Vec<ModeLink>,
}

#[derive(Debug, Serialize)]
struct ModeLink {
    name: String,
    path: String,
}

#[derive(Debug, Serialize)]
struct ControlRow {
    title: String,
    layer: String,
    meaning: String,
}

#[derive(Debug, Serialize)]
struct ModelRow {
    name: String,
    meaning: String,
    why: String,
}

/// A service in one mode: what `site/service.html` gets as `site`.
#[derive(Debug, Serialize)]
struct ServicePage<'a> {
    catalog_version: &'a str,
    tool_version: &'static str,
    title: String,
    service: &'a str,
    service_path: String,
    name: &'a str,
    mode: Option<&'a str>,
    condition: Option<&'a str>,
    category: String,
    category_anchor: String,
    about: &'a str,
    lifecycle: Option<String>,
    model: &'a str,
    why: &'a str,
    modes: Vec<ModeRow<'a>>,
    controls: Vec<ControlPart<'a>>,
    sources: Vec<SourceRow>,
}

#[derive(Debug, Serialize)]
struct ModeRow<'a> {
    name: &'a str,
    path: String,
    condition: &'a str,
    is_here: bool,
    inherited: usize,
    shared: usize,
    customer_specific: usize,
    partner_specific: usize,
}

#[derive(Debug, Serialize)]
struct ControlPart<'a> {
    id: &'a str,
    title: &'a str,
    meaning: &'a str,
    r#type: Option<&'static str>,
    not_applicable: Option<&'a str>,
    halves: Vec<Half<'a>>,
}

/// What one side does of a control.
#[derive(Debug, Serialize)]
struct Half<'a> {
    /// `provider`, `customer` or `party`.
    kind: &'static str,
    who: &'a str,
    activities: Vec<Told>,
}

#[derive(Debug, Serialize)]
struct Told {
    anchor: Arc<str>,
    does: Arc<str>,
    default: crate::catalog::file::DefaultState,
    condition: Option<String>,
    how: Option<Arc<str>>,
    cadence: Option<String>,
    evidence: Option<Arc<str>>,
    shown: Option<String>,
    severity: Option<String>,
    source: Arc<str>,
    link: Option<Arc<str>>,
    reviewed: Option<Arc<str>>,
}

#[derive(Debug, Serialize)]
struct SourceRow {
    title: Arc<str>,
    link: Option<Arc<str>>,
    reviewed: Option<Arc<str>>,
    activities: usize,
}

/// A service with its split in each of its modes, the one without first.
struct Service<'a> {
    id: &'a str,
    category: &'a str,
    lifecycle: Option<String>,
    splits: Vec<(Split, String)>,
    names: String,
}

/// All pages, by their paths.
///
/// # Errors
/// What the templates have wrong.
pub fn pages(catalog: &Catalog, templates: &Templates) -> Outcome<Vec<(String, String)>> {
    let services: Vec<Service<'_>> = catalog.service_ids().filter_map(|id| service(catalog, id)).collect();
    let mut pages = vec![(
        "index.html".to_owned(),
        page(templates, "site/index.html", &index(catalog, &services))?,
    )];
    for service in &services {
        for here in 0..service.splits.len() {
            let path = format!("services/{}", file(&service.splits[here].0));
            let shown = service_page(catalog, service, here);
            pages.push((path, page(templates, "site/service.html", &shown)?));
        }
    }
    Ok(pages)
}

fn page(templates: &Templates, name: &str, site: &impl Serialize) -> Outcome<String> {
    let mut context = Context::new();
    context.insert("site", site);
    context.insert("style", &templates.text("site/style.css"));
    context.insert("script", &templates.text("site/search.js"));
    context.insert("policy", POLICY);
    templates.site(name, &context).map(|page| sealed(&page))
}

/// The file of a service in a mode.
fn file(split: &Split) -> String {
    match &split.mode {
        Some(mode) => format!("{}--{}.html", slug(&split.service), slug(&mode.id)),
        None => format!("{}.html", slug(&split.service)),
    }
}

fn service<'a>(catalog: &'a Catalog, id: &'a str) -> Option<Service<'a>> {
    let entry = catalog.service(id)?;
    let mut splits = vec![(catalog.split(id, None)?, String::new())];
    let conditions = catalog.mode_conditions(id);
    for mode in catalog.modes(id) {
        let condition = conditions.iter().find(|(known, _)| known.id == mode.id);
        let condition = condition.map(|(_, condition)| condition.clone()).unwrap_or_default();
        splits.extend(catalog.split(id, Some(&mode.id)).map(|split| (split, condition)));
    }
    let names = [&entry.aliases.names, &entry.aliases.terraform, &entry.aliases.cloudformation].map(|names| names.join(" "));
    Some(Service {
        id,
        category: &entry.category,
        lifecycle: entry.lifecycle.as_ref().map(crate::catalog::Lifecycle::words),
        splits,
        names: format!("{id} {}", names.join(" ")),
    })
}

fn model<'a>(catalog: &'a Catalog, split: &'a Split) -> &'a str {
    catalog.model(&split.model).map_or(&split.model, |model| &model.name)
}

fn title(split: &Split) -> String {
    match &split.mode {
        Some(mode) => format!("{}, {}", split.name, mode.name),
        None => split.name.clone(),
    }
}

/// What a category is called: its id in words.
fn words(category: &str) -> String {
    category.replace('-', " ")
}

fn category_anchor(category: &str) -> String {
    format!("category:{}", slug(category))
}

fn layer(catalog: &Catalog, id: &str) -> String {
    let known = catalog.layers.iter().find(|layer| layer.id == id);
    known.map_or_else(|| id.to_owned(), |layer| layer.title.clone())
}

fn index(catalog: &Catalog, services: &[Service<'_>]) -> Index {
    let mut categories: BTreeMap<&str, Vec<ServiceRow>> = BTreeMap::new();
    let mut activities: BTreeSet<&Arc<str>> = BTreeSet::new();
    for service in services {
        let told = service.splits.iter().flat_map(|(split, _)| &split.controls);
        activities.extend(told.flat_map(|control| &control.activities).map(|activity| &activity.id));
        let Some(((own, _), modes)) = service.splits.split_first() else {
            continue;
        };
        let link = |split: &Split| format!("services/{}", file(split));
        categories.entry(service.category).or_default().push(ServiceRow {
            name: own.name.clone(),
            path: link(own),
            about: own.about.clone(),
            model: model(catalog, own).to_owned(),
            lifecycle: service.lifecycle.clone(),
            names: service.names.clone(),
            modes: modes
                .iter()
                .filter_map(|(split, _)| {
                    Some(ModeLink {
                        name: split.mode.as_ref()?.name.clone(),
                        path: link(split),
                    })
                })
                .collect(),
        });
    }
    Index {
        catalog_version: catalog.version.clone(),
        tool_version: env!("CARGO_PKG_VERSION"),
        counts: Counts {
            services: services.len(),
            modes: services.iter().map(|service| service.splits.len().saturating_sub(1)).sum(),
            activities: activities.len(),
            controls: catalog.controls.len(),
        },
        categories: categories
            .into_iter()
            .map(|(category, services)| Category {
                title: words(category),
                anchor: category_anchor(category),
                services,
            })
            .collect(),
        controls: catalog
            .controls
            .iter()
            .map(|control| ControlRow {
                title: control.title.clone(),
                layer: layer(catalog, &control.layer),
                meaning: control.meaning.clone(),
            })
            .collect(),
        models: catalog
            .models()
            .map(|model| ModelRow {
                name: model.name.clone(),
                meaning: model.meaning.clone(),
                why: model.why.clone(),
            })
            .collect(),
    }
}

fn service_page<'a>(catalog: &'a Catalog, service: &'a Service<'_>, here: usize) -> ServicePage<'a> {
    let (split, condition) = &service.splits[here];
    let mode_row = |at: usize| {
        let (other, condition) = &service.splits[at];
        let of = |kind: ControlType| other.controls.iter().filter(|control| control.control_type() == Some(kind)).count();
        ModeRow {
            name: other.mode.as_ref().map_or("the service itself", |mode| &mode.name),
            path: file(other),
            condition,
            is_here: at == here,
            inherited: of(ControlType::Inherited),
            shared: of(ControlType::Shared),
            customer_specific: of(ControlType::CustomerSpecific),
            partner_specific: of(ControlType::PartnerSpecific),
        }
    };
    let is_one_of_several = service.splits.len() > 1;
    ServicePage {
        catalog_version: &catalog.version,
        tool_version: env!("CARGO_PKG_VERSION"),
        title: title(split),
        service: service.id,
        service_path: file(&service.splits[0].0),
        name: &split.name,
        mode: split.mode.as_ref().map(|mode| mode.id.as_str()),
        condition: Some(condition.as_str()).filter(|condition| !condition.is_empty()),
        category: words(service.category),
        category_anchor: category_anchor(service.category),
        about: &split.about,
        lifecycle: service.lifecycle.clone(),
        model: model(catalog, split),
        why: &split.why,
        modes: (0..service.splits.len()).filter(|_| is_one_of_several).map(mode_row).collect(),
        controls: split
            .controls
            .iter()
            .map(|control| control_part(catalog, &split.service, control))
            .collect(),
        sources: sources(split),
    }
}

fn control_part<'a>(catalog: &'a Catalog, service: &str, control: &'a ControlSplit) -> ControlPart<'a> {
    let known = catalog.control(&control.control);
    let provider = catalog.provider_of_service(service);
    let mut halves: Vec<Half<'_>> = Vec::new();
    let mut last: Option<&Side> = None;
    for activity in &control.activities {
        if last != Some(&activity.side) {
            let (kind, who) = match &activity.side {
                Side::Provider => ("provider", provider.map_or("Provider", |provider| &provider.name)),
                Side::Customer => ("customer", "Customer"),
                Side::Party(id) => ("party", catalog.party(id).map_or(&**id, |party| &party.name)),
            };
            halves.push(Half {
                kind,
                who,
                activities: Vec::new(),
            });
            last = Some(&activity.side);
        }
        if let Some(half) = halves.last_mut() {
            half.activities.push(told(catalog, provider, activity));
        }
    }
    ControlPart {
        id: &control.control,
        title: known.map_or(&control.control, |known| &known.title),
        meaning: known.map_or("", |known| &known.meaning),
        r#type: control.control_type().map(ControlType::id),
        not_applicable: control.not_applicable.as_deref(),
        halves,
    }
}

fn told(catalog: &Catalog, provider: Option<&PartyFile>, activity: &Activity) -> Told {
    let operator = provider.map_or("", |provider| &provider.id);
    Told {
        anchor: activity.id.clone(),
        does: activity.does.clone(),
        default: activity.default,
        condition: activity.condition(),
        how: catalog.how(activity, operator),
        cadence: activity.cadence.map(|cadence| cadence.to_string()),
        evidence: activity.evidence.clone(),
        shown: activity.expected(),
        severity: activity.is_judged().then(|| activity.severity.to_string()),
        source: activity.source.title.clone(),
        link: link(&activity.source.url),
        reviewed: activity.source.reviewed.clone(),
    }
}

/// Only an address of the web is a link: an overlay may name anything.
fn link(url: &Arc<str>) -> Option<Arc<str>> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    (is_web && !url.contains(|letter: char| letter.is_whitespace() || letter.is_control())).then(|| url.clone())
}

/// The pages that a split rests on, by their titles, with how many activities do.
fn sources(split: &Split) -> Vec<SourceRow> {
    let mut rows: BTreeMap<(&Arc<str>, &Arc<str>), SourceRow> = BTreeMap::new();
    for activity in split.controls.iter().flat_map(|control| &control.activities) {
        let source = &activity.source;
        let row = rows.entry((&source.title, &source.url)).or_insert_with(|| SourceRow {
            title: source.title.clone(),
            link: link(&source.url),
            reviewed: source.reviewed.clone(),
            activities: 0,
        });
        row.activities += 1;
    }
    rows.into_values().collect()
}
