//! Stacks that a template deploys: those whose template lies beside it.
//!
//! In: a resource that stands for another template. Out: that template with what it is given, or why it is not known. Each
//! stack is one of its own, so that a template is read once and counted for each stack that deploys it.

use super::budget::{Budget, size};
use super::decode;
use super::stack::Stack;
use super::template::{Template, is_remade};
use crate::catalog::attributes::open::{OPEN, is_open as is_open_value};
use crate::diagnostics::{Diagnostic, Place};
use crate::inventory::import::beside::{self, Beside};
use crate::source::secrets;
use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// Types that stand for another template, and the property that names it.
const NESTED: &[(&str, &str)] = &[
    ("AWS::CloudFormation::Stack", "TemplateURL"),
    ("AWS::CloudFormation::StackSet", "TemplateURL"),
    ("AWS::Serverless::Application", "Location"),
];

/// Of these each resource is one stack; a set deploys as many as it has accounts and Regions.
const FOLLOWED: &[&str] = &["AWS::CloudFormation::Stack", "AWS::Serverless::Application"];

/// What a stack is given by the one around it.
#[derive(Default)]
pub(super) struct Given {
    /// The parameters that it is given, whose values may not be known.
    pub(super) parameters: BTreeMap<String, Option<Value>>,
    /// What they come to where nobody gives those of the stack around.
    pub(super) counted: BTreeMap<String, Value>,
    /// Whether it is given nothing else, so that the others are their defaults.
    pub(super) is_all: bool,
    /// Whether it may be another template that is deployed.
    pub(super) is_open: bool,
    /// What stands before the names of its resources.
    pub(super) within: String,
    /// The folder of its template.
    pub(super) folder: PathBuf,
}

/// A stack in a template.
pub(super) enum Nested<'s> {
    /// Not looked at yet: the resource.
    Waiting(Value),
    /// Being looked at; what asks for it now asks for itself.
    Busy,
    /// With what it deploys.
    Open(Box<Stack<'s>>),
    /// Not known, with the words why, where it could have been.
    Closed(Option<String>),
}

impl Nested<'_> {
    /// The stack that a resource stands for, if it does for one.
    pub(super) fn of(resource: &Value) -> Option<Self> {
        let kind = resource.get("Type")?.as_str()?;
        FOLLOWED.contains(&kind).then(|| Nested::Waiting(resource.clone()))
    }
}

/// What is known of all templates of a file together.
pub(super) struct Stacks<'a> {
    file: Arc<str>,
    beside: Option<&'a Beside>,
    /// What is the same in all templates, whatever they say.
    pseudo: Vec<(&'static str, String)>,
    /// What all functions and loops may still come to.
    pub(super) budget: Budget,
    /// Templates that were read, by their paths.
    read: RefCell<BTreeMap<PathBuf, Rc<Map<String, Value>>>>,
    /// The paths of those that are being looked at, within one another.
    open: RefCell<Vec<PathBuf>>,
    depth: Cell<usize>,
    /// What is wrong with templates beside the file.
    pub(super) warnings: RefCell<Vec<Diagnostic>>,
}

impl<'a> Stacks<'a> {
    /// Those of a file of which nothing was looked at so far.
    pub(super) fn new(file: &Arc<str>, beside: Option<&'a Beside>, pseudo: Vec<(&'static str, String)>) -> Self {
        let own = Path::new(&**file).file_name().map(PathBuf::from).unwrap_or_default();
        Self {
            file: file.clone(),
            beside,
            pseudo,
            budget: Budget::default(),
            read: RefCell::default(),
            open: RefCell::new(vec![own]),
            depth: Cell::new(0),
            warnings: RefCell::default(),
        }
    }

    /// The value of a pseudo parameter.
    pub(super) fn pseudo(&self, name: &str) -> Option<&str> {
        self.pseudo
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether a resource is one that the program which wrote the template added for itself.
    pub(super) fn is_helper(&self, id: &str) -> bool {
        self.beside.is_some_and(|beside| beside.helpers.contains(id))
    }

    /// The path of the template that a resource names: one that lies beside the file, or one that was packed from there.
    /// Beside it whether that hangs on a default.
    fn path(&self, of: &Template<'_>, kind: &str, resource: &Value) -> Option<(PathBuf, bool)> {
        let (_, property) = NESTED.iter().find(|(known, _)| *known == kind)?;
        let names = resource.get("Properties")?.get(*property)?;
        let beside = self.beside?;
        let packed = resource
            .get("Metadata")
            .and_then(|metadata| metadata.get("aws:asset:path")?.as_str());
        if let Some(path) = packed {
            return Some((beside::plain(Path::new(path)), false));
        }
        let settled = of.copied(names).and_then(|names| of.settled(names));
        let is_open = settled.is_none();
        let named = settled.or_else(|| of.copied(names).and_then(|names| of.counting(|| of.settled(names))));
        if let Some(path) = named.as_ref().and_then(Value::as_str).and_then(local) {
            return Some((beside::plain(&of.folder.join(path)), is_open));
        }
        let mut texts = Vec::new();
        strings(names, &mut texts);
        let key = |text: &&str| text.rsplit('/').next().and_then(|name| name.split('.').next()).map(str::to_owned);
        texts
            .iter()
            .filter_map(key)
            .find_map(|key| Some((beside.assets.get(&key)?.clone(), false)))
    }

    /// The template at a path, which is read once.
    fn template(&self, path: &Path) -> Result<Map<String, Value>, String> {
        if let Some(known) = self.read.borrow().get(path) {
            let length = known.iter().map(|(key, value)| key.len() + size(value)).sum();
            let copy = || known.as_ref().clone();
            return self.budget.spend(length).then(copy).ok_or_else(|| "comes to too much".to_owned());
        }
        let beside = self.beside.ok_or_else(|| "is not there".to_owned())?;
        let bytes = beside.read(path)?;
        let file: Arc<str> = Path::new(&*self.file).with_file_name(path).display().to_string().into();
        let place = Place::file(file.clone());
        match decode::template(&bytes, &file, &place) {
            Ok(template) => {
                self.read.borrow_mut().insert(path.to_owned(), Rc::new(template.root.clone()));
                self.warnings.borrow_mut().extend(template.warning);
                Ok(template.root)
            }
            Err(faults) => Err(faults.into_iter().next().map_or_else(
                || "is no template".to_owned(),
                |fault| format!("is no template that can be read: {}", fault.message),
            )),
        }
    }

    /// The stack that a resource of a template stands for.
    fn opened<'s>(&'s self, of: &Template<'s>, id: &str, resource: &Value) -> Nested<'s>
    where
        'a: 's,
    {
        let kind = resource.get("Type").and_then(Value::as_str).unwrap_or_default();
        let Some((path, is_other)) = self.path(of, kind, resource) else {
            return Nested::Closed(None);
        };
        let shown = secrets::told(path.display().to_string());
        if self.open.borrow().contains(&path) {
            return Nested::Closed(Some(format!("`{shown}` deploys itself")));
        }
        if !self.budget.nests(self.depth.get() + 1) {
            return Nested::Closed(Some(format!("`{shown}` lies beyond a limit")));
        }
        let template = match self.template(&path) {
            Ok(template) => template,
            Err(why) => return Nested::Closed(Some(format!("`{shown}` {why}"))),
        };
        let properties = resource.get("Properties").and_then(Value::as_object);
        let settled = || match properties.and_then(|properties| properties.get("Parameters")) {
            None => Some(Map::new()),
            Some(parameters) => of.copied(parameters).and_then(|parameters| match of.settled(parameters)? {
                Value::Object(parameters) => Some(parameters),
                _ => None,
            }),
        };
        let parameters = settled();
        let counted = of.counting(settled).into_iter().flatten();
        // A macro may add whatever it wants.
        let is_open = |map: &Map<String, Value>| map.contains_key(OPEN) || map.contains_key("Fn::Transform");
        let given = Given {
            is_all: !properties.is_some_and(is_open) && parameters.as_ref().is_some_and(|parameters| !is_open(parameters)),
            is_open: of.is_open || is_other || properties.is_some_and(is_remade) || resource.as_object().is_some_and(is_remade),
            counted: counted.filter(|(_, value)| !is_open_value(value)).collect(),
            parameters: parameters
                .into_iter()
                .flatten()
                .map(|(name, value)| (name, Some(value).filter(|value| !is_open_value(value))))
                .collect(),
            within: format!("{}{id}/", of.within),
            folder: path.parent().map(Path::to_owned).unwrap_or_default(),
        };
        self.open.borrow_mut().push(path);
        self.depth.set(self.depth.get() + 1);
        let stack = Stack::of(template, &given, self);
        if let Some(stack) = &stack {
            stack.open_all();
        }
        self.depth.set(self.depth.get() - 1);
        self.open.borrow_mut().pop();
        match stack {
            Some(stack) => Nested::Open(Box::new(stack)),
            None => Nested::Closed(Some(format!("`{shown}` has no `Resources`"))),
        }
    }
}

impl<'s> Template<'s> {
    /// Looks at a stack in the template, if nobody did.
    pub(super) fn open(&self, id: &str) {
        let waiting = match self.nested.borrow_mut().get_mut(id) {
            Some(nested @ Nested::Waiting(_)) => std::mem::replace(nested, Nested::Busy),
            _ => return,
        };
        if let Nested::Waiting(resource) = waiting {
            let opened = self.plainly(|| self.stacks.opened(self, id, &resource));
            self.nested.borrow_mut().insert(id.to_owned(), opened);
        }
    }

    /// What a stack in the template returns under a name.
    pub(super) fn returned(&self, id: &str, name: &str) -> Option<Value> {
        self.open(id);
        match self.nested.borrow().get(id)? {
            Nested::Open(stack) => stack.template.output(name),
            _ => None,
        }
    }
}

/// What a resource that stands for another template names, in words.
pub(super) fn names_template(kind: &str, resource: &Map<String, Value>) -> Option<String> {
    let (_, property) = NESTED.iter().find(|(known, _)| *known == kind)?;
    let of = resource
        .get("Properties")
        .and_then(|properties| properties.get(*property)?.as_str());
    let of = of.filter(|of| !secrets::hold_secret(of));
    Some(of.map_or_else(String::new, |of| format!(" of `{of}`")))
}

/// A path from the template's own folder: no address, none from the root, none with what is not known in it.
fn local(name: &str) -> Option<&Path> {
    let path = Path::new(name.strip_prefix("file://").unwrap_or(name));
    let is_local = !name.contains("${") && !path.is_absolute() && !path.to_string_lossy().contains("://") && !name.is_empty();
    is_local.then_some(path)
}

/// All texts in a value.
fn strings<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, into)),
        Value::Object(map) => map.values().for_each(|value| strings(value, into)),
        _ => {}
    }
}
