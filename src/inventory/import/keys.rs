//! Keys that a source shows to be the provider's own.
//!
//! In: resources that say whose a key is, such as an alias of the provider's or the key itself, as `names.keys.own` of
//! `provider.yaml` tells. Out: what other resources of the run say names such a key, written so that it is seen that it is none of
//! the customer's. A key's ARN or id alone does not tell whose it is.

use super::Imported;
use super::paths::texts;
use super::sink::{Identity, identity};
use crate::catalog::predicate::{Attributes, ITS_OWN};
use crate::catalog::{OwnKeysFile, key_id, managed_key};
use serde_json::Value;
use std::collections::BTreeSet;

/// Keys of the provider's own, by their ids.
#[derive(Debug, Default)]
pub(in crate::inventory) struct OwnKeys(BTreeSet<Identity>);

impl OwnKeys {
    /// Takes in what a resource with an ARN says of a key; `telling` is what may say so of its type.
    pub(super) fn see(&mut self, telling: &[&OwnKeysFile], arn: Option<&str>, config: &Attributes) {
        for own in telling {
            let mut says = own.says.iter().flat_map(|path| texts(config, path));
            if says.any(|text| text.starts_with(&own.begins)) {
                let named = own.names.iter().flat_map(|path| texts(config, path));
                self.0.extend(named.chain(arn).filter_map(key_id).map(|id| identity(&[&id])));
            }
        }
    }

    /// Takes in what others have seen.
    pub(super) fn unite(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    fn has(&self, text: &str) -> bool {
        key_id(text).is_some_and(|id| self.0.contains(&identity(&[&id])))
    }

    /// Writes a value so that what names such a key shows it.
    fn show(&self, value: &mut Value) {
        match value {
            Value::String(text) if self.has(text) => managed_key().clone_into(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.show(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.show(field)),
            _ => {}
        }
    }
}

/// Shows in all that was imported which keys are the provider's own, as any of it tells.
pub(in crate::inventory) fn settle_keys(all: &mut [Imported]) {
    let mut own = OwnKeys::default();
    all.iter_mut().for_each(|one| own.unite(std::mem::take(&mut one.own_keys)));
    if own.0.is_empty() {
        return;
    }
    for resource in all.iter_mut().flat_map(|one| &mut one.resources) {
        let others = resource.config.iter_mut().filter(|(name, _)| !ITS_OWN.contains(&name.as_str()));
        others.for_each(|(_, value)| own.show(value));
    }
}
