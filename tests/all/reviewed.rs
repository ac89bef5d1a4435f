//! What a reviewer and who takes over find in their editions of the largest example: every high finding with its mend, every
//! decision, each day, and a finding in the state of its duty.

use crate::support::{Folder, list, root, text};
use serde_json::Value;

/// An edition of the payments example in several formats.
fn edition(name: &str, formats: &[&str]) -> Folder {
    let folder = Folder::new();
    let inventory = root().join("inventories/payments");
    let mut arguments = vec!["report", inventory.to_str().unwrap(), "--edition", name];
    for format in formats {
        arguments.extend(["-o", format]);
    }
    folder.run(&arguments).fine();
    folder
}

fn json(folder: &Folder) -> Value {
    serde_json::from_str(&folder.read("r.json")).unwrap()
}

/// A part of a document, by its heading.
fn part<'m>(markdown: &'m str, heading: &str) -> &'m str {
    let after = markdown.split(heading).nth(1).unwrap_or_else(|| panic!("no {heading}"));
    after.split("\n## ").next().unwrap()
}

#[test]
fn a_review_tells_every_finding_with_its_mend_and_every_decision() {
    let folder = edition("review", &["r.md", "r.json", "r.html"]);
    let (report, markdown, html) = (json(&folder), folder.read("r.md"), folder.read("r.html"));
    let findings = part(&markdown, "\n## Findings and gaps\n");
    let is_high = |finding: &&Value| finding["severity"] == "high";
    let high = list(&report, "findings").iter().filter(is_high).count();
    // The worst have a card each; each of the others has what to do and its id in its row.
    assert_eq!((high, findings.matches("\n#### ").count()), (8, 8));
    for finding in list(&report, "findings") {
        let id = text(finding, "id");
        let said = findings.lines().find(|line| line.contains(id)).unwrap_or_else(|| panic!("{id}"));
        let has_mend = said.starts_with("- ") || said.split(" | ").nth(3).is_some_and(|cell| cell.len() > 10);
        assert!(has_mend, "{said}");
        let state = html.split(&format!("data-finding=\"{}\"", text(finding, "id"))).nth(1).unwrap();
        let is_broken = state.split('>').next().unwrap().contains("data-state=\"not-met\"");
        assert_eq!(is_broken, finding["code"] == "duty-not-met", "{id}");
    }
    let decided: Vec<&str> = part(&markdown, "\n### To decide\n")
        .lines()
        .filter(|line| line.starts_with("- "))
        .collect();
    assert_eq!(decided.len(), list(&report["summary"], "decisions").len());
    assert!(
        decided[0].contains("expired on 30 September 2026, so mend what it excused or have it approved anew"),
        "{decided:?}"
    );
    assert!(
        decided
            .iter()
            .all(|line| line.contains("by ") || line.contains("overdue since") || line.contains("no date set"))
    );
    assert!(
        decided
            .iter()
            .any(|line| line.contains("how reporting-copy runs") && line.contains("state `engine`, or `mode`"))
    );
    // What shows the provider's part is named where it is spoken of, and is in the table.
    let evidence = part(&markdown, "\n## Evidence and attestations\n");
    assert_eq!(evidence.matches("AWS SOC 2 Type 2 report, October 2025 to March 2026").count(), 2);
    assert!(evidence.contains("(<https://example.com/evidence/aws-soc2-2026-1.pdf>)") || evidence.contains("aws-soc2-2026-1.pdf)"));
    assert!(evidence.contains("all 3 that no duty rests on today"), "{evidence}");
    // The state is two words for people.
    assert!(markdown.contains("`not met`") && !markdown.contains("`not-met`"));
}

#[test]
fn who_takes_over_finds_each_day_and_each_artefact() {
    let folder = edition("handover", &["r.md", "r.json"]);
    let (report, markdown) = (json(&folder), folder.read("r.md"));
    let days: Vec<Vec<&str>> = part(&markdown, "\n### What is due when\n")
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| When"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!(days.iter().all(|row| row[4].len() > 3), "somebody is named for each: {days:?}");
    let told = |words: &str| days.iter().any(|row| row[3].contains(words));
    for words in [
        "3 changes of access and 3 exit tasks",
        "2 exit tasks",
        "75 duties move to Platform Engineering",
        "Last day of 9 duties",
    ] {
        assert!(told(words), "{words}: {days:?}");
    }
    // Those that are counted are the others.
    let dates = list(&report["handover"], "access").len() + list(&report["handover"], "exit").len() + 2;
    assert!(markdown.contains(&format!("8 of the {dates} dates are summed up here")));
    let moves = part(&markdown, "\n## What moves\n");
    assert!(!moves.contains("the same") && !moves.contains("as above"));
    assert!(moves.contains("*Attested by Northwind service report, September 2026, until 15 December 2026*"));
}
