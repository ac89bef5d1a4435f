//! Archives that hold sources: each member is one, as the files of a folder are.
//!
//! In: an archive, and who takes its members. Out: what was taken, and what is worth telling of the others: nothing is passed
//! over silently where the archive was named, or where anything of it was taken.

use super::reading::cannot_read;
use crate::diagnostics::{Code, Diagnostic, Place, Severity};
use crate::source::{Archive, Input, Unread};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many members are named of those that are passed over alike.
const NAMED: usize = 3;

/// An archive as it was found.
pub(super) struct Of<'o> {
    /// Its path as it is told.
    pub(super) shown: &'o Arc<str>,
    /// Where an inventory names it, else the archive itself.
    pub(super) place: &'o Place,
    /// Whether it was named itself, and not its folder.
    pub(super) named: bool,
    /// What is wanted of it: `results of scanners`.
    pub(super) wanted: &'static str,
}

/// Why a member was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// It is of no kind that was asked for.
    Unknown,
    /// Another of the same name stands before it.
    Again,
    /// It cannot be looked at.
    Unread(Unread),
}

/// Has a use for a member under the path by which it is told, or not; and says what is wrong with it.
pub(super) type Take<'t> = &'t mut dyn FnMut(&Arc<str>, Input, &mut Vec<Diagnostic>) -> bool;

/// Goes through the members of an archive. `take` says whether it has a use for one, under the path by which it is told.
pub(super) fn each(archive: &mut Archive, of: &Of<'_>, faults: &mut Vec<Diagnostic>, take: Take<'_>) {
    let before = faults.len();
    let mut passed: BTreeMap<Why, Vec<String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut taken = 0_usize;
    loop {
        let member = match archive.next() {
            Ok(Some(member)) => member,
            Ok(None) => break,
            Err(error) => {
                faults.extend(cannot_read(of.shown, of.place, None, &error));
                break;
            }
        };
        let name = member.name;
        let shown: Arc<str> = format!("{}:{name}", of.shown).into();
        let why = match member.content {
            Ok(Err(unread)) => Why::Unread(unread),
            _ if !seen.insert(name.clone()) => Why::Again,
            Ok(Ok(input)) => {
                if take(&shown, input, faults) {
                    taken += 1;
                    continue;
                }
                Why::Unknown
            }
            Err(error) => {
                taken += 1;
                faults.extend(cannot_read(&shown, of.place, None, &error));
                continue;
            }
        };
        passed.entry(why).or_default().push(name);
    }
    if taken == 0 && !of.named {
        return;
    }
    if taken == 0 && faults.len() == before {
        faults.push(nothing(of, archive.words()));
    }
    passed.iter().for_each(|(why, names)| faults.push(told(of, *why, names)));
}

/// That an archive which was named holds nothing of use.
fn nothing(of: &Of<'_>, words: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ImportFailed,
        format!("`{}` is a {words} with no {} in it", of.shown, of.wanted),
    )
    .at(of.place.clone())
    .help("members are told by their content; unpack it and name a file by itself to learn why it is not read")
}

/// What became of members that were passed over.
fn told(of: &Of<'_>, why: Why, names: &[String]) -> Diagnostic {
    let quoted: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let (noun, verb) = if names.len() == 1 { ("member", "is") } else { ("members", "are") };
    let (code, severity, what) = match why {
        Why::Unknown => (Code::MembersSkipped, Severity::Note, format!("no {}", of.wanted)),
        Why::Again => (
            Code::CannotUnpack,
            Severity::Error,
            "of a name that another member has, of which programs unpack different ones".to_owned(),
        ),
        Why::Unread(unread) => {
            let (code, severity) = match unread {
                Unread::Hidden | Unread::Link | Unread::NoFile => (Code::MembersSkipped, Severity::Note),
                Unread::Nested => (Code::LimitReached, Severity::Warning),
                Unread::Sparse | Unread::Encrypted | Unread::Method => (Code::CannotUnpack, Severity::Warning),
            };
            (code, severity, unread.words().to_owned())
        }
    };
    let what = format!(
        "{} {noun} of `{}` {verb} passed over ({what}): {}{more}",
        names.len(),
        of.shown,
        quoted.join(", ")
    );
    Diagnostic {
        severity,
        ..Diagnostic::new(code, what)
            .at(of.place.clone())
            .help("unpack the archive and name what is meant by itself")
    }
}
