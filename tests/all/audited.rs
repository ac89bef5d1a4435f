//! What an auditor checks by hand in the report of the example with scanners' results: since when a finding is so and until when
//! it is mended, what is unclassified, who does what on a service, and what a filter of the HTML finds.

use crate::support::{Folder, list, root, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn payments(format: &str) -> crate::support::Run {
    let payments = root().join("inventories/payments");
    Folder::new().run(&["report", payments.to_str().unwrap(), "--format", format, "-o", "-"])
}

/// A day so many days after another.
fn after(day: &str, days: i64) -> String {
    let day: jiff::civil::Date = day.parse().unwrap();
    day.checked_add(jiff::Span::new().days(days)).unwrap().to_string()
}

#[test]
fn a_finding_is_due_from_the_day_on_which_it_was_first_seen() {
    let report = payments("json").json();
    let days: Vec<(String, i64)> = list(&report["severity"], "due")
        .iter()
        .map(|of| (text(of, "severity").to_owned(), of["days"].as_i64().unwrap()))
        .collect();
    let (mut by_scanners, mut by_configuration) = (0, 0);
    for finding in list(&report, "findings") {
        let first = match (finding["since"].as_str(), finding["seen"].as_str()) {
            (Some(since), None) => since,
            (None, Some(seen)) => seen,
            both => panic!("{both:?}: {finding}"),
        };
        let (_, days) = days.iter().find(|(severity, _)| *severity == text(finding, "severity")).unwrap();
        assert_eq!(text(finding, "due"), after(first, *days), "{finding}");
        if finding["seen"].is_null() {
            continue;
        }
        let looked: Vec<&str> = list(finding, "checks").iter().filter_map(|check| check["at"].as_str()).collect();
        match looked.iter().min() {
            Some(at) => {
                assert_eq!(
                    (&finding["seen"], &finding["seen_by"]),
                    (&json!(at), &json!("Prowler")),
                    "{finding}"
                );
                by_scanners += 1;
            }
            None => {
                assert_eq!(finding["seen"], report["meta"]["as_of"], "{finding}");
                by_configuration += 1;
            }
        }
    }
    assert!(by_scanners > 0 && by_configuration > 0);
}

#[test]
fn what_only_a_check_saw_is_called_by_the_check() {
    let report = payments("json").json();
    let found = |activity: &str| {
        let mut all = list(&report, "findings").iter();
        text(all.find(|one| one["activity"] == activity).unwrap(), "what").to_owned()
    };
    // The check looks at a part of the duty: nobody saw whether the containers run as root.
    assert_eq!(
        found("ecs.configuration-hardening.customer.task-hardening"),
        "Prowler's check \"ECS task definition has all containers with read-only root filesystems\" failed"
    );
    for finding in list(&report, "findings") {
        assert!(!text(finding, "what").ends_with("is not done"), "{finding}");
        // The numbers beside its environment are of that environment.
        let environment = finding["environment"].as_str();
        if finding["code"] == "mode-unknown" {
            assert_eq!(
                (environment, &finding["count"], &finding["of"]),
                (Some("dev"), &json!(1), &json!(2))
            );
        }
    }
}

#[test]
fn classified_data_on_what_the_catalog_does_not_know_is_a_finding_with_a_day() {
    let report = |data: Value| {
        let inventory = json!({
            "inventory": 1, "organization": "Example Shop Ltd", "as_of": "2026-11-01", "due": {"high": 30, "medium": 90, "low": 180},
            "parties": {"platform": {"name": "Platform", "contact": "platform@example.com"}},
            "resources": [{"service": "kms", "name": "key"},
                          {"service": "file exchange appliance", "name": "bank-files", "environment": "prod", "owner": "platform", "data": data}],
        });
        Folder::new().with("inventory.yaml", inventory.to_string()).report("json").json()
    };
    let of = |report: &Value| -> Vec<Value> {
        let findings = list(report, "findings").iter();
        findings.filter(|one| one["code"] == "unclassified-data").cloned().collect()
    };
    let asked = |report: &Value| {
        let mut decisions = list(&report["summary"], "decisions").iter();
        decisions.find(|one| one["kind"] == "unclassified").unwrap().clone()
    };
    let classified = report(json!(["cardholder"]));
    let [found] = &of(&classified)[..] else { panic!("{classified}") };
    assert_eq!(
        (
            text(found, "severity"),
            text(found, "due"),
            text(found, "owner"),
            &found["environment"]
        ),
        ("high", "2026-12-01", "Platform", &json!("prod"))
    );
    assert_eq!(
        text(found, "severity_because"),
        "medium for a finding of this kind, a step up for cardholder data"
    );
    let decision = asked(&classified);
    assert_eq!(decision["due"], "2026-12-01");
    // `bank-files` may be the name of a bucket, too.
    assert_eq!(decision["resources"], json!(["bank-files (file exchange appliance)"]));
    for harmless in [json!([]), json!(["public"])] {
        let other = report(harmless);
        assert_eq!(of(&other), [] as [Value; 0]);
        assert_eq!(asked(&other)["due"], Value::Null);
    }
}

#[test]
fn a_partner_s_box_stands_wherever_it_does_anything() {
    let report = payments("json").json();
    for service in list(&report, "services") {
        let activities = list(service, "controls").iter().flat_map(|control| list(control, "activities"));
        let does = |one: &&Value| {
            let mut held = list(one, "assignments").iter();
            held.any(|held| held["party"] == "northwind" && text(held, "letters").contains('R'))
        };
        let own: Vec<&Value> = activities.clone().filter(|one| one["duty"].is_string()).filter(does).collect();
        let environments: BTreeSet<&str> = own.iter().filter_map(|one| one["environment"].as_str()).collect();
        let boxes: Vec<&Value> = list(service, "partners_do")
            .iter()
            .filter(|one| one["party"] == "northwind")
            .collect();
        assert_eq!(boxes.len(), usize::from(!own.is_empty()), "{}", service["title"]);
        for one in boxes {
            let named: BTreeSet<&str> = list(one, "environments").iter().filter_map(Value::as_str).collect();
            assert!(named.is_empty() || named == environments, "{}", service["title"]);
            // Something of each control of which it does anything.
            let controls = list(service, "controls").iter();
            let with = controls.filter(|control| {
                list(control, "activities")
                    .iter()
                    .filter(|one| one["duty"].is_string())
                    .any(|one| does(&one))
            });
            assert!(list(one, "does").len() >= with.count(), "{one}");
        }
    }
}

#[test]
fn an_inherited_requirement_finds_who_reads_the_provider_s_reports() {
    let (html, report) = (payments("html").fine(), payments("json").json());
    let options = html.split("name=\"requirement\"").nth(1).unwrap();
    let options = options.split("</select>").next().unwrap().split("<option value=\"").skip(2);
    let options: Vec<&str> = options.map(|option| option.split('"').next().unwrap()).collect();
    let at = |name: &str| options.iter().position(|option| *option == name).unwrap();
    // How many duties the rows count that answer the requirement at a place.
    let counted = |wanted: usize| -> u64 {
        let rows = html.split("<tr").filter_map(|row| {
            let attribute = |name: &str| row.split('>').next()?.split(&format!(" {name}=\"")).nth(1)?.split('"').next();
            let duties: u64 = attribute("data-duties")?.parse().ok()?;
            let mut numbers = attribute("data-requirements")?
                .split(' ')
                .map(|pair| pair.split_once(':').unwrap_or((pair, "")));
            let (_, count) = numbers.find(|(number, _)| *number == wanted.to_string())?;
            Some(count.parse().unwrap_or(duties))
        });
        rows.sum()
    };
    let mut inherited = 0;
    for framework in list(&report, "requirements") {
        for row in list(framework, "rows").iter().filter(|row| row["type"] == "inherited") {
            let name = format!("{} {}", text(framework, "short"), text(row, "id"));
            assert_eq!(counted(at(&name)), list(row, "read_by").len() as u64, "{name}");
            inherited += 1;
        }
    }
    assert!(inherited > 10);
    // A finding is found by what it touches, be it about no duty.
    for finding in list(&report, "findings") {
        let begin = format!("data-finding=\"{}\" data-requirements=\"", text(finding, "id"));
        let said = html
            .split(&begin)
            .nth(1)
            .map(|rest| rest.split('"').next().unwrap())
            .unwrap_or_default();
        let said: BTreeSet<&str> = said
            .split(' ')
            .filter(|one| !one.is_empty())
            .map(|at| options[at.parse::<usize>().unwrap()])
            .collect();
        let touched: BTreeSet<&str> = list(finding, "requirements").iter().filter_map(Value::as_str).collect();
        assert_eq!(said, touched, "{}", finding["what"]);
    }
}

#[test]
fn the_same_is_said_of_one_state_and_of_the_row_above_alone() {
    let told = payments("markdown").fine();
    let mut above: Option<String> = None;
    let mut same = 0;
    for line in told.lines() {
        let state = ["`met`", "`attested`", "`not-met`", "`excepted`", "`unknown`"]
            .into_iter()
            .find(|state| {
                let last = line.trim_end().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
                last.contains(state)
            });
        let Some(state) = state else {
            above = None;
            continue;
        };
        if line.contains(" the same*") {
            assert_eq!(above.as_deref(), Some(state), "{line}");
            same += 1;
        }
        above = Some(state.to_owned());
    }
    assert!(same > 0);
}

#[test]
fn an_exception_says_when_it_was_approved_and_for_what() {
    let report = payments("json").json();
    for exception in list(&report, "exceptions") {
        assert!(text(exception, "approved") < text(exception, "expires"), "{exception}");
        assert!(!text(exception, "resources_in_short").is_empty(), "{exception}");
    }
}
