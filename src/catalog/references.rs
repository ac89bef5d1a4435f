//! Attributes that name something else than the resource that they are of, and those that repeat what others say.
//!
//! In: a resource type and an attribute, both as Terraform has them. Out: whether the attribute, which other types keep about
//! themselves, says here what the resource is about; of a type, what is computed from which arguments.

use super::providers::{Known, Provider, Unite};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// `terraform.yaml`: what Terraform's types keep where.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TerraformFile {
    /// By attribute, the types in which it names something else.
    references: BTreeMap<String, BTreeSet<String>>,
    /// By type, what the provider computes, and the arguments from which.
    #[serde(default)]
    mirrors: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
}

static FILE: Known<TerraformFile> = Known::new("terraform");

impl Unite for TerraformFile {
    type File = Self;

    fn add(&mut self, _: Provider, file: Self) {
        for (attribute, types) in file.references {
            self.references.entry(attribute).or_default().extend(types);
        }
        for (kind, mirrors) in file.mirrors {
            self.mirrors.entry(kind).or_default().extend(mirrors);
        }
    }
}

/// Whether an attribute of a type is an argument that names something else: the `arn` of an event's target is that of what
/// the event calls.
pub(crate) fn is_reference(kind: &str, attribute: &str) -> bool {
    FILE.get().references.get(attribute).is_some_and(|types| types.contains(kind))
}

/// What the provider computes of a type, each with the arguments that it is computed from: a plan that changes these repeats
/// it as it was before.
pub(crate) fn mirrors(kind: &str) -> impl Iterator<Item = (&str, &BTreeSet<String>)> {
    let of = FILE.get().mirrors.get(kind).into_iter().flatten();
    of.map(|(attribute, arguments)| (attribute.as_str(), arguments))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_argument_and_not_computed_is_no_fact_about_the_resource() {
        const SCHEMA: &str = include_str!("../../tests/fixtures/aws/terraform_own.tsv");
        let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in SCHEMA.lines() {
            let [kind, attribute, flags] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
            let is_argument = !flags.contains('c');
            assert_eq!(is_reference(kind, attribute), is_argument, "{line}");
            if is_argument {
                expected.entry(attribute.to_owned()).or_default().insert(kind.to_owned());
            }
        }
        assert_eq!(FILE.get().references, expected);
        assert!(expected["arn"].contains("aws_cloudwatch_event_target"));
    }
}
