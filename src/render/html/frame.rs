//! The body within the page around it.
//!
//! In: a page that was rendered with [`BODY`] for its body. Out: the page with the body in its place. The body is by far the
//! largest part of a page, and templates would copy it several times.

/// Stands in a page for its body until all else is rendered. Escaped it is another text, so that nothing but a template
/// that prints the body as it is can hold it.
pub const BODY: &str = "<!-- the body, when all else is rendered -->";

/// The page with its body; `None` where it has no place for one.
#[must_use]
pub fn filled(page: &str, body: &str) -> Option<String> {
    let (before, after) = page.split_once(BODY)?;
    let mut filled = String::with_capacity(page.len() + body.len());
    for part in [before, body, after] {
        filled.push_str(part);
    }
    // Printed twice, it would have every id twice.
    (!after.contains(BODY)).then_some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_stands_where_the_page_has_room_for_one() {
        assert_eq!(filled(&format!("<p>{BODY}</p>"), "a").as_deref(), Some("<p>a</p>"));
        assert_eq!(filled("<p>", "a"), None);
        assert_eq!(filled(&format!("{BODY}{BODY}"), "a"), None);
        assert_eq!(filled(&BODY.replace('<', "&lt;"), "a"), None);
    }
}
