//! Where resources run and who operates it there.
//!
//! In: resources. Out: the partition and the operator of each. A resource tells its partition by its Region or its ARN; what
//! tells none, as what is in no Region, is where the rest of its account is, else where the rest of its provider's is, else
//! at that provider's home. Where the operator differs by Region, what is in no Region has that of its account's other resources, if those
//! have one only.

use super::Resource;
use crate::catalog::{Provider, partitions, providers};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Where something runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operated {
    /// The position of the partition.
    pub partition: usize,
    /// Who operates it, by the party's id; none where nobody has read who does.
    pub by: Option<&'static str>,
}

/// The operators of some resources and of their accounts.
#[derive(Debug, Default)]
pub struct Operators {
    of: Vec<Operated>,
    accounts: BTreeMap<Option<Arc<str>>, Seen>,
    all: Seen,
}

/// What resources tell for certain.
#[derive(Debug, Default)]
struct Seen {
    partitions: BTreeSet<usize>,
    /// By partition: who operates the Regions in use.
    operators: BTreeMap<usize, BTreeSet<Option<&'static str>>>,
}

impl Seen {
    fn add(&mut self, partition: usize, region: Option<&str>) {
        self.partitions.insert(partition);
        if let Some(by) = at(partition, region) {
            self.operators.entry(partition).or_default().insert(by);
        }
    }

    /// The only one of a provider's partitions.
    fn only_of(&self, provider: Provider) -> Option<usize> {
        let all = partitions::partitions();
        let mut own = self
            .partitions
            .iter()
            .filter(|at| all.get(**at).is_some_and(|one| one.provider == provider));
        own.next().copied().filter(|_| own.next().is_none())
    }

    fn operator(&self, partition: usize) -> Option<Option<&'static str>> {
        only(self.operators.get(&partition)?)
    }
}

/// Who operates a Region, or what is in none; `None` where that is not settled.
fn at(partition: usize, region: Option<&str>) -> Option<Option<&'static str>> {
    let known = partitions::partitions().get(partition)?;
    match known.operator_at(region) {
        Some(operator) => Some(Some(operator.party.as_str())),
        None if known.operator.is_none() => Some(None),
        None => None,
    }
}

fn only<T: Copy + Ord>(set: &BTreeSet<T>) -> Option<T> {
    set.first().copied().filter(|_| set.len() == 1)
}

impl Resource {
    /// The position of the partition that it tells by itself: by its Region, else by its ARN.
    #[must_use]
    pub fn partition(&self) -> Option<usize> {
        let by_region = self.region.as_deref().and_then(partitions::of_region);
        by_region.or_else(|| self.matched_arn().and_then(partitions::of_arn))
    }

    /// Whose it is: by its service, else the base's.
    fn provider(&self) -> Provider {
        self.service.as_deref().map_or(0, providers::of_service)
    }
}

impl Operators {
    /// Those of resources, in their order.
    #[must_use]
    pub fn of(resources: &[Arc<Resource>]) -> Self {
        let mut operators = Self::default();
        // Most are where others are: each place is looked at once.
        let told: Vec<Option<usize>> = resources.iter().map(|resource| resource.partition()).collect();
        let mut seen: HashSet<(Option<&str>, Option<&str>, usize), RandomState> = HashSet::default();
        for (resource, partition) in resources.iter().zip(&told) {
            let Some(partition) = partition else { continue };
            let region = resource.region.as_deref();
            if seen.insert((resource.account.as_deref(), region, *partition)) {
                operators.all.add(*partition, region);
                let account = operators.accounts.entry(resource.account.clone()).or_default();
                account.add(*partition, region);
            }
        }
        let mut places: HashMap<_, Operated, RandomState> = HashMap::default();
        let of = resources.iter().zip(told);
        operators.of = of
            .map(|(resource, partition)| {
                let (account, region) = (resource.account.as_deref(), resource.region.as_deref());
                let home = partition.is_none().then(|| resource.provider());
                let place = || {
                    let home = || operators.home_of(&resource.account, resource.provider());
                    operators.place(&resource.account, partition.unwrap_or_else(home), region)
                };
                *places.entry((account, region, partition, home)).or_insert_with(place)
            })
            .collect();
        operators
    }

    /// Where the resource at a position runs.
    #[must_use]
    pub fn at(&self, position: usize) -> Operated {
        self.of.get(position).copied().unwrap_or_default()
    }

    /// Where an account is, as far as it is in a partition.
    #[must_use]
    pub fn account(&self, account: &Option<Arc<str>>, partition: usize) -> Operated {
        self.place(account, partition, None)
    }

    /// The accounts that the resources are in, each in the partitions that it is in. Resources without an account are taken to
    /// be in one of the known ones of their partition.
    #[must_use]
    pub fn accounts(&self, resources: &[Arc<Resource>]) -> BTreeSet<(Option<Arc<str>>, usize)> {
        let of = resources.iter().zip(&self.of);
        let distinct: HashSet<_, RandomState> = of.map(|(one, operated)| (&one.account, operated.partition)).collect();
        let mut accounts: BTreeSet<_> = distinct.into_iter().map(|(id, partition)| (id.clone(), partition)).collect();
        let named: BTreeSet<usize> = accounts
            .iter()
            .filter(|(id, _)| id.is_some())
            .map(|(_, partition)| *partition)
            .collect();
        accounts.retain(|(id, partition)| id.is_some() || !named.contains(partition));
        accounts
    }

    /// The parties that operate any of the resources or their accounts.
    #[must_use]
    pub fn parties(&self, resources: &[Arc<Resource>]) -> BTreeSet<&'static str> {
        let accounts = self.accounts(resources).into_iter();
        let accounts = accounts.map(|(account, partition)| self.account(&account, partition));
        self.of.iter().copied().chain(accounts).filter_map(|operated| operated.by).collect()
    }

    fn home_of(&self, account: &Option<Arc<str>>, provider: Provider) -> usize {
        let own = self.accounts.get(account).and_then(|seen| seen.only_of(provider));
        own.or_else(|| self.all.only_of(provider))
            .unwrap_or_else(|| partitions::home(provider))
    }

    fn place(&self, account: &Option<Arc<str>>, partition: usize, region: Option<&str>) -> Operated {
        // A Region that nobody has said anything of is no part of what its account has elsewhere.
        let elsewhere = || {
            let own = self.accounts.get(account).and_then(|seen| seen.operator(partition));
            own.or_else(|| self.all.operator(partition)).filter(|_| region.is_none())
        };
        let by = at(partition, region).or_else(elsewhere);
        let whole = || {
            let known = partitions::partitions().get(partition)?;
            Some(known.operator.as_ref()?.party.as_str())
        };
        // Where nobody has read who operates it, it falls to whose it is; the base is whom everything falls to.
        let main = || {
            let provider = partitions::partitions().get(partition)?.provider;
            let home = partitions::partitions().get(partitions::home(provider)).filter(|_| provider != 0);
            Some(home?.operator.as_ref()?.party.as_str())
        };
        Operated {
            partition,
            by: by.unwrap_or_else(whole).or_else(main),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Place;

    fn resource(account: Option<&str>, region: Option<&str>, arn: Option<&str>) -> Arc<Resource> {
        Arc::new(Resource {
            service: None,
            kind: "x".into(),
            mode: None,
            name: None,
            arn: arn.map(str::to_owned),
            account: account.map(Arc::from),
            region: region.map(Arc::from),
            environment: None,
            owner: None,
            count: 1,
            data: Vec::new(),
            tags: Arc::default(),
            config: Arc::default(),
            supporting: false,
            place: Place::file(""),
            address: None,
            known_as: None,
            sample: None,
            belonging: None,
        })
    }

    fn operated(resources: &[Arc<Resource>]) -> Vec<Option<&'static str>> {
        let operators = Operators::of(resources);
        (0..resources.len()).map(|position| operators.at(position).by).collect()
    }

    #[test]
    fn region_then_arn_then_account_then_inventory() {
        let home = resource(Some("1"), Some("eu-west-1"), None);
        let beijing = resource(Some("2"), Some("cn-north-1"), None);
        let ningxia = resource(Some("2"), Some("cn-northwest-1"), None);
        // A Region says more than an ARN.
        assert_eq!(
            operated(&[
                resource(None, Some("eu-west-1"), Some("arn:aws-cn:s3:::b")),
                resource(None, None, Some("arn:aws-us-gov:s3:::b"))
            ]),
            [Some("aws"), Some("aws-govcloud")]
        );
        // What tells nothing is where its account is.
        let untold = |account| resource(account, None, None);
        assert_eq!(operated(&[home.clone(), beijing.clone(), untold(Some("2"))])[2], Some("sinnet"));
        // In two Regions of one partition with two operators it is nobody's in particular.
        assert_eq!(operated(&[beijing.clone(), ningxia, untold(Some("2"))])[2], Some("aws-china"));
        // Of an account of which nothing is known, it is where everything else is, and else at home.
        assert_eq!(operated(&[beijing.clone(), untold(None)])[1], Some("sinnet"));
        assert_eq!(operated(&[beijing.clone(), home.clone(), untold(Some("3"))])[2], Some("aws"));
        assert_eq!(operated(&[untold(None)]), [Some("aws")]);
        // A Region that is newer than the list is in its partition, and nobody's in particular.
        assert_eq!(
            operated(&[beijing, resource(Some("2"), Some("cn-south-9"), None)])[1],
            Some("aws-china")
        );
        // Nobody has read who operates these.
        assert_eq!(operated(&[home, resource(None, Some("eu-isoe-west-1"), None)])[1], None);
    }

    #[test]
    fn an_account_is_in_a_partition() {
        let resources = [
            resource(Some("1"), Some("eu-west-1"), None),
            resource(None, Some("eu-west-1"), None),
            resource(None, Some("us-gov-west-1"), None),
        ];
        let operators = Operators::of(&resources);
        let accounts = operators.accounts(&resources).into_iter();
        let accounts: Vec<_> = accounts.map(|(id, partition)| (id.is_some(), partition)).collect();
        // What names no account is in the one that is known of its partition, or in one of its own.
        assert_eq!(accounts, [(false, 2), (true, 0)]);
        assert_eq!(operators.parties(&resources), BTreeSet::from(["aws", "aws-govcloud"]));
    }
}
