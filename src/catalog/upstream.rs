//! What somebody else's document hands over, as services of the catalog: each of its components is one, whose customer's
//! activities are the responsibilities that it states. So the rules, the states and the report take them as any other duty.
//!
//! In: components with their responsibilities. Out: the catalog with a service each, and requirements that these answer.

use super::IndexMap;
use super::embedded::Embedded;
use super::file::{ActivityFile, Aliases, ControlFile, DefaultState, IndexEntry, ServiceFile, SourceFile};
use super::frameworks::{Answer, MappingFile};
use super::side::Side;
use super::{Catalog, Entry, Lookup, oscal};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// The key of the document among a service's sources, and of what requirements rest on.
const DOCUMENT: &str = "upstream";

/// What ids of such services begin with.
const PREFIX: &str = "upstream-";

/// A component of somebody else's document.
#[derive(Debug, Clone)]
pub struct Handed {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub about: String,
    /// The document, as printed.
    pub document: String,
    /// Its address.
    pub url: String,
    /// When it was last changed, YYYY-MM-DD.
    pub modified: Option<String>,
    /// What its customers must do.
    pub responsibilities: Vec<HandedOver>,
}

/// What the customers of a component must do.
#[derive(Debug, Clone)]
pub struct HandedOver {
    /// The same tomorrow: letters, digits and `-`.
    pub id: String,
    /// In one sentence.
    pub does: String,
    /// All that the document says of it beyond that.
    pub how: Option<String>,
    /// The controls of frameworks that it is for, as OSCAL spells them.
    pub control_ids: Vec<String>,
}

impl Catalog {
    /// Whether a service stands for a component of somebody else's document.
    #[must_use]
    pub fn is_upstream(&self, service: &str) -> bool {
        self.upstream.contains(service)
    }

    /// Takes components in; the id of the service that each of them has become, in their order.
    pub fn hand_over(&mut self, components: Vec<Handed>) -> Vec<Arc<str>> {
        // Most reports build on nobody's documents, and need not look through the frameworks.
        if components.is_empty() {
            return Vec::new();
        }
        let framework = self.framework_of(&components);
        let mut ids = Vec::new();
        let mut answers: BTreeMap<Arc<str>, BTreeSet<Arc<str>>> = BTreeMap::new();
        for component in &components {
            let id = self.free_id(&component.name);
            let file = self.service_of(&id, component, framework.as_deref(), &mut answers);
            let index = IndexEntry {
                id: id.clone(),
                name: component.name.clone(),
                category: self.about.upstream.category.clone(),
                model: self.about.upstream.model.clone(),
                about: component.about.clone(),
                aliases: Aliases::default(),
                lifecycle: None,
                reclassify: Vec::new(),
            };
            let id: Arc<str> = id.into();
            let entry = Entry {
                index: Embedded::given(index),
                resources: None,
                declared: OnceLock::new(),
                file: Embedded::given(Arc::new(file)),
                given: None,
                overlay: None,
                activities: OnceLock::new(),
            };
            self.services.insert(id.clone(), entry);
            self.upstream.insert(id.to_string());
            ids.push(id);
        }
        // A component may be called as a service is; inventories name it by its id alone.
        let mut indices: Vec<IndexEntry> = self.services.values().map(|entry| entry.index.get().clone()).collect();
        for index in indices.iter_mut().filter(|index| self.upstream.contains(&index.id)) {
            index.name.clone_from(&index.id);
        }
        self.lookup = Lookup::new(&indices).0;
        for (id, entry) in &self.services {
            for file in entry.further() {
                self.lookup.relate(id, &file.resources);
            }
        }
        if let (Some(framework), Some(first)) = (framework, components.first()) {
            let documents: BTreeSet<&str> = components.iter().map(|component| component.document.as_str()).collect();
            let rests_on = MappingFile {
                title: documents.into_iter().collect::<Vec<_>>().join("; "),
                url: first.url.clone(),
                licence: None,
                reviewed: first.modified.clone(),
            };
            self.frameworks.add_answers(&framework, (DOCUMENT, rests_on), answers);
        }
        ids
    }

    /// The framework that most of the control ids are of; of several, one of which OSCAL has something.
    fn framework_of(&self, components: &[Handed]) -> Option<Arc<str>> {
        let all = components.iter().flat_map(|component| &component.responsibilities);
        let wanted: BTreeSet<&str> = all.flat_map(|one| one.control_ids.iter().map(String::as_str)).collect();
        let known: Vec<Arc<str>> = oscal::frameworks().cloned().chain(self.frameworks.ids().cloned()).collect();
        let mut best: Option<(usize, Arc<str>)> = None;
        for id in known {
            let Some(framework) = self.frameworks.get(&id) else { continue };
            let of = framework.requirements.iter();
            let count = of.filter(|one| wanted.contains(oscal::control_id(&id, &one.id).as_str())).count();
            if count > best.as_ref().map_or(0, |(most, _)| *most) {
                best = Some((count, id));
            }
        }
        best.map(|(_, id)| id)
    }

    fn free_id(&self, name: &str) -> String {
        let letters: String = name
            .to_lowercase()
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { ' ' })
            .collect();
        let words: Vec<&str> = letters.split_whitespace().collect();
        let stem = format!(
            "{PREFIX}{}",
            if words.is_empty() {
                "component".to_owned()
            } else {
                words.join("-")
            }
        );
        let numbered = (2..).map(|number| format!("{stem}-{number}"));
        let mut all = std::iter::once(stem.clone()).chain(numbered);
        all.find(|id| !self.services.contains_key(id.as_str())).unwrap_or(stem)
    }

    /// A component as a service: each control says all that there is, so that nothing of its model holds.
    fn service_of(
        &self,
        id: &str,
        component: &Handed,
        framework: Option<&str>,
        answers: &mut BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    ) -> ServiceFile {
        let mut by_control: BTreeMap<String, Vec<ActivityFile>> = BTreeMap::new();
        for one in &component.responsibilities {
            let (control, requirements) = self.led_to(framework, &one.control_ids);
            let list = by_control.entry(control.clone()).or_default();
            let numbered = (2..).map(|number| format!("{}-{number}", one.id));
            let mut names = std::iter::once(one.id.clone()).chain(numbered);
            let name = names.find(|name| list.iter().all(|other| other.id != *name)).unwrap_or_default();
            let activity: Arc<str> = format!("{id}.{control}.{}.{name}", Side::Customer).into();
            for requirement in requirements {
                answers.entry(requirement).or_default().insert(activity.clone());
            }
            list.push(activity_of(name, one));
        }
        let silent = format!("{} says nothing of it", component.document);
        let controls = self.controls.iter().map(|control| {
            let said = by_control.remove(&control.id);
            let file = ControlFile {
                not_applicable: said.is_none().then(|| silent.clone()),
                sides: said
                    .map(|list| IndexMap::from_iter([(Side::Provider, Vec::new()), (Side::Customer, list)]))
                    .unwrap_or_default(),
                adds: IndexMap::default(),
            };
            (control.id.clone(), file)
        });
        let source = SourceFile {
            title: component.document.as_str().into(),
            url: component.url.as_str().into(),
            reviewed: component.modified.as_deref().map(Arc::from),
        };
        ServiceFile {
            id: id.to_owned(),
            name: Some(component.name.clone()),
            category: Some(self.about.upstream.category.clone()),
            model: Some(self.about.upstream.model.clone()),
            about: Some(component.about.clone()),
            why: Some(format!("{} states what its customers must do", component.document)),
            controls: controls.collect(),
            sources: IndexMap::from_iter([(DOCUMENT.to_owned(), source)]),
            ..ServiceFile::default()
        }
    }

    /// The control that most of what answers some control ids belongs to, and the requirements that these are. Of several
    /// controls the first in the order of the catalog; where nothing leads to any, the one that the catalog names for that.
    fn led_to(&self, framework: Option<&str>, control_ids: &[String]) -> (String, Vec<Arc<str>>) {
        let framework = framework.and_then(|id| self.frameworks.get(id));
        let requirements = framework.into_iter().flat_map(|framework| {
            let is_meant = move |id: &str| control_ids.iter().any(|wanted| *wanted == oscal::control_id(&framework.id, id));
            framework.requirements.iter().filter(move |one| is_meant(&one.id))
        });
        let (mut counts, mut found) = (BTreeMap::<&str, usize>::new(), Vec::new());
        for requirement in requirements {
            found.push(requirement.id.clone());
            let Answer::Linked(links) = &requirement.answer else { continue };
            for link in links {
                let mut parts = link.to.split('.');
                let control = if link.is_activity() { parts.nth(1) } else { parts.next() };
                *counts.entry(control.unwrap_or_default()).or_default() += 1;
            }
        }
        let most = counts.values().copied().max().unwrap_or_default();
        let mut controls = self.controls.iter().map(|control| control.id.as_str());
        let control = controls.find(|id| most > 0 && counts.get(id) == Some(&most));
        (control.unwrap_or(&self.about.upstream.control).to_owned(), found)
    }
}

fn activity_of(id: String, one: &HandedOver) -> ActivityFile {
    ActivityFile {
        id,
        does: one.does.as_str().into(),
        brief: None,
        default: DefaultState::Build,
        how: one.how.as_deref().map(Arc::from),
        cadence: None,
        evidence: None,
        objectives: Vec::new(),
        of: Vec::new(),
        when: None,
        unless: None,
        given: None,
        excuse: None,
        met_when: None,
        attested_when: None,
        disproved_when: None,
        cases: Vec::new(),
        severity: None,
        unmet: None,
        question: false,
        source: DOCUMENT.to_owned(),
        unverified: false,
    }
}
