//! What shows a state: every duty that is not unknown says it, in JSON and in print; of one that is unknown although something
//! is shown it says what is missing; and the rows of a section are its figures.

use crate::laws::{cases, document};
use crate::support::{Folder, activities, list, root, text};
use proptest::prelude::*;
use serde_json::{Value, json};

fn number(of: &Value, name: &str) -> u64 {
    of[name].as_u64().unwrap_or_else(|| panic!("no number `{name}` in {of}"))
}

/// That each duty of a report says what shows it.
fn says_what_shows_it(report: &Value) -> Result<(), TestCaseError> {
    for (_, duty) in activities(report).into_iter().filter(|(_, activity)| activity["duty"].is_string()) {
        let (id, state, shown_by) = (text(duty, "duty"), text(duty, "state"), list(duty, "shown_by"));
        if state == "unknown" {
            let is_shown_somewhere = shown_by.iter().any(|shown| shown["state"] != "part");
            prop_assert!(duty["open_because"].is_string() || !is_shown_somewhere, "{}", id);
            prop_assert!(duty["open_because"].is_null() || !shown_by.is_empty(), "{}", id);
        } else {
            prop_assert!(
                shown_by.iter().any(|shown| shown["state"] == state),
                "nothing shows that {} is {}",
                id,
                state
            );
            prop_assert!(duty["open_because"].is_null(), "{}", id);
        }
        for shown in shown_by {
            prop_assert!(number(shown, "shows") <= number(shown, "resources"), "{}: {}", id, shown);
            prop_assert!(number(shown, "resources") <= number(duty, "resources"), "{}: {}", id, shown);
            if shown["kind"] == "configuration" {
                prop_assert!(shown["seen"].is_string(), "{}: {}", id, shown);
            }
        }
        let excused = shown_by.iter().filter(|shown| shown["kind"] == "exception");
        prop_assert_eq!(
            excused.map(|shown| number(shown, "shows")).sum::<u64>(),
            number(duty, "resources_excepted"),
            "{}",
            id
        );
    }
    Ok(())
}

/// The number that stands after some words.
fn number_in(text: &str, before: &str) -> Option<u64> {
    let (_, rest) = text.split_once(before)?;
    let digits: String = rest
        .chars()
        .take_while(|letter| letter.is_ascii_digit() || *letter == ',')
        .collect();
    digits.replace(',', "").parse().ok()
}

/// The rows that stand for duties, each with how many.
fn rows(html: &str) -> Vec<(&str, u64)> {
    let rows = html.split("</tr>").filter_map(|row| {
        let duties = number_in(row, "data-duties=\"")?;
        Some((row, duties))
    });
    rows.collect()
}

/// What stands below a heading, up to the next of its rank; nothing where there is none.
fn chapter<'t>(text: &'t str, heading: &str, next: &str) -> &'t str {
    let below = text.split_once(heading).map_or("", |(_, below)| below);
    below.split(next).next().unwrap_or_default()
}

/// That each row of the audit edition says what shows it, and that the rows of each section are what its last line counts.
fn rows_are_figures(html: &str, markdown: &str, report: &Value) -> Result<(), TestCaseError> {
    if markdown.contains("\nIn short: ") {
        return Ok(());
    }
    let mut all = 0;
    for section in chapter(html, "<h2 id=\"services\"", "<h2 ").split("<h3 ").skip(1) {
        let rows = rows(section);
        for (row, _) in &rows {
            let is_shown = row.contains("Shown by") || row.contains("data-is=\"unknown\"");
            prop_assert!(is_shown, "{}", row);
        }
        let counted = rows.iter().map(|(_, duties)| duties).sum::<u64>();
        let words = ["The rows below count ", "All its ", "Of its "];
        let says = words.iter().find_map(|words| number_in(section, words));
        prop_assert_eq!(says, Some(counted), "{}", section.lines().next().unwrap_or_default());
        all += counted;
    }
    let common = rows(chapter(html, "<h2 id=\"common-to-several-services\"", "<h2 "));
    let common = common.iter().map(|(_, duties)| duties).sum::<u64>();
    prop_assert_eq!(all + common, number(&report["summary"]["duties"], "total"));
    let met = chapter(markdown, "\n## Duties that are met\n", "\n## ");
    let met = met.lines().filter(|line| line.starts_with("| [")).map(|line| {
        let place = line.split(" | ").nth(1).unwrap_or_default();
        number_in(place, "×").unwrap_or(1)
    });
    prop_assert_eq!(met.sum::<u64>(), number(&report["summary"]["duties"], "met"));
    Ok(())
}

/// That an attested duty to keep evidence has no unknown duty beside it on all of its resources.
fn own_evidence_is_of_all(report: &Value) -> Result<(), TestCaseError> {
    for service in list(report, "services") {
        let own = list(service, "controls").iter().flat_map(|control| list(control, "activities"));
        let own: Vec<&Value> = own.filter(|activity| activity["duty"].is_string()).collect();
        for duty in own
            .iter()
            .filter(|duty| text(duty, "id").ends_with(".own-evidence") && duty["state"] != "unknown")
        {
            let beside = own.iter().filter(|other| {
                ["environment", "scope", "side", "resources"]
                    .iter()
                    .all(|field| other[*field] == duty[*field])
            });
            for other in beside {
                prop_assert_ne!(&other["state"], "unknown", "{} beside {}", other["duty"], duty["duty"]);
            }
        }
    }
    Ok(())
}

fn both(folder: &Folder, path: &str) -> Result<(), TestCaseError> {
    let arguments = ["report", path, "--edition", "audit", "-o", "-", "--format"];
    let report = folder.run(&[&arguments[..], &["json"]].concat()).json();
    says_what_shows_it(&report)?;
    own_evidence_is_of_all(&report)?;
    let [html, markdown] = ["html", "markdown"].map(|format| folder.run(&[&arguments[..], &[format]].concat()).text());
    rows_are_figures(&html, &markdown, &report)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() / 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_not_unknown_says_what_shows_it(document in document()) {
        both(&Folder::new().with("inventory.yaml", document.to_string()), "inventory.yaml")?;
    }
}

#[test]
fn the_examples_say_what_shows_each_state() {
    for name in ["minimal.yaml", "payments", "reference"] {
        both(&Folder::new(), root().join("inventories").join(name).to_str().unwrap()).unwrap();
    }
}

#[test]
fn what_is_unknown_on_a_part_says_what_is_missing() {
    let database = |name: &str, config: Value| json!({"service": "rds", "name": name, "region": "eu-west-1", "config": config});
    let document = json!({
        "inventory": 1,
        "organization": "Example",
        "as_of": "2026-11-01",
        "resources": [
            database("orders", json!({"engine": "postgres", "publicly_accessible": false, "password": "hunter2-Secret"})),
            database("copy", json!({"engine": "postgres"})),
        ],
    });
    let run = Folder::new().with("inventory.yaml", document.to_string()).report("json");
    assert!(!run.text().contains("hunter2"), "a secret is told");
    let report = run.json();
    let all = activities(&report);
    let public = all
        .iter()
        .map(|(_, duty)| *duty)
        .find(|duty| {
            list(duty, "shown_by")
                .iter()
                .any(|shown| shown["seen"] == "`publicly_accessible` is `false`")
        })
        .unwrap();
    assert_eq!(public["state"], "unknown");
    assert_eq!(public["open_because"], "1 of 2 shown; no `publicly_accessible` is given of `copy`");
}

#[test]
fn evidence_of_ones_duties_is_kept_only_where_none_is_unknown() {
    let inventory = |entries: Value| {
        json!({
            "inventory": 1,
            "organization": "Example",
            "as_of": "2026-11-01",
            "parties": {"owner": {"name": "Owner", "kind": "customer"}},
            "resources": [{"service": "sqs", "name": "orders", "region": "eu-west-1"}],
            "evidence": entries,
        })
    };
    let artefact = |matches: Value| json!({"match": matches, "artefact": "Folder", "by": "owner", "reviewed": "2026-10-01"});
    let state = |entries: Value| {
        let folder = Folder::new().with("inventory.yaml", inventory(entries).to_string());
        let report = folder.report("json").json();
        let own = activities(&report).into_iter().map(|(_, duty)| duty);
        let mut own = own.filter(|duty| text(duty, "id").ends_with(".own-evidence") && text(duty, "duty").starts_with("sqs"));
        own.next().unwrap().clone()
    };
    let alone = state(json!([artefact(
        json!({"activity": "every.compliance-evidence.customer.own-evidence"})
    )]));
    assert_eq!(alone["state"], "unknown");
    assert_eq!(alone["open_because"], "it counts once none of the other duties there is unknown");
    let of_all = state(json!([artefact(json!({}))]));
    assert_eq!(of_all["state"], "attested");
}

#[test]
fn a_password_policy_is_asked_for_no_session_of_a_role() {
    let of = |name: &str, config: Value| json!({"service": "iam", "name": name, "config": config});
    let document = json!({
        "inventory": 1,
        "organization": "Example",
        "as_of": "2026-11-01",
        "resources": [of("deployer", json!({"max_session_duration": 3600})), of("rules", json!({"minimum_password_length": 16}))],
    });
    let report = Folder::new().with("inventory.yaml", document.to_string()).report("json").json();
    let all = activities(&report).into_iter().map(|(_, duty)| duty);
    let mut sessions = all.filter(|duty| text(duty, "id").ends_with(".session-length"));
    let session = sessions.next().unwrap();
    assert_eq!((&session["state"], &session["resources"]), (&json!("met"), &json!(1)), "{session}");
}

#[test]
fn what_is_at_hand_and_shows_nothing_yet_is_not_called_shown() {
    let payments = root().join("inventories/payments");
    let markdown = Folder::new().run(&["report", payments.to_str().unwrap()]).text();
    for words in ["*At hand: ", "*Shown in part by ", "*No longer shown by "] {
        assert!(markdown.contains(words), "{words}");
    }
    for words in ["None of 1 shown", "none of 2 shown", "other duties are unknown"] {
        assert!(!markdown.contains(words), "{words}");
    }
    // Two resources of one name are told apart by what they are.
    assert!(markdown.contains("`inspection` (security-group)") && markdown.contains("`inspection` (vpc)"));
}
