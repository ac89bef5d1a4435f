//! Free text without what identifies.
//!
//! In: text of the user's. Out: the same text with pseudonyms in the place of known originals, and a word in brackets in
//! the place of what looks like an ARN, an address, a path or an account number.

use std::collections::BTreeMap;

/// Replaces known originals and tell-tale patterns.
#[derive(Debug, Default)]
pub struct Scrubber {
    /// Lower-case originals with their pseudonyms, the longest first.
    known: Vec<(String, String)>,
}

/// Originals shorter than this are replaced only where they stand alone as a word.
const WORD: usize = 5;
/// Originals shorter than this say nothing.
const LEAST: usize = 3;

/// Text that is still to be looked at, or settled.
enum Piece {
    Open(String),
    Settled(String),
}

impl Scrubber {
    /// A scrubber of these originals. What `told` tells anyway is left alone.
    pub(super) fn of(known: impl IntoIterator<Item = (String, String)>, told: &[String]) -> Self {
        let told: Vec<String> = told.iter().map(|text| text.to_lowercase()).collect();
        let mut all = BTreeMap::new();
        for (original, name) in known {
            let original = original.trim().to_lowercase();
            let says_nothing = original.chars().count() < LEAST || told.iter().any(|text| text.contains(&original));
            if !says_nothing {
                all.entry(original).or_insert(name);
            }
        }
        let mut known: Vec<(String, String)> = all.into_iter().collect();
        known.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then_with(|| one.0.cmp(&other.0)));
        Self { known }
    }

    /// The text without originals and patterns.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        let mut pieces = vec![Piece::Open(text.to_owned())];
        for (original, name) in &self.known {
            // Most originals stand in none of the pieces.
            let concerned = |piece: &Piece| matches!(piece, Piece::Open(text) if find(text, original).is_some());
            if !pieces.iter().any(concerned) {
                continue;
            }
            pieces = pieces.into_iter().flat_map(|piece| split(piece, original, name)).collect();
        }
        let shown = pieces.into_iter().map(|piece| match piece {
            Piece::Open(text) => without_patterns(&text),
            Piece::Settled(text) => text,
        });
        // What stands on both sides of a pseudonym may only together be an address.
        without_patterns(&shown.collect::<String>())
    }
}

fn split(piece: Piece, original: &str, name: &str) -> Vec<Piece> {
    let Piece::Open(mut text) = piece else { return vec![piece] };
    let mut pieces = Vec::new();
    while let Some((start, end)) = find(&text, original) {
        let rest = text.split_off(end);
        text.truncate(start);
        pieces.push(Piece::Open(std::mem::replace(&mut text, rest)));
        pieces.push(Piece::Settled(name.to_owned()));
    }
    pieces.push(Piece::Open(text));
    pieces
}

/// Where a lower-case original stands in a text of any case.
fn find(text: &str, original: &str) -> Option<(usize, usize)> {
    // Lower case may have other lengths than the text's own; only texts of which that is not so are searched by it.
    let lower = text.to_lowercase();
    let searched = if lower.len() == text.len() { lower.as_str() } else { text };
    let alone = original.chars().count() < WORD;
    searched
        .match_indices(original)
        .map(|(start, _)| (start, start + original.len()))
        .find(|(start, end)| {
            let whole = text.is_char_boundary(*start) && text.is_char_boundary(*end);
            whole && (!alone || !joined(text[..*start].chars().next_back()) && !joined(text[*end..].chars().next()))
        })
}

fn joined(letter: Option<char>) -> bool {
    letter.is_some_and(char::is_alphanumeric)
}

/// The text with a word in brackets for each word that is an ARN, an address or a path, and for account numbers.
fn without_patterns(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for letter in text.chars() {
        if letter.is_whitespace() || matches!(letter, '"' | '\'' | '`' | '<' | '>') {
            out.push_str(&shown(&word));
            word.clear();
            out.push(letter);
        } else {
            word.push(letter);
        }
    }
    out.push_str(&shown(&word));
    out
}

fn shown(word: &str) -> String {
    let core = word.trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
    let tail = &word[core.len()..];
    let lower = core.to_lowercase();
    let what = if lower.contains("arn:") {
        "[ARN]"
    } else if is_mail(core) {
        "[e-mail]"
    } else if core.contains("://") || is_ip(core) {
        "[address]"
    } else if is_path(core) {
        "[path]"
    } else {
        return without_numbers(word);
    };
    format!("{what}{tail}")
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| {
        user.chars().next_back().is_some_and(|letter| !letter.is_whitespace()) && host.chars().next().is_some_and(char::is_alphanumeric)
    })
}

fn is_ip(word: &str) -> bool {
    let word = word.trim_start_matches('(');
    let address = word.split(['/', ':']).next().unwrap_or_default();
    address.parse::<std::net::Ipv4Addr>().is_ok()
}

fn is_path(word: &str) -> bool {
    let word = word.trim_start_matches('(');
    let begins = ["/", "./", "../", "~/", "\\\\"]
        .iter()
        .any(|start| word.len() > start.len() + 1 && word.starts_with(start));
    let drive = word.as_bytes().get(1..3).is_some_and(|part| part == b":\\");
    let file = [".yaml", ".yml", ".json", ".tfstate", ".tf", ".csv"];
    let lower = word.to_lowercase();
    begins || drive || file.iter().any(|ending| lower.ends_with(ending) && lower.len() > ending.len())
}

/// Account numbers: twelve digits, also in groups of four.
fn without_numbers(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut run = String::new();
    let settle = |run: &mut String, out: &mut String| {
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        if digits == 12 {
            out.push_str("[account]");
            out.extend(run.chars().rev().take_while(|letter| *letter == '-'));
        } else {
            out.push_str(run);
        }
        run.clear();
    };
    for letter in word.chars() {
        if letter.is_ascii_digit() || letter == '-' && !run.is_empty() {
            run.push(letter);
        } else {
            settle(&mut run, &mut out);
            out.push(letter);
        }
    }
    settle(&mut run, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scrubber() -> Scrubber {
        let known = [
            ("orders-db", "resource 1"),
            ("db", "resource 2"),
            ("prod", "value 1"),
            ("Jane Doe", "person 1"),
            ("Pay", "value 2"),
        ];
        Scrubber::of(
            known.map(|(original, name)| (original.to_owned(), name.to_owned())),
            &["Example Pay Ltd".to_owned()],
        )
    }

    #[test]
    fn originals_become_pseudonyms() {
        let scrubber = scrubber();
        assert_eq!(
            scrubber.scrub("Orders-DB is run by JANE DOE, see prod"),
            "resource 1 is run by person 1, see value 1"
        );
        assert_eq!(
            scrubber.scrub("products of Example Pay"),
            "products of Example Pay",
            "no word, and told anyway"
        );
    }

    #[test]
    fn what_looks_like_an_address_goes() {
        let scrubber = scrubber();
        for (text, shown) in [
            ("ask jane@example.org, or (bob.x@a.co).", "ask [e-mail], or [e-mail])."),
            ("on arn:aws:s3:::bucket/key now", "on [ARN] now"),
            ("account 111122223333 and 1111-2222-3333.", "account [account] and [account]."),
            ("see https://wiki.corp/x?y=1", "see [address]"),
            ("10.0.0.12/24 and 10.0.0.12:443", "[address] and [address]"),
            (
                "/home/jane/inventory.yaml, C:\\Users\\jane, state.tfstate",
                "[path], [path], [path]",
            ),
            ("2026-11-01 at 7.5 % of 1234567890123", "2026-11-01 at 7.5 % of 1234567890123"),
            ("CI/CD and/or A/R", "CI/CD and/or A/R"),
        ] {
            assert_eq!(scrubber.scrub(text), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_known_remains(before in ".{0,12}", after in ".{0,12}") {
            let shown = scrubber().scrub(&format!("{before}orders-db{after}"));
            prop_assert!(!shown.to_lowercase().contains("orders-db"), "{shown}");
        }
    }
}
