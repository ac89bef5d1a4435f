//! Whose a resource is and where: its ARN, account and region.
//!
//! In: attributes, and the configuration of the provider where the file has it. Out: what they say for certain, most
//! trusted first: the resource's own ARN, its identity, the provider's configuration, the attributes, the Availability Zone.

use super::siblings::Found;
use crate::catalog::is_reference;
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

/// Types that are in no region, as they begin; those that do begin so and are in one.
const GLOBAL: &[&str] = &[
    "aws_iam_",
    "aws_cloudfront_",
    "aws_route53_",
    "aws_organizations_",
    "aws_globalaccelerator_",
    "aws_waf_",
    "aws_shield_",
    "aws_account_",
    "aws_budgets_",
    "aws_ce_",
    "aws_cur_",
];
const REGIONAL: &[&str] = &["aws_route53_resolver_", "aws_route53_profiles_"];

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
    let own = arn(kind, attributes).into_iter().chain(text(attributes, "execution_arn"));
    own.filter_map(fields)
}

/// The number of the account that the resource is in. `identity` is what Terraform 1.12 and later keep beside the attributes.
pub(super) fn account(kind: &str, attributes: &Map<String, Value>, identity: Option<&Value>, configured: &Configured) -> Option<Arc<str>> {
    let own = || {
        ["owner_id", "account_id"].iter().find_map(|key| {
            let is_own = kind.starts_with(TERRAFORMS) && !is_reference(kind, key);
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
        .or_else(|| by_zone(attributes))
        .map(Arc::from)
}

/// Whether resources of a type are in no region.
pub(in crate::inventory) fn is_global(kind: &str) -> bool {
    let begins = |all: &[&str]| all.iter().any(|known| kind.starts_with(known));
    begins(GLOBAL) && !begins(REGIONAL)
}

/// The region of the Availability Zone that attributes name.
pub(super) fn by_zone(attributes: &Map<String, Value>) -> Option<&str> {
    let zones = || attributes.get("availability_zones")?.as_array()?.first()?.as_str();
    text(attributes, "availability_zone").or_else(zones).and_then(region_of_zone)
}

/// The accounts that the resources of a file are in, by the provider configuration that made them.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    all: BTreeSet<Arc<str>>,
    by_provider: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
}

impl Accounts {
    /// Takes in where a resource is.
    pub(super) fn see(&mut self, account: &Arc<str>, provider: &str) {
        if self.by_provider.get(provider).is_some_and(|accounts| accounts.contains(account)) {
            return;
        }
        self.all.insert(account.clone());
        self.by_provider.entry(provider.into()).or_default().insert(account.clone());
    }

    /// Takes in what others have seen.
    pub(super) fn unite(&mut self, others: Self) {
        self.all.extend(others.all);
        for (provider, accounts) in others.by_provider {
            self.by_provider.entry(provider).or_default().extend(accounts);
        }
    }

    /// The account of a resource that names none: the one that all others of its file are in, or where those are in several,
    /// the only one of those that the same provider configuration made. A state is made in one account unless its providers
    /// differ.
    pub(super) fn of(&self, provider: &str) -> Option<&Arc<str>> {
        let only = |accounts: &'_ BTreeSet<Arc<str>>| accounts.len() == 1;
        let all = Some(&self.all).filter(|all| only(all));
        let own = || self.by_provider.get(provider).filter(|own| only(own));
        all.or_else(own)?.first()
    }
}

/// Gives resources that name no account the one that they must be in.
pub(super) fn fill_accounts(resources: &mut [Found]) {
    let mut accounts = Accounts::default();
    for found in resources.iter().filter(|found| !found.by_provider) {
        if let Some(account) = &found.resource.account {
            accounts.see(account, &found.provider);
        }
    }
    // Where one provider is known to work in an account, another need not.
    if resources.iter().any(|found| found.by_provider) {
        accounts.all.clear();
    }
    for found in resources.iter_mut().filter(|found| found.resource.account.is_none()) {
        found.resource.account = accounts.of(&found.provider).cloned();
    }
}

/// What the types of the provider begin with whose attributes are known. Of others nobody has said whose number they hold.
const TERRAFORMS: &str = "aws_";

/// Whether a text is an account number.
pub(super) fn is_account(text: &&str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is the name of a region.
pub(super) fn is_region(text: &&str) -> bool {
    region_of_zone(text) == Some(*text)
}

/// Region and account of an ARN, either of them perhaps empty.
fn fields(arn: &str) -> Option<(&str, &str)> {
    let mut fields = arn.splitn(6, ':');
    let begins = fields.next() == Some("arn");
    let (_, _, region, account) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let resource = fields.next()?;
    (begins && !resource.is_empty()).then_some((region, account))
}

/// `eu-west-1` of `eu-west-1b`, `us-west-2` of the local zone `us-west-2-lax-1a`.
pub(super) fn region_of_zone(zone: &str) -> Option<&str> {
    let number = zone.find(|letter: char| letter.is_ascii_digit())?;
    let digits = zone[number..].bytes().take_while(u8::is_ascii_digit).count();
    let (words, region) = (zone[..number].strip_suffix('-')?, &zone[..number + digits]);
    let is_word = |word: &str| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    (words.contains('-') && words.split('-').all(is_word)).then_some(region)
}

fn text<'a>(attributes: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    attributes.get(key).and_then(Value::as_str)
}
