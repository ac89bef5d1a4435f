//! An inventory as it would be if something of it were otherwise.
//!
//! In: a valid inventory and suppositions. Out: the inventory that the same change, written into its files, would give.

use super::Validator;
use crate::catalog::attributes::{Kind, Origin};
use crate::catalog::{Catalog, STANDARD_MODE, partitions};
use crate::diagnostics::{Code, Diagnostic, Outcome, Route, Severity, did_you_mean};
use crate::inventory::file::ResourceFile;
use crate::inventory::{Inventory, PartyKind, Resource, Rule};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Something that is supposed.
#[derive(Debug, Clone)]
pub enum Supposition {
    /// Resources, by their positions, have this attribute, or this account, environment, owner, Region or mode.
    Set {
        /// Positions in the inventory's resources.
        resources: Vec<usize>,
        /// A path of names with dots between them.
        attribute: String,
        /// What it would be.
        value: Value,
    },
    /// This is deployed, too: a service or `service/mode`, and what else a resource of an inventory says.
    Add(Map<String, Value>),
    /// A party, by its position, is gone, and whoever the other rules name does its duties.
    Remove(usize),
}

/// What a resource says beside its attributes.
const OWN: [&str; 5] = ["account", "environment", "owner", "region", "mode"];

/// The inventory under suppositions, in their order.
///
/// # Errors
/// What means nothing: an unknown mode, service, attribute.
pub fn suppose(inventory: &Inventory, catalog: &Catalog, suppositions: &[Supposition]) -> Outcome<Inventory> {
    let mut supposed = inventory.clone();
    let mut validator = Validator {
        parties: inventory.parties.clone(),
        accounts: inventory.accounts.clone(),
        ..Validator::new(catalog)
    };
    for supposition in suppositions {
        if let Supposition::Set {
            resources,
            attribute,
            value,
        } = supposition
        {
            for position in resources {
                if let Some(resource) = supposed.resources.get_mut(*position) {
                    validator.set(Arc::make_mut(resource), attribute, value);
                }
            }
        }
    }
    for supposition in suppositions {
        if let Supposition::Add(fields) = supposition {
            supposed.resources.extend(validator.add(fields).map(Arc::new));
        }
    }
    supposed.resources.sort_by(|one, other| one.by_content(other));
    validator.tell_unknown_keys();
    validator.add_operators(&supposed.resources);
    supposed.parties = std::mem::take(&mut validator.parties);
    let mut gone: Vec<usize> = suppositions
        .iter()
        .filter_map(|one| if let Supposition::Remove(party) = one { Some(*party) } else { None })
        .collect();
    gone.sort_unstable();
    // Who is named twice is gone once.
    gone.dedup();
    for party in &gone {
        let is_last = || {
            let mut others = inventory
                .parties
                .iter()
                .enumerate()
                .filter(|(position, _)| !gone.contains(position));
            !others.any(|(_, other)| other.kind == PartyKind::Customer)
        };
        match inventory.parties.get(*party) {
            Some(one) if one.kind == PartyKind::Provider => {
                let fault = Diagnostic::new(
                    Code::InvalidValue,
                    format!("`{}` is the provider, without which nothing runs", one.id),
                );
                validator
                    .found
                    .push(fault.help("suppose that a customer or a partner goes, or another `--region`"));
            }
            Some(one) if one.kind == PartyKind::Customer && is_last() => {
                let fault = Diagnostic::new(
                    Code::InvalidValue,
                    format!(
                        "without `{}` there is no customer left, who alone can answer for a customer's duties",
                        one.id
                    ),
                );
                validator.found.push(fault.help("leave one party of the kind `customer`"));
            }
            _ => {}
        }
    }
    for party in gone.into_iter().rev() {
        supposed = without_party(supposed, party);
    }
    // The command line has no lines to show.
    let faults: Vec<Diagnostic> = validator
        .found
        .into_iter()
        .map(|mut fault| {
            fault.places.clear();
            // A slip in a file is worth a word; here it would answer another question than the one asked.
            fault.severity = Severity::Error;
            fault
        })
        .collect();
    if faults.is_empty() { Ok(supposed) } else { Err(faults) }
}

impl Validator<'_> {
    fn set(&mut self, resource: &mut Resource, attribute: &str, value: &Value) {
        if OWN.contains(&attribute) {
            self.set_own(resource, attribute, value);
            return;
        }
        let mut parts = attribute.split('.');
        let first = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let whole = within(resource.config.get(&crate::catalog::spelling::snake_case(first)), &rest, value);
        let (kind, service) = (resource.kind.clone(), resource.service.clone());
        let one = Map::from_iter([(first.to_owned(), whole)]);
        self.fits(attribute, (&kind, service.as_deref()), value);
        let known = self.config(
            &Arc::new(one),
            (&kind, service.as_ref()),
            true,
            (&"--set".into(), &Route::default()),
        );
        Arc::make_mut(&mut resource.config).extend(Arc::unwrap_or_clone(known));
        self.settle(resource);
    }

    /// Refuses a value that an attribute cannot have: what is judged by it would be unknown for no other reason.
    fn fits(&mut self, attribute: &str, (called, service): (&str, Option<&str>), value: &Value) {
        // Blocks are a source's own form, which is understood elsewhere.
        let has_blocks = value.is_object() || value.as_array().is_some_and(|items| items.iter().any(Value::is_object));
        let declaration = self.catalog.declaration(Origin::of_type(called), called, service);
        let name = attribute
            .split('.')
            .map(crate::catalog::spelling::snake_case)
            .collect::<Vec<_>>()
            .join(".");
        let kinds: Vec<Kind> = declaration
            .types()
            .iter()
            .filter_map(|declared| declared.attributes.get(&name))
            .map(|attribute| attribute.kind)
            .collect();
        let takes = |kind: &Kind| match (kind, value) {
            (_, Value::Null) => true,
            (Kind::Bool, _) => value.is_boolean(),
            (Kind::Number, _) => value.is_number() || value.as_str().is_some_and(|text| text.parse::<f64>().is_ok()),
            (Kind::Text, _) => !value.is_array() && !value.is_object(),
            _ => true,
        };
        if has_blocks || kinds.is_empty() || kinds.iter().any(takes) {
            return;
        }
        let words: BTreeSet<&str> = kinds.iter().map(|kind| kind.id()).collect();
        let words = words.into_iter().collect::<Vec<_>>().join(" or ");
        let fault = Diagnostic::new(
            Code::InvalidValue,
            format!("`{attribute}` cannot be `{}`: it is of the type {words}", plain(value)),
        );
        let fault = fault.help(match kinds.as_slice() {
            [Kind::Bool, ..] => "write `true` or `false`",
            [Kind::Number, ..] => "write a number",
            _ => "write one word or text",
        });
        if !self.found.iter().any(|known| known.message == fault.message) {
            self.found.push(fault);
        }
    }

    /// Refuses a Region that is in no partition that is known.
    fn known_region(&mut self, region: &str) {
        if partitions::of_region(region).is_some() {
            return;
        }
        let known: Vec<&str> = partitions::partitions()
            .iter()
            .flat_map(|partition| partition.regions.keys().map(String::as_str))
            .collect();
        let fault = Diagnostic::new(Code::InvalidValue, format!("`{region}` is no known Region"));
        let fault = fault.help(match crate::diagnostics::nearest(region, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write it as the provider does; `cloudraci list resources` shows those in use".to_owned(),
        });
        if !self.found.iter().any(|known| known.message == fault.message) {
            self.found.push(fault);
        }
    }

    /// What a resource says of itself beside its attributes.
    fn set_own(&mut self, resource: &mut Resource, name: &str, value: &Value) {
        let text = match value {
            Value::Null => None,
            Value::String(text) => Some(Arc::<str>::from(text.as_str())),
            other => Some(other.to_string().into()),
        };
        match name {
            "account" => resource.account = text,
            "environment" => resource.environment = text,
            "owner" => resource.owner = text,
            "region" => {
                if let Some(region) = &text {
                    self.known_region(region);
                }
                // An ARN names its Region and partition: in another it would be another.
                if resource.region != text {
                    resource.arn = None;
                }
                resource.region = text;
            }
            _ => {
                if let (Some(service), Some(mode)) = (&resource.service, &text) {
                    self.known_mode(service, mode);
                }
                resource.mode = text;
            }
        }
        self.settle(resource);
    }

    fn known_mode(&mut self, service: &str, mode: &str) {
        let modes = self.catalog.modes(service);
        if mode == STANDARD_MODE || modes.iter().any(|known| known.id == mode) {
            return;
        }
        let mut known: Vec<&str> = modes.iter().map(|mode| mode.id.as_str()).collect();
        known.push(STANDARD_MODE);
        let fault = Diagnostic::new(Code::UnknownMode, format!("`{service}` has no mode `{mode}`"));
        self.found.push(fault.help(did_you_mean(mode, &known)));
    }

    /// What follows from its type and its attributes. Whose type tells the service may be another's by its attributes, as a
    /// database instance is.
    fn settle(&mut self, resource: &mut Resource) {
        let by_type = self.catalog.classify_type(&resource.kind);
        let by_type = by_type
            .filter(|_| !resource.supporting)
            .map(|(service, _)| Arc::<str>::from(service));
        let may_reclassify = by_type.is_some();
        if by_type.is_some() {
            resource.service = by_type;
        }
        self.finish(resource, may_reclassify);
    }

    fn add(&mut self, fields: &Map<String, Value>) -> Option<Resource> {
        let file: ResourceFile = match serde_json::from_value(Value::Object(fields.clone())) {
            Ok(file) => file,
            Err(error) => {
                let fault = Diagnostic::new(Code::InvalidValue, format!("`--add` cannot be read: {error}"));
                self.found
                    .push(fault.help("write `--add SERVICE/MODE`, or with more: `--add 'SERVICE/MODE,environment=prod,region=REGION'`"));
                return None;
            }
        };
        if let Some(region) = fields.get("region").and_then(Value::as_str) {
            self.known_region(region);
        }
        let known = file.service.as_ref().map(|service| service.0.clone()).unwrap_or_default();
        let resource = self.resource(&file, &"--add".into(), &Route::default())?;
        if resource.service.is_none() {
            let ids: Vec<&str> = self.catalog.service_ids().collect();
            let fault = Diagnostic::new(Code::UnknownService, format!("the catalog knows no service `{known}`"));
            self.found.push(fault.help(did_you_mean(&known, &ids)));
            return None;
        }
        Some(resource)
    }
}

/// A value as it is typed.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value with another within it, at a path: in each of several blocks, and in one that is made where there is none.
fn within(of: Option<&Value>, path: &[&str], value: &Value) -> Value {
    let Some((first, rest)) = path.split_first() else {
        return value.clone();
    };
    match of {
        Some(Value::Array(blocks)) if !blocks.is_empty() => blocks.iter().map(|block| within(Some(block), path, value)).collect(),
        Some(Value::Object(block)) => {
            let mut block = block.clone();
            let name = crate::catalog::spelling::snake_case(first);
            let inner = within(block.get(&name), rest, value);
            block.insert(name, inner);
            Value::Object(block)
        }
        _ => Value::Object(Map::from_iter([((*first).to_owned(), within(None, rest, value))])),
    }
}

/// The inventory without a party: no rule names it, no handover is planned with it, and it vouches for nothing. A rule that
/// named it alone leaves the letter as the rules above it set it.
fn without_party(mut inventory: Inventory, gone: usize) -> Inventory {
    let moved = |party: usize| match party {
        party if party == gone => None,
        party if party > gone => Some(party - 1),
        party => Some(party),
    };
    let list = |list: &mut Option<Vec<usize>>| {
        if let Some(parties) = list.take() {
            let left: Vec<usize> = parties.iter().copied().filter_map(moved).collect();
            *list = (!left.is_empty() || parties.is_empty()).then_some(left);
        }
    };
    inventory.rules.retain_mut(|rule| {
        let sets = |rule: &Rule| {
            let lists = [&rule.responsible, &rule.consulted, &rule.informed];
            rule.accountable.is_some() || lists.into_iter().any(Option::is_some)
        };
        let did = sets(rule);
        rule.accountable = rule.accountable.and_then(moved);
        list(&mut rule.responsible);
        list(&mut rule.consulted);
        list(&mut rule.informed);
        // One that spoke of the party alone is gone with it; one that set nothing before is told as before.
        !did || sets(rule)
    });
    for evidence in &mut inventory.evidence {
        evidence.by = evidence.by.take().and_then(|mut by| {
            by.party = moved(by.party)?;
            Some(by)
        });
    }
    inventory.handover = inventory.handover.take().and_then(|mut handover| {
        handover.from = moved(handover.from)?;
        handover.to = moved(handover.to)?;
        handover.access.retain_mut(|access| {
            access.by = access.by.and_then(moved);
            moved(access.party).map(|party| access.party = party).is_some()
        });
        for keep in &mut handover.keeps {
            keep.then = keep.then.and_then(moved);
        }
        for exit in &mut handover.exit {
            exit.owner = exit.owner.and_then(moved);
        }
        Some(handover)
    });
    if gone < inventory.parties.len() {
        inventory.parties.remove(gone);
    }
    inventory
}
