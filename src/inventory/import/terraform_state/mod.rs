//! Terraform and OpenTofu state of versions 1 to 4, and what `terraform show -json` prints of a state or a plan.
//!
//! In: the bytes of a file, as `terraform state pull`, a local backend or `terraform show` writes it. Out: one resource for each
//! managed instance, in the file's order, with its account and region where they are known, without anything secret,
//! and with what Terraform keeps in resources of their own (a bucket's public access block) on the resource that it is
//! about. Resources of other providers are only counted.

mod flat;
mod location;
pub(super) mod names;
mod older;
pub(super) mod secrets;
mod shown;
mod siblings;
#[cfg(test)]
mod tests;
pub(super) mod text;

use super::{Imported, ImportedResource, Importer};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route, route};
use crate::inventory::OutOfScope;
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The importer of Terraform and OpenTofu state.
pub(super) struct TerraformState;

impl Importer for TerraformState {
    fn name(&self) -> &'static str {
        "Terraform state"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        text::looks_like_state(bytes)
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported> {
        let mut document = text::decode(bytes, file, place)?;
        let value = std::mem::take(&mut document.value);
        let mut root = state(value, file).map_err(|fault| vec![fault.at(place.clone())])?;
        let mut walk = Walk::default();
        match root.remove("resources").unwrap_or_default() {
            Value::Null => {}
            Value::Array(blocks) => {
                for (index, block) in blocks.into_iter().enumerate() {
                    walk.block(block, &route(["resources".into(), index.into()]));
                }
            }
            _ => walk.faults.push((route(["resources".into()]), "is not a list".to_owned())),
        }
        if !walk.faults.is_empty() {
            return Err(walk.diagnostics(&document, file, place));
        }
        Ok(walk.finish(file, place))
    }
}

/// The root of a state of version 4, or why it is none.
fn state(value: Value, file: &str) -> Result<Map<String, Value>, Diagnostic> {
    let failed = |what: &str, help: &str| Err(Diagnostic::new(Code::ImportFailed, format!("`{file}` {what}")).help(help));
    let root = match value {
        Value::Object(root) => root,
        Value::Null => return failed("holds `null` and no state", text::PULL),
        _ => return failed("holds no state, which is a map of fields", text::PULL),
    };
    if root.contains_key("encrypted_data") {
        return failed(
            "is OpenTofu state that is encrypted",
            "`tofu state pull > state.json` writes it decrypted",
        );
    }
    if shown::is_shown(&root) {
        return Ok(shown::as_state(root));
    }
    let Some(version) = root.get("version") else {
        return failed("has no `version`, so it is no Terraform state", text::PULL);
    };
    let Value::Number(version) = version else {
        return failed("has a `version` that is not a number", text::PULL);
    };
    match version.as_u64() {
        Some(4) => return Ok(root),
        // Versions 1 to 3 differ in nothing that is looked at here.
        Some(1..=3) => return Ok(older::as_state(root)),
        _ => {}
    }
    let what = format!("`{file}` is Terraform state version {version}; only versions 1 to 4 can be imported");
    let older = version.as_f64().is_some_and(|version| version < 4.0);
    Err(Diagnostic::new(Code::UnsupportedVersion, what).help(if older { UPGRADE } else { NEWER }))
}

const UPGRADE: &str = "Terraform 0.12 and later upgrade it: run `terraform init` and then \
                       `terraform state pull > state.json` with one (with 0.13 where the state is of 0.11 or older)";
const NEWER: &str = "it is newer than this version of cloudraci; look for a newer version";

/// What one pass over the blocks finds.
#[derive(Default)]
struct Walk {
    resources: Vec<Found>,
    /// By type and provider, in the order of their first instance.
    others: IndexMap<(String, String), u64>,
    faults: Vec<(Route, String)>,
}

/// A resource and the provider configuration that made it, such as `provider["registry.../aws"].us`.
struct Found {
    resource: ImportedResource,
    provider: Arc<str>,
}

impl Walk {
    /// One `resource` block with all its instances.
    fn block(&mut self, block: Value, at: &Route) {
        let Value::Object(mut block) = block else {
            return self.faults.push((at.clone(), "is not a map of fields".to_owned()));
        };
        // Data sources are only read; other modes are not kept in state.
        if block.get("mode").is_some_and(|mode| mode != "managed") {
            return;
        }
        let instances = match block.remove("instances").unwrap_or_default() {
            Value::Null => return,
            Value::Array(instances) => instances,
            _ => return self.faults.push((at.then("instances"), "is not a list".to_owned())),
        };
        let Some(kind) = block.get("type").and_then(Value::as_str).filter(|kind| !kind.is_empty()) else {
            let wrong = if block.contains_key("type") {
                "`type` that is no text"
            } else {
                "no `type`"
            };
            return self.faults.push((at.clone(), format!("has {wrong}")));
        };
        let kind: Arc<str> = kind.into();
        let reference: Option<Arc<str>> = block.get("provider").and_then(Value::as_str).map(Arc::from);
        for (index, instance) in instances.into_iter().enumerate() {
            let at = at.then("instances").then(index);
            let Value::Object(mut instance) = instance else {
                self.faults.push((at, "is not a map of fields".to_owned()));
                continue;
            };
            // A deposed object is what a replacement has yet to destroy.
            if instance
                .get("deposed")
                .and_then(Value::as_str)
                .is_some_and(|deposed| !deposed.is_empty())
            {
                continue;
            }
            // OpenTofu names the provider at the instance where it differs between instances.
            let provider: Option<Arc<str>> = instance.get("provider").and_then(Value::as_str).map(Arc::from);
            let provider = provider.or_else(|| reference.clone());
            let other = provider_name(provider.as_deref(), &kind);
            if !OWN_PROVIDERS.contains(&other) {
                *self.others.entry((kind.to_string(), other.to_owned())).or_default() += 1;
                continue;
            }
            match attributes(&mut instance) {
                Ok(attributes) => {
                    let attributes = secrets::without(&kind, attributes, instance.get("sensitive_attributes"));
                    let resource = resource(&kind, attributes, &block, instance.get("index_key"));
                    self.resources.push(Found {
                        resource,
                        provider: provider.unwrap_or_default(),
                    });
                }
                Err(field) => self.faults.push((at.then(field), "is not a map of fields".to_owned())),
            }
        }
    }

    fn diagnostics(&self, document: &text::Document<'_>, file: &Arc<str>, place: &Place) -> Vec<Diagnostic> {
        let places = document.places(self.faults.iter().map(|(route, _)| route), file);
        let fault = |((route, wrong), found): (&(Route, String), Option<Place>)| {
            Diagnostic::new(Code::ImportFailed, format!("`{route}` {wrong}"))
                .at(found.unwrap_or_else(|| place.clone()))
                .help(text::PULL)
        };
        self.faults.iter().zip(places).map(fault).collect()
    }

    fn finish(mut self, file: &Arc<str>, place: &Place) -> Imported {
        siblings::copy(&mut self.resources);
        let mut warnings = Vec::new();
        if self.resources.is_empty() && self.others.is_empty() {
            warnings.push(
                Diagnostic::new(Code::ImportEmpty, format!("`{file}` holds no managed resource"))
                    .at(place.clone())
                    .help("nothing was applied yet, all was destroyed, or it is the state of another workspace"),
            );
        }
        let out_of_scope = |((kind, provider), count)| OutOfScope {
            kind,
            provider,
            count,
            from: file.clone(),
        };
        Imported {
            file: file.clone(),
            resources: self.resources.into_iter().map(|found| found.resource).collect(),
            out_of_scope: self.others.into_iter().map(out_of_scope).collect(),
            warnings,
        }
    }
}

/// The attributes of an instance, taken from it; none is no fault. An error names the field that is no map.
fn attributes(instance: &mut Map<String, Value>) -> Result<Map<String, Value>, &'static str> {
    match instance.get_mut("attributes").map(std::mem::take) {
        Some(Value::Object(attributes)) => Ok(attributes),
        // Terraform 0.12 keeps the flat attributes of older versions until it next writes the resource.
        None | Some(Value::Null) => match instance.get_mut("attributes_flat").map(std::mem::take) {
            Some(Value::Object(flat)) => Ok(flat::nested(flat)),
            None | Some(Value::Null) => Ok(Map::new()),
            Some(_) => Err("attributes_flat"),
        },
        Some(_) => Err("attributes"),
    }
}

/// The resource of an instance's attributes, which have nothing secret any more.
fn resource(kind: &Arc<str>, config: Map<String, Value>, block: &Map<String, Value>, index_key: Option<&Value>) -> ImportedResource {
    let block_text = |field: &str| block.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    let tags = names::tags(&config);
    let local = block_text("name");
    ImportedResource {
        kind: kind.clone(),
        name: names::name(kind, &config, &tags).or(local).map(str::to_owned),
        address: names::address(block_text("module"), kind, local, index_key),
        arn: location::arn(&config).map(str::to_owned),
        account: location::account(kind, &config),
        region: location::region(&config),
        environment: None,
        owner: None,
        tags,
        config,
    }
}

/// AWS's two providers; `awscc` is generated from CloudFormation's types.
const OWN_PROVIDERS: &[&str] = &["aws", "awscc"];

/// The name of the provider that a reference such as `module.a.provider["registry.terraform.io/hashicorp/aws"].west`
/// or (before Terraform 0.13) `provider.aws.west` leads to; without one, the name that the type begins with.
fn provider_name<'a>(reference: Option<&'a str>, kind: &'a str) -> &'a str {
    let by_source = |reference: &'a str| {
        let (_, source) = reference.rsplit_once("provider[\"")?;
        let (source, _) = source.split_once('"')?;
        source.rsplit('/').next()
    };
    let by_name = |reference: &'a str| reference.rsplit_once("provider.")?.1.split('.').next();
    reference
        .and_then(|reference| by_source(reference).or_else(|| by_name(reference)))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| kind.split('_').next().unwrap_or(kind))
}
