//! The scanner against the parser that it stands before.

use super::*;
use proptest::prelude::*;
use serde_yaml::Value;

/// How deep lists and maps lie in one another that are written with brackets in the generated texts.
fn depth(value: &Value) -> usize {
    match value {
        Value::Sequence(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Mapping(map) => 1 + map.iter().map(|(key, value)| depth(key).max(depth(value))).max().unwrap_or(0),
        Value::Tagged(tagged) => depth(&tagged.value),
        _ => 0,
    }
}

fn found(text: &str) -> usize {
    (0..).find(|most| too_deep(text, *most).is_none()).unwrap()
}

#[test]
fn only_brackets_that_are_open_count() {
    for (text, expected) in [
        ("[[[]]]", 3),
        ("a: [b, {c: [d]}]", 3),
        ("a: '[[[[' # [[[[\nb: \"[[\\\"[[\"\nc: plain [[[[ text\n  [[[[ goes on\nd: [1]", 1),
        ("a: |\n  [[[[\n  '\nb: >2\n    [[[['\nc: [[1]]", 2),
        ("a 'b: [[]]\nc: it's {[[\n", 2),
        ("- x\n- |\n [[[\n- y: '''[[['\n  z: !t [[]]\n- &a [*a ]", 2),
        ("? [a, [b]]\n: {c: d}\n--- \n[[[]]]", 3),
        ("a: ]]]]\n", 0),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn a_place_is_told() {
    assert_eq!(too_deep("a: [\n  [ [", 2), Some(Position { line: 2, column: 5 }));
}

#[test]
fn time_grows_with_length_alone() {
    for unit in [
        "[", "{", "[a,", "- ", "'", "\"", "a: ", "|\n", "? ", "!", "&a ", "[\n", " #[", "{a: [",
    ] {
        let _ = too_deep(&unit.repeat(300_000), 128);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    /// What the parser takes never lies deeper than was found: nothing hides a bracket from the scanner.
    #[test]
    fn no_bracket_hides(parts in prop::collection::vec(prop_oneof![
        4 => Just("["), 3 => Just("]"), 2 => Just("{"), 2 => Just("}"), 2 => Just(","), 3 => Just("a"), 2 => Just(": "), 2 => Just("\n"),
        2 => Just(" "), 1 => Just("\n  "), 1 => Just("'"), 1 => Just("\""), 1 => Just("- "), 1 => Just("#"), 1 => Just(" #"), 1 => Just("|\n"),
        1 => Just("? "), 1 => Just("!t "), 1 => Just("&x "), 1 => Just("\\"), 1 => Just("\n---\n"), 1 => Just("\t"), 1 => Just("ä"),
    ], 0..24)) {
        let text = parts.concat();
        let blocks = parts.iter().filter(|part| part.contains(':') || part.contains('-') || part.contains('?')).count();
        for document in serde_yaml::Deserializer::from_str(&text) {
            let Ok(value) = <Value as serde::Deserialize>::deserialize(document) else { break };
            // Collections without brackets are one for each sign of one at most.
            prop_assert!(depth(&value) <= found(&text) + blocks, "{text:?}");
        }
    }

    /// Of texts of brackets and quotes alone the depth is found as the parser has it.
    #[test]
    fn depths_are_exact_in_brackets(parts in prop::collection::vec(prop_oneof![
        5 => Just("["), 3 => Just("]"), 3 => Just(","), 2 => Just("a"), 1 => Just("'['"), 1 => Just("\"]\\\"[\""), 1 => Just(" #[\n"), 1 => Just("b'["), 1 => Just("\n"),
    ], 0..30)) {
        let text = format!("[{}", parts.concat());
        if let Ok(value) = serde_yaml::from_str::<Value>(&text) {
            prop_assert_eq!(depth(&value), found(&text), "{:?}", text);
        }
    }
}
