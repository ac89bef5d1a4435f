//! CloudFormation and SAM templates, in YAML with all short tags or in JSON.
//!
//! In: a template, or what `aws cloudformation get-template` answers. Out: one resource for each logical id, with those
//! properties that the template itself settles. What deploys more than the template can say (nested stacks, modules,
//! loops over what is not known) is counted and named.

mod budget;
mod decode;
mod functions;
mod loops;

use super::json;
use super::location;
use super::paths::text;
use super::sink::Intake;
use super::{Found, ImportedResource, Importer, names, secrets};
use crate::catalog::attributes::Origin;
use crate::catalog::attributes::open::{OPEN, is_open};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Severity};
use crate::inventory::Conditional;
use crate::source::Stream;
use crate::source::keys::Keys;
use crate::source::text::unicode_beginning;
use functions::Template;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The importer of templates.
pub(super) struct CloudFormation;

const PROCESSED: &str = "import the processed template: `aws cloudformation get-template --template-stage Processed`";
const HELP: &str = "`aws cloudformation validate-template` and cfn-lint tell more";

/// Types that stand for another template.
const NESTED: &[(&str, &[&str])] = &[
    ("AWS::CloudFormation::Stack", &["TemplateURL"]),
    ("AWS::CloudFormation::StackSet", &["TemplateURL"]),
    ("AWS::Serverless::Application", &["Location"]),
];

impl Importer for CloudFormation {
    fn id(&self) -> &'static str {
        "cloudformation"
    }

    fn name(&self) -> &'static str {
        "CloudFormation"
    }

    fn origin(&self) -> Option<Origin> {
        Some(Origin::CloudFormation)
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let keys = Keys::of(bytes);
        if ["AWSTemplateFormatVersion", "TemplateBody"].iter().any(|key| keys.has(key)) || keys.has_types_in("Resources") {
            return true;
        }
        let text = unicode_beginning(&bytes[..bytes.len().min(4 * 1024 * 1024)]);
        if text.trim_start().starts_with(['{', '[']) {
            // JSON that is broken before its first key is whole, or YAML that begins so.
            return text.contains("\"AWSTemplateFormatVersion\"");
        }
        // A template may be indented as a whole.
        let is_content = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with(['#', '-', '%']);
        let indent = text.lines().find(is_content).map_or(0, |line| line.len() - line.trim_start().len());
        let top = |line: &str, key: &str| {
            let Some(line) = line.get(indent..) else { return false };
            let line = line.trim_start_matches(['"', '\'']);
            line.strip_prefix(key)
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
        };
        let is_type = |line: &str| {
            let line = line.trim_start().trim_start_matches(['"', '\'']);
            let rest = line.strip_prefix("Type").map(|rest| rest.trim_start_matches(['"', ':', ' ', '\'']));
            rest.is_some_and(|rest| rest.contains("::"))
        };
        !text.lines().any(|line| top(line, "inventory"))
            && (text.lines().any(|line| top(line, "AWSTemplateFormatVersion"))
                || text.lines().any(|line| top(line, "Resources"))
                    && text.lines().any(|line| is_type(line) || line.contains("Type: AWS::")))
    }

    fn if_empty(&self) -> &'static str {
        "a template without resources deploys nothing"
    }

    fn is_of_one_account(&self) -> bool {
        // A template is of any account that it is deployed in.
        false
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        let (file, place) = (stream.file.clone(), stream.place.clone());
        let mut template = decode::template(&stream.whole()?, &file, &place)?;
        let partial = |what: String, help: &str| Diagnostic::new(Code::ImportPartial, what).at(place.clone()).help(help);
        let modules = template.shift_remove("Modules").and_then(|modules| modules.as_object().cloned());
        let resources = match template.shift_remove("Resources") {
            Some(Value::Object(resources)) => resources,
            None if modules.is_some() => Map::new(),
            Some(_) | None => {
                return Err(vec![
                    Diagnostic::new(Code::ImportFailed, format!("`{file}` has no `Resources`"))
                        .at(place.clone())
                        .help(self.if_empty()),
                ]);
            }
        };
        let mut context = Template::of(&template);
        let (resources, unknown) = loops::expanded(resources, &context);
        for id in unknown {
            intake.warnings.push(partial(
                format!("`{id}` makes resources that only CloudFormation can count; one of each is counted"),
                PROCESSED,
            ));
        }
        context.add_resources(&resources);
        let mut found = Vec::new();
        for (id, module) in modules.unwrap_or_default() {
            let source = module.get("Source").and_then(Value::as_str).unwrap_or("module").to_owned();
            intake.warnings.push(is_module(&id, &source, &partial));
            found.push(Entry::Other(source, "module".to_owned(), id));
        }
        let globals = template.get("Globals").cloned().unwrap_or_default();
        for (id, resource) in resources {
            if let Some(source) = resource.get("Type").and_then(module) {
                intake.warnings.push(is_module(&id, &source, &partial));
                found.push(Entry::Other(source, "module".to_owned(), id));
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
                intake.warnings.push(partial(what, HELP));
                continue;
            };
            if let Some(condition) = resource.get("Condition") {
                intake.conditional.push(Conditional {
                    condition: secrets::told(condition.as_str().unwrap_or("a condition").to_owned()),
                    kind: kind.clone(),
                    address: Some(secrets::told(id.clone())),
                    from: file.clone(),
                });
            }
            if let Some(word) = deploys_more(&id, &kind, &resource) {
                intake
                    .warnings
                    .push(partial(word, "import the other template, too, or the processed one of each stack"));
            }
            let provider = kind.split("::").next().unwrap_or_default();
            if !crate::catalog::provider::is_own_vendor(provider) && kind.contains("::") {
                let provider = provider.to_lowercase();
                found.push(Entry::Other(kind, provider, id));
                continue;
            }
            with_globals(&kind, &mut resource, &globals, &context);
            found.push(Entry::Own(Box::new(one(&id, kind.into(), resource, &context))));
        }
        intake.warnings.extend(beyond(&context, &place));
        intake.warnings.extend(are_conditional(intake.conditional.len(), &file, &place));
        intake.pieces(
            false,
            |send| {
                (0..).zip(found).for_each(send);
                Ok(())
            },
            |(order, entry), sink| match entry {
                Entry::Own(found) => sink.add(*found, order),
                Entry::Other(kind, provider, id) => sink.add_other(&kind, &provider, Some(id), order),
            },
        )
    }
}

/// That resources stand under a condition.
fn are_conditional(count: usize, file: &str, place: &Place) -> Option<Diagnostic> {
    let (resources, stand) = if count == 1 {
        ("resource", "stands")
    } else {
        ("resources", "stand")
    };
    let what = format!("{count} {resources} of `{file}` {stand} under a condition and are counted as deployed");
    let note = Diagnostic {
        severity: Severity::Note,
        ..Diagnostic::new(Code::ImportPartial, what).at(place.clone())
    };
    (count > 0).then(|| note.help("import what is deployed instead, from AWS Config or Resource Explorer, where that is not so"))
}

/// What goes beyond a limit and is left unknown.
fn beyond(context: &Template, place: &Place) -> Vec<Diagnostic> {
    let warning = |beyond: String| Diagnostic {
        severity: Severity::Warning,
        ..Diagnostic::new(Code::LimitReached, format!("the {beyond}, and what is beyond that is left unknown"))
            .at(place.clone())
            .help("import what is deployed instead, from AWS Config or Resource Explorer; docs/limits.md lists all limits")
    };
    context.budget.beyond().into_iter().map(warning).collect()
}

/// What a logical id stands for.
enum Entry {
    /// A resource.
    Own(Box<Found>),
    /// A type of somebody else, whose it is, and the id.
    Other(String, String, String),
}

fn is_module(id: &str, source: &str, partial: &dyn Fn(String, &str) -> Diagnostic) -> Diagnostic {
    partial(
        format!("`{id}` is the module `{source}`, whose resources are not counted here"),
        PROCESSED,
    )
}

/// The source of a module that stands in the place of a type: `Type: !Rain::Module ./bucket.yaml`.
fn module(kind: &Value) -> Option<String> {
    let function = kind.as_object().filter(|function| function.len() == 1)?;
    let (_, source) = function.iter().find(|(name, _)| name.starts_with("Fn::"))?;
    source.as_str().map(|source| secrets::told(source.to_owned()))
}

/// What a resource that stands for more than itself deploys, in words.
fn deploys_more(id: &str, kind: &str, resource: &Map<String, Value>) -> Option<String> {
    if kind.ends_with("::MODULE") {
        return Some(format!(
            "`{id}` is the module `{kind}`, whose resources only CloudFormation can count"
        ));
    }
    let (_, keys) = NESTED.iter().find(|(known, _)| *known == kind)?;
    let of = keys.iter().find_map(|key| resource.get("Properties")?.get(*key)?.as_str());
    let of = of
        .filter(|of| !secrets::hold_secret(of))
        .map_or_else(String::new, |of| format!(" of `{of}`"));
    Some(format!("`{id}` deploys the resources{of}, which are not counted here"))
}

/// What SAM's `Globals` say of all resources of a kind.
fn with_globals(kind: &str, resource: &mut Map<String, Value>, globals: &Value, context: &Template) {
    let Some(Value::Object(shared)) = kind.strip_prefix("AWS::Serverless::").and_then(|name| globals.get(name)) else {
        return;
    };
    let length = shared.iter().map(|(key, value)| key.len() + budget::size(value)).sum();
    if !context.budget.spend(length) {
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

fn one(id: &str, kind: Arc<str>, mut resource: Map<String, Value>, context: &Template) -> Found {
    let properties = match resource.shift_remove("Properties").map(|properties| context.settled(properties)) {
        Some(Some(Value::Object(properties))) => properties,
        Some(_) => Map::from_iter([(OPEN.to_owned(), true.into())]),
        None => Map::new(),
    };
    let tags = json::tags(properties.get("Tags").filter(|tags| !is_open(tags)));
    let mut config = json::attributes(&kind, Value::Object(properties));
    if let Some(policy) = resource.shift_remove("DeletionPolicy") {
        // Declarations find it beside the properties.
        config.entry("deletion_policy").or_insert(policy);
    }
    let name = name(&kind, &config, &tags).unwrap_or_else(|| id.to_owned());
    let resource = ImportedResource {
        name: Some(name),
        address: id.to_owned(),
        // All else that a template says in a property is about other resources.
        region: location::by_zone(&config).map(Arc::from),
        tags,
        config,
        kind,
        ..ImportedResource::default()
    };
    Found {
        called: vec![format!("${{{id}}}")],
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
