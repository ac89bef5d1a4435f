//! From what was written to what is valid: one merged inventory out of all files.
//!
//! In: decoded files with their paths, and imported resources. Out: an [`Inventory`]; everything wrong is collected.

use super::file::{InventoryFile, MatchFile, OneOrMany, PartyKind, RuleFile, TagMatch, Text};
use super::import::{Imported, ImportedResource};
use super::{Account, Evidence, Exception, Handover, Input, Inventory, Party, Resource, Revision, Rule, Selector, Theme};
use crate::catalog::predicate::Attributes;
use crate::catalog::{Catalog, STANDARD_MODE, Side};
use crate::diagnostics::{Code, Diagnostic, Place, Route, did_you_mean, route};
use indexmap::IndexMap;
use jiff::civil::Date;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// One inventory file.
pub(super) struct Part {
    pub(super) file: InventoryFile,
    pub(super) path: Arc<str>,
}

pub(super) struct Validator<'a> {
    catalog: &'a Catalog,
    parties: Vec<Party>,
    accounts: IndexMap<String, Account>,
    pub(super) found: Vec<Diagnostic>,
}

impl<'a> Validator<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            parties: Vec::new(),
            accounts: IndexMap::new(),
            found: Vec::new(),
        }
    }

    pub(super) fn merge(&mut self, parts: Vec<Part>, imported: Vec<Imported>, inputs: Vec<Input>) -> Inventory {
        self.merge_parties(&parts);
        self.merge_accounts(&parts);
        let mut inventory = Inventory {
            inputs,
            ..Inventory::default()
        };
        let single = |pick: fn(&InventoryFile) -> &Option<Text>, name: &'static str, this: &mut Self| this.single(&parts, pick, name);
        inventory.title = single(|file| &file.title, "title", self);
        inventory.organization = single(|file| &file.organization, "organization", self);
        inventory.system = single(|file| &file.system, "system", self);
        inventory.version = single(|file| &file.version, "version", self);
        inventory.classification = single(|file| &file.classification, "classification", self);
        let by = single(|file| &file.prepared_by, "prepared_by", self);
        inventory.prepared_by = by.map(|by| self.party_or_text(&by));
        inventory.prepared_for = single(|file| &file.prepared_for, "prepared_for", self);
        if let Some(text) = single(|file| &file.as_of, "as_of", self) {
            let place = parts.iter().find(|part| part.file.as_of.is_some()).map(|part| part.path.clone());
            let place = Place::value(&place.unwrap_or_default(), route(["as_of".into()]));
            inventory.as_of = self.date(&text, place);
        }
        if !parts.is_empty() && inventory.organization.is_none() {
            let path = parts.first().map(|part| part.path.clone()).unwrap_or_default();
            self.found.push(
                Diagnostic::new(Code::MissingField, "no file names the `organization`")
                    .at(Place::file(path))
                    .help("add `organization: Example Pay Ltd`, the customer whose duties these are"),
            );
        }
        for part in &parts {
            self.check_version(part);
            self.merge_part(part, &mut inventory, &parts);
        }
        for one in imported {
            self.found.extend(one.warnings);
            for other in one.out_of_scope {
                inventory.add_out_of_scope(other);
            }
            for resource in one.resources {
                let resource = self.imported(resource, &one.file);
                inventory.resources.push(resource);
            }
        }
        inventory.out_of_scope.sort();
        // The order in files must not reach the report.
        inventory.resources.sort_by(super::Resource::by_content);
        if !parts.is_empty() && inventory.resources.is_empty() && parts.iter().all(|part| part.file.imports.is_empty()) {
            let path = parts.first().map(|part| part.path.clone()).unwrap_or_default();
            self.found.push(
                Diagnostic::new(Code::MissingField, "the inventory has no resources")
                    .at(Place::file(path))
                    .help("list what is deployed under `resources`, or name files under `imports`"),
            );
        }
        self.add_operators(&inventory.resources);
        inventory.parties = std::mem::take(&mut self.parties);
        inventory.accounts = std::mem::take(&mut self.accounts);
        inventory
    }

    fn check_version(&mut self, part: &Part) {
        if part.file.inventory != 1 {
            self.found.push(
                Diagnostic::new(
                    Code::UnsupportedVersion,
                    format!("inventory version {} is not supported", part.file.inventory),
                )
                .at(Place::value(&part.path, route(["inventory".into()])))
                .help("this version of cloudraci reads `inventory: 1`"),
            );
        }
    }

    /// A single value that several files may give if they agree.
    fn single(&mut self, parts: &[Part], pick: fn(&InventoryFile) -> &Option<Text>, name: &'static str) -> Option<String> {
        let mut given: Option<(&Text, &Arc<str>)> = None;
        for part in parts {
            let Some(text) = pick(&part.file) else { continue };
            match given {
                Some((first, path)) if first != text => self.clash(name, route([name.into()]), path, &part.path),
                Some(_) => {}
                None => given = Some((text, &part.path)),
            }
        }
        given.map(|(text, _)| text.0.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn clash(&mut self, name: &str, at: Route, first: &Arc<str>, second: &Arc<str>) {
        self.found.push(
            Diagnostic::new(Code::InventoryClash, format!("`{name}` is said differently in two files"))
                .at_labelled(Place::value(second, at.clone()), "here")
                .at_labelled(Place::value(first, at), "and here")
                .help("keep one of the two"),
        );
    }

    fn merge_parties(&mut self, parts: &[Part]) {
        let mut defined: IndexMap<&str, (&super::file::PartyFile, &Arc<str>)> = IndexMap::new();
        for part in parts {
            for (id, party) in &part.file.parties {
                match defined.get(id.as_str()) {
                    Some((first, path)) if *first != party => {
                        let path = (*path).clone();
                        self.clash(
                            &format!("parties.{id}"),
                            route(["parties".into(), id.as_str().into()]),
                            &path,
                            &part.path,
                        );
                    }
                    Some(_) => {}
                    None => {
                        defined.insert(id, (party, &part.path));
                    }
                }
            }
        }
        let mut parties: Vec<Party> = defined
            .iter()
            .map(|(id, (party, _))| {
                let known = self.catalog.parties.iter().find(|known| known.id == **id);
                let kind = party.kind.unwrap_or(match known.map(|known| known.kind.as_str()) {
                    Some("provider") => PartyKind::Provider,
                    Some(_) => PartyKind::Partner,
                    None => PartyKind::Customer,
                });
                Party {
                    id: (*id).into(),
                    name: text_of(&party.name)
                        .or_else(|| known.map(|known| known.name.clone()))
                        .unwrap_or_else(|| (*id).to_owned()),
                    kind,
                    contact: text_of(&party.contact),
                    people: party.people.iter().flat_map(OneOrMany::texts).map(|text| text.0.clone()).collect(),
                }
            })
            .collect();
        for known in &self.catalog.parties {
            // The catalog's provider is a column always, whatever the inventory calls its kind.
            if known.kind == "provider" && parties.iter().all(|party| *party.id != *known.id) {
                parties.push(Party {
                    id: known.id.as_str().into(),
                    name: known.name.clone(),
                    kind: PartyKind::Provider,
                    contact: None,
                    people: Vec::new(),
                });
            }
            if let Some((_, path)) = defined
                .get(known.id.as_str())
                .filter(|(party, _)| known.kind == "provider" && party.kind.is_some_and(|kind| kind != PartyKind::Provider))
            {
                self.found.push(
                    Diagnostic::new(Code::InvalidValue, format!("`{}` is the provider of this catalog", known.id))
                        .at(Place::value(
                            path,
                            route(["parties".into(), known.id.as_str().into(), "kind".into()]),
                        ))
                        .help("write `kind: provider`, or leave `kind` out"),
                );
            }
        }
        if parties.iter().all(|party| party.kind != PartyKind::Customer) {
            parties.push(Party {
                id: "customer".into(),
                name: "Customer".to_owned(),
                kind: PartyKind::Customer,
                contact: None,
                people: Vec::new(),
            });
        }
        parties.sort_by_key(|party| party.kind != PartyKind::Provider);
        self.parties = parties;
    }

    /// Third parties that operate a part of what is deployed are parties, whether the inventory names them or not. They
    /// come last, so that no index into the parties moves.
    fn add_operators(&mut self, resources: &[super::Resource]) {
        let services: BTreeSet<&str> = resources.iter().filter_map(|resource| resource.service.as_deref()).collect();
        let operators: BTreeSet<Arc<str>> = services.into_iter().flat_map(|service| self.catalog.operators(service)).collect();
        for known in &self.catalog.parties {
            if operators.contains(known.id.as_str()) && self.parties.iter().all(|party| *party.id != *known.id) {
                self.parties.push(Party {
                    id: known.id.as_str().into(),
                    name: known.name.clone(),
                    kind: PartyKind::Partner,
                    contact: None,
                    people: Vec::new(),
                });
            }
        }
    }

    fn merge_accounts(&mut self, parts: &[Part]) {
        let mut defined: BTreeMap<&str, (&super::file::AccountFile, &Arc<str>)> = BTreeMap::new();
        for part in parts {
            for (id, account) in &part.file.accounts {
                let at = route(["accounts".into(), id.as_str().into()]);
                if let Some((first, path)) = defined.get(id.as_str()) {
                    if *first != account {
                        let path = (*path).clone();
                        self.clash(&format!("accounts.{id}"), at, &path, &part.path);
                    }
                    continue;
                }
                self.account_number(id, Place::key(&part.path, at.clone()));
                defined.insert(id, (account, &part.path));
                self.accounts.insert(
                    id.clone(),
                    Account {
                        id: id.as_str().into(),
                        name: text_of(&account.name),
                        environment: arc_of(&account.environment),
                        owner: arc_of(&account.owner),
                        place: Place::key(&part.path, at),
                    },
                );
            }
        }
    }

    fn account_number(&mut self, id: &str, place: Place) {
        let digits = id.bytes().all(|byte| byte.is_ascii_digit());
        if digits && id.len() < 12 {
            self.found.push(
                Diagnostic::new(
                    Code::LostLeadingZero,
                    format!("the account number `{id}` has {} digits, not twelve", id.len()),
                )
                .at(place)
                .help(format!("write it in quotes with its leading zeros: \"{id:0>12}\"")),
            );
        } else if !digits || id.len() != 12 {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("`{id}` is not an account number"))
                    .at(place)
                    .help("an AWS account number has twelve digits, written in quotes: \"111122223333\""),
            );
        }
    }

    fn merge_part(&mut self, part: &Part, inventory: &mut Inventory, parts: &[Part]) {
        let path = &part.path;
        if let Some(theme) = &part.file.theme {
            let theme = self.theme(theme, path);
            if inventory.theme != Theme::default() && inventory.theme != theme {
                let first = parts.iter().find(|part| part.file.theme.is_some()).map(|part| part.path.clone());
                self.clash("theme", route(["theme".into()]), &first.unwrap_or_default(), path);
            }
            inventory.theme = theme;
        }
        for (index, rule) in part.file.assignments.iter().enumerate() {
            let at = route(["assignments".into(), index.into()]);
            let rule = self.rule(rule, path, &at);
            inventory.rules.push(rule);
        }
        for (index, resource) in part.file.resources.iter().enumerate() {
            let at = route(["resources".into(), index.into()]);
            if let (None, Some(provider), Some(kind)) = (&resource.service, &resource.provider, &resource.kind) {
                inventory.add_out_of_scope(super::OutOfScope {
                    kind: kind.0.clone(),
                    provider: provider.0.clone(),
                    count: resource.count.unwrap_or(1),
                    from: path.clone(),
                    addresses: Vec::new(),
                });
                continue;
            }
            if let Some(resource) = self.resource(resource, path, &at) {
                inventory.resources.push(resource);
            }
        }
        for (index, exception) in part.file.exceptions.iter().enumerate() {
            let at = route(["exceptions".into(), index.into()]);
            let exception = Exception {
                selector: self.selector(&exception.matches, path, &at.then("match")),
                reason: exception.reason.0.clone(),
                approved_by: exception.approved_by.as_ref().map(|by| self.party_or_text(&by.0)),
                expires: self.optional_date(exception.expires.as_ref(), path, &at.then("expires")),
                place: Place::value(path, at),
            };
            inventory.exceptions.push(exception);
        }
        for (index, evidence) in part.file.evidence.iter().enumerate() {
            let at = route(["evidence".into(), index.into()]);
            let evidence = Evidence {
                selector: self.selector(&evidence.matches, path, &at.then("match")),
                artefact: evidence.artefact.0.clone(),
                location: text_of(&evidence.location),
                reviewed: self.optional_date(evidence.reviewed.as_ref(), path, &at.then("reviewed")),
                review_by: self.optional_date(evidence.review_by.as_ref(), path, &at.then("review_by")),
                place: Place::value(path, at),
            };
            inventory.evidence.push(evidence);
        }
        if let Some(handover) = &part.file.handover {
            let at = route(["handover".into()]);
            if let Some(before) = &inventory.handover {
                let first = before.place.file.clone();
                self.clash("handover", at.clone(), &first, path);
            }
            let from = self.party(&handover.from.0, Place::value(path, at.then("from")));
            let to = self.party(&handover.to.0, Place::value(path, at.then("to")));
            let date = self.date(&handover.date.0, Place::value(path, at.then("date")));
            let keeps = handover
                .keeps
                .iter()
                .enumerate()
                .map(|(index, keep)| self.selector(&keep.matches, path, &at.then("keeps").then(index).then("match")))
                .collect();
            if let (Some(from), Some(to), Some(date)) = (from, to, date) {
                for (party, field) in [(from, "from"), (to, "to")] {
                    if self.parties.get(party).is_some_and(|party| party.kind == PartyKind::Provider) {
                        self.found.push(
                            Diagnostic::new(Code::ProviderAccountable, "duties cannot be handed over from or to the provider")
                                .at(Place::value(path, at.then(field)))
                                .help("name a customer party or a partner"),
                        );
                    }
                }
                inventory.handover = Some(Handover {
                    from,
                    to,
                    date,
                    keeps,
                    place: Place::value(path, at),
                });
            }
        }
        for (index, revision) in part.file.revisions.iter().enumerate() {
            let at = route(["revisions".into(), index.into()]);
            if let Some(date) = self.date(&revision.date.0, Place::value(path, at.then("date"))) {
                let author = revision.author.as_ref().map(|author| self.party_or_text(&author.0));
                inventory.revisions.push(Revision {
                    version: revision.version.0.clone(),
                    date,
                    author,
                    change: revision.change.0.clone(),
                });
            }
        }
    }

    fn theme(&mut self, theme: &super::file::ThemeFile, path: &Arc<str>) -> Theme {
        let accent = theme.accent.as_ref().map(|accent| accent.0.to_lowercase());
        if let Some(accent) = &accent {
            let hex = accent.strip_prefix('#').unwrap_or_default();
            if hex.len() != 6 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                self.found.push(
                    Diagnostic::new(Code::InvalidValue, format!("`{accent}` is not a colour"))
                        .at(Place::value(path, route(["theme".into(), "accent".into()])))
                        .help("write a colour as \"#0b5fff\", in quotes"),
                );
            }
        }
        let beside = |name: &Option<Text>, key: &str| {
            let folder = Path::new(&**path).parent().unwrap_or(Path::new(""));
            let name = name.as_ref()?;
            Some((folder.join(&name.0), Place::value(path, route(["theme".into(), key.into()]))))
        };
        let (logo, font_path) = (beside(&theme.logo, "logo"), beside(&theme.font_path, "font_path"));
        let font = text_of(&theme.font);
        let plain = |letter: char| letter.is_alphanumeric() || letter == ' ' || letter == '-';
        if let Some(font) = font
            .as_ref()
            .filter(|font| font.is_empty() || font.len() > 64 || !font.chars().all(plain))
        {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("`{font}` is not the name of a font's family"))
                    .at(Place::value(path, route(["theme".into(), "font".into()])))
                    .help("write the family alone, such as `Noto Sans`; `font_path` or `--font-path DIR` says where its files are"),
            );
        }
        Theme {
            logo,
            accent,
            font,
            font_path,
            footer: text_of(&theme.footer),
        }
    }

    fn rule(&mut self, rule: &RuleFile, path: &Arc<str>, at: &Route) -> Rule {
        let selector = match &rule.matches {
            Some(matches) => self.selector(matches, path, &at.then("match")),
            None => Selector::default(),
        };
        let responsible = self.parties_of(rule.responsible.as_ref(), path, &at.then("responsible"));
        let accountable = rule
            .accountable
            .as_ref()
            .and_then(|text| self.party(&text.0, Place::value(path, at.then("accountable"))));
        let rule_parties = Rule {
            responsible,
            accountable,
            consulted: self.parties_of(rule.consulted.as_ref(), path, &at.then("consulted")),
            informed: self.parties_of(rule.informed.as_ref(), path, &at.then("informed")),
            place: Place::value(path, at.clone()),
            selector,
        };
        if rule.responsible.is_none() && rule.accountable.is_none() && rule.consulted.is_none() && rule.informed.is_none() {
            self.found.push(
                Diagnostic::new(Code::MissingField, "the rule sets no letter")
                    .at(rule_parties.place.clone())
                    .help("add `responsible`, `accountable`, `consulted` or `informed`"),
            );
        }
        let others = rule_parties
            .selector
            .side
            .as_ref()
            .is_some_and(|sides| sides.iter().any(|side| *side != Side::Customer));
        if others {
            for (field, set) in [
                ("responsible", rule.responsible.is_some()),
                ("accountable", rule.accountable.is_some()),
            ] {
                if set {
                    self.found.push(
                        Diagnostic::new(
                            Code::ProviderSideLetters,
                            format!("a rule for another party's side cannot set `{field}`"),
                        )
                        .at(Place::key(path, at.then(field)))
                        .help("what a provider does, the provider answers for; such a rule may add `consulted` and `informed`"),
                    );
                }
            }
        } else {
            let holders = rule_parties.responsible.iter().flatten().map(|party| (*party, "responsible"));
            for (party, field) in holders.chain(rule_parties.accountable.map(|party| (party, "accountable"))) {
                let Some(party) = self.parties.get(party).filter(|party| party.kind == PartyKind::Provider) else {
                    continue;
                };
                self.found.push(
                    Diagnostic::new(
                        Code::ProviderAccountable,
                        format!("`{}` cannot be {field} for a customer's activity: it does not do it", party.id),
                    )
                    .at(Place::value(path, at.then(field)))
                    .help("these activities stay with you, whoever provides the cloud: name one of your parties or a partner"),
                );
            }
        }
        rule_parties
    }

    fn parties_of(&mut self, list: Option<&OneOrMany>, path: &Arc<str>, at: &Route) -> Option<Vec<usize>> {
        let list = list?;
        let mut found = Vec::new();
        for (text, place) in places(list, path, at) {
            found.extend(self.party(text, place).filter(|party| !found.contains(party)));
        }
        // A list of parties that are all unknown leaves the letter alone; the diagnostics have said so.
        (!found.is_empty() || list.texts().is_empty()).then_some(found)
    }

    fn party(&mut self, id: &str, place: Place) -> Option<usize> {
        let found = self.parties.iter().position(|party| *party.id == *id);
        if found.is_none() {
            let known: Vec<&str> = self.parties.iter().map(|party| &*party.id).collect();
            self.found.push(
                Diagnostic::new(Code::UnknownParty, format!("no party `{id}` is defined"))
                    .at(place)
                    .help(did_you_mean(id, &known)),
            );
        }
        found
    }

    fn party_or_text(&self, text: &str) -> String {
        self.parties
            .iter()
            .find(|party| *party.id == *text)
            .map_or_else(|| text.to_owned(), |party| party.name.clone())
    }

    fn date(&mut self, text: &str, place: Place) -> Option<Date> {
        let date = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
        if date.is_none() {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("`{text}` is not a date"))
                    .at(place)
                    .help("write dates as YYYY-MM-DD: 2026-11-01"),
            );
        }
        date
    }

    fn optional_date(&mut self, text: Option<&Text>, path: &Arc<str>, at: &Route) -> Option<Date> {
        text.and_then(|text| self.date(&text.0, Place::value(path, at.clone())))
    }

    fn selector(&mut self, file: &MatchFile, path: &Arc<str>, at: &Route) -> Selector {
        let service = file.service.as_ref().map(|values| {
            places(values, path, &at.then("service"))
                .filter_map(|(text, place)| self.service_in_match(text, place))
                .collect::<Vec<_>>()
        });
        let catalog = self.catalog;
        let closed = |field: &str, values: &Option<OneOrMany>, code: Code, what: &str, known: Vec<&str>, this: &mut Self| {
            let values = values.as_ref()?;
            let mut kept: Vec<Arc<str>> = Vec::new();
            for (text, place) in places(values, path, &at.then(field)) {
                if known.contains(&text) {
                    kept.push(text.into());
                } else {
                    let fault = Diagnostic::new(code, format!("there is no {what} `{text}`"));
                    this.found.push(fault.at(place).help(did_you_mean(text, &known)));
                }
            }
            Some(kept)
        };
        let controls: Vec<&str> = catalog.controls.iter().map(|control| control.id.as_str()).collect();
        let control = closed("control", &file.control, Code::UnknownControl, "control", controls, self);
        let layers: Vec<&str> = catalog.layers.iter().map(|layer| layer.id.as_str()).collect();
        let layer = closed("layer", &file.layer, Code::InvalidValue, "layer", layers, self);
        let models: Vec<&str> = catalog.models().iter().map(|model| model.id.as_str()).collect();
        let model = closed("model", &file.model, Code::InvalidValue, "service model", models, self);
        let mut sides = vec!["customer".to_owned(), "provider".to_owned()];
        sides.extend(catalog.parties.iter().map(|party| party.id.clone()));
        let side = closed(
            "side",
            &file.side,
            Code::InvalidValue,
            "side",
            sides.iter().map(String::as_str).collect(),
            self,
        );
        let side = side.map(|sides| {
            let provider = catalog.provider().map(|provider| provider.id.as_str());
            sides
                .iter()
                .map(|side| {
                    if Some(&**side) == provider {
                        Side::Provider
                    } else {
                        Side::named(side)
                    }
                })
                .collect()
        });
        let mode = file.mode.as_ref().map(|values| {
            let at = at.then("mode");
            places(values, path, &at)
                .filter_map(|(text, place)| self.mode_in_match(text, service.as_deref(), place))
                .collect()
        });
        let account = file.account.as_ref().map(|values| {
            values
                .texts()
                .iter()
                .map(|text| {
                    let named = self
                        .accounts
                        .values()
                        .find(|account| account.name.as_deref() == Some(text.0.as_str()));
                    named.map_or_else(|| text.0.as_str().into(), |account| account.id.clone())
                })
                .collect()
        });
        let open = |values: &Option<OneOrMany>| {
            values
                .as_ref()
                .map(|values| values.texts().iter().map(|text| text.0.as_str().into()).collect())
        };
        Selector {
            environment: open(&file.environment),
            region: open(&file.region),
            owner: open(&file.owner),
            data: open(&file.data),
            tag: file.tag.as_ref().map(tags),
            service,
            mode,
            control,
            layer,
            model,
            account,
            side,
        }
    }

    fn service_in_match(&mut self, text: &str, place: Place) -> Option<Arc<str>> {
        let found = self.catalog.resolve(text).map(Arc::from);
        if found.is_none() {
            let known: Vec<&str> = self.catalog.service_ids().collect();
            let fault = Diagnostic::new(Code::UnknownService, format!("the catalog knows no service `{text}`"));
            self.found.push(fault.at(place).help(did_you_mean(text, &known)));
        }
        found
    }

    fn mode_in_match(&mut self, text: &str, services: Option<&[Arc<str>]>, place: Place) -> Option<Arc<str>> {
        let id = text.rsplit('/').next().unwrap_or(text);
        let services: Vec<&str> = match services {
            Some(services) => services.iter().map(|id| &**id).collect(),
            None => self.catalog.service_ids().collect(),
        };
        let known: Vec<String> = services
            .iter()
            .flat_map(|service| self.catalog.modes(service))
            .map(|mode| mode.id)
            .collect();
        if known.iter().any(|known| known == id) {
            return Some(id.into());
        }
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        self.found.push(
            Diagnostic::new(Code::UnknownMode, format!("no service meant here has a mode `{id}`"))
                .at(place)
                .help(did_you_mean(id, &known)),
        );
        None
    }

    fn resource(&mut self, file: &super::file::ResourceFile, path: &Arc<str>, at: &Route) -> Option<Resource> {
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
            Some((service, mode)) if !named.0.starts_with("arn:") => (service, Some(mode)),
            _ => (named.0.as_str(), None),
        };
        let service = self.catalog.resolve(named).map(Arc::<str>::from);
        let mode = file.mode.as_ref().map(|mode| mode.0.as_str()).or(inline_mode);
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
        let region = arc_of(&file.region).or_else(|| arn.as_deref().and_then(|arn| arn_field(arn, 3)).map(Arc::from));
        let config = normalised(&file.config);
        let mut resource = Resource {
            service,
            kind: called.0.as_str().into(),
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
        };
        self.finish(&mut resource, file.service.is_none());
        Some(resource)
    }

    fn resource_account(&mut self, account: &Arc<str>, path: &Arc<str>, at: &Route, written: bool) {
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

    fn imported(&mut self, imported: ImportedResource, file: &Arc<str>) -> Resource {
        let found = self
            .catalog
            .classify(&imported.kind, imported.arn.as_deref(), imported.service.as_deref());
        let mut resource = Resource {
            service: found.map(|(service, _)| service.into()),
            supporting: found.is_some_and(|(_, primary)| !primary),
            kind: imported.kind,
            mode: imported.mode,
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
        };
        self.finish(&mut resource, true);
        resource
    }

    /// What the account and the attributes say of a resource that does not say it itself.
    fn finish(&mut self, resource: &mut Resource, may_reclassify: bool) {
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
    }
}

/// Each text of a list (or a single one) with its place.
fn places<'l>(list: &'l OneOrMany, path: &'l Arc<str>, at: &'l Route) -> impl Iterator<Item = (&'l str, Place)> {
    list.texts().iter().enumerate().map(move |(index, text)| {
        let at = if list.is_list() { at.then(index) } else { at.clone() };
        (text.0.as_str(), Place::value(path, at))
    })
}

fn text_of(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(|text| text.0.trim().to_owned()).filter(|text| !text.is_empty())
}

fn arc_of(text: &Option<Text>) -> Option<Arc<str>> {
    text_of(text).map(Arc::from)
}

fn sorted(list: Option<&OneOrMany>) -> Vec<Arc<str>> {
    let mut sorted: Vec<Arc<str>> = list
        .iter()
        .flat_map(|list| list.texts())
        .map(|text| text.0.as_str().into())
        .collect();
    sorted.sort();
    sorted.dedup();
    sorted
}

fn tags(tags: &TagMatch) -> Vec<(Arc<str>, Option<String>)> {
    match tags {
        TagMatch::Words(words) => words
            .texts()
            .iter()
            .map(|word| match word.0.split_once('=') {
                Some((key, value)) => (key.into(), Some(value.to_owned())),
                None => (word.0.as_str().into(), None),
            })
            .collect(),
        TagMatch::Map(map) => map
            .iter()
            .flat_map(|(key, values)| values.texts().iter().map(move |value| (key.as_str().into(), Some(value.0.clone()))))
            .collect(),
    }
}

fn arn_field(arn: &str, index: usize) -> Option<&str> {
    let mut fields = arn.splitn(6, ':');
    (fields.next() == Some("arn"))
        .then(|| fields.nth(index - 1))
        .flatten()
        .filter(|field| !field.is_empty())
}

fn account_of_arn(arn: &str) -> Option<Arc<str>> {
    arn_field(arn, 4).filter(|account| account.len() == 12).map(Arc::from)
}

/// Attribute names in Terraform's spelling: `StorageEncrypted` and `storageEncrypted` are `storage_encrypted`.
pub(crate) fn normalised(config: &Attributes) -> Attributes {
    fn value(value: &Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(normalised(map)),
            Value::Array(items) => Value::Array(items.iter().map(value_of).collect()),
            other => other.clone(),
        }
    }
    fn value_of(one: &Value) -> Value {
        value(one)
    }
    config.iter().map(|(key, inner)| (snake_case(key), value(inner))).collect()
}

/// One name in Terraform's spelling. A run of capitals is one word, also where its first letter is small (`dBInstance`) or
/// an `s` makes it several (`TargetGroupARNs`).
fn snake_case(name: &str) -> String {
    if !name.bytes().any(|byte| byte.is_ascii_uppercase()) || name.contains(['.', ':', '/', '-', ' ']) {
        return name.to_owned();
    }
    let mut letters: Vec<char> = name.chars().collect();
    if let [first, second, ..] = letters.as_mut_slice()
        && second.is_uppercase()
    {
        first.make_ascii_uppercase();
    }
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(index + 1);
        let is_plural = after == Some(&'s') && letters.get(index + 2).is_none_or(|behind| behind.is_uppercase());
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                *before != '_' && (!before.is_uppercase() || (!is_plural && after.is_some_and(|after| after.is_lowercase())))
            });
        if starts_word {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attribute_names_become_terraforms() {
        for (written, expected) in [
            ("StorageEncrypted", "storage_encrypted"),
            ("storageEncrypted", "storage_encrypted"),
            ("MultiAZ", "multi_az"),
            ("KMSKeyId", "kms_key_id"),
            ("dBInstanceClass", "db_instance_class"),
            ("iAMDatabaseAuthenticationEnabled", "iam_database_authentication_enabled"),
            ("TargetGroupARNs", "target_group_arns"),
            ("CIDRs", "cidrs"),
            ("VPCs", "vpcs"),
            ("eTag", "e_tag"),
            ("S3BucketName", "s3_bucket_name"),
            ("storage_encrypted", "storage_encrypted"),
        ] {
            assert_eq!(snake_case(written), expected);
        }
    }
}
