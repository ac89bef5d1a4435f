//! What a decoder says, in words for people who have never heard of it.
//!
//! In: the text of an error of `serde`. Out: a sentence without its words for Rust's types.

/// What the decoder's words for kinds of values mean.
const KINDS: &[(&str, &str)] = &[
    ("unit", "nothing"),
    ("null", "nothing"),
    ("boolean", "true or false"),
    ("integer", "a number"),
    ("floating point", "a number"),
    ("string", "a text"),
    ("character", "a text"),
    ("sequence", "a list"),
    ("map", "a map of fields"),
    ("struct", "a map of fields"),
    ("newtype", "a value"),
    ("Option", "a value or nothing"),
    ("enum", "one of a few words"),
    ("bool", "true or false"),
    ("u8", "a whole number"),
    ("u16", "a whole number"),
    ("u32", "a whole number"),
    ("u64", "a whole number"),
    ("usize", "a whole number"),
    ("i8", "a whole number"),
    ("i16", "a whole number"),
    ("i32", "a whole number"),
    ("i64", "a whole number"),
    ("f32", "a number"),
    ("f64", "a number"),
    ("a string", "a text"),
    ("a boolean", "true or false"),
    ("a map", "a map of fields"),
    ("a sequence", "a list"),
];

/// The sentence.
#[must_use]
pub(crate) fn without_serde(error: &str) -> String {
    let end = error.rfind(" at line ").unwrap_or(error.len());
    let text = error.get(..end).unwrap_or(error);
    let text = text
        .rsplit_once(": unknown ")
        .map_or(text, |(before, _)| text.get(before.len() + 2..).unwrap_or(text));
    let name = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    if text.contains("did not match any variant") {
        return "a value has none of the shapes that belong here".to_owned();
    }
    if let Some((_, rest)) = text.split_once("missing field ") {
        return format!("`{}` is missing", name(rest));
    }
    if let Some((_, rest)) = text.split_once("duplicate field ") {
        return format!("`{}` stands twice", name(rest));
    }
    if let Some((_, rest)) = text.split_once("unknown field ") {
        return format!("unknown field `{}`", name(rest));
    }
    if let Some((_, rest)) = text.split_once("unknown variant ") {
        return format!("`{}` is not allowed here", name(rest));
    }
    for mark in ["invalid type: ", "invalid value: ", "invalid length "] {
        if let Some((_, rest)) = text.split_once(mark) {
            let (found, expected) = rest.rsplit_once(", expected ").unwrap_or((rest, ""));
            let found = KINDS
                .iter()
                .find(|(word, _)| found.starts_with(word))
                .map_or("a value", |(_, kind)| *kind);
            let first = expected.split([' ', '<']).next().unwrap_or_default();
            let expected = KINDS
                .iter()
                .find(|(word, _)| *word == expected || *word == first)
                .map_or("another kind of value", |(_, kind)| *kind);
            return format!("{found} stands where {expected} belongs");
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_the_language_are_not_named() {
        for (error, expected) in [
            (
                "invalid type: string \"x\", expected u64 at line 1 column 2",
                "a text stands where a whole number belongs",
            ),
            (
                "invalid type: Option value, expected a string",
                "a value or nothing stands where a text belongs",
            ),
            (
                "services: invalid type: map, expected a sequence",
                "a map of fields stands where a list belongs",
            ),
            (
                "invalid type: integer `5`, expected struct Party with 3 elements",
                "a number stands where a map of fields belongs",
            ),
            (
                "data did not match any variant of untagged enum Words",
                "a value has none of the shapes that belong here",
            ),
            ("missing field `id` at line 3 column 1", "`id` is missing"),
            ("unknown field `x`, expected one of `a`, `b`", "unknown field `x`"),
            ("unknown variant `x`, expected unit variant", "`x` is not allowed here"),
            ("an own sentence", "an own sentence"),
        ] {
            assert_eq!(without_serde(error), expected);
        }
    }
}
