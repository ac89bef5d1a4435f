//! A text as it is compared: without regard to case, accents, composition, kinds of spaces and what prints as nothing.
//!
//! In: any text. Out: the folded text, and for each of its bytes the bytes of the original that it stands for.
//!
//! - Letters are decomposed (NFKD), lose their marks, and are folded as Unicode's full case folding does: `İ`, `I`, `ı`
//!   and `i` are one, `ß` is `ss`, `Ａ` is `a`. Digits of any script are ASCII digits.
//! - A run of spaces, line breaks among them, is one space; kinds of dashes are `-`, kinds of apostrophes `'`. What prints
//!   as nothing is left out.
//! - With [`Spelling::Escaped`] what HTML, Markdown, JSON and addresses spell otherwise is read as what it means:
//!   `&uuml;`, `\_`, `\u00fc`, `%C3%BC`. As a backslash may also just be one, callers look at both.

use crate::diagnostics::characters::is_ignorable;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// How a text is spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Every character stands for itself.
    Plain,
    /// Escapes stand for what they mean.
    Escaped,
}

/// A text folded.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// What is compared.
    pub(super) text: String,
    /// The bytes of the original that each byte of `text` stands for.
    from: Vec<(usize, usize)>,
}

impl Folded {
    pub(super) fn of(text: &str, spelling: Spelling) -> Self {
        let mut letters: Vec<(char, Range<usize>)> = text
            .char_indices()
            .map(|(at, letter)| (letter, at..at + letter.len_utf8()))
            .collect();
        if spelling == Spelling::Escaped && text.contains(['&', '%', '\\', '<']) {
            // What was escaped twice needs two rounds.
            for _ in 0..2 {
                letters = super::escapes::read(&letters);
            }
        }
        let mut folded = Self::default();
        for (letter, from) in letters {
            folded.push(letter, from);
        }
        folded
    }

    /// The bytes of the original that a range of the folded text stands for.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.from.get(range.start).map_or(0, |from| from.0);
        let end = range
            .end
            .checked_sub(1)
            .and_then(|last| self.from.get(last))
            .map_or(start, |from| from.1);
        start..end
    }

    /// The same without all that is neither letter nor digit; its original is this folded text.
    pub(super) fn tight(&self) -> Self {
        let mut tight = Self::default();
        for (at, letter) in self.text.char_indices().filter(|(_, letter)| letter.is_alphanumeric()) {
            tight.add(letter, (at, at + letter.len_utf8()));
        }
        tight
    }

    fn push(&mut self, letter: char, from: Range<usize>) {
        let space = letter.is_whitespace() || letter == '\u{2800}';
        if !space && (is_ignorable(letter) || letter.is_control()) {
            self.extend(from.end);
            return;
        }
        if space {
            if self.text.ends_with(' ') {
                self.extend(from.end);
            } else {
                self.add(' ', (from.start, from.end));
            }
            return;
        }
        let before = self.text.len();
        for part in std::iter::once(letter).nfkd().filter(|part| !is_mark(*part)) {
            for upper in part.to_uppercase() {
                for lower in upper.to_lowercase() {
                    for one in std::iter::once(lower).nfkd().filter(|one| !is_mark(*one)) {
                        self.add(alike(one), (from.start, from.end));
                    }
                }
            }
        }
        // A mark belongs to the letter before it.
        if self.text.len() == before {
            self.extend(from.end);
        }
    }

    fn add(&mut self, letter: char, from: (usize, usize)) {
        self.text.push(letter);
        self.from.resize(self.text.len(), from);
    }

    /// The last letter reaches as far as this.
    fn extend(&mut self, end: usize) {
        if let Some(&(start, _)) = self.from.last() {
            let length = self.text.chars().next_back().map_or(0, char::len_utf8);
            let first = self.from.len() - length;
            self.from[first..].fill((start, end));
        }
    }
}

/// Marks that accents are made of, and those of reading in Hebrew and Arabic. The signs that write the vowels of other
/// scripts are letters and stay.
fn is_mark(letter: char) -> bool {
    matches!(
        letter,
        '\u{300}'..='\u{36f}'
            | '\u{483}'..='\u{489}'
            | '\u{591}'..='\u{5c7}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{3099}'..='\u{309a}'
            | '\u{fe20}'..='\u{fe2f}'
    ) || is_ignorable(letter)
}

/// One character for all that look and mean the same.
fn alike(letter: char) -> char {
    match letter {
        letter if letter.is_ascii() => letter,
        'ı' => 'i',
        'ø' => 'o',
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        '\u{2212}' => '-',
        '‘' | '’' | '‛' | 'ʼ' | '´' | '′' | 'ʹ' => '\'',
        letter => match letter.general_category() {
            GeneralCategory::DashPunctuation => '-',
            GeneralCategory::DecimalNumber => digit(letter),
            GeneralCategory::SpaceSeparator => ' ',
            _ => letter,
        },
    }
}

/// The ASCII digit of a digit of any script: digits of a script follow each other from zero, ten by ten.
fn digit(letter: char) -> char {
    let is_digit = |code: u32| char::from_u32(code).is_some_and(|one| one.general_category() == GeneralCategory::DecimalNumber);
    let code = u32::from(letter);
    let below = (1..=code).take_while(|step| is_digit(code - step)).count();
    u32::try_from(below)
        .ok()
        .and_then(|below| char::from_digit(below % 10, 10))
        .unwrap_or(letter)
}

/// How much a text tells of a name: a letter of a script that writes syllables or words tells as much as three others.
pub(super) fn weight(folded: &str) -> usize {
    let of = |letter: char| match letter {
        '\u{3040}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => 3,
        _ => 1,
    };
    folded.chars().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        Folded::of(text, Spelling::Plain).text
    }

    #[test]
    fn what_looks_alike_is_alike() {
        for (one, other) in [
            ("İlker YILMAZ", "ilker yılmaz"),
            ("José García", "JOSE\u{301} GARCI\u{301}A"),
            ("Zeynep\r\n   Kaya", "zeynep\u{a0}kaya"),
            ("Straße", "STRASSE"),
            ("ﬁle ΣΊΣΥΦΟΣ", "FILE σίσυφος"),
            ("１１１１２２２２３３３３", "١١١١٢٢٢٢٣٣٣٣"),
            ("or\u{ad}ders\u{200b}-db", "ORDERS\u{2011}DB"),
            ("O’Brien", "o'brien"),
        ] {
            assert_eq!(plain(one), plain(other));
        }
    }

    #[test]
    fn every_byte_knows_where_it_comes_from() {
        let text = "a\u{301}İ  ß!";
        let folded = Folded::of(text, Spelling::Plain);
        assert_eq!(folded.text, "ai ss!");
        assert_eq!(&text[folded.original(0..1)], "a\u{301}");
        assert_eq!(&text[folded.original(1..2)], "İ");
        assert_eq!(&text[folded.original(2..3)], "  ");
        assert_eq!(&text[folded.original(3..4)], "ß", "the whole letter");
        assert_eq!(&text[folded.original(0..6)], text);
    }

    #[test]
    fn escapes_stand_for_what_they_mean() {
        for spelt in [
            "M&uuml;ller\\_x",
            "M&#252;ller&#x5F;x",
            "M%C3%BCller%5Fx",
            "M\\u00fcller_x",
            "M&amp;uuml;ller_x",
        ] {
            assert_eq!(Folded::of(spelt, Spelling::Escaped).text, "muller_x", "{spelt}");
        }
        assert_eq!(plain("C:\\new"), "c:\\new");
    }
}
