//! An inventory without what identifies accounts, resources and people.
//!
//! In: a validated [`Inventory`] and the texts of its files. Out: the same inventory under pseudonyms, which joins to the
//! same matrix: who holds which letter, what is met and what is not stay as they are.
//!
//! - Account numbers and names become `account A`; resources `resource 1`, without ARN and address; owners that are no
//!   parties `owner 1`; people `person 1`, whom it is for `the recipient`; tags `tag 1` and `value 1`; files `file 1`.
//!   One original has one pseudonym in every format and edition, numbered in the order of the originals.
//! - Contacts and the places where evidence is kept are withheld.
//! - Free text (reasons, changes, artefacts, titles) loses ARNs, e-mail and web addresses, paths, account numbers, and
//!   every original that has a pseudonym.
//! - Parties, organisation, system, service, mode, region, environment and data class stay: without them the report
//!   says nothing. An original that the title, organisation, system or a party's id tells anyway stays in free text.

mod escapes;
mod fold;
mod named;
mod names;
mod patterns;
mod results;
mod scrub;

use super::{Exception, Handover, Input, Inventory, KnownAs, PartyKind, Resource, Selector, Wildcard};
use crate::diagnostics::{Place, SourceMap};
use named::{files, other_names, people, tags_and_values, told_anyway};
use names::Names;
use results::Originals;
pub use scrub::Scrubber;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What stands for what is withheld.
const WITHHELD: &str = "withheld";

/// Pseudonyms that stand for one pattern of names.
const PATTERN_NAMES: usize = 4;

/// A redacted inventory.
#[derive(Debug)]
pub struct Redacted {
    /// The inventory under pseudonyms.
    pub inventory: Inventory,
    /// The texts of its files under their pseudonyms, for lines and columns.
    pub sources: SourceMap,
    /// For further text of the user's, such as an overlay's reasons.
    pub scrubber: Scrubber,
    /// Pseudonyms of the files, by their paths.
    pub files: BTreeMap<String, String>,
}

/// Redacts an inventory.
#[must_use]
pub fn redact(inventory: &Inventory, sources: &SourceMap) -> Redacted {
    Pseudonyms::of(inventory).redacted(inventory, sources)
}

/// Redacts two inventories, an earlier one and the one of today, so that an original that both have has one pseudonym.
#[must_use]
pub fn redact_both(earlier: (&Inventory, &SourceMap), today: (&Inventory, &SourceMap)) -> [Redacted; 2] {
    let of_both = || Pseudonyms::of(&together(today.0, earlier.0));
    [of_both().redacted(earlier.0, earlier.1), of_both().redacted(today.0, today.1)]
}

/// All originals of two inventories in one; what results are about, and what is one's own such as the title, is today's.
fn together(today: &Inventory, earlier: &Inventory) -> Inventory {
    let mut all = today.clone();
    let other = earlier.clone();
    all.resources.extend(other.resources);
    for (id, account) in other.accounts {
        all.accounts.entry(id).or_insert(account);
    }
    all.parties.extend(other.parties);
    all.rules.extend(other.rules);
    all.exceptions.extend(other.exceptions);
    all.evidence.extend(other.evidence);
    all.revisions.extend(other.revisions);
    all.inputs.extend(other.inputs);
    all.out_of_scope.extend(other.out_of_scope);
    all.conditional.extend(other.conditional);
    // Who prepared it is somebody, as those are who approved something.
    let people = [other.prepared_by, other.prepared_for].into_iter().flatten();
    for person in people {
        if let Some(party) = all.parties.last_mut() {
            party.people.push(person);
        }
    }
    all.handover = all.handover.or(other.handover);
    all
}

/// Which pseudonym stands for what.
struct Pseudonyms {
    accounts: Names,
    resources: Names,
    owners: Names,
    people: Names,
    tags: Names,
    values: Names,
    files: Names,
    /// What is printed in the place of what results are about.
    scanned: Arc<BTreeMap<String, String>>,
    scrubber: Scrubber,
    /// For what must not name a person, but may tell everything else.
    of_people: Scrubber,
}

/// What a resource is known by.
fn known_by(resource: &Resource) -> Option<&str> {
    resource.name.as_deref().or(resource.address.as_deref()).or(resource.arn.as_deref())
}

/// All selectors of an inventory.
fn selectors(inventory: &Inventory) -> impl Iterator<Item = &Selector> {
    let rules = inventory.rules.iter().map(|rule| &rule.selector);
    let exceptions = inventory.exceptions.iter().map(|exception| &exception.selector);
    let evidence = inventory.evidence.iter().map(|evidence| &evidence.selector);
    let keeps = inventory.handover.iter().flat_map(|handover| &handover.keeps);
    let keeps = keeps.map(|keep| &keep.selector);
    let runbooks = inventory.handover.iter().flat_map(|handover| &handover.runbooks);
    let runbooks = runbooks.map(|runbook| &runbook.selector);
    rules.chain(exceptions).chain(evidence).chain(keeps).chain(runbooks)
}

/// The same, to be replaced, beside the resources that they take.
fn split_selectors(inventory: &mut Inventory) -> (Vec<&mut Selector>, &[Arc<Resource>]) {
    let rules = inventory.rules.iter_mut().map(|rule| &mut rule.selector);
    let exceptions = inventory.exceptions.iter_mut().map(|exception| &mut exception.selector);
    let evidence = inventory.evidence.iter_mut().map(|evidence| &mut evidence.selector);
    let mut all: Vec<&mut Selector> = rules.chain(exceptions).chain(evidence).collect();
    if let Some(handover) = &mut inventory.handover {
        all.extend(handover.keeps.iter_mut().map(|keep| &mut keep.selector));
        all.extend(handover.runbooks.iter_mut().map(|runbook| &mut runbook.selector));
    }
    (all, &inventory.resources)
}

impl Pseudonyms {
    /// An inventory under these pseudonyms.
    fn redacted(self, inventory: &Inventory, sources: &SourceMap) -> Redacted {
        let mut redacted = inventory.clone();
        self.replace(&mut redacted);
        let mut texts = SourceMap::default();
        for (path, name) in &self.files.of {
            if let Some(text) = sources.text(path) {
                texts.insert(name.as_str().into(), text.clone());
            }
        }
        Redacted {
            inventory: redacted,
            sources: texts,
            files: self.files.of,
            scrubber: self.scrubber,
        }
    }

    fn of(inventory: &Inventory) -> Self {
        let is_party = |text: &str| {
            let mut parties = inventory.parties.iter();
            parties.any(|party| party.id.eq_ignore_ascii_case(text) || party.name.eq_ignore_ascii_case(text))
                || inventory.organization.as_deref() == Some(text)
        };
        let all = |pick: &dyn Fn(&Selector) -> Option<Vec<String>>| selectors(inventory).filter_map(pick).flatten().collect::<Vec<_>>();
        let strings = |list: &Option<Vec<Arc<str>>>| list.as_ref().map(|list| list.iter().map(ToString::to_string).collect());

        let mut accounts: BTreeSet<String> = inventory.accounts.keys().cloned().collect();
        accounts.extend(
            inventory
                .resources
                .iter()
                .filter_map(|resource| resource.account.as_deref())
                .map(str::to_owned),
        );
        accounts.extend(all(&|selector| strings(&selector.account)));
        let scanned = Originals::of(&inventory.results, &inventory.resources);
        accounts.extend(scanned.accounts());

        let mut owners: BTreeSet<String> = inventory
            .resources
            .iter()
            .filter_map(|resource| resource.owner.as_deref())
            .map(str::to_owned)
            .collect();
        owners.extend(
            inventory
                .accounts
                .values()
                .filter_map(|account| account.owner.as_deref())
                .map(str::to_owned),
        );
        owners.extend(all(&|selector| strings(&selector.owner)));
        owners.retain(|owner| !is_party(owner));

        let mut people = people(inventory);
        people.retain(|person| !is_party(person));

        let (tags, values) = tags_and_values(inventory);
        let files = files(inventory);
        let accounts = Names::lettered("account", accounts);
        let known = inventory.resources.iter().filter_map(|one| known_by(one)).map(str::to_owned);
        let resources = Names::numbered("resource", known.chain(scanned.names()).collect());
        let owners = Names::numbered("owner", owners);
        let mut people = Names::of_people("person", people);
        // Whom it is for is more often a company than a person.
        let recipient = inventory.prepared_for.as_ref().and_then(|who| people.of.get_mut(who));
        if let Some(name) = recipient {
            "the recipient".clone_into(name);
        }
        let tags = Names::numbered("tag", tags);
        let values = Names::numbered("value", values);
        let files = Names::numbered("file", files);

        let mut known: Vec<(String, String)> = Vec::new();
        for names in [&accounts, &resources, &owners, &people, &values, &files] {
            known.extend(names.of.iter().map(|(original, name)| (original.clone(), name.clone())));
        }
        for account in inventory.accounts.values() {
            known.extend(account.name.iter().map(|name| (name.clone(), accounts.show(&account.id))));
        }
        known.extend(other_names(&inventory.resources, &resources));
        known.extend(scanned.others().map(|(name, original)| (name.clone(), resources.show(original))));
        known.extend(
            inventory
                .parties
                .iter()
                .flat_map(|party| [&party.contact, &party.phone])
                .filter_map(|told| Some((told.clone()?, WITHHELD.to_owned()))),
        );
        // Files are known by their last part, too.
        let last = |path: &String| path.rsplit(['/', '\\']).next().map(str::to_owned);
        known.extend(files.of.iter().filter_map(|(path, name)| Some((last(path)?, name.clone()))));

        let told = told_anyway(inventory);
        let of_people = Scrubber::of(
            people
                .of
                .iter()
                .chain(&owners.of)
                .map(|(original, name)| (original.clone(), name.clone())),
            &[],
        );
        Self {
            scanned: Arc::new(scanned.shown(|original| resources.show(original))),
            scrubber: Scrubber::of(known, &told),
            of_people,
            accounts,
            resources,
            owners,
            people,
            tags,
            values,
            files,
        }
    }

    fn replace(&self, inventory: &mut Inventory) {
        let scrub = |text: &mut Option<String>| {
            if let Some(text) = text {
                *text = self.scrubber.scrub(text);
            }
        };
        for text in [
            &mut inventory.title,
            &mut inventory.organization,
            &mut inventory.system,
            &mut inventory.version,
            &mut inventory.classification,
            &mut inventory.theme.footer,
        ] {
            scrub(text);
        }
        for person in [&mut inventory.prepared_by, &mut inventory.prepared_for] {
            self.person(person);
        }
        for party in &mut inventory.parties {
            if party.kind != PartyKind::Provider {
                party.name = self.of_people.scrub(&party.name);
                party.short = party.short.as_ref().map(|short| self.of_people.scrub(short));
            }
            party.contact = party.contact.as_ref().map(|_| WITHHELD.to_owned());
            party.phone = party.phone.as_ref().map(|_| WITHHELD.to_owned());
            scrub(&mut party.hours);
            for person in &mut party.people {
                *person = self.people.show(person);
            }
        }
        inventory.accounts = std::mem::take(&mut inventory.accounts)
            .into_values()
            .map(|mut account| {
                account.id = self.accounts.show(&account.id).into();
                account.name = None;
                self.owner(&mut account.owner);
                self.word(&mut account.environment);
                (account.id.to_string(), account)
            })
            .collect();
        // Before the resources lose the names that patterns take.
        let (selectors, resources) = split_selectors(inventory);
        for selector in selectors {
            self.selector(selector, resources);
        }
        self.replace_handover(&mut inventory.handover);
        self.replace_resources(&mut inventory.resources);
        inventory.results = self.replace_results(&inventory.results).into();
        for exception in &mut inventory.exceptions {
            let Exception {
                reason,
                approved_by,
                instead,
                ..
            } = exception;
            *reason = self.scrubber.scrub(reason);
            if let Some(instead) = instead {
                *instead = self.scrubber.scrub(instead);
            }
            self.person(approved_by);
        }
        for evidence in &mut inventory.evidence {
            evidence.artefact = self.scrubber.scrub(&evidence.artefact);
            evidence.location = evidence.location.as_ref().map(|_| WITHHELD.to_owned());
            if let Some(by) = &mut evidence.by {
                self.person(&mut by.person);
            }
            if let Some(file) = &mut evidence.file {
                WITHHELD.clone_into(&mut file.name);
                file.path = WITHHELD.into();
                file.seal = std::mem::replace(&mut file.seal, Err(WITHHELD.to_owned())).map_err(|_| WITHHELD.to_owned());
            }
        }
        for revision in &mut inventory.revisions {
            revision.version = self.scrubber.scrub(&revision.version);
            revision.change = self.scrubber.scrub(&revision.change);
            self.person(&mut revision.author);
        }
        for one in &mut inventory.out_of_scope {
            one.kind = self.scrubber.scrub(&one.kind);
            one.provider = self.scrubber.scrub(&one.provider);
            one.from = self.files.show(&one.from).into();
        }
        for input in &mut inventory.inputs {
            *input = Input {
                path: self.files.show(&input.path).into(),
                bytes: None,
                seal: None,
                source: input.source,
                is_results: input.is_results,
                is_upstream: input.is_upstream,
            };
        }
        for one in &mut inventory.conditional {
            one.address = None;
            one.condition = self.scrubber.scrub(&one.condition);
            one.kind = self.scrubber.scrub(&one.kind);
            one.from = self.files.show(&one.from).into();
        }
        visit_places(inventory, &mut |place| place.file = self.files.show(&place.file).into());
    }

    fn replace_resources(&self, resources: &mut [Arc<Resource>]) {
        // There are few distinct words in many resources.
        let mut words: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
        let mut word = |text: &mut Arc<str>| {
            let shown = words.entry(text.clone()).or_insert_with(|| self.scrubber.scrub(text).into());
            *text = shown.clone();
        };
        for resource in resources.iter_mut().map(Arc::make_mut) {
            let name = known_by(resource).map(|name| self.resources.show(name));
            resource.known_as = Some(Arc::new(KnownAs {
                name: resource.matched_name().map(str::to_owned),
                arn: resource.arn.clone(),
                kind: resource.kind.clone(),
                address: resource.address.clone(),
            }));
            (resource.name, resource.arn, resource.address) = (name, None, None);
            resource.sample = None;
            if let Some(account) = &mut resource.account {
                *account = self.accounts.show(account).into();
            }
            self.owner(&mut resource.owner);
            word(&mut resource.kind);
            for text in [&mut resource.region, &mut resource.environment].into_iter().flatten() {
                word(text);
            }
            resource.data.iter_mut().for_each(&mut word);
            for (tag, value) in Arc::make_mut(&mut resource.tags) {
                (*tag, *value) = (self.tags.show(tag).into(), self.values.show(value));
            }
        }
    }

    fn person(&self, of: &mut Option<String>) {
        if let Some(person) = of {
            *person = self.people.show(person);
        }
    }

    fn owner(&self, of: &mut Option<Arc<str>>) {
        if let Some(owner) = of {
            *owner = self.owners.show(owner).into();
        }
    }

    fn word(&self, of: &mut Option<Arc<str>>) {
        if let Some(word) = of {
            *word = self.scrubber.scrub(word).into();
        }
    }

    fn replace_handover(&self, handover: &mut Option<Handover>) {
        let Some(handover) = handover else { return };
        let scrub = |text: &mut String| *text = self.scrubber.scrub(text);
        handover.keeps.iter_mut().filter_map(|keep| keep.reason.as_mut()).for_each(scrub);
        handover.access.iter_mut().map(|access| &mut access.what).for_each(scrub);
        handover.exit.iter_mut().map(|exit| &mut exit.task).for_each(scrub);
        for runbook in &mut handover.runbooks {
            scrub(&mut runbook.title);
            runbook.location = runbook.location.as_ref().map(|_| WITHHELD.to_owned());
        }
    }

    /// What is printed for a pattern of names: the pseudonyms of what it takes.
    fn pattern(&self, pattern: &mut Wildcard, resources: &[Arc<Resource>], name: fn(&Resource) -> Option<&str>) {
        let taken = resources
            .iter()
            .filter(|resource| name(resource).is_some_and(|name| pattern.takes(name)));
        let shown: BTreeSet<String> = taken
            .filter_map(|resource| Some(self.resources.show(known_by(resource)?)))
            .collect();
        let more = shown.len().saturating_sub(PATTERN_NAMES);
        let mut shown: Vec<String> = shown.into_iter().take(PATTERN_NAMES).collect();
        if more > 0 {
            shown.push(format!("{more} more"));
        }
        pattern.shown = match shown.as_slice() {
            [] => WITHHELD.into(),
            shown => shown.join(" or ").into(),
        };
    }

    fn selector(&self, selector: &mut Selector, resources: &[Arc<Resource>]) {
        for name in selector.name.iter_mut().flatten() {
            self.pattern(name, resources, Resource::matched_name);
        }
        for arn in selector.arn.iter_mut().flatten() {
            self.pattern(arn, resources, Resource::matched_arn);
        }
        for kind in selector.kind.iter_mut().flatten() {
            kind.shown = self.scrubber.scrub(&kind.shown).into();
        }
        let names = [(&mut selector.account, &self.accounts), (&mut selector.owner, &self.owners)];
        for (list, names) in names {
            for one in list.iter_mut().flatten() {
                *one = names.show(one).into();
            }
        }
        for list in [&mut selector.environment, &mut selector.region, &mut selector.data] {
            for one in list.iter_mut().flatten() {
                *one = self.scrubber.scrub(one).into();
            }
        }
        for (tag, value) in selector.tag.iter_mut().flatten() {
            *tag = self.tags.show(tag).into();
            *value = value.as_ref().map(|value| self.values.show(value));
        }
    }
}

/// Every place of an inventory that the report may show.
fn visit_places(inventory: &mut Inventory, visit: &mut dyn FnMut(&mut Place)) {
    inventory.accounts.values_mut().for_each(|account| visit(&mut account.place));
    inventory.rules.iter_mut().for_each(|rule| visit(&mut rule.place));
    inventory
        .resources
        .iter_mut()
        .for_each(|resource| visit(&mut Arc::make_mut(resource).place));
    inventory.exceptions.iter_mut().for_each(|exception| visit(&mut exception.place));
    inventory.evidence.iter_mut().for_each(|evidence| visit(&mut evidence.place));
    if let Some(handover) = &mut inventory.handover {
        visit(&mut handover.place);
        handover.keeps.iter_mut().for_each(|keep| visit(&mut keep.place));
        handover.runbooks.iter_mut().for_each(|runbook| visit(&mut runbook.place));
    }
}
