//! What a finding says: how bad it is and why, until when it must be mended, whose requirements it touches; and what is a
//! question and no finding.

use crate::support::{Folder, activities, list, root, text};
use serde_json::{Value, json};

/// An inventory of one database that is not protected against deletion, with parts over it.
fn document(parts: Value) -> String {
    let mut document = json!({
        "inventory": 1, "organization": "Example Shop Ltd", "as_of": "2026-11-01",
        "parties": {"platform": {"name": "Platform", "contact": "platform@example.com"},
                    "northwind": {"name": "Northwind", "kind": "partner", "contact": "desk@northwind.example"}},
        "assignments": [{"responsible": "northwind", "accountable": "platform"}],
        "resources": [{"service": "rds", "name": "ledger", "environment": "prod", "data": ["personal"],
                       "config": {"engine": "postgres", "deletion_protection": false}}],
    });
    for (key, value) in parts.as_object().unwrap() {
        document[key] = value.clone();
    }
    document.to_string()
}

fn report(parts: Value) -> Value {
    Folder::new().with("inventory.yaml", document(parts)).report("json").json()
}

fn unprotected(report: &Value) -> Value {
    let findings = list(report, "findings").iter();
    let found: Vec<&Value> = findings
        .filter(|finding| text(finding, "what") == "Deletion protection is off")
        .collect();
    assert_eq!(found.len(), 1);
    found[0].clone()
}

#[test]
fn severity_comes_from_duty_data_and_environment_and_says_why() {
    let database = |environment: &str, data: Value| {
        json!({"resources": [{"service": "rds", "name": "ledger", "environment": environment, "data": data,
                              "config": {"engine": "postgres", "deletion_protection": false}}]})
    };
    for (environment, data, severity, because) in [
        (
            "prod",
            json!(["personal"]),
            "high",
            "medium for the duty, a step up for personal data",
        ),
        ("prod", json!([]), "medium", "medium for the duty"),
        (
            "dev",
            json!(["personal"]),
            "medium",
            "medium for the duty, a step up for personal data, a step down for the environment dev",
        ),
        (
            "dev",
            json!(["internal"]),
            "low",
            "medium for the duty, a step down for the environment dev",
        ),
    ] {
        let found = unprotected(&report(database(environment, data)));
        assert_eq!((text(&found, "severity"), text(&found, "severity_because")), (severity, because));
    }
    // The inventory sets it.
    let mut parts = database("dev", json!(["internal"]));
    parts["severity"] = json!({"duty": {"rds.backup.customer.deletion-protection": "high"}, "environment": {"dev": "keep"}});
    let all = report(parts);
    assert_eq!(text(&unprotected(&all), "severity"), "high");
    assert_eq!(list(&all["severity"], "duty")[0]["severity"], "high");
    // An id does not depend on how bad it is.
    assert_eq!(unprotected(&all)["id"], unprotected(&report(database("dev", json!([]))))["id"]);
}

#[test]
fn a_finding_has_its_due_date_holders_place_and_requirements() {
    let found = unprotected(&report(json!({"due": {"high": 30}, "frameworks": ["iso-27001"]})));
    assert_eq!(found["due"], "2026-12-01");
    assert_eq!(found["since"], Value::Null);
    assert_eq!(found["responsible"], json!(["northwind"]));
    assert_eq!(found["accountable"], "platform");
    assert_eq!(found["environment"], "prod");
    assert_eq!(found["resources"], json!(["ledger"]));
    assert_eq!(found["observed"], "`deletion_protection` is `false`");
    assert_eq!(found["expected"], "`deletion_protection` is `true`");
    let requirements = list(&found, "requirements");
    assert!(!requirements.is_empty() && requirements.iter().all(|one| one.as_str().unwrap().starts_with("ISO 27001 A.")));
    // What nobody asked for is not there, and what is over is due from the day on which it was.
    let plain = unprotected(&report(json!({})));
    assert_eq!((&plain["due"], list(&plain, "requirements").len()), (&Value::Null, 0));
    let expired = report(
        json!({"due": {"high": 30}, "exceptions": [{"match": {"service": "rds", "control": "key-management"}, "reason": "Old", "expires": "2026-09-30"}]}),
    );
    let expired = list(&expired, "findings")
        .iter()
        .find(|finding| finding["code"] == "exception-expired")
        .unwrap();
    assert_eq!((&expired["since"], &expired["due"]), (&json!("2026-09-30"), &json!("2026-10-30")));
}

#[test]
fn an_expired_exception_and_what_it_excused_are_one_finding() {
    let excepted = |expires: &str, control: &str| {
        let matches = json!({"service": "rds", "control": control});
        let exception = json!({"match": matches, "reason": "Rebuilt in May", "approved_by": "Head of IT", "expires": expires});
        json!({"due": {"high": 30}, "exceptions": [exception]})
    };
    let all = report(excepted("2026-09-30", "backup"));
    let expired: Vec<&Value> = list(&all, "findings")
        .iter()
        .filter(|one| one["message"].as_str().unwrap().contains("Rebuilt in May"))
        .collect();
    // Of what it excused each duty that is broken has one finding; the exception has none beside these.
    assert!(
        !expired.is_empty() && expired.iter().all(|one| one["code"] == "duty-not-met"),
        "{expired:#?}"
    );
    let not_met = |report: &Value| list(report, "findings").iter().filter(|one| one["code"] == "duty-not-met").count();
    assert_eq!(not_met(&all) as u64, all["summary"]["duties"]["not_met"].as_u64().unwrap());
    assert_eq!(not_met(&all), not_met(&report(json!({}))));
    let found = unprotected(&all);
    assert!(
        text(&found, "message").ends_with("; its exception \"Rebuilt in May\" expired on 2026-09-30"),
        "{found}"
    );
    assert!(
        text(&found, "how").ends_with(". Or let Head of IT approve the exception anew with a date"),
        "{found}"
    );
    assert_eq!(
        (&found["exception_expired"], &found["since"]),
        (&json!("2026-09-30"), &json!("2026-09-30"))
    );
    assert_eq!((&found["due"], &found["overdue"]), (&json!("2026-10-30"), &json!(true)));
    assert_eq!(found["id"], unprotected(&report(json!({})))["id"]);
    // It is still somebody's decision, and `check` can still be told to deny it.
    let decisions = list(&all["summary"], "decisions");
    assert!(
        decisions
            .iter()
            .any(|one| one["kind"] == "exception" && one["finding"] == found["id"]),
        "{decisions:#?}"
    );
    let folder = Folder::new().with("inventory.yaml", document(excepted("2026-09-30", "backup")));
    assert!(
        folder
            .run(&["check", "--deny", "exception-expired"])
            .errors
            .contains("error[exception-expired]")
    );
    // One that excused nothing that is broken today is a finding of its own.
    let idle = report(excepted("2026-09-30", "key-management"));
    assert_eq!(
        list(&idle, "findings")
            .iter()
            .filter(|one| one["code"] == "exception-expired")
            .count(),
        1
    );
    let valid = report(excepted("2026-12-31", "backup"));
    assert!(list(&valid, "findings").iter().all(|one| one["exception_expired"].is_null()));
}

#[test]
fn every_format_tells_how_bad_a_finding_is_and_until_when() {
    let parts = json!({"due": {"high": 30}, "frameworks": ["iso-27001"]});
    let folder = Folder::new().with("inventory.yaml", document(parts));
    folder.run(&["report", "-o", "r.md", "-o", "r.html", "-o", "r.csv"]).fine();
    let (markdown, html, csv) = (folder.read("r.md"), folder.read("r.html"), folder.read("r.csv"));
    assert!(markdown.contains("#### Deletion protection is off") && markdown.contains("**due 1 December 2026**"));
    assert!(markdown.contains("Northwind does it, Platform answers for it"));
    assert!(markdown.contains("| Environment |  | live, prod"), "the rule is printed");
    // The finding leads to its duty's row.
    let id = "rds.backup.customer.deletion-protection@prod";
    assert!(html.contains(&format!("href=\"#{id}\"")) && html.contains(&format!("id=\"{id}\"")));
    let rows: Vec<&str> = csv.lines().filter(|line| line.contains(id)).collect();
    assert!(
        !rows.is_empty() && rows.iter().all(|row| row.contains(",high,2026-12-01,ISO 27001 A.")),
        "{rows:?}"
    );
}

#[test]
fn what_may_be_meant_is_a_decision_and_no_finding() {
    let balancer = |internal: bool, more: Value| {
        let mut parts = json!({"resources": [{"service": "alb", "name": "edge", "environment": "prod", "config": {"internal": internal}}]});
        for (key, value) in more.as_object().unwrap() {
            parts[key] = value.clone();
        }
        report(parts)
    };
    let state = |report: &Value| {
        let all = activities(report);
        let own = all.iter().find(|(_, activity)| text(activity, "id").ends_with("customer.scheme"));
        text(own.unwrap().1, "state").to_owned()
    };
    let asks = |report: &Value| {
        let decisions = list(&report["summary"], "decisions").iter();
        decisions.filter(|one| one["kind"] == "question").cloned().collect::<Vec<_>>()
    };
    let open = balancer(false, json!({}));
    assert_eq!(state(&open), "unknown");
    let [question] = asks(&open).try_into().unwrap();
    assert!(text(&question, "text").contains("The load balancer faces the internet (1 of 1 resource); confirm that this is meant"));
    assert_eq!(question["owner"], "A Platform, R Northwind");
    assert!(list(&open, "findings").iter().all(|finding| finding["code"] != "duty-not-met"));
    // An exception answers it; the other setting does not ask.
    let answered = balancer(
        false,
        json!({"exceptions": [{"match": {"control": "network-access-control"}, "reason": "It serves customers"}]}),
    );
    assert_eq!((state(&answered).as_str(), asks(&answered).len()), ("excepted", 0));
    let internal = balancer(true, json!({}));
    assert_eq!((state(&internal).as_str(), asks(&internal).len()), ("met", 0));
}

#[test]
fn a_cut_to_a_party_names_nobody_else_s_contacts_in_any_format() {
    for example in ["payments", "estate", "reference"] {
        let path = root().join("inventories").join(example);
        let path = path.to_str().unwrap();
        let folder = Folder::new();
        let whole = folder.run(&["report", path, "--format", "json"]).json();
        let contacts: Vec<(&str, &str)> = list(&whole, "parties")
            .iter()
            .filter_map(|party| Some((text(party, "id"), party["contact"].as_str()?)))
            .collect();
        assert!(contacts.len() > 1);
        for party in list(&whole, "parties") {
            let id = text(party, "id");
            for edition in ["audit", "handover"] {
                let arguments = ["report", path, "--party", id, "--edition", edition];
                folder
                    .run(&[&arguments[..], &["-o", "c.md", "-o", "c.html", "-o", "c.json", "-o", "c.csv"]].concat())
                    .fine();
                let cut: Value = serde_json::from_str(&folder.read("c.json")).unwrap();
                // Both sides of a handover have one plan, and are told how to reach each other and who answers.
                let is_side = ["from_party", "to_party"].iter().any(|side| whole["handover"][side] == id);
                let held = || list(&cut["handover"], "moves").iter().chain(list(&cut["handover"], "stays"));
                let is_answering =
                    |held: &str, short: &str| ["A", "A/R"].iter().any(|letters| held.contains(&format!("{letters} {short}")));
                let answers = |party: &Value| {
                    held().any(|one| {
                        ["before", "after"]
                            .iter()
                            .any(|side| is_answering(text(one, side), text(party, "short")))
                    })
                };
                let is_met = |other: &str| {
                    let party = list(&whole, "parties").iter().find(|party| text(party, "id") == other).unwrap();
                    edition == "handover"
                        && is_side
                        && (["from_party", "to_party"].iter().any(|side| whole["handover"][side] == other) || answers(party))
                };
                for name in ["c.md", "c.html", "c.json", "c.csv"] {
                    let said = folder.read(name);
                    for (other, contact) in contacts.iter().filter(|(other, _)| *other != id && !is_met(other)) {
                        assert!(!said.contains(contact), "{example}: {name} of {id} names the contact of {other}");
                    }
                }
            }
        }
    }
}

/// A template with a condition, a network and no trail.
const TEMPLATE: &str = r#"
AWSTemplateFormatVersion: "2010-09-09"
Conditions: {Large: !Equals [!Ref Size, large]}
Parameters: {Size: {Type: String}}
Resources:
  Net: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: 10.0.0.0/16}}
  Front: {Type: "AWS::EC2::Subnet", Properties: {VpcId: !Ref Net, MapPublicIpOnLaunch: true}}
  Back: {Type: "AWS::EC2::Subnet", Properties: {VpcId: !Ref Net, MapPublicIpOnLaunch: false}}
  Group: {Type: "AWS::EC2::SecurityGroup", Properties: {GroupDescription: app, SecurityGroupEgress: [{IpProtocol: "-1", CidrIp: 0.0.0.0/0}]}}
  Queue: {Type: "AWS::SQS::Queue", Condition: Large}
"#;

#[test]
fn a_report_from_one_template_says_what_it_is_and_calls_nothing_undone_that_it_cannot_see() {
    let folder = Folder::new().with("stack.yaml", TEMPLATE);
    let path = folder.path("stack.yaml");
    let path = path.to_str().unwrap();
    folder
        .run(&["report", path, "-o", "r.md", "-o", "r.html", "-o", "r.json", "-o", "r.csv"])
        .fine();
    let report: Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    assert_eq!(report["meta"]["partial"], true);
    assert_eq!(
        report["partial"]["made_from"],
        json!([{"file": "stack.yaml", "source": "CloudFormation"}])
    );
    assert_eq!(
        report["partial"]["not_named"],
        json!(["parties", "accounts", "environments", "data classes"])
    );
    assert_eq!(list(&report, "conditional")[0]["resources"], json!(["Queue"]));
    // Only what the template itself says is a finding: neither trail nor detector, and no default group.
    let findings: Vec<&str> = list(&report, "findings").iter().map(|finding| text(finding, "what")).collect();
    assert_eq!(findings, ["The subnet gives public addresses to what is launched in it"]);
    let finding = &list(&report, "findings")[0];
    assert_eq!((&finding["count"], &finding["of"]), (&json!(1), &json!(2)), "a VPC is no subnet");
    let markdown = folder.read("r.md");
    assert!(
        markdown.contains("**Made from stack.yaml (CloudFormation), and from nothing else.**"),
        "{markdown}"
    );
    for empty in [
        "None.",
        "None named",
        "None planned",
        "none named",
        "## Revision history",
        "## Sign-off",
        "### Exceptions",
        "names no contacts",
        "## Unclassified resources",
        "listed above",
        // Nor is there an inventory.
        "the inventory",
        "The inventory",
    ] {
        // What the catalog says of a trail is so for every report.
        let own = markdown.replace("where the inventory lists it there", "");
        assert!(!own.contains(empty), "`{empty}` is left out");
    }
    assert!(markdown.contains("- One file was read (CloudFormation); what else runs is not known."));
    assert!(markdown.contains("the customer answers (A) for"));
    assert!(markdown.contains("| Large | 1 | Queue | stack.yaml |"));
    let last = markdown.rfind("\n## ").unwrap();
    assert!(markdown[last..].starts_with("\n## What to name next"));
    // No path of this machine.
    let home = folder.path("");
    let home = home.to_str().unwrap().trim_end_matches('/');
    for name in ["r.md", "r.html", "r.json", "r.csv"] {
        assert!(!folder.read(name).contains(home), "{name}");
    }
    // A whole inventory of the same says nothing of it, and lists what is conditional all the same.
    let whole = Folder::new().with("stack.yaml", TEMPLATE).with(
        "inventory.yaml",
        "inventory: 1\norganization: Example\nas_of: 2026-11-01\nimports: [{file: stack.yaml}]\n",
    );
    let markdown = whole.run(&["report"]).fine();
    assert!(
        !markdown.contains("from nothing else") && !markdown.contains("What to name next") && markdown.contains("## Conditional resources")
    );
    // What is empty there is said in a line, and takes no chapter.
    for chapter in ["## Handover", "## Unclassified resources", "## Revision history"] {
        assert!(!markdown.contains(chapter), "{chapter}");
    }
    assert!(markdown.contains("| Handover | none planned |"));
    assert!(markdown.contains("The catalog knows the service of every resource that is listed."));
    assert!(
        markdown.contains("name no account: in which one each of them is, nothing says"),
        "{markdown}"
    );
}

#[test]
fn a_file_that_tells_accounts_names_no_more_than_their_numbers() {
    let state = root().join("tests/fixtures/terraform/estate.tfstate");
    let report = Folder::new()
        .run(&["report", state.to_str().unwrap(), "--format", "json", "-o", "-"])
        .json();
    assert_eq!(list(&report["scope"], "accounts").len(), 1);
    assert_eq!(
        report["partial"]["not_named"],
        json!(["parties", "the names of accounts", "environments", "data classes"])
    );
}

#[test]
fn of_the_same_severity_what_weighs_more_comes_first() {
    let database = |name: &str, environment: &str, data: &str, config: Value| json!({"service": "rds", "name": name, "environment": environment, "data": [data], "config": config});
    let bucket = json!({"service": "s3", "name": "notes", "environment": "dev", "data": ["internal"],
                        "config": {"block_public_acls": false, "block_public_policy": false, "ignore_public_acls": false, "restrict_public_buckets": false}});
    let of = report(json!({"resources": [
        database("copy", "dev", "personal", json!({"engine": "postgres", "backup_retention_period": 0, "deletion_protection": true})),
        database("ledger", "prod", "personal", json!({"engine": "postgres", "backup_retention_period": 5, "deletion_protection": false})),
        bucket,
    ]}));
    // Of each severity first production with personal data, then development with it, then development without.
    let rank = |finding: &Value| match (
        finding["environment"].as_str(),
        list(finding, "data").iter().any(|class| class == "personal"),
    ) {
        (Some("prod"), true) => 0,
        (Some("dev"), true) => 1,
        (Some("dev"), false) => 2,
        _ => 3,
    };
    let findings = list(&of, "findings").iter().filter(|finding| finding["duty"].is_string());
    let told: Vec<(&str, i32)> = findings.map(|finding| (text(finding, "severity"), rank(finding))).collect();
    assert!(told.contains(&("high", 0)) && told.contains(&("high", 1)), "{told:?}");
    assert!(
        told.windows(2).all(|pair| pair[0].0 != pair[1].0 || pair[0].1 <= pair[1].1),
        "{told:?}"
    );
}

#[test]
fn what_a_check_saw_is_told_by_the_name_that_the_inventory_has() {
    let payments = root().join("inventories/payments");
    let report = Folder::new()
        .run(&["report", payments.to_str().unwrap(), "--format", "json", "-o", "-"])
        .json();
    let observed: Vec<&str> = list(&report, "findings")
        .iter()
        .filter_map(|finding| finding["observed"].as_str())
        .collect();
    for name in ["statements", "developers"] {
        let words = format!(": {name} fails this check");
        assert!(observed.iter().any(|told| told.contains(&words)), "{name}: {observed:#?}");
    }
    for id in ["b3c81f47", "sg-0f1d", "444455556666"] {
        assert!(!observed.iter().any(|told| told.contains(id)), "{id}: {observed:#?}");
    }
}

#[test]
fn an_excuse_is_named_only_where_it_is_unsaid() {
    for (endpoint, unless) in [
        ("", json!("the metadata endpoint is switched off")),
        (", http_endpoint: enabled", Value::Null),
    ] {
        let inventory = format!(
            "inventory: 1\norganization: X\nresources:\n  - {{service: ec2, name: web, config: {{metadata_options: {{http_tokens: optional{endpoint}}}}}}}\n"
        );
        let report = Folder::new().with("inventory.yaml", inventory).report("json").json();
        let mut findings = list(&report, "findings").iter();
        let finding = findings.find(|one| text(one, "what").contains("IMDSv1")).unwrap();
        assert_eq!(finding["unless"], unless, "{endpoint}");
        assert_eq!(
            text(finding, "message").contains("it is open whether"),
            !unless.is_null(),
            "{endpoint}"
        );
    }
}
