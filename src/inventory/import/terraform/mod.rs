//! Terraform and OpenTofu state of versions 1 to 4, and what `terraform show -json` prints of a state or a plan.
//!
//! In: the bytes of a file, as `terraform state pull`, a local backend or `terraform show` writes it. Out: one resource for each
//! managed instance, in the file's order, with its account and region where they are known, without anything secret,
//! and with what Terraform keeps in resources of their own (a bucket's public access block) on the resource that it is
//! about. Resources of other providers are only counted.

mod flat;
mod older;
mod providers;
mod shown;
#[cfg(test)]
mod tests;

use super::beginning::Keys;
use super::location::{self, Configured};
use super::siblings::{self, Found};
use super::{Form, Imported, ImportedResource, Importer, LeftOut, names, secrets, shapes, text};
use crate::diagnostics::{Code, Diagnostic, Outcome, Place, Route, Severity, route};
use serde_json::{Map, Value};
use std::sync::Arc;

pub(super) use flat::nested;

/// The version of state that can be read piece by piece.
pub(super) const VERSIONS: u64 = 4;

/// The importer of Terraform and OpenTofu state.
pub(super) struct TerraformState;

impl Importer for TerraformState {
    fn id(&self) -> &'static str {
        "terraform"
    }

    fn name(&self) -> &'static str {
        "Terraform state"
    }

    fn recognises(&self, bytes: &[u8]) -> bool {
        let keys = Keys::of(bytes);
        let versioned = keys.has("version#") && ["resources", "modules", "serial"].iter().any(|key| keys.has(key));
        versioned || ["terraform_version", "lineage", "format_version"].iter().any(|key| keys.has(key))
    }

    fn form(&self) -> Option<Form> {
        Some(Form::State)
    }

    fn streams(&self, head: &[u8]) -> bool {
        let keys = Keys::of(head);
        !["modules", "format_version", "planned_values", "values", "encrypted_data"]
            .iter()
            .any(|key| keys.has(key))
    }

    fn import(&self, bytes: &[u8], file: &Arc<str>, place: &Place) -> Outcome<Imported> {
        let mut document = text::decode(bytes, file, place, text::TERRAFORM)?;
        let value = std::mem::take(&mut document.value);
        let (mut root, old) = state(value, file).map_err(|fault| vec![fault.at(place.clone())])?;
        let mut walk = Walk {
            found: Imported {
                file: file.clone(),
                is_state: true,
                warnings: std::mem::take(&mut document.warnings),
                ..Imported::default()
            },
            ..Walk::default()
        };
        walk.found.warnings.extend(old.map(|old| old.at(place.clone())));
        let mut broken = None;
        match root.remove("resources").unwrap_or_default() {
            Value::Null => {}
            Value::Array(blocks) => {
                for (index, block) in blocks.into_iter().enumerate() {
                    walk.block(block, &route(["resources".into(), index.into()]));
                }
            }
            _ => {
                let at = document.places([&route(["resources".into()])].into_iter(), file).pop().flatten();
                let fault = Diagnostic::new(Code::ImportFailed, "`resources` is not a list").at(at.unwrap_or_else(|| place.clone()));
                broken = Some(vec![fault.help(text::PULL)]);
            }
        }
        if let Some(broken) = broken {
            return Err(broken);
        }
        let left_out = walk.left_out(&document, file, place);
        // An entry keeps only itself out; where there is no other, the state is none.
        if !left_out.is_empty() && walk.resources.is_empty() && walk.found.out_of_scope.is_empty() {
            let error = |warning: Diagnostic| Diagnostic {
                code: Code::ImportFailed,
                severity: Severity::Error,
                ..warning
            };
            return Err(left_out.into_iter().map(error).collect());
        }
        walk.found.warnings.extend(left_out);
        Ok(walk.finish(place))
    }
}

/// The root of a state of version 4 and a word about one that was much older, or why it is none.
fn state(value: Value, file: &str) -> Result<(Map<String, Value>, Option<Diagnostic>), Diagnostic> {
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
        return Ok((shown::as_state(root), None));
    }
    let Some(version) = root.get("version") else {
        return failed("has no `version`, so it is no Terraform state", text::PULL);
    };
    let Value::Number(version) = version else {
        return failed("has a `version` that is not a number", text::PULL);
    };
    match version.as_u64() {
        Some(4) => return Ok((root, None)),
        Some(3) => return Ok((older::as_state(root), None)),
        // Versions 1 and 2 differ from 3 in nothing that is looked at here.
        Some(old @ 1..=2) => {
            let what = format!("`{file}` is Terraform state version {old}, from before Terraform 0.7, and is read as version 3");
            let word = Diagnostic {
                severity: Severity::Warning,
                ..Diagnostic::new(Code::UnsupportedVersion, what).help(UPGRADE)
            };
            return Ok((older::as_state(root), Some(word)));
        }
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
    found: Imported,
    faults: Vec<(Route, String)>,
}

impl Walk {
    /// One `resource` block with all its instances.
    fn block(&mut self, block: Value, at: &Route) {
        let Value::Object(mut block) = block else {
            return self.faults.push((at.clone(), "is not a map of fields".to_owned()));
        };
        // Data sources are only read; other modes are not kept in state.
        if block_text(&block, "mode").is_some_and(|mode| mode != "managed") {
            return;
        }
        let instances = match block.remove("instances").unwrap_or_default() {
            Value::Null => return,
            Value::Array(instances) if instances.is_empty() => return,
            Value::Array(instances) => instances,
            _ => return self.faults.push((at.then("instances"), "is not a list".to_owned())),
        };
        let Some(kind) = block.get("type").and_then(Value::as_str).filter(|kind| !kind.is_empty()) else {
            let wrong = match block.get("type") {
                Some(Value::String(_)) => "an empty `type`",
                Some(_) => "a `type` that is no text",
                None => "no `type`",
            };
            let name = block_text(&block, "name").filter(|name| !secrets::hold_secret(name));
            let name = name.map_or_else(String::new, |name| format!(" (`{name}`)"));
            return self.faults.push((at.clone(), format!("has {wrong}{name}")));
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
                let address = address(&kind, &block, instance.get("index_key"));
                self.found.add_other(&kind, other, Some(address));
                continue;
            }
            match attributes(&mut instance) {
                Ok(attributes) => {
                    let mut attributes = secrets::unmarked(attributes, instance.get("sensitive_attributes"));
                    secrets::clear(&kind, &mut attributes);
                    shapes::terraforms(&kind, &mut attributes);
                    let configured = configured(&block);
                    let resource = resource(&kind, attributes, &block, &instance, &configured);
                    self.resources.push(Found {
                        resource,
                        provider: provider.unwrap_or_default(),
                        by_provider: configured.account.is_some(),
                        handle: None,
                    });
                }
                Err(field) => self.faults.push((at.then(field), "is not a map of fields".to_owned())),
            }
        }
    }

    /// What is said of damaged entries: each keeps only itself out, and the first of them are named.
    fn left_out(&self, document: &text::Document<'_>, file: &Arc<str>, place: &Place) -> Vec<Diagnostic> {
        let shown = &self.faults[..self.faults.len().min(LeftOut::MOST)];
        let places = document.places(shown.iter().map(|(route, _)| route), file);
        let warning = |((route, wrong), found): (&(Route, String), Option<Place>)| {
            LeftOut::warning(&format!("`{route}` {wrong} and is left out"), text::PULL).at(found.unwrap_or_else(|| place.clone()))
        };
        let mut warnings: Vec<Diagnostic> = shown.iter().zip(places).map(warning).collect();
        warnings.extend(LeftOut::rest(self.faults.len() - shown.len(), file, place, text::PULL));
        warnings
    }

    fn finish(mut self, place: &Place) -> Imported {
        siblings::copy(&mut self.resources);
        location::fill_accounts(&mut self.resources);
        self.found.resources = self.resources.into_iter().map(|found| found.resource).collect();
        self.found.say_if_empty(
            place,
            "nothing was applied yet, all was destroyed, or it is the state of another workspace",
        );
        self.found
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

/// What a block says of the configuration of its provider; only plans do.
fn configured(block: &Map<String, Value>) -> Configured {
    let text = |key: &str| block.get("configured")?.get(key)?.as_str().map(str::to_owned);
    Configured {
        account: text("account"),
        region: text("region"),
    }
}

/// The resource of an instance's attributes, which have nothing secret any more.
fn resource(
    kind: &Arc<str>,
    config: Map<String, Value>,
    block: &Map<String, Value>,
    instance: &Map<String, Value>,
    configured: &Configured,
) -> ImportedResource {
    let (index_key, identity) = (instance.get("index_key"), instance.get("identity"));
    let tags = names::tags(&config);
    ImportedResource {
        kind: kind.clone(),
        name: names::name(kind, &config, &tags).or(block_text(block, "name")).map(str::to_owned),
        address: address(kind, block, index_key),
        arn: location::arn(kind, &config).map(str::to_owned),
        account: location::account(kind, &config, identity, configured),
        region: location::region(kind, &config, identity, configured),
        tags,
        config,
        ..ImportedResource::default()
    }
}

fn address(kind: &str, block: &Map<String, Value>, index_key: Option<&Value>) -> String {
    names::address(block_text(block, "module"), kind, block_text(block, "name"), index_key)
}

fn block_text<'b>(block: &'b Map<String, Value>, field: &str) -> Option<&'b str> {
    block.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// AWS's two providers; `awscc` is generated from CloudFormation's types.
pub(super) const OWN_PROVIDERS: &[&str] = &["aws", "awscc"];

/// The name of the provider that a reference such as `module.a.provider["registry.terraform.io/hashicorp/aws"].west`
/// or (before Terraform 0.13) `provider.aws.west` leads to; without one, the name that the type begins with.
pub(super) fn provider_name<'a>(reference: Option<&'a str>, kind: &'a str) -> &'a str {
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
