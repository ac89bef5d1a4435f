//! No code knows a cloud: what a provider calls things is data under `catalog/`.

use crate::support::root;
use cloudraci::catalog::Catalog;
use std::collections::BTreeSet;

/// Places that may name types all the same, with why: a part of the path, a part of the line.
const REASONED: &[(&str, &str)] = &[
    // What the format of templates itself is made of: pseudo parameters, parameters' types, nested stacks, transforms.
    ("import/cloudformation/", "AWS::NoValue"),
    ("import/cloudformation/", "AWS::AccountId"),
    ("import/cloudformation/", "AWS::Region"),
    ("import/cloudformation/", "AWS::Partition"),
    ("import/cloudformation/", "AWS::SSM::"),
    ("import/cloudformation/", "AWS::CloudFormation::"),
    ("import/cloudformation/", "AWS::Serverless::"),
    ("import/cloudformation/", "Type: AWS::"),
];

/// Words that are a service's id or ARN namespace and stand in code as what a format, a field or an importer is called.
const WORDS: &[&str] = &[
    // Importers and namespaces of aliases, after the program that writes the file.
    "cloudformation",
    "config",
    "iam",
    "resource-explorer",
    "tagging",
    // Fields of an inventory, of manifests and of service files.
    "account",
    "cases",
    "catalog",
    "tag",
    // A document of OSCAL.
    "profile",
    // The envelope of an event that holds AWS Config's item.
    "sns",
    // Whose check a result is of, as `catalog/aws/checks` is ordered.
    "securityhub",
];

fn is_reasoned(path: &str, line: &str) -> bool {
    REASONED.iter().any(|(file, part)| path.contains(file) && line.contains(part))
}

/// The lines of all files outside of comments and tests, each with its path and its place for people.
fn code() -> Vec<(String, String, String)> {
    let mut lines = Vec::new();
    let files = walkdir::WalkDir::new(root().join("src")).sort_by_file_name();
    let files = files.into_iter().map(|entry| entry.unwrap().into_path());
    for file in files.filter(|file| file.extension().is_some_and(|ending| ending == "rs")) {
        let path = file.display().to_string();
        if path.contains("tests") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let end = text.find("#[cfg(test)]\n#[allow").or_else(|| text.find("\nmod tests {"));
        for (index, line) in text[..end.unwrap_or(text.len())].lines().enumerate() {
            if !line.trim_start().starts_with("//") {
                lines.push((path.clone(), format!("{path}:{}: {}", index + 1, line.trim()), line.to_owned()));
            }
        }
    }
    lines
}

fn names_a_cloud(line: &str) -> bool {
    let word = |begin: &str, next: fn(char) -> bool| line.match_indices(begin).any(|(at, _)| line[at + begin.len()..].starts_with(next));
    let region = || {
        ["us-east-", "us-west-", "eu-west-", "eu-central-", "ap-south", "cn-north", "us-gov-"]
            .iter()
            .any(|region| line.contains(region))
    };
    word("\"aws_", |next| next.is_ascii_lowercase())
        || line.contains("AWS::")
        || line.contains("\"AWS\"")
        || line.contains("arn:aws")
        || region()
}

/// A reason that nothing needs any more would excuse what comes later.
#[test]
fn every_reason_is_one() {
    let lines = code();
    let unused = REASONED.iter().filter(|(file, part)| {
        !lines
            .iter()
            .any(|(path, _, line)| path.contains(file) && line.contains(part) && names_a_cloud(line))
    });
    assert_eq!(unused.collect::<Vec<_>>(), Vec::<&(&str, &str)>::new());
}

#[test]
fn no_type_arn_or_region_of_a_cloud_stands_in_code() {
    let names = code()
        .into_iter()
        .filter(|(path, _, line)| names_a_cloud(line) && !is_reasoned(path, line));
    let found: Vec<String> = names.map(|(_, place, _)| place).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// A text in quotes that is the id of a service, or the namespace of its ARNs or actions, decides something about that service.
#[test]
fn no_service_is_named_in_code() {
    let catalog = Catalog::builtin().unwrap();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for id in catalog.service_ids() {
        let aliases = &catalog.service(id).unwrap().aliases;
        names.insert(id.to_owned());
        let namespaces = aliases.arn.iter().chain(&aliases.iam);
        names.extend(namespaces.filter_map(|name| name.split(':').next()).map(str::to_owned));
    }
    assert!(names.len() > 400 && names.contains("rds") && names.contains("elasticloadbalancing"));
    let (mut found, mut used) = (Vec::new(), BTreeSet::new());
    for (_, place, line) in code() {
        for word in line.split('"').skip(1).step_by(2) {
            if WORDS.contains(&word) {
                used.insert(word.to_owned());
            } else if names.contains(word) {
                found.push(place.clone());
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(used.len(), WORDS.len(), "a word is allowed that stands nowhere: {used:?}");
}
