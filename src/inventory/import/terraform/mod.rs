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
mod providers;
mod shown;
mod state;
#[cfg(test)]
mod tests;

use super::Importer;
use super::sink::Intake;
use crate::diagnostics::{Code, Diagnostic, Outcome, Severity};
use crate::source::Stream;
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

    fn recognises(&self, bytes: &[u8]) -> bool {
        let keys = Keys::of(bytes);
        let versioned = keys.has("version#") && ["resources", "modules", "serial"].iter().any(|key| keys.has(key));
        versioned || ["terraform_version", "lineage", "format_version"].iter().any(|key| keys.has(key))
    }

    fn if_empty(&self) -> &'static str {
        "nothing was applied yet, all was destroyed, or it is the state of another workspace"
    }

    fn is_of_one_account(&self) -> bool {
        // A provider configuration is of one; of several the ARNs name them, and nothing is taken over.
        true
    }

    fn read(&self, stream: Stream<'_>, intake: &mut Intake<'_>) -> Outcome<()> {
        if stream.is_long && !stream.is_utf16() && is_state(&stream.head) {
            return state::streamed(stream, intake);
        }
        let (file, place) = (stream.file.clone(), stream.place.clone());
        let bytes = stream.whole()?;
        let mut document = text::decode(&bytes, &file, &place, text::TERRAFORM)?;
        let value = std::mem::take(&mut document.value);
        let (root, old) = root(value, &file).map_err(|fault| vec![fault.at(place.clone())])?;
        intake.is_state = true;
        intake.warnings.append(&mut document.warnings);
        intake.warnings.extend(old.map(|old| old.at(place.clone())));
        state::held(root, &document, &place, intake)
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

/// The root of a state of version 4 and a word about one that was much older, or why it is none.
fn root(value: Value, file: &str) -> Result<(Map<String, Value>, Option<Diagnostic>), Diagnostic> {
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
