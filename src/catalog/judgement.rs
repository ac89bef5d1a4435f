//! What a resource's attributes say of a duty.
//!
//! In: the predicates of an activity and attributes. Out: a verdict. When in doubt, none.

use super::attributes::open::is_unread;
use super::predicate::{Attributes, Predicate, Truth};
use jiff::civil::Date;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Serialize;

/// What a resource's attributes say of a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// They show it done.
    Met,
    /// They show it undone.
    NotMet,
    /// They do not tell.
    Unknown,
    /// It does not exist there.
    NotApplicable,
}

/// The predicates of one activity.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tests<'a> {
    pub(super) when: Option<&'a Predicate>,
    pub(super) unless: Option<&'a Predicate>,
    pub(super) met_when: Option<&'a Predicate>,
    pub(super) attested_when: Option<&'a Predicate>,
    pub(super) disproved_when: Option<&'a Predicate>,
}

impl<'a> Tests<'a> {
    /// Whether the activity exists on such a resource. What excuses it takes it away only where it is shown.
    pub(super) fn applies(self, attributes: &Attributes, day: Option<Date>) -> Truth {
        if self.unless.is_some_and(|unless| unless.attested_by(attributes, day) == Truth::Yes) {
            return Truth::No;
        }
        self.when.map_or(Truth::Yes, |when| when.holds_on(attributes, day))
    }

    /// Attestation is universal, a finding existential. Where it is not settled that the activity exists, nothing is said.
    pub(super) fn judge(self, attributes: &Attributes, day: Option<Date>) -> Verdict {
        match self.applies(attributes, day) {
            Truth::No => return Verdict::NotApplicable,
            Truth::Unknown => return Verdict::Unknown,
            Truth::Yes => {}
        }
        let disproved = self.disproved_when.map(|predicate| predicate.holds_on(attributes, day));
        let attested = self.met_when.map(|predicate| predicate.attested_by(attributes, day));
        // What only attests leaves open what it does not show.
        let shown = self
            .attested_when
            .map(|predicate| predicate.attested_by(attributes, day) == Truth::Yes);
        // An excuse that is told and cannot be read may hold: what then shows it done may come to nothing.
        let is_open = |unless: &Predicate| unless.attested_by(attributes, day) == Truth::Unknown && unless.untold(attributes).is_empty();
        let is_shown = attested.map_or(shown == Some(true), |attested| attested == Truth::Yes);
        if is_shown && self.unless.is_some_and(is_open) {
            return Verdict::Unknown;
        }
        // One that is set to what cannot be read may hold as well: then nothing is shown undone, either.
        let is_unread =
            |unless: &Predicate| unless.attested_by(attributes, day) == Truth::Unknown && is_unread(attributes, &unless.attributes());
        if self.unless.is_some_and(is_unread) {
            return Verdict::Unknown;
        }
        match (disproved, attested) {
            (Some(Truth::Yes), _) | (_, Some(Truth::No)) => Verdict::NotMet,
            (None | Some(Truth::No), Some(Truth::Yes)) if shown != Some(false) => Verdict::Met,
            (None | Some(Truth::No), None) if shown == Some(true) => Verdict::Met,
            _ => Verdict::Unknown,
        }
    }

    /// Whether the activity exists there, and the attributes plainly say something else than what attests it.
    pub(super) fn asks(self, attributes: &Attributes, day: Option<Date>) -> bool {
        self.applies(attributes, day) == Truth::Yes
            && self
                .attested_when
                .is_some_and(|predicate| predicate.attested_by(attributes, day) == Truth::No)
    }

    pub(super) fn all(self) -> impl Iterator<Item = &'a Predicate> {
        [self.when, self.unless, self.met_when, self.attested_when, self.disproved_when]
            .into_iter()
            .flatten()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn predicate(text: &str) -> Predicate {
        serde_yaml::from_str(text).unwrap()
    }

    #[test]
    fn an_unsaid_excuse_excuses_nothing_and_a_shown_one_takes_the_duty_away() {
        let (met_when, unless) = (predicate("{tokens: required}"), predicate("{endpoint: disabled}"));
        let tests = Tests {
            met_when: Some(&met_when),
            unless: Some(&unless),
            ..Tests::default()
        };
        for (given, verdict) in [
            ("{tokens: required}", Verdict::Met),
            ("{tokens: optional}", Verdict::NotMet),
            ("{tokens: optional, endpoint: enabled}", Verdict::NotMet),
            ("{tokens: optional, endpoint: disabled}", Verdict::NotApplicable),
            ("{tokens: optional, (open): [endpoint]}", Verdict::Unknown),
            ("{tokens: required, (open): [endpoint]}", Verdict::Unknown),
            ("{tokens: optional, (open): [other]}", Verdict::NotMet),
            ("{}", Verdict::Unknown),
        ] {
            assert_eq!(tests.judge(&serde_yaml::from_str(given).unwrap(), None), verdict, "{given}");
        }
    }

    #[test]
    fn an_excuse_that_is_told_and_cannot_be_read_lets_nothing_be_met() {
        let (met_when, unless) = (predicate("{encrypted: true}"), predicate("{encrypted: true, restored: true}"));
        let tests = Tests {
            met_when: Some(&met_when),
            unless: Some(&unless),
            ..Tests::default()
        };
        for (given, verdict) in [
            ("{encrypted: true}", Verdict::Met),
            ("{encrypted: true, restored: false}", Verdict::Met),
            ("{encrypted: true, restored: perhaps}", Verdict::Unknown),
            ("{encrypted: false, restored: perhaps}", Verdict::NotMet),
            ("{encrypted: true, restored: true}", Verdict::NotApplicable),
        ] {
            assert_eq!(tests.judge(&serde_yaml::from_str(given).unwrap(), None), verdict, "{given}");
        }
    }

    #[test]
    fn what_can_only_be_disproved_is_never_met() {
        let disproved_when = predicate("{rule.cidr: 0.0.0.0/0}");
        let tests = Tests {
            disproved_when: Some(&disproved_when),
            ..Tests::default()
        };
        for (given, verdict) in [
            ("{rule: [{cidr: 10.0.0.0/8}, {cidr: 0.0.0.0/0}]}", Verdict::NotMet),
            ("{rule: [{cidr: 10.0.0.0/8}]}", Verdict::Unknown),
            ("{}", Verdict::Unknown),
        ] {
            assert_eq!(tests.judge(&serde_yaml::from_str(given).unwrap(), None), verdict, "{given}");
        }
    }

    #[test]
    fn what_may_be_meant_is_asked_and_neither_met_nor_not_met() {
        let (when, attested_when) = (predicate("{kind: balancer}"), predicate("{internal: true}"));
        let tests = Tests {
            when: Some(&when),
            attested_when: Some(&attested_when),
            ..Tests::default()
        };
        for (given, verdict, asks) in [
            ("{kind: balancer, internal: true}", Verdict::Met, false),
            ("{kind: balancer, internal: false}", Verdict::Unknown, true),
            ("{kind: balancer}", Verdict::Unknown, false),
            ("{internal: false}", Verdict::Unknown, false),
            ("{kind: target, internal: false}", Verdict::NotApplicable, false),
        ] {
            let given: Attributes = serde_yaml::from_str(given).unwrap();
            assert_eq!((tests.judge(&given, None), tests.asks(&given, None)), (verdict, asks), "{given:?}");
        }
    }

    #[test]
    fn where_it_is_open_whether_it_exists_nothing_is_said() {
        let (when, met_when) = (predicate("{protocol: HTTPS}"), predicate("{policy: strict}"));
        let tests = Tests {
            when: Some(&when),
            met_when: Some(&met_when),
            ..Tests::default()
        };
        for (given, verdict) in [
            ("{policy: strict}", Verdict::Unknown),
            ("{policy: loose}", Verdict::Unknown),
            ("{protocol: HTTP, policy: loose}", Verdict::NotApplicable),
            ("{protocol: HTTPS, policy: loose}", Verdict::NotMet),
        ] {
            assert_eq!(tests.judge(&serde_yaml::from_str(given).unwrap(), None), verdict, "{given}");
        }
    }
}
