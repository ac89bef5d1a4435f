//! Patterns of names: exact, or a prefix that ends in `*`.
//!
//! In: a pattern and a name. Out: whether it is one of those that are meant.

/// Whether a pattern (exact, or a prefix that ends in `*`) matches, letter case aside.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)),
        None => pattern.eq_ignore_ascii_case(name),
    }
}
