//! Where the resources of a file go, one by one.
//!
//! In: resources as a source has them. Out: [`Imported`]: without anything secret, with what siblings say of them, each
//! by itself, or, where a file is too long for that, counted with those that are alike. Two resources are alike if they are
//! of one type, account, region, environment and owner, have the same of the tags that rules look at, and answer all
//! questions of the catalog alike. Memory then grows with the number of groups, and by some tens of bytes for each
//! resource that may have settings in resources of their own. What is counted by several threads is the same in every run.

mod damage;
mod groups;
mod identity;
mod kind;
pub(super) mod plain;

pub(super) use identity::{Identity, identity};
pub(super) use kind::{Kind, Questions};

use super::location::Accounts;
use super::needed::Needed;
use super::relate::Related;
use super::{Context, Found, Imported, ImportedResource, open_labels, opened, secrets};
use crate::catalog::attributes::Origin;
use crate::catalog::predicate::Attributes;
use crate::diagnostics::characters::prints_as_nothing;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use crate::inventory::OutOfScope;
use crate::memory;
use damage::{Broken, Damages};
use groups::{Group, Groups};
use identity::{Counted, Seen, called, own_identity, repeated};
pub(in crate::inventory) use kind::Class;
use kind::Wanted;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};

/// How many faults one thread tells; what is behind them is of the same kind.
const MOST: usize = 100;

/// All that is taken from one file.
pub struct Intake<'a> {
    wanted: Wanted<'a>,
    file: Arc<str>,
    tally: Tally,
    /// Whether it is all that one state holds.
    pub(super) is_state: bool,
    /// What is worth telling.
    pub(super) warnings: Vec<Diagnostic>,
}

/// What one thread, and in the end all of them, have counted.
#[derive(Default)]
struct Tally {
    /// Resources of which no other says anything.
    groups: Groups,
    /// Resources of which others may.
    owners: Groups,
    related: Related,
    /// Resources of other providers, by type and provider.
    others: BTreeMap<(String, String), Others>,
    /// Those that may stand several times.
    seen: Vec<Seen>,
    /// Where resources are that say so.
    accounts: Accounts,
    /// Entries that cannot be read.
    damages: Damages,
    /// Items that do not say what they are.
    broken: Broken,
}

/// Resources of another provider.
#[derive(Default)]
struct Others {
    count: u64,
    /// Where the first of them stands.
    order: u64,
    addresses: Vec<(u64, String)>,
}

/// Where one thread puts resources.
pub(super) struct Sink<'w> {
    wanted: &'w Wanted<'w>,
    kinds: HashMap<String, Arc<Kind>>,
    questions: HashMap<(Arc<str>, Option<Class>), Arc<Questions>>,
    key: Vec<u8>,
    tally: Tally,
    faults: Vec<Diagnostic>,
}

impl<'a> Intake<'a> {
    /// An intake of a file. `origin`: who spells types and attributes so, where the types do not tell. `grouped`: whether resources that are alike are counted together.
    pub(super) fn new(file: &Arc<str>, context: &Context<'a>, grouped: bool, origin: Option<Origin>) -> Self {
        Self {
            wanted: Wanted::new(context.catalog, context.tags, grouped, origin),
            file: file.clone(),
            tally: Tally::default(),
            is_state: false,
            warnings: Vec::new(),
        }
    }

    /// The file.
    pub(super) fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// The items that do not say what they are.
    pub(super) fn broken(&self) -> Broken {
        self.tally.broken
    }

    /// Leaves an entry out that is damaged.
    pub(super) fn leave_out(&mut self, order: u64, fault: Diagnostic) {
        self.tally.damages.add(order, || fault);
    }

    /// Takes in pieces that are cut off one after the other here, and read elsewhere where that is faster.
    ///
    /// # Errors
    /// What cutting said, and what was wrong with pieces.
    pub(super) fn pieces<B: Send>(
        &mut self,
        in_parallel: bool,
        cut: impl FnOnce(&mut dyn FnMut(B)) -> Outcome<()>,
        read: impl Fn(B, &mut Sink<'_>) + Sync,
    ) -> Outcome<()> {
        let mut faults = Vec::new();
        let tally = &mut self.tally;
        let mut unite = |sink: Sink<'_>| {
            tally.unite(sink.tally);
            faults.extend(sink.faults);
        };
        let cut = if in_parallel {
            parallel(&self.wanted, cut, read, unite)
        } else {
            let mut sink = Sink::new(&self.wanted);
            let cut = cut(&mut |piece| read(piece, &mut sink));
            unite(sink);
            cut
        };
        faults.sort_by(|a: &Diagnostic, b| a.places.cmp(&b.places));
        faults.truncate(MOST);
        faults.extend(cut.err().unwrap_or_default());
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// What was taken in, as resources, with no more of their attributes than somebody needs. `is_of_one_account`: whether
    /// those that name no account are in the one of the others.
    ///
    /// # Errors
    /// What is damaged, where nothing else is there.
    pub(super) fn finish(self, is_of_one_account: bool) -> Outcome<Imported> {
        let mut needed = Needed::by(self.wanted.catalog);
        let mut imported = self.finish_whole(is_of_one_account)?;
        for resource in &mut imported.resources {
            needed.only(resource);
        }
        Ok(imported)
    }

    /// The same with all attributes that are not secret. What siblings say has reached their owners.
    pub(super) fn finish_whole(self, is_of_one_account: bool) -> Outcome<Imported> {
        let (wanted, file) = (self.wanted, self.file);
        let mut tally = self.tally;
        let mut warnings = self.warnings;
        let is_all = tally.groups.is_empty() && tally.owners.is_empty() && tally.others.is_empty();
        let damages = std::mem::take(&mut tally.damages).told(is_all, &file);
        if is_all && !damages.is_empty() {
            return Err(damages);
        }
        warnings.extend(damages);
        warnings.extend(tally.count_once(wanted.grouped, &file));
        let mut groups = tally.groups.into_list();
        let (joined, settings) = tally.related.joined();
        groups.extend(joined.into_iter().filter_map(|joined| {
            let group = tally.owners.get(joined.group)?;
            let mut resource = group.resource.clone();
            settings.apply(&mut resource.config, &joined, &wanted.relations);
            Some(Group {
                count: joined.count,
                order: joined.order,
                provider: group.provider.clone(),
                resource,
            })
        }));
        groups.retain(|group| group.count > 0);
        groups.sort_by_key(|group| group.order);
        let mut others: Vec<((String, String), Others)> = tally.others.into_iter().collect();
        others.sort_by_key(|(_, others)| others.order);
        let accounts = is_of_one_account.then_some(&tally.accounts);
        Ok(Imported {
            is_state: self.is_state && !wanted.grouped,
            resources: groups.into_iter().map(|group| group.into_resource(accounts)).collect(),
            out_of_scope: others
                .into_iter()
                .map(|(names, others)| others.out_of_scope(names, &file))
                .collect(),
            warnings,
            file,
        })
    }
}

/// Cuts on this thread and reads on others.
fn parallel<'w, B: Send>(
    wanted: &'w Wanted<'w>,
    cut: impl FnOnce(&mut dyn FnMut(B)) -> Outcome<()>,
    read: impl Fn(B, &mut Sink<'_>) + Sync,
    mut united: impl FnMut(Sink<'w>),
) -> Outcome<()> {
    let workers = memory::threads().min(8);
    let (sender, receiver) = sync_channel::<B>(workers * 2);
    let receiver = Mutex::new(receiver);
    let next = || receiver.lock().ok().and_then(|receiver| receiver.recv().ok());
    std::thread::scope(|scope| {
        let work = || {
            let mut sink = Sink::new(wanted);
            while let Some(piece) = next() {
                read(piece, &mut sink);
            }
            sink
        };
        let spawned = (0..workers).map(|_| std::thread::Builder::new().spawn_scoped(scope, work));
        let handles: Vec<_> = spawned.filter_map(Result::ok).collect();
        if handles.is_empty() {
            return Err(vec![Diagnostic::new(
                Code::OutOfMemory,
                "no thread can be started to read the file",
            )]);
        }
        // That nobody takes a piece means that all other threads have ended, which they only do in the end.
        let cut = cut(&mut |piece| drop(sender.send(piece)));
        drop(sender);
        for handle in handles {
            // A thread that panicked would have been a fault of this program; its part would be missing.
            match handle.join() {
                Ok(sink) => united(sink),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        cut
    })
}

impl Tally {
    /// Takes in another's counts.
    fn unite(&mut self, other: Self) {
        let groups = self.groups.unite(other.groups);
        let owners = self.owners.unite(other.owners);
        self.related.unite(other.related, &owners);
        for (names, others) in other.others {
            self.others.entry(names).or_default().unite(others);
        }
        self.seen.extend(
            other
                .seen
                .into_iter()
                .map(|seen| seen.in_group(|group| groups.get(group as usize).copied().unwrap_or(group))),
        );
        self.accounts.unite(other.accounts);
        self.damages.unite(other.damages);
        self.broken.unite(other.broken);
    }

    /// Takes away what stands several times: what a history tells of earlier times, and of what is counted all but the first.
    /// Single resources that are the same become one where all files are there; what is worth telling.
    fn count_once(&mut self, grouped: bool, file: &Arc<str>) -> Option<Diagnostic> {
        let (repeated, again) = repeated(std::mem::take(&mut self.seen), grouped);
        let orders: HashSet<u64> = repeated.iter().map(|seen| seen.order).collect();
        self.related.forget(&orders);
        for one in &repeated {
            if let Counted::Group(group) = one.counted {
                self.groups.forget(group);
            }
        }
        let what = match again {
            0 => return None,
            1 => format!("1 resource stands again in `{file}` and is counted once"),
            _ => format!("{again} resources stand again in `{file}` and are counted once"),
        };
        let note = Diagnostic::new(Code::CountedOnce, what).at(Place::file(file.clone()));
        Some(note.help("they have the same ARN, or the same account, Region, type and id"))
    }
}

impl Others {
    fn unite(&mut self, other: Self) {
        self.order = if self.count == 0 {
            other.order
        } else {
            other.order.min(self.order)
        };
        self.count += other.count;
        self.addresses.extend(other.addresses);
    }

    fn out_of_scope(mut self, (kind, provider): (String, String), file: &Arc<str>) -> OutOfScope {
        self.addresses.sort();
        OutOfScope {
            kind,
            provider,
            count: self.count,
            from: file.clone(),
            addresses: self.addresses.into_iter().map(|(_, address)| address).collect(),
        }
    }
}

impl Group {
    /// The resource; one that names no account is in that of its provider, if all are in one.
    fn into_resource(self, accounts: Option<&Accounts>) -> ImportedResource {
        let of_provider = || accounts?.of(self.provider.as_deref()?).cloned();
        ImportedResource {
            count: self.count,
            account: self.resource.account.clone().or_else(of_provider),
            ..self.resource
        }
    }
}

impl<'w> Sink<'w> {
    fn new(wanted: &'w Wanted<'w>) -> Self {
        Self {
            wanted,
            kinds: HashMap::new(),
            questions: HashMap::new(),
            key: Vec::new(),
            tally: Tally::default(),
            faults: Vec::new(),
        }
    }

    /// Whether each resource is one by itself, so that names and addresses are worth finding.
    pub(super) fn tells_single_ones(&self) -> bool {
        !self.wanted.grouped
    }

    /// Whether anybody looks at tags.
    pub(super) fn looks_at_tags(&self) -> bool {
        self.tells_single_ones() || !self.wanted.tags.is_empty()
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

    /// Tells what is wrong with a piece.
    pub(super) fn fault(&mut self, fault: impl FnOnce() -> Diagnostic) {
        if self.faults.len() < MOST {
            self.faults.push(fault());
        }
    }

    /// Leaves out an item that does not say what it is, by its number.
    pub(super) fn add_broken(&mut self, number: u64) {
        self.tally.broken.add(number);
    }

    /// Leaves an entry out that is damaged.
    pub(super) fn leave_out(&mut self, order: u64, fault: impl FnOnce() -> Diagnostic) {
        self.tally.damages.add(order, fault);
    }

    /// Takes in that something was gone at a second of the calendar.
    pub(super) fn add_gone(&mut self, identity: Identity, recorded: Option<u32>, order: u64) {
        self.tally.seen.push(Seen::new(identity, recorded, order, Counted::Gone));
    }

    /// Adds a resource of another provider.
    pub(super) fn add_other(&mut self, kind: &str, provider: &str, address: Option<String>, order: u64) {
        let single = self.tells_single_ones();
        let address = address.filter(|_| single).and_then(secrets::open_text);
        let names = (secrets::told(kind.to_owned()), secrets::told(provider.to_owned()));
        let others = self.tally.others.entry(names).or_default();
        others.unite(Others {
            count: 1,
            order,
            addresses: address.map(|address| (order, address)).into_iter().collect(),
        });
    }

    /// Adds a resource. `order` is its place among those of the file.
    pub(super) fn add(&mut self, mut found: Found, order: u64) {
        let kind = self.kind(&found.resource.kind);
        let relations = &self.wanted.relations;
        let declared = kind.declaration.project(&found.resource.config);
        found.resource.config.extend(declared);
        // Names are looked at before anything goes.
        let takes_part = kind.roles.says() || kind.roles.owns();
        let scope = takes_part.then(|| self.tally.related.scope(&found));
        if let Some(scope) = scope {
            let related = &mut self.tally.related;
            related.hear(relations, &kind.roles, (&found, scope, order), self.wanted.grouped);
        }
        let is_owner = kind.roles.owns() && self.tally.related.expect(relations, &kind.roles, &found);
        let Found {
            mut resource,
            provider,
            by_provider,
            identity,
            recorded,
            ..
        } = found;
        for text in [&mut resource.region, &mut resource.environment, &mut resource.owner] {
            text.take_if(|text| prints_as_nothing(text));
        }
        let grouped = self.wanted.grouped;
        let identity = identity.or_else(|| own_identity(&resource).filter(|_| grouped));
        let provider = match &resource.account {
            Some(account) => {
                self.tally.accounts.see(account, &provider, by_provider);
                None
            }
            None => Some(provider),
        };
        resource.class = kind.class.clone().or_else(|| self.class(&resource));
        let count = resource.count.max(1);
        if !grouped {
            resource.called = called(&resource);
        }
        let resource = if grouped {
            let questions = kind.questions.clone().unwrap_or_else(|| self.questions(&resource));
            open_labels(&mut resource, kind.class.is_some());
            self.alike(resource, provider.as_deref(), &questions)
        } else {
            opened(resource, kind.class.is_some())
        };
        let groups = if is_owner { &mut self.tally.owners } else { &mut self.tally.groups };
        let one = Group {
            count,
            order,
            provider,
            resource,
        };
        let group = groups.count(grouped.then_some(&self.key), one);
        if let Some(scope) = scope.filter(|_| is_owner) {
            self.tally.related.own(scope, group, count, order);
        }
        if let Some(identity) = identity {
            let counted = if is_owner { Counted::Owner } else { Counted::Group(group) };
            self.tally.seen.push(Seen::new(identity, recorded, order, counted));
        }
    }

    fn class(&self, resource: &ImportedResource) -> Option<Class> {
        let found = self
            .wanted
            .catalog
            .classify(&resource.kind, resource.arn.as_deref(), resource.service.as_deref());
        found.map(|(service, is_primary)| (service.into(), is_primary))
    }

    /// What is looked at of a resource that is counted, and nothing secret; what tells it apart is left in `key`.
    fn alike(&mut self, mut resource: ImportedResource, provider: Option<&str>, questions: &Questions) -> ImportedResource {
        resource.config = opened_answers(&resource.kind, resource.config, questions);
        resource.tags.retain(|(key, _)| self.wanted.tags.contains(&**key));
        resource.tags = secrets::open_tags(resource.tags);
        self.key.clear();
        let (service, is_primary) = resource
            .class
            .as_ref()
            .map_or(("", true), |(service, is_primary)| (service, *is_primary));
        let texts = [
            Some(&resource.kind),
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
        write(service);
        write(provider.unwrap_or_default());
        texts.into_iter().for_each(|text| write(text.map_or("", |text| text)));
        resource.data.iter().for_each(|class| write(class));
        for (key, value) in &resource.tags {
            write(key);
            write(value);
        }
        self.key.push(u8::from(is_primary));
        questions.answer(&resource.config, &mut self.key);
        resource
    }

    /// What is asked of a resource whose type does not tell its class.
    fn questions(&mut self, resource: &ImportedResource) -> Arc<Questions> {
        let key = (resource.kind.clone(), resource.class.clone());
        if let Some(questions) = self.questions.get(&key) {
            return questions.clone();
        }
        let classes: Vec<&Class> = resource.class.iter().collect();
        let questions = Arc::new(self.wanted.questions(&resource.kind, &classes));
        self.questions.insert(key, questions.clone());
        questions
    }
}

/// The attributes of which something is asked, without anything secret.
fn opened_answers(kind: &str, mut config: Attributes, questions: &Questions) -> Attributes {
    config.retain(|key, _| questions.ask(key));
    if config.keys().any(|key| !questions.is_open(key)) {
        return secrets::without(kind, config);
    }
    let doubtful: Vec<String> = config
        .iter()
        .filter(|(_, value)| !plain::is_plain(value))
        .map(|(key, _)| key.clone())
        .collect();
    for key in doubtful {
        let value = config.get_mut(&key).map(std::mem::take).unwrap_or_default();
        let mut alone = secrets::without(kind, Attributes::from_iter([(key.clone(), value)]));
        match alone.shift_remove(&key) {
            Some(value) => config.insert(key, value),
            None => config.shift_remove(&key),
        };
    }
    config
}
