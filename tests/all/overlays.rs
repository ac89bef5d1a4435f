//! A user's own service files over the built-in catalog.

use crate::support::{Folder, inventory, list, text};
use serde_json::json;

const RDS: &str = "id: rds
reason: Our contract with AWS lets the partner of the region keep the backups
sources:
  contract: {title: Contract 17, url: \"https://example.com/contract\", reviewed: 2026-10-01}
controls:
  backup:
    customer:
      - id: ask-partner
        does: Asks the partner for the record of the last restore
        default: build
        how: Write to the service desk once a quarter and keep the answer
        evidence: The answer of the service desk
        source: contract
";

pub(crate) const CACHE: &str = "id: house-cache
reason: Run by our own platform team, unknown to AWS
name: House Cache
category: database
model: managed-platform
about: A cache that the platform team runs for everybody
aliases: {names: [hcache], terraform: [house_cache]}
resources: {cache: {types: {terraform: [house_cache]}}}
";

fn folder() -> Folder {
    Folder::new().with(
        "inventory.yaml",
        inventory(json!([{"service": "rds", "name": "ledger"}, {"type": "house_cache", "name": "sessions"}])),
    )
}

#[test]
fn a_changed_control_is_a_departure_with_its_reason() {
    let folder = folder().with("mine/services/rds.yaml", RDS);
    let markdown = folder.run(&["report", "--catalog", "mine"]).fine();
    let departures = markdown
        .split("### Departures from the built-in catalog")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    for said in [
        "rds",
        "backup",
        "Our contract with AWS lets the partner of the region keep the backups",
        "mine/services/rds.yaml",
    ] {
        assert!(departures.contains(said), "{said}: {departures}");
    }
    let without = folder.run(&["report"]).fine();
    assert!(
        !without.contains("### Departures from the built-in catalog"),
        "what there is none of is left out"
    );

    // One side of one control is replaced, all else is as it was.
    let show = |arguments: &[&str]| {
        folder
            .run(&[&["catalog", "show", "rds", "--format", "json"][..], arguments].concat())
            .json()
    };
    let (before, after) = (show(&[]), show(&["--catalog", "mine"]));
    for (before, after) in list(&before, "controls").iter().zip(list(&after, "controls")) {
        if before["control"] != "backup" {
            assert_eq!(before, after);
            continue;
        }
        let of = |control: &serde_json::Value, side: &str| {
            list(control, "activities")
                .iter()
                .filter(|one| one["side"] == side)
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(of(before, "provider"), of(after, "provider"));
        let customer = of(after, "customer");
        assert_eq!(customer.len(), 1);
        assert_eq!(
            (text(&customer[0], "from"), text(&customer[0], "source")),
            ("overlay", "https://example.com/contract")
        );
    }
    let why = folder.run(&["why", "rds", "backup", "--catalog", "mine"]).fine();
    assert!(why.contains("from     overlay"), "{why}");
}

#[test]
fn a_new_service_is_reported_like_any_other() {
    let folder = folder().with("mine/house-cache.yaml", CACHE);
    let before = folder.report("json").json();
    assert_eq!(list(&before, "unclassified")[0]["type"], "house_cache");
    let after = folder.run(&["report", "--catalog", "mine", "--format", "json"]).json();
    assert_eq!(after["unclassified"], json!([]));
    let service = list(&after, "services")
        .iter()
        .find(|service| service["service"] == "house-cache")
        .unwrap();
    assert_eq!((text(service, "name"), text(service, "model")), ("House Cache", "managed-platform"));
    assert!(list(service, "controls").iter().any(|control| control["type"] == "shared"));
    assert_eq!(list(&after, "overlays")[0]["adds"], true);
    let named = folder.run(&["catalog", "show", "hcache", "--catalog", "mine"]).fine();
    assert!(named.starts_with("House Cache: "), "{named}");
}

#[test]
fn an_overlay_that_breaks_the_rules_is_an_error() {
    let folder = folder();
    for (name, text, code, says) in [
        (
            "without-reason",
            RDS.replace(
                "reason: Our contract with AWS lets the partner of the region keep the backups\n",
                "",
            ),
            1,
            "the overlay of `rds` gives no `reason`",
        ),
        ("unknown-control", RDS.replace("  backup:", "  backups:"), 1, "`backups`"),
        ("unknown-field", RDS.replace("does:", "dose:"), 1, "unknown field `dose`"),
        ("unknown-source", RDS.replace("source: contract", "source: contrakt"), 1, "contrakt"),
        (
            "incomplete",
            CACHE.replace("model: managed-platform\n", ""),
            1,
            "the new service `house-cache` has no `model`",
        ),
        (
            "unknown-model",
            CACHE.replace("managed-platform", "mangled-platform"),
            1,
            "mangled-platform",
        ),
        (
            "mode-of-a-day",
            format!("{CACHE}modes:\n  - {{id: old, name: Old, why: It was, when: {{version: {{ended: {{\"1\": 2026-01-01}}}}}}}}\n"),
            1,
            "does not depend on the day",
        ),
        ("syntax", "id: [".to_owned(), 1, "cannot decode the text"),
    ] {
        let file = if text.contains("house-cache") {
            "house-cache.yaml"
        } else {
            "rds.yaml"
        };
        folder.put(&format!("{name}/{file}"), text);
        for command in [&["report", "--catalog"][..], &["check", "--catalog"], &["catalog", "check"]] {
            // A folder by itself may be a catalog of its own, which needs no reasons.
            if (name, command[0]) == ("without-reason", "catalog") {
                continue;
            }
            let run = folder.run(&[command, &[name]].concat());
            let errors = run.failed(code);
            assert!(
                errors.contains("error[") && errors.contains(says) && errors.contains(file),
                "{name}, {command:?}: {errors}"
            );
        }
    }
    folder.put("empty/readme.txt", "");
    folder.run(&["report", "--catalog", "empty"]).failed(3);
    folder.run(&["report", "--catalog", "nowhere"]).failed(3);
}

/// A whole catalog in the place of an overlay is one error, which says what to do, and not one for each of its files.
#[test]
fn a_whole_catalog_is_no_overlay() {
    let folder = Folder::new().with_copy("catalog/aws", "whole").with(
        "inventory.yaml",
        "inventory: 1\norganization: X\nresources: [{service: sqs, name: a}]\n",
    );
    for command in [
        &["report", "inventory.yaml", "--catalog", "whole"][..],
        &["check", "inventory.yaml", "--catalog", "whole"],
        &["catalog", "list", "--catalog", "whole"],
    ] {
        let run = folder.run(command);
        let errors = run.failed(1);
        assert_eq!(errors.matches("error[").count(), 1, "{errors}");
        assert!(
            errors.contains("error[catalog-error]: `whole` is a whole catalog, and `--catalog` takes an overlay over the built-in one")
                && errors.contains("`cloudraci catalog check whole` checks the whole one"),
            "{errors}"
        );
    }
    assert_eq!(folder.run(&["catalog", "check", "whole"]).fine(), "the catalog keeps its rules\n");
}

/// What is missing is told with what belongs there, once.
#[test]
fn what_an_activity_lacks_is_told_with_what_to_write() {
    let says = |text: &str| {
        let folder = folder().with("mine/house-cache.yaml", text);
        folder.run(&["catalog", "check", "mine"]).failed(1).to_owned()
    };
    let activity = "id: house-cache\nname: House Cache\ncategory: other\nmodel: managed-platform\nabout: Ours\nreason: Ours\n\
                    resources: {node: {types: {}, attributes: {days: {type: number, stated: true}}}}\n\
                    sources: {own: {title: Own, url: \"https://example.com/own\", reviewed: 2026-10-01}}\n\
                    controls: {backup: {customer: [{id: days, does: Keeps copies, default: build, how: Set `days` to 7, evidence: A list, \
                    met_when: {days: {at_least: 7}}, cases: [{met: {days: 7}}, {not-met: {days: 0}}, {unknown: {}}], severity: low, \
                    unmet: None is kept, source: own}]}}\n";
    assert_eq!(
        folder()
            .with("mine/house-cache.yaml", activity)
            .run(&["catalog", "check", "mine"])
            .fine(),
        "the catalog keeps its rules\n"
    );
    for (taken, told, help) in [
        (
            "how: Set `days` to 7, ",
            "the customer's activity `days` has no `how`",
            "write `how: ...`: which setting to set to what, or what to do, and what today's default is",
        ),
        (
            "evidence: A list, ",
            "the customer's activity `days` has no `evidence`",
            "write `evidence: ...`: the artefact to keep that shows that it was done",
        ),
        (
            "{met: {days: 7}}, ",
            "`days` has no case that is met",
            "add `- {met: {NAME: VALUE}}` under `cases`: attributes of which the predicates must say so",
        ),
        (
            "{not-met: {days: 0}}, ",
            "`days` has no case that is not-met",
            "add `- {not-met: {NAME: VALUE}}` under `cases`",
        ),
        (
            "default: build, ",
            "has no `default`",
            "Whether an activity happens by itself. It is one of automatic, opt-in, build",
        ),
    ] {
        assert!(activity.contains(taken), "{taken}");
        let errors = says(&activity.replace(taken, ""));
        assert!(errors.contains(told) && errors.contains(&format!("= help: {help}")), "{errors}");
        assert_eq!(errors.matches("error[").count(), 1, "{errors}");
    }
    // An unknown model is told where it stands, and not a second time as what follows from it.
    let errors = says(&activity.replace("model: managed-platform", "model: managed"));
    assert_eq!(errors.matches("error[").count(), 1, "{errors}");
    assert!(
        errors.contains("error[catalog-error]: unknown service model `managed`") && errors.contains("house-cache.yaml:4:8"),
        "{errors}"
    );
}

/// What an overlay's folder holds is read, or said to mean nothing: never passed over.
#[test]
fn every_file_of_an_overlay_is_understood_or_told() {
    for stray in [
        "services/rds.yaml.bak",
        "services/rds.json",
        "services/rds.txt",
        "services/rds.YAML",
        "services/rds",
        "services/more/s3.yaml",
        "service/s3.yaml",
        "layers.yaml",
        "services/controls.yaml",
        "framework/pci.yaml",
        "s3.toml",
    ] {
        let folder = folder()
            .with("mine/services/rds.yaml", RDS)
            .with(&format!("mine/{stray}"), "id: s3\n");
        for command in [
            &["report", "--catalog", "mine"][..],
            &["check", "--catalog", "mine"],
            &["catalog", "check", "mine"],
        ] {
            let run = folder.run(command);
            let errors = run.failed(1);
            assert!(
                errors.contains("error[catalog-error]: the catalog folder holds a"),
                "{stray}: {errors}"
            );
            // A folder that means nothing is told, and not all that is in it.
            let parents = stray.match_indices('/').map(|(end, _)| format!("mine/{}`", &stray[..end]));
            let mut told = parents.chain([format!("mine/{stray}`")]);
            assert!(told.any(|told| errors.contains(&told)), "{stray}: {errors}");
        }
    }
    // What is for people, and a file beside the folder of services.
    let cache = folder()
        .with("mine/services/rds.yaml", RDS)
        .with("mine/house-cache.yml", CACHE)
        .with("mine/README.md", "x")
        .with("mine/LICENSE", "x")
        .with("mine/.git/config", "x");
    let report = cache.run(&["report", "--catalog", "mine", "--format", "json"]).json();
    assert_eq!(list(&report, "overlays").len(), 2);
    // Two files about one service: one of them would not count.
    let twice = folder().with("mine/rds.yaml", RDS).with("mine/other.yaml", RDS);
    let run = twice.run(&["check", "--catalog", "mine"]);
    assert!(
        run.failed(1).contains("two files of the folder are about the service `rds`"),
        "{}",
        run.errors
    );
    assert!(
        folder()
            .run(&["check", "--catalog", "nowhere"])
            .failed(3)
            .contains("error[cannot-read]")
    );
}

#[cfg(unix)]
#[test]
fn a_linked_service_file_is_read() {
    let folder = folder().with("elsewhere/rds.yaml", RDS).with("mine/README", "x");
    std::os::unix::fs::symlink(folder.path("elsewhere"), folder.path("mine/services")).unwrap();
    let report = folder.run(&["report", "--catalog", "mine", "--format", "json"]).json();
    assert_eq!(list(&report, "overlays").len(), 1);
}
