//! All that is taken from one file, by one thread or by several.
//!
//! In: pieces of a file. Out: [`Imported`], the same whatever thread read which piece, or what is wrong with the pieces.

use super::damage::Broken;
use super::groups::Group;
use super::kind::{Kind, Wanted};
use super::tally::{Others, Tally};
use super::{MOST, Sink};
use crate::catalog::Catalog;
use crate::catalog::attributes::Origin;
use crate::diagnostics::{Diagnostic, Outcome};
use crate::inventory::import::beside::Beside;
use crate::inventory::import::needed::Needed;
use crate::inventory::import::relate::Relations;
use crate::inventory::import::{Context, Defaults, Imported, ImportedAccount, Importer, Trust};
use crate::inventory::{Belonging, Conditional};
use crate::memory;
use crate::results::Gathered;
use std::collections::BTreeSet;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};

/// All that is taken from one file.
pub struct Intake<'a> {
    wanted: Wanted<'a>,
    file: Arc<str>,
    /// What the inventory says of resources that say nothing themselves.
    pub(in crate::inventory::import) defaults: &'a Defaults,
    /// The files beside this one.
    pub(in crate::inventory::import) beside: Option<&'a Beside>,
    tally: Tally,
    /// Whether it is all that one state holds.
    pub(in crate::inventory::import) is_state: bool,
    /// Whether it may have but some of what there is of a type, such as what changed in a time: what it lacks may be there.
    pub(in crate::inventory::import) is_partial: bool,
    /// How far it is believed, as far as the file tells.
    pub(in crate::inventory::import) trust: Trust,
    /// The importer of the source that was counted into the groups that the file holds.
    pub(in crate::inventory::import) stands_for: Option<&'static dyn Importer>,
    /// Of which line of versions it is, and which of them.
    pub(in crate::inventory::import) version: Option<(String, u64)>,
    /// When all of it was seen so.
    pub(in crate::inventory::import) recorded: Option<u32>,
    /// What counts as deployed though a condition may keep it from being it.
    pub(in crate::inventory::import) conditional: Vec<Conditional>,
    /// Accounts that are described.
    pub(in crate::inventory::import) accounts: Vec<ImportedAccount>,
    /// Whether what stands in it of how rules judge resources is wanted, too.
    pub(in crate::inventory::import) with_results: bool,
    /// That, where it was taken in along the way.
    pub(in crate::inventory::import) results: Option<Box<Gathered>>,
    /// What is worth telling.
    pub(in crate::inventory::import) warnings: Vec<Diagnostic>,
}

impl<'a> Intake<'a> {
    /// An intake of a file. `origin`: who spells types and attributes so, where the types do not tell. `grouped`: whether resources that are alike are counted together.
    pub(in crate::inventory::import) fn new(file: &Arc<str>, context: &Context<'a>, grouped: bool, origin: Option<Origin>) -> Self {
        Self {
            wanted: Wanted::new(context.catalog, context.tags, grouped, origin),
            file: file.clone(),
            defaults: context.defaults,
            beside: context.beside,
            tally: Tally::default(),
            is_state: false,
            is_partial: false,
            trust: Trust::Seen,
            stands_for: None,
            version: None,
            recorded: None,
            conditional: Vec::new(),
            accounts: Vec::new(),
            with_results: context.with_results,
            results: None,
            warnings: Vec::new(),
        }
    }

    /// The file.
    pub(in crate::inventory::import) fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// The catalog.
    pub(in crate::inventory::import) fn catalog(&self) -> &'a Catalog {
        self.wanted.catalog
    }

    /// What is looked at of a type.
    pub(in crate::inventory::import) fn kind(&self, name: &str) -> Kind {
        self.wanted.kind(name)
    }

    /// Whether resources that are alike are counted together.
    pub(in crate::inventory::import) fn counts(&self) -> bool {
        self.wanted.grouped
    }

    /// Counts resources that are alike together, since there are too many for each to be kept.
    pub(in crate::inventory::import) fn count(&mut self) {
        self.wanted.grouped = true;
    }

    /// Takes what follows as groups of resources of a source, which are counted with those that are alike.
    pub(in crate::inventory::import) fn stand_for(&mut self, importer: &'static dyn Importer) {
        self.stands_for = Some(importer);
        self.wanted.grouped = true;
    }

    /// Takes what follows as groups of rows of tables, which are counted with those that are alike. A row says nothing of one of
    /// another table, as where each table is a file.
    pub(in crate::inventory::import) fn stand_for_rows(&mut self) {
        self.wanted.grouped = true;
        self.wanted.relations = Relations::default();
    }

    /// The items that do not say what they are.
    pub(in crate::inventory::import) fn broken(&self) -> Broken {
        self.tally.broken
    }

    /// Leaves an entry out that is damaged.
    pub(in crate::inventory::import) fn leave_out(&mut self, order: u64, fault: Diagnostic) {
        self.tally.damages.add(order, || fault);
    }

    /// Takes in pieces that are cut off one after the other here, and read elsewhere where that is faster.
    ///
    /// # Errors
    /// What cutting said, and what was wrong with pieces.
    pub(in crate::inventory::import) fn pieces<B: Send>(
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
    pub(in crate::inventory::import) fn finish(self, is_of_one_account: bool) -> Outcome<Imported> {
        let mut needed = Needed::by(self.wanted.catalog);
        let recorded = self.recorded;
        let mut imported = self.finish_whole(is_of_one_account)?;
        for resource in &mut imported.resources {
            needed.only(resource);
            resource.recorded = resource.recorded.or(recorded);
        }
        Ok(imported)
    }

    /// The same with all attributes that are not secret. What siblings say has reached their owners.
    pub(in crate::inventory::import) fn finish_whole(self, is_of_one_account: bool) -> Outcome<Imported> {
        let (wanted, file) = (self.wanted, self.file);
        let mut tally = self.tally;
        let mut warnings = self.warnings;
        let is_all = tally.groups.is_empty() && tally.owners.is_empty() && tally.others.is_empty();
        let damages = std::mem::take(&mut tally.damages).told(is_all, &file);
        if is_all && !damages.is_empty() {
            return Err(damages);
        }
        warnings.extend(damages);
        warnings.extend(tally.gone.told(&file));
        warnings.extend(tally.count_once(wanted.grouped, &file));
        let mut groups = tally.groups.into_list();
        let accounts = is_of_one_account.then_some(&tally.accounts);
        let (joined, settings, said, parts) = tally.related.joined(&wanted.relations, (wanted.grouped, self.is_partial), accounts);
        groups.extend(joined.into_iter().filter_map(|joined| {
            let group = tally.owners.get(joined.group)?;
            let mut resource = group.resource.clone();
            // Of those that siblings part nobody knows who was named.
            resource.sample.take_if(|_| joined.count != group.count);
            settings.apply((&resource.kind, &mut resource.config), &joined, &wanted.relations);
            resource.owned = Some(Box::new(joined.owned));
            Some(Group {
                count: joined.count,
                order: joined.order,
                provider: group.provider.clone(),
                resource,
            })
        }));
        groups.retain(|group| group.count > 0);
        groups.sort_by_key(|group| group.order);
        let owners: BTreeSet<u64> = parts.values().flatten().copied().collect();
        for group in &mut groups {
            let of = parts.get(&group.order).map(Vec::as_slice).unwrap_or_default();
            group.resource.belonging = Belonging::new(owners.contains(&group.order).then_some(group.order), of);
        }
        let mut others: Vec<((String, String), Others)> = tally.others.into_iter().collect();
        others.sort_by_key(|(_, others)| others.order);
        let asked = wanted.catalog.asked_of_accounts();
        Ok(Imported {
            source: "",
            conditional: self.conditional,
            accounts: self.accounts,
            is_state: self.is_state && !wanted.grouped,
            results: self.results,
            trust: self.trust,
            version: self.version,
            resources: groups.into_iter().map(|group| group.into_resource(accounts, &asked)).collect(),
            out_of_scope: others
                .into_iter()
                .map(|(names, others)| others.out_of_scope(names, &file))
                .collect(),
            warnings,
            others: said,
            own_keys: tally.keys,
            deleted: tally.deleted,
            file,
        })
    }
}

/// Cuts on this thread and reads on others, as far as there are any.
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
            // None can be started: this one does all.
            let mut sink = Sink::new(wanted);
            let cut = cut(&mut |piece| read(piece, &mut sink));
            united(sink);
            return cut;
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
