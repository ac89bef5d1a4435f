//! Ids of checks by what they were called before, or are called by default: `catalog/*/results.yaml`.
//!
//! In: an id as it is written in a file. Out: the check's id today.

use crate::catalog::providers::{Known, Provider, Unite};
use crate::catalog::{IndexMap, builtin};
use foldhash::fast::RandomState;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    /// By standard and version, by the id there.
    controls: BTreeMap<String, BTreeMap<String, String>>,
    /// By the name that a rule has by default.
    rules: BTreeMap<String, String>,
    /// By scanner, by the id of old.
    checks: BTreeMap<String, HashMap<String, String, RandomState>>,
    /// Words in the place of a type that say nothing.
    untyped: BTreeSet<String>,
    /// By scanner, ids that are no other spelling of one of today.
    apart: BTreeMap<String, BTreeSet<String>>,
    /// By letters that tools of SARIF have in their names, whose checks theirs are; the first that fits counts.
    tools: IndexMap<String, String>,
}

static FILE: Known<File> = Known::new("results");

impl Unite for File {
    type File = Self;

    fn add(&mut self, _: Provider, file: Self) {
        for (standard, ids) in file.controls {
            self.controls.entry(standard).or_default().extend(ids);
        }
        for (scanner, ids) in file.checks {
            self.checks.entry(scanner).or_default().extend(ids);
        }
        for (scanner, ids) in file.apart {
            self.apart.entry(scanner).or_default().extend(ids);
        }
        self.rules.extend(file.rules);
        self.untyped.extend(file.untyped);
        for (tool, scanner) in file.tools {
            self.tools.entry(tool).or_insert(scanner);
        }
    }
}

/// The identifiers of managed rules, if the catalog knows them.
static RULES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| known("config"));

/// The ids of the checks of a scanner that the catalog knows.
fn known(scanner: &str) -> BTreeSet<&'static str> {
    builtin::lines(builtin::checks(scanner)).map(|(id, _)| id).collect()
}

/// The id of a control today, by the text that names what made a finding: `security-control/IAM.6`, `.../v/1.0.0/IAM.5`,
/// `.../v/1.2.0/rule/2.2`, or an id by itself. None where the text names no control.
pub(super) fn control(generator: &str) -> Option<String> {
    let generator = generator.trim();
    let (standard, id) = generator.rsplit_once('/').unwrap_or(("", generator));
    let standard = standard.strip_suffix("/rule").unwrap_or(standard);
    let of_standard = FILE.get().controls.iter().find(|(known, _)| standard.ends_with(known.as_str()));
    let (service, number) = id.rsplit_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((_, ids)) = of_standard
        && let Some(today) = ids.get(id)
    {
        return Some(today.clone());
    }
    let is_id = service.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && service.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        && is_number(number);
    if is_id {
        // Without its standard an id with a letter is that of one standard only.
        let of_any = FILE.get().controls.values().find_map(|ids| ids.get(id));
        return Some(of_any.map_or_else(|| id.to_owned(), Clone::clone));
    }
    // The number of a requirement says nothing without its standard.
    let is_requirement = standard.contains("/v/") && id.split('.').all(is_number);
    let name = || {
        standard
            .rsplit_once("/v/")
            .map(|(before, _)| before.rsplit('/').next().unwrap_or(before))
    };
    is_requirement.then(|| format!("{}/{id}", name().unwrap_or(standard)))
}

/// What a scanner calls a check today.
pub(super) fn check<'c>(scanner: &str, id: &'c str) -> &'c str {
    let renamed = FILE.get().checks.get(scanner).and_then(|of_scanner| of_scanner.get(id));
    renamed.map_or(id, String::as_str)
}

/// The scanner whose checks those of a tool are, by what the tool calls itself in SARIF: letters and digits alone, all small.
pub(crate) fn scanner_of_tool(squashed: &str) -> Option<&'static str> {
    let mut known = FILE.get().tools.iter();
    known
        .find(|(tool, _)| squashed.contains(tool.as_str()))
        .map(|(_, scanner)| scanner.as_str())
}

/// Whether a type says nothing.
pub(super) fn is_untyped(kind: &str) -> bool {
    FILE.get().untyped.contains(kind)
}

/// Whether an id is not another spelling of today's.
pub(super) fn is_apart(scanner: &str, id: &str) -> bool {
    FILE.get().apart.get(scanner).is_some_and(|ids| ids.contains(id))
}

/// The identifier of a managed rule by its name by default; else the name.
pub(super) fn rule(name: &str) -> String {
    let base = base_of_rule(name);
    if let Some(identifier) = FILE.get().rules.get(base) {
        return identifier.clone();
    }
    let is_word = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    if !base.contains('-') || !base.bytes().all(is_word) {
        return name.to_owned();
    }
    let identifier = base.replace('-', "_").to_ascii_uppercase();
    if RULES.is_empty() || RULES.contains(identifier.as_str()) {
        identifier
    } else {
        name.to_owned()
    }
}

/// The name without what services add to it that make rules of their own: `securityhub-NAME-0e904a3b`, and
/// `NAME-conformance-pack-abc123def`.
fn base_of_rule(name: &str) -> &str {
    let is_hash = |text: &str| text.len() >= 6 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if let Some((base, hash)) = name.strip_prefix("securityhub-").and_then(|rest| rest.rsplit_once('-'))
        && is_hash(hash)
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return base;
    }
    match name.rsplit_once("-conformance-pack-") {
        Some((base, hash)) if is_hash(hash) => base,
        _ => name,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_decoded() {
        let file: File = serde_json::from_str(&builtin::whole("results")).unwrap();
        assert!(file.controls.len() >= 4 && file.rules.len() == 6);
    }

    /// A tool that is known leads to checks that are known, and is not hidden behind another one.
    #[test]
    fn tools_lead_to_scanners_with_checks() {
        assert!(FILE.get().tools.len() >= 5);
        for (tool, scanner) in &FILE.get().tools {
            assert!(!known(scanner).is_empty(), "{tool}: nothing is known of {scanner}");
            assert_eq!(scanner_of_tool(tool), Some(scanner.as_str()), "{tool}");
        }
        assert_eq!(scanner_of_tool("defsec"), Some("tfsec"));
        assert_eq!(scanner_of_tool("codeql"), None);
    }

    #[test]
    fn what_was_called_otherwise_is_a_check_of_today() {
        let controls = known("securityhub");
        for (standard, ids) in &FILE.get().controls {
            let gone: Vec<&String> = ids.values().filter(|today| !controls.contains(today.as_str())).collect();
            assert!(gone.is_empty(), "{standard}: {gone:?}");
        }
        let rules = known("config");
        assert!(FILE.get().rules.values().all(|today| rules.contains(today.as_str())));
        for (scanner, ids) in &FILE.get().checks {
            let checks = known(scanner);
            let gone: Vec<&String> = ids.values().filter(|today| !checks.contains(today.as_str())).collect();
            assert!(gone.is_empty(), "{scanner}: {gone:?}");
            let taken: Vec<&String> = ids.keys().filter(|old| checks.contains(old.as_str())).collect();
            assert!(taken.is_empty(), "{scanner}: {taken:?}");
        }
    }

    #[test]
    fn what_tested_something_else_is_a_check_of_its_own() {
        for (scanner, ids) in &FILE.get().apart {
            let checks = known(scanner);
            let gone: Vec<&String> = ids.iter().filter(|id| !checks.contains(id.as_str())).collect();
            assert!(gone.is_empty(), "{scanner}: {gone:?}");
        }
        assert!(is_apart("trivy", "AVD-AWS-0107") && !is_apart("trivy", "AVD-AWS-0089"));
    }

    #[test]
    fn a_check_has_one_id_in_all_versions() {
        for (scanner, id, today) in [
            ("prowler", "extra71", "iam_administrator_access_with_mfa"),
            ("prowler", "check11", "iam_avoid_root_usage"),
            ("prowler", "iam_avoid_root_usage", "iam_avoid_root_usage"),
            ("checkov", "check11", "check11"),
            ("prowler", "extra9999", "extra9999"),
        ] {
            assert_eq!(check(scanner, id), today, "{id}");
        }
    }

    #[test]
    fn a_control_has_one_id_in_all_standards() {
        for (generator, id) in [
            ("security-control/IAM.6", Some("IAM.6")),
            ("aws-foundational-security-best-practices/v/1.0.0/IAM.5", Some("IAM.5")),
            ("aws-foundational-security-best-practices/v/1.0.0/ELBv2.1", Some("ELB.1")),
            (
                "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/2.2",
                Some("CloudTrail.4"),
            ),
            ("cis-aws-foundations-benchmark/v/1.4.0/1.10", Some("IAM.5")),
            ("pci-dss/v/3.2.1/PCI.Lambda.2", Some("Lambda.3")),
            ("PCI.Lambda.2", Some("Lambda.3")),
            ("nist-800-53/v/5.0.0/S3.17", Some("S3.17")),
            (
                "cis-aws-foundations-benchmark/v/9.0.0/4.4",
                Some("cis-aws-foundations-benchmark/4.4"),
            ),
            ("2.2", None),
            ("arn:aws:guardduty:us-east-1:111122223333:detector/123456789", None),
            ("AWSInspector", None),
            ("account-finding", None),
            ("", None),
        ] {
            assert_eq!(control(generator).as_deref(), id, "{generator}");
        }
    }

    #[test]
    fn rules_are_known_by_their_names_by_default() {
        for (name, identifier) in [
            ("s3-bucket-versioning-enabled", "S3_BUCKET_VERSIONING_ENABLED"),
            ("securityhub-lambda-inside-vpc-0e904a3b", "LAMBDA_INSIDE_VPC"),
            ("access-keys-rotated-conformance-pack-ab12cd34e", "ACCESS_KEYS_ROTATED"),
            ("restricted-ssh", "INCOMING_SSH_DISABLED"),
            ("securityhub-restricted-ssh-0e904a3b", "INCOMING_SSH_DISABLED"),
            ("InstanceTypesAreT2micro", "InstanceTypesAreT2micro"),
            ("custodian", "custodian"),
        ] {
            assert_eq!(rule(name), identifier, "{name}");
        }
    }
}
