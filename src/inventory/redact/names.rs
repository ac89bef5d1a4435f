//! Pseudonyms: one for each original, whatever file or line it stands in.
//!
//! In: the originals. Out: names that are numbered in the order of the originals, so that they are the same on every run.

use super::fold::{Folded, Spelling};
use std::collections::{BTreeMap, BTreeSet};

/// Originals and their pseudonyms.
pub(super) struct Names {
    pub(super) of: BTreeMap<String, String>,
}

impl Names {
    /// `resource 01`, `resource 02`, ...: of equal width, so that they sort as they count.
    pub(super) fn numbered(word: &str, originals: BTreeSet<String>) -> Self {
        let width = originals.len().to_string().len();
        let of = originals.into_iter().zip(1_usize..);
        Self {
            of: of
                .map(|(original, number)| (original, format!("{word} {number:0width$}")))
                .collect(),
        }
    }

    /// `person 1`, `person 2`, ...: who is written in two ways (other case, composition or spaces) is one.
    pub(super) fn of_people(word: &str, originals: BTreeSet<String>) -> Self {
        let folded = |name: &str| Folded::of(name.trim(), Spelling::Plain).text.trim_end().to_owned();
        let mut firsts: BTreeMap<String, String> = BTreeMap::new();
        for name in &originals {
            firsts.entry(folded(name)).or_insert_with(|| name.clone());
        }
        let names = Self::numbered(word, firsts.values().cloned().collect());
        let shown = |name: &String| firsts.get(&folded(name)).map_or_else(|| name.clone(), |first| names.show(first));
        Self {
            of: originals.iter().map(|name| (name.clone(), shown(name))).collect(),
        }
    }

    /// `account A`, ..., `account Z`, `account AA`, ...
    pub(super) fn lettered(word: &str, originals: BTreeSet<String>) -> Self {
        let of = originals.into_iter().zip(0_usize..);
        Self {
            of: of
                .map(|(original, number)| (original, format!("{word} {}", letters(number))))
                .collect(),
        }
    }

    /// The pseudonym of an original; what has none, such as a party that owns something, stays.
    pub(super) fn show(&self, original: &str) -> String {
        self.of.get(original).cloned().unwrap_or_else(|| original.to_owned())
    }
}

/// 0 is A, 25 is Z, 26 is AA.
fn letters(number: usize) -> String {
    let (mut left, mut letters) = (number + 1, Vec::new());
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or_default()));
        left /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count_on_behind_z() {
        let shown = [0, 1, 25, 26, 27, 701, 702].map(letters);
        assert_eq!(shown, ["A", "B", "Z", "AA", "AB", "ZZ", "AAA"]);
    }

    #[test]
    fn numbers_sort_as_they_count() {
        let names = Names::numbered("resource", (0..12).map(|number| format!("x{number:02}")).collect());
        assert_eq!(names.show("x00"), "resource 01");
        assert_eq!(names.show("x11"), "resource 12");
        assert_eq!(names.show("other"), "other");
    }
}
