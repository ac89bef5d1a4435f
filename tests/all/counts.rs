//! All figures of a report count the same duties and commitments, and add up: in every format, for every party, and
//! whatever rules made the letters.

use crate::laws::{cases, document};
use crate::support::{Folder, activities, list, root, text};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};

/// A duty as the report tells it.
struct Duty<'r> {
    control: &'r str,
    activity: &'r Value,
}

impl Duty<'_> {
    fn holds(&self, party: &str, letter: &str) -> bool {
        self.holds_in("assignments", party, letter)
    }

    fn holds_in(&self, letters: &str, party: &str, letter: &str) -> bool {
        list(self.activity, letters)
            .iter()
            .any(|held| held["party"] == party && text(held, "letters").split('/').any(|one| one == letter))
    }

    /// Whether a party does it or answers for it, today or after the handover.
    fn is_of(&self, party: &str) -> bool {
        let times = ["assignments", "after"];
        times
            .iter()
            .any(|letters| self.holds_in(letters, party, "A") || self.holds_in(letters, party, "R"))
    }
}

/// All duties by their ids.
fn duties(report: &Value) -> BTreeMap<String, Duty<'_>> {
    let all = activities(report);
    let duties = all.into_iter().filter(|(_, activity)| activity["duty"].is_string());
    duties
        .map(|(control, activity)| {
            let control = text(control, "control");
            (text(activity, "duty").to_owned(), Duty { control, activity })
        })
        .collect()
}

fn number(of: &Value, name: &str) -> u64 {
    of[name].as_u64().unwrap_or_else(|| panic!("no number `{name}` in {of}"))
}

/// Duties by state, as the report words them.
fn by_state<'d>(duties: impl Iterator<Item = &'d Duty<'d>>) -> Value {
    let mut counts = BTreeMap::from(["met", "attested", "not_met", "excepted", "unknown", "total"].map(|state| (state.to_owned(), 0_u64)));
    for duty in duties {
        *counts.get_mut("total").unwrap() += 1;
        *counts.get_mut(&text(duty.activity, "state").replace('-', "_")).unwrap() += 1;
    }
    json!(counts)
}

/// The figures of the JSON.
fn json_adds_up(report: &Value) -> Result<(), TestCaseError> {
    let (duties, summary) = (duties(report), &report["summary"]);
    let all = activities(report);
    let told = all.iter().filter(|(_, activity)| activity["duty"].is_string()).count();
    prop_assert_eq!(told, duties.len(), "each duty has an id of its own");
    prop_assert_eq!(&summary["duties"], &by_state(duties.values()));
    let promised = all.iter().filter(|(_, activity)| activity["commitment"].is_string()).count() as u64;
    prop_assert_eq!(promised + duties.len() as u64, all.len() as u64, "nothing is both or neither");
    prop_assert_eq!(number(summary, "commitments"), promised);
    prop_assert_eq!(list(report, "commitments").len() as u64, promised);
    for service in list(report, "services") {
        let own: Vec<Duty<'_>> = list(service, "controls")
            .iter()
            .flat_map(|control| list(control, "activities").iter().map(move |activity| (control, activity)))
            .filter(|(_, activity)| activity["duty"].is_string())
            .map(|(control, activity)| Duty {
                control: text(control, "control"),
                activity,
            })
            .collect();
        prop_assert_eq!(&service["duties"], &by_state(own.iter()));
        let answered: u64 = list(service, "accountable").iter().map(|party| number(party, "duties")).sum();
        prop_assert_eq!(answered, own.len() as u64);
    }
    let sum = |of: &Value, lines: &str, name: &str| list(of, lines).iter().map(|line| number(line, name)).sum::<u64>();
    prop_assert_eq!(sum(summary, "by_model", "duties"), duties.len() as u64);
    prop_assert_eq!(sum(summary, "by_model", "commitments"), promised);
    // What the sections count is what the scope says, the accounts apart.
    prop_assert_eq!(
        sum(report, "services", "resources"),
        number(summary, "resources") + number(summary, "accounts")
    );
    prop_assert_eq!(sum(report, "services", "supporting"), number(summary, "supporting"));
    prop_assert_eq!(sum(report, "checklist", "duties"), duties.len() as u64);
    prop_assert_eq!(sum(report, "checklist", "not_met"), number(&summary["duties"], "not_met"));
    for line in list(report, "checklist") {
        let own = duties.values().filter(|duty| duty.control == text(line, "control")).count() as u64;
        prop_assert_eq!(number(line, "duties"), own);
        prop_assert_eq!(
            &line["states"],
            &by_state(duties.values().filter(|duty| duty.control == text(line, "control")))
        );
        prop_assert_eq!(in_words(text(line, "in_words")), of_words(&line["states"]), "{}", line);
    }
    // What lapses is what rests on an artefact, each duty on one day.
    for artefact in list(report, "artefacts") {
        prop_assert_eq!(sum(artefact, "lapses", "duties"), number(artefact, "duties"), "{}", artefact);
        for lapse in list(artefact, "lapses") {
            let until = text(lapse, "until");
            prop_assert!(
                text(&report["meta"], "as_of") <= until && until <= text(artefact, "review_by"),
                "{}",
                artefact
            );
        }
    }
    parties_add_up(report, &duties)?;
    findings_add_up(report, &duties)
}

/// Figures of a text such as `5 not met, 30 unknown`, by their words.
fn in_words(text: &str) -> BTreeMap<String, u64> {
    let parts = text.split(", ").filter_map(|part| part.split_once(' '));
    parts.map(|(count, word)| (word.to_owned(), count.parse().unwrap())).collect()
}

/// The same of figures.
fn of_words(states: &Value) -> BTreeMap<String, u64> {
    let told = ["not_met", "unknown", "excepted", "attested", "met"].map(|state| (state.replace('_', " "), number(states, state)));
    told.into_iter().filter(|(_, count)| *count > 0).collect()
}

fn parties_add_up(report: &Value, duties: &BTreeMap<String, Duty<'_>>) -> Result<(), TestCaseError> {
    let mut answered = 0;
    for party in list(report, "parties") {
        let id = text(party, "id");
        for (name, letter) in [("responsible", "R"), ("accountable", "A")] {
            let own = by_state(duties.values().filter(|duty| duty.holds(id, letter)));
            prop_assert_eq!(&party["duties"][name], &own, "{} of {}", letter, id);
        }
        for (name, letter) in [("consulted", "C"), ("informed", "I")] {
            let own = duties.values().filter(|duty| duty.holds(id, letter)).count() as u64;
            prop_assert_eq!(number(party, name), own, "{} of {}", letter, id);
        }
        answered += number(&party["duties"]["accountable"], "total");
    }
    prop_assert_eq!(answered, duties.len() as u64, "exactly one party answers for each");
    for party in list(report, "duties") {
        let id = text(party, "party");
        let listed: BTreeSet<String> = list(party, "activities").iter().map(|held| text(held, "duty").to_owned()).collect();
        prop_assert_eq!(listed.len(), list(party, "activities").len());
        let held = duties.iter().filter(|(_, duty)| duty.holds(id, "A") || duty.holds(id, "R"));
        prop_assert_eq!(listed, held.map(|(id, _)| id.clone()).collect::<BTreeSet<_>>());
    }
    let handover = &report["handover"];
    if handover["planned"] == true {
        let entries = || list(handover, "moves").iter().chain(list(handover, "stays"));
        let from = list(report, "parties")
            .iter()
            .find(|party| party["name"] == handover["from"])
            .unwrap();
        let id = text(from, "id");
        // In a report that is cut to another party, only what that one holds, too.
        let held = duties.iter().filter(|(_, duty)| duty.holds(id, "A") || duty.holds(id, "R"));
        prop_assert_eq!(
            entries().map(|entry| text(entry, "duty").to_owned()).collect::<BTreeSet<_>>(),
            held.map(|(id, _)| id.clone()).collect::<BTreeSet<_>>()
        );
        prop_assert_eq!(entries().count(), list(handover, "moves").len() + list(handover, "stays").len());
        for entry in entries() {
            let duty = duties[text(entry, "duty")].activity;
            prop_assert_eq!(&entry["count"], &duty["resources"], "the resources of {}", text(entry, "duty"));
            prop_assert!(entry["attested_until"].is_null() || ["attested", "excepted"].contains(&text(entry, "state")));
        }
        blockers_add_up(handover)?;
    }
    Ok(())
}

/// What stands in the way of a handover is what its duties say, and is told of all of them.
fn blockers_add_up(handover: &Value) -> Result<(), TestCaseError> {
    let count = |lists: &[&str], is_meant: &dyn Fn(&Value) -> bool| {
        let all = lists.iter().flat_map(|name| list(handover, name));
        all.filter(|one| is_meant(one)).count() as u64
    };
    let is = |state: &'static str| move |one: &Value| text(one, "state") == state;
    let date = text(handover, "date");
    let lapses = |one: &Value| one["attested_until"].as_str().map(str::to_owned);
    let told = |kind: &str| {
        let blocker = list(handover, "blockers").iter().find(|one| text(one, "kind") == kind);
        blocker.map_or(0, |one| number(one, "count"))
    };
    for (kind, count) in [
        ("not-met", count(&["moves"], &is("not-met"))),
        ("not-met-staying", count(&["stays"], &is("not-met"))),
        ("unknown", count(&["moves"], &is("unknown"))),
        (
            "lapsed",
            count(&["moves", "stays"], &|one| lapses(one).is_some_and(|day| *day <= *date)),
        ),
        (
            "successor",
            count(&["stays"], &|one| one["until"].is_string() && one["then"].is_null()),
        ),
        ("runbook", count(&["moves"], &|one| list(one, "runbooks").is_empty())),
        ("access", count(&["access"], &|one| one["by"].is_null())),
        ("exit", count(&["exit"], &|one| one["owner"].is_null())),
    ] {
        prop_assert_eq!(told(kind), count, "{}", kind);
    }
    // Each has a day, and what moves has one no later than that of the handover.
    for blocker in list(handover, "blockers").iter().filter(|one| text(one, "kind") != "date") {
        let staying = ["not-met-staying", "lapsing", "successor", "decision", "access", "exit", "overdue"].contains(&text(blocker, "kind"));
        let due = blocker["due"].as_str();
        prop_assert!(
            due.is_some_and(|due| staying || due <= date) || (due.is_none() && staying),
            "{}",
            blocker
        );
    }
    prop_assert!(told("lapsed") + told("lapsing") <= count(&["moves", "stays"], &|one| lapses(one).is_some()));
    Ok(())
}

fn findings_add_up(report: &Value, duties: &BTreeMap<String, Duty<'_>>) -> Result<(), TestCaseError> {
    let findings = list(report, "findings");
    prop_assert_eq!(findings.len() as u64, number(&report["summary"], "findings"));
    let ids: BTreeSet<&str> = findings.iter().map(|finding| text(finding, "id")).collect();
    prop_assert_eq!(ids.len(), findings.len());
    let undone: Vec<&Value> = findings.iter().filter(|finding| finding["code"] == "duty-not-met").collect();
    prop_assert_eq!(undone.len() as u64, number(&report["summary"]["duties"], "not_met"));
    // The judgement says what the findings are, and whose word states rest on.
    let summary = &report["summary"];
    let high = findings.iter().filter(|finding| finding["severity"] == "high").count();
    let judgement = text(summary, "judgement");
    let says = format!("{high} high finding{} open", if high == 1 { " is" } else { "s are" });
    prop_assert_eq!(judgement.contains(&says), high > 0 && !duties.is_empty(), "{}", judgement);
    let late = findings.iter().filter(|finding| finding["overdue"] == true).count();
    prop_assert_eq!(
        judgement.contains("overdue") && !judgement.contains("nothing is overdue"),
        late > 0 && !duties.is_empty()
    );
    prop_assert!(number(summary, "attested_by_doer") <= number(&summary["duties"], "attested"));
    prop_assert_eq!(number(summary, "not_met_on_data") > 0, !list(summary, "classified").is_empty());
    for finding in undone {
        let duty = &duties[text(finding, "duty")].activity;
        prop_assert_eq!(text(duty, "state"), "not-met");
        prop_assert_eq!(&finding["count"], &duty["resources_not_met"]);
        prop_assert_eq!(&finding["of"], &duty["resources"], "one denominator everywhere");
        for letter in ["A", "R"] {
            let held = list(duty, "assignments").iter();
            let held = held.filter(|held| text(held, "letters").split('/').any(|one| one == letter));
            let held: Vec<&Value> = held.map(|held| &held["party"]).collect();
            if letter == "A" {
                prop_assert_eq!(held, vec![&finding["accountable"]]);
            } else {
                prop_assert_eq!(held, list(finding, "responsible").iter().collect::<Vec<_>>());
            }
        }
    }
    Ok(())
}

/// The state of each duty and commitment in the CSV, by what it counts as.
fn in_csv(csv: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (counts_as, id, state) = (at("counts_as"), at("id"), at("state"));
    let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let before = found
            .entry(record[counts_as].to_owned())
            .or_default()
            .insert(record[id].to_owned(), record[state].to_owned());
        assert!(before.is_none_or(|before| before == record[state]), "one state a duty");
    }
    found
}

/// The sum of an attribute's numbers within some parts of a page.
fn sum(page: &str, before: &str, after: &str, attribute: &str) -> u64 {
    let parts = page.split(before).skip(1).map(|part| part.split(after).next().unwrap());
    let numbers = parts.flat_map(|part| part.split(attribute).skip(1));
    numbers.map(|rest| rest.split('"').next().unwrap().parse::<u64>().unwrap()).sum()
}

fn rows(workbook: &[u8], name: &str) -> u64 {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut read = |file: &str| {
        let mut text = String::new();
        archive.by_name(file).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let names = read("xl/workbook.xml");
    let sheet = names
        .split("<sheet name=\"")
        .skip(1)
        .position(|sheet| sheet.split('"').next() == Some(name));
    let sheet = read(&format!("xl/worksheets/sheet{}.xml", sheet.unwrap() + 1));
    // One row names the columns; an empty sheet says so in another.
    let rows = sheet.matches("<row ").count() as u64 - 1;
    rows - u64::from(rows == 1 && sheet.matches("<c ").count() < sheet.matches("<col ").count())
}

/// All formats of a report count the same.
fn formats_agree(folder: &Folder, paths: &[&str]) -> Result<Value, TestCaseError> {
    let outputs = ["-o", "r.json", "-o", "r.csv", "-o", "r.xlsx", "-o", "r.html", "-o", "r.md"];
    folder.run(&[&["report"][..], paths, &outputs].concat()).fine();
    let report: Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    json_adds_up(&report)?;
    let summary = &report["summary"];
    let (total, promised) = (number(&summary["duties"], "total"), number(summary, "commitments"));
    let csv = in_csv(&folder.read("r.csv"));
    let states: BTreeMap<String, String> = duties(&report)
        .iter()
        .map(|(id, duty)| (id.clone(), text(duty.activity, "state").to_owned()))
        .collect();
    prop_assert_eq!(&csv["duty"], &states);
    prop_assert_eq!(csv.get("commitment").map_or(0, BTreeMap::len) as u64, promised);
    let workbook = folder.bytes("r.xlsx");
    prop_assert_eq!(rows(&workbook, "Duties"), total);
    prop_assert_eq!(rows(&workbook, "Commitments"), promised);
    prop_assert_eq!(rows(&workbook, "Findings"), number(summary, "findings"));
    let page = folder.read("r.html");
    // What the page's filter counts.
    prop_assert_eq!(sum(&page, "<div class=\"table raci\"", "</table>", "data-duties=\""), total);
    prop_assert_eq!(sum(&page, "<ul class=\"commitments\"", "</ul>", "data-commitments=\""), promised);
    for row in page
        .split("<tr")
        .skip(1)
        .filter(|row| row.split('>').next().unwrap().contains("data-on="))
    {
        let attribute = |name: &str| row.split(name).nth(1).unwrap().split('"').next().unwrap();
        let on = attribute("data-on=\"")
            .split(' ')
            .map(|place| place.split_once(':').map_or(1, |(_, duties)| duties.parse::<u64>().unwrap()));
        prop_assert_eq!(on.sum::<u64>(), attribute("data-duties=\"").parse::<u64>().unwrap());
    }
    let markdown = folder.read("r.md");
    let of = format!("Of {} dut", grouped(total));
    prop_assert!(markdown.contains(&of), "{}", of);
    // Each row of the HTML names a duty of the report.
    for id in page
        .split("<div class=\"activity\" id=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
    {
        prop_assert!(states.contains_key(id), "{}", id);
    }
    Ok(report)
}

fn grouped(number: u64) -> String {
    match number / 1000 {
        0 => number.to_string(),
        thousands => format!("{},{:03}", grouped(thousands), number % 1000),
    }
}

/// The report that is cut to a party has the party's duties and its findings, and figures of those alone.
fn cuts_agree(folder: &Folder, paths: &[&str], whole: &Value) -> Result<(), TestCaseError> {
    for party in list(whole, "parties") {
        let id = text(party, "id");
        let cut = folder
            .run(&[&["report", "--format", "json", "--party", id][..], paths].concat())
            .json();
        json_adds_up(&cut)?;
        let (all, own) = (duties(whole), duties(&cut));
        let held = all.iter().filter(|(_, duty)| duty.is_of(id));
        prop_assert_eq!(
            own.keys().collect::<BTreeSet<_>>(),
            held.map(|(id, _)| id).collect::<BTreeSet<_>>(),
            "{}",
            id
        );
        for (name, duty) in &own {
            prop_assert_eq!(&duty.activity["state"], &all[name].activity["state"]);
        }
        let figures = list(&cut, "parties").iter().find(|other| other["id"] == party["id"]).unwrap();
        prop_assert_eq!(
            &figures["duties"],
            &party["duties"],
            "what the whole says of {} is what its cut says",
            id
        );
        let ids = |report: &Value| -> BTreeSet<String> {
            let passes = |finding: &Value| finding["duty"].as_str().is_some_and(|duty| all[duty].is_of(id));
            let mine = |finding: &&Value| {
                finding["accountable"] == id || list(finding, "responsible").iter().any(|party| party == id) || passes(finding)
            };
            let findings = list(report, "findings").iter().filter(mine);
            findings.map(|finding| text(finding, "id").to_owned()).collect()
        };
        prop_assert_eq!(ids(&cut), ids(whole));
        prop_assert_eq!(ids(&cut).len(), list(&cut, "findings").len(), "nobody else's findings");
        // Who hands over and who takes over see the same move.
        let handover = &whole["handover"];
        if [&handover["from_party"], &handover["to_party"]].contains(&&party["id"]) && !party["id"].is_null() {
            let moves = |report: &Value| -> BTreeSet<String> {
                let moves = list(&report["handover"], "moves").iter();
                moves.map(|one| text(one, "duty").to_owned()).collect()
            };
            prop_assert_eq!(moves(&cut), moves(whole), "what moves, in the cut of {}", id);
        }
        for other in list(&cut, "parties").iter().filter(|other| other["id"] != party["id"]) {
            prop_assert!(other["contact"].is_null() && list(other, "people").is_empty());
        }
    }
    Ok(())
}

#[test]
fn all_figures_of_the_examples_add_up_in_every_format_and_for_every_party() {
    for example in ["minimal.yaml", "payments", "estate", "reference"] {
        let path = root().join("inventories").join(example);
        let paths = [path.to_str().unwrap()];
        let folder = Folder::new();
        let report = formats_agree(&folder, &paths).unwrap();
        cuts_agree(&folder, &paths, &report).unwrap();
    }
}

/// The cells of the rows of the first table behind a heading.
fn table_behind<'m>(markdown: &'m str, heading: &str) -> Vec<Vec<&'m str>> {
    let (_, rest) = markdown.split_once(heading).unwrap_or_else(|| panic!("no `{heading}`"));
    let rows = rest
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    let cells = |line: &'m str| line.trim_matches('|').split(" | ").map(str::trim).collect::<Vec<&str>>();
    rows.skip(2).map(cells).collect()
}

/// Whoever signs sees what it signs for, and the parts are the whole.
#[test]
fn signatories_sign_for_all_duties_by_state_and_nobody_for_less() {
    let folder = Folder::new();
    let path = root().join("inventories/payments");
    let report = folder.run(&["report", path.to_str().unwrap(), "--format", "json"]).json();
    let read = |edition: &str| {
        let file = format!("{edition}.md");
        folder
            .run(&["report", path.to_str().unwrap(), "--edition", edition, "-o", &file])
            .fine();
        folder.read(&file)
    };
    let total = |states: &BTreeMap<String, u64>| states.values().sum::<u64>();
    let all = of_words(&report["summary"]["duties"]);
    let signed = |signs: &str| {
        let (_, states) = signs.split_once(": ")?;
        Some(in_words(states.split(';').next().unwrap()))
    };
    let (audit, handover) = (read("audit"), read("handover"));
    // The audit: each party that answers or does duties for others, and whom the report was made for; the rows of those that
    // answer add up to all duties.
    let rows = table_behind(&audit, "The signatories confirm the division of duties");
    let names: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(
        names,
        [
            "Example Pay Ltd",
            "Platform Engineering",
            "Information Security",
            "Payments Team",
            "Northwind Managed Services",
            "Example Bank plc"
        ]
    );
    // Who does duties for others signs for them beside whoever answers for them.
    let (does, answers): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row[1].starts_with("does "));
    assert_eq!(does.iter().map(|row| row[0]).collect::<Vec<_>>(), ["Northwind Managed Services"]);
    let mut sum: BTreeMap<String, u64> = BTreeMap::new();
    for states in answers.iter().filter_map(|row| signed(row[1])) {
        states
            .into_iter()
            .for_each(|(state, count)| *sum.entry(state).or_default() += count);
    }
    assert_eq!(sum, all);
    // Its checklist: the states of each control, and below them those of all.
    let rows = table_behind(&audit, "### Checklist: is the customer's part done?");
    let (last, controls) = rows.split_last().unwrap();
    for (column, state) in [
        (1, "total"),
        (2, "met"),
        (3, "attested"),
        (4, "not_met"),
        (5, "excepted"),
        (6, "unknown"),
    ] {
        let column = |row: &Vec<&str>| row[column].replace(',', "").parse::<u64>().unwrap();
        assert_eq!(controls.iter().map(column).sum::<u64>(), column(last), "{state}");
        assert_eq!(column(last), number(&report["summary"]["duties"], state), "{state}");
    }
    // Conditions name what is open.
    let conditions = table_behind(&audit, "### Ready to be signed when");
    let text_of: Vec<&str> = conditions.iter().map(|row| row[0]).collect();
    let unknown = number(&report["summary"]["duties"], "unknown");
    let high = list(&report, "findings").iter().filter(|one| one["severity"] == "high").count();
    // High findings stand by the day on which they are due.
    let by_day = text_of
        .iter()
        .filter_map(|line| line.split_once(" high finding")?.0.parse::<usize>().ok());
    assert_eq!(by_day.sum::<usize>(), high, "{text_of:?}");
    assert!(
        text_of
            .iter()
            .any(|line| line.starts_with(&format!("{unknown} unknown duties are"))),
        "{text_of:?}"
    );
    // The handover: both sides sign for what moves, and what stands in the way is what the first page says.
    let moves = list(&report["handover"], "moves").len() as u64;
    let rows = table_behind(&handover, "The signatories confirm what moves and stays");
    for (row, verb) in rows.iter().zip(["hands over", "takes over"]) {
        assert!(row[1].starts_with(&format!("{verb} {moves} duties: ")), "{row:?}");
        assert_eq!(total(&signed(row[1]).unwrap()), moves);
    }
    // A band parts what is due after the handover.
    let conditions = table_behind(&handover, "### What stands in the way");
    let conditions: Vec<_> = conditions.iter().filter(|row| row[0] != "**Due after the handover**").collect();
    assert_eq!(conditions.len(), list(&report["handover"], "blockers").len());
    let rows = table_behind(&handover, "## Checklist of what moves");
    let (last, controls) = rows.split_last().unwrap();
    let moving: u64 = controls.iter().map(|row| total(&in_words(row[2]))).sum();
    assert_eq!((moving, total(&in_words(last[2]))), (moves, moves));
    // Every moving duty says how often and how, where that is known.
    let listed = handover.split("## What moves").nth(1).unwrap().split("\n## ").next().unwrap();
    let duties = listed.lines().filter(|line| line.contains("| `[ ]` | `[ ]` |"));
    let moving = list(&report["handover"], "moves");
    assert_eq!(duties.clone().count(), moving.len());
    let is_told = |one: &&Value| !one["cadence"].is_null() || !one["how"].is_null();
    let first = duties.map(|line| line.split(" | ").next().unwrap());
    let told = first.filter(|cell| {
        cell.split("<br>")
            .skip(1)
            .any(|line| !line.starts_with("*Attested") && line.starts_with('*'))
    });
    assert_eq!(told.count(), moving.iter().filter(is_told).count());
    assert!(!listed.contains("No single cadence"));
}

#[test]
fn a_selection_cuts_every_figure() {
    let path = root().join("inventories/payments");
    let path = path.to_str().unwrap();
    let folder = Folder::new();
    let report = |arguments: &[&str]| folder.run(&[&["report", path, "--format", "json"][..], arguments].concat()).json();
    let whole = report(&[]);
    for only in [
        "environment=prod",
        "service=rds,service=s3",
        "environment=prod, control=backup",
        "account=payments-dev",
        "data=cardholder",
    ] {
        let cut = report(&["--only", only]);
        json_adds_up(&cut).unwrap();
        assert_eq!(text(&cut["meta"], "only"), only);
        let (all, own) = (duties(&whole), duties(&cut));
        assert!(!own.is_empty() && own.len() < all.len(), "{only}");
        assert!(own.keys().all(|id| all.contains_key(id)), "{only}");
        for (id, duty) in &own {
            // A duty of which only a part is taken can be better than the whole, never worse.
            let (part, whole) = (duty.activity, all[id].activity);
            let same = number(part, "resources") == number(whole, "resources");
            assert!(!same || part["state"] == whole["state"], "{only}: {id}");
            assert!(part["state"] != "not-met" || whole["state"] == "not-met", "{only}: {id}");
        }
    }
    let prod = report(&["--only", "environment=prod"]);
    let expected = duties(&whole)
        .into_iter()
        .filter(|(_, duty)| duty.activity["environment"] == "prod")
        .count() as u64;
    assert_eq!(number(&prod["summary"]["duties"], "total"), expected);
    assert_eq!(prod["scope"]["environments"], json!(["prod"]));
    // `check` and `why` are cut, too.
    let check = |arguments: &[&str]| folder.run(&[&["check", path][..], arguments].concat()).errors;
    assert!(check(&[]).contains("Amazon EC2, prod") && !check(&["--only", "environment=dev"]).contains(", prod: "));
    let why = folder.run(&["why", "rds", "backup", path, "--only", "environment=dev"]).fine();
    assert!(why.contains("in       dev") && !why.contains("in       prod"), "{why}");
    for (only, said) in [
        ("enviroment=prod", "did you mean `environment`?"),
        ("prod", "cannot read `prod`"),
        ("service=nothing-such", "the catalog knows no service"),
        ("", "selects nothing"),
    ] {
        let run = folder.run(&["report", path, "--only", only]);
        assert!(run.failed(1).contains(said), "{only}: {}", run.errors);
    }
}

/// What an additional rule may not change.
fn headline(report: &Value) -> Value {
    let summary = &report["summary"];
    let parties: Vec<&Value> = list(report, "parties").iter().map(|party| &party["duties"]).collect();
    let ids: BTreeMap<String, String> = duties(report)
        .into_iter()
        .map(|(id, duty)| (id, text(duty.activity, "state").to_owned()))
        .collect();
    json!({
        "verdict": summary["verdict"], "duties": summary["duties"], "commitments": summary["commitments"],
        "controls": summary["controls"], "parties": parties, "ids": ids, "matrix": report["matrix"], "checklist": report["checklist"],
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() / 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_figures_add_up(document in document()) {
        let folder = Folder::new().with("inventory.yaml", document.to_string());
        let report = formats_agree(&folder, &[])?;
        cuts_agree(&folder, &[], &report)?;
    }

    #[test]
    fn a_rule_that_sets_the_same_letters_changes_no_figure(document in document(), key in 0..5usize) {
        let mut document = document;
        let rule = json!({"responsible": ["platform"], "accountable": "security", "consulted": ["northwind"], "informed": ["aws"]});
        document["assignments"] = json!([rule]);
        let report = |document: &Value| Folder::new().with("inventory.yaml", document.to_string()).report("json").json();
        let before = report(&document);
        let matches = [
            json!({"environment": "prod"}), json!({"tag": "team=a"}), json!({"data": "cardholder"}),
            json!({"account": "111122223333"}), json!({"layer": "data-protection"}),
        ];
        let mut further = rule.clone();
        further["match"] = matches[key].clone();
        document["assignments"] = json!([rule, further]);
        prop_assert_eq!(headline(&before), headline(&report(&document)));
    }
}

#[test]
fn ids_of_findings_stay_when_lines_move() {
    let text = std::fs::read_to_string(root().join("tests/cases/diagnostics/overdue.yaml")).unwrap();
    let ids = |text: String| -> Vec<String> {
        let report = Folder::new().with("inventory.yaml", text).report("json").json();
        list(&report, "findings")
            .iter()
            .map(|finding| crate::support::text(finding, "id").to_owned())
            .collect()
    };
    let first = ids(text.clone());
    assert!(!first.is_empty());
    assert_eq!(first, ids(format!("# a comment\n\n{text}")));
}
