//! What readers with a clock look for: whom to call, what lapses, where a requirement stands, in which order findings come.

use crate::support::{Folder, list, root, text};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The payments example as a document of an edition, and its Report.
fn payments(edition: &str, ending: &str) -> (String, Value) {
    let folder = Folder::new();
    let path = root().join("inventories/payments");
    let path = path.to_str().unwrap();
    let file = format!("report.{ending}");
    folder
        .run(&["report", path, "--edition", edition, "-o", &file, "-o", "report.json"])
        .fine();
    (folder.read(&file), serde_json::from_str(&folder.read("report.json")).unwrap())
}

/// What stands under a heading of the second level.
fn chapter<'m>(markdown: &'m str, title: &str) -> &'m str {
    let (_, rest) = markdown
        .split_once(&format!("\n## {title}\n"))
        .unwrap_or_else(|| panic!("no chapter `{title}`"));
    rest.split("\n## ").next().unwrap()
}

/// The cells of the rows of the first table in a text.
fn table(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().skip_while(|line| !line.starts_with('|'));
    let rows = rows.take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

#[test]
fn a_reviewer_and_a_client_find_whom_to_call() {
    for (edition, earlier, later) in [
        ("review", "\n## The two halves of each control", "\n## Evidence and attestations"),
        ("handover", "\n## Open items", "\n## Exit tasks"),
    ] {
        let (markdown, report) = payments(edition, "md");
        let call = chapter(&markdown, "Whom to call");
        let at = |heading: &str| markdown.find(heading).unwrap();
        let call_at = at("\n## Whom to call");
        assert!(at(earlier) < call_at && call_at < at(later), "{edition}");
        let rows = table(call);
        for party in list(&report, "parties") {
            let row = rows.iter().find(|row| row[0].contains(text(party, "name"))).unwrap();
            if party["kind"] != "provider" {
                assert_eq!((row[1], row[2]), (text(party, "phone"), text(party, "hours")), "{edition}");
            }
        }
        // Who acts on a production incident, and who answers for that.
        let urgent = table(call.split("### For what cannot wait").nth(1).unwrap());
        let incident = urgent
            .iter()
            .find(|row| row[0] == "Incident response" && row[1].contains("prod"))
            .unwrap();
        assert!(
            incident[2].contains("Security") && incident[2].contains("Northwind"),
            "{incident:?}"
        );
        assert_eq!(incident[3], "Security");
    }
}

#[test]
fn who_cannot_be_called_is_said_in_plain_words() {
    let document = json!({
        "inventory": 1, "organization": "Example", "as_of": "2026-11-01",
        "parties": {
            "platform": {"name": "Platform Engineering", "phone": "+44 20 7946 0101"},
            "data": {"name": "Data Team", "contact": "data@example.com"},
        },
        "assignments": [{"responsible": "platform", "accountable": "platform"}, {"match": {"control": "backup"}, "responsible": "data"}],
        "resources": [{"service": "rds", "name": "ledger", "environment": "prod", "config": {"engine": "postgres"}}],
    });
    let folder = Folder::new().with("inventory.yaml", document.to_string());
    folder.run(&["report", "--edition", "review", "-o", "r.md"]).fine();
    let markdown = folder.read("r.md");
    let call = chapter(&markdown, "Whom to call");
    assert!(
        call.contains("Of the parties with duties, no phone is given for Data Team: this report does not say how to call them."),
        "{call}"
    );
    assert!(
        call.contains("No hours are given for Platform Engineering: whether anybody answers at night is not known."),
        "{call}"
    );
}

#[test]
fn the_review_lists_what_lapses_within_ninety_days() {
    let (markdown, report) = payments("review", "md");
    let as_of: Date = text(&report["meta"], "as_of").parse().unwrap();
    let last = as_of.checked_add(90.days()).unwrap();
    let lapses = list(&report, "artefacts").iter().flat_map(|artefact| {
        let lapses = list(artefact, "lapses").iter();
        lapses.map(move |lapse| {
            (
                text(lapse, "until"),
                text(artefact, "artefact"),
                lapse["duties"].as_u64().unwrap(),
                lapse["passed"].as_u64().unwrap(),
                &artefact["by"],
            )
        })
    });
    let to = text(&report["handover"], "to");
    let mut all_passed = 0;
    let mut each: Vec<(String, String, u64, String)> = lapses
        .filter(|(until, ..)| until.parse::<Date>().unwrap() <= last)
        .map(|(until, artefact, duties, passed, by)| {
            let by = by.as_str().unwrap_or("nobody named");
            // What has passed to who takes over by then is theirs to renew.
            all_passed += passed;
            let who = match passed {
                0 => by.to_owned(),
                all if all == duties => to.to_owned(),
                some => format!("{by}; {to} for {some} of them"),
            };
            (until.to_owned(), artefact.to_owned(), duties, who)
        })
        .collect();
    each.sort();
    assert!(all_passed > 0);
    // What the same party renews on the same day stands on one line.
    let mut expected: Vec<(String, String, u64, String)> = Vec::new();
    for (until, artefact, duties, who) in each {
        match expected.iter_mut().find(|other| other.0 == until && other.3 == who) {
            Some(other) => {
                other.1 = format!("{}; {artefact}", other.1);
                other.2 += duties;
            }
            None => expected.push((until, artefact, duties, who)),
        }
    }
    let told = table(
        chapter(&markdown, "Evidence and attestations")
            .split("### What lapses within 90 days")
            .nth(1)
            .unwrap(),
    );
    let told: Vec<(String, String, u64, String)> = told
        .iter()
        .map(|row| {
            let day = Date::strptime("%d %b %Y", row[0]).unwrap();
            (
                day.to_string(),
                row[1].trim_start_matches("**Over at issue:** ").to_owned(),
                row[2].parse().unwrap(),
                row[3].to_owned(),
            )
        })
        .collect();
    assert!(!expected.is_empty());
    assert_eq!(told, expected);
}

#[test]
fn every_requirement_is_found_by_its_number() {
    let (markdown, report) = payments("audit", "md");
    let (html, _) = payments("audit", "html");
    let requirements = chapter(&markdown, "Requirements by framework");
    for of in list(&report, "requirements") {
        let name = text(of, "name");
        let part = requirements
            .split("\n### ")
            .find(|part| part.starts_with(name))
            .unwrap_or_else(|| panic!("no part on {name}"));
        // The index names each once, in the framework's own order.
        let index = table(part);
        let ids: Vec<&str> = index
            .iter()
            .flat_map(|row| row[1].split("](#").flat_map(|piece| piece.rsplit_once('[').map(|(_, id)| id)))
            .collect();
        let own: Vec<&str> = list(of, "rows").iter().map(|row| text(row, "id")).collect();
        assert_eq!(ids, own, "{name}");
        // Numbers that begin alike stand together, below what they begin with.
        let begins: Vec<&str> = index.iter().map(|row| row[0].split("**").nth(1).unwrap()).collect();
        assert_eq!(begins.iter().collect::<BTreeSet<_>>().len(), begins.len(), "{name}");
        for begin in begins {
            assert!(part.contains(&format!("\n| **{begin}**")), "{name}: {begin}");
        }
        // What is not met is told before the rows, by number, and none of them hides it.
        let (_, said) = part
            .split_once("- `not met` **")
            .unwrap_or_else(|| panic!("{name} says nothing of what is not met"));
        // A long list goes on in lines that are set in.
        let said = said.split("\n- ").next().unwrap();
        let said: Vec<&str> = said
            .split("](#")
            .flat_map(|piece| piece.rsplit_once('[').map(|(_, id)| id))
            .collect();
        let not_met = list(of, "rows").iter().filter(|row| row["state"] == "not-met");
        let not_met: Vec<&str> = not_met.map(|row| text(row, "id")).collect();
        assert_eq!(said, not_met, "{name}");
        for id in not_met {
            let number = format!("**{id}**");
            let mut rows = part.lines().filter(|line| line.starts_with("| **") && line.contains(&number));
            assert!(
                rows.any(|row| row.split(" | ").next().unwrap().contains("`not met`")),
                "{name}: {id}"
            );
        }
        // What nobody here has a duty for is not left to do.
        for line in part
            .lines()
            .filter(|line| line.starts_with("| **") && line.contains("<br>shared `"))
        {
            let cells: Vec<&str> = line.split(" | ").collect();
            if !cells[2].starts_with("as ") && !cells[2].contains("), as ") {
                let subjects = cells[1].matches("](#what-answers-the-requirements)").count();
                let counted = cells[1].matches("](#what-answers-the-requirements) ").count();
                assert_eq!(subjects, counted, "{line}");
            }
        }
    }
    // Each link of the index leads to the row.
    for id in ["8.3.6", "10.2.1"] {
        let place = html.split(&format!(">{id}</a>")).next().unwrap().rsplit("href=\"#").next().unwrap();
        let place = place.split('"').next().unwrap();
        let (_, row) = html
            .split_once(&format!("<tr id=\"{place}\""))
            .unwrap_or_else(|| panic!("{id} leads to {place}"));
        let row = row.split("</tr>").next().unwrap();
        assert!(row.contains(&format!("<strong>{id}</strong>")), "{row}");
    }
}

#[test]
fn the_first_page_lists_findings_in_the_order_of_their_chapter() {
    for edition in ["audit", "review"] {
        let (markdown, report) = payments(edition, "md");
        let findings = list(&report, "findings");
        let first = chapter(&markdown, "Verdict").split("### What is most pressing").nth(1).unwrap();
        let position = |row: &Vec<&str>| {
            let found = findings.iter().position(|finding| {
                let what = text(finding, "what").chars().take(30).collect::<String>().to_lowercase();
                let place = finding["service_title"].as_str().unwrap_or_default();
                row[1].to_lowercase().contains(&what) && row[1].contains(place)
            });
            found.unwrap_or_else(|| panic!("{row:?}"))
        };
        let order: Vec<usize> = table(first).iter().map(position).collect();
        assert!(order.len() > 4 && order.is_sorted(), "{edition}: {order:?}");
        let severities: Vec<&str> = findings.iter().map(|one| text(one, "severity")).collect();
        let rank = |severity: &str| ["high", "medium", "low"].iter().position(|one| *one == severity).unwrap();
        assert!(severities.iter().map(|one| rank(one)).is_sorted());
        // The sentence and the bars say which letter they count.
        assert!(markdown.contains("answers (A) for") && markdown.contains("Northwind Managed Services does (R)"));
        assert!(markdown.contains("| Northwind Managed Services (`R`) |") || markdown.contains("Northwind Managed Services (R): "));
    }
}

#[test]
fn what_lapsed_between_the_reports_day_and_its_issue_is_told_beside_the_verdict() {
    let (markdown, report) = payments("review", "md");
    let issued = text(&report["summary"]["sources"], "last_read").to_owned();
    assert!(issued.as_str() > text(&report["meta"], "as_of"));
    let lapses = list(&report, "artefacts").iter().flat_map(|artefact| list(artefact, "lapses"));
    let over: u64 = lapses
        .filter(|lapse| text(lapse, "until") < issued.as_str())
        .map(|lapse| lapse["duties"].as_u64().unwrap())
        .sum();
    assert!(over > 0);
    // In this example each of them rests on one artefact.
    assert_eq!(report["summary"]["lapsed_at_issue"], over);
    let verdict = chapter(&markdown, "Verdict");
    assert!(
        verdict.contains(&format!("for {over} of these the evidence had lapsed when this report was issued")),
        "{verdict}"
    );
    let lapsing = markdown.split("### What lapses within 90 days").nth(1).unwrap();
    let told: Vec<Vec<&str>> = table(lapsing);
    let marked = told.iter().filter(|row| row[1].starts_with("**Over at issue:**"));
    assert_eq!(marked.map(|row| row[2].parse::<u64>().unwrap()).sum::<u64>(), over);
    // The handover says so of what moves and stays.
    let (handover, _) = payments("handover", "md");
    assert!(chapter(&handover, "The handover at a glance").contains("; lapsed at issue: 1"));
}

#[test]
fn bars_of_parties_add_up_with_the_duties_that_several_do() {
    let (markdown, report) = payments("review", "md");
    let does = |party: &Value| party["duties"]["responsible"]["total"].as_u64().unwrap();
    let all: u64 = list(&report, "parties").iter().map(does).sum();
    let more = all - report["summary"]["duties"]["total"].as_u64().unwrap();
    assert!(more > 0);
    assert!(markdown.contains(&format!("; {more} duties have several doers and stand in the bar of each.")));
}

#[test]
fn what_shows_the_providers_part_is_named_by_the_frameworks_of_the_document() {
    let (markdown, report) = payments("review", "md");
    let frameworks: Vec<&str> = list(&report, "requirements").iter().map(|of| text(of, "framework")).collect();
    assert_eq!(frameworks, ["pci-dss", "iso-27001"]);
    for said in ["PCI DSS Attestation of Compliance", "ISO/IEC 27001 certificate"] {
        assert!(chapter(&markdown, "Evidence and attestations").contains(said), "{said}");
    }
    let folder = Folder::new();
    let path = root().join("inventories/minimal.yaml");
    let plain = folder
        .run(&["report", path.to_str().unwrap(), "--edition", "review", "--format", "markdown"])
        .fine();
    assert!(plain.contains("can be shown by AWS SOC 1, SOC 2 and ISO/IEC 27001 reports from AWS Artifact"));
}

#[test]
fn a_cut_of_a_handover_says_first_that_it_is_one_and_keeps_the_plan_of_both_sides() {
    let folder = Folder::new();
    let path = root().join("inventories/payments");
    let report = |party: &[&str]| {
        let arguments = ["report", path.to_str().unwrap(), "--edition", "handover", "--format", "markdown"];
        folder.run(&[&arguments[..], party].concat()).fine()
    };
    let whole = report(&[]);
    for (party, name) in [("northwind", "Northwind Managed Services"), ("platform", "Platform Engineering")] {
        let cut = report(&["--party", party]);
        let glance = chapter(&cut, "The handover at a glance");
        assert!(
            glance
                .trim_start()
                .lines()
                .find(|line| !line.starts_with("<!--"))
                .unwrap()
                .starts_with(&format!("This is a cut to {name}:"))
        );
        for title in ["Access to grant and to revoke", "Exit tasks"] {
            assert_eq!(chapter(&cut, title), chapter(&whole, title), "{party}");
        }
        for phone in ["0101", "0200", "0102"] {
            assert!(chapter(&cut, "Whom to call").contains(phone), "{party} {phone}");
        }
    }
}
