//! What the results of checks show of duties.
//!
//! In: the results of one check after the other, with what each is about. Out: for each duty, what each check shows of it,
//! resource by resource: broken where any result breaks it, done where one shows it and nothing speaks against it.

use super::Joining;
use super::accounts::{AccountVerdict, regions_in_use};
use super::chosen::One;
use super::find::{Finder, Found};
use crate::catalog::attributes::open::is_unread;
use crate::catalog::checks::{Check, Effect, Mapped, Meaning};
use crate::catalog::predicate::Truth;
use crate::inventory::Resource;
use crate::raci::index::{CheckIx, ExceptionIx, ResourceIx, ResultIx};
use crate::raci::{Duty, Means, Shown, Unit};
use crate::results::Outcome;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// What all checks show: by the positions of duties.
pub(super) type ByDuty = BTreeMap<usize, Vec<Shown>>;

/// What was seen of one duty on one resource.
#[derive(Debug, Default)]
struct Seen {
    /// Whether any result was silenced or judged nothing, so that a pass beside it proves nothing.
    is_open: bool,
    looks: Vec<(Meaning, ResultIx)>,
}

/// What one check shows: by duty and resource.
type SeenBy = BTreeMap<usize, BTreeMap<ResourceIx, Seen>>;

/// The results of a check with what each is about.
#[derive(Clone, Copy)]
pub(super) struct Results<'r> {
    pub(super) list: &'r [One<'r>],
    pub(super) targets: &'r [Found],
    /// The position of the first among all results.
    pub(super) first: usize,
}

/// Shows duties by checks.
pub(super) struct Shows<'a> {
    joining: Joining<'a>,
    finder: &'a Finder<'a>,
    duties: &'a [Duty],
    /// Duties by their activities, of those that any check is about.
    by_activity: HashMap<Arc<str>, Vec<usize>, RandomState>,
    /// The duty of an activity that holds on a resource.
    placed: HashMap<Arc<str>, HashMap<ResourceIx, usize, RandomState>, RandomState>,
    /// The resources of each account.
    members: BTreeMap<Option<Arc<str>>, Vec<ResourceIx>>,
    shown: ByDuty,
    /// Whether a result says something of a duty, by its position.
    joined: Vec<bool>,
    /// Results that count for what the resource that each is about is a part of.
    parts: Vec<(ResultIx, ResourceIx)>,
    /// Whether the scanner whose results are taken in looks at code, where what only a deployment settles has a default.
    is_of_code: bool,
}

impl<'a> Shows<'a> {
    pub(super) fn of(joining: Joining<'a>, finder: &'a Finder<'a>, duties: &'a [Duty], mapped: &[Option<&Mapped>], results: usize) -> Self {
        let checks = mapped.iter().flatten().filter_map(|mapped| match mapped {
            Mapped::Duties(check) => Some(check),
            Mapped::NoDuty(_) => None,
        });
        let wanted: HashSet<&Arc<str>, RandomState> = checks.flat_map(|check| &check.effects).map(|effect| &effect.activity).collect();
        let mut by_activity: HashMap<Arc<str>, Vec<usize>, RandomState> = HashMap::default();
        for (position, duty) in duties.iter().enumerate().filter(|(_, duty)| wanted.contains(&duty.activity.id)) {
            by_activity.entry(duty.activity.id.clone()).or_default().push(position);
        }
        let mut members: BTreeMap<Option<Arc<str>>, Vec<ResourceIx>> = BTreeMap::new();
        for (position, resource) in joining.resources.iter().enumerate() {
            members.entry(resource.account.clone()).or_default().push(ResourceIx::new(position));
        }
        Self {
            joining,
            finder,
            duties,
            by_activity,
            placed: HashMap::default(),
            members,
            shown: ByDuty::new(),
            joined: vec![false; results],
            parts: Vec::new(),
            is_of_code: false,
        }
    }

    /// What each duty is shown by, which results say something of any, and which of these are about a part of what they count for.
    pub(super) fn finish(self) -> (ByDuty, Vec<bool>, Vec<(ResultIx, ResourceIx)>) {
        (self.shown, self.joined, self.parts)
    }

    /// Takes the results of a check in.
    pub(super) fn check(&mut self, index: CheckIx, check: &Check, results: Results<'_>) {
        let scanner = results.list.first().map(|one| &one.of.scanner);
        self.is_of_code = scanner.is_some_and(|scanner| self.joining.catalog.scans_code(scanner));
        let mut seen = SeenBy::new();
        for effect in &check.effects {
            if self.by_activity.contains_key(&effect.activity) {
                self.on_resources(effect, results, &mut seen);
                self.on_accounts(check, effect, results, &mut seen);
            }
        }
        for (duty, resources) in seen {
            let shown = self.shown(index, &self.duties[duty], resources);
            if !shown.looks.is_empty() {
                self.shown.entry(duty).or_default().push(shown);
            }
        }
    }

    fn resource(&self, index: ResourceIx) -> &'a Resource {
        &self.joining.resources[index.position()]
    }

    fn unit(&self, duty: usize) -> &'a Unit {
        &self.joining.units[self.duties[duty].unit.position()]
    }

    /// Whether an effect holds on the resources of a duty.
    fn holds(&self, effect: &Effect, duty: usize) -> bool {
        let split = &self.unit(duty).split;
        effect.holds_in(&split.service, split.mode.as_ref().map(|mode| mode.id.as_str()))
    }

    /// The duty of an activity that holds on a resource.
    fn placed(&mut self, activity: &Arc<str>, index: ResourceIx) -> Option<usize> {
        if !self.placed.contains_key(activity) {
            let duties = self.by_activity.get(activity).into_iter().flatten();
            let held = duties.flat_map(|duty| self.duties[*duty].resources.list.iter().map(|index| (*index, *duty)));
            self.placed.insert(activity.clone(), held.collect());
        }
        self.placed.get(activity)?.get(&index).copied()
    }

    /// Results about single resources.
    fn on_resources(&mut self, effect: &Effect, results: Results<'_>, seen: &mut SeenBy) {
        for (offset, (one, found)) in results.list.iter().zip(results.targets).enumerate() {
            let Some((index, is_sure)) = found.resource() else { continue };
            if one.is_later {
                continue;
            }
            let result = ResultIx::new(results.first + offset);
            for (duty, on) in self.duties_on(&effect.activity, index) {
                if !self.holds(effect, duty) {
                    continue;
                }
                let entry = seen.entry(duty).or_default().entry(on).or_default();
                let Some(meaning) = meaning(effect, one.scan.outcome) else {
                    entry.is_open = true;
                    continue;
                };
                // One result speaks of one thing, and never shows done what is owed for more than that.
                let is_part = on != index || !is_sure || one.scan.is_stale || self.resource(index).count > 1;
                let meaning = match self.weighed(meaning, effect, duty, on, is_part) {
                    Meaning::Disproves if on != index && self.is_ruled_out(duty, on) => Meaning::Part,
                    meaning => meaning,
                };
                self.see(entry, meaning, &[result], usize::MAX);
                if on != index && meaning != Meaning::Nothing && !self.unit(duty).is_account() {
                    self.parts.push((result, index));
                }
            }
        }
    }

    /// The duties of an activity that a resource may break, with whose they are: its own, else those of what it is a part of, else
    /// that of its account.
    fn duties_on(&mut self, activity: &Arc<str>, index: ResourceIx) -> Vec<(usize, ResourceIx)> {
        if let Some(duty) = self.placed(activity, index) {
            return vec![(duty, index)];
        }
        let owners = self.finder.owners(index).into_iter();
        let of_owners: Vec<(usize, ResourceIx)> = owners.filter_map(|owner| Some((self.placed(activity, owner)?, owner))).collect();
        if !of_owners.is_empty() {
            return of_owners;
        }
        let own = self.finder.account_of(index);
        let of_account = own.and_then(|own| Some((self.placed(activity, own)?, own)));
        of_account.into_iter().filter(|(duty, _)| self.unit(*duty).is_account()).collect()
    }

    /// Results about accounts.
    fn on_accounts(&mut self, check: &Check, effect: &Effect, results: Results<'_>, seen: &mut SeenBy) {
        let mut verdicts: BTreeMap<ResourceIx, AccountVerdict<'_>> = BTreeMap::new();
        for (offset, (one, found)) in results.list.iter().zip(results.targets).enumerate() {
            if let (Found::Account(own), false) = (*found, one.is_later) {
                let index = ResultIx::new(results.first + offset);
                let verdict = verdicts.entry(own).or_default();
                verdict.add(index, one.scan.outcome, one.scan.is_stale, one.of.target.region.as_deref());
            }
        }
        let duties = self.by_activity.get(&effect.activity).cloned().unwrap_or_default();
        for (own, verdict) in &verdicts {
            for duty in duties.iter().copied() {
                if !self.holds(effect, duty) {
                    continue;
                }
                if self.unit(duty).is_account() {
                    self.on_account(check, effect, (*own, verdict), duty, seen);
                } else {
                    self.in_account(check, effect, (*own, verdict), duty, seen);
                }
            }
        }
    }

    /// A duty of the account itself.
    fn on_account(
        &mut self,
        check: &Check,
        effect: &Effect,
        (own, verdict): (ResourceIx, &AccountVerdict<'_>),
        duty: usize,
        seen: &mut SeenBy,
    ) {
        if self.duties[duty].resources.list.binary_search(&own).is_err() {
            return;
        }
        let members = self.members.get(&self.resource(own).account).map(Vec::as_slice).unwrap_or_default();
        let in_use = regions_in_use(self.joining.resources, members);
        for said in verdict.of_account(check.fold, &in_use) {
            let meaning = said.outcome.map_or_else(|| part(effect), |outcome| meaning(effect, outcome));
            let meaning = self.weighed(meaning.unwrap_or(Meaning::Nothing), effect, duty, own, false);
            let entry = seen.entry(duty).or_default().entry(own).or_default();
            self.see(entry, meaning, said.by, usize::MAX);
        }
    }

    /// A duty of a service, on its resources in the account.
    fn in_account(
        &mut self,
        check: &Check,
        effect: &Effect,
        (own, verdict): (ResourceIx, &AccountVerdict<'_>),
        duty: usize,
        seen: &mut SeenBy,
    ) {
        let account = &self.resource(own).account;
        let list = self.duties[duty].resources.list.clone();
        for index in list.iter().copied() {
            if self.resource(index).account != *account {
                continue;
            }
            for said in verdict.of_resource(check.fold, self.resource(index)) {
                let meaning = said.outcome.map_or_else(|| part(effect), |outcome| meaning(effect, outcome));
                // What should have named a resource and named none does not show each of them to be in order.
                let meaning = self.weighed(meaning.unwrap_or(Meaning::Nothing), effect, duty, index, !check.on_account);
                let entry = seen.entry(duty).or_default().entry(index).or_default();
                // One of many that say the same of all resources of the account is enough.
                self.see(entry, meaning, said.by, 1);
            }
        }
    }

    /// What a verdict says on a resource: what cannot attest there is a hint.
    fn weighed(&self, meaning: Meaning, effect: &Effect, duty: usize, index: ResourceIx, is_part: bool) -> Meaning {
        if meaning != Meaning::Proves {
            return meaning;
        }
        let (of, unit) = (&self.duties[duty], self.unit(duty));
        let is_open = of.open.binary_search(&index).is_ok() || of.asked.binary_search(&index).is_ok();
        let is_unread = self.is_of_code && !self.is_read(of, index);
        let mode_is_open = effect.depends_on_mode() && unit.mode_open.contains(&index);
        // A check may look at less than the predicate does.
        let is_contested = of.activity.is_contested(&self.resource(index).config, Some(self.joining.as_of));
        if is_part || is_open || is_unread || mode_is_open || is_contested {
            Meaning::Part
        } else {
            meaning
        }
    }

    /// Whether what a resource says itself keeps its parts from breaking a duty, such as a controller under which others are used:
    /// what shows it broken looks at a part, and does not hold whatever that says.
    fn is_ruled_out(&self, duty: usize, index: ResourceIx) -> bool {
        let Some(disproved) = &self.duties[duty].activity.disproved_when else {
            return false;
        };
        let of_parts = self.joining.catalog.told_by_parts(&self.unit(duty).split.service);
        let is_of_part = |path: &str| path.split('.').next().is_some_and(|name| of_parts.contains(name));
        if !disproved.attributes().iter().any(|path| is_of_part(path)) {
            return false;
        }
        let mut own = (*self.resource(index).config).clone();
        own.retain(|name, _| !is_of_part(name));
        disproved.holds_on(&own, Some(self.joining.as_of)) == Truth::No
    }

    /// Whether a resource tells what a duty is shown by. A scanner of code passes what it could not resolve, such as a variable, as
    /// well as what is in order: its pass alone shows nothing done.
    fn is_read(&self, duty: &Duty, index: ResourceIx) -> bool {
        let activity = &duty.activity;
        let config = &self.resource(index).config;
        let mut predicates = [&activity.met_when, &activity.attested_when].into_iter().flatten();
        predicates.any(|predicate| predicate.untold(config).is_empty() && !is_unread(config, &predicate.attributes()))
    }

    fn see(&mut self, entry: &mut Seen, meaning: Meaning, by: &[ResultIx], most: usize) {
        if meaning == Meaning::Nothing {
            return;
        }
        entry.looks.extend(by.iter().take(most).map(|index| (meaning, *index)));
        by.iter().for_each(|index| self.joined[index.position()] = true);
    }

    /// What a check shows of a duty.
    fn shown(&self, check: CheckIx, duty: &Duty, resources: BTreeMap<ResourceIx, Seen>) -> Shown {
        let mut shown = Shown::by(Means::Check(check));
        for (index, seen) in resources {
            let says = |wanted: Meaning| seen.looks.iter().any(|(meaning, _)| *meaning == wanted);
            let counts = if says(Meaning::Disproves) {
                match self.exception(duty, index) {
                    Some(exception) => shown.excepted.push((index, exception)),
                    None => shown.not_met.push(index),
                }
                Some(Meaning::Disproves)
            } else if says(Meaning::Proves) && !seen.is_open {
                shown.met.push(index);
                Some(Meaning::Proves)
            } else {
                if !seen.looks.is_empty() {
                    shown.part.push(index);
                }
                None
            };
            let mut looks: Vec<ResultIx> = seen
                .looks
                .into_iter()
                .filter(|(meaning, _)| counts.is_none_or(|counts| *meaning == counts))
                .map(|(_, result)| result)
                .collect();
            looks.sort_unstable();
            looks.dedup();
            shown.looks.extend(looks.into_iter().map(|result| (index, result)));
        }
        shown
    }

    /// The first exception that is valid and excuses a duty on a resource.
    fn exception(&self, duty: &Duty, index: ResourceIx) -> Option<ExceptionIx> {
        let unit = &self.joining.units[duty.unit.position()];
        let control = &self.joining.catalog[duty.control];
        let subject = unit.subject(self.resource(index));
        let piece = (control.id.as_str(), control.layer.as_str());
        crate::raci::join::exception(self.joining.inventory, self.joining.as_of, piece, &duty.activity, &subject)
    }
}

/// What a verdict says; nothing was judged where there is none.
fn meaning(effect: &Effect, outcome: Outcome) -> Option<Meaning> {
    match outcome {
        Outcome::Passed => Some(effect.passed),
        Outcome::Failed => Some(effect.failed),
        Outcome::Silenced | Outcome::NotJudged => None,
    }
}

/// What is said by results that settle nothing.
fn part(effect: &Effect) -> Option<Meaning> {
    let says = effect.passed != Meaning::Nothing || effect.failed != Meaning::Nothing;
    says.then_some(Meaning::Part)
}
