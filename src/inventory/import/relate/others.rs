//! What the files of a run say of each other's resources.
//!
//! In: all that was imported. Out: the same where what a file does not have is not taken for something that is not there, if
//! another file has a resource that may say it: joined where it is certain whom that means, and else left open.

use super::super::needed::Needed;
use super::super::{Imported, ImportedResource, Trust};
use super::elsewhere::{Names, Others, Owned, Said, Standing};
use super::settings::hash;
use crate::catalog::Catalog;
use crate::catalog::attributes::Copied;
use crate::catalog::predicate::Attributes;
use crate::inventory::canonical::sort_and_dedup;
use foldhash::fast::RandomState;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// One that says something, and the file that it is of.
struct One<'s> {
    said: &'s Said,
    file: usize,
    trust: Trust,
    /// Whether its file may have but some of those that say what it says.
    is_partial: bool,
}

/// The numbers of those that a name's hash leads to.
type ByName = HashMap<u64, Vec<usize>, RandomState>;

/// What may be meant by name, by hash, and what may mean anybody, by the owner's service and type.
struct Index<'s> {
    all: Vec<One<'s>>,
    exact: ByName,
    loose: ByName,
    by_owner: BTreeMap<(Arc<str>, Arc<str>), Vec<usize>>,
}

/// Where a resource is among all: its file, and its place there.
type At = (usize, usize);

/// The file of those that say something, whether they may mean anybody, and their account and Region.
type Place = (usize, bool, Option<Arc<str>>, Option<Arc<str>>);

/// Settles what files say of each other's resources.
pub(in crate::inventory) fn settle(all: &mut [Imported], catalog: &Catalog) {
    let others: Vec<_> = all.iter_mut().map(|one| std::mem::take(&mut one.others)).collect();
    let trusts: Vec<Trust> = all.iter().map(|one| one.trust).collect();
    let others = without_known(others);
    if all.len() > 1 && others.iter().any(|one| !one.said.is_empty()) {
        let said = others
            .iter()
            .enumerate()
            .flat_map(|(file, one)| one.said.iter().map(move |said| (file, said)));
        let index = Index::of(said.map(|(file, said)| One {
            said,
            file,
            trust: trusts[file],
            is_partial: others[file].is_partial && !said.relation.is_named,
        }));
        let meant = index.meant(all, &|file, said| others.get(file).is_some_and(|one| one.has(said)), catalog);
        let mut needed = Needed::by(catalog);
        for ((file, at), meant) in meant {
            let Some(resource) = all.get_mut(file).and_then(|one| one.resources.get_mut(at)) else {
                continue;
            };
            index.apply(resource, (&others[file], trusts[file]), &meant);
            needed.only(resource);
        }
    }
    for resource in all.iter_mut().flat_map(|one| &mut one.resources) {
        resource.owned = None;
    }
}

/// The same without what a list tells by name and another file in full; what remains of such a list that may mean anybody, once for
/// each place.
fn without_known(mut all: Vec<Others>) -> Vec<Others> {
    if !all.iter().flat_map(|one| &one.said).any(|said| said.is_bare) {
        return all;
    }
    let told: HashSet<u64, RandomState> = all.iter().flat_map(Others::keys).collect();
    for one in &mut all {
        let mut places = BTreeSet::new();
        one.said.retain(|said| {
            let is_known = |thing: &Vec<(u64, u64)>| thing.iter().all(|(key, _)| told.contains(key));
            let place = (Arc::as_ptr(&said.relation) as usize, said.account.clone(), said.region.clone());
            !said.is_bare || !said.thing.as_ref().is_some_and(is_known) && (said.whom.is_some() || places.insert(place))
        });
    }
    all
}

/// How somebody is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meant {
    /// By a name that nobody else has, in the same place.
    Certainly,
    /// By a name that others may have.
    Perhaps,
    /// As anybody there.
    AsAnybody,
}

impl<'s> Index<'s> {
    fn of(all: impl Iterator<Item = One<'s>>) -> Self {
        let all: Vec<One<'s>> = all.collect();
        let (mut exact, mut loose) = (ByName::default(), ByName::default());
        let mut by_owner: BTreeMap<(Arc<str>, Arc<str>), Vec<usize>> = BTreeMap::new();
        for (number, one) in all.iter().enumerate() {
            let owner = (one.said.relation.service.clone(), one.said.relation.owner.clone());
            by_owner.entry(owner).or_default().push(number);
            let Some(whom) = &one.said.whom else { continue };
            whom.exact.iter().for_each(|name| exact.entry(*name).or_default().push(number));
            whom.loose.iter().for_each(|name| loose.entry(*name).or_default().push(number));
        }
        Self {
            all,
            exact,
            loose,
            by_owner,
        }
    }

    /// Who is meant by whom. `is_there`: whether a file has itself what says something, and says the same.
    fn meant(&self, all: &[Imported], is_there: &dyn Fn(usize, &Said) -> bool, catalog: &Catalog) -> BTreeMap<At, Vec<(usize, Meant)>> {
        let mut by_kind: HashMap<&str, HashSet<usize, RandomState>, RandomState> = HashMap::default();
        let mut owners: Vec<(At, &ImportedResource, &Owned)> = Vec::new();
        for (file, imported) in all.iter().enumerate() {
            for (at, resource) in imported.resources.iter().enumerate() {
                let Some(owned) = &resource.owned else { continue };
                let kind = by_kind
                    .entry(&resource.kind)
                    .or_insert_with(|| self.of_kind(&resource.kind, catalog));
                if !kind.is_empty() {
                    owners.push(((file, at), resource, owned));
                }
            }
        }
        let may_mean = |one: &One<'_>, (file, _): At, resource: &ImportedResource| {
            one.file != file && may_be(one.said, resource) && !is_there(file, one.said)
        };
        let mut named: BTreeMap<usize, Vec<(At, bool)>> = BTreeMap::new();
        let mut shared: HashMap<usize, Vec<usize>, RandomState> = HashMap::default();
        for (at, resource, owned) in &owners {
            for (names, is_named) in [(&owned.names, false), (&owned.refers, true)] {
                let alone;
                let hits = if Arc::strong_count(names) > 1 {
                    shared.entry(Arc::as_ptr(names) as usize).or_insert_with(|| self.hits(names))
                } else {
                    alone = self.hits(names);
                    &alone
                };
                for number in hits {
                    let of_kind = by_kind.get(&*resource.kind).is_some_and(|kind| kind.contains(number));
                    let Some(one) = self
                        .all
                        .get(*number)
                        .filter(|one| of_kind && one.said.relation.is_named == is_named)
                    else {
                        continue;
                    };
                    if may_mean(one, *at, resource) {
                        let is_exact = one.said.whom.as_ref().is_some_and(|whom| whom.share_exact(names));
                        let is_sure = is_exact && are_told(one.said, resource) && resource.count <= 1;
                        named.entry(*number).or_default().push((*at, is_sure));
                    }
                }
            }
        }
        let mut meant: BTreeMap<At, Vec<(usize, Meant)>> = BTreeMap::new();
        let anybody = self.anybody(&named);
        for (at, resource, owned) in owners {
            let Some(kind) = by_kind.get(&*resource.kind) else { continue };
            for (is_any, numbers) in anybody.values().flat_map(|by_place| by_place.values()) {
                let is_of_kind = numbers.first().is_some_and(|first| kind.contains(first));
                let perhaps = numbers.iter().find(|number| {
                    is_of_kind
                        && self.all.get(**number).is_some_and(|one| {
                            let is_meant = match one.said.relation.is_named {
                                true => !owned.refers.is_empty(),
                                // Whose ARN is told is not the one whose ARN ends otherwise.
                                false if one.said.is_bare && !is_any => owned.is_unnamed && owned.names.loose.is_empty(),
                                false => *is_any || owned.is_unnamed,
                            };
                            is_meant && may_mean(one, at, resource) && one.says_more(owned)
                        })
                });
                if let Some(number) = perhaps {
                    meant.entry(at).or_default().push((*number, Meant::AsAnybody));
                }
            }
        }
        for (number, of) in named {
            let is_sure = of.iter().all(|(_, is_sure)| *is_sure);
            let how = if is_sure { Meant::Certainly } else { Meant::Perhaps };
            for (at, _) in of {
                meant.entry(at).or_default().push((number, how));
            }
        }
        meant
    }

    /// Those that may mean anybody of their owner's type, and those that name somebody who is not among `named`, so that they may
    /// mean whoever's name is not told: by relation and place, since all of one place mean the same.
    fn anybody(&self, named: &BTreeMap<usize, Vec<(At, bool)>>) -> BTreeMap<usize, BTreeMap<Place, (bool, Vec<usize>)>> {
        let mut found: BTreeMap<usize, BTreeMap<Place, (bool, Vec<usize>)>> = BTreeMap::new();
        for (number, one) in self.all.iter().enumerate() {
            let is_any = one.said.whom.is_none();
            if named.contains_key(&number) || !is_any && one.said.relation.is_named {
                continue;
            }
            let place = (one.file, is_any, one.said.account.clone(), one.said.region.clone());
            let relation = found.entry(Arc::as_ptr(&one.said.relation) as usize).or_default();
            relation.entry(place).or_insert((is_any, Vec::new())).1.push(number);
        }
        found
    }

    /// Those that may say something of resources of a type.
    fn of_kind(&self, kind: &str, catalog: &Catalog) -> HashSet<usize, RandomState> {
        let is = |(service, id): &(Arc<str>, Arc<str>)| {
            let mut types = catalog.resource_types(service).iter();
            types.any(|one| one.id == *id && one.is(kind))
        };
        let owners = self.by_owner.iter().filter(|(owner, _)| is(owner));
        owners.flat_map(|(_, numbers)| numbers).copied().collect()
    }

    /// Those that mean one of these names.
    fn hits(&self, names: &Names) -> Vec<usize> {
        let exact = names.exact.iter().flat_map(|name| [self.exact.get(name), self.loose.get(name)]);
        let loose = names.loose.iter().map(|name| self.exact.get(name));
        let mut hits: Vec<usize> = exact.chain(loose).flatten().flatten().copied().collect();
        hits.sort_unstable();
        hits.dedup();
        hits
    }

    /// Puts what is said of a resource into its attributes. `own`: what its own file has, and the trust in that.
    fn apply(&self, resource: &mut ImportedResource, (own, trust): (&Others, Trust), meant: &[(usize, Meant)]) {
        let mut said: BTreeMap<(&str, &str, &str), Vec<Told<'_>>> = BTreeMap::new();
        let heard = resource.owned.as_ref().map(|owned| owned.heard.clone()).unwrap_or_default();
        for (number, how) in meant {
            let Some(one) = self.all.get(*number) else { continue };
            let relation = &one.said.relation;
            for (copy, copied) in relation.copied.iter().enumerate() {
                let says = one.said.says.as_ref();
                let mut values = says.map(|says| {
                    let of_copy = says.iter().find(|(number, _)| *number == copy);
                    of_copy.map(|(_, values)| values.clone()).unwrap_or_default()
                });
                let standing = own.standing(one.said, copy);
                if standing == Standing::Same || one.said.is_bare && standing != Standing::Nowhere {
                    continue;
                }
                let mut otherwise = None;
                if let (Standing::Otherwise(known), true) = (standing, *how != Meant::AsAnybody) {
                    // Of one that says two things nobody tells which holds.
                    (otherwise, values) = (Some(known), None);
                } else if !copied.is_listed() && heard.contains(copied.name()) {
                    // Its own file says it already: only who means it by name and says otherwise leaves it open.
                    let own = at_path(&resource.config, copied.name());
                    let agrees = values.as_ref().is_some_and(|values| values.iter().all(|value| Some(value) == own));
                    if *how == Meant::AsAnybody || agrees || one.said.is_gone {
                        continue;
                    }
                    values = None;
                }
                let is_known = *how == Meant::Certainly && one.trust >= trust;
                if is_known && values.as_ref().is_some_and(Vec::is_empty) {
                    // It is known to say nothing of this.
                    continue;
                }
                let key = (&*relation.service, &*relation.owner, copied.name());
                said.entry(key).or_default().push(Told {
                    copied,
                    is_named: relation.is_named,
                    values: values.filter(|_| is_known),
                    is_gone: one.said.is_gone,
                    otherwise,
                    is_partial: one.is_partial,
                });
            }
        }
        for mut told in said.into_values() {
            if told.iter().any(|told| !told.is_gone) {
                told.retain(|told| !told.is_gone);
            }
            // What only parts tell is not all, unless the owner's own file has those that it knows.
            let is_known = |told: &Told<'_>| !own.is_partial && heard.contains(told.copied.name());
            let is_part = told.iter().all(|told| told.is_partial) && !told.iter().any(is_known);
            put(&mut resource.config, &told, is_part);
        }
    }
}

/// What one says of an attribute.
struct Told<'s> {
    copied: &'s Copied,
    /// Whether the owner names it, and not the other way round.
    is_named: bool,
    /// As far as it is known.
    values: Option<Vec<Value>>,
    /// Whether it was said before only.
    is_gone: bool,
    /// The hash of what it says in the owner's file, where that is something else.
    otherwise: Option<u64>,
    /// Whether there may be others that say more.
    is_partial: bool,
}

/// Puts what all say of one attribute at its owner. `is_part`: whether others may say more.
fn put(config: &mut Attributes, all: &[Told<'_>], is_part: bool) {
    let Some(Told { copied, .. }) = all.first() else { return };
    if all.iter().all(|told| told.is_gone) {
        return copied.leave_open_elsewhere(config, true);
    }
    let is_otherwise = all.iter().any(|told| told.otherwise.is_some());
    if copied.is_listed() {
        let known: BTreeSet<u64> = all.iter().filter_map(|told| told.otherwise).collect();
        known.into_iter().for_each(|known| take_item(config, copied.name(), known));
    }
    let mut values: Vec<Value> = all.iter().filter_map(|told| told.values.as_ref()).flatten().cloned().collect();
    let is_certain = copied.is_constant() && !values.is_empty();
    let is_open = !is_certain && (is_part || all.iter().any(|told| told.values.is_none()));
    let perhaps = || copied.perhaps();
    values.extend(is_open.then(perhaps).filter(|_| copied.is_listed()));
    sort_and_dedup(&mut values);
    if copied.is_listed() || !is_open && values.len() == 1 {
        copied.put(config, values);
    } else {
        copied.leave_open_elsewhere(config, is_otherwise || !all.iter().all(|told| told.is_named));
    }
}

/// Takes out of a list the item of a hash, or all where none has it.
fn take_item(config: &mut Attributes, path: &str, known: u64) {
    let mut steps = path.split('.');
    let first = steps.next().and_then(|step| config.get_mut(step));
    let list = first.and_then(|first| steps.try_fold(first, |at, step| at.get_mut(step)));
    let Some(items) = list.and_then(Value::as_array_mut) else { return };
    let before = items.len();
    items.retain(|item| hash(item) != known);
    if items.len() == before {
        items.clear();
    }
}

/// What stands at a dotted path.
fn at_path<'c>(config: &'c Attributes, path: &str) -> Option<&'c Value> {
    let mut steps = path.split('.');
    let first = config.get(steps.next()?)?;
    steps.try_fold(first, |at, step| at.get(step))
}

impl One<'_> {
    /// Whether it may say something that is not said in the owner's own file.
    fn says_more(&self, owned: &Owned) -> bool {
        let mut copied = self.said.relation.copied.iter();
        copied.any(|copied| copied.is_listed() || !owned.heard.contains(copied.name()))
    }
}

/// Whether whoever says something may be where the resource is.
fn may_be(said: &Said, resource: &ImportedResource) -> bool {
    let agree = |a: &Option<Arc<str>>, b: &Option<Arc<str>>| a.is_none() || b.is_none() || a == b;
    agree(&said.account, &resource.account) && agree(&said.region, &resource.region)
}

/// Whether both say that they are in one place.
fn are_told(said: &Said, resource: &ImportedResource) -> bool {
    said.account.is_some() && said.region.is_some() && (&said.account, &said.region) == (&resource.account, &resource.region)
}
