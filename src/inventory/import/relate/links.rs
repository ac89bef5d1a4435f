//! Who is meant by a name.
//!
//! In: what resources are called, and what others refer to, as hashes. Out: for each reference the resources that it means.
//! Some tens of bytes a resource, whatever its attributes are.

use super::super::{ANY_OF_ITS, Found};
use crate::catalog::Arn;
use crate::limits;
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Where a resource is and which configuration of a provider made it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Scope {
    pub(super) account: Option<Arc<str>>,
    pub(super) region: Option<Arc<str>>,
    pub(super) provider: Arc<str>,
}

impl Scope {
    /// The scope of a resource.
    pub(super) fn of(found: &Found) -> Self {
        Self {
            account: found.resource.account.clone(),
            region: found.resource.region.clone(),
            provider: found.provider.clone(),
        }
    }

    /// Whether both may be in one place.
    fn may_be(&self, other: &Self) -> bool {
        let agree = |a: &Option<Arc<str>>, b: &Option<Arc<str>>| a.is_none() || b.is_none() || a == b;
        agree(&self.account, &other.account) && agree(&self.region, &other.region)
    }

    /// Whether both are in one place for sure: where both say so, or one configuration of a provider made both. Another
    /// configuration may be of another Region or account, whatever is told of these.
    fn is_one(&self, other: &Self) -> bool {
        self.are_told(other) || self.provider == other.provider
    }

    /// Whether both say that they are in one place.
    fn are_told(&self, other: &Self) -> bool {
        self.account.is_some() && self.region.is_some() && (&self.account, &self.region) == (&other.account, &other.region)
    }
}

/// An account and a Region, as far as they are told.
type Told = (Option<Arc<str>>, Option<Arc<str>>);

/// Scopes by number.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    numbers: HashMap<Scope, u32, RandomState>,
    list: Vec<Scope>,
    /// What the first resource of a configuration told of its place.
    places: HashMap<Arc<str>, Told, RandomState>,
    /// Configurations whose resources are in several accounts: some sources tell no two of them apart.
    in_accounts: HashSet<Arc<str>, RandomState>,
    /// The same in several Regions.
    in_regions: HashSet<Arc<str>, RandomState>,
}

impl Scopes {
    /// A scope by its number.
    pub(super) fn get(&self, number: u32) -> Option<&Scope> {
        self.list.get(number as usize)
    }

    /// The number of a scope.
    pub(super) fn number(&mut self, scope: Scope) -> u32 {
        if let Some(number) = self.numbers.get(&scope) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let (account, region) = self.places.entry(scope.provider.clone()).or_default();
        let places = [
            (account, &scope.account, &mut self.in_accounts),
            (region, &scope.region, &mut self.in_regions),
        ];
        for (known, told, spread) in places {
            if known.is_some() && told.is_some() && known != told {
                spread.insert(scope.provider.clone());
            }
            *known = known.take().or_else(|| told.clone());
        }
        self.numbers.insert(scope.clone(), number);
        self.list.push(scope);
        number
    }

    /// Whether two of which there is but one in a place are in one: as [`Scope::is_one`], unless what made both is in several
    /// places, or may be.
    fn share_a_place(&self, a: &Scope, b: &Scope) -> bool {
        let is_spread = self.in_accounts.contains(&a.provider) || self.in_regions.contains(&a.provider);
        let is_anywhere = a.provider.ends_with(ANY_OF_ITS) || is_spread;
        a.is_one(b) && (a.are_told(b) || !is_anywhere)
    }

    /// Whether two of which others may be called alike elsewhere are in one place: as [`Scope::is_one`], unless what made both is
    /// known to be in several, and one of them does not tell in which it is.
    fn share_a_name(&self, a: &Scope, b: &Scope) -> bool {
        let is_told = |a: &Option<Arc<str>>, b: &Option<Arc<str>>| a.is_some() && a == b;
        let is_sure = |spread: &HashSet<Arc<str>, RandomState>, is_told: bool| is_told || !spread.contains(&a.provider);
        let in_account = is_sure(&self.in_accounts, is_told(&a.account, &b.account));
        let in_region = is_sure(&self.in_regions, is_told(&a.region, &b.region));
        a.are_told(b) || a.provider == b.provider && in_account && in_region
    }

    /// Whether what is in two scopes may be in one place.
    pub(super) fn may_be(&self, a: u32, b: u32) -> bool {
        let scope = |number: u32| self.list.get(number as usize);
        scope(a).zip(scope(b)).is_some_and(|(a, b)| a.may_be(b))
    }

    /// Takes in others; their numbers here.
    pub(super) fn unite(&mut self, others: Self) -> Vec<u32> {
        others.list.into_iter().map(|scope| self.number(scope)).collect()
    }
}

/// The number of a space in few bytes.
fn number(space: usize) -> u16 {
    u16::try_from(space).unwrap_or(u16::MAX)
}

/// A name in a space, the same in every run.
pub(super) fn hash(space: usize, name: &str) -> u64 {
    hashed(name) ^ hashed(space)
}

/// A name that was hashed in a space, as it is in none: spaces are those of one source.
pub(super) fn of_no_space(name: u64, space: usize) -> u64 {
    name ^ hashed(space)
}

fn hashed(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// The last part of an ARN: the id, or the name, of what it names.
fn last_part(name: &str) -> Option<&str> {
    name.rsplit([':', '/']).next().filter(|_| Arn::begins(name))
}

/// What a name is made of that others may know it by: of an ARN the parts of its resource, of any other name those between which
/// a colon or a slash stands. A part of a thing is named so, behind its own name (`name:version`) or with what it belongs to
/// before it.
fn parts(name: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let of = Arn::parse(name).map_or(name, |arn| arn.resource);
    let parts = of.split([':', '/']).filter(move |part| !part.is_empty() && *part != name);
    parts.map(bare)
}

/// A name without the attribute of the resource that it names: `${Logs}` of `${Logs.Arn}`.
pub(super) fn bare(name: &str) -> Cow<'_, str> {
    let inner = name.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    match inner.filter(|inner| !inner.contains('}')).and_then(|inner| inner.split_once('.')) {
        Some((handle, _)) => Cow::Owned(format!("${{{handle}}}")),
        None => Cow::Borrowed(name),
    }
}

/// Numbers of resources with names; `true`: the name is but the last part of an ARN.
pub(super) type Numbered = Vec<(u32, u64, bool)>;

/// Names and references between two lists.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// What the named ones are called, and their numbers.
    names: Vec<(u64, u32)>,
    /// What others refer to.
    references: Vec<Reference>,
    /// The parts of names that others refer to.
    loose: Vec<(u64, u32, u16)>,
    /// The last parts of ARNs that the named ones are called by.
    loose_names: Vec<(u64, u32)>,
}

#[derive(Debug, Clone, Copy)]
struct Reference {
    name: u64,
    from: u32,
    /// The space, as far as it tells references of one resource apart.
    space: u16,
    /// Whether the name does not repeat between accounts and regions, as ARNs do not.
    is_unique: bool,
    /// Whether it is a reference within the file, and no name that one may come to have.
    is_handle: bool,
    /// Whether the name is no more than that of one thing.
    is_whole: bool,
    /// Whether it names none, since there is one of either in a place.
    is_alone: bool,
    /// Whether others may be called alike in another Region.
    repeats: bool,
    /// Whether who refers is gone: where it is not certain whom it named, it may be any that is called so.
    is_gone: bool,
}

impl Reference {
    /// Whether who refers and who is called so are in one place for sure.
    fn is_in_place(&self, scopes: &Scopes, from: &Scope, to: &Scope) -> bool {
        if self.is_alone {
            scopes.share_a_place(from, to)
        } else if self.repeats {
            scopes.share_a_name(from, to)
        } else {
            from.is_one(to)
        }
    }
}

impl Links {
    /// One is called so. Whoever is called by an ARN may be meant by its last part alone.
    pub(super) fn call(&mut self, space: usize, name: &str, number: u32) {
        if let Some(last) = last_part(name) {
            self.loose_names.push((hash(space, last), number));
        }
        self.names.push((hash(space, name), number));
    }

    /// Calls the named ones as others do.
    pub(super) fn call_as(&mut self, others: &Self) {
        self.names.clone_from(&others.names);
    }

    /// One refers to what is called so. An ARN, or a name with more in it, may mean what is known by a part of it alone.
    /// `repeats`: whether others may be called alike in another Region.
    pub(super) fn refer(&mut self, space: usize, name: &str, from: u32, (is_gone, repeats): (bool, bool)) {
        let mut is_whole = true;
        for part in parts(name) {
            self.loose.push((hash(space, &part), from, number(space)));
            is_whole = false;
        }
        self.references.push(Reference {
            name: hash(space, &bare(name)),
            from,
            space: number(space),
            is_unique: Arn::begins(name) || name.starts_with("${"),
            is_handle: name.starts_with("${"),
            is_whole,
            is_alone: name.is_empty(),
            repeats,
            is_gone,
        });
    }

    /// All names, as hashes.
    pub(super) fn names(&self) -> impl Iterator<Item = u64> {
        self.names.iter().map(|(name, _)| *name)
    }

    /// Those that refer to a name which is none of these. Who is gone named what had its name already.
    pub(super) fn lost<'l>(&'l self, names: &'l HashSet<u64>) -> impl Iterator<Item = u32> + 'l {
        self.references
            .iter()
            .filter(|one| !one.is_handle && !one.is_gone && !names.contains(&one.name))
            .map(|one| one.from)
    }

    /// Those that refer within their file to what is none of the named ones, in any of these spaces: something between the two,
    /// such as another name of the one.
    pub(super) fn adrift(&self, names: &HashSet<u64>, spaces: &[usize]) -> Vec<u32> {
        let is_known = |one: &Reference| {
            let plain = of_no_space(one.name, usize::from(one.space));
            spaces.iter().any(|space| names.contains(&of_no_space(plain, *space)))
        };
        let handles = self.references.iter().filter(|one| one.is_handle && one.is_whole);
        handles.filter(|one| !is_known(one)).map(|one| one.from).collect()
    }

    /// What each of the named ones is called, sorted by their numbers; of an ARN its last part, too.
    pub(super) fn called(&self) -> Numbered {
        let whole = self.names.iter().map(|(name, number)| (*number, *name, false));
        let loose = self.loose_names.iter().map(|(name, number)| (*number, *name, true));
        let mut all: Numbered = whole.chain(loose).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What each of those that refer refers to by a name that another file may have, sorted by their numbers; of an ARN its last
    /// part, too. In no space.
    pub(super) fn referred(&self) -> Numbered {
        let plain = |name: u64, space: u16| of_no_space(name, usize::from(space));
        let told = self.references.iter().filter(|one| !one.is_handle && !one.is_alone);
        let whole = told.map(|one| (one.from, plain(one.name, one.space), false));
        let loose = self.loose.iter().map(|(name, from, space)| (*from, plain(*name, *space), true));
        let mut all: Numbered = whole.chain(loose).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Takes in others, whose numbers go up by as many as there were before.
    pub(super) fn unite(&mut self, others: Self, named_before: u32, from_before: u32) {
        self.names
            .extend(others.names.into_iter().map(|(name, number)| (name, number + named_before)));
        self.loose.extend(
            others
                .loose
                .into_iter()
                .map(|(name, from, space)| (name, from + from_before, space)),
        );
        let loose_names = others.loose_names.into_iter();
        self.loose_names
            .extend(loose_names.map(|(name, number)| (name, number + named_before)));
        self.references.extend(others.references.into_iter().map(|one| Reference {
            from: one.from + from_before,
            ..one
        }));
    }

    /// The pairs of one that refers to nobody, and one that it may mean: who is called as the last part of its ARN, or by an ARN
    /// that ends in its name; and of one that refers by a name, and the only one called so, which may be in another place.
    pub(super) fn may_mean(&mut self, scopes: &Scopes, of_from: impl Fn(u32) -> u32, of_named: impl Fn(u32) -> u32) -> Vec<(u32, u32)> {
        self.names.sort_unstable();
        self.names.dedup();
        let mut pairs = self.elsewhere(scopes, &of_from, &of_named);
        if self.loose.is_empty() && self.loose_names.is_empty() {
            return pairs;
        }
        let names: HashSet<u64> = self.names().collect();
        let found: HashSet<(u32, u16)> = self
            .references
            .iter()
            .filter(|one| names.contains(&one.name))
            .map(|one| (one.from, one.space))
            .collect();
        self.loose_names.sort_unstable();
        self.loose_names.dedup();
        let plain = self.references.iter().filter(|one| !one.is_unique);
        let plain = plain.map(|one| (one.name, one.from, one.space));
        let by_last = self.loose.iter().copied().map(|one| (one, &self.names));
        let by_name = plain.map(|one| (one, &self.loose_names));
        let lost = by_last
            .chain(by_name)
            .filter(|((_, from, space), _)| !found.contains(&(*from, *space)));
        for ((name, from, _), called) in lost {
            let begin = called.partition_point(|(other, _)| *other < name);
            let meant = called.iter().skip(begin).take_while(|(other, _)| *other == name);
            let may_be = meant.filter(|(_, number)| scopes.may_be(of_from(from), of_named(*number)));
            pairs.extend(may_be.map(|(_, number)| (from, *number)));
        }
        pairs
    }

    /// The pairs of one that refers by a name, and the only one called so, where the two may be in different places; by a name that
    /// others may have in another Region, all that are called so, unless one is meant for sure; of one that names none, all that
    /// may be in its place and are not for sure. `names` is sorted.
    fn elsewhere(&self, scopes: &Scopes, of_from: &impl Fn(u32) -> u32, of_named: &impl Fn(u32) -> u32) -> Vec<(u32, u32)> {
        let scope = |number: u32| scopes.list.get(number as usize);
        let mut pairs = Vec::new();
        // In one place names repeat only where they are given anew.
        let are_several = scopes.list.len() > 1;
        for reference in self.references.iter().filter(|one| !one.is_unique && (are_several || one.repeats)) {
            let Some(from) = scope(of_from(reference.from)) else { continue };
            let begin = self.names.partition_point(|(name, _)| *name < reference.name);
            let named = self.names.iter().skip(begin).take_while(|(name, _)| *name == reference.name);
            let mut meant = named.filter_map(|(_, number)| Some((*number, scope(of_named(*number)).filter(|to| from.may_be(to))?)));
            if reference.repeats && !reference.is_gone {
                // Of several that are called so and may be meant, each may be, unless one is in its place for sure.
                let all: Vec<(u32, &Scope)> = meant.take(limits::NAMESAKES).collect();
                let mut own = all.iter().filter(|(_, to)| all.len() == 1 || to.provider == from.provider);
                let only = own.next().filter(|_| own.next().is_none());
                if only.is_none_or(|(_, to)| !reference.is_in_place(scopes, from, to)) {
                    pairs.extend(all.iter().map(|(number, _)| (reference.from, *number)));
                }
                continue;
            }
            if reference.is_alone {
                // It speaks of all in its place, so that each may be meant that may be there.
                let open = meant.filter(|(_, to)| !reference.is_in_place(scopes, from, to));
                pairs.extend(open.map(|(number, _)| (reference.from, number)));
                continue;
            }
            if let (Some((number, to)), None) = (meant.next(), meant.next())
                && !reference.is_in_place(scopes, from, to)
            {
                pairs.push((reference.from, number));
            }
        }
        pairs
    }

    /// The pairs of one that refers and one that is meant. Names repeat between accounts and regions: of several that may be
    /// meant only the one is that the same configuration of a provider made. What is called by a unique name is meant
    /// wherever it stands, and one that names none means all that are in its place.
    pub(super) fn pairs(mut self, scopes: &Scopes, of_from: impl Fn(u32) -> u32, of_named: impl Fn(u32) -> u32) -> Vec<(u32, u32)> {
        self.names.sort_unstable();
        self.names.dedup();
        let scope = |number: u32| scopes.list.get(number as usize);
        let mut pairs = Vec::new();
        let mut meant = Vec::new();
        for reference in &self.references {
            let begin = self.names.partition_point(|(name, _)| *name < reference.name);
            let named = self.names.iter().skip(begin).take_while(|(name, _)| *name == reference.name);
            let from = scope(of_from(reference.from));
            let may_be = |number: &u32| from.zip(scope(of_named(*number))).is_some_and(|(a, b)| a.may_be(b));
            meant.clear();
            meant.extend(named.map(|(_, number)| *number).filter(may_be));
            let is_in_place = |number: &u32| {
                let to = scope(of_named(*number));
                from.zip(to).is_some_and(|(a, b)| reference.is_in_place(scopes, a, b))
            };
            if reference.is_gone {
                if meant.iter().any(is_in_place) {
                    meant.retain(is_in_place);
                }
                pairs.extend(meant.iter().map(|number| (reference.from, *number)));
                continue;
            }
            if meant.len() > 1 && !reference.is_unique && !reference.is_alone {
                meant.retain(|number| from.zip(scope(of_named(*number))).is_some_and(|(a, b)| a.provider == b.provider));
                if meant.len() > 1 {
                    continue;
                }
            }
            if !reference.is_unique {
                meant.retain(is_in_place);
            }
            pairs.extend(meant.iter().map(|number| (reference.from, *number)));
        }
        pairs
    }
}
