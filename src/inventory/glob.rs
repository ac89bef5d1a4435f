//! Patterns of paths, as a shell has them: `*`, `?`, `[a-z]`, and `**` for any folders.
//!
//! In: a pattern and paths. Out: whether a path fits. Time grows with the length of the pattern times that of the path, and
//! no pattern takes more: of several places to go back to only the last can lead further.

use std::path::{Component, Path};

/// A pattern, read once.
pub(super) struct Glob(Vec<Part>);

/// What one part of a path must be.
enum Part {
    /// `**`
    Folders,
    Name(Vec<Piece>),
}

/// What a letter, or some letters, must be.
enum Piece {
    /// `*`
    Letters,
    /// `?`
    Letter,
    Exactly(char),
    Set {
        letters: Vec<char>,
        ranges: Vec<(char, char)>,
        not: bool,
    },
}

impl Glob {
    pub(super) fn new(pattern: &Path) -> Self {
        let part = |text: String| if text == "**" { Part::Folders } else { Part::Name(pieces(&text)) };
        Self(parts(pattern).into_iter().map(part).collect())
    }

    pub(super) fn takes(&self, path: &Path) -> bool {
        let is_folders = |part: &Part| matches!(part, Part::Folders);
        fits(&self.0, &parts(path), is_folders, |part, name| match part {
            Part::Folders => true,
            Part::Name(pieces) => {
                let letters: Vec<char> = name.chars().collect();
                fits(
                    pieces,
                    &letters,
                    |piece| matches!(piece, Piece::Letters),
                    |piece, letter| piece.takes(*letter),
                )
            }
        })
    }
}

impl Piece {
    fn takes(&self, letter: char) -> bool {
        match self {
            Self::Letters | Self::Letter => true,
            Self::Exactly(wanted) => *wanted == letter,
            Self::Set { letters, ranges, not } => {
                let inside = letters.contains(&letter) || ranges.iter().any(|(first, last)| (*first..=*last).contains(&letter));
                inside != *not
            }
        }
    }
}

/// Whether items fit a pattern, some of whose parts take any number of them.
fn fits<P, I>(pattern: &[P], items: &[I], takes_any: impl Fn(&P) -> bool, takes: impl Fn(&P, &I) -> bool) -> bool {
    let (mut at, mut item) = (0, 0);
    // Behind the last part that takes any number, and the item that it takes next if this goes wrong.
    let mut back = None;
    while item < items.len() {
        match pattern.get(at) {
            Some(part) if takes_any(part) => {
                at += 1;
                back = Some((at, item));
            }
            Some(part) if takes(part, &items[item]) => {
                at += 1;
                item += 1;
            }
            _ => {
                let Some((behind, taken)) = back else { return false };
                back = Some((behind, taken + 1));
                at = behind;
                item = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(takes_any)
}

fn pieces(text: &str) -> Vec<Piece> {
    let letters: Vec<char> = text.chars().collect();
    // Behind the last `]` no set can end.
    let last = letters.iter().rposition(|letter| *letter == ']').unwrap_or(0);
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        at += 1;
        pieces.push(match letter {
            '*' => Piece::Letters,
            '?' => Piece::Letter,
            // A set has one letter at least: the first may be `]`.
            '[' if at < last => {
                let end = at + 1 + letters[at + 1..].iter().position(|letter| *letter == ']').unwrap_or(0);
                let (set, not) = match &letters[at..end] {
                    ['!' | '^', set @ ..] => (set, true),
                    set => (set, false),
                };
                at = end + 1;
                let range = |three: &[char]| (three[1] == '-').then_some((three[0], three[2]));
                Piece::Set {
                    letters: set.to_vec(),
                    ranges: set.windows(3).filter_map(range).collect(),
                    not,
                }
            }
            other => Piece::Exactly(*other),
        });
    }
    pieces
}

fn parts(path: &Path) -> Vec<String> {
    path.components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Glob::new(Path::new(pattern)).takes(Path::new(path))
    }

    #[test]
    fn patterns_match_as_in_a_shell() {
        for (pattern, path, wanted) in [
            ("*.tfstate", "a.tfstate", true),
            ("*.tfstate", "x/a.tfstate", false),
            ("**/*.tfstate", "a.tfstate", true),
            ("**/*.tfstate", "x/y/a.tfstate", true),
            ("**/x/**/*.json", "a/x/b/x/c.json", true),
            ("**/x/*.json", "a/x/b/x/c.json", true),
            ("x/**", "x/y/z", true),
            ("x/?.json", "x/a.json", true),
            ("x/?.json", "x/ab.json", false),
            ("x/[a-c].json", "x/b.json", true),
            ("x/[!a-c].json", "x/b.json", false),
            ("[", "[", true),
            ("[]", "[]", true),
            ("[]]", "]", true),
            ("a[", "a[", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1b2", false),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, path), wanted, "{pattern} {path}");
        }
    }

    #[test]
    fn no_pattern_takes_long() {
        let name = "a".repeat(4_000);
        for unit in ["*a", "**a", "[a-z]*", "?*", "*"] {
            assert!(!matches(&format!("{}b", unit.repeat(1_000)), &name));
        }
        let folders = "a/".repeat(1_000);
        assert!(!matches(&format!("{}b", "**/a/".repeat(500)), &folders));
    }

    /// The rule itself, without regard to time.
    fn plainly(pattern: &[char], name: &[char]) -> bool {
        match (pattern, name) {
            ([], []) => true,
            (['*', rest @ ..], _) => (0..=name.len()).any(|skipped| plainly(rest, &name[skipped..])),
            (['?', rest @ ..], [_, letters @ ..]) => plainly(rest, letters),
            ([first, rest @ ..], [letter, letters @ ..]) => first == letter && plainly(rest, letters),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn going_back_once_is_enough(pattern in "[ab*?]{0,8}", name in "[ab]{0,8}") {
            prop_assume!(pattern != "**");
            let letters = |text: &str| text.chars().collect::<Vec<char>>();
            let simple = |text: &str| fits(&pieces(text), &letters(&name), |piece| matches!(piece, Piece::Letters), |piece, letter| piece.takes(*letter));
            prop_assert_eq!(simple(&pattern), plainly(&letters(&pattern), &letters(&name)));
        }
    }
}
