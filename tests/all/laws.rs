//! Laws that hold for every inventory and for the whole catalog.

use crate::support::{Folder, activities, inventory, list, repository, root, text};
use cloudraci::catalog::{Catalog, PartyKind};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const CUSTOMERS: [&str; 2] = ["platform", "security"];
const OTHERS: [&str; 3] = ["platform", "security", "northwind"];
const ENVIRONMENTS: [&str; 2] = ["prod", "dev"];
const ACCOUNTS: [&str; 2] = ["111122223333", "044455556666"];

fn catalog() -> Catalog {
    Catalog::builtin().unwrap()
}

fn services() -> Vec<String> {
    catalog().service_ids().map(str::to_owned).collect()
}

fn resource() -> impl Strategy<Value = Value> {
    let parts = (
        select(services()),
        0..3u8,
        select(&ENVIRONMENTS[..]),
        select(&ACCOUNTS[..]),
        1..4u64,
        any::<bool>(),
        any::<bool>(),
    );
    parts.prop_map(|(service, name, environment, account, count, classified, on)| {
        let data: &[&str] = if classified { &["cardholder"] } else { &[] };
        let config = json!({"encrypted": on, "storage_encrypted": on, "versioning": on, "engine": "postgres"});
        json!({
            "service": service, "name": format!("{service}-{name}"), "environment": environment, "account": account, "count": count,
            "data": data, "tags": {"team": if on { "a" } else { "b" }}, "config": if name == 0 { json!({}) } else { config },
        })
    })
}

/// Any selector over what [`resource`] makes.
pub(crate) fn selector() -> impl Strategy<Value = Value> {
    let controls: Vec<String> = catalog().controls.iter().map(|control| control.id.clone()).collect();
    let layers: Vec<String> = catalog().layers.iter().map(|layer| layer.id.clone()).collect();
    let models: Vec<String> = catalog().models().map(|model| model.id.clone()).collect();
    let keys = (
        prop::option::of(subsequence(services(), 1..4)),
        prop::option::of(subsequence(controls, 1..6)),
        prop::option::of(select(layers)),
        prop::option::of(select(models)),
        prop::option::of(select(&ENVIRONMENTS[..])),
        prop::option::of(select(&ACCOUNTS[..])),
        prop::option::of(Just("cardholder")),
        prop::option::of(select(&["team", "team=a"][..])),
    );
    keys.prop_map(|(service, control, layer, model, environment, account, data, tag)| {
        let all = json!({
            "service": service, "control": control, "layer": layer, "model": model, "environment": environment, "account": account,
            "data": data, "tag": tag,
        });
        let set = all.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
        set.map(|(key, value)| (key.clone(), value.clone())).collect()
    })
}

fn rule() -> impl Strategy<Value = Value> {
    let letters = (
        prop::option::of(subsequence(OTHERS.to_vec(), 1..=3)),
        prop::option::of(select(&OTHERS[..])),
        subsequence(vec!["aws", "platform", "security", "northwind"], 1..=4),
        prop::option::of(subsequence(vec!["aws", "platform", "security", "northwind"], 0..=4)),
    );
    (selector(), letters, any::<bool>()).prop_map(|(mut matches, (responsible, accountable, consulted, informed), provider)| {
        let mut rule = json!({"consulted": consulted});
        if provider {
            matches["side"] = "provider".into();
        } else {
            if let Some(parties) = responsible {
                rule["responsible"] = json!(parties);
            }
            if let Some(party) = accountable {
                rule["accountable"] = json!(party);
            }
        }
        if let Some(parties) = informed {
            rule["informed"] = json!(parties);
        }
        rule["match"] = matches;
        rule
    })
}

/// An artefact that one of the parties vouches with, a person of one, or nobody.
pub(crate) fn artefact() -> impl Strategy<Value = Value> {
    let keys = (
        0..3u8,
        selector(),
        select(&["platform", "security", "northwind", "Shift Lead", "Head of Platform", "aws", ""][..]),
        select(&["2026-05-04", "2026-10-30", "2025-01-02", "2026-11-20", ""][..]),
        any::<bool>(),
    );
    keys.prop_map(|(name, matches, by, reviewed, ends)| {
        let mut artefact = json!({"match": matches, "artefact": format!("Record {name}")});
        for (key, value) in [
            ("by", by),
            ("reviewed", reviewed),
            ("review_by", if ends { "2026-12-24" } else { "" }),
        ] {
            artefact[key] = if value.is_empty() { Value::Null } else { value.into() };
        }
        artefact
    })
}

pub(crate) fn document() -> impl Strategy<Value = Value> {
    let lists = (
        prop::collection::vec(resource(), 1..7),
        prop::collection::vec(rule(), 0..6),
        prop::option::of(selector()),
        select(&CUSTOMERS[..]),
        prop::collection::vec(artefact(), 0..3),
    );
    lists.prop_map(|(resources, rules, keeps, first, evidence)| {
        let second = if first == CUSTOMERS[0] { CUSTOMERS[1] } else { CUSTOMERS[0] };
        let mut document = json!({
            "inventory": 1, "organization": "Example", "as_of": "2026-11-01",
            "parties": {
                first: if first == "platform" { json!({"people": ["Head of Platform"]}) } else { json!({}) },
                second: if second == "platform" { json!({"kind": "customer", "people": "Head of Platform"}) } else { json!({"kind": "customer"}) },
                "northwind": {"kind": "partner", "people": ["Shift Lead"]},
            },
            "accounts": {ACCOUNTS[0]: {"name": "one"}, ACCOUNTS[1]: {"name": "two", "environment": "dev"}},
            "assignments": rules, "resources": resources, "evidence": evidence,
        });
        if let Some(keeps) = keeps {
            document["handover"] = json!({"from": "northwind", "to": first, "date": "2026-12-15", "keeps": [{"match": keeps}]});
        }
        document
    })
}

fn report(document: &Value) -> Value {
    Folder::new().with("inventory.yaml", document.to_string()).report("json").json()
}

/// The rows of a report, whatever letters they have.
fn lawful(report: &Value) -> Result<(), TestCaseError> {
    let kinds: BTreeMap<&str, &str> = list(report, "parties")
        .iter()
        .map(|party| (text(party, "id"), text(party, "kind")))
        .collect();
    for (control, activity) in activities(report) {
        let held: Vec<(&str, &str)> = list(activity, "assignments")
            .iter()
            .map(|held| (text(held, "party"), text(held, "letters")))
            .collect();
        let holders = |letter| {
            held.iter()
                .filter(move |(_, letters)| letters.split('/').any(|one| one == letter))
                .map(|(party, _)| *party)
                .collect::<Vec<_>>()
        };
        let (accountable, responsible) = (holders("A"), holders("R"));
        prop_assert_eq!(accountable.len(), 1, "{}", activity);
        prop_assert!(!responsible.is_empty(), "{}", activity);
        let parties: BTreeSet<&str> = held.iter().map(|(party, _)| *party).collect();
        prop_assert_eq!(parties.len(), held.len(), "each party once: {}", activity);
        prop_assert!(
            held.iter().all(|(_, letters)| ["A", "R", "A/R", "C", "I"].contains(letters)),
            "{}",
            activity
        );
        let states = ["met", "attested", "not-met", "excepted", "unknown"];
        match text(activity, "side") {
            "customer" => {
                prop_assert!(
                    accountable.iter().chain(&responsible).all(|party| kinds[party] != "provider"),
                    "{}",
                    activity
                );
                prop_assert!(states.contains(&text(activity, "state")) && activity["duty"].is_string());
            }
            "provider" => {
                prop_assert_eq!(&accountable, &["aws"]);
                prop_assert_eq!(&responsible, &["aws"]);
                prop_assert!(
                    held.iter().any(|(party, _)| kinds[party] == "customer"),
                    "a customer party hears of it: {}",
                    activity
                );
                prop_assert_eq!(text(activity, "state"), "inherited");
                prop_assert!(activity["commitment"].is_string());
            }
            party => {
                prop_assert_eq!(&accountable, &[party]);
                prop_assert!(states.contains(&text(activity, "state")) && activity["duty"].is_string());
            }
        }
        let counted = |name: &str| activity[name].as_u64().unwrap();
        let (of, met, bad) = (counted("resources"), counted("resources_met"), counted("resources_not_met"));
        let (excepted, attested) = (counted("resources_excepted"), counted("resources_attested"));
        prop_assert!(met + bad + excepted + attested <= of);
        if activity["duty"].is_string() {
            let expected = match () {
                () if bad > 0 => "not-met",
                () if of == 0 || met + excepted + attested < of => "unknown",
                () if excepted > 0 => "excepted",
                () if attested > 0 => "attested",
                () => "met",
            };
            prop_assert_eq!(text(activity, "state"), expected);
        }
        prop_assert!(!text(activity, "source").is_empty());
        let _ = control;
    }
    Ok(())
}

/// The figures of controls and services are those of what they sum up; `counts.rs` counts the duties.
fn counted_rightly(report: &Value) -> Result<(), TestCaseError> {
    let summary = &report["summary"];
    let controls: Vec<&Value> = list(report, "services")
        .iter()
        .flat_map(|service| list(service, "controls"))
        .collect();
    for (name, kind) in [
        ("inherited", "inherited"),
        ("shared", "shared"),
        ("customer_specific", "customer-specific"),
    ] {
        prop_assert_eq!(
            summary["controls"][name].as_u64().unwrap(),
            controls.iter().filter(|control| control["type"] == kind).count() as u64
        );
    }
    prop_assert_eq!(summary["services"].as_u64().unwrap(), list(report, "services").len() as u64);
    Ok(())
}

/// As many as PROPTEST_CASES asks for.
pub(crate) fn cases() -> u32 {
    std::env::var_os("PROPTEST_CASES")
        .and_then(|cases| cases.to_str()?.parse().ok())
        .unwrap_or(40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_matrix_is_lawful_and_counted_rightly(document in document()) {
        let report = report(&document);
        lawful(&report)?;
        counted_rightly(&report)?;
    }

    #[test]
    fn the_order_of_resources_and_of_files_does_not_matter(document in document(), turn in 0..6usize) {
        let markdown = |folder: &Folder, paths: &[&str]| folder.run(&[&["report"][..], paths].concat()).fine();
        let one = Folder::new().with("a.json", document.to_string());
        let mut turned = document.clone();
        let resources = turned["resources"].as_array_mut().unwrap();
        let turn = turn % resources.len();
        resources.rotate_left(turn);
        let other = Folder::new().with("a.json", turned.to_string());
        prop_assert_eq!(markdown(&one, &["a.json"]), markdown(&other, &["a.json"]));

        // The same inventory in three files, named in any order or found in their folder.
        let mut parts: Vec<Value> = (0..3).map(|_| json!({"inventory": 1})).collect();
        for (key, value) in document.as_object().unwrap() {
            match key.as_str() {
                "resources" => {
                    for (index, resource) in value.as_array().unwrap().iter().enumerate() {
                        let list = parts[index % 3].as_object_mut().unwrap().entry("resources").or_insert_with(|| json!([]));
                        list.as_array_mut().unwrap().push(resource.clone());
                    }
                }
                "inventory" => {}
                _ => parts[key.len() % 3][key] = value.clone(),
            }
        }
        let folder = Folder::new().with("p/1.json", parts[0].to_string()).with("p/2.json", parts[1].to_string()).with("p/3.json", parts[2].to_string());
        let listed = markdown(&folder, &["p/1.json", "p/2.json", "p/3.json"]);
        prop_assert_eq!(&listed, &markdown(&folder, &["p/3.json", "p/1.json", "p/2.json"]));
        prop_assert_eq!(&listed, &markdown(&folder, &["p"]));
        // But for the names of the files and places in them, it is the report on the one file, too.
        let places = |line: &str| line.starts_with("| Inventory |") || line.contains("json:1:");
        let named = |markdown: &str| markdown.lines().filter(|line| !places(line)).map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(named(&listed), named(&markdown(&one, &["a.json"])));
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = Folder::golden();
    for format in ["markdown", "html", "json", "csv", "pdf"] {
        let first = folder.report(format);
        assert!(!first.bytes.is_empty());
        assert!(first.bytes == folder.report(format).bytes, "{format}");
    }
}

#[test]
fn reports_on_the_examples_are_lawful() {
    for example in ["minimal.yaml", "payments", "estate", "reference"] {
        let path = root().join("inventories").join(example);
        let report = Folder::new().run(&["report", "--format", "json", path.to_str().unwrap()]).json();
        lawful(&report).unwrap();
        counted_rightly(&report).unwrap();
    }
}

/// What `catalog show` says of every service, and of every service in each of its modes.
fn catalog_as_shown() -> Vec<(String, Value)> {
    let folder = Folder::new();
    let listed = folder.run(&["catalog", "list", "--format", "json"]).json();
    let names = listed.as_array().unwrap().iter().flat_map(|service| {
        let id = text(service, "service").to_owned();
        let modes: Vec<String> = list(service, "modes")
            .iter()
            .map(|mode| format!("{id}/{}", mode.as_str().unwrap()))
            .collect();
        std::iter::once(id).chain(modes)
    });
    names
        .map(|name| (name.clone(), folder.run(&["catalog", "show", &name, "--format", "json"]).json()))
        .collect()
}

#[test]
fn every_service_and_mode_has_every_control_with_a_type_that_follows_from_its_sides() {
    let table = repository("catalog/aws/controls.yaml");
    let known: Vec<Value> = serde_yaml::from_str(&table).unwrap();
    let known: Vec<&str> = known.iter().map(|control| text(control, "id")).collect();
    assert_eq!(known.len(), 28);
    let shown = catalog_as_shown();
    assert!(shown.len() > 60, "services and modes: {}", shown.len());
    for (name, split) in &shown {
        let controls = list(split, "controls");
        assert_eq!(
            controls.iter().map(|control| text(control, "control")).collect::<Vec<_>>(),
            known,
            "{name}"
        );
        for control in controls {
            let sides: BTreeSet<&str> = list(control, "activities").iter().map(|activity| text(activity, "side")).collect();
            let expected = match (sides.contains("customer"), sides.contains("provider")) {
                (true, true) => json!("shared"),
                (true, false) => json!("customer-specific"),
                (false, true) => json!("inherited"),
                (false, false) if sides.is_empty() => Value::Null,
                (false, false) => json!("partner-specific"),
            };
            assert_eq!(control["type"], expected, "{name}, {control}");
            assert_eq!(
                control["not_applicable"].is_string(),
                sides.is_empty(),
                "a control without activities says why: {name}, {control}"
            );
        }
    }
}

#[test]
fn every_activity_says_what_it_rests_on_and_every_customer_activity_what_to_do_and_to_keep() {
    let mut ids = BTreeSet::new();
    for (name, split) in catalog_as_shown() {
        let mut here = BTreeSet::new();
        for (control, activity) in activities(&split) {
            assert!(text(activity, "source").starts_with("https://"), "{name}: {activity}");
            assert!(here.insert(text(activity, "id").to_owned()), "twice: {name}: {activity}");
            let does = text(activity, "does");
            assert!(
                does.len() > 10 && does.chars().next().unwrap().is_uppercase() && !does.ends_with('.'),
                "{name}: {activity}"
            );
            assert!(["model", "service", "mode"].contains(&text(activity, "from")), "{name}: {activity}");
            assert!(
                ["automatic", "opt-in", "build"].contains(&text(activity, "default")),
                "{name}: {activity}"
            );
            if text(activity, "side") == "customer" {
                assert!(text(activity, "how").len() > 10, "{name}, {}: {activity}", control["control"]);
                assert!(text(activity, "evidence").len() > 5, "{name}, {}: {activity}", control["control"]);
            }
            if !activity["met_when"].is_null() {
                assert_eq!(activity["side"], "customer", "{name}: {activity}");
                assert!(
                    !text(activity, "unmet").is_empty() && activity["severity"].is_string(),
                    "{name}: {activity}"
                );
            }
        }
        ids.extend(here);
    }
    assert!(ids.len() > 900, "{}", ids.len());
}

#[test]
fn the_less_the_provider_runs_the_more_the_customer_does() {
    let mut duties: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (_, split) in catalog_as_shown() {
        let customer = activities(&split)
            .iter()
            .filter(|(_, activity)| activity["side"] == "customer")
            .count();
        duties.entry(text(&split, "model").to_owned()).or_default().push(customer);
    }
    let mean = |model: &str| duties[model].iter().sum::<usize>() as f64 / duties[model].len() as f64;
    assert!(mean("infrastructure") > mean("managed-platform"), "{duties:?}");
    assert!(mean("managed-platform") > mean("abstract"), "{duties:?}");
}

#[test]
fn what_people_and_tools_call_a_service_resolves() {
    let expected = "\
rds\trds
RDS\trds
Amazon RDS\trds
aws_db_instance\trds
AWS::RDS::DBInstance\trds
arn:aws:rds:eu-west-1:111122223333:db:x\trds
arn:aws-cn:rds:cn-north-1:111122223333:db:x\trds
arn:aws:rds:eu-west-1:111122223333:cluster:x\taurora
aws_rds_cluster\taurora
elb\telastic-load-balancing
alb\telastic-load-balancing
nlb\telastic-load-balancing
aws_lb\telastic-load-balancing
aws_elb\telastic-load-balancing
AWS::ElasticLoadBalancingV2::LoadBalancer\telastic-load-balancing
arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/x/50dc6c495c0c9188\telastic-load-balancing
asg\tec2-auto-scaling
aws_autoscaling_group\tec2-auto-scaling
AWS::AutoScaling::AutoScalingGroup\tec2-auto-scaling
route53\troute-53
Route 53\troute-53
aws_route53_zone\troute-53
ddb\tdynamodb
dynamodb:PutItem\tdynamodb
aws_dynamodb_table\tdynamodb
ec2\tec2
aws_instance\tec2
AWS::EC2::Instance\tec2
arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0\tec2
aws_ebs_volume\tebs
AWS::EC2::Volume\tebs
arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0\tebs
aws_vpc\tvpc
aws_eip\tvpc
aws_security_group\tvpc
AWS::EC2::VPC\tvpc
arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-0123456789abcdef0\tvpc
s3\ts3
aws_s3_bucket\ts3
arn:aws:s3:::bucket\ts3
arn:aws:s3:::bucket/some/key\ts3
lambda\tlambda
lambda:InvokeFunction\tlambda
aws_lambda_function\tlambda
AWS::Lambda::Function\tlambda
ecs\tecs
aws_ecs_service\tecs
eks\teks
aws_eks_cluster\teks
ecr\tecr
aws_ecr_repository\tecr
aws_elastic_beanstalk_environment\telasticbeanstalk
aws_elasticache_replication_group\telasticache
aws_iam_role\tiam
arn:aws:iam::111122223333:role/x\tiam
aws_kms_key\tkms
arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012\tkms
aws_secretsmanager_secret\tsecretsmanager
aws_cloudtrail\tcloudtrail
aws_config_configuration_recorder\tconfig
aws_guardduty_detector\tguardduty
aws_cloudwatch_metric_alarm\tcloudwatch
aws_cloudfront_distribution\tcloudfront
aws_sqs_queue\tsqs
arn:aws:sqs:eu-west-1:111122223333:orders\tsqs
google_sql_database_instance\t-
random_password\t-
arn:aws\t-
no-such-thing\t-
";
    let ids: String = expected
        .lines()
        .map(|line| format!("{}\n", line.split('\t').next().unwrap()))
        .collect();
    let found = Folder::new().run_with(&["catalog", "resolve"], &ids).fine();
    for (found, expected) in found.lines().zip(expected.lines()) {
        assert_eq!(found, expected);
    }
    assert_eq!(found, expected);
}

#[test]
fn unclassified_resources_are_never_dropped() {
    let folder = Folder::new().with(
        "inventory.yaml",
        inventory(json!([{"service": "sqs"}, {"type": "aws_one", "count": 3}, {"service": "two", "name": "b"}])),
    );
    let report = folder.report("json").json();
    let found: Vec<(&str, u64)> = list(&report, "unclassified")
        .iter()
        .map(|one| (text(one, "type"), one["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(found, [("aws_one", 3), ("two", 1)]);
    assert_eq!(report["summary"]["unclassified"], 4);
    assert_eq!(report["summary"]["resources"], 1);
}

#[test]
fn every_provider_has_a_short_name_of_its_own() {
    let catalog = catalog();
    let mut known = BTreeSet::new();
    for party in &catalog.parties {
        let short = party.short.as_deref().unwrap_or(&party.name);
        assert!(short.chars().count() <= 24, "{short}");
        assert!(party.kind != PartyKind::Provider || party.short.is_some(), "{}", party.name);
        assert!(known.insert(short.to_lowercase()), "twice: {short}");
    }
}
