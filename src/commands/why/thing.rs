//! What somebody asks about, by any name that people have for it.
//!
//! In: a word of the user's and a joined workspace. Out: units, resources, a control, a scanner's check, or a requirement.

use super::check;
use crate::catalog::Activity;
use crate::catalog::Arn;
use crate::catalog::checks::Known;
use crate::catalog::frameworks::{Answer, Framework, Requirement};
use crate::commands::workspace::Workspace;
use crate::diagnostics::{Code, Diagnostic, did_you_mean, nearest};
use crate::inventory::Resource;
use crate::raci::{ResourceIx, UnitIx};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is asked about.
pub(super) enum Thing<'w> {
    /// A service in one mode or in all.
    Units(Vec<UnitIx>),
    /// Resources of that name, ARN or address.
    Resources(Vec<ResourceIx>),
    /// A control, by id.
    Control(String),
    /// A requirement of a framework.
    Requirement(Asked),
    /// A check of a scanner.
    Check(Known<'w>),
}

/// A requirement of a framework, and what answers it.
pub(super) struct Asked {
    /// With its framework: `PCI DSS 8.3.6`.
    pub(super) printed: String,
    /// Its title, where that may be told.
    pub(super) title: Option<Arc<str>>,
    /// Objectives, and ids of activities.
    pub(super) answered_by: BTreeSet<Arc<str>>,
    /// Why there are none.
    pub(super) organisational: Option<Arc<str>>,
}

impl Asked {
    fn of(framework: &Framework, requirement: &Requirement, asked: &str) -> Self {
        let printed = if requirement.id.eq_ignore_ascii_case(asked) {
            format!("{} {}", framework.name, requirement.id)
        } else {
            format!("{} {asked}, under {}", framework.name, requirement.id)
        };
        let (answered_by, organisational) = match &requirement.answer {
            Answer::Linked(links) => (links.iter().map(|link| link.to.clone()).collect(), None),
            Answer::Organisational(why) => (BTreeSet::new(), Some(why.clone())),
            Answer::Unclassified => (BTreeSet::new(), None),
        };
        Self {
            printed,
            title: requirement.title.clone(),
            answered_by,
            organisational,
        }
    }

    /// Whether an activity answers it.
    pub(super) fn takes(&self, activity: &Activity) -> bool {
        self.answered_by.contains(&activity.id) || activity.objectives.iter().any(|name| self.answered_by.contains(name))
    }
}

impl<'w> Thing<'w> {
    /// What a word means: a service of the inventory, else a resource, a control, a scanner's check, a requirement.
    ///
    /// # Errors
    /// It means nothing, or nothing in this inventory, or checks of several scanners.
    pub(super) fn of(word: &str, workspace: &'w Workspace) -> Result<Self, Diagnostic> {
        let (name, mode) = match word.split_once('/') {
            Some((service, mode)) if !Arn::begins(word) => (service, Some(mode)),
            _ => (word, None),
        };
        let service = workspace.catalog.resolve(name);
        let matrix = &workspace.matrix;
        if let Some(arn) = Arn::parse(word) {
            return by_arn(word, &arn, service, workspace);
        }
        let is_meant = |(_, unit): &(UnitIx, &crate::raci::Unit)| {
            Some(unit.split.service.as_str()) == service
                && mode.is_none_or(|mode| unit.split.mode.as_ref().is_some_and(|known| known.id == mode))
        };
        let units: Vec<UnitIx> = matrix.units().filter(is_meant).map(|(index, _)| index).collect();
        if !units.is_empty() {
            return Ok(Self::Units(units));
        }
        let is_called = |index: &ResourceIx| {
            let resource = &matrix[*index];
            [&resource.name, &resource.arn, &resource.address]
                .into_iter()
                .any(|known| known.as_deref() == Some(word))
        };
        let resources: Vec<ResourceIx> = matrix.listed.iter().copied().filter(is_called).collect();
        if !resources.is_empty() {
            return Ok(Self::Resources(resources));
        }
        if let Some(control) = control_named(word, workspace) {
            return Ok(Self::Control(control));
        }
        if let Some(check) = check::named(word, workspace)? {
            return Ok(Self::Check(check));
        }
        if let Some(found) = requirement(word, workspace) {
            return Ok(found);
        }
        Err(unknown(word, service, workspace))
    }
}

/// The resources of an ARN: those that have it, else those of its service that have no ARN and that its name, account and
/// Region fit.
fn by_arn(word: &str, arn: &Arn<'_>, service: Option<&str>, workspace: &Workspace) -> Result<Thing<'static>, Diagnostic> {
    let matrix = &workspace.matrix;
    let taken = |takes: &dyn Fn(&Resource) -> bool| -> Vec<ResourceIx> {
        matrix.listed.iter().copied().filter(|index| takes(&matrix[*index])).collect()
    };
    let mut found = taken(&|resource| resource.arn.as_deref() == Some(word));
    if found.is_empty() {
        let is_called = |resource: &Resource| {
            let service = service.unwrap_or_default();
            let mut names = workspace
                .catalog
                .known_names(service, resource.matched_kind(), &resource.config)
                .peekable();
            match names.peek() {
                Some(_) => names.any(|name| arn.names(name)),
                None => resource.name.is_some() && resource.name.as_deref() == arn.name(),
            }
        };
        let fits = |known: Option<&str>, said: &str| said.is_empty() || known.is_none_or(|known| known == said);
        found = taken(&|resource| {
            resource.arn.is_none()
                && service.is_some()
                && resource.service.as_deref() == service
                && is_called(resource)
                && fits(resource.account.as_deref(), arn.account)
                && fits(resource.region.as_deref(), arn.region)
        });
    }
    if !found.is_empty() {
        return Ok(Thing::Resources(found));
    }
    let fault = Diagnostic::new(Code::UnknownService, format!("no resource of this inventory has the ARN `{word}`"));
    let is_here = |service: &&str| matrix.units().any(|(_, unit)| unit.split.service == **service);
    Err(match service {
        Some(service) if is_here(&service) => fault.help(format!("`cloudraci why {service}` tells of all of its service")),
        Some(service) => fault.help(format!(
            "`cloudraci catalog show {service}` shows what the catalog says of its service"
        )),
        None => fault.help("the catalog knows no service of such ARNs"),
    })
}

/// The control of an id or a printed name.
pub(super) fn control_named(name: &str, workspace: &Workspace) -> Option<String> {
    let controls = &workspace.catalog.controls;
    let is_called = |known: &&crate::catalog::Control| known.id == name || known.title.eq_ignore_ascii_case(name);
    controls.iter().find(is_called).map(|control| control.id.clone())
}

/// `PCI DSS 8.3.6`, `pci-dss 8.3`, `AC-2`: a requirement of a framework; without one, of the first that has such an id, those
/// that the inventory names before others. What a framework counts below a requirement belongs to it.
fn requirement(word: &str, workspace: &Workspace) -> Option<Thing<'static>> {
    let (named, id) = match word.trim().rsplit_once(char::is_whitespace) {
        Some((framework, id)) => (Some(framework.trim().to_lowercase()), id),
        None => (None, word.trim()),
    };
    let is_named = |known: &&Framework| {
        let is_meant = |asked: &str| {
            let name = known.name.to_lowercase();
            let whole = format!("{name} {}", known.version.to_lowercase());
            known.id.starts_with(asked) || whole.starts_with(asked) || known.short.to_lowercase().starts_with(asked)
        };
        named.as_deref().is_none_or(is_meant)
    };
    let is_chosen = |known: &&Framework| workspace.inventory.frameworks.iter().any(|choice| choice.id == known.id);
    let mut frameworks: Vec<&Framework> = workspace.catalog.frameworks.all().filter(is_named).collect();
    frameworks.sort_by_key(|known| !is_chosen(known));
    let mut best: Option<(usize, Asked)> = None;
    for known in frameworks {
        let is_above = |one: &&Requirement| {
            let begin = id.get(..one.id.len()).filter(|begin| begin.eq_ignore_ascii_case(&one.id));
            begin.is_some()
                && id[one.id.len()..]
                    .chars()
                    .next()
                    .is_none_or(|next| matches!(next, '.' | '(' | '-' | '['))
        };
        let found = known.requirements.iter().filter(is_above).max_by_key(|one| one.id.len());
        if let Some(found) = found.filter(|found| best.as_ref().is_none_or(|(length, _)| *length < found.id.len())) {
            best = Some((found.id.len(), Asked::of(known, found, id)));
        }
    }
    best.map(|(_, asked)| Thing::Requirement(asked))
}

/// That a word means nothing, and what may have been meant.
fn unknown(word: &str, service: Option<&str>, workspace: &Workspace) -> Diagnostic {
    if let Some(service) = service {
        return Diagnostic::new(Code::UnknownService, format!("`{word}` is not in this inventory"))
            .help(format!("`cloudraci catalog show {service}` shows what the catalog says of it"));
    }
    let services: Vec<&str> = workspace.catalog.service_ids().collect();
    let fault = Diagnostic::new(
        Code::UnknownService,
        format!("`{word}` is no service, resource, control, check or requirement that is known"),
    );
    let names = workspace
        .matrix
        .listed
        .iter()
        .filter_map(|index| workspace.matrix[*index].name.as_deref());
    let controls = workspace.catalog.controls.iter().map(|control| control.id.as_str());
    // A check is meant where its scanner stands before it.
    if let Some((scanner, id)) = word.split_once(':')
        && let Some(known) = workspace.catalog.scanners().find(|known| known.eq_ignore_ascii_case(scanner))
    {
        let checks = workspace.catalog.known_checks().filter(|check| check.scanner == known);
        let ids: Vec<&str> = checks.map(|check| check.id).collect();
        let fault = Diagnostic::new(
            Code::InvalidValue,
            format!("the catalog knows no check `{id}` of {}", workspace.catalog.scanner_name(known)),
        );
        return match nearest(id, ids) {
            Some(near) => fault.help(format!("did you mean `{known}:{near}`?")),
            None => fault.help("`cloudraci list checks` prints those that it knows"),
        };
    }
    match nearest(word, services.iter().copied().chain(controls).chain(names)) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help(did_you_mean(word, &services)),
    }
}
