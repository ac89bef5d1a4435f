//! The Content-Security-Policy of a page.
//!
//! In: a rendered page whose head names the policy by [`POLICY`]. Out: the page with a policy that admits the styles and
//! scripts of its head by their SHA-256, pictures and fonts from within the page, and nothing else: nothing from the network, no
//! attribute that is a style or a script, and nothing in the body, whatever a text should have smuggled in there.

use super::font::FACE;
use base64::Engine as _;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// What `page.html` gets as `policy`, to stand as the content of its `meta` element. By itself it would admit nothing.
pub const POLICY: &str = "default-src about:made-when-all-is-rendered";

/// The page with its policy.
#[must_use]
pub fn sealed(page: &str) -> String {
    let head = page.find("<body").map_or(page, |end| &page[..end]);
    let mut policy = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:".to_owned();
    if head.contains(FACE) {
        policy.push_str("; font-src data:");
    }
    for (name, tag) in [("style-src", "style"), ("script-src", "script")] {
        let hashes: Vec<String> = elements(head, tag).map(hash).collect();
        if !hashes.is_empty() {
            // Writing to a String never fails.
            let _ = write!(policy, "; {name} {}", hashes.join(" "));
        }
    }
    match head.find(POLICY) {
        Some(at) => format!("{}{policy}{}", &page[..at], &page[at + POLICY.len()..]),
        None => page.to_owned(),
    }
}

/// The contents of the elements of a name. Of those with attributes none is meant to run.
fn elements<'a>(head: &'a str, tag: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}"));
    let mut rest = head;
    std::iter::from_fn(move || {
        let after = &rest[rest.find(&open)? + open.len()..];
        let end = after.find(&close)?;
        rest = &after[end..];
        Some(&after[..end])
    })
}

/// A text as the policy names it. Browsers read line ends of every kind as line feeds.
fn hash(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!("'sha256-{digest}'")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_head_is_admitted_and_nothing_else() {
        let page = format!(
            "<head><meta content=\"{POLICY}\"><style>a</style><script>b\r\n</script><script type=x>c</script></head>\
             <body><style>d</style>{POLICY}</body>"
        );
        let (a, b) = (hash("a"), hash("b\n"));
        assert_eq!(a, "'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='");
        let policy = format!("default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src {a}; script-src {b}");
        assert_eq!(sealed(&page), page.replacen(POLICY, &policy, 1));
        assert_eq!(sealed("<p>no head"), "<p>no head");
    }
}
