//! Lines around a template, as programs print them: notes before it, how long it took behind it.
//!
//! In: a text in which a template may stand. Out: the same with blank lines in their places, so that what is wrong in the
//! template stands where it did; and how many lines said something.

/// The sections of a template.
const SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Globals",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

/// How many lines may be where a template begins.
const TRIED: usize = 4;

/// The texts that a template may be, the likeliest first, each with how many lines were taken out.
pub(super) fn without(text: &str) -> Vec<(String, usize)> {
    let is_blank = |line: &str| line.trim().is_empty();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let begins = |line: &&str| line.starts_with('{') || is_section(line);
    let starts = lines.iter().enumerate().filter(|(_, line)| begins(line)).map(|(at, _)| at);
    let mut found = Vec::new();
    for start in starts.take(TRIED) {
        let rest: String = lines[start..].concat();
        let length = if rest.starts_with('{') {
            end_of_json(&rest)
        } else {
            end_of_yaml(&lines[start..])
        };
        let Some(length) = length else { continue };
        let before = lines[..start].iter().filter(|line| !is_blank(line)).count();
        let behind = rest[length..].lines().filter(|line| !is_blank(line)).count();
        if before + behind > 0 {
            found.push((format!("{}{}", "\n".repeat(start), &rest[..length]), before + behind));
        }
    }
    found
}

/// Whether a section begins on a line.
fn is_section(line: &str) -> bool {
    let line = line.trim_start_matches(['"', '\'']);
    SECTIONS.iter().any(|section| {
        let rest = line
            .strip_prefix(section)
            .map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
        rest.is_some_and(|rest| rest.starts_with(':'))
    })
}

/// Where the first value of a JSON text ends.
fn end_of_json(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

/// Where the first line stands that is neither indented nor a section's, nor a comment.
fn end_of_yaml(lines: &[&str]) -> Option<usize> {
    let is_of_it = |line: &&&str| line.trim().is_empty() || line.starts_with([' ', '\t', '#', '-', '}', ']']) || is_section(line);
    Some(lines.iter().take_while(is_of_it).map(|line| line.len()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_stands_where_it_did() {
        let text = "> shop@1 synth\n\n[Warning] x\nDescription: a\nResources:\n  A:\n    Type: x\nDone in 3 s.\n";
        assert_eq!(
            without(text),
            [
                ("\n\n\nDescription: a\nResources:\n  A:\n    Type: x\n".to_owned(), 3),
                ("\n\n\n\nResources:\n  A:\n    Type: x\n".to_owned(), 4)
            ]
        );
        assert_eq!(
            without("a\n{\"Resources\": {}}\nDone.\n"),
            [("\n{\"Resources\": {}}".to_owned(), 2)]
        );
        assert_eq!(without("Resources:\n  A: 1\n"), []);
    }
}
