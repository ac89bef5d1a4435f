//! The same resource said twice, in one source or in several, made one.
//!
//! In: all resources of an inventory, each with what it is known by. Out: each once, with what any of them says, and notes of
//! what stood more than once and of where they differ. Two are the same that have one ARN, or one account, Region, type and
//! id. What has neither is nobody else: equal addresses and names of two states are two resources.

use super::Resource;
use super::import::{Imported, is_global};
use crate::catalog::Catalog;
use crate::catalog::predicate::Truth;
use crate::diagnostics::{Code, Diagnostic, Place, Spot};
use crate::limits;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A resource and the id that its source knows it by.
pub(super) struct Known {
    pub(super) resource: Resource,
    /// Within its account, Region and type.
    pub(super) id: Option<String>,
    /// Whether the id is an attribute only, as Terraform's is: two permissions of two functions may have one.
    pub(super) by_attribute: bool,
    /// What else its source calls it, as a hash; of what people wrote nothing but what is there.
    pub(super) called: Option<[u64; 2]>,
    /// Whether people wrote it, so that what they say of its owner counts.
    pub(super) written: bool,
}

/// An account, a Region, and what something is known by there.
type At<'i> = (Arc<str>, Option<Arc<str>>, &'i str);

/// The resources, each once, and what is worth telling.
pub(super) fn united(all: Vec<Known>, catalog: &Catalog) -> (Vec<Resource>, Vec<Diagnostic>) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_place: BTreeMap<At<'_>, BTreeSet<usize>> = BTreeMap::new();
    for (index, known) in all.iter().enumerate() {
        if let Some((arn, place)) = known.arn().and_then(|arn| Some((arn, known.place(last_part(arn))?))) {
            // One for each ARN will do.
            if !groups.contains_key(arn) {
                by_place.entry(place).or_default().insert(index);
            }
        }
        if let Some(key) = known.arn().map(str::to_owned) {
            groups.entry(key).or_default().push(index);
        }
    }
    for (index, known) in all.iter().enumerate().filter(|(_, known)| known.arn().is_none()) {
        let Some(id) = known.id.as_deref().filter(|id| !id.is_empty()) else {
            continue;
        };
        let place = known.place(id).filter(|_| !known.by_attribute);
        let namesakes = place.as_ref().and_then(|place| by_place.get(place));
        let namesakes = namesakes.filter(|all| all.len() <= limits::NAMESAKES).into_iter().flatten();
        let same: Vec<usize> = namesakes.copied().filter(|other| is_same_type(known, &all[*other])).collect();
        let key = match same.as_slice() {
            [only] => all[*only].arn().map(str::to_owned),
            _ => known.key(),
        };
        if let Some(key) = key {
            groups.entry(key).or_default().push(index);
        }
    }
    let mut told = Told::default();
    let mut all: Vec<Option<Known>> = all.into_iter().map(Some).collect();
    for members in groups.into_values().filter(|members| members.len() > 1) {
        let members: Vec<(usize, Known)> = members.into_iter().filter_map(|index| Some((index, all[index].take()?))).collect();
        for same in same_things(members) {
            let at = same.iter().map(|(index, _)| *index).min().unwrap_or_default();
            all[at] = one(same.into_iter().map(|(_, known)| known).collect(), catalog, &mut told);
        }
    }
    let resources = all.into_iter().flatten().map(|known| known.resource).collect();
    (resources, told.diagnostics())
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

/// A warning for each file with resources in no account, where any account is known: rules on accounts do not apply to them.
pub(super) fn without_account(resources: &[Resource], accounts_matter: bool) -> Vec<Diagnostic> {
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
    let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
    arn.starts_with("arn:") && !resource.is_empty() && !arn.contains(['*', '?', '$', ' '])
}

/// The last part of an ARN: the id, or the name, of what it names.
fn last_part(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
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
    same.sort_by(|a, b| {
        let key = |known: &Known| (Reverse(known.detail()), !known.written);
        key(a).cmp(&key(b)).then_with(|| a.resource.by_content(&b.resource))
    });
    let mut others = same.into_iter();
    let mut first = others.next()?;
    // Whoever wrote a resource down knows whose it is.
    let mut by_hand = first.written;
    let mut tags: BTreeSet<Arc<str>> = first.resource.tags.iter().map(|(key, _)| key.clone()).collect();
    for other in others {
        told.see(&first.resource, &other.resource, catalog);
        let overrides = other.written && !by_hand;
        by_hand |= other.written;
        take(&mut first.resource, other.resource, overrides, &mut tags);
        first.id = first.id.take().or(other.id);
        first.written |= other.written;
    }
    Some(first)
}

/// Takes from another what a resource does not say itself; whose it is, from what people wrote. `tags`: the keys of its tags.
fn take(to: &mut Resource, from: Resource, overrides: bool, tags: &mut BTreeSet<Arc<str>>) {
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
    to.count = to.count.max(from.count);
    for (key, value) in from.tags {
        if tags.insert(key.clone()) {
            to.tags.push((key, value));
        }
    }
    for (key, value) in from.config {
        to.config.entry(key).or_insert(value);
    }
}

/// What stood more than once, by the two files.
#[derive(Default)]
struct Told {
    pairs: BTreeMap<(Arc<str>, Arc<str>), Pair>,
}

/// The resources that two files, or one file twice, have in common.
#[derive(Default)]
struct Pair {
    count: u64,
    /// How many are said differently, the first of them by name, and in what.
    differ: u64,
    first: String,
    fields: BTreeSet<String>,
}

impl Told {
    fn see(&mut self, kept: &Resource, other: &Resource, catalog: &Catalog) {
        let pair = self.pairs.entry((kept.place.file.clone(), other.place.file.clone())).or_default();
        pair.count += 1;
        let fields = differences(kept, other, catalog);
        if !fields.is_empty() {
            if pair.differ == 0 || kept.label() < pair.first.as_str() {
                kept.label().clone_into(&mut pair.first);
            }
            pair.differ += 1;
            pair.fields.extend(fields);
        }
    }

    fn diagnostics(self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for ((kept, other), pair) in self.pairs {
            let (resources, are) = if pair.count == 1 {
                ("1 resource stands".to_owned(), "is")
            } else {
                (format!("{} resources stand", pair.count), "are")
            };
            let place = Place::file(other.clone());
            let what = if kept == other {
                format!("{resources} again in `{kept}` and {are} counted once")
            } else {
                format!("{resources} in `{kept}` and in `{other}` and {are} counted once")
            };
            found.push(
                Diagnostic::new(Code::CountedOnce, what)
                    .at(place.clone())
                    .help("they have the same ARN, or the same account, Region, type and id"),
            );
            if pair.differ > 0 {
                let list: Vec<String> = pair.fields.iter().take(10).map(|field| format!("`{field}`")).collect();
                let more = if pair.fields.len() > list.len() { " and more" } else { "" };
                let of = match pair.differ {
                    1 => format!("`{}`", pair.first),
                    number => format!("{number} resources (the first is `{}`)", pair.first),
                };
                let sides = if kept == other {
                    format!("`{kept}` says different things")
                } else {
                    format!("`{kept}` and `{other}` say different things")
                };
                found.push(
                    Diagnostic::new(Code::SourcesDiffer, format!("{sides} of {of}: {}{more}", list.join(", ")))
                        .at(place)
                        .help(format!(
                            "what `{kept}` says counts, since it says more; import the source alone that is right"
                        )),
                );
            }
        }
        found
    }
}

/// In what two differ that any rule or any question of the catalog looks at.
fn differences(kept: &Resource, other: &Resource, catalog: &Catalog) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    let texts = [
        ("account", &kept.account, &other.account),
        ("region", &kept.region, &other.region),
        ("mode", &kept.mode, &other.mode),
        ("environment", &kept.environment, &other.environment),
        ("owner", &kept.owner, &other.owner),
    ];
    for (name, one, two) in texts {
        if one.is_some() && two.is_some() && one != two {
            fields.insert(name.to_owned());
        }
    }
    let questions = kept
        .service
        .as_deref()
        .map(|service| catalog.questions(service))
        .unwrap_or_default();
    for question in questions {
        let attribute = question.attribute();
        if !kept.config.contains_key(attribute) || !other.config.contains_key(attribute) {
            continue;
        }
        let answers = (question.answer(&kept.config), question.answer(&other.config));
        // What a type is called differs from source to source.
        if !["kind", "resource_type"].contains(&attribute) && matches!(answers, (Truth::Yes, Truth::No) | (Truth::No, Truth::Yes)) {
            fields.insert(attribute.to_owned());
        }
    }
    fields
}
