//! Patterns of secrets, each compiled when a text has what it cannot do without.
//!
//! In: regular expressions over bytes, each with the literals of which every match has some. Out: whether a text is taken by
//! one of them. Nearly no text has anything of a token, and a run that judges few texts would spend a sixth of its time on
//! compiling all patterns and on following them letter by letter. So texts are looked through for the literals, and the few
//! patterns that are left are tried. Whoever judges many texts, as an import does, is faster with all patterns in one
//! automaton.

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// After so many texts one automaton of all patterns is worth its making, which takes as long as some thousand texts do.
const MANY: usize = 4096;

/// A pattern as `build.rs` writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatternFile {
    /// The regular expression.
    text: String,
    /// Whether letter case counts.
    is_exact: bool,
    /// Of each of these every match has one literal.
    clauses: Vec<Vec<String>>,
}

/// Patterns of which any may take a text.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    texts: Vec<String>,
    each: Vec<Pattern>,
    /// The literals, by their first letters in small and in capitals.
    literals: Vec<Vec<Literal>>,
    asked: AtomicUsize,
    all: OnceLock<Option<RegexSet>>,
}

#[derive(Debug)]
struct Pattern {
    /// A bit for each of its clauses.
    clauses: u32,
    /// `None`: it cannot be compiled, and takes everything.
    compiled: OnceLock<Option<Regex>>,
}

/// A literal of a clause of a pattern.
#[derive(Debug, Clone)]
struct Literal {
    text: String,
    /// Whether letter case counts.
    is_exact: bool,
    pattern: usize,
    /// The clause.
    bit: u32,
}

impl Literal {
    /// Whether a text begins with it.
    fn begins(&self, text: &[u8]) -> bool {
        let own = self.text.as_bytes();
        // Their first letters are the same, and few go on alike.
        if let (Some(one), Some(other)) = (own.get(1), text.get(1))
            && !one.eq_ignore_ascii_case(other)
        {
            return false;
        }
        let begin = text.get(..own.len());
        begin.is_some_and(|begin| {
            if self.is_exact {
                begin == own
            } else {
                begin.eq_ignore_ascii_case(own)
            }
        })
    }
}

impl Patterns {
    /// Adds patterns; nobody has asked yet.
    pub(super) fn extend(&mut self, files: Vec<PatternFile>) {
        self.literals.resize(usize::from(u8::MAX) + 1, Vec::new());
        for (pattern, file) in (self.each.len()..).zip(files) {
            let mut bits = 0;
            for (bit, clause) in (0..u32::BITS).map(|at| 1 << at).zip(file.clauses) {
                bits |= bit;
                for text in clause {
                    let first = text.bytes().next().unwrap_or_default();
                    let literal = Literal {
                        text,
                        is_exact: file.is_exact,
                        pattern,
                        bit,
                    };
                    let (small, capital) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
                    if small != capital {
                        self.literals[usize::from(capital)].push(literal.clone());
                    }
                    self.literals[usize::from(small)].push(literal);
                }
            }
            self.texts.push(file.text);
            self.each.push(Pattern {
                clauses: bits,
                compiled: OnceLock::new(),
            });
        }
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.each.len()
    }

    /// Whether one of them takes a text.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        if self.asked.fetch_add(1, Ordering::Relaxed) < MANY {
            self.is_match_of_few(text)
        } else {
            let all = self
                .all
                .get_or_init(|| RegexSetBuilder::new(&self.texts).unicode(false).build().ok());
            all.as_ref().is_none_or(|all| all.is_match(text))
        }
    }

    fn is_match_of_few(&self, text: &[u8]) -> bool {
        let mut open: Vec<u32> = self.each.iter().map(|one| one.clauses).collect();
        for (at, letter) in text.iter().enumerate() {
            for literal in self.literals.get(usize::from(*letter)).into_iter().flatten() {
                if literal.begins(&text[at..]) {
                    open[literal.pattern] &= !literal.bit;
                }
            }
        }
        let mut left = (0..self.each.len()).filter(|pattern| open[*pattern] == 0);
        left.any(|pattern| {
            let compiled = self.each[pattern]
                .compiled
                .get_or_init(|| RegexBuilder::new(&self.texts[pattern]).unicode(false).build().ok());
            compiled.as_ref().is_none_or(|compiled| compiled.is_match(text))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::knowledge::knowledge;
    use super::*;
    use proptest::prelude::*;
    use regex_syntax::ParserBuilder;
    use regex_syntax::hir::{Class, Hir, HirKind};

    /// A text that an expression takes, as far as no looking around forbids it; `next` chooses.
    fn sample(hir: &Hir, next: &mut impl FnMut(usize) -> usize, out: &mut Vec<u8>) {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => out.extend(&*literal.0),
            HirKind::Class(Class::Bytes(class)) => {
                let range = class.ranges()[next(class.ranges().len())];
                out.push(range.start() + u8::try_from(next(usize::from(range.end() - range.start()) + 1)).unwrap());
            }
            HirKind::Class(Class::Unicode(_)) => unreachable!(),
            HirKind::Capture(group) => sample(&group.sub, next, out),
            HirKind::Repetition(repeated) => {
                let most = repeated.max.unwrap_or(repeated.min + 3);
                for _ in 0..repeated.min + u32::try_from(next(usize::try_from(most - repeated.min).unwrap() + 1)).unwrap() {
                    sample(&repeated.sub, next, out);
                }
            }
            HirKind::Concat(parts) => parts.iter().for_each(|part| sample(part, next, out)),
            HirKind::Alternation(parts) => sample(&parts[next(parts.len())], next, out),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// One by one they take what all of them in one automaton take.
        #[test]
        fn no_literal_is_asked_for_that_a_match_can_do_without(seeds in prop::collection::vec(any::<u16>(), 400)) {
            let known = &knowledge().patterns;
            let all = RegexSetBuilder::new(&known.texts).unicode(false).build().unwrap();
            let mut taken = 0;
            for text in &known.texts {
                let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(text).unwrap();
                let mut at = 0;
                let mut next = |count: usize| {
                    at += 1;
                    usize::from(seeds[at % seeds.len()]) % count
                };
                let mut made = b" ".to_vec();
                sample(&hir, &mut next, &mut made);
                made.push(b' ');
                for made in [&made[..], made.trim_ascii()] {
                    let is_taken = all.is_match(made);
                    taken += usize::from(is_taken);
                    prop_assert_eq!(known.is_match_of_few(made), is_taken, "{} of {:?}", text, String::from_utf8_lossy(made));
                }
            }
            prop_assert!(taken > known.texts.len(), "{taken}");
        }
    }

    #[test]
    fn nearly_every_pattern_asks_for_something() {
        let patterns = &knowledge().patterns;
        let without: Vec<&String> = patterns
            .texts
            .iter()
            .zip(&patterns.each)
            .filter(|(_, one)| one.clauses == 0)
            .map(|(text, _)| text)
            .collect();
        assert!(without.is_empty(), "{without:?}");
        let tried = |text: &str| {
            patterns.is_match_of_few(text.as_bytes());
            patterns.each.iter().filter(|one| one.compiled.get().is_some()).count()
        };
        assert!(tried("RDS instance ledger in eu-west-1 is not encrypted: arn:aws:rds:eu-west-1:111122223333:db:ledger.") < 12);
    }
}
