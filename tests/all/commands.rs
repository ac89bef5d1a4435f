//! Every command once, with its exit codes.

use crate::support::{Folder, activities, inventory, list, repository, text};
use clap::ValueEnum as _;
use cloudraci::cli::Format;
use cloudraci::diagnostics::Code;
use cloudraci::inventory::import::IMPORTERS;
use cloudraci::results::format::FORMATS;
use serde_json::Value;
use std::collections::BTreeSet;

// ------------------------------------------------------------------------------------------------ report

#[test]
fn a_report_goes_to_standard_output_as_markdown_unless_said_otherwise() {
    let folder = Folder::golden();
    let markdown = folder.run(&["report"]);
    assert!(markdown.fine().starts_with("# Small shop\n"));
    assert_eq!(folder.run(&["report", "inventory.yaml", "-o", "-"]).bytes, markdown.bytes);
    assert_eq!(
        folder.run(&["report", "inventory.yaml", "--format", "markdown"]).bytes,
        markdown.bytes
    );
    for format in Format::value_variants() {
        assert_eq!(
            Format::of_ending(format.ending()),
            Some(*format),
            "a format is named as its files end, too"
        );
        assert_eq!(Format::of_ending(&format.ending().to_uppercase()), Some(*format));
    }
    assert_eq!(folder.run(&["report", "inventory.yaml", "--format", "md"]).bytes, markdown.bytes);
    assert!(!markdown.text().contains(".svg)"), "no picture can lie beside a stream");
    assert!(folder.report("html").fine().starts_with("<!DOCTYPE html>"));
    assert_eq!(folder.report("json").json()["meta"]["title"], "Small shop");
    assert!(folder.report("csv").fine().starts_with("service,mode,"));
    assert!(folder.report("pdf").bytes.starts_with(b"%PDF-"));
    assert_eq!(folder.files(), ["inventory.yaml"]);
}

#[test]
fn a_report_goes_to_files_by_their_endings() {
    let folder = Folder::golden();
    let outputs = ["a.md", "b.html", "c.json", "d.csv", "e.pdf", "deep/er/f.MD", "g.htm"];
    let mut arguments = vec!["report"];
    outputs.iter().for_each(|output| arguments.extend(["-o", output]));
    assert_eq!(folder.run(&arguments).fine(), "");
    // The pictures lie beside each Markdown, under the names that the Markdown gives them.
    let pictures = ["a-assurance.svg", "deep/er/a-assurance.svg", "inventory.yaml"];
    let expected: BTreeSet<&str> = outputs.into_iter().chain(pictures).collect();
    assert_eq!(folder.files().iter().map(String::as_str).collect::<BTreeSet<_>>(), expected);
    for (name, begins) in [
        ("a.md", "# "),
        ("b.html", "<!DOCTYPE"),
        ("c.json", "{"),
        ("d.csv", "service,"),
        ("g.htm", "<!DOCTYPE"),
    ] {
        assert!(folder.read(name).starts_with(begins), "{name}");
    }
    assert!(folder.bytes("e.pdf").starts_with(b"%PDF-"));
    for markdown in ["a.md", "deep/er/f.MD"] {
        assert!(folder.read(markdown).contains("(a-assurance.svg)"), "{markdown}");
    }
}

#[test]
fn a_report_goes_to_a_folder_in_every_format_asked_for() {
    let folder = Folder::golden();
    folder.run(&["report", "-o", "out/"]).fine();
    assert_eq!(
        folder.files(),
        [
            "inventory.yaml",
            "out/report-assurance.svg",
            "out/report.html",
            "out/report.md",
            "out/report.pdf"
        ]
    );
    folder.run(&["report", "-o", "data/", "--format", "csv", "--format", "json"]).fine();
    assert_eq!(folder.files()[..2], ["data/report.csv", "data/report.json"]);
    // A folder that exists needs no slash.
    folder.run(&["report", "-o", "data", "--format", "html", "-o", "named.md"]).fine();
    assert!(folder.path("data/report.html").exists() && folder.path("named.md").exists());
}

#[test]
fn outputs_that_make_no_sense_are_a_matter_of_usage() {
    let folder = Folder::golden();
    for (arguments, says) in [
        (&["-o", "report.docx"][..], "the ending of `report.docx` says no format"),
        (
            &["--format", "html", "--format", "json"],
            "several formats do not fit on standard output",
        ),
        (&["-o", "-", "-o", "-"], "only one format fits on standard output"),
        (&["--format", "docx"], "invalid value 'docx'"),
        (&["--edition", "weekly"], "invalid value 'weekly'"),
        (&["--as-of", "yesterday"], "invalid value 'yesterday'"),
    ] {
        let run = folder.run(&[&["report"][..], arguments].concat());
        assert!(run.failed(2).contains(says), "{arguments:?}: {}", run.errors);
        assert_eq!(run.bytes, b"");
    }
    folder.refuses(&[], 2, "Usage: cloudraci");
    assert_eq!(folder.files(), ["inventory.yaml"]);
}

/// The headings of the second level.
fn parts(markdown: &str) -> Vec<&str> {
    markdown.lines().filter_map(|line| line.strip_prefix("## ")).collect()
}

#[test]
fn editions_hold_the_same_parts_in_an_order_of_their_own() {
    let folder = Folder::golden();
    let reports: Vec<String> = ["audit", "review", "handover"]
        .iter()
        .map(|edition| folder.run(&["report", "--edition", edition]).fine())
        .collect();
    let [audit, review, handover] = [0, 1, 2].map(|index| parts(&reports[index]));
    assert_eq!(audit[..3], ["Verdict", "Scope and exclusions", "How to read this report"]);
    assert_eq!(
        review,
        [
            "Verdict",
            "Findings and gaps",
            "Matrix of services and controls",
            "The two halves of each control",
            "Whom to call",
            "Evidence and attestations",
            "Exceptions",
            "Scope and limits",
            "Acknowledgement",
        ]
    );
    assert_eq!(
        handover[..3],
        [
            "The handover at a glance",
            "What moves",
            "What stays with Northwind Managed Services, why and until when"
        ]
    );
    // A handover is about what moves and what stays; without one the edition says so, whom to call and what is broken.
    assert!(!handover.contains(&"Services") && !handover.contains(&"Sources"));
    assert!(reports[0].len() > reports[1].len() && reports[0].len() > reports[2].len());
    let without = Folder::new().with("inventory.yaml", inventory(serde_json::json!([{"service": "s3", "name": "a"}])));
    let without = without.run(&["report", "--edition", "handover"]).fine();
    assert_eq!(parts(&without), ["Verdict", "Handover", "Whom to call", "Findings and gaps"]);
    assert!(without.contains("The inventory plans no handover") && without.contains("everything else is in the audit edition"));
}

#[test]
fn a_report_can_be_cut_to_one_party() {
    let folder = Folder::golden();
    let whole = folder.report("json").json();
    let cut = folder.run(&["report", "--format", "json", "--party", "northwind"]).json();
    assert_eq!(cut["meta"]["party"], "northwind");
    assert!(list(&whole, "duties").len() > 1);
    let duties = list(&cut, "duties");
    assert_eq!(duties.len(), 1);
    assert_eq!(duties[0]["party"], "northwind");
    let held = |activity: &Value| {
        let mut letters = list(activity, "assignments")
            .iter()
            .filter(|held| held["party"] == "northwind")
            .map(|held| text(held, "letters"));
        letters.any(|letters| ["R", "A", "A/R"].contains(&letters))
    };
    let expected: Vec<&str> = activities(&whole)
        .iter()
        .filter(|(_, activity)| held(activity))
        .map(|(_, activity)| text(activity, "id"))
        .collect();
    let found: Vec<&str> = activities(&cut).iter().map(|(_, activity)| text(activity, "id")).collect();
    assert!(!found.is_empty() && found.len() < activities(&whole).len());
    assert_eq!(found, expected);
    let unknown = folder.run(&["report", "--party", "northwin"]);
    assert!(unknown.failed(1).contains("did you mean `northwind`?"));
}

#[test]
fn the_date_is_the_flag_then_the_inventory_then_the_epoch() {
    let dated = Folder::golden().variable("SOURCE_DATE_EPOCH", "1700000000");
    let as_of = |folder: &Folder, flag: &[&str]| {
        let report = folder.run(&[&["report", "--format", "json"][..], flag].concat()).json();
        text(&report["meta"], "as_of").to_owned()
    };
    assert_eq!(as_of(&dated, &["--as-of", "2027-06-01"]), "2027-06-01");
    assert_eq!(as_of(&dated, &[]), "2026-11-01");
    let undated = repository("tests/fixtures/golden/inventory.yaml").replace("as_of: 2026-11-01\n", "");
    let undated = Folder::new()
        .with("inventory.yaml", undated)
        .variable("SOURCE_DATE_EPOCH", "1700000000");
    assert_eq!(as_of(&undated, &[]), "2023-11-14", "1,700,000,000 s");
    // The date decides what has expired.
    let expired = |flag: &str| dated.run(&["check", "--as-of", flag]).errors.contains("exception-expired");
    assert!(!expired("2027-03-31") && expired("2027-04-01"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_devices_stay_devices() {
    use std::os::unix::fs::{FileTypeExt as _, symlink};
    let folder = Folder::golden().with("kept/report.html", "old");
    symlink("/dev/null", folder.path("sink.md")).unwrap();
    symlink("/dev/null", folder.path("sink.html")).unwrap();
    symlink("kept/report.html", folder.path("report.html")).unwrap();
    folder
        .run(&["report", "-o", "sink.md", "-o", "sink.html", "-o", "report.html"])
        .well();
    for sink in ["sink.md", "sink.html"] {
        assert!(std::fs::symlink_metadata(folder.path(sink)).unwrap().is_symlink(), "{sink}");
        assert!(std::fs::metadata(folder.path(sink)).unwrap().file_type().is_char_device(), "{sink}");
    }
    assert!(std::fs::symlink_metadata(folder.path("report.html")).unwrap().is_symlink());
    assert!(folder.read("kept/report.html").starts_with("<!DOCTYPE html>"));
    assert!(
        folder
            .files()
            .iter()
            .all(|file| !file.ends_with(".svg") && !file.contains(".cloudraci-"))
    );
}

#[test]
fn a_failure_leaves_the_old_report_as_it_was() {
    let folder = Folder::golden()
        .with("report.md", "old")
        .with("report.pdf", "old")
        .with("a file", "");
    let unchanged = |folder: &Folder| {
        assert_eq!(
            (folder.read("report.md"), folder.read("report.pdf")),
            ("old".to_owned(), "old".to_owned())
        );
        assert!(
            folder.files().iter().all(|file| !file.contains(".cloudraci-")),
            "{:?}",
            folder.files()
        );
    };
    let outputs = ["report", "-o", "report.md", "-o", "report.pdf"];
    // The last output cannot be written: its folder is a file.
    let run = folder.run(&[&outputs[..], &["-o", "a file/report.json"]].concat());
    assert!(run.failed(3).contains("error[cannot-write]: cannot write `a file/report.json`"));
    unchanged(&folder);
    // A picture cannot be written: a folder has its name.
    folder.put("report-assurance.svg/x", "");
    assert!(folder.run(&outputs).failed(3).contains("it is a folder"));
    unchanged(&folder);
    // The inventory is wrong, missing, or a template is.
    folder.put("wrong.yaml", "inventory: 1\n");
    folder.run(&[&outputs[..], &["wrong.yaml"]].concat()).failed(1);
    folder.run(&[&outputs[..], &["missing.yaml"]].concat()).failed(3);
    folder.put("mine/report.md", "{{ report.nothing.at_all }}");
    folder.run(&[&outputs[..], &["--templates", "mine"]].concat()).failed(1);
    unchanged(&folder);
    std::fs::remove_dir_all(folder.path("report-assurance.svg")).unwrap();
    folder.run(&outputs).fine();
    assert!(folder.read("report.md").len() > 1000 && folder.bytes("report.pdf").len() > 1000);
    assert!(
        folder.files().iter().all(|file| !file.contains(".cloudraci-")),
        "{:?}",
        folder.files()
    );
}

#[test]
fn without_a_path_the_usual_ones_are_taken() {
    let inventory = repository("tests/fixtures/golden/inventory.yaml");
    let nothing = Folder::new();
    nothing.refuses(&["report"], 3, "error[no-inventory]");
    let folder = Folder::new()
        .with("inventories/shop/main.yaml", &inventory)
        .with("inventories/notes.txt", "not read");
    let report = folder.report("json").json();
    assert_eq!(report["scope"]["inputs"], serde_json::json!(["inventories/shop/main.yaml"]));
    folder.put("inventory.yaml", &inventory);
    assert_eq!(
        folder.report("json").json()["scope"]["inputs"],
        serde_json::json!(["inventory.yaml"])
    );
}

// ------------------------------------------------------------------------------------------------ check

#[test]
fn check_tells_findings_by_exit_code() {
    let folder = Folder::golden();
    let found = folder.run(&["check"]);
    let errors = found.failed(1);
    for expected in ["error[unclassified-resource]", "warning[duty-not-met]", "inventory.yaml:29:5"] {
        assert!(errors.contains(expected), "{expected}: {errors}");
    }
    let allowed = folder.run(&["check", "--allow", "unclassified-resource"]);
    allowed.fine();
    assert!(allowed.errors.contains("note[unclassified-resource]"));
    folder.refuses(
        &["check", "--allow", "unclassified-resource", "--deny", "duty-not-met"],
        1,
        "error[duty-not-met]",
    );
    folder.refuses(
        &["check", "--allow", "unclasified-resource"],
        2,
        "did you mean `unclassified-resource`?",
    );
    folder.refuses(&["check", "missing.yaml"], 3, "error[cannot-read]");
    // What stops the join cannot be allowed.
    folder.put("wrong.yaml", "inventory: 1\n");
    folder.run(&["check", "wrong.yaml", "--allow", "missing-field"]).failed(1);
}

#[test]
fn the_last_line_of_a_check_counts_what_was_printed() {
    let run = Folder::golden().run(&["check"]);
    let printed = |severity: &str| run.errors.lines().filter(|line| line.starts_with(&format!("{severity}["))).count();
    let (errors, warnings) = (printed("error"), printed("warning"));
    assert_eq!(errors, 1);
    let expected = format!("{errors} error, {warnings} warnings; `cloudraci explain CODE` tells more");
    assert_eq!(run.errors.lines().last(), Some(expected.as_str()), "{}", run.errors);
}

#[test]
fn a_clean_inventory_has_no_findings() {
    let folder = Folder::new().with(
        "inventory.yaml",
        "inventory: 1\norganization: X\nresources: [{service: sqs, name: a}]\n",
    );
    let run = folder.run(&["check"]);
    run.fine();
    let codes: BTreeSet<&str> = run
        .errors
        .lines()
        .filter_map(|line| line.split(['[', ']']).nth(1).filter(|_| line.contains("]: ")))
        .collect();
    assert!(
        codes.is_empty(),
        "one queue shows a part of an account and disproves nothing of it: {}",
        run.errors
    );
}

#[test]
fn check_speaks_to_programs() {
    let folder = Folder::golden();
    let run = folder.run(&["check", "--format", "json"]);
    run.failed(1);
    let found: Value = serde_json::from_str(&run.text()).unwrap();
    let unclassified = found
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["code"] == "unclassified-resource")
        .unwrap();
    assert_eq!(unclassified["severity"], "error");
    assert_eq!(
        unclassified["place"],
        serde_json::json!({"file": "inventory.yaml", "line": 39, "column": 6})
    );
    assert!(text(unclassified, "help").contains("--catalog"));

    let run = folder.run(&["check", "--format", "sarif"]);
    run.failed(1);
    let sarif: Value = serde_json::from_str(&run.text()).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let (driver, results) = (&sarif["runs"][0]["tool"]["driver"], list(&sarif["runs"][0], "results"));
    assert_eq!(driver["name"], "cloudraci");
    assert_eq!(results.len(), found.as_array().unwrap().len());
    let rules: BTreeSet<&str> = list(driver, "rules").iter().map(|rule| text(rule, "id")).collect();
    assert_eq!(rules, results.iter().map(|result| text(result, "ruleId")).collect());
    let at = &results.iter().find(|one| one["ruleId"] == "unclassified-resource").unwrap()["locations"][0]["physicalLocation"];
    assert_eq!(at["artifactLocation"]["uri"], "inventory.yaml");
    assert_eq!((&at["region"]["startLine"], &at["region"]["startColumn"]), (&39.into(), &6.into()));

    let run = folder.run(&["check", "--format", "github"]);
    run.failed(1);
    assert_eq!(run.text().lines().count(), results.len(), "one line each");
    let line = "::error title=unclassified-resource,file=inventory.yaml,line=39,col=6::the catalog knows no service";
    assert!(run.text().lines().any(|found| found.starts_with(line)), "{}", run.text());
}

// ------------------------------------------------------------------------------------------------ why, explain

#[test]
fn why_names_the_rule_behind_each_letter() {
    let folder = Folder::golden();
    let why = folder.run(&["why", "sqs", "monitoring-detection"]).fine();
    let inventory = folder.read("inventory.yaml");
    let rule = |begins: &str| {
        let line = inventory.lines().position(|line| line.starts_with(begins)).unwrap();
        format!("rule at inventory.yaml:{}:", line + 1)
    };
    let held = |party: &str, letters: &str, begins: &str| {
        let by = rule(begins);
        why.lines()
            .any(|line| line.trim_start().starts_with(&format!("{letters:<4} {party:<24}")) && line.contains(&by))
    };
    assert!(held("northwind", "R", "  - {match: {environment: prod"), "{why}");
    assert!(held("platform", "A", "  - {responsible: platform"), "{why}");
    assert!(
        held("platform", "A/R", "  - {responsible: platform"),
        "in development nobody else does it: {why}"
    );
    assert!(held("security", "I", "  - {responsible: platform"), "{why}");
    let lines = |begins: &str| why.lines().filter(|line| line.trim_start().starts_with(begins)).count();
    assert!(
        lines("from ") > 1 && lines("from ") == lines("source "),
        "each activity says its level and its source: {why}"
    );
    assert!(why.contains("monitoring-detection: shared") && why.contains("https://docs.aws.amazon.com/"));
    // A rule for the provider's side adds letters, and the rest is law.
    let provider = folder.run(&["why", "sqs", "service-operation"]).fine();
    assert!(provider.contains("A/R  aws                      law:"), "{provider}");
    assert!(
        provider
            .lines()
            .any(|line| line.contains("I    northwind") && line.contains(&rule("  - {match: {side: provider"))),
        "{provider}"
    );
}

#[test]
fn why_takes_modes_aliases_and_corrects_names() {
    let folder = Folder::golden();
    assert!(
        folder
            .run(&["why", "ebs", "backup"])
            .fine()
            .starts_with("ebs: Amazon Elastic Block Store")
    );
    assert_eq!(
        folder.run(&["why", "aws_ebs_volume", "backup"]).bytes,
        folder.run(&["why", "ebs", "backup"]).bytes
    );
    folder.refuses(&["why", "ebs", "bakup"], 1, "did you mean `backup`?");
    folder.refuses(&["why", "elasticcache", "backup"], 1, "did you mean `elasticache`?");
    folder.refuses(&["why", "rds", "backup"], 1, "`rds` is not in this inventory");
    let modes = Folder::new().with(
        "inventory.yaml",
        "inventory: 1\norganization: X\nresources: [{service: ecs/fargate, name: a}, {service: ecs/ec2, name: b}]\n",
    );
    let both = modes.run(&["why", "ecs", "guest-os-patching"]).fine();
    assert!(both.contains("ecs/ec2: ") && both.contains("ecs/fargate: "));
    let one = modes.run(&["why", "ecs/fargate", "guest-os-patching"]).fine();
    assert!(one.contains("guest-os-patching: inherited") && !one.contains("ecs/ec2"), "{one}");
}

#[test]
fn every_code_is_explained() {
    let folder = Folder::new();
    let sources: Vec<(&str, &str)> = IMPORTERS.iter().map(|one| (one.id(), one.reads())).collect();
    let forms: Vec<(&str, &str)> = FORMATS.iter().map(|one| (one.id(), one.name())).collect();
    for code in Code::ALL {
        let said = folder.run(&["explain", code.id()]).fine();
        let text = format!("{code} ({}): {}\n\n{}\n", code.severity(), code.summary(), code.explanation());
        let (what, listed) = match code {
            Code::ImportFailed => ("sources", &sources),
            Code::ResultsUnreadable => ("forms", &forms),
            _ => {
                assert_eq!(said, text);
                continue;
            }
        };
        // What is read at all is listed where it is kept, and nowhere a second time.
        let rows: Vec<(&str, &str)> = said
            .strip_prefix(&format!("{text}\nAll {what}, by the names that `from` gives them:\n\n"))
            .unwrap_or_else(|| panic!("{said}"))
            .lines()
            .map(|line| line.trim().split_once("  ").unwrap())
            .map(|(id, words)| (id, words.trim()))
            .collect();
        assert_eq!(&rows, listed);
    }
    for code in Code::ALL {
        assert!(code.explanation().len() > 40, "{code}: {}", code.explanation());
    }
    assert_eq!(
        folder.run(&["explain", "[syntax-error]"]).bytes,
        folder.run(&["explain", "syntax-error"]).bytes
    );
    folder.refuses(&["explain", "sintax-error"], 2, "did you mean `syntax-error`?");
}

// ------------------------------------------------------------------------------------------------ catalog

#[test]
fn the_catalog_lists_its_services() {
    let folder = Folder::new();
    let listed = folder.run(&["catalog", "list", "--format", "json"]).json();
    let listed = listed.as_array().unwrap();
    assert!(listed.len() >= 26);
    let shown = folder.run(&["catalog", "list"]).fine();
    for service in listed {
        let id = text(service, "service");
        let line = shown
            .lines()
            .find(|line| line.split_whitespace().next() == Some(id))
            .unwrap_or_else(|| panic!("{id}"));
        assert!(
            line.contains(text(service, "name")) && line.contains(text(service, "model")),
            "{line}"
        );
        for mode in list(service, "modes") {
            assert!(line.contains(mode.as_str().unwrap()), "{line}");
        }
    }
    assert!(shown.ends_with(&format!(
        "{} services, catalog {}\n",
        listed.len(),
        cloudraci::catalog::Catalog::builtin().unwrap().version
    )));
}

#[test]
fn the_catalog_shows_a_service_a_mode_and_what_attributes_change() {
    let folder = Folder::new();
    let show = |arguments: &[&str]| {
        folder
            .run(&[&["catalog", "show", "--format", "json"][..], arguments].concat())
            .json()
    };
    let of = |shown: &Value, control: &str| {
        list(shown, "controls")
            .iter()
            .find(|one| one["control"] == control)
            .unwrap()
            .clone()
    };
    let standard = show(&["rds"]);
    assert_eq!((text(&standard, "service"), text(&standard, "model")), ("rds", "managed-platform"));
    assert_eq!(of(&standard, "guest-os-patching")["type"], "inherited");
    let custom = show(&["rds/custom"]);
    assert_eq!((text(&custom, "mode"), text(&custom, "model")), ("custom", "infrastructure"));
    assert_ne!(of(&custom, "guest-os-patching")["type"], "inherited");
    let settled = show(&["rds", "--set", "engine=custom-oracle-ee"]);
    assert_eq!(settled["mode"], "custom");
    assert_eq!(show(&["AWS::RDS::DBInstance"]), standard);
    let states = |value: &str| {
        let shown = show(&["s3", "--set", &format!("versioning={value}")]);
        let backup = of(&shown, "backup");
        list(&backup, "activities")
            .iter()
            .filter_map(|one| one["state"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert!(states("true").contains(&"met".to_owned()) && !states("true").contains(&"not-met".to_owned()));
    assert!(states("false").contains(&"not-met".to_owned()) && !states("false").contains(&"met".to_owned()));
    let said = folder.run(&["catalog", "show", "rds/custom"]).fine();
    for (control, activity) in activities(&custom) {
        assert!(
            said.contains(text(activity, "does")) && said.contains(text(control, "control")),
            "{activity}"
        );
    }
    for (arguments, code, says) in [
        (&["dynamobd"][..], 1, "did you mean `dynamodb`?"),
        (&["rds/custm"], 1, "did you mean `custom`?"),
        (&["rds", "--set", "engine"], 2, "`engine` is not of the form ATTRIBUTE=VALUE"),
    ] {
        let run = folder.run(&[&["catalog", "show"][..], arguments].concat());
        assert!(run.failed(code).contains(says), "{}", run.errors);
    }
}

#[test]
fn the_catalog_resolves_names_from_arguments_and_from_standard_input() {
    let folder = Folder::new();
    let ids = ["elb", "aws_db_instance", "no-such-thing"];
    let expected = "elb\telastic-load-balancing\naws_db_instance\trds\nno-such-thing\t-\n";
    assert_eq!(folder.run(&[&["catalog", "resolve"][..], &ids].concat()).fine(), expected);
    assert_eq!(
        folder
            .run_with(&["catalog", "resolve"], "elb\r\n\n  aws_db_instance\nno-such-thing")
            .fine(),
        expected
    );
    let json = folder.run(&[&["catalog", "resolve", "--format", "json"][..], &ids].concat()).json();
    assert_eq!(json[0], serde_json::json!({"id": "elb", "service": "elastic-load-balancing"}));
    assert_eq!(json[2], serde_json::json!({"id": "no-such-thing", "service": null}));
}

#[test]
fn the_catalog_checks_itself_and_folders() {
    let folder = Folder::new()
        .with_copy("catalog/aws", "aws")
        .with("mine/services/rds.yaml", "id: rds\ncontrols: {backups: {}}\n");
    assert_eq!(folder.run(&["catalog", "check"]).fine(), "the catalog keeps its rules\n");
    assert_eq!(folder.run(&["catalog", "check", "--format", "json"]).json(), serde_json::json!([]));
    assert_eq!(
        folder.run(&["catalog", "check", "aws"]).fine(),
        "the catalog keeps its rules\n",
        "{:?}",
        folder.path("aws")
    );
    let wrong = folder.run(&["catalog", "check", "mine"]);
    assert!(
        wrong.failed(1).contains("`backups`") && wrong.errors.contains("mine/services/rds.yaml"),
        "{}",
        wrong.errors
    );
    folder.refuses(&["catalog", "check", "nowhere"], 3, "error[cannot-read]");
}

// ------------------------------------------------------------------------------------------------ the rest

#[test]
fn what_init_writes_reports_at_once() {
    let folder = Folder::new();
    let said = folder.run(&["init", "new"]);
    said.fine();
    assert!(said.errors.contains("next: cloudraci report new/inventory.yaml"), "{}", said.errors);
    assert_eq!(folder.files(), ["new/inventory.yaml"]);
    folder
        .run(&["report", "new/inventory.yaml", "-o", "new/report.pdf", "-o", "new/report.md"])
        .fine();
    folder.run(&["check", "new"]).fine();
    let again = folder.run(&["init", "new"]);
    assert!(again.failed(3).contains("exists already"));
    // Here, without a name, and then everything without names.
    let here = Folder::new();
    here.run(&["init"]).fine();
    assert!(here.run(&["report"]).fine().contains("# My platform"));
}

#[test]
fn templates_are_listed_and_ejected() {
    let folder = Folder::golden();
    let listed = folder.run(&["templates", "list"]).fine();
    for name in [
        "report.md",
        "parts/summary.md",
        "page.html",
        "page.typ",
        "style.css",
        "assurance.svg",
    ] {
        assert!(listed.lines().any(|line| line == name), "{name} in {listed}");
    }
    let formats = ["markdown", "html", "pdf"];
    let before: Vec<Vec<u8>> = formats.iter().map(|format| folder.report(format).bytes).collect();
    folder.put("mine/report.md", "kept");
    let said = folder.run(&["templates", "eject", "mine"]);
    said.fine();
    assert!(said.errors.contains("left alone: mine/report.md"), "{}", said.errors);
    assert_eq!(folder.read("mine/report.md"), "kept");
    std::fs::remove_file(folder.path("mine/report.md")).unwrap();
    folder.run(&["templates", "eject", "mine"]).fine();
    let files: BTreeSet<String> = folder
        .files()
        .iter()
        .filter_map(|name| name.strip_prefix("mine/").map(str::to_owned))
        .collect();
    assert_eq!(files, listed.lines().map(str::to_owned).collect());
    for (format, before) in formats.iter().zip(before) {
        let after = folder.run(&["report", "--format", format, "--templates", "mine"]);
        assert_eq!(after.errors, folder.report(format).errors, "no warning is added");
        assert!(after.bytes == before, "{format} of the ejected templates");
    }
}

#[test]
fn schemas_are_json_and_fit_what_is_written() {
    let folder = Folder::golden();
    let schema = |of: &str| folder.run(&["schema", of]).json();
    let properties = |schema: &Value| schema["properties"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    // The reference inventory has every field of the format.
    let yaml: Value = serde_yaml::from_str(&repository("inventories/reference/inventory.yaml")).unwrap();
    let of_a_party: Value = serde_yaml::from_str(&repository("inventories/reference/evidence-northwind.yaml")).unwrap();
    let written: BTreeSet<String> = keys(&yaml).union(&keys(&of_a_party)).cloned().collect();
    assert_eq!(properties(&schema("inventory")), written);
    let report = schema("report");
    assert_eq!(properties(&report), keys(&folder.report("json").json()));
    let service: Value = serde_yaml::from_str(&repository("catalog/aws/services/rds.yaml")).unwrap();
    assert!(properties(&schema("catalog")).is_superset(&keys(&service)));
    for of in ["inventory", "report", "catalog"] {
        assert!(text(&schema(of), "$schema").starts_with("https://json-schema.org/"), "{of}");
    }
    folder.run(&["schema", "everything"]).failed(2);
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let folder = Folder::new();
    let commands = [
        "report",
        "pack",
        "verify",
        "watch",
        "check",
        "why",
        "evidence",
        "explain",
        "catalog",
        "init",
        "templates",
        "schema",
        "completions",
        "man",
    ];
    for shell in clap_complete::Shell::value_variants() {
        let script = folder.run(&["completions", &shell.to_string()]).fine();
        for command in commands {
            assert!(script.contains(command), "{command} for {shell}");
        }
    }
    let manual = folder.run(&["man"]).fine();
    assert!(manual.contains(".TH cloudraci 1"));
    for command in commands {
        assert!(manual.contains(&format!("cloudraci\\-{command}")), "{command}");
    }
    assert_eq!(
        folder.run(&["--version"]).fine(),
        format!("cloudraci {}\n", env!("CARGO_PKG_VERSION"))
    );
    assert!(folder.run(&["--help"]).fine().contains("Usage: cloudraci"));
}

/// Every page that a page names is written, under the name that it is looked for.
#[test]
fn the_manual_has_every_page_that_it_refers_to() {
    let folder = Folder::new();
    folder.run(&["man", "--dir", "man1"]).fine();
    let pages: std::collections::BTreeSet<String> = folder.files().into_iter().collect();
    let mut referred = std::collections::BTreeSet::from(["man1/cloudraci.1".to_owned()]);
    for page in &pages {
        let text = folder.read(page).replace('\\', "");
        for (end, _) in text.match_indices("(1)") {
            let name = text[..end]
                .rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '-'))
                .next()
                .unwrap();
            referred.insert(format!("man1/{name}.1"));
        }
    }
    assert!(pages.len() > 20 && pages.contains("man1/cloudraci-templates-check.1"), "{pages:?}");
    assert_eq!(pages, referred);
    let alone = folder.run(&["man"]).fine();
    assert_eq!(alone, folder.read("man1/cloudraci.1"));
    folder.put("file", "");
    folder.run(&["man", "--dir", "file"]).failed(3);
}
