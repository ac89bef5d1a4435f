//! Assignment rules and what they match.
//!
//! In: rules as written. Out: rules whose parties, services and modes are known.

use super::{Validator, places};
use crate::catalog::{self, Side};
use crate::diagnostics::{Code, Diagnostic, Place, Route, did_you_mean, nearest};
use crate::inventory::file::{MatchFile, OneOrMany, PartyKind, RuleFile, TagMatch};
use crate::inventory::{Rule, Selector, Wildcard};
use std::sync::Arc;

impl Validator<'_> {
    pub(super) fn rule(&mut self, rule: &RuleFile, path: &Arc<str>, at: &Route) -> Rule {
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

    pub(super) fn parties_of(&mut self, list: Option<&OneOrMany>, path: &Arc<str>, at: &Route) -> Option<Vec<usize>> {
        let list = list?;
        let mut found = Vec::new();
        for (text, place) in places(list, path, at) {
            found.extend(self.party(text, place).filter(|party| !found.contains(party)));
        }
        // A list of parties that are all unknown leaves the letter alone; the diagnostics have said so.
        (!found.is_empty() || list.texts().is_empty()).then_some(found)
    }

    pub(super) fn party(&mut self, id: &str, place: Place) -> Option<usize> {
        let found = self.parties.iter().position(|party| *party.id == *id);
        let found = found.or_else(|| self.partner_of_catalog(|known| known.id == id));
        if found.is_none() {
            let mut known: Vec<&str> = self.parties.iter().map(|party| &*party.id).collect();
            // Those of the catalog are told only where the name is like theirs.
            let partners = self
                .catalog
                .parties
                .iter()
                .filter(|known| known.kind == catalog::PartyKind::Partner);
            let partners = partners.map(|known| known.id.as_str());
            known.extend(nearest(id, partners.filter(|near| !known.contains(near))));
            self.found.push(
                Diagnostic::new(Code::UnknownParty, format!("no party `{id}` is defined"))
                    .at(place)
                    .help(did_you_mean(id, &known)),
            );
        }
        found
    }

    pub(super) fn party_or_text(&self, text: &str) -> String {
        self.parties
            .iter()
            .find(|party| *party.id == *text)
            .map_or_else(|| text.to_owned(), |party| party.name.clone())
    }

    pub(super) fn selector(&mut self, file: &MatchFile, path: &Arc<str>, at: &Route) -> Selector {
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
        let models: Vec<&str> = catalog.models().map(|model| model.id.as_str()).collect();
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
        let by_name = self.modes_named_in_match(file, path, at);
        let mode = file.mode.as_ref().map(|values| {
            let at = at.then("mode");
            places(values, path, &at)
                .filter_map(|(text, place)| self.mode_in_match(text, service.as_deref(), place))
                .collect()
        });
        let mode = mode.or(by_name);
        let account = file.account.as_ref().map(|values| self.accounts_in_match(values));
        let open = |values: &Option<OneOrMany>| {
            values
                .as_ref()
                .map(|values| values.texts().iter().map(|text| text.0.as_str().into()).collect())
        };
        let wild = |values: &Option<OneOrMany>| {
            let values = values.as_ref()?;
            Some(values.texts().iter().map(|text| Wildcard::new(&text.0)).collect())
        };
        let activity = file
            .activity
            .as_ref()
            .map(|values| self.activities_in_match(values, path, &at.then("activity")));
        Selector {
            activity,
            name: wild(&file.name),
            arn: wild(&file.arn),
            kind: wild(&file.kind),
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

    /// Accounts by their ids, also where they are named, or all of an organisational unit.
    fn accounts_in_match(&self, values: &OneOrMany) -> Vec<Arc<str>> {
        let texts = values.texts();
        let ids = texts.iter().flat_map(|text| {
            let all = || self.accounts.values();
            let named = all().find(|account| account.name.as_deref() == Some(text.0.as_str()));
            let mut ids: Vec<Arc<str>> = named.map(|account| account.id.clone()).into_iter().collect();
            if ids.is_empty() {
                let within = all().filter(|account| account.unit.as_deref() == Some(text.0.as_str()));
                ids.extend(within.map(|account| account.id.clone()));
            }
            if ids.is_empty() {
                ids.push(text.0.as_str().into());
            }
            ids
        });
        ids.collect()
    }

    /// Those of the ids that some activity of the catalog has.
    fn activities_in_match(&mut self, values: &OneOrMany, path: &Arc<str>, at: &Route) -> Vec<Wildcard> {
        let mut kept = Vec::new();
        for (text, place) in places(values, path, at) {
            let wanted = Wildcard::new(text);
            let is_known = if wanted.is_exact() {
                self.catalog.is_activity(text)
            } else {
                self.catalog.has_activity(text, &|id| wanted.takes(id))
            };
            if is_known {
                kept.push(wanted);
                continue;
            }
            let known = self.catalog.activities_of(text);
            let known: Vec<&str> = known.iter().map(|id| &**id).collect();
            let fault = Diagnostic::new(Code::UnknownActivity, format!("the catalog knows no activity `{text}`"));
            self.found.push(fault.at(place).help(did_you_mean(text, &known)));
        }
        kept
    }

    pub(super) fn service_in_match(&mut self, text: &str, place: Place) -> Option<Arc<str>> {
        let found = self.catalog.resolve(text).map(Arc::from);
        if found.is_none() {
            let known: Vec<&str> = self.catalog.service_ids().collect();
            let fault = Diagnostic::new(Code::UnknownService, format!("the catalog knows no service `{text}`"));
            self.found.push(fault.at(place).help(did_you_mean(text, &known)));
        }
        found
    }

    /// The mode that the only service of a match is named by, as `fargate` names one of ECS.
    fn modes_named_in_match(&mut self, file: &MatchFile, path: &Arc<str>, at: &Route) -> Option<Vec<Arc<str>>> {
        let words = file.service.as_ref()?;
        let at = at.then("service");
        let mut modes: Vec<Arc<str>> = Vec::new();
        let mut faults = Vec::new();
        for (text, place) in places(words, path, &at) {
            let service = self.catalog.resolve(text);
            let Some((service, mode)) = service.and_then(|id| Some((id, self.catalog.mode_named(id, text)?))) else {
                continue;
            };
            let others = words.texts().len() > 1 || file.mode.is_some();
            if others {
                let fault = format!("`{text}` is `{service}` in its mode `{mode}`, beside which a match names no other service or mode");
                let help = format!("write a rule of its own, or `service: {service}` and `mode: {mode}`");
                faults.push(Diagnostic::new(Code::InvalidValue, fault).at(place).help(help));
            } else {
                modes.push(mode.into());
            }
        }
        self.found.append(&mut faults);
        (!modes.is_empty()).then_some(modes)
    }

    pub(super) fn mode_in_match(&mut self, text: &str, services: Option<&[Arc<str>]>, place: Place) -> Option<Arc<str>> {
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
