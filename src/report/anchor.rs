//! Anchors of headings, which tables of the Report link to.
//!
//! In: the text of a heading. Out: its anchor.

/// The anchor of a heading as forges make it: lower case, letters, digits, hyphens and underscores kept, a space
/// turned into a hyphen, anything else dropped. Repetitions within a document get `-1`, `-2`, ... on top.
/// A text without any such character gives `section`, because an empty anchor leads nowhere.
#[must_use]
pub fn slug(text: &str) -> String {
    let slug: String = text
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            _ => c.is_alphanumeric().then_some(c),
        })
        .collect();
    if slug.is_empty() { "section".to_owned() } else { slug }
}
