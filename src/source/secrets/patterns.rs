//! Patterns of secrets, each compiled when a text has what it cannot do without.
//!
//! In: regular expressions over bytes. Out: whether a text is taken by one of them. Nearly no text has anything of a token, and
//! a run that judges few texts would spend a sixth of its time on compiling all patterns and on following them letter by
//! letter. So texts are looked through for the literals of which every match has some, and the few patterns that are left are
//! tried. Whoever judges many texts, as an import does, is faster with all patterns in one automaton.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// After so many texts one automaton of all patterns is worth its making, which takes as long as some thousand texts do.
const MANY: usize = 4096;

/// How many literals a clause has at most. Those with more tell little.
const LITERALS: usize = 32;

/// Literals of which every match of a pattern has one.
type Clause = Vec<Vec<u8>>;

/// Patterns of which any may take a text.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    texts: Vec<String>,
    each: Vec<Pattern>,
    /// Finds the literals, letter case aside.
    finder: Option<AhoCorasick>,
    /// For each literal that is found, what it fulfils.
    fulfils: Vec<Vec<Fulfilled>>,
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

/// A clause that a literal fulfils.
#[derive(Debug)]
struct Fulfilled {
    pattern: usize,
    bit: u32,
    /// The literal, where its letters must be written so.
    exact: Option<Vec<u8>>,
}

impl Patterns {
    /// # Errors
    /// What is wrong in a pattern.
    pub(super) fn new(texts: Vec<String>) -> Result<Self, String> {
        let mut literals: BTreeMap<Vec<u8>, Vec<Fulfilled>> = BTreeMap::new();
        let mut each = Vec::new();
        for (pattern, text) in texts.iter().enumerate() {
            // Where case does not count, letters would be classes of two, and words of some letters too many to tell.
            let is_exact = !text.contains("(?i");
            let text = text.strip_prefix("(?i)").unwrap_or(text);
            let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(text);
            let found = clauses(&hir.map_err(|error| error.to_string())?);
            let mut bits = 0;
            for (bit, clause) in (0..u32::BITS).map(|at| 1 << at).zip(found) {
                bits |= bit;
                for literal in clause {
                    literals.entry(literal.to_ascii_lowercase()).or_default().push(Fulfilled {
                        pattern,
                        bit,
                        exact: is_exact.then_some(literal),
                    });
                }
            }
            each.push(Pattern {
                clauses: bits,
                compiled: OnceLock::new(),
            });
        }
        let finder = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .ascii_case_insensitive(true)
            .build(literals.keys())
            .map_err(|error| error.to_string())?;
        Ok(Self {
            texts,
            each,
            finder: Some(finder),
            fulfils: literals.into_values().collect(),
            ..Self::default()
        })
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
        for found in self.finder.iter().flat_map(|finder| finder.find_overlapping_iter(text)) {
            for one in &self.fulfils[found.pattern()] {
                if one.exact.as_ref().is_none_or(|exact| *exact == text[found.range()]) {
                    open[one.pattern] &= !one.bit;
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

/// What every match of an expression has in it: of each clause one literal.
fn clauses(hir: &Hir) -> Vec<Clause> {
    let mut found = Vec::new();
    match hir.kind() {
        HirKind::Concat(parts) => {
            let mut run = vec![Vec::new()];
            for part in parts {
                match exact(part).and_then(|next| product(&run, &next)) {
                    Some(longer) => run = longer,
                    None => {
                        found.push(std::mem::replace(&mut run, vec![Vec::new()]));
                        // What did not fit behind the run may be one of its own.
                        match exact(part) {
                            Some(own) => run = own,
                            None => found.extend(clauses(part)),
                        }
                    }
                }
            }
            found.push(run);
        }
        HirKind::Capture(group) => found = clauses(&group.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 && exact(hir).is_none() => found = clauses(&repeated.sub),
        HirKind::Alternation(parts) if exact(hir).is_none() => {
            // One of each alternative's best clauses.
            let best = parts.iter().map(|part| {
                let of_part = clauses(part).into_iter();
                of_part.max_by_key(|clause| clause.iter().map(Vec::len).min())
            });
            found.extend(best.collect::<Option<Vec<Clause>>>().map(|best| best.concat()));
        }
        _ => found.extend(exact(hir)),
    }
    found.retain(|clause| clause.len() <= LITERALS && clause.iter().all(|literal| !literal.is_empty()));
    found
}

/// All that an expression takes, where that is little; what only looks around takes nothing.
fn exact(hir: &Hir) -> Option<Clause> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(vec![Vec::new()]),
        HirKind::Literal(literal) => Some(vec![literal.0.to_vec()]),
        HirKind::Class(Class::Bytes(class)) => {
            let mut bytes: Vec<u8> = Vec::new();
            for range in class.ranges() {
                if usize::from(range.end() - range.start()) >= LITERALS {
                    return None;
                }
                bytes.extend(range.start()..=range.end());
            }
            (bytes.len() <= 4).then(|| bytes.into_iter().map(|byte| vec![byte]).collect())
        }
        HirKind::Class(Class::Unicode(_)) => None,
        HirKind::Capture(group) => exact(&group.sub),
        HirKind::Repetition(repeated) => {
            let max = repeated.max.filter(|max| *max <= 4)?;
            let one = exact(&repeated.sub)?;
            let mut all = Vec::new();
            let mut times = vec![Vec::new()];
            for count in 0..=max {
                if count >= repeated.min {
                    all.extend(times.iter().cloned());
                }
                times = product(&times, &one)?;
            }
            (all.len() <= LITERALS).then_some(all)
        }
        HirKind::Concat(parts) => parts.iter().try_fold(vec![Vec::new()], |run, part| product(&run, &exact(part)?)),
        HirKind::Alternation(parts) => {
            let all = parts.iter().map(exact).collect::<Option<Vec<Clause>>>()?.concat();
            (all.len() <= LITERALS).then_some(all)
        }
    }
}

/// Each literal of one clause with each of another behind it, where these are not too many.
fn product(run: &Clause, next: &Clause) -> Option<Clause> {
    let joined = run.iter().flat_map(|begin| next.iter().map(move |end| [&begin[..], end].concat()));
    (run.len() * next.len() <= LITERALS).then(|| joined.collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::knowledge::knowledge;
    use super::*;
    use proptest::prelude::*;

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
