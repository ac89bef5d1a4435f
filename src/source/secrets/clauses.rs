//! What every match of a pattern has in it.
//!
//! In: a regular expression over bytes. Out: clauses, of each of which a match has one literal. `build.rs` asks for them, so
//! that the program need not understand all its patterns anew in every run.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How many literals a clause has at most. Those with more tell little.
const LITERALS: usize = 32;

/// Literals of which every match of a pattern has one.
pub(crate) type Clause = Vec<Vec<u8>>;

/// Whether the letters of a pattern must be written as they are. Where case does not count, they would be classes of two, and
/// words of some letters too many to tell.
pub(crate) fn is_exact(pattern: &str) -> bool {
    !pattern.contains("(?i")
}

/// The clauses of a pattern, letter case aside where it does not count.
///
/// # Errors
/// What is wrong in the pattern.
pub(crate) fn of_pattern(pattern: &str) -> Result<Vec<Clause>, String> {
    let text = pattern.strip_prefix("(?i)").unwrap_or(pattern);
    let hir = ParserBuilder::new().unicode(false).utf8(false).build().parse(text);
    Ok(clauses(&hir.map_err(|error| error.to_string())?))
}

/// A pattern of a file with what every match of it has: as the program keeps it.
///
/// # Errors
/// What is wrong in the pattern.
pub(crate) fn with_clauses(pattern: &serde_json::Value) -> Result<serde_json::Value, String> {
    let text = pattern.as_str().ok_or("a pattern of secrets is no text")?;
    let in_letters = |clause: Clause| clause.into_iter().map(String::from_utf8).collect::<Result<Vec<_>, _>>();
    let clauses = of_pattern(text).map_err(|error| format!("{text}: {error}"))?;
    let clauses: Result<Vec<Vec<String>>, _> = clauses.into_iter().map(in_letters).collect();
    let clauses = clauses.map_err(|error| format!("{text}: {error}"))?;
    Ok(serde_json::json!({"text": text, "is_exact": is_exact(text), "clauses": clauses}))
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
