//! What changes add up to: the difference of the figures; for inventories, reports and packs alike, in total and for each party.

use crate::changes::{diff, edited_by, mirrored};
use crate::laws::document;
use crate::support::{Folder, list, text};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const STATES: [(&str, &str); 5] = [
    ("met", "met"),
    ("attested", "attested"),
    ("excepted", "excepted"),
    ("unknown", "unknown"),
    ("not_met", "not-met"),
];

/// How each duty stood and stands that changed: letters and state, before and after, each duty once.
fn stands(changes: &Value) -> Vec<(Value, Value)> {
    let mut duties: BTreeMap<(String, String), (Value, Value)> = BTreeMap::new();
    for change in list(changes, "changes") {
        let (before, after) = (change["before"].clone(), change["after"].clone());
        let has_state = [&before, &after].into_iter().any(|stand| !stand["state"].is_null());
        if change["part"] == true || change["duty"].is_null() || !has_state {
            continue;
        }
        let id = |stand: &Value, id: &Value| if stand.is_null() { String::new() } else { id.to_string() };
        let was = if change["duty_before"].is_null() {
            &change["duty"]
        } else {
            &change["duty_before"]
        };
        let key = (id(&before, was), id(&after, &change["duty"]));
        let known = duties.entry(key).or_insert_with(|| (before.clone(), after.clone()));
        // All that is told of a duty agrees on how it stands.
        assert_eq!(*known, (before, after), "{change:#}");
    }
    let pieces = |side: &str| -> Vec<Value> {
        let parted = list(changes, "parted").iter();
        parted.flat_map(|parted| list(parted, side)).cloned().collect()
    };
    let before = pieces("before").into_iter().map(|piece| (piece, Value::Null));
    let after = pieces("after").into_iter().map(|piece| (Value::Null, piece));
    duties.into_values().chain(before).chain(after).collect()
}

/// By how much the number of duties grew that something is true of.
fn grown(stands: &[(Value, Value)], is: impl Fn(&Value) -> bool) -> i64 {
    let count = |stand: &Value| i64::from(!stand.is_null() && is(stand));
    stands.iter().map(|(before, after)| count(after) - count(before)).sum()
}

fn holds(stand: &Value, party: &str, letter: char) -> bool {
    let mut held = list(stand, "assignments").iter();
    held.any(|held| held["party"] == party && text(held, "letters").contains(letter))
}

fn holds_any(stand: &Value, party: &str) -> bool {
    holds(stand, party, 'R') || holds(stand, party, 'A')
}

fn difference(before: &Value, after: &Value) -> i64 {
    after.as_i64().unwrap() - before.as_i64().unwrap()
}

/// That what is told adds up to the figures that are told with it; cut to a party, to that party's.
fn adds_up(changes: &Value, party: Option<&str>) {
    let stands = stands(changes);
    let figures = &changes["figures"];
    let of = |name: &str| difference(&figures["before"][name], &figures["after"][name]);
    let is_its = |stand: &Value| party.is_none_or(|party| holds_any(stand, party));
    assert_eq!(grown(&stands, is_its), of("duties"), "duties of {party:?}");
    for (figure, state) in STATES {
        assert_eq!(
            grown(&stands, |stand| is_its(stand) && stand["state"] == state),
            of(figure),
            "{state} of {party:?}"
        );
    }
    let keeps = |side: &Value| {
        let holders = side.as_array().unwrap();
        i64::from(match party {
            Some(party) => holders.iter().any(|id| id == party),
            None => !holders.is_empty(),
        })
    };
    let kept = list(changes, "commitments").iter();
    let kept: i64 = kept.map(|one| keeps(&one["after"]) - keeps(&one["before"])).sum();
    assert_eq!(kept, of("commitments"), "commitments of {party:?}");
    let has = |one: &Value, side: &str| {
        let is_there = one["kind"] != if side == "before" { "opened" } else { "closed" };
        i64::from(is_there && party.is_none_or(|party| list(one, side).iter().any(|id| id == party)))
    };
    let found = list(changes, "findings").iter();
    let found: i64 = found.map(|one| has(one, "after") - has(one, "before")).sum();
    assert_eq!(found, of("findings"), "findings of {party:?}");
}

/// That what is told is the difference of two reports, in total and for each party.
fn is_the_difference(changes: &Value, old: &Value, new: &Value) {
    let stands = stands(changes);
    let of = |report: &Value| report["summary"]["duties"].clone();
    assert_eq!(grown(&stands, |_| true), difference(&of(old)["total"], &of(new)["total"]), "duties");
    for (figure, state) in STATES {
        assert_eq!(
            grown(&stands, |stand| stand["state"] == state),
            difference(&of(old)[figure], &of(new)[figure]),
            "{state}"
        );
    }
    for (side, report) in [("before", old), ("after", new)] {
        let figures = &changes["figures"][side];
        assert_eq!(figures["duties"], report["summary"]["duties"]["total"], "{side}");
        assert_eq!(figures["commitments"], report["summary"]["commitments"], "{side}");
        assert_eq!(figures["findings"], json!(list(report, "findings").len()), "{side}");
        for (figure, _) in STATES {
            assert_eq!(figures[figure], report["summary"]["duties"][figure], "{side} {figure}");
        }
    }
    for party in list(new, "parties") {
        let id = text(party, "id");
        let Some(was) = list(old, "parties").iter().find(|one| one["id"] == id) else {
            continue;
        };
        for (held, letter) in [("responsible", 'R'), ("accountable", 'A')] {
            let figure = |name: &str| difference(&was["duties"][held][name], &party["duties"][held][name]);
            assert_eq!(grown(&stands, |stand| holds(stand, id, letter)), figure("total"), "{id} {held}");
            for (name, state) in STATES {
                let grown = grown(&stands, |stand| holds(stand, id, letter) && stand["state"] == state);
                assert_eq!(grown, figure(name), "{id} {held} {state}");
            }
        }
    }
}

/// A folder with both, as inventories and as reports.
fn both(one: &Value, other: &Value) -> (Folder, Value, Value) {
    let folder = Folder::new()
        .with("one.yaml", one.to_string())
        .with("other.yaml", other.to_string());
    for name in ["one", "other"] {
        folder
            .run(&["report", &format!("{name}.yaml"), "-o", &format!("{name}.json")])
            .well();
    }
    let report = |name: &str| serde_json::from_str(&folder.read(name)).unwrap();
    let (old, new) = (report("one.json"), report("other.json"));
    (folder, old, new)
}

/// All that is told of what changed, apart from why and from what the sides are called.
pub(crate) fn told(changes: &Value) -> Value {
    let lists = ["figures", "parted", "commitments", "findings"].map(|name| changes[name].clone());
    json!([mirrored(changes, false), lists])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn what_changed_is_the_difference_of_the_figures(one in document(), other in document()) {
        let (folder, old, new) = both(&one, &other);
        for (was, is) in [("one.yaml", "other.yaml"), ("one.json", "other.json"), ("one.yaml", "other.json"), ("one.json", "other.yaml")] {
            let changes = diff(&folder, was, is);
            is_the_difference(&changes, &old, &new);
            adds_up(&changes, None);
        }
    }

    #[test]
    fn what_an_edit_changed_is_the_difference_of_the_figures(one in document(), edits in prop::collection::vec((any::<prop::sample::Index>(), 0..6u8), 1..5)) {
        let (folder, old, new) = both(&one, &edited_by(&one, &edits));
        for (was, is) in [("one.yaml", "other.yaml"), ("one.json", "other.json")] {
            let changes = diff(&folder, was, is);
            is_the_difference(&changes, &old, &new);
            adds_up(&changes, None);
            // Back again it is the same with the other sign.
            let back = diff(&folder, is, was);
            prop_assert_eq!(&back["figures"]["before"], &changes["figures"]["after"]);
            prop_assert_eq!(mirrored(&back, true), mirrored(&changes, false));
            let pieces = |changes: &Value, side: &str| -> usize { list(changes, "parted").iter().map(|parted| list(parted, side).len()).sum() };
            prop_assert_eq!((pieces(&back, "after"), pieces(&back, "before")), (pieces(&changes, "before"), pieces(&changes, "after")));
            for (list_name, there, back_again) in [("commitments", "appeared", "vanished"), ("commitments", "moved", "moved"), ("findings", "opened", "closed"), ("findings", "moved", "moved")] {
                let count = |changes: &Value, kind: &str| list(changes, list_name).iter().filter(|one| one["kind"] == kind).count();
                prop_assert_eq!(count(&changes, there), count(&back, back_again), "{} {}", list_name, there);
                prop_assert_eq!(count(&changes, back_again), count(&back, there), "{} {}", list_name, back_again);
            }
        }
        for party in ["platform", "security", "northwind", "aws"] {
            let cut = folder.run(&["diff", "one.yaml", "other.yaml", "--party", party, "--format", "json"]).json();
            adds_up(&cut, Some(party));
        }
    }

    #[test]
    fn what_is_told_of_an_inventory_is_told_of_its_report_and_its_pack(one in document(), other in document(), seed in any::<u64>()) {
        let (folder, ..) = both(&one, &other);
        // The same in another order, of which the reports are compared.
        let mut turned = one.clone();
        let resources = turned["resources"].as_array_mut().unwrap();
        let turn = usize::try_from(seed % 7).unwrap() % resources.len();
        resources.rotate_left(turn);
        folder.put("turned.yaml", format!("\n# moved\n{turned:#}"));
        folder.run(&["report", "turned.yaml", "-o", "turned.json"]).well();
        folder.run(&["pack", "one.yaml", "-o", "one.zip", "--format", "json"]).well();
        folder.run(&["pack", "one.yaml", "-o", "one", "--format", "json"]).well();
        for (was, is) in [("one.json", "one.json"), ("one.zip", "one.zip"), ("one.yaml", "one.json"), ("one.json", "one.zip"), ("one", "one.yaml"), ("turned.json", "one.json"), ("one.zip", "turned.yaml")] {
            let changes = diff(&folder, was, is);
            for name in ["changes", "parted", "commitments", "findings"] {
                prop_assert_eq!(&changes[name], &json!([]), "{} of {} and {}", name, was, is);
            }
        }
        let (forth, back) = (diff(&folder, "one.zip", "other.json"), diff(&folder, "other.json", "one.zip"));
        prop_assert_eq!(mirrored(&forth, false), mirrored(&back, true));
        prop_assert_eq!(told(&forth), told(&diff(&folder, "one.json", "other.json")));
    }
}
