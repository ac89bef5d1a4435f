//! Evidence: what an artefact attests, who may vouch, until when, and that it never changes what is known otherwise.

use crate::laws::{artefact, cases, document};
use crate::support::{Folder, activities, list, text};
use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The report on an inventory, as of a day.
fn report(document: &Value, day: &str) -> Value {
    let mut document = document.clone();
    document["as_of"] = day.into();
    Folder::new().with("inventory.yaml", document.to_string()).report("json").json()
}

/// Each duty by its id.
fn duties(report: &Value) -> BTreeMap<String, Value> {
    let duties = activities(report).into_iter().filter(|(_, activity)| activity["duty"].is_string());
    duties
        .map(|(_, activity)| (text(activity, "duty").to_owned(), activity.clone()))
        .collect()
}

fn states(report: &Value) -> BTreeMap<String, String> {
    duties(report)
        .into_iter()
        .map(|(id, duty)| (id, text(&duty, "state").to_owned()))
        .collect()
}

/// That a report differs from what it was without artefacts only where something was unknown.
fn only_attests(before: &Value, after: &Value) -> Result<(), TestCaseError> {
    let (before, after) = (duties(before), duties(after));
    prop_assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (id, duty) in &after {
        let (was, is) = (text(&before[id], "state"), text(duty, "state"));
        for seen in [
            "resources",
            "resources_met",
            "resources_not_met",
            "resources_excepted",
            "resources_open",
        ] {
            prop_assert_eq!(&before[id][seen], &duty[seen], "{} of {}", seen, id);
        }
        if was != is {
            prop_assert_eq!(was, "unknown", "{}", id);
            // Where an exception excuses some of the resources, and the others are attested, the worse of the two counts.
            let excused = duty["resources_excepted"].as_u64() > Some(0);
            prop_assert_eq!(is, if excused { "excepted" } else { "attested" }, "{}", id);
            prop_assert!(list(duty, "shown_by").iter().any(|shown| shown["kind"] == "evidence"), "{}", id);
        }
    }
    Ok(())
}

/// What an entry of the inventory says of who vouches and when.
fn may_attest(entry: &Value, day: &str) -> bool {
    let Some(reviewed) = entry["reviewed"].as_str() else { return false };
    let ends = entry["review_by"].as_str().map(str::to_owned);
    let (year, rest) = reviewed.split_at(4);
    let until = ends.unwrap_or_else(|| format!("{}{rest}", year.parse::<u32>().unwrap() + 1));
    entry["by"].is_string() && entry["attests"] != false && reviewed <= day && day <= until.as_str()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_artefact_changes_nothing_that_is_known(document in document(), entry in artefact()) {
        let mut without = document.clone();
        without["evidence"] = json!([]);
        let mut with = document.clone();
        with["evidence"].as_array_mut().unwrap().push(entry.clone());
        let day = "2026-11-01";
        let (none, some, more) = (report(&without, day), report(&document, day), report(&with, day));
        only_attests(&none, &some)?;
        only_attests(&some, &more)?;
        // Each that is attested says who vouches, and for one of its holders.
        let people = BTreeMap::from([("Shift Lead (northwind)", "northwind"), ("Head of Platform (platform)", "platform")]);
        for (id, duty) in duties(&more) {
            let shown: Vec<&Value> = list(&duty, "shown_by").iter().filter(|shown| shown["kind"] == "evidence").collect();
            prop_assert_eq!(text(&duty, "state") == "attested", !shown.is_empty() && duty["state"] == "attested");
            for shown in shown {
                let by = text(shown, "by");
                let party = people.get(by).copied().unwrap_or(by);
                let holds = |held: &Value| held["party"] == party && text(held, "letters").contains(['R', 'A']);
                prop_assert!(list(&duty, "assignments").iter().any(holds), "{} by {}", id, by);
                prop_assert!(text(shown, "at") <= day && (day <= text(shown, "until")) == (shown["state"] != "lapsed"), "{}", shown);
                // No longer than until it is due again.
                let (at, until): (Date, Date) = (text(shown, "at").parse().unwrap(), text(shown, "until").parse().unwrap());
                let counts = (until - at).get_days();
                prop_assert!(duty["cadence_days"].as_i64().is_none_or(|days| i64::from(counts) <= days + 3), "{} {}", id, shown);
            }
        }
        // Whoever does not vouch any more takes back what was attested.
        for entry in with["evidence"].as_array_mut().unwrap() {
            entry.as_object_mut().unwrap().remove("by");
        }
        prop_assert_eq!(states(&report(&with, day)), states(&none));
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() / 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_artefact_attests_from_the_day_of_its_review_to_the_day_it_is_due(document in document(), entry in artefact()) {
        let mut entry = entry;
        entry["match"] = json!({});
        let mut document = document;
        for day in ["2025-01-01", "2025-01-02", "2026-01-02", "2026-01-03", "2026-10-29", "2026-10-30", "2026-12-24", "2026-12-25", "2027-10-30", "2027-10-31"] {
            document["evidence"] = json!([]);
            let before = states(&report(&document, day));
            document["evidence"] = json!([entry]);
            let with = report(&document, day);
            let after = states(&with);
            if !may_attest(&entry, day) {
                prop_assert_eq!(&before, &after, "{} on {}", entry, day);
            }
            let artefact = &list(&with, "artefacts")[0];
            prop_assert_eq!(may_attest(&entry, day), artefact["validity"] == "in-date", "{} on {}", artefact, day);
            let rest = after.iter().filter(|(id, state)| before[*id] != **state).count() as u64;
            prop_assert_eq!(artefact["duties"].as_u64(), Some(rest), "{} on {}", artefact, day);
        }
    }
}

/// An inventory with a database, and entries of evidence.
fn with_evidence(evidence: &Value) -> Folder {
    let document = json!({
        "inventory": 1, "organization": "Example", "as_of": "2026-11-01",
        "parties": {
            "platform": {"name": "Platform Engineering", "people": ["Head of Platform", "Lead"]},
            "northwind": {"name": "Northwind", "kind": "partner", "people": ["Shift Lead", "Lead"]},
        },
        "assignments": [{"responsible": "platform", "accountable": "platform"}, {"match": {"control": "backup", "environment": "prod"}, "responsible": "northwind"}],
        "resources": [
            {"service": "rds", "name": "ledger", "environment": "prod", "account": "111122223333", "config": {"engine": "postgres", "backup_retention_period": 0}},
            {"service": "rds", "name": "try", "environment": "dev", "account": "111122223333", "config": {"engine": "postgres", "backup_retention_period": 7}},
        ],
        "evidence": evidence,
    });
    Folder::new().with("inventory.yaml", document.to_string())
}

/// The state of each duty of a control in an environment.
fn of_control(report: &Value, control: &str, environment: &str) -> BTreeMap<String, String> {
    let services = list(report, "services").iter().filter(|service| service["service"] == "rds");
    let controls = services
        .flat_map(|service| list(service, "controls"))
        .filter(|of| of["control"] == control);
    let duties = controls
        .flat_map(|of| list(of, "activities"))
        .filter(|duty| duty["environment"] == environment);
    duties
        .map(|duty| (text(duty, "duty").to_owned(), text(duty, "state").to_owned()))
        .collect()
}

#[test]
fn who_may_vouch_and_for_what() {
    let report = |entry: Value| with_evidence(&json!([entry])).report("json").json();
    let attested = |report: &Value, environment: &str| {
        let states = of_control(report, "backup", environment);
        states.values().filter(|state| *state == "attested").count()
    };
    let entry = |by: &str| json!({"match": {"control": "backup"}, "artefact": "Record", "by": by, "reviewed": "2026-10-01"});
    let codes = |report: &Value| -> Vec<String> {
        let codes = list(report, "findings").iter().map(|finding| text(finding, "code").to_owned());
        codes.filter(|code| code.starts_with("evidence")).collect()
    };
    // Northwind does production's backups, and has nothing to do with development's.
    for by in ["northwind", "Northwind", "Shift Lead", "shift lead"] {
        let found = report(entry(by));
        assert!(attested(&found, "prod") > 0, "{by}");
        assert_eq!(attested(&found, "dev"), 0, "{by}");
        assert_eq!(codes(&found), ["evidence-of-others"], "{by}");
    }
    for by in ["platform", "Head of Platform"] {
        let found = report(entry(by));
        assert!(attested(&found, "prod") > 0 && attested(&found, "dev") > 0, "{by}");
        assert!(codes(&found).is_empty(), "{by}");
    }
    // The provider holds nobody's letters.
    assert_eq!(attested(&report(entry("aws")), "prod"), 0);
    // What is broken stays broken, and says both.
    let found = report(entry("northwind"));
    let broken = of_control(&found, "backup", "prod")
        .into_values()
        .filter(|state| state == "not-met")
        .count();
    assert!(broken > 0, "the retention period is 0");
    let (mut nobody, mut only_documents) = (entry("x"), entry("platform"));
    nobody.as_object_mut().unwrap().remove("by");
    only_documents["attests"] = false.into();
    let nobody = report(nobody);
    assert_eq!(attested(&nobody, "prod"), 0);
    assert_eq!(codes(&nobody), ["evidence-unvouched"]);
    let how = list(&nobody, "findings")
        .iter()
        .find(|finding| finding["code"] == "evidence-unvouched")
        .unwrap();
    assert!(text(how, "how").contains("`platform` or `northwind`"), "{how}");
    let only_documents = report(only_documents);
    assert_eq!(attested(&only_documents, "prod") + codes(&only_documents).len(), 0);
    assert_eq!(list(&only_documents, "artefacts")[0]["validity"], "documents");
}

#[test]
fn faults_of_entries_are_told() {
    let said = |entry: Value| with_evidence(&json!([entry])).run(&["check"]).errors;
    let entry = |by: &str, reviewed: &str| json!({"match": {"control": "backup"}, "artefact": "Record", "by": by, "reviewed": reviewed});
    for (entry, words) in [
        (entry("nortwind", "2026-10-01"), "did you mean `northwind`?"),
        (entry("Lead", "2026-10-01"), "each have somebody called `Lead`"),
        (entry("platform", "2026-13-01"), "is not a date"),
        (
            json!({"match": {}, "by": "platform", "reviewed": "2026-10-01"}),
            "does not say which artefact was reviewed",
        ),
        (
            json!({"match": {}, "artefact": "Record", "by": "platform", "reviewed": "2026-10-01", "review_by": "2026-09-01"}),
            "before it was reviewed",
        ),
        (
            json!({"match": {"activity": "rds.backup.nothing"}, "artefact": "Record"}),
            "knows no activity",
        ),
    ] {
        let said = said(entry);
        assert!(said.contains(words), "{words}: {said}");
    }
    // One that nobody has filled in is a draft: it is no fault, and says nothing.
    let draft = json!([{"match": {"control": "backup"}, "artefact": null, "by": null, "reviewed": null}, {"match": {"control": "backup"}, "artefact": "", "reviewed": ""}]);
    let folder = with_evidence(&draft);
    assert_eq!(
        states(&folder.report("json").json()),
        states(&with_evidence(&json!([])).report("json").json())
    );
    let said = folder.run(&["check"]);
    said.well();
    assert!(!said.errors.contains("evidence"), "{}", said.errors);
}

#[test]
fn what_is_overdue_names_what_falls_back_and_who_renews_it() {
    let entry = json!([{"match": {"control": "backup"}, "artefact": "Restore test", "by": "Shift Lead", "reviewed": "2026-01-05", "review_by": "2026-10-31"}]);
    let report = with_evidence(&entry).report("json").json();
    let finding = list(&report, "findings")
        .iter()
        .find(|finding| finding["code"] == "evidence-overdue")
        .unwrap();
    assert_eq!(finding["responsible"], json!(["northwind"]));
    assert_eq!(finding["since"], "2026-10-31");
    assert!(text(finding, "how").starts_with("Shift Lead (Northwind): obtain"), "{finding}");
    let open: Vec<String> = of_control(&report, "backup", "prod")
        .into_values()
        .filter(|state| state == "unknown")
        .collect();
    let words = format!("; {} duties wait for evidence again: ", open.len());
    assert!(text(finding, "message").contains(&words), "{words}: {finding}");
}

#[test]
fn an_artefact_that_carries_too_much_is_told() {
    let evidence = json!([
        {"match": {"service": "rds", "environment": "prod"}, "artefact": "All is well", "by": "platform", "reviewed": "2026-10-01"},
        {"match": {"service": "rds", "environment": "dev"}, "artefact": "All is well", "by": "platform", "reviewed": "2026-10-01"},
    ]);
    let folder = with_evidence(&evidence);
    let report = folder.report("json").json();
    let rest: u64 = list(&report, "artefacts").iter().map(|of| of["duties"].as_u64().unwrap()).sum();
    assert!(rest > 40, "{rest}");
    let broad = |report: &Value| {
        list(report, "findings")
            .iter()
            .filter(|finding| finding["code"] == "evidence-broad")
            .count()
    };
    // Two entries of one artefact are one artefact.
    assert_eq!(broad(&report), 1);
    let with_limit = |limit: u64| {
        let mut document: Value = serde_json::from_str(&folder.read("inventory.yaml")).unwrap();
        document["evidence_limit"] = limit.into();
        Folder::new().with("inventory.yaml", document.to_string()).report("json").json()
    };
    assert_eq!(broad(&with_limit(rest)), 0);
    assert_eq!(broad(&with_limit(rest - 1)), 1);
}

/// The day-by-day state of some duties of the account, and what is said of them.
fn on_account(evidence: Value, day: &str) -> (BTreeMap<String, Value>, Value) {
    let report = Folder::new()
        .with("inventory.yaml", document_of(evidence, day).to_string())
        .report("json")
        .json();
    let by_activity = duties(&report).into_values().map(|duty| (text(&duty, "id").to_owned(), duty));
    (by_activity.collect(), report)
}

/// An inventory of one account, with an artefact, as of a day.
fn document_of(evidence: Value, day: &str) -> Value {
    json!({
        "inventory": 1, "organization": "Example", "as_of": day, "due": {"medium": 30},
        "parties": {"platform": {"name": "Platform Engineering"}},
        "assignments": [{"responsible": "platform", "accountable": "platform"}],
        "resources": [{"service": "aws-account", "name": "prod", "environment": "prod", "account": "111122223333"}],
        "evidence": [evidence],
    })
}

#[test]
fn an_artefact_attests_no_duty_for_longer_than_until_it_is_due_again() {
    let (half_yearly, yearly) = (
        "aws-account.identity-access.customer.break-glass",
        "aws-account.compliance-evidence.customer.third-party-risk",
    );
    let artefact = |more: Value| {
        let mut entry =
            json!({"match": {"activity": [half_yearly, yearly]}, "artefact": "Record", "by": "platform", "reviewed": "2026-04-01"});
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        entry
    };
    for (more, day, wanted) in [
        (json!({}), "2026-10-01", ["attested", "attested"]),
        (json!({}), "2026-10-02", ["unknown", "attested"]),
        (json!({}), "2027-04-01", ["unknown", "attested"]),
        (json!({}), "2027-04-02", ["unknown", "unknown"]),
        // What the inventory says of the artefact shortens that, and does not make it longer.
        (json!({"review_by": "2026-08-01"}), "2026-08-02", ["unknown", "unknown"]),
        (json!({"review_by": "2029-01-01"}), "2026-10-02", ["unknown", "attested"]),
        (json!({"review_by": "2029-01-01"}), "2027-04-02", ["unknown", "unknown"]),
        // It is the test that is due again, and not the reading of its record.
        (json!({"performed": "2026-03-01"}), "2026-09-01", ["attested", "attested"]),
        (json!({"performed": "2026-03-01"}), "2026-09-02", ["unknown", "attested"]),
        (json!({"performed": "2026-03-01"}), "2027-03-02", ["unknown", "unknown"]),
    ] {
        let (duties, report) = on_account(artefact(more.clone()), day);
        let states = [half_yearly, yearly].map(|id| text(&duties[id], "state").to_owned());
        assert_eq!(states, wanted.map(str::to_owned), "{more} on {day}");
        // Each that fell back says why, and one finding names them.
        let findings: Vec<&Value> = list(&report, "findings")
            .iter()
            .filter(|one| one["code"] == "evidence-overdue")
            .collect();
        let fallen = wanted.iter().filter(|state| **state == "unknown").count();
        assert_eq!(findings.len(), fallen.min(1), "{more} on {day}");
        for id in [half_yearly, yearly].iter().filter(|id| duties[**id]["state"] == "unknown") {
            let shown = &list(&duties[*id], "shown_by")[0];
            assert_eq!((text(shown, "state"), text(shown, "ref")), ("lapsed", "Record"));
            assert!(text(shown, "until") < day, "{shown}");
        }
    }
    let (duties, report) = on_account(artefact(json!({"performed": "2026-03-01"})), "2026-10-02");
    assert_eq!(list(&duties[half_yearly], "shown_by")[0]["until"], "2026-09-01");
    assert_eq!(list(&duties[yearly], "shown_by")[0]["until"], "2027-03-01");
    let finding = list(&report, "findings")
        .iter()
        .find(|one| one["code"] == "evidence-overdue")
        .unwrap();
    assert!(
        text(finding, "message").starts_with(
            "the evidence \"Record\" no longer attests what is due half-yearly: what it records was done on 2026-03-01; 1 duty waits for evidence again: "
        ),
        "{finding}"
    );
    assert_eq!((&finding["since"], &finding["due"]), (&json!("2026-09-01"), &json!("2026-10-01")));
    // The document and `why` say it, too.
    let folder = Folder::new().with(
        "inventory.yaml",
        document_of(artefact(json!({"performed": "2026-03-01"})), "2026-10-02").to_string(),
    );
    folder.run(&["report", "-o", "r.md"]).fine();
    assert!(
        folder
            .read("r.md")
            .contains("Record, done 1 Mar 2026 (lapsed 1 Sep 2026: due half-yearly)")
    );
    let why = folder.run(&["why", "aws-account", "identity-access"]).fine();
    assert!(
        why.contains("done 2026-03-01, reviewed 2026-04-01, lapsed 2026-09-01: due half-yearly"),
        "{why}"
    );
}

#[test]
fn what_is_reviewed_before_it_was_done_is_a_contradiction() {
    let entry = json!({"match": {"service": "aws-account"}, "artefact": "Record", "performed": "2026-04-02", "reviewed": "2026-04-01"});
    let folder = Folder::new().with("inventory.yaml", document_of(entry, "2026-10-02").to_string());
    let check = folder.run(&["check"]);
    assert!(
        check
            .errors
            .contains("what it records was done on 2026-04-02, after it was reviewed on 2026-04-01"),
        "{}",
        check.errors
    );
}
