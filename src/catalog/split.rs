//! The split of a service: who does what, control by control, in one mode.
//!
//! In: the files of the catalog and, to choose the mode, a resource's attributes. Out: activities with their origin.

mod mode;
mod resolve;

pub use mode::{Mode, ModeChoice};

use super::about::vendors;
use super::activities::Ids;
use super::activity::{Activity, Commonness, Level};
use super::file::{Control, ControlFile, IndexEntry, ModeFile, ModelFile, Reclassify, ServiceFile, SourceFile};
use super::lifecycle::Lifecycle;
use super::pattern::{self, squashed};
use super::predicate::{Asked, Attributes, Observed, Predicate, Question, Truth};
use super::side::{ControlType, Side};
use super::{Catalog, IndexMap, providers};
use resolve::Held;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// One control of a split.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlSplit {
    /// The control's id.
    pub control: String,
    /// Why it does not apply; then it has no activities.
    pub not_applicable: Option<String>,
    /// Provider first, then other parties, then the customer.
    pub activities: Vec<Arc<Activity>>,
}

impl ControlSplit {
    /// Its type, from the sides that own its activities.
    #[must_use]
    pub fn control_type(&self) -> Option<ControlType> {
        ControlType::of(self.activities.iter().map(|activity| &activity.side))
    }
}

/// The split of one service in one mode.
#[derive(Debug, Clone)]
pub struct Split {
    /// The service's id.
    pub service: String,
    /// The product's name.
    pub name: String,
    /// What it is.
    pub about: String,
    /// The mode; `None`: the service itself.
    pub mode: Option<Mode>,
    /// Whether it is the service that stands for the account itself.
    pub is_account: bool,
    /// The service model's id.
    pub model: String,
    /// Why the split is as it is.
    pub why: String,
    /// All controls, in the order of the report; of an overlay's own those of which something is said.
    pub controls: Vec<ControlSplit>,
}

type Controls = IndexMap<String, ControlFile>;

struct LevelControls<'a> {
    level: Level,
    common: Commonness,
    /// What ids of activities begin with.
    owner: &'a str,
    controls: &'a Controls,
    sources: &'a IndexMap<String, SourceFile>,
}

/// What is said of a service in a mode, the most particular first.
struct Laid<'a> {
    index: &'a IndexEntry,
    file: &'a ServiceFile,
    mode: Option<&'a ModeFile>,
    model: &'a ModelFile,
    levels: Vec<LevelControls<'a>>,
}

impl Catalog {
    /// The modes of a service.
    #[must_use]
    pub fn modes(&self, service: &str) -> Vec<Mode> {
        let mut modes: Vec<Mode> = self.file(service).iter().flat_map(|file| &file.modes).map(Mode::of).collect();
        for extra in self.overlay(service).iter().flat_map(|file| &file.modes) {
            if modes.iter().all(|known| known.id != extra.id) {
                modes.push(Mode::of(extra));
            }
        }
        modes
    }

    /// The mode of a service that people call so: `alb`, `ecs-fargate`. `None` where the name is the service's own.
    #[must_use]
    pub fn mode_named(&self, service: &str, name: &str) -> Option<String> {
        let name = squashed(name);
        if name == squashed(service) {
            return None;
        }
        let entry = self.service(service)?;
        let (builtin, overlay) = (self.file(service), self.overlay(service));
        let files = || builtin.iter().chain(overlay.iter());
        let own: Vec<String> = files().flat_map(|file| &file.aliases.names).cloned().collect();
        let of_service = pattern::names_of_service(&entry.id, &entry.name, &own, vendors());
        let called = [name.as_str(), pattern::without_vendor(&name, vendors())];
        if of_service.iter().any(|own| called.contains(&squashed(own).as_str())) {
            return None;
        }
        let is_called = |mode: &&ModeFile| {
            let names = pattern::names_of_mode(&of_service, &mode.id, &mode.names);
            names.iter().any(|own| called.contains(&squashed(own).as_str()))
        };
        let mode = files().flat_map(|file| &file.modes).find(is_called)?;
        Some(mode.id.clone())
    }

    /// The conditions that settle a service's mode, in words, mode by mode.
    #[must_use]
    pub fn mode_conditions(&self, service: &str) -> Vec<(Mode, String)> {
        let file = self.file(service);
        let modes = file.iter().flat_map(|file| &file.modes);
        modes.map(|mode| (Mode::of(mode), mode.when.words())).collect()
    }

    /// What the conditions of some modes of a service look at, on one resource.
    #[must_use]
    pub fn observe_modes(&self, service: &str, modes: &[&str], (attributes, words): (&Attributes, &BTreeSet<String>)) -> Observed {
        let mut found = Observed::new();
        let files = self.file(service).into_iter().chain(self.overlay(service));
        for file in files {
            for mode in file.modes.iter().filter(|mode| modes.contains(&mode.id.as_str())) {
                mode.when.observe_with(words, attributes, &mut found);
            }
        }
        found
    }

    /// The attributes of a service that any of its modes or activities compares with words, so that what they hold is one of
    /// a vocabulary, wherever it is asked only how it begins.
    #[must_use]
    pub fn vocabulary(&self, service: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for file in self.file(service).into_iter().chain(self.overlay(service)) {
            let modes = file.modes.iter();
            let controls = modes.clone().map(|mode| &mode.controls).chain([&file.controls]);
            let activities = controls
                .flat_map(|controls| controls.values())
                .flat_map(ControlFile::lists)
                .flat_map(|(_, list, _)| list);
            let of_activities = activities.flat_map(|activity| {
                let all = [
                    &activity.when,
                    &activity.unless,
                    &activity.met_when,
                    &activity.attested_when,
                    &activity.disproved_when,
                ];
                all.into_iter().flatten()
            });
            for predicate in modes.map(|mode| &mode.when).chain(of_activities) {
                predicate.vocabulary(&mut found);
            }
        }
        found
    }

    /// The rare modes of a service: those that a resource is taken not to run in unless its attributes say so.
    #[must_use]
    pub fn rare_modes(&self, service: &str) -> Vec<Mode> {
        let file = self.file(service);
        let rare = file.iter().flat_map(|file| &file.modes).filter(|mode| mode.rare);
        rare.map(Mode::of).collect()
    }

    /// The third parties that operate a part of a service, in any of its modes.
    #[must_use]
    pub fn operators(&self, service: &str) -> BTreeSet<Arc<str>> {
        let files: Vec<&ServiceFile> = self.file(service).into_iter().chain(self.overlay(service)).collect();
        let of_service = self.service(service).map(|index| index.model.as_str());
        let models = files.iter().flat_map(|file| &file.modes).filter_map(|mode| mode.model.as_deref());
        let models: BTreeSet<&str> = models.chain(of_service).collect();
        let own = self.own.models.iter().flat_map(|(_, file)| {
            let of_models = file.models.iter().filter(|(id, _)| models.contains(id.as_str()));
            of_models.map(|(_, controls)| controls).chain([&file.every])
        });
        let of_files = files
            .iter()
            .flat_map(|file| file.modes.iter().map(|mode| &mode.controls).chain([&file.controls]));
        of_files
            .chain(own)
            .flat_map(|controls| controls.values())
            .flat_map(ControlFile::lists)
            .filter_map(|(side, list, _)| match side {
                Side::Party(id) if !list.is_empty() => Some(id.clone()),
                _ => None,
            })
            .collect()
    }

    /// The attributes that show that a resource does not run in a mode, or with none that it runs in one; nothing where they
    /// leave it open.
    #[must_use]
    pub fn mode_refuted_by(&self, service: &str, mode: Option<&str>, attributes: &Attributes) -> Option<Vec<String>> {
        let file = self.file(service)?;
        let shown = || file.modes.iter().find(|mode| mode.when.holds(attributes) == Truth::Yes);
        let refuting = match mode {
            Some(id) => {
                let said = file.modes.iter().find(|mode| mode.id == id)?;
                match said.when.holds(attributes) {
                    Truth::Yes => None,
                    Truth::No => Some(said),
                    Truth::Unknown => shown(),
                }
            }
            None => shown(),
        };
        let names = refuting?.when.attributes().into_iter();
        let said = names.filter(|name| attributes.contains_key(name.split('.').next().unwrap_or(name)));
        let said: Vec<String> = said.collect();
        (!said.is_empty()).then_some(said)
    }

    /// What shows resources of a service to be another's.
    pub(crate) fn others_of(&self, service: &str) -> &[Reclassify] {
        self.service(service).map_or(&[], |entry| &entry.reclassify)
    }

    /// All that the catalog asks of what only supports a service's resources: whether it is another service's.
    pub(crate) fn questions_of_supporting(&self, service: &str) -> Vec<Question> {
        let rules = self.others_of(service);
        rules.iter().flat_map(|rule| rule.when.questions()).collect()
    }

    /// The places of the attributes of a service's resources that the catalog looks at: for [`Self::questions`], and for
    /// accounts in whatever form they ask.
    pub(crate) fn asked(&self, service: &str) -> Vec<Asked> {
        let rules = self.others_of(service);
        let services = std::iter::once(service).chain(rules.iter().map(|rule| rule.to.as_str()));
        let by_accounts = services.flat_map(|service| self.asked_by_accounts(service));
        self.questions(service)
            .iter()
            .flat_map(Question::asked)
            .chain(by_accounts)
            .collect()
    }

    /// All that the catalog asks of the attributes of a service's resources, and of the services that they may turn out
    /// to be of, each question once.
    pub(crate) fn questions(&self, service: &str) -> Vec<Question> {
        let mut services = vec![service];
        let rules = self.others_of(service);
        services.extend(rules.iter().map(|rule| rule.to.as_str()));
        let mut found: Vec<Question> = Vec::new();
        let mut add = |questions: Vec<Question>| {
            for question in questions {
                if !found.contains(&question) {
                    found.push(question);
                }
            }
        };
        for service in services {
            let Some(entry) = self.service(service) else { continue };
            add(self.questions_of_accounts(service));
            let mut ask = |predicate: &Predicate| add(predicate.questions());
            entry.reclassify.iter().for_each(|rule| ask(&rule.when));
            for file in self.file(service).into_iter().chain(self.overlay(service)) {
                file.modes.iter().for_each(|mode| ask(&mode.when));
            }
            let modes = self.modes(service);
            for mode in modes.iter().map(|mode| Some(mode.id.as_str())).chain([None]) {
                let Some(split) = self.split(service, mode) else { continue };
                let activities = split.controls.iter().flat_map(|control| &control.activities);
                for predicate in activities.flat_map(|activity| activity.predicates()) {
                    ask(predicate);
                }
            }
        }
        found
    }

    /// The split of a service in a mode; `None` for a service or mode that does not exist.
    #[must_use]
    pub fn split(&self, service: &str, mode: Option<&str>) -> Option<Split> {
        self.split_without(service, mode, true)
    }

    /// What a mode takes over from its service and its model: what a reader goes through in the mode. `without` is not
    /// considered.
    #[must_use]
    pub fn inherited(&self, service: &str, mode: &str) -> Vec<Arc<Activity>> {
        let split = self.split_without(service, Some(mode), false);
        // An overlay says of a service and of its mode at one level: what the mode says itself is not inherited.
        let overlay = self.overlay(service);
        let own = overlay.iter().flat_map(|file| &file.modes).find(|found| found.id == mode);
        let says = |activity: &Activity| {
            let begins = |(control, file): (&String, &ControlFile)| {
                let mut ids = file.lists().map(|(side, _, _)| format!("{service}.{control}.{side}."));
                ids.any(|id| activity.id.starts_with(&id))
            };
            own.is_some_and(|mode| mode.controls.iter().any(begins))
        };
        split
            .into_iter()
            .flat_map(|split| split.controls)
            .flat_map(|control| control.activities)
            .filter(|activity| match activity.from {
                Level::Model | Level::Service => true,
                Level::Overlay => !says(activity),
                Level::Mode => false,
            })
            .collect()
    }

    /// What is said of a service in a mode, on all levels.
    fn laid<'c>(&'c self, service: &'c str, mode: Option<&str>) -> Option<Laid<'c>> {
        let index = self.service(service)?;
        let file = self.file(service)?;
        let overlay = self.overlay(service);
        let overlay_modes = overlay.iter().flat_map(|file| &file.modes);
        let mode_file = match mode {
            None => None,
            Some(id) => Some(file.modes.iter().chain(overlay_modes).find(|mode| mode.id == id)?),
        };
        let model_id = mode_file.and_then(|mode| mode.model.as_deref()).unwrap_or(&index.model);
        let provider = providers::of_service(service);
        let of_models = &self.models_of(provider)?.file;
        let model = of_models.models.iter().find(|model| model.id == *model_id)?;
        let level = |level, controls, sources| LevelControls {
            level,
            common: Commonness::Own,
            owner: service,
            controls,
            sources,
        };
        let mut levels = Vec::new();
        let own = |modes: &'_ [ModeFile]| modes.iter().position(|known| Some(known.id.as_str()) == mode);
        // A service that only the overlay has is its own overlay.
        if let Some(overlay) = &overlay {
            let mode = own(&overlay.modes).map(|at| &overlay.modes[at].controls);
            let controls = mode.into_iter().chain([&overlay.controls]);
            levels.extend(controls.map(|controls| level(Level::Overlay, controls, &overlay.sources)));
        }
        levels.extend(own(&file.modes).map(|at| level(Level::Mode, &file.modes[at].controls, &file.sources)));
        levels.push(level(Level::Service, &file.controls, &file.sources));
        // What an overlay says of a model, or of all services, goes before what the catalog says of the same.
        let own_models = self.own.models.as_ref().map(|(_, file)| file);
        levels.extend(
            own_models
                .and_then(|own| Some((own, own.models.get(model_id)?)))
                .map(|(own, controls)| LevelControls {
                    common: Commonness::Model,
                    owner: model_id,
                    ..level(Level::Overlay, controls, &own.sources)
                }),
        );
        levels.push(LevelControls {
            common: Commonness::Model,
            owner: model_id,
            ..level(Level::Model, &model.controls, &of_models.sources)
        });
        levels.extend(own_models.map(|own| LevelControls {
            common: Commonness::Every,
            owner: "every",
            ..level(Level::Overlay, &own.every, &own.sources)
        }));
        // What holds for every service of another provider is its models', each of which is that provider's alone.
        let (common, owner) = match provider {
            0 => (Commonness::Every, "every"),
            _ => (Commonness::Model, model_id),
        };
        levels.push(LevelControls {
            common,
            owner,
            ..level(Level::Model, &of_models.every, &of_models.sources)
        });
        Some(Laid {
            index,
            file,
            mode: mode_file,
            model,
            levels,
        })
    }

    /// What holds of a control. `considered`: what a mode is without is left out.
    fn held<'l, 'c>(&self, control: &'l Control, laid: &'l Laid<'c>, considered: bool) -> Held<'l, 'c> {
        let without: &[String] = laid.mode.filter(|_| considered).map_or(&[], |mode| &mode.without);
        let mut held = resolve::held(&control.id, &laid.levels, without);
        // What is retired has nobody who runs, patches, watches or scales it, whatever holds for its model.
        let is_over = laid.index.lifecycle.as_ref().is_some_and(Lifecycle::is_retired);
        if is_over && self.about.retired_without.contains(&control.id) {
            held.activities
                .retain(|one| *one.side == Side::Customer || one.level.common == Commonness::Own);
        }
        held
    }

    /// Whether a service has an activity of this id, in any of its modes.
    pub(super) fn is_in_splits(&self, service: &str, id: &str) -> bool {
        let Some(control) = id.split('.').nth(1).and_then(|control| self.control(control)) else {
            return false;
        };
        let has = |mode: Option<&str>| {
            let laid = self.laid(service, mode);
            laid.is_some_and(|laid| self.held(control, &laid, true).activities.iter().any(|one| one.is(id)))
        };
        has(None) || self.modes(service).iter().any(|mode| has(Some(&mode.id)))
    }

    /// The ids of a service's activities in all of its modes, each once; nothing else is made of them. Modes share most of
    /// what files write, so what was met already is told by where it lies.
    pub(super) fn ids_in_splits(&self, service: &str) -> Ids {
        let (mut met, mut ids) = (HashSet::new(), Ids::default());
        let modes = self.modes(service).into_iter().map(|mode| Some(mode.id)).chain([None]);
        for mode in modes {
            let Some(laid) = self.laid(service, mode.as_deref()) else {
                continue;
            };
            for control in &self.controls {
                let held = self.held(control, &laid, true);
                let new = held.activities.iter().filter(|one| met.insert(std::ptr::from_ref(one.file)));
                ids.extend(new.map(|one| one.id().into()));
            }
        }
        ids
    }

    fn split_without(&self, service: &str, mode: Option<&str>, considered: bool) -> Option<Split> {
        let laid = self.laid(service, mode)?;
        let resolve = |control: &Control| {
            let held = self.held(control, &laid, considered);
            // A control of an overlay is one of the services that the overlay says something of.
            let is_said = !control.own || held.not_applicable.is_some() || !held.activities.is_empty();
            is_said.then(|| ControlSplit {
                control: control.id.clone(),
                not_applicable: held.not_applicable.map(str::to_owned),
                activities: held.activities.iter().map(|one| Arc::new(one.resolve())).collect(),
            })
        };
        Some(Split {
            service: service.to_owned(),
            name: laid.index.name.clone(),
            about: laid
                .mode
                .and_then(|mode| mode.about.clone())
                .unwrap_or_else(|| laid.index.about.clone()),
            mode: laid.mode.map(Mode::of),
            is_account: self.is_account_service(service),
            model: laid.model.id.clone(),
            why: laid
                .mode
                .map(|mode| mode.why.clone())
                .or_else(|| laid.file.why.clone())
                .unwrap_or_else(|| laid.model.why.clone()),
            controls: self.controls.iter().filter_map(resolve).collect(),
        })
    }
}
