//! Free text without what identifies.
//!
//! In: text of the user's. Out: the same text with pseudonyms in the place of known originals, and a word in brackets in
//! the place of what looks like an ARN, an address, a path or an account number.
//!
//! An original is found however it is written: folded (see [`super::fold`]), plain or escaped, and, where it is long
//! enough to be told from chance, whatever marks and spaces stand between its letters, such as `1111-2222-3333` for an
//! account or `orders_ledger db` for `orders-ledger-db`. Where several overlap, the widest names the place, and nothing of
//! the others remains.

use super::fold::{Folded, Spelling, weight};
use super::patterns;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// Replaces known originals and tell-tale patterns.
#[derive(Debug, Default)]
pub struct Scrubber {
    folded: Search,
    tight: Search,
}

/// Originals in one form, with what they become.
#[derive(Debug, Default)]
struct Search {
    /// The originals and their pseudonyms.
    known: Vec<(String, String)>,
    /// Each finds those that follow each other from an index on.
    machines: Vec<(usize, AhoCorasick)>,
}

/// Originals that weigh less than this are replaced only where they stand alone as a word.
const WORD: usize = 5;
/// Originals that weigh less than this say nothing.
const LEAST: usize = 3;
/// So many letters and digits are told from chance whatever stands between them; fewer do where the original has marks
/// or digits itself.
const TIGHT: usize = 8;
const TIGHT_WITH_MARKS: usize = 6;
/// Most characters between two letters of an original that is written with marks and spaces.
const GAP: usize = 6;

/// A place of the text that something else takes.
struct Region<'a> {
    range: Range<usize>,
    shown: &'a str,
    /// Whether it is a pseudonym and not only a word in brackets.
    known: bool,
}

impl Search {
    fn of(known: BTreeMap<String, String>) -> Self {
        let mut search = Self {
            known: known.into_iter().collect(),
            machines: Vec::new(),
        };
        search.build(0..search.known.len());
        search
    }

    /// Machines for these originals: one, or where that would be too large for its numbers, one for each half.
    fn build(&mut self, range: Range<usize>) {
        let Some(known) = self.known.get(range.clone()).filter(|known| !known.is_empty()) else {
            return;
        };
        let originals = known.iter().map(|(original, _)| original);
        match AhoCorasick::builder().match_kind(MatchKind::Standard).build(originals) {
            Ok(machine) => self.machines.push((range.start, machine)),
            Err(_) if range.len() > 1 => {
                let middle = range.start + range.len() / 2;
                self.build(range.start..middle);
                self.build(middle..range.end);
            }
            // A single original of 2 GiB: no text is as long.
            Err(_) => {}
        }
    }

    /// Everywhere that any original stands, overlapping ones included.
    fn find<'s, 't>(&'s self, text: &'t str) -> impl Iterator<Item = (Range<usize>, &'s (String, String))> + use<'s, 't> {
        self.machines.iter().flat_map(move |(first, machine)| {
            let found = machine.find_overlapping_iter(text);
            found.filter_map(move |found| Some((found.range(), self.known.get(first + found.pattern().as_usize())?)))
        })
    }
}

impl Scrubber {
    /// A scrubber of these originals. What `told` tells anyway is left alone.
    pub(super) fn of(known: impl IntoIterator<Item = (String, String)>, told: &[String]) -> Self {
        let told: Vec<Folded> = told.iter().map(|text| Folded::of(text, Spelling::Plain)).collect();
        let told: Vec<(String, String)> = told.into_iter().map(|folded| (folded.tight().text, folded.text)).collect();
        let (mut literal, mut tight) = (BTreeMap::new(), BTreeMap::new());
        for (original, name) in known {
            for spelling in [Spelling::Plain, Spelling::Escaped] {
                let folded = Folded::of(original.trim(), spelling);
                let text = folded.text.trim();
                if weight(text) < LEAST || told.iter().any(|(_, told)| told.contains(text)) {
                    continue;
                }
                let letters = folded.tight().text;
                let count = letters.chars().count();
                let marked = letters.len() < text.len() || letters.contains(|letter: char| letter.is_ascii_digit());
                let is_told = told.iter().any(|(told, _)| told.contains(&letters));
                if !is_told && (count >= TIGHT || marked && count >= TIGHT_WITH_MARKS) {
                    tight.entry(letters).or_insert_with(|| name.clone());
                }
                literal.entry(text.to_owned()).or_insert_with(|| name.clone());
            }
        }
        Self {
            folded: Search::of(literal),
            tight: Search::of(tight),
        }
    }

    /// The text without originals and patterns.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        let mut regions = Vec::new();
        let plain = Folded::of(text, Spelling::Plain);
        let escaped = Folded::of(text, Spelling::Escaped);
        self.regions(&plain, &mut regions);
        if escaped.text != plain.text {
            self.regions(&escaped, &mut regions);
        }
        replaced(text, regions)
    }

    /// All that is to be replaced in a folded text, by its place in the original.
    fn regions<'s>(&'s self, folded: &Folded, regions: &mut Vec<Region<'s>>) {
        let text = folded.text.as_str();
        for (range, (original, name)) in self.folded.find(text) {
            if weight(original) >= WORD || stands_alone(text, &range, char::is_alphanumeric) {
                regions.push(Region {
                    range: folded.original(range),
                    shown: name,
                    known: true,
                });
            }
        }
        let tight = folded.tight();
        for (range, (original, name)) in self.tight.find(&tight.text) {
            let range = tight.original(range);
            let is_number = original.bytes().all(|byte| byte.is_ascii_digit());
            let alone = if is_number {
                stands_alone(text, &range, |letter| letter.is_ascii_digit())
            } else {
                stands_alone(text, &range, char::is_alphanumeric)
            };
            if alone && is_close(&text[range.clone()]) {
                regions.push(Region {
                    range: folded.original(range),
                    shown: name,
                    known: true,
                });
            }
        }
        regions.extend(patterns::telling(text).into_iter().map(|(range, shown)| Region {
            range: folded.original(range),
            shown,
            known: false,
        }));
    }
}

/// Whether no letter of that sort stands on either side of a range.
fn stands_alone(text: &str, range: &Range<usize>, joined: impl Fn(char) -> bool) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !before.is_some_and(&joined) && !after.is_some_and(&joined)
}

/// Whether the letters of a text stand near each other.
fn is_close(text: &str) -> bool {
    text.split(char::is_alphanumeric).all(|gap| gap.chars().count() <= GAP)
}

/// The text with each region replaced. Those that overlap are one, and show what the widest of them shows.
fn replaced(text: &str, mut regions: Vec<Region<'_>>) -> String {
    let order = |region: &Region<'_>| (region.range.start, std::cmp::Reverse(region.range.end), !region.known);
    regions.sort_by(|one, other| (order(one), one.shown).cmp(&(order(other), other.shown)));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut regions = regions.into_iter().filter(|region| !region.range.is_empty()).peekable();
    while let Some(mut widest) = regions.next() {
        let (start, mut end) = (widest.range.start, widest.range.end);
        while let Some(next) = regions.next_if(|next| next.range.start < end) {
            end = end.max(next.range.end);
            let wider = next.range.len().cmp(&widest.range.len());
            if wider.then(next.known.cmp(&widest.known)).is_gt() {
                widest = next;
            }
        }
        out.push_str(&text[done..start]);
        out.push_str(widest.shown);
        done = end;
    }
    out.push_str(&text[done..]);
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
            ("ask jane@example.org, or (bob.x@a.co).", "ask [e-mail], or ([e-mail])."),
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
