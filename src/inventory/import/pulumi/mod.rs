//! What `pulumi stack export` prints, and the checkpoints that Pulumi keeps in a bucket or a folder.
//!
//! In: a deployment: resources with their URNs, types, inputs and outputs. Out: one resource for each that Pulumi manages, under
//! the type and the attributes of Terraform or CloudFormation, whose they are. Components stand for nothing by themselves;
//! what was only read, and what is yet to be deleted, is left out and said.

mod values;

use super::location::{self, Configured, is_account, is_region};
use super::sink::{Intake, Sink};
use super::{Found, Head, ImportedResource, Importer, json, names, second, secrets};
use crate::catalog::Arn;
use crate::catalog::predicate::NOT_TOLD;
use crate::catalog::pulumi::{self, Token};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Severity};
use crate::source::Stream;
use crate::source::secrets::Marked;
use crate::source::text;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The importer of stacks.
pub(super) struct Pulumi;

const HELP: &str = "`pulumi stack export > stack.json` writes what is deployed; leave `--show-secrets` out";

const EXPORT: text::Kind = text::Kind {
    help: HELP,
    several: false,
};

impl Importer for Pulumi {
    fn id(&self) -> &'static str {
        "pulumi"
    }

    fn name(&self) -> &'static str {
        "Pulumi stack"
    }

    fn reads(&self) -> &'static str {
        "Pulumi: `pulumi stack export`"
    }

    fn begins(&self, head: &Head<'_>) -> bool {
        let keys = &head.keys;
        let parts = ["manifest", "resources", "secrets_providers"];
        keys.has("version#") && parts.iter().any(|part| keys.has(&format!("deployment.{part}")))
            || keys.has("checkpoint.latest") && keys.has("checkpoint.stack")
    }

    fn if_empty(&self) -> &'static str {
        "nothing was deployed yet, or all was destroyed"
    }

    fn is_of_one_account(&self) -> bool {
        // As in Terraform: what one provider makes is in one account.
        true
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        let (file, place) = (stream.file.clone(), stream.place.clone());
        let bytes = stream.whole()?;
        let mut document = text::decode(&bytes, &file, &place, EXPORT)?;
        intake.warnings.append(&mut document.warnings);
        let root = std::mem::take(&mut document.value);
        let Some(deployment) = deployment(root) else {
            return Err(vec![
                Diagnostic::new(Code::ImportFailed, format!("`{file}` holds no deployment of a Pulumi stack"))
                    .at(place)
                    .help(HELP),
            ]);
        };
        intake.is_state = true;
        let manifest = deployment.get("manifest");
        intake.recorded = manifest.and_then(|manifest| second(manifest.get("time")?.as_str()?));
        let stack = Stack::of(deployment);
        intake.warnings.extend(stack.left_out(&file, &place));
        let Stack {
            resources,
            providers,
            secret,
            ..
        } = stack;
        let marked = Marked::of(&secret);
        intake.pieces(
            false,
            |send| {
                (0..).zip(resources).for_each(send);
                Ok(())
            },
            |(order, resource), sink| match resource {
                Some(resource) => add(resource, &providers, &marked, order, sink),
                None => sink.leave_out(order, || {
                    Diagnostic::new(
                        Code::ImportPartial,
                        format!("resource {} of `{file}` has no `urn` and `type` and is left out", order + 1),
                    )
                    .at(place.clone())
                    .help(HELP)
                }),
            },
        )
    }
}

/// The deployment of an export, or of a checkpoint.
fn deployment(root: Value) -> Option<Map<String, Value>> {
    let Value::Object(mut root) = root else { return None };
    let inner = match root.shift_remove("deployment") {
        Some(deployment) => deployment,
        None => root.shift_remove("checkpoint")?.as_object_mut()?.shift_remove("latest")?,
    };
    match inner {
        Value::Object(inner) => Some(inner),
        // A stack to which nothing was ever deployed.
        Value::Null => Some(Map::new()),
        _ => None,
    }
}

/// A resource that Pulumi manages.
struct Resource {
    urn: String,
    kind: String,
    id: Option<String>,
    /// The provider that made it.
    provider: Arc<str>,
    /// What it is, without what is secret of it.
    properties: Map<String, Value>,
}

/// The resources of a deployment, and the providers that made them.
#[derive(Default)]
struct Stack {
    resources: Vec<Option<Resource>>,
    providers: BTreeMap<Arc<str>, Configured>,
    /// How many were only read, and how many are yet to be deleted.
    read: usize,
    pending: usize,
    /// How many operations had not ended.
    running: usize,
    /// All that is secret, of outputs, providers and what is left out, too.
    secret: Vec<Value>,
}

impl Stack {
    fn of(mut deployment: Map<String, Value>) -> Self {
        let mut stack = Self::default();
        let list = |of: Option<Value>| match of {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        stack.running = list(deployment.shift_remove("pending_operations")).len();
        for resource in list(deployment.shift_remove("resources")) {
            let Value::Object(resource) = resource else {
                stack.resources.push(None);
                continue;
            };
            stack.take(resource);
        }
        stack
    }

    fn take(&mut self, mut resource: Map<String, Value>) {
        let is = |flag: &str| resource.get(flag).and_then(Value::as_bool).unwrap_or_default();
        let text = |key: &str| {
            resource
                .get(key)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let (Some(urn), Some(kind)) = (text("urn"), text("type")) else {
            self.resources.push(None);
            return;
        };
        let (is_custom, is_read, is_pending) = (is("custom"), is("external"), is("delete"));
        let (id, provider) = (text("id"), text("provider").unwrap_or_default());
        let mut map = |key: &str| match resource.shift_remove(key) {
            Some(Value::Object(map)) => map,
            _ => Map::new(),
        };
        let (inputs, outputs) = (map("inputs"), map("outputs"));
        let hidden = resource.get("additionalSecretOutputs").and_then(Value::as_array);
        let hidden: Vec<String> = hidden.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        if kind.starts_with("pulumi:providers:") {
            let by = format!("{urn}::{}", id.unwrap_or_default());
            let known = if inputs.is_empty() { &outputs } else { &inputs };
            self.providers.insert(by.into(), configured(known));
            values::open(outputs, inputs, &hidden, &mut self.secret);
            return;
        }
        let properties = values::open(outputs, inputs, &hidden, &mut self.secret);
        if !is_custom || kind.starts_with("pulumi:") {
            return;
        }
        if is_read || is_pending {
            // What is to be deleted is gone for its owner, and another stands in its place.
            self.read += usize::from(is_read && !is_pending);
            self.pending += usize::from(is_pending);
            return;
        }
        self.resources.push(Some(Resource {
            urn,
            kind,
            id,
            provider: provider.into(),
            properties,
        }));
    }

    /// What is left out, and what may be otherwise by now.
    fn left_out(&self, file: &str, place: &Place) -> Vec<Diagnostic> {
        let note = |count: usize, one: &str, many: &str, help: &str| {
            let words = if count == 1 {
                format!("1 resource of `{file}` {one}")
            } else {
                format!("{count} resources of `{file}` {many}")
            };
            let note = Diagnostic {
                severity: Severity::Note,
                ..Diagnostic::new(Code::ImportPartial, words).at(place.clone())
            };
            (count > 0).then(|| note.help(help))
        };
        let mut words: Vec<Diagnostic> = [
            note(
                self.read,
                "was only read by the stack and is left out",
                "were only read by the stack and are left out",
                "import what manages them, too",
            ),
            note(
                self.pending,
                "is yet to be deleted and is left out",
                "are yet to be deleted and are left out",
                "`pulumi up` deletes what was replaced",
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        if self.running > 0 {
            words.push(
                Diagnostic::new(
                    Code::ImportPartial,
                    format!(
                        "`{file}` has operations that had not ended ({}): what they made may be missing",
                        self.running
                    ),
                )
                .at(place.clone())
                .help("`pulumi refresh` and `pulumi stack export` tell what there is"),
            );
        }
        words
    }
}

/// The account and the Region that a provider works in, as far as it says so. What is a block is a text of JSON here.
fn configured(inputs: &Map<String, Value>) -> Configured {
    let value = |key: &str| match inputs.get(key)? {
        Value::String(text) if text.starts_with(['{', '[']) => serde_json::from_str(text).ok(),
        other => Some(other.clone()),
    };
    let first = |value: Value| match value {
        Value::Array(items) if items.len() == 1 => items.into_iter().next(),
        Value::Array(_) => None,
        other => Some(other),
    };
    let role = ["assumeRoles", "assumeRole"].iter().find_map(|key| first(value(key)?));
    let by_role = role.and_then(|role| Some(Arn::parse(role.get("roleArn")?.as_str()?)?.account.to_owned()));
    let allowed = value("allowedAccountIds")
        .and_then(first)
        .and_then(|id| id.as_str().map(str::to_owned));
    Configured {
        account: by_role.or(allowed).filter(|account| is_account(&account.as_str())),
        region: value("region")
            .and_then(|region| region.as_str().map(str::to_owned))
            .filter(|region| is_region(&region.as_str())),
    }
}

/// Adds a resource under the type of its source.
fn add(resource: Resource, providers: &BTreeMap<Arc<str>, Configured>, marked: &Marked, order: u64, sink: &mut Sink<'_>) {
    let open = |text: &str| if marked.is_in(text) { NOT_TOLD.to_owned() } else { text.to_owned() };
    let address = open(address(&resource.urn));
    let (kind, is_terraforms) = match pulumi::token(&resource.kind) {
        Token::Other(package) => return sink.add_other(&resource.kind, &package, Some(address), order),
        Token::Terraform(kind) => (kind, true),
        Token::CloudFormation(kind) => (kind, false),
    };
    let named = resource.urn.rsplit("::").next().map(open).filter(|name| name != NOT_TOLD);
    let id = resource.id.filter(|id| !marked.is_in(id));
    let mut properties = resource.properties;
    marked.forget(&mut properties);
    let mut config = if is_terraforms {
        pulumi::attributes(&kind, properties)
    } else {
        let tags = properties.get("tags").or_else(|| properties.get("Tags")).cloned();
        let mut config = json::attributes(&kind, Value::Object(properties));
        config.extend(tags.map(|tags| ("tags".to_owned(), tags)));
        config
    };
    if let Some(id) = id {
        config.entry("id").or_insert_with(|| id.into());
    }
    secrets::clear(&kind, &mut config);
    let tags = if is_terraforms {
        names::tags(&config)
    } else {
        json::tags(config.get("tags"))
    };
    // Others of the stack know what is CloudFormation's by its id, whatever its properties call that.
    let called = config.get("id").and_then(Value::as_str).filter(|_| !is_terraforms);
    let called = called.map(str::to_owned).into_iter().collect();
    let nothing = Configured::default();
    let configured = providers.get(&resource.provider).unwrap_or(&nothing);
    let found = ImportedResource {
        name: names::name(&kind, &config, &tags).map(str::to_owned).or(named),
        account: location::account(&kind, &config, None, configured),
        region: location::region(&kind, &config, None, configured),
        arn: location::arn(&kind, &config).map(str::to_owned),
        kind: kind.into(),
        address,
        tags,
        config,
        ..ImportedResource::default()
    };
    sink.add(
        Found {
            by_provider: configured.account.is_some(),
            provider: resource.provider,
            called,
            ..Found::alone(found)
        },
        order,
    );
}

/// A URN without what all resources of a stack have in common: `urn:pulumi:dev::shop::` before the types and the name.
fn address(urn: &str) -> &str {
    urn.splitn(3, "::").nth(2).unwrap_or(urn)
}
