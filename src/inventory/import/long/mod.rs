//! Files that are too long to be held: read once, piece by piece, into groups of resources that are alike.
//!
//! In: a reader. Out: one resource for each group, with how many it stands for. Memory grows with the number of groups,
//! and by some tens of bytes for each resource that has settings in resources of their own.

mod damaged;
mod fold;
mod group;
mod identity;
mod items;
mod split;
mod state;
mod table;

pub(super) use identity::called;

use super::{Defaults, Imported, Importer};
use crate::catalog::Catalog;
use crate::diagnostics::{Code, Diagnostic, Outcome, Place};
use group::{Tally, Wanted};
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;

/// Who is told how far a file is read: its name, the bytes read, all bytes if that is known.
pub type Watch<'a> = &'a (dyn Fn(&str, u64, Option<u64>) + Sync);

/// A long file.
pub struct Long<'a> {
    /// Its beginning.
    pub head: Vec<u8>,
    /// What follows it.
    pub rest: Box<dyn Read + Send>,
    /// How long it is, if that is known.
    pub size: Option<u64>,
    /// Its name.
    pub file: &'a Arc<str>,
    /// Where faults are that have no better place.
    pub place: &'a Place,
    /// What the inventory says of resources that say nothing themselves.
    pub defaults: &'a Defaults,
    /// The catalog, whose questions tell resources apart.
    pub catalog: &'a Catalog,
    /// The tags that rules look at.
    pub tags: &'a BTreeSet<String>,
    /// Who is told how far it is read.
    pub progress: Option<Watch<'a>>,
}

/// What an item of a list is.
pub enum Entry {
    /// A resource.
    Resource(Box<super::ImportedResource>),
    /// What is no longer there.
    Gone,
    /// Nothing that could be one.
    Broken,
}

/// How a source is read piece by piece.
pub enum Form {
    /// Terraform state: a list of blocks with lists of instances.
    State,
    /// JSON with a list of items under one of these keys.
    Items(&'static [&'static str], fn(serde_json::Value, usize) -> Entry),
    /// Rows.
    Table,
}

/// Imports a long file.
///
/// # Errors
/// What is wrong with it.
pub fn import_long(importer: &dyn Importer, long: Long<'_>) -> Outcome<Imported> {
    if super::text::utf16(&long.head[..long.head.len().min(64)]).is_some() {
        return Err(vec![
            Diagnostic::new(
                Code::FileTooLarge,
                format!("`{}` is UTF-16 and too large to be converted", long.file),
            )
            .at(long.place.clone())
            .help("save the file as UTF-8"),
        ]);
    }
    let wanted = Wanted::new(long.catalog, long.tags);
    let (file, place, defaults, catalog) = (long.file.clone(), long.place.clone(), long.defaults.clone(), long.catalog);
    // People's tables may be of any accounts.
    let fills_accounts = !matches!(importer.form(), Some(Form::Table));
    let tally = match importer.form() {
        Some(Form::State) => state::read(long, &wanted),
        Some(Form::Items(lists, resource)) => items::read(long, lists, resource, &wanted),
        Some(Form::Table) => table::read(long, &wanted),
        None => Ok(Tally::default()),
    };
    let mut imported = tally.map_err(super::open_words)?.finish(&file, catalog, fills_accounts);
    imported.warnings = super::open_words(imported.warnings);
    for resource in &mut imported.resources {
        defaults.fill(resource);
    }
    imported.say_if_empty(&place, "it holds nothing that is deployed");
    Ok(imported)
}

/// Reads a file's beginning and its rest, and tells how far it is.
struct Told<'a> {
    inner: std::io::Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>,
    done: u64,
    next: u64,
    size: Option<u64>,
    file: Arc<str>,
    progress: Option<Watch<'a>>,
}

/// How many bytes are read between two words of progress.
const STEP: u64 = 16 * 1024 * 1024;

impl<'a> Long<'a> {
    /// A reader of the whole, behind `skipped` bytes.
    fn reader(self, skipped: usize) -> Told<'a> {
        let mut head = Cursor::new(self.head);
        head.set_position(skipped as u64);
        Told {
            inner: head.chain(self.rest),
            done: 0,
            next: STEP,
            size: self.size,
            file: self.file.clone(),
            progress: self.progress,
        }
    }
}

impl Read for Told<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(into)?;
        self.done += count as u64;
        if let Some(progress) = self.progress
            && self.done >= self.next
        {
            progress(&self.file, self.done, self.size);
            self.next = self.done + STEP;
        }
        Ok(count)
    }
}

/// Cuts a file into batches on this thread and counts them on others; the tallies of all, united.
fn in_parallel<B: Send>(
    wanted: &Wanted<'_>,
    cut: impl FnOnce(&mut dyn FnMut(B) -> bool) -> Outcome<()>,
    count: impl Fn(B, &mut Tally, &mut group::Counter<'_, '_>) -> Result<(), Diagnostic> + Sync,
) -> Outcome<Tally> {
    let workers = std::thread::available_parallelism().map_or(1, |number| number.get().min(8));
    let (sender, receiver) = sync_channel::<B>(workers * 2);
    let receiver = Mutex::new(receiver);
    let next = || receiver.lock().ok().and_then(|receiver| receiver.recv().ok());
    std::thread::scope(|scope| {
        let work = || {
            let mut tally = Tally::default();
            let mut counter = group::Counter::new(wanted);
            let mut fault = None;
            while let Some(batch) = next() {
                if fault.is_none() {
                    fault = count(batch, &mut tally, &mut counter).err();
                }
            }
            (tally, fault)
        };
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let cut = cut(&mut |batch| sender.send(batch).is_ok());
        drop(sender);
        let mut all = Tally::default();
        let mut faults = Vec::new();
        for handle in handles {
            // A thread that panicked would have been a fault of this program; its part would be missing.
            match handle.join() {
                Ok((tally, fault)) => {
                    all.unite(tally);
                    faults.extend(fault);
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        if let Err(cut) = cut {
            faults.extend(cut);
        }
        if faults.is_empty() { Ok(all) } else { Err(faults) }
    })
}
