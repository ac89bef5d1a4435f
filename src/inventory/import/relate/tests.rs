//! Every relation in every source that has it, in generated estates: single resources and groups say the same.

#![allow(clippy::unwrap_used)]

mod siblings;

use super::{Relation, Relations, Side};
use crate::catalog::Catalog;
use crate::catalog::attributes::{Origin, Path};
use crate::diagnostics::Place;
use crate::inventory::import::paths::put;
use crate::inventory::import::{Context, Imported, Stream, import};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::builtin().unwrap());

static RELATIONS: LazyLock<Relations> = LazyLock::new(|| Relations::of(&CATALOG, Some(Origin::Config), true));

const ACCOUNTS: [&str; 2] = ["111122223333", "444455556666"];
const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];

/// A resource of a generated estate.
#[derive(Debug, Clone)]
struct Made {
    is_owner: bool,
    /// Which of the types that owners may have.
    owner_type: usize,
    /// Which of the attributes that may hold the common name.
    attribute: usize,
    name: usize,
    is_arn: bool,
    account: Option<usize>,
    region: Option<usize>,
    provider: usize,
    value: usize,
    is_of_a_part: bool,
}

fn made() -> impl Strategy<Value = Made> {
    let place = (prop::option::of(0..2_usize), prop::option::of(0..2_usize), 0..2_usize);
    (
        any::<bool>(),
        0..2_usize,
        0..2_usize,
        0..2_usize,
        any::<bool>(),
        place,
        0..6_usize,
        prop::bool::weighted(0.1),
    )
        .prop_map(
            |(is_owner, owner_type, attribute, name, is_arn, (account, region, provider), value, is_of_a_part)| Made {
                is_owner,
                owner_type,
                attribute,
                name,
                is_arn,
                account,
                region,
                provider,
                value,
                is_of_a_part,
            },
        )
}

impl Made {
    fn common_name(&self) -> String {
        if self.is_arn {
            format!("arn:aws:x:eu-west-1:111122223333:name-{}", self.name)
        } else {
            format!("name-{}", self.name)
        }
    }

    /// The type and the attributes, by Terraform's names.
    fn attributes(&self, relation: &Relation, sibling_kind: &str) -> (String, Map<String, Value>) {
        let (kind, names) = if self.is_owner {
            let owner = &relation.owners[self.owner_type % relation.owners.len()];
            (owner.clone(), relation.by(owner))
        } else {
            (sibling_kind.to_owned(), &relation.names[..])
        };
        let mut config = Map::new();
        if !names.is_empty() {
            config.insert(names[self.attribute % names.len()].clone(), self.common_name().into());
        }
        if let Some(account) = self.account {
            config.insert("owner_id".to_owned(), ACCOUNTS[account].into());
        }
        if let Some(region) = self.region {
            config.insert("region".to_owned(), REGIONS[region].into());
        }
        if self.is_owner {
            return (kind, config);
        }
        if let Some(unless) = relation.unless.as_ref().filter(|_| self.is_of_a_part) {
            config.insert(unless.clone(), "7".into());
        }
        for copied in &relation.copies {
            let values = [
                json!(true),
                json!(false),
                json!("Enabled"),
                json!("Disabled"),
                json!(format!("own-{}", self.name)),
                json!(null),
            ];
            let at = copied.declared.at().map_or_else(|| copied.key.clone(), Path::dotted);
            // Of lists the catalog asks whether they hold something, which any text but that one answers alike.
            let listed = [json!(true), json!(false), json!(null)];
            let value = match copied.declared.is_listed() {
                true => listed[self.value % listed.len()].clone(),
                false => values[self.value].clone(),
            };
            put(&mut config, &at, value);
        }
        (kind, config)
    }
}

fn block(kind: &str, number: usize, provider: usize, config: &Map<String, Value>) -> Value {
    json!({"mode": "managed", "type": kind, "name": format!("n{number}"),
        "provider": format!("provider[\"registry.terraform.io/hashicorp/aws\"].p{provider}"), "instances": [{"attributes": config}]})
}

/// The same estate as each source tells it.
fn sources(relation: &Relation, all: &[Made]) -> Vec<(&'static str, Value)> {
    let mut sources = Vec::new();
    let blocks: Vec<Value> = all
        .iter()
        .enumerate()
        .map(|(number, one)| {
            let (kind, config) = one.attributes(relation, &relation.kind);
            block(&kind, number, one.provider, &config)
        })
        .collect();
    if !relation.kind.contains("::") {
        sources.push(("terraform", json!({"version": 4, "resources": blocks})));
        return sources;
    }
    let entries: Vec<_> = all
        .iter()
        .map(|one| {
            let (kind, config) = one.attributes(relation, &relation.kind);
            (kind, config, one)
        })
        .collect();
    let items: Vec<Value> = entries
        .iter()
        .enumerate()
        .map(|(number, (kind, config, one))| {
            let id = if one.is_owner == (relation.named == Side::Owner) {
                one.common_name()
            } else {
                format!("id-{number}")
            };
            json!({"resourceType": kind, "resourceId": id, "ARN": id.starts_with("arn:").then_some(&id),
                "awsAccountId": one.account.map(|account| ACCOUNTS[account]), "awsRegion": one.region.map(|region| REGIONS[region]),
                "configuration": config})
        })
        .collect();
    sources.push(("config", json!({"configurationItems": items})));
    sources.push(("config", json!({"configSnapshotId": "1", "configurationItems": items})));
    let resources: Map<String, Value> = entries
        .iter()
        .enumerate()
        .map(|(number, (kind, config, _))| (format!("R{number}"), json!({"Type": kind, "Properties": config})))
        .collect();
    sources.push((
        "cloudformation",
        json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}),
    ));
    sources
}

fn imported(source: &str, text: &Value, is_long: bool) -> Imported {
    let file: Arc<str> = "a".into();
    let context = Context {
        catalog: &CATALOG,
        tags: &BTreeSet::new(),
        defaults: &Default::default(),
        beside: None,
        with_results: false,
    };
    let stream = Stream {
        is_long,
        ..Stream::of(text.to_string().into_bytes(), &file, &Place::file(file.clone()))
    };
    import(stream, crate::inventory::import::named(source), context).unwrap()
}

/// How many resources of each sort there are, as far as the catalog tells sorts apart.
fn sorts(imported: &Imported) -> BTreeMap<String, u64> {
    let mut sorts = BTreeMap::new();
    for one in &imported.resources {
        let mut answers = Vec::new();
        if let Some((service, true)) = &one.class {
            answers.extend(CATALOG.questions(service).iter().map(|question| question.answer(&one.config)));
        }
        let sort = format!("{} {:?} {:?} {:?} {answers:?}", one.kind, one.class, one.account, one.region);
        *sorts.entry(sort).or_default() += one.count.max(1);
    }
    sorts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn groups_say_what_single_resources_say(mut all in prop::collection::vec(made(), 1..8)) {
        // Two of one ARN, or of one id at one place, are one resource, which is another law's matter.
        let mut arns = BTreeSet::new();
        all.retain(|one| !one.is_arn || arns.insert((one.is_owner, one.name)));
        let mut ids = BTreeSet::new();
        all.retain(|one| match (one.account, one.region) {
            (Some(account), Some(region)) if !one.is_arn => ids.insert((one.is_owner, one.name, account, region)),
            _ => true,
        });
        for relation in &RELATIONS.list {
            for (source, text) in sources(relation, &all) {
                let single = imported(source, &text, false);
                let grouped = imported(source, &text, true);
                prop_assert_eq!(sorts(&grouped), sorts(&single), "{}: {} of {:?}", source, relation.kind, relation.owners);
                // The order of threads does not show.
                let again = imported(source, &text, true);
                prop_assert_eq!(format!("{:?}", again.resources), format!("{:?}", grouped.resources));
            }
        }
    }
}

/// Two of the same name, and one that is named: what it says reaches neither unless something tells them apart.
#[test]
fn a_name_that_may_mean_several_leaves_each_open() {
    let state = |blocks: Vec<Value>| json!({"version": 4, "resources": blocks});
    let function = |number: usize, provider: usize| {
        block(
            "aws_lambda_function",
            number,
            provider,
            json!({"function_name": "f"}).as_object().unwrap(),
        )
    };
    let address = |provider: usize| {
        let config = json!({"function_name": "f", "authorization_type": "AWS_IAM"});
        block("aws_lambda_function_url", 9, provider, config.as_object().unwrap())
    };
    let cluster = |number: usize, provider: usize| {
        let config = json!({"name": "main", "setting": [{"name": "containerInsights", "value": "enabled"}]});
        block("aws_ecs_cluster", number, provider, config.as_object().unwrap())
    };
    let service =
        |number: usize, provider: usize| block("aws_ecs_service", number, provider, json!({"cluster": "main"}).as_object().unwrap());
    let told = |blocks: Vec<Value>, attribute: &str| -> Vec<u64> {
        let state = state(blocks);
        [false, true]
            .map(|is_long| {
                let imported = imported("terraform", &state, is_long);
                let told = imported
                    .resources
                    .iter()
                    .filter(|one| ["aws_lambda_function", "aws_ecs_service"].contains(&&*one.kind) && one.config.contains_key(attribute));
                told.map(|one| one.count.max(1)).sum()
            })
            .into()
    };
    for (blocks, attribute, wanted) in [
        (vec![function(1, 1), address(2)], "authorization_type", 1),
        (vec![function(1, 1), function(2, 2), address(2)], "authorization_type", 1),
        (vec![function(1, 1), function(2, 2), address(3)], "authorization_type", 2),
        (vec![function(1, 1), function(2, 1), address(1)], "authorization_type", 2),
        // Many services may name one cluster; one service does not name two.
        (vec![cluster(1, 1), service(2, 1), service(3, 1)], "setting", 2),
        (
            vec![cluster(1, 1), cluster(2, 2), service(3, 1), service(4, 2), service(5, 3)],
            "setting",
            2,
        ),
        (vec![cluster(1, 1), cluster(2, 1), service(3, 1)], "setting", 0),
    ] {
        assert_eq!(told(blocks.clone(), attribute), [wanted, wanted], "{blocks:?}");
    }
}

/// The attributes of the repository in what `terraform show -json` prints of a state with these resources.
fn repository(others: &[Value], root: &str) -> Value {
    let one = |kind: &str, values: Value| {
        json!({"address": format!("{kind}.a"), "mode": "managed", "type": kind, "name": "a",
            "provider_name": "registry.terraform.io/hashicorp/aws", "values": values})
    };
    let mut resources = vec![
        one(
            "aws_ecr_repository",
            json!({"name": "app", "arn": "arn:aws:ecr:us-east-1:111122223333:repository/app"}),
        ),
        one(
            "aws_ecr_registry_scanning_configuration",
            json!({"registry_id": "111122223333", "scan_type": "ENHANCED", "rule": []}),
        ),
    ];
    resources.extend(others.iter().cloned());
    let mut shown = json!({"format_version": "1.0", "terraform_version": "1.9.0", root: {"root_module": {"resources": resources}}});
    if root == "planned_values" {
        let keys = ["aws_ecr_repository", "aws_ecr_registry_scanning_configuration"];
        let keys = keys.map(|kind| json!({"address": format!("{kind}.a"), "provider_config_key": "aws"}));
        shown["resource_changes"] = json!([]);
        shown["configuration"] = json!({"provider_config": {"aws": {"name": "aws"}}, "root_module": {"resources": keys}});
    }
    let found = imported("terraform", &shown, false);
    let one = found.resources.iter().find(|one| &*one.kind == "aws_ecr_repository").unwrap();
    Value::Object(one.config.clone())
}

#[test]
fn what_there_is_one_of_speaks_for_its_place_alone() {
    let state = repository(&[], "values");
    assert_eq!(
        state.get("registry_scan_type"),
        None,
        "a printed state does not tell configurations apart: {state}"
    );
    let plan = repository(&[], "planned_values");
    assert_eq!(plan["registry_scan_type"], "ENHANCED", "a plan does");
}

#[test]
fn every_relation_is_between_types_that_the_catalog_knows() {
    for relation in &RELATIONS.list {
        for kind in relation.owners.iter().chain([&relation.kind]) {
            assert!(CATALOG.classify_type(kind).is_some(), "{kind}");
        }
        assert_eq!(
            relation.names.is_empty(),
            relation.by(&relation.kind).is_empty(),
            "{}",
            relation.kind
        );
    }
    assert!(RELATIONS.list.len() > 40);
}

/// A state or a template with some of an estate's resources, each under the number that it has in the estate.
fn half(relation: &Relation, all: &[Made], of: &dyn Fn(usize) -> bool) -> (&'static str, Value) {
    let some = all.iter().enumerate().filter(|(number, _)| of(*number));
    if relation.kind.contains("::") {
        let resources: Map<String, Value> = some
            .map(|(number, one)| {
                let (kind, config) = one.attributes(relation, &relation.kind);
                (format!("n{number}"), json!({"Type": kind, "Properties": config}))
            })
            .collect();
        return (
            "cloudformation",
            json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}),
        );
    }
    let blocks: Vec<Value> = some
        .map(|(number, one)| {
            let (kind, config) = one.attributes(relation, &relation.kind);
            block(&kind, number, one.provider, &config)
        })
        .collect();
    ("terraform", json!({"version": 4, "resources": blocks}))
}

/// What the resource of a number says of an attribute, wherever it stands.
fn said(files: &[Imported], number: usize, name: &str) -> Option<Value> {
    let is_it = |address: &str| address.rsplit('.').next() == Some(&format!("n{number}"));
    let mut all = files.iter().flat_map(|one| &one.resources);
    let one = all.find(|one| is_it(&one.address))?;
    name.split('.')
        .try_fold(&Value::Object(one.config.clone()), |at, step| at.get(step).ok_or(()))
        .ok()
        .cloned()
}

/// Whether the file of the resource of a number has somebody who says an attribute of it.
fn heard(files: &[Imported], number: usize, name: &str) -> bool {
    let mut all = files.iter().flat_map(|one| &one.resources);
    let one = all.find(|one| one.address.rsplit('.').next() == Some(&format!("n{number}")));
    let owned = one.and_then(|one| one.owned.as_ref());
    owned.is_some_and(|owned| owned.heard.contains(name))
}

static OF_TEMPLATES: LazyLock<Relations> = LazyLock::new(|| Relations::of(&CATALOG, Some(Origin::CloudFormation), true));

/// The same few estates each time, since each is tried with every relation. One kind is known to differ: that of a sibling which
/// names a part of the owner by an ARN of another Region.
fn few() -> ProptestConfig {
    ProptestConfig {
        cases: 4,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(few())]
    /// What an owner's own file does not have is not taken for absent where another file has it: split in two, an estate says of
    /// each owner what it says whole, or what the owner's own file heard, or leaves it open.
    #[test]
    fn another_file_is_no_absence(all in prop::collection::vec(made(), 1..8), in_first in prop::collection::vec(any::<bool>(), 8), is_long in any::<bool>()) {
        for relations in [&*RELATIONS, &*OF_TEMPLATES] {
            for relation in &relations.list {
                let mut whole = [half(relation, &all, &|_| true)].map(|(source, text)| imported(source, &text, false));
                super::settle(&mut whole, &CATALOG);
                let (source, first) = half(relation, &all, &|number| in_first[number]);
                let (_, second) = half(relation, &all, &|number| !in_first[number]);
                let files = [imported(source, &first, false), imported(source, &second, false)];
                // Where many are counted nobody tells which is which: of the second file only what it says of the first's counts.
                let mut split = [imported(source, &first, false), imported(source, &second, is_long)];
                super::settle(&mut split, &CATALOG);
                let numbers = (0..all.len()).filter(|number| all[*number].is_owner && (in_first[*number] || !is_long));
                for (number, copied) in numbers.flat_map(|number| relation.copies.iter().map(move |copied| (number, copied))) {
                    let name = copied.declared.name();
                    let [whole, alone, split] = [&whole[..], &files[..], &split[..]].map(|files| said(files, number, name));
                    let is_open = match &split {
                        None => true,
                        Some(Value::Array(items)) => items.iter().any(|item| *item == "(...)" || item.get("(...)").is_some()),
                        Some(_) => false,
                    };
                    let is_heard = heard(&files, number, name);
                    prop_assert!(split == whole || is_open || is_heard && split == alone, "{} {} of {}: whole {:?}, alone {:?}, split {:?}", source, relation.kind, name, whole, alone, split);
                }
            }
        }
    }
}

/// A longer name may be that of a part of the owner, such as a version: a list that others make may have more than it tells then.
#[test]
fn a_name_with_more_in_it_leaves_lists_open() {
    let is_tried = |relation: &&Relation| relation.named == Side::Owner && !relation.kind.contains("::");
    let mut tried = 0;
    for relation in RELATIONS.list.iter().filter(is_tried) {
        let own = relation
            .by(&relation.kind)
            .iter()
            .find(|name| !["arn", "id"].contains(&name.as_str()));
        let (Some(own), Some(name)) = (own, relation.names.first()) else {
            continue;
        };
        let mut owner = Map::new();
        put(&mut owner, own, json!("own"));
        for copied in relation.copies.iter().filter(|copied| copied.declared.is_listed()) {
            let told = |named: &str| {
                let mut sibling = Map::new();
                let at = copied.declared.at().map_or_else(|| copied.key.clone(), Path::dotted);
                put(&mut sibling, &at, json!(true));
                put(&mut sibling, name, json!(named));
                let blocks = [block(&relation.owners[0], 1, 1, &owner), block(&relation.kind, 2, 1, &sibling)];
                let found = imported("terraform", &json!({"version": 4, "resources": blocks}), false);
                let config = found.resources.iter().find(|one| *one.kind == *relation.owners[0]);
                serde_json::to_string(&config.map(|one| &one.config)).unwrap()
            };
            // What says nothing under the owner's own name says nothing under another.
            if told("own") == told("other") {
                continue;
            }
            for named in [
                "own:live",
                "111122223333:function:own",
                "arn:aws:x:eu-west-1:111122223333:function:own:live",
            ] {
                let told = told(named);
                assert!(
                    told.contains("(...)"),
                    "{} named by {named} says {} of {}: {told}",
                    relation.kind,
                    copied.declared.name(),
                    relation.owners[0]
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 20, "{tried} places are tried");
}
