//! The lines that a diagnostic shows: few, short, and without secrets.
//!
//! In: the text of a file that may be quoted, and positions in it. Out: a file of some lines for codespan, in which a long
//! line is cut to a window around the place.

use super::characters::{letter_for_letter, one_line};
use super::place::Position;
use super::secret;
use crate::limits;
use codespan_reporting::files::{Error, Files};
use std::ops::Range;

/// How many letters stand before the place in a window.
const BEFORE: usize = 60;

/// How far before a window a key is looked for that names a secret.
const BACK: usize = 4 * 1024;

/// How many lines lie between two places that are shown in one excerpt.
const APART: usize = 50;

/// Of how many lines the start of one is held: of millions of lines few are shown.
const STRIDE: usize = 64;

/// A text that may be quoted, with what is needed to find its lines.
pub(super) struct Quotable<'a> {
    text: &'a str,
    /// Where the first line of each stride begins.
    starts: Vec<usize>,
    is_ascii: bool,
}

impl<'a> Quotable<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(ends).step_by(STRIDE).collect(),
            is_ascii: text.is_ascii(),
        }
    }

    /// Where a line begins, by its number from 0; none behind the last.
    fn start(&self, number: usize) -> Option<usize> {
        let mut start = *self.starts.get(number / STRIDE)?;
        for _ in 0..number % STRIDE {
            start += memchr::memchr(b'\n', self.text.as_bytes().get(start..)?)? + 1;
        }
        Some(start)
    }

    /// A line by its number from 0, without its end.
    fn line(&self, number: usize) -> &'a str {
        let rest = self.start(number).and_then(|start| self.text.get(start..)).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default().trim_end_matches('\r')
    }

    /// The lines above one, the nearest first, without their ends.
    fn above(&self, number: usize) -> impl Iterator<Item = &'a str> {
        let end = self.start(number).and_then(|start| start.checked_sub(1));
        let above = end.and_then(|end| self.text.get(..end)).map(|above| above.rsplit('\n'));
        above.into_iter().flatten().map(|line| line.trim_end_matches('\r'))
    }

    /// The byte of a line's letter.
    fn byte_of(&self, line: &str, letter: usize) -> usize {
        if self.is_ascii {
            return letter.min(line.len());
        }
        line.char_indices().nth(letter).map_or(line.len(), |(at, _)| at)
    }
}

/// A line as it is shown.
struct Line {
    /// Where it begins in the excerpt's text.
    start: usize,
    /// How many letters are cut off before it, without those that stand for them.
    cut: usize,
}

/// Some lines of a file.
pub(super) struct Excerpt {
    name: String,
    text: String,
    /// The number of the first line, from 0.
    first: usize,
    lines: Vec<Line>,
}

/// A window of a line.
struct Window {
    text: String,
    cut: usize,
    /// The byte of the place in the text.
    at: usize,
}

impl Excerpt {
    /// The lines of these positions, and the spans of what stands there. Of positions that lie far from the first there is none.
    pub(super) fn new(name: &str, of: &Quotable<'_>, places: &[Position]) -> (Self, Vec<Option<Range<usize>>>) {
        let near = |place: &&Position| places.first().is_some_and(|first| place.line.abs_diff(first.line) <= APART);
        let numbers = || places.iter().filter(near).map(|place| place.line - 1);
        let (first, last) = (numbers().min().unwrap_or(0), numbers().max().unwrap_or(0));
        let mut excerpt = Self {
            name: one_line(name),
            text: String::new(),
            first,
            lines: Vec::new(),
        };
        let mut spans = vec![None; places.len()];
        for number in first..=last {
            let here: Vec<(usize, &Position)> = places.iter().enumerate().filter(|(_, place)| place.line == number + 1).collect();
            let letter = here.first().map_or(0, |(_, place)| place.column - 1);
            let start = excerpt.text.len();
            let window = window(of, number, letter);
            for (index, place) in here {
                // A second place of a long line may lie outside of the window.
                let at = if place.column - 1 == letter {
                    Some(window.at)
                } else {
                    let ahead = (place.column - 1).checked_sub(window.cut);
                    ahead.and_then(|ahead| Some(window.text.char_indices().nth(ahead)?.0))
                };
                let span = at.map(|at| start + at..start + at + token(window.text.get(at..).unwrap_or_default()));
                if let Some(slot) = spans.get_mut(index) {
                    *slot = span;
                }
            }
            excerpt.lines.push(Line { start, cut: window.cut });
            excerpt.text.push_str(&window.text);
            excerpt.text.push('\n');
        }
        (excerpt, spans)
    }
}

/// A line, cut to some letters around one of its letters.
fn window(of: &Quotable<'_>, number: usize, letter: usize) -> Window {
    let line = of.line(number);
    let from = letter.saturating_sub(BEFORE);
    let is_long = line.len() > limits::LINE_LETTERS && line.chars().nth(limits::LINE_LETTERS).is_some();
    let (start, end) = if is_long {
        let start = of.byte_of(line, from);
        let rest = line.get(start..).unwrap_or_default();
        let length = rest.char_indices().nth(limits::LINE_LETTERS).map_or(rest.len(), |(at, _)| at);
        (start, start + length)
    } else {
        (0, line.len())
    };
    // What names the value at the beginning of the window may stand before it.
    let mut back = start.saturating_sub(BACK);
    while !line.is_char_boundary(back) {
        back -= 1;
    }
    let shown = line.get(back..end).unwrap_or_default();
    let mut above = of.above(number);
    let shown = if secret::goes_on(line, &mut above) {
        shown.chars().map(|one| if one == ' ' { one } else { '*' }).collect()
    } else {
        secret::masked(shown)
    };
    let hidden = line.get(back..start).map_or(0, |text| text.chars().count());
    let kept: String = shown.chars().skip(hidden).collect();
    let (before, behind) = (if start > 0 { "…" } else { "" }, if end < line.len() { "…" } else { "" });
    let text = format!("{before}{}{behind}", letter_for_letter(&kept));
    let ahead = letter - if is_long { from.min(letter) } else { 0 };
    let cut = if start > 0 { from - 1 } else { 0 };
    let ahead = ahead + usize::from(start > 0);
    let at = text.char_indices().nth(ahead).map_or(text.len(), |(at, _)| at);
    Window { text, cut, at }
}

/// How many bytes the token has that a text begins with.
fn token(tail: &str) -> usize {
    let quoted = tail
        .starts_with(['"', '\''])
        .then(|| tail.get(1..)?.find(tail.chars().next()?).map(|end| end + 2))
        .flatten();
    let ends = [tail.find(": "), tail.find([',', '}', ']', '#'])];
    let plain = ends.into_iter().flatten().min().unwrap_or(tail.len());
    tail.get(..quoted.unwrap_or(plain))
        .map_or(0, |token| token.trim_end().trim_end_matches(':').len())
}

/// The excerpts of one diagnostic.
#[derive(Default)]
pub(super) struct Excerpts(pub(super) Vec<Excerpt>);

impl Excerpts {
    fn get(&self, id: usize) -> Result<&Excerpt, Error> {
        self.0.get(id).ok_or(Error::FileMissing)
    }
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.get(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.get(id)?.text)
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        let lines = &self.get(id)?.lines;
        Ok(lines.partition_point(|line| line.start <= byte).saturating_sub(1))
    }

    fn line_number(&'a self, id: usize, index: usize) -> Result<usize, Error> {
        Ok(self.get(id)?.first + index + 1)
    }

    fn column_number(&'a self, id: usize, index: usize, byte: usize) -> Result<usize, Error> {
        let excerpt = self.get(id)?;
        let line = excerpt.lines.get(index).ok_or(Error::LineTooLarge {
            given: index,
            max: excerpt.lines.len(),
        })?;
        let before = excerpt.text.get(line.start..byte).map_or(0, |text| text.chars().count());
        Ok(before + line.cut + 1)
    }

    fn line_range(&'a self, id: usize, index: usize) -> Result<Range<usize>, Error> {
        let excerpt = self.get(id)?;
        let line = excerpt.lines.get(index).ok_or(Error::LineTooLarge {
            given: index,
            max: excerpt.lines.len(),
        })?;
        let end = excerpt.lines.get(index + 1).map_or(excerpt.text.len(), |next| next.start);
        Ok(line.start..end)
    }
}
