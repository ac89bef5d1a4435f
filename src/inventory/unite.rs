//! The same resource said twice, in one source or in several, made one.
//!
//! In: all resources of an inventory, each with what it is known by. Out: each once, with what any of them says, and notes of
//! what stood more than once and of where they differ. Two are the same that have one ARN, or one account, Region, type and
//! id; where the id is an attribute only, as in a state, which has each of its resources once, not within one file. What has
//! neither is nobody else: equal addresses and names of two states are two resources. Where they differ, what was
//! seen running goes before what is planned, that before what people wrote and what a template asks for, and these before a
//! list; of two that are believed alike the later. Where nobody knows which of them that is, the attributes in which they
//! differ are unknown, and else the one counts that says more. Whose it is, its mode and its data are what people wrote,
//! whatever else there is.

use super::differ::Told;
use super::import::{Deleted, Imported, is_global};
use super::known::{Age, Known};
use super::shared::Tag;
use super::{Belonging, Resource};
use crate::catalog::{Arn, Catalog};
use crate::diagnostics::{Code, Diagnostic, Place, Spot};
use crate::limits;
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// For each file which version of its state it is; 0 where there is no other version.
pub(super) fn versions(all: &[Imported]) -> Vec<u64> {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for (line, _) in all.iter().filter_map(|one| one.version.as_ref()) {
        *lines.entry(line.as_str()).or_default() += 1;
    }
    let version = |one: &Imported| match &one.version {
        Some((line, version)) if lines.get(line.as_str()).is_some_and(|count| *count > 1) => *version,
        _ => 0,
    };
    all.iter().map(version).collect()
}

/// An account, a Region, and what something is known by there.
type At<'i> = (Arc<str>, Option<Arc<str>>, &'i str);

/// The resources, each once, and what is worth telling.
pub(super) fn united(all: Vec<Known>, catalog: &Catalog) -> (Vec<Arc<Resource>>, Vec<Diagnostic>) {
    let groups = groups(&all);
    let mut told = Told::default();
    let mut all: Vec<Option<Known>> = all.into_iter().map(Some).collect();
    for members in groups {
        let members: Vec<(usize, Known)> = members.into_iter().filter_map(|index| Some((index, all[index].take()?))).collect();
        for same in same_things(members) {
            let at = same.iter().map(|(index, _)| *index).min().unwrap_or_default();
            all[at] = one(same.into_iter().map(|(_, known)| known).collect(), catalog, &mut told);
        }
    }
    let resources = all.into_iter().flatten().map(|known| known.resource).collect();
    (resources, told.diagnostics())
}

/// What stands several times, by the key that it has alone; most stands once, and nothing is held for it but where.
#[derive(Default)]
struct Keyed<'k> {
    once: HashMap<Cow<'k, str>, usize, RandomState>,
    again: BTreeMap<Cow<'k, str>, Vec<usize>>,
}

impl<'k> Keyed<'k> {
    fn has(&self, key: &str) -> bool {
        self.once.contains_key(key)
    }

    fn add(&mut self, key: Cow<'k, str>, index: usize) {
        if let Some(members) = self.again.get_mut(&key) {
            members.push(index);
        } else if let Some(first) = self.once.get(&key) {
            self.again.insert(key, vec![*first, index]);
        } else {
            self.once.insert(key, index);
        }
    }
}

/// The indices of those that have one key, in the order of the keys, wherever there are several.
fn groups(all: &[Known]) -> Vec<Vec<usize>> {
    let mut keyed = Keyed::default();
    let mut by_place: BTreeMap<At<'_>, BTreeSet<usize>> = BTreeMap::new();
    let has_id = |known: &Known| known.id.as_deref().is_some_and(|id| !id.is_empty());
    // What something is known by where it is matters only where somebody calls a thing by that alone.
    let needs_place = all
        .iter()
        .any(|known| !known.by_attribute && known.arn().is_none() && has_id(known));
    let mut without = Vec::new();
    for (index, known) in all.iter().enumerate() {
        let Some(arn) = known.arn() else {
            without.push((index, known));
            continue;
        };
        // One for each ARN will do.
        if needs_place
            && !keyed.has(arn)
            && let Some(place) = known.place(last_part(arn))
        {
            by_place.entry(place).or_default().insert(index);
        }
        keyed.add(arn.into(), index);
    }
    let mut again: BTreeMap<(String, Arc<str>), usize> = BTreeMap::new();
    for (index, known) in without {
        let Some(id) = known.id.as_deref().filter(|id| !id.is_empty()) else {
            continue;
        };
        let place = known.place(id).filter(|_| !known.by_attribute);
        // A name is that of one thing where ARNs say nothing else of it.
        let is_whole = |other: &&usize| !known.by_name || all[**other].arn().is_some_and(names_alone);
        let namesakes = place.as_ref().and_then(|place| by_place.get(place));
        let namesakes = namesakes.filter(|all| all.len() <= limits::NAMESAKES).into_iter().flatten();
        let same: Vec<usize> = namesakes
            .filter(is_whole)
            .copied()
            .filter(|other| is_same_type(known, &all[*other]))
            .collect();
        let key: Option<Cow<'_, str>> = match same.as_slice() {
            [only] => all[*only].arn().map(Cow::from),
            _ if known.by_name => None,
            _ => known.key().map(Cow::from),
        };
        if let Some(mut key) = key {
            // What stands twice in one file under an id that is an attribute only is two things there, however alike they are.
            if known.by_attribute && !known.written {
                let before = again
                    .entry((key.clone().into_owned(), known.resource.place.file.clone()))
                    .or_default();
                if *before > 0 {
                    key.to_mut().push_str(&format!("\nagain {before}"));
                }
                *before += 1;
            }
            keyed.add(key, index);
        }
    }
    keyed.again.into_values().collect()
}

/// States without those that are another of them again, under another name; and what is worth telling. Equal states that
/// name nothing by its ARN may be of two places that are alike.
pub(super) fn without_copies(all: Vec<Imported>) -> (Vec<Imported>, Vec<Diagnostic>) {
    let mut kept: Vec<Imported> = Vec::new();
    let mut notes = Vec::new();
    for one in all {
        let is_named = one.is_state && one.resources.iter().any(|resource| resource.arn.is_some());
        let again = kept
            .iter()
            .find(|other| is_named && other.is_state && other.resources == one.resources);
        match again {
            Some(other) => notes.push(
                Diagnostic::new(
                    Code::CountedOnce,
                    format!("`{}` holds the same state as `{}` and is counted once", one.file, other.file),
                )
                .at(Place::file(one.file.clone()))
                .help("name one of the two"),
            ),
            None => kept.push(one),
        }
    }
    (kept, notes)
}

/// Takes away what another file tells to be gone since it was recorded, whichever of the files is named first.
pub(super) fn without_deleted(all: &mut [Imported]) {
    let mut deleted = Deleted::default();
    all.iter_mut().for_each(|one| deleted.unite(std::mem::take(&mut one.deleted)));
    for one in all {
        one.resources.retain(|resource| !deleted.has(resource));
    }
}

/// A warning for each file with resources in no account, where any account is known: rules on accounts do not apply to them.
pub(super) fn without_account(resources: &[Arc<Resource>], accounts_matter: bool) -> Vec<Diagnostic> {
    const MOST: usize = 10;
    let mut by_file: BTreeMap<&Arc<str>, u64> = BTreeMap::new();
    for resource in resources
        .iter()
        .filter(|resource| resource.account.is_none() && resource.place.spot == Spot::Whole)
    {
        *by_file.entry(&resource.place.file).or_default() += resource.count;
    }
    if !accounts_matter && resources.iter().all(|resource| resource.account.is_none()) {
        return Vec::new();
    }
    let more = by_file.len().saturating_sub(MOST);
    let warning = |what: String| {
        Diagnostic::new(Code::AccountOpen, what)
            .help("say `account` with the file under `imports`; until then rules that name an account pass these resources over")
    };
    let named = by_file.iter().take(MOST).map(|(file, count)| {
        let what = if *count == 1 {
            format!("1 resource of `{file}` is in no account that is known")
        } else {
            format!("{count} resources of `{file}` are in no account that is known")
        };
        warning(what).at(Place::file((*file).clone()))
    });
    let rest: u64 = by_file.values().skip(MOST).sum();
    let rest = (more > 0).then(|| warning(format!("{rest} resources of {more} more files are in no account that is known")));
    named.chain(rest).collect()
}

impl Known {
    /// Its ARN.
    fn arn(&self) -> Option<&str> {
        self.resource.arn.as_deref().filter(|arn| is_particular(arn))
    }

    /// Where it is, with what it is known by there.
    fn place<'i>(&self, id: &'i str) -> Option<At<'i>> {
        Some((self.resource.account.clone()?, self.resource.region.clone(), id))
    }

    /// What only this resource has that has no ARN.
    fn key(&self) -> Option<String> {
        let resource = &self.resource;
        let id = self.id.as_deref().filter(|id| !id.is_empty())?;
        let account = resource.account.as_deref()?;
        // Without its Region the id may be one of several Regions'.
        let region = match resource.region.as_deref() {
            Some(region) => region,
            None if is_global(&resource.kind) => "",
            None => return None,
        };
        let mut key = format!("{account}\n{region}\n{}\n{id}", resource.kind);
        if self.by_attribute {
            // What the same id stands for is the same only if all else that it is called agrees. Of what was imported and
            // then written down only what is needed is left, and its name.
            match self.called {
                Some([one, other]) => key.push_str(&format!("\n{one:x}{other:x}")),
                None => key.extend(resource.name.iter().map(|name| format!("\n{name}"))),
            }
            let mut texts: Vec<_> = resource.config.iter().filter(|(_, value)| value.is_string()).collect();
            texts.sort_by_key(|(name, _)| *name);
            key.extend(texts.into_iter().map(|(name, value)| format!("\n{name}={value}")));
        }
        Some(key)
    }

    /// How much is known of it: the source that says most of a resource counts.
    fn detail(&self) -> usize {
        self.resource.config.values().filter(|value| !value.is_null()).count()
    }
}

/// Whether an ARN is that of one thing, and no pattern of several.
fn is_particular(arn: &str) -> bool {
    let is_pattern = |byte| matches!(byte, b'*' | b'?' | b'$' | b' ');
    Arn::parse(arn).is_some_and(|arn| !arn.resource.is_empty()) && !arn.bytes().any(is_pattern)
}

/// The last part of an ARN: the id, or the name, of what it names.
fn last_part(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}

/// Whether the resource of an ARN is a name, perhaps behind its type, and within nothing else.
fn names_alone(arn: &str) -> bool {
    let resource = Arn::parse(arn).map_or("", |arn| arn.resource);
    resource.split(['/', ':']).filter(|part| !part.is_empty()).count() <= 2
}

/// Whether two sources call a type by the same word: `aws_instance`, `AWS::EC2::Instance`, `ec2:instance`, and an ARN with
/// `instance/` in it.
fn is_same_type(one: &Known, other: &Known) -> bool {
    let word = |kind: &str| -> String {
        let last = kind.rsplit(':').next().unwrap_or(kind);
        let last = last.split_once('_').map_or(last, |(_, last)| last);
        last.chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let a = word(&one.resource.kind);
    let in_arn = other.arn().and_then(|arn| arn.splitn(6, ':').nth(5)?.split_once(['/', ':']));
    let names = [word(&other.resource.kind), in_arn.map(|(kind, _)| word(kind)).unwrap_or_default()];
    let same = |b: &String| !a.is_empty() && !b.is_empty() && (a.ends_with(b.as_str()) || b.ends_with(&a));
    names.iter().any(same) && one.resource.service == other.resource.service && one.resource.supporting == other.resource.supporting
}

/// Members of one key that are the same thing. A source may give the ARN of a thing to what belongs to it, too, as Terraform
/// does with the versions of a secret: of the types of one source only the deployable one is the thing itself.
fn same_things(members: Vec<(usize, Known)>) -> Vec<Vec<(usize, Known)>> {
    let namespace = |kind: &str| match kind {
        kind if kind.contains("::") => 0,
        kind if kind.contains('_') => 1,
        _ => 2,
    };
    let mut chiefs: BTreeMap<u8, (bool, Arc<str>)> = BTreeMap::new();
    for (_, known) in &members {
        let (kind, supporting) = (known.resource.kind.clone(), known.resource.supporting);
        let chief = chiefs.entry(namespace(&kind)).or_insert_with(|| (supporting, kind.clone()));
        if (supporting, &kind) < (chief.0, &chief.1) {
            *chief = (supporting, kind);
        }
    }
    let mut things: BTreeMap<Option<Arc<str>>, Vec<(usize, Known)>> = BTreeMap::new();
    for (index, known) in members {
        let resource = &known.resource;
        let is_chief = !resource.supporting
            || chiefs
                .get(&namespace(&resource.kind))
                .is_some_and(|(_, kind)| *kind == resource.kind);
        let key = if is_chief { None } else { Some(resource.kind.clone()) };
        things.entry(key).or_default().push((index, known));
    }
    things.into_values().collect()
}

/// One resource of several that are the same.
fn one(mut same: Vec<Known>, catalog: &Catalog, told: &mut Told) -> Option<Known> {
    // Where one of those that are believed most does not tell when it was seen, nobody knows which is the later.
    let most = same.iter().map(|known| known.age.trust).max();
    let mut believed = same.iter().filter(|known| Some(known.age.trust) == most);
    let are_timed = believed.all(|known| known.age.recorded.is_some());
    same.sort_by(|a, b| {
        let key = |known: &Known| {
            let age = &known.age;
            let recorded = age.recorded.filter(|_| are_timed);
            (Reverse((age.trust, recorded, age.version, known.detail())), !known.written)
        };
        key(a).cmp(&key(b)).then_with(|| a.resource.by_content(&b.resource))
    });
    let mut others = same.into_iter();
    let mut first = others.next()?;
    // Whoever wrote a resource down knows whose it is.
    let mut by_hand = first.written;
    let keys = first.resource.tags.iter().map(|(key, _)| key.clone()).collect();
    let mut tags = MoreTags { keys, more: Vec::new() };
    let mut open: BTreeSet<String> = BTreeSet::new();
    for other in others {
        let is_open = is_either(&first.age, &other.age, are_timed);
        let fields = told.see(&first, &other, is_open, catalog);
        open.extend(fields.into_iter().filter(|_| is_open));
        let overrides = other.written && !by_hand;
        by_hand |= other.written;
        let resource = Arc::unwrap_or_clone(other.resource);
        take(Arc::make_mut(&mut first.resource), resource, overrides, &mut tags);
        first.id = first.id.take().or(other.id);
        first.written |= other.written;
    }
    if !tags.more.is_empty() {
        let resource = Arc::make_mut(&mut first.resource);
        resource.tags = resource.tags.iter().cloned().chain(tags.more).collect();
    }
    if !open.is_empty() {
        let resource = Arc::make_mut(&mut first.resource);
        Arc::make_mut(&mut resource.config).retain(|name, _| !open.contains(name));
    }
    Some(first)
}

/// Whether nobody knows which of two that are believed alike is the later. `are_timed`: all that are believed most tell when
/// they were recorded.
fn is_either(one: &Age, other: &Age, are_timed: bool) -> bool {
    let is_later = are_timed && one.recorded != other.recorded;
    // Versions are those of one state.
    let is_renewed = one.version != other.version && one.version > 0 && other.version > 0;
    one.trust == other.trust && !is_later && !is_renewed
}

/// The keys of a resource's tags, and the tags that others add to them: there may be as many as there are others.
struct MoreTags {
    keys: BTreeSet<Arc<str>>,
    more: Vec<Tag>,
}

/// Takes from another what a resource does not say itself; whose it is, from what people wrote.
fn take(to: &mut Resource, from: Resource, overrides: bool, tags: &mut MoreTags) {
    let prefer = |to: &mut Option<Arc<str>>, from: Option<Arc<str>>| {
        *to = if overrides { from.or(to.take()) } else { to.take().or(from) };
    };
    prefer(&mut to.owner, from.owner);
    prefer(&mut to.environment, from.environment);
    prefer(&mut to.mode, from.mode);
    if to.data.is_empty() || (overrides && !from.data.is_empty()) {
        to.data = from.data;
    }
    to.service = to.service.take().or(from.service);
    to.name = to.name.take().or(from.name);
    to.arn = to.arn.take().or(from.arn);
    to.account = to.account.take().or(from.account);
    to.region = to.region.take().or(from.region);
    to.address = to.address.take().or(from.address);
    to.supporting &= from.supporting;
    Belonging::unite(&mut to.belonging, from.belonging);
    to.count = to.count.max(from.count);
    let more = from.tags.iter().filter(|(key, _)| tags.keys.insert(key.clone()));
    tags.more.extend(more.cloned());
    let config = Arc::make_mut(&mut to.config);
    for (key, value) in Arc::unwrap_or_clone(from.config) {
        config.entry(key).or_insert(value);
    }
}
