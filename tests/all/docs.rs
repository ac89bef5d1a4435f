//! The documentation: its links lead somewhere, its commands are commands, and those of the pages that show how to do a
//! thing run.

use crate::engines;
use crate::support::{Folder, repository, root};
use clap::Parser as _;
use cloudraci::cli::Cli;
use cloudraci::inventory::import::IMPORTERS;
use cloudraci::report::slug;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What the pages' commands read, by the name that they give it, and what that really is.
const FILES: [(&str, &str); 20] = [
    ("terraform.tfstate", "inventories/reference/terraform/prod.tfstate"),
    ("template.yaml", "docs-samples/template.yaml"),
    ("config-snapshot.json", "tests/fixtures/results/config-snapshot.json"),
    ("tagged.json", "docs-samples/tagged.json"),
    ("explorer.json", "docs-samples/explorer.json"),
    ("resources.csv", "docs-samples/resources.csv"),
    ("prowler.ocsf.json", "tests/fixtures/results/prowler-v5.ocsf.json"),
    ("securityhub.json", "tests/fixtures/results/securityhub-list.json"),
    ("config-rules.json", "tests/fixtures/results/config-details.json"),
    ("checkov.json", "tests/fixtures/results/checkov.json"),
    ("trivy.json", "tests/fixtures/results/trivy.json"),
    ("tfsec.json", "tests/fixtures/results/tfsec.json"),
    ("kics.json", "tests/fixtures/results/kics.json"),
    ("cfn-nag.json", "tests/fixtures/results/cfn-nag.json"),
    ("scoutsuite_results.js", "tests/fixtures/results/scoutsuite.js"),
    ("powerpipe.json", "tests/fixtures/results/powerpipe.json"),
    ("trusted-advisor.json", "tests/fixtures/results/trusted-advisor.json"),
    ("states/prod.tfstate", "inventories/reference/terraform/prod.tfstate"),
    ("stack.json", "tests/fixtures/pulumi/stack.json"),
    ("accounts.json", "docs-samples/accounts.json"),
];

/// What no fixture is.
const SAMPLES: [(&str, &str); 5] = [
    (
        "docs-samples/template.yaml",
        "AWSTemplateFormatVersion: \"2010-09-09\"\nResources:\n  Invoices:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: invoices}\n",
    ),
    (
        "docs-samples/tagged.json",
        r#"{"ResourceTagMappingList": [{"ResourceARN": "arn:aws:sqs:eu-west-1:111122223333:orders", "Tags": [{"Key": "team", "Value": "payments"}]}]}"#,
    ),
    (
        "docs-samples/explorer.json",
        r#"{"Resources": [{"Arn": "arn:aws:sqs:eu-west-1:111122223333:orders", "OwningAccountId": "111122223333", "Region": "eu-west-1", "ResourceType": "sqs:queue", "Service": "sqs", "LastReportedAt": "2026-11-01T00:00:00Z", "Properties": []}]}"#,
    ),
    (
        "docs-samples/resources.csv",
        "arn,owner,environment\narn:aws:sqs:eu-west-1:111122223333:orders,payments,prod\n",
    ),
    (
        "docs-samples/accounts.json",
        r#"{"Accounts": [{"Id": "111122223333", "Name": "Production", "Status": "ACTIVE"}]}"#,
    ),
];

/// The rows of a query engine's table, in each form that a page names.
fn tables() -> [(&'static str, Vec<u8>); 4] {
    let rows = engines::steampipe();
    [
        ("aws_rds_db_instance.csv", engines::csv(&rows)),
        ("resources.json", serde_json::to_vec(&rows).unwrap()),
        ("resources.parquet", engines::parquet(&rows)),
        ("resources.xlsx", engines::workbook(&rows)),
    ]
}

/// Every page of the documentation, by its path.
fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for top in ["README.md", "CONTRIBUTING.md", "SECURITY.md"] {
        pages.insert(top.to_owned(), repository(top));
    }
    for entry in walkdir::WalkDir::new(root().join("docs")) {
        let path = entry.unwrap().into_path();
        if path.extension().is_some_and(|ending| ending == "md") {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            pages.insert(name.clone(), repository(&name));
        }
    }
    pages
}

/// The lines of a page outside of blocks of code.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    page.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    })
}

/// The anchors of a page's headings, as forges make them.
fn anchors(page: &str) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let headings = prose(page).filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let anchor = slug(&line.trim_start_matches('#').trim().replace('`', ""));
            let times = seen.entry(anchor.clone()).or_default();
            *times += 1;
            if *times == 1 { anchor } else { format!("{anchor}-{}", *times - 1) }
        })
        .collect()
}

/// What a relative link leads to from a page.
fn led_to(page: &str, link: &str) -> String {
    let mut steps: Vec<&str> = page.split('/').collect();
    steps.pop();
    for step in link.split('/') {
        match step {
            ".." => assert!(steps.pop().is_some(), "{page}: {link} leads out of the repository"),
            "." | "" => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[test]
fn every_link_leads_to_a_file_and_an_anchor_of_it() {
    let link = regex::Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let code = regex::Regex::new("`[^`]*`").unwrap();
    let pages = pages();
    let mut found = 0;
    for (name, text) in &pages {
        for line in prose(text) {
            let line = code.replace_all(line, "``");
            for (_, [to]) in link.captures_iter(&line).map(|captures| captures.extract()) {
                if to.contains("://") || to.starts_with("mailto:") {
                    continue;
                }
                // `.ci/book` makes the first page of the README.
                if name == "docs/SUMMARY.md" && to == "index.md" {
                    continue;
                }
                let (file, anchor) = to.split_once('#').unwrap_or((to, ""));
                let file = if file.is_empty() { name.clone() } else { led_to(name, file) };
                assert!(root().join(&file).exists(), "{name}: {to}");
                if !anchor.is_empty() {
                    let there = pages.get(&file).unwrap_or_else(|| panic!("{name}: {to}: no page"));
                    assert!(anchors(there).contains(anchor), "{name}: {to}: {:?}", anchors(there));
                }
                found += 1;
            }
        }
    }
    assert!(found > 100, "{found}");
}

#[test]
fn the_contents_name_every_page_once() {
    let summary = repository("docs/SUMMARY.md");
    for name in pages()
        .keys()
        .filter_map(|name| name.strip_prefix("docs/"))
        .filter(|name| *name != "SUMMARY.md")
    {
        assert_eq!(summary.matches(&format!("({name})")).count(), 1, "docs/SUMMARY.md: {name}");
    }
}

#[test]
fn every_importer_scanner_and_framework_has_a_page() {
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        entries
            .map(|entry| {
                Path::new(&entry.unwrap().file_name())
                    .file_stem()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    assert_eq!(names("docs/scanners"), names("catalog/aws/checks"));
    assert_eq!(names("docs/frameworks"), names("catalog/aws/frameworks"));
    // The page on AWS Config is called as the service is.
    let pages = names("docs/sources");
    for importer in IMPORTERS.iter().map(|importer| importer.id()) {
        let page = if importer == "config" { "aws-config" } else { importer };
        assert!(pages.contains(page), "docs/sources/{page}.md is missing");
    }
}

/// The commands of a page's blocks, without comments and prompts; of `console` blocks alone, or of all.
fn commands(page: &str, only_console: bool) -> Vec<String> {
    let (mut commands, mut inside) = (Vec::new(), false);
    for line in page.lines() {
        match line.trim() {
            "```console" => inside = true,
            "```sh" => inside = !only_console,
            "```" => inside = false,
            line if inside && line.starts_with("cloudraci ") => {
                commands.push(line.split(" #").next().unwrap().trim().to_owned());
            }
            _ => {}
        }
    }
    commands
}

#[test]
fn every_command_is_one() {
    let mut count = 0;
    for (name, text) in pages() {
        for command in commands(&text, false).iter().filter(|command| !command.contains("...")) {
            let words = shlex::split(command).unwrap_or_else(|| panic!("{name}: {command}"));
            Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{name}: {command}: {error}"));
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
}

/// Runs what a page shows, one command after another in one folder; how many.
fn runs(name: &str) -> usize {
    let folder = Folder::new().with_copy("inventories", "inventories");
    for (called, real) in FILES {
        match SAMPLES.iter().find(|(sample, _)| *sample == real) {
            Some((_, text)) => folder.put(called, text),
            None => folder.put(called, std::fs::read(root().join(real)).unwrap()),
        }
    }
    tables().into_iter().for_each(|(called, bytes)| folder.put(called, bytes));
    let page = repository(name);
    for text in page.split("```yaml\n# ").skip(1) {
        // A file that the page shows begins with its name.
        let (called, text) = text.split_once('\n').unwrap();
        if called.ends_with(".yaml") {
            folder.put(called, text.split("```").next().unwrap());
        }
    }
    let commands = commands(&page, true);
    assert!(!commands.is_empty(), "{name} shows nothing to do");
    for command in &commands {
        let words = shlex::split(command).unwrap();
        let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        let run = folder.run(&words);
        assert_eq!(run.code, 0, "{name}: {command}: {:.3000}", run.errors);
        let to = words.iter().position(|word| *word == "-o").map(|at| words[at + 1]);
        if let Some(to) = to {
            assert!(folder.path(to).exists(), "{name}: {command}");
        }
    }
    commands.len()
}

/// The block of code that begins with a line.
fn block<'t>(page: &'t str, first: &str) -> &'t str {
    let begin = page
        .find(&format!("```yaml\n{first}\n"))
        .unwrap_or_else(|| panic!("no block {first}"));
    let text = &page[begin + "```yaml\n".len()..];
    &text[..text.find("\n```").unwrap() + 1]
}

/// All that a service file needs, and nothing that it does not: it keeps the rules, a duty is judged by it, and each line that is
/// taken away is missed, where the page says that it must stand there.
#[test]
fn the_whole_service_file_is_one_and_needs_its_lines() {
    let page = repository("docs/catalog.md");
    let text = block(&page, "# services/paperclips.yaml");
    let folder = Folder::new().with("own/services/paperclips.yaml", text).with(
        "inventory.yaml",
        "inventory: 1\norganization: Example\nresources:\n  - {service: paper-clip-store, name: a, config: {retention_days: 0}}\n",
    );
    assert_eq!(folder.run(&["catalog", "check", "own"]).fine(), "the catalog keeps its rules\n");
    let run = folder.run(&["check", "--catalog", "own", "inventory.yaml"]);
    run.fine();
    assert!(
        run.errors
            .contains("warning[duty-not-met]: Paperclips: Deleted paper clips are gone at once"),
        "{}",
        run.errors
    );
    for needed in [
        "id: paperclips",
        "reason:",
        "name:",
        "category:",
        "model:",
        "about:",
        "- id: retention",
        "does:",
        "default:",
        "how:",
        "evidence:",
        "- {met:",
        "- {not-met:",
        "- {unknown:",
        "severity:",
        "unmet:",
        "source: manual",
    ] {
        let is_it = |line: &&str| line.trim_start().starts_with(needed);
        assert_eq!(text.lines().filter(is_it).count(), 1, "{needed}");
        let less: String = text.lines().filter(|line| !is_it(line)).map(|line| format!("{line}\n")).collect();
        folder.put("own/services/paperclips.yaml", less);
        let run = folder.run(&["catalog", "check", "own"]);
        assert!(run.code == 1 && run.errors.contains("help: "), "without {needed}: {}", run.errors);
    }
}

fn runs_all(folder: &str) {
    let names: Vec<String> = pages().into_keys().filter(|name| name.starts_with(folder)).collect();
    assert!(!names.is_empty());
    names.iter().for_each(|name| {
        runs(name);
    });
}

#[test]
fn the_first_report_is_made_as_it_is_told() {
    assert!(runs("docs/first.md") > 10);
}

#[test]
fn looks_are_changed_as_it_is_told() {
    runs("docs/theming.md");
}

#[test]
fn every_source_is_read_as_it_is_told() {
    runs_all("docs/sources/");
}

#[test]
fn every_scanner_is_read_as_it_is_told() {
    runs_all("docs/scanners/");
}

#[test]
fn every_framework_is_answered_as_it_is_told() {
    runs_all("docs/frameworks/");
}
