//! Laws of the join of results to resources that have no ARN: what is said of a thing of one type is not said of a thing of
//! another that is called as it is.

use crate::support::Folder;
use cloudraci::catalog::Catalog;
use cloudraci::catalog::attributes::ResourceType;
use cloudraci::diagnostics::SourceMap;
use cloudraci::inventory::{Inventory, load};
use cloudraci::raci::resolve;
use cloudraci::raci::scans::Fate;
use cloudraci::results::{CheckResult, MAX_AGE, Outcome, ResultFile, Results, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

const PROBE: &str = "scanner: probe\nname: Probe\nreason: What a check can say\nchecks:\n  any: {no_duty: information}\n";

/// What lists of ARNs know, a namespace, a tab, and the resource with `*` for names.
fn forms() -> Vec<(String, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/aws/arns.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let parted = text.lines().map(|line| line.split_once('\t').unwrap());
    parted
        .map(|(namespace, resource)| (namespace.to_owned(), resource.to_owned()))
        .collect()
}

/// What sources call a type, where no other type of the catalog is called so.
fn kinds<'c>(catalog: &'c Catalog, service: &'c str, one: &'c ResourceType) -> impl Iterator<Item = &'c str> {
    let kinds = one.terraform.iter().chain(&one.cloudformation).map(String::as_str);
    kinds.filter(move |kind| {
        let of = catalog.classify(kind, None, None);
        let is_one = || catalog.resource_types(service).iter().filter(|other| other.is(kind)).count() == 1;
        !kind.ends_with('*') && of == Some((service, true)) && is_one()
    })
}

/// Whether ARNs have words for a type.
fn has_words(one: &ResourceType) -> bool {
    !one.arn.is_empty() || one.cloudformation.iter().any(|kind| !kind.ends_with('*'))
}

/// The name of the thing of a type.
fn name(service: &str, one: &ResourceType, number: usize) -> String {
    format!("the-{service}-{}-{number}", one.id)
}

fn inventory(catalog: &Catalog, sources: &mut SourceMap) -> Inventory {
    let mut text = "inventory: 1\norganization: Example Pay Ltd\nas_of: 2026-11-01\nresources:\n".to_owned();
    for service in catalog.service_ids() {
        for one in catalog.resource_types(service) {
            for (number, kind) in kinds(catalog, service, one).enumerate() {
                writeln!(text, "  - {{type: \"{kind}\", name: {}}}", name(service, one, number)).unwrap();
            }
        }
    }
    let folder = Folder::new().with("inventory.yaml", text);
    load(&[folder.path("inventory.yaml")], catalog, sources).unwrap().inventory
}

/// Whether each of some targets is found.
fn found(catalog: &Catalog, inventory: &Inventory, targets: &BTreeSet<Target>) -> Vec<bool> {
    let result = |target: &Target| CheckResult {
        scanner: "probe".into(),
        check: "any".into(),
        title: None,
        finding: None,
        outcome: Outcome::Passed,
        is_archived: false,
        target: target.clone().into(),
        at: None,
        observed: None,
        parameters: Arc::from([]),
    };
    let results: Vec<CheckResult> = targets.iter().map(result).collect();
    let file = ResultFile {
        path: "scan.json".into(),
        format: "Probe",
        seal: None,
        max_age: MAX_AGE,
        read: results.len() as u64,
        results,
    };
    let results = Results {
        files: vec![file],
        pseudonyms: None,
    };
    let inventory = Inventory {
        results: results.into(),
        ..inventory.clone()
    };
    let matrix = resolve(catalog, &inventory, "2026-11-01".parse().unwrap());
    let scans = matrix.scans.results.iter();
    scans.map(|scan| scan.fate != Fate::Unlisted).collect()
}

/// Pairs of a target and of what it is expected to find are right.
fn holds(told: &BTreeMap<Target, bool>, catalog: &Catalog, inventory: &Inventory) {
    let targets: BTreeSet<Target> = told.keys().cloned().collect();
    let found = found(catalog, inventory, &targets);
    assert_eq!(found.len(), targets.len());
    let wrong: Vec<String> = told
        .iter()
        .zip(found)
        .filter(|((_, expected), found)| **expected != *found)
        .map(|((target, expected), _)| {
            format!(
                "{} {} {}: {expected}",
                target.arn.as_deref().unwrap_or_default(),
                target.kind.as_deref().unwrap_or_default(),
                target.name.as_deref().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

fn catalog(sources: &mut SourceMap) -> Catalog {
    let folder = Folder::new().with("own/checks/probe.yaml", PROBE);
    Catalog::with_overlay(&folder.path("own"), sources).unwrap()
}

/// Whether what is of one type is what a source makes with another.
fn is_one(told: &str, own: &ResourceType) -> bool {
    *own.id == *told || own.makes.iter().any(|made| **made == *told)
}

#[test]
fn an_arn_finds_what_is_called_so_and_of_its_type_only() {
    let mut sources = SourceMap::default();
    let catalog = catalog(&mut sources);
    let inventory = inventory(&catalog, &mut sources);
    let mut told: BTreeMap<Target, bool> = BTreeMap::new();
    for (namespace, resource) in forms() {
        let Some((before, "")) = resource.rsplit_once('*') else { continue };
        // Ids that begin so are no names that people give.
        if !before.ends_with(['/', ':']) {
            continue;
        }
        let of = |name: &str| {
            let resource = format!("{}{name}", before.replace('*', "x"));
            format!("arn:aws:{namespace}:eu-west-1:111122223333:{resource}")
        };
        let Some(service) = catalog.resolve(&of("thing")) else { continue };
        let Some(named) = catalog.kind_in_arns(service, "", Some(&of("thing"))) else {
            continue;
        };
        for own in catalog.resource_types(service).iter().filter(|one| has_words(one)) {
            for (number, _) in kinds(&catalog, service, own).enumerate() {
                let target = Target {
                    arn: Some(of(&name(service, own, number)).into()),
                    ..Target::default()
                };
                told.insert(target, is_one(named, own));
            }
        }
    }
    assert!(told.values().filter(|found| **found).count() > 200 && told.values().filter(|found| !**found).count() > 200);
    holds(&told, &catalog, &inventory);
}

#[test]
fn a_type_finds_what_is_called_so_and_of_it_only() {
    let mut sources = SourceMap::default();
    let catalog = catalog(&mut sources);
    let inventory = inventory(&catalog, &mut sources);
    let mut told: BTreeMap<Target, bool> = BTreeMap::new();
    for service in catalog.service_ids() {
        let types = catalog.resource_types(service);
        for one in types {
            let words = |of: &ResourceType| -> BTreeSet<String> {
                let letters = |word: &str| word.replace('-', "").to_lowercase();
                let last = |kind: &String| letters(kind.rsplit("::").next().unwrap_or_default());
                let own = || of.cloudformation.iter().map(last).collect();
                if of.arn.is_empty() {
                    own()
                } else {
                    of.arn.iter().map(|word| letters(word)).collect()
                }
            };
            let spelt: Vec<String> = kinds(&catalog, service, one)
                .flat_map(|kind| [kind.to_owned(), kind.replace("::", "").replacen("AWS", "Aws", 1)])
                .collect();
            for kind in &spelt {
                for own in types.iter().filter(|own| own.id == one.id || words(own).is_disjoint(&words(one))) {
                    let singular = |word: &String| word.trim_end_matches('s').to_owned();
                    let alike: BTreeSet<String> = words(own).iter().map(singular).collect();
                    if own.id != one.id && words(one).iter().any(|word| alike.contains(&singular(word))) {
                        continue;
                    }
                    for (number, _) in kinds(&catalog, service, own).enumerate() {
                        let target = Target {
                            name: Some(name(service, own, number).into()),
                            kind: Some(kind.as_str().into()),
                            ..Target::default()
                        };
                        told.insert(target, is_one(&one.id, own));
                    }
                }
            }
        }
    }
    assert!(told.values().filter(|found| **found).count() > 200 && told.values().filter(|found| !**found).count() > 200);
    holds(&told, &catalog, &inventory);
}

/// What only supports others is told apart, too, and where it is there itself the result goes to it.
#[test]
fn what_is_said_of_a_cluster_is_not_said_of_its_service() {
    let mut sources = SourceMap::default();
    let catalog = catalog(&mut sources);
    let of = |resources: &str, targets: &[Target]| {
        let text = format!("inventory: 1\norganization: Example Pay Ltd\nas_of: 2026-11-01\nresources:\n{resources}");
        let folder = Folder::new().with("inventory.yaml", text);
        let mut sources = SourceMap::default();
        let inventory = load(&[folder.path("inventory.yaml")], &catalog, &mut sources).unwrap().inventory;
        let targets: BTreeSet<Target> = targets.iter().cloned().collect();
        found(&catalog, &inventory, &targets)
    };
    let arn = |arn: &str| Target {
        arn: Some(arn.into()),
        ..Target::default()
    };
    let kind = |kind: &str| Target {
        name: Some("api".into()),
        kind: Some(kind.into()),
        ..Target::default()
    };
    let cluster = [
        arn("arn:aws:ecs:eu-west-1:111122223333:cluster/api"),
        kind("AWS::ECS::Cluster"),
        kind("AwsEcsCluster"),
        kind("aws_ecs_cluster"),
    ];
    let service = [
        arn("arn:aws:ecs:eu-west-1:111122223333:service/main/api"),
        kind("AWS::ECS::Service"),
        kind("AwsEcsService"),
        kind("aws_ecs_service"),
    ];
    for own in ["aws_ecs_service", "\"AWS::ECS::Service\""] {
        let listed = format!("  - {{type: {own}, name: api}}\n");
        assert_eq!(of(&listed, &cluster), [false; 4], "{own}");
        assert_eq!(of(&listed, &service), [true; 4], "{own}");
        let both = format!("{listed}  - {{type: aws_ecs_cluster, name: api}}\n");
        assert_eq!(of(&both, &cluster), [true; 4], "{own}");
        assert_eq!(of(&both, &service), [true; 4], "{own}");
    }
    // Of what type it is nobody says.
    let untold = "  - {service: ecs, name: api}\n";
    assert_eq!(of(untold, &cluster), [true; 4]);
}
