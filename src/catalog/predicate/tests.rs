//! What predicates say of attributes.
#![allow(clippy::unwrap_used)]

use super::*;
use serde_json::json;

fn holds(predicate: &str, attributes: &Value) -> Truth {
    let predicate: Predicate = serde_yaml::from_str(predicate).unwrap();
    predicate.holds(attributes.as_object().unwrap())
}

#[test]
fn missing_is_unknown_and_null_is_unset() {
    assert_eq!(holds("{a: true}", &json!({})), Truth::Unknown);
    assert_eq!(holds("{a: true}", &json!({"a": null})), Truth::No);
    assert_eq!(holds("{a: {present: false}}", &json!({"a": null})), Truth::Yes);
    assert_eq!(holds("{a: {not: true}}", &json!({"a": null})), Truth::Yes);
    assert_eq!(holds("{any: [{a: 1}, {b: 1}]}", &json!({"b": 1})), Truth::Yes);
    assert_eq!(holds("{a: 1, b: 1}", &json!({"b": 2})), Truth::No);
}

#[test]
fn what_says_no_is_not_known_to_be_set() {
    for no in [
        json!("none"),
        json!("N/A"),
        json!("-"),
        json!("TBD"),
        json!("not set"),
        json!("Not-Configured"),
        json!("<nil>"),
        json!("(null)"),
        json!("?"),
        json!("~"),
        json!("nan"),
        json!(0),
        json!(false),
        json!(["none"]),
    ] {
        assert_eq!(holds("{a: {present: true}}", &json!({ "a": no })), Truth::Unknown, "{no}");
        assert_eq!(holds("{a: {present: false}}", &json!({ "a": no })), Truth::Unknown, "{no}");
    }
    assert_eq!(holds("{a: {present: false}}", &json!({"a": " "})), Truth::Yes);
    assert_eq!(holds("{a: {present: true}}", &json!({"a": ["none", "b"]})), Truth::Yes);
    assert_eq!(holds("{a: {present: true}}", &json!({"a": {"b": false}})), Truth::Yes);
}

#[test]
fn a_list_of_nothing_is_not_known_to_be_set() {
    for nothing in [
        json!([null]),
        json!([""]),
        json!([{}]),
        json!([[]]),
        json!([null, ""]),
        json!([NOT_TOLD]),
    ] {
        assert_eq!(holds("{a: {present: true}}", &json!({ "a": nothing })), Truth::Unknown, "{nothing}");
        assert_eq!(
            holds("{a: {present: false}}", &json!({ "a": nothing })),
            Truth::Unknown,
            "{nothing}"
        );
    }
    assert_eq!(holds("{a: {present: true}}", &json!({"a": ["", "b"]})), Truth::Yes);
    // Of a text that is not told is known that it is set: a secret, say.
    assert_eq!(holds("{a: {present: true}}", &json!({"a": NOT_TOLD})), Truth::Yes);
}

#[test]
fn an_item_that_is_no_word_is_neither_found_nor_ruled_out() {
    for items in [
        json!([{"ProcessName": "Launch"}]),
        json!([null]),
        json!([""]),
        json!(["AZRebalance", {"ProcessName": "Launch"}]),
        json!([["AZRebalance", "Launch"]]),
    ] {
        let attributes = json!({ "a": items });
        for predicate in [
            "{a: {contains: Launch}}",
            "{none: [{a: {contains: Launch}}]}",
            "{a: {every: {not: Launch}}}",
        ] {
            assert_eq!(holds(predicate, &attributes), Truth::Unknown, "{predicate} {attributes}");
        }
    }
    let told = json!({"a": ["Launch", null]});
    assert_eq!(holds("{a: {contains: Launch}}", &told), Truth::Yes);
    assert_eq!(holds("{a: {every: {not: Launch}}}", &told), Truth::No);
    assert_eq!(holds("{a: {contains: Launch}}", &json!({"a": []})), Truth::No);
}

#[test]
fn values_compare_as_people_mean_them() {
    assert_eq!(holds("{a: 7}", &json!({"a": "7"})), Truth::Yes);
    assert_eq!(holds("{a: fargate}", &json!({"a": "FARGATE"})), Truth::Yes);
    assert_eq!(holds("{a: true}", &json!({"a": "true"})), Truth::Yes);
    assert_eq!(holds("{a: {at_least: 1}}", &json!({"a": 0})), Truth::No);
}

#[test]
fn what_is_written_in_the_place_of_a_value_is_not_another_one() {
    for open in ["-", "n/a", "TBD", "unknown", "not set", "a b", "A_B"] {
        for predicate in [
            "{a: A-B}",
            "{a: {one_of: [c, A-B]}}",
            "{a: {starts_with: c}}",
            "{a: {not: {ends_with: c}}}",
        ] {
            let is_told = predicate.contains("with") && open.to_lowercase().starts_with('a');
            let expected = if is_told {
                Truth::from(predicate.contains("not"))
            } else {
                Truth::Unknown
            };
            assert_eq!(holds(predicate, &json!({ "a": open })), expected, "{predicate} {open}");
        }
    }
    // What an API calls so is one of its words.
    assert_eq!(holds("{a: on}", &json!({"a": "off"})), Truth::No);
    assert_eq!(holds("{a: on}", &json!({"a": "none"})), Truth::No);
    assert_eq!(holds("{a: UNKNOWN}", &json!({"a": "unknown"})), Truth::Yes);
    assert_eq!(holds("{a: {at_least: 1}}", &json!({"a": "infinity"})), Truth::Unknown);
}

#[test]
fn a_range_is_as_wide_as_its_prefix_says() {
    let narrow = "{a: {every: {prefix: {at_least: 8}}}}";
    assert_eq!(holds(narrow, &json!({"a": ["10.0.0.0/8", "2001:db8::/32"]})), Truth::Yes);
    assert_eq!(holds(narrow, &json!({"a": ["10.0.0.0/8", "0.0.0.0/1"]})), Truth::No);
    assert_eq!(holds(narrow, &json!({"a": ["10.0.0.0/8", "anywhere"]})), Truth::Unknown);
    assert_eq!(holds("{a: {prefix: {at_most: 0}}}", &json!({"a": null})), Truth::No);
    let predicate: Predicate = serde_yaml::from_str("{a: {not: {prefix: {at_least: 8}}}}").unwrap();
    assert_eq!(predicate.words(), "`a` has a prefix that is below 8");
}

#[test]
fn blocks_are_reached_through_lists() {
    let blocks = json!({"m": [{"t": "required"}], "d": [{"e": true}, {"e": false}], "n": []});
    assert_eq!(holds("{m.t: required}", &blocks), Truth::Yes);
    assert_eq!(holds("{n.t: required}", &blocks), Truth::No);
    assert_eq!(holds("{d.e: true}", &blocks), Truth::Yes);
}

#[test]
fn an_end_is_reached_on_its_day() {
    let predicate: Predicate = serde_yaml::from_str("{v: {not: {ended: {'1.33': 2026-07-29, '1.34': 2026-12-02}}}}").unwrap();
    let holds = |version: &str, day: Option<&str>| {
        let attributes = json!({"v": version});
        predicate.holds_on(attributes.as_object().unwrap(), day.map(|day| day.parse().unwrap()))
    };
    assert_eq!(holds("1.34", Some("2026-12-01")), Truth::Yes);
    assert_eq!(holds("1.34", Some("2026-12-02")), Truth::No);
    assert_eq!(holds("1.33", Some("2026-12-01")), Truth::No);
    assert_eq!(holds("1.34", None), Truth::Unknown);
    assert_eq!(holds("1.35", None), Truth::Yes);
    assert_eq!(
        predicate.words(),
        "`v` is not past its end (`1.33` on 2026-07-29, `1.34` on 2026-12-02)"
    );
    // Resources whose versions end on different days are not alike.
    let answers = |version: &str| -> Vec<Truth> {
        let attributes = json!({"v": version});
        predicate
            .questions()
            .iter()
            .map(|one| one.answer(attributes.as_object().unwrap()))
            .collect()
    };
    assert_ne!(answers("1.33"), answers("1.34"));
    assert_eq!(answers("1.35"), answers("1.36"));
    for wrong in ["{v: {ended: [a]}}", "{v: {ended: {a: soon}}}", "{v: {ended: {a: 2026}}}"] {
        assert!(serde_yaml::from_str::<Predicate>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn words_read_as_a_condition() {
    let predicate: Predicate = serde_yaml::from_str("{engine: {starts_with: custom-}, n: {at_least: 2}}").unwrap();
    assert_eq!(predicate.words(), "`engine` begins with `custom-` and `n` is at least 2");
}

/// What is attested of attributes, and what holds of them as a condition.
fn both(predicate: &str, attributes: &Value) -> (Truth, Truth) {
    let predicate: Predicate = serde_yaml::from_str(predicate).unwrap();
    let attributes = attributes.as_object().unwrap();
    (predicate.attested_by(attributes, None), predicate.holds(attributes))
}

#[test]
fn an_attestation_is_universal_and_a_condition_existential() {
    use Truth::{No, Unknown, Yes};
    let mixed = json!({"d": [{"e": true}, {"e": false}]});
    assert_eq!(both("{d.e: true}", &mixed), (No, Yes));
    assert_eq!(both("{d.e: {some: true}}", &mixed), (Yes, Yes));
    assert_eq!(both("{d.e: {each: true}}", &mixed), (No, No));
    // Under a negation it is the other way round: none of the blocks must satisfy it.
    assert_eq!(both("{none: [{d.e: true}]}", &mixed), (No, No));
    assert_eq!(both("{none: [{none: [{d.e: true}]}]}", &mixed), (No, Yes));
    // A block that does not say it leaves it open.
    let silent = json!({"d": [{"e": true}, {"f": 1}]});
    assert_eq!(both("{d.e: true}", &silent), (Unknown, Yes));
    assert_eq!(both("{d.e: false}", &silent), (No, Unknown));
}

#[test]
fn blocks_are_judged_as_a_whole() {
    use Truth::{No, Unknown, Yes};
    let open_ssh = "{rule: {no: {cidr: {contains: 0.0.0.0/0}, covers: {from: from, to: to, any_of: [22, 3389]}}}}";
    let rules = |rules: Value| json!({"rule": rules});
    assert_eq!(
        both(
            open_ssh,
            &rules(json!([{"cidr": ["0.0.0.0/0"], "from": 443, "to": 443}, {"cidr": ["10.0.0.0/8"], "from": 22, "to": 22}]))
        )
        .0,
        Yes
    );
    assert_eq!(
        both(open_ssh, &rules(json!([{"cidr": ["0.0.0.0/0"], "from": 3000, "to": 4000}]))).0,
        No
    );
    assert_eq!(
        both(
            open_ssh,
            &rules(json!([{"cidr": ["10.0.0.0/8", "0.0.0.0/0"], "from": -1, "to": -1}]))
        )
        .0,
        No
    );
    assert_eq!(
        both(open_ssh, &rules(json!([{"cidr": ["0.0.0.0/0"], "from": null, "to": null}]))).0,
        No
    );
    assert_eq!(
        both(open_ssh, &rules(json!([{"cidr": ["0.0.0.0/0"], "from": "20", "to": "25"}]))).0,
        No
    );
    assert_eq!(both(open_ssh, &rules(json!([{"cidr": ["0.0.0.0/0"], "from": 20}]))).0, Unknown);
    assert_eq!(both(open_ssh, &rules(json!([]))).0, Yes);
    assert_eq!(both(open_ssh, &json!({})).0, Unknown);
    // Of no block nothing is shown.
    assert_eq!(both("{v: {each: {encrypted: true}}}", &json!({"v": []})), (Unknown, Unknown));
    assert_eq!(
        both(
            "{v: {each: {encrypted: true}}}",
            &json!({"v": [{"encrypted": true}, {"encrypted": false}]})
        )
        .0,
        No
    );
    assert_eq!(
        both("{v: {some: {a: 1, b: 2}}}", &json!({"v": [{"a": 1, "b": 1}, {"a": 2, "b": 2}]})).0,
        No
    );
    assert_eq!(both("{v: {some: {a: 1, b: 2}}}", &json!({"v": {"a": 1, "b": 2}})).0, Yes);
}

#[test]
fn what_is_no_number_and_no_switch_tells_nothing() {
    assert_eq!(holds("{a: {at_least: 1}}", &json!({"a": "${var.days}"})), Truth::Unknown);
    assert_eq!(holds("{a: {at_least: 1}}", &json!({"a": null})), Truth::No);
    assert_eq!(holds("{a: true}", &json!({"a": "${var.on}"})), Truth::Unknown);
    assert_eq!(holds("{a: true}", &json!({"a": {"Ref": "On"}})), Truth::Unknown);
    assert_eq!(holds("{a: {not: true}}", &json!({"a": "${var.on}"})), Truth::Unknown);
    for number in [0, 1] {
        assert_eq!(holds("{a: true}", &json!({"a": number})), Truth::Unknown);
        assert_eq!(holds("{a: {not: true}}", &json!({"a": number})), Truth::Unknown);
    }
    assert_eq!(holds("{a: false}", &json!({"a": "False"})), Truth::Yes);
}

#[test]
fn a_predicate_names_all_that_it_looks_at() {
    let predicate: Predicate = serde_yaml::from_str("{a.b: 1, none: [{c: {no: {d: 1, covers: {from: e, to: f, any_of: [1]}}}}]}").unwrap();
    assert_eq!(predicate.attributes(), ["a.b", "c.d", "c.e", "c.f"]);
}

#[test]
fn wrong_blocks_are_refused() {
    for wrong in [
        "{a: {no: 1}}",
        "{covers: {from: a}}",
        "{covers: {from: a, to: b, any_of: []}}",
        "{a: {each: {}}}",
        "{a: {each: {v: {ended: {x: 2026-01-01}}}}}",
    ] {
        assert!(serde_yaml::from_str::<Predicate>(wrong).is_err(), "{wrong}");
    }
}

proptest::proptest! {
    /// What is attested holds as a condition too wherever there is a block, and resources that answer alike are judged alike.
    #[test]
    fn attestation_is_the_stronger(values in proptest::collection::vec(proptest::option::of(0u8..3), 1..4), wanted in 0u8..3) {
        let blocks: Vec<Value> = values.iter().map(|value| value.map_or_else(|| json!({}), |value| json!({"n": value}))).collect();
        let attributes = json!({"b": blocks});
        for text in [format!("{{b.n: {wanted}}}"), format!("{{b.n: {{at_most: {wanted}}}}}"), format!("{{b: {{each: {{n: {wanted}}}}}}}")] {
            let (attested, condition) = both(&text, &attributes);
            if attested == Truth::Yes {
                proptest::prop_assert_eq!(condition, Truth::Yes);
            }
        }
    }

    #[test]
    fn of_a_range_that_ends_before_it_begins_nothing_is_known(from in -2i32..9, to in -2i32..9) {
        let range = json!({"f": from, "t": to});
        for text in ["{covers: {from: f, to: t, any_of: [2, 4]}}", "{none: [{covers: {from: f, to: t, any_of: [2, 4]}}]}"] {
            let predicate: Predicate = serde_yaml::from_str(text).unwrap();
            let holds = predicate.holds(range.as_object().unwrap());
            proptest::prop_assert_eq!(holds == Truth::Unknown, from > to, "{} {}", text, range);
        }
    }

    #[test]
    fn ranges_that_answer_alike_are_alike(a in -1i32..6, b in -1i32..6, c in -1i32..6, d in -1i32..6) {
        let predicate: Predicate = serde_yaml::from_str("{covers: {from: f, to: t, any_of: [2, 4]}}").unwrap();
        let (one, other) = (json!({"f": a, "t": b}), json!({"f": c, "t": d}));
        let (one, other) = (one.as_object().unwrap(), other.as_object().unwrap());
        if predicate.questions().iter().all(|question| question.answer(one) == question.answer(other)) {
            proptest::prop_assert_eq!(predicate.holds(one), predicate.holds(other));
        }
    }
}
