//! What a template says beside its resources, and the names of those.
//!
//! In: a template's sections, and what a stack that deploys it is given. Out: what functions in it look at: parameters,
//! mappings, conditions, resources, what nested stacks return.

use super::loops;
use super::nested::{Given, Nested, Stacks};
use super::parameters::{self, Parameters};
use crate::catalog::provider;
use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What a condition comes to, where that is known, and the parameters of a few values that it asks for.
pub(super) type Holding = (Option<bool>, BTreeSet<String>);

/// A template's parameters, mappings, conditions and outputs, and the names of its resources.
pub(super) struct Template<'s> {
    /// What is known of all templates of the file together.
    pub(super) stacks: &'s Stacks<'s>,
    /// What stands before the names of its resources: the ids of the stacks around it.
    pub(super) within: String,
    /// Whether another template may be deployed in its place.
    pub(super) is_open: bool,
    /// Macros that may make another template of it.
    pub(super) macros: Vec<String>,
    /// Macros that may make another part of it.
    pub(super) inner: BTreeSet<String>,
    /// The folder of its file, relative to that of the first template.
    pub(super) folder: PathBuf,
    pub(super) parameters: Parameters,
    /// What parameters that are limited to a few values are taken to be while all of these are tried.
    pub(super) assumed: RefCell<BTreeMap<String, Value>>,
    /// Such parameters that were asked for.
    pub(super) asked: RefCell<BTreeSet<String>>,
    /// The items of loops that hang on defaults, by the names that stand for them.
    pub(super) items: RefCell<BTreeMap<String, Value>>,
    /// Whether defaults count.
    pub(super) is_counting: Cell<bool>,
    pub(super) mappings: Map<String, Value>,
    pub(super) conditions: Map<String, Value>,
    outputs: Map<String, Value>,
    /// The resources that references may lead to, and their types.
    pub(super) resources: BTreeMap<String, String>,
    /// The stacks that it deploys.
    pub(super) nested: RefCell<BTreeMap<String, Nested<'s>>>,
    /// What each condition that was asked for comes to. One that is being asked for is not known: it asks for itself.
    pub(super) holding: RefCell<BTreeMap<String, Holding>>,
}

impl<'s> Template<'s> {
    /// Those of a template without its resources.
    pub(super) fn of(template: &Map<String, Value>, given: &Given, stacks: &'s Stacks<'s>) -> Self {
        let map = |name: &str| {
            template
                .get(name)
                .and_then(Value::as_object)
                .filter(|map| !is_remade(map))
                .cloned()
                .unwrap_or_default()
        };
        let macros = macros(template);
        let mut found = Self {
            stacks,
            within: given.within.clone(),
            is_open: given.is_open || !macros.is_empty(),
            macros,
            inner: BTreeSet::new(),
            folder: given.folder.clone(),
            parameters: Parameters::of(&map("Parameters"), given),
            assumed: RefCell::default(),
            asked: RefCell::default(),
            items: RefCell::default(),
            is_counting: Cell::new(false),
            mappings: map("Mappings"),
            conditions: Map::new(),
            outputs: Map::new(),
            resources: BTreeMap::new(),
            nested: RefCell::default(),
            holding: RefCell::default(),
        };
        found.conditions = loops::in_map(map("Conditions"), &found);
        found.outputs = loops::in_map(map("Outputs"), &found);
        parameters::obey(&mut found, &map("Rules"), &map("Parameters"));
        found
    }

    /// The resources that references may lead to. What a custom resource or a nested stack returns is not known by that, not
    /// even whether it is set.
    pub(super) fn add_resources(&mut self, resources: &[(String, Value)]) {
        let kind = |resource: &Value| resource.get("Type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let all = resources.iter().map(|(id, resource)| (id.clone(), kind(resource)));
        let is_known = |kind: &str| !kind.starts_with("Custom::") && !kind.starts_with("AWS::CloudFormation::");
        self.resources.extend(all.filter(|(_, kind)| is_known(kind)));
        let nested = resources
            .iter()
            .filter_map(|(id, resource)| Some((id.clone(), Nested::of(resource)?)));
        self.nested.borrow_mut().extend(nested);
    }

    /// What something comes to if nobody gives a parameter: for what is counted, and never for what is judged.
    pub(super) fn counting<T>(&self, look: impl FnOnce() -> T) -> T {
        let held = self.holding.take();
        let before = self.is_counting.replace(true);
        let found = look();
        self.is_counting.set(before);
        self.holding.replace(held);
        found
    }

    /// The same again of what is kept for whoever asks next, while something is counted or tried.
    pub(super) fn plainly<T>(&self, look: impl FnOnce() -> T) -> T {
        let held = self.holding.take();
        let (assumed, asked) = (self.assumed.take(), self.asked.take());
        let counting = self.is_counting.replace(false);
        let found = look();
        self.is_counting.set(counting);
        self.assumed.replace(assumed);
        self.asked.replace(asked);
        self.holding.replace(held);
        found
    }

    /// What a stack that deploys the template returns under a name.
    pub(super) fn output(&self, name: &str) -> Option<Value> {
        let output = self.outputs.get(name)?;
        self.settled(self.copied(output.get("Value")?)?)
    }
}

/// The macros of somebody's own that a template is put through. What the provider's own transforms do is known.
fn macros(template: &Map<String, Value>) -> Vec<String> {
    let names = ["Transform", "Fn::Transform"].iter().filter_map(|key| template.get(*key));
    names.flat_map(own).collect()
}

/// The macros of somebody's own that a transform names. One whose name is not told may be such.
fn own(transform: &Value) -> Vec<String> {
    let name = |one: &Value| {
        let name = one.as_str().or_else(|| one.get("Name")?.as_str());
        name.unwrap_or("Fn::Transform").to_owned()
    };
    let names = match transform {
        Value::Array(items) => items.iter().map(name).collect(),
        Value::Null => Vec::new(),
        one => vec![name(one)],
    };
    let is_provided = |name: &String| name.split_once("::").is_some_and(|(vendor, _)| provider::is_own_vendor(vendor));
    names.into_iter().filter(|name| !is_provided(name)).collect()
}

/// Whether a macro of somebody's own makes another map of one: it is given all that stands beside it, and may replace that.
pub(super) fn is_remade(map: &Map<String, Value>) -> bool {
    map.get("Fn::Transform").is_some_and(|transform| !own(transform).is_empty())
}

/// The macros of somebody's own that parts of a template are put through.
pub(super) fn macros_in(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| macros_in(item, into)),
        Value::Object(map) => {
            into.extend(map.get("Fn::Transform").map(own).unwrap_or_default());
            map.values().for_each(|value| macros_in(value, into));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
