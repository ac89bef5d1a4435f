//! Terraform and OpenTofu state of versions 1 to 4, and what `terraform show -json` prints of a state or a plan.
//!
//! In: the bytes of a file, as `terraform state pull`, a local backend or `terraform show` writes it. Out: one resource for each
//! managed instance, in the file's order, with its account and region where they are known, without anything secret,
//! and with what Terraform keeps in resources of their own (a bucket's public access block) on the resource that it is
//! about. Resources of other providers are only counted.

mod flat;
mod header;
mod instance;
mod older;
mod plan;
mod providers;
mod shown;
mod state;
#[cfg(test)]
mod tests;

use super::sink::Intake;
use super::{Head, Importer, Trust, second};
use crate::diagnostics::{Code, Diagnostic, Outcome, Severity};
use crate::source::Stream;
use crate::source::documents::{Part, may_be_several, parts};
use crate::source::keys::Keys;
use crate::source::text;
use serde_json::{Map, Value};

/// The version of state that can be read piece by piece.
const VERSIONS: u64 = 4;

/// The importer of Terraform and OpenTofu state.
pub(super) struct TerraformState;

impl Importer for TerraformState {
    fn id(&self) -> &'static str {
        "terraform"
    }

    fn name(&self) -> &'static str {
        "Terraform state"
    }

    fn reads(&self) -> &'static str {
        "Terraform and OpenTofu: state, and `terraform show -json` of a state or a plan"
    }

    fn begins(&self, head: &Head<'_>) -> bool {
        let keys = &head.keys;
        let versioned = keys.has("version#") && ["resources", "modules", "serial"].iter().any(|key| keys.has(key));
        versioned
            || ["terraform_version", "lineage", "format_version", "encrypted_data"]
                .iter()
                .any(|key| keys.has(key))
    }

    fn if_empty(&self) -> &'static str {
        "nothing was applied yet, all was destroyed, or it is the state of another workspace"
    }

    fn is_of_one_account(&self) -> bool {
        // A provider configuration is of one; of several the ARNs name them, and nothing is taken over.
        true
    }

    fn documents(&self, text: &str) -> Vec<Part> {
        if !may_be_several(text) {
            return Vec::new();
        }
        let parts = parts(text);
        let is_one = parts.len() == 1 && parts.iter().all(|part| part.unit.is_none()) && !text.trim_start().starts_with('[');
        // What is broken may be one of them; what is whole and says nothing of the kind is somebody else's.
        let is_own = |part: &Part| !part.is_whole || self.recognises(text.get(part.range.clone()).unwrap_or_default().as_bytes());
        if is_one || !parts.iter().any(|part| part.is_whole && is_own(part)) {
            return Vec::new();
        }
        parts.into_iter().filter(is_own).collect()
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        if stream.is_long && !stream.is_utf16() && is_state(&stream.head) {
            return state::streamed(stream, intake);
        }
        let (file, place) = (stream.file.clone(), stream.place.clone());
        let bytes = stream.whole()?;
        let mut document = text::decode(&bytes, &file, &place, text::TERRAFORM)?;
        let value = std::mem::take(&mut document.value);
        age(&value, intake);
        let (root, words) = root(value, &file).map_err(|fault| vec![fault.at(place.clone())])?;
        intake.is_state = true;
        intake.warnings.append(&mut document.warnings);
        intake.warnings.extend(words.into_iter().map(|word| word.at(place.clone())));
        state::held(root, &document, &place, intake)
    }
}

/// Takes in which version of a state a file is, or when a plan was made.
fn age(root: &Value, intake: &mut Intake<'_>) {
    let text = |key: &str| root.get(key).and_then(Value::as_str);
    if root.get("planned_values").is_some() {
        intake.trust = Trust::Planned;
        intake.recorded = text("timestamp").and_then(second);
    }
    let lineage = text("lineage").filter(|lineage| !lineage.is_empty());
    if let (Some(lineage), Some(serial)) = (lineage, root.get("serial").and_then(Value::as_u64)) {
        intake.version = Some((lineage.to_owned(), serial));
    }
}

/// Whether a file that begins so is state of the version that is read piece by piece.
fn is_state(head: &[u8]) -> bool {
    let keys = Keys::of(head);
    state::version(head).is_none_or(|version| version == VERSIONS)
        && !["modules", "format_version", "planned_values", "values", "encrypted_data"]
            .iter()
            .any(|key| keys.has(key))
}

/// The root of a state of version 4, and words about one that was much older or is a plan; or why it is none.
fn root(value: Value, file: &str) -> Result<(Map<String, Value>, Vec<Diagnostic>), Diagnostic> {
    let failed = |what: &str, help: &str| Err(Diagnostic::new(Code::ImportFailed, format!("`{file}` {what}")).help(help));
    let root = match value {
        Value::Object(root) => root,
        Value::Null => return failed("holds `null` and no state", text::PULL),
        _ => return failed("holds no state, which is a map of fields", text::PULL),
    };
    if root.contains_key("encrypted_data") {
        return failed(
            "is a state or a plan of OpenTofu that is encrypted",
            "`tofu state pull > state.json` writes a state decrypted, `tofu show -json PLAN > plan.json` a plan",
        );
    }
    if shown::is_shown(&root) {
        let words = plan::words(&root, file);
        return Ok((shown::as_state(root), words));
    }
    let Some(version) = root.get("version") else {
        return failed("has no `version`, so it is no Terraform state", text::PULL);
    };
    let Value::Number(version) = version else {
        return failed("has a `version` that is not a number", text::PULL);
    };
    match version.as_u64() {
        Some(4) => return Ok((root, Vec::new())),
        Some(3) => return Ok((older::as_state(root), Vec::new())),
        // Versions 1 and 2 differ from 3 in nothing that is looked at here.
        Some(old @ 1..=2) => {
            let what = format!("`{file}` is Terraform state version {old}, from before Terraform 0.7, and is read as version 3");
            let word = Diagnostic {
                severity: Severity::Warning,
                ..Diagnostic::new(Code::UnsupportedVersion, what).help(UPGRADE)
            };
            return Ok((older::as_state(root), vec![word]));
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
