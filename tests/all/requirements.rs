//! Requirements of frameworks: what answers them, whose they are, and that all that is told of them agrees.

use crate::support::{Folder, activities, list, repository, root, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The examples.
const EXAMPLES: [&str; 3] = ["inventories/payments", "inventories/estate", "inventories/reference/inventory.yaml"];

/// A framework's requirements on an example.
fn rows(example: &str, framework: &str, more: &[&str]) -> Value {
    let path = root().join(example).display().to_string();
    let mut arguments = vec!["requirements", framework, &path, "--format", "json"];
    arguments.extend(more);
    Folder::new().run(&arguments).json()
}

/// The frameworks that the catalog has, by id.
fn frameworks() -> Vec<String> {
    let listed = Folder::new().run(&["requirements", "list"]).fine();
    let frameworks = listed.lines().skip(1).take_while(|line| !line.is_empty());
    let ids = frameworks.filter(|line| line.starts_with("  ") && !line.starts_with("    "));
    ids.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn fedramp_moderate_has_no_row_that_is_not_classified() {
    let of = rows("inventories/payments", "nist-800-53", &["--baseline", "fedramp-moderate"]);
    assert_eq!(list(&of, "rows").len(), 323);
    assert_eq!(of["counts"]["unclassified"], 0);
    // All equipment is the provider's, so that nobody else has to guard, maintain or destroy it. What asks for a policy, and
    // what happens where people work from home, is the organisation's.
    for row in list(&of, "rows") {
        let id = text(row, "id");
        let is_physical = id.starts_with("PE-") || id.starts_with("MP-");
        if is_physical && !["PE-1", "MP-1", "PE-17"].contains(&id) {
            assert_eq!(row["type"], "inherited", "{id}");
        }
        // Everybody trains their own people, and what the programme is and leaves on record is the organisation's.
        if id.starts_with("AT-2") || id.starts_with("AT-3") {
            assert_eq!(row["type"], "shared", "{id}");
        }
        if id == "AT-4" || id.starts_with("PS-3") || id.ends_with("-1") {
            assert_eq!(row["type"], "organisational", "{id}");
        }
    }
}

#[test]
fn cmmc_comes_out_as_its_assessors_know_it() {
    let of = rows("inventories/payments", "cmmc", &["--baseline", "level-2"]);
    assert_eq!(list(&of, "rows").len(), 110);
    let mut partial = 0;
    for row in list(&of, "rows") {
        let (id, kind) = (text(row, "id"), text(row, "type"));
        if id.starts_with("PE.") && !id.ends_with("3.10.6") {
            assert_eq!(kind, "inherited", "{id}");
        }
        // Awareness is the customer's own here, whoever trains the provider's people.
        if id.starts_with("AT.") {
            assert_eq!(kind, "customer-specific", "{id}");
        }
        if id.starts_with("PS.L2-3.9.1") {
            assert_eq!(kind, "organisational", "{id}");
        }
        assert!(!list(row, "parts").is_empty(), "{id} has its assessment objectives");
        partial += usize::from(kind == "shared");
    }
    assert!(partial > 55, "{partial} of 110 are partial");
}

/// Whose a requirement is follows from its halves, and its figures from its duties.
#[test]
fn halves_types_and_figures_agree_in_every_framework() {
    for example in EXAMPLES {
        for framework in frameworks() {
            let of = rows(example, &framework, &[]);
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for row in list(&of, "rows") {
                let id = format!("{framework} {}", text(row, "id"));
                let (provider, customer) = (list(row, "provider").len(), list(row, "customer").len());
                let kind = text(row, "type");
                let expected = match (provider > 0, customer > 0) {
                    (true, true) => "shared",
                    (true, false) => "inherited",
                    (false, true) => "customer-specific",
                    (false, false) if row["organisational"].is_string() => "organisational",
                    (false, false) => "not-applicable",
                };
                assert_eq!(kind, expected, "{id}");
                let mut states: BTreeMap<String, u64> = BTreeMap::new();
                for duty in list(row, "customer") {
                    *states.entry(text(duty, "state").replace('-', "_")).or_default() += 1;
                }
                assert_eq!(row["duties"]["total"], customer, "{id}");
                for state in ["met", "attested", "not_met", "excepted", "unknown"] {
                    assert_eq!(row["duties"][state], states.get(state).copied().unwrap_or_default(), "{id} {state}");
                }
                let mut parties: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
                for duty in list(row, "customer") {
                    let of_party = parties.entry(text(duty, "accountable")).or_default();
                    *of_party.entry(text(duty, "state").replace('-', "_")).or_default() += 1;
                    *of_party.entry("total".to_owned()).or_default() += 1;
                }
                let told: BTreeMap<&str, &Value> = list(row, "by_party")
                    .iter()
                    .map(|one| (text(one, "party"), &one["duties"]))
                    .collect();
                assert_eq!(told.keys().collect::<Vec<_>>(), parties.keys().collect::<Vec<_>>(), "{id}");
                for (party, counts) in parties {
                    for state in ["total", "met", "attested", "not_met", "excepted", "unknown"] {
                        let counted = counts.get(state).copied().unwrap_or_default();
                        assert_eq!(told[party][state], counted, "{id} {party} {state}");
                    }
                }
                assert!(kind == "inherited" || list(row, "read_by").is_empty(), "{id}");
                // Our own words stand only where there is no title, and every row that is mapped has one of both.
                let is_mapped = row["organisational"].is_null() && (provider > 0 || customer > 0);
                assert!(row["title"].is_null() || row["subject"].is_null(), "{id}");
                assert!(
                    !is_mapped || row["title"].is_string() || row["subject"].is_string(),
                    "{id} says what it is about"
                );
                assert!(!list(row, "rests_on").is_empty(), "{id} says what its mapping rests on");
                *counts.entry(kind.replace('-', "_")).or_default() += 1;
            }
            for kind in [
                "inherited",
                "shared",
                "customer_specific",
                "organisational",
                "not_applicable",
                "unclassified",
            ] {
                let counted = counts.get(kind).copied().unwrap_or_default();
                assert_eq!(of["counts"][kind], counted, "{example} {framework} {kind}");
            }
            assert_eq!(of["counts"]["unclassified"], 0, "{framework}");
        }
    }
}

/// Training is told with both halves where no framework makes it one's own alone, as CMMC does, and cardholders' secrets and payment pages by what is done about them.
#[test]
fn what_assessors_look_at_first_is_answered_by_what_is_about_it() {
    for (framework, ids) in [
        ("pci-dss", vec!["12.6.1", "12.6.3"]),
        ("iso-27001", vec!["A.6.3"]),
        ("nist-csf", vec!["PR.AT-01", "PR.AT-02"]),
        ("nis2", vec!["IR 8.1", "IR 8.2"]),
        ("bsi-c5-2026", vec!["HR-03", "DEV-04"]),
        ("cis-controls", vec!["14.1", "16.9"]),
    ] {
        let of = rows("inventories/payments", framework, &[]);
        for row in list(&of, "rows").iter().filter(|row| ids.contains(&text(row, "id"))) {
            assert_eq!(row["type"], "shared", "{framework} {}", text(row, "id"));
            assert_eq!(
                list(row, "provider")[0]["does"],
                "Trains its own staff",
                "{framework} {}",
                text(row, "id")
            );
        }
    }
    let of = rows("inventories/payments", "pci-dss", &[]);
    let row = |id: &str| list(&of, "rows").iter().find(|row| row["id"] == id).unwrap().clone();
    for id in ["3.2.1", "3.3.1", "3.3.1.1", "3.3.1.2", "3.3.1.3", "6.4.3", "8.2.8", "8.3.4"] {
        assert_eq!(row(id)["type"], "customer-specific", "{id}: no commitment is about it");
    }
    assert_eq!(row("11.6.1")["type"], "organisational");
    let policy = "aws-account.credential-management.customer.password-policy";
    assert!(list(&row("8.3.6"), "customer").iter().any(|duty| duty["activity"] == policy));
    assert!(
        list(&row("8.3.4"), "customer").iter().all(|duty| duty["activity"] != policy),
        "a password policy locks nobody out"
    );
    let of_networks = |duty: &&Value| duty["control"] == "network-access-control";
    assert_eq!(
        list(&row("8.2.8"), "customer").iter().filter(of_networks).count(),
        0,
        "no rule ends a session"
    );
}

/// What stands with a duty is what the requirements say of it.
#[test]
fn duties_and_requirements_name_each_other() {
    for example in EXAMPLES {
        let path = root().join(example).display().to_string();
        let report = Folder::new().run(&["report", &path, "--format", "json"]).json();
        let mut named: BTreeSet<(String, String)> = BTreeSet::new();
        for (_, activity) in activities(&report) {
            if let Some(duty) = activity["duty"].as_str() {
                let requirements = list(activity, "requirements");
                named.extend(requirements.iter().map(|one| (duty.to_owned(), one.as_str().unwrap().to_owned())));
            }
        }
        let mut answering: BTreeSet<(String, String)> = BTreeSet::new();
        for framework in list(&report, "requirements") {
            for row in list(framework, "rows") {
                let name = format!("{} {}", text(framework, "short"), text(row, "id"));
                let duties = list(row, "customer");
                answering.extend(duties.iter().map(|duty| (text(duty, "duty").to_owned(), name.clone())));
            }
        }
        assert!(!answering.is_empty(), "{example} names a framework");
        let differing: Vec<_> = named.symmetric_difference(&answering).take(5).collect();
        assert!(differing.is_empty(), "{example}: {differing:?}");
        for finding in list(&report, "findings") {
            if let Some(duty) = finding["duty"].as_str() {
                let own: BTreeSet<&str> = list(finding, "requirements").iter().filter_map(Value::as_str).collect();
                let of_duty = named.iter().filter(|(id, _)| id == duty);
                assert_eq!(own, of_duty.map(|(_, name)| name.as_str()).collect(), "{duty}");
            }
        }
    }
}

/// Requirements to which Prowler maps a customer's check that says nothing of the requirement.
const UNSOUND: [(&str, &str); 3] = [
    ("MP-2", "public snapshots and buckets are no media"),
    ("PE-6(2)", "a detector of threats is no alarm of a building"),
    ("PE-6(4)", "a detector of threats is no camera"),
];

/// Nothing is told as inherited alone for which a scanner looks at something that the customer must do.
#[test]
fn what_scanners_check_of_customers_is_never_inherited_alone() {
    let mut duties: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let prowler: Value = serde_yaml::from_str(&repository("catalog/aws/checks/prowler.yaml")).unwrap();
    for (check, file) in prowler["checks"].as_object().unwrap() {
        let effects = file["duties"].as_array().into_iter().flatten();
        let ids = effects.filter_map(|effect| effect.as_str().or_else(|| effect["activity"].as_str()));
        duties.entry(check.clone()).or_default().extend(ids.map(str::to_owned));
    }
    for example in ["inventories/payments", "inventories/estate"] {
        let of = rows(example, "nist-800-53", &[]);
        let types: BTreeMap<&str, &str> = list(&of, "rows").iter().map(|row| (text(row, "id"), text(row, "type"))).collect();
        let path = root().join(example).display().to_string();
        let report = Folder::new().run(&["report", &path, "--format", "json"]).json();
        let deployed: BTreeSet<&str> = activities(&report).iter().map(|(_, activity)| text(activity, "id")).collect();
        let mapped = repository("tests/fixtures/frameworks/prowler_nist_800_53.tsv");
        let mut looked_at = 0;
        for line in mapped.lines().skip(1) {
            let (id, checks) = line.split_once('\t').unwrap();
            let is_checked = checks
                .split(' ')
                .filter_map(|check| duties.get(check))
                .flatten()
                .any(|duty| deployed.contains(duty.as_str()));
            if is_checked && UNSOUND.iter().all(|(other, _)| *other != id) {
                looked_at += 1;
                assert_ne!(types[id], "inherited", "{example}: {id}");
            }
        }
        assert!(looked_at > 100, "{looked_at}");
    }
}

#[test]
fn every_layout_fills_in_every_framework_that_it_is_for() {
    let listed = Folder::new().run(&["requirements", "list"]).fine();
    let layouts = listed.lines().skip_while(|line| *line != "Layouts").skip(1);
    let path = root().join("inventories/reference/inventory.yaml").display().to_string();
    for line in layouts {
        let id = line.split_whitespace().next().unwrap();
        let (_, of) = line.trim_end_matches(')').rsplit_once('(').unwrap();
        let of: Vec<String> = if of == "all frameworks" {
            frameworks()
        } else {
            of.split(", ").map(str::to_owned).collect()
        };
        for framework in of {
            let laid = Folder::new().run(&["requirements", &framework, &path, "--layout", id, "--format", "csv"]);
            assert!(laid.fine().lines().count() > 1, "{id} {framework}");
        }
    }
}

#[test]
fn what_is_asked_wrongly_is_told_with_what_there_is() {
    let path = root().join("inventories/reference/inventory.yaml").display().to_string();
    let run = |arguments: &[&str]| {
        let mut all = vec!["requirements"];
        all.extend(arguments);
        all.push(&path);
        Folder::new().run(&all).errors
    };
    for (arguments, said) in [
        (["pci-ds", "--layout", "plain"], "known are:"),
        (["pci-dss", "--baseline", "moderate"], "`pci-dss` has no baseline `moderate`"),
        (["pci-dss", "--layout", "fedramp-cis-crm"], "is not for `pci-dss`"),
        (["pci-dss", "--layout", "nothing"], "there is no layout `nothing`"),
    ] {
        let errors = run(&arguments);
        assert!(errors.contains(said) || errors.contains("did you mean"), "{errors}");
    }
}

/// The two directions are never mixed.
#[test]
fn our_customers_inherit_what_we_do_and_do_what_the_inventory_says() {
    let path = "inventories/reference/inventory.yaml";
    let [ours, theirs] = ["customer", "provider"].map(|side| rows(path, "soc2", &["--perspective", side]));
    assert_eq!(
        (ours["perspective"].as_str(), theirs["perspective"].as_str()),
        (Some("customer"), Some("provider"))
    );
    let says = |of: &Value, id: &str| list(of, "rows").iter().find(|row| row["id"] == id).unwrap().clone();
    let row = says(&theirs, "CC6.2");
    assert_eq!(row["type"], "shared");
    assert_eq!(row["customers"][0], "Manage their own users and review their access");
    for row in list(&theirs, "rows") {
        let has_part = !list(row, "customers").is_empty();
        let is_theirs = row["type"] == "shared" || row["type"] == "customer-specific";
        assert_eq!(is_theirs, has_part, "{}", text(row, "id"));
    }
}

/// What is inherited is not closed: somebody must read what shows it, and answers for that.
#[test]
fn what_is_inherited_names_who_must_read_what_shows_it() {
    for example in EXAMPLES {
        for framework in frameworks() {
            for row in list(&rows(example, &framework, &[]), "rows")
                .iter()
                .filter(|row| row["type"] == "inherited")
            {
                let id = format!("{example} {framework} {}", text(row, "id"));
                let reading = list(row, "read_by");
                assert!(!reading.is_empty(), "{id}");
                let worst = ["not-met", "unknown", "excepted", "attested", "met"]
                    .into_iter()
                    .find(|state| reading.iter().any(|duty| duty["state"] == *state));
                assert_eq!(row["state"].as_str(), worst, "{id}");
                let answering: BTreeSet<&str> = reading.iter().map(|duty| text(duty, "accountable")).collect();
                let told: BTreeSet<&str> = list(row, "accountable").iter().filter_map(Value::as_str).collect();
                assert_eq!(told, answering, "{id}");
            }
        }
    }
}

/// An artefact that lapsed touches whatever its duties answer, and what is inherited as far as these show it.
#[test]
fn what_lapsed_touches_what_rests_on_it() {
    let path = root().join("inventories/payments").display().to_string();
    let report = Folder::new().run(&["report", &path, "--format", "json"]).json();
    let lapsed: Vec<&Value> = list(&report, "findings")
        .iter()
        .filter(|one| one["code"] == "evidence-overdue")
        .collect();
    assert!(!lapsed.is_empty());
    let mut touched = 0;
    for finding in lapsed {
        let requirements: BTreeSet<&str> = list(finding, "requirements").iter().filter_map(Value::as_str).collect();
        let is_reading = finding["observed"]
            .as_str()
            .is_some_and(|said| said.contains("current audit reports"));
        for framework in list(&report, "requirements") {
            for row in list(framework, "rows")
                .iter()
                .filter(|row| is_reading && row["type"] == "inherited")
            {
                let name = format!("{} {}", text(framework, "short"), text(row, "id"));
                assert!(requirements.contains(name.as_str()), "{name}");
                touched += 1;
            }
        }
    }
    assert!(touched > 30, "{touched}");
}

/// From the row of a requirement every duty that answers it is found in the document that is printed: the row leads to subjects, and
/// these tell each duty in its state by the number of the row that prints it.
#[test]
fn every_duty_that_answers_is_found_from_its_requirement() {
    for example in ["inventories/payments", "inventories/reference/inventory.yaml"] {
        let path = root().join(example).display().to_string();
        let folder = Folder::new();
        folder
            .run(&["report", &path, "--edition", "audit", "-o", "r.html", "-o", "r.json"])
            .well();
        let report: Value = serde_json::from_str(&folder.read("r.json")).unwrap();
        let html = scraper::Html::parse_document(&folder.read("r.html"));
        let select = |query: &str| scraper::Selector::parse(query).unwrap();
        let words = |element: scraper::ElementRef<'_>| element.text().collect::<String>();
        let subjects: BTreeMap<&str, &Value> = list(&report, "subjects").iter().map(|one| (text(one, "id"), one)).collect();
        // The rows of duties, each by its id, with the number that it begins with.
        let row = select(".raci .activity[id]");
        let printed: BTreeMap<&str, String> = html
            .select(&row)
            .map(|row| {
                (
                    row.attr("id").unwrap(),
                    words(row).split_whitespace().next().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        // The rows of requirements, each by its number, with what they lead to.
        let mut leading: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in html.select(&select(".requirements tbody tr")) {
            let link = select("a[href^='#subject']");
            let targets = row.select(&link).filter_map(|link| link.attr("href"));
            let links: BTreeSet<String> = targets.map(|target| target[1..].to_owned()).collect();
            for number in row.select(&select(":scope > :first-child strong")) {
                leading.insert(words(number), links.clone());
            }
        }
        // What stands below the title of a subject.
        let mut below: BTreeMap<String, scraper::ElementRef<'_>> = BTreeMap::new();
        for title in html.select(&select(".answers tr.band[id]")) {
            let body = title.parent().and_then(scraper::ElementRef::wrap).unwrap();
            below.insert(title.attr("id").unwrap().to_owned(), body);
        }
        let mut followed = 0;
        for framework in list(&report, "requirements") {
            for row in list(framework, "rows") {
                let id = text(row, "id");
                let mut found: BTreeSet<&str> = BTreeSet::new();
                let mut places = BTreeSet::new();
                for by in list(row, "answered_by") {
                    let subject = subjects[text(by, "subject")];
                    found.extend(list(subject, "customer").iter().map(|duty| text(duty, "duty")));
                    places.insert(format!("subject/{}:{}", text(subject, "id"), text(subject, "control")));
                }
                let answering: BTreeSet<&str> = list(row, "customer").iter().map(|duty| text(duty, "duty")).collect();
                assert_eq!(found, answering, "{example} {id}: its subjects hold its duties");
                assert_eq!(
                    leading.get(id).unwrap_or_else(|| panic!("no row tells {id}")),
                    &places,
                    "{example} {id}"
                );
            }
        }
        for subject in subjects.values() {
            let place = format!("subject/{}:{}", text(subject, "id"), text(subject, "control"));
            let told = below.get(&place).unwrap_or_else(|| panic!("{example}: nothing tells {place}"));
            let mut states: BTreeMap<&str, u64> = BTreeMap::new();
            for duty in list(subject, "customer") {
                *states.entry(text(duty, "state")).or_default() += 1;
                let activity = text(duty, "activity");
                let is_of_it = |id: &&str| id.split('@').next().is_some_and(|id| id.rsplit(':').next() == Some(activity));
                let numbers: BTreeSet<&str> = printed
                    .iter()
                    .filter(|(id, _)| is_of_it(id))
                    .map(|(_, number)| number.as_str())
                    .collect();
                let said = words(*told);
                let said: BTreeSet<&str> = said.split_whitespace().map(|word| word.trim_matches([',', ';'])).collect();
                assert!(!numbers.is_disjoint(&said), "{example} {place}: {activity}");
                followed += 1;
            }
            let counted: BTreeMap<String, u64> = told
                .select(&select("code"))
                .map(|code| {
                    let before = code
                        .prev_sibling()
                        .and_then(|node| node.value().as_text().map(|text| String::from(&**text)));
                    let count = before.unwrap_or_default().trim().replace(',', "").parse().unwrap();
                    (words(code), count)
                })
                .collect();
            assert_eq!(
                counted,
                states.into_iter().map(|(state, count)| (state.replace('-', " "), count)).collect(),
                "{place}"
            );
            for link in told.select(&select("a[href^='#']")) {
                let target = &link.attr("href").unwrap()[1..];
                assert!(printed.contains_key(target), "{example} {place} leads to {target}");
            }
        }
        assert!(followed > 200, "{example}: {followed}");
    }
}
