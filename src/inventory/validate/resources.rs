//! Resources, written and imported.
//!
//! In: a resource of a file. Out: one whose service, mode, account and region are settled as far as the file tells.

use super::contradictions::Written;
use super::{Validator, arc_of, sorted, text_of};
use crate::catalog::{Arn, STANDARD_MODE};
use crate::diagnostics::{Code, Diagnostic, Place, Route, did_you_mean};
use crate::inventory::Resource;
use crate::inventory::file::ResourceFile;
use crate::inventory::import::ImportedResource;
use serde_json::Value;
use std::sync::Arc;

impl Validator<'_> {
    pub(super) fn resource(&mut self, file: &ResourceFile, path: &Arc<str>, at: &Route) -> Option<Resource> {
        let place = Place::value(path, at.clone());
        let Some(called) = file.kind.as_ref().or(file.service.as_ref()) else {
            self.found.push(
                Diagnostic::new(Code::MissingField, "the resource has neither `service` nor `type`")
                    .at(place)
                    .help("add `service: rds`, or `type: aws_db_instance`"),
            );
            return None;
        };
        let named = file.service.as_ref().or(file.kind.as_ref()).unwrap_or(called);
        // `ecs/fargate` names the mode along with the service.
        let (named, inline_mode) = match named.0.split_once('/') {
            Some((service, mode)) if !Arn::begins(&named.0) => (service, Some(mode)),
            _ => (named.0.as_str(), None),
        };
        let service = self.catalog.resolve(named).map(Arc::<str>::from);
        let named_mode = self.mode_of_name(service.as_deref(), named);
        let mode = file.mode.as_ref().map(|mode| mode.0.as_str()).or(inline_mode);
        if let (Some(service), Some(mode), Some(by_name)) = (&service, mode, &named_mode)
            && mode != by_name
        {
            self.found.push(
                Diagnostic::new(
                    Code::InvalidValue,
                    format!("`{named}` is `{service}` in its mode `{by_name}`, and `mode` says `{mode}`"),
                )
                .at(Place::value(path, if file.mode.is_some() { at.then("mode") } else { at.clone() }))
                .help(format!("leave `mode` out, or write `service: {service}`")),
            );
        }
        let mode = mode.or(named_mode.as_deref());
        if let (Some(service), Some(mode)) = (&service, mode) {
            let modes = self.catalog.modes(service);
            if mode != STANDARD_MODE && modes.iter().all(|known| known.id != mode) {
                let mut known: Vec<&str> = modes.iter().map(|mode| mode.id.as_str()).collect();
                known.push(STANDARD_MODE);
                let help = if modes.is_empty() {
                    format!("`{service}` has no modes; leave `mode` out")
                } else {
                    did_you_mean(mode, &known)
                };
                self.found.push(
                    Diagnostic::new(Code::UnknownMode, format!("`{service}` has no mode `{mode}`"))
                        .at(Place::value(path, at.then("mode")))
                        .help(help),
                );
            }
        }
        if file.count == Some(0) {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, "a `count` of 0 is not a deployed thing")
                    .at(Place::value(path, at.then("count")))
                    .help("remove the resource"),
            );
        }
        let arn = text_of(&file.arn);
        let account = arc_of(&file.account).or_else(|| arn.as_deref().and_then(account_of_arn));
        // Imported resources may be in accounts that nobody has described yet.
        if let Some(account) = account.as_ref().filter(|_| file.from.is_none()) {
            self.resource_account(account, path, at, file.account.is_some());
        }
        let region = arc_of(&file.region).or_else(|| arn.as_deref().and_then(region_of_arn));
        let kind: Arc<str> = called.0.as_str().into();
        let config = self.config(&file.config, &kind, service.as_deref(), file.from.is_none(), (path, at));
        let mut resource = Resource {
            service,
            kind,
            mode: mode.map(Arc::from),
            name: text_of(&file.name),
            arn,
            account,
            region,
            environment: arc_of(&file.environment),
            owner: arc_of(&file.owner),
            count: file.count.unwrap_or(1).max(1),
            data: sorted(file.data.as_ref()),
            tags: file
                .tags
                .iter()
                .map(|(key, value)| (key.as_str().into(), value.0.clone()))
                .collect(),
            config,
            supporting: file.part_of.is_some(),
            place,
            address: text_of(&file.from),
            known_as: None,
        };
        // Before anything is added to what was written.
        if file.from.is_none() {
            self.contradictions(Written { file, path, at }, &resource);
        }
        self.finish(&mut resource, file.service.is_none());
        Some(resource)
    }

    /// The mode that a name tells along with its service, as `fargate` and `alb` do.
    fn mode_of_name(&self, service: Option<&str>, name: &str) -> Option<String> {
        self.catalog.mode_named(service?, name)
    }

    pub(super) fn resource_account(&mut self, account: &Arc<str>, path: &Arc<str>, at: &Route, written: bool) {
        let place = Place::value(path, if written { at.then("account") } else { at.then("arn") });
        let before = self.found.len();
        self.account_number(account, place.clone());
        if self.found.len() == before && !self.accounts.is_empty() && !self.accounts.contains_key(&**account) {
            let known: Vec<&str> = self.accounts.keys().map(String::as_str).collect();
            self.found.push(
                Diagnostic::new(
                    Code::UnknownAccount,
                    format!("the account `{account}` is not described under `accounts`"),
                )
                .at(place)
                .help(did_you_mean(account, &known)),
            );
        }
    }

    pub(super) fn imported(&mut self, imported: ImportedResource, file: &Arc<str>) -> Resource {
        let (service, supporting) = match imported.class {
            Some((service, is_primary)) => (Some(service), !is_primary),
            None => (None, false),
        };
        // A table's words may name a mode; a type of a source does not.
        let words = [imported.service.as_deref(), Some(&*imported.kind)];
        let named_mode = || {
            let words = words.into_iter().flatten().filter(|word| !word.contains([':', '_']));
            words
                .filter(|_| !supporting)
                .find_map(|word| self.mode_of_name(service.as_deref(), word))
        };
        let mode = imported.mode.clone().or_else(|| named_mode().map(Arc::from));
        let mut resource = Resource {
            service,
            supporting,
            kind: imported.kind,
            mode,
            name: imported.name,
            arn: imported.arn,
            account: imported.account,
            region: imported.region,
            environment: imported.environment,
            owner: imported.owner,
            count: imported.count.max(1),
            data: imported.data,
            tags: imported.tags,
            config: imported.config,
            place: Place::file(file.clone()),
            address: Some(imported.address).filter(|address| !address.is_empty()),
            known_as: None,
        };
        self.finish(&mut resource, true);
        resource
    }

    /// What the account and the attributes say of a resource that does not say it itself.
    pub(super) fn finish(&mut self, resource: &mut Resource, may_reclassify: bool) {
        if let Some(account) = resource.account.as_deref().and_then(|account| self.accounts.get(account)) {
            resource.environment = resource.environment.take().or_else(|| account.environment.clone());
            resource.owner = resource.owner.take().or_else(|| account.owner.clone());
        }
        // Predicates may look at the type as at any attribute.
        resource
            .config
            .entry("resource_type")
            .or_insert_with(|| Value::String(resource.kind.to_string()));
        if let (true, Some(service)) = (may_reclassify, &resource.service) {
            resource.service = self.catalog.reclassify(service, &resource.config).map(Arc::from);
        }
        // And at which of its service's resources it is.
        if let Some(service) = resource.service.as_deref().filter(|_| !resource.supporting)
            && let Some(named) = self.catalog.kind_of(service, &resource.kind)
        {
            resource.config.insert("kind".to_owned(), Value::String(named.to_owned()));
        }
    }
}

fn account_of_arn(arn: &str) -> Option<Arc<str>> {
    let account = Arn::parse(arn)?.account;
    (account.len() == 12).then(|| account.into())
}

fn region_of_arn(arn: &str) -> Option<Arc<str>> {
    let region = Arn::parse(arn)?.region;
    (!region.is_empty()).then(|| region.into())
}
