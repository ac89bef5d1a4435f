//! Resources that are alike, counted.
//!
//! In: resources one by one, with those attributes that somebody looks at. Out: groups. Two resources are alike if they are
//! of one type, account, region, environment and owner, have the same of the tags that rules look at, and answer all
//! questions of the catalog alike; a group's attributes are those of its first resource.

use super::super::location::Accounts;
use super::super::needed::{ALWAYS, Needed};
use super::super::siblings::{self, SIBLINGS, Sibling};
use super::super::{Imported, ImportedResource, LeftOut, opened, secrets};
use super::fold::{Owners, Settings};
use super::identity::{Made, Seen, own_identity, repeated};
use crate::catalog::Catalog;
use crate::catalog::predicate::{Attributes, Question, Truth};
use crate::diagnostics::{Code, Diagnostic, Place};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

const TAGS: &[&str] = &["tags", "tags_all", "tag"];

/// What is looked at of resources: by rules, and by the catalog type by type.
pub(super) struct Wanted<'a> {
    pub(super) catalog: &'a Catalog,
    tags: &'a BTreeSet<String>,
}

/// What is looked at of the resources of one type.
pub(super) struct Kind {
    /// The type.
    pub(super) name: Arc<str>,
    /// Its name for siblings.
    pub(super) terraforms: String,
    /// What the catalog asks, by attribute; nothing of what only supports others.
    questions: Questions,
    /// Whether the type alone tells the service.
    is_known: bool,
    /// The attributes to read, by their length.
    attributes: Vec<Vec<String>>,
    /// Whether settings of its resources may lie in others.
    pub(super) is_owner: bool,
    /// The attributes by which those name them.
    pub(super) by: Vec<&'static str>,
    /// Whether there is one in an account's region, so that others need not name it.
    pub(super) is_single: bool,
    /// The settings of others that its resources hold.
    pub(super) settings: Vec<(usize, &'static Sibling, Questions)>,
}

/// Questions by the attribute that they look at.
#[derive(Debug, Default)]
pub(super) struct Questions(Vec<(String, Vec<Question>)>);

impl Questions {
    fn of(questions: Vec<Question>) -> Self {
        let mut by_attribute: BTreeMap<String, Vec<Question>> = BTreeMap::new();
        for question in questions {
            by_attribute.entry(question.attribute().to_owned()).or_default().push(question);
        }
        Self(by_attribute.into_iter().collect())
    }

    /// Writes what a resource's attributes answer.
    pub(super) fn answer(&self, config: &Attributes, into: &mut Vec<u8>) {
        for (attribute, questions) in &self.0 {
            if !config.contains_key(attribute) {
                // All of them are open.
                into.push(b'-');
                continue;
            }
            into.extend(questions.iter().map(|question| match question.answer(config) {
                Truth::Yes => b'y',
                Truth::No => b'n',
                Truth::Unknown => b'?',
            }));
        }
    }

    fn attributes(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(attribute, _)| attribute.as_str())
    }
}

impl<'a> Wanted<'a> {
    pub(super) fn new(catalog: &'a Catalog, tags: &'a BTreeSet<String>) -> Self {
        Self { catalog, tags }
    }

    fn questions(&self, kind: &str) -> Questions {
        match self.catalog.classify(kind, None, None) {
            Some((service, true)) => Questions::of(self.catalog.questions(service)),
            _ => Questions::default(),
        }
    }

    /// What is looked at of a type.
    pub(super) fn kind(&self, name: &str) -> Kind {
        let terraforms = siblings::terraforms_name(name).to_owned();
        let questions = self.questions(name);
        let name_of_owner = siblings::terraforms_name(name);
        let owned = SIBLINGS.iter().filter(|one| one.owners.contains(&name_of_owner));
        let settings: Vec<(usize, &'static Sibling, Questions)> = SIBLINGS
            .iter()
            .enumerate()
            .filter(|(_, one)| one.kind == terraforms)
            .map(|(index, one)| {
                (
                    index,
                    one,
                    one.owners.first().map(|owner| self.questions(owner)).unwrap_or_default(),
                )
            })
            .collect();
        let mut attributes: BTreeSet<&str> = ALWAYS.iter().copied().collect();
        attributes.extend(questions.attributes());
        if !self.tags.is_empty() {
            attributes.extend(TAGS);
        }
        let mut by: Vec<&'static str> = owned.clone().flat_map(|one| one.by).copied().collect();
        by.sort_unstable();
        by.dedup();
        attributes.extend(&by);
        for (_, one, _) in &settings {
            attributes.extend(one.names.iter().chain(&one.unless));
            attributes.extend(one.copies.iter().map(|(from, _, _)| from.split('.').next().unwrap_or(from)));
        }
        if terraforms == "aws_elastic_beanstalk_environment" {
            attributes.extend(["setting", "all_settings"]);
        }
        let mut by_length: Vec<Vec<String>> = Vec::new();
        for attribute in attributes {
            if by_length.len() <= attribute.len() {
                by_length.resize_with(attribute.len() + 1, Vec::new);
            }
            by_length[attribute.len()].push(attribute.to_owned());
        }
        Kind {
            name: name.into(),
            is_known: self.catalog.classify(name, None, None).is_some(),
            terraforms,
            questions,
            attributes: by_length,
            is_owner: owned.clone().next().is_some(),
            is_single: owned.clone().any(|one| one.by.is_empty()),
            by,
            settings,
        }
    }

    /// Those of the tags that rules look at.
    pub(super) fn tags(&self, tags: Vec<(Arc<str>, String)>) -> Vec<(Arc<str>, String)> {
        tags.into_iter().filter(|(key, _)| self.tags.contains(&**key)).collect()
    }

    /// Whether rules look at any tag.
    pub(super) fn has_tags(&self) -> bool {
        !self.tags.is_empty()
    }
}

impl Kind {
    /// How many attributes a resource may be expected to have.
    pub(super) fn usual(&self) -> usize {
        self.attributes.iter().map(Vec::len).sum::<usize>().min(24)
    }

    /// Whether an attribute is looked at.
    pub(super) fn wants(&self, attribute: &str) -> bool {
        self.attributes.get(attribute.len()).is_some_and(|names| {
            let first = attribute.as_bytes().first();
            names.iter().any(|name| name.as_bytes().first() == first && name == attribute)
        })
    }
}

/// Kinds by their names, as one thread meets them.
pub(super) struct Counter<'w, 'a> {
    pub(super) wanted: &'w Wanted<'a>,
    kinds: HashMap<String, Arc<Kind>>,
    key: Vec<u8>,
}

impl<'w, 'a> Counter<'w, 'a> {
    pub(super) fn new(wanted: &'w Wanted<'a>) -> Self {
        Self {
            wanted,
            kinds: HashMap::new(),
            key: Vec::new(),
        }
    }

    /// What is looked at of a type.
    pub(super) fn kind(&mut self, name: &str) -> Arc<Kind> {
        if let Some(kind) = self.kinds.get(name) {
            return kind.clone();
        }
        let kind = Arc::new(self.wanted.kind(name));
        self.kinds.insert(name.to_owned(), kind.clone());
        kind
    }

    /// Adds a resource that settings of others do not concern.
    pub(super) fn add(&mut self, mut resource: ImportedResource, order: u64, tally: &mut Tally) {
        let kind = self.kind(&resource.kind.clone());
        resource.config.retain(|key, _| !kind.is_known || kind.wants(key));
        let made = Made {
            provider: "",
            order,
            identity: own_identity(&resource),
        };
        self.add_of(&kind, resource, made, tally);
    }

    /// As [`Self::add`], of a resource that has the attributes only that are looked at.
    pub(super) fn add_of(&mut self, kind: &Kind, mut resource: ImportedResource, made: Made<'_>, tally: &mut Tally) {
        resource.tags = self.wanted.tags(std::mem::take(&mut resource.tags));
        let number = if kind.is_known {
            self.count(kind, resource, made, &mut tally.groups)
        } else {
            // Only the ARN tells the service.
            self.add_by_arn(resource, made, tally)
        };
        tally.groups.seen.extend(Seen::of(made, number));
    }

    fn add_by_arn(&mut self, mut resource: ImportedResource, made: Made<'_>, tally: &mut Tally) -> u32 {
        let found = self
            .wanted
            .catalog
            .classify(&resource.kind, resource.arn.as_deref(), resource.service.as_deref());
        let service: Arc<str> = found.map_or_else(|| "".into(), |(service, _)| service.into());
        let kind = self.kind(&service);
        resource.config.retain(|key, _| kind.wants(key));
        // The ARN of one of them stands for the service of all.
        self.count(&kind, resource, made, &mut tally.groups)
    }

    /// Writes the key of a resource's group and counts it there; the group's number among those of this thread.
    pub(super) fn count(&mut self, kind: &Kind, resource: ImportedResource, made: Made<'_>, groups: &mut Groups) -> u32 {
        let (provider, order) = (made.provider, made.order);
        let count = resource.count.max(1);
        // Whoever names no account is in the one of its provider, if in any.
        let provider = match &resource.account {
            Some(account) => {
                groups.accounts.see(account, provider);
                ""
            }
            None => provider,
        };
        self.key.clear();
        let texts = [
            Some(&resource.kind),
            Some(&kind.name),
            resource.mode.as_ref(),
            resource.service.as_ref(),
            resource.account.as_ref(),
            resource.region.as_ref(),
            resource.environment.as_ref(),
            resource.owner.as_ref(),
        ];
        let mut write = |text: &str| {
            self.key.extend_from_slice(text.as_bytes());
            self.key.push(0xff);
        };
        texts.into_iter().for_each(|text| write(text.map_or("", |text| text)));
        write(provider);
        resource.data.iter().for_each(|class| write(class));
        for (key, value) in &resource.tags {
            write(key);
            write(value);
        }
        kind.questions.answer(&resource.config, &mut self.key);
        groups.count(
            &self.key,
            Group {
                count,
                order,
                provider: provider.into(),
                resource,
            },
        )
    }
}

/// Groups by their keys.
#[derive(Debug, Default)]
pub(super) struct Groups {
    numbers: HashMap<Box<[u8]>, u32>,
    list: Vec<Group>,
    /// Where resources are that say so.
    pub(super) accounts: Accounts,
    /// Those that may stand twice.
    pub(super) seen: Vec<Seen>,
}

/// Resources that are alike.
#[derive(Debug)]
pub(super) struct Group {
    /// How many.
    pub(super) count: u64,
    /// Where the first of them stands.
    pub(super) order: u64,
    /// The provider configuration that made them, where they name no account.
    pub(super) provider: Arc<str>,
    /// The first of them, without what is its own.
    pub(super) resource: ImportedResource,
}

impl Groups {
    fn count(&mut self, key: &[u8], one: Group) -> u32 {
        if let Some(number) = self.numbers.get(key) {
            if let Some(group) = self.list.get_mut(*number as usize) {
                group.count += one.count;
            }
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.numbers.insert(key.into(), number);
        self.list.push(Group {
            resource: without_its_own(opened(one.resource, false)),
            ..one
        });
        number
    }

    /// Whether nothing was counted.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Counts each resource once that stands several times; how many were left out.
    fn count_once(&mut self) -> u64 {
        let repeated = repeated(std::mem::take(&mut self.seen));
        for one in &repeated {
            if let Some(group) = self.list.get_mut(one.number as usize) {
                group.count = group.count.saturating_sub(1);
            }
        }
        repeated.len() as u64
    }

    /// A group by its number.
    pub(super) fn get(&self, number: u32) -> Option<&Group> {
        self.list.get(number as usize)
    }

    /// Takes in others; their numbers here.
    pub(super) fn unite(&mut self, others: Self) -> Vec<u32> {
        let Self {
            numbers,
            mut list,
            accounts,
            seen,
        } = others;
        self.accounts.unite(accounts);
        let mut keys: Vec<(Box<[u8]>, u32)> = numbers.into_iter().collect();
        keys.sort_by_key(|(_, number)| *number);
        let groups = keys.into_iter().zip(list.drain(..));
        let numbers: Vec<u32> = groups
            .map(|((key, _), group)| {
                let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
                match self.numbers.entry(key) {
                    Entry::Occupied(known) => {
                        let number = *known.get();
                        if let Some(known) = self.list.get_mut(number as usize) {
                            known.count += group.count;
                            if group.order < known.order {
                                known.order = group.order;
                                known.resource = group.resource;
                            }
                        }
                        number
                    }
                    Entry::Vacant(new) => {
                        new.insert(next);
                        self.list.push(group);
                        next
                    }
                }
            })
            .collect();
        let number = |one: &Seen| numbers.get(one.number as usize).copied().unwrap_or(u32::MAX);
        self.seen.extend(seen.into_iter().map(|one| one.at(number(&one))));
        numbers
    }

    fn into_list(self) -> Vec<Group> {
        self.list
    }
}

/// A resource that stands for others, too: its name, its ARN's own part and its address are left out.
fn without_its_own(mut resource: ImportedResource) -> ImportedResource {
    resource.name = None;
    resource.address = String::new();
    for key in ["arn", "id", "tags", "tags_all", "tag"] {
        resource.config.shift_remove(key);
    }
    resource
}

/// What one thread, and in the end all of them, have counted.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Resources that settings of others do not concern.
    pub(super) groups: Groups,
    /// Resources that they may concern.
    pub(super) owners: Owners,
    /// Those settings.
    pub(super) settings: Settings,
    /// Resources of other providers, by type and provider.
    pub(super) others: BTreeMap<(String, String), u64>,
    /// What is worth telling.
    pub(super) warnings: Vec<Diagnostic>,
    /// What is wrong and does not keep the rest from being looked at.
    pub(super) faults: Vec<Diagnostic>,
    /// How many more of them there are.
    pub(super) more_faults: usize,
    /// The first entries that are damaged, by their numbers, and how many more there are.
    left_out: Vec<(u64, Diagnostic)>,
    more_left_out: usize,
}

impl Tally {
    /// Takes in another's counts.
    pub(super) fn unite(&mut self, other: Self) {
        self.groups.unite(other.groups);
        self.owners.unite(other.owners);
        self.settings.unite(other.settings);
        for (key, count) in other.others {
            *self.others.entry(key).or_default() += count;
        }
        self.warnings.extend(other.warnings);
        self.faults.extend(other.faults);
        self.more_faults += other.more_faults;
        self.left_out.extend(other.left_out);
        self.more_left_out += other.more_left_out;
    }

    /// Leaves an entry out.
    pub(super) fn leave_out(&mut self, order: u64, warning: impl FnOnce() -> Diagnostic) {
        // A thread meets entries in their order.
        if self.left_out.len() < LeftOut::MOST {
            self.left_out.push((order, warning()));
        } else {
            self.more_left_out += 1;
        }
    }

    /// The groups as resources.
    pub(super) fn finish(self, file: &Arc<str>, catalog: &Catalog, fills_accounts: bool) -> Imported {
        let Self {
            mut groups,
            mut owners,
            settings,
            others,
            mut warnings,
            mut left_out,
            more_left_out,
            ..
        } = self;
        left_out.sort_by_key(|(order, _)| *order);
        let more = more_left_out + left_out.len().saturating_sub(LeftOut::MOST);
        warnings.extend(left_out.into_iter().take(LeftOut::MOST).map(|(_, warning)| warning));
        warnings.extend(LeftOut::rest(more, file, &Place::file(file.clone()), super::super::text::PULL));
        let mut accounts = std::mem::take(&mut groups.accounts);
        accounts.unite(owners.take_accounts());
        let twice = groups.count_once() + owners.count_once();
        if twice > 0 {
            let what = match twice {
                1 => format!("1 resource stands again in `{file}` and is counted once"),
                _ => format!("{twice} resources stand again in `{file}` and are counted once"),
            };
            let note = Diagnostic::new(Code::CountedOnce, what).at(Place::file(file.clone()));
            warnings.push(note.help("they have the same ARN, or the same account, Region, type and id"));
        }
        let mut groups = groups.into_list();
        groups.extend(super::fold::folded(owners, settings));
        groups.retain(|group| group.count > 0);
        groups.sort_by_key(|group| group.order);
        let mut imported = Imported {
            file: file.clone(),
            warnings,
            ..Imported::default()
        };
        let mut needed = Needed::by(catalog);
        imported.resources = groups
            .into_iter()
            .map(|group| {
                let mut resource = group.resource;
                resource.count = group.count;
                if resource.account.is_none() && fills_accounts {
                    resource.account = accounts.of(&group.provider).cloned();
                }
                // An ARN would be one of many; where it alone tells the service, the service is told.
                if let Some(arn) = resource.arn.take()
                    && catalog.classify(&resource.kind, None, None).is_none()
                {
                    let found = catalog.classify(&resource.kind, Some(&arn), resource.service.as_deref());
                    resource.service = found.map(|(service, _)| service.into());
                }
                // What only settings of others were found by has done its work.
                needed.only(&mut resource);
                resource
            })
            .collect();
        for ((kind, provider), count) in others {
            imported.out_of_scope.push(crate::inventory::OutOfScope {
                kind: secrets::told(kind),
                provider: secrets::told(provider),
                count,
                from: file.clone(),
                addresses: Vec::new(),
            });
        }
        imported
    }
}
