//! What looks as if it identified something, whether or not the inventory knows it.
//!
//! In: a folded text. Out: where ARNs, addresses, paths and account numbers stand in it, and the word in brackets that
//! each becomes.

use crate::catalog::{Arn, account_digits, is_worded_account};
use std::ops::Range;

/// A range of the folded text, and what stands in its place.
pub(super) type Telling = (Range<usize>, &'static str);

const ACCOUNT: &str = "[account]";
const MAIL: &str = "[e-mail]";

/// Everything in a folded text that tells something.
pub(super) fn telling(text: &str) -> Vec<Telling> {
    let mut found = words(text);
    found.extend(numbers(text));
    found
}

fn is_end(letter: char) -> bool {
    matches!(letter, ' ' | '"' | '\'' | '`' | '<' | '>')
}

/// Words that are an ARN, an account that is called by more than digits, an address or a path.
fn words(text: &str) -> Vec<Telling> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(is_end) {
        let start = at;
        at += word.len();
        let whole = word.trim_end_matches(is_end);
        let core = whole.trim_start_matches(['(', '[', '{', '*', ',', ';']);
        let start = start + whole.len() - core.len();
        let core = core.trim_end_matches(['.', ',', ';', ':', ')', '!', '?', ']', '}', '*']);
        let range = start..start + core.len();
        let what = if Arn::begins_in(core) {
            "[ARN]"
        } else if is_worded_account(core) {
            ACCOUNT
        } else if is_mail(core) {
            MAIL
        } else if core.contains("://") || core.starts_with("www.") || is_ip(core) {
            "[address]"
        } else if is_path(core) {
            "[path]"
        } else if is_broken_mail(core, &text[at..]) {
            // The line was broken behind the sign.
            let host = text[at..].split(is_end).next().unwrap_or_default();
            found.push((start..at + host.len(), MAIL));
            continue;
        } else {
            continue;
        };
        found.push((range, what));
    }
    found
}

fn is_mail(word: &str) -> bool {
    word.split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.starts_with(char::is_alphanumeric))
}

fn is_broken_mail(word: &str, rest: &str) -> bool {
    let user = word.strip_suffix('@').is_some_and(|user| user.ends_with(char::is_alphanumeric));
    let host = rest.split(is_end).next().unwrap_or_default();
    user && host
        .split_once('.')
        .is_some_and(|(name, ending)| !name.is_empty() && !ending.is_empty())
}

fn is_ip(word: &str) -> bool {
    let address = word.split(['/', ':']).next().unwrap_or_default();
    let sixth = word.trim_start_matches('[').split(['/', ']', '%']).next().unwrap_or_default();
    address.parse::<std::net::Ipv4Addr>().is_ok() || sixth.len() > 3 && sixth.parse::<std::net::Ipv6Addr>().is_ok()
}

fn is_path(word: &str) -> bool {
    let begins = ["/", "./", "../", "~/", "\\\\"]
        .iter()
        .any(|start| word.len() > start.len() + 1 && word.starts_with(start));
    let drive = word.as_bytes().get(1..3).is_some_and(|part| part == b":\\" || part == b":/");
    let file = [".yaml", ".yml", ".json", ".tfstate", ".tf", ".csv"];
    begins || drive || file.iter().any(|ending| word.ends_with(ending) && word.len() > ending.len())
}

/// Account numbers: as many digits as they have, in one piece, in pieces between hyphens, or in equal pieces between other marks.
fn numbers(text: &str) -> Vec<Telling> {
    let Some(whole) = account_digits() else { return Vec::new() };
    let groups = groups(text);
    let mut found = Vec::new();
    let mut first = 0;
    while let Some(one) = groups.get(first) {
        let mark = groups.get(first + 1).and_then(|next| mark_between(text, one, next));
        let follows = |pair: &[Range<usize>]| mark.is_some() && mark_between(text, &pair[0], &pair[1]) == mark;
        let equal = |pair: &[Range<usize>]| mark == Some('-') || pair[0].len() == pair[1].len();
        let more = groups[first..].windows(2).take_while(|pair| follows(pair) && equal(pair)).count();
        let run = &groups[first..=first + more];
        let digits: usize = run.iter().map(Range::len).sum();
        let is_grouped = mark == Some('-') || matches!(one.len(), 3 | 4 | 6);
        if let Some(last) = run.last().filter(|_| digits == whole && (more == 0 || is_grouped)) {
            found.push((one.start..last.end, ACCOUNT));
            first += more;
        }
        first += 1;
    }
    found
}

/// Runs of digits.
fn groups(text: &str) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match groups.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}

/// The one mark between two runs of digits.
fn mark_between(text: &str, one: &Range<usize>, next: &Range<usize>) -> Option<char> {
    let mut between = text.get(one.end..next.start)?.chars();
    let mark = between
        .next()
        .filter(|mark| matches!(mark, '-' | ' ' | '.' | '_' | '/' | '\u{b7}'))?;
    between.next().is_none().then_some(mark)
}
