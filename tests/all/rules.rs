//! Rules that hold over all service files, and over those of an overlay: categories, lifecycles, promises, defaults and
//! the readings of pages.

use crate::support::{Folder, activities, list, repository, text};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Welcome.html";
const GENERAL: &str = "https://aws.amazon.com/compliance/shared-responsibility-model/";

/// An overlay of one service: fields at the top, and one activity of `control` on `side` that rests on `url`.
fn overlay(service: &str, top: &str, control: &str, side: &str, activity: &str, url: &str) -> Folder {
    let file = format!(
        "id: {service}\nreason: For a test\n{top}sources: {{s: {{title: T, url: \"{url}\", reviewed: 2026-11-01}}}}\n\
         controls:\n  {control}:\n    {side}:\n      - {{id: a, brief: B, source: s, {activity}}}\n"
    );
    Folder::new().with(&format!("mine/{service}.yaml"), file)
}

fn told(folder: &Folder) -> String {
    folder.run(&["catalog", "check", "mine"]).errors
}

const HOUSE: &str = "name: House\ncategory: database\nmodel: abstract\nabout: Ours\n";
const RUNS: &str = "does: Runs it, default: automatic";

/// What is wrong is told with the words that help, and what differs from it in nothing else is not told at all.
#[test]
fn each_rule_is_told_where_it_is_broken_and_only_there() {
    let house = |top: &str| overlay("house", top, "service-operation", "provider", RUNS, PAGE);
    let kept = |default: &str, does: &str, how: &str| {
        let activity = format!("does: {does}, default: {default}, how: {how}, evidence: E");
        overlay("rds", "", "logging", "customer", &activity, PAGE)
    };
    let promise = |url: &str| {
        overlay(
            "rds",
            "",
            "service-operation",
            "provider",
            "does: Keeps its service level, default: automatic",
            url,
        )
    };
    let retired = |control: &str, side: &str| {
        let activity = if side == "customer" {
            "does: Keeps it, default: build, how: H, evidence: E"
        } else {
            RUNS
        };
        overlay("qldb", "", control, side, activity, PAGE)
    };
    let general = |control: &str, more: &str| {
        let activity = format!("does: Keeps it, default: build, how: H, evidence: E{more}");
        overlay("rds", "", control, "customer", &activity, GENERAL)
    };
    let lifecycle = |words: &str| house(&format!("{HOUSE}lifecycle: {{{words}, source: our notice}}\n"));
    // A bucket whose versioning a template leaves out has none.
    let asking = |resources: &str, asked: &str, case: &str| {
        let activity =
            format!("does: Keeps it, default: build, how: H, evidence: E, severity: low, unmet: U, met_when: {{{asked}}}, cases: [{case}]");
        overlay("s3", resources, "backup", "customer", &activity, PAGE)
    };
    let versioning = |case: &str| asking("", "versioning: true", case);
    let own = |asked: &str| {
        asking(
            "resources: {bucket: {attributes: {tags: map, id: text, arn: text, tagged: map}}}\n",
            asked,
            "{unknown: {}}",
        )
    };
    let category = HOUSE.replace("database", "databases");
    let cases: Vec<(&str, Folder, Folder)> = vec![
        ("unknown category `databases`", house(&category), house(HOUSE)),
        ("did you mean `database`?", house(&category), house(HOUSE)),
        (
            "`retird` is not allowed here",
            lifecycle("state: retird"),
            lifecycle("state: closed-to-new"),
        ),
        (
            "the lifecycle has no `source`",
            house(&format!("{HOUSE}lifecycle: {{state: closed-to-new, source: ' '}}\n")),
            lifecycle("state: closed-to-new"),
        ),
        (
            "not a date",
            lifecycle("state: closed-to-new, date: soon"),
            lifecycle("state: closed-to-new, date: 2026-01-02"),
        ),
        (
            "ends before it is closed",
            lifecycle("state: closed-to-new, date: 2026-01-02, ends: 2026-01-01"),
            lifecycle("state: closed-to-new, date: 2026-01-02, ends: 2026-01-03"),
        ),
        (
            "its day is `date`",
            lifecycle("state: retired, date: 2026-01-02, ends: 2026-01-03"),
            lifecycle("state: closed-to-new, date: 2026-01-02, ends: 2026-01-03"),
        ),
        (
            "nobody sees to its `service-operation`",
            lifecycle("state: retired, date: 2026-01-02"),
            lifecycle("state: closed-to-new, date: 2026-01-02"),
        ),
        (
            "nobody sees to its `monitoring-detection`",
            retired("monitoring-detection", "provider"),
            retired("monitoring-detection", "customer"),
        ),
        (
            "nobody sees to its `capacity-scaling`",
            retired("capacity-scaling", "provider"),
            retired("encryption-at-rest", "provider"),
        ),
        (
            "promises a service level",
            promise(PAGE),
            promise("https://aws.amazon.com/rds/sla/"),
        ),
        (
            "happens by itself",
            kept("automatic", "Keeps it on", "Set it"),
            kept("automatic", "Keeps it on", "Leave it on"),
        ),
        (
            "leaves a default as it is",
            kept("opt-in", "Leaves it on", "Set it"),
            kept("opt-in", "Keeps it on", "Set it"),
        ),
        (
            "leaves a default as it is",
            kept("opt-in", "Keeps it on", "Leave it on"),
            kept("build", "Keeps it on", "Leave it on"),
        ),
        (
            "leaves a default as it is",
            kept("opt-in", "Keeps it on", "\"Keep it on, the default; set it else\""),
            kept("opt-in", "Keeps it on", "\"Keep it on; the default is off\""),
        ),
        (
            "says nothing of `logging`",
            general("logging", ""),
            general("logging", ", unverified: true"),
        ),
        (
            "is not-met in this case as cloudformation delivers `bucket`, where it should be unknown",
            versioning("{unknown: {bucket: b}, from: cloudformation}"),
            versioning("{not-met: {bucket: b}, from: cloudformation}"),
        ),
        (
            "is unknown in this case as config delivers `bucket`, where it should be not-met",
            versioning("{not-met: {bucket: b}, from: config}"),
            versioning("{unknown: {bucket: b}, from: config}"),
        ),
        (
            "cloudformation has no resource of `s3` with these attributes",
            versioning("{met: {kind: buckets, versioning: true}, from: cloudformation}"),
            versioning("{met: {kind: bucket, versioning: true}, from: cloudformation}"),
        ),
        (
            "`cloudfront` is not allowed here",
            versioning("{met: {versioning: true}, from: cloudfront}"),
            versioning("{met: {versioning: true}, from: terraform}"),
        ),
        (
            "cannot ask for `tags.owner`",
            own("tags.owner: {present: true}"),
            own("tagged.owner: {present: true}"),
        ),
        ("cannot ask for `id`", own("any: [{id: a}]"), own("any: [{bucket: a}]")),
        (
            "cannot ask for `arn`",
            own("arn: {starts_with: a}"),
            own("bucket: {starts_with: a}"),
        ),
        (
            "says nothing of `dependency-management`",
            general("dependency-management", ""),
            general("guest-os-patching", ""),
        ),
    ];
    for (message, wrong, right) in cases {
        assert!(told(&wrong).contains(message), "{message}: {}", told(&wrong));
        assert!(!told(&right).contains(message), "{message}: {}", told(&right));
    }
}

#[test]
fn one_page_has_one_reading() {
    let source = |url: &str, day: &str| format!("{{title: T, url: \"{url}\"{day}}}");
    let folder = |first: &str, second: &str| {
        Folder::new()
            .with("mine/rds.yaml", format!("id: rds\nreason: R\nsources: {{s: {first}}}\n"))
            .with("mine/sns.yaml", format!("id: sns\nreason: R\nsources: {{s: {second}}}\n"))
    };
    let (old, new) = (", reviewed: 2025-01-01", ", reviewed: 2026-01-01");
    let within = format!("{PAGE}#part");
    for (first, second, is_told) in [
        (source(PAGE, old), source(PAGE, new), true),
        (source(PAGE, old), source(&within, new), true),
        (source(PAGE, ""), source(PAGE, new), true),
        (source(PAGE, new), source(&within, new), false),
        (source(PAGE, ""), source(PAGE, ""), false),
        (source(PAGE, old), source(GENERAL, new), false),
    ] {
        let said = told(&folder(&first, &second));
        assert_eq!(
            said.contains("was read on `2026-01-01` elsewhere"),
            is_told,
            "{first} {second}: {said}"
        );
        assert_eq!(said.contains("mine/rds.yaml"), is_told, "{said}");
        assert!(!said.contains("mine/sns.yaml"), "{said}");
    }
}

/// `other` is for what an overlay adds.
#[test]
fn every_service_is_in_a_category_of_the_provider() {
    let services = Folder::new().run(&["catalog", "list", "--format", "json"]).json();
    let of = |wanted: &str| {
        let services = services.as_array().unwrap().iter();
        services
            .filter(|service| service["category"] == wanted)
            .map(|service| text(service, "service").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("other"), Vec::<String>::new());
    for (category, service) in [
        ("database", "dax"),
        ("database", "neptune-analytics"),
        ("developer-tools", "codestar-notifications"),
        ("internet-of-things", "iotroborunner"),
        ("security-identity-and-compliance", "payment-cryptography"),
    ] {
        assert!(of(category).iter().any(|id| id == service), "{service} is not in {category}");
    }
}

/// The controls in which a provider runs, patches, watches or scales something.
const CARE: [&str; 7] = [
    "service-operation",
    "host-virtualization",
    "guest-os-patching",
    "platform-patching",
    "vulnerability-management",
    "monitoring-detection",
    "capacity-scaling",
];

#[test]
fn a_retired_service_has_nobody_who_runs_patches_watches_or_scales_it() {
    let folder = Folder::new();
    let services = folder.run(&["catalog", "list", "--format", "json"]).json();
    let is_retired = |words: Option<&str>| words.is_some_and(|words| words.starts_with("retired"));
    let retired = services
        .as_array()
        .unwrap()
        .iter()
        .filter(|service| is_retired(service["lifecycle"].as_str()));
    let mut looked_at = 0;
    for service in retired {
        let id = text(service, "service");
        assert_eq!(list(service, "modes").len(), 0, "{id} is retired, and runs in modes");
        let split = folder.run(&["catalog", "show", id, "--format", "json"]).json();
        for (control, activity) in activities(&split) {
            let care = CARE.contains(&text(control, "control")) && activity["side"] != "customer";
            assert!(!care, "{id}: {}: {}", text(control, "control"), text(activity, "does"));
        }
        looked_at += 1;
    }
    assert!(looked_at > 30, "{looked_at}");
}

/// The lifecycles are those that notices tell of, each with the day where the notice has one; where the catalog says another,
/// the list says why.
#[test]
fn lifecycles_are_those_of_the_notices() {
    let notices = repository("tests/fixtures/aws/lifecycle.tsv");
    let services = Folder::new().run(&["catalog", "list", "--format", "json"]).json();
    let lifecycles: BTreeMap<&str, &str> = services
        .as_array()
        .unwrap()
        .iter()
        .map(|service| (text(service, "service"), service["lifecycle"].as_str().unwrap_or("runs")))
        .collect();
    let mut told = BTreeSet::new();
    for line in notices.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [id, state, date, source, why] = cells[..] else {
            panic!("five cells: {line}")
        };
        let said = lifecycles.get(id).unwrap_or_else(|| panic!("no service `{id}`"));
        let words = if state == "closed-to-new" {
            "closed to new customers"
        } else {
            state
        };
        let since = said.split(" since ").nth(1);
        let same = said.starts_with(words) && (date.is_empty() || since.is_none_or(|day| day.starts_with(date)));
        assert_eq!(same, why.is_empty(), "{id} is {said}, and by {source} {state} {date}: {why}");
        told.insert(id);
    }
    for (id, said) in &lifecycles {
        assert!(*said == "runs" || told.contains(id), "{id} is {said}, and no notice is listed");
    }
}
