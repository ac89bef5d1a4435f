//! Where the resources of a file go, one by one.
//!
//! In: resources as a source has them. Out: what an [`Intake`] makes a [`super::Imported`] of: without anything secret, with
//! what siblings say of them, each by itself, or, where a file is too long for that, counted with those that are alike. Two
//! resources are alike if they are of one type, account, region, environment and owner, have the same of the tags that rules
//! look at, and answer all questions of the catalog alike. Memory then grows with the number of groups, and by some tens of
//! bytes for each resource that may have settings in resources of their own. What is counted by several threads is the same
//! in every run.

mod damage;
mod groups;
mod identity;
mod intake;
mod kind;
mod spellings;
mod tally;

pub(in crate::inventory) use identity::Deleted;
pub(super) use identity::{Identity, identity};
pub(super) use intake::Intake;
pub(super) use kind::Kind;
pub(super) use spellings::Spellings;

use super::paths::has_open;
use super::questions::Questions;
use super::{Found, ImportedResource, Tells, open_labels, opened, plain, secrets};
use crate::catalog::attributes::forget;
use crate::catalog::attributes::open::{OPEN, UNREAD, add_unread, without_marks};
use crate::catalog::predicate::Attributes;
use crate::catalog::{Declaration, Deployed};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::characters::prints_as_nothing;
use foldhash::fast::RandomState;
use groups::Group;
use identity::{Counted, Seen, called, own_identity};
pub(in crate::inventory) use kind::Class;
use kind::Wanted;
use std::collections::HashMap;
use std::sync::Arc;
use tally::{Others, Tally};

/// How many faults one thread tells; what is behind them is of the same kind.
const MOST: usize = 100;

/// Where one thread puts resources.
pub(super) struct Sink<'w> {
    wanted: &'w Wanted<'w>,
    kinds: HashMap<String, Arc<Kind>, RandomState>,
    spellings: Spellings,
    questions: HashMap<(Arc<str>, Option<Class>), Arc<Questions>, RandomState>,
    key: Vec<u8>,
    /// What accounts are asked for, once somebody wants to know.
    asked_of_accounts: Option<Deployed>,
    tally: Tally,
    faults: Vec<Diagnostic>,
}

impl<'w> Sink<'w> {
    fn new(wanted: &'w Wanted<'w>) -> Self {
        Self {
            wanted,
            kinds: HashMap::default(),
            spellings: Spellings::default(),
            questions: HashMap::default(),
            key: Vec::new(),
            asked_of_accounts: None,
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

    /// What names of attributes are in Terraform's spelling.
    pub(super) fn spellings(&mut self) -> &mut Spellings {
        &mut self.spellings
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

    /// Takes in what a resource tells of keys, be it one that is only read.
    pub(super) fn learn(&mut self, kind: &Kind, arn: Option<&str>, config: &Attributes) {
        if !kind.keys.is_empty() {
            self.tally.keys.see(&kind.keys, arn, config);
        }
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
        if found.is_gone && !kind.roles.says() {
            return;
        }
        kind.spelt.apply(&mut found.resource.config);
        self.learn(&kind, found.resource.arn.as_deref(), &found.resource.config);
        if kind.declaration.is_gone(&found.resource.config) {
            // What it said of others holds no more, and nothing is deployed.
            self.tally.gone.add(&kind.name, found.resource.count);
            if let Some(identity) = found.identity {
                self.add_gone(identity, found.recorded, order);
            }
            return;
        }
        let takes_part = kind.roles.says() || kind.roles.owns();
        let shows_nothing = found.is_conditional && self.is_asked_of_accounts(&kind);
        let pending = kind.declaration.pending(&found.resource.config);
        // A table has no column for what nobody asked for.
        let looks = !kind.asked.is_empty() && !found.is_row && has_open(&found.resource.config);
        let unread = looks.then(|| kind.declaration.unread(&found.resource.config, &kind.asked));
        // What is open is looked at with its marks; of what a table has no column for nothing is said.
        let has_marks = takes_part && !found.is_row && (shows_nothing || has_open(&found.resource.config));
        let marked = has_marks.then(|| {
            let mut marked = found.resource.config.clone();
            add_declared(&mut marked, declared(&kind.declaration, &found), &pending);
            marked
        });
        if shows_nothing {
            // What may not be there shows nothing of its account.
            found.resource.config = Attributes::from_iter([(OPEN.to_owned(), true.into())]);
        }
        let relations = &self.wanted.relations;
        let declared = declared(&kind.declaration, &found);
        without_marks(&mut found.resource.config);
        add_declared(&mut found.resource.config, declared, &pending);
        add_unread(&mut found.resource.config, unread.into_iter().flatten());
        // Names are looked at before anything goes.
        let scope = self.tally.related.scope(&found);
        let scope = takes_part.then_some(scope);
        let config = marked.as_ref().unwrap_or(&found.resource.config);
        if let Some(scope) = scope {
            let related = &mut self.tally.related;
            related.hear(relations, &kind.roles, (&found, config, scope, order), self.wanted.grouped);
        }
        if found.is_gone {
            return;
        }
        // Nor does what others say of it, or of what is told by name alone and perhaps in full elsewhere.
        let may_own = !shows_nothing && found.tells != Tells::Name && kind.roles.owns();
        let is_owner = may_own && self.tally.related.expect(relations, &kind.roles, (&found, config));
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
            None => {
                self.tally.accounts.see_provider(&provider);
                Some(provider)
            }
        };
        resource.class = kind.class.clone().or_else(|| self.class(&resource));
        if let Some((_, is_primary)) = resource.class.as_mut().filter(|_| resource.supports) {
            *is_primary = false;
        }
        if grouped {
            self.keep_kind(&kind, &mut resource);
        }
        let count = resource.count.max(1);
        if !grouped {
            resource.called = called(&resource);
            resource.recorded = recorded;
        }
        let asked = grouped.then(|| kind.questions.clone().unwrap_or_else(|| self.questions(&resource)));
        let resource = match &asked {
            Some(questions) => {
                open_labels(&mut resource, kind.class.is_some());
                self.alike(resource, provider.as_deref(), questions)
            }
            None => opened(resource, kind.class.is_some()),
        };
        let groups = if is_owner { &mut self.tally.owners } else { &mut self.tally.groups };
        let key = grouped.then_some(self.key.as_slice());
        let known = key.and_then(|key| groups.count_again(key, count, resource.sample.as_ref()));
        let group = known.unwrap_or_else(|| {
            let mut resource = resource;
            if let Some(questions) = &asked {
                resource.config = opened_answers(&resource.kind, resource.config, questions);
            }
            let one = Group {
                count,
                order,
                provider,
                resource,
            };
            groups.begin(key, one)
        });
        if let Some(scope) = scope.filter(|_| is_owner) {
            self.tally.related.own(scope, group, count, order);
        }
        if let Some(identity) = identity {
            let counted = if is_owner { Counted::Owner } else { Counted::Group(group) };
            self.tally.seen.push(Seen::new(identity, recorded, order, counted));
        }
    }

    /// Keeps what the ARN alone tells of a resource's type, since it goes where resources are counted.
    fn keep_kind(&self, kind: &Kind, resource: &mut ImportedResource) {
        if let (None, Some((service, true)), Some(arn)) = (&kind.class, &resource.class, &resource.arn)
            && let Some(named) = self.wanted.catalog.kind_in_arns(service, &resource.kind, Some(arn))
        {
            resource.config.insert("kind".to_owned(), named.into());
        }
    }

    /// Whether accounts are asked for what is deployed of a type.
    fn is_asked_of_accounts(&mut self, kind: &Kind) -> bool {
        let Some((service, _)) = &kind.class else { return false };
        let asked = self
            .asked_of_accounts
            .get_or_insert_with(|| self.wanted.catalog.asked_of_accounts());
        asked.of(service).is_some()
    }

    fn class(&self, resource: &ImportedResource) -> Option<Class> {
        let found = self
            .wanted
            .catalog
            .classify(&resource.kind, resource.arn.as_deref(), resource.service.as_deref());
        found.map(|(service, is_primary)| (service.into(), is_primary))
    }

    /// A resource that is counted, with nothing secret but perhaps in its attributes; what tells it apart is left in `key`.
    fn alike(&mut self, mut resource: ImportedResource, provider: Option<&str>, questions: &Questions) -> ImportedResource {
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
        let unread = resource.config.get(UNREAD).map(ToString::to_string).unwrap_or_default();
        self.key.extend_from_slice(unread.as_bytes());
        let before = self.key.len();
        if !questions.answer_opened(&resource.kind, &resource.config, &mut self.key) {
            resource.config = opened_answers(&resource.kind, resource.config, questions);
            self.key.truncate(before);
            questions.answer(&resource.config, &mut self.key);
        }
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
    let unread = config.shift_remove(UNREAD);
    let mut open = open_answers(kind, config, questions);
    open.extend(unread.map(|names| (UNREAD.to_owned(), names)));
    open
}

fn open_answers(kind: &str, mut config: Attributes, questions: &Questions) -> Attributes {
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

/// What a resource says of itself in the catalog's words.
fn declared(declaration: &Declaration, found: &Found) -> Attributes {
    match found.is_part {
        true => declaration.project_part(&found.resource.config),
        false => declaration.project(&found.resource.config),
    }
}

/// Adds it to what the source says, which may have an attribute under the catalog's own name that is pending all the same.
fn add_declared(config: &mut Attributes, declared: Attributes, pending: &[&str]) {
    config.extend(declared);
    pending.iter().for_each(|name| forget(config, name));
}
