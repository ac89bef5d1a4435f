//! Parties and accounts out of all files.
//!
//! In: the files' parts and the resources. Out: the validator's parties and accounts.

use super::{Part, Validator, arc_of, text_of};
use crate::catalog;
use crate::diagnostics::{Code, Diagnostic, Place, route};
use crate::inventory::file::{OneOrMany, PartyFile, PartyKind};
use crate::inventory::import::Imported;
use crate::inventory::{Account, Operators, Party, Resource};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Letters that a party's `short` may have.
const SHORT: usize = 24;

impl Validator<'_> {
    pub(super) fn merge_parties(&mut self, parts: &[Part]) {
        let mut defined: IndexMap<&str, (&PartyFile, &Arc<str>)> = IndexMap::new();
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
                let kind = party.kind.unwrap_or(match known.map(|known| known.kind) {
                    Some(catalog::PartyKind::Provider) => PartyKind::Provider,
                    Some(catalog::PartyKind::Partner) => PartyKind::Partner,
                    None => PartyKind::Customer,
                });
                Party {
                    id: (*id).into(),
                    name: text_of(&party.name)
                        .or_else(|| known.map(|known| known.name.clone()))
                        .unwrap_or_else(|| (*id).to_owned()),
                    kind,
                    short: text_of(&party.short).or_else(|| known.and_then(|known| known.short.clone())),
                    contact: text_of(&party.contact),
                    phone: text_of(&party.phone),
                    hours: text_of(&party.hours),
                    people: party.people.iter().flat_map(OneOrMany::texts).map(|text| text.0.clone()).collect(),
                }
            })
            .collect();
        let provider = self.catalog.provider().map(|provider| provider.id.as_str());
        for known in &self.catalog.parties {
            // The catalog's provider is a column always, whatever the inventory calls its kind.
            if Some(known.id.as_str()) == provider && parties.iter().all(|party| *party.id != *known.id) {
                parties.push(Party::known(&known.id, &known.name, known.short.as_deref(), PartyKind::Provider));
            }
            if let Some((_, path)) = defined.get(known.id.as_str()).filter(|(party, _)| {
                known.kind == catalog::PartyKind::Provider && party.kind.is_some_and(|kind| kind != PartyKind::Provider)
            }) {
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
            parties.push(Party::known("customer", "Customer", None, PartyKind::Customer));
        }
        self.check_shorts(&defined, &parties);
        // What the cloud's own provider is called stands on the first page, whatever other providers the inventory names.
        parties.sort_by_key(|party| (party.kind != PartyKind::Provider, Some(&*party.id) != provider));
        self.parties = parties;
    }

    /// A short name is short, and one party's alone: it heads a column.
    fn check_shorts(&mut self, defined: &IndexMap<&str, (&PartyFile, &Arc<str>)>, parties: &[Party]) {
        for (position, party) in parties.iter().enumerate() {
            let Some(short) = &party.short else { continue };
            let Some((_, path)) = defined.get(&*party.id).filter(|(file, _)| file.short.is_some()) else {
                continue;
            };
            let place = Place::value(path, route(["parties".into(), (&*party.id).into(), "short".into()]));
            if short.chars().count() > SHORT {
                self.found.push(
                    Diagnostic::new(Code::InvalidValue, format!("`{short}` is too long for a column"))
                        .at(place)
                        .help(format!("write at most {SHORT} letters; `name` may be as long as it is")),
                );
                continue;
            }
            let is_so_called = |other: &Party| other.short.as_ref().unwrap_or(&other.name).eq_ignore_ascii_case(short);
            let others = parties.iter().enumerate();
            let first = others.take(position).find(|(_, other)| is_so_called(other));
            if let Some((_, first)) = first {
                self.found.push(
                    Diagnostic::new(
                        Code::InvalidValue,
                        format!("`{}` and `{}` are both called `{short}`", first.id, party.id),
                    )
                    .at(place)
                    .help("give each party a `short` of its own"),
                );
            }
        }
    }

    /// Third parties that operate a part of what is deployed, and who operates the partitions and Regions that it is in, are
    /// parties, whether the inventory names them or not. They come last, so that no index into the parties moves.
    pub(super) fn add_operators(&mut self, resources: &[Arc<Resource>]) {
        let mut services: BTreeSet<&str> = resources.iter().filter_map(|resource| resource.service.as_deref()).collect();
        if !services.is_empty() {
            services.extend(self.catalog.account_service_ids());
        }
        let operators: BTreeSet<Arc<str>> = services.into_iter().flat_map(|service| self.catalog.operators(service)).collect();
        let of_regions = Operators::of(resources).parties(resources);
        for known in &self.catalog.parties {
            let is_provider = of_regions.contains(known.id.as_str());
            let operates = is_provider || operators.contains(known.id.as_str());
            if operates && self.parties.iter().all(|party| *party.id != *known.id) {
                let kind = if is_provider { PartyKind::Provider } else { PartyKind::Partner };
                self.parties
                    .push(Party::known(&known.id, &known.name, known.short.as_deref(), kind));
            }
        }
    }

    /// A partner that the catalog or its overlay knows is a party from where it is named on.
    pub(super) fn partner_of_catalog(&mut self, is_meant: impl Fn(&catalog::PartyFile) -> bool) -> Option<usize> {
        let mut partners = self
            .catalog
            .parties
            .iter()
            .filter(|known| known.kind == catalog::PartyKind::Partner);
        let known = partners.find(|known| is_meant(known))?;
        if let Some(known) = self.parties.iter().position(|party| *party.id == *known.id) {
            return Some(known);
        }
        let party = Party::known(&known.id, &known.name, known.short.as_deref(), PartyKind::Partner);
        self.parties.push(party);
        Some(self.parties.len() - 1)
    }

    pub(super) fn merge_accounts(&mut self, parts: &[Part]) {
        let mut defined: BTreeMap<&str, (&crate::inventory::file::AccountFile, &Arc<str>)> = BTreeMap::new();
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
                        unit: text_of(&account.unit),
                        tags: account
                            .tags
                            .iter()
                            .map(|(key, value)| (key.as_str().into(), value.0.clone()))
                            .collect(),
                        place: Place::key(&part.path, at),
                    },
                );
            }
        }
    }

    /// Accounts that imports describe. What an inventory says of one stays.
    pub(super) fn add_imported_accounts(&mut self, imported: &[Imported]) {
        for file in imported {
            for one in &file.accounts {
                let account = self.accounts.entry(one.id.to_string()).or_insert_with(|| Account {
                    id: one.id.clone(),
                    name: None,
                    environment: None,
                    owner: None,
                    unit: None,
                    tags: Vec::new(),
                    place: Place::file(file.file.clone()),
                });
                account.name = account.name.take().or_else(|| one.name.clone());
                account.environment = account.environment.take().or_else(|| one.environment.clone());
                account.owner = account.owner.take().or_else(|| one.owner.clone());
                account.unit = account.unit.take().or_else(|| one.unit.clone());
                if account.tags.is_empty() {
                    account.tags.clone_from(&one.tags);
                }
            }
        }
    }

    pub(super) fn account_number(&mut self, id: &str, place: Place) {
        let digits = id.bytes().all(|byte| byte.is_ascii_digit());
        let whole = catalog::account_digits().filter(|_| digits).filter(|whole| id.len() < *whole);
        if catalog::is_account(id) {
            return;
        }
        if let Some(whole) = whole {
            self.found.push(
                Diagnostic::new(
                    Code::LostLeadingZero,
                    format!("the account number `{id}` has {} digits, not {}", id.len(), spelt(whole)),
                )
                .at(place)
                .help(format!("write it in quotes with its leading zeros: \"{id:0>whole$}\"")),
            );
        } else {
            self.found.push(
                Diagnostic::new(Code::InvalidValue, format!("`{id}` is not an account number"))
                    .at(place)
                    .help(catalog::account_help()),
            );
        }
    }
}

/// A number of digits as it is written in a sentence.
fn spelt(digits: usize) -> String {
    const WORDS: [&str; 13] = [
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    WORDS.get(digits).map_or_else(|| digits.to_string(), |word| (*word).to_owned())
}
