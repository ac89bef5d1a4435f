//! Whose a resource is and where: its ARN, account and region.
//!
//! In: attributes, and the configuration of the provider where the file has it. Out: what they say for certain, most
//! trusted first: the resource's own ARN, its identity, the provider's configuration, the attributes, the Availability Zone.

use crate::catalog::{self, Arn, is_reference, provider};

pub(super) use crate::catalog::region_of_zone;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the configuration of a provider says of all resources that it makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Configured {
    /// The account number.
    pub(super) account: Option<String>,
    /// The region.
    pub(super) region: Option<String>,
}

/// The resource's own ARN.
pub(super) fn arn<'a>(kind: &str, attributes: &'a Map<String, Value>) -> Option<&'a str> {
    let whole = |key: &str| text(attributes, key).filter(|arn| fields(arn).is_some() && !arn.contains([',', '|', ' ']));
    let own = whole("arn").filter(|_| !is_reference(kind, "arn"));
    own.or_else(|| {
        let id = whole("id")?;
        // An id that some other attribute repeats is the ARN of what the resource is about.
        let repeated = attributes.iter().any(|(key, value)| key != "id" && value.as_str() == Some(id));
        (!repeated).then_some(id)
    })
}

/// Region and account of the resource's own ARN, and of the one that it is called by, which may say more.
fn by_arns<'a>(kind: &str, attributes: &'a Map<String, Value>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let others = provider::whereabouts(kind).arn.iter().filter_map(|name| text(attributes, name));
    arn(kind, attributes).into_iter().chain(others).filter_map(fields)
}

/// The number of the account that the resource is in. `identity` is what Terraform 1.12 and later keep beside the attributes.
pub(super) fn account(kind: &str, attributes: &Map<String, Value>, identity: Option<&Value>, configured: &Configured) -> Option<Arc<str>> {
    let own = || {
        provider::whereabouts(kind).account.iter().find_map(|key| {
            let is_own = provider::says_whose(kind) && !is_reference(kind, key);
            text(attributes, key).filter(is_account).filter(|_| is_own)
        })
    };
    by_arns(kind, attributes)
        .map(|(_, account)| account)
        .find(is_account)
        .or_else(|| identity?.get("account_id")?.as_str().filter(is_account))
        .or(configured.account.as_deref())
        .or_else(own)
        .map(Arc::from)
}

/// The region that the resource is in.
pub(super) fn region(kind: &str, attributes: &Map<String, Value>, identity: Option<&Value>, configured: &Configured) -> Option<Arc<str>> {
    let configured = configured.region.as_deref().filter(|_| !is_global(kind));
    by_arns(kind, attributes)
        .map(|(region, _)| region)
        .find(is_region)
        .or_else(|| identity?.get("region")?.as_str().filter(is_region))
        .or_else(|| text(attributes, "region").filter(is_region))
        .or(configured)
        .or_else(|| by_zone(kind, attributes))
        .map(Arc::from)
}

/// Whether resources of a type are in no region.
pub(in crate::inventory) fn is_global(kind: &str) -> bool {
    provider::is_global(kind)
}

/// The region of the Availability Zone that attributes name.
pub(super) fn by_zone<'a>(kind: &str, attributes: &'a Map<String, Value>) -> Option<&'a str> {
    let zone = |name: &String| {
        let value = attributes.get(name)?;
        value.as_str().or_else(|| value.as_array()?.first()?.as_str())
    };
    provider::whereabouts(kind).zone.iter().find_map(zone).and_then(region_of_zone)
}

/// The accounts that the resources of a file are in, by the provider configuration that made them.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    all: BTreeSet<Arc<str>>,
    by_provider: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    /// The configurations that made anything.
    providers: BTreeSet<Arc<str>>,
    /// Whether a provider is configured for an account: where one is known to work in an account, another need not.
    is_configured: bool,
}

impl Accounts {
    /// Takes in where a resource is. `by_provider`: whether the configuration of the provider says so.
    pub(super) fn see(&mut self, account: &Arc<str>, provider: &str, by_provider: bool) {
        self.see_provider(provider);
        if by_provider {
            self.is_configured = true;
            return;
        }
        if self.by_provider.get(provider).is_some_and(|accounts| accounts.contains(account)) {
            return;
        }
        self.all.insert(account.clone());
        self.by_provider.entry(provider.into()).or_default().insert(account.clone());
    }

    /// Takes in which configuration made a resource.
    pub(super) fn see_provider(&mut self, provider: &str) {
        if !self.providers.contains(provider) {
            self.providers.insert(provider.into());
        }
    }

    /// Takes in what others have seen.
    pub(super) fn unite(&mut self, others: Self) {
        self.providers.extend(others.providers);
        self.is_configured |= others.is_configured;
        self.all.extend(others.all);
        for (provider, accounts) in others.by_provider {
            self.by_provider.entry(provider).or_default().extend(accounts);
        }
    }

    /// The account of a resource that names none: the one that all others of its file are in, or where those are in several,
    /// the only one of those that the same provider configuration made. A state is made in one account unless its providers
    /// differ. `shows`: whether the resource shows something of its account, which then must be sure: of several configurations
    /// another may be of another account, where nothing that it made tells.
    pub(super) fn of(&self, provider: &str, shows: bool) -> Option<&Arc<str>> {
        let only = |accounts: &'_ BTreeSet<Arc<str>>| accounts.len() == 1;
        let is_sure = !self.is_configured && (!shows || self.providers.len() < 2);
        let all = Some(&self.all).filter(|all| only(all) && is_sure);
        let own = || self.by_provider.get(provider).filter(|own| only(own));
        all.or_else(own)?.first()
    }
}

/// Whether a text is an account number.
pub(super) fn is_account(text: &&str) -> bool {
    catalog::is_account(text)
}

/// Whether a text is the name of a region.
pub(super) fn is_region(text: &&str) -> bool {
    region_of_zone(text) == Some(*text)
}

/// Region and account of an ARN, either of them perhaps empty.
fn fields(arn: &str) -> Option<(&str, &str)> {
    let arn = Arn::parse(arn).filter(|arn| !arn.resource.is_empty())?;
    Some((arn.region, arn.account))
}

fn text<'a>(attributes: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    attributes.get(key).and_then(Value::as_str)
}
