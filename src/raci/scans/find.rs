//! The resource that a result is about.
//!
//! In: what a scanner calls it. Out: the one resource of the matrix that is called so: by its ARN, else by its name, id or
//! address, in the same account and Region as far as both tell them, and of a service and a type that are the same as far as the
//! scanner tells them. What people call a resource is not what AWS calls it where they say both: `name: card-files` with another `bucket`
//! is none of the ARN `arn:aws:s3:::card-files`. Where several are called so, none is meant: a wrong one would be as good as made up.

use super::chosen::Chosen;
use crate::catalog::checks::Check;
use crate::catalog::{Arn, Catalog};
use crate::inventory::Resource;
use crate::raci::index::ResourceIx;
use crate::results::Target;
use foldhash::fast::RandomState;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What a result is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A resource.
    Resource(ResourceIx),
    /// A resource that is called so in a file that tells no Region: what is deployed of it may be another.
    Perhaps(ResourceIx),
    /// An account, by its own resource.
    Account(ResourceIx),
    /// Nothing that the inventory lists, or one of several that it does not tell apart.
    Nothing,
}

impl Found {
    /// Whether the inventory lists it.
    pub(super) fn is_listed(self) -> bool {
        self != Self::Nothing
    }

    /// The resource, and whether it is known to be that.
    pub(super) fn resource(self) -> Option<(ResourceIx, bool)> {
        match self {
            Self::Resource(index) => Some((index, true)),
            Self::Perhaps(index) => Some((index, false)),
            Self::Account(_) | Self::Nothing => None,
        }
    }
}

type Named<'a> = HashMap<&'a str, Vec<ResourceIx>, RandomState>;

/// Finds resources by what they are called.
pub(super) struct Finder<'a> {
    catalog: &'a Catalog,
    resources: &'a [Arc<Resource>],
    by_arn: Named<'a>,
    by_name: Named<'a>,
    by_address: Named<'a>,
    accounts: BTreeMap<Option<&'a str>, Vec<ResourceIx>>,
    /// Those that have parts, by the marks that these know them by.
    owners: HashMap<u64, ResourceIx, RandomState>,
    /// The services of scanners' types, of those that were asked for: many results tell the same.
    by_kind: RefCell<HashMap<Arc<str>, Option<&'a str>, RandomState>>,
    /// Whether all results are of one account, or tell none.
    is_of_one_account: bool,
}

/// What is narrowed down.
struct Wanted<'t> {
    target: &'t Target,
    arn: Option<Arn<'t>>,
    service: Option<&'t str>,
    /// Where neither ARN nor type tell the service, those of the duties that the check is about.
    services: BTreeSet<&'t str>,
}

impl<'a> Finder<'a> {
    pub(super) fn of(catalog: &'a Catalog, resources: &'a [Arc<Resource>], chosen: &Chosen<'_>) -> Self {
        let mut finder = Self {
            catalog,
            resources,
            by_arn: Named::default(),
            by_name: Named::default(),
            by_address: Named::default(),
            accounts: BTreeMap::new(),
            owners: HashMap::default(),
            by_kind: RefCell::default(),
            is_of_one_account: true,
        };
        for (position, resource) in resources.iter().enumerate() {
            finder.add(ResourceIx::new(position), resource);
        }
        let accounts: BTreeSet<&Arc<str>> = chosen
            .results
            .iter()
            .filter_map(|result| result.of.target.account.as_ref())
            .collect();
        finder.is_of_one_account = accounts.len() <= 1;
        finder
    }

    fn add(&mut self, index: ResourceIx, resource: &'a Resource) {
        let marks = resource.belonging.iter().flat_map(|belonging| belonging.own());
        self.owners.extend(marks.map(|mark| (*mark, index)));
        if resource
            .service
            .as_deref()
            .is_some_and(|service| self.catalog.is_account_service(service))
        {
            self.accounts.entry(resource.account.as_deref()).or_default().push(index);
            return;
        }
        let arn = resource.matched_arn();
        if let Some(arn) = arn {
            self.by_arn.entry(plain(arn)).or_default().push(index);
        }
        let id = resource.config.get("id").and_then(serde_json::Value::as_str);
        let last = arn.and_then(Arn::parse).and_then(|arn| arn.name());
        let mut names: Vec<&str> = [resource.matched_name(), id, last].into_iter().flatten().collect();
        names.extend(self.stated_names(resource));
        names.sort_unstable();
        names.dedup();
        for name in names {
            self.by_name.entry(name).or_default().push(index);
        }
        if let Some(address) = resource.matched_address() {
            self.by_address.entry(address).or_default().push(index);
            // `aws_x.y[0]` is one of what the source calls `aws_x.y`.
            let bare = address.find('[').filter(|_| address.ends_with(']')).map(|at| &address[..at]);
            if let Some(bare) = bare.filter(|bare| !bare.contains('[')) {
                self.by_address.entry(bare).or_default().push(index);
            }
        }
    }

    fn stated_names(&self, resource: &'a Resource) -> impl Iterator<Item = &'a str> + use<'a> {
        let service = resource.service.as_deref().unwrap_or_default();
        self.catalog.known_names(service, resource.matched_kind(), &resource.config)
    }

    /// The account that a result is about: the one that it names, else the only one.
    pub(super) fn account(&self, target: &Target) -> Found {
        let only = || match self.accounts.values().map(Vec::as_slice).collect::<Vec<_>>().as_slice() {
            [[one]] => Some(*one),
            _ => None,
        };
        let own = match target.account.as_deref() {
            Some(account) => match self.accounts.get(&Some(account)).map(Vec::as_slice) {
                Some([one]) => Some(*one),
                Some(_) => None,
                // What the inventory does not name may be the account that all results are of.
                None => only().filter(|one| self.is_of_one_account && self.resources[one.position()].account.is_none()),
            },
            None => only().filter(|_| self.is_of_one_account),
        };
        own.map_or(Found::Nothing, Found::Account)
    }

    /// The account that a resource is in, by its own resource.
    pub(super) fn account_of(&self, index: ResourceIx) -> Option<ResourceIx> {
        let account = self.resources[index.position()].account.as_deref();
        match self.accounts.get(&account).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        }
    }

    /// The resources that what only supports others is a part of, sorted, each once.
    pub(super) fn owners(&self, index: ResourceIx) -> Vec<ResourceIx> {
        let resource = &self.resources[index.position()];
        let belonging = resource.belonging.as_ref().filter(|_| resource.supporting);
        let marks = belonging.into_iter().flat_map(|belonging| belonging.of());
        let mut owners: Vec<ResourceIx> = marks.filter_map(|mark| self.owners.get(mark).copied()).collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// Whether a scanner tells the service of what a result is about.
    pub(super) fn tells_service(&self, target: &Target) -> bool {
        target.arn.is_some() || target.address.is_some() || self.service(target).is_some()
    }

    fn service(&self, target: &Target) -> Option<&'a str> {
        let by_arn = target.arn.as_deref().and_then(|arn| self.catalog.resolve(arn));
        by_arn.or_else(|| self.service_of_kind(target.kind.as_ref()?))
    }

    fn service_of_kind(&self, kind: &Arc<str>) -> Option<&'a str> {
        if let Some(known) = self.by_kind.borrow().get(kind) {
            return *known;
        }
        let service = self.catalog.classify(kind, None, None).map(|(service, _)| service);
        self.by_kind.borrow_mut().insert(kind.clone(), service);
        service
    }

    /// The resource that a result is about.
    pub(super) fn resource(&self, target: &Target, check: Option<&Check>) -> Found {
        let effects = check.into_iter().flat_map(|check| &check.effects);
        let wanted = Wanted {
            target,
            arn: target.arn.as_deref().and_then(Arn::parse),
            service: self.service(target),
            services: effects
                .filter_map(|effect| effect.activity.split(['.', '/']).next())
                .filter(|service| !self.catalog.is_account_service(service))
                .collect(),
        };
        let by_arn = target.arn.as_deref().and_then(|arn| self.by_arn.get(plain(arn)));
        let by_address = target.address.as_deref().and_then(|address| self.by_address.get(address));
        let names = [target.name.as_deref(), wanted.arn.and_then(|arn| arn.name())];
        let lists = [by_arn, by_address].into_iter().map(|list| (list, None));
        let lists = lists.chain(names.into_iter().flatten().map(|name| (self.by_name.get(name), Some(name))));
        for (list, name) in lists {
            match self.narrowed(list.map_or(&[], Vec::as_slice), &wanted).as_slice() {
                [] => {}
                [one] if name.is_some_and(|name| self.may_be_elsewhere(*one, name, &wanted)) => return Found::Perhaps(*one),
                [one] => return Found::Resource(*one),
                _ => return Found::Nothing,
            }
        }
        Found::Nothing
    }

    /// Whether a resource of a file that tells no Region may be deployed in another than that of the result: a name that is not given
    /// once for all Regions may be another thing's there.
    fn may_be_elsewhere(&self, index: ResourceIx, name: &str, wanted: &Wanted<'_>) -> bool {
        let resource = &self.resources[index.position()];
        let is_untold = resource.matched_address().is_some() && resource.region.is_none() && resource.matched_arn().is_none();
        let Some(service) = resource.service.as_deref().filter(|_| is_untold && wanted.target.region.is_some()) else {
            return false;
        };
        let is_global = self.catalog.is_global(service) || wanted.arn.is_some_and(|arn| arn.region.is_empty());
        let types = self.catalog.resource_types(service);
        let is_unique = || types.iter().any(|one| one.unique && one.is(resource.matched_kind()));
        let id = || resource.config.get("id").and_then(serde_json::Value::as_str) == Some(name);
        let is_given_once = || is_unique() && (id() || self.stated_names(resource).any(|stated| stated == name));
        !is_global && !is_given_once()
    }

    /// Those of some resources that may be meant; of several, those that the scanner's type or their own weight tell from the
    /// others.
    fn narrowed(&self, list: &[ResourceIx], wanted: &Wanted<'_>) -> Vec<ResourceIx> {
        let of = |index: &ResourceIx| &self.resources[index.position()];
        let mut left: Vec<ResourceIx> = list.iter().copied().filter(|index| self.may_be(of(index), wanted)).collect();
        if left.len() <= 1 {
            return left;
        }
        let kind = wanted.target.kind.as_deref().map(squashed);
        let alike = |index: &ResourceIx| {
            let kind = kind.as_ref();
            kind.map_or(0, |kind| likeness(kind, &squashed(of(index).matched_kind())))
        };
        let best = left.iter().map(alike).max().unwrap_or_default();
        if best > 0 {
            left.retain(|index| alike(index) == best);
        }
        // A bucket's policy may be called as the bucket is.
        if left.len() > 1 && left.iter().any(|index| !of(index).supporting) {
            left.retain(|index| !of(index).supporting);
        }
        left
    }

    fn may_be(&self, resource: &'a Resource, wanted: &Wanted<'_>) -> bool {
        let target = wanted.target;
        if let (Some(one), Some(other)) = (resource.matched_arn(), target.arn.as_deref()) {
            return plain(one) == plain(other);
        }
        if let Some(arn) = wanted.arn {
            let mut stated = self.stated_names(resource).peekable();
            // An ARN may add to the name, as that of a secret does; the scanner tells the name beside it.
            let is_it = |name: &str| arn.names(name) || target.name.as_deref() == Some(name);
            if stated.peek().is_some() && !stated.any(is_it) {
                return false;
            }
        }
        let differ = |one: Option<&str>, other: Option<&str>| matches!((one, other), (Some(one), Some(other)) if one != other);
        // What is in no Region is told of the one that was asked.
        let is_global = wanted.arn.is_some_and(|arn| arn.region.is_empty());
        if differ(resource.account.as_deref(), target.account.as_deref())
            || !is_global && differ(resource.region.as_deref(), target.region.as_deref())
        {
            return false;
        }
        let Some(own) = resource.service.as_deref() else { return false };
        // A service and its cluster may be called alike, and what is said of the one says nothing of the other.
        let types = (
            resource.matched_kind(),
            resource.config.get("kind").and_then(serde_json::Value::as_str),
        );
        if self.catalog.is_apart(own, types, wanted.arn.as_ref(), target.kind.as_deref()) {
            return false;
        }
        match wanted.service {
            Some(service) => {
                let by_type = || self.catalog.classify_type(resource.matched_kind()).map(|(service, _)| service);
                self.catalog.may_be(service, own) || by_type() == Some(service)
            }
            None => wanted.services.is_empty() || wanted.services.contains(own),
        }
    }
}

/// An ARN without what stands for all that is in the resource, as behind a log group.
fn plain(arn: &str) -> &str {
    arn.strip_suffix(":*").unwrap_or(arn)
}

/// How much of a scanner's type another spelling of it ends with: `AwsEc2SecurityGroup` and `aws_security_group` end alike.
fn likeness(kind: &str, own: &str) -> usize {
    let common = kind.bytes().zip(own.bytes()).take_while(|(one, other)| one == other).count();
    if kind == own {
        return usize::MAX;
    }
    let (Some(kind), Some(own)) = (kind.get(common..), own.get(common..)) else {
        return 0;
    };
    if !own.is_empty() && kind.ends_with(own) { own.len() } else { 0 }
}

/// A type as all spell it: `AWS::S3::Bucket`, `AwsS3Bucket` and `aws_s3_bucket` are one.
fn squashed(kind: &str) -> String {
    kind.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
