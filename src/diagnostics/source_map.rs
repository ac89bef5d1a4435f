//! The texts of the files that diagnostics point into.

use super::listed::Layout;
use super::locate::{Located, locate};
use super::place::{Place, Position, Route, Spot, Step};
use super::text::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Texts by the path as it is shown. Built by the loaders, read by the emitters.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    texts: BTreeMap<Arc<str>, Source>,
    /// What was looked up already: a text is walked again only for routes that nobody asked for before.
    known: Arc<Mutex<BTreeMap<Arc<str>, Arc<Known>>>>,
}

/// A file's text.
#[derive(Debug, Clone)]
struct Source {
    text: Text,
    /// Whether its lines may be shown.
    quotable: bool,
    /// How it is laid out, where most of it is one list.
    layout: Option<Arc<Layout>>,
}

impl Source {
    fn new(text: Text, quotable: bool) -> Self {
        Self {
            text,
            quotable,
            layout: None,
        }
    }
}

/// The routes of one file that were looked up, and where they are.
#[derive(Debug, Default)]
struct Known {
    asked: BTreeSet<Route>,
    located: BTreeMap<Route, Located>,
}

impl SourceMap {
    /// Adds (or replaces) the text of a file that people write for this program: an inventory, an overlay, a template.
    pub fn insert(&mut self, file: Arc<str>, text: impl Into<Text>) {
        self.put(file, Source::new(text.into(), true));
    }

    /// Adds (or replaces) the text of a file that may hold anything: its lines are found and never shown.
    pub fn insert_unquoted(&mut self, file: Arc<str>, text: impl Into<Text>) {
        self.put(file, Source::new(text.into(), false));
    }

    /// Says how the text of a file is laid out, so that places are not looked for in all of it.
    pub fn lay_out(&mut self, file: &Arc<str>, layout: Layout) {
        if let Some(source) = self.texts.get_mut(file) {
            source.layout = Some(Arc::new(layout));
        }
    }

    /// The same texts under other paths, for files that lie elsewhere than a reader knows them.
    #[must_use]
    pub fn renamed(self, rename: impl Fn(&str) -> String) -> Self {
        let texts = self.texts.into_iter().map(|(file, source)| (rename(&file).into(), source));
        Self {
            texts: texts.collect(),
            known: Arc::default(),
        }
    }

    fn put(&mut self, file: Arc<str>, source: Source) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&file);
        self.texts.insert(file, source);
    }

    /// The text of a file, if it was loaded as text.
    #[must_use]
    pub fn text(&self, file: &str) -> Option<&Text> {
        self.texts.get(file).map(|source| &source.text)
    }

    /// The text of a file whose lines may be shown.
    pub(super) fn quotable(&self, file: &str) -> Option<&str> {
        self.texts.get(file).filter(|source| source.quotable).map(|source| &*source.text)
    }

    /// The positions of many places, with one pass at most over each file that is concerned.
    #[must_use]
    pub fn positions<'a>(&self, places: impl IntoIterator<Item = &'a Place>) -> Positions {
        let mut routes: BTreeMap<&Arc<str>, Vec<&Route>> = BTreeMap::new();
        for place in places {
            if let Spot::Key(route) | Spot::Value(route) = &place.spot {
                routes.entry(&place.file).or_default().push(route);
            }
        }
        let files = routes.into_iter();
        let files = files.filter_map(|(file, routes)| Some((file.clone(), self.located(file, &routes)?)));
        Positions { files: files.collect() }
    }

    fn located(&self, file: &Arc<str>, routes: &[&Route]) -> Option<Arc<Known>> {
        let Source { text, layout, .. } = self.texts.get(file)?;
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let before = all.get(file).cloned().unwrap_or_default();
        if routes.iter().all(|route| before.asked.contains(*route)) {
            return Some(before);
        }
        let asked: BTreeSet<Route> = before.asked.iter().chain(routes.iter().copied()).cloned().collect();
        let located = match layout {
            Some(layout) => {
                let new: Vec<&Route> = asked.iter().filter(|route| !before.asked.contains(*route)).collect();
                let mut located = before.located.clone();
                located.extend(layout.locate(text, &new));
                located
            }
            None => locate(text, &asked),
        };
        let known = Arc::new(Known { asked, located });
        all.insert(file.clone(), known.clone());
        Some(known)
    }
}

/// Positions looked up beforehand by [`SourceMap::positions`].
#[derive(Debug, Default)]
pub struct Positions {
    files: BTreeMap<Arc<str>, Arc<Known>>,
}

impl Positions {
    /// Where a place is, if its file is known and the route leads somewhere. The nearest known ancestor stands in for
    /// a value that has no position of its own, such as an empty list.
    #[must_use]
    pub fn of(&self, place: &Place) -> Option<Position> {
        let (route, of_key) = match &place.spot {
            Spot::Whole => return None,
            Spot::At(position) => return Some(*position),
            Spot::Key(route) => (route, true),
            Spot::Value(route) => (route, false),
        };
        let known = &self.files.get(&place.file)?.located;
        let position = |steps: &[Step], of_key: bool| {
            let located = known.get(&Route(steps.to_vec()))?;
            if of_key {
                located.key.or(located.value)
            } else {
                located.value.or(located.key)
            }
        };
        let own = position(&route.0, of_key);
        own.or_else(|| (1..route.0.len()).rev().find_map(|length| position(route.0.get(..length)?, false)))
    }

    /// `file:line:column`, or the file alone where the position is not known.
    #[must_use]
    pub fn show(&self, place: &Place) -> String {
        match self.of(place) {
            Some(at) => format!("{}:{}:{}", place.file, at.line, at.column),
            None => place.file.to_string(),
        }
    }
}
