//! Policies and procedures that are told as inherited: an assessor takes that for a mistake in the mapping.
//!
//! In: what answers the requirements of a framework. Out: a diagnostic, where nobody but a provider answers one of those.

use super::requirements::{Answered, RequirementType};
use crate::catalog::frameworks::Framework;
use crate::diagnostics::{Code, Diagnostic};

/// Ids that the message names before the rest is counted.
const NAMED: usize = 5;

/// The diagnostic about policies that are told as inherited, if there are any.
#[must_use]
pub fn inherited(framework: &Framework, answered: &[Answered<'_>]) -> Option<Diagnostic> {
    let ids: Vec<&str> = answered
        .iter()
        .filter(|one| one.kind == RequirementType::Inherited && is_policy(&one.requirement.id))
        .map(|one| &*one.requirement.id)
        .collect();
    let told: Vec<String> = ids.iter().take(NAMED).map(|id| format!("`{id}`")).collect();
    let more = match ids.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let what = format!(
        "policies and procedures of `{}` are told as inherited: {}{more}",
        framework.id,
        told.join(", ")
    );
    let help = "say in the framework's file that they are `organisational`: nobody else writes an organisation's policies";
    (!ids.is_empty()).then(|| Diagnostic::new(Code::PolicyInherited, what).help(help))
}

/// Whether a requirement asks for policies and procedures, by the number that SP 800-53 gives these in each of its families.
fn is_policy(id: &str) -> bool {
    let mut parts = id.split('-');
    let is_family = |family: &str| family.len() == 2 && family.bytes().all(|letter| letter.is_ascii_uppercase());
    parts.next().is_some_and(is_family) && parts.next() == Some("1") && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::is_policy;

    #[test]
    fn policies_are_told_by_the_number_that_they_have_in_each_family() {
        for id in ["AC-1", "PE-1", "SR-1"] {
            assert!(is_policy(id), "{id}");
        }
        for id in [
            "AC-11", "AC-2", "AC-1(1)", "CC1.1", "A.5.1", "3.1.1", "OPS-01", "OPS-1", "1", "-1", "AC-1-2",
        ] {
            assert!(!is_policy(id), "{id}");
        }
    }
}
