//! The picture of services and controls: in parts, in every format, and whatever services are called.

use crate::support::{Folder, expect, inventory, list, root, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// More services than one picture holds.
const SERVICES: [&str; 40] = [
    "acm",
    "apigateway",
    "athena",
    "aurora",
    "backup",
    "batch",
    "bedrock",
    "cloudfront",
    "cloudtrail",
    "cloudwatch",
    "codebuild",
    "cognito",
    "config",
    "dynamodb",
    "ebs",
    "ec2",
    "ecr",
    "ecs",
    "efs",
    "eks",
    "elasticache",
    "emr",
    "eventbridge",
    "fsx",
    "glue",
    "guardduty",
    "iam",
    "inspector",
    "kms",
    "lambda",
    "macie",
    "msk",
    "rds",
    "redshift",
    "route-53",
    "s3",
    "sns",
    "sqs",
    "vpc",
    "waf",
];

fn many() -> Folder {
    let resources = SERVICES.map(|service| json!({"service": service, "name": service}));
    Folder::new().with("inventory.yaml", inventory(Value::from(resources.to_vec())))
}

/// The section of the Markdown that shows the picture.
fn glance(markdown: &str) -> &str {
    let after = markdown.split("## Matrix of services and controls\n").nth(1).unwrap();
    after.split("\n## ").next().unwrap()
}

/// The cells of a Markdown row.
fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

#[test]
fn more_services_than_a_page_holds_are_drawn_in_parts() {
    let folder = many();
    folder.run(&["report", "-o", "out/"]).well();
    let names = ["report-assurance.svg", "report.html", "report.md", "report.pdf"];
    let written: Vec<String> = folder.files().into_iter().filter(|name| name.starts_with("out/")).collect();
    assert_eq!(written, names.map(|name| format!("out/{name}")));
    let markdown = folder.read("out/report.md");
    expect("matrix/picture.md", glance(&markdown));
    // Each service has its column in one of the parts, and each part has all controls.
    let report = folder.run(&["report", "--format", "json"]).json();
    let heads: Vec<Vec<&str>> = glance(&markdown)
        .lines()
        .filter(|line| line.starts_with("| Control |"))
        .map(cells)
        .collect();
    assert_eq!(heads.len(), 2);
    let columns: usize = heads.iter().map(|head| head.len() - 1).sum();
    assert_eq!(columns, list(&report, "services").len());
    let page = folder.read("out/report.html");
    assert_eq!(page.matches("<div class=\"table matrix many\"").count(), 2);
}

/// Letters, marks and subtotals of the picture are what the Report says of services, duties and parties.
#[test]
fn the_picture_says_what_the_report_says() {
    let (folder, payments) = (Folder::new(), root().join("inventories/payments"));
    let mut asked = vec!["report", payments.to_str().unwrap(), "-o", "r.md", "-o", "r.json"];
    folder.run(&asked).fine();
    let all = pictured(&folder);
    for wanted in ["P", "C?", "Tc?", "CTc?", "S", "S!", "SCTc!", "STc?", "–"] {
        assert!(all.contains(wanted), "{wanted} in {all:?}");
    }
    // Of a party's report the services have each another part of the controls.
    for party in ["platform", "northwind", "payments"] {
        asked.extend(["--party", party]);
        folder.run(&asked).fine();
        asked.truncate(asked.len() - 2);
        assert!(pictured(&folder).contains("–"), "{party}");
    }
}

/// The cells of the picture of `r.md`, held against `r.json`.
fn pictured(folder: &Folder) -> BTreeSet<String> {
    let report: Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    let markdown = folder.read("r.md");
    let partners: BTreeSet<&str> = list(&report, "parties")
        .iter()
        .filter(|party| party["kind"] == "partner")
        .map(|party| text(party, "id"))
        .collect();
    let (mut controls, mut said, mut all) = (BTreeSet::new(), 0, BTreeSet::new());
    for line in glance(&markdown).lines().filter(|line| line.starts_with("| ")) {
        let cells = cells(line);
        if let Some(rest) = cells[0].strip_prefix("**") {
            let duties = rest
                .split(" · ")
                .find_map(|part| part.split(" dut").next()?.replace(',', "").parse::<u64>().ok());
            said += duties.unwrap_or_default();
            assert!(rest.contains("`of the cloud`") != rest.contains("`in the cloud`"), "{line}");
            continue;
        }
        let services = list(&report, "services");
        let of = |service| {
            list(service, "controls")
                .iter()
                .find(|control: &&Value| control["title"] == cells[0])
        };
        if services.iter().all(|service| of(service).is_none()) {
            continue;
        }
        controls.insert(cells[0]);
        for (service, cell) in services.iter().zip(&cells[1..]) {
            let Some(control) = of(service) else {
                assert_eq!(*cell, "–", "{} of {}", cells[0], service["title"]);
                all.insert("–".to_owned());
                continue;
            };
            let duties: Vec<&Value> = list(control, "activities").iter().filter(|one| !one["duty"].is_null()).collect();
            let holds = |duty: &Value, letter: char, partner: bool| {
                let held = list(duty, "assignments").iter();
                held.filter(|held| text(held, "letters").contains(letter))
                    .any(|held| partners.contains(text(held, "party")) == partner)
            };
            let by_partners = duties.iter().filter(|duty| holds(duty, 'R', true)).count();
            // Whoever answers for what the other does alone stands in the cell, too.
            let answers = |partner: bool| duties.iter().any(|duty| holds(duty, 'A', partner) && !holds(duty, 'R', partner));
            let answers = [("c", false), ("t", true)].into_iter().filter(|(_, partner)| answers(*partner));
            let answers: String = answers.map(|(letter, _)| letter).collect();
            let (letter, own) = match control["type"].as_str() {
                None => ("–", false),
                Some("inherited") => ("P", false),
                Some("shared") => ("S", true),
                Some(_) => ("", true),
            };
            let own = match (own, by_partners, duties.len() - by_partners) {
                (false, ..) => "",
                (true, 0, _) if letter == "S" => "",
                (true, 0, _) => "C",
                (true, _, 0) => "T",
                (true, ..) => "CT",
            };
            let mark = match () {
                () if letter == "–" => "",
                () if duties.iter().any(|duty| duty["state"] == "not-met") => "!",
                () if duties.iter().any(|duty| duty["state"] == "unknown") => "?",
                () => "",
            };
            let expected = format!("{letter}{own}{answers}{mark}");
            assert_eq!(cell.trim_matches('`'), expected, "{} of {}", cells[0], service["title"]);
            all.insert(expected);
        }
    }
    let titles = list(&report, "services").iter().flat_map(|service| list(service, "controls"));
    let titles: BTreeSet<&str> = titles.map(|control| text(control, "title")).collect();
    assert_eq!(controls, titles);
    assert_eq!(
        said,
        report["summary"]["duties"]["total"].as_u64().unwrap(),
        "the layers' duties are all duties"
    );
    all
}

/// The review tells each shared control in a row, and counts all of its duties there.
#[test]
fn the_halves_of_a_control_count_all_of_its_duties() {
    let folder = Folder::new();
    let payments = root().join("inventories/payments");
    let arguments = [
        "report",
        payments.to_str().unwrap(),
        "--edition",
        "review",
        "-o",
        "r.md",
        "-o",
        "r.json",
    ];
    folder.run(&arguments).fine();
    let report: Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    let markdown = folder.read("r.md");
    let after = markdown.split("## The two halves of each control\n").nth(1).unwrap();
    let rows: Vec<Vec<&str>> = after
        .split("\n## ")
        .next()
        .unwrap()
        .lines()
        .filter(|line| line.starts_with("| **"))
        .map(cells)
        .collect();
    let mut expected = Vec::new();
    for (at, control) in list(&report["services"][0], "controls").iter().enumerate() {
        let everywhere: Vec<&Value> = list(&report, "services")
            .iter()
            .map(|service| &list(service, "controls")[at])
            .collect();
        let all: Vec<&Value> = everywhere.iter().flat_map(|one| list(one, "activities")).collect();
        let in_state = |state: &str| all.iter().filter(|one| one["state"] == state).count();
        let duties = all.iter().filter(|one| !one["duty"].is_null()).count();
        if duties == 0 {
            continue;
        }
        let (unknown, not_met) = (in_state("unknown"), in_state("not-met"));
        let not_met = if not_met > 0 {
            format!("`not met`\u{a0}{not_met}<br>")
        } else {
            String::new()
        };
        let open = match unknown {
            0 => format!("none of {duties} unknown"),
            _ => format!("{unknown} of {duties} unknown"),
        };
        expected.push((format!("**{}**", text(control, "title")), format!("{not_met}{open}")));
    }
    let said: Vec<(String, String)> = rows.iter().map(|row| (row[0].to_owned(), row[4].to_owned())).collect();
    assert_eq!(said, expected);
    assert!(rows.iter().all(|row| row[2] != "–" && row[3] != "–"), "{rows:?}");
}

/// Each cell leads to a part of its control, in its own service's section wherever that prints one.
#[test]
fn each_cell_leads_to_its_halves() {
    for edition in ["audit", "review"] {
        let run = Folder::golden().run(&["report", "--format", "html", "--edition", edition]);
        let page = run.fine();
        let table = page
            .split("<div class=\"table matrix")
            .nth(1)
            .unwrap()
            .split("</table>")
            .next()
            .unwrap();
        let mut led = 0;
        for target in table
            .split("<td")
            .filter_map(|cell| cell.split("<a href=\"#").nth(1)?.split('"').next())
        {
            assert!(page.contains(&format!("id=\"{target}\"")), "{edition}: {target}");
            led += usize::from(target.contains(':'));
        }
        assert!(led > 40, "{edition}: {led}");
    }
}

#[test]
fn its_figures_are_those_of_the_matrix() {
    let report = many().run(&["report", "--format", "json"]).json();
    let counts = list(&report["summary"], "by_control");
    for (at, count) in counts.iter().enumerate() {
        let rows: Vec<&Value> = list(&report, "matrix").iter().map(|part| &list(part, "rows")[at]).collect();
        let cells: Vec<&Value> = rows.iter().flat_map(|row| list(row, "cells")).collect();
        let lettered = |letter: &str| cells.iter().filter(|cell| cell["letter"] == letter).count();
        let not_met = cells.iter().filter(|cell| cell["not_met"] == true).count();
        let counted = json!({
            "control": rows[0]["control"], "title": rows[0]["title"], "customer": lettered("C"), "shared": lettered("S"),
            "provider": lettered("P"), "not_applicable": lettered("–"), "not_met": not_met,
            "urgent": count["urgent"],
        });
        assert_eq!(*count, counted);
        let sum = |field: &str| rows.iter().map(|row| row[field].as_u64().unwrap()).sum::<u64>();
        for field in ["customer", "shared", "provider", "not_applicable", "not_met"] {
            assert_eq!(count[field], sum(field), "{field} of {}", count["control"]);
        }
    }
    let groups: Vec<u64> = list(&list(&report, "matrix")[0], "rows")
        .iter()
        .map(|row| row["group"].as_u64().unwrap())
        .collect();
    assert!(
        groups.is_sorted() && groups.first() == Some(&0) && groups.last() == Some(&8),
        "{groups:?}"
    );
}

#[test]
fn names_of_ill_will_stay_text_and_in_their_cell() {
    let long = "w".repeat(10_000);
    let names = [
        "<script>alert(1)</script>",
        "</td></table><img src=x onerror=alert(1)>",
        "a | b \\| c `S!` **d** <!-- section: x -->",
        "[x](javascript:alert(1))",
        "mark\u{200f}ed",
        "tab\tand\u{0}bell\u{7}line\nnext\u{2028}\u{ffff}",
        "{{ 7 * 191 }}{% raw %}",
        "日本語のとても長いサービスの名前でありもっと長く続くものである名前",
        &long,
    ];
    for name in names {
        let service = json!({
            "id": "house-cache", "reason": "Ours", "name": name, "category": "database", "model": "managed-platform", "about": "A cache",
        });
        let folder = Folder::new()
            .with("inventory.yaml", inventory(json!([{"service": "house-cache", "name": "sessions"}])))
            // YAML wants as an escape what JSON may write as it is.
            .with("mine/services/house-cache.yaml", service.to_string().replace('\u{ffff}', "\\uffff"));
        folder.run(&["report", "--catalog", "mine", "-o", "out/"]).well();
        let markdown = folder.read("out/report.md");
        // Two services beside the name of each control.
        let rows = glance(&markdown).lines().filter(|line| line.starts_with("| "));
        let columns = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count() - 1;
        rows.for_each(|line| assert_eq!(columns(line), 3, "{line:.200}"));
        let page = folder.read("out/report.html");
        let table = page
            .split("<div class=\"table matrix")
            .nth(1)
            .unwrap()
            .split("</table>")
            .next()
            .unwrap();
        assert!(
            !table.contains("<img") && !table.contains("<script") && !table.contains("href=\"javascript"),
            "{name:.60}"
        );
    }
}
