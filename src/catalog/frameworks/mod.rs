//! Requirements of frameworks, and what answers them.
//!
//! In: the built-in files `frameworks/<id>.yaml` and those of a user's overlay. Out: for a framework its requirements, each
//! with the objectives and activities that answer it, whatever other requirements it refers to. A framework's file is decoded
//! when somebody first asks for it.

pub mod check;
mod file;

pub use file::{FrameworkFile, MappingFile, NamedFile, ObjectivesFile, RequirementFile, Titles};

use super::embedded::Embedded;
use super::file::SourceFile;
use super::{builtin, letters};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// The folder of the catalog in which they lie.
pub(super) const FOLDER: &str = "frameworks/";

/// What a link rests on where no public mapping says so.
pub const JUDGEMENT: &str = "judgement";

/// The frameworks that the catalog knows.
#[derive(Debug, Default)]
pub struct Frameworks(BTreeMap<Arc<str>, Entry>);

#[derive(Debug)]
struct Entry {
    builtin: Option<Embedded<FrameworkFile>>,
    overlay: Option<FrameworkFile>,
    /// What answers requirements beside what the files say, and what that rests on.
    more: Option<More>,
    joined: OnceLock<Framework>,
}

/// What answers requirements beside what the files say: activities by requirement, and the document that says so by its key.
#[derive(Debug)]
struct More {
    key: Arc<str>,
    rests_on: MappingFile,
    activities: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
}

/// A framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framework {
    /// Its id.
    pub id: Arc<str>,
    /// As printed.
    pub name: String,
    /// Its edition.
    pub version: String,
    /// What stands before an id in a sentence.
    pub short: String,
    /// What the mapping rests on.
    pub rests_on: Option<String>,
    /// Pages that its ids, titles and baselines come from.
    pub sources: Vec<SourceFile>,
    /// The public mappings that it rests on, by key.
    pub mappings: IndexMap<String, MappingFile>,
    /// Its baselines: id and name.
    pub baselines: Vec<(Arc<str>, Arc<str>)>,
    /// Its groups: id and name.
    pub groups: Vec<(Arc<str>, Arc<str>)>,
    /// Its requirements, in its own order.
    pub requirements: Vec<Requirement>,
}

/// One numbered demand of a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The framework's own number.
    pub id: Arc<str>,
    /// Its family or chapter.
    pub group: Option<Arc<str>>,
    /// Its title, where the text is free.
    pub title: Option<Arc<str>>,
    /// The baselines that it is in.
    pub baselines: Vec<Arc<str>>,
    /// Its ids by part.
    pub parts: Vec<Arc<str>>,
    /// What answers it.
    pub answer: Answer,
}

/// What answers a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// No cloud service bears it: why.
    Organisational(Arc<str>),
    /// Duties and commitments.
    Linked(Vec<Link>),
    /// Nobody has said.
    Unclassified,
}

/// That the activities of an objective, or one activity, answer a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// `control.objective`, or an activity's id.
    pub to: Arc<str>,
    /// What it rests on: [`JUDGEMENT`], or keys of the framework's mappings.
    pub rests_on: Vec<Arc<str>>,
}

impl Link {
    /// Whether it names one activity, and not an objective.
    #[must_use]
    pub fn is_activity(&self) -> bool {
        self.to.matches('.').count() > 1
    }
}

impl Framework {
    /// The requirements of a baseline, or all.
    pub fn of_baseline<'f>(&'f self, baseline: Option<&'f str>) -> impl Iterator<Item = &'f Requirement> {
        let is_in = move |one: &&Requirement| baseline.is_none_or(|wanted| one.baselines.iter().any(|id| **id == *wanted));
        self.requirements.iter().filter(is_in)
    }

    /// A baseline's name as printed.
    #[must_use]
    pub fn baseline(&self, id: &str) -> Option<&Arc<str>> {
        self.baselines.iter().find(|(known, _)| **known == *id).map(|(_, name)| name)
    }

    /// The name of a group as printed.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&Arc<str>> {
        self.groups.iter().find(|(known, _)| **known == *id).map(|(_, name)| name)
    }
}

impl Frameworks {
    /// The built-in ones, with the files of an overlay over them.
    pub(super) fn with(overlay: &[(Arc<str>, FrameworkFile)]) -> Self {
        let own = builtin::folder(FOLDER).filter_map(|path| Some((path, path.strip_prefix(FOLDER)?)));
        let mut known: BTreeMap<Arc<str>, Entry> = own
            .map(|(path, id)| {
                let entry = Entry {
                    builtin: Some(Embedded::new(path)),
                    overlay: None,
                    more: None,
                    joined: OnceLock::new(),
                };
                (id.into(), entry)
            })
            .collect();
        for (_, file) in overlay {
            let entry = known.entry(file.id.as_str().into()).or_insert_with(|| Entry {
                builtin: None,
                overlay: None,
                more: None,
                joined: OnceLock::new(),
            });
            entry.overlay = Some(file.clone());
        }
        Self(known)
    }

    /// Takes in that activities answer requirements of a framework, since a document says so.
    pub(super) fn add_answers(
        &mut self,
        framework: &str,
        (key, rests_on): (&str, MappingFile),
        activities: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    ) {
        if let Some(entry) = self.0.get_mut(framework) {
            entry.more = Some(More {
                key: key.into(),
                rests_on,
                activities,
            });
        }
        // Others may be answered through these.
        self.0.values_mut().for_each(|entry| entry.joined = OnceLock::new());
    }

    /// Their ids, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.keys()
    }

    /// All of them, by id.
    pub fn all(&self) -> impl Iterator<Item = &Framework> {
        self.0.keys().filter_map(|id| self.get(id))
    }

    /// The framework of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Framework> {
        let entry = self.0.get(id)?;
        Some(entry.joined.get_or_init(|| self.join(entry)))
    }

    /// The framework that people call so: by its id, its name, its name with its version, or its short name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Framework> {
        let wanted = letters(name);
        if let Some(id) = self.0.keys().find(|id| letters(id) == wanted) {
            return self.get(id);
        }
        let is_called = |one: &&Framework| {
            letters(&one.name) == wanted || letters(&one.short) == wanted || letters(&format!("{} {}", one.name, one.version)) == wanted
        };
        self.all().find(is_called)
    }

    /// The requirements of a file as written: the overlay's over the built-in ones, by id.
    fn written<'e>(entry: &'e Entry) -> impl Iterator<Item = &'e RequirementFile> {
        let over: &[RequirementFile] = entry.overlay.as_ref().map_or(&[], |file| &file.requirements);
        let own: &'e [RequirementFile] = entry.builtin.as_ref().map_or(&[], |file| &file.get().requirements);
        let replaced = move |one: &RequirementFile| over.iter().find(|other| other.id == one.id);
        let added = over.iter().filter(move |one| own.iter().all(|other| other.id != one.id));
        own.iter().map(move |one| replaced(one).unwrap_or(one)).chain(added)
    }

    fn join(&self, entry: &Entry) -> Framework {
        let files = || entry.overlay.iter().chain(entry.builtin.as_ref().map(Embedded::get));
        let said = |field: fn(&FrameworkFile) -> &Option<String>| files().find_map(|file| field(file).clone());
        let named = |lists: fn(&FrameworkFile) -> &Vec<NamedFile>| {
            let mut all: Vec<(Arc<str>, Arc<str>)> = Vec::new();
            for one in files().flat_map(lists) {
                if all.iter().all(|(id, _)| *id != one.id) {
                    all.push((one.id.clone(), one.name.clone().unwrap_or_else(|| one.id.clone())));
                }
            }
            all
        };
        let id: Arc<str> = files().next().map(|file| file.id.as_str()).unwrap_or_default().into();
        let name = said(|file| &file.name).unwrap_or_else(|| id.to_string());
        Framework {
            version: said(|file| &file.version).unwrap_or_default(),
            short: said(|file| &file.short).unwrap_or_else(|| name.clone()),
            rests_on: said(|file| &file.rests_on),
            sources: files().flat_map(|file| file.sources.clone()).collect(),
            mappings: {
                let more = self.0.values().filter_map(|entry| entry.more.as_ref());
                let more = more.map(|more| (more.key.to_string(), more.rests_on.clone()));
                files().flat_map(|file| file.mappings.clone()).chain(more).collect()
            },
            baselines: named(|file| &file.baselines),
            groups: named(|file| &file.groups),
            requirements: Self::written(entry).map(|one| self.requirement(&id, one)).collect(),
            name,
            id,
        }
    }

    fn requirement(&self, framework: &Arc<str>, file: &RequirementFile) -> Requirement {
        let same = file.same_as.as_deref().and_then(|other| self.find(other));
        let parts = if file.parts.is_empty() {
            same.map(|(_, other)| other.parts.clone()).unwrap_or_default()
        } else {
            file.parts.clone()
        };
        Requirement {
            id: file.id.clone(),
            group: file.group.clone(),
            title: file.title.clone(),
            baselines: file.baselines.clone(),
            parts,
            answer: self.answer(framework, file),
        }
    }

    /// Whether there is a requirement `framework/id`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The requirement as written that `framework/id` names.
    fn find(&self, name: &str) -> Option<(&Arc<str>, &RequirementFile)> {
        let (framework, id) = name.split_once('/')?;
        let (framework, entry) = self.0.get_key_value(framework)?;
        Some((framework, Self::written(entry).find(|one| *one.id == *id)?))
    }

    /// What answers a requirement, through whatever others it refers to; a circle of references adds nothing.
    fn answer(&self, framework: &Arc<str>, file: &RequirementFile) -> Answer {
        let mut links: IndexMap<Arc<str>, BTreeSet<Arc<str>>> = IndexMap::new();
        let mut organisational = file.organisational.clone();
        let mut seen: BTreeSet<(Arc<str>, Arc<str>)> = BTreeSet::from([(framework.clone(), file.id.clone())]);
        // What is reached through another requirement rests on the mapping that led there.
        let mut open: Vec<(&RequirementFile, Option<Arc<str>>)> = vec![(file, None)];
        let mut is_answered = organisational.is_some();
        // A document's activities answer a requirement itself, and whatever is answered through it.
        let more = |of: &Arc<str>, one: &RequirementFile| {
            let more = self.0.get(of).and_then(|entry| entry.more.as_ref());
            let found = more.and_then(|more| Some((more.key.clone(), more.activities.get(&one.id)?)));
            found
                .into_iter()
                .flat_map(|(key, all)| all.iter().map(move |to| (to.clone(), key.clone())))
        };
        for (to, key) in more(framework, file) {
            links.entry(to).or_default().insert(key);
        }
        while let Some((one, because)) = open.pop() {
            for (key, targets) in &one.links {
                for to in targets {
                    let key = because.clone().unwrap_or_else(|| key.clone());
                    links.entry(to.clone()).or_default().insert(key);
                }
            }
            let same = one.same_as.iter().map(|other| (None, other));
            let through = one
                .through
                .iter()
                .flat_map(|(key, all)| all.iter().map(move |other| (Some(key), other)));
            for (key, other) in same.chain(through) {
                let Some((of, next)) = self.find(other) else { continue };
                if !seen.insert((of.clone(), next.id.clone())) {
                    continue;
                }
                if key.is_none() && organisational.is_none() {
                    organisational.clone_from(&next.organisational);
                }
                is_answered |= next.organisational.is_some();
                for (to, own) in more(of, next) {
                    links.entry(to).or_default().insert(own);
                }
                open.push((next, because.clone().or_else(|| key.cloned())));
            }
        }
        if !links.is_empty() {
            let links = links.into_iter().map(|(to, rests_on)| Link {
                to,
                rests_on: rests_on.into_iter().collect(),
            });
            return Answer::Linked(links.collect());
        }
        match organisational {
            Some(why) => Answer::Organisational(why),
            None if is_answered => Answer::Organisational("what it rests on is organisational throughout".into()),
            None => Answer::Unclassified,
        }
    }
}
