//! The picture of services and controls: in parts, in every format, and whatever services are called.

use crate::support::{Folder, expect, inventory, list};
use serde_json::{Value, json};

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
    let after = markdown.split("### Services and controls at a glance\n").nth(1).unwrap();
    after.split("\n## ").next().unwrap()
}

#[test]
fn more_services_than_a_picture_holds_are_drawn_in_parts() {
    let folder = many();
    folder.run(&["report", "-o", "out/"]).well();
    let names = [
        "report-assurance.svg",
        "report-heatmap-2.svg",
        "report-heatmap.svg",
        "report-stack.svg",
        "report.html",
        "report.md",
        "report.pdf",
    ];
    let written: Vec<String> = folder.files().into_iter().filter(|name| name.starts_with("out/")).collect();
    assert_eq!(written, names.map(|name| format!("out/{name}")));
    expect("heat-map/glance.md", glance(&folder.read("out/report.md")));
    for name in ["report-heatmap.svg", "report-heatmap-2.svg"] {
        expect(&format!("heat-map/{name}"), &folder.read(&format!("out/{name}")));
    }
    let page = folder.read("out/report.html");
    assert_eq!(
        page.matches("<figure class=\"heatmap\" tabindex=\"0\" role=\"img\" aria-label=\"Part ")
            .count(),
        2
    );
    // Each service has its row in one of the parts, and each part has all controls.
    let report = folder.run(&["report", "--format", "json"]).json();
    let parts = list(&report, "matrix");
    let rows = |name: &str| folder.read(&format!("out/{name}")).matches("<text x=\"0\" y=").count();
    let columns: Vec<usize> = parts.iter().map(|part| list(part, "columns").len()).collect();
    assert_eq!(columns, [rows("report-heatmap.svg"), rows("report-heatmap-2.svg")]);
    assert_eq!(columns.iter().sum::<usize>(), list(&report, "services").len());
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
fn a_stream_has_the_figures_alone() {
    let run = Folder::golden().run(&["report"]);
    let section = glance(&run.fine()).to_owned();
    assert!(section.trim_start().starts_with("| Control |"), "{section}");
    assert!(!section.contains("!["), "{section}");
}

#[test]
fn names_of_ill_will_stay_text_and_in_their_room() {
    let long = "w".repeat(10_000);
    let names = [
        "<script>alert(1)</script>",
        "</svg></figure><img src=x onerror=alert(1)>",
        "\" onload=\"alert(1)",
        "' x='&amp;\"",
        "abc \u{202e}txt.exe\u{202c} def",
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
        let svg = folder.read("out/report-heatmap.svg");
        // Two services, the controls, one letter a cell that applies, and the legend.
        let report = folder.run(&["report", "--catalog", "mine", "--format", "json"]).json();
        let rows = list(&list(&report, "matrix")[0], "rows");
        let applies = rows.iter().flat_map(|row| list(row, "cells")).filter(|cell| cell["letter"] != "–");
        assert_eq!(svg.matches("<text").count(), 2 + rows.len() + applies.count() + 8, "{name:.60}");
        let mut elements: Vec<&str> = svg.split('<').skip(1).map(|rest| rest.split([' ', '>']).next().unwrap()).collect();
        elements.sort_unstable();
        elements.dedup();
        assert_eq!(elements, ["/g", "/svg", "/text", "g", "path", "rect", "svg", "text"], "{name:.60}");
        let is_fit = |letter: char| letter == '\n' || !(letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{ffff}'));
        assert!(svg.chars().all(is_fit), "{name:.60}");
        let labels = svg
            .lines()
            .filter_map(|line| line.strip_prefix("<text x=\"0\" y=")?.split_once('>'));
        for (_, label) in labels {
            let label = label
                .replace("&amp;", "&")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#x27;", "'");
            assert!(label.chars().count() <= 34 + "</text>".len(), "{label}");
        }
    }
}

#[test]
fn a_template_of_ones_own_draws_every_part() {
    let folder = many().with(
        "mine/heatmap.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><text>{{ number }} of {{ report.matrix | length }}</text></svg>\n",
    );
    folder.run(&["report", "-o", "r.md", "--templates", "mine"]).well();
    for (name, said) in [("r-heatmap.svg", "1 of 2"), ("r-heatmap-2.svg", "2 of 2")] {
        assert!(folder.read(name).contains(&format!("<text>{said}</text>")), "{name}");
    }
    folder.put("mine/heatmap.svg", "<svg>{{ number.of }}</svg>");
    let run = folder.run(&["templates", "check", "mine"]);
    assert!(run.failed(1).contains("mine/heatmap.svg:1:"), "{}", run.errors);
}
