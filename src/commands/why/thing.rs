//! What somebody asks about, by any name that people have for it.
//!
//! In: a word of the user's and a joined workspace. Out: units, resources, a control, a scanner's check, or a requirement's controls.

use super::check;
use crate::catalog::checks::Known;
use crate::commands::workspace::Workspace;
use crate::diagnostics::{Code, Diagnostic, did_you_mean, nearest};
use crate::raci::{ResourceIx, UnitIx};

/// What is asked about.
pub(super) enum Thing<'w> {
    /// A service in one mode or in all.
    Units(Vec<UnitIx>),
    /// Resources of that name, ARN or address.
    Resources(Vec<ResourceIx>),
    /// A control, by id.
    Control(String),
    /// A requirement, as printed, and the controls that serve it.
    Requirement(String, Vec<String>),
    /// A check of a scanner.
    Check(Known<'w>),
}

impl<'w> Thing<'w> {
    /// What a word means: a service of the inventory, else a resource, a control, a scanner's check, a requirement.
    ///
    /// # Errors
    /// It means nothing, or nothing in this inventory, or checks of several scanners.
    pub(super) fn of(word: &str, workspace: &'w Workspace) -> Result<Self, Diagnostic> {
        let (name, mode) = match word.split_once('/') {
            Some((service, mode)) if !word.starts_with("arn:") => (service, Some(mode)),
            _ => (word, None),
        };
        let service = workspace.catalog.resolve(name);
        let matrix = &workspace.matrix;
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

/// The control of an id or a printed name.
pub(super) fn control_named(name: &str, workspace: &Workspace) -> Option<String> {
    let controls = &workspace.catalog.controls;
    let is_called = |known: &&crate::catalog::Control| known.id == name || known.title.eq_ignore_ascii_case(name);
    controls.iter().find(is_called).map(|control| control.id.clone())
}

/// `PCI DSS 8.3.6`, `pci-dss 8.3`, `AC-2`: a requirement of a framework, or of the only one that has such an id. What a framework
/// counts below a listed requirement belongs to it.
fn requirement(word: &str, workspace: &Workspace) -> Option<Thing<'static>> {
    let (framework, id) = match word.trim().rsplit_once(char::is_whitespace) {
        Some((framework, id)) => (Some(framework.trim().to_lowercase()), id),
        None => (None, word.trim()),
    };
    let names = |known: &crate::catalog::file::FrameworkFile| {
        let is_meant = |asked: &str| {
            let (id, name) = (known.id.to_lowercase(), known.name.to_lowercase());
            id.starts_with(asked) || name.starts_with(asked) || format!("{name} {}", known.version.to_lowercase()).starts_with(asked)
        };
        framework.as_deref().is_none_or(is_meant)
    };
    let mut best: Option<(usize, Thing<'static>)> = None;
    for known in workspace.catalog.frameworks.iter().filter(|known| names(known)) {
        let listed = known.requirements.values().flat_map(|of| &of.ids);
        let is_above = |listed: &&String| {
            let rest = id.get(..listed.len()).filter(|begin| begin.eq_ignore_ascii_case(listed));
            rest.is_some() && id[listed.len()..].chars().next().is_none_or(|next| matches!(next, '.' | '(' | '-'))
        };
        let Some(found) = listed.filter(is_above).max_by_key(|listed| listed.len()) else {
            continue;
        };
        let controls = known.requirements.iter().filter(|(_, of)| of.ids.contains(found));
        let controls: Vec<String> = controls.map(|(control, _)| control.clone()).collect();
        let printed = if found.eq_ignore_ascii_case(id) {
            format!("{} {found}", known.name)
        } else {
            format!("{} {id}, under {found}", known.name)
        };
        if best.as_ref().is_none_or(|(length, _)| *length < found.len()) {
            best = Some((found.len(), Thing::Requirement(printed, controls)));
        }
    }
    best.map(|(_, thing)| thing)
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
