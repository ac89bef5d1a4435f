//! One stack: a template as it is deployed once.
//!
//! In: a template and what it is given. Out: its resources, those of the stacks in it included, each as an entry; and what
//! deploys more than can be counted.

use super::functions::Settled;
use super::nested::{Given, Nested, Stacks, names_template};
use super::template::{Template, is_remade, macros_in};
use super::{HELP, PROCESSED, budget, loops};
use crate::catalog::attributes::open::{OPEN, is_open, open};
use crate::catalog::{cdk, implied, provider};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::inventory::Conditional;
use crate::inventory::import::paths::text;
use crate::inventory::import::{Found, ImportedResource, json, location, names, secrets};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A template as it is deployed.
pub(super) struct Stack<'s> {
    pub(super) template: Template<'s>,
    resources: Vec<(String, Value)>,
    modules: Map<String, Value>,
    globals: Value,
    /// The loops whose items are not known.
    unknown: Vec<String>,
}

/// What a logical id stands for.
pub(super) enum Entry {
    /// A resource, and the condition that it stands under.
    Own(Box<Found>, Option<String>),
    /// A type of somebody else, whose it is, and the id.
    Other(String, String, String),
}

/// What the stacks of a file come to.
pub(super) struct Deployed<'f> {
    file: &'f Arc<str>,
    place: &'f Place,
    pub(super) entries: Vec<Entry>,
    pub(super) conditional: Vec<Conditional>,
    pub(super) warnings: Vec<Diagnostic>,
    /// How many resources are helpers of the program that wrote the template.
    pub(super) helpers: usize,
}

impl<'s> Stack<'s> {
    /// The stack of a template; none if that has no resources.
    pub(super) fn of(mut template: Map<String, Value>, given: &Given, stacks: &'s Stacks<'s>) -> Option<Self> {
        let modules = template.shift_remove("Modules").and_then(|modules| modules.as_object().cloned());
        let resources = match template.shift_remove("Resources") {
            Some(Value::Object(resources)) => resources,
            None if modules.is_some() => Map::new(),
            Some(_) | None => return None,
        };
        let mut context = Template::of(&template, given, stacks);
        let is_open = is_remade(&resources) || template.get("Globals").and_then(Value::as_object).is_some_and(is_remade);
        context.is_open |= is_open;
        let resources = Value::Object(resources);
        let parts = template.values().chain([&resources]);
        parts.for_each(|part| macros_in(part, &mut context.inner));
        let Value::Object(resources) = resources else { return None };
        let (mut resources, unknown) = loops::expanded(resources, &context);
        resources.extend(implied::implied(&resources));
        context.add_resources(&resources);
        Some(Self {
            template: context,
            resources,
            modules: modules.unwrap_or_default(),
            globals: template.shift_remove("Globals").unwrap_or_default(),
            unknown,
        })
    }

    /// Looks at all stacks in it.
    pub(super) fn open_all(&self) {
        let ids: Vec<String> = self.template.nested.borrow().keys().cloned().collect();
        ids.iter().for_each(|id| self.template.open(id));
    }

    /// Adds what it deploys. `under`: the condition of a stack around it.
    pub(super) fn deploy(self, under: Option<&str>, into: &mut Deployed<'_>) {
        let Self {
            template,
            resources,
            modules,
            globals,
            unknown,
        } = self;
        for id in unknown {
            let id = address(&template, &id);
            into.partial(
                format!("`{id}` makes resources that only CloudFormation can count; one of each is counted"),
                PROCESSED,
            );
        }
        for (id, module) in modules {
            let source = module.get("Source").and_then(Value::as_str).unwrap_or("module").to_owned();
            into.module(address(&template, &id), source);
        }
        for name in &template.macros {
            let name = secrets::told(name.clone());
            let what = format!(
                "the macro `{name}` may make anything of the template: its resources are counted as they are written, and nothing is known of their properties"
            );
            into.partial(what, PROCESSED);
        }
        for name in template.inner.iter().filter(|name| !template.macros.contains(name)) {
            let name = secrets::told(name.clone());
            let what =
                format!("the macro `{name}` may make anything of what stands beside it in the template, and nothing is known of that");
            into.partial(what, PROCESSED);
        }
        let mut nested = template.nested.take();
        for (id, resource) in resources {
            let at = address(&template, &id);
            if let Some(source) = resource.get("Type").and_then(module) {
                into.module(at, source);
                continue;
            }
            let kind = resource
                .get("Type")
                .and_then(Value::as_str)
                .filter(|kind| !kind.is_empty())
                .map(str::to_owned);
            let (Value::Object(mut resource), Some(kind)) = (resource, kind) else {
                let what = if id == "Fn::Transform" {
                    "a macro makes resources that only CloudFormation can count".to_owned()
                } else {
                    format!("`Resources.{id}` has no `Type` and is left out")
                };
                into.partial(what, HELP);
                continue;
            };
            let condition = resource
                .get("Condition")
                .map(|condition| condition.as_str().unwrap_or("a condition").to_owned());
            if condition.as_deref().is_some_and(|name| template.never(name)) {
                continue;
            }
            let condition = condition.or_else(|| under.map(str::to_owned));
            if let Some(condition) = &condition {
                into.conditional.push(Conditional {
                    condition: secrets::told(condition.clone()),
                    kind: kind.clone(),
                    address: Some(secrets::told(at.clone())),
                    from: into.file.clone(),
                });
            }
            let inner = nested.remove(&id);
            if !matches!(inner, Some(Nested::Open(_)))
                && let Some((word, help)) = deploys_more(&at, &kind, &resource, inner.as_ref())
            {
                into.partial(word, help);
            }
            let vendor = kind.split("::").next().unwrap_or_default();
            if !provider::is_own_vendor(vendor) && kind.contains("::") {
                let vendor = vendor.to_lowercase();
                into.entries.push(Entry::Other(kind, vendor, at));
                continue;
            }
            with_globals(&kind, &mut resource, &globals, &template);
            let supports = is_helper(&id, &resource, &template);
            into.helpers += usize::from(supports);
            let mut found = one(&id, kind.into(), resource, &template);
            found.resource.supports = supports;
            into.entries.push(Entry::Own(Box::new(found), condition.clone()));
            if let Some(Nested::Open(stack)) = inner {
                stack.deploy(condition.as_deref(), into);
            }
        }
    }
}

impl<'f> Deployed<'f> {
    /// Nothing so far.
    pub(super) fn new(file: &'f Arc<str>, place: &'f Place) -> Self {
        Self {
            file,
            place,
            entries: Vec::new(),
            conditional: Vec::new(),
            warnings: Vec::new(),
            helpers: 0,
        }
    }

    fn partial(&mut self, what: String, help: &str) {
        self.warnings
            .push(Diagnostic::new(Code::ImportPartial, what).at(self.place.clone()).help(help));
    }

    fn module(&mut self, id: String, source: String) {
        self.partial(
            format!("`{id}` is the module `{source}`, whose resources are not counted here"),
            PROCESSED,
        );
        self.entries.push(Entry::Other(source, "module".to_owned(), id));
    }
}

/// Where a resource stands: its id behind those of the stacks around it.
fn address(template: &Template<'_>, id: &str) -> String {
    format!("{}{id}", template.within)
}

/// The source of a module that stands in the place of a type: `Type: !Rain::Module ./bucket.yaml`.
fn module(kind: &Value) -> Option<String> {
    let function = kind.as_object().filter(|function| function.len() == 1)?;
    let (_, source) = function.iter().find(|(name, _)| name.starts_with("Fn::"))?;
    source.as_str().map(|source| secrets::told(source.to_owned()))
}

/// What a resource that stands for more than itself deploys, in words, and what helps.
fn deploys_more(id: &str, kind: &str, resource: &Map<String, Value>, nested: Option<&Nested<'_>>) -> Option<(String, &'static str)> {
    if kind.ends_with("::MODULE") {
        let what = format!("`{id}` is the module `{kind}`, whose resources only CloudFormation can count");
        return Some((what, PROCESSED));
    }
    let of = names_template(kind, resource)?;
    let why = match nested {
        Some(Nested::Closed(Some(why))) => format!(": {why}"),
        _ => String::new(),
    };
    let help = "import the other template, too, or the processed one of each stack";
    Some((format!("`{id}` deploys the resources{of}, which are not counted here{why}"), help))
}

/// Whether a resource is one that the program which wrote the template added for itself.
fn is_helper(id: &str, resource: &Map<String, Value>, template: &Template<'_>) -> bool {
    let path = resource.get("Metadata").and_then(|metadata| metadata.get("aws:cdk:path")?.as_str());
    template.stacks.is_helper(id) || path.is_some_and(cdk::is_helper_at) || cdk::is_helper_id(id)
}

/// What SAM's `Globals` say of all resources of a kind.
fn with_globals(kind: &str, resource: &mut Map<String, Value>, globals: &Value, context: &Template<'_>) {
    let Some(Value::Object(shared)) = kind.strip_prefix("AWS::Serverless::").and_then(|name| globals.get(name)) else {
        return;
    };
    let length = shared.iter().map(|(key, value)| key.len() + budget::size(value)).sum();
    if !context.stacks.budget.spend(length) {
        return;
    }
    let properties = resource.entry("Properties").or_insert_with(|| Map::new().into());
    if let Value::Object(properties) = properties {
        merge(properties, shared);
    }
}

fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (None, _) => {
                into.insert(key.clone(), value.clone());
            }
            (Some(Value::Object(into)), Value::Object(from)) => merge(into, from),
            (Some(_), _) => {}
        }
    }
}

fn one(id: &str, kind: Arc<str>, mut resource: Map<String, Value>, context: &Template<'_>) -> Found {
    let is_remade = context.is_open || is_remade(&resource);
    let properties = match resource.shift_remove("Properties").map(|properties| context.settled(properties)) {
        _ if context.is_open || resource.contains_key("Fn::Transform") => Map::from_iter([(OPEN.to_owned(), true.into())]),
        Some(Some(Value::Object(properties))) => properties,
        Some(_) => Map::from_iter([(OPEN.to_owned(), true.into())]),
        None => Map::new(),
    };
    let tags = json::tags(properties.get("Tags").filter(|tags| !is_open(tags)));
    let mut config = json::attributes(&kind, Value::Object(properties));
    // Declarations find it beside the properties.
    let policy = match resource
        .shift_remove("DeletionPolicy")
        .filter(|_| !is_remade)
        .map(|policy| context.settle(policy, 0))
    {
        Some(Settled::Value(policy)) => Some(policy),
        Some(Settled::Unknown) => Some(open()),
        Some(Settled::Nothing) | None => None,
    };
    if let Some(policy) = policy {
        config.entry("deletion_policy").or_insert(policy);
    }
    // A name that the template gives is the one that it has when it is deployed.
    let given = name(&kind, &config, &[]);
    let name = given
        .clone()
        .or_else(|| name(&kind, &config, &tags))
        .unwrap_or_else(|| id.to_owned());
    let resource = ImportedResource {
        name: Some(name),
        id: given,
        by_name: true,
        address: address(context, id),
        // All else that a template says in a property is about other resources.
        region: location::by_zone(&kind, &config).map(Arc::from),
        tags,
        config,
        kind,
        ..ImportedResource::default()
    };
    Found {
        called: vec![format!("${{{}}}", address(context, id))],
        ..Found::alone(resource)
    }
}

/// The name that a resource has in AWS, where the template settles it.
fn name(kind: &str, config: &Map<String, Value>, tags: &[(Arc<str>, String)]) -> Option<String> {
    let last = kind.rsplit("::").next().unwrap_or(kind);
    let last = crate::inventory::normalised(&Map::from_iter([(last.to_owned(), Value::Null)]));
    let last = last.keys().next()?;
    let name = text(config, &format!("{last}_name")).or_else(|| names::name(&format!("aws_{last}"), config, tags))?;
    (!name.contains("${")).then(|| name.to_owned())
}
