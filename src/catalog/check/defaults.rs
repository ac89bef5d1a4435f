//! What happens by itself and what does not.
//!
//! `opt-in` is off until somebody acts. Where the safe state is the default today, the activity is `automatic`, and `how`
//! says "leave". In: the customer's activities. Out: those that say one and mean the other.

use super::Checker;
use crate::catalog::file::{ActivityFile, DefaultState};
use crate::diagnostics::{Code, Diagnostic, Place, Route};

impl Checker<'_> {
    pub(super) fn default_state(&mut self, at: &Route, activity: &ActivityFile) {
        let how = activity.how.as_deref().unwrap_or_default();
        let (field, message, help) = match activity.default {
            DefaultState::Automatic if !says_leave(how) => (
                "how",
                format!("`{}` happens by itself, and `how` does not say what to leave", activity.id),
                "write what to leave as it is; what is off until somebody acts is `opt-in`",
            ),
            DefaultState::OptIn if leaves_the_default(&activity.does, how) => (
                "default",
                format!("`{}` leaves a default as it is, and is `opt-in`", activity.id),
                "what is safe by default is `automatic`; `opt-in` is off until somebody acts",
            ),
            _ => return,
        };
        let at = Place::value(self.path, at.then(field));
        self.found
            .push(Diagnostic::new(Code::CatalogWording, message).at(at).help(help.to_owned()));
    }
}

/// Whether a sentence says to leave something as it is.
fn says_leave(how: &str) -> bool {
    words(how).any(|word| word == "leave" || word == "leaves")
}

/// Whether all that is to be done is to leave a default: the sentence begins so, or what is to be done does, be it that one
/// keeps what is called the default.
fn leaves_the_default(does: &str, how: &str) -> bool {
    let first = how.split([';', ':']).next().unwrap_or_default();
    let mut first = words(first);
    words(does).next().is_some_and(|word| word == "leaves")
        || match first.next().as_deref() {
            Some("leave") => true,
            Some("keep") => first.any(|word| word == "default"),
            _ => false,
        }
}

fn words(sentence: &str) -> impl Iterator<Item = String> {
    sentence
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}
