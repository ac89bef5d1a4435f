//! Resources, written and imported.
//!
//! In: a resource of a file. Out: one whose service, mode, account and region are settled as far as the file tells.

use super::contradictions::Written;
use super::remembered::Answers;
use super::{Validator, text_of};
use crate::catalog::attributes::open::add_unread;
use crate::catalog::predicate::Attributes;
use crate::catalog::{Arn, STANDARD_MODE, is_account};
use crate::diagnostics::{Code, Diagnostic, Place, Route, Severity, did_you_mean};
use crate::inventory::Resource;
use crate::inventory::file::{OneOrMany, ResourceFile, Text};
use crate::inventory::import::ImportedResource;
use crate::inventory::shared::Tag;
use indexmap::IndexMap;
use serde_json::Value;
use std::sync::Arc;

/// What resources become that are of one type and service and share their attributes.
pub(super) struct Finished {
    config: Arc<Attributes>,
    service: Option<Arc<str>>,
    /// What keeps the attributes as they were said where they lie.
    _said: Arc<Attributes>,
}

/// The same by where the attributes lie, the type, the service, and whether it supports others.
pub(super) type AllFinished = Answers<(usize, (Arc<str>, Option<Arc<str>>, bool)), Finished>;

/// Tags by where they lie as they are written; beside them what keeps them there.
pub(super) type TagsMeant = Answers<usize, (Arc<IndexMap<String, Text>>, Arc<[Tag]>)>;

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
        let service = self.service_named(named);
        let is_of_source = file.service.is_none() && is_type_of_source(named);
        let named_mode = self.mode_of_name(service.as_ref(), named).filter(|_| !is_of_source);
        let mode = file.mode.as_ref().map(|mode| mode.0.as_str()).or(inline_mode);
        if let (Some(service), Some(mode), Some(by_name)) = (&service, mode, &named_mode)
            && mode != &**by_name
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
            let fault = self.unknown_mode(service, mode);
            self.found.extend(fault.map(|fault| fault.at(Place::value(path, at.then("mode")))));
        }
        if file.count == Some(0) {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, "a `count` of 0 is not a deployed thing")
                    .at(Place::value(path, at.then("count")))
                    .help("remove the resource"),
            );
        }
        let arn = text_of(&file.arn);
        let account = self.word(&file.account);
        let account = account.or_else(|| Some(self.shared.word(account_of_arn(arn.as_deref()?)?)));
        // Imported resources may be in accounts that nobody has described yet.
        if let Some(account) = account.as_ref().filter(|_| file.from.is_none()) {
            self.resource_account(account, path, at, file.account.is_some());
        }
        let region = self.word(&file.region);
        let region = region.or_else(|| Some(self.shared.word(region_of_arn(arn.as_deref()?)?)));
        let kind = self.shared.word(&called.0);
        let config = self.config(&file.config, (&kind, service.as_ref()), file.from.is_none(), (path, at));
        let mut resource = Resource {
            service,
            kind,
            mode: mode.map(|mode| self.shared.word(mode)),
            name: text_of(&file.name),
            arn,
            account,
            region,
            environment: self.word(&file.environment),
            owner: self.word(&file.owner),
            count: file.count.unwrap_or(1).max(1),
            data: self.classes(file.data.as_ref()),
            tags: self.tags(&file.tags),
            config,
            supporting: file.part_of.is_some(),
            place,
            address: text_of(&file.from),
            known_as: None,
            sample: None,
            belonging: None,
        };
        let named = resource.service.clone().filter(|_| file.service.is_some());
        // Before anything is added to what was written.
        if file.from.is_none() {
            self.contradictions(Written { file, path, at }, &resource);
        }
        self.finish_alike(&mut resource);
        self.service_against_config(Written { file, path, at }, &mut resource, named.as_deref());
        Some(resource)
    }

    /// A word that many resources say.
    fn word(&mut self, text: &Option<Text>) -> Option<Arc<str>> {
        let text = text.as_ref()?.0.trim();
        (!text.is_empty()).then(|| self.shared.word(text))
    }

    /// Classes of data, sorted.
    fn classes(&mut self, list: Option<&OneOrMany>) -> Vec<Arc<str>> {
        let texts = list.iter().flat_map(|list| list.texts());
        let mut classes: Vec<Arc<str>> = texts.map(|text| self.shared.word(&text.0)).collect();
        classes.sort();
        classes.dedup();
        classes
    }

    /// Tags, which resources of one file may share already.
    fn tags(&mut self, written: &Arc<IndexMap<String, Text>>) -> Arc<[Tag]> {
        if written.is_empty() {
            return Arc::default();
        }
        let at = Arc::as_ptr(written) as usize;
        if let Some((_, known)) = self.tags_meant.get(&at) {
            return known.clone();
        }
        let tags = written
            .iter()
            .map(|(key, value)| (self.shared.word(key), value.0.clone()))
            .collect();
        let tags = self.shared.share_tags(tags);
        if Arc::strong_count(written) > 1 {
            self.tags_meant.insert(at, (written.clone(), tags.clone()));
        }
        tags
    }

    /// As [`Self::finish`]; of those that share their attributes each that is of the same type and service is as the first.
    fn finish_alike(&mut self, resource: &mut Resource) {
        self.of_its_account(resource);
        let said = &resource.config;
        // What an ARN tells of one is not so of others of the same type.
        let service = resource.service.as_deref().filter(|_| resource.arn.is_some());
        let is_told_by_arn = service.is_some_and(|service| self.catalog.kind_by_type(service, &resource.kind).is_none());
        if Arc::strong_count(said) == 1 || is_told_by_arn {
            self.classified(resource, true);
            resource.config = self.shared.share(std::mem::take(&mut resource.config));
            return;
        }
        let of = (resource.kind.clone(), resource.service.clone(), resource.supporting);
        let key = (Arc::as_ptr(said) as usize, of);
        if let Some(known) = self.finished.get(&key) {
            (resource.config, resource.service) = (known.config.clone(), known.service.clone());
            return;
        }
        let said = said.clone();
        self.classified(resource, true);
        resource.config = self.shared.share(std::mem::take(&mut resource.config));
        let (config, service) = (resource.config.clone(), resource.service.clone());
        self.finished.insert(
            key,
            Finished {
                config,
                service,
                _said: said,
            },
        );
    }

    /// That a service has no such mode.
    fn unknown_mode(&self, service: &str, mode: &str) -> Option<Diagnostic> {
        let modes = self.catalog.modes(service);
        if mode == STANDARD_MODE || modes.iter().any(|known| known.id == mode) {
            return None;
        }
        let mut known: Vec<&str> = modes.iter().map(|mode| mode.id.as_str()).collect();
        known.push(STANDARD_MODE);
        let help = if modes.is_empty() {
            format!("`{service}` has no modes; leave `mode` out")
        } else {
            did_you_mean(mode, &known)
        };
        Some(Diagnostic::new(Code::UnknownMode, format!("`{service}` has no mode `{mode}`")).help(help))
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
        if let (Some(service), Some(mode)) = (service.as_deref(), imported.mode.as_deref()) {
            let fault = self.unknown_mode(service, mode);
            self.found.extend(fault.map(|fault| fault.at(Place::file(file.clone()))));
        }
        let words = [imported.service.as_deref(), Some(&*imported.kind)];
        let mut named_mode = || {
            let words = words.into_iter().flatten().filter(|word| !is_type_of_source(word));
            words
                .filter(|_| !supporting)
                .find_map(|word| self.mode_of_name(service.as_ref(), word))
        };
        let mode = imported.mode.clone().or_else(&mut named_mode);
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
            tags: imported.tags.into(),
            config: imported.config.into(),
            place: Place::file(file.clone()),
            address: Some(imported.address).filter(|address| !address.is_empty()),
            known_as: None,
            sample: imported.sample,
            belonging: imported.belonging.map(|belonging| belonging.of_file(file).into()),
        };
        self.finish(&mut resource, true);
        resource
    }

    /// What the account and the attributes say of a resource that does not say it itself.
    pub(super) fn finish(&mut self, resource: &mut Resource, may_reclassify: bool) {
        self.of_its_account(resource);
        self.classified(resource, may_reclassify);
    }

    /// What the account says of a resource that does not say it itself.
    fn of_its_account(&self, resource: &mut Resource) {
        if let Some(account) = resource.account.as_deref().and_then(|account| self.accounts.get(account)) {
            resource.environment = resource.environment.take().or_else(|| account.environment.clone());
            resource.owner = resource.owner.take().or_else(|| account.owner.clone());
        }
    }

    /// Whether of a counted resource stays what its ARN told, which it has no more.
    fn keeps_kind(&self, service: &str, resource: &Resource) -> bool {
        let is_told = resource.arn.is_some() || self.catalog.kind_by_type(service, &resource.kind).is_some();
        let kept = resource.config.get("kind").and_then(Value::as_str).filter(|_| !is_told);
        kept.is_some_and(|kept| self.catalog.resource_types(service).iter().any(|one| *one.id == *kept))
    }

    /// What the attributes say of a resource, and what they say beside that.
    fn classified(&mut self, resource: &mut Resource, may_reclassify: bool) {
        // Predicates may look at the type as at any attribute.
        Arc::make_mut(&mut resource.config)
            .entry("resource_type")
            .or_insert_with(|| Value::String(resource.kind.to_string()));
        if let (true, Some(service)) = (may_reclassify, &resource.service) {
            let shown = self.catalog.reclassify(service, &resource.config);
            resource.service = shown.map(|shown| self.shared.word(shown));
        }
        // And at which of its service's resources it is.
        if let Some(service) = resource.service.as_deref().filter(|_| !resource.supporting)
            && !self.catalog.resource_types(service).is_empty()
            && !self.keeps_kind(service, resource)
        {
            let (kind, arn) = (&resource.kind, resource.arn.as_deref());
            let named = self.catalog.kind_of(service, kind, arn, &resource.config);
            let Some(named) = named else {
                let odds = self.catalog.at_odds(service, kind, arn, &resource.config);
                self.found.extend(odds.map(|names| at_odds(resource, service, &names)));
                // That it is none of those whose type is told is not known, either.
                add_unread(Arc::make_mut(&mut resource.config), ["kind"]);
                return;
            };
            Arc::make_mut(&mut resource.config).insert("kind".to_owned(), named.into());
        }
    }
}

/// That somebody says of one resource what only two have.
fn at_odds(resource: &Resource, service: &str, [one, other]: &[String; 2]) -> Diagnostic {
    let what = format!(
        "`{}` is said to have `{one}` and `{other}`, which no one resource of `{service}` has",
        resource.label()
    );
    Diagnostic {
        severity: Severity::Warning,
        ..Diagnostic::new(Code::Contradiction, what)
            .at(resource.place.clone())
            .help("give its `type`, or list each of the resources on its own; until then duties of both kinds are shown")
    }
}

/// Whether a word is a type as a source writes it. Words of people and tables may name a mode; what such a type is of, its service
/// file says (`kind`).
fn is_type_of_source(word: &str) -> bool {
    word.contains([':', '_'])
}

fn account_of_arn(arn: &str) -> Option<&str> {
    Arn::parse(arn).map(|arn| arn.account).filter(|account| is_account(account))
}

fn region_of_arn(arn: &str) -> Option<&str> {
    let region = Arn::parse(arn)?.region;
    (!region.is_empty()).then_some(region)
}
